"""The program on each kind of terminal, in each kind of locale, with and without colours: it starts, draws, moves, and leaves
the terminal as it found it, and nothing is written that the terminal's own entry does not have.

Inside of tmux and of screen, too, where these are installed.
"""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import termios
import time

from harness import BINARY, ROOT, Workspace, main, need
from line import DOWN, PGDN, UP, Line

WS = Workspace()
TERMS = ["xterm-256color", "tmux-256color", "screen", "screen-256color", "linux", "vt100", "vt220", "xterm"]
LOCALES = {"C": False, "C.UTF-8": True, "xx_XX.UTF-8": False}  # the last one no system has: that is the C locale
ODD = "日本語 ñ\u0303 e\u0301 \U0001f525 \U0001f468\u200d\U0001f469\u200d\U0001f467 fin"
PASTE = [b"\x1b[?2004h", b"\x1b[?2004l"]
# Nothing is asked of a terminal, and none of its modes but the screen, the cursor and pasting is touched.
QUERIES = {"device attributes": rb"\x1b\[[>=]?\d*c", "status": rb"\x1b\[\??\d*n", "a colour": rb"\x1b\](4|10|11|12);\?",
           "the mouse": rb"\x1b\[\?(9|1000|1001|1002|1003|1004|1005|1006|1015|1016)h", "the kitty keyboard": rb"\x1b\[[<>=?]\d*(;\d+)*u",
           "modifyOtherKeys": rb"\x1b\[>\d*(;\d+)?m", "the version": rb"\x1b\[>\d*q", "a mode": rb"\x1b\[\?\d+\$p", "a DCS": rb"\x1bP",
           "synchronized updates": rb"\x1b\[\?2026h", "the title": rb"\x1b\][012];"}
COLOR = re.compile(rb"\x1b\[(?:[0-9;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[0-9;]*)?m")


def prepare():
    folder = WS.work / "odd folder"
    folder.mkdir()
    path = folder / f"{ODD.replace('/', ' ')}.jsonl"
    path.write_text("".join(json.dumps({"n": i, "wörd 語": ODD, "last": f"end{i}"}, ensure_ascii=False) + "\n" for i in range(100)), "utf-8")
    (WS.work / "odd.yaml").write_text("sources:\n" + "".join(
        f"  - {{name: odd_{i:02}, variant: v1, path: 'odd folder/{path.name}', owner: 語, description: '{i} {ODD}'}}\n" for i in range(40)), "utf-8")
    WS.ok("apply", "odd.yaml")


prepare()


def environment(term, locale="C.UTF-8", **more):
    env = {k: v for k, v in WS.env.items() if k not in ("TMUX", "STY", "COLORTERM", "LANG", "LC_CTYPE", "NO_COLOR")}
    return dict(env, TERM=term, LC_ALL=locale, **more)


def caps(term, known={}):
    if term not in known:
        told = subprocess.run([sys.executable, ROOT / "tests/e2e/term_caps.py", term], check=True, capture_output=True, text=True).stdout
        known[term] = json.loads(told)
    return known[term]


def only_its_own(term, raw):
    """Take what the terminal's entry has out of what was written: no escape is left."""
    entry = caps(term)
    known = [p.encode("latin-1") for p in entry["patterns"]] + [re.escape(p) for p in PASTE if entry["paste"]]
    rest = re.compile(b"|".join(known)).sub(b"", raw)
    need(b"\x1b" not in rest, f"TERM={term}: not of its terminfo: {rest[max(0, rest.find(bytes([27])) - 20):][:120]!r}")
    controls = {byte for byte in rest if byte < 32} - set(b"\r\n\b\t\x0e\x0f")
    need(not controls, f"TERM={term}: controls {controls}")


def nothing_asked(term, raw):
    for what, found in QUERIES.items():
        need(not re.search(found, raw), f"TERM={term}: {what} is asked or set")


def as_found(line, term):
    """The modes of the line are those of before, and the last bytes leave the screen."""
    need(termios.tcgetattr(line.slave) == line.modes, f"TERM={term}: the modes of the line are not as they were")
    leave = caps(term)["alternate"].encode("latin-1")
    need(leave in line.raw[-200:], f"TERM={term}: the screen is not left")


def session(term, locale, *args, rows=24, cols=80, **more):
    """A list with wide and combining letters, a table with them, moves in both; returns what was written."""
    with Line([BINARY, *args], WS.work, environment(term, locale, **more), rows, cols) as line:
        line.expect("Training sets")
        line.settle()
        nothing_asked(term, line.raw)
        need(line.raw.count(b"\x1b[6n") == 0, "a question about the cursor")
        line.go("1", "odd_00")
        line.press(DOWN * 3 + UP)
        list_text = line.text()
        line.press(PGDN + PGDN + "g".encode())
        line.go(":preview odd_00\r", "end0")
        table = line.text()
        line.press(DOWN * 30)
        line.go(":lineage fraud_training\r", "fraud_tr")
        line.press("Q")
        need(line.wait_end() == 0, f"TERM={term}: status {line.status}")
        nothing_asked(term, line.raw)
        as_found(line, term)
        return line.raw, list_text, table


def aligned(term, table):
    """The last column begins at the same cell in each row, whatever the widths of what is before it."""
    places = {len_cells(row[:row.index("end")]) for row in table.split("\n") if re.search(r"end\d", row)}
    need(len(places) == 1, f"TERM={term}: the columns of the table begin at {places}:\n{table}")


def len_cells(text):
    return len(text)  # the screen gives an empty text for the second cell of a wide letter: so nothing to add


