"""What the tests on real Sparks share: ports, who runs, and a line to a server that can be cut."""
import os
import select
import socket
import threading
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


class Line:
    """A line to a server: `cut` breaks it and refuses new ones, `hold` lets nothing through, `open` everything again; what was
    open when `forget` came stays dead without a word, as behind a router that started again."""

    def __init__(self, port, server):
        self.server, self.refuses, self.pairs, self.dead = server, False, set(), set()
        self.flows = threading.Event()
        self.flows.set()
        self.listener = socket.create_server(("127.0.0.1", port), backlog=64)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            threading.Thread(target=self.carry, args=(client,), daemon=True).start()

    def carry(self, client):
        try:
            self.flows.wait()
            if self.refuses:
                return
            with socket.create_connection(("127.0.0.1", self.server), timeout=5) as server:
                pair = (client, server)
                self.pairs.add(pair)
                self.pump(client, server)
        except OSError:
            pass
        finally:
            self.pairs = {p for p in self.pairs if p[0] is not client}
            client.close()

    def pump(self, client, server):
        while True:
            for ready in select.select([client, server], [], [], 1)[0]:
                self.flows.wait()
                if (client, server) in self.dead:
                    threading.Event().wait()
                data = ready.recv(65536)
                if not data:
                    return
                (server if ready is client else client).sendall(data)

    def hold(self):
        self.flows.clear()

    def forget(self):
        self.dead |= self.pairs

    def cut(self):
        self.refuses = True
        for pair in list(self.pairs):
            for end in pair:
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def open(self):
        self.refuses = False
        self.flows.set()
