"""Tokens made by hand: authentic ones that break (or just keep) one rule each, and texts that are none."""
import base64
import hashlib
import uuid

from mint import (
    KIND_BYTES, KINDS, base32, base64url, cbor_map, cbor_text, cbor_value, finish, head, jwk, key_id, public_jwk, public_key, times_and_id,
)

BASE64URL_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
BASE32_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
SECRET = bytes(range(32))
MOST = {"signed": 1058, "sealed": 1058, "public": 1106}
ISSUED, EXPIRES = 1_790_000_000, 1_790_086_400
START = times_and_id(ISSUED, EXPIRES, bytes([1, 2, 3, 4, 5, 6]))
UUID = "550e8400-e29b-41d4-a716-446655440000"
UUID_BYTES = uuid.UUID(UUID).bytes


def one(value):
    """A map of customer_id and these bytes as its value."""
    return b"\xa1\x01" + value


def named(name, value=b"\x05"):
    """A map of one claim with these bytes as its name's encoding."""
    return b"\xa1" + name + value


def text_of(size):
    return cbor_text("v" * size)


def map_of(size, not_before=None):
    """A correct map of exactly so many bytes."""
    for filler in range(1, 512):
        made = cbor_map({"a": "v" * 508, "b": "w" * filler}, not_before)
        if len(made) == size:
            return made
    raise ValueError(size)


