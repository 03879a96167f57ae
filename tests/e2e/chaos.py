"""Runs in a bad world: agents, chains, drivers, executors, workers, the server and its connections are killed at random for a
while; then everything is let be, and the catalog is compared with what is really there: outputs, rows, and what the cluster
says of its drivers and applications.

    FIRESTEEL_CHAOS_SECONDS (150), FIRESTEEL_CHAOS_SEED (printed)
"""
import contextlib
import json
import os
import random
import re
import select
import signal
import subprocess
import threading
import time
import urllib.request

import pyarrow.parquet

from harness import ROOT, Workspace, main, need
from spark_help import Line, command_lines, eventually, free_ports

SECONDS = int(os.environ.get("FIRESTEEL_CHAOS_SECONDS", "150"))
SEED = int(os.environ.get("FIRESTEEL_CHAOS_SEED", str(int(time.time()) % 100000)))
BASE = free_ports(8)
PORT, PROXY, MASTER = BASE, BASE + 2, BASE + 3
RNG = random.Random(SEED)
FINAL = {"READY", "FAILED", "CANCELLED", "LOST"}
CLUSTER = ["sh", str(ROOT / "tests/tools/standalone-cluster.sh")]
OWN_JVM = {"batch", "cluster", "client"}  # each run is a driver of its own: no more than a few at once

DEFINITIONS = f"""
providers:
  - name: server
    engine: connect
    options: {{url: "sc://127.0.0.1:{PORT}", master: "local[2]", driver_memory: 1g}}
  - name: line
    engine: connect
    options: {{url: "sc://127.0.0.1:{PROXY}"}}
  - name: batch
    engine: submit
    options: {{master: "local[1]", driver_memory: 512m, conf: {{spark.ui.enabled: "false", spark.driver.extraJavaOptions:
               "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}}}}
  - name: cluster
    engine: standalone
    options: {{master: "spark://127.0.0.1:{MASTER}", rest: "http://127.0.0.1:{MASTER + 2}", ui: "http://127.0.0.1:{MASTER + 1}",
               driver_memory: 512m, executor_memory: 512m, cores_max: 1}}
  - name: client
    engine: submit
    options: {{master: "spark://127.0.0.1:{MASTER}", driver_memory: 512m, executor_memory: 512m, total_executor_cores: 1,
               conf: {{spark.ui.enabled: "false"}}}}
transformations:
  - {{name: quick, variant: v1, sql: "SELECT id FROM range(1000)"}}
  - {{name: steady, variant: v1, sql: "SELECT id, java_method('java.lang.Thread', 'sleep', CAST(200 AS BIGINT)) AS s FROM range(0, 60, 1, 60)"}}
  - {{name: wrong, variant: v1, sql: "SELECT 1 / (id - 5) AS x FROM range(10)"}}
  - {{name: above, variant: v1, sql: "SELECT count(*) AS n FROM {{{{quick.v1}}}}"}}
  - {{name: top, variant: v1, sql: "SELECT n + 1 AS n FROM {{{{above.v1}}}}"}}
"""
ROWS = {"quick.v1": 1000, "steady.v1": 60, "above.v1": 1, "top.v1": 1}


def kill(pid):
    with contextlib.suppress(ProcessLookupError):  # it may have ended by itself meanwhile
        os.kill(pid, signal.SIGKILL)


def kill_one(ws, word):
    mine = [pid for pid, argv in command_lines() if word in argv and str(ws.dir).encode() in b" ".join(argv)]
    if mine:
        kill(RNG.choice(mine))


def server_pid(ws):
    found = [p["server"] for p in ws.json("provider", "list") if p["provider"] == "server"]
    return int(re.search(r"pid (\d+)", found[0]).group(1)) if found and found[0] else None


def start_server(ws):
    ws.run("provider", "start", "server", timeout=200)


def going(ws):
    return [r for r in ws.json("runs", "-n", 500) if r["state"] not in FINAL]


def start_one(ws):
    name = RNG.choice(["quick", "steady", "steady", "wrong", "top"])
    provider = RNG.choice(["server", "line", "line", "batch", "cluster", "cluster", "client"])
    if provider in OWN_JVM and sum(r["provider"] in OWN_JVM for r in going(ws)) >= 3:
        provider = "line"
    ws.run("run", name, "--provider", provider, "--detach", *(["--upstream"] if name == "top" else []))


def of_cluster(word):
    return [pid for pid, argv in command_lines() if word in b" ".join(argv) and f":{MASTER}".encode() in b" ".join(argv)]


def kill_any(pids):
    if pids:
        kill(RNG.choice(pids))


def kill_worker():
    number = RNG.choice([1, 2])
    workers = [pid for pid in of_cluster(b"deploy.worker.Worker") if f"work{number} " in " ".join(words_of(pid))]
    kill_any(workers)
    if not workers:
        return  # one is on its way already
    subprocess.run([*CLUSTER, "worker", str(MASTER), str(number)], capture_output=True, timeout=60)


def words_of(pid):
    return [w.decode(errors="replace") for other, argv in command_lines() if other == pid for w in argv]


