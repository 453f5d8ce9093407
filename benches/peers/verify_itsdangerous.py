"""How many of a list's itsdangerous tokens are valid; exit status 1 unless all are.

usage: verify_itsdangerous.py FILE [COLUMN]
"""
from itsdangerous import BadData

import blocks
from itsdangerous_peer import serializer


def checker(key):
    loads = serializer(key).loads

    def check(token):
        try:
            loads(token, max_age=blocks.LIFETIME)
            return True
        except BadData:
            return False

    return check


if __name__ == "__main__":
    blocks.count_valid(checker)
