"""Spark on executors of their own: retried and overtaken tasks make the same tokens, and no partition repeats an id."""

from __future__ import annotations

import importlib.util
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import FIRST, ISSUED, ROOT, SECRET

import linkmint

MISSING = [name for name, there in (("Java", shutil.which("java")), ("PySpark", importlib.util.find_spec("pyspark"))) if not there]
if MISSING and os.environ.get("LINKMINT_SPARK") == "required":
    raise RuntimeError(f"LINKMINT_SPARK=required, and there is no {' and no '.join(MISSING)}")
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"there is no {' and no '.join(MISSING)}")

ROWS = 6_000
EVERY: dict[str, Any] = {"base_url": "https://mystore.com/p", "expires_in": "24h"}


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    from pyspark import cloudpickle
    from pyspark.sql import SparkSession

    # the executors can't import this file
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = (
        SparkSession.builder.master("local-cluster[2,1,900]")
        .appName("linkmint")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.executor.memory", "700m")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.sql.files.maxPartitionBytes", "24k")
        .config("spark.sql.files.openCostInBytes", "1k")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "200")
        .config("spark.speculation", "true")
        .config("spark.speculation.interval", "100ms")
        .config("spark.speculation.quantile", "0.3")
        .config("spark.speculation.multiplier", "1.1")
        .getOrCreate()
    )
    yield session
    session.stop()


@pytest.fixture(scope="module")
def keyring(tmp_path_factory: pytest.TempPathFactory) -> str:
    place = tmp_path_factory.mktemp("keys") / "keys.json"
    place.write_text((ROOT / "samples/keys.json").read_text())
    place.chmod(0o600)
    return f"file:{place}"