def test_every_terminal_in_every_locale():
    for term in TERMS:
        for locale, utf8 in LOCALES.items():
            raw, _, table = session(term, locale)
            only_its_own(term, raw)
            aligned(term, table)
            above = sorted({byte for byte in raw if byte > 127})
            need(utf8 or not above, f"TERM={term} LC_ALL={locale}: bytes above 127: {above[:5]}")
            need(not utf8 or "語".encode() in raw, f"TERM={term} LC_ALL={locale}: wide letters are gone")


def test_as_many_colours_as_there_are():
    for term, most in (("xterm", 8), ("linux", 8), ("xterm-16color", 16), ("xterm-256color", 256), ("vt100", 0)):
        for theme in ("default", "dark", "light", "mono", "colorblind"):
            raw = session(term, "C.UTF-8", "--theme", theme)[0]
            only_its_own(term, raw)
            if most <= 8:
                need(not re.search(rb"\x1b\[(?:[0-9;]*;)?(?:38|48|9[0-7]|10[0-7])[;m]", raw), f"TERM={term}, {theme}: more than {most} colours")
            if most == 0 or theme == "mono":
                need(not COLOR.search(raw.replace(b"\x1b[39;49m", b"")), f"TERM={term}, {theme}: {COLOR.search(raw)}")
            elif theme != "mono":
                need(COLOR.search(raw), f"TERM={term}, {theme}: no colours")


def test_no_color_is_none():
    for term in ("xterm-256color", "linux"):
        for args, more in (([], {"NO_COLOR": "1"}), (["--no-color"], {})):
            raw = session(term, "C.UTF-8", *args, **more)[0]
            need(not COLOR.search(raw), f"TERM={term}: {COLOR.search(raw)}")
            need(re.search(rb"\x1b\[(?:[0-9;]*;)?7m", raw), "and the cursor's row is not to be seen")


def test_a_terminal_that_cannot_is_told_so_in_a_sentence():
    for term, words in (("dumb", "cannot place its cursor"), ("no-such-terminal", "does not know the terminal TERM=no-such-terminal"),
                        ("", "TERM is not set"), ("xterm-ghostty-9", "try TERM=xterm-256color")):
        with Line([BINARY], WS.work, environment(term)) as line:
            status = line.wait_end()
            need(status is not None and os.WEXITSTATUS(status) == 1, f"TERM={term}: status {status}")
            need(words.encode() in line.raw and b"\x1b" not in line.raw, f"TERM={term}: {line.raw!r}")
            need(termios.tcgetattr(line.slave) == line.modes, f"TERM={term}: the modes of the line")


def test_verbs_need_no_terminal_at_all():
    for term in ("dumb", "no-such-terminal"):
        for locale in LOCALES:
            told = subprocess.run([BINARY, "list", "sources"], cwd=WS.work, env=environment(term, locale), capture_output=True, check=True)
            need(b"odd_00" in told.stdout and b"\x1b" not in told.stdout, told.stdout[:200])


def await_screen(show, wanted, limit=30):
    end = time.monotonic() + limit
    while True:
        text = show()
        if wanted in text:
            return text
        need(time.monotonic() < end, f"never saw {wanted!r}:\n{text}")
        signal.sigtimedwait([], 0.05)


def test_inside_of_tmux():
    if not shutil.which("tmux"):
        print("SKIP no tmux here")
        return
    tmux = ["tmux", "-L", f"firesteel-test-{os.getpid()}", "-f", "/dev/null"]
    env = environment("xterm-256color")

    def show():
        return subprocess.run([*tmux, "capture-pane", "-p"], env=env, capture_output=True, text=True).stdout

    def keys(*names):
        subprocess.run([*tmux, "send-keys", *names], env=env, check=True)

    subprocess.run([*tmux, "new-session", "-d", "-x", "100", "-y", "30", "/bin/sh"], env=env, cwd=WS.work, check=True)
    try:
        keys(f"echo before; {BINARY}; echo status=$?", "Enter")
        await_screen(show, "Training sets")
        keys("1")
        need("日本語" in await_screen(show, "odd_00"), "no wide letters")
        keys("Down", "Down", "End")
        await_screen(show, "transactions")
        subprocess.run([*tmux, "resize-window", "-x", "60", "-y", "20"], env=env, check=True)
        await_screen(show, "transactions")
        keys("Escape")
        await_screen(show, "Training sets")
        keys("Q")
        need("before" in await_screen(show, "status=0"), "the screen of before is gone")
        need("Training sets" not in show(), "the program's screen is still there")
    finally:
        subprocess.run([*tmux, "kill-server"], env=env)


def test_inside_of_screen():
    if not shutil.which("screen"):
        print("SKIP no screen here")
        return
    name, copy = f"firesteel-test-{os.getpid()}", WS.dir / "hardcopy"
    env = dict(environment("xterm-256color"), SCREENDIR=str(WS.dir / "screens"))
    os.mkdir(env["SCREENDIR"], 0o700)
    # what has no display has no size: one is attached
    with Line(["screen", "-U", "-S", name, "-T", "screen-256color", "/bin/sh"], WS.work, env, 30, 100) as line:
        line.settle()
        line.send(f"{BINARY}; echo status=$?\r")
        line.expect("Training sets")
        line.go("1", "odd_00")
        line.press(DOWN + DOWN)
        need("fin" in line.text(), f"no text behind the wide letters:\n{line.text()}")
        line.go(b"\x1b", "Training sets")
        line.send("Q")
        line.expect("status=0")
        line.send("exit\r")
        line.wait_end()
    copy.unlink(missing_ok=True)


if __name__ == "__main__":
    try:
        main(globals())
    finally:
        WS.close()
