"""Asks PyJWT. See README.md."""

import json
import sys

import jwt

asked = json.load(sys.stdin)
jwks = jwt.PyJWKSet.from_json(asked["jwks"])


def check(token):
    try:
        kid = jwt.get_unverified_header(token)["kid"]
        payload = jwt.decode(token, jwks[kid], algorithms=["HS256"], options={"verify_aud": False})
        return {"payload": payload}
    except (jwt.PyJWTError, KeyError) as error:
        return {"error": type(error).__name__}


def make(header, payload):
    key = jwks[header["kid"]] if "kid" in header else jwks.keys[0]
    return jwt.encode(payload, key.key, algorithm="HS256", headers=header)


json.dump(
    {
        "checked": [check(token) for token in asked["check"]],
        "made": [make(one["header"], one["payload"]) for one in asked["make"]],
    },
    sys.stdout,
)
