"""What the end-to-end tests share: the real binary, a workspace of its own, key scripts, a pty.

No test sleeps for a fixed time: each waits for what it wants to see, with a limit.
"""
import fcntl
import json
import os
import pathlib
import pty
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import traceback

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODE = os.environ.get("FIRESTEEL_MODE", "release")
BINARY = pathlib.Path(os.environ["FIRESTEEL_BINARY"]) if "FIRESTEEL_BINARY" in os.environ else ROOT / ("build/firesteel" if MODE == "release" else f"build/{MODE}/firesteel")
PYTHON = os.environ.get("FIRESTEEL_PYTHON", str(ROOT / "build/venv/bin/python"))


class Failure(Exception):
    pass


def need(condition, message):
    if not condition:
        raise Failure(message)


class Workspace:
    """A folder with its own HOME, so that nothing of the user's is read or written."""

    def __init__(self, demo=True, template=None):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="firesteel-test-"))
        self.env = dict(os.environ, HOME=str(self.dir / "home"), TZ="UTC", TERM="xterm-256color", LC_ALL="C.UTF-8",
                        FIRESTEEL_PYTHON=PYTHON, ASAN_OPTIONS="detect_leaks=0:abort_on_error=0")
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "FIRESTEEL_CATALOG", "NO_COLOR"):
            self.env.pop(name, None)
        (self.dir / "home").mkdir()
        self.work = self.dir / "work"
        self.work.mkdir()
        result = self.run("init", *(["--demo"] if demo else []))
        need(result.returncode == 0, f"init: {result.stderr}")

    def run(self, *args, timeout=300, stdin=None, env=None, cwd=None):
        return subprocess.run([str(BINARY), *map(str, args)], cwd=cwd or self.work, env=env or self.env, text=True,
                              input=stdin, capture_output=True, timeout=timeout,
                              stdin=subprocess.DEVNULL if stdin is None else None)

    def ok(self, *args, **kw):
        result = self.run(*args, **kw)
        need(result.returncode == 0, f"firesteel {' '.join(map(str, args))}: exit {result.returncode}\n{result.stderr}")
        return result.stdout

    def json(self, *args, **kw):
        return json.loads(self.ok(*args, "-o", "json", **kw))

    def fails(self, code, *args, **kw):
        result = self.run(*args, **kw)
        need(result.returncode == code,
             f"firesteel {' '.join(map(str, args))}: exit {result.returncode}, wanted {code}\n{result.stdout}{result.stderr}")
        need(result.stderr.strip(), f"firesteel {' '.join(map(str, args))} failed without a word")
        return result.stderr

    def screen(self, script, size="80x24", *args, timeout=300):
        """Run a key script; returns its dumps by name."""
        path = self.dir / "script.keys"
        path.write_text(script)
        result = self.run("--keys", path, "--size", size, *args, timeout=timeout)
        need(result.returncode == 0, f"key script: exit {result.returncode}\n{result.stdout}\n{result.stderr}")
        dumps, name = {}, None
        for line in result.stdout.splitlines():
            if line.startswith("--- "):
                name = line[4:].strip()
                dumps[name] = []
            elif line == "---":
                name = None
            elif name is not None:
                dumps[name].append(line)
        return {key: "\n".join(lines) for key, lines in dumps.items()}

    def wait_for_run(self, run_id, states, limit=180):
        end = time.monotonic() + limit
        while time.monotonic() < end:
            for run in self.json("runs", "-n", 100):
                if run["run"] == run_id and run["state"] in states:
                    return run
            time.sleep(0.1)
        raise Failure(f"run {run_id} never was one of {states}")

    def close(self):
        shutil.rmtree(self.dir, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Terminal:
    """The real program in a pty."""

    def __init__(self, workspace, *args, rows=24, cols=80, term="xterm-256color", env=None):
        import pyte
        self.screen = pyte.Screen(cols, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.bytes = 0
        self.raw = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(workspace.work)
            os.execve(str(BINARY), [str(BINARY), *args], dict(env or workspace.env, TERM=term))
        self.resize(rows, cols)

    def resize(self, rows, cols):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
        self.screen.resize(rows, cols)

    def send(self, text):
        os.write(self.fd, text.encode() if isinstance(text, str) else text)

    def pump(self, seconds):
        """Read what comes for up to `seconds`; stops early when nothing came for a moment."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            ready, _, _ = select.select([self.fd], [], [], min(0.15, max(0, end - time.monotonic())))
            if not ready:
                return
            try:
                data = os.read(self.fd, 65536)
            except OSError:
                return
            if not data:
                return
            self.bytes += len(data)
            self.raw = (self.raw + data)[-1_000_000:]
            self.stream.feed(data)

    def text(self):
        return "\n".join(line.rstrip() for line in self.screen.display)

    def expect(self, wanted, limit=60):
        end = time.monotonic() + limit
        while time.monotonic() < end:
            self.pump(0.3)
            if wanted in self.text():
                return
        raise Failure(f"never saw {wanted!r}; the screen:\n{self.text()}")

    def wait_exit(self, limit=30):
        end = time.monotonic() + limit
        while time.monotonic() < end:
            self.pump(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.pid = None
                return status
        raise Failure(f"did not end; the screen:\n{self.text()}")

    def close(self):
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.fd)


def main(tests):
    """Run functions named test_*; a filter may be given as argument. Prints a line each, exits 1 on failure."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    failed = 0
    names = [name for name in tests if name.startswith("test_") and wanted in name]
    for name in names:
        began = time.monotonic()
        try:
            tests[name]()
            print(f"ok {name} ({time.monotonic() - began:.1f} s)", flush=True)
        except Exception as error:  # noqa: BLE001 - a test that breaks is a failed test
            failed += 1
            print(f"FAILED {name}: {error}", flush=True)
            if not isinstance(error, Failure):
                traceback.print_exc(file=sys.stdout)
    print(f"{pathlib.Path(sys.argv[0]).stem}: {len(names) - failed} passed, {failed} failed")
    sys.exit(1 if failed or not names else 0)