def bodies():
    """(what it is, the claims' bytes, the status)"""
    good, bad = "valid", "malformed"
    yield from ((f"number {n}", one(head(0, n)), good) for n in (0, 23, 24, 255, 256, 65535, 65536, 2**32 - 1, 2**32, 2**63 - 1, 2**63, 2**64 - 1))
    for name, value in {
        "23 in two bytes": "1817", "0 in two bytes": "1800", "255 in three bytes": "1900ff", "65535 in five bytes": "1a0000ffff",
        "2^32-1 in nine bytes": "1b00000000ffffffff", "reserved head 28": "1c", "reserved head 29": "1d", "reserved head 30": "1e",
        "indefinite text": "7f6161ff", "indefinite bytes": "5f4400123456ff", "negative number": "20", "negative 2^64": "3bffffffffffffffff",
        "empty array": "80", "array": "8101", "empty map": "a0", "map": "a10101", "false": "f4", "true": "f5", "null": "f6", "undefined": "f7",
        "simple value": "e0", "simple value 255": "f8ff", "half float": "f93c00", "float": "fa3f800000", "double": "fb3ff0000000000000", "break": "ff",
        "tag 0 date": "c074" + b"2026-01-01T00:00:00Z".hex(), "tag 2 bignum": "c249010000000000000000", "tag 24": "d818" + "4400123456",
        "text head too long": "7805" + b"hello".hex(), "text head of three bytes too long": "790018" + b"v".hex() * 24,
        "text head of five bytes": "7a00000005" + b"hello".hex(), "text head of nine bytes": "7b0000000000000005" + b"hello".hex(),
        "bytes head too long": "58040012ab56", "bytes of length 2^64-1": "5bffffffffffffffff", "text of length 2^63": "7b8000000000000000",
        "text past the end": "7818" + b"abc".hex(), "bytes past the end": "5820" + "00" * 4, "number cut short": "1b000000", "no bytes": "40",
    }.items():
        yield name, one(bytes.fromhex(value)), bad

    tag = head(6, 37)
    yield "UUID", one(tag + b"\x50" + UUID_BYTES), good
    yield "largest UUID", one(tag + b"\x50" + b"\xff" * 16), good
    yield "UUID, tag head too long", one(b"\xd9\x00\x25\x50" + UUID_BYTES), bad
    yield "UUID, bytes head too long", one(tag + b"\x58\x10" + UUID_BYTES), bad
    yield "UUID of 15 bytes", one(tag + b"\x4f" + UUID_BYTES[:15]), bad
    yield "UUID of 17 bytes", one(tag + b"\x51" + UUID_BYTES + b"\0"), bad
    yield "UUID of text", one(tag + b"\x70" + b"a" * 16), bad
    yield "UUID of a number", one(tag + b"\x10"), bad
    yield "UUID tagged twice", one(tag + tag + b"\x50" + UUID_BYTES), bad
    yield "tag 36", one(head(6, 36) + b"\x50" + UUID_BYTES), bad
    yield "tag 37 + 2^32", one(head(6, 37 + 2**32) + b"\x50" + UUID_BYTES), bad
    yield "UUID as text", one(cbor_text(UUID)), bad
    yield "UUID without hyphens, as bytes", one(b"\x50" + UUID_BYTES), good
    yield "UUID without hyphens, as a UUID's text", one(cbor_text(UUID.replace("-", ""))), bad
    for text in (UUID.upper(), UUID[:-1] + "A", "{" + UUID + "}", UUID + "\n", UUID + "0", UUID[1:] + "-", UUID.replace("-", "_"), UUID[:-1] + "g",
                 "5-50e8400e29b-41d4-a716-446655440000"):
        yield f"nearly a UUID {text!r}", one(cbor_text(text)), good

    for size, status in ((0, bad), (1, bad), (2, bad), (3, bad), (4, good), (5, good), (255, good), (256, good), (257, bad), (500, bad)):
        yield f"{size} bytes", one(head(2, size) + b"\xab" * size), status
    yield "bytes that are a number", one(bytes.fromhex("4412345678")), bad
    yield "bytes that are the number 2^64-1", one(b"\x4a" + bytes.fromhex(str(2**64 - 1))), bad
    yield "bytes that are digits past 2^64", one(b"\x4a" + bytes.fromhex(str(2**64))), good
    yield "bytes that are 10^20-1", one(b"\x4a" + b"\x99" * 10), good
    yield "bytes that are a number with zeros before it", one(bytes.fromhex("4400123456")), good
    yield "bytes of zeros", one(bytes.fromhex("4400000000")), good
    for text in ("0", "5", "10", "12345678", str(2**32), str(2**63), str(2**64 - 1), "1" * 19, "9" * 19, "1" * 20, str(2**64), "9" * 20, "1" * 22, "00123456", "00000000",
                 "abcdef01", "ab" * 256, "12345678ab"):
        yield f"{text[:30]!r} as text", one(cbor_text(text)), bad
    for text in ("00", "007", "0123456", "abcdef", "abcdef012", "ABCDEF01", "abcdef0g", "abcdef01\n", "5\n", "\n", "\0", " 5", "+5", "-5", "-0", "1.0", "1e5", "1" * 21,
                 "1" * 23, "9" * 511, "\u0661\u0662", "\uff15", "\u00b2", "\uff11" * 8, "\ufeff5", "5\u200b", "\ufffe", "\U0010ffff", "\x7f", "\x85", "\u202e", "0x12345678"):
        yield f"{text[:30]!r} as text", one(cbor_text(text)), good
    for size, status in ((1, good), (23, good), (24, good), (255, good), (256, good), (512, good), (513, bad), (1000, bad)):
        yield f"text of {size}", one(text_of(size)), status
    yield "text of 512 bytes in 256 characters", one(cbor_text("é" * 256)), good
    yield "text of 513 bytes in 171 characters", one(cbor_text("日" * 171)), bad
    for name, raw in {"a surrogate": "eda080", "a pair of surrogates": "eda0bdedb880", "an overlong slash": "c0af", "an overlong NUL": "c080", "an overlong é": "e083a9",
                      "past U+10FFFF": "f4908080", "a lone continuation": "80", "cut short": "e697", "0xFF": "ff", "five bytes": "f888808080"}.items():
        raw = bytes.fromhex(raw)
        yield f"value with {name}", one(head(3, len(raw)) + raw), bad
        yield f"name with {name}", named(head(3, len(raw)) + raw), bad

    for name, status in (("a", good), ("n" * 23, good), ("n" * 24, good), ("n" * 64, good), ("n" * 65, bad), ("é" * 32, good), ("é" * 33, bad), ("\0", bad), ("a\x1fb", bad),
                         ("a\n", bad), ("\x7f", bad), ("\x80", bad), ("\x85", bad), ("\x9f", bad), ("\xa0", good), (" ", good), ("\u2028", good), ("\u200b", good),
                         ("\u202e", good), ("\ufeff", good), ("\ufeffcustomer_id", good), ("customer_id", bad), ("campaign_id", bad), ("product_id", bad), ("Customer_id", good),
                         ("customer_id ", good), ("not_before", good), ("__proto__", good), ("0", good), ("1", good), ("issued_at", good), ("iat", good), ("12345678", good)):
        yield f"name {name[:30]!r}", named(cbor_text(name)), status
    for name, key in {"name of bytes": "4161", "name that is negative": "20", "name that is true": "f5", "name that is an array": "80", "key 4": "04", "key 23": "17",
                      "key 24": "1818", "key 2^32+1": "1b0000000100000001", "key 2^64-1": "1bffffffffffffffff", "key 1 in two bytes": "1801", "tagged name": "c16161",
                      "empty name": "60", "name head too long": "780161", "indefinite name": "7f6161ff", "name of length 2^64-1": "7bffffffffffffffff"}.items():
        yield name, named(bytes.fromhex(key)), bad

    for name, raw, status in (
        ("empty map", "a0", good), ("indefinite empty map", "bfff", bad), ("indefinite map", "bf0105ff", bad), ("map head too long", "b8010105", bad),
        ("map head of 0 too long", "b800", bad), ("map of one without its claim", "a1", bad), ("map of one without its value", "a101", bad),
        ("map of two with one", "a20105", bad), ("map of 2^64-1", "bbffffffffffffffff", bad), ("map of 2^63", "bb8000000000000000", bad), ("map of 18", "b2" + "0105" * 18, bad),
        ("one claim more than counted", "a101050206", bad), ("an array", "8105", bad), ("a number", "05", bad), ("nothing but zeros", "0000", bad), ("tagged map", "d9d9f7a0", bad),
        ("1 2 3", "a3010502050305", good), ("2 1", "a202050105", bad), ("1 1", "a201050106", bad), ("1 3 2", "a3010503050205", bad), ("text before 1", "a26161050105", bad),
        ("a b", "a2616105616205", good), ("b a", "a2616205616105", bad), ("a a", "a2616105616106", bad), ("z aa", "a2617a0562616105", good), ("aa z", "a26261610561 7a05", bad),
        ("é after z", "a2627a7a0562c3a905", good), ("é before z", "a262c3a905627a7a05", bad), ("not_before after 1", "a20105001a6ab13b80", bad),
        ("not_before twice", "a2000100 02", bad),
    ):
        yield name, bytes.fromhex(raw), status
    sixteen = {chr(97 + n): str(n) for n in range(16)}
    yield "sixteen claims and not_before", cbor_map(sixteen, ISSUED), good
    yield "seventeen claims", cbor_map({**sixteen, "q": "1"}), bad
    yield "seventeen claims and not_before", cbor_map({**sixteen, "q": "1"}, ISSUED), bad
    yield "map of 1,023", map_of(1023), good
    yield "map of 1,024", map_of(1024), good
    yield "map of 1,024 with not_before", map_of(1024, ISSUED), good
    yield "map of 1,025", map_of(1025), bad
    yield "map of 1,025 with not_before", map_of(1025, ISSUED), bad

    yield "not_before 1", b"\xa1\x00\x01", good
    yield "not_before in its last second", cbor_map({}, EXPIRES - 1), "not_yet_valid"
    yield "not_before at its end", cbor_map({}, EXPIRES), bad
    yield "not_before past its end", cbor_map({}, EXPIRES + 1), bad
    yield "not_before before it was issued", cbor_map({}, ISSUED - 1), good
    yield "not_before 0", b"\xa1\x00\x00", bad
    yield "not_before 2^32", b"\xa1\x00" + head(0, 2**32), bad
    yield "not_before 2^64-1", b"\xa1\x00" + head(0, 2**64 - 1), bad
    yield "not_before in a long head", b"\xa1\x00\x18\x01", bad
    yield "not_before as text", b"\xa1\x00" + cbor_text("1790000000"), bad
    yield "not_before negative", b"\xa1\x00\x20", bad
    yield "not_before tagged", b"\xa1\x00\xc1\x1a\x6a\xb1\x3b\x80", bad


