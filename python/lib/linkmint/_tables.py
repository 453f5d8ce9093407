"""Tables of whatever library: each comes in as a stream of Arrow, and goes out as what it was."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from . import _metadata
from ._errors import Error, TableError, TableWarning, UsageError
from ._linkmint import Table


def kind(table: object) -> str:
    """Whose table it is, as ``polars.DataFrame``."""
    for base in type(table).__mro__:
        name = f"{base.__module__.partition('.')[0]}.{base.__name__}"
        if name in WHOLE or name in ("pyarrow.RecordBatchReader", "polars.LazyFrame", "pyspark.DataFrame"):
            return name
    return "other"


def described(table: object) -> str:
    """What a ledger calls a table that nobody has named."""
    name = kind(table)
    return f"{type(table).__module__.partition('.')[0]}.{type(table).__qualname__}" if name == "other" else name


# of these all rows are there, in an order that stays
WHOLE = ("polars.DataFrame", "pandas.DataFrame", "pyarrow.Table", "pyarrow.RecordBatch")
# types of polars that its Arrow has not, or has in a way of its own
OF_POLARS = ("Null", "Int128", "UInt128", "Object")


def stream(table: Any) -> Any:
    """What the native part reads."""
    match kind(table):
        case "polars.DataFrame":
            return _readable(table)
        case "pandas.DataFrame":
            return _metadata.carried(_of_pandas(table))
        case "polars.LazyFrame":
            raise UsageError(
                "a LazyFrame has no rows yet",
                "collect it, or give map_batches a function that calls this, with row= a column of with_row_index()",
            )
        case "pyspark.DataFrame":
            raise UsageError("a DataFrame of Spark has its rows elsewhere", "linkmint.spark has the same functions for it")
        case "pyarrow.Table":
            return _metadata.carried(table)
        case "pyarrow.RecordBatch":
            import pyarrow

            return _metadata.carried(pyarrow.Table.from_batches([table]))
        case "pyarrow.RecordBatchReader":
            import pyarrow

            # read here, so that Ctrl-C in whatever gives the batches is none of Arrow's errors
            try:
                batches = list(table)
            except Exception as error:
                raise TableError(f"the table can't be read on: {error}") from error
            return pyarrow.Table.from_batches(batches, table.schema)
    if type(table).__name__ in ("Series", "ChunkedArray"):
        raise TableError(
            f"{type(table).__module__.partition('.')[0]}.{type(table).__qualname__} is one column, and no table",
            "make a table of it, as series.to_frame(\"customer_id\")",
        )
    if not hasattr(table, "__arrow_c_stream__"):
        raise TableError(
            f"{type(table).__qualname__} is no table: it has no __arrow_c_stream__",
            "give a DataFrame, a pyarrow.Table or anything else that exports Arrow",
        )
    return table


def unread(table: Any) -> Any:
    """A table without rows in place of one whose rows can be read once, to hold arguments against; none for others."""
    return _metadata.carried(table.schema.empty_table()) if kind(table) == "pyarrow.RecordBatchReader" else None


def quietly(work: Any, *args: Any) -> Table:
    """Without the warnings of what does not see all rows."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TableWarning)
        made: Table = work(*args)
        return made


@contextmanager
def reading(table: Any) -> Iterator[None]:
    """Says of what goes wrong that the rows of such a table are gone: a second call would find none."""
    try:
        yield
    except Error as error:
        if kind(table) == "pyarrow.RecordBatchReader":
            error.hint = "; ".join([*([error.hint] if error.hint else []), "the reader is used up: make it anew"])
            error.args = (error.args[0], error.hint)
        raise


