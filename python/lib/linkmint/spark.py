"""Links for the rows of a DataFrame of Spark, and their check: the engine distributes, nothing is carried out of it.

What makes two runs differ is settled on the driver: when tokens are issued, where their ids begin, and which number each
row has. So a task that is tried again, or overtaken by a copy of itself, makes the same tokens.

A keyring is named by where each executor finds it, and never sent: ``file:/run/secrets/keys.json``, ``env:NAME`` (a
secret in base64url) or ``sparkfile:keys.json`` (a file of ``SparkContext.addFile``).
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from . import Campaign, Keyring, LedgerWarning, UsageError, new_campaign
from . import _campaign, _ledger, _linkmint, _tables, _values
from ._errors import ColumnError, Error, KeyringError, RowsRejected, TableError
from ._run import generate_ask, verify_ask

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import Column, DataFrame

# by stage and partition: how many rows there were, and what was made of them
_Parts = dict[tuple[int, int], tuple[int, _ledger.Made]]

__all__ = ["arrow_udf", "generate", "number_rows", "verify"]

ROW, CHECK, LINK = "__linkmint_row", "__linkmint_check", "__linkmint_link"
# monotonically_increasing_id() has the partition above these bits, and the row in it below: these are those of the
# DataFrame itself, where TaskContext has those of whatever became of it, as of a union
IN_PARTITION = 33
ID_BITS = 48
# options of tables at hand: those that need all rows, and those that are settled here for all executors
NOT_HERE = ("dedupe", "strict", "row", "threads", "issued_at", "first_id")
CHANGED = (
    "the rows of a partition are not those that were counted, so that their ids would not be theirs: the DataFrame gives "
    "other rows, or another order, each time it is computed. Write it to files first and read those, checkpoint() it, or "
    "take ids='claims'"
)


class RowsChanged(Error):
    """A DataFrame that gave other rows when they got their tokens than when they were counted."""


class _Part(NamedTuple):
    """A partition as it was counted."""

    rows: int
    # what the digests of its rows make together
    check: int
    # the number of its first row
    start: int


def generate(
    df: DataFrame,
    campaign: Campaign | None = None,
    *,
    keyring: str,
    ids: Literal["dense", "claims"] = "dense",
    errors: Literal["raise", "column"] = "raise",
    ledger: str | os.PathLike[str] | None = None,
    source: str | None = None,
    **options: Any,
) -> DataFrame:
    """The DataFrame with ``token``, ``url_link`` and ``expires_at`` for every row; ``options`` are those of
    :func:`linkmint.generate`.

    ``ids="dense"`` numbers the rows from 0 over all partitions: they are counted in a job of its own, in the JVM. It is
    for rows that come the same each time, as from files; a task whose rows are not the counted ones fails and says why.
    ``ids="claims"`` makes the number of a hash of the claims: for rows that come out of a shuffle. Rows with equal claims
    get equal tokens then. Either way a row without a token fails its task (:class:`linkmint.RowsRejected`), unless
    ``errors="column"`` keeps it with what is wrong in a column ``error``.

    ``ledger`` records the run, from the driver and once, when the tokens of all rows are made: by an action that comes to
    all of them, and not here. Where that fails, a :class:`linkmint.LedgerWarning` says so, and the next such action
    records it. It takes ``ids="dense"``. ``source`` names the DataFrame in it.

    Likely mistakes are not told: no executor sees all rows. ``dedupe`` and ``strict`` need all rows and are refused.
    """
    functions = _functions()
    _check_frame(df)
    _place(keyring)
    campaign = new_campaign() if campaign is None else _campaign.checked(campaign)
    if not isinstance(ids, str) or ids not in ("dense", "claims"):
        raise UsageError('ids: it is "dense" or "claims"', "a number by partition changes with every repartition")
    _check_options(options)
    row = ROW if ids == "claims" else None
    options.update(issued_at=campaign.issued_at, first_id=campaign.first_id, threads=1, row=row, errors=errors)
    ask = generate_ask(**options)
    link = not ask["no_link"]
    outline = _outline(df, ask)
    claims, used = outline["claims"], outline["used"]
    _check_names(df, used, [name for name, _ in _added(ask, link)])
    told = _told(df, campaign, ids, ledger, source)
    ask.update(is_part=True, counts_campaigns=told is not None)
    df = _computed_apart(df)
    if ids == "claims" and not claims:
        raise UsageError("ids: no column gives a claim, so that all rows would get one token")
    campaign._give_by_number()
    counted: dict[int, _Part] | None = None
    if ids == "dense":
        place = functions.monotonically_increasing_id()
        # with the place of each row, so that rows in another order are others
        digest = functions.xxhash64(place, *map(_text, claims))
        counted = _counted(df, digest)
        if told is not None:
            told.accum_param.rows = sum(part.rows for part in counted.values())
        own = {ROW: place}
        if not _all_texts(df, claims):
            own[CHECK] = digest
    else:
        own = {ROW: functions.shiftrightunsigned(functions.xxhash64(*map(_claim, claims)), 64 - ID_BITS)}
        ask["row_may_repeat"] = True
    numbered, added = df.withColumns(own), _added(ask, link)
    moves_columns = _moves_columns(df, added, replace=ask["replace"])
    alike = outline["alike"] if moves_columns and not ask["keep_rejected"] else None
    if alike is not None:
        ask.update(no_link=True, base_url=None, param=None, url=None)
    mint = _Mint(keyring, ask, claims, counted, told)
    if moves_columns:
        return _with_columns(df, numbered, mint, [*own, *used], added, alike)
    return _mapped(numbered, mint, _schema_with(df, added))


def number_rows(df: DataFrame, column: str = "row") -> DataFrame:
    """The DataFrame with a column of row numbers, from 0 over all partitions: counted in a job of its own, then added in
    the JVM. A partition with more rows than were counted fails."""
    functions = _functions()
    _check_frame(df)
    if _values.text("column", column).casefold() in (name.casefold() for name in df.columns):
        raise UsageError(f"column: there is a column {column} already", "give the numbers another name")
    _check_own(df)
    df = _computed_apart(df)
    return df.withColumn(column, _number(_counted(df, functions.lit(0))))


def verify(df: DataFrame, *, keyring: str, **options: Any) -> DataFrame:
    """The DataFrame with the status of every row's token; ``options`` are those of :func:`linkmint.verify`.

    The time of the check is settled on the driver, unless ``now`` says it: all rows are judged at the same second.
    """
    _functions()
    _check_frame(df)
    _place(keyring)
    _check_options(options)
    options.setdefault("now", new_campaign().issued_at)
    if options["now"] is None:
        options["now"] = new_campaign().issued_at
    options["threads"] = 1
    ask = verify_ask(**options)
    added = [(ask["status_column"], "string"), (ask["expires_column"], "timestamp")]
    added += [(f"verified_{name}", "string") for name in ask["show"]]
    # what can't be asked of these columns is told here, and by no executor
    _linkmint.verify(_blank(df), Keyring.from_secret("A" * 43), ask)
    _check_names(df, [], [name for name, _ in added])
    return _mapped(df, _Check(keyring, ask), _schema_with(df, added))


def arrow_udf(
    campaign: Campaign,
    columns: Iterable[str],
    *,
    keyring: str,
    errors: Literal["raise", "column"] = "raise",
    **options: Any,
) -> Any:
    """A function for SQL and for columns: a row number and these columns in, a struct of ``token``, ``url_link`` and
    ``expires_at`` out. It moves what a token is made of, and not the whole row. PySpark 4.1 or later.

    >>> links = linkmint.spark.arrow_udf(campaign, ["customer_id", "campaign_id"], keyring=…, base_url=…, expires_in="7d")
    >>> spark.udf.register("linkmint", links)
    >>> linkmint.spark.number_rows(df).createOrReplaceTempView("customers")
    >>> spark.sql(
    ...     "SELECT customers.*, link.* FROM customers, LATERAL (SELECT linkmint(row, customer_id, campaign_id) AS link)"
    ... )
    """
    functions = _functions()
    if not hasattr(functions, "arrow_udf"):
        raise UsageError("PySpark before 4.1 has no arrow_udf", "linkmint.spark.generate works with all from 3.5 on")
    for name in ("ledger", "source"):
        if options.pop(name, None) is not None:
            raise UsageError(f"{name}: a function does not know when all rows were given to it")
    _check_options(options)
    _place(keyring)
    campaign, names = _campaign.checked(campaign), _values.names("columns", columns)
    options.update(issued_at=campaign.issued_at, first_id=campaign.first_id, threads=1, row=ROW, errors=errors)
    ask = generate_ask(**options)
    _linkmint.outline(_empty(names), {**ask, "row": None})
    ask["is_part"] = True
    added = _added(ask, not ask["no_link"])
    campaign._give_by_number()
    mint = _MintColumns(keyring, ask, names, [name for name, _ in added])
    import pyarrow as pa

    def link(row: pa.Array, *cells: pa.Array) -> pa.Array:
        return mint(row, *cells)

    # the kind of the function is told by these
    link.__annotations__ = {"row": pa.Array, "cells": pa.Array, "return": pa.Array}
    return functions.arrow_udf(link, _struct_of(added))


class _Mint:
    """Mints the batches of one task: rows with all their columns, or columns alone."""

    def __init__(
        self, keyring: str, ask: dict[str, Any], claims: list[str], counted: dict[int, _Part] | None, told: Any
    ) -> None:
        self.keyring, self.ask, self.claims, self.counted, self.told = keyring, ask, claims, counted, told

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for links in self.links(batches):
            yield from links.to_batches()

    def links(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.Table]:
        """Each batch with its links. At their end the rows must be the counted ones."""
        return self._by_claims(batches) if self.counted is None else self._dense(batches, self.counted)

    def _by_claims(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.Table]:
        import pyarrow as pa

        ring = _load(self.keyring)
        for batch in batches:
            links = _linkmint.generate(pa.Table.from_batches([batch]), ring, self.ask)
            yield pa.table(links).drop_columns([ROW])

    def _dense(self, batches: Iterator[pa.RecordBatch], parts: dict[int, _Part]) -> Iterator[pa.Table]:
        import pyarrow as pa
        from pyspark import TaskContext

        ring, first_id = _load(self.keyring), int(self.ask["first_id"], 16)
        part, counted, rows, check = -1, _Part(0, 0, 0), 0, 0
        made_of_all: _ledger.Made | None = None
        for batch in batches:
            if batch.num_rows:
                part, row = divmod(batch.column(ROW)[0].as_py(), 1 << IN_PARTITION)
                counted = parts.get(part, counted)
                # before an id is given that is of the next partition
                if row != rows or rows + batch.num_rows > counted.rows:
                    raise RowsChanged(CHANGED)
                check ^= self._digest(batch)
            own, number = _without(batch, [ROW, CHECK]), counted.start + rows
            rows += batch.num_rows
            ask = {**self.ask, "first_id": f"{(first_id + number) % (1 << ID_BITS):012x}"}
            try:
                links = _linkmint.generate(pa.Table.from_batches([own]), ring, ask)
            except RowsRejected as error:
                # by their numbers in the DataFrame, and not in what a task happened to get at once
                told = [(number + row, what) for row, what in error.told]
                raise RowsRejected(error.rejected, error.rows, told, error.hint) from None
            if self.told is not None and links._made is not None:
                made_of_all = _ledger.joined(made_of_all, links._made)
            yield pa.table(links)
        if (rows, check) != (counted.rows, counted.check):
            raise RowsChanged(CHANGED)
        context = TaskContext.get()
        if context is not None and made_of_all is not None:
            self.told.add({(context.stageId(), part): (rows, made_of_all)})

    def _digest(self, batch: pa.RecordBatch) -> int:
        """What tells these rows from others: texts are hashed here, and all else where Spark makes texts of it."""
        import pyarrow as pa

        if CHECK in batch.schema.names:
            return _xor(batch.column(CHECK))
        return _linkmint.digest(pa.Table.from_batches([batch]), ROW, self.claims)


class _Told:
    """What tasks tell the driver of the parts of a run that they have made, for an accumulator of Spark.

    On the driver it records the run as soon as one stage has made all of its rows. Tasks that are tried again, or
    overtaken, tell the same of the same part. What goes to executors knows no ledger.
    """

    def __init__(self, ledger: str = "", campaign: Campaign | None = None, source: str | None = None) -> None:
        self.ledger, self.campaign, self.source = ledger, campaign, source
        self.rows = 0
        self.recorded = False

    def __reduce__(self) -> tuple[type[_Told], tuple[()]]:
        return type(self), ()

    def zero(self, _value: _Parts) -> _Parts:
        return {}

    def addInPlace(self, parts: _Parts, more: _Parts) -> _Parts:
        parts.update(more)
        if self.campaign is not None and not self.recorded:
            self._record(self.campaign, parts, {stage for stage, _ in more})
        return {} if self.recorded else parts

    def _record(self, campaign: Campaign, parts: _Parts, stages: set[int]) -> None:
        for stage in stages:
            of_stage = [parts[key] for key in sorted(parts) if key[0] == stage]
            if sum(rows for rows, _ in of_stage) != self.rows:
                continue
            made: _ledger.Made | None = None
            for _, part in of_stage:
                made = _ledger.joined(made, part)
            try:
                _ledger.record(self.ledger, made or {"rows": 0}, campaign, self.source or "pyspark.DataFrame", None)
            except Exception as error:
                # here Spark listens to its executors, and nobody can be told by an exception
                warnings.warn(f"the run is not recorded; its tokens are complete: {error}", LedgerWarning, stacklevel=2)
            else:
                self.recorded = True
            return


class _Check:
    """Checks the batches of one task."""

    def __init__(self, keyring: str, ask: dict[str, Any]) -> None:
        self.keyring, self.ask = keyring, ask

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        ring = _load(self.keyring)
        for batch in batches:
            made = _tables.quietly(_linkmint.verify, pa.Table.from_batches([batch]), ring, self.ask)
            yield from pa.table(made).to_batches()


class _MintColumns:
    """Mints columns, and gives their links as a struct."""

    def __init__(self, keyring: str, ask: dict[str, Any], names: list[str], added: list[str]) -> None:
        self.keyring, self.ask, self.names, self.added = keyring, ask, names, added

    def __call__(self, row: pa.Array, *cells: pa.Array) -> pa.Array:
        import pyarrow as pa

        if len(cells) != len(self.names):
            raise UsageError(f"the function takes a row number and {', '.join(self.names)}")
        table = pa.table([row, *cells], names=[ROW, *self.names])
        return _struct(pa.table(_linkmint.generate(table, _load(self.keyring), self.ask)), self.added)


class _Numbered:
    """Work on batches whose columns have numbers for their names, here and there."""

    def __init__(self, work: _Mint | _Check, names: list[str]) -> None:
        self.work, self.names = work, names

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        made = self.work(_renamed(batch, self.names) for batch in batches)
        return (_renamed(batch, _numbers(batch.num_columns)) for batch in made)


def _renamed(batch: pa.RecordBatch, names: list[str]) -> pa.RecordBatch:
    import pyarrow as pa

    fields = [field.with_name(name) for field, name in zip(batch.schema, names, strict=True)]
    return pa.RecordBatch.from_arrays(batch.columns, schema=pa.schema(fields))


def _numbers(count: int) -> list[str]:
    return [f"_{place}" for place in range(count)]


def _mapped(df: DataFrame, work: _Mint | _Check, schema: Any) -> DataFrame:
    """What work makes of whole rows. PySpark can't hand out columns with a backtick in their name, or two with the same
    one: they go by numbers."""
    fields = zip(schema.fields, _numbers(len(schema.fields)), strict=True)
    numbered = type(schema)([type(field)(number, field.dataType, field.nullable) for field, number in fields])
    made = df.toDF(*_numbers(len(df.columns))).mapInArrow(_Numbered(work, df.columns), numbered)
    return made.toDF(*schema.names)


def _struct(links: pa.Table, names: list[str]) -> pa.Array:
    """These columns in one."""
    import pyarrow as pa

    return pa.StructArray.from_arrays([_one(links.column(name)) for name in names], names=names)


def _moves_columns(df: DataFrame, added: list[tuple[str, str]], *, replace: bool) -> bool:
    """Whether Python needs to see no more of the rows than what links are made of: where PySpark has functions over
    columns, each column has a name of its own, and no cells are there already that must not be lost."""
    names = {name.strip().casefold() for name in df.columns}
    new = {name.strip().casefold() for name, _ in added}
    return hasattr(_functions(), "arrow_udf") and len(names) == len(df.columns) and (replace or not names & new)


def _with_columns(
    df: DataFrame,
    numbered: DataFrame,
    mint: _Mint,
    names: list[str],
    added: list[tuple[str, str]],
    alike: dict[str, Any] | None,
) -> DataFrame:
    """The rows with their links, of which Python sees the columns that are used, and no others. Where new columns are alike
    but for the tokens, those are all that comes back."""
    import typing

    import pyarrow as pa

    functions, new = _functions(), [name for name, _ in added]

    def made_of(links: pa.Table) -> pa.Array:
        return _struct(links, new) if alike is None else _one(links.column(new[0]))

    def link(cells: Any) -> Any:
        batches = (pa.RecordBatch.from_arrays(list(arrays), names=names) for arrays in cells)
        return map(made_of, mint.links(batches))

    # the kind of the function is told by these
    link.__annotations__ = {"cells": typing.Iterator[tuple[pa.Array, ...]], "return": typing.Iterator[pa.Array]}
    # each row's link once, and of all rows of a partition, whatever is asked of them: as mapInArrow does it
    function = functions.arrow_udf(link, _struct_of(added) if alike is None else "string").asNondeterministic()
    made = numbered.withColumn(LINK, function(*map(_column, names)))
    links = functions.col(LINK)
    columns = [links.getField(name) for name in new] if alike is None else _of_token(links, alike)
    own = [_column(name) for name in df.columns if name not in new]
    return made.select(*own, *(column.alias(name) for column, name in zip(columns, new, strict=True)))


def _of_token(token: Column, alike: dict[str, Any]) -> list[Column]:
    """A token, its link and its expiry: put together in the JVM, as there is less to be moved then."""
    functions, expires_at = _functions(), alike["expires_at"]
    links = []
    if alike["link"] is not None:
        before, behind = alike["link"]
        links = [functions.concat(functions.lit(before), token, *([functions.lit(behind)] if behind else []))]
    expiry = functions.lit(None) if expires_at is None else functions.timestamp_seconds(functions.lit(expires_at))
    # a token is made for whoever asks for its expiry alone
    return [token, *links, functions.when(token.isNotNull(), expiry).cast("timestamp")]


def _told(
    df: DataFrame, campaign: Campaign, ids: str, ledger: str | os.PathLike[str] | None, source: str | None
) -> Any:
    """An accumulator that records the run, where a ledger is named that can be used."""
    name = _ledger.checked(ledger, source)
    if name is None:
        return None
    if ids != "dense":
        raise UsageError(
            "ledger: ids by claims lie anywhere among all there are, so that no ledger can tell which run made a token",
            "take ids='dense': write the rows to files first and read those, or checkpoint() them",
        )
    try:
        context = df.sparkSession.sparkContext
    except Exception as error:
        raise UsageError(
            "ledger: over Spark Connect, tasks can't tell the driver what they made",
            "run it in a session of classic Spark, or leave ledger out",
        ) from error
    return context.accumulator({}, _Told(name, campaign, source))


def _one(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _without(batch: pa.RecordBatch, names: list[str]) -> pa.RecordBatch:
    # by their places, as two columns may have one name
    return batch.select([place for place, name in enumerate(batch.schema.names) if name not in names])


def _xor(column: pa.Array) -> int:
    """All numbers of a column, one upon the other."""
    import functools
    import operator

    try:
        import numpy

        return int(numpy.bitwise_xor.reduce(column.to_numpy(zero_copy_only=False), initial=0))
    except ImportError:
        return functools.reduce(operator.xor, column.to_pylist(), 0)


@lru_cache(maxsize=8)
def _load(place: str) -> Keyring:
    """The keyring of a place, once a process."""
    kind, rest = _place(place)
    if kind == "env":
        text = os.environ.get(rest)
        if not text:
            raise KeyringError(f"the variable {rest} is not set on this executor")
        return Keyring.from_secret(text)
    if kind == "sparkfile":
        from pyspark import SparkFiles

        return _of_file(SparkFiles.get(rest))
    return _of_file(rest)


def _place(keyring: object) -> tuple[str, str]:
    """Where executors find the keyring."""
    kind, _, rest = keyring.partition(":") if isinstance(keyring, str) else ("", "", "")
    if kind not in ("env", "sparkfile", "file") or not rest:
        raise KeyringError(
            "keyring: it is named as file:PATH, env:NAME or sparkfile:NAME",
            "name where each executor finds it; a secret itself would stand in the plan and in the event log",
        )
    return kind, rest


def _of_file(path: str) -> Keyring:
    with warnings.catch_warnings():
        # a mounted secret is readable as its volume says
        warnings.simplefilter("ignore")
        return Keyring.load(path)


def _functions() -> Any:
    try:
        from pyspark.sql import functions
    except ImportError as error:
        raise UsageError("there is no PySpark", "pip install 'linkmint[spark]'") from error
    return functions


def _counted(df: DataFrame, digest: Column) -> dict[int, _Part]:
    """The partitions that have rows, by their places."""
    functions = _functions()
    part = functions.spark_partition_id().alias("part")
    parts = df.select(part, digest.cast("bigint").alias("digest")).groupBy("part")
    counts = parts.agg(functions.count("*").alias("rows"), functions.expr("bit_xor(digest)").alias("check")).collect()
    counted, start = {}, 0
    for row in sorted(counts, key=lambda row: row["part"]):
        counted[row["part"]] = _Part(row["rows"], row["check"], start)
        start += row["rows"]
    if start >= 1 << ID_BITS:
        raise TableError("a run has fewer than 2^48 rows")
    return counted


def _number(counted: dict[int, _Part]) -> Column:
    """The number of each row, in the JVM."""
    functions, none = _functions(), _Part(0, 0, 0)
    parts = [counted.get(place, none) for place in range(max(counted, default=-1) + 1)]

    def longs(numbers: list[int]) -> Column:
        return functions.array(*(functions.lit(number).cast("bigint") for number in numbers or [0]))

    place = functions.spark_partition_id() + functions.lit(1)
    within = functions.monotonically_increasing_id().bitwiseAND((1 << IN_PARTITION) - 1)
    sizes = longs([part.rows for part in parts])
    known = functions.try_element_at(sizes, place) if hasattr(functions, "try_element_at") else None
    size = known if known is not None else sizes[functions.spark_partition_id()]
    offset = longs([part.start for part in parts])[functions.spark_partition_id()]
    return functions.when(within < size, offset + within).otherwise(
        functions.raise_error(functions.lit(f"RowsChanged: {CHANGED}")).cast("bigint")
    )


def _all_texts(df: DataFrame, names: list[str]) -> bool:
    """Whether these columns are texts that are hashed by their bytes: those with a collation of their own are not."""
    return all(df.schema[name].dataType.simpleString() == "string" for name in names)


def _check_own(df: DataFrame) -> None:
    if taken := {ROW, CHECK, LINK}.intersection(df.columns):
        raise UsageError(f"the column {min(taken)} is needed for the run")


def _outline(df: DataFrame, ask: dict[str, Any]) -> dict[str, Any]:
    """What the native part will do: with which columns, and what all rows will have but for their tokens."""
    _check_own(df)
    blank, ask = _blank(df), {**ask, "row": None}
    found = _linkmint.outline(blank, ask)
    # cells of a type that can't be used are told here, and by no executor; that these say nothing is no mistake
    with suppress(RowsRejected):
        _linkmint.generate(blank, Keyring.from_secret("A" * 43), {**ask, "key_id": None, "is_part": True})
    return found


def _empty(names: list[str]) -> pa.Table:
    import pyarrow as pa

    return pa.table([pa.array([], pa.string()) for _ in names], names=names)


def _blank(df: DataFrame) -> pa.Table:
    """A row that says nothing, in columns of texts, or of what can't become one."""
    import pyarrow as pa

    others = {
        "array": pa.list_(pa.string()), "map": pa.map_(pa.string(), pa.string()), "struct": pa.struct([("a", pa.string())]),
        "variant": pa.struct([("value", pa.binary())]), "binary": pa.binary(),
    }  # fmt: skip
    kinds = [others.get(field.dataType.typeName(), pa.string()) for field in df.schema.fields]
    return pa.table([pa.nulls(1, kind) for kind in kinds], names=df.columns)


