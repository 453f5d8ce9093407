#!/usr/bin/env python3
"""Hold every verifier of samples/verifiers against the token vectors and against tokens minted here.

    pip install cryptography
    tests/independent/verifiers.py

A language that is not installed is named as skipped. The status is 1 if anything differed.
"""
import json
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
VERIFIERS = HERE.parent.parent / "samples" / "verifiers"
VECTORS = HERE.parent.parent / "crates/linkmint-token/tests/token-vectors.json"
PUBLIC_VECTORS = HERE.parent.parent / "crates/linkmint-token/tests/public-vectors.json"
sys.path[:0] = [str(HERE), str(VERIFIERS / "python")]

from cryptography.exceptions import InvalidTag  # noqa: E402
from cryptography.hazmat.primitives.ciphers.aead import AESSIV  # noqa: E402

import linkmint_verify  # noqa: E402
from handmade import BASE32_LETTERS, BASE64URL_LETTERS, cases, status_of_wrong_text  # noqa: E402
from mint import base32, base64url, jwk, public_jwk, random_tokens  # noqa: E402

MINTED, SEED, CHANGED = 2000, 20260401, 20
AUTHENTIC = ("valid", "not_yet_valid", "expired")


class Language:
    """A verifier run as a program: rows on stdin, answers on stdout."""

    def __init__(self, name, command, aes=True, wide=True):
        self.name, self.command, self.aes, self.wide = name, command, aes, wide

    def answers(self, rows):
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        done = subprocess.run(self.command, input=lines.encode(), stdout=subprocess.PIPE, check=True, cwd=VERIFIERS)
        return [json.loads(line) for line in done.stdout.splitlines()]


class PythonWithAes:
    name, aes, wide = "python, cryptography's AES-SIV", True, True

    def answers(self, rows):
        return [self.answer(row) for row in rows]

    def answer(self, row):
        try:
            return linkmint_verify.verify(row["token"], row["keys"], row["now"], row["leeway"], self.open_sealed)
        except ValueError as error:
            return {"error": str(error)}

    @staticmethod
    def open_sealed(key, siv, ciphertext, header):
        try:
            return AESSIV(key).decrypt(siv + ciphertext, [header])
        except InvalidTag:
            return None


def languages(built):
    yield Language("python", [sys.executable, "python/linkmint_verify.py"], aes=False)
    yield PythonWithAes()
    for name, program, command, wide in (
        ("javascript", "node", ["node", "javascript/linkmint_verify.mjs"], False),  # exact to 2^53 only, refuses more
        ("php", "php", ["php", "php/linkmint_verify.php"], True),
        ("java", "java", ["java", "java/LinkmintVerify.java"], True),
        ("go", "go", [f"{built}/verify"], True),
    ):
        if shutil.which(program) is None:
            print(f"{name}: skipped, {program} is not installed")
            continue
        if name == "go":
            subprocess.run(["go", "build", "-o", command[0], "./cmd/verify"], cwd=VERIFIERS / "go", check=True)
        yield Language(name, command, wide=wide)


def expected_of(row, status):
    """The whole answer: of an authentic token all that was minted into it, of any other its status alone."""
    if status not in AUTHENTIC:
        return {"status": status}
    return {"status": status, **{name: row[name] for name in ("claims", "issued_at", "expires_at", "not_before", "id")}}


def status_at(row, now, leeway):
    if row["not_before"] is not None and now + leeway < row["not_before"]:
        return "not_yet_valid"
    if row["expires_at"] is not None and now - leeway >= row["expires_at"]:
        return "expired"
    return "valid"


def keyring(*secrets):
    return {"keys": [jwk(secret) for secret in secrets]}


def vectors_valid(rows):
    for row in rows:
        data = bytes.fromhex(row["bytes"])
        assert (base64url(data), base32(data)) == (row["base64url"], row["base32"]), row["name"]
        now = max(row["issued_at"], row["not_before"] or 0)
        for text in (row["base64url"], row["base32"], row["base32"].upper()):
            asked = {"token": text, "keys": keyring(bytes.fromhex(row["secret"])), "now": now, "leeway": 0}
            yield f"vector {row['name']!r} as {text[:12]}…", asked, expected_of(row, "valid"), row["sealed"]
            if row.get("public"):
                asked = {**asked, "keys": {"keys": [public_jwk(bytes.fromhex(row["secret"]))]}}
                yield f"vector {row['name']!r} by its public key", asked, expected_of(row, "valid"), False


def vectors_refused(rows):
    for row in rows:
        asked = {"token": row["text"], "keys": keyring(bytes.fromhex(row["secret"])), "now": row["now"], "leeway": row["leeway"]}
        sealed = row["text"][:1] in ("S", "J", "j") and row["status"] == "invalid_signature"
        yield f"refused vector {row['name']!r}", asked, {"status": row["status"]}, sealed


