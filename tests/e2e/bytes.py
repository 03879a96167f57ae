"""How many bytes each key costs on each screen, beside what is allowed: bytes.json.

Counts are exact and the same on every machine, so one that grows fails. A screen that is meant to cost more (or costs less:
the allowed ones are to be near the truth) is taken over by

    FIRESTEEL_GOLDEN=1 tests/e2e/bytes.py

which writes bytes.json anew with a twentieth to spare: read the difference before it is committed, and say in the commit what
the bytes are for. The bars below are not moved so: no golden file allows what they do not.
"""
import json
import math
import os
import pathlib

from harness import BINARY, Failure, Workspace, main, need
from line import DOWN, HOME, LEFT, PGDN, PGUP, RIGHT, UP, Line

FILE = pathlib.Path(__file__).with_name("bytes.json")
WS = Workspace()
ENV = {name: value for name, value in WS.env.items() if name not in ("TMUX", "STY", "COLORTERM")}
# key -> the most that it may ever write, at 80x24 and at 120x40
MOVE, PANE, SCROLL, PAGE = {24: 400, 40: 400}, {24: 300, 40: 300}, {24: 600, 40: 600}, {24: 3000, 40: 7000}
UPPER = {24: 300, 40: 400}  # panes lie one above the other: a move writes two rows as wide as the screen anew
FIRST = {24: 3000, 40: 7000}
REST = {24: 1000, 40: 1500}  # what follows when the cursor rests: a lower pane, the way through a lineage, the whole why of an impact
MANY = "transformations:\n" + "".join(
    f"  - {{name: step_{i:03}, variant: v1, description: 'the step of number {i}, which does something', sql: SELECT {i} AS x}}\n"
    for i in range(200))


def opened(rows, cols, *args):
    line = Line([BINARY, *args], WS.work, ENV, rows, cols)
    line.expect("Training sets")
    line.settle()
    return line


def on(line, keys, wanted):
    line.go(keys, wanted)
    return line


class Counts:
    """What was counted on one screen of one size, held against the file."""

    def __init__(self, screen, rows, cols):
        self.key = f"{screen} {cols}x{rows}"
        self.counts = {}

    def most(self, what, answers, bar):
        n = max(a.n for a in answers)
        need(n <= bar, f"{self.key}, {what}: {n} bytes, and never more than {bar} are allowed\n{answers[-1].data!r}")
        self.counts[what] = n

    def nothing(self, what, answers):
        for answer in answers:
            need(answer.n == 0, f"{self.key}, {what}: {answer.n} bytes for nothing: {answer.data!r}")

    def looked(self, line):
        """Looking again at what has not changed; on a busy machine the sign of work under way may come and go."""
        answers = line.presses("\x12", 5)
        need(min(a.n for a in answers) == 0, f"{self.key}, looking again: {[a.data for a in answers]}")

    def compare(self):
        allowed = json.loads(FILE.read_text()) if FILE.exists() else {}
        if os.environ.get("FIRESTEEL_GOLDEN"):
            allowed[self.key] = {what: math.ceil(n * 1.05) for what, n in self.counts.items()}
            FILE.write_text(json.dumps(allowed, indent=1, sort_keys=True) + "\n")
            return
        need(self.key in allowed, f"nothing is allowed for {self.key}; FIRESTEEL_GOLDEN=1 takes over what it costs now")
        over = [f"{what}: {n} bytes, {allowed[self.key].get(what, 0)} are allowed" for what, n in self.counts.items()
                if n > allowed[self.key].get(what, 0)]
        if over:
            raise Failure(f"{self.key}: " + "; ".join(over) + " (the head of bytes.py says what to do)")


def both(test):
    for rows, cols in ((24, 80), (40, 120)):
        test(rows, cols)


def test_the_first_frame():
    def one(rows, cols):
        with Line([BINARY], WS.work, ENV, rows, cols) as line:
            line.expect("Training sets")
            line.settle()
            counts = Counts("start", rows, cols)
            need(line.bytes <= FIRST[rows], f"{cols}x{rows}: the first frame has {line.bytes} bytes")
            counts.counts["first frame"] = line.bytes
            counts.compare()
    both(one)


def walk(line, counts, rows, frame, down=DOWN, up=UP):
    """On a list or a table that is longer than the screen, from its top: `frame` is what the whole of it takes."""
    line.press("g")
    page = min(PAGE[rows], int(1.05 * frame))
    counts.counts["frame"] = frame
    counts.nothing("up at the top", [line.press(up)])
    counts.most("cursor move", line.presses(down, 7) + line.presses(up, 7), MOVE[rows])
    line.press(down * (rows + 4))
    counts.most("scrolled line", line.presses(down, 7), SCROLL[rows])
    counts.most("page", line.presses(PGDN, 3) + line.presses(PGUP, 2), page)


