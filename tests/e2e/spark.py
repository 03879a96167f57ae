"""The main job on a real Spark Connect server that the program starts itself: check, run, progress, cancel, killed agents,
a killed terminal, equal answers of both engines, a killed server.

The order matters: the last test kills the server.
"""
import os
import re
import signal
import socket
import subprocess
import time

from harness import PYTHON, Failure, Terminal, Workspace, main, need
from spark_help import agent_of

WS = Workspace()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


PORT = free_port()
(WS.work / "p.yaml").write_text(
    f"providers:\n  - name: spark\n    engine: connect\n    options: {{url: 'sc://127.0.0.1:{PORT}', "
    f"master: 'local[2]', driver_memory: 1g}}\n")

SLOW = ("SELECT a.CustomerID, count(*) AS n, sum(length(sha2(concat(a.TransactionID, b.TransactionID), 512))) AS work "
        "FROM {{clean_transactions.v1}} a JOIN {{clean_transactions.v1}} b ON a.CustomerID = b.CustomerID "
        "GROUP BY a.CustomerID")


def start_slow(name):
    (WS.work / f"{name}.yaml").write_text(
        f"transformations:\n  - name: {name}\n    variant: v1\n    sql: |\n      {SLOW}\n")
    WS.ok("apply", f"{name}.yaml")
    return WS.ok("run", name, "--provider", "spark", "--detach").strip()


def wait_for_log(run_id, words, limit=120):
    end = time.monotonic() + limit
    while time.monotonic() < end:
        if words in WS.run("log", run_id).stdout:
            return
        time.sleep(0.1)
    raise Failure(f"the log of {run_id} never said {words!r}:\n{WS.run('log', run_id).stdout}")


def test_01_start():
    version = subprocess.run([PYTHON, "-c", "import pyspark; print(pyspark.__version__)"], capture_output=True, text=True)
    print(f"Spark {version.stdout.strip()} from the pyspark package, Connect on port {PORT}")
    WS.ok("apply", "p.yaml")
    WS.fails(4, "provider", "test", "spark")
    WS.ok("provider", "start", "spark", timeout=200)
    need(version.stdout.strip() in WS.ok("provider", "test", "spark"), "the version is not shown")
    text = WS.fails(3, "provider", "start", "spark")
    need("already" in text, text)


def test_02_check_is_the_analyzers():
    rows = WS.json("check", "user_activity", "--provider", "spark")
    need([r["column"] for r in rows] == ["CustomerID", "Timestamp", "avg_last_10", "spent_yesterday"], rows)
    (WS.work / "bad.sql").write_text("SELECT CustomerID,\n       TransactionAmount + nosuch AS x\nFROM {{transactions.kaggle}}\n")
    text = WS.fails(1, "check", "bad.sql", "--provider", "spark")
    need("line 2, column 28" in text and "nosuch" in text, text)
    (WS.work / "typo.sql").write_text("SELECT CustomerID\nFRO {{transactions.kaggle}}\n")
    text = WS.fails(1, "check", "typo.sql", "--provider", "spark")
    need("line 2" in text, text)


def test_03_same_rows_on_both_engines():
    query = ("SELECT CustomerID, count(*) AS n, sum(TransactionAmount) AS s, avg(TransactionAmount) AS a, max(Timestamp) AS t "
             "FROM {{transactions.kaggle}} WHERE NOT IsFraud GROUP BY CustomerID ORDER BY CustomerID")
    spark = WS.ok("sql", query, "--provider", "spark", "-n", 0, "-o", "jsonl")
    local = WS.ok("sql", query, "--provider", "local", "-n", 0, "-o", "jsonl")
    need(spark == local, "the rows differ")
    need(len(spark.splitlines()) == 2000, f"{len(spark.splitlines())} rows")


def test_04_training_set_upstream_on_spark_equals_local():
    before = WS.ok("preview", "fraud_training", "-n", 100000, "-o", "jsonl")
    WS.ok("run", "fraud_training", "--upstream", "--provider", "spark", timeout=300)
    newest = WS.json("runs", "-n", 1)[0]
    need(newest["provider"] == "spark" and newest["state"] == "READY", newest)
    after = WS.ok("preview", "fraud_training", "-n", 100000, "-o", "jsonl")
    need(before.count("\n") == 100000, f"{before.count(chr(10))} rows")
    need(before == after, "Spark's training set differs from the local one")


