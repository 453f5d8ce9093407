"""chDB, which is ClickHouse in a process: the whole job as one SQL statement, with its HMAC function.

usage: chdb_peer.py IN OUT
"""
import sys

import chdb

import blocks


def main():
    source, target = (path.replace("\\", "\\\\").replace("'", "\\'") for path in sys.argv[1:])
    key, expires_at = blocks.key(), blocks.expiry()
    chdb.query(f"""
        WITH list AS (
            SELECT *, concatWithSeparator('|', customer_id, campaign_id, product_id, '{expires_at}') AS payload
            FROM file('{source}', 'CSVWithNames')
        ), signed AS (
            SELECT * EXCEPT payload,
                base64URLEncode(payload) || '.' || base64URLEncode(HMAC('sha256', payload, unhex('{key.hex()}'))) AS token
            FROM list
        )
        SELECT *, '{blocks.URL}' || token AS url_link FROM signed
        INTO OUTFILE '{target}' TRUNCATE FORMAT CSVWithNames
        SETTINGS
            -- every cell is text, and an empty one stays empty instead of becoming \\N
            input_format_csv_use_best_effort_in_schema_inference = 0, schema_inference_make_columns_nullable = 0,
            -- one stream after the reader: else the blocks come out in any order; reading and writing still use all cores
            parallelize_output_from_storages = 0
    """)


if __name__ == "__main__":
    main()
