"""Work on YARN in cluster mode, through the real binary: the driver is YARN's, and so is what becomes of it.

A Hadoop of our own (HDFS and YARN in one process), started by the test and stopped at its end.
"""
import json
import os
import signal
import subprocess
import urllib.request

from harness import PYTHON, ROOT, Workspace, main, need
from spark_help import ALL_LINES, agent_of, eventually, free_ports, lines_of, processes_with

PORT = int(os.environ.get("FIRESTEEL_HADOOP_PORT") or free_ports(7))
WS = Workspace()
TOOL = ROOT / "tests/tools/mini-hadoop.sh"
SPARK_HOME = subprocess.check_output([PYTHON, "-c", "import os, pyspark; print(os.path.dirname(pyspark.__file__))"], text=True).strip()
QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
SETTINGS = f"""conf: {{"spark.yarn.jars": "local:{SPARK_HOME}/jars/*", "spark.driver.memoryOverhead": 200m,
               "spark.executor.memoryOverhead": 200m, "spark.yarn.report.interval": 1s, "spark.task.maxFailures": 1,
               "spark.driver.extraJavaOptions": "{QUICK}", "spark.executor.extraJavaOptions": "{QUICK}"}}"""
OPTIONS = f"""master: yarn, deploy_mode: cluster, hadoop_conf_dir: "{ROOT}/build/hadoop/{PORT}/conf", shared_files: true,
               python: "{PYTHON}", executor_memory: 512m, num_executors: 1"""

DEFINITIONS = f"""
providers:
  - name: yarn
    engine: submit
    options: {{{OPTIONS}, driver_memory: 512m, {SETTINGS}}}
  - name: greedy
    engine: submit
    options: {{{OPTIONS}, driver_memory: 2g, {SETTINGS}}}
transformations:
  - name: told
    variant: v1
    inputs: [clean_transactions.v1]
    python: |
      from pyspark.sql import functions as F

      def told(transactions):
          for i in range(200):
              print("line %03d" % i)
          return transactions.groupBy("CustomerID").agg(F.count("*").alias("n"))
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
  - {{name: own, variant: v1, file: own.py, args: ["3"]}}
"""
(WS.work / "y.yaml").write_text(DEFINITIONS)
(WS.work / "own.py").write_text("import sys\nprint('arguments', sys.argv[1:])\nraise ValueError('made on purpose')\n")
WS.ok("apply", "y.yaml")
def applications():
    url = f"http://127.0.0.1:{PORT + 6}/ws/v1/cluster/apps"
    found = json.load(urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=10))["apps"] or {}
    return sorted(found.get("app", []), key=lambda a: a["startedTime"])


def newest():
    return WS.json("runs", "-n", 1)[0]


def test_1_start():
    subprocess.run(["sh", TOOL, "start", str(PORT)], check=True, capture_output=True, timeout=400)
    text = WS.ok("provider", "test", "yarn")
    need("cores are free on 1 nodes" in text, text)


def test_2_agent_and_spark_submit_killed_log_exactly_once():
    run = WS.ok("run", "told", "--provider", "yarn", "--detach").strip()
    eventually("an application", lambda: [a for a in applications() if a["state"] == "RUNNING"])
    os.kill(agent_of(run), signal.SIGKILL)
    shell = int((WS.work / ".firesteel/runs" / run / "driver.pid").read_text())
    os.killpg(shell, signal.SIGKILL)
    eventually("a new agent", lambda: WS.json("runs", "-n", 1) and agent_of(run))
    ended = WS.wait_for_run(run, {"READY", "FAILED", "LOST", "CANCELLED"})
    need(ended["state"] == "READY", f"{ended}\n{WS.run('log', run).stdout[-3000:]}")
    need(ended["rows"] == WS.json("sql", "SELECT count(*) AS n FROM {{told.v1}}", "--provider", "local")[0]["n"], ended)
    need(lines_of(WS, run) == ALL_LINES, f"the log has gaps or repeats: {len(lines_of(WS, run))} lines")
    stages = WS.json("stages", run)
    need(stages and any(s["tasks"] for s in stages), stages)


def test_3_error_has_its_line():
    WS.fails(1, "run", "fails", "--provider", "yarn", timeout=300)
    run = newest()
    need(run["state"] == "FAILED" and "line 2" in run["error"] and "DIVIDE_BY_ZERO" in run["error"], run)


def test_4_cancel_ends_the_application():
    run = WS.ok("run", "slow", "--provider", "yarn", "--detach").strip()
    WS.wait_for_run(run, {"RUNNING"})
    WS.ok("cancel", run)
    ended = WS.wait_for_run(run, {"CANCELLED", "READY", "FAILED", "LOST"})
    need(ended["state"] == "CANCELLED", ended)
    need(applications()[-1]["state"] == "KILLED", applications()[-1])
    eventually("spark-submit is gone", lambda: not processes_with(f"runs/{run}/driver.exit"))


def test_5_no_room_is_said_and_cancelled():
    first = WS.ok("run", "slow", "--provider", "greedy", "--detach").strip()
    eventually("the first is there", lambda: applications()[-1]["state"] in ("ACCEPTED", "RUNNING"))
    second = WS.ok("run", "slow", "--provider", "greedy", "--detach").strip()
    eventually("waiting for resources is said", lambda: "waiting for resources" in WS.ok("log", second))
    for run in (second, first):
        WS.ok("cancel", run)
    for run in (second, first):
        need(WS.wait_for_run(run, {"CANCELLED", "FAILED", "LOST"})["state"] == "CANCELLED", run)
    need(all(a["state"] in ("KILLED", "FINISHED", "FAILED") for a in applications()), applications())


def test_6_program_of_ones_own_fails_with_its_words():
    text = WS.fails(1, "run", "own", "--provider", "yarn", timeout=200)
    need("FAILED" in text, text)
    log = WS.ok("log", newest()["run"])
    need("arguments ['3']" in log and "made on purpose" in log, log[-3000:])


if __name__ == "__main__":
    try:
        main(globals())
    finally:
        if not os.environ.get("FIRESTEEL_HADOOP_PORT"):
            subprocess.run(["sh", TOOL, "stop", str(PORT)], capture_output=True)
        WS.close()
