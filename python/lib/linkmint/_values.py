"""Python's values as the native part takes them: times and claims as the texts that the command line reads."""

from __future__ import annotations

import operator
import os
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta, tzinfo
from datetime import timezone as offset
from typing import Any

from ._errors import UsageError
from ._linkmint import Keyring

Duration = str | timedelta
Instant = str | datetime
Moment = str | datetime | date
Claims = Mapping[str, str] | Iterable[str]
# a claim's value has at most 512 bytes
MOST_BITS = 2048


def text(name: str, value: object) -> str:
    """A text, which must be one in UTF-8 too: half of a surrogate pair is in none."""
    if not isinstance(value, str):
        raise UsageError(f"{name}: it is a text, and not {_kind(value)}")
    if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise UsageError(f"{name}: half of a surrogate pair stands alone in it, which no UTF-8 can have")
    return value


def texts(**values: object) -> dict[str, Any]:
    """Arguments that are texts, or left out."""
    return {name: None if value is None else text(name, value) for name, value in values.items()}


def flag(name: str, value: object) -> bool:
    """An argument that is true or false."""
    if not isinstance(value, bool):
        raise UsageError(f"{name}: it is True or False, and not {_kind(value)}")
    return value


def flags(**values: object) -> dict[str, Any]:
    """Arguments that are true or false."""
    return {name: flag(name, value) for name, value in values.items()}


def names(name: str, value: Iterable[str]) -> list[str]:
    """Several names, or a text that has them with commas between."""
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, Iterable):
        raise UsageError(f"{name}: it takes names, as [\"city\", \"size\"], and not {_kind(value)}")
    named = [text(name, each).strip() for each in value]
    if "" in named:
        raise UsageError(f"{name}: an empty text is no name", "[] is for none")
    return named


def path(name: str, value: object) -> str:
    """A file's name."""
    try:
        plain = os.fspath(value)  # type: ignore[call-overload]
    except TypeError:
        plain = None
    if not isinstance(plain, str):
        raise UsageError(f"{name}: it is a text or a path, and not {_kind(value)}")
    try:
        os.fsencode(plain)
    except UnicodeEncodeError:
        raise UsageError(f"{name}: half of a surrogate pair stands alone in it, which no file's name can have") from None
    return plain


def keyring(value: object) -> Keyring:
    """A keyring that is loaded."""
    if isinstance(value, Keyring):
        return value
    raise UsageError(
        f"keyring: it is a linkmint.Keyring, and not {_kind(value)}",
        "Keyring.load(\"/run/secrets/keys.json\") reads one of a file, Keyring.from_secret(text) makes one of a secret",
    )


def number(name: str, value: object) -> int:
    """A whole number of whatever library."""
    if isinstance(value, bool):
        raise UsageError(f"{name}: it is a whole number, and not bool")
    try:
        return operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        raise UsageError(f"{name}: it is a whole number, and not {_kind(value)}") from None


def threads(value: object) -> int | None:
    """As many as are asked for, in a number that the native part can take."""
    if value is None:
        return None
    asked = number("threads", value)
    if asked < 1:
        raise UsageError("threads: at least 1")
    return min(asked, 1 << 31)


def zone(value: str | tzinfo | None) -> str | None:
    """A time zone's name or offset."""
    if value is None or isinstance(value, str):
        return None if value is None else text("timezone", value)
    key = getattr(value, "key", None)
    if isinstance(key, str):
        return key
    if isinstance(value, offset):
        minutes, seconds = divmod(round(value.utcoffset(None).total_seconds()), 60)
        if not seconds:
            return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    raise UsageError(
        f"timezone: it is a name such as Europe/Berlin, a ZoneInfo or an offset, and not {_kind(value)}",
        'give its name: timezone="Europe/Berlin"',
    )


def duration(name: str, value: Duration | None) -> str | None:
    """``24h`` as it is, a timedelta in whole seconds."""
    if value is None or isinstance(value, str):
        return None if value is None else text(name, value)
    if not isinstance(value, timedelta):
        raise UsageError(f"{name}: a duration is a text such as 24h, or a timedelta, and not {_kind(value)}")
    if value.microseconds or value < timedelta(0):
        raise UsageError(f"{name}: a duration is whole seconds, and not less than none")
    return f"{value.days * 86_400 + value.seconds}s"


def moment(name: str, value: Moment | None, timezone: str | tzinfo | None = None) -> str | None:
    """A text as it is, a datetime with its zone as RFC 3339, a date as one."""
    if value is None or isinstance(value, str):
        return None if value is None else text(name, value)
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
        return claim if claim.isascii() else text(f"the claim {name}", claim)
    try:
        digits = operator.index(claim) if not isinstance(claim, bool) else None  # type: ignore[arg-type]
    except TypeError:
        digits = None
    if digits is None:
        raise UsageError(f"the claim {name}: a value is a text or a whole number, and not {_kind(claim)}")
    if digits.bit_length() > MOST_BITS:
        raise UsageError(f"the claim {name}: the value is too long, at most 512 bytes")
    return str(digits)


def pairs(argument: str, claims: Mapping[str, object] | None) -> list[tuple[str, str]]:
    """Names and values. Most are plain texts, and known as such without a call."""
    return [
        (
            name if type(name) is str and name.isascii() else text(argument, name),
            claim if type(claim) is str and claim.isascii() else value(name, claim),
        )
        for name, claim in _mapped(argument, claims).items()
    ]


def matches(argument: str, columns: Mapping[str, str] | None) -> list[tuple[str, str]]:
    """Names of claims and of columns."""
    return [(text(argument, name), text(argument, column)) for name, column in _mapped(argument, columns).items()]


def _mapped(argument: str, value: Mapping[str, Any] | None) -> Mapping[str, Any]:
    if value is None:
        return {}
    # a dict is known at once
    if not isinstance(value, (dict, Mapping)):
        raise UsageError(
            f"{argument}: it maps names of claims, as {{\"campaign_id\": \"spring26\"}}, and is not {_kind(value)}",
            "dict(…) makes one of pairs and of most things that have names",
        )
    return value


def columns(claims: Claims | None) -> list[tuple[str, str]] | None:
    """Names of claims and the columns that give them: a mapping, or names of both."""
    if claims is None:
        return None
    if isinstance(claims, Mapping):
        return matches("claims", claims)
    named = (each.partition("=") for each in names("claims", claims))
    return [(name, column if equals else name) for name, equals, column in named]


def identity(name: str, value: str | int | None) -> str | None:
    """An id as twelve hex digits."""
    if value is None or isinstance(value, str):
        return None if value is None else text(name, value)
    if 0 <= (bits := number(name, value)) < 1 << 48:
        return f"{bits:012x}"
    raise UsageError(f"{name}: an id has 48 bits")


def _kind(value: object) -> str:
    return f"{type(value).__module__}.{type(value).__qualname__}".removeprefix("builtins.")
