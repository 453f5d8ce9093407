"""How many of a list's HS256 JWTs are valid; exit status 1 unless all are.

usage: verify_pyjwt.py FILE [COLUMN]
"""
import jwt

import blocks


def checker(key):
    def check(token):
        try:
            jwt.decode(token, key, algorithms=["HS256"], options={"require": ["exp"]})
            return True
        except jwt.InvalidTokenError:
            return False

    return check


if __name__ == "__main__":
    blocks.count_valid(checker)
