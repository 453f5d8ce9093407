"""Tables of pyarrow with metadata that is not UTF-8, such as the pickle that a type of its own is known by: Arrow allows
any bytes there, and the native part takes texts."""

from __future__ import annotations

from typing import Any

EXTENSION = b"ARROW:extension:name"


def carried(table: Any) -> Any:
    """The table without such metadata; the same one where it has none."""
    import pyarrow

    schema = table.schema
    bad = [place for place, field in enumerate(schema) if not _is_text(field)]
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
    """Whether all metadata of a field is, its type's and that of the fields within."""
    import pyarrow

    kind, own = field.type, dict(field.metadata or {})
    if isinstance(kind, pyarrow.ExtensionType):
        own[b""] = kind.__arrow_ext_serialize__()
        kind = kind.storage_type
    # before pyarrow 18, some types tell nothing of what is within
    within = (kind.field(place) for place in range(kind.num_fields)) if hasattr(kind, "field") else ()
    return _are_texts(own) and all(_is_text(other) for other in within)


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
    return column, pyarrow.field(field.name, kind, metadata=name and {EXTENSION: name.decode(errors="replace")})
