"""A support desk: bash in a pseudo-terminal, in which linkmint is started and mails are pasted.

Called with the steps as JSON: [["send", TEXT], ["expect", TEXT], ["signal", NAME]]. It waits for what is expected, and
for the end of bash. What the terminal showed is written to standard output.
"""
import json
import os
import pty
import re
import select
import signal
import sys
import time

# how long to wait for what should come at once: the end of a test that has failed
PATIENCE = 120


def main():
    process, terminal = pty.fork()
    if process == 0:
        os.execvp("bash", ["bash", "--norc", "--noprofile", "-i"])
    shown, seen = b"", 0
    deadline = time.monotonic() + PATIENCE

    def more():
        nonlocal shown
        if not select.select([terminal], [], [], max(0, deadline - time.monotonic()))[0]:
            raise TimeoutError
        part = os.read(terminal, 65536)
        if not part:
            raise EOFError
        shown += part

    def send(data):
        # both ways at once, as a terminal does
        while data:
            readable, writable, _ = select.select([terminal], [terminal], [], max(0, deadline - time.monotonic()))
            if readable:
                more()
            if writable:
                data = data[os.write(terminal, data[:1024]):]
            if not readable and not writable:
                raise TimeoutError

    failure = None
    # a prompt that its own command does not show
    send(b"PS1='de''sk$ '\r")
    for kind, text in json.loads(sys.argv[1]):
        try:
            if kind == "send":
                send(text.encode())
            elif kind == "signal":
                number = re.search(rb"pid=(\d+)", shown).group(1)
                os.kill(int(number), getattr(signal, text))
            else:
                while text.encode() not in shown[seen:]:
                    more()
                seen = shown.index(text.encode(), seen) + len(text.encode())
        except (TimeoutError, EOFError, OSError) as error:
            failure = f"{kind} {text!r}: {error!r}"
            break
    try:
        while failure is None:
            more()
    except (EOFError, OSError):
        pass
    except TimeoutError:
        failure = "bash does not end"
    if failure:
        os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    sys.stdout.buffer.write(shown)
    sys.exit(failure)


main()
