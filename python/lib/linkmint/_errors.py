"""What can go wrong, each in a class of its own, with a sentence and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._linkmint import Token


class Error(Exception):
    """All that linkmint raises. ``hint`` says what to do about it, where that is known."""

    hint: str | None

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message, hint)
        self.hint = hint

    def __str__(self) -> str:
        return str(self.args[0]) if self.hint is None else f"{self.args[0]}\nhint: {self.hint}"


class UsageError(Error, ValueError):
    """An argument that can't be used, whatever the rows say."""


class KeyringError(Error):
    """A keyring that is missing, unreadable or none, or a key that can't do what was asked."""


class ColumnError(UsageError):
    """A column that is not there, or whose cells are not what is needed."""


class TableError(Error, ValueError):
    """A table that can't be read."""


class LedgerError(Error):
    """A ledger that can't be used. Nothing was recorded in it."""


class RowNumbersNeeded(UsageError):
    """Rows that come in several parts, and nothing that says which of them is which."""


class RowsRejected(Error, ValueError):
    """Rows that can't have a token. ``told`` has the first 20: the row, from 0, and what is wrong with it."""

    rejected: int
    rows: int
    told: list[tuple[int, str]]

    def __init__(self, rejected: int, rows: int, told: list[tuple[int, str]], hint: str | None = None) -> None:
        lines = [f"{rejected} of {rows} rows can't have a token", *(f"row {row}, {error}" for row, error in told)]
        super().__init__("\n  ".join(lines), hint)
        self.rejected, self.rows, self.told = rejected, rows, told

    def __reduce__(self) -> tuple[type[RowsRejected], tuple[int, int, list[tuple[int, str]], str | None]]:
        return type(self), (self.rejected, self.rows, self.told, self.hint)


class Refused(Error):
    """A token that is not good. ``status`` is the stable word for it; ``token`` is there where it is authentic."""

    status: str
    token: Token | None

    def __init__(self, message: str, status: str, token: Token | None = None) -> None:
        super().__init__(message)
        self.status, self.token = status, token

    def __reduce__(self) -> tuple[type[Refused], tuple[str, str]]:
        return type(self), (self.args[0], self.status)


class Malformed(Refused):
    """A text that is no token."""


class UnknownKey(Refused):
    """A token of a key that the keyring has not."""


class InvalidSignature(Refused):
    """A text that no key of the keyring has signed."""


class Revoked(Refused):
    """An authentic token that is revoked."""


class NotYetValid(Refused):
    """An authentic token whose time has not come."""


class Expired(Refused):
    """An authentic token whose time is over; ``token.claims`` says whose it was."""


class ClaimMismatch(Refused):
    """An authentic token with another claim than was expected."""


class RowMismatch(Refused):
    """An authentic token in a row that it does not belong to."""


class TableWarning(UserWarning):
    """Rows that are most likely a mistake, and got their token all the same; ``strict=True`` rejects them."""


class KeyringWarning(UserWarning):
    """A keyring that others can read or change."""


class LedgerWarning(UserWarning):
    """A run of Spark whose tokens are made, and that could not be recorded."""
