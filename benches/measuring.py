"""One run of one program: seconds, CPU seconds and memory, its child processes included. Linux only."""
import os
import resource
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

POLL = 0.004  # seconds between two looks at memory


class Failed(Exception):
    pass


@dataclass(frozen=True)
class Run:
    wall: float
    cpu: float  # user + system, of the program and of all children it waited for
    memory: int  # bytes; 0 unless it was watched
    others: float  # CPU seconds that all other programs of the machine took meanwhile


def run(command, environment, log, watch_memory=False):
    """Timed runs are not watched: looking costs CPU time that the program should have."""
    with open(log, "wb") as errors:
        busy, start = busy_seconds(), time.perf_counter()
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=errors)
        peak = watch(process.pid) if watch_memory else 0
        _, status, usage = os.wait4(process.pid, 0)
        wall, busy = time.perf_counter() - start, busy_seconds() - busy
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        last = Path(log).read_text(errors="replace").strip().splitlines()[-3:]
        raise Failed(f"exit status {process.returncode}: {' / '.join(last)}")
    cpu = usage.ru_utime + usage.ru_stime
    return Run(wall, cpu, max(peak, own_peak(usage)) if watch_memory else 0, max(0.0, busy - cpu))


def busy_seconds():
    """Of all processors since the start of the machine: user to steal, without idle and iowait."""
    user, nice, system, _idle, _iowait, irq, softirq, steal = map(int, Path("/proc/stat").read_text().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def own_peak(usage):
    """The kernel's own figure misses nothing between two looks, but knows the largest process only, and begins with
    the memory of the process that started it: below that it says nothing."""
    mine = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return usage.ru_maxrss * 1024 if usage.ru_maxrss > mine else 0


def watch(pid):
    """The most memory that the program and its children held together: for each process that is alive at a look its
    own peak so far (VmHWM), added up. Pages that two of them share count twice."""
    peak = 0
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        peak = max(peak, sum(map(high_water, family(pid))))
        time.sleep(POLL)
    return peak


def family(pid):
    yield pid
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            for child in Path(f"/proc/{pid}/task/{task}/children").read_text().split():
                yield from family(int(child))
    except OSError:
        pass  # it ended while we looked


def high_water(pid):
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0
