"""Arguments of other types and texts that are none: each is used as it is meant, or refused in a sentence."""

from __future__ import annotations

import datetime as dt
import json
import sys
import zoneinfo
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from conftest import FIRST, ISSUED, SECRET

import linkmint

EVERY: dict[str, Any] = {"no_link": True, "never_expires": True, "issued_at": ISSUED, "first_id": FIRST}
HALF = json.loads('"\\ud800"')


def chain(error: BaseException | None) -> str:
    """All that an exception and its causes would show."""
    shown = ""
    while error is not None:
        shown += f"{error!r} {error.args!r} {error} {vars(error)!r}\n"
        error = error.__cause__ or error.__context__
    return shown


def test_a_text_that_is_no_unicode_is_no_token(ring: linkmint.Keyring) -> None:
    verifier, token = linkmint.Verifier(ring), linkmint.Minter(ring).mint({"a": "b"}, never_expires=True).token
    for text in (HALF, token + HALF, HALF + token):
        assert verifier.check(text).status == "malformed"
        for ask in (verifier.verify, linkmint.inspect):
            with pytest.raises(linkmint.Malformed):
                ask(text)


def test_a_secret_that_is_no_unicode_is_not_shown() -> None:
    for text in (SECRET + "\udc80", "\udc80" + SECRET, SECRET[:20] + HALF + SECRET[20:]):
        with pytest.raises(linkmint.KeyringError, match="it is no secret of a key") as told:
            linkmint.Keyring.from_secret(text)
        assert SECRET[:20] not in chain(told.value)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"base_url": HALF, "no_link": False}, "base_url: half of a surrogate pair"),
        ({"set": {"a": HALF}}, "the claim a: half of a surrogate pair"),
        ({"claims": {"a": HALF}}, "claims: half of a surrogate pair"),
        ({"row": "customer_id", "dedupe": True}, "dedupe: it looks for equal rows in a whole table"),
        ({"row": 5}, "row: it is a text, and not int"),
        ({"token_column": None}, "token_column: it is a text, and not NoneType"),
        ({"threads": -1}, "threads: at least 1"),
        ({"threads": "2"}, "threads: it is a whole number, and not str"),
        ({"claims": {"city": 5}}, "claims: it is a text, and not int"),
        ({"claims": [5]}, "claims: it is a text, and not int"),
        ({"claims": 5}, "claims: it takes names"),
        ({"set": [("a", "b")]}, "set: it maps names of claims"),
        ({"set": {5: "b"}}, "set: it is a text, and not int"),
        ({"seal": "no"}, "seal: it is True or False, and not str"),
        ({"timezone": 5}, "timezone: it is a name such as Europe/Berlin"),
        ({"first_id": True}, "first_id: it is a whole number, and not bool"),
        ({"first_id": 1.0}, "first_id: it is a whole number, and not float"),
        ({"key_id": 5}, "key_id: it is a text"),
        ({"source": 5, "ledger": "/nonexistent/ledger.db"}, "source: it is a text"),
        ({"source": HALF, "ledger": "/nonexistent/ledger.db"}, "source: half of a surrogate pair"),
        ({"errors": np.array(["raise", "column"])}, 'errors: it is "raise" or "column"'),
        ({"ledger": HALF}, "ledger: half of a surrogate pair"),
        ({"ledger": 5}, "ledger: it is a text or a path"),
        ({"date_format": "%d.%m.%Y"}, "date_format: no date is read"),
        ({"claims": ["customer_id", ""]}, "claims: an empty text is no name"),
        ({"campaign": "spring26"}, "campaign: it is what linkmint.new_campaign"),
    ],
    ids=str,
)
def test_a_run_tells_what_an_argument_is_to_be(ring: linkmint.Keyring, arguments: Any, sentence: str) -> None:
    with pytest.raises(linkmint.UsageError, match=sentence):
        linkmint.generate(pa.table({"customer_id": ["1"]}), keyring=ring, **{**EVERY, **arguments})


