"""One token at a time, keyrings, and what never gets out."""

from __future__ import annotations

import base64
import copy
import datetime as dt
import hmac
import json
import multiprocessing
import os
import pickle
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from conftest import ISSUED, ROOT, SECRET

import linkmint

PUBLIC = '{"keys":[]}'


def test_a_token_comes_back_with_what_it_says(ring: linkmint.Keyring) -> None:
    minter = linkmint.Minter(ring, base_url="https://mystore.com/p")
    made = minter.mint({"customer_id": 1234567, "campaign_id": "spring26"}, expires_in=dt.timedelta(days=1))
    assert str(made) == made.url_link == f"https://mystore.com/p/{made.token}"
    token = linkmint.Verifier(ring, expect={"campaign_id": "spring26"}).verify(made.token)
    assert token.claims == {"customer_id": "1234567", "campaign_id": "spring26"}
    assert token.expires_at == made.expires_at and token.id == made.id and token.format == "signed"
    assert token.expires_at and token.issued_at
    assert token.expires_at - token.issued_at == dt.timedelta(days=1)
    assert linkmint.Minter(ring).mint({}, never_expires=True).expires_at is None


def test_each_refusal_is_an_exception_of_its_own(ring: linkmint.Keyring) -> None:
    made = linkmint.Minter(ring).mint({"campaign_id": "a"}, issued_at=ISSUED, expires_in="1h", not_before="2026-11-21T16:30:00Z")

    def at(time: str, **more: Any) -> linkmint.Verifier:
        return linkmint.Verifier(ring, now=f"2026-11-21T{time}Z", **more)

    assert at("16:30:00").verify(made.token).claims == {"campaign_id": "a"}
    with pytest.raises(linkmint.Expired, match="token expired") as expired:
        at("17:00:00").verify(made.token)
    assert expired.value.token is not None and expired.value.token.claims == {"campaign_id": "a"}
    with pytest.raises(linkmint.NotYetValid):
        at("16:29:59").verify(made.token)
    assert at("17:00:59", leeway="60s").check(made.token).valid
    with pytest.raises(linkmint.ClaimMismatch):
        at("16:30:00", expect={"campaign_id": "b"}).verify(made.token)
    with pytest.raises(linkmint.InvalidSignature) as invalid:
        at("16:30:00").verify("S" + made.token[1:])
    assert invalid.value.token is None
    with pytest.raises(linkmint.Malformed):
        at("16:30:00").verify(f"https://mystore.com/p/{made.token}")
    other = linkmint.Keyring.from_secret("B" * 42 + "A")
    verdict = linkmint.Verifier(other).check(made.token)
    assert (verdict.status, verdict.token, verdict.key_id) == ("unknown_key", None, ring.active)
    unchecked = linkmint.inspect(made.token)
    assert unchecked.unverified_claims == {"campaign_id": "a"} and "anyone" in repr(unchecked)
    assert linkmint.inspect(linkmint.Minter(ring, seal=True).mint({"a": "b"}, never_expires=True).token).unverified_claims is None
    assert pickle.loads(pickle.dumps(expired.value)).status == "expired"


def test_arguments_that_no_token_can_carry_are_told(ring: linkmint.Keyring) -> None:
    minter = linkmint.Minter(ring)
    cases: list[tuple[Any, Any, str]] = [
        ({"a": ""}, {"expires_in": "1h"}, "the value is empty"),
        ({"a": 1.5}, {"expires_in": "1h"}, "a text or a whole number, and not float"),
        ({"a": "x" * 600}, {"expires_in": "1h"}, "at most 512"),
        ({"a": "b"}, {}, "nothing says when the token expires"),
        ({"a": "b"}, {"expires_in": "1h", "never_expires": True}, "give one of"),
        ({"a": "b"}, {"expires_at": dt.datetime(2027, 1, 1)}, "offset from UTC"),
    ]
    for claims, arguments, sentence in cases:
        with pytest.raises(linkmint.UsageError, match=sentence):
            minter.mint(claims, **arguments)
    forms: list[Any] = [{"seal": True, "public": True}, {"format": "jwt", "text": "base32"}, {"url": "https://a.b/"}]
    for arguments in forms:
        with pytest.raises(linkmint.UsageError):
            linkmint.Minter(ring, **arguments)