@pytest.fixture(scope="module")
def customers(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A table of Parquet in several files and partitions."""
    folder = tmp_path_factory.mktemp("customers")
    numbers = range(ROWS)
    table = pa.table(
        {
            "customer_id": [str(1_000_000 + number * 7919 % ROWS) for number in numbers],
            "campaign_id": [f"spring{number % 3}" for number in numbers],
            "name": [f"Ann {number}" for number in numbers],
            "tags": [["a"] * (number % 3) for number in numbers],
        }
    )
    for part in range(5):
        size = ROWS // 5
        pq.write_table(table.slice(part * size, size), folder / f"part-{part}.parquet", row_group_size=400)
    return str(folder)


def tokens(frame: Any) -> dict[str, str]:
    return {row["customer_id"]: row["token"] for row in frame.select("customer_id", "token").collect()}


def test_dense_ids_are_those_of_the_rows_in_their_order(spark: Any, keyring: str, customers: str) -> None:
    campaign = linkmint.new_campaign(ISSUED, FIRST)
    df = spark.read.parquet(customers)
    assert 3 < df.rdd.getNumPartitions() < 20
    links = linkmint.spark.generate(df, campaign, keyring=keyring, **EVERY)
    assert links.columns == [*df.columns, "token", "url_link", "expires_at"]
    got = links.toArrow() if hasattr(links, "toArrow") else pa.Table.from_pandas(links.toPandas())
    assert got.num_rows == ROWS
    ring = linkmint.Keyring.from_secret(SECRET)
    # the rows as Spark reads them, numbered as they stand, by the plain way
    rows = pa.Table.from_pylist([row.asDict() for row in df.select("customer_id", "campaign_id").collect()])
    plain = linkmint.generate(rows, keyring=ring, issued_at=ISSUED, first_id=FIRST, **EVERY)
    assert dict(zip(got["customer_id"].to_pylist(), got["token"].to_pylist(), strict=True)) == dict(
        zip(plain["customer_id"].to_pylist(), plain["token"].to_pylist(), strict=True)
    )
    ids = {linkmint.inspect(token).issued_at for token in got["token"].to_pylist()[:5]}
    assert len(ids) == 1 and len(set(got["token"].to_pylist())) == ROWS
    checked = linkmint.spark.verify(links, keyring=keyring, now=ISSUED, expect={}, show=["customer_id"])
    assert {row["verified_status"] for row in checked.select("verified_status").distinct().collect()} == {"valid"}


class Dies:
    """Kills the Python worker of some tasks at their first attempt, in the middle of their rows."""

    def __init__(self, folder: str, slow: bool) -> None:
        self.folder, self.slow = folder, slow

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from pyspark import TaskContext

        context = TaskContext.get()
        assert context is not None
        number = context.partitionId()
        for place, batch in enumerate(batches):
            if place == 1 and number % 2 == 1:
                mark = Path(self.folder) / f"{number}"
                try:
                    mark.touch(exist_ok=False)
                except FileExistsError:
                    pass
                else:
                    if not self.slow:
                        os.kill(os.getpid(), signal.SIGKILL)
                    # so long that a copy of the task is started on the other executor, and overtakes this one
                    time.sleep(8)
            yield batch


@pytest.mark.parametrize("slow", [False, True], ids=["killed", "overtaken"])
@pytest.mark.parametrize("ids", ["dense", "claims"])
def test_tasks_that_are_tried_again_make_the_same_tokens(
    spark: Any, keyring: str, customers: str, tmp_path: Path, ids: Any, slow: bool
) -> None:
    campaign = linkmint.new_campaign(ISSUED, FIRST)
    df = spark.read.parquet(customers)
    wanted = tokens(linkmint.spark.generate(df, campaign, keyring=keyring, ids=ids, **EVERY))
    links = linkmint.spark.generate(df, campaign, keyring=keyring, ids=ids, **EVERY)
    shaken = links.mapInArrow(Dies(str(tmp_path), slow), links.schema)
    target = str(tmp_path / "links")
    shaken.write.parquet(target)
    assert len(list(tmp_path.glob("[0-9]*"))) >= 2, "attempts were killed or overtaken"
    assert tokens(spark.read.parquet(target)) == wanted
    assert len(wanted) == ROWS


class Others:
    """Other rows each time: more or fewer of them, or the same ones in another order."""

    def __init__(self, turns: bool) -> None:
        self.turns = turns

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            if self.turns:
                yield batch.take(pa.array(random.SystemRandom().sample(range(batch.num_rows), batch.num_rows)))
            else:
                yield batch.slice(os.urandom(1)[0] % 100)


@pytest.mark.parametrize("turns", [False, True], ids=["others", "turned"])
def test_rows_that_are_not_the_counted_ones_end_the_task_with_the_reason(spark: Any, keyring: str, turns: bool) -> None:
    df = spark.range(800, numPartitions=2).selectExpr("id as customer_id")
    odd = df.mapInArrow(Others(turns), df.schema)
    links = linkmint.spark.generate(odd, keyring=keyring, **EVERY)
    with pytest.raises(Exception, match="not those that were counted"):
        links.write.format("noop").mode("overwrite").save()


def test_ids_by_claims_outlive_a_shuffle_and_equal_rows_share_a_token(spark: Any, keyring: str, customers: str) -> None:
    campaign = linkmint.new_campaign(ISSUED, FIRST)
    df = spark.read.parquet(customers)
    straight = tokens(linkmint.spark.generate(df, campaign, keyring=keyring, ids="claims", **EVERY))
    shuffled = linkmint.spark.generate(df.repartition(7), campaign, keyring=keyring, ids="claims", **EVERY)
    assert tokens(shuffled) == straight and len(set(straight.values())) == ROWS
    ten = df.where("customer_id < 1000010")
    twice = ten.union(ten)
    rows = linkmint.spark.generate(twice, campaign, keyring=keyring, ids="claims", **EVERY).select("token").collect()
    assert len(rows) == 20 and len({row["token"] for row in rows}) == 10


def test_the_form_for_sql_gives_the_same_tokens(spark: Any, keyring: str, customers: str) -> None:
    from pyspark.sql import functions

    if not hasattr(functions, "arrow_udf"):
        pytest.skip("PySpark before 4.1")
    campaign = linkmint.new_campaign(ISSUED, FIRST)
    df = spark.read.parquet(customers)
    wanted = tokens(linkmint.spark.generate(df, campaign, keyring=keyring, **EVERY))
    udf = linkmint.spark.arrow_udf(campaign, ["customer_id", "campaign_id"], keyring=keyring, **EVERY)
    spark.udf.register("linkmint", udf)
    linkmint.spark.number_rows(df).createOrReplaceTempView("customers")
    rows = spark.sql("SELECT customer_id, linkmint(row, customer_id, campaign_id).token AS token FROM customers")
    assert tokens(rows) == wanted


def test_bad_rows_stay_with_what_is_wrong_or_end_the_task(spark: Any, keyring: str) -> None:
    df = spark.createDataFrame([("1",), (None,), ("3",)], "customer_id string")
    kept = linkmint.spark.generate(df, keyring=keyring, errors="column", **EVERY).collect()
    assert sorted(row["error"] or "" for row in kept) == ["", "", "column customer_id: the value is empty"]
    with pytest.raises(Exception, match="the value is empty"):
        linkmint.spark.generate(df, keyring=keyring, **EVERY).collect()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"ids": "partition"}, 'it is "dense" or "claims"'),
        ({"dedupe": True}, "dedupe: it does not go with"),
        ({"base_url": None}, "no address for the links"),
        ({"keyring": SECRET}, "it is named as file:PATH"),
        ({"keyring": "env:LINKMINT_NOT_THERE"}, "LINKMINT_NOT_THERE is not set on this executor"),
        ({"keyring": "file:/nonexistent/keys.json"}, "there is no such keyring"),
    ],
    ids=lambda value: next(iter(value.values()), "") if isinstance(value, dict) else "",
)
def test_a_mistake_is_told_in_a_sentence(spark: Any, keyring: str, arguments: Any, sentence: str) -> None:
    df = spark.createDataFrame([("1",)], "customer_id string")
    with pytest.raises(Exception, match=sentence) as told:
        linkmint.spark.generate(df, **{"keyring": keyring, **EVERY, **arguments}).collect()
    assert SECRET not in str(told.value)


def test_no_secret_is_in_a_plan(spark: Any, keyring: str, customers: str) -> None:
    links = linkmint.spark.generate(spark.read.parquet(customers), keyring=keyring, **EVERY)
    plan = links._jdf.queryExecution().toString()
    assert SECRET not in plan
    with pytest.raises(linkmint.UsageError, match="linkmint.spark has the same functions"):
        linkmint.generate(links, keyring=linkmint.Keyring.from_secret(SECRET), **EVERY)