def test_05_cancel():
    run = start_slow("slow_cancel")
    WS.wait_for_run(run, {"RUNNING"})
    WS.ok("cancel", run)
    ended = WS.wait_for_run(run, {"CANCELLED", "READY", "FAILED", "LOST"})
    need(ended["state"] == "CANCELLED", ended)


def test_06_agent_killed_in_the_middle_is_replaced():
    run = start_slow("slow_agent")
    WS.wait_for_run(run, {"RUNNING"})
    pid = agent_of(run)
    need(pid, "no agent is there")
    os.kill(pid, signal.SIGKILL)
    ended = WS.wait_for_run(run, {"READY", "FAILED", "LOST", "CANCELLED"})  # each `runs` revives
    need(ended["state"] == "READY", f"{ended}\n{WS.run('log', run).stdout}")
    need(WS.json("preview", f"slow_agent.v1@{run}", "-n", 3), "no rows")


def test_07_terminal_closed_in_the_middle_of_a_run():
    (WS.work / "slow_term.yaml").write_text(
        f"transformations:\n  - name: slow_term\n    variant: v1\n    sql: |\n      {SLOW}\n")
    WS.ok("apply", "slow_term.yaml")
    t = Terminal(WS, rows=40, cols=120)
    try:
        t.expect("Training sets")
        t.send(":provider spark\r")
        t.expect("checks and runs use spark")
        t.send(":run slow_term\r")
        t.expect("started slow_term")
        t.send("8")
        t.expect("RUNNING")
        t.send("\r")
        t.expect("progress")
        os.kill(t.pid, signal.SIGKILL)
        t.wait_exit()
    finally:
        t.close()
    run = WS.json("runs", "-n", 1)[0]["run"]
    ended = WS.wait_for_run(run, {"READY", "FAILED", "LOST"})
    need(ended["state"] == "READY", ended)
    t = Terminal(WS, rows=40, cols=120)
    try:
        t.expect("Training sets")
        t.send("8")
        t.expect(run)
        t.expect("READY")
        t.send("p")
        t.expect("rows of slow_term.v1")
        t.expect("bigint")
    finally:
        t.close()


def test_08_failed_run_says_where_and_why():
    (WS.work / "fails.yaml").write_text(
        "transformations:\n  - name: fails\n    variant: v1\n    sql: |\n"
        "      SELECT CustomerID,\n             1 / (TransactionAmount - TransactionAmount) AS x\n      FROM {{transactions.kaggle}}\n")
    WS.ok("apply", "fails.yaml")
    text = WS.fails(1, "run", "fails", "--provider", "spark")
    need("DIVIDE_BY_ZERO" in text, text)
    run = WS.json("runs", "-n", 1)[0]
    need(run["state"] == "FAILED" and "line 2" in run["error"], run)


def test_09_edit_with_an_error_save_and_run_downstream_on_spark():
    """By keys: the main path of the README."""
    t = Terminal(WS, rows=40, cols=120)
    try:
        t.expect("Training sets")
        t.send(":provider spark\r")
        t.expect("checks and runs use spark")
        t.send(":edit user_activity\r")
        t.expect("right: 4 columns", 60)
        t.send("\x1b[B\x1b[F")  # the end of the second line
        t.send(", nosuch AS oops")
        t.expect("UNRESOLVED_COLUMN", 60)
        t.expect("line 2, column")
        t.send("\x7f" * len(", nosuch AS oops"))
        t.send(", w.avg_last_10 * 2 AS twice")
        t.expect("right: 5 columns", 60)
        t.send("\x13")
        t.expect("Save as a new variant")
        t.expect("fraud_training")
        t.send("v2\t\t\r")
        t.expect("Make new variants", 30)
        t.send("\t\r")
        t.expect("lineage of fraud_training", 30)
        t.send("R")
        t.expect("started", 30)
        t.send("8")
        t.expect("RUNNING", 60)
    finally:
        t.close()
    newest = None
    end = time.monotonic() + 240
    while time.monotonic() < end:
        runs = [r for r in WS.json("runs", "-n", 30) if r["name"].startswith("fraud_training.2")]
        if runs and runs[0]["state"] in ("READY", "FAILED", "LOST"):
            newest = runs[0]
            break
        time.sleep(0.2)
    need(newest and newest["state"] == "READY" and newest["provider"] == "spark", newest)
    need(len(WS.json("preview", "fraud_training", "-n", 5)) == 5, "no rows")