def times():
    """(what it is, issued_at, expires_at, not_before, status at ISSUED)"""
    yield "issued in the future", ISSUED + 100, 0, None, "valid"
    yield "issued at 0, ends at 1", 0, 1, None, "expired"
    yield "issued at 0, never ends", 0, 0, None, "valid"
    yield "ends as it is issued", ISSUED, ISSUED, None, "malformed"
    yield "ends before it is issued", ISSUED, ISSUED - 1, None, "malformed"
    yield "issued last, never ends", 2**32 - 1, 0, None, "valid"
    yield "issued last, ends first", 2**32 - 1, 1, None, "malformed"
    yield "the last second", 2**32 - 2, 2**32 - 1, 2**32 - 2, "not_yet_valid"
    yield "starts last, never ends", ISSUED, 0, 2**32 - 1, "not_yet_valid"
    yield "over before now, and not begun", ISSUED - 10, ISSUED - 5, ISSUED - 6, "expired"


def case(name, text, status, secrets=(SECRET,), now=ISSUED, leeway=0, keys=None, opened=True, wide=False):
    """`opened`: a sealed token whose status needs its SIV checked. `wide`: times past 2^53."""
    keyring = {"keys": [jwk(secret) for secret in secrets]} if keys is None else keys
    return {"name": name, "status": status, "opened": opened, "wide": wide,
            "row": {"token": text, "keys": keyring, "now": now, "leeway": leeway}}


