"""PyJWT: an HS256 token with iat and exp for each row.

usage: pyjwt_peer.py IN OUT
"""
import time

import jwt

import blocks


def signer(key, expires_at):
    issued_at = int(time.time())
    return lambda customer, campaign, product: jwt.encode(
        {"customer_id": customer, "campaign_id": campaign, "product_id": product,
         "iat": issued_at, "exp": expires_at}, key, algorithm="HS256")


if __name__ == "__main__":
    blocks.mint(signer)
