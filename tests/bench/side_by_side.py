"""Ours and others on a line, in the same run and on the same files: tig, htop, less, pspg, VisiData, datui.

A line with its size set before the program starts; a key is sent, and what comes is counted until 120 ms of quiet; the median
of 15. Bytes are exact. Milliseconds and memory are the machine's: they are to be read beside those of the others. What is a
count has a bar that fails the build.
"""
import os
import shutil
import statistics
import subprocess

import parquet
from figures import figure
from harness import BINARY, ROOT, Workspace
from line import PGDN, Line, median_bytes, median_ms

# as a terminal sends them to programs that ask for it, as all of these do
UP, DOWN, RIGHT, LEFT, HOME, END = (b"\x1bO" + letter for letter in (b"A", b"B", b"C", b"D", b"H", b"F"))
ROWS, COLS, TIMES, STARTS = 40, 120, 15, 5
FILES = parquet.FILES
VENV = ROOT / "build/bench-tui"
APT = {"tig": "tig", "htop": "htop", "less": "less", "pspg": "pspg"}
LINES = 1_000_000
BUSY = 60  # bytes of the sign of work under way, where looking again takes longer than 150 ms: a large csv on a busy machine
MAKE_CSV = ("import pyarrow.parquet as q, pyarrow.csv as c, sys;"
            "t=q.ParquetFile(sys.argv[1]).read_row_group(0, columns=['id','k','big','f','d','money','day','name','hash','country']);"
            "c.write_csv(t.slice(0, 100000), sys.argv[2])")


def install():
    """The others, once; who cannot be had here is told with why, and left out."""
    missing = [package for program, package in APT.items() if not shutil.which(program)]
    if missing and os.geteuid() == 0:
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing], stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, env=dict(os.environ, DEBIAN_FRONTEND="noninteractive"))
    there = {program: [program] for program in APT if shutil.which(program)}
    if not (VENV / "bin/python").exists():
        subprocess.run(["python3", "-m", "venv", VENV], check=True)
    for package, program in (("visidata", "vd"), ("datui", "datui")):
        if not (VENV / "bin" / program).exists():
            told = subprocess.run([VENV / "bin/python", "-m", "pip", "install", "-q", "--disable-pip-version-check", package],
                                  capture_output=True, text=True)
            if told.returncode != 0:
                print(f"SKIP {package}: {told.stderr.strip().splitlines()[-1] if told.stderr.strip() else 'not to be installed'}")
        if (VENV / "bin" / program).exists():
            there[program] = [VENV / "bin" / program]
    for program in APT:
        if program not in there:
            print(f"SKIP {program}: not installed, and apt-get could not")
    return there


def files(python):
    log, table = FILES / "log.txt", FILES / "table.csv"
    if not log.exists():
        with open(log, "w") as out:
            for i in range(LINES):
                out.write(f"26/01/01 10:{i // 60 % 60:02}:{i % 60:02} INFO TaskSetManager: Finished task {i}.0 in stage {i // 2000}.0\n")
    if not table.exists():
        subprocess.run([python, "-c", MAKE_CSV, FILES / "A.parquet", table], check=True)
    return log, table


class Case:
    """One program on one file: how it is started, what is there when it is ready, its keys."""

    def __init__(self, tool, what, argv, wanted, env=None, opens=None, opened=None, **keys):
        self.tool, self.what, self.argv, self.wanted, self.env, self.opens, self.opened = tool, what, argv, wanted, env or {}, opens, opened
        self.keys = {"down": DOWN, "up": UP, "page": PGDN, "top": "g", "end": "G", "look": "r", "side": RIGHT, "back": LEFT, "ask": "/"} | keys
        self.figures = {}


HEADS = [("first frame", "B"), ("first byte", "ms"), ("settled", "ms"), ("open", "ms"), ("screen", "B"), ("move", "B"), ("line", "B"),
         ("page", "B"), ("side", "B"), ("nothing", "B"), ("look", "B"), ("key", "ms"), ("esc", "ms"), ("resize", "B"), ("resize", "ms"),
         ("end", "ms"), ("end", "B"), ("idle", "B"), ("idle", "ticks"), ("idle", "MB"), ("used", "MB"), ("peak", "MB")]


