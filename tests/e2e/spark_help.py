"""What the tests on real Sparks share: ports, and who runs."""
import os
import socket
import time

from harness import Failure


def free_ports(n):
    """The first of n ports in a row that nobody listens on."""
    base = 20000 + os.getpid() % 20000
    while True:
        held = []
        try:
            for i in range(n):
                s = socket.socket()
                held.append(s)
                s.bind(("127.0.0.1", base + i))
            return base
        except OSError:
            base += n
        finally:
            for s in held:
                s.close()


def command_lines():
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            yield int(pid), open(f"/proc/{pid}/cmdline", "rb").read().split(b"\0")
        except OSError:
            continue


def agent_of(run_id):
    """The pid of the run's agent, from the process table."""
    for pid, argv in command_lines():
        if b"agent" in argv and run_id.encode() in argv:
            return pid
    return None


def processes_with(words):
    return [b" ".join(argv).decode(errors="replace") for _, argv in command_lines() if words.encode() in b" ".join(argv)]


# What the functions of the tests print: the log has to have all of it, once, in order.
ALL_LINES = [f"line {i:03d}" for i in range(200)]


def eventually(what, condition, limit=60):
    end = time.monotonic() + limit
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.2)
    raise Failure(f"never: {what}")


def lines_of(ws, run):
    return [line for line in ws.ok("log", run).splitlines() if line.startswith("line ")]
