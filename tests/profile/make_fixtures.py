#!/usr/bin/env python3
"""Make tests/profile/data from real Spark: two small applications, each seen three ways.

  skew    200 tasks, of which only task 150 is slow; event log as one plain file
  trouble memory that spills, a task that fails once, many small files; rolling event log, zstd

Of each: the answers of the live UI's REST API at its end (live-*.json), those of a History Server
that read its event log (history-*.json), and the event log itself. What nobody reads is cut so that
the fixtures stay small: system properties, class paths, and accumulables of single tasks.

usage: make_fixtures.py [--ports FIRST] (three ports from FIRST on; 16510)
"""
import json, os, pathlib, shutil, subprocess, sys, tempfile, time, urllib.request

HERE = pathlib.Path(__file__).resolve().parent
DATA = HERE / "data"
ROOT = str(HERE.parent.parent) + "/"
PORT = int(sys.argv[sys.argv.index("--ports") + 1]) if "--ports" in sys.argv else 16510
QUANTILES = "0,0.25,0.5,0.75,0.95,1"
ASKED = {
    "application": "",
    "jobs": "/jobs",
    "stages": "/stages?withSummaries=true&quantiles=" + QUANTILES,
    "executors": "/allexecutors",
    "sql": "/sql?details=true&length=1000",
    "environment": "/environment",
}


def ask(url, patience=60):
    end = time.time() + patience
    while True:
        try:
            with urllib.request.urlopen(url, timeout=20) as answer:
                return json.load(answer)
        except Exception:
            if time.time() > end:
                raise
            time.sleep(0.5)


def nowhere(text):
    """Without the paths of the machine that made it."""
    return text.replace(str(WORK), "/data").replace(ROOT, "")


def capture(base, app, out, prefix):
    for name, path in ASKED.items():
        doc = ask(f"{base}/api/v1/applications/{app}{path}")
        if name == "environment":
            doc = {"sparkProperties": slim(doc["sparkProperties"])}
        text = json.dumps(doc, separators=(",", ":"))
        (out / f"{prefix}-{name}.json").write_text(nowhere(text) + "\n")


def slim(pairs):
    return [p for p in pairs if "ptions" not in p[0] and p[0].startswith(("spark.sql", "spark.executor", "spark.memory", "spark.master",
                                                 "spark.driver.memory", "spark.default"))]


def session(name, **more):
    from pyspark.sql import SparkSession
    log = WORK / f"log-{name}"
    log.mkdir()
    b = SparkSession.builder.master("local[2,4]").appName(name)
    conf = {
        "spark.ui.port": PORT, "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "1g", "spark.eventLog.enabled": "true", "spark.eventLog.dir": log.as_uri(),
        "spark.sql.autoBroadcastJoinThreshold": "-1", "spark.ui.showConsoleProgress": "false",
        "spark.sql.warehouse.dir": str(WORK / "warehouse"), **more,
    }
    for k, v in conf.items():
        b = b.config(k, str(v))
    return b.getOrCreate(), log


def skew():
    spark, log = session("skew", **{
        "spark.eventLog.rolling.enabled": "false", "spark.eventLog.compress": "false",
        "spark.sql.adaptive.coalescePartitions.enabled": "false", "spark.sql.shuffle.partitions": 200})
    spark.range(0, 2000, 1, 4).selectExpr("id AS user_id", "id % 7 AS item").createOrReplaceTempView("clicks")
    spark.range(0, 2000, 1, 4).selectExpr("id AS user_id", "id % 3 AS grp").createOrReplaceTempView("users")
    sc = spark.sparkContext
    sc.setJobDescription("skewed join")
    sc.addJobTag("run-skew")
    spark.sql("""
SELECT c.item,
       u.grp,
       CASE WHEN spark_partition_id() = 150 THEN java_method('java.lang.Thread', 'sleep', 700L) END AS slept
FROM clicks c
JOIN users u ON c.user_id = u.user_id""").write.format("noop").mode("overwrite").save()
    sc.removeJobTag("run-skew")
    sc.addJobTag("run-other")
    spark.range(0, 100, 1, 2).selectExpr("sum(id)").collect()
    return spark, log


def trouble():
    spark, log = session("trouble", **{
        "spark.testing.memory": 48 << 20, "spark.testing.reservedMemory": 0,
        "spark.sql.shuffle.partitions": 2, "spark.sql.files.maxPartitionBytes": "4k",
        "spark.sql.files.openCostInBytes": "4k", "spark.sql.leafNodeDefaultParallelism": 2})
    sc = spark.sparkContext
    sc.addJobTag("run-trouble")
    sc.setJobDescription("spill")
    wide = spark.range(0, 600000, 1, 2).selectExpr("id * 7919 % 600011 AS k", "repeat(uuid(), 4) AS v")
    wide.repartition(2).sortWithinPartitions("k").write.format("noop").mode("overwrite").save()
    sc.setJobDescription("fails once")
    marker = WORK / "failed-once"

    def once(rows):
        if not marker.exists():
            marker.touch()
            raise ValueError("this row is bad, once")
        return rows
    sc.parallelize(range(4), 2).mapPartitions(once).count()
    sc.setJobDescription("small files")
    spark.range(0, 240, 1, 120).write.mode("overwrite").parquet(str(WORK / "small"))
    spark.read.parquet(str(WORK / "small")).groupBy("id").count().write.format("noop").mode("overwrite").save()
    sc.setJobDescription("fails")
    try:
        spark.range(0, 4, 1, 2).selectExpr("assert_true(id < 3, 'row 3 is bad')").collect()
    except Exception:
        pass
    return spark, log