def test_a_check_and_a_minter_tell_it_too(ring: linkmint.Keyring) -> None:
    table, minter = pa.table({"token": ["x"]}), linkmint.Minter(ring)
    cases: list[tuple[Any, str]] = [
        (lambda: linkmint.verify(table, keyring=ring, expect=[("a", "b")]), "expect: it maps names of claims"),  # type: ignore[arg-type]
        (lambda: linkmint.verify(table, keyring=ring, column=5), "column: it is a text"),  # type: ignore[arg-type]
        (lambda: linkmint.verify(table, keyring=ring, match={"a": 5}), "match: it is a text"),  # type: ignore[dict-item]
        (lambda: linkmint.verify(table, keyring=ring, show=5), "show: it takes names"),  # type: ignore[arg-type]
        (lambda: linkmint.Minter(ring, seal=1), "seal: it is True or False"),  # type: ignore[arg-type]
        (lambda: linkmint.Verifier(ring, expect="a=b"), "expect: it maps names of claims"),  # type: ignore[arg-type]
        (lambda: minter.mint(None, never_expires=True), "claims: there are none"),  # type: ignore[arg-type]
        (lambda: minter.mint(pd.Series({"a": "b"}), never_expires=True), "claims: it maps names of claims"),
        (lambda: minter.mint({"a": 10**5000}, never_expires=True), "the claim a: the value is too long"),
        (lambda: minter.mint({"a": True}, never_expires=True), "a text or a whole number, and not bool"),
        (lambda: minter.mint({"a": HALF}, never_expires=True), "the claim a: half of a surrogate pair"),
        (lambda: minter.mint({"a": "b"}, expires_in=HALF), "expires_in: half of a surrogate pair"),
        (lambda: linkmint.verify(table, keyring=ring, show=""), "show: an empty text is no name"),
        (lambda: linkmint.new_campaign(first_id=""), "first_id: '' is no id"),
        (lambda: linkmint.new_campaign(first_id=True), "first_id: it is a whole number"),
    ]
    for ask, sentence in cases:
        with pytest.raises(linkmint.UsageError, match=sentence):
            ask()


def test_what_is_no_keyring_no_text_or_no_path_is_told_by_the_arguments_name(ring: linkmint.Keyring) -> None:
    table, verifier, load = pa.table({"customer_id": ["1"], "token": [""]}), linkmint.Verifier(ring), linkmint.Keyring.load
    asks: list[tuple[Any, list[Any], str]] = [
        (lambda bad: linkmint.generate(table, keyring=bad, **EVERY), ["file:/x", SECRET, None, 5], "keyring: it is a linkmint.Keyring"),
        (lambda bad: linkmint.verify(table, keyring=bad), ["file:/x", SECRET, None, 5], "keyring: it is a linkmint.Keyring"),
        (linkmint.Minter, ["file:/x", SECRET, None], "keyring: it is a linkmint.Keyring"),
        (linkmint.Verifier, ["file:/x", SECRET, None], "keyring: it is a linkmint.Keyring"),
        (verifier.verify, [None, b"x", 5], "text: it is a text, and not"),
        (verifier.check, [None, b"x", 5], "text: it is a text, and not"),
        (linkmint.inspect, [None, b"x", 5], "text: it is a text, and not"),
        (linkmint.Keyring.from_secret, [None, SECRET.encode(), 5], "text: it is a text, and not"),
        (load, [5, b"x", ["x"]], "path: it is a text or a path, and not"),
        (load, [HALF, HALF + "/keys.json"], "path: half of a surrogate pair"),
        (lambda bad: linkmint.generate(table, keyring=ring, ledger=bad, **EVERY), [5, b"x"], "ledger: it is a text or a path"),
        (lambda bad: linkmint.generate(table, keyring=ring, ledger=bad, **EVERY), [HALF], "ledger: half of a surrogate pair"),
        (lambda bad: linkmint.generate(table, keyring=ring, errors=bad, **EVERY), [np.array(["a", "b"]), None], "errors: it is"),
    ]
    for ask, bads, sentence in asks:
        for bad in bads:
            with pytest.raises(linkmint.UsageError, match=sentence) as told:
                ask(bad)
            assert SECRET not in chain(told.value)


def test_whole_numbers_of_numpy_are_whole_numbers(ring: linkmint.Keyring) -> None:
    made = linkmint.Minter(ring).mint({"customer_id": np.int64(7)}, never_expires=True, id=np.uint8(5))
    token = linkmint.Verifier(ring).verify(made.token)
    assert (token.claims, token.id) == ({"customer_id": "7"}, "000000000005")
    table = pa.table({"customer_id": ["1"]})
    asked: dict[str, Any] = {**EVERY, "first_id": np.int64(5), "threads": np.int8(1)}
    assert linkmint.generate(table, keyring=ring, **asked).equals(
        linkmint.generate(table, keyring=ring, **{**EVERY, "first_id": 5})
    )


