"""What runs must survive on a Spark Connect server of our own: two people at once, a full disk, an agent whose clock differs
from the one before it, a network that is gone for a while, a server that starts again, a wish to cancel that cannot be brought.

How long the network is gone is told by what happens meanwhile, not by a clock: until the agent noticed, until the work is done.
"""
import os
import re
import signal
import subprocess

from harness import BINARY, Workspace, main, need
from spark_help import Line, agent_of, eventually, free_ports
from survival import AHEAD, BEHIND, BUSY, FINAL, FULL, Small, apply, at, in_little_room, second_person, start

PORT, LINE = free_ports(1), free_ports(4) + 3
WS = Workspace(demo=False)
ROOM = WS.dir / "narrow"
STEADY = "SELECT id, java_method('java.lang.Thread', 'sleep', CAST({ms} AS BIGINT)) AS s FROM range(0, {n}, 1, {n})"
DEFINITIONS = f"""
providers:
  - {{name: server, engine: connect, options: {{url: "sc://127.0.0.1:{PORT}", master: "local[2]", driver_memory: 1g}}}}
  - {{name: line, engine: connect, options: {{url: "sc://127.0.0.1:{LINE}"}}}}
  - {{name: narrow, engine: connect, output: "{ROOM}", options: {{url: "sc://127.0.0.1:{PORT}"}}}}
transformations:
  - {{name: when, variant: v1, sql: "SELECT uuid() AS id, current_timestamp() AS at, n FROM (SELECT count(*) AS n FROM range(1000))"}}
  - {{name: short, variant: v1, sql: "{STEADY.format(ms=200, n=40)}"}}
  - {{name: middle, variant: v1, sql: "{STEADY.format(ms=1000, n=100)}"}}
  - {{name: long, variant: v1, sql: "{STEADY.format(ms=1000, n=600)}"}}
  - {{name: limited, variant: v1, max_job_duration: 1h, sql: "{STEADY.format(ms=200, n=60)}"}}
  - {{name: wide, variant: v1, sql: "SELECT id, sha2(CAST(id AS STRING), 512) AS a, uuid() AS b FROM range(200000)"}}
  - {{name: few, variant: v1, sql: "SELECT id FROM range(10)"}}
"""


def log(run):
    return WS.run("log", run).stdout


def output(run):
    return WS.work / ".firesteel/outputs/transformations" / run["name"].split(".")[0] / "v1" / run["run"]


def going(name, provider="line", env=None):
    run = WS.ok("run", name, "--provider", provider, "--detach", env=env).strip()
    WS.wait_for_run(run, {"RUNNING"})
    return run


def server_pid():
    listing = WS.json("provider", "list")
    return int(re.search(r"pid (\d+)", next(p["server"] for p in listing if p["provider"] == "server")).group(1))


def test_01_start():
    apply(WS, DEFINITIONS)
    WS.ok("provider", "start", "server", timeout=200)
    WS.ok("provider", "test", "line")


def test_02_two_people_run_the_same_at_once():
    people = [WS.env, second_person(WS)]
    started = [start(WS, "run", "when", "--provider", "server", env=people[i % 2]) for i in range(6)]
    for p in started:
        out, err = p.communicate(timeout=300)
        need(p.returncode == 0 and not BUSY.search(out + err), f"exit {p.returncode}: {out}{err}")
    runs = WS.json("runs", "-n", 6)
    need(all(r["state"] == "READY" and r["rows"] == 1 for r in runs), runs)
    answers = {WS.ok("preview", f"when.v1@{r['run']}", "-o", "csv") for r in runs}
    need(len(answers) == 6, f"outputs are mixed: {answers}")
    for r in runs:
        need(len(list(output(r).glob("*.parquet"))) == 1, f"outputs are mixed: {list(output(r).iterdir())}")
    need(WS.json("preview", "when") == WS.json("preview", f"when.v1@{runs[0]['run']}"), "the newest is not what is shown")


@in_little_room
def test_03_output_on_a_full_disk():
    with Small(ROOM, "2m") as disk:
        WS.ok("run", "few", "--provider", "narrow")
        before = WS.ok("preview", "few", "-o", "csv")
        WS.fails(1, "run", "wide", "--provider", "narrow")
        run = WS.json("runs", "-n", 1)[0]
        first = run["error"].splitlines()[0]
        need(run["state"] == "FAILED" and FULL.search(first), f"the first line is not why: {run['error']}")
        whole = log(run["run"])
        need(str(disk.path) in whole, f"no file is named: {whole}")
        need(not (disk.path / "transformations/wide/v1" / run["run"] / "_SUCCESS").exists(), "a lie")
        need(WS.ok("preview", "few", "-o", "csv") == before, "a failed run touched the output before it")
        WS.ok("run", "few", "--provider", "server")


