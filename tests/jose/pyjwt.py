"""Asks PyJWT. See README.md."""

import json
import sys

import jwt

asked = json.load(sys.stdin)
jwks = jwt.PyJWKSet.from_json(asked["jwks"])
remote = jwt.PyJWKClient(asked["jwks_url"]) if asked["jwks_url"] else None


def check(token):
    try:
        kid = jwt.get_unverified_header(token)["kid"]
        key = remote.get_signing_key(kid) if remote else jwks[kid]
        algorithms = ["HS256"] if key.algorithm_name == "HS256" else ["EdDSA"]
        payload = jwt.decode(token, key, algorithms=algorithms, options={"verify_aud": False})
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
