"""Cells that are not what their column says, and those that only some libraries have."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pytest

import linkmint

PLAIN: dict[str, Any] = {"no_link": True, "expires_in": "24h"}
LONG = b"x" * (9 << 20)


def unchecked(cells: list[bytes], kind: Any = None) -> pa.Array:
    """Texts that nobody has looked through, as Parquet and others hand them out."""
    return pa.array(cells, pa.binary()).view(pa.string()).cast(kind or pa.string())


def of_kinds(cells: list[bytes]) -> dict[str, Any]:
    """The same cells in every form that Arrow has for texts."""
    texts = unchecked(cells)
    large = pa.array(cells, pa.large_binary()).view(pa.large_string())
    keys = pa.array(range(len(cells)), pa.int32())
    return {
        "string": texts,
        "large": large,
        "view": pa.array(cells, pa.binary_view()).view(pa.string_view()),
        "dictionary": pa.DictionaryArray.from_arrays(keys, texts),
        "slice": pa.concat_arrays([unchecked([b"\xff\xff"]), texts]).slice(1),
        "chunks": pa.chunked_array([texts.slice(0, 1), texts.slice(1)]),
    }


KINDS = list(of_kinds([b"a"]))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("bad", [b"\xe9", b"1\xff", b"\xed\xa0\x80", b"\xc3", b"\xff" * 5000])
def test_a_check_answers_every_row_and_reads_bad_cells_as_nothing(ring: linkmint.Keyring, kind: str, bad: bytes) -> None:
    links = linkmint.generate(pa.table({"customer_id": ["1", "2", "3"]}), keyring=ring, **PLAIN)
    tokens = [token.encode() for token in links["token"].to_pylist()]
    cases: list[tuple[str, list[bytes], list[str]]] = [
        ("customer_id", [b"1", bad, b"3"], ["valid", "row_mismatch", "valid"]),
        ("token", [tokens[0], tokens[1] + bad, tokens[2]], ["valid", "malformed", "valid"]),
        # nothing is compared with it
        ("city", [b"x", bad, b"y"], ["valid"] * 3),
    ]
    for name, cells, wanted in cases:
        others = links.drop_columns([name] if name in links.column_names else [])
        checked = linkmint.verify(others.append_column(name, of_kinds(cells)[kind]), keyring=ring, show=["customer_id"])
        assert checked["verified_status"].to_pylist() == wanted, name
        shown = ["1", None if wanted[1] == "malformed" else "2", "3"]
        assert checked["verified_customer_id"].to_pylist() == shown, name
        assert checked.num_rows == 3 and checked[name].cast(pa.binary()).to_pylist() == cells


def test_a_check_of_many_rows_keeps_each_verdict_in_its_row(ring: linkmint.Keyring) -> None:
    count = 40_000
    bad = {5, 300, 1023, 1024, 16_384, 39_999}
    links = linkmint.generate(pa.table({"customer_id": [str(row) for row in range(count)]}), keyring=ring, **PLAIN)
    cells = [b"\xff" if row in bad else str(row).encode() for row in range(count)]
    checked = linkmint.verify(links.set_column(0, "customer_id", unchecked(cells)), keyring=ring, show=["customer_id"])
    assert checked["verified_customer_id"].to_pylist() == [str(row) for row in range(count)]
    mismatched = pc.index_in(checked["verified_status"], pa.array(["row_mismatch"])).is_valid().to_pylist()
    assert {row for row, is_it in enumerate(mismatched) if is_it} == bad


@pytest.mark.parametrize("kind", KINDS)
def test_a_cell_that_is_no_text_rejects_its_row_by_its_column(ring: linkmint.Keyring, kind: str) -> None:
    table = pa.table({"name": ["a", "b", "c"], "customer_id": of_kinds([b"1", b"\xed\xa0\x80", b"3"])[kind]})
    with pytest.raises(linkmint.RowsRejected, match="row 1, column customer_id: the text is not UTF-8") as told:
        linkmint.generate(table, keyring=ring, **PLAIN)
    assert "latin1" in str(told.value.hint)
    kept = linkmint.generate(table, keyring=ring, errors="column", **PLAIN)
    assert [token is None for token in kept["token"].to_pylist()] == [False, True, False]
    assert kept["error"].to_pylist() == [None, "column customer_id: the text is not UTF-8", None]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("bad", [b"a\xff", b"\xe9" * 200, LONG])
def test_a_filled_column_is_told_whatever_stands_in_it(ring: linkmint.Keyring, kind: str, bad: bytes) -> None:
    table = pa.table({"customer_id": ["1", "2"], "token": of_kinds([b"", bad])[kind]})
    with pytest.raises(linkmint.ColumnError, match="row 1, column token: the cell is filled already"):
        linkmint.generate(table, keyring=ring, **PLAIN)
    with pytest.raises(linkmint.ColumnError, match="row 1, column row: it is no row number"):
        numbered = pa.table({"customer_id": ["1", "2"], "row": of_kinds([b"0", bad])[kind]})
        linkmint.generate(numbered, keyring=ring, row="row", **PLAIN)
    replaced = linkmint.generate(table, keyring=ring, replace=True, **PLAIN)
    assert replaced["token"].null_count == 0


def test_a_column_that_nothing_is_made_of_costs_no_row_its_token(ring: linkmint.Keyring) -> None:
    for bad in (LONG, b"\xff", b"total\xff"):
        body = unchecked([bad, b"x"])
        for names in (["body", "customer_id"], ["customer_id", "body"]):
            table = pa.table({"body": body, "customer_id": ["1", "2"]}).select(names)
            assert linkmint.generate(table, keyring=ring, **PLAIN)["token"].null_count == 0
    table = pa.table({"body": ["Total", "x"], "customer_id": ["1", "2"]})
    with pytest.warns(linkmint.TableWarning, match="looks like a total"):
        linkmint.generate(table, keyring=ring, **PLAIN)


def test_a_cell_that_is_too_long_rejects_its_row(ring: linkmint.Keyring) -> None:
    table = pa.table({"customer_id": ["1", "2", "3"], "city": ["a", LONG.decode(), "c"]})
    made = linkmint.generate(table, keyring=ring, claims=["customer_id", "city"], errors="column", **PLAIN)
    assert made["error"].to_pylist() == [None, "column city: the row is longer than 8 MiB with this cell", None]
    links = linkmint.generate(table, keyring=ring, claims=["customer_id"], set={"city": "a"}, **PLAIN)
    checked = linkmint.verify(links, keyring=ring)
    assert checked["verified_status"].to_pylist() == ["valid", "row_mismatch", "row_mismatch"]


def test_structs_of_polars_are_told_by_their_name(ring: linkmint.Keyring) -> None:
    for column, what in ((pl.Series([{"a": 1}]), "structs"), (pl.Series([[1]]), "lists"), (pl.Series([[1]], dtype=pl.Array(pl.Int8, 1)), "lists")):
        frame = pl.DataFrame({"customer_id": column})
        with pytest.raises(linkmint.ColumnError, match=f"column customer_id: its cells are {what}, and not texts"):
            linkmint.generate(frame, keyring=ring, **PLAIN)
        kept = linkmint.generate(frame.with_columns(id=pl.lit("1")), keyring=ring, claims=["id"], **PLAIN)
        assert kept.schema["customer_id"] == frame.schema["customer_id"]


def test_a_name_with_a_nul_is_its_columns_own(ring: linkmint.Keyring) -> None:
    table = pa.table({"customer_id": ["1"], "customer_id\0": ["2"], "x\0y": [[3]]})
    made = linkmint.generate(table, keyring=ring, **PLAIN)
    assert made.select(table.column_names) == table
    assert linkmint.verify(made, keyring=ring, show=["customer_id"])["verified_customer_id"].to_pylist() == ["1"]


def test_a_name_of_polars_is_no_pattern(ring: linkmint.Keyring) -> None:
    for name in ("^customer_id$", "^c.*$", "*"):
        frame = pl.DataFrame({"customer_id": ["1"], name: [None], "city": ["x"]})
        made = linkmint.generate(frame, keyring=ring, **PLAIN)
        assert made.select(pl.exclude("token", "expires_at")).equals(frame)


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_a_duration_keeps_its_parts_of_a_second(ring: linkmint.Keyring, unit: str) -> None:
    counts = [1000, 1999, -1500, -500, 0, 60_000, None]
    column = pa.array(counts, pa.duration("ms")).cast(pa.duration(unit))
    made = linkmint.generate(pa.table({"customer_id": column}), keyring=ring, errors="column", **PLAIN)
    shown = linkmint.verify(made, keyring=ring, show=["customer_id"])
    assert shown["verified_customer_id"].to_pylist() == ["1s", "1.999s", "-1.5s", "-0.5s", "0s", "60s", None]
    assert shown["verified_status"].to_pylist() == ["valid"] * 6 + ["malformed"]
    table = pa.table({"customer_id": ["1", "2"], "duration": column.slice(1, 1).take(pa.array([0, None]))})
    with pytest.raises(linkmint.RowsRejected, match='row 0, column duration: "1.999s" is no duration'):
        linkmint.generate(table, keyring=ring, **PLAIN)


def test_what_an_extension_of_arrow_stores_is_not_what_it_means(ring: linkmint.Keyring) -> None:
    ids = [uuid.UUID(int=1), uuid.UUID("12345678-9abc-def0-1234-56789abcdef0"), None]
    texts = [None if each is None else str(each) for each in ids]
    cases: list[tuple[Any, list[Any]]] = [
        (pa.array([None if each is None else each.bytes for each in ids], pa.uuid()), texts),
        (pa.ExtensionArray.from_storage(pa.bool8(), pa.array([1, 0, None], pa.int8())), ["true", "false", None]),
        (pa.ExtensionArray.from_storage(pa.json_(), pa.array(["1", "{}", None])), ["1", "{}", None]),
        (pa.ExtensionArray.from_storage(pa.opaque(pa.string(), "inet", "db"), pa.array(["1", "b", None])), ["1", "b", None]),
    ]
    for column, wanted in cases:
        made = linkmint.generate(pa.table({"customer_id": column}), keyring=ring, errors="column", **PLAIN)
        checked = linkmint.verify(made, keyring=ring, show=["customer_id"])
        assert checked["verified_customer_id"].to_pylist() == wanted and checked["customer_id"].type == column.type
        assert checked["verified_status"].to_pylist() == ["valid", "valid", "malformed"]
    months = pd.DataFrame({"month": pd.period_range("2026-01", periods=2, freq="M"), "customer_id": ["1", "2"]})
    opaque = pa.ExtensionArray.from_storage(pa.opaque(pa.int64(), "oid", "db"), pa.array([1, 2]))
    others = {"pandas.period": months, "arrow.opaque": pa.table({"month": opaque, "customer_id": ["1", "2"]})}
    for name, table in others.items():
        sentence = f"column month: its cells are of the type {name}, and not texts"
        for arguments in ({"claims": ["month"]}, {"claims": [], "duration_column": "month"}):
            with pytest.raises(linkmint.ColumnError, match=sentence):
                linkmint.generate(table, keyring=ring, **PLAIN, **arguments)
        made = linkmint.generate(table, keyring=ring, **PLAIN)
        checked = linkmint.verify(made, keyring=ring)
        assert [str(status) for status in checked["verified_status"]] == ["valid"] * 2
        with pytest.raises(linkmint.ColumnError, match=sentence):
            linkmint.verify(made, keyring=ring, match={"customer_id": "month"})


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, ZeroDivisionError])
def test_an_end_that_was_asked_for_is_no_fault_of_the_table(ring: linkmint.Keyring, kind: type[BaseException]) -> None:
    class Foreign:
        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            raise kind("now")

    runs: list[Callable[[], Any]] = [
        lambda: linkmint.generate(Foreign(), keyring=ring, **PLAIN),
        lambda: linkmint.verify(Foreign(), keyring=ring),
    ]
    for run in runs:
        with pytest.raises(kind if not issubclass(kind, Exception) else linkmint.TableError, match="now"):
            run()


class Pickled(pa.ExtensionType):  # type: ignore[misc]
    """A type that is known by bytes."""

    def __init__(self) -> None:
        super().__init__(pa.int64(), "tests.pickled")

    def __arrow_ext_serialize__(self) -> bytes:
        return b"\x80\x04\xff"


def test_metadata_that_is_no_text_stays_and_is_in_nobodys_way(ring: linkmint.Keyring) -> None:
    strange = {b"\xff": b"\xfe"}
    within = pa.list_(pa.field("item", pa.int64(), metadata=strange))
    fields = [
        pa.field("customer_id", pa.string(), metadata=strange),
        pa.field("own", Pickled()),
        pa.field("list", within, metadata=strange),
        pa.field("struct", pa.struct([pa.field("a", within)])),
        pa.field("unknown", pa.int64(), metadata={b"ARROW:extension:name": b"other", b"ARROW:extension:metadata": b"\x80"}),
    ]
    own = pa.ExtensionArray.from_storage(Pickled(), pa.array([1, 2]))
    structs = pa.array([{"a": [1]}, None], fields[3].type)
    columns = [pa.array(["1", "2"]), own, pa.array([[1], None], within), structs, pa.array([1, 2])]
    table = pa.table(columns, schema=pa.schema(fields, metadata=strange))
    for given in (table, table.to_batches()[0]):
        made = linkmint.verify(linkmint.generate(given, keyring=ring, **PLAIN), keyring=ring)
        assert made.schema.metadata == strange and type(made) is type(given)
        assert made.select(table.column_names) == given and made["verified_status"].to_pylist() == ["valid"] * 2
        assert [made.schema.field(place).equals(table.schema.field(place), True) for place in range(5)] == [True] * 5
        kinds = {"own": "of the type tests.pickled", "list": "lists", "struct": "structs", "unknown": "of the type other"}
        for name, kind in kinds.items():
            with pytest.raises(linkmint.ColumnError, match=f"column {name}: its cells are {kind}, and not texts"):
                linkmint.generate(given, keyring=ring, claims=[name], **PLAIN)
        replaced = linkmint.generate(given, keyring=ring, token_column="own", replace=True, **PLAIN)
        assert replaced.column_names == ["customer_id", "list", "struct", "unknown", "own", "expires_at"]
    with pytest.raises(linkmint.TableError, match="metadata of the table or of a column is not UTF-8"):
        linkmint.generate(table.to_reader(), keyring=ring, **PLAIN)


def test_a_name_of_a_column_that_is_not_utf_8_is_told(ring: linkmint.Keyring) -> None:
    schema = pa.schema([pa.field("customer_id", pa.string()), pa.field(b"\xff", pa.string())])
    batch = pa.RecordBatch.from_arrays([pa.array(["1"]), pa.array(["2"])], schema=schema)

    class Foreign:
        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            return pa.RecordBatchReader.from_batches(schema, [batch]).__arrow_c_stream__()

    for table in (Foreign(), pa.Table.from_batches([batch]), batch):
        for run in (linkmint.generate, linkmint.verify):
            with pytest.raises(linkmint.TableError, match="the name of a column is not UTF-8"):
                run(table, keyring=ring, **(PLAIN if run is linkmint.generate else {}))


@pytest.mark.parametrize("more", [{}, {"strict": True}, {"dedupe": True}])
def test_a_bad_cell_changes_nothing_for_the_rows_beside_it(ring: linkmint.Keyring, more: Any) -> None:
    ids = [b"1", b'"2"', b' "3" ', b'a"b', "größe".encode(), b"x\x1fy", b"a,b\n", b"1", b"", b"last"]
    arguments: dict[str, Any] = {"issued_at": "2026-11-21T16:00:00Z", "first_id": 1, "errors": "column", **PLAIN, **more}
    good = linkmint.generate(pa.table({"customer_id": unchecked([*ids, b""])}), keyring=ring, **arguments)
    bad = linkmint.generate(pa.table({"customer_id": unchecked([*ids, b"\xff"])}), keyring=ring, **arguments)
    columns = ["token", "expires_at", "error"]
    assert bad.select(columns).slice(0, len(ids)) == good.select(columns).slice(0, len(ids))
    assert bad["error"][-1].as_py() == "column customer_id: the text is not UTF-8"
