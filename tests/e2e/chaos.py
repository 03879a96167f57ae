"""Runs in a bad world: agents, chains, drivers, the server and its connections are killed at random for a while; then
everything is let be, and the catalog is compared with what is really there.

    FIRESTEEL_CHAOS_SECONDS (60), FIRESTEEL_CHAOS_SEED (printed)
"""
import os
import random
import re
import select
import signal
import socket
import threading
import time

import pyarrow.parquet

from harness import Workspace, main, need
from spark_help import command_lines, free_ports

SECONDS = int(os.environ.get("FIRESTEEL_CHAOS_SECONDS", "60"))
SEED = int(os.environ.get("FIRESTEEL_CHAOS_SEED", str(int(time.time()) % 100000)))
PORT, PROXY = free_ports(1), free_ports(3) + 2
RNG = random.Random(SEED)
FINAL = {"READY", "FAILED", "CANCELLED", "LOST"}

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
    options: {{master: "local[1]", driver_memory: 600m, conf: {{spark.ui.enabled: "false", spark.driver.extraJavaOptions:
               "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}}}}
transformations:
  - {{name: quick, variant: v1, sql: "SELECT id FROM range(1000)"}}
  - {{name: steady, variant: v1, sql: "SELECT id, java_method('java.lang.Thread', 'sleep', CAST(200 AS BIGINT)) AS s FROM range(0, 60, 1, 60)"}}
  - {{name: wrong, variant: v1, sql: "SELECT 1 / (id - 5) AS x FROM range(10)"}}
  - {{name: above, variant: v1, sql: "SELECT count(*) AS n FROM {{{{quick.v1}}}}"}}
  - {{name: top, variant: v1, sql: "SELECT n + 1 AS n FROM {{{{above.v1}}}}"}}
"""
ROWS = {"quick.v1": 1000, "steady.v1": 60, "above.v1": 1, "top.v1": 1}


def kill_one(ws, word):
    mine = [pid for pid, argv in command_lines() if word in argv and str(ws.dir).encode() in b" ".join(argv)]
    if mine:
        os.kill(RNG.choice(mine), signal.SIGKILL)


def server_pid(ws):
    found = [p["server"] for p in ws.json("provider", "list") if p["provider"] == "server"]
    return int(re.search(r"pid (\d+)", found[0]).group(1)) if found and found[0] else None


def start_server(ws):
    ws.run("provider", "start", "server", timeout=200)


def one_blow(ws, proxy, restarts):
    what = RNG.choice(["run"] * 6 + ["agent"] * 4 + ["chain", "chain", "cancel", "cut", "cut", "driver", "server"])
    if what == "run":
        name, provider = RNG.choice(["quick", "steady", "steady", "wrong", "top"]), RNG.choice(["server", "line", "line", "batch"])
        ws.run("run", name, "--provider", provider, "--detach", *(["--upstream"] if name == "top" else []))
    elif what == "agent":
        kill_one(ws, b"agent")
    elif what == "chain":
        kill_one(ws, b"chain")
    elif what == "driver":
        kill_one(ws, b"org.apache.spark.deploy.SparkSubmit") if RNG.random() < 0.5 else kill_one(ws, b"/bin/sh")
    elif what == "cut":
        proxy.cut(RNG.uniform(0.2, 4))
    elif what == "cancel":
        going = [r["run"] for r in ws.json("runs", "-n", 50) if r["state"] not in FINAL]
        if going:
            ws.run("cancel", RNG.choice(going))
    elif what == "server" and restarts < 2 and (pid := server_pid(ws)):
        os.kill(pid, signal.SIGKILL)
        start_server(ws)
        return 1
    return 0


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


def test_the_catalog_tells_the_truth_afterwards():
    print(f"seed {SEED}, {SECONDS} s", flush=True)
    with Workspace(demo=False) as ws:
        (ws.work / "chaos.yaml").write_text(DEFINITIONS)
        ws.ok("apply", "chaos.yaml")
        proxy, restarts = Proxy(), 0
        start_server(ws)
        try:
            ws.ok("run", "top", "--upstream", "--provider", "server", timeout=200)
            good = ws.ok("preview", "top", "-o", "csv")
            end = time.monotonic() + SECONDS
            while time.monotonic() < end:
                restarts += one_blow(ws, proxy, restarts)
                proxy_free = proxy.closed_until
                while time.monotonic() < min(end, proxy_free):
                    select.select([], [], [], 0.1)
            proxy.closed_until = 0
            if not server_pid(ws):
                start_server(ws)
            limit = time.monotonic() + 420
            while any(r["state"] not in FINAL for r in ws.json("runs", "-n", 500)) and time.monotonic() < limit:
                select.select([], [], [], 0.5)
            runs = ws.json("runs", "-n", 500)
            count = {state: sum(r["state"] == state for r in runs) for state in sorted(FINAL)}
            need(not [r for r in runs if r["state"] not in FINAL], [r for r in runs if r["state"] not in FINAL])
            for run in runs:
                check_truth(ws, run)
            need(good == ws.ok("preview", "top", "-o", "csv"), "what was good is not there any more")
            print(f"{len(runs)} runs: {count}; the server was killed {restarts} times", flush=True)
        finally:
            ws.run("provider", "stop", "server")
            for pid, argv in command_lines():
                if str(ws.dir).encode() in b" ".join(argv):
                    os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main(globals())