def with_same_id(number):
    """So many secrets that share a key id."""
    found = {}
    for n in range(200_000):
        secret = hashlib.sha256(b"%d" % n).digest()
        same = found.setdefault(key_id(secret), [])
        same.append(secret)
        if len(same) == number:
            return same
    raise AssertionError


def cases():
    for name, claims, status in bodies():
        for kind in KINDS:
            data = finish(SECRET, START + claims, kind)
            if len(data) <= MOST[kind]:
                yield case(f"{name}, {kind}", base64url(data), status)
    for name, issued_at, expires_at, not_before, status in times():
        for kind in KINDS:
            body = times_and_id(issued_at, expires_at, bytes(6)) + cbor_map({"a": "b"}, not_before)
            yield case(name, base32(finish(SECRET, body, kind)), status)

    for kind in KINDS:
        for claims in (b"\xa0", one(b"\x05"), one(b"\x18\x18"), one(text_of(3))):
            body = START + claims
            for pad in (b"", b"\0", b"\1", b"\0\0", b"\0\0\0", b"\xa0"):
                data = finish(SECRET, body, kind, pad)
                right = pad == b"\0" * ((len(body) + 19) % 3 == 0)
                yield case(f"pad {pad!r} after {claims.hex()}", base64url(data), "valid" if right else "malformed", opened=len(data) % 3 != 0)
        made = finish(SECRET, START + map_of(1024), kind, b"\0")
        yield case(f"{len(made)} bytes, needless pad", base64url(made), "malformed")
        made = finish(SECRET, START + map_of(1024), kind, bytes(3))
        yield case(f"{len(made)} bytes", base64url(made), "malformed", opened=False)
        made = finish(SECRET, START + map_of(1025), kind)
        made = made[:-1] + bytes([made[-1] ^ 1])
        yield case(f"{len(made)} bytes, changed", base64url(made), "invalid_signature")
        yield case(f"{len(made)} bytes, changed, in base32", base32(made), "invalid_signature")
        yield case("32 bytes", base64url(finish(SECRET, START[:13], kind, b"")), "malformed", opened=False)
        yield from text_cases(kind)
    yield from key_cases()
    yield from public_key_cases()
    yield from clock_cases()


def status_of_wrong_text(text, secret=SECRET):
    """What a text says that is no token of this secret, found with Python's own decoders."""
    try:
        if text[:1] in ("L", "S", "P"):
            data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            assert base64url(data) == text
        else:
            data = base64.b32decode(text.encode("ascii").upper() + b"=" * (-len(text) % 8))
            assert base32(data) == text.lower()
    except (AssertionError, ValueError):
        return "malformed"
    longer = 48 * (data[:1] == b"\x3c")
    if data[:1] not in KIND_BYTES.values() or not 34 + longer <= len(data) <= 1058 + longer or len(data) % 3 == 0:
        return "malformed"
    return "invalid_signature" if data[1:3] == key_id(secret) else "unknown_key"


