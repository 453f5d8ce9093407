"""Tables of all kinds and columns of all types, and what is wrong with some."""

from __future__ import annotations

import datetime as dt
import pickle
import warnings
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from conftest import FIRST, ISSUED

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
    # without numbers a campaign counts once, also in a copy that another process loads
    again = pickle.loads(pickle.dumps(campaign))
    assert again == campaign
    assert linkmint.generate(whole, campaign=again, **every)["token"].to_pylist() == tokens(ring, IDS)
    with pytest.raises(linkmint.RowNumbersNeeded, match="give the same ids again"):
        linkmint.generate(whole, campaign=again, **every)


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