TS_YAML = """
sources:
  - {name: lab, variant: v1, path: lab.parquet}
  - {name: fa, variant: v1, path: fa.parquet}
  - {name: fb, variant: v1, path: fb.parquet}
features:
  - {name: fa, variant: v1, entity: user, from: fa.v1, entity_column: e, value_column: v, timestamp_column: ts}
  - {name: recent, variant: v1, entity: user, from: fa.v1, entity_column: e, value_column: v, timestamp_column: ts, max_age: 2h}
  - {name: fb, variant: v1, entity: user, from: fb.v1, entity_column: e, value_column: v}
labels:
  - {name: lab, variant: v1, entity: user, from: lab.v1, entity_column: e, value_column: y, timestamp_column: ts}
  - {name: timeless, variant: v1, entity: user, from: lab.v1, entity_column: e, value_column: y}
training_sets:
  - {name: ts_all, variant: v1, label: lab.v1, features: [fa.v1, recent.v1, fb.v1], lags: [{feature: fa.v1, lag: 1h}]}
  - {name: ts_timeless, variant: v1, label: timeless.v1, features: [fa.v1, fb.v1]}
"""
HOUR = 3_600_000_000


def nasty_rows(rng, n, value):
    """Ties, NULLs in every column, entities that only one side knows."""
    def maybe(x, p):
        return None if rng.random() < p else x
    return [(maybe(f"u{rng.randrange(60)}", 0.05), maybe(1_704_067_200_000_000 + rng.randrange(200) * HOUR // 2, 0.05),
             maybe(rng.randrange(value), 0.2)) for _ in range(n)]


def newest(rows, entity, until, oldest=None):
    """The design's rule, word for word: newest at or before, the greater value of a tie, NULL lowest."""
    best = None
    for e, t, v in rows:
        if e is None or e != entity or t is None or t > until or (oldest is not None and t < oldest):
            continue
        key = (t, v is not None, v if v is not None else 0)
        if best is None or key > best[0]:
            best = (key, v)
    return best[1] if best else None


def expected(labels, fa, fb):
    everything, timeless = [], []
    for e, t, y in labels:
        greatest = max((v for x, _, v in fb if x == e and e is not None and v is not None), default=None)
        row = [None, None, None] if t is None else [newest(fa, e, t), newest(fa, e, t, t - 2 * HOUR), newest(fa, e, t - HOUR)]
        everything.append((e, t, row[0], row[1], greatest, row[2], y))
        timeless.append((e, newest(fa, e, 1 << 62), greatest, y))
    return everything, timeless


def test_10_training_sets_follow_the_rule_on_both_engines():
    import datetime
    import pyarrow
    import pyarrow.parquet
    import random
    rng = random.Random(20240101)
    tables = {name: nasty_rows(rng, 1500, 50) for name in ("lab", "fa", "fb")}
    for name, rows in tables.items():
        e, t, v = zip(*rows)
        table = pyarrow.table({"e": e, "ts": pyarrow.array(t, pyarrow.timestamp("us", tz="UTC")),
                               "y" if name == "lab" else "v": pyarrow.array(v, pyarrow.int64())})
        pyarrow.parquet.write_table(table, WS.work / f"{name}.parquet")
    (WS.work / "ts.yaml").write_text(TS_YAML)
    WS.ok("apply", "ts.yaml")
    want = dict(zip(("ts_all", "ts_timeless"), expected(tables["lab"], tables["fa"], tables["fb"])))
    for name, rows in want.items():
        for engine in ("local", "spark"):
            WS.ok("run", name, "--provider", engine)
            got = [tuple(row.values()) for row in WS.json("preview", name, "-n", 10000)]
            if name == "ts_all":
                def us(text):
                    moment = datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.timezone.utc)
                    return round((moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)).total_seconds() * 1e6)
                got = [(row[0], us(row[1]) if row[1] else None, *row[2:]) for row in got]
            key = lambda row: tuple((x is not None, x if x is not None else 0) for x in row)  # noqa: E731
            need(sorted(got, key=key) == sorted(rows, key=key), f"{name} on {engine} is not what the rule says")
            run = WS.json("runs", "-n", 1)[0]["run"]
            need("ties decided by the greater value" in WS.ok("log", run), "the log does not count ties")


