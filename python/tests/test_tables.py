"""Tables of all kinds and columns of all types, and what is wrong with some."""

from __future__ import annotations

import copy
import datetime as dt
import multiprocessing
import os
import pickle
import signal
import warnings
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from conftest import FIRST, ISSUED, SECRET

import linkmint

IDS = ["1001", "1002", "1003"]
EVERY: dict[str, Any] = {"base_url": "https://mystore.com/p", "expires_in": "24h", "issued_at": ISSUED, "first_id": FIRST}


def tokens(ring: linkmint.Keyring, ids: list[str], **more: Any) -> list[str]:
    """What the plain table of these ids gets."""
    made = linkmint.generate(pa.table({"customer_id": ids}), keyring=ring, **{**EVERY, **more})
    return list(made["token"].to_pylist())


def test_the_same_kind_comes_out(ring: linkmint.Keyring) -> None:
    wanted = tokens(ring, IDS)
    table = pa.table({"customer_id": IDS, "tags": [["a"], [], None]})
    polars = linkmint.generate(pl.DataFrame(table), keyring=ring, **EVERY)
    assert isinstance(polars, pl.DataFrame) and polars["token"].to_list() == wanted
    assert polars.schema["expires_at"] == pl.Datetime("us", "UTC")
    frame = pd.DataFrame({"customer_id": IDS, "age": [1, 2, 3]}, index=["x", "y", "z"])
    pandas = linkmint.generate(frame, keyring=ring, **EVERY)
    assert isinstance(pandas, pd.DataFrame) and list(pandas["token"]) == wanted
    assert list(pandas.index) == ["x", "y", "z"] and pandas["age"].dtype == frame["age"].dtype
    assert str(pandas["expires_at"].dt.tz) == "UTC" and "token" not in frame
    arrow = linkmint.generate(table, keyring=ring, **EVERY)
    assert isinstance(arrow, pa.Table) and arrow["token"].to_pylist() == wanted
    assert arrow.column_names == ["customer_id", "tags", "token", "url_link", "expires_at"]
    batch = linkmint.generate(table.to_batches()[0], keyring=ring, **EVERY)
    assert isinstance(batch, pa.RecordBatch) and batch["token"].to_pylist() == wanted
    reader = linkmint.generate(table.to_reader(), keyring=ring, **EVERY)
    assert isinstance(reader, pa.RecordBatchReader) and reader.read_all()["token"].to_pylist() == wanted


def test_new_columns_are_sound_texts_and_times(ring: linkmint.Keyring) -> None:
    table = pa.table({"customer_id": ["1001", None, "Müller"], "city": ["Köln", "Bonn", "東京"]})
    more: dict[str, Any] = {**EVERY, "base_url": None, "url": "https://mystore.com/größe/{token}?c={city}"}
    links = linkmint.generate(table, keyring=ring, errors="column", **more)
    checked = linkmint.verify(links, keyring=ring, show=["customer_id"])
    for made in (links, checked):
        made.validate(full=True)
    types = {name: str(checked.schema.field(name).type) for name in checked.column_names[2:]}
    texts = ["token", "url_link", "error", "verified_status", "verified_customer_id"]
    assert {name for name, kind in types.items() if kind == "string"} == set(texts), types
    assert links["url_link"].null_count == 1 and checked["verified_customer_id"].to_pylist() == ["1001", None, "Müller"]


def test_what_duckdb_has_comes_out_as_any_reader_of_arrow_takes_it(ring: linkmint.Keyring) -> None:
    cursor = duckdb.connect()
    rows = cursor.sql("select customer_id, row_number() over () - 1 as row from unnest(['1001', '1002', '1003']) t(customer_id)")
    links = linkmint.generate(rows, keyring=ring, row="row", **EVERY)
    assert isinstance(links, linkmint.Table) and len(links) == 3
    assert pa.table(links)["token"].to_pylist() == tokens(ring, IDS)
    assert pl.DataFrame(links)["token"].to_list() == tokens(ring, IDS)
    assert cursor.sql("select count(token) from links").fetchall() == [(3,)]


@pytest.mark.parametrize(
    "column",
    [
        pa.array(IDS, pa.large_string()),
        pa.array(IDS, pa.string_view()),
        pa.array(IDS).dictionary_encode(),
        pa.array(IDS, pa.large_string()).dictionary_encode(),
        pa.array([1001, 1002, 1003], pa.int64()),
        pa.array([1001, 1002, 1003], pa.uint16()),
        pa.array([1001, 1002, 1003], pa.int32()).dictionary_encode(),
        pa.chunked_array([["1001"], [], ["1002", "1003"]]),
    ],
    ids=lambda column: str(column.type),
)
def test_ids_of_any_type_get_the_same_tokens(ring: linkmint.Keyring, column: Any) -> None:
    table = pa.table({"customer_id": column})
    made = linkmint.generate(table, keyring=ring, **EVERY)
    assert made["token"].to_pylist() == tokens(ring, IDS)
    assert made.schema.field("customer_id").type == column.type