def give_back(original: Any, made: Table) -> Any:
    """The made table as what the original was; where that is not known, as it is."""
    match kind(original):
        case "polars.DataFrame":
            import polars

            # the columns that were there stay as they are: Arrow has no type for some of them
            new = polars.DataFrame(made).select(made.added)
            return original.drop(made.added, strict=False).hstack(new)
        case "pandas.DataFrame":
            import pyarrow

            # the columns that were there stay as they are, with their index
            new = pyarrow.table(made).select(made.added).replace_schema_metadata(None).to_pandas()
            names = original.columns
            if names.nlevels == 1 and names.inferred_type != "string":
                # an index of categories or times takes no other names
                names = names.astype(object)
            frame = original.set_axis(names, axis=1)
            labels = {_name(label): label for label in names}
            for name in made.added:
                label = (name, *[""] * (names.nlevels - 1)) if names.nlevels > 1 else name
                frame[labels.get(name, label)] = new[name].array
            return frame
        case "pyarrow.Table":
            import pyarrow

            table = pyarrow.table(made)
            is_carried = _metadata.carried(original) is original
            return table if is_carried else _metadata.put_back(original, table, made.added)
        case "pyarrow.RecordBatch":
            import pyarrow

            table = give_back(pyarrow.Table.from_batches([original]), made).combine_chunks()
            batches = table.to_batches()
            return batches[0] if batches else pyarrow.RecordBatch.from_pylist([], schema=table.schema)
        case "pyarrow.RecordBatchReader":
            import pyarrow

            return pyarrow.RecordBatchReader.from_stream(made)
    return made


def _name(label: Any) -> str:
    """What a column of pandas is called: by the first level alone where those below are empty."""
    if isinstance(label, tuple):
        first, *others = label
        is_above = all(isinstance(other, str) and not other for other in others)
        return _name(first) if is_above else str(tuple(map(_name, label)))
    return label.decode(errors="replace") if isinstance(label, bytes) else str(label)


def _of_pandas(frame: Any) -> Any:
    import pyarrow

    if frame.columns.nlevels > 1:
        frame = frame.set_axis([_name(label) for label in frame.columns], axis=1)
    if not len(frame.columns):
        # rows without columns are rows all the same
        rows = pyarrow.nulls(len(frame), pyarrow.struct([]))
        return pyarrow.Table.from_batches([pyarrow.RecordBatch.from_struct_array(rows)])
    try:
        return pyarrow.Table.from_pandas(frame, preserve_index=False)
    except Exception as error:
        # whatever an object in a cell raises, too
        raise _unreadable(frame, error) from error


def _unreadable(frame: Any, error: Exception) -> TableError:
    """Which column of pandas Arrow can't have, and why."""
    import pyarrow

    seen = set()
    for place, label in enumerate(frame.columns):
        name = _name(label)
        if any("\ud800" <= letter <= "\udfff" for letter in name):
            return TableError("the name of a column is not UTF-8", "give every column a name that is a text")
        if name in seen:
            return TableError(f"two columns have the name {name}", "give each column a name of its own")
        seen.add(name)
        try:
            pyarrow.array(frame.iloc[:, place], from_pandas=True)
        except UnicodeEncodeError:
            return TableError(
                f"column {name}: half of a surrogate pair stands alone in a cell, which no UTF-8 can have",
                "take it out of the text, or leave the column out",
            )
        except Exception as why:
            return TableError(
                f"column {name}: its cells can't be read as Arrow: {why.args[0] if why.args else why}",
                f"make all of them texts or all numbers, as df.astype({{{label!r}: str}}); or leave the column out",
            )
    return TableError(f"the table can't be read as Arrow: {error}", "pyarrow.Table.from_pandas(…) must take it")


def _readable(frame: Any) -> Any:
    """A DataFrame of polars with all its columns, and of those that Arrow can't carry or nobody reads only their names."""
    import polars

    def stand_in(name: str, kind: Any) -> Any:
        if kind.is_nested():
            other = polars.Struct({}) if kind == polars.Struct else polars.List(polars.String)
            return polars.lit(None, other).alias(name)
        if kind == polars.Object:
            return polars.lit(None, polars.Binary).alias(name)
        # numbers of 128 bits are their digits, and a column of nulls is an empty one
        return frame.get_column(name).cast(polars.String)

    others = {name: kind for name, kind in frame.schema.items() if kind.is_nested() or str(kind) in OF_POLARS}
    return frame.with_columns(*(stand_in(name, kind) for name, kind in others.items())) if others else frame