def test_a_long_list():
    (WS.work / "many.yaml").write_text(MANY)
    WS.ok("apply", "many.yaml")

    def one(rows, cols):
        with opened(rows, cols) as line:
            on(line, "2", "step_0")
            counts = Counts("list", rows, cols)
            walk(line, counts, rows, line.repaint(rows, cols))
            line.press("G")
            counts.nothing("down at the end", [line.press(DOWN), line.press(PGDN), line.press("G")])
            counts.looked(line)
            line.press("/step_01")
            counts.most("letter of a filter", [line.press(letter) for letter in "9\x7f"], PAGE[rows])
            counts.compare()
    both(one)


def test_a_table():
    def one(rows, cols):
        with opened(rows, cols) as line:
            on(line, ":preview transactions\r", "T0000015")
            counts = Counts("grid", rows, cols)
            walk(line, counts, rows, line.repaint(rows, cols))
            line.press("g")
            counts.nothing("up at the top", [line.press(UP), line.press(PGUP), line.press("g"), line.press(LEFT)])
            counts.most("column in sight", [line.press(RIGHT), line.press(LEFT)], PANE[rows])
            counts.most("the end and back", [line.press("G"), line.press("g")] * 2, int(1.05 * PAGE[rows]))
            counts.most("row marked", line.presses(" ", 5), MOVE[rows])
            counts.most("cursor move over marks", line.presses(UP, 5) + line.presses(DOWN, 5), MOVE[rows])
            counts.compare()
    both(one)


def test_rows_of_a_file_looked_at_again():
    """While they are read again, what is said of them stays: where they are from, what can be done with them."""
    (WS.work / "again.csv").write_text("a,b\n" + "".join(f"{i},{i * i}\n" for i in range(100_000)))

    def one(rows, cols):
        with opened(rows, cols) as line:
            on(line, ":preview again.csv\r", "register")
            Counts("file", rows, cols).looked(line)
    both(one)


def test_a_log():
    run = next(r["run"] for r in WS.json("runs") if r["state"] == "FAILED")
    log = next(p for p in WS.dir.rglob(f"{run}/log"))
    log.write_text("".join(f"26/01/01 10:00:{i % 60:02} INFO TaskSetManager: Finished task {i}.0 in stage 1.0 (TID {i})\n" for i in range(5000)))

    def one(rows, cols):
        with opened(rows, cols) as line:
            on(line, f":log {run}\r", "4999.0")
            frame = line.repaint(rows, cols)
            line.press("g")
            counts = Counts("log", rows, cols)
            counts.counts["frame"] = frame
            counts.nothing("up at the top", [line.press(UP)])
            counts.most("scrolled line", line.presses(DOWN, 7), SCROLL[rows])
            counts.most("page", line.presses(PGDN, 3) + line.presses(PGUP, 2), min(PAGE[rows], int(1.05 * frame)))
            counts.compare()
    both(one)


def test_the_other_lists():
    def one(rows, cols):
        with opened(rows, cols) as line:
            for name, keys, wanted in (("runs", "8", "READY"), ("features", "3", "avg_transaction"), ("tree", ":tree\r", "transactions"),
                                       ("palette", "\x10", "what to do"), ("providers", "7", "local")):
                on(line, keys, wanted)
                frame = line.repaint(rows, cols)
                counts = Counts(name, rows, cols)
                need(frame <= PAGE[rows], f"{name} {cols}x{rows}: {frame} bytes to draw it")
                counts.counts["frame"] = frame
                line.press(HOME if name == "palette" else "g")
                counts.most("cursor move", [line.press(DOWN), line.press(UP)] * 2, MOVE[rows])
                if name != "palette":
                    counts.nothing("up at the top", [line.press(UP)])
                    counts.looked(line)
                counts.compare()
                line.press("\x1b")
    both(one)


DIAMONDS = "sources:\n  - {name: d0, variant: v1, path: /nowhere/x.parquet}\ntransformations:\n" + "".join(
    f"  - {{name: d{i}, variant: v1, sql: 'SELECT * FROM {{{{d{a}}}}} UNION ALL SELECT * FROM {{{{d{b}}}}}'}}\n"
    for i, a, b in ((1, 0, 0), (2, 0, 0), (3, 1, 2), (4, 1, 2), (5, 2, 2), (6, 3, 4), (7, 4, 5), (8, 3, 3), (9, 6, 7), (10, 8, 9), (11, 7, 9)))


def moved(line, key, back):
    """A move, and what follows when the cursor rests. On a busy machine that may come with the move: then it is made once more."""
    for _ in range(3):
        move, rest = line.press(key), line.settle(quiet=0.4)
        if rest.n:
            break
        line.press(back, quiet=0.4)
    return move, rest


def test_two_panes():
    def one(rows, cols):
        with opened(rows, cols) as line:
            on(line, "2", "clean_transactions")
            line.press("|", quiet=0.4)
            line.press(DOWN, quiet=0.4)
            moves, rests = zip(*[moved(line, key, back) for key, back in ((DOWN, UP), (DOWN, UP), (UP, DOWN))])
            counts = Counts("panes", rows, cols)
            counts.most("cursor move", moves, UPPER[rows])
            counts.most("the lower pane follows", rests, REST[rows])
            line.press("\t", quiet=0.4)
            counts.most("move in the lower pane", line.presses(DOWN, 3) + line.presses(UP, 3), PANE[rows])
            counts.compare()
    both(one)


