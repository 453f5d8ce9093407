"""Tables of pyarrow with metadata that is not UTF-8, such as the pickle that a type of its own is known by, or with a NUL in
a name: Arrow allows any bytes there, and its C interface or the native part does not."""

from __future__ import annotations

from typing import Any

from ._errors import TableError

EXTENSION = b"ARROW:extension:name"


def carried(table: Any) -> Any:
    """The table without such metadata and names; the same one where it has none."""
    import pyarrow

    schema = table.schema
    try:
        bad = [place for place, field in enumerate(schema) if not _is_text(field)]
    except UnicodeDecodeError as error:
        raise TableError("the name of a column is not UTF-8", "give every column a name that is a text") from error
    if _are_texts(schema.metadata) and not bad:
        return table
    columns, fields = list(table.columns), list(schema)
    for place in bad:
        columns[place], fields[place] = _plain(columns[place], fields[place])
    return pyarrow.Table.from_arrays(columns, schema=pyarrow.schema(fields))


def put_back(original: Any, made: Any, added: list[str]) -> Any:
    """What was made of a table, behind its own columns as they were."""
    own = [place for place, name in enumerate(original.column_names) if name not in added]
    table = original.select(own)
    for name in added:
        table = table.append_column(made.schema.field(name), made[name])
    return table


def _are_texts(metadata: dict[bytes, bytes] | None) -> bool:
    try:
        for pair in (metadata or {}).items():
            for each in pair:
                each.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_text(field: Any) -> bool:
    """Whether the name and all metadata of a field are, its type's and that of the fields within."""
    import pyarrow

    kind, own = field.type, dict(field.metadata or {})
    if isinstance(kind, pyarrow.ExtensionType):
        own[b""] = kind.__arrow_ext_serialize__()
        kind = kind.storage_type
    # before pyarrow 18, some types tell nothing of what is within
    within = (kind.field(place) for place in range(kind.num_fields)) if hasattr(kind, "field") else ()
    return "\0" not in field.name and _are_texts(own) and all(_is_text(other) for other in within)


def _plain(column: Any, field: Any) -> tuple[Any, Any]:
    """A column without metadata. Of what an extension means only its name stays, and lists and structs, which nobody reads,
    are empty."""
    import pyarrow

    # of a type that nobody has registered, the field has the name
    kind, name = field.type, (field.metadata or {}).get(EXTENSION)
    if isinstance(kind, pyarrow.ExtensionType):
        name = kind.extension_name.encode()
        kind = kind.storage_type
        column = pyarrow.chunked_array([chunk.storage for chunk in column.chunks], kind)
    if kind.num_fields:
        kind = pyarrow.struct([]) if pyarrow.types.is_struct(kind) else pyarrow.list_(pyarrow.null())
        column = pyarrow.nulls(len(column), kind)
    # a C string ends at a NUL, and the name could be another column's
    shown = field.name.replace("\0", "\u2400")
    return column, pyarrow.field(shown, kind, metadata=name and {EXTENSION: name.decode(errors="replace")})