@pytest.mark.skipif(sys.platform == "win32", reason="there are no time zones")
@pytest.mark.parametrize(
    ("timezone", "hours"),
    [
        ("Europe/Berlin", 1),
        (zoneinfo.ZoneInfo("Europe/Berlin"), 1),
        (dt.timezone.utc, 0),
        (dt.timezone(dt.timedelta(hours=-3, minutes=-30)), -3.5),
        (dt.timezone(dt.timedelta(hours=5, minutes=30)), 5.5),
    ],
    ids=str,
)
def test_a_time_zone_of_python_is_one(ring: linkmint.Keyring, timezone: Any, hours: float) -> None:
    made = linkmint.Minter(ring).mint({}, expires_at="2026-12-01 00:00", timezone=timezone, issued_at=ISSUED)
    assert made.expires_at == dt.datetime(2026, 12, 1, tzinfo=dt.timezone.utc) - dt.timedelta(hours=hours)
    table = linkmint.generate(
        pa.table({"customer_id": ["1"]}), keyring=ring, no_link=True, expires_at=dt.date(2026, 11, 30), timezone=timezone,
        issued_at=ISSUED,
    )  # fmt: skip
    assert table["expires_at"][0].as_py() == made.expires_at


def test_several_names_may_stand_in_a_text(ring: linkmint.Keyring) -> None:
    table = pa.table({"customer_id": ["1"], "city": [""]})
    made = linkmint.generate(table, keyring=ring, claims="customer_id, city", optional="city", **EVERY)
    checked = linkmint.verify(made, keyring=ring, now=ISSUED, show="customer_id,city")
    assert checked.column_names[-2:] == ["verified_customer_id", "verified_city"]


@pytest.mark.parametrize("name", ["city", "City Name", "city_name", "CITY"])
def test_a_claim_is_made_optional_by_its_name_or_its_columns(ring: linkmint.Keyring, name: str) -> None:
    table = pa.table({"customer_id": ["1"], "City Name": pa.array([None], pa.string())})
    claims = {"customer_id": "customer_id", "city": "City Name"}
    made = linkmint.generate(table, keyring=ring, claims=claims, optional=[name], **EVERY)
    assert linkmint.Verifier(ring).verify(made["token"][0].as_py()).claims == {"customer_id": "1"}
    table = pa.table({"customer_id": ["1"], "Campaign-ID": [""]})
    made = linkmint.generate(table, keyring=ring, optional=["Campaign-ID"], **EVERY)
    assert linkmint.Verifier(ring).verify(made["token"][0].as_py()).claims == {"customer_id": "1"}
    for other, sentence in (("nobody", "no column gives a claim"), ("", "an empty text is no name")):
        with pytest.raises(linkmint.UsageError, match=f"optional: {sentence}"):
            linkmint.generate(table, keyring=ring, optional=[other], **EVERY)


def test_as_many_threads_work_as_there_can_be(ring: linkmint.Keyring) -> None:
    table = pa.table({"customer_id": [str(row) for row in range(100)]})
    made = linkmint.generate(table, keyring=ring, **EVERY)
    for threads in (1, 100_000, 1 << 40, 1 << 70):
        assert linkmint.generate(table, keyring=ring, threads=threads, **EVERY).equals(made)


@pytest.mark.skipif(sys.platform != "linux", reason="a limit of Linux")
def test_a_process_that_may_have_no_more_threads_works_alone(ring: linkmint.Keyring) -> None:
    import os
    import resource

    if os.getuid() != 0:
        pytest.skip("only root can become somebody without threads")
    table = pa.table({"customer_id": [str(row) for row in range(50_000)]})
    asked: dict[str, Any] = {"keyring": ring, **EVERY}
    tokens = linkmint.generate(table, **asked).select(["token"])
    child = os.fork()
    if child == 0:
        try:
            os.setgid(65_533)
            os.setuid(65_533)
            resource.setrlimit(resource.RLIMIT_NPROC, (1, 1))
            made = linkmint.generate(table, threads=4, strict=True, **asked)
            checked = linkmint.verify(made, keyring=ring, threads=4)
            os._exit(0 if made.select(["token"]).equals(tokens) and checked.num_rows == 50_000 else 2)
        except BaseException:  # noqa: BLE001
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
