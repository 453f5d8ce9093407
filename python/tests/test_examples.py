"""The examples run as they stand."""

from __future__ import annotations

import importlib.util
import os
import runpy
import shutil
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from conftest import ROOT, SECRET

import linkmint

EXAMPLES = ROOT / "python/examples"
needs_spark = pytest.mark.skipif(
    not (shutil.which("java") and importlib.util.find_spec("pyspark")), reason="there is no Java, or no PySpark"
)


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LINKMINT_KEYRING", raising=False)
    monkeypatch.setenv("LINKMINT_KEY", SECRET)


@pytest.mark.parametrize(
    "name",
    ["polars_eager", "polars_lazy", "pandas_frame", "duckdb_cursor", pytest.param("spark_parquet", marks=needs_spark)],
)
def test_it_runs(name: str, tmp_path: Path) -> None:
    place = tmp_path / "keys.json"
    place.write_text((ROOT / "samples/keys.json").read_text())
    place.chmod(0o600)
    surroundings = {name: value for name, value in os.environ.items() if name != "LINKMINT_KEY"}
    # Spark starts its workers by name, and the first Python on the path need not have the package
    surroundings |= {"LINKMINT_KEYRING": str(place), "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
    run = subprocess.run(
        [sys.executable, "-W", "ignore::linkmint.TableWarning", str(EXAMPLES / f"{name}.py")],
        cwd=ROOT, env=surroundings, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip()


def test_a_task_of_airflow_gives_on_a_place_and_no_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sdk: Any = types.ModuleType("airflow.sdk")
    sdk.task = lambda function: function
    monkeypatch.setitem(sys.modules, "airflow", types.ModuleType("airflow"))
    monkeypatch.setitem(sys.modules, "airflow.sdk", sdk)
    task = runpy.run_path(str(EXAMPLES / "airflow_task.py"))["mint_links"]
    source, target = str(tmp_path / "in.parquet"), str(tmp_path / "out.parquet")
    pl.DataFrame({"customer_id": ["1", "2"]}).write_parquet(source)
    assert task(source, target, "2026-11-21T16:00:00Z") == target
    assert pl.read_parquet(target)["token"].n_unique() == 2


def tokens() -> tuple[str, str]:
    """A good one, and one that has expired."""
    minter = linkmint.Minter(linkmint.Keyring.from_secret(SECRET))
    claims = {"customer_id": "1001", "campaign_id": "spring26"}
    old = minter.mint(claims, issued_at="2020-01-01T00:00:00Z", expires_in="1h")
    return minter.mint(claims, expires_in="1h").token, old.token


def test_django_checks_a_link() -> None:
    pytest.importorskip("django")
    from django.conf import settings
    from django.test import RequestFactory

    if not settings.configured:
        settings.configure(ALLOWED_HOSTS=["*"])
    view = runpy.run_path(str(EXAMPLES / "django_view.py"))["promotion"]
    good, old = tokens()
    answers = [view(RequestFactory().get("/"), token) for token in (good, old, "x" * 40)]
    assert [answer.status_code for answer in answers] == [200, 410, 404]
    assert b"1001" in answers[0].content


def test_fastapi_checks_a_link() -> None:
    pytest.importorskip("fastapi")
    pytest.importorskip("httpx")
    from fastapi.testclient import TestClient

    client = TestClient(runpy.run_path(str(EXAMPLES / "fastapi_app.py"))["app"])
    good, old = tokens()
    assert client.get(f"/p/{good}").json() == {"customer": "1001"}
    assert [client.get(f"/p/{token}").status_code for token in (old, "x" * 40)] == [410, 404]