def one_blow(ws, line, restarts):
    what = RNG.choice(["run"] * 6 + ["agent"] * 4 + ["chain", "chain", "cancel", "cut", "cut", "hold", "driver", "executor", "server",
                                                     "cluster-driver", "worker"])
    if what == "run":
        start_one(ws)
    elif what == "agent":
        kill_one(ws, b"agent")
    elif what == "chain":
        kill_one(ws, b"chain")
    elif what == "driver":
        kill_one(ws, b"org.apache.spark.deploy.SparkSubmit") if RNG.random() < 0.5 else kill_one(ws, b"/bin/sh")
    elif what == "cluster-driver":
        kill_any(of_cluster(b"DriverWrapper"))
    elif what == "executor":
        kill_any([pid for pid, argv in command_lines() if f"build/standalone/{MASTER}/".encode() in cwd_of(pid)
                  and b"CoarseGrainedExecutorBackend" in b" ".join(argv)])
    elif what == "worker":
        kill_worker()
    elif what in ("cut", "hold"):
        getattr(line, what)()
        threading.Timer(RNG.uniform(0.2, 4), line.open).start()
    elif what == "cancel":
        if runs := going(ws):
            ws.run("cancel", RNG.choice(runs)["run"])
    elif what == "server" and restarts < 2 and (pid := server_pid(ws)):
        kill(pid)
        start_server(ws)
        return 1
    return 0


def cwd_of(pid):
    try:
        return os.readlink(f"/proc/{pid}/cwd").encode()
    except OSError:
        return b""


def output_of(ws, run):
    kind = "transformations"
    name, variant = run["name"].rsplit(".", 1)
    return ws.work / ".firesteel/outputs" / kind / name / variant / run["run"]


def check_truth(ws, run):
    output = output_of(ws, run)
    whole = (output / "_SUCCESS").exists()
    if run["state"] == "READY":
        rows = sum(pyarrow.parquet.read_metadata(part).num_rows for part in output.glob("*.parquet"))
        need(whole and run["name"] in ROWS, f"READY without an output: {run}")
        need(rows == ROWS[run["name"]] == run["rows"], f"{rows} rows: {run}")
    else:
        need(not whole, f"{run['state']} with a whole output: {run}\n{ws.run('log', run['run']).stdout[-2000:]}")
        need(run["error"], f"no reason: {run}")


def ask(url):
    return json.load(urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=10))


def check_cluster(ws, runs):
    """What the master knows has to agree with what the catalog says."""
    limit = time.monotonic() + 90
    while time.monotonic() < limit:  # a worker that was killed is noticed by its master after a while
        master = ask(f"http://127.0.0.1:{MASTER + 1}/json/")
        if not master["activedrivers"] and not master["activeapps"]:
            break
        select.select([], [], [], 0.5)
    need(not master["activedrivers"], f"drivers of runs that have ended: {master['activedrivers']}")
    need(not master["activeapps"], f"applications of runs that have ended: {master['activeapps']}")
    states = {d["id"]: d["state"] for d in master["completeddrivers"]}
    seen = 0
    for run in (r for r in runs if r["provider"] == "cluster"):
        events = (ws.work / ".firesteel/runs" / run["run"] / "events").read_text()
        found = re.findall(r"driver-\d+-\d+", events)
        if not found or found[-1] not in states:
            continue
        seen += 1
        if run["state"] == "READY":
            need(states[found[-1]] == "FINISHED", f"{run} {states[found[-1]]}")
        if run["state"] == "CANCELLED":
            need(states[found[-1]] in ("KILLED", "FAILED", "ERROR"), f"{run} {states[found[-1]]}")
    return seen


def bad_world(ws, line):
    restarts, end = 0, time.monotonic() + SECONDS
    while time.monotonic() < end:
        restarts += one_blow(ws, line, restarts)
    eventually("the line is whole", lambda: line.flows.is_set() and not line.refuses)
    return restarts


def let_be(ws):
    subprocess.run([*CLUSTER, "start", str(MASTER)], capture_output=True, timeout=180)
    if not server_pid(ws):
        start_server(ws)
    limit = time.monotonic() + 600
    while going(ws) and time.monotonic() < limit:
        select.select([], [], [], 0.5)
    need(not going(ws), going(ws))
    return ws.json("runs", "-n", 2000)


def test_the_catalog_tells_the_truth_afterwards():
    print(f"seed {SEED}, {SECONDS} s", flush=True)
    with Workspace(demo=False) as ws:
        (ws.work / "chaos.yaml").write_text(DEFINITIONS)
        ws.ok("apply", "chaos.yaml")
        line = Line(PROXY, PORT)
        subprocess.run([*CLUSTER, "start", str(MASTER)], check=True, capture_output=True, timeout=180)
        start_server(ws)
        try:
            ws.ok("run", "top", "--upstream", "--provider", "server", timeout=200)
            good = ws.ok("preview", "top", "-o", "csv")
            restarts = bad_world(ws, line)
            runs = let_be(ws)
            count = {state: sum(r["state"] == state for r in runs) for state in sorted(FINAL)}
            by = {p: sum(r["provider"] == p for r in runs) for p in sorted({r["provider"] for r in runs})}
            print(f"{len(runs)} runs: {count}; {by}; the server was killed {restarts} times", flush=True)
            for run in runs:
                check_truth(ws, run)
            print(f"{check_cluster(ws, runs)} drivers of the cluster agree", flush=True)
            need(good == ws.ok("preview", "top", "-o", "csv"), "what was good is not there any more")
        finally:
            ws.run("provider", "stop", "server")
            subprocess.run([*CLUSTER, "stop", str(MASTER)], capture_output=True)
            for pid, argv in command_lines():
                if str(ws.dir).encode() in b" ".join(argv) or f"standalone/{MASTER}/".encode() in b" ".join(argv):
                    kill(pid)


if __name__ == "__main__":
    main(globals())
