"""The keyring of the samples, whose secret everybody knows, and the program that Python is held against."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import linkmint

ROOT = Path(__file__).resolve().parents[2]
SECRET = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
ISSUED = "2026-11-21T16:00:00Z"
FIRST = "5a1d00000001"


@pytest.fixture
def ring() -> linkmint.Keyring:
    return linkmint.Keyring.from_secret(SECRET)


@pytest.fixture(scope="session")
def program() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the command line of this tree."""
    places = [os.environ.get("LINKMINT_PROGRAM"), *(ROOT / "target" / kind / "linkmint" for kind in ("release", "debug"))]
    found = [place for place in places if place and Path(place).exists()]
    if not found:
        pytest.fail("there is no program to compare with: cargo build, or name one in LINKMINT_PROGRAM")

    def run(*args: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
        surroundings = {"LINKMINT_KEY": SECRET, "HOME": "/nonexistent", "PATH": os.environ["PATH"]}
        return subprocess.run(
            [str(found[0]), *args], input=text, capture_output=True, text=True, env=surroundings, cwd=ROOT, check=False
        )

    return run
