"""Who is compared: how each is called, what it needs, what its tokens look like."""
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
INSTALLED = HERE / ".peers"
PYTHON = INSTALLED / "venv/bin/python"
NODE_MODULES = INSTALLED / "node_modules"
JWT_CLI = INSTALLED / "bin/jwt"
URL = "https://mystore.com/promotions"


@dataclass(frozen=True)
class Peer:
    name: str
    title: str  # in the table
    command: tuple  # IN and OUT follow
    token: str  # which of the forms in checks.py
    needs: tuple = ()  # files that are there once it is installed
    at_most: int | None = None  # rows; for who would need hours

    def missing(self):
        """What it lacks, or None."""
        if shutil.which(self.command[0]) is None:
            return f"there is no {self.command[0]}"
        return next((f"{path} is not installed" for path in self.needs if not Path(path).exists()), None)

    def call(self, source, target):
        return [str(part) for part in (*self.command, source, target)]


@dataclass(frozen=True)
class Linkmint(Peer):
    def call(self, source, target):
        return [self.command[0], "generate", str(source), "--base-url", URL, "--expires-in", "24h",
                "-o", str(target), "--force"]


@dataclass(frozen=True)
class Floor(Peer):
    """A program that does the bare work on such a list and nothing that a user needs: IN OUT, and how."""

    way: tuple = ()

    def call(self, source, target):
        return [self.command[0], str(source), str(target), *self.way]


def floors(program, features):
    """The bare work without vectors, and with AVX-512 where the processor has it."""
    plain = Floor("floor", "the bare work, plain", (program,), "", way=("--portable",))
    avx512 = Floor("floor_avx512", "the bare work, AVX-512", (program,), "")
    return [plain, avx512] if "avx512f" in features else [plain]


def python_peer(name, title, script, token, package):
    where = sorted(INSTALLED.glob(f"venv/lib/python*/site-packages/{package}"))
    needs = (where[-1] if where else f"{package} in {INSTALLED / 'venv'}",)
    return Peer(name, title, (PYTHON, HERE / "peers" / script), token, needs)


def peers():
    script = HERE / "peers"
    return [
        Peer("csv_hmac", "Python csv + hmac", (sys.executable, script / "csv_hmac.py"), "hmac"),
        python_peer("itsdangerous", "itsdangerous 2.2.0", "itsdangerous_peer.py", "itsdangerous", "itsdangerous"),
        python_peer("pyjwt", "PyJWT 2.15.1", "pyjwt_peer.py", "jwt", "jwt"),
        Peer("fast_jwt", "fast-jwt 6.3.6 (Node)", ("node", script / "fast_jwt.mjs"), "jwt",
             (NODE_MODULES / "fast-jwt", NODE_MODULES / "papaparse")),
        python_peer("chdb", "chDB 4.4.0 (ClickHouse)", "chdb_peer.py", "hmac", "chdb"),
        python_peer("duckdb", "DuckDB 2.0.0", "duckdb_peer.py", "hmac", "duckdb"),
        Peer("jwt_cli", "jwt-cli 6.2.0 in a shell loop", ("bash", script / "jwt_cli.sh"), "jwt", (JWT_CLI,), 1000),
    ]


def linkmint(path):
    """The program given, else the release build beside this folder, else one on the PATH, else None."""
    built = Path(os.environ.get("CARGO_TARGET_DIR", HERE.parent / "target")) / "release/linkmint"
    found = path or (built if built.exists() else shutil.which("linkmint"))
    return Linkmint("linkmint", "linkmint", (str(found),), "linkmint") if found else None
