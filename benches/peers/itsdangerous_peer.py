"""itsdangerous: URLSafeTimedSerializer with SHA-256. The token carries its time of issue; the check brings max_age.

usage: itsdangerous_peer.py IN OUT
"""
import hashlib

from itsdangerous import URLSafeTimedSerializer

import blocks


def serializer(key):
    # SHA-1 by default; all peers sign with SHA-256.
    return URLSafeTimedSerializer(key, salt=b"links", signer_kwargs={"digest_method": hashlib.sha256})


def signer(key, _expires_at):
    dumps = serializer(key).dumps
    return lambda customer, campaign, product: dumps(
        {"customer_id": customer, "campaign_id": campaign, "product_id": product})


if __name__ == "__main__":
    blocks.mint(signer)
