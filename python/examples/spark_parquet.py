"""Links for a table of Parquet, in Spark. The keyring is named by where each executor finds it, and never sent."""

import os
import tempfile
from pathlib import Path

from pyspark.sql import SparkSession

import linkmint

spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
with tempfile.TemporaryDirectory() as folder:
    source, target = f"{folder}/customers", f"{folder}/links"
    # a cell may hold line breaks and doubled quotes
    spark.read.csv("samples/customers.csv", header=True, multiLine=True, escape='"').write.parquet(source)
    links = linkmint.spark.generate(
        spark.read.parquet(source),
        linkmint.new_campaign(),
        keyring=f"file:{Path(os.environ['LINKMINT_KEYRING']).resolve()}",
        base_url="https://mystore.com/p",
        expires_in="24h",
    )
    links.write.parquet(target)
    checked = linkmint.spark.verify(
        spark.read.parquet(target), keyring=f"file:{Path(os.environ['LINKMINT_KEYRING']).resolve()}"
    )
    checked.groupBy("verified_status").count().show()
spark.stop()
