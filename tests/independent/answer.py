#!/usr/bin/env python3
"""What linkmint's own tests ask: `cases` prints the tokens made by hand, `verify` answers JSON lines on stdin.

A sealed token that can't be opened for want of `cryptography` is answered with an error.
"""
import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent / "samples" / "verifiers" / "python")]

import linkmint_verify  # noqa: E402
from handmade import cases  # noqa: E402
from mint import AESSIV  # noqa: E402


def open_sealed(key, siv, ciphertext, header):
    from cryptography.exceptions import InvalidTag
    try:
        return AESSIV(key).decrypt(siv + ciphertext, [header])
    except InvalidTag:
        return None


def answer(row):
    try:
        opener = open_sealed if AESSIV else None
        return linkmint_verify.verify(row["token"], row["keys"], row["now"], row["leeway"], opener)
    except (ValueError, linkmint_verify.SealedTokenError) as error:
        return {"error": str(error)}


if __name__ == "__main__":
    if sys.argv[1:] == ["cases"]:
        for case in cases():
            print(json.dumps(case))
    elif sys.argv[1:] == ["verify"]:
        for line in sys.stdin:
            print(json.dumps(answer(json.loads(line))))
    else:
        sys.exit(__doc__)
