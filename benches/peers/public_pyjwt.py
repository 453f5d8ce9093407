"""PyJWT with Ed25519: an EdDSA JWT for each row, or how many of a list's are valid.

usage: public_pyjwt.py mint IN OUT | check FILE [COLUMN]
"""
import sys
import time

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import blocks


def signer(key, expires_at):
    private, issued_at = Ed25519PrivateKey.from_private_bytes(key), int(time.time())
    return lambda customer, campaign, product: jwt.encode(
        {"customer_id": customer, "campaign_id": campaign, "product_id": product,
         "iat": issued_at, "exp": expires_at}, private, algorithm="EdDSA")


def checker(key):
    public = Ed25519PrivateKey.from_private_bytes(key).public_key()

    def check(token):
        try:
            jwt.decode(token, public, algorithms=["EdDSA"], options={"require": ["exp"]})
            return True
        except jwt.InvalidTokenError:
            return False

    return check


if __name__ == "__main__":
    if sys.argv.pop(1) == "mint":
        blocks.mint(signer)
    else:
        blocks.count_valid(checker)
