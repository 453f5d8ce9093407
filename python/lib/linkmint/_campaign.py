"""What is settled once for all parts of a run: when its tokens are issued, and where their ids begin."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone

from ._errors import RowNumbersNeeded, UsageError
from ._linkmint import draw_id, second
from ._values import Instant, identity, moment


class Campaign:
    """The time of issue and the first id of a run. It holds no secret, may be pickled, and gives the same rows the same
    tokens wherever it is used. Only where it was made does it count rows that have no number of their own: what another
    process counts it can't know.

    ``issued_at`` is RFC 3339 in UTC, ``first_id`` twelve hex digits: what ``linkmint generate`` takes for the same
    tokens again.
    """

    issued_at: str
    first_id: str

    def __init__(self, issued_at: Instant | None = None, first_id: str | int | None = None) -> None:
        seconds = second(moment("issued_at", issued_at))
        self.issued_at = datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        named = identity("first_id", first_id)
        self.first_id = draw_id() if named is None else named
        if len(self.first_id) != 12 or not set(self.first_id) <= set("0123456789abcdefABCDEF"):
            raise UsageError(f"first_id: {self.first_id!r} is no id", "it has twelve hex digits: 0102030405aa")
        # tables whose rows were counted, and those whose rows brought their numbers, with those under way
        self._counted = self._numbered = 0
        self._lock = threading.Lock()
        # none where it came out of a pickle
        self._process: int | None = os.getpid()

    @contextmanager
    def _giving(self, *, numbered: bool) -> Iterator[None]:
        """While a table is given ids. Its rows are counted from the first id, unless they are numbered; where the one has
        been, the other would give ids again. What fails has given none."""
        if not numbered and self._process != os.getpid():
            raise RowNumbersNeeded(
                "this campaign comes from another process, and can't know which rows have their ids already",
                "name a column of row numbers: row=\"row\"; or make the campaign where its table is",
            )
        with self._lock:
            if self._counted:
                raise RowNumbersNeeded(
                    "this campaign has counted the rows of a table already, and would give the same ids again",
                    "make another campaign for another table; a table in parts needs row= from its first part on",
                )
            if self._numbered and not numbered:
                raise RowNumbersNeeded(
                    "this campaign has given ids by row numbers already, and rows that are counted would get the same ones",
                    "name the column of row numbers here too: row=\"row\"; or make another campaign for another table",
                )
            self._numbered += numbered
            self._counted += not numbered
        try:
            yield
        except BaseException:
            with self._lock:
                self._numbered -= numbered
                self._counted -= not numbered
            raise

    def _give_by_number(self) -> None:
        """Ids are given elsewhere, to rows with numbers."""
        with self._giving(numbered=True):
            pass

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Campaign) and self._facts() == other._facts()

    def __hash__(self) -> int:
        return hash(self._facts())

    def _facts(self) -> tuple[str, str]:
        return self.issued_at, self.first_id

    def __copy__(self) -> Campaign:
        return self

    def __deepcopy__(self, memo: object) -> Campaign:
        return self

    def __reduce__(self) -> tuple[type[Campaign], tuple[str, str], dict[str, None]]:
        return type(self), self._facts(), {"_process": None}

    def __repr__(self) -> str:
        return f"linkmint.Campaign(issued_at={self.issued_at!r}, first_id={self.first_id!r})"


def checked(campaign: object) -> Campaign:
    """What was given as a campaign, where it is one."""
    if isinstance(campaign, Campaign):
        return campaign
    raise UsageError(
        f"campaign: it is what linkmint.new_campaign() gives, and not {type(campaign).__qualname__}",
        "set={\"campaign_id\": \"spring26\"} makes a claim of a campaign's name",
    )


def new_campaign(issued_at: Instant | None = None, first_id: str | int | None = None) -> Campaign:
    """Settles when tokens are issued (now, unless it is said) and their first id (drawn, unless it is said)."""
    return Campaign(issued_at, first_id)
