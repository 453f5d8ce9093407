#!/usr/bin/env python3
"""Mint random linkmint tokens to test checkers against: mint.py COUNT SEED prints one JSON object a line.

It shares no code with linkmint or any verifier. Without `pip install cryptography` (AES-SIV, Ed25519) all tokens
are signed ones. The random numbers are repeatable and so worth nothing outside of tests.
"""
import base64
import hashlib
import hmac
import json
import random
import string
import struct
import sys
import uuid

try:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV
except ImportError:
    AESSIV = None

KINDS = ("signed", "sealed", "public") if AESSIV else ("signed",)
KIND_BYTES = {"signed": b"\x2c", "sealed": b"\x48", "public": b"\x3c"}
NAMES = {"customer_id": 1, "campaign_id": 2, "product_id": 3}


def derive(secret, purpose):
    return hmac.new(secret, b"linkmint v1 " + purpose.encode(), hashlib.sha256).digest()


def key_id(secret):
    return derive(secret, "key id")[:2]


def jwk(secret):
    k = base64.urlsafe_b64encode(secret).rstrip(b"=").decode()
    return {"kty": "oct", "kid": key_id(secret).hex(), "k": k}


def public_key(secret):
    return Ed25519PrivateKey.from_private_bytes(derive(secret, "public")).public_key().public_bytes_raw()


def public_jwk(secret, x=None):
    x = public_key(secret) if x is None else x
    return {"kty": "OKP", "crv": "Ed25519", "kid": key_id(secret).hex(), "alg": "EdDSA", "use": "sig", "x": base64url(x)}


def head(major, number):
    for info, code, limit in ((24, "B", 1 << 8), (25, ">H", 1 << 16), (26, ">I", 1 << 32), (27, ">Q", 1 << 64)):
        if number < 24:
            return bytes([major << 5 | number])
        if number < limit:
            return bytes([major << 5 | info]) + struct.pack(code, number)
    raise OverflowError(number)


def cbor_text(text):
    encoded = text.encode()
    return head(3, len(encoded)) + encoded


