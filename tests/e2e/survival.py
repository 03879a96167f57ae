"""What runs must survive on one host: people who run the same thing at once, a disk that fills up, a clock that jumps.

None of it needs a Spark. The folders of a size of their own are tmpfs mounts, made as root; whoever may not mount skips those
tests, and says so.
"""
import os
import re
import signal
import sqlite3
import subprocess

from harness import BINARY, Terminal, Workspace, main, need
from spark_help import agent_of, eventually

FINAL = {"READY", "FAILED", "CANCELLED", "LOST"}
RUSH = """
transformations:
  - {name: when, variant: v1, sql: "SELECT count(*) AS n, current_timestamp() AS at FROM {{transactions.kaggle}}"}
"""
BUSY = re.compile("locked|busy|another process|SQLITE", re.I)


def start(ws, *args, env=None):
    return subprocess.Popen([str(BINARY), *map(str, args)], cwd=ws.work, env=env or ws.env, text=True,
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def second_person(ws):
    home = ws.dir / "home2"
    home.mkdir(exist_ok=True)
    return dict(ws.env, HOME=str(home))


def apply(ws, text, name="d.yaml"):
    (ws.work / name).write_text(text)
    ws.ok("apply", name)


# ---- Two people at once ----------------------------------------------------------------------------------------------


def test_01_many_run_the_same_at_once():
    with Workspace() as ws:
        apply(ws, RUSH)
        ws.ok("run", "when")
        people = [ws.env, second_person(ws)]
        going = [start(ws, "run", "when", env=people[i % 2]) for i in range(10)]
        going += [start(ws, "run", "user_activity", "--upstream", env=people[i % 2]) for i in range(4)]
        for p in going:
            out, err = p.communicate(timeout=300)
            need(p.returncode == 0 and not BUSY.search(err + out), f"exit {p.returncode}: {out}{err}")
        runs = ws.json("runs", "-n", 200)
        bad = [r for r in runs if r["state"] != "READY" and r["name"] != "location_codes.draft"]  # the demo's own
        need(not bad, bad)
        need(len({r["run"] for r in runs}) == len(runs), "two runs of one name")
        seen = set()
        for run in (r for r in runs if r["name"] == "when.v1"):
            rows = ws.json("preview", f"when.v1@{run['run']}")
            need(len(rows) == 1 and rows[0]["n"] == 100000, rows)
            seen.add(rows[0]["at"])
            parts = list((ws.work / ".firesteel/outputs/transformations/when/v1" / run["run"]).iterdir())
            need(sorted(p.name == "_SUCCESS" for p in parts) == [False, True], f"outputs are mixed: {parts}")
            need(not BUSY.search(ws.ok("log", run["run"])), ws.ok("log", run["run"]))
        need(len(seen) == 11, f"{len(seen)} answers of 11 runs")
        newest = next(r["run"] for r in runs if r["name"] == "when.v1")
        need(ws.json("preview", "when") == ws.json("preview", f"when.v1@{newest}"), "the newest is not what is shown")


def test_02_two_catalogs_write_under_one_folder():
    """The clock is pinned, so all runs are of one second: only the end of their names keeps them apart."""
    with Workspace(demo=False) as one, Workspace(demo=False) as two:
        shared = one.dir / "shared"
        for ws, n in ((one, 1), (two, 2)):
            apply(ws, f"""
providers:
  - {{name: here, engine: local, output: "{shared}"}}
transformations:
  - {{name: same, variant: v1, provider: here, sql: "SELECT {n} AS n"}}
""")
        now = {"FIRESTEEL_NOW": "2026-01-02T03:04:05Z"}
        going = [start(ws, "run", "same", env=dict(ws.env, **now)) for _ in range(12) for ws in (one, two)]
        for p in going:
            out, err = p.communicate(timeout=300)
            need(p.returncode == 0, f"exit {p.returncode}: {out}{err}")
        names = []
        for ws, n in ((one, 1), (two, 2)):
            for run in ws.json("runs", "-n", 100):
                names.append(run["run"])
                need(run["state"] == "READY", run)
                need(ws.json("preview", f"same.v1@{run['run']}") == [{"n": n}], f"somebody else's rows in {run}")
        need(len(names) == 24 == len(set(names)) == len(list((shared / "transformations/same/v1").iterdir())), names)


# ---- A disk that fills up --------------------------------------------------------------------------------------------


class Small:
    """A folder with little room: a file system of its own."""

    def __init__(self, path, size):
        self.path = path
        path.mkdir()
        made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "firesteel-test", str(path)], capture_output=True, text=True)
        if made.returncode != 0:
            need(not os.environ.get("CI"), f"tmpfs cannot be mounted: {made.stderr}")
            raise Skip(f"a full disk: tmpfs cannot be mounted: {made.stderr.strip()}")

    def fill(self):
        with open(self.path / "filler", "ab", buffering=0) as f:
            for size in (4096, 1):
                try:
                    while f.write(b"x" * size):
                        pass
                except OSError:
                    pass

    def free(self):
        (self.path / "filler").unlink(missing_ok=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run(["umount", "-l", str(self.path)], check=False)


class Skip(Exception):
    pass


def in_little_room(test):
    def run():
        try:
            test()
        except Skip as why:
            print(f"SKIP {why}")
    return run


FULL = re.compile("No space left on device|no space is left|disk is full", re.I)
WIDE = """
transformations:
  - {name: wide, variant: v1, provider: narrow, sql: "SELECT *, sha2(TransactionID, 512) AS a, sha2(CustomerID, 512) AS b FROM {{transactions.kaggle}}"}
  - {name: few, variant: v1, provider: narrow, sql: "SELECT CustomerID FROM {{transactions.kaggle}} LIMIT 10"}
"""


def whole(catalog):
    with sqlite3.connect(catalog) as db:
        return db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@in_little_room
def test_10_output_on_a_full_disk():
    with Workspace() as ws, Small(ws.dir / "narrow", "400k") as disk:
        apply(ws, f"providers:\n  - {{name: narrow, engine: local, output: '{disk.path}'}}\n" + WIDE)
        ws.ok("run", "few")
        before = ws.ok("preview", "few", "-o", "csv")
        text = ws.fails(1, "run", "wide")
        need(FULL.search(text) and str(disk.path) in text, f"neither disk nor file is named: {text}")
        run = ws.json("runs", "-n", 1)[0]
        need(run["state"] == "FAILED" and FULL.search(run["error"]), run)
        need(FULL.search(run["error"].splitlines()[0]), f"the first line is not why: {run['error']}")
        need(not list((disk.path / "transformations/wide/v1").iterdir()), "half an output stays")
        disk.fill()
        text = ws.fails(1, "run", "few")
        need(FULL.search(text), text)
        disk.free()
        need(ws.ok("preview", "few", "-o", "csv") == before, "a failed run touched the output before it")
        ws.ok("run", "few")


def small_workspace(ws, disk):
    """The catalog and the runs on the little disk; what is written elsewhere."""
    env = dict(ws.env)
    made = subprocess.run([str(BINARY), "init"], cwd=disk.path, env=env, capture_output=True, text=True)
    need(made.returncode == 0, made.stderr)
    ws.work = disk.path
    (ws.dir / "n.csv").write_text("n\n" + "\n".join(map(str, range(12000))) + "\n")
    apply(ws, f"""
providers:
  - {{name: wide, engine: local, output: "{ws.dir / 'out'}"}}
sources:
  - {{name: n, variant: v1, path: "{ws.dir / 'n.csv'}", format: csv, options: {{header: "true", inferSchema: "true"}}}}
transformations:
  - {{name: quick, variant: v1, provider: wide, sql: "SELECT count(*) AS n FROM {{{{n.v1}}}}"}}
  - {{name: slow, variant: v1, provider: wide, sql: "SELECT count(*) AS n FROM {{{{n.v1}}}} a JOIN {{{{n.v1}}}} b ON a.n <> b.n"}}
""")


@in_little_room
def test_11_catalog_on_a_full_disk():
    with Workspace(demo=False) as ws, Small(ws.dir / "narrow", "4m") as disk:
        small_workspace(ws, disk)
        ws.ok("run", "quick")
        disk.fill()
        for _ in range(3):
            result = ws.run("run", "quick")
            need(result.returncode != 0 and FULL.search(result.stderr), f"exit {result.returncode}: {result.stdout}{result.stderr}")
            need(str(disk.path) in result.stderr or ".firesteel" in result.stderr, f"no file is named: {result.stderr}")
        result = ws.run("preview", "quick")
        need(result.returncode == 0 or FULL.search(result.stderr), result.stderr)
        disk.free()
        need(whole(disk.path / ".firesteel/catalog.db"), "the catalog is damaged")
        need(ws.ok("preview", "quick", "-o", "csv") == "n\n12000\n", "what was there is gone")
        ws.ok("run", "quick")
        need(all(r["state"] in FINAL for r in ws.json("runs")), ws.json("runs"))
        need([r["state"] for r in ws.json("runs")].count("READY") == 2, ws.json("runs"))


@in_little_room
def test_12_disk_full_in_the_middle_of_a_run():
    with Workspace(demo=False) as ws, Small(ws.dir / "narrow", "4m") as disk:
        small_workspace(ws, disk)
        run = ws.ok("run", "slow", "--detach").strip()
        ws.wait_for_run(run, {"RUNNING", "READY", "FAILED"})
        disk.fill()
        output = ws.dir / "out/transformations/slow/v1" / run / "_SUCCESS"
        eventually("the output is whole", output.exists)
        agent = agent_of(run)
        need(agent, f"the agent left before it could write down its end: {ws.run('log', run).stdout} {(disk.path / '.firesteel/runs' / run / 'events').read_text()} {ws.run('runs').stdout}")
        need(ws.json("runs")[0]["state"] == "RUNNING", f"{ws.json('runs')[0]}: an end that is not written down")
        disk.free()
        need(ws.wait_for_run(run, FINAL)["state"] == "READY", ws.json("runs"))
        need(whole(disk.path / ".firesteel/catalog.db"), "the catalog is damaged")


@in_little_room
def test_13_an_edit_is_not_lost_on_a_full_disk():
    with Workspace(demo=False) as ws, Small(ws.dir / "narrow", "4m") as disk:
        small_workspace(ws, disk)
        t = Terminal(ws, rows=30, cols=200)
        try:
            t.expect("Transformations")
            t.send(":edit quick\r")
            t.expect("right: 1 column", 60)
            disk.fill()
            t.send("\x1b[F -- precious\x13")
            t.expect("Save as a new variant")
            t.send("v2\t\t\r")
            t.expect("no space is left", 60)
            t.expect("precious")
            os.kill(t.pid, signal.SIGKILL)
            t.wait_exit()
        finally:
            t.close()
        disk.free()
        need(all(r["name"] != "quick.v2" for r in ws.json("list", "transformations")), "half a variant is there")
        t = Terminal(ws, rows=30, cols=200)
        try:
            t.expect("Transformations")
            t.send(":edit quick\r")
            t.expect("a draft was kept here and is restored")
            t.expect("precious")
            t.send("\x13")
            t.expect("Save as a new variant")
            t.send("v2\t\t\r")
            t.expect("saved as quick.v2", 60)
        finally:
            t.close()


@in_little_room
def test_14_a_draft_that_cannot_be_kept_stays_on_the_screen():
    with Workspace(demo=False) as ws, Small(ws.dir / "narrow", "4m") as disk:
        small_workspace(ws, disk)
        home = disk.path / "home"
        home.mkdir()
        t = Terminal(ws, rows=30, cols=200, env=dict(ws.env, HOME=str(home)))
        try:
            t.expect("Transformations")
            t.send(":edit quick\r")
            t.expect("right: 1 column", 60)
            disk.fill()
            t.send("\x1b[F -- precious")
            t.expect("No space left on device", 60)
            t.send("\x1b")
            t.expect("Unsaved text")
            t.send("\t\r")
            t.expect("No space left on device", 60)
            t.expect("precious")
            disk.free()
            t.send("\x1b")
            t.expect("Unsaved text")
            t.send("\t\r")
            t.expect("Transformations")
        finally:
            t.close()
        kept = list(home.rglob("quick.v1.sql"))
        need(kept and "precious" in kept[0].read_text(), f"no draft: {kept}")


# ---- A clock that jumps ----------------------------------------------------------------------------------------------

AHEAD, BEHIND = "2199-01-01T00:00:00Z", "2001-01-01T00:00:00Z"


def at(ws, moment):
    return dict(ws.env, FIRESTEEL_NOW=moment)


def test_20_runs_with_a_clock_set_forth_and_back():
    with Workspace() as ws:
        apply(ws, RUSH)
        made = [ws.ok("run", "when", "--detach", env=at(ws, moment)).strip() for moment in (AHEAD, BEHIND)]
        for run in made:
            need(ws.wait_for_run(run, FINAL)["state"] == "READY", ws.json("runs"))
        need(made[0].startswith("2199") and made[1].startswith("2001"), made)
        need([r["run"] for r in ws.json("runs", "-n", 2)] == made[::-1], "runs are not in the order they were made")
        need(ws.json("preview", "when") == ws.json("preview", f"when.v1@{made[1]}"), "the one made last is not shown")
        for moment in (AHEAD, BEHIND):
            rows = ws.json("runs", "-n", 2, env=at(ws, moment))
            need(all(not r["took"].startswith("-") for r in rows), rows)


def test_21_staleness_with_a_clock_ahead():
    with Workspace(demo=False) as ws:
        (ws.work / "n.csv").write_text("n\n1\n")
        apply(ws, """
sources:
  - {name: n, variant: v1, path: n.csv, options: {header: "true"}}
transformations:
  - {name: c, variant: v1, sql: "SELECT count(*) AS n FROM {{n.v1}}"}
""")
        ws.ok("run", "c", env=at(ws, AHEAD))
        stale = lambda: next(r for r in ws.json("list", "transformations") if r["name"].startswith("c"))["stale"]  # noqa: E731
        ws.ok("run", "n")
        need(stale() in (False, "", None, "no"), f"stale at once: {ws.json('list', 'transformations')}")
        (ws.work / "n.csv").write_text("n\n1\n2\n")
        ws.ok("run", "n")
        need(stale() in (True, "stale", "yes"), f"what changed later is not seen: {ws.json('list', 'transformations')}")
        ws.ok("run", "c", env=at(ws, BEHIND))
        need(stale() in (False, "", None, "no"), f"stale at once: {ws.json('list', 'transformations')}")


LONG = """
sources:
  - {name: n, variant: v1, path: n.csv, options: {header: "true"}}
transformations:
  - {name: long, variant: v1, max_job_duration: %s, sql: "SELECT count(*) AS n FROM {{n.v1}} a JOIN {{n.v1}} b ON a.n <> b.n"}
"""


def long_run(ws, limit):
    (ws.work / "n.csv").write_text("n\n" + "\n".join(map(str, range(40000))) + "\n")
    apply(ws, LONG % limit)
    run = ws.ok("run", "long", "--detach").strip()
    ws.wait_for_run(run, {"RUNNING"})
    return run


def test_22_a_time_limit_counts_time_that_passed():
    """The agent's own clock cannot jump under it here, but all others differ from it by decades, each in its direction."""
    with Workspace(demo=False) as ws:
        run = long_run(ws, "2h")
        for moment in (AHEAD, BEHIND, AHEAD):
            row = ws.json("runs", "-n", 1, env=at(ws, moment))[0]
            need(row["state"] == "RUNNING" and not row["took"].startswith("-"), row)
        need(agent_of(run), "no agent")
        ws.ok("cancel", run, env=at(ws, BEHIND))
        need(ws.wait_for_run(run, FINAL)["state"] == "CANCELLED", ws.json("runs"))
    with Workspace(demo=False) as ws:
        run = long_run(ws, "1s")
        ended = ws.wait_for_run(run, FINAL)
        need(ended["state"] == "FAILED" and "time limit" in ended["error"], ended)


# ---- Chains ----------------------------------------------------------------------------------------------------------

BROKEN_CHAIN = """
providers:
  - {name: nobody, engine: connect, options: {url: "sc://127.0.0.1:1"}}
transformations:
  - {name: one, variant: v1, sql: "SELECT 1 AS n"}
  - {name: two, variant: v1, provider: nobody, sql: "SELECT n FROM {{one.v1}}"}
"""


def test_30_a_step_that_cannot_start_is_a_run_that_failed():
    """Nobody waits for a detached chain: what stopped it must be there to be seen."""
    with Workspace(demo=False) as ws:
        apply(ws, BROKEN_CHAIN)
        first = ws.ok("run", "two", "--upstream", "--detach").strip()
        need(ws.wait_for_run(first, FINAL)["name"] == "one.v1", ws.json("runs"))
        of_two = lambda: [r for r in ws.json("runs") if r["name"] == "two.v1"]
        eventually("a run of two", of_two)
        two = of_two()[0]
        need(two["state"] == "FAILED" and "cannot be reached" in two["error"], two)
        need("cannot be reached" in ws.ok("log", two["run"]), ws.ok("log", two["run"]))
        shown = next(r for r in ws.json("list", "transformations") if r["name"] == "two")
        need(shown["state"] == "FAILED", shown)


if __name__ == "__main__":
    main(globals())
