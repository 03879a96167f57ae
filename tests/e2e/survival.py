"""What runs must survive on one host: people who run the same thing at once, a disk that fills up, a clock that jumps.

None of it needs a Spark. The folders of a size of their own are tmpfs mounts, made as root; whoever may not mount skips those
tests, and says so.
"""
import os
import pathlib
import re
import signal
import sqlite3
import subprocess
import time

from harness import BINARY, ROOT, Failure, Workspace, main, need
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


if __name__ == "__main__":
    main(globals())