def test_the_lineage():
    (WS.work / "diamonds.yaml").write_text(DIAMONDS)
    WS.ok("apply", "diamonds.yaml")

    def one(rows, cols):
        with opened(rows, cols) as line:
            for screen, target, keys in (("lineage", "d0", "ljlljhkh"), ("lineage of much", "fraud_training", "hjkhjkhlljkl")):
                on(line, f":lineage {target}\r", f"lineage of {target}")
                walk_graph(line, Counts(screen, rows, cols), rows, cols, keys)
    both(one)


def walk_graph(line, counts, rows, cols, keys):
    def picture():
        return line.text().splitlines()[1:-3]
    counts.counts["frame"] = line.repaint(rows, cols)
    line.settle(quiet=0.4)
    stood, scrolled, rests = [], [], []
    for key in keys:
        before = picture()
        move, rest = moved(line, key, {"h": "l", "l": "h", "j": "k", "k": "j"}[key])
        (stood if picture() == before else scrolled).append(move)
        rests.append(rest)
    counts.most("cursor move", stood, MOVE[rows])
    if scrolled:
        counts.most("a move that scrolls", scrolled, PAGE[rows])
    counts.most("what stands out", rests, REST[rows])
    counts.compare()


def test_the_impact():
    def one(rows, cols):
        with opened(rows, cols) as line:
            on(line, ":impact clean_transactions\r", "changes itself")
            counts = Counts("impact", rows, cols)
            counts.counts["frame"] = line.repaint(rows, cols)
            line.settle(quiet=0.4)
            moves, rests = zip(*[moved(line, key, back) for key, back in [(DOWN, UP)] * 5 + [(UP, DOWN)] * 5])
            counts.most("cursor move", moves, MOVE[rows])
            counts.most("the whole why", rests, REST[rows])
            counts.compare()
    both(one)


def test_texts():
    def one(rows, cols):
        with opened(rows, cols) as line:
            on(line, "?", "help")
            frame = line.repaint(rows, cols)
            counts = Counts("help", rows, cols)
            counts.counts["frame"] = frame
            counts.most("scrolled line", line.presses(DOWN, 7), SCROLL[rows])
            counts.nothing("a key that is none", [line.press("\x1b[24~")])
            counts.compare()
            line.press("q")
            on(line, "2", "clean_transactions")
            line.press("/clean_tr\r")
            on(line, "e", "SELECT")
            frame = line.repaint(rows, cols)
            counts = Counts("editor", rows, cols)
            counts.counts["frame"] = frame
            counts.most("cursor move", [line.press(DOWN), line.press(RIGHT), line.press(LEFT), line.press(UP)], PANE[rows])
            counts.nothing("up at the top", [line.press(UP)])
            counts.compare()
    both(one)


def test_forty_pages_at_once_are_three_frames():
    """The frames are known by their bytes: all rows of a page change."""
    def one(rows, cols):
        with opened(rows, cols) as line:
            on(line, ":preview transactions\r", "T0000015")
            line.press(PGDN * 2)
            page = max(a.n for a in line.presses(PGDN, 5))
            n = line.press(PGDN * 40).n
            need(0 < n <= 3 * 1.05 * page, f"{cols}x{rows}: {n} bytes for 40 pages of {page}")
    both(one)


def test_idling_writes_nothing_and_takes_no_time():
    """Ten seconds of the program's clock, on a list, a table and a log; an agent's or another's change may come then, none does."""
    with opened(40, 120) as line:
        on(line, "2", "clean_transactions")
        before = line.ticks()
        answer = line.settle(quiet=10, limit=10.5)
        need(answer.n == 0, f"{answer.n} bytes while nothing happened: {answer.data!r}")
        need(line.ticks() - before <= 2, f"{line.ticks() - before} ticks of the processor in ten seconds")


def test_a_job_that_runs_costs_sixty_bytes_a_second_at_most():
    """A join of a table with itself that takes some minutes; it is ended."""
    (WS.work / "slow.yaml").write_text(
        "transformations:\n  - {name: slow, variant: v1, sql: 'SELECT count(*) AS n, sum(t.CustAccountBalance * u.CustAccountBalance) AS s FROM "
        "{{transactions}} t JOIN {{transactions}} u ON t.CustLocation = u.CustLocation'}\n")
    WS.ok("apply", "slow.yaml")
    run = WS.ok("run", "slow", "--detach").split()[-1]
    try:
        WS.wait_for_run(run, {"RUNNING"})
        with opened(40, 120) as line:
            for what, keys, wanted in (("home", "0", "Training sets"), ("runs", "8", run), ("run", ":log " + run + "\r", "progress")):
                on(line, keys, wanted)
                n = line.settle(quiet=5, limit=5).n
                need(n <= 5 * 60, f"{what}: {n} bytes in five seconds of a run")
                need(n > 0 or what == "home", f"{what}: the run's seconds do not go on")
        need(WS.json("runs", "-n", 1)[0]["state"] == "RUNNING", "it ended too soon to tell")
    finally:
        WS.run("cancel", run)


if __name__ == "__main__":
    try:
        main(globals())
    finally:
        WS.close()