def forgeries():
    """What others than the key's owner could let pass for a signature; JWTs are not for these verifiers."""
    for row in json.loads(PUBLIC_VECTORS.read_text(encoding="utf-8")):
        asked = {"token": row["text"], "keys": row["keys"], "now": row["now"], "leeway": 0}
        status = row["status"] if not row["text"].startswith("eyJ") or row["status"] == "error" else "malformed"
        expected = {"error": None} if status == "error" else {"status": status}
        yield f"public vector {row['name']!r}", asked, expected, False


def by_hand():
    for case in cases():
        expected = {"error": None} if case["status"] == "error" else {"status": case["status"]}
        sealed = case["opened"] and case["row"]["token"][:1] in ("S", "J", "j")
        yield f"by hand: {case['name']}", case["row"], expected, sealed, case["wide"]


def minted(rows):
    rng = random.Random(SEED)
    for number, row in enumerate(rows):
        edges = [row["issued_at"], 1_790_000_000] + [row[name] for name in ("not_before", "expires_at") if row[name] is not None]
        leeway = rng.choice([0, 0, 1, 60, 2**32])
        now = max(0, rng.choice(edges) + rng.choice([-leeway, 0, leeway]) + rng.randint(-1, 1))
        text = rng.choice([row["base64url"], row["base32"], row["base32"].upper()])
        ring = keyring(bytes(range(40)), bytes.fromhex(row["secret"]))
        if row["public"] and number % 2:
            ring["keys"][1] = public_jwk(bytes.fromhex(row["secret"]))
        asked = {"token": text, "keys": ring, "now": now, "leeway": leeway}
        yield f"minted token {number}", asked, expected_of(row, status_at(row, now, leeway)), row["sealed"]


def one_slip_away(rows):
    """Every character changed to every other, cut, doubled or put in anywhere, and every cut of the end."""
    of = {"signed": [], "sealed": [], "public": []}
    for row in rows:
        of["sealed" if row["sealed"] else "public" if row["public"] else "signed"].append(row)
    short = [[row for row in kind if len(row["bytes"]) <= 120 + 96 * row["public"]][:CHANGED // 3] for kind in of.values()]
    for number, row in enumerate(sum(short, [])):
        text, letters = (row["base64url"], BASE64URL_LETTERS) if number % 2 else (row["base32"], BASE32_LETTERS)
        slips = {text[:end] for end in range(len(text))} | {text[:i] + text[i + 1:] for i in range(len(text))}
        slips |= {text + end for end in letters + "=.+/ \n\0é"} | {letter + text for letter in letters}
        for i in range(len(text)):
            slips |= {text[:i] + letter + text[i + 1:] for letter in letters + "= é"} | {text[:i] + text[i] + text[i:]}
        for slip in sorted(slips - {text}):
            secret = bytes.fromhex(row["secret"])
            expected = status_of_wrong_text(slip, secret)
            sealed = expected == "invalid_signature" and slip[0] in "SJj"
            asked = {"token": slip, "keys": keyring(secret), "now": row["issued_at"], "leeway": 0}
            yield f"one slip from {text}: {slip!r}", asked, {"status": expected}, sealed


def differs(expected, answer, whole):
    if "error" in expected:
        return "error" not in answer
    if expected["status"] not in AUTHENTIC:
        return answer != expected
    return answer != expected if whole else answer.get("status") != expected["status"]


def main():
    vectors = json.loads(VECTORS.read_text(encoding="utf-8"))
    rows = random_tokens(MINTED, SEED)
    groups = {
        "valid vectors": list(vectors_valid(vectors["valid"])), "refused vectors": list(vectors_refused(vectors["refused"])),
        "public vectors": list(forgeries()), "by hand": list(by_hand()), "minted": list(minted(rows)), "one slip away": list(one_slip_away(rows)),
    }
    passed = failed = 0
    with tempfile.TemporaryDirectory() as built:
        for language in languages(built):
            counts = []
            for title, group in groups.items():
                bad = 0
                answers = language.answers([asked for _, asked, *_ in group])
                assert len(answers) == len(group), f"{language.name}: {len(answers)} answers to {len(group)} {title}"
                for (name, asked, expected, sealed, *wide), answer in zip(group, answers):
                    if (sealed and not language.aes) or (wide == [True] and not language.wide):
                        expected = {"error": None}
                    if differs(expected, answer, whole=title in ("valid vectors", "minted")):
                        bad += 1
                        if bad <= 5:
                            print(f"{language.name}: {name}\n  asked    {json.dumps(asked)}\n  expected {expected}\n  answered {answer}")
                counts.append(f"{title} {len(group) - bad}/{len(group)}")
                passed, failed = passed + len(group) - bad, failed + bad
            print(f"{language.name}: {', '.join(counts)}", flush=True)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
