"""Work on clusters, through the real binary: a standalone cluster of one master and two workers, and a Livy server.

Equal results whoever ran it; errors with their line; cancelling that ends the driver; agents and workers killed in the
middle; a driver that no worker has room for. Started by the test and stopped at its end.
"""
import json
import os
import signal
import subprocess
import urllib.request

from harness import ROOT, Workspace, main, need
from spark_help import ALL_LINES, agent_of, eventually, free_ports, lines_of, processes_with

PORT = free_ports(5)
LIVY = free_ports(1)
WS = Workspace()
TOOLS = ROOT / "tests/tools"

DEFINITIONS = f"""
providers:
  - name: cluster
    engine: standalone
    options: {{master: "spark://127.0.0.1:{PORT}", rest: "http://127.0.0.1:{PORT + 2}", ui: "http://127.0.0.1:{PORT + 1}",
               driver_memory: 512m, executor_memory: 512m, cores_max: 2}}
  - name: client
    engine: submit
    options: {{master: "spark://127.0.0.1:{PORT}", driver_memory: 512m, executor_memory: 512m, total_executor_cores: 2}}
  - name: greedy
    engine: standalone
    options: {{master: "spark://127.0.0.1:{PORT}", rest: "http://127.0.0.1:{PORT + 2}", ui: "http://127.0.0.1:{PORT + 1}",
               driver_memory: 64g}}
  - name: livy
    engine: livy
    options: {{url: "http://127.0.0.1:{LIVY}", driver_memory: 512m}}
transformations:
  - name: told
    variant: v1
    inputs: [clean_transactions.v1, daily_spend.v1]
    python: |
      from pyspark.sql import functions as F

      def told(transactions, daily):
          for i in range(200):
              print("line %03d" % i)
          return transactions.join(daily, "CustomerID").groupBy("CustomerID").agg(F.count("*").alias("n"))
  - name: after_told
    variant: v1
    sql: SELECT count(*) AS customers, sum(n) AS n FROM {{{{told.v1}}}}
  - name: fails
    variant: v1
    sql: |
      SELECT CustomerID,
             1 / (TransactionAmount - TransactionAmount) AS x
      FROM {{{{transactions.kaggle}}}}
  - name: slow
    variant: v1
    sql: >
      SELECT a.CustomerID, sum(length(sha2(concat(a.TransactionID, b.TransactionID, c.day), 512))) AS work
      FROM {{{{clean_transactions.v1}}}} a JOIN {{{{clean_transactions.v1}}}} b ON a.CustomerID = b.CustomerID
      JOIN {{{{daily_spend.v1}}}} c ON a.CustomerID = c.CustomerID GROUP BY a.CustomerID
jobs:
  - {{name: own, variant: v1, file: own.py, args: ["3", "two words"]}}
"""
OWN = """import sys
from pyspark.sql import SparkSession
print("arguments", sys.argv[1:])
sys.exit(int(sys.argv[1]))
"""


(WS.work / "c.yaml").write_text(DEFINITIONS)
(WS.work / "own.py").write_text(OWN)
WS.ok("apply", "c.yaml")


def get(url):
    return json.load(urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=10))


def master():
    return get(f"http://127.0.0.1:{PORT + 1}/json/")


def newest():
    return WS.json("runs", "-n", 1)[0]


def test_01_start():
    subprocess.run(["sh", TOOLS / "standalone-cluster.sh", "start", str(PORT)], check=True, capture_output=True, timeout=180)
    text = WS.ok("provider", "test", "cluster")
    need("2 workers" in text and "Spark 4.3" in text, text)


def test_02_function_then_sql_upstream_on_the_cluster():
    WS.ok("run", "after_told", "--upstream", "--provider", "cluster", timeout=400)
    rows = WS.json("preview", "after_told")
    told = [r for r in WS.json("runs", "-n", 10) if r["name"] == "told.v1"][0]
    need(told["state"] == "READY" and told["rows"] == rows[0]["customers"], f"{told} {rows}")
    need(lines_of(WS, told["run"]) == ALL_LINES, "the log has gaps or repeats")
    stages = WS.json("stages", told["run"])
    need(len(stages) >= 2 and any(s["tasks"] for s in stages), stages)


def test_03_error_has_its_line():
    WS.fails(1, "run", "fails", "--provider", "cluster", timeout=300)
    run = newest()
    need(run["state"] == "FAILED" and "line 2" in run["error"] and "DIVIDE_BY_ZERO" in run["error"], run)


def test_04_cancel_ends_the_driver():
    run = WS.ok("run", "slow", "--provider", "cluster", "--detach").strip()
    WS.wait_for_run(run, {"RUNNING"})
    WS.ok("cancel", run)
    ended = WS.wait_for_run(run, {"CANCELLED", "READY", "FAILED", "LOST"})
    need(ended["state"] == "CANCELLED", ended)
    eventually("the master has no driver left", lambda: not master()["activedrivers"])


