"""Runs stand in the ledger as the command line records them, or an exception says why they don't."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest
from conftest import FIRST, ISSUED

import linkmint

Program = Callable[..., subprocess.CompletedProcess[str]]
EVERY: dict[str, Any] = {"base_url": "https://mystore.com/p", "issued_at": ISSUED, "first_id": FIRST}
FLAGS = ["--base-url", "https://mystore.com/p", "--issued-at", ISSUED, "--first-id", FIRST]
COLUMNS = {
    "customer_id": ["1", "2", "3", "4", "5"],
    "campaign_id": ["spring26", "autumn26", "spring26", "spring26", "autumn26"],
    "duration": ["1h", "", "2h", "", ""],
}


def stats(program: Program, ledger: object) -> Any:
    """What the command line tells of a ledger, without the times at which it was asked and written."""
    told = program("stats", "--ledger", str(ledger), "--json")
    assert told.returncode == 0, told.stderr
    survey = json.loads(told.stdout)
    survey.pop("as_of")
    for run in survey["runs"]:
        assert run.pop("at") > ISSUED[:4]
    return survey


def csv_of(folder: Path, columns: dict[str, list[str]]) -> Path:
    place = folder / "customers.csv"
    lines = [",".join(columns), *(",".join(row) for row in zip(*columns.values(), strict=True))]
    place.write_text("\n".join(lines) + "\n")
    return place


@pytest.mark.parametrize(
    ("flags", "arguments"),
    [
        (["--expires-in", "24h"], {"expires_in": "24h"}),
        (["--never-expires"], {"never_expires": True}),
        (["--expires-in", "24h", "--seal"], {"expires_in": "24h", "seal": True}),
        (
            ["--expires-in", "24h", "--claims", "customer_id", "--set", "campaign_id=winter26"],
            {"expires_in": "24h", "claims": ["customer_id"], "set": {"campaign_id": "winter26"}},
        ),
    ],
    ids=["own durations", "never", "sealed", "one campaign"],
)
def test_a_run_is_recorded_as_the_command_line_records_it(
    ring: linkmint.Keyring, program: Program, tmp_path: Path, flags: list[str], arguments: dict[str, Any]
) -> None:
    # a row that can't have a token is none of the run
    columns = {name: [*values, "" if name == "customer_id" else values[0]] for name, values in COLUMNS.items()}
    place, theirs, ours = csv_of(tmp_path, columns), tmp_path / "theirs.db", tmp_path / "ours.db"
    bad = ["--rejects", str(tmp_path / "bad.csv"), "-o", str(tmp_path / "links.csv"), "-q"]
    ran = program("generate", str(place), "--ledger", str(theirs), *bad, *FLAGS, *flags)
    assert ran.returncode == 1, ran.stderr
    made = linkmint.generate(
        pl.DataFrame(columns), keyring=ring, errors="column", ledger=ours, source=str(place), **EVERY, **arguments
    )
    assert made["token"].null_count() == 1
    assert stats(program, ours) == stats(program, theirs)


def test_a_run_without_a_campaign_of_its_own_draws_one_and_records_it(
    ring: linkmint.Keyring, program: Program, tmp_path: Path
) -> None:
    place = tmp_path / "ledger.db"
    links = linkmint.generate(
        pa.table(COLUMNS), keyring=ring, base_url="https://mystore.com/p", expires_in="24h", ledger=place
    )
    (run,) = stats(program, place)["runs"]
    assert (run["input"], run["minted"]) == ("pyarrow.Table", 5)
    first = program("inspect", "--json", "--", links["token"][0].as_py())
    assert json.loads(first.stdout)["id"] == run["first_id"]


def test_more_values_than_campaigns_are_none(ring: linkmint.Keyring, program: Program, tmp_path: Path) -> None:
    place = tmp_path / "ledger.db"
    table = pa.table({"customer_id": ["1"] * 300, "campaign_id": [str(number) for number in range(300)]})
    linkmint.generate(table, keyring=ring, expires_in="24h", ledger=place, **EVERY)
    assert stats(program, place)["runs"][0]["campaigns"] == []


def test_a_run_that_ends_in_an_exception_or_makes_nothing_is_not_recorded(
    ring: linkmint.Keyring, program: Program, tmp_path: Path
) -> None:
    place = tmp_path / "ledger.db"
    arguments: dict[str, Any] = {"keyring": ring, "expires_in": "24h", "ledger": place, **EVERY}
    with pytest.raises(linkmint.RowsRejected):
        linkmint.generate(pa.table({"customer_id": ["1", ""]}), **arguments)
    linkmint.generate(pa.table({"customer_id": pa.array([], pa.string())}), **arguments)
    linkmint.generate(pa.table({"customer_id": [""]}), errors="column", **arguments)
    assert stats(program, place)["runs"] == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"ledger": "/nonexistent/ledger.db"}, "/nonexistent/ledger.db: no such file or directory"),
        ({"ledger": "/"}, "/: it is a folder"),
        ({"ledger": ""}, "the ledger's name is empty"),
        ({"ledger": __file__}, "the file is no ledger"),
        ({"ledger": "postgres://shop:open-sesame@127.0.0.1:1/links"}, "postgres://shop@127.0.0.1:1/links: the server can't"),
        ({"ledger": "postgres://shop:open/sesame@127.0.0.1:1/links"}, "the address of the server can't be understood"),
        ({"ledger": "mysql://shop:open-sesame@db/links"}, "the address of the server can't be understood"),
        ({"source": "customers"}, "no ledger is named"),
        ({"ledger": "ledger.db", "row": "duration"}, "with row= a table may be a part of one"),
        ({"ledger": b"ledger.db"}, "ledger: it is a text or a path"),
    ],
    ids=lambda value: "" if isinstance(value, str) else "-".join(map(str, value.values())),
)
def test_a_ledger_that_cant_be_used_is_told_before_the_first_token(
    ring: linkmint.Keyring, arguments: dict[str, Any], sentence: str
) -> None:
    campaign = linkmint.new_campaign(ISSUED, FIRST)
    more: dict[str, Any] = {"keyring": ring, "base_url": "https://mystore.com/p", "expires_in": "24h", "campaign": campaign}
    with pytest.raises(linkmint.Error) as told:
        linkmint.generate(pa.table(COLUMNS), **more, **arguments)
    assert sentence in str(told.value) and "sesame" not in repr(told.value)
    # the campaign has given no id
    linkmint.generate(pa.table(COLUMNS), **more)


def test_a_ledger_that_another_process_holds_is_told_and_no_link_goes_out(
    ring: linkmint.Keyring, program: Program, tmp_path: Path
) -> None:
    place = tmp_path / "ledger.db"
    linkmint.generate(pa.table(COLUMNS), keyring=ring, expires_in="24h", ledger=place, **EVERY)
    hold = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); db.execute('BEGIN IMMEDIATE'); print(flush=True); input()"
    command = [sys.executable, "-c", hold, str(place)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None and holder.stdout.readline()
        with pytest.raises(linkmint.LedgerError, match="the ledger is locked by another process"):
            linkmint.generate(pa.table(COLUMNS), keyring=ring, expires_in="24h", ledger=place, **EVERY)
        holder.communicate(b"\n")
    assert len(stats(program, place)["runs"]) == 1


PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a data base on a server of its own, which listens on a socket."""
    if not PROGRAMS:
        if os.environ.get("LINKMINT_POSTGRES") == "required":
            pytest.fail("LINKMINT_POSTGRES=required, and PostgreSQL is not installed")
        pytest.skip("PostgreSQL is not installed")
    programs = PROGRAMS[-1].parent
    with tempfile.TemporaryDirectory(prefix="lm", dir="/tmp") as folder:
        # it refuses to be run by root
        user: dict[str, Any] = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
        os.chmod(folder, 0o755)
        if user:
            subprocess.run(["chown", "postgres", folder], check=True)
        how: dict[str, Any] = {"cwd": folder, "check": True, "stdout": subprocess.DEVNULL, **user}
        subprocess.run([programs / "initdb", "-A", "trust", "--no-sync", "-E", "UTF8", "--no-locale", "-U", "keeper", "-D", "data"], **how)
        settings = f"-c listen_addresses= -c fsync=off -c unix_socket_directories={folder}"
        subprocess.run([programs / "pg_ctl", "-w", "-s", "-D", "data", "-l", "log", "-o", settings, "start"], **how)
        yield f"postgres://keeper:open-sesame@/postgres?host={folder}"
        subprocess.run([programs / "pg_ctl", "-w", "-s", "-D", "data", "-m", "immediate", "stop"], **how)


def test_a_run_is_recorded_on_a_server(ring: linkmint.Keyring, server: str, program: Program, tmp_path: Path) -> None:
    local = tmp_path / "ledger.db"
    for ledger in (server, local):
        linkmint.generate(pa.table(COLUMNS), keyring=ring, expires_in="24h", ledger=ledger, source="customers", **EVERY)
    assert stats(program, server.replace(":open-sesame", "")) == stats(program, local)