def test_values_are_texts_as_a_list_has_them(ring: linkmint.Keyring) -> None:
    day = dt.date(2026, 3, 1)
    zoned = dt.datetime(2026, 3, 1, 12, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    table = pa.table(
        {
            "customer_id": pa.array([True]),
            "day": pa.array([day]),
            "at": pa.array([zoned], pa.timestamp("us", "Europe/Berlin")),
            "price": pa.array([12.5]),
        }
    )
    made = linkmint.generate(table, keyring=ring, claims=["customer_id", "day", "at", "price"], **EVERY)
    claims = linkmint.Verifier(ring, now=ISSUED).verify(made["token"][0].as_py()).claims
    assert claims == {"customer_id": "true", "day": "2026-03-01", "at": "2026-03-01T11:00:00Z", "price": "12.5"}


def test_no_rows_are_no_fault(ring: linkmint.Keyring) -> None:
    empty = pa.table({"customer_id": pa.array([], pa.string())})
    made = linkmint.generate(empty, keyring=ring, **EVERY)
    assert made.num_rows == 0 and made.column_names == ["customer_id", "token", "url_link", "expires_at"]
    assert linkmint.verify(made, keyring=ring).num_rows == 0
    assert linkmint.generate(pl.DataFrame(empty), keyring=ring, **EVERY).height == 0
    assert len(linkmint.generate(empty.to_pandas(), keyring=ring, **EVERY)) == 0


@pytest.mark.parametrize(
    ("columns", "arguments", "error", "sentence"),
    [
        ({"customerid_": IDS}, {"claims": ["customer"]}, linkmint.ColumnError, 'there is no column "customer"'),
        ({"kunde": IDS}, {}, linkmint.ColumnError, 'there is no column "customer_id"'),
        ({"custmer_id": IDS}, {}, linkmint.ColumnError, 'did you mean "custmer_id"?'),
        ({"customer_id": [["1"], ["2"], []]}, {}, linkmint.ColumnError, "column customer_id: its cells are lists"),
        ({"customer_id": [{"a": 1}] * 3}, {}, linkmint.ColumnError, "column customer_id: its cells are structs"),
        ({"customer_id": [b"1"] * 3}, {}, linkmint.ColumnError, "column customer_id: its cells are bytes"),
        ({"customer_id": IDS, "token": ["", "x", ""]}, {}, linkmint.ColumnError, 'the cell is filled already: "x"'),
        ({"customer_id": IDS}, {"expires_in": "24"}, linkmint.UsageError, 'the duration "24" has no unit'),
        ({"customer_id": IDS}, {"base_url": "mystore.com"}, linkmint.UsageError, "base_url"),
        ({"customer_id": IDS}, {"base_url": None}, linkmint.UsageError, "no address for the links"),
        ({"customer_id": IDS}, {"expires_in": None}, linkmint.UsageError, "nothing says when the links expire"),
        ({"customer_id": IDS}, {"set": {"customer_id": "1"}}, linkmint.UsageError, "the claim customer_id is given twice"),
        ({"customer_id": IDS}, {"format": "jwt", "set": {"exp": "1"}}, linkmint.UsageError, "exp"),
        ({"customer_id": IDS}, {"key_id": "0000"}, linkmint.KeyringError, "the keyring has no key 0000"),
        ({"customer_id": IDS}, {"first_id": "12"}, linkmint.UsageError, '"12" is no id'),
        ({"customer_id": IDS}, {"expires_at": dt.datetime(2026, 12, 1)}, linkmint.UsageError, "at which offset from UTC"),
        ({"customer_id": IDS}, {"expires_in": None, "expires_at": "2026-11-01"}, linkmint.UsageError, ""),
        ({"customer_id": IDS}, {"threads": 0}, linkmint.UsageError, "threads"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(
    ring: linkmint.Keyring, columns: Any, arguments: Any, error: type[linkmint.Error], sentence: str
) -> None:
    with pytest.raises(error) as told:
        linkmint.generate(pa.table(columns), keyring=ring, **{**EVERY, **arguments})
    assert sentence in str(told.value)
    assert "--" not in str(told.value)


@pytest.mark.parametrize(
    ("column", "sentence"),
    [
        (pa.array([dt.datetime(2026, 12, 1, 18)], pa.timestamp("us")), "does not say at which offset from UTC"),
        (pa.array(["soon"]), "neither a date nor an instant"),
    ],
    ids=["naive", "text"],
)
def test_an_expiry_that_can_mean_several_instants_is_refused(ring: linkmint.Keyring, column: Any, sentence: str) -> None:
    table = pa.table({"customer_id": ["1001"], "until": column})
    arguments = {**EVERY, "expires_in": None, "expiry_column": "until"}
    with pytest.raises(linkmint.RowsRejected) as told:
        linkmint.generate(table, keyring=ring, **arguments)
    assert (told.value.rejected, told.value.rows, told.value.told[0][0]) == (1, 1, 0)
    assert sentence in told.value.told[0][1] and "column until" in str(told.value)
    assert pickle.loads(pickle.dumps(told.value)).told == told.value.told


def test_zoned_times_dates_and_times_of_a_named_zone_are_expiries(ring: linkmint.Keyring) -> None:
    naive = dt.datetime(2026, 12, 1, 18)
    zoned = naive.replace(tzinfo=dt.timezone.utc)
    arguments = {**EVERY, "expires_in": None, "expiry_column": "until"}

    def expiry(column: Any, **more: Any) -> Any:
        table = pa.table({"customer_id": ["1001"], "until": column})
        return linkmint.generate(table, keyring=ring, **{**arguments, **more})["expires_at"][0].as_py()

    for unit in ("s", "ms", "us", "ns"):
        assert expiry(pa.array([zoned], pa.timestamp(unit, "America/New_York"))) == zoned
    assert expiry(pa.array([naive], pa.timestamp("us")), timezone="Europe/Berlin") == zoned - dt.timedelta(hours=1)
    assert expiry(pa.array([dt.date(2026, 12, 1)])) == dt.datetime(2026, 12, 2, tzinfo=dt.timezone.utc)
    hours = pa.table({"customer_id": ["1001"], "duration": pa.array([dt.timedelta(hours=2)])})
    made = linkmint.generate(hours, keyring=ring, **{**EVERY, "expires_in": None})
    assert made["expires_at"][0].as_py() == dt.datetime(2026, 11, 21, 18, tzinfo=dt.timezone.utc)


def test_a_null_rejects_its_row_and_is_told_beside_the_others(ring: linkmint.Keyring) -> None:
    table = pa.table({"customer_id": ["1001", None, "1003"], "city": [None, "Bern", None]})
    with pytest.raises(linkmint.RowsRejected) as told:
        linkmint.generate(table, keyring=ring, **EVERY)
    assert told.value.told == [(1, "column customer_id: the value is empty")]
    made = linkmint.generate(table, keyring=ring, errors="column", **EVERY)
    assert made["error"].to_pylist() == [None, "column customer_id: the value is empty", None]
    assert made["token"].to_pylist()[::2] == tokens(ring, IDS)[::2]
    assert [made[name][1].as_py() for name in ("token", "url_link", "expires_at")] == [None] * 3
    claims = ["customer_id", "city"]
    made = linkmint.generate(table, keyring=ring, errors="column", claims=claims, optional=claims, **EVERY)
    assert made["error"].null_count == 3


def test_a_stream_of_several_batches_needs_row_numbers(ring: linkmint.Keyring) -> None:
    batches = pa.table({"customer_id": IDS, "row": [0, 1, 2]}).to_batches(max_chunksize=2)
    with pytest.raises(linkmint.RowNumbersNeeded, match="would count from 0 and give ids twice"):
        linkmint.generate(pa.RecordBatchReader.from_batches(batches[0].schema, batches), keyring=ring, **EVERY)
    reader = pa.RecordBatchReader.from_batches(batches[0].schema, batches)
    made = linkmint.generate(reader, keyring=ring, row="row", **EVERY).read_all()
    assert made["token"].to_pylist() == tokens(ring, IDS)
    # the parts of a whole table are in their order
    made = linkmint.generate(pa.Table.from_batches(batches), keyring=ring, **EVERY)
    assert made["token"].to_pylist() == tokens(ring, IDS)


def test_parts_in_any_order_get_the_tokens_of_the_whole(ring: linkmint.Keyring) -> None:
    campaign = linkmint.new_campaign(ISSUED, FIRST)
    whole = pa.table({"customer_id": IDS, "row": [0, 1, 2]})
    every: dict[str, Any] = {"keyring": ring, "base_url": "https://mystore.com/p", "expires_in": "24h"}
    parts = [linkmint.generate(whole.slice(start, 1), campaign=campaign, row="row", **every) for start in (2, 0, 1)]
    assert pa.concat_tables(parts)["token"].to_pylist() == [tokens(ring, IDS)[place] for place in (2, 0, 1)]
    # without numbers a campaign counts once
    campaign = linkmint.new_campaign(ISSUED, FIRST)
    assert linkmint.generate(whole, campaign=campaign, **every)["token"].to_pylist() == tokens(ring, IDS)
    for same in (campaign, copy.copy(campaign), copy.deepcopy({"a": campaign})["a"]):
        with pytest.raises(linkmint.RowNumbersNeeded, match="give the same ids again"):
            linkmint.generate(whole, campaign=same, **every)
    # and not at all where it can't know what was counted
    again = pickle.loads(pickle.dumps(linkmint.new_campaign(ISSUED, FIRST)))
    assert again == campaign
    with pytest.raises(linkmint.RowNumbersNeeded, match="comes from another process"):
        linkmint.generate(whole, campaign=again, **every)
    assert linkmint.generate(whole, campaign=again, row="row", **every)["token"].to_pylist() == tokens(ring, IDS)


def test_a_call_that_fails_counts_no_rows(ring: linkmint.Keyring) -> None:
    campaign = linkmint.new_campaign(ISSUED, FIRST)
    every: dict[str, Any] = {"keyring": ring, "base_url": "https://mystore.com/p", "campaign": campaign}
    table = pa.table({"customer_id": ["1001", None, "1003"]})
    with pytest.raises(linkmint.UsageError, match="nothing says when"):
        linkmint.generate(table, **every)
    with pytest.raises(linkmint.RowsRejected):
        linkmint.generate(table, expires_in="24h", **every)
    mended = pa.table({"customer_id": IDS})
    assert linkmint.generate(mended, expires_in="24h", **every)["token"].to_pylist() == tokens(ring, IDS)
    with pytest.raises(linkmint.RowNumbersNeeded):
        linkmint.generate(mended, expires_in="24h", **every)


def test_a_campaign_counts_or_is_told_the_numbers_and_never_both(ring: linkmint.Keyring) -> None:
    numbered, plain = pa.table({"customer_id": ["1", "2"], "r": [0, 1]}), pa.table({"customer_id": ["3", "4"]})
    every: dict[str, Any] = {"keyring": ring, "no_link": True, "expires_in": "24h"}
    by_number: tuple[pa.Table, dict[str, Any]] = (numbered, {"row": "r"})
    for (first, its), (second, others), sentence in [
        (by_number, (plain, {}), "by row numbers already"),
        ((plain, {}), by_number, "counted the rows"),
    ]:
        campaign = linkmint.new_campaign(ISSUED, FIRST)
        with pytest.raises(linkmint.ColumnError):
            linkmint.generate(second, campaign=campaign, expiry_column="none", **every, **others)
        linkmint.generate(first, campaign=campaign, **every, **its)
        for again in (campaign, copy.deepcopy(campaign)):
            with pytest.raises(linkmint.RowNumbersNeeded, match=sentence):
                linkmint.generate(second, campaign=again, **every, **others)
    campaign = linkmint.new_campaign(ISSUED, FIRST)
    parts = [linkmint.generate(numbered.slice(row, 1), campaign=campaign, row="r", **every) for row in (1, 0, 1)]
    assert parts[0].equals(parts[2]) and not parts[0]["token"].equals(parts[1]["token"])


def _in_a_process(part: tuple[linkmint.Campaign, list[str]]) -> str:
    campaign, ids = part
    ring = linkmint.Keyring.from_secret(SECRET)
    try:
        linkmint.generate(pd.DataFrame({"customer_id": ids}), keyring=ring, campaign=campaign, no_link=True, never_expires=True)
    except linkmint.RowNumbersNeeded as error:
        return str(error)
    return "counted"


KEPT = linkmint.new_campaign()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_parts_in_other_processes_need_row_numbers() -> None:
    with multiprocessing.get_context("fork").Pool(2) as pool:
        told = pool.map(_in_a_process, [(linkmint.new_campaign(), ["1"]), (KEPT, ["2"])])
        told += [pool.apply(_of_a_parent, (["1"],))]
    assert all("comes from another process" in each for each in told)


def _of_a_parent(ids: list[str]) -> str:
    return _in_a_process((KEPT, ids))


def test_a_column_of_pandas_with_empty_lower_levels_has_the_name_of_the_first(ring: linkmint.Keyring) -> None:
    rows = {("customer_id", ""): ["1001"], ("token", ""): ["OLD"], ("error", ""): ["kept"], ("a", "b"): ["x"], ("a", 0): ["y"]}
    for name, extra in (("token", {}), ("error", {"errors": "column"})):
        frame = pd.DataFrame({label: cells for label, cells in rows.items() if label[0] != {"error": "token"}.get(name)})
        with pytest.raises(linkmint.ColumnError, match=f"column {name}: the cell is filled already"):
            linkmint.generate(frame, keyring=ring, **{**EVERY, **extra})
    frame = pd.DataFrame(rows)
    made = linkmint.generate(frame, keyring=ring, claims=["customer_id", "c=('a', 'b')", "d=('a', '0')"], replace=True, **EVERY)
    assert list(made.columns) == [*rows, ("url_link", ""), ("expires_at", "")] and list(made[("error", "")]) == ["kept"]
    checked = linkmint.verify(made, keyring=ring, now=ISSUED, match={"c": "('a', 'b')", "d": "('a', '0')"})
    assert list(checked[("verified_status", "")]) == ["valid"] and list(frame[("token", "")]) == ["OLD"]
    other = pd.DataFrame({"customer_id": ["1001"], 5: ["OLD"]})
    made = linkmint.generate(other, keyring=ring, token_column="5", replace=True, **EVERY)
    assert list(made.columns[:2]) == ["customer_id", 5] and list(made[5]) == tokens(ring, ["1001"])


def test_rows_without_columns_are_rows(ring: linkmint.Keyring) -> None:
    for frame in (pd.DataFrame(index=range(3)), pd.DataFrame()):
        made = linkmint.generate(frame, keyring=ring, claims=[], **EVERY)
        assert len(set(made["token"])) == len(frame) == len(made)


@pytest.mark.parametrize("height", [0, 1, 3])
def test_columns_of_polars_that_arrow_has_not_stay_as_they_are(ring: linkmint.Keyring, height: int) -> None:
    kept: dict[str, Any] = {
        "nulls": pl.Series([None] * height),
        "lists": pl.Series([[None]] * height, dtype=pl.List(pl.Null)),
        "structs": pl.Series([{"a": None}] * height, dtype=pl.Struct({"a": pl.Null})),
        "objects": pl.Series([object() for _ in range(height)], dtype=pl.Object),
        "large": pl.Series([1 << 100] * height, dtype=pl.Int128),
    }
    frame = pl.DataFrame({"customer_id": pl.Series(IDS[:height], dtype=pl.String), **kept})
    made = linkmint.generate(frame, keyring=ring, **EVERY)
    assert made["token"].to_list() == tokens(ring, IDS[:height])
    assert made.columns == [*frame.columns, "token", "url_link", "expires_at"]
    assert made.drop("token", "url_link", "expires_at").schema == frame.schema
    assert made["objects"].to_list() == frame["objects"].to_list()
    checked = linkmint.verify(made, keyring=ring, now=ISSUED)
    assert checked["verified_status"].to_list() == ["valid"] * height
    assert checked["objects"].to_list() == frame["objects"].to_list() and checked["large"].to_list() == [1 << 100] * height


def test_columns_of_polars_that_give_claims_are_read_or_refused(ring: linkmint.Keyring) -> None:
    made = linkmint.generate(pl.DataFrame({"customer_id": pl.Series([1001, 1002, 1003], dtype=pl.Int128)}), keyring=ring, **EVERY)
    assert made["token"].to_list() == tokens(ring, IDS) and made.schema["customer_id"] == pl.Int128
    assert linkmint.generate(pl.DataFrame({"customer_id": []}), keyring=ring, **EVERY).height == 0
    for column, kind in (([[None]], "lists"), (pl.Series([object()], dtype=pl.Object), "bytes")):
        with pytest.raises(linkmint.ColumnError, match=f"its cells are {kind}"):
            linkmint.generate(pl.DataFrame({"customer_id": column}), keyring=ring, **EVERY)
    with pytest.raises(linkmint.RowsRejected, match="the value is empty"):
        linkmint.generate(pl.DataFrame({"customer_id": [None]}), keyring=ring, **EVERY)
    # a column that is filled keeps its place and its cells, unless it may be replaced
    frame = pl.DataFrame({"token": ["x"], "customer_id": ["1001"]})
    assert linkmint.generate(frame, keyring=ring, replace=True, **EVERY).columns == ["customer_id", "token", "url_link", "expires_at"]


@pytest.mark.parametrize(
    "names",
    [
        pd.RangeIndex(2),
        pd.Index(["customer_id", 5]),
        pd.CategoricalIndex(["customer_id", "b"]),
        pd.DatetimeIndex(["2026-01-01", "2026-01-02"]),
        pd.MultiIndex.from_tuples([("a", "b"), ("a", "c")]),
    ],
    ids=lambda names: type(names).__name__,
)
@pytest.mark.filterwarnings("ignore:The DataFrame has column names of mixed type")
def test_names_of_pandas_may_be_of_any_type(ring: linkmint.Keyring, names: Any) -> None:
    frame = pd.DataFrame([["1001", "x"]], columns=names, index=["z"])
    arrow = pa.table(frame).column_names[0]
    made = linkmint.generate(frame, keyring=ring, claims={"customer_id": arrow}, **EVERY)
    assert list(made.columns[:2]) == list(names) and list(frame.columns) == list(names) and list(made.index) == ["z"]
    token = made["token"] if made.columns.nlevels == 1 else made[("token", "")]
    assert list(token) == tokens(ring, ["1001"])
    plain = pd.DataFrame({"token": list(token), "customer_id": ["1001"], 5: ["x"]})
    checked = linkmint.verify(plain, keyring=ring, now=ISSUED)
    assert list(checked["verified_status"]) == ["valid"] and list(plain.columns) == ["token", "customer_id", 5]


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        ([0, 1, 1], "row 2, column row: an earlier row has the same row number"),
        ([0, None, 1], "row 1, column row: there is no row number"),
        ([0, -1, 1], "row 1, column row: it is no row number"),
        ([0, 1 << 48, 1], "row 1, column row: it is no row number"),
        (["a", "b", "c"], "row 0, column row: it is no row number"),
    ],
)
def test_row_numbers_are_whole_and_none_is_twice(ring: linkmint.Keyring, numbers: Any, sentence: str) -> None:
    with pytest.raises(linkmint.ColumnError, match=sentence):
        linkmint.generate(pa.table({"customer_id": IDS, "row": numbers}), keyring=ring, row="row", **EVERY)


def test_likely_mistakes_are_warnings_and_strict_rejects_them(ring: linkmint.Keyring) -> None:
    table = pa.table({"customer_id": ["1001", "1001", "4.68E+17"]})
    with pytest.warns(linkmint.TableWarning) as told:
        linkmint.generate(table, keyring=ring, **EVERY)
    texts = [str(warning.message) for warning in told]
    assert any("an earlier row has the same claims" in text for text in texts)
    assert any("spreadsheet spoiled" in text for text in texts)
    with pytest.raises(linkmint.RowsRejected) as rejected:
        linkmint.generate(table, keyring=ring, strict=True, **EVERY)
    assert [row for row, _ in rejected.value.told] == [1, 2]
    made = linkmint.generate(pa.table({"customer_id": ["1", "2", "1"]}), keyring=ring, dedupe=True, **EVERY)
    first, _, third = made["token"].to_pylist()
    assert first == third


def test_columns_that_look_forgotten_or_have_nearly_a_name_are_told(ring: linkmint.Keyring) -> None:
    names = ["customer_id", "Duration", "Campaign", "Base URL", "Token", "URL-Link", "Expires At"]
    table = pa.table({name: ["" if name != "customer_id" else "1"] for name in names})
    with pytest.warns(linkmint.TableWarning) as warned:
        linkmint.generate(table, keyring=ring, **EVERY)
    arguments = [str(warning.message).partition("; ")[2] for warning in warned]
    assert arguments == [
        'claims={"customer_id": "customer_id", "campaign_id": "Campaign"} takes it',
        'duration_column="Duration" takes its cells for how long each link is valid',
        'base_url_column="Base URL" takes its cells for the addresses of rows\' own',
        'token_column="Token" fills that one in place of a new one',
        'url_column="URL-Link" fills that one in place of a new one',
        'expires_column="Expires At" fills that one in place of a new one',
    ]
    taken: dict[str, Any] = {
        "claims": {"customer_id": "customer_id"}, "duration_column": "Duration", "base_url_column": "Base URL",
        "token_column": "Token", "url_column": "URL-Link", "expires_column": "Expires At",
    }  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        linkmint.generate(table, keyring=ring, **EVERY, **taken)
    made = linkmint.generate(pa.table({"customer_id": ["1"]}), keyring=ring, **EVERY)
    near = made.append_column("Token", pa.array([""])).drop_columns(["token"])
    with pytest.warns(linkmint.TableWarning, match='the column "Token" is not taken for token'):
        linkmint.verify(near, keyring=ring, now=ISSUED)


def test_an_empty_column_is_filled_and_a_filled_one_needs_a_word(ring: linkmint.Keyring) -> None:
    table = pa.table({"token": [None, "", " "], "customer_id": IDS})
    made = linkmint.generate(table, keyring=ring, **EVERY)
    assert made.column_names.count("token") == 1 and made["token"].to_pylist() == tokens(ring, IDS)
    again = linkmint.generate(made, keyring=ring, replace=True, **{**EVERY, "first_id": "000000000001"})
    assert again["token"].to_pylist() != made["token"].to_pylist()
    with pytest.raises(linkmint.ColumnError, match="filled already"):
        linkmint.generate(made, keyring=ring, **EVERY)


def test_what_is_no_table_is_told_so(ring: linkmint.Keyring) -> None:
    with pytest.raises(linkmint.TableError, match="list is no table"):
        linkmint.generate([1, 2], keyring=ring, **EVERY)
    with pytest.raises(linkmint.UsageError, match="a LazyFrame has no rows yet"):
        linkmint.generate(pl.LazyFrame({"customer_id": IDS}), keyring=ring, **EVERY)


def test_checks_find_tokens_in_links_and_hold_them_against_their_rows(ring: linkmint.Keyring) -> None:
    made = linkmint.generate(pa.table({"customer_id": [1001, 1002, 1003]}), keyring=ring, **EVERY)
    alone = made.select(["url_link", "customer_id"]).rename_columns(["link", "customer_id"])
    checked = linkmint.verify(alone, keyring=ring, column="link", now=ISSUED, show=["customer_id"])
    assert checked["verified_status"].to_pylist() == ["valid"] * 3
    assert checked["verified_customer_id"].to_pylist() == IDS
    turned = alone.set_column(1, "customer_id", pa.array([1003, 1002, 1001]))
    checked = linkmint.verify(turned, keyring=ring, column="link", now=ISSUED)
    assert checked["verified_status"].to_pylist() == ["row_mismatch", "valid", "row_mismatch"]
    frame = linkmint.verify(pl.DataFrame(turned), keyring=ring, column="link", now=ISSUED, no_match=True)
    assert frame["verified_status"].to_list() == ["valid"] * 3
    with pytest.raises(linkmint.ColumnError, match="neither a column token nor a column url_link"):
        linkmint.verify(turned.drop_columns(["link"]), keyring=ring)
    with pytest.warns(linkmint.TableWarning, match="no claim could be held against its row"):
        linkmint.verify(made.select(["token"]), keyring=ring, now=ISSUED)


def test_a_claim_that_differs_and_has_no_column_is_warned_of(ring: linkmint.Keyring) -> None:
    table = pa.table({"customer_id": [1001, 1002], "campaign_id": ["s1", "s1"]})
    made = linkmint.generate(table, keyring=ring, **EVERY).select(["customer_id", "campaign_id", "token"])
    renamed = made.rename_columns(["kunde", "campaign_id", "token"])
    with pytest.warns(linkmint.TableWarning, match='the claim "customer_id" was held against no column'):
        linkmint.verify(renamed, keyring=ring, now=ISSUED)


def test_a_table_that_is_gone_leaves_its_memory_and_no_column_that_is_still_there(ring: linkmint.Keyring) -> None:
    def made(first: int) -> Any:
        table = pa.table({"customer_id": range(first, first + 20_000)})
        return linkmint.generate(table, keyring=ring, threads=2, **EVERY)

    wanted = made(1_000_000).column("token").to_pylist()
    kept = made(1_000_000).column("token")
    for turn in range(4):
        other = made(2_000_000 + turn)
        assert kept.to_pylist() == wanted
        assert other.column("token").to_pylist() != wanted
    assert made(1_000_000).column("url_link").to_pylist() == [f"{EVERY['base_url']}/{token}" for token in wanted]


@pytest.mark.parametrize("mode", [{}, {"strict": True}, {"dedupe": True}], ids=str)
def test_many_rows_come_out_in_their_order_and_in_few_parts(ring: linkmint.Keyring, mode: Any) -> None:
    # twice the same customer, a bad row and rows' own addresses, in parts that are worked on at once
    ids = [str(1_000_000 + number) for number in range(40_000)]
    ids[20_000], ids[39_999] = ids[5], ""
    own = ["https://mystore.com/own" if number == 30_000 else "" for number in range(40_000)]
    table = pa.table({"customer_id": ids, "base_url": own, "row": range(40_000)})
    arguments: dict[str, Any] = {**EVERY, **mode, "keyring": ring, "errors": "column", "base_url_column": "base_url"}
    warnings.simplefilter("ignore", linkmint.TableWarning)
    made = linkmint.generate(table, threads=3, **arguments)
    assert made.drop_columns(["token", "url_link", "expires_at", "error"]).equals(table)
    assert made.column("token").num_chunks <= 4
    for row in (0, 5, 16_383, 16_384, 20_000, 30_000, 39_998, 39_999):
        one = linkmint.generate(table.slice(row, 1), row="row", **{**arguments, "strict": False, "dedupe": False})
        found, wanted = made.slice(row, 1).to_pylist()[0], one.to_pylist()[0]
        if row == 20_000 and "strict" in mode:
            assert found["token"] is None and "the same claims" in found["error"]
        elif row == 20_000 and "dedupe" in mode:
            assert found["token"] == made["token"][5].as_py()
        else:
            assert found == wanted, row
    assert linkmint.generate(table, threads=1, **arguments).equals(made)


def test_a_claim_that_only_later_rows_have_is_held_against_its_column(ring: linkmint.Keyring) -> None:
    ids = [str(number) for number in range(1_000)]
    table = pa.table({"customer_id": ids, "Campaign ID": ["spring26"] * 1_000, "city": ["Ulm"] * 1_000})
    early = linkmint.generate(table.slice(0, 700), keyring=ring, claims=["customer_id"], **EVERY)
    late = linkmint.generate(table.slice(700), keyring=ring, claims=["customer_id", "campaign_id=Campaign ID"], **EVERY)
    links = pa.concat_tables([early, late])
    assert set(linkmint.verify(links, keyring=ring, now=ISSUED)["verified_status"].to_pylist()) == {"valid"}
    cities = links["Campaign ID"].to_pylist()
    cities[900] = "autumn26"
    wrong = links.set_column(1, "Campaign ID", pa.array(cities))
    statuses = linkmint.verify(wrong, keyring=ring, now=ISSUED)["verified_status"].to_pylist()
    assert [place for place, status in enumerate(statuses) if status != "valid"] == [900]
    assert statuses[900] == "row_mismatch"


def test_a_value_that_is_out_of_range_rejects_its_row(ring: linkmint.Keyring) -> None:
    far = pa.array([0, (1 << 63) - 1, None], pa.timestamp("us", "UTC"))
    table = pa.table({"customer_id": IDS, "until": far, "kind": ["a", "b", "c"]})
    claims: dict[str, Any] = {**EVERY, "claims": ["customer_id", "until"], "optional": ["until"]}
    sentence = "column until: the value is out of range"
    made = linkmint.generate(table, keyring=ring, errors="column", **claims)
    assert made["error"].to_pylist() == [None, sentence, None] and made["token"].null_count == 1
    with pytest.raises(linkmint.RowsRejected) as told:
        linkmint.generate(table, keyring=ring, **claims)
    assert (told.value.rejected, told.value.told) == (1, [(1, sentence)]) and told.value.hint
    expiries: dict[str, Any] = {**EVERY, "expires_in": None, "expiry_column": "until", "errors": "column"}
    for column in (far, far.dictionary_encode()):
        made = linkmint.generate(table.set_column(1, "until", column), keyring=ring, **expiries)
        assert made["error"][1].as_py() == sentence
    # one that nobody needs is nobody's fault, and no token is of it
    made = linkmint.generate(table, keyring=ring, **EVERY)
    assert set(linkmint.verify(made, keyring=ring, now=ISSUED)["verified_status"].to_pylist()) == {"valid"}
    many = pa.concat_tables([made] * 200)
    assert set(linkmint.verify(many, keyring=ring, now=ISSUED, threads=1)["verified_status"].to_pylist()) == {"valid"}
    until = linkmint.generate(
        pa.table({"customer_id": IDS, "until": ["1970-01-01T00:00:00Z"] * 3}),
        keyring=ring, **{**EVERY, "claims": ["customer_id", "until"]},
    )  # fmt: skip
    checked = linkmint.verify(until.set_column(1, "until", far), keyring=ring, now=ISSUED)
    assert checked["verified_status"].to_pylist() == ["valid", "row_mismatch", "row_mismatch"]


def test_a_day_is_a_day_however_it_is_counted(ring: linkmint.Keyring) -> None:
    day = dt.date(2026, 12, 1)
    ends = []
    for kind in (pa.date32(), pa.date64()):
        table = pa.table({"customer_id": ["1001"], "until": pa.array([day], kind)})
        made = linkmint.generate(table, keyring=ring, **{**EVERY, "expires_in": None, "expiry_column": "until"})
        ends.append(made["expires_at"][0].as_py())
    assert ends == [dt.datetime(2026, 12, 2, tzinfo=dt.timezone.utc)] * 2
    beyond = pa.array([2**62], pa.int64()).view(pa.date64())
    with pytest.raises(linkmint.RowsRejected, match="out of range"):
        linkmint.generate(pa.table({"customer_id": beyond}), keyring=ring, **EVERY)


def test_numbers_of_all_widths_are_the_same_texts(ring: linkmint.Keyring) -> None:
    for kind in (pa.float16(), pa.float32(), pa.float64()):
        table = pa.table({"customer_id": pa.array([1000.0], kind)})
        with pytest.warns(linkmint.TableWarning):
            made = linkmint.generate(table, keyring=ring, **EVERY)
        assert linkmint.Verifier(ring, now=ISSUED).verify(made["token"][0].as_py()).claims == {"customer_id": "1000.0"}
    large = pa.table({"customer_id": [1e16, 4.68e17, 1e15, 0.5]})
    with pytest.raises(linkmint.RowsRejected) as told:
        linkmint.generate(large, keyring=ring, strict=True, **EVERY)
    assert [row for row, _ in told.value.told] == [0, 1, 2]


def test_a_time_without_a_zone_is_refused_unless_one_is_named(ring: linkmint.Keyring) -> None:
    minter, table = linkmint.Minter(ring), pa.table({"customer_id": ["1"]})
    plain: dict[str, Any] = {"keyring": ring, "no_link": True, "issued_at": ISSUED}
    for text in ("2026-12-01 00:00", "2026-12-01T00:00", "2026-12-01 00:00:00"):
        with pytest.raises(linkmint.UsageError, match="does not say at which offset from UTC"):
            minter.mint({}, expires_at=text, issued_at=ISSUED)
        with pytest.raises(linkmint.UsageError, match="does not say at which offset from UTC"):
            linkmint.generate(table, expires_at=text, **plain)
        until = table.append_column("until", pa.array([text]))
        with pytest.raises(linkmint.RowsRejected, match="does not say at which offset from UTC"):
            linkmint.generate(until, expiry_column="until", **plain)
        made = linkmint.generate(until, expiry_column="until", timezone="UTC", **plain)
        assert made["expires_at"][0].as_py() == dt.datetime(2026, 12, 1, tzinfo=dt.timezone.utc)
    until = table.append_column("until", pa.array(["01.12.2026 00:00"]))
    with pytest.raises(linkmint.RowsRejected, match="does not say at which offset from UTC"):
        linkmint.generate(until, expiry_column="until", date_format="%d.%m.%Y", **plain)
    # a day is one of UTC
    assert minter.mint({}, expires_at="2026-11-30", issued_at=ISSUED).expires_at == made["expires_at"][0].as_py()


def test_a_column_error_that_is_filled_stays(ring: linkmint.Keyring) -> None:
    table = pa.table({"customer_id": ["1001"], "error": ["payment failed"]})
    with pytest.raises(linkmint.ColumnError, match="column error: the cell is filled already"):
        linkmint.generate(table, keyring=ring, errors="column", **EVERY)
    assert linkmint.generate(table, keyring=ring, **EVERY)["error"].to_pylist() == ["payment failed"]
    made = linkmint.generate(table, keyring=ring, errors="column", replace=True, **EVERY)
    assert made["error"].to_pylist() == [None]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ValueError("the data base is gone")], ids=str)