def test_a_keyring_is_found_as_the_command_line_finds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LINKMINT_KEYRING", "LINKMINT_KEY", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(linkmint.KeyringError, match="there is no such keyring"):
        linkmint.Keyring.load()
    with pytest.raises(linkmint.KeyringError, match="neither LINKMINT_KEYRING nor LINKMINT_KEY"):
        linkmint.Keyring.from_env()
    place = tmp_path / ".config/linkmint/keys.json"
    place.parent.mkdir(parents=True)
    place.write_text((ROOT / "samples/keys.json").read_text())
    place.chmod(0o600)
    if sys.platform == "linux":
        assert linkmint.Keyring.load().active == "e28e"
    monkeypatch.setenv("LINKMINT_KEY", SECRET)
    assert linkmint.Keyring.load().key_ids == linkmint.Keyring.from_env().key_ids == ["e28e"]
    monkeypatch.setenv("LINKMINT_KEYRING", str(place))
    with pytest.raises(linkmint.KeyringError, match="both LINKMINT_KEYRING and LINKMINT_KEY are set"):
        linkmint.Keyring.load()
    assert linkmint.Keyring.load(place).active == "e28e"


def test_a_keyring_that_is_none_is_told_without_its_text(tmp_path: Path, ring: linkmint.Keyring) -> None:
    secret = "c2VjcmV0LXRoYXQtbm8tbWVzc2FnZS1zaG93cw"
    for name, text in (("broken", f'{{"keys": "{secret}"'), ("other", f'{{"keys":[{{"kty":"oct","k":"{secret}"}}]}}')):
        place = tmp_path / name
        place.write_text(text)
        with pytest.raises(linkmint.KeyringError) as told:
            linkmint.Keyring.load(place)
        assert name in str(told.value) and secret not in str(told.value)
    with pytest.raises(linkmint.KeyringError, match="there is no such keyring"):
        linkmint.Keyring.load(tmp_path / "missing")
    for odd in (tmp_path, "a\0b"):
        with pytest.raises(linkmint.KeyringError) as told:
            linkmint.Keyring.load(odd)
        assert "os error" not in str(told.value) and "able to read" not in str(told.value)
    for text in ("", "short", secret):
        with pytest.raises(linkmint.KeyringError) as told:
            linkmint.Keyring.from_secret(text)
        assert not text or text not in str(told.value)
    readable = tmp_path / "readable"
    readable.write_text((ROOT / "samples/keys.json").read_text())
    readable.chmod(0o644)
    if sys.platform != "win32":
        with pytest.warns(linkmint.KeyringWarning, match="others can read this keyring"):
            linkmint.Keyring.load(readable)


def test_public_keys_check_and_make_nothing(tmp_path: Path, ring: linkmint.Keyring, program: Any) -> None:
    place = tmp_path / "public.json"
    place.write_text(program("key", "export", "--public", "--keyring", "samples/keys.json").stdout or PUBLIC)
    if place.read_text() == PUBLIC:
        place.write_text(program("key", "export", "--public").stdout)
    public = linkmint.Keyring.load(place)
    token = linkmint.Minter(ring, public=True).mint({"a": "b"}, never_expires=True).token
    assert linkmint.Verifier(public).verify(token).claims == {"a": "b"}
    with pytest.raises(linkmint.KeyringError, match="public keys alone"):
        linkmint.Minter(public)
    with pytest.raises(linkmint.KeyringError, match="public keys alone"):
        linkmint.generate(pa.table({"customer_id": ["1"]}), keyring=public, no_link=True, never_expires=True)