INFO = ("Task ID", "Index", "Attempt", "Launch Time", "Finish Time", "Executor ID", "Failed", "Killed", "Speculative")


def trimmed(line):
    e = json.loads(line)
    kind = e["Event"]
    if kind in ("SparkListenerTaskStart", "SparkListenerBlockManagerAdded", "SparkListenerResourceProfileAdded",
                "SparkListenerTaskGettingResult"):
        return None
    if kind == "SparkListenerTaskEnd":
        e["Task Info"] = {k: v for k, v in e["Task Info"].items() if k in INFO}
        e["Task End Reason"] = {"Reason": e["Task End Reason"]["Reason"]}
        e.pop("Task Executor Metrics", None)
        m = e["Task Metrics"]
        for name in ("Updated Blocks", "Executor Deserialize Time", "Executor Deserialize CPU Time", "Result Size",
                     "Result Serialization Time"):
            m.pop(name, None)
        m["Shuffle Read Metrics"].pop("Push Based Shuffle", None)
    if kind == "SparkListenerEnvironmentUpdate":
        e = {"Event": kind, "Spark Properties": dict(slim(list(e["Spark Properties"].items())))}
    if "Properties" in e:
        keep = ("spark.job", "spark.sql.execution", "spark.sql.shuffle", "spark.sql.adaptive")
        e["Properties"] = {k: v for k, v in e["Properties"].items() if k.startswith(keep)}
    for s in e.get("Stage Infos", []) + [e.get("Stage Info", {})]:
        s.pop("Details", None)
        s["RDD Info"] = []
    e.pop("details", None)
    return nowhere(json.dumps(e, separators=(",", ":")))


def keep_plain(log, app, out):
    lines = [trimmed(l) for l in (log / app).read_text().splitlines()]
    (out / "events.jsonl").write_text("\n".join(l for l in lines if l) + "\n")


def keep_rolling(log, app, out):
    import pyarrow
    import zstandard
    folder = log / f"eventlog_v2_{app}"
    kept = out / "eventlog_v2_app"
    kept.mkdir()
    (kept / "appstatus_app").touch()
    lines = []
    for part in sorted(folder.glob("events_*"), key=lambda p: int(p.name.split("_")[1])):
        lines += pyarrow.input_stream(str(part), compression="zstd").read().decode().splitlines()
    lines = [l for l in map(trimmed, lines) if l]
    half = len(lines) // 2
    for i, some in enumerate((lines[:half], lines[half:]), 1):
        text = ("\n".join(some) + "\n").encode()
        # two frames a file, as a stream that was flushed in between
        packed = b"".join(zstandard.compress(text[a:b]) for a, b in ((0, len(text) // 2), (len(text) // 2, len(text))))
        (kept / f"events_{i}_app.zstd").write_bytes(packed)


def history(log, app, out):
    import pyspark
    home = pathlib.Path(pyspark.__file__).parent
    env = dict(os.environ, SPARK_HOME=str(home), SPARK_LOCAL_IP="127.0.0.1", SPARK_DAEMON_MEMORY="600m",
               SPARK_HISTORY_OPTS=f"-Dspark.history.fs.logDirectory={log.as_uri()} -Dspark.history.ui.port={PORT + 2}")
    server = subprocess.Popen([str(home / "bin/spark-class"), "org.apache.spark.deploy.history.HistoryServer"],
                              env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        capture(f"http://127.0.0.1:{PORT + 2}", app, out, "history")
    finally:
        server.terminate()
        server.wait()


def make(name):
    job, keep = {"skew": (skew, keep_plain), "trouble": (trouble, keep_rolling)}[name]
    out = DATA / name
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    spark, log = job()
    app = spark.sparkContext.applicationId
    time.sleep(1.5)  # the listeners write what they have heard
    capture(f"http://127.0.0.1:{PORT}", app, out, "live")
    spark.stop()
    keep(log, app, out)
    history(log, app, out)


if "--one" in sys.argv:
    WORK = pathlib.Path(tempfile.mkdtemp(prefix="fixtures"))
    try:
        make(sys.argv[sys.argv.index("--one") + 1])
    finally:
        shutil.rmtree(WORK, ignore_errors=True)
else:  # a process each: settings of one application reach the next one in the same JVM
    for name in ("skew", "trouble"):
        began = time.time()
        subprocess.run([sys.executable, __file__, "--one", name, *sys.argv[1:]], check=True)
        print(f"{name}: {time.time() - began:.0f} s")