def test_what_gives_the_rows_may_be_interrupted_or_fail(ring: linkmint.Keyring, error: BaseException) -> None:
    def batches() -> Any:
        yield pa.RecordBatch.from_pydict({"customer_id": IDS})
        raise error

    reader = pa.RecordBatchReader.from_batches(pa.schema({"customer_id": pa.string()}), batches())
    with pytest.raises(KeyboardInterrupt if isinstance(error, KeyboardInterrupt) else linkmint.TableError) as told:
        linkmint.generate(reader, keyring=ring, row="customer_id", **EVERY)
    assert "Traceback" not in str(told.value)


@pytest.mark.parametrize(
    ("table", "sentence", "hint"),
    [
        (pd.DataFrame({"customer_id": ["a", 5]}), "customer_id", "df.astype"),
        (pd.DataFrame([["a", "b"]], columns=["customer_id", "customer_id"]), "two columns have the name customer_id", "a name of its own"),
        (pd.DataFrame({"customer_id": ["1", "2"], "notes": [1, "b"]}), "column notes: .*'b'", "df.astype({'notes': str})"),
        (pd.DataFrame({"customer_id": ["1"], "n": pd.Series([2**70], dtype=object)}), "column n: .*too (big|large)", "df.astype({'n'"),
        (pd.DataFrame({"customer_id": ["1"], "n": [object()]}), "column n: .*object", "df.astype({'n'"),
        (pd.DataFrame({"customer_id": ["1"], "n": pd.Series(["\ud800"], dtype=object)}), "column n: half of a surr", "leave the"),
        (pd.DataFrame([["1"]], columns=pd.Index(["\ud800"], dtype=object)), "the name of a column is not UTF-8", "a text"),
        (pl.Series(["a"]), "polars.Series is one column, and no table", "to_frame"),
        (pd.Series(["a"]), "pandas.Series is one column, and no table", "to_frame"),
        (pa.chunked_array([["a"]]), "ChunkedArray is one column, and no table", "to_frame"),
        (pl.DataFrame(), 'there is no column "customer_id"', "the table has no columns"),
    ],
    ids=["mixed", "twice", "notes", "big", "object", "half", "half a name", "polars", "pandas", "pyarrow", "empty"],
)
def test_what_cant_be_read_is_told_with_a_way_out(ring: linkmint.Keyring, table: Any, sentence: str, hint: str) -> None:
    with pytest.raises(linkmint.Error, match=sentence) as told:
        linkmint.generate(table, keyring=ring, **EVERY)
    assert told.value.hint and hint in told.value.hint
    with pytest.raises(linkmint.Error):
        linkmint.verify(table, keyring=ring)


