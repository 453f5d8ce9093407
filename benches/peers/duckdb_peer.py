"""DuckDB: the whole job as one SQL statement, on all cores, in the list's order.

DuckDB has SHA-256 but no HMAC of its own (RFC 2104: H(key^opad . H(key^ipad . message))), so the two padded keys are
computed once, here, and the rest is SQL. preserve_insertion_order is on by default.

usage: duckdb_peer.py IN OUT
"""
import sys

import duckdb

import blocks


def padded(key, byte):
    assert len(key) <= 64  # a longer one would have to be hashed first
    return bytes(k ^ byte for k in key.ljust(64, b"\0")).hex()


def base64url(blob):
    return f"translate(to_base64({blob}), '+/=', '-_')"


def main():
    source, target = (path.replace("'", "''") for path in sys.argv[1:])
    key, expires_at = blocks.key(), blocks.expiry()
    inner = f"unhex(sha256(unhex('{padded(key, 0x36)}') || payload))"
    mac = f"unhex(sha256(unhex('{padded(key, 0x5C)}') || {inner}))"
    duckdb.sql(f"""
        COPY (
            WITH list AS (
                SELECT *, encode(concat_ws('|', customer_id, campaign_id, product_id, '{expires_at}')) AS payload
                FROM read_csv('{source}', header = true, all_varchar = true, delim = ',', quote = '"', escape = '"')
            ), signed AS (
                SELECT * EXCLUDE payload, {base64url('payload')} || '.' || {base64url(mac)} AS token FROM list
            )
            SELECT *, '{blocks.URL}' || token AS url_link FROM signed
        ) TO '{target}' (FORMAT csv, HEADER)
    """)


if __name__ == "__main__":
    main()
