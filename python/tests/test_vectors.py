"""The format's own vectors, minted and checked from Python."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timezone
from typing import Any, Literal

import pytest
from conftest import ROOT

import linkmint

ALL = json.loads((ROOT / "crates/linkmint-token/tests/token-vectors.json").read_text())
FORMS: tuple[Literal["base64url"], Literal["base32"]] = ("base64url", "base32")


def keyring(row: dict[str, Any]) -> linkmint.Keyring:
    secret = base64.urlsafe_b64encode(bytes.fromhex(row["secret"])).rstrip(b"=")
    return linkmint.Keyring.from_secret(secret.decode())


def instant(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, timezone.utc)


@pytest.mark.parametrize("row", ALL["valid"], ids=lambda row: row["name"])
def test_minting_gives_the_bytes_of_the_vectors(row: dict[str, Any]) -> None:
    for form in FORMS:
        minter = linkmint.Minter(keyring(row), seal=row["sealed"], public=row.get("public", False), text=form)
        minted = minter.mint(
            row["claims"],
            issued_at=instant(row["issued_at"]),
            expires_at=instant(row["expires_at"]),
            never_expires=row["expires_at"] is None,
            not_before=instant(row["not_before"]),
            id=row["id"],
        )
        assert minted.token == row[form], form


@pytest.mark.parametrize("row", ALL["valid"], ids=lambda row: row["name"])
def test_checking_gives_the_fields_of_the_vectors(row: dict[str, Any]) -> None:
    now = instant(row["not_before"] or row["issued_at"])
    for form in FORMS:
        token = linkmint.Verifier(keyring(row), now=now).verify(row[form])
        assert token.claims == row["claims"]
        assert (token.id, token.key_id) == (row["id"], row["key_id"])
        assert token.issued_at == instant(row["issued_at"])
        assert token.expires_at == instant(row["expires_at"])
        assert token.not_before == instant(row["not_before"])


@pytest.mark.parametrize("row", ALL["refused"], ids=lambda row: row["name"])
def test_what_the_vectors_refuse_is_refused(row: dict[str, Any]) -> None:
    verifier = linkmint.Verifier(keyring(row), now=instant(row["now"]), leeway=f"{row['leeway']}s")
    verdict = verifier.check(row["text"])
    assert (verdict.status, bool(verdict)) == (row["status"], False)
    with pytest.raises(linkmint.Refused) as told:
        verifier.verify(row["text"])
    assert told.value.status == row["status"]
    assert type(told.value).__name__.lower() == row["status"].replace("_", "")
