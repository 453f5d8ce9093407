"""What the benchmarks share: a folder, a customer list, keys, and words for the person who waits."""
import argparse
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from roster import HERE, JWT_CLI, linkmint


def at_least_one(text):
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number above 0")
    return int(text)


def work_folder():
    """The repository's target folder, which git ignores; elsewhere a temporary one."""
    target = os.environ.get("CARGO_TARGET_DIR") or (HERE.parent / "target" if (HERE.parent / "Cargo.toml").exists() else None)
    work = Path(target) / "bench" if target else Path(tempfile.gettempdir()) / "linkmint-bench"
    work.mkdir(parents=True, exist_ok=True)
    return work


def environment_for(key_file, keyring):
    # The user's own keyring, key and ledger play no part in this.
    ours = {name: value for name, value in os.environ.items()
            if not name.startswith("LINKMINT_") or name == "LINKMINT_SIMD"}
    return ours | {"LINK_KEY_FILE": str(key_file), "LINKMINT_KEYRING": str(keyring), "JWT_CLI": str(JWT_CLI),
                   "PYTHONDONTWRITEBYTECODE": "1"}


def customer_list(work, rows):
    maker, path = HERE / "customers.py", work / f"customers-{rows}.csv"
    if not path.exists() or path.stat().st_mtime < maker.stat().st_mtime:
        tell(f"making {path}")
        half = path.with_suffix(".part")
        subprocess.run([sys.executable, str(maker), str(rows), str(half)], check=True)
        half.replace(path)
    return path


def make_keyring(program, keyring, environment):
    """What went wrong, or nothing."""
    keyring.unlink(missing_ok=True)
    # The flag says all; with the variable still set a program could take them for a contradiction.
    plain = {name: value for name, value in environment.items() if name != "LINKMINT_KEYRING"}
    made = subprocess.run([program, "key", "new", "--keyring", str(keyring)], env=plain, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    return "" if made.returncode == 0 else f"key new: exit status {made.returncode}: {made.stderr.strip()}"


# What hashing and reading a list can make use of.
FEATURES = ("sha_ni", "avx2", "avx512f", "avx512_vbmi2", "asimd", "sha2")


def processor(name):
    """What /proc/cpuinfo says under this name of the first processor."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(":", 1)[1].strip() for line in lines if line.split(":")[0].strip() == name), "")


def features():
    """Which of FEATURES the processor has."""
    has = (processor("flags") or processor("Features")).split()
    return [feature for feature in FEATURES if feature in has]


def bench_of(description, rows, runs):
    """The options of a bench, linkmint, the folder to work in, and an environment with a new keyring."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--rows", type=at_least_one, default=rows, help=f"rows of the customer list ({rows})")
    parser.add_argument("--runs", type=at_least_one, default=runs, help=f"timed runs of each, in turn ({runs})")
    parser.add_argument("--linkmint", metavar="PATH", help="the program (else target/release/linkmint, else the PATH)")
    options = parser.parse_args()
    ours = linkmint(options.linkmint)
    if ours is None or ours.missing():
        refuse("there is no linkmint (cargo build --release, or --linkmint PATH)")
    work = work_folder()
    key_file, keyring = work / "key", work / "keys.json"
    key_file.write_bytes(os.urandom(32))
    environment = environment_for(key_file, keyring)
    if error := make_keyring(ours.command[0], keyring, environment):
        refuse(error)
    return options, ours, work, environment


def machine():
    cpu = processor("model name") or platform.machine()
    try:
        system = platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        system = platform.system()
    return (f"{cpu} ({', '.join(features()) or 'no vectors'}), {len(os.sched_getaffinity(0))} cores, {system}, "
            f"Linux {platform.release()}, Python {platform.python_version()}.")


def refuse(text):
    tell(text)
    sys.exit(2)


def tell(text):
    print(f"{Path(sys.argv[0]).name}: {text}", file=sys.stderr, flush=True)
