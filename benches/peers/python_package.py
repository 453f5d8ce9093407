"""What `benches/python` measures, in the interpreter that has linkmint.

usage: python_package.py tables|tokens|spark ROWS RUNS FOLDER

The last line on stdout is JSON: medians in seconds, and how many times as fast one thing is as another, as the median over
pairs of runs in turn.
"""
import base64
import hmac
import json
import os
import sys
import time
import warnings
from pathlib import Path
from statistics import median

import pyarrow as pa

import linkmint

warnings.simplefilter("ignore")
SECRET = bytes(range(32))
RING = linkmint.Keyring.from_secret(base64.urlsafe_b64encode(SECRET).rstrip(b"=").decode())
LINK = {"base_url": "https://mystore.com/promotions", "expires_in": "24h"}
CLAIMS = ["customer_id", "campaign_id", "product_id"]


def table(rows):
    """Nine columns, as those of customers.py, three of which become claims."""
    numbers = range(rows)
    return pa.table(
        {
            "customer_id": [str(10_000_000 + 7 * number) for number in numbers],
            "name": [f"Anna Krüger {number % 997}" for number in numbers],
            "email": [f"kunde{number}@example.com" for number in numbers],
            "phone": ["+49 30 23125 401"] * rows,
            "product_id": [f"SKU-{number * 31 % 100_000:05d}" for number in numbers],
            "campaign_id": [("spring26", "loyalty-07", "winback-q1", "birthday")[number % 4] for number in numbers],
            "segment": [("gold", "silver", "bronze")[number % 3] for number in numbers],
            "country": [("DE", "GB", "US", "FR")[number % 4] for number in numbers],
            "notes": ["", "prefers mail"] * (rows // 2) + [""] * (rows % 2),
        }
    )


def in_turn(runs, ways, warm_up=1):
    """Of each way its seconds, one run of each after the other; the first rounds are a warm-up."""
    rounds = []
    for _ in range(warm_up + runs):
        once = []
        for way in ways.values():
            start = time.perf_counter()
            way()
            once.append(time.perf_counter() - start)
        rounds.append(once)
    return dict(zip(ways, zip(*rounds[warm_up:])))


def ratio(slower, faster):
    return median(one / other for one, other in zip(slower, faster))


def tables(rows, runs, _folder):
    import polars as pl

    given = table(rows)
    frame = pl.DataFrame(given)
    links = linkmint.generate(given, keyring=RING, threads=2, **LINK)
    ways = {
        "pyarrow, 2 threads": lambda: linkmint.generate(given, keyring=RING, threads=2, **LINK),
        "pyarrow, 1 thread": lambda: linkmint.generate(given, keyring=RING, threads=1, **LINK),
        "polars, 2 threads": lambda: linkmint.generate(frame, keyring=RING, threads=2, **LINK),
        "verify, 2 threads": lambda: linkmint.verify(links, keyring=RING, threads=2),
    }
    seconds = in_turn(runs, ways)
    return {"seconds": {name: median(all_of) for name, all_of in seconds.items()}, "times": {}}


def tokens(_rows, runs, _folder):
    import jwt

    minter, verifier = linkmint.Minter(RING), linkmint.Verifier(RING)
    claims = {"customer_id": "1234567", "campaign_id": "spring26", "product_id": "88"}
    token = minter.mint(claims, expires_in="24h").token

    def encode():
        now = int(time.time())
        return jwt.encode({**claims, "iat": now, "exp": now + 86_400}, SECRET, algorithm="HS256")

    theirs = encode()

    def many(call, count=2_000):
        def run():
            for _ in range(count):
                call()

        return run

    ways = {
        "mint": many(lambda: minter.mint(claims, expires_in="24h")),
        "PyJWT encode": many(encode),
        "verify": many(lambda: verifier.verify(token)),
        "PyJWT decode": many(lambda: jwt.decode(theirs, SECRET, algorithms=["HS256"])),
    }
    seconds = in_turn(runs * 3, ways)
    return {
        "seconds": {f"{name}, 2,000 calls": median(all_of) for name, all_of in seconds.items()},
        "times": {
            "mint": ratio(seconds["PyJWT encode"], seconds["mint"]),
            "verify": ratio(seconds["PyJWT decode"], seconds["verify"]),
        },
    }


def spark(rows, runs, folder):
    import pandas as pd
    import pyarrow.parquet as pq
    from pyspark.sql import SparkSession, functions

    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = session.config("spark.driver.host", "127.0.0.1").config("spark.driver.memory", "2g").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    source, keys = Path(folder) / "customers", Path(folder) / "keys.json"
    source.mkdir()
    given = table(rows)
    for part in range(4):
        size = -(-rows // 4)
        pq.write_table(given.slice(part * size, size), source / f"part-{part}.parquet")
    secret = base64.urlsafe_b64encode(SECRET).rstrip(b"=").decode()
    keys.write_text(json.dumps({"keys": [{"kty": "oct", "kid": "e28e", "k": secret, "linkmint_status": "active"}]}))
    keys.chmod(0o600)
    keyring, campaign = f"file:{keys}", linkmint.new_campaign()
    frame = session.read.parquet(str(source))
    expires = int(time.time()) + 86_400

    def links_of(customer: pd.Series, product: pd.Series, of: pd.Series) -> pd.Series:
        keyed = hmac.new(SECRET, digestmod="sha256")

        def link(one, two, three):
            payload = f"{one}|{three}|{two}|{expires}".encode()
            mac = keyed.copy()
            mac.update(payload)
            text = base64.urlsafe_b64encode(payload).rstrip(b"=") + b"." + base64.urlsafe_b64encode(mac.digest()).rstrip(b"=")
            return "https://mystore.com/promotions/" + text.decode()

        return pd.Series([link(*row) for row in zip(customer, product, of)])

    udf = functions.pandas_udf(links_of, "string")
    by_udf = frame.withColumn("url_link", udf("customer_id", "product_id", "campaign_id"))
    minted = linkmint.spark.generate(frame, campaign, keyring=keyring, **LINK)
    ours = linkmint.spark.arrow_udf(campaign, CLAIMS, keyring=keyring, **LINK)
    numbered = linkmint.spark.number_rows(frame)
    in_sql = numbered.withColumn("link", ours("row", *CLAIMS)).select("*", "link.*").drop("link", "row")
    identity = frame.mapInArrow(lambda batches: batches, frame.schema)

    def drained(df):
        return lambda: df.write.format("noop").mode("overwrite").save()

    ways = {
        "identity mapInArrow": drained(identity),
        "linkmint.spark.generate": drained(minted),
        "arrow_udf": drained(in_sql),
        "pandas_udf with hmac": drained(by_udf),
    }
    # a JVM compiles what it does often, in its own time
    seconds = in_turn(runs, ways, warm_up=4)
    session.stop()
    return {
        "seconds": {name: median(all_of) for name, all_of in seconds.items()},
        "times": {
            "spark beside identity": ratio(seconds["identity mapInArrow"], seconds["linkmint.spark.generate"]),
            "spark beside a UDF": ratio(seconds["pandas_udf with hmac"], seconds["linkmint.spark.generate"]),
            "sql beside a UDF": ratio(seconds["pandas_udf with hmac"], seconds["arrow_udf"]),
        },
    }


if __name__ == "__main__":
    part, rows, runs, folder = sys.argv[1:]
    found = {"tables": tables, "tokens": tokens, "spark": spark}[part](int(rows), int(runs), folder)
    print(json.dumps(found))
