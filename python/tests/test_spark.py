"""Spark on executors of their own: retried and overtaken tasks make the same tokens, and no partition repeats an id."""

from __future__ import annotations

import importlib.util
import json
import os
import random
import re
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


@pytest.fixture(params=["columns", "rows"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Whether Python gets the columns that links are made of, as from PySpark 4.1 on, or whole rows."""
    if request.param == "rows":
        monkeypatch.setattr(linkmint.spark, "_moves_columns", lambda *_, **__: False)
    return str(request.param)


def test_dense_ids_are_those_of_the_rows_in_their_order(spark: Any, keyring: str, customers: str, way: str) -> None:
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


def test_links_and_expiries_are_those_of_a_table_however_they_are_put_together(spark: Any, keyring: str) -> None:
    cells = [("1001", "s1", ""), ("1002", "s2", "90m"), ("1003", "s 3", "2d")]
    names = ["customer_id", "campaign_id", "valid_for"]
    df, table = spark.createDataFrame(cells, names), pa.table(dict(zip(names, zip(*cells, strict=True), strict=True)))
    day, base = {"expires_in": "24h"}, "https://mystore.com/p?a=1&b={}#top"
    asked: list[dict[str, Any]] = [
        {"base_url": "https://mystore.com/p", "never_expires": True},
        {"base_url": base.replace("{}", "2"), **day},
        {"base_url": base.replace("{}", "2"), "param": "t", "expires_at": "2100-01-31"},
        {"url": "https://mystore.com/ü/{token}/x?y=1#z", **day},
        {"url": "https://mystore.com/{token}?c={campaign_id}", **day},
        {"base_url": "https://mystore.com", "duration_column": "valid_for", **day},
        {"no_link": True, **day},
        {"no_link": True, "never_expires": True, "format": "jwt"},
    ]
    campaign, ring = linkmint.new_campaign(ISSUED, FIRST), linkmint.Keyring.from_secret(SECRET)
    for options in asked:
        links = linkmint.spark.generate(df, campaign, keyring=keyring, **options)
        plain = linkmint.generate(table, keyring=ring, issued_at=ISSUED, first_id=FIRST, **options)
        assert links.columns == plain.column_names
        seconds = plain["expires_at"].cast(pa.timestamp("s", "UTC")).cast(pa.int64())
        wanted = plain.set_column(plain.column_names.index("expires_at"), "expires_at", seconds).to_pylist()
        in_seconds = links.withColumn("expires_at", links["expires_at"].cast("long")).collect()
        assert sorted((row.asDict() for row in in_seconds), key=str) == sorted(wanted, key=str), options


@pytest.mark.parametrize("made_of", ["union", "itself twice", "fewer partitions", "an empty file before"])
def test_links_keep_their_ids_whatever_becomes_of_the_partitions(
    spark: Any, keyring: str, customers: str, way: str, made_of: str
) -> None:
    from pyspark.sql import functions

    campaign, df = linkmint.new_campaign(ISSUED, FIRST), spark.read.parquet(customers).where("customer_id < 1000800")
    if made_of == "an empty file before":
        df = df.where("customer_id > 1000400").coalesce(4)
    links = linkmint.spark.generate(df, campaign, keyring=keyring, **EVERY)
    columns = links.select("customer_id", "token")
    others = spark.range(7).select(functions.col("id").cast("string").alias("customer_id"), functions.lit("").alias("token"))
    changed = {
        "union": others.union(columns).where("token > ''"),
        "itself twice": columns.union(columns),
        "fewer partitions": columns.coalesce(2),
        "an empty file before": others.union(columns.coalesce(1)).where("token > ''"),
    }
    assert tokens(changed[made_of]) == tokens(columns) != {}


def test_a_check_has_a_status_for_every_row_whatever_bytes_are_in_it(spark: Any, keyring: str, tmp_path: Path) -> None:
    ids = [str(number) for number in range(500)]
    ring = linkmint.Keyring.from_secret(SECRET)
    links = linkmint.generate(pa.table({"customer_id": ids}), keyring=ring, no_link=True, expires_in="24h")
    bad = {1, 199, 200, 499}
    campaigns = pa.array([b"\xe9" if row in bad else b"a" for row in range(500)]).view(pa.string())
    tokens = [b"\xff" if row == 7 else token.encode() for row, token in enumerate(links["token"].to_pylist())]
    links = links.set_column(1, "token", pa.array(tokens).view(pa.string())).append_column("campaign", campaigns)
    pq.write_table(links, tmp_path / "links.parquet")
    read = spark.read.parquet(str(tmp_path / "links.parquet"))
    for match, wanted in (({}, "valid"), ({"customer_id": "campaign"}, "row_mismatch")):
        checked = linkmint.spark.verify(read, keyring=keyring, show=["customer_id"], match=match)
        told = checked.select("customer_id", "verified_status", "verified_customer_id").collect()
        found = {row[0]: (row[1], row[2]) for row in told}
        assert found == {each: (wanted, each) for each in ids} | {"7": ("malformed", None)}


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
def test_rows_that_are_not_the_counted_ones_end_the_task_with_the_reason(
    spark: Any, keyring: str, turns: bool, way: str
) -> None:
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


def recorded(program: Any, ledger: Path) -> Any:
    told = program("stats", "--ledger", str(ledger), "--json")
    assert told.returncode == 0, told.stderr
    runs = json.loads(told.stdout)["runs"]
    assert all(run.pop("at") for run in runs)
    return runs


def test_a_run_is_recorded_once_when_all_rows_have_their_tokens(
    spark: Any, keyring: str, customers: str, program: Any, tmp_path: Path
) -> None:
    campaign, ledger, theirs = linkmint.new_campaign(ISSUED, FIRST), tmp_path / "ours.db", tmp_path / "theirs.db"
    df = spark.read.parquet(customers)
    arguments: dict[str, Any] = {"keyring": keyring, "ledger": ledger, "source": "customers.csv", **EVERY}
    links = linkmint.spark.generate(df, campaign, **arguments)
    assert recorded(program, ledger) == [], "nothing is made yet"
    assert len(links.take(2)) == 2
    assert recorded(program, ledger) == [], "a few rows are not the run"
    # tasks that are tried again tell the same
    shaken = links.mapInArrow(Dies(str(tmp_path), False), links.schema)
    shaken.write.parquet(str(tmp_path / "links"))
    assert list(tmp_path.glob("[0-9]*")), "attempts were killed"
    links.write.format("noop").mode("overwrite").save()
    rows = df.select("customer_id", "campaign_id").collect()
    lines = ["customer_id,campaign_id", *(f"{row['customer_id']},{row['campaign_id']}" for row in rows)]
    (tmp_path / "customers.csv").write_text("\n".join(lines) + "\n")
    flags = ["--issued-at", ISSUED, "--first-id", FIRST, "--base-url", EVERY["base_url"], "--expires-in", "24h", "-q"]
    place = str(tmp_path / "customers.csv")
    ran = program("generate", place, "--ledger", str(theirs), "-o", str(tmp_path / "theirs.csv"), *flags)
    assert ran.returncode == 0, ran.stderr
    (ours,), (other,) = recorded(program, ledger), recorded(program, theirs)
    assert ours.pop("input") == "customers.csv" and other.pop("input") == place
    assert ours == other and ours["minted"] == ROWS and len(ours["campaigns"]) == 3


def test_a_run_that_cant_be_recorded_is_a_warning_and_the_next_action_records_it(
    spark: Any, keyring: str, program: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = tmp_path / "ledger.db"
    # bad rows are none of the run
    df = spark.createDataFrame([("1",), (None,), ("3",)], "customer_id string").coalesce(1)
    links = linkmint.spark.generate(df, keyring=keyring, ledger=ledger, errors="column", **EVERY)
    aside = ledger.rename(tmp_path / "aside.db")
    ledger.mkdir()
    told = []
    monkeypatch.setattr(linkmint.spark.warnings, "warn", lambda text, kind, **_: told.append((str(text), kind)))
    assert links.where("token is not null").count() == 2
    assert told and told[0][1] is linkmint.LedgerWarning and "its tokens are complete" in told[0][0]
    ledger.rmdir()
    aside.rename(ledger)
    links.collect()
    links.collect()
    (run,) = recorded(program, ledger)
    assert (run["minted"], run["input"]) == (2, "pyspark.DataFrame")


def test_the_form_for_sql_gives_the_same_tokens(spark: Any, keyring: str, customers: str) -> None:
    from pyspark.sql import functions

    if not hasattr(functions, "arrow_udf"):
        pytest.skip("PySpark before 4.1")
    campaign = linkmint.new_campaign(ISSUED, FIRST)
    df = spark.read.parquet(customers)
    wanted = tokens(linkmint.spark.generate(df, campaign, keyring=keyring, **EVERY))
    udf = linkmint.spark.arrow_udf(campaign, ["customer_id", "campaign_id"], keyring=keyring, **EVERY)
    ring = linkmint.Keyring.from_secret(SECRET)
    with pytest.raises(linkmint.RowNumbersNeeded, match="by row numbers already"):
        linkmint.generate(pa.table({"customer_id": ["1"]}), keyring=ring, campaign=campaign, **EVERY)
    spark.udf.register("linkmint", udf)
    linkmint.spark.number_rows(df).createOrReplaceTempView("customers")
    rows = spark.sql("SELECT customer_id, linkmint(row, customer_id, campaign_id).token AS token FROM customers")
    assert tokens(rows) == wanted
    # as the documentation has it
    pages = [(ROOT / "docs/spark.md").read_text(), linkmint.spark.arrow_udf.__doc__ or ""]
    for page, given in zip(pages, [", product_id", ""], strict=True):
        found = re.search(r"SELECT customers\.\*, link\.\*\s+FROM customers,\s+LATERAL \([^)]*\)[^)]*\)", page)
        assert found
        made = spark.sql(found[0].replace(given, ""))
        assert made.columns == ["customer_id", "campaign_id", "name", "tags", "row", "token", "url_link", "expires_at"]
        assert tokens(made) == wanted


def test_rows_that_stand_in_the_plan_get_the_tokens_of_their_order(spark: Any, keyring: str, way: str) -> None:
    campaign = linkmint.new_campaign(ISSUED, FIRST)
    ids = [str(1_000 + number) for number in range(5)]
    table = pa.table({"customer_id": ids})
    plain = linkmint.generate(table, keyring=linkmint.Keyring.from_secret(SECRET), issued_at=ISSUED, first_id=FIRST, **EVERY)
    wanted = dict(zip(ids, plain["token"].to_pylist(), strict=True))
    values = ", ".join(f"('{each}')" for each in ids)
    spark.conf.set("spark.sql.execution.arrow.pyspark.enabled", "true")
    frames = [spark.sql(f"SELECT * FROM VALUES {values} AS t(customer_id)"), spark.createDataFrame(table.to_pandas())]
    if hasattr(frames[0], "toArrow"):
        frames.append(spark.createDataFrame(table))
    for df in frames:
        assert tokens(linkmint.spark.generate(df, campaign, keyring=keyring, **EVERY)) == wanted
        changed = df.selectExpr("concat(customer_id, '') AS customer_id").where("customer_id <> 'x'")
        assert tokens(linkmint.spark.generate(changed, campaign, keyring=keyring, **EVERY)) == wanted
        assert [row["row"] for row in linkmint.spark.number_rows(df).collect()] == list(range(5))
    none = linkmint.spark.generate(frames[0].where("false"), campaign, keyring=keyring, **EVERY)
    assert none.collect() == []


def test_ids_by_claims_are_those_of_the_claims(spark: Any, keyring: str) -> None:
    rows = [("x", None), (None, "x"), (" x\t", None), ("x", ""), ("", " x "), ("xy", None), ("x", "y")]
    df = spark.createDataFrame(rows, "a string, b string")
    asked: dict[str, Any] = {"ids": "claims", "claims": ["a", "b"], "optional": "a,b", **EVERY}
    made = [row["token"] for row in linkmint.spark.generate(df, keyring=keyring, **asked).collect()]
    verifier = linkmint.Verifier(linkmint.Keyring.from_secret(SECRET))
    found = [verifier.verify(token) for token in made]
    by_claims = {tuple(sorted(token.claims.items())): token.id for token in found}
    assert len(by_claims) == len(set(by_claims.values())) == 4
    assert len(set(made)) == 4
    # and of numbers as of their digits
    numbers = spark.range(1, 3).selectExpr("id AS customer_id")
    texts = numbers.selectExpr("cast(customer_id AS string) AS customer_id")
    campaign = linkmint.new_campaign(ISSUED, FIRST)
    one, other = (
        [row["token"] for row in linkmint.spark.generate(df, campaign, keyring=keyring, ids="claims", **EVERY).collect()]
        for df in (numbers, texts)
    )
    assert one == other


def test_names_that_spark_reads_in_its_own_way(spark: Any, keyring: str, way: str) -> None:
    df = spark.createDataFrame([("1", "a", "b")], ["customer_id", "x.y", "z`w"])
    claims = {"customer_id": "customer_id", "x": "x.y", "z": "z`w"}
    (row,) = linkmint.spark.generate(df, keyring=keyring, claims=claims, **EVERY).collect()
    token = linkmint.Verifier(linkmint.Keyring.from_secret(SECRET)).verify(row["token"])
    assert token.claims == {"customer_id": "1", "x": "a", "z": "b"} and row["x.y"] == "a"
    twice = spark.createDataFrame([("1", "a", "b")], ["customer_id", "x", "x"])
    assert linkmint.spark.generate(twice, keyring=keyring, **EVERY).count() == 1
    assert [len(row) for row in linkmint.spark.generate(twice, keyring=keyring, **EVERY).collect()] == [6]
    used = spark.createDataFrame([("1", "a")], ["customer_id", "Customer_ID"])
    with pytest.raises(linkmint.ColumnError):
        linkmint.spark.generate(used, keyring=keyring, **EVERY)
    with pytest.raises(linkmint.ColumnError, match="can't tell it from the new column token"):
        linkmint.spark.generate(df.withColumnRenamed("x.y", "Token"), keyring=keyring, **EVERY)
    with pytest.raises(linkmint.UsageError, match="there is a column row already"):
        linkmint.spark.number_rows(df.withColumnRenamed("x.y", "Row"))


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ("map('a', 1)", "maps"),
        ("array('a')", "lists"),
        ("struct(1 AS a)", "structs"),
        ("X'00'", "bytes"),
        ("parse_json('1')", "structs"),
    ],
)
def test_cells_that_are_no_texts_are_told_before_any_job(spark: Any, keyring: str, cells: str, kind: str) -> None:
    if cells.startswith("parse_json") and spark.version < "4":
        pytest.skip("PySpark before 4.0")
    df = spark.range(1).selectExpr(f"{cells} AS customer_id", f"{cells} AS tags", "'x' AS token", "1 AS id")
    for ids in ("dense", "claims"):
        with pytest.raises(linkmint.ColumnError, match=f"column customer_id: its cells are {kind}"):
            linkmint.spark.generate(df.drop("token"), keyring=keyring, ids=ids, **EVERY)
    with pytest.raises(linkmint.ColumnError, match=f"column customer_id: its cells are {kind}"):
        linkmint.spark.verify(df, keyring=keyring, column="customer_id")
    # where nothing is made of them, they stay
    assert linkmint.spark.generate(df.drop("token"), keyring=keyring, claims=["id"], **EVERY).select("token").count() == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"expires_in": None}, "nothing says when the links expire"),
        ({"expires_in": "24"}, 'the duration "24" has no unit'),
        ({"base_url": "nope"}, "it is no URL"),
        ({"claims": ["nobody"]}, 'there is no column "nobody"'),
        ({"keyring": "/tmp/keys.json"}, "it is named as file:PATH"),
        ({"keyring": SECRET}, "it is named as file:PATH"),
        ({"keyring": linkmint.Keyring.from_secret(SECRET)}, "it is named as file:PATH"),
        ({"first_id": 0}, "first_id: it does not go with"),
        ({"campaign": "spring26"}, "it is what linkmint.new_campaign"),
    ],
    ids=lambda value: next(iter(value), "") if isinstance(value, dict) else "",
)
def test_a_mistake_in_an_argument_is_told_before_any_job(spark: Any, keyring: str, arguments: Any, sentence: str) -> None:
    df = spark.createDataFrame([("1", "x")], "customer_id string, token string")
    with pytest.raises(linkmint.Error, match=sentence) as told:
        linkmint.spark.generate(df.drop("token"), **{"keyring": keyring, **EVERY, **arguments})
    assert SECRET not in str(told.value) and "__linkmint" not in str(told.value)


def test_a_mistake_in_a_check_or_a_function_is_told_before_any_job(spark: Any, keyring: str) -> None:
    df = spark.createDataFrame([("1", "x")], "customer_id string, token string")
    with pytest.raises(linkmint.ColumnError, match="neither a column token nor a column url_link"):
        linkmint.spark.verify(df.drop("token"), keyring=keyring)
    with pytest.raises(linkmint.KeyringError, match="it is named as file:PATH"):
        linkmint.spark.verify(df, keyring=SECRET)
    with pytest.raises(linkmint.UsageError, match="is no DataFrame of Spark"):
        linkmint.spark.verify(pa.table({"token": ["x"]}), keyring=keyring)
    if hasattr(linkmint.spark._functions(), "arrow_udf"):
        with pytest.raises(linkmint.UsageError, match="nothing says when the links expire"):
            linkmint.spark.arrow_udf(linkmint.new_campaign(), ["customer_id"], keyring=keyring, no_link=True)
        with pytest.raises(linkmint.ColumnError, match='there is no column "customer_id"'):
            linkmint.spark.arrow_udf(linkmint.new_campaign(), "customer", keyring=keyring, **EVERY)
    with pytest.raises(linkmint.UsageError, match="column: it is a text, and not int"):
        linkmint.spark.number_rows(df, 5)


@pytest.mark.parametrize("option", ["dedupe", "strict", "row", "threads", "issued_at", "first_id"])
def test_what_needs_all_rows_or_is_settled_here_is_no_option(spark: Any, keyring: str, option: str) -> None:
    df, campaign = spark.createDataFrame([("1", "x")], "customer_id string, token string"), linkmint.new_campaign()
    asks: list[Any] = [
        lambda **option: linkmint.spark.generate(df.drop("token"), keyring=keyring, **EVERY, **option),
        lambda **option: linkmint.spark.verify(df, keyring=keyring, **option),
        lambda **option: linkmint.spark.arrow_udf(campaign, ["customer_id"], keyring=keyring, **EVERY, **option),
    ]
    if not hasattr(linkmint.spark._functions(), "arrow_udf"):
        del asks[2]
    for ask in asks:
        with pytest.raises(linkmint.UsageError, match=f"{option}: it does not go with"):
            ask(**{option: True})


def test_python_sees_the_columns_that_links_are_made_of(spark: Any, keyring: str, customers: str) -> None:
    from pyspark.sql import functions

    if not hasattr(functions, "arrow_udf"):
        pytest.skip("PySpark before 4.1")
    campaign = linkmint.new_campaign(ISSUED, FIRST)
    df = spark.read.parquet(customers)
    options: dict[str, Any] = {"keyring": keyring, "url": "https://mystore.com/{token}?n={name}", "expires_in": "24h"}
    links = linkmint.spark.generate(df, campaign, **options)
    plan = links._jdf.queryExecution().executedPlan().toString()
    (call,) = {line.strip() for line in plan.splitlines() if "ArrowEvalPython" in line}
    assert all(name in call for name in ("customer_id", "campaign_id", "name")) and "tags" not in call
    assert "MapInArrow" not in plan
    wanted = tokens(links)
    # what is asked of the rows afterwards takes none from those that were counted
    some = links.where("campaign_id = 'spring1'")
    assert tokens(some) == {row["customer_id"]: wanted[row["customer_id"]] for row in some.select("customer_id").collect()}
    assert len(links.limit(3).collect()) == 3 and len(links.orderBy("name").take(2)) == 2
    assert links.select("name").distinct().count() == ROWS
    added = [("token", "string"), ("url_link", "string"), ("expires_at", "timestamp")]
    assert links.schema == linkmint.spark._schema_with(df, added)
    # what may not be overwritten has to be looked at
    kept = df.withColumnRenamed("name", "token")
    with pytest.raises(Exception, match="the cell is filled already"):
        linkmint.spark.generate(kept, campaign, keyring=keyring, **EVERY).collect()
    over = linkmint.spark.generate(kept, campaign, keyring=keyring, replace=True, **EVERY)
    assert over.columns == ["customer_id", "campaign_id", "tags", "token", "url_link", "expires_at"]
    assert tokens(over) == wanted


def test_bad_rows_stay_with_what_is_wrong_or_end_the_task(spark: Any, keyring: str, way: str) -> None:
    df = spark.createDataFrame([("1",), (None,), ("3",)], "customer_id string")
    kept = linkmint.spark.generate(df, keyring=keyring, errors="column", **EVERY).collect()
    assert sorted(row["error"] or "" for row in kept) == ["", "", "column customer_id: the value is empty"]
    with pytest.raises(Exception, match="row 1, column customer_id: the value is empty"):
        linkmint.spark.generate(df, keyring=keyring, **EVERY).collect()
    # numbered over all partitions
    late = spark.range(0, 1_000, 1, 3).selectExpr("nullif(id, 900) AS customer_id")
    with pytest.raises(Exception, match="row 900, column customer_id: the value is empty"):
        linkmint.spark.generate(late, keyring=keyring, **EVERY).collect()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"ids": "partition"}, 'it is "dense" or "claims"'),
        ({"ledger": "ledger.db", "ids": "claims"}, "no ledger can tell which run made a token"),
        ({"ledger": "/nonexistent/ledger.db"}, "no such file or directory"),
        ({"ledger": "postgres://shop:open-sesame@127.0.0.1:1/links"}, "postgres://shop@127.0.0.1:1/links: the server can't"),
        ({"source": "customers"}, "no ledger is named"),
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
    assert SECRET not in str(told.value) and "sesame" not in str(told.value)


def test_no_secret_is_in_a_plan(spark: Any, keyring: str, customers: str) -> None:
    links = linkmint.spark.generate(spark.read.parquet(customers), keyring=keyring, **EVERY)
    plan = links._jdf.queryExecution().toString()
    assert SECRET not in plan
    with pytest.raises(linkmint.UsageError, match="linkmint.spark has the same functions"):
        linkmint.generate(links, keyring=linkmint.Keyring.from_secret(SECRET), **EVERY)
