"""Delta Lake: tables that only Spark reads. On Spark 4.2 with its Delta: check, run, preview; the embedded engine refuses by name,
also where nobody wrote the format; and a Delta on a Spark that it is not made for is said as that, before and after.
"""
import subprocess

from harness import PYTHON, ROOT, Workspace, main, need
from spark_help import free_ports

PORT = free_ports(2)
WS = Workspace(demo=False)
TABLE = WS.dir / "lake/t"
SPARK42, JARS = subprocess.run(["sh", str(ROOT / "tests/tools/delta.sh")], check=True, capture_output=True, text=True,
                               timeout=900).stdout.splitlines()
HOME42 = subprocess.run([SPARK42, "-c", "import os, pyspark; print(os.path.dirname(pyspark.__file__))"], check=True,
                        capture_output=True, text=True).stdout.strip()
HOME43 = subprocess.run([PYTHON, "-c", "import os, pyspark; print(os.path.dirname(pyspark.__file__))"], check=True,
                        capture_output=True, text=True).stdout.strip()
EXTENSION = """spark.sql.extensions: io.delta.sql.DeltaSparkSessionExtension,
                      spark.sql.catalog.spark_catalog: org.apache.spark.sql.delta.catalog.DeltaCatalog,
                      spark.databricks.delta.snapshotPartitions: "1", spark.sql.shuffle.partitions: "1" """
DEFINITIONS = f"""
providers:
  - name: lake
    engine: connect
    options: {{url: "sc://127.0.0.1:{PORT}", spark_home: "{HOME42}", master: "local[2]", driver_memory: 1g,
               conf: {{spark.jars: "{JARS}", {EXTENSION}}}}}
  - name: batch
    engine: submit
    options: {{spark_home: "{HOME42}", python: "{SPARK42}", master: "local[1]", driver_memory: 600m, jars: "{JARS}", conf: {{{EXTENSION}}}}}
  - name: unfit
    engine: submit
    options: {{spark_home: "{HOME43}", master: "local[1]", driver_memory: 600m, jars: "{JARS}", conf: {{{EXTENSION}}}}}
  - name: coordinates
    engine: submit
    options: {{spark_home: "{HOME43}", master: "local[1]", packages: "io.delta:delta-spark_4.2_2.13:4.4.0"}}
sources:
  - {{name: t, variant: v1, path: "{TABLE}", format: delta, provider: lake}}
  - {{name: guessed, variant: v1, path: "{TABLE}", provider: lake}}
  - {{name: first, variant: v1, path: "{TABLE}", format: delta, provider: lake, options: {{versionAsOf: "0"}}}}
  - {{name: nobodys, variant: v1, path: "{TABLE}"}}
transformations:
  - {{name: c, variant: v1, sql: "SELECT count(*) AS n, sum(id) AS s FROM {{{{t.v1}}}}"}}
  - {{name: g, variant: v1, sql: "SELECT count(*) AS n FROM {{{{guessed.v1}}}}"}}
  - {{name: old, variant: v1, sql: "SELECT count(*) AS n FROM {{{{first.v1}}}}"}}
"""


def sql(text):
    return WS.ok("sql", "-p", "lake", text, timeout=200)


def stale(name):
    return next(r for r in WS.json("list", "transformations") if r["name"].startswith(name))["stale"] in (True, "stale", "yes")


def test_01_start():
    (WS.work / "d.yaml").write_text(DEFINITIONS)
    WS.ok("apply", "d.yaml")
    WS.ok("provider", "start", "lake", timeout=300)
    print("Spark 4.2 with Delta:", WS.ok("provider", "test", "lake").strip().splitlines()[0])
    sql(f"CREATE TABLE delta.`{TABLE}` USING delta AS SELECT id FROM range(0, 15, 1, 1)")
    sql(f"DELETE FROM delta.`{TABLE}` WHERE id < 5")


def test_02_the_embedded_engine_refuses_by_name():
    for target in ("c", "g"):
        text = WS.fails(1, "run", target, "-p", "local")
        need("delta" in text and "only Spark reads" in text and "lake" in text, text)
    text = WS.run("preview", "nobodys").stderr
    need(text and "id" not in text.split(), text)
    text = WS.run("preview", str(TABLE)).stderr
    need("delta" in text, f"the files of a Delta table are shown as if they were rows: {text}")


def test_03_looked_at_and_previewed_by_its_provider():
    WS.ok("run", "t")
    need([r["column"] for r in WS.json("schema", "t")] == ["id"], WS.json("schema", "t"))
    for name, n in (("t", 10), ("guessed", 10), ("first", 15)):
        need(len(WS.json("preview", name, "-n", 100)) == n, f"{name}: {WS.json('preview', name, '-n', 100)}")
    rows = WS.json("preview", "t", "-w", "id > 7", "-s", "id DESC", "-n", 3)
    need([r["id"] for r in rows] == [14, 13, 12], rows)


def test_04_check_and_run():
    need([r["column"] for r in WS.json("check", "c", "-p", "lake")] == ["n", "s"], "schema")
    for name, want in (("c", {"n": 10, "s": 95}), ("g", {"n": 10}), ("old", {"n": 15})):
        WS.ok("run", name, "-p", "lake", timeout=200)
        need(WS.json("preview", name) == [want], WS.json("preview", name))
    need(not stale("c"), "stale at once")
    sql(f"DELETE FROM delta.`{TABLE}` WHERE id < 7")
    WS.ok("run", "t")
    need(stale("c"), "a deletion is not seen")
    WS.ok("run", "c", "-p", "batch", timeout=300)
    need(WS.json("preview", "c") == [{"n": 8, "s": 84}], WS.json("preview", "c"))
    need(not stale("c"), "stale at once")


def test_05_a_delta_of_another_spark_is_said():
    text = WS.run("doctor", timeout=200)
    text = text.stdout + text.stderr
    need("io.delta:delta-spark_4.2_2.13:4.4.0 is for Spark 4.2, and this Spark is 4.3" in text, text)
    WS.fails(1, "run", "c", "-p", "unfit", timeout=300)
    run = WS.json("runs", "-n", 1)[0]
    need(run["state"] == "FAILED" and "this Delta is made for another Spark" in run["error"].splitlines()[0], run)


if __name__ == "__main__":
    try:
        main(globals())
    finally:
        WS.run("provider", "stop", "lake")
        WS.close()
