"""Check linkmint tokens offline with the standard library alone (Python 3.8+).

Export the keyring and keep it with your other secrets, never in version control:

    linkmint key export > keys.json

Then, for each request:

    import json, time
    from linkmint_verify import verify

    with open("keys.json") as file:
        KEYS = json.load(file)
    result = verify(token, KEYS, int(time.time()))
    if result["status"] == "valid" and result["claims"].get("campaign_id") == "spring26":
        print("welcome,", result["claims"]["customer_id"])

Sealed tokens need AES-SIV, which the standard library lacks: give `open_sealed` (see verify). Public tokens need
Ed25519: `pip install cryptography`, and `linkmint key export --public`, which holds no secret.
A token that begins with `eyJ` is a JWT: use a JOSE library with `linkmint key export --jwt`.
"""
import hashlib
import hmac
import re
import struct
import uuid

BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567abcdefghijklmnopqrstuvwxyz"  # a digit is its index mod 32
SIGNED, SEALED, PUBLIC = 0x2C, 0x48, 0x3C
# Points of small order and points that are not canonical, as hex without the sign: whoever likes can sign with them.
WEAK = re.compile("0[01](00){31}|(e[c-f]|f.)(ff){30}7f"
                  "|26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"
                  "|c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")
REGISTERED = {1: "customer_id", 2: "campaign_id", 3: "product_id"}


class SealedTokenError(Exception):
    """A sealed token under a known key: its text is well formed, nothing more can be told without AES."""


class PublicTokenError(Exception):
    """A public token under a known key, and no `cryptography` to check its signature with."""


class _Malformed(Exception):
    pass


def verify(token, keys, now, leeway=0, open_sealed=None):
    """Return a dict with `status`; an authentic token's also has claims, issued_at, expires_at, not_before, id.

    The status is valid, malformed, unknown_key, invalid_signature, not_yet_valid or expired. `keys` is the
    parsed keyring (ValueError if it is none), `now` and `leeway` are whole seconds. `open_sealed(key, siv,
    ciphertext, header)` returns the plaintext, or None where the SIV does not match; with pip's cryptography:

        def open_sealed(key, siv, ciphertext, header):
            try:
                return AESSIV(key).decrypt(siv + ciphertext, [header])
            except InvalidTag:
                return None
    """
    if not all(isinstance(seconds, int) and seconds >= 0 for seconds in (now, leeway)):
        raise ValueError("now and leeway must be whole seconds, 0 or more")
    ring = _ring(keys)
    try:
        data = _from_text(token)
        # a public key checks public tokens alone
        candidates = [key for key in ring if key[0] == data[1:3] and (key[1] or data[0] == PUBLIC)]
        if not candidates:
            return {"status": "unknown_key"}
        body = _authentic_body(data, candidates, open_sealed)
        if body is None:
            return {"status": "invalid_signature"}
        result = _read_body(body, len(data))
    except _Malformed:
        return {"status": "malformed"}
    if result["not_before"] is not None and now + leeway < result["not_before"]:
        result["status"] = "not_yet_valid"
    elif result["expires_at"] is not None and now - leeway >= result["expires_at"]:
        result["status"] = "expired"
    return result


def _prf(key, message):
    return hmac.new(key, message, hashlib.sha256).digest()


def _key_id(secret):
    return _prf(secret, b"linkmint v1 key id")[:2]


def _require(condition):
    if not condition:
        raise _Malformed


def _ring(keys):
    """The keys as (key id, secret or None, public key or None)."""
    if not isinstance(keys, dict) or not isinstance(keys.get("keys"), list):
        raise ValueError("keyring: no list of keys")
    ring = []
    for number, jwk in enumerate(keys["keys"], 1):
        if jwk.get("kty") == "OKP":
            ring.append(_public_key(jwk, number))
            continue
        secret = _decode(str(jwk.get("k")), BASE64URL, 6) if jwk.get("kty") == "oct" else None
        if secret is None or not 32 <= len(secret) <= 64:
            raise ValueError("keyring: key %d is no base64url secret of 32 to 64 bytes" % number)
        key_id = _key_id(secret).hex()
        if jwk.get("kid", key_id) != key_id:
            raise ValueError("keyring: the kid of key %d is not its secret's (is this an export for JWT?)" % number)
        ring.append((bytes.fromhex(key_id), secret, None))
    return ring


def _public_key(jwk, number):
    key, kid = _decode(str(jwk.get("x")), BASE64URL, 6), str(jwk.get("kid"))
    right = jwk.get("crv") == "Ed25519" and jwk.get("alg", "EdDSA") in ("EdDSA", "Ed25519") and jwk.get("use", "sig") == "sig"
    if not right or "d" in jwk or key is None or len(key) != 32 or not re.fullmatch("[0-9a-f]{4}", kid) or _weak(key):
        raise ValueError("keyring: key %d is no public key of Ed25519 with a kid" % number)
    return bytes.fromhex(kid), None, key


def _weak(point):
    return WEAK.fullmatch((point[:31] + bytes([point[31] & 0x7F])).hex()) is not None


def _from_text(text):
    _require(isinstance(text, str) and len(text) <= 1770)  # 1,106 bytes in base32
    _require(text[:1] in tuple("LSPFfJjHh"))
    data = _decode(text, BASE64URL, 6) if text[0] in "LSP" else _decode(text, BASE32, 5)
    _require(data is not None and len(data) % 3 != 0 and data[:1] != b"" and data[0] in (SIGNED, SEALED, PUBLIC))
    longer = 48 if data[0] == PUBLIC else 0  # its signature has 64 bytes and not 16
    _require(34 + longer <= len(data) <= 1058 + longer)
    return data