def _check_options(options: dict[str, Any]) -> None:
    """That nothing is asked which needs all rows in one place, or which the driver settles."""
    for name in NOT_HERE:
        if options.get(name) is not None and options[name] is not False:
            raise UsageError(f"{name}: it does not go with a DataFrame of Spark")


def _check_frame(df: object) -> None:
    if not hasattr(df, "sparkSession") or not hasattr(df, "mapInArrow"):
        raise UsageError(
            f"{type(df).__module__.partition('.')[0]}.{type(df).__qualname__} is no DataFrame of Spark",
            "linkmint.generate and linkmint.verify take tables of other libraries",
        )


def _check_names(df: DataFrame, used: list[str], new: list[str]) -> None:
    """That Spark can tell the columns that are used, and the new ones, from all others."""
    if df.sparkSession.conf.get("spark.sql.caseSensitive") == "true":
        return
    for name in df.columns:
        others = [other for other in df.columns if other.casefold() == name.casefold()]
        if name in used and len(others) > 1:
            raise ColumnError(f"column {name}: Spark can't tell it from another of this name", "rename one")
        for other in new:
            if other != name and other.casefold() == name.casefold():
                raise ColumnError(
                    f"column {name}: Spark can't tell it from the new column {other}",
                    "rename it, or give the new column another name",
                )


