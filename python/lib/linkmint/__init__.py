"""Signed campaign links: a token for every row of a table, and its check when it comes back.

>>> import linkmint, polars as pl
>>> ring = linkmint.Keyring.load()
>>> links = linkmint.generate(pl.read_csv("customers.csv"), keyring=ring,
...                           base_url="https://mystore.com/p", expires_in="24h")
>>> linkmint.Verifier(ring, expect={"campaign_id": "spring26"}).verify(text).claims["customer_id"]
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from datetime import tzinfo
from typing import Any, Literal, TypeVar

from . import _campaign, _ledger, _linkmint, _tables
from ._campaign import Campaign, new_campaign
from ._errors import (
    ClaimMismatch,
    ColumnError,
    Error,
    Expired,
    InvalidSignature,
    KeyringError,
    KeyringWarning,
    LedgerError,
    LedgerWarning,
    Malformed,
    NotYetValid,
    Refused,
    Revoked,
    RowMismatch,
    RowNumbersNeeded,
    RowsRejected,
    TableError,
    TableWarning,
    UnknownKey,
    UsageError,
)
from ._linkmint import Keyring, Minted, Table, Token, Unverified, Verdict, inspect
from ._run import generate_ask, verify_ask
from ._values import (
    Claims, Duration, Instant, Moment, duration, flag, flags, identity, keyring as ring, moment, pairs, texts, zone,
)  # fmt: skip

__all__ = [
    "Campaign", "ClaimMismatch", "ColumnError", "Error", "Expired", "InvalidSignature", "Keyring", "KeyringError",
    "KeyringWarning", "LedgerError", "LedgerWarning", "Malformed", "Minted", "Minter", "NotYetValid", "Refused",
    "Revoked", "RowMismatch", "RowNumbersNeeded", "RowsRejected", "Table", "TableError", "TableWarning", "Token",
    "UnknownKey", "Unverified", "UsageError", "Verdict", "Verifier", "generate", "inspect", "new_campaign", "verify",
]  # fmt: skip

Tabular = TypeVar("Tabular")
TextForm = Literal["base64url", "base32", "base32-upper"]


class Minter(_linkmint._Minter):
    """Mints tokens one by one, with one key and in one form; any thread may use it.

    ``base_url`` (the token becomes its last path segment, or with ``param`` that query parameter) or the template
    ``url`` (``https://shop.example/p/{token}?c={campaign_id}``) makes a link of each. ``seal`` hides the claims,
    ``public`` signs so that a public key checks, ``format="jwt"`` makes a JWT.

    Raises :class:`KeyringError` where no key signs, :class:`UsageError` for what can't be combined.
    """

    def __new__(
        cls,
        keyring: Keyring,
        *,
        base_url: str | None = None,
        param: str | None = None,
        url: str | None = None,
        key_id: str | None = None,
        seal: bool = False,
        public: bool = False,
        format: Literal["linkmint", "jwt"] | None = None,
        text: TextForm | None = None,
    ) -> Minter:
        ask = {
            **texts(base_url=base_url, param=param, url=url, key_id=key_id, format=format, text=text),
            **flags(seal=seal, public=public),
        }
        return super().__new__(cls, ring(keyring), ask["key_id"], ask)

    def mint(
        self,
        claims: Mapping[str, str | int],
        *,
        expires_in: Duration | None = None,
        expires_at: Moment | None = None,
        never_expires: bool = False,
        not_before: Moment | None = None,
        timezone: str | tzinfo | None = None,
        issued_at: Instant | None = None,
        id: str | int | None = None,
    ) -> Minted:
        """A token of these claims. One of ``expires_in`` (``"24h"``, ``"7d"`` or a timedelta), ``expires_at`` (an
        instant, or a date that is included as a whole, in ``timezone``) and ``never_expires`` is needed.

        Raises :class:`UsageError` for claims or times that no token can carry.
        """
        if claims is None:
            raise UsageError("claims: there are none", "mint({}, …) makes a token without claims")
        return self._mint(
            pairs("claims", claims),
            identity("id", id),
            duration("expires_in", expires_in),
            moment("expires_at", expires_at, timezone),
            flag("never_expires", never_expires),
            moment("not_before", not_before, timezone),
            moment("issued_at", issued_at),
            zone(timezone),
        )


class Verifier(_linkmint._Verifier):
    """Checks tokens with the keys of a ring, which it keeps; any thread may use it.

    ``expect`` names claims that every token must have: whoever holds a secret can mint anything, so a check names at
    least the campaign that it is for. ``leeway`` is how far clocks may be apart; ``now`` fixes the time of all checks,
    for tests.
    """

    def __new__(
        cls,
        keyring: Keyring,
        *,
        expect: Mapping[str, str | int] | None = None,
        leeway: Duration | None = None,
        now: Instant | None = None,
    ) -> Verifier:
        ask = {"expect": pairs("expect", expect), "leeway": duration("leeway", leeway), "now": moment("now", now)}
        return super().__new__(cls, ring(keyring), ask)


def generate(
    table: Tabular,
    *,
    keyring: Keyring,
    campaign: Campaign | None = None,
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
    duration_unit: Literal["s", "m", "h", "d", "w"] | None = None,
    expiry_column: str | None = None,
    timezone: str | tzinfo | None = None,
    date_format: str | None = None,
    key_id: str | None = None,
    seal: bool = False,
    public: bool = False,
    format: Literal["linkmint", "jwt"] | None = None,
    text: TextForm | None = None,
    issued_at: Instant | None = None,
    first_id: str | int | None = None,
    strict: bool = False,
    dedupe: bool = False,
    errors: Literal["raise", "column"] = "raise",
    replace: bool = False,
    token_column: str = "token",
    url_column: str = "url_link",
    expires_column: str = "expires_at",
    threads: int | None = None,
    ledger: str | os.PathLike[str] | None = None,
    source: str | None = None,
) -> Tabular:
    """The table with a ``token``, its ``url_link`` and ``expires_at`` (UTC, null for never) for every row.

    ``table`` is any table that exports Arrow; a polars or pandas DataFrame and a table, batch or reader of pyarrow
    come back as the same, any other as a :class:`Table`, which every reader of Arrow takes. It is the rule of
    ``linkmint generate``: by default ``customer_id`` and, where they exist, ``campaign_id`` and ``product_id`` become
    claims; ``claims={"id": "Kundennummer"}`` or ``["city", "id=Kundennummer"]`` chooses others, ``[]`` none; ``set``
    adds one for all rows; ``optional`` ones are left out where their cell is empty.

    Row n gets the id ``first_id`` + n. n is the number in the column ``row``; without it rows count from 0 as they
    stand, which takes a whole table. An engine that calls this for one part after the other must give ``row`` and one
    ``campaign`` for all parts, see :func:`new_campaign`.

    ``errors="raise"`` raises :class:`RowsRejected` when a row can't have a token; ``"column"`` leaves its token null
    and says why in a column ``error``. What is most likely a mistake is a :class:`TableWarning`, and with ``strict``
    rejects its row. Durations are texts such as ``"24h"``, or timedeltas. The interpreter's lock is not held.

    ``ledger`` (a file, made where there is none, or ``postgres://USER@HOST/DATABASE``) records the run when its links are
    complete, as ``linkmint generate --ledger`` does: when, how many of which campaign, until when. ``source`` names the
    table in it. An exception means that nothing was recorded.

    Raises :class:`ColumnError`, :class:`KeyringError`, :class:`LedgerError`, :class:`RowNumbersNeeded`,
    :class:`RowsRejected`, :class:`TableError` and :class:`UsageError`.
    """
    ring(keyring)
    if campaign is not None:
        _campaign.checked(campaign)
        if issued_at is not None or first_id is not None:
            raise UsageError("campaign: it excludes issued_at and first_id")
    if ledger is not None and row is not None:
        raise UsageError(
            "ledger: it records a whole run, and with row= a table may be a part of one",
            "leave row out where the table is whole; of a DataFrame of Spark, linkmint.spark records all parts as one",
        )
    if flag("dedupe", dedupe) and row is not None:
        raise UsageError(
            "dedupe: it looks for equal rows in a whole table, and with row= a table may be a part of one",
            "leave row out where the table is whole; or drop equal rows before",
        )
    book = _ledger.checked(ledger, source)
    giving = nullcontext() if campaign is None else campaign._giving(numbered=row is not None)
    if campaign is None and book is not None:
        campaign = new_campaign(issued_at, first_id)
    if campaign is not None:
        issued_at, first_id = campaign.issued_at, campaign.first_id
    ask = generate_ask(
        row=row, base_url=base_url, param=param, url=url, base_url_column=base_url_column, no_link=no_link,
        claims=claims, set=set, optional=optional, expires_in=expires_in, expires_at=expires_at,
        never_expires=never_expires, not_before=not_before, duration_column=duration_column,
        duration_unit=duration_unit, expiry_column=expiry_column, timezone=timezone, date_format=date_format,
        key_id=key_id, seal=seal, public=public, format=format, text=text, issued_at=issued_at,
        first_id=first_id, strict=strict, dedupe=dedupe, errors=errors, replace=replace,
        token_column=token_column, url_column=url_column, expires_column=expires_column, threads=threads,
    )  # fmt: skip
    ask["is_whole"] = _tables.kind(table) in _tables.WHOLE
    ask["counts_campaigns"] = book is not None
    if (empty := _tables.unread(table)) is not None:
        # what is wrong in arguments is told before the rows are gone
        _linkmint._Minter(keyring, ask["key_id"], {**ask, "param": None})
        _tables.quietly(_linkmint.outline, empty, ask)
    with giving, _tables.reading(table):
        links = _linkmint.generate(_tables.stream(table), keyring, ask)
        made: Tabular = _tables.give_back(table, links)
        if book is not None and campaign is not None and links._made is not None:
            _ledger.record(book, links._made, campaign, source, table)
    return made


def verify(
    table: Tabular,
    *,
    keyring: Keyring,
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
) -> Tabular:
    """The table with the status of every row's token, and when it expires (UTC; null for never and where the token is
    not authentic).

    Tokens stand in the columns ``token`` and ``url_link``, or in ``column``, by themselves or in a link. A claim whose
    name is also a column must equal its cell, else the status is ``row_mismatch``; ``match={"id": "Kundennummer"}``
    pairs others, ``no_match`` leaves it out. ``show`` adds claims of authentic tokens as ``verified_…``. The statuses
    are those of ``linkmint verify``; a token that is not good is an answer, and no exception.

    Raises :class:`ColumnError`, :class:`TableError` and :class:`UsageError`.
    """
    ring(keyring)
    ask = verify_ask(
        column=column, expect=expect, show=show, match=match, no_match=no_match, leeway=leeway, now=now,
        replace=replace, status_column=status_column, expires_column=expires_column, threads=threads,
    )  # fmt: skip
    if (empty := _tables.unread(table)) is not None:
        _tables.quietly(_linkmint.verify, empty, keyring, ask)
    with _tables.reading(table):
        made: Tabular = _tables.give_back(table, _linkmint.verify(_tables.stream(table), keyring, ask))
    return made


def __getattr__(name: str) -> Any:
    """``linkmint.spark`` is imported when it is asked for: few have PySpark."""
    if name == "spark":
        import importlib

        return importlib.import_module(".spark", __name__)
    raise AttributeError(f"module 'linkmint' has no attribute {name!r}")