def test_05_agent_killed_log_exactly_once():
    run = WS.ok("run", "told", "--provider", "cluster", "--detach").strip()
    # an agent killed before it asked has sent nothing: that run is LOST, and rightly so
    eventually("the master has the driver", lambda: master()["activedrivers"])
    for _ in range(3):
        pid = agent_of(run)
        if pid:
            os.kill(pid, signal.SIGKILL)
        if WS.wait_for_run(run, {"PENDING", "RUNNING", "READY", "FAILED", "LOST"})["state"] == "READY":
            break
        eventually("a new agent", lambda: agent_of(run) or WS.json("runs", "-n", 1)[0]["state"] == "READY")
    ended = WS.wait_for_run(run, {"READY", "FAILED", "LOST", "CANCELLED"})
    need(ended["state"] == "READY", f"{ended}\n{WS.run('log', run).stdout[-3000:]}")
    need(lines_of(WS, run) == ALL_LINES, f"the log has gaps or repeats: {len(lines_of(WS, run))} lines")


def test_06_handle_lost_is_found_by_its_mark():
    run = WS.ok("run", "slow", "--provider", "cluster", "--detach").strip()
    WS.wait_for_run(run, {"RUNNING"})
    os.kill(agent_of(run), signal.SIGKILL)
    events = WS.work / ".firesteel/runs" / run / "events"
    events.write_text("".join(line for line in events.read_text().splitlines(True) if '"submitted"' not in line))
    eventually("a new agent", lambda: WS.json("runs", "-n", 1) and agent_of(run))
    WS.ok("cancel", run)
    ended = WS.wait_for_run(run, {"CANCELLED", "READY", "FAILED", "LOST"})
    need(ended["state"] == "CANCELLED", f"{ended}\n{WS.run('log', run).stdout[-2000:]}")
    eventually("the master has no driver left", lambda: not master()["activedrivers"])


def test_07_nobody_has_room():
    run = WS.ok("run", "slow", "--provider", "greedy", "--detach").strip()
    eventually("waiting for resources is said", lambda: "waiting for resources" in WS.ok("log", run))
    WS.ok("cancel", run)
    ended = WS.wait_for_run(run, {"CANCELLED", "FAILED", "LOST"})
    need(ended["state"] == "CANCELLED", ended)


def test_08_program_of_ones_own():
    text = WS.fails(1, "run", "own", "--provider", "cluster", timeout=200)
    need("FAILED" in text, text)
    need("arguments ['3', 'two words']" in WS.ok("log", newest()["run"]), "the program's words are not in the log")


def test_09_client_mode():
    WS.ok("run", "told", "--provider", "client", timeout=300)
    need(newest()["state"] == "READY" and lines_of(WS, newest()["run"]) == ALL_LINES, newest())


def test_10_worker_of_the_driver_killed():
    run = WS.ok("run", "slow", "--provider", "cluster", "--detach").strip()
    WS.wait_for_run(run, {"RUNNING"})
    driver = master()["activedrivers"][0]
    number = 1 if f"work1/{driver['id']}" in " ".join(processes_with(driver["id"])) else 2
    pid = int((ROOT / f"build/standalone/{PORT}/worker{number}.pid").read_text())
    os.kill(pid, signal.SIGKILL)
    ended = WS.wait_for_run(run, {"CANCELLED", "READY", "FAILED", "LOST"})
    need(ended["state"] in ("FAILED", "LOST") and ended["error"], ended)
    need(not os.path.exists(os.path.join(WS.work, ".firesteel/outputs/transformations/slow/v1", run, "_SUCCESS")), "a lie")


def test_20_livy():
    subprocess.run(["sh", TOOLS / "standalone-cluster.sh", "stop", str(PORT)], check=True, timeout=60)
    subprocess.run(["sh", TOOLS / "livy.sh", "start", str(LIVY), "/"], check=True, capture_output=True, timeout=400)
    need("Livy 0.7" in WS.ok("provider", "test", "livy"), "no version")
    WS.ok("run", "told", "--provider", "livy", timeout=300)
    run, told = newest(), lines_of(WS, newest()["run"])
    # Livy keeps 200 lines only: what it had dropped is said, and nothing comes twice or out of order
    need(run["state"] == "READY" and told == sorted(set(told)) and told[-1] == ALL_LINES[-1], told)
    need(told == ALL_LINES or "lines were gone" in WS.ok("log", run["run"]), "lines are missing without a word")


def test_21_livy_error_cancel_and_a_killed_agent():
    WS.fails(1, "run", "fails", "--provider", "livy", timeout=300)
    need("line 2" in newest()["error"], newest())
    run = WS.ok("run", "slow", "--provider", "livy", "--detach").strip()
    WS.wait_for_run(run, {"RUNNING"})
    os.kill(agent_of(run), signal.SIGKILL)
    eventually("a new agent", lambda: WS.json("runs", "-n", 1) and agent_of(run))
    WS.ok("cancel", run)
    ended = WS.wait_for_run(run, {"CANCELLED", "READY", "FAILED", "LOST"})
    need(ended["state"] == "CANCELLED", ended)
    need(get(f"http://127.0.0.1:{LIVY}/batches")["total"] <= 2, "the batch is still there")


if __name__ == "__main__":
    try:
        main(globals())
    finally:
        subprocess.run(["sh", TOOLS / "standalone-cluster.sh", "stop", str(PORT)], capture_output=True)
        subprocess.run(["sh", TOOLS / "livy.sh", "stop", str(LIVY)], capture_output=True)
        WS.close()