def _computed_apart(df: DataFrame) -> DataFrame:
    """The rows as executors compute them. Rows that stand in the plan itself are numbered while it is made, all as of one
    partition, and handed out to several afterwards; so something that computes no row stands between."""
    jdf = getattr(df, "_jdf", None)
    if jdf is not None:
        is_local = jdf.queryExecution().optimizedPlan().nodeName() == "LocalRelation"
    else:
        plan: str = df._explain_string(extended=True)
        is_local = plan.partition("== Optimized Logical Plan ==\n")[2].startswith("LocalRelation")
    # as many partitions as there are, or fewer than these
    return df.coalesce(1 << 10) if is_local else df


def _struct_of(columns: list[tuple[str, str]]) -> str:
    return ", ".join(f"{_quoted(name)} {kind}" for name, kind in columns)


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _column(name: str) -> Column:
    column: Column = _functions().col(_quoted(name))
    return column


def _text(name: str) -> Column:
    """What a cell says: nothing where it is null, which itself would leave a hash as it is."""
    functions = _functions()
    text: Column = functions.coalesce(_column(name).cast("string"), functions.lit(""))
    return text


def _claim(name: str) -> Column:
    """A cell as its claim has it, trimmed: in the JVM that takes longer than the hash."""
    functions = _functions()
    claim: Column = functions.btrim(_text(name), functions.lit(" \t\n\f\r"))
    return claim


def _added(ask: dict[str, Any], link: bool) -> list[tuple[str, str]]:
    added = [(ask["token_column"], "string")]
    if link:
        added.append((ask["url_column"], "string"))
    added.append((ask["expires_column"], "timestamp"))
    if ask["keep_rejected"]:
        added.append(("error", "string"))
    return added


def _schema_with(df: DataFrame, added: list[tuple[str, str]]) -> Any:
    """The columns that there are, those that take the place of others left out, and the new ones."""
    import pyspark.sql.types

    types: Any = pyspark.sql.types
    kinds = {"string": types.StringType(), "timestamp": types.TimestampType()}
    new = [name for name, _ in added]
    own = [field for field in df.schema.fields if field.name not in new]
    return types.StructType(own + [types.StructField(name, kinds[kind]) for name, kind in added])
