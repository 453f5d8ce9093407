"""Where warnings point, and what is told before anything is made."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from conftest import SECRET

import linkmint

PLAIN: dict[str, Any] = {"no_link": True, "expires_in": "24h"}


def test_a_warning_names_the_line_of_the_call(ring: linkmint.Keyring, tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text(f'{{"keys":[{{"kty":"oct","k":"{SECRET}"}}]}}')
    keys.chmod(0o644)
    table = pa.table({"customer_id": ["1", "1"]})
    twice = pa.concat_tables([linkmint.generate(table.slice(1), keyring=ring, **PLAIN)] * 2)
    runs: list[tuple[Callable[[], Any], type[Warning]]] = [
        (lambda: linkmint.generate(table, keyring=ring, **PLAIN), linkmint.TableWarning),
        (lambda: linkmint.verify(twice, keyring=ring), linkmint.TableWarning),
        (lambda: linkmint.Keyring.load(keys), linkmint.KeyringWarning),
    ]
    for run, kind in runs:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            run()
        places = {(warning.category, warning.filename, warning.lineno) for warning in told}
        assert places == {(kind, __file__, run.__code__.co_firstlineno)}


def test_a_second_call_of_a_script_warns_too() -> None:
    script = (
        "import linkmint, pyarrow as pa\n"
        f"ring = linkmint.Keyring.from_secret('{SECRET}')\n"
        "table = pa.table({'customer_id': ['1', '1']})\n"
        + "linkmint.generate(table, keyring=ring, no_link=True, expires_in='1h')\n" * 2
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert [f"<string>:{line}: TableWarning" in done.stderr for line in (4, 5)] == [True, True], done.stderr


@pytest.mark.parametrize("name", ["token_column", "url_column", "expires_column", "status_column", "show"])
def test_a_name_that_no_column_can_have_is_told_at_once(ring: linkmint.Keyring, name: str) -> None:
    table = pa.table({"customer_id": ["1"], "token": ["x"]})
    is_of_a_check = name in ("status_column", "show")
    arguments: dict[str, Any] = {} if is_of_a_check else {"base_url": "https://a.example", "expires_in": "24h", "replace": True}
    run: Any = linkmint.verify if is_of_a_check else linkmint.generate
    with pytest.raises(linkmint.UsageError, match=r'a\\u\{0\}b": no name of a column'):
        run(table, keyring=ring, **arguments, **{name: ["a\0b"] if name == "show" else "a\0b"})


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes with names")
def test_ctrl_c_ends_the_wait_for_a_keyring_that_nobody_writes(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGUSR1, stop)
    try:
        with pytest.raises(KeyboardInterrupt):
            threading.Thread(target=os.kill, args=(os.getpid(), signal.SIGUSR1)).start()
            linkmint.Keyring.load(pipe)
    finally:
        signal.signal(signal.SIGUSR1, before)
    # whoever writes is read
    keys = f'{{"keys":[{{"kty":"oct","k":"{SECRET}"}}]}}'
    other = tmp_path / "other"
    os.mkfifo(other)
    threading.Thread(target=other.write_text, args=(keys,)).start()
    assert len(linkmint.Keyring.load(other).key_ids) == 1
