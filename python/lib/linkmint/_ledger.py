"""A run's entry in a ledger, from what its parts have made."""

from __future__ import annotations

import os
from typing import Any

from . import _linkmint, _tables, _values
from ._campaign import Campaign
from ._errors import UsageError

Made = dict[str, Any]


def checked(ledger: str | os.PathLike[str] | None, source: str | None) -> str | None:
    """The ledger's name, where there is one and it can be used; it is made where there is none yet."""
    if ledger is None:
        if source is not None:
            raise UsageError("source: it is what a ledger names the run by, and no ledger is named")
        return None
    name = os.fspath(ledger) if isinstance(ledger, (str, os.PathLike)) else None
    if not isinstance(name, str):
        raise UsageError("ledger: its name is a text or a path")
    try:
        os.fsencode(name)
    except UnicodeEncodeError:
        # an error of Python's would have the whole name, and a password in it
        raise UsageError("ledger: half of a surrogate pair stands alone in its name, which no file can have") from None
    _values.texts(source=source)
    _linkmint.check_ledger(name)
    return name


def record(name: str, made: Made, campaign: Campaign, source: str | None, table: object) -> None:
    """Takes a run in, unless no row got a token."""
    if made["rows"]:
        source = _tables.described(table) if source is None else source
        _linkmint.record_run(name, made, campaign.issued_at, campaign.first_id, source)


def joined(one: Made | None, later: Made) -> Made:
    """What two parts of a run have made together; ``later`` has the later rows."""
    if one is None:
        return later
    ends = [end for part in (one, later) for end in part["expiries"] or ()]
    campaigns = None
    if one["campaigns"] is not None and later["campaigns"] is not None:
        rows = dict(one["campaigns"])
        for campaign, count in later["campaigns"]:
            rows[campaign] = rows.get(campaign, 0) + count
        campaigns = list(rows.items())
    return {
        "key_id": one["key_id"],
        "rows": one["rows"] + later["rows"],
        "expiries": (min(ends), max(ends)) if ends else None,
        "never": one["never"] + later["never"],
        "campaigns": campaigns,
    }