def test_04_an_agent_of_another_clock_goes_on():
    run = going("limited", "server", env=at(WS, AHEAD))
    os.kill(agent_of(run), signal.SIGKILL)
    WS.ok("runs", env=at(WS, BEHIND))
    eventually("a new agent", lambda: agent_of(run) or WS.json("runs", "-n", 1)[0]["state"] in FINAL)
    row = WS.json("runs", "-n", 1, env=at(WS, BEHIND))[0]
    need(row["state"] == "RUNNING" and not row["took"].startswith("-"), row)
    need(WS.wait_for_run(run, FINAL)["state"] == "READY", f"{WS.json('runs', '-n', 1)}\n{log(run)}")


def test_05_network_gone_for_a_while():
    for how in ("hold", "cut"):
        run = going("middle")
        getattr(THE_LINE, how)()
        eventually("the agent notices", lambda: "not reachable" in log(run), 120)
        need(WS.json("runs", "-n", 1)[0]["state"] == "RUNNING", WS.json("runs", "-n", 1))
        THE_LINE.open()
        eventually("the agent notices", lambda: "reachable again" in log(run), 120)
        ended = WS.wait_for_run(run, FINAL)
        need(ended["state"] == "READY" and ended["rows"] == 100, f"{ended}\n{log(run)}")


def test_06_end_while_the_network_is_gone():
    for how in ("hold", "cut", "forget"):
        run = going("short")
        row = WS.json("runs", "-n", 1)[0]
        getattr(THE_LINE, how)()
        eventually("the work is done", (output(row) / "_SUCCESS").exists, 120)
        THE_LINE.open()
        ended = WS.wait_for_run(run, FINAL)
        need(ended["state"] == "READY" and ended["rows"] == 40, f"{ended}\n{log(run)}")


def patience(value):
    (WS.work / ".firesteel/config.yaml").write_text(f"run.patience: {value}\n" if value else "")


def test_07_network_gone_for_longer_than_our_patience():
    patience("2s")
    run = going("short")
    row = WS.json("runs", "-n", 1)[0]
    THE_LINE.cut()
    ended = WS.wait_for_run(run, FINAL)
    need(ended["state"] == "LOST" and ended["error"], ended)
    THE_LINE.open()
    eventually("the work is done", (output(row) / "_SUCCESS").exists, 120)
    WS.ok("reattach", run)
    need(WS.wait_for_run(run, {"READY", "FAILED"})["state"] == "READY", f"{WS.json('runs', '-n', 1)}\n{log(run)}")


def test_08_cancel_that_cannot_be_brought():
    patience(None)
    run = going("long")
    THE_LINE.hold()
    WS.ok("cancel", run)
    eventually("that it could not be cancelled is said", lambda: "could not be cancelled yet" in log(run), 120)
    need(WS.json("runs", "-n", 1)[0]["state"] == "RUNNING", "cancelled, and it is not")
    THE_LINE.open()
    need(WS.wait_for_run(run, FINAL)["state"] == "CANCELLED", f"{WS.json('runs', '-n', 1)}\n{log(run)}")
    row = WS.json("runs", "-n", 1)[0]
    need(not (output(row) / "_SUCCESS").exists(), "a cancelled run with an output")
    # the server has two cores: what runs now would wait if the work still went on
    WS.ok("run", "few", "--provider", "server", timeout=60)


def test_09_cancel_that_never_could_be_brought():
    patience("2s")
    run = going("long")
    THE_LINE.cut()
    WS.ok("cancel", run)
    ended = WS.wait_for_run(run, FINAL)
    need(ended["state"] == "LOST" and "cancel" in ended["error"], f"{ended}\n{log(run)}")
    THE_LINE.open()
    patience(None)
    WS.ok("reattach", run)
    need(WS.wait_for_run(run, {"CANCELLED", "READY", "FAILED"})["state"] == "CANCELLED", f"{WS.json('runs', '-n', 1)}\n{log(run)}")


def test_10_server_starts_again_in_the_middle():
    run = going("long")
    row = WS.json("runs", "-n", 1)[0]
    os.kill(server_pid(), signal.SIGKILL)
    eventually("the server is started again", lambda: WS.run("provider", "start", "server", timeout=200).returncode == 0)
    ended = WS.wait_for_run(run, FINAL)
    need(ended["state"] in ("LOST", "FAILED") and ended["error"], f"{ended}\n{log(run)}")
    need(not (output(row) / "_SUCCESS").exists(), "a lie")
    WS.ok("run", "few", "--provider", "line")


THE_LINE = Line(LINE, PORT)

if __name__ == "__main__":
    try:
        main(globals())
    finally:
        THE_LINE.open()
        WS.run("provider", "stop", "server")
        WS.close()