def begin(case, cwd, env, screen=True):
    return Line(case.argv, cwd, dict(env, TERM="xterm-256color", **case.env), ROWS, COLS, screen=screen)


def starts(case, cwd, env, put):
    answers, idle = [], []
    for _ in range(STARTS):
        with begin(case, cwd, env) as line:
            answers.append(line.settle(limit=60))
            idle.append(line.rss_mb())
    put("first frame", "B", median_bytes(answers))
    put("first byte", "ms", median_ms(answers, "first"))
    put("settled", "ms", median_ms(answers, "last"))
    put("idle", "MB", statistics.median(idle))


def keys(case, line, put):
    k = case.keys
    line.press(k["top"])
    moves = line.presses(k["down"], TIMES)
    put("move", "B", median_bytes(moves))
    put("key", "ms", median_ms(moves))
    line.press(k["top"])
    put("nothing", "B", median_bytes(line.presses(k["up"], 3)))
    line.press(k["down"] * (ROWS + 5))
    put("line", "B", median_bytes(line.presses(k["down"], TIMES)))
    put("page", "B", median_bytes(line.presses(k["page"], TIMES)))
    put("side", "B", median_bytes(line.presses(k["side"], 2)))
    line.presses(k["back"], 4)
    line.press(k["top"])
    if k["look"]:
        line.press(k["look"])
        put("look", "B", median_bytes(line.presses(k["look"], 5)))
    ends = []
    for _ in range(5):
        line.press(k["top"])
        ends.append(line.press(k["end"], limit=60))
    put("end", "ms", median_ms(ends, "last"))
    put("end", "B", median_bytes(ends))
    line.press(k["top"])


def escapes(case, line, put):
    if not case.keys["ask"]:
        return
    answers = []
    for _ in range(5):
        line.press(case.keys["ask"])
        answers.append(line.press("\x1b"))
    put("esc", "ms", median_ms(answers))


def resizes(line, put):
    answers = []
    for i in range(5):
        line.resize(*((50, 200) if i % 2 == 0 else (ROWS, COLS)))
        answers.append(line.settle())
    put("resize", "B", answers[0].n)
    put("resize", "ms", median_ms(answers))
    line.resize(ROWS, COLS)
    line.settle()


def measure(case, cwd, env):
    def put(what, unit, value):
        case.figures[what, unit] = value

    starts(case, cwd, env, put)
    with begin(case, cwd, env) as line:
        line.expect(case.wanted)
        line.settle(limit=60)
        if case.opens:
            line.send(case.opens)
            answer = line.settle(limit=60)
            line.expect(case.opened)
            line.settle()
            put("open", "ms", answer.last and answer.last * 1000)
        put("screen", "B", line.repaint(ROWS, COLS))
        keys(case, line, put)
        put("used", "MB", line.rss_mb())
        put("peak", "MB", line.rss_mb("VmHWM"))
        resizes(line, put)
        ticks = line.ticks()
        put("idle", "B", line.settle(quiet=10, limit=10).n)
        put("idle", "ticks", line.ticks() - ticks)
        escapes(case, line, put)


def hold(case):
    """The bars of what is counted: these fail the build."""
    f, name = case.figures, f"{case.what}:"
    bars = [("first frame", "B", 7000), ("screen", "B", 7000), ("move", "B", 400), ("line", "B", 600), ("page", "B", min(7000, 1.05 * f["screen", "B"])),
            ("nothing", "B", 0), ("look", "B", BUSY), ("idle", "B", 0), ("idle", "ticks", 1), ("idle", "MB", 10), ("used", "MB", 32), ("peak", "MB", 60)]
    for what, unit, bar in bars:
        if (what, unit) in f:
            figure(f"{name} {what}", f[what, unit], unit, bar, blocks=True)
    for what, bar in (("key", 3), ("esc", 50), ("end", 100), ("first byte", 50), ("settled", 80), ("resize", 5)):
        figure(f"{name} {what}", f[what, "ms"] or 0, "ms", bar)