def cbor_value(text):
    ascii_digits = text != "" and all(c in string.digits for c in text)
    if ascii_digits and str(int(text)) == text and int(text) < 2**64:
        return head(0, int(text))
    if len(text) == 36 and set(text) <= set("0123456789abcdef-") and [i for i in range(36) if text[i] == "-"] == [8, 13, 18, 23]:
        return head(6, 37) + head(2, 16) + uuid.UUID(text).bytes
    if len(text) >= 8 and len(text) % 2 == 0 and set(text) <= set("0123456789abcdef"):
        return head(2, len(text) // 2) + bytes.fromhex(text)
    return cbor_text(text)


def cbor_map(claims, not_before=None):
    pairs = [(head(0, 0), head(0, not_before))] if not_before is not None else []
    for name, text in claims.items():
        pairs.append((head(0, NAMES[name]) if name in NAMES else cbor_text(name), cbor_value(text)))
    return head(5, len(pairs)) + b"".join(key + value for key, value in sorted(pairs))


def finish(secret, body, kind="signed", pad=None):
    """A whole token round any body, right or wrong; pad None: as it should be."""
    start = KIND_BYTES[kind] + key_id(secret)
    if pad is None:
        pad = b"\0" * ((3 + len(body) + 16) % 3 == 0)  # a signature's 64 leave the same rest
    if kind == "public":
        message = start + body + pad
        return message + Ed25519PrivateKey.from_private_bytes(derive(secret, "public")).sign(message)
    if kind == "sealed":
        return start + AESSIV(derive(secret, "seal")).encrypt(body + pad, [start])
    return start + body + pad + derive_tag(secret, start + body + pad)


def derive_tag(secret, message):
    return hmac.new(derive(secret, "sign"), message, hashlib.sha256).digest()[:16]


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def base32(data):
    return base64.b32encode(data).rstrip(b"=").decode().lower()


def times_and_id(issued_at, expires_at, token_id):
    return struct.pack(">II", issued_at, expires_at or 0) + token_id


def random_value(rng):
    kind = rng.randrange(12)
    if kind == 0:  # whole numbers round every length of head, and past the last
        edge = rng.choice([0, 10, 23, 24, 2**8, 2**16, 2**31, 2**32, 2**53, 2**63, 2**64, 10**19, 10**20])
        return str(max(0, edge + rng.randint(-2, 2)))
    if kind == 1:
        return str(rng.getrandbits(rng.randint(1, 70)))
    if kind == 2:
        return "0" * rng.randint(1, 5) + str(rng.getrandbits(rng.randint(1, 70)))
    if kind == 3:
        return rng.randbytes(rng.randint(1, 40)).hex()
    if kind == 4:  # hex with an odd length, an upper-case letter, or only just long enough
        text = rng.randbytes(rng.randint(3, 6)).hex()
        return rng.choice([text[1:], text.upper(), text[:8], text[:7] + "F", text + "g"])
    if kind == 5:
        return str(uuid.UUID(int=rng.getrandbits(128)))
    if kind == 6:  # nearly a UUID
        text = str(uuid.UUID(int=rng.getrandbits(128)))
        return rng.choice([text.upper(), text + "0", text[1:], "{%s}" % text, "urn:uuid:" + text, text.replace("-", "", 1)])
    if kind == 7:  # what careless patterns take for a number or hex
        return rng.choice(["123\n", "12345678\n", "12345678\r\n", " 5", "5 ", "+5", "-5", "1.0", "1e5", "0x10", "1_000",
                           "\u0661\u0662\u0663", "\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18", "\u00b2", "\0", "\n", "true", "null", "{}"])
    if kind == 8:
        return "".join(rng.choice("aé\u0000\u0085\u2028\ufeff\ufffd\uffff日本🌞\U0010ffff\u212a\"\\<>&'") for _ in range(rng.randint(1, 30)))
    if kind == 9:
        return "".join(rng.choice(string.printable) for _ in range(rng.choice([1, 22, 23, 24, 25, 100, 254, 255, 256, 257, 300])))
    if kind == 10:
        return rng.choice(["spring26", "black-friday", "gold", "été-2026 🌞", "x"])
    return rng.choice(["v" * 512, "é" * 256, "7" * 512, "7" * 511, "ab" * 256, "0" * 512, "🌞" * 128])


def random_name(rng):
    if rng.random() < 0.3:
        return rng.choice(["__proto__", "constructor", "toString", "length", "0", "1", "2", "00", "-1", "not_before", "exp", "iat",
                           "Customer_id", "customer_id ", "\ufeffx", "\u00a0", "\u2028", "🌞", " ", "n" * 64, "é" * 32, "status", "claims"])
    letters = string.ascii_letters + "_-.:éß日"
    return "".join(rng.choice(letters) for _ in range(rng.choice([1, 2, 3, 5, 8, 22, 23, 24, 25, 32])))[:60]


def random_token(rng, secrets):
    secret = rng.choice(secrets)
    issued_at = rng.choice([0, 1, 1_700_000_000, 1_790_000_000, 2**31 - 1, 2**31, 2**32 - 2, rng.randrange(2**32 - 1)])
    expires_at = rng.choice([None, issued_at + 1, min(2**32 - 1, issued_at + 86400), rng.randint(issued_at + 1, 2**32 - 1), 2**32 - 1])
    last = (expires_at or 2**32) - 1
    not_before = None
    if rng.random() < 0.4 and last >= 1:
        not_before = rng.choice([1, last, min(last, issued_at + 3600) or 1, rng.randint(1, last)])
    claims = {}
    wanted = rng.choice([0, 0, 1, 1, 2, 3, 3, 4, 8, 15, 16])
    while len(claims) < wanted:
        name = rng.choice([*NAMES]) if rng.random() < 0.4 else random_name(rng)
        claims[name] = random_value(rng)
        if len(name.encode()) > 64 or len(cbor_map(claims, not_before)) > 1024:
            del claims[name]
            wanted -= 1
    token_id = rng.choice([bytes(6), b"\xff" * 6, rng.randbytes(6), rng.randbytes(6)])
    kind = rng.choice(KINDS)
    data = finish(secret, times_and_id(issued_at, expires_at, token_id) + cbor_map(claims, not_before), kind)
    return {"secret": secret.hex(), "key_id": key_id(secret).hex(), "issued_at": issued_at, "expires_at": expires_at,
            "not_before": not_before, "id": token_id.hex(), "sealed": kind == "sealed", "public": kind == "public", "claims": claims, "bytes": data.hex(),
            "base64url": base64url(data), "base32": base32(data)}


def random_tokens(count, seed):
    rng = random.Random(seed)
    secrets = [rng.randbytes(size) for size in (32, 32, 33, 47, 48, 63, 64)]
    return [random_token(rng, secrets) for _ in range(count)]


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: mint.py COUNT SEED")
    for row in random_tokens(int(sys.argv[1]), int(sys.argv[2])):
        print(json.dumps(row))
