"""Python's own csv and hmac, nothing installed: base64url(customer|campaign|product|expiry) . base64url(HMAC).

usage: csv_hmac.py IN OUT
"""
import binascii
import hmac

import blocks

URL_SAFE = bytes.maketrans(b"+/", b"-_")


def base64url(data):
    return binascii.b2a_base64(data, newline=False).translate(URL_SAFE, b"=").decode()


def signer(key, expires_at):
    keyed = hmac.new(key, digestmod="sha256")  # copied for each token, which is cheaper than keying it again

    def sign(customer, campaign, product):
        payload = f"{customer}|{campaign}|{product}|{expires_at}".encode()
        mac = keyed.copy()
        mac.update(payload)
        return base64url(payload) + "." + base64url(mac.digest())

    return sign


if __name__ == "__main__":
    blocks.mint(signer)