def show(case, last):
    """A line of the table, with its head when another thing is measured from here on."""
    if case.what != last:
        print(f"\n{case.what}, {COLS}x{ROWS}\n{'':10}" + "".join(f"{what.split()[-1][:8]:>9}" for what, _ in HEADS))
        print(f"{'':10}" + "".join(f"{unit:>9}" for _, unit in HEADS))
    cells = [case.figures.get(head) for head in HEADS]
    print(f"{case.tool:10}" + "".join(f"{'-' if c is None else format(c, '.1f' if h[1] in ('ms', 'MB') else '.0f'):>9}"
                                      for c, h in zip(cells, HEADS)), flush=True)


def cases_of(ws, there, log, csv):
    ours = {"look": "\x12"}
    run = next(r["run"] for r in ws.json("runs") if r["state"] == "FAILED")
    shutil.copyfile(log, next(p for p in ws.dir.rglob(f"{run}/log")))

    def of(tool, what, argv, wanted, **more):
        return [Case(tool, what, [*there[tool], *map(str, argv)], wanted, **more)] if tool in there else []

    def us(what, opens, opened):
        return [Case("firesteel", what, [BINARY], "Training sets", opens=opens, opened=opened, **ours)]

    datui = {"top": HOME, "end": END, "look": None}
    vd = {"ask": "/", "look": None, "env": {"ESCDELAY": "25"}}
    return (us("a list of thousands", "2", "step_0")
            + of("tig", "a list of thousands", [], "20", top=HOME, end=END, look=None)
            + of("htop", "a list of thousands", [], "PID", top=HOME, end=END, look=None)
            + us("a log of 1,000,000 lines", f":log {run}\r", "999999.0")
            + of("less", "a log of 1,000,000 lines", [log], "task 0.0", look="r", ask=None)
            + us("a table of 100,000 rows, csv", f":preview {csv}\r", "hash")
            + of("pspg", "a table of 100,000 rows, csv", ["--csv", "-f", csv], "hash", top=b"\x1b[1;5H", end=b"\x1b[1;5F", look=None)
            + of("vd", "a table of 100,000 rows, csv", [csv], "hash", top="gk", end="gj", **vd)
            + of("datui", "a table of 100,000 rows, csv", [csv], "hash", **datui)
            + us("a table of 3,000,000 rows, parquet", f":preview {FILES / 'A.parquet'}\r", "tiny")
            + of("datui", "a table of 3,000,000 rows, parquet", [FILES / "A.parquet"], "tiny", **datui)
            + us("a table of 100,000,000 rows, parquet", f":preview {FILES / 'H.parquet'}\r", "city 0")
            + of("datui", "a table of 100,000,000 rows, parquet", [FILES / "H.parquet"], "city 0", **datui))


def bench_side_by_side():
    there = install()
    log, csv = files(parquet.peers())
    with Workspace() as ws:
        (ws.work / "many.yaml").write_text("transformations:\n" + "".join(
            f"  - {{name: step_{i:04}, variant: v1, description: 'the step of number {i}', sql: SELECT {i} AS x}}\n" for i in range(5000)))
        ws.ok("apply", "many.yaml")
        env = {k: v for k, v in ws.env.items() if k not in ("TMUX", "STY", "COLORTERM")}
        cases, done = cases_of(ws, there, log, csv), []
        only = os.environ.get("FIRESTEEL_BENCH_TOOL", "")
        for case in cases:
            if only not in case.tool:
                continue
            try:
                measure(case, ROOT if case.tool == "tig" else ws.work, env)
                show(case, done[-1].what if done else "")
                done.append(case)
            except (AssertionError, OSError) as error:
                if case.tool == "firesteel":
                    raise
                print(f"SKIP {case.tool} on {case.what}: {str(error)[:2000]}")
        for case in done:
            if case.tool == "firesteel":
                hold(case)
