"""Tables get byte for byte what the command line writes for the same rows."""

from __future__ import annotations

import csv
import io
from typing import Any

import pyarrow as pa
import pytest
from conftest import FIRST, ISSUED, ROOT

import linkmint

BASE = "https://mystore.com/promotions"
FORMS: list[tuple[list[str], dict[str, Any]]] = [
    ([], {}),
    (["--seal"], {"seal": True}),
    (["--public"], {"public": True}),
    (["--text", "base32-upper"], {"text": "base32-upper"}),
    (["--format", "jwt"], {"format": "jwt"}),
    (["--format", "jwt", "--public"], {"format": "jwt", "public": True}),
]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def table(records: list[dict[str, str]]) -> pa.Table:
    return pa.table({name: [record[name] for record in records] for name in records[0]})


def stamp(value: Any) -> str:
    return "" if value is None else value.strftime("%Y-%m-%dT%H:%M:%SZ")


def many(count: int) -> str:
    """A list with what lists have: repeated customers, quotes, spaces, rows' own times and addresses."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["customer_id", "campaign_id", "city", "duration", "base_url"])
    for row in range(count):
        customer = {3: f" {row} ", 5: f'"{row}', 7: f"K,{row}"}.get(row % 11, str(row))
        own = "https://own.example/p" if row % 17 == 4 else ""
        writer.writerow([customer, "spring26", f"Zürich {row % 5}", "2h" if row % 7 == 1 else "", own])
    return out.getvalue()


@pytest.mark.filterwarnings("ignore::linkmint.TableWarning")
@pytest.mark.parametrize(("flags", "arguments"), FORMS, ids=lambda value: " ".join(value) or "signed")
def test_the_samples_get_the_same_links(ring: linkmint.Keyring, program: Any, flags: list[str], arguments: Any) -> None:
    run = program(
        "generate", "samples/customers.csv", "--base-url", BASE, "--expires-in", "24h", "--issued-at", ISSUED,
        "--first-id", FIRST, *flags,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    written = rows(run.stdout)
    given = table(rows((ROOT / "samples/customers.csv").read_text()))
    links = linkmint.generate(
        given, keyring=ring, base_url=BASE, expires_in="24h", issued_at=ISSUED, first_id=FIRST, **arguments
    ).to_pylist()
    assert len(links) == len(written) > 20
    for own, other in zip(links, written, strict=True):
        assert own["token"] == other["token"]
        assert own["url_link"] == other["url_link"]
        assert stamp(own["expires_at"]) == other["expires_at"]


@pytest.mark.filterwarnings("ignore::linkmint.TableWarning")
@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("chunks", [1, 3, 40])
def test_rows_of_all_kinds_in_chunks_of_all_sizes_are_the_same(
    ring: linkmint.Keyring, program: Any, threads: int, chunks: int
) -> None:
    text = many(3_000)
    run = program(
        "generate", "-", "--url", "https://shop.example/{token}?c={city}", "--base-url-column", "base_url", "--expires-at",
        "2026-12-24", "--timezone", "Europe/Berlin", "--issued-at", ISSUED, "--first-id", FIRST, text=text,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    whole = table(rows(text))
    size = -(-whole.num_rows // chunks)
    given = pa.concat_tables([whole.slice(start, size) for start in range(0, whole.num_rows, size)])
    links = linkmint.generate(
        given, keyring=ring, url="https://shop.example/{token}?c={city}", base_url_column="base_url",
        expires_at="2026-12-24", timezone="Europe/Berlin", issued_at=ISSUED, first_id=FIRST, threads=threads,
    ).to_pylist()  # fmt: skip
    got = [[row["token"], row["url_link"], stamp(row["expires_at"])] for row in links]
    assert got == [[row["token"], row["url_link"], row["expires_at"]] for row in rows(run.stdout)]


@pytest.mark.filterwarnings("ignore::linkmint.TableWarning")
def test_bad_rows_have_the_command_lines_sentences(ring: linkmint.Keyring, program: Any) -> None:
    records = rows((ROOT / "samples/customers-with-mistakes.csv").read_text())
    # what no table can be: rows of another width
    records = [row for row in records if None not in row and None not in row.values()]
    out = io.StringIO()
    writer = csv.DictWriter(out, list(records[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    run = program(
        "generate", "-", "--base-url", BASE, "--expires-in", "7d", "--issued-at", ISSUED, "--first-id", FIRST, "--rejects",
        "/dev/null", text=out.getvalue(),
    )  # fmt: skip
    links = linkmint.generate(
        table(records), keyring=ring, base_url=BASE, expires_in="7d", issued_at=ISSUED, first_id=FIRST, errors="column"
    ).to_pylist()
    good = [row["token"] for row in links if row["error"] is None]
    assert good == [row["token"] for row in rows(run.stdout)]
    told = [row["error"] for row in links if row["error"] is not None]
    assert told
    for error in told:
        assert error.removeprefix("column ").replace(": ", ": ") in run.stderr.replace("column ", "")


def test_checks_agree_with_the_command_line(ring: linkmint.Keyring, program: Any) -> None:
    written = program(
        "generate", "samples/customers.csv", "--base-url", BASE, "--expires-in", "24h", "--issued-at", ISSUED,
        "--first-id", FIRST,
    ).stdout  # fmt: skip
    records = rows(written)
    records[1]["customer_id"] = "another"
    records[2]["token"] = records[2]["token"][:-2]
    records[3]["url_link"] = records[4]["url_link"]
    records[5]["token"] = records[5]["url_link"] = ""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(records[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    for now, expect in (("2026-11-22T15:59:59Z", {}), ("2026-11-22T16:00:00Z", {}), (ISSUED, {"campaign_id": "spring26"})):
        flags = [flag for pair in expect.items() for flag in ("--expect", "=".join(pair))]
        run = program("verify", "--file", "-", "--now", now, "--show", "product_id", *flags, text=out.getvalue())
        checked = linkmint.verify(table(records), keyring=ring, now=now, expect=expect, show=["product_id"]).to_pylist()
        theirs = [
            (row["verified_status"], row["verified_expires_at"], row["verified_product_id"]) for row in rows(run.stdout)
        ]
        ours = [
            (row["verified_status"], stamp(row["verified_expires_at"]), row["verified_product_id"] or "") for row in checked
        ]
        assert ours == theirs
