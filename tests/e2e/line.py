"""A terminal line with a program at its end: the size is set before the program starts, and what is counted is exact.

A key's bytes are those that came until the line was quiet for 120 ms, every key was taken, and no thread of the program
was at work: so a count is the same on a busy machine. Any program: the benches set others beside ours with it."""
import collections
import errno
import fcntl
import os
import pathlib
import pty
import re
import select
import signal
import statistics
import struct
import termios
import time

QUIET = 0.12
Answer = collections.namedtuple("Answer", "n first last data")  # bytes; seconds to the first and the last of them

UP, DOWN, RIGHT, LEFT, PGUP, PGDN, HOME, END = (b"\x1b[A", b"\x1b[B", b"\x1b[C", b"\x1b[D", b"\x1b[5~", b"\x1b[6~", b"\x1b[H", b"\x1b[F")


class Line:
    def __init__(self, argv, cwd, env, rows=24, cols=80, screen=True, stderr=None):
        self.master, self.slave = pty.openpty()
        self.raw, self.bytes, self.status = b"", 0, None
        self.modes = termios.tcgetattr(self.slave)
        self.set_size(rows, cols)
        self.screen = self.stream = None
        if screen:
            import pyte
            self.screen = pyte.Screen(cols, rows)
            self.stream = pyte.ByteStream(self.screen)
        self.began = time.monotonic()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.setsid()
                fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)
                for fd in (0, 1, 2):
                    os.dup2(self.slave, fd)
                if stderr:
                    os.dup2(os.open(stderr, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 2)
                os.closerange(3, 256)
                os.chdir(cwd)
                os.execvpe(str(argv[0]), [str(a) for a in argv], env)
            finally:
                os._exit(127)

    # ---- the line ----

    def set_size(self, rows, cols):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))

    def resize(self, rows, cols):
        if self.screen:
            self.screen.resize(rows, cols)
        self.set_size(rows, cols)

    def send(self, keys):
        os.write(self.master, keys.encode() if isinstance(keys, str) else keys)

    def read(self, seconds, most=65536):
        """What there is, waited for so long; b"" when nothing came."""
        if not select.select([self.master], [], [], seconds)[0]:
            return b""
        try:
            data = os.read(self.master, most)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            return b""
        self.came = time.monotonic()  # before our own terminal takes them, which takes its time
        self.bytes += len(data)
        self.raw = (self.raw + data)[-4_000_000:]
        if self.stream:
            self.stream.feed(data)
        return data

    def is_taken(self):
        """No key is left in the line."""
        return struct.unpack("i", fcntl.ioctl(self.slave, termios.FIONREAD, b"\0" * 4))[0] == 0

    def is_at_rest(self):
        """No thread runs, or waits for a disk or a processor."""
        try:
            for task in pathlib.Path(f"/proc/{self.pid}/task").iterdir():
                if (task / "stat").read_text().rsplit(")", 1)[1].split()[0] in "RD":
                    return False
        except OSError:
            pass  # one that ended meanwhile, or all
        return True

    def settle(self, quiet=QUIET, limit=30.0):
        """Read until it is quiet."""
        began, first, last, parts = time.monotonic(), None, None, []
        seen = began
        while time.monotonic() - began < limit:
            data = self.read(max(0.001, quiet - (time.monotonic() - seen)))
            now = time.monotonic()
            if data:
                first = first or self.came
                last, seen = self.came, now
                parts.append(data)
            elif self.ended():
                break
            elif now - seen >= quiet:
                if self.is_taken() and self.is_at_rest():
                    break
                seen = now
        data = b"".join(parts)
        return Answer(len(data), first and first - began, last and last - began, data)

    def press(self, keys, quiet=QUIET, limit=30.0):
        self.send(keys)
        return self.settle(quiet, limit)

    def presses(self, keys, n=15, back=None):
        """The same key n times: all answers. `back` is pressed in between, and not counted."""
        answers = []
        for _ in range(n):
            answers.append(self.press(keys))
            if back:
                self.press(back)
        return answers

    def expect(self, wanted, limit=60.0):
        """Until a piece of text (or a pattern) is on the screen."""
        end = time.monotonic() + limit
        while not (wanted.search(self.text()) if isinstance(wanted, re.Pattern) else wanted in self.text()):
            if not self.read(0.05) and (time.monotonic() > end or self.ended()):
                raise AssertionError(f"never saw {wanted!r}; the screen:\n{self.text()}")

    def go(self, keys, wanted):
        """Keys until something is on the screen and it is quiet: the bytes that it took."""
        before = self.bytes
        self.send(keys)
        self.expect(wanted)
        self.settle()
        return self.bytes - before

    def repaint(self, rows, cols):
        """Bytes of the whole screen: it is drawn anew when its size changes."""
        self.resize(rows - 1, cols)
        self.settle()
        self.resize(rows, cols)
        return self.settle().n

    def text(self):
        return "\n".join(line.rstrip() for line in self.screen.display)

    # ---- the program ----

    def ended(self):
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = status
        return self.status is not None

    def wait_end(self, limit=10.0, reads=True):
        """Its status, or None when it still lives then."""
        end = time.monotonic() + limit
        while not self.ended() and time.monotonic() < end:
            if reads:
                self.read(0.02)
            else:
                select.select([], [], [], 0.02)
        while reads and self.read(0.05):
            pass
        return self.status

    def kill(self, number):
        os.kill(self.pid, number)

    def processes(self):
        """It and what it started."""
        found, todo = [], [self.pid]
        while todo:
            pid = todo.pop()
            found.append(pid)
            for task in pathlib.Path("/proc").glob(f"{pid}/task/*/children"):
                try:
                    todo += map(int, task.read_text().split())
                except OSError:
                    pass
        return found

    def rss_mb(self, what="VmRSS"):
        total = 0
        for pid in self.processes():
            try:
                total += sum(int(line.split()[1]) for line in open(f"/proc/{pid}/status") if line.startswith(what + ":"))
            except OSError:
                pass
        return total / 1024

    def ticks(self):
        total = 0
        for pid in self.processes():
            total += sum(map(int, pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]))
        return total

    def close(self):
        if not self.ended():
            for pid in reversed(self.processes()):
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            os.waitpid(self.pid, 0)
        os.close(self.master)
        os.close(self.slave)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def median_bytes(answers):
    return int(statistics.median(a.n for a in answers))


def median_ms(answers, which="first"):
    times = [getattr(a, which) for a in answers if getattr(a, which) is not None]
    return statistics.median(times) * 1000 if times else None
