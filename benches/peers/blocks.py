"""What the Python peers share: the list in blocks, a process per core, answers in the list's order.

A block ends where a record ends, so that each process parses and writes CSV itself and the parent only moves bytes.
"""
import csv
import io
import multiprocessing
import os
import sys
import time
from collections import deque
from pathlib import Path

URL = "https://mystore.com/promotions/"
LIFETIME = 24 * 3600
BLOCK = 1 << 20


def key():
    """The secret, from the file that LINK_KEY_FILE names: the same one for every peer."""
    return Path(os.environ["LINK_KEY_FILE"]).read_bytes()


def expiry():
    return int(time.time()) + LIFETIME


def blocks(file):
    rest = b""
    while chunk := file.read(BLOCK):
        chunk = rest + chunk
        cut = chunk.rfind(b"\n")
        # After an odd number of quotes this line break is inside a cell: take the one before it.
        while cut >= 0 and chunk.count(b'"', 0, cut) % 2:
            cut = chunk.rfind(b"\n", 0, cut)
        if cut >= 0:
            yield chunk[:cut + 1]
        rest = chunk[cut + 1:]
    if rest:
        yield rest


def on_all_cores(work, file, start, arguments):
    """work(block) for each block of the file, in order, and never more than two waiting for each process."""
    cores = len(os.sched_getaffinity(0))
    with multiprocessing.Pool(cores, start, arguments) as pool:
        waiting = deque()
        for block in blocks(file):
            waiting.append(pool.apply_async(work, (block,)))
            if len(waiting) > 2 * cores:
                yield waiting.popleft().get()
        while waiting:
            yield waiting.popleft().get()
        pool.close()
        pool.join()  # reaped, so that their CPU time is counted


def header_names(line):
    return next(csv.reader([line.decode()]))


def lines_of(block):
    return io.StringIO(block.decode(), newline="\n").readlines()  # str.splitlines would split at U+2028 too


def mint(signer):
    """signer(key, expires_at) gives a process its function from the three claims to a token."""
    source, target = sys.argv[1:]
    with open(source, "rb") as file, open(target, "wb") as out:
        header = file.readline()
        names = header_names(header)
        claims = [names.index(name) for name in ("customer_id", "campaign_id", "product_id")]
        out.write(header.rstrip(b"\n") + b",token,url_link\n")
        for block in on_all_cores(minted, file, start_minting, (signer, key(), expiry(), claims)):
            out.write(block)


def start_minting(signer, secret, expires_at, claims):
    global sign, wanted
    sign, wanted = signer(secret, expires_at), claims


def minted(block):
    return "".join(linked(lines_of(block))).encode()


def linked(lines):
    """Appends to each record's own text, for a token needs no quotes: csv.writer would take most of the time."""
    customer, campaign, product = wanted
    reader = csv.reader(lines)
    start = 0
    for row in reader:
        end = reader.line_num  # a record may have several lines
        record = "".join(lines[start:end]).rstrip("\n")
        start = end
        token = sign(row[customer], row[campaign], row[product])
        yield f"{record},{token},{URL}{token}\n"


def count_valid(checker):
    """checker(key) gives a process its function from a token to true or false."""
    source = sys.argv[1]
    column = sys.argv[2] if len(sys.argv) > 2 else "token"
    with open(source, "rb") as file:
        at = header_names(file.readline()).index(column)
        counts = list(on_all_cores(checked, file, start_checking, (checker, key(), at)))
    tokens, valid = sum(n for n, _ in counts), sum(n for _, n in counts)
    print(f"{tokens} tokens, {valid} valid")
    sys.exit(valid != tokens)


def start_checking(checker, secret, at):
    global check, token_at
    check, token_at = checker(secret), at


def checked(block):
    answers = [check(row[token_at]) for row in csv.reader(lines_of(block))]
    return len(answers), sum(answers)