def _decode(text, alphabet, bits):
    # Not the base64 module: it skips foreign characters and unused bits (RFC 4648, sections 3.3 and 3.5).
    number = 0
    for character in text:
        digit = alphabet.find(character)
        if digit < 0:
            return None
        number = number << bits | digit % (1 << bits)
    unused = len(text) * bits % 8
    if unused >= bits or number % (1 << unused) != 0:
        return None
    return (number >> unused).to_bytes(len(text) * bits // 8, "big")


def _authentic_body(data, candidates, open_sealed):
    if data[0] == SEALED and open_sealed is None:
        raise SealedTokenError("sealed tokens need an AES library: give open_sealed")
    for _, secret, public in candidates:  # imported keys may share an id
        if data[0] == PUBLIC:
            if _signature_holds(secret, public, data[-64:], data[:-64]):
                return data[3:-64]
        elif data[0] == SEALED:
            body = open_sealed(_prf(secret, b"linkmint v1 seal"), data[3:19], data[19:], data[:3])
            if body is not None:
                return body
        else:
            tag = _prf(_prf(secret, b"linkmint v1 sign"), data[:-16])[:16]  # RFC 2104, section 5
            if hmac.compare_digest(tag, data[-16:]):
                return data[3:-16]
    return None


def _signature_holds(secret, public, signature, message):
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ImportError:
        raise PublicTokenError("public tokens need Ed25519: pip install cryptography") from None
    if _weak(signature[:32]):
        return False
    try:
        if secret is None:
            key = ed25519.Ed25519PublicKey.from_public_bytes(public)
        else:
            key = ed25519.Ed25519PrivateKey.from_private_bytes(_prf(secret, b"linkmint v1 public")).public_key()
        key.verify(signature, message)
    except (InvalidSignature, ValueError):  # ValueError: the key is no point of the curve
        return False
    return True


def _read_body(body, token_length):
    issued_at, expires_at = struct.unpack(">II", body[:8])
    _require(expires_at == 0 or expires_at > issued_at)
    reader = _Reader(body, 14)
    claims, not_before = reader.claims()
    _require(not_before is None or expires_at == 0 or not_before < expires_at)
    pad = body[reader.position:]
    _require(not pad or (pad == b"\0" and (token_length - 1) % 3 == 0))
    return {"status": "valid", "claims": claims, "issued_at": issued_at, "expires_at": expires_at or None,
            "not_before": not_before, "id": body[8:14].hex()}


class _Reader:
    """Deterministically encoded CBOR (RFC 8949, section 4.2.1), as far as claims use it."""

    def __init__(self, data, position):
        self.data, self.position = data, position

    def take(self, count):
        _require(count <= len(self.data) - self.position)
        self.position += count
        return self.data[self.position - count:self.position]

    def head(self):
        first = self.take(1)[0]
        major, info = first >> 5, first & 31
        if info < 24:
            return major, info
        _require(info <= 27)  # 28 to 30 are reserved, 31 is an indefinite length
        size = 1 << (info - 24)
        argument = int.from_bytes(self.take(size), "big")
        _require(argument >= (24 if size == 1 else 1 << (4 * size)))  # else a shorter head would do
        return major, argument

    def text(self, length, limit):
        _require(1 <= length <= limit)
        try:
            return self.take(length).decode("utf-8")
        except UnicodeDecodeError:
            raise _Malformed from None

    def claims(self):
        start, claims, not_before, previous = self.position, {}, None, b""
        major, pairs = self.head()
        _require(major == 5)
        for _ in range(pairs):
            key_start = self.position
            major, argument = self.head()
            if major == 0:
                _require(argument <= 3)
                name = REGISTERED.get(argument)
            else:
                _require(major == 3)
                name = self.text(argument, 64)
                _require(not re.search("[\x00-\x1f\x7f-\x9f]", name) and name not in REGISTERED.values())
            key = self.data[key_start:self.position]
            _require(key > previous)  # in order, and none twice
            previous = key
            if name is None:
                major, not_before = self.head()
                _require(major == 0 and 1 <= not_before < 1 << 32)
            else:
                claims[name] = self.value()
        _require(len(claims) <= 16 and self.position - start <= 1024)
        return claims, not_before

    def value(self):
        major, argument = self.head()
        if major == 0:
            form, text = "number", str(argument)
        elif major == 6:
            _require(argument == 37 and self.head() == (2, 16))
            form, text = "uuid", str(uuid.UUID(bytes=self.take(16)))
        elif major == 2:
            form, text = "hex", self.take(argument).hex()
        else:
            _require(major == 3)
            form, text = "text", self.text(argument, 512)
        _require(1 <= len(text) <= 512 and form == _first_form(text))
        return text


def _first_form(text):
    if re.fullmatch("0|[1-9][0-9]{0,19}", text) and int(text) < 1 << 64:
        return "number"
    if re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text):
        return "uuid"
    return "hex" if re.fullmatch("([0-9a-f]{2}){4,}", text) else "text"


def _main():
    """Answer lines of {"token":…,"keys":…,"now":…,"leeway":…} with one result a line."""
    import json
    import sys
    for line in sys.stdin:
        row = json.loads(line)
        try:
            answer = verify(row["token"], row["keys"], row["now"], row.get("leeway", 0))
        except (ValueError, SealedTokenError, PublicTokenError) as error:
            answer = {"error": str(error)}
        print(json.dumps(answer))


if __name__ == "__main__":
    _main()
