"""From the arguments of a run to what the native part takes: for a table at hand, and for one in parts elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import tzinfo
from typing import Any

from ._errors import UsageError
from ._values import (
    Claims, Duration, Instant, Moment, columns, duration, flags, identity, matches, moment, names, pairs, text as named, texts,
    threads as counted, zone,
)  # fmt: skip


def generate_ask(
    *,
    row: str | None = None,
    base_url: str | None = None,
    param: str | None = None,
    url: str | None = None,
    base_url_column: str | None = None,
    no_link: bool = False,
    claims: Claims | None = None,
    set: Mapping[str, str | int] | None = None,
    optional: Iterable[str] = (),
    expires_in: Duration | None = None,
    expires_at: Moment | None = None,
    never_expires: bool = False,
    not_before: Moment | None = None,
    duration_column: str | None = None,
    duration_unit: str | None = None,
    expiry_column: str | None = None,
    timezone: str | tzinfo | None = None,
    date_format: str | None = None,
    key_id: str | None = None,
    seal: bool = False,
    public: bool = False,
    format: str | None = None,
    text: str | None = None,
    issued_at: Instant | None = None,
    first_id: str | int | None = None,
    strict: bool = False,
    dedupe: bool = False,
    errors: str = "raise",
    replace: bool = False,
    token_column: str = "token",
    url_column: str = "url_link",
    expires_column: str = "expires_at",
    threads: int | None = None,
) -> dict[str, Any]:
    """What is asked of the native ``generate``."""
    if not isinstance(errors, str) or errors not in ("raise", "column"):
        raise UsageError('errors: it is "raise" or "column"')
    if date_format is not None and expires_at is None and not_before is None and expiry_column is None:
        raise UsageError("date_format: no date is read", "it goes with expires_at, not_before or expiry_column")
    return {
        **texts(base_url=base_url, param=param, url=url, base_url_column=base_url_column, row=row),
        "claims": columns(claims), "optional": names("optional", optional), "constants": pairs("set", set),
        "expires_in": duration("expires_in", expires_in),
        "expires_at": moment("expires_at", expires_at, timezone),
        "not_before": moment("not_before", not_before, timezone),
        "issued_at": moment("issued_at", issued_at),
        "timezone": zone(timezone),
        **texts(date_format=date_format, duration_column=duration_column, duration_unit=duration_unit),
        **texts(expiry_column=expiry_column, key_id=key_id, format=format, text=text),
        "first_id": identity("first_id", first_id),
        **flags(no_link=no_link, never_expires=never_expires, seal=seal, public=public),
        **flags(strict=strict, dedupe=dedupe, replace=replace),
        "row_may_repeat": False, "is_whole": False, "is_part": False, "keep_rejected": errors == "column",
        "counts_campaigns": False,
        "token_column": named("token_column", token_column), "url_column": named("url_column", url_column),
        "expires_column": named("expires_column", expires_column), "threads": counted(threads),
    }  # fmt: skip


def verify_ask(
    *,
    column: str | None = None,
    expect: Mapping[str, str | int] | None = None,
    show: Iterable[str] = (),
    match: Mapping[str, str] | None = None,
    no_match: bool = False,
    leeway: Duration | None = None,
    now: Instant | None = None,
    replace: bool = False,
    status_column: str = "verified_status",
    expires_column: str = "verified_expires_at",
    threads: int | None = None,
) -> dict[str, Any]:
    """What is asked of the native ``verify``."""
    return {
        "expect": pairs("expect", expect), "leeway": duration("leeway", leeway), "now": moment("now", now),
        **texts(column=column), "show": names("show", show), "matches": matches("match", match),
        **flags(no_match=no_match, replace=replace),
        "status_column": named("status_column", status_column),
        "expires_column": named("expires_column", expires_column), "threads": counted(threads),
    }  # fmt: skip
