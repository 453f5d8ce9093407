"""A library of the JVM takes the JWTs of linkmint by the keys that it exports, and linkmint takes that library's.

It is jjwt, as it comes with PySpark: so it is here where Spark is."""

from __future__ import annotations

import base64
import importlib.util
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from conftest import ISSUED
from test_spark import pytestmark as pytestmark

import linkmint

ISSUED_AT = 1_795_276_800
TABLE = pa.table({"customer_id": ["1234567", "7654321"], "campaign_id": ["spring26", "spring26"]})


def ask(jwks: str, check: list[str], *, now: int, make: Any = None) -> tuple[list[Any], str | None]:
    """Asks jjwt, with the keys of an export."""
    spec = importlib.util.find_spec("pyspark")
    assert spec is not None and spec.origin is not None
    jars = Path(spec.origin).parent / "jars"
    path = ":".join(str(jar) for kind in ("jjwt", "jackson") for jar in sorted(jars.glob(f"{kind}-*.jar")))
    program = Path(__file__).parent / "jvm/Jjwt.java"
    question = json.dumps({"jwks": jwks, "now": now, "check": check, "make": make})
    ran = subprocess.run(["java", "-cp", path, program], input=question, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    answer = json.loads(ran.stdout)
    return answer["checked"], answer.get("made")


def exported(program: Any, flag: str) -> str:
    ran = program("key", "export", flag)
    assert ran.returncode == 0, ran.stderr
    return str(ran.stdout)


def damaged(jwt: str) -> list[str]:
    """Another payload, another signature, none, and no algorithm."""
    head, payload, signature = jwt.split(".")
    other = "A" if signature[10] != "A" else "B"
    nothing = base64.urlsafe_b64encode(json.dumps({"alg": "none", "kid": "e28e"}).encode()).rstrip(b"=").decode()
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    forged = base64.urlsafe_b64encode(json.dumps({**claims, "customer_id": "1"}).encode()).rstrip(b"=").decode()
    return [
        f"{head}.{forged}.{signature}",
        f"{head}.{payload}.{signature[:10]}{other}{signature[11:]}",
        f"{head}.{payload}.",
        f"{nothing}.{payload}.",
    ]


@pytest.mark.parametrize(("public", "flag"), [(True, "--public"), (False, "--jwt")], ids=["EdDSA", "HS256"])
def test_jjwt_takes_our_jwts_and_refuses_damaged_and_expired_ones(
    ring: linkmint.Keyring, program: Any, public: bool, flag: str
) -> None:
    assert shutil.which("java")
    made = linkmint.generate(
        TABLE, keyring=ring, no_link=True, expires_in="1h", issued_at=ISSUED, format="jwt", public=public
    )
    jwts, jwks = made["token"].to_pylist(), exported(program, flag)
    checked, _ = ask(jwks, [*jwts, *damaged(jwts[0])], now=ISSUED_AT + 3_599)
    assert [claims.get("customer_id") for claims in checked[:2]] == ["1234567", "7654321"], checked
    assert checked[0]["iat"] == ISSUED_AT and checked[0]["exp"] == ISSUED_AT + 3_600
    assert all("error" in claims for claims in checked[2:]), checked
    late, _ = ask(jwks, jwts, now=ISSUED_AT + 3_601)
    assert late == [{"error": "ExpiredJwtException"}] * 2
    # a key that is no part of the set
    other = linkmint.Keyring.from_secret(base64.urlsafe_b64encode(bytes(32)).decode().rstrip("="))
    foreign = linkmint.Minter(other, format="jwt", public=public).mint({"a": "1"}, expires_in="1h", issued_at=ISSUED)
    strange, _ = ask(jwks, [foreign.token], now=ISSUED_AT + 1)
    assert "error" in strange[0]


def test_we_take_the_jwts_of_jjwt(ring: linkmint.Keyring, program: Any) -> None:
    payload = {"customer_id": "1234567", "iat": ISSUED_AT, "exp": ISSUED_AT + 60}
    _, jwt = ask(exported(program, "--jwt"), [], now=ISSUED_AT, make=payload)
    assert jwt is not None
    token = linkmint.Verifier(ring, now=ISSUED).verify(jwt)
    assert token.claims["customer_id"] == "1234567"
    with pytest.raises(linkmint.InvalidSignature):
        linkmint.Verifier(ring, now=ISSUED).verify(damaged(jwt)[1])
