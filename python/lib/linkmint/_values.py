"""Python's times and claims as the texts that the command line reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from ._errors import UsageError

Duration = str | timedelta
Instant = str | datetime
Moment = str | datetime | date
Claims = Mapping[str, str] | Iterable[str]


def duration(name: str, value: Duration | None) -> str | None:
    """``24h`` as it is, a timedelta in whole seconds."""
    if value is None or isinstance(value, str):
        return value
    if not isinstance(value, timedelta):
        raise UsageError(f"{name}: a duration is a text such as 24h, or a timedelta, and not {_kind(value)}")
    if value.microseconds or value < timedelta(0):
        raise UsageError(f"{name}: a duration is whole seconds, and not less than none")
    return f"{value.days * 86_400 + value.seconds}s"


def moment(name: str, value: Moment | None, timezone: str | None = None) -> str | None:
    """A text as it is, a datetime with its zone as RFC 3339, a date as one."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, datetime):
        if value.tzinfo is None and timezone is None:
            raise UsageError(
                f"{name}: {value.isoformat()} does not say at which offset from UTC it is meant",
                "give it a tzinfo, as datetime(…, tzinfo=timezone.utc)",
            )
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    raise UsageError(f"{name}: a time is a text, a datetime or a date, and not {_kind(value)}")


def value(name: str, claim: object) -> str:
    """A claim's value: a text, or a whole number, which becomes its digits."""
    if isinstance(claim, str):
        return claim
    if isinstance(claim, int) and not isinstance(claim, bool):
        return str(claim)
    raise UsageError(f"the claim {name}: a value is a text or a whole number, and not {_kind(claim)}")


def pairs(claims: Mapping[str, object] | None) -> list[tuple[str, str]]:
    """Names and values."""
    return [(name, value(name, claim)) for name, claim in (claims or {}).items()]


def columns(claims: Claims | None) -> list[tuple[str, str]] | None:
    """Names of claims and the columns that give them: a mapping, or names of both."""
    if claims is None:
        return None
    if isinstance(claims, str):
        claims = claims.split(",")
    if isinstance(claims, Mapping):
        return list(claims.items())
    named = (text.partition("=") for text in claims)
    return [(name, column if equals else name) for name, equals, column in named]


def identity(name: str, value: str | int | None) -> str | None:
    """An id as twelve hex digits."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int) and 0 <= value < 1 << 48:
        return f"{value:012x}"
    raise UsageError(f"{name}: an id has 48 bits")


def _kind(value: object) -> str:
    return f"{type(value).__module__}.{type(value).__qualname__}".removeprefix("builtins.")
