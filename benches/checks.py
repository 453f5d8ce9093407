#!/usr/bin/env python3
"""Is OUT the list IN with a token and a link in each row? Prints one JSON object.

usage: checks.py IN OUT hmac|jwt|itsdangerous|linkmint SECRET_FILE

Every row: as many as there were, in their order, each old cell as it was, and the link made of the token. A sample:
the token's signature, its expiry, and that it names this row's customer, campaign and product. Written from the
formats' own pages with nothing but the standard library, so that no peer is checked by itself.

It is a process of its own because it needs memory: a program that is started from a large one is charged for it.
"""
import base64
import csv
import hashlib
import hmac
import json
import random
import sys
import time
import zlib
from itertools import zip_longest
from pathlib import Path

URL = "https://mystore.com/promotions/"
SAMPLE = 200
CLAIMS = ("customer_id", "campaign_id", "product_id")
LIFETIME = 24 * 3600


class Wrong(Exception):
    pass


def prf(key, message):
    return hmac.digest(key, message, "sha256")


def base64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def signed(key, message, signature):
    if not hmac.compare_digest(prf(key, message.encode()), base64url(signature)):
        raise Wrong("a signature does not match")


# One reader for each form: the claims and the second of expiry of an authentic token.

def read_hmac(token, key, _row):
    payload, signature = token.split(".")
    payload = base64url(payload)
    signed(key, payload.decode(), signature)
    *claims, expires_at = payload.decode().split("|")
    return claims, int(expires_at)


def read_jwt(token, key, _row):
    message, signature = token.rsplit(".", 1)
    signed(key, message, signature)
    header, payload = (json.loads(base64url(part)) for part in message.split("."))
    if header["alg"] != "HS256":
        raise Wrong(f"an algorithm is {header['alg']}")
    return [payload[name] for name in CLAIMS], payload["exp"]


def read_itsdangerous(token, key, _row):
    derived = hashlib.sha256(b"links" + b"signer" + key).digest()
    message, signature = token.rsplit(".", 1)
    signed(derived, message, signature)
    payload, issued_at = message.rsplit(".", 1)
    packed = payload.startswith(".")
    data = base64url(payload[packed:])
    claims = json.loads(zlib.decompress(data) if packed else data)
    return [claims[name] for name in CLAIMS], int.from_bytes(base64url(issued_at), "big") + LIFETIME


def read_linkmint(token, keyring, row):
    """No CBOR reader: what the row's claims must look like is written here and compared."""
    data = base64url(token)
    key = next((key for key in keyring if prf(key, b"linkmint v1 key id")[:2] == data[1:3]), None)
    if data[:1] != b"\x2c" or key is None:
        raise Wrong("a token is not a signed one of this keyring")
    if prf(prf(key, b"linkmint v1 sign"), data[:-16])[:16] != data[-16:]:
        raise Wrong("a signature does not match")
    body = data[3:-16]
    want = b"\xa3" + b"".join(bytes([number]) + cbor(cell) for number, cell in enumerate(row, 1))
    claims = row if body[14:] in (want, want + b"\0") else None
    return claims, int.from_bytes(body[4:8], "big")


def cbor(text):
    if text.isascii() and text.isdigit() and str(int(text)) == text and int(text) < 2**64:
        return cbor_head(0, int(text))
    return cbor_head(3, len(text.encode())) + text.encode()


def cbor_head(major, number):
    if number < 24:
        return bytes([major << 5 | number])
    size = next(size for size in range(4) if number < 1 << (8 << size))
    return bytes([major << 5 | 24 + size]) + number.to_bytes(1 << size, "big")


READERS = {"hmac": read_hmac, "jwt": read_jwt, "itsdangerous": read_itsdangerous, "linkmint": read_linkmint}


def secret_of(form, path):
    if form != "linkmint":
        return path.read_bytes()
    return [base64url(key["k"]) for key in json.loads(path.read_text())["keys"]]


def rows_of(path):
    with open(path, encoding="utf-8", newline="") as file:
        yield from csv.reader(file)


def check_token(read, token, secret, row):
    claims, expires_at = read(token, secret, row)
    if claims != row:
        raise Wrong("a token's claims are not its row's")
    if not 0 < expires_at - time.time() <= LIFETIME + 60:
        raise Wrong("a token does not expire in 24 hours")


def check(source, target, form, secret):
    before, after = rows_of(source), rows_of(target)
    names, new_names = next(before), next(after, [])
    if new_names[:len(names) + 2] != names + ["token", "url_link"]:
        raise Wrong(f"the header is {','.join(new_names)[:200]}")
    width, claim_at = len(names), [names.index(name) for name in CLAIMS]
    rows = characters = 0
    dice, sample = random.Random(1), []
    for old, new in zip_longest(before, after):
        if old is None or new is None:
            raise Wrong(f"the output has {'fewer' if new is None else 'more'} rows than the input: it differs after {rows}")
        rows += 1
        if new[:width] != old:
            raise Wrong(f"data row {rows} is not the input's: {new[:width]}")
        token, link = new[width:width + 2]
        if link != URL + token:
            raise Wrong(f"the link of data row {rows} is not made of its token")
        characters += len(token)
        # Reservoir sampling: in the end every row had the same chance, however many there are.
        place = rows - 1 if rows <= SAMPLE else int(dice.random() * rows)
        if place < SAMPLE:
            sample[place:place + 1] = [(token, [old[at] for at in claim_at])]
    for token, row in sample:
        check_token(READERS[form], token, secret, row)
    return {"rows": rows, "characters": characters / max(rows, 1), "tokens_checked": len(sample)}


def main():
    source, target, form, secret = sys.argv[1:]
    try:
        answer = check(source, target, form, secret_of(form, Path(secret)))
    except (Wrong, OSError, ValueError, KeyError, IndexError, zlib.error) as error:
        answer = {"error": str(error) if isinstance(error, Wrong) else f"{type(error).__name__}: {error}"}
    print(json.dumps(answer, ensure_ascii=False))


if __name__ == "__main__":
    main()