def text_cases(kind):
    for claims in ({}, {"a": "1"}, {"a": "bc"}, {"a": "bcd"}, {"a": "bcde"}):
        yield from text_cases_of(finish(SECRET, START + cbor_map(claims), kind))
    for byte in set(range(256)) - {0x2C, 0x48, 0x3C}:
        data = bytes([byte]) + finish(SECRET, START + b"\xa0", kind)[1:]
        yield case(f"kind {byte:#04x}", base64url(data), "malformed", opened=False)
        yield case(f"kind {byte:#04x} in base32", base32(data), "malformed", opened=False)


def text_cases_of(data):
    b64, b32 = base64url(data), base32(data)
    yield case("base32 in mixed case", "".join(c.upper() if n % 2 else c for n, c in enumerate(b32)), "valid")
    for text in (b64 + "=", b64 + "==", b64 + "A", b64 + "AA", b64 + "AAA", b64 + "\n", " " + b64, b64 + " ", b64 + "\0", b64[:9] + "\n" + b64[9:], b64[:-1], b64[:-2], b64[:1], "\ufeff" + b64,
                 b32 + "a", b32 + "aa", b32 + "aaa", b32 + "aaaa", b32 + "=", b32 + "\n", b32[:-1], b32[:1], " " + b32, b32.upper() + "A", b64.lower(), b64.upper(), "x" + b64, "",
                 b64.replace(b64[5], "+"), b64.replace(b64[5], "/"), b32.replace(b32[5], "0"), b32.replace(b32[5], "1"), b32.replace(b32[5], "8"), b32.replace(b32[5], "-"),
                 b32.replace(b32[5], "\u017f"), b32.replace(b32[5], "\u0131"), b64.replace(b64[5], "\uff21"), b64.replace(b64[5], "\U0001d400"), b32[0] + b64[1:], b64[0] + b32[1:],
                 "eyJhbGciOiJIUzI1NiJ9.e30.AAAA", b64 + "." + b64, b64 * 40, b32 * 40, "L" * 5000, "F" * 5000):
        status = status_of_wrong_text(text)
        yield case(f"no token {text[:40]!r}", text, status, opened=status == "invalid_signature" and text[0] in "SJj")
    for byte in {0x2C, 0x48, 0x3C} - {data[0]}:
        relabelled = base64url(bytes([byte]) + data[1:])
        status = status_of_wrong_text(relabelled)
        yield case("relabelled", relabelled, status, opened=byte == 0x48 and status == "invalid_signature")


def key_cases():
    first, second, third = with_same_id(3)
    other = bytes(range(100, 132))
    for kind in KINDS:
        made = {s: base64url(finish(s, START + cbor_map({"campaign_id": "x"}), kind)) for s in (SECRET, first, second, third, other)}
        yield case("no keys", made[SECRET], "unknown_key", secrets=(), opened=False)
        yield case("another key", made[SECRET], "unknown_key", secrets=(other, first), opened=False)
        yield case("second of three keys", made[SECRET], "valid", secrets=(other, SECRET, first))
        for secrets in ((first, second), (second, first)):
            yield case("keys that share an id", made[first], "valid", secrets=secrets)
            yield case("a third key of that id", made[third], "invalid_signature", secrets=secrets)
        yield case("too short for its key to matter", made[SECRET][:-2], "malformed", secrets=(), opened=False)
        broken = finish(first, START + one(b"\x20"), kind)
        yield case("second of an id, not deterministic", base64url(broken), "malformed", secrets=(second, first))
        good = jwk(SECRET)
        token = made[SECRET]
        yield case("kid left out", token, "valid", keys={"keys": [{"kty": "oct", "k": good["k"]}]})
        yield case("foreign members", token, "valid", keys={"x": 1, "keys": [{**good, "linkmint_status": "retired", "use": "sig"}]})
        for name, keys in {
            "another kid": {"keys": [{**good, "kid": "e28f"}]}, "kid in upper case": {"keys": [{**good, "kid": "E28E"}]},
            "31 bytes": {"keys": [jwk(bytes(31))]}, "65 bytes": {"keys": [jwk(bytes(65))]}, "empty secret": {"keys": [{**good, "k": ""}]},
            "secret with padding": {"keys": [{**good, "k": good["k"] + "="}]}, "secret with unused bits": {"keys": [{**good, "k": good["k"][:-1] + "9"}]},
            "secret in base64": {"keys": [{**good, "k": good["k"][:-1] + "+"}]}, "an RSA key": {"keys": [{**good, "kty": "RSA"}]},
            "no secret": {"keys": [{"kty": "oct", "kid": "e28e"}]}, "no list": {"k": good["k"]}, "bad key beside a good one": {"keys": [good, jwk(bytes(31))]},
        }.items():
            yield case(f"keyring with {name}", token, "error", keys=keys, opened=False)


