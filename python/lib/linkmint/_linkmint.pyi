"""The native part."""

from collections.abc import Mapping
from datetime import datetime
from os import PathLike
from typing import Any, Literal, NoReturn, final

from typing_extensions import Self, disjoint_base

_Status = Literal[
    "malformed", "unknown_key", "invalid_signature", "revoked", "not_yet_valid", "expired", "claim_mismatch",
    "row_mismatch", "valid",
]  # fmt: skip

@final
class Keyring:
    """Secrets that sign and keys that check. No ``repr`` shows a secret, and none can be pickled: load the keyring where
    it is used."""

    @staticmethod
    def load(path: str | PathLike[str] | None = None) -> Keyring:
        """The keyring of a file; without one, that of ``LINKMINT_KEYRING``, the secret of ``LINKMINT_KEY``, or
        ``linkmint/keys.json`` in the user's configuration folder, as the command line finds it.

        Raises KeyringError; warns (KeyringWarning) where others can read or change it.
        """
    @staticmethod
    def from_env() -> Keyring:
        """The keyring of ``LINKMINT_KEYRING``, or the secret of ``LINKMINT_KEY``.

        Raises KeyringError where neither is set, or both are.
        """
    @staticmethod
    def from_secret(text: str) -> Keyring:
        """A keyring of one secret: the base64url text of 32 to 64 random bytes, as a vault of secrets gives it.

        Raises KeyringError.
        """
    @property
    def key_ids(self) -> list[str]:
        """The ids of all keys, four hex digits each."""
    @property
    def active(self) -> str | None:
        """The id of the key that signs."""
    def __copy__(self) -> Keyring: ...
    def __deepcopy__(self, memo: object) -> Keyring: ...
    def __reduce__(self) -> NoReturn: ...

@final
class Token:
    """What an authentic token says."""

    @property
    def claims(self) -> dict[str, str]: ...
    @property
    def id(self) -> str | None:
        """Twelve hex digits; none of a JWT that others made."""
    @property
    def key_id(self) -> str: ...
    @property
    def format(self) -> str:
        """``signed``, ``sealed``, ``public`` or ``jwt``."""
    @property
    def issued_at(self) -> datetime | None:
        """In UTC."""
    @property
    def expires_at(self) -> datetime | None:
        """The first second at which it is no longer valid, in UTC; none is never."""
    @property
    def not_before(self) -> datetime | None:
        """The first second at which it is valid, in UTC."""

@final
class Verdict:
    """What came of a check. True where the token is valid."""

    @property
    def valid(self) -> bool: ...
    @property
    def status(self) -> _Status: ...
    @property
    def message(self) -> str:
        """A sentence for people."""
    @property
    def key_id(self) -> str | None:
        """The key that the token names, whether or not that one made it."""
    @property
    def token(self) -> Token | None:
        """What it says, where it is authentic; also of an expired one."""
    def __bool__(self) -> bool: ...

@final
class Unverified:
    """What a text says that nobody has checked: anyone could have written it."""

    @property
    def unverified_claims(self) -> dict[str, str] | None:
        """Never to be believed; none of a sealed token."""
    @property
    def key_id(self) -> str | None: ...
    @property
    def format(self) -> str: ...
    @property
    def issued_at(self) -> datetime | None: ...
    @property
    def expires_at(self) -> datetime | None: ...

@final
class Minted:
    """A token that was made; its ``str`` is the link, or the token where there is none."""

    @property
    def token(self) -> str: ...
    @property
    def url_link(self) -> str | None: ...
    @property
    def id(self) -> str: ...
    @property
    def issued_at(self) -> datetime: ...
    @property
    def expires_at(self) -> datetime | None: ...

@final
class Table:
    """A table that every reader of Arrow takes: ``pyarrow.table(…)``, ``polars.DataFrame(…)``, DuckDB."""

    @property
    def added(self) -> list[str]:
        """The names of the new columns."""
    @property
    def _made(self) -> dict[str, Any] | None: ...
    @property
    def column_names(self) -> list[str]: ...
    def __len__(self) -> int: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __arrow_c_schema__(self) -> object: ...

@disjoint_base
class _Minter:
    def __new__(cls, keyring: Keyring, key_id: str | None, ask: Mapping[str, Any]) -> Self: ...
    def _mint(
        self,
        claims: list[tuple[str, str]],
        token_id: str | None,
        expires_in: str | None,
        expires_at: str | None,
        never_expires: bool,
        not_before: str | None,
        issued_at: str | None,
        timezone: str | None,
    ) -> Minted: ...
    @property
    def key_id(self) -> str:
        """The key that signs."""

@disjoint_base
class _Verifier:
    def __new__(cls, keyring: Keyring, ask: Mapping[str, Any]) -> Self: ...
    def verify(self, text: str) -> Token:
        """What a token says that is good in every point; its exact text, nothing is trimmed or mended.

        Raises Refused: Malformed, UnknownKey, InvalidSignature, NotYetValid, Expired or ClaimMismatch.
        """
    def check(self, text: str) -> Verdict:
        """The same as an answer."""

def generate(stream: object, keyring: Keyring, ask: Mapping[str, Any]) -> Table: ...
def verify(stream: object, keyring: Keyring, ask: Mapping[str, Any]) -> Table: ...
def inspect(text: str) -> Unverified:
    """What a token says, without any key; never to be believed.

    Raises Malformed.
    """

def check_ledger(name: str) -> None: ...
def record_run(name: str, made: Mapping[str, Any], issued_at: str, first_id: str, source: str) -> None: ...
def digest(stream: object, number: str, texts: list[str]) -> int: ...
def outline(stream: object, ask: Mapping[str, Any]) -> dict[str, Any]: ...
def draw_id() -> str: ...
def second(text: str | None) -> int: ...