def test_a_mistake_in_an_argument_leaves_a_reader_its_rows(ring: linkmint.Keyring) -> None:
    batches = pa.table({"customer_id": IDS, "row": [0, 1, 2]}).to_batches(max_chunksize=2)
    reader = pa.RecordBatchReader.from_batches(batches[0].schema, batches)
    mistakes: list[dict[str, Any]] = [
        {"expires_in": "1 month"}, {"base_url": "x"}, {"claims": ["none"]}, {"key_id": "ffff"}, {"first_id": "x"},
        {"expiry_column": "none"}, {"optional": ["none"]}, {"row": "none"}, {"token_column": "url_link"}, {"seal": True, "public": True},
    ]  # fmt: skip
    for mistake in mistakes:
        with pytest.raises(linkmint.Error) as told:
            linkmint.generate(reader, keyring=ring, **{**EVERY, "row": "row", **mistake})
        assert "used up" not in str(told.value), mistake
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        more: dict[str, Any] = {**EVERY, "row": "row", "set": {"a": "b@example.org"}}
        links = linkmint.generate(reader, keyring=ring, **more)
    assert len(warned) == 1, [str(warning.message) for warning in warned]
    for mistake in ({"column": "none"}, {"expect": {"": "x"}}, {"match": {"a": "none"}}, {"now": "x"}, {"show": [""]}):
        with pytest.raises(linkmint.Error) as told:
            linkmint.verify(links, keyring=ring, **mistake)
        assert "used up" not in str(told.value), mistake
    assert linkmint.verify(links, keyring=ring, now=ISSUED).read_all().num_rows == 3
    cases: list[tuple[pa.Table, dict[str, Any], type[linkmint.Error]]] = [
        (pa.Table.from_batches(batches), {}, linkmint.RowNumbersNeeded),
        (pa.table({"customer_id": ["1", None], "row": [0, 1]}), {"row": "row"}, linkmint.RowsRejected),
    ]
    for table, more, kind in cases:
        with pytest.raises(kind, match="hint: .*the reader is used up: make it anew"):
            linkmint.generate(table.to_reader(), keyring=ring, **EVERY, **more)


def test_two_new_columns_have_two_names(ring: linkmint.Keyring) -> None:
    table = pa.table({"token": ["x"]})
    with pytest.raises(linkmint.UsageError, match="two of the new columns have the name x"):
        linkmint.verify(table, keyring=ring, status_column="x", expires_column="x")
    with pytest.raises(linkmint.UsageError, match="two of the new columns have the name verified_a"):
        linkmint.verify(table, keyring=ring, show="a,a")


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no timers")
@pytest.mark.parametrize("threads", [1, 3])
def test_a_signal_ends_a_run_that_is_under_way(ring: linkmint.Keyring, threads: int) -> None:
    class Stop(Exception):
        pass

    def stop(*_: object) -> None:
        raise Stop

    table = pa.table({"customer_id": pa.array(range(500_000))})
    every: dict[str, Any] = {"keyring": ring, "no_link": True, "never_expires": True, "threads": threads}
    before = signal.signal(signal.SIGALRM, stop)
    try:
        with pytest.raises(Stop):
            signal.setitimer(signal.ITIMER_REAL, 0.05)
            while True:
                linkmint.generate(table, **every)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert linkmint.generate(table.slice(0, 3), **every).num_rows == 3