def test_no_secret_is_shown_or_pickled(ring: linkmint.Keyring) -> None:
    minter, verifier = linkmint.Minter(ring), linkmint.Verifier(ring, expect={"a": "b"})
    token = minter.mint({"a": "b"}, never_expires=True)
    raw = bytes(range(32))
    for thing in (ring, minter, verifier, token, linkmint.new_campaign()):
        shown = repr(thing)
        assert SECRET not in shown and raw.hex() not in shown and token.token not in shown
    for thing in (ring, minter, verifier):
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            with pytest.raises(linkmint.KeyringError, match="can't be pickled") as told:
                pickle.dumps(thing, protocol)
            assert "Keyring.load(path)" in str(told.value)
    assert copy.copy(ring) is ring and copy.deepcopy(ring) is ring
    with pytest.raises(AttributeError):
        ring.secret  # type: ignore[attr-defined]  # noqa: B018


def test_two_threads_may_share_a_minter_and_a_verifier(ring: linkmint.Keyring) -> None:
    minter, verifier = linkmint.Minter(ring), linkmint.Verifier(ring)
    wrong: list[object] = []

    def work(number: int) -> None:
        for turn in range(500):
            claims = {"customer_id": str(number * 1000 + turn)}
            try:
                if verifier.verify(minter.mint(claims, expires_in="1h").token).claims != claims:
                    wrong.append(claims)
            except Exception as error:  # noqa: BLE001
                wrong.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def _mint(queue: Any) -> None:
    ring = linkmint.Keyring.from_secret(SECRET)
    table = pa.table({"customer_id": [str(row) for row in range(5_000)]})
    made = linkmint.generate(table, keyring=ring, no_link=True, never_expires=True, issued_at=ISSUED, first_id="000000000001")
    queue.put(made["token"][4_999].as_py())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_process_that_forks_after_a_run_mints_on(ring: linkmint.Keyring) -> None:
    context = multiprocessing.get_context("fork")
    queue: Any = context.SimpleQueue()
    _mint(queue)
    child = context.Process(target=_mint, args=(queue,))
    child.start()
    child.join(60)
    assert child.exitcode == 0 and queue.get() == queue.get()


def test_an_interpreter_that_closes_is_not_held_up() -> None:
    code = f"""
import atexit, threading, pyarrow as pa, linkmint
ring = linkmint.Keyring.from_secret({SECRET!r})
table = pa.table({{"customer_id": [str(row) for row in range(200_000)]}})
def mint(): return linkmint.generate(table, keyring=ring, no_link=True, never_expires=True)
atexit.register(lambda: print(mint().num_rows))
threading.Thread(target=mint, daemon=True).start()
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (0, "200000\n", "")


def test_names_of_others_claims_are_quoted_where_they_are_strange(ring: linkmint.Keyring) -> None:
    text = linkmint.Minter(ring, format="jwt").mint({"id": "1"}, never_expires=True).token
    # the key of the ring's HS256, as `linkmint key export --jwt` gives it
    key = base64.urlsafe_b64decode("KBOmy09YNOaXTSliqiJreZxLc11LeNwAk3efEtvlbxk=")
    payload = json.dumps({"plain": "a b", "two\nlines\u202e": "x\ny"}).encode()
    signed = f"{text.split('.')[0]}.{base64.urlsafe_b64encode(payload).rstrip(b'=').decode()}"
    tag = base64.urlsafe_b64encode(hmac.digest(key, signed.encode(), "sha256")).rstrip(b"=").decode()
    token = linkmint.Verifier(ring).verify(f"{signed}.{tag}")
    assert token.claims == {"plain": "a b", "two\nlines\u202e": "x\ny"}
    assert repr(token) == '<linkmint.Token plain="a b" "two\\nlines\\u{202e}"="x\\ny">'