def public_key_cases():
    if "public" not in KINDS:
        return
    first, second, _ = with_same_id(3)
    body = START + cbor_map({"campaign_id": "x"})
    own = public_jwk(SECRET)
    for kind in KINDS:
        made = base64url(finish(SECRET, body, kind))
        status = "valid" if kind == "public" else "unknown_key"
        yield case(f"a public key, {kind}", made, status, keys={"keys": [own]}, opened=False)
        yield case(f"a public key beside a secret, {kind}", made, status, keys={"keys": [jwk(first), own]}, opened=False)
        yield case(f"a public key beside its secret, {kind}", made, "valid", keys={"keys": [own, jwk(SECRET)]})
    made = base64url(finish(first, body, "public"))
    twins = [public_jwk(second), public_jwk(first)]
    yield case("public keys that share an id", made, "valid", keys={"keys": twins})
    yield case("another public key of that id", made, "invalid_signature", keys={"keys": twins[:1]})
    token = base64url(finish(SECRET, body, "public"))
    yield case("alg Ed25519", token, "valid", keys={"keys": [{**own, "alg": "Ed25519"}]})
    yield case("alg and use left out", token, "valid", keys={"keys": [{name: own[name] for name in ("kty", "crv", "kid", "x")}]})
    prime = 2**255 - 19
    x = public_key(SECRET)
    for name, key in {
        "a private key": {**own, "d": base64url(bytes(32))}, "another curve": {**own, "crv": "X25519"}, "no kid": {**own, "kid": None}, "kid in upper case": {**own, "kid": "E28E"},
        "kid of five digits": {**own, "kid": "e28e0"}, "HS256": {**own, "alg": "HS256"}, "use enc": {**own, "use": "enc"}, "no x": {**own, "x": None}, "31 bytes": {**own, "x": base64url(x[:31])},
        "33 bytes": {**own, "x": base64url(x + b"\0")}, "padding": {**own, "x": own["x"] + "="},
        **{f"the weak point {y}, sign {sign}": {**own, "x": base64url((y | sign << 255).to_bytes(32, "little"))} for sign in (0, 1) for y in (
            0, 1, prime - 1, prime, prime + 1, 2**255 - 1, int.from_bytes(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"),
            int.from_bytes(bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "little"))},
    }.items():
        yield case(f"public key with {name}", token, "error", keys={"keys": [{member: value for member, value in key.items() if value is not None}]}, opened=False)


def clock_cases():
    for kind in KINDS:
        token = base64url(finish(SECRET, START + cbor_map({}, ISSUED + 100), kind))
        never = base64url(finish(SECRET, times_and_id(ISSUED, 0, bytes(6)) + cbor_map({}), kind))
        top, wide = 2**53 - 1, 2**63 - 1
        for now, leeway, status in ((0, 0, "not_yet_valid"), (ISSUED + 99, 0, "not_yet_valid"), (ISSUED + 100, 0, "valid"), (ISSUED + 99, 1, "valid"), (ISSUED, 99, "not_yet_valid"),
                                    (ISSUED, 100, "valid"), (EXPIRES - 1, 0, "valid"), (EXPIRES, 0, "expired"), (EXPIRES, 1, "valid"), (EXPIRES + 59, 60, "valid"),
                                    (EXPIRES + 60, 60, "expired"), (0, top, "valid"), (top, 0, "expired"), (top, top, "valid"), (2**32, 0, "expired")):
            yield case(f"at {now}, leeway {leeway}", token, status, now=now, leeway=leeway)
        for now, leeway, status in ((wide, 0, "expired"), (wide, wide, "valid"), (0, wide, "valid"), (ISSUED, wide, "valid")):
            yield case(f"at {now}, leeway {leeway}", token, status, now=now, leeway=leeway, wide=True)
        yield case("never, at the end of time", never, "valid", now=top)
        yield case("now before 1970", token, "error", now=-1, opened=False)
        yield case("leeway below 0", token, "error", leeway=-1, opened=False)