def test_11_a_session_lasts_from_one_verb_to_the_next():
    WS.ok("sql", "-p", "spark", "CREATE TEMPORARY VIEW answer AS SELECT 42 AS n")
    need(WS.json("sql", "-p", "spark", "SELECT n FROM answer") == [{"n": 42}], "another process sees the view")
    before = WS.json("session", "list")
    need(len(before) == 1 and before[0]["provider"] == "spark" and before[0]["state"] == "open", before)
    WS.ok("session", "stop", "spark")
    need(WS.json("session", "list") == [], "a session that was stopped is listed")
    WS.fails(1, "sql", "-p", "spark", "SELECT n FROM answer")
    WS.ok("session", "start", "spark")
    need(WS.json("session", "list")[0]["session"] != before[0]["session"], "the old session is back")
    WS.fails(1, "session", "start", "local")


TABLES = """
transformations:
  - name: by_shop
    variant: v1
    provider: spark
    inputs: [shops]
    python: |
      from pyspark.sql import functions as F

      def by_shop(shops):
          return shops.groupBy("shop").agg(F.sum("amount").alias("amount"))
    conf: {spark.sql.shuffle.partitions: 3}
  - {name: best_shop, variant: v1, provider: spark, sql: "SELECT shop FROM {{by_shop}} ORDER BY amount DESC LIMIT 1"}
"""


def test_12_tables_are_browsed_and_feed_functions_that_feed_sql():
    WS.ok("sql", "-p", "spark", "CREATE DATABASE lake")
    WS.ok("sql", "-p", "spark", "CREATE TABLE lake.shops USING parquet AS SELECT id % 3 AS shop, id AS amount FROM range(10)")
    need({"database": "lake", "table": "shops"} in WS.json("tables", "-p", "spark"), "the table is not listed")
    rows = WS.json("preview", "table:spark/lake.shops", "-n", 2, "-s", "amount DESC", "-w", "shop < 2")
    need([r["amount"] for r in rows] == [9, 7], rows)
    WS.ok("register", "shops", "--table", "lake.shops", "-p", "spark")
    need([r["column"] for r in WS.json("schema", "shops")] == ["shop", "amount"], "schema of the source")
    (WS.work / "tables.yaml").write_text(TABLES)
    WS.ok("apply", "tables.yaml")
    need([r["column"] for r in WS.json("check", "by_shop")] == ["shop", "amount"], "schema of the function")
    text = WS.fails(1, "check", "best_shop")
    need("by_shop.v1 is a Python function that never ran" in text, text)
    WS.ok("run", "best_shop", "--upstream")
    need(WS.json("preview", "best_shop") == [{"shop": 0}], "the best shop")
    text = WS.fails(1, "run", "by_shop", "-p", "local")
    need("does not run Python functions; providers that do: spark" in text, text)


def test_90_stop_only_ours_then_lost():
    run = start_slow("slow_server")
    WS.wait_for_run(run, {"RUNNING"})
    listing = WS.json("provider", "list")
    server = next(p["server"] for p in listing if p["provider"] == "spark")
    os.kill(int(re.search(r"pid (\d+)", server).group(1)), signal.SIGKILL)
    ended = WS.wait_for_run(run, {"LOST", "FAILED", "READY"})
    need(ended["state"] in ("LOST", "FAILED"), ended)
    need(ended["error"], "no reason is given")
    WS.fails(4, "provider", "test", "spark")


def test_91_start_again_and_stop():
    WS.ok("provider", "start", "spark", timeout=200)
    WS.ok("provider", "test", "spark")
    WS.ok("provider", "stop", "spark")
    WS.fails(4, "provider", "test", "spark")
    WS.fails(3, "provider", "stop", "spark")


def test_92_taken_port_and_missing_java_are_said():
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind(("127.0.0.1", PORT))
        s.listen()
        text = WS.fails(3, "provider", "start", "spark")
        need(str(PORT) in text, text)
    (WS.work / "j.yaml").write_text(
        "providers:\n  - name: nojava\n    engine: connect\n    options: {url: 'sc://127.0.0.1:15999', java_home: /nowhere}\n")
    WS.ok("apply", "j.yaml")
    result = WS.run("provider", "start", "nojava")
    need(result.returncode in (1, 3, 4) and "ava" in result.stderr, result.stderr)


if __name__ == "__main__":
    try:
        main(globals())
    finally:
        WS.run("provider", "stop", "spark")
        WS.close()
