"""The embedded engine beside DuckDB on one thread (processor time of whole processes) and beside a warm Spark local[2] (time on
the clock), on the same files."""
import json
import statistics
import subprocess

from figures import figure, median_ms, peak_mb
from harness import BINARY, PYTHON, ROOT, Workspace
from parquet import FILES, VENV, cpu_ms, peers

# what -> the statement, DuckDB's times its bar allows, and whether Spark is to be beaten
SHAPES = {
    "filter and project, 3 columns of 22": ("SELECT id, name, d FROM {a} WHERE n % 100 = 7 AND d > 0", 4, True),
    "5 aggregates by 1,000 groups": ("SELECT k, count(*) AS c, sum(n) AS s, min(d) AS lo, max(d) AS hi, avg(d) AS m FROM {a} GROUP BY k",
                                     6, True),
    "5 aggregates by 1,000,003 groups": ("SELECT count(*) AS groups, sum(s) AS s, max(hi) AS hi FROM (SELECT big, count(*) AS c, sum(n) AS s, "
                                         "min(d) AS lo, max(d) AS hi, avg(d) AS m FROM {a} GROUP BY big) g", 6, False),
    "join with 100,000 rows": ("SELECT count(*) AS c, sum(j.weight) AS w FROM {a} a JOIN {j} j ON a.small = j.key", 6, False),
}
MAKE_J = ("import duckdb,sys;duckdb.sql(\"COPY (SELECT i::INTEGER AS key, i * 0.5 AS weight, 'label ' || (i % 50) AS label "
          "FROM range(100000) r(i)) TO '\" + sys.argv[1] + \"' (FORMAT parquet, COMPRESSION zstd)\")")
SPARK = """
import json, sys, time
from pyspark.sql import SparkSession
s = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").config("spark.driver.memory", "1g").getOrCreate()
s.sparkContext.setLogLevel("OFF")
for name, path in json.loads(sys.argv[1]).items():
    s.read.parquet(path).createOrReplaceTempView(name)
for line in sys.stdin:
    times = []
    for _ in range(4):
        began = time.perf_counter()
        s.sql(json.loads(line)).collect()
        times.append((time.perf_counter() - began) * 1000)
    print(sorted(times[1:])[1], flush=True)
"""


def files(python):
    """A without what Spark does not read; 100,000 rows to join with; and five times A, which is 1 GB."""
    a, j = FILES / "A-spark.parquet", FILES / "join.parquet"
    if not a.exists():
        subprocess.run([VENV / "bin/duckdb", "-c", f"COPY (SELECT * REPLACE (uuid::VARCHAR AS uuid) FROM '{FILES}/A.parquet') TO '{a}' "
                                                   "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"], check=True)
    if not j.exists():
        subprocess.run([python, "-c", MAKE_J, j], check=True)
    g = FILES / "A-five-times.parquet"
    if not g.exists():
        subprocess.run([VENV / "bin/duckdb", "-c", f"COPY (SELECT * FROM read_parquet([{', '.join([repr(str(a))] * 5)}])) TO '{g}' "
                                                   "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"], check=True)
    return {"a": a, "j": j, "g": g}


def duck_of(statement, paths):
    return [VENV / "bin/duckdb", "-csv", "-c", "SET threads=1; " + statement.format(**{n: f"'{p}'" for n, p in paths.items()})]


def ours_of(statement):
    names = {"a": "{{a}}", "j": "{{j}}"}
    return [BINARY, "sql", statement.format(**names), "-p", "local", "-n", "0", "-o", "csv"]


def bench_local():
    paths = files(peers())
    spark = subprocess.Popen([PYTHON, "-c", SPARK, json.dumps({n: str(p) for n, p in paths.items()})], text=True,
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    with Workspace(demo=False) as ws:
        for name, path in paths.items():
            ws.ok("register", name, "--path", path)
        kw = {"cwd": ws.work, "env": ws.env}
        for what, (statement, times, beats_spark) in SHAPES.items():
            ours, duck = ours_of(statement), duck_of(statement, paths)
            runs = [(cpu_ms(duck, **kw), cpu_ms(ours, **kw)) for _ in range(3)]
            theirs, mine = (statistics.median(r[i] for r in runs) for i in (0, 1))
            figure(f"{what}, cpu (bar: {times} x DuckDB's {theirs:.0f} ms)", mine, "ms", times * theirs)
            figure("  memory", peak_mb(ours, **kw), "MB", None)
            spark.stdin.write(json.dumps(statement.format(a="a", j="j")) + "\n")
            spark.stdin.flush()
            warm = float(spark.stdout.readline())
            figure("  on the clock" + (" (bar: warm Spark's)" if beats_spark else f" (warm Spark {warm:.0f} ms)"),
                   median_ms(ours, runs=3, **kw), "ms", warm if beats_spark else None)
        first = [BINARY, "sql", "SELECT * FROM {{g}} LIMIT 50", "-p", "local", "-o", "csv"]
        figure("first 50 rows of SELECT * on 1 GB, whole process", median_ms(first, **kw), "ms", 20)
        long = "SELECT id,\n" + ",\n".join(f"  CASE WHEN n % {i + 2} = 0 THEN d * {i} ELSE d + {i} END AS c{i}" for i in range(197)) + "\nFROM {{a}}"
        (ws.work / "long.yaml").write_text("transformations:\n  - name: long\n    variant: v1\n    sql: |\n"
                                           + "".join(f"      {line}\n" for line in long.split("\n")))
        ws.ok("apply", "long.yaml")
        opened = median_ms([BINARY, "list", "sources"], runs=40, **kw)  # the editor checks in a workspace that is open
        figure("check of 200 lines, without opening the workspace",
               median_ms([BINARY, "check", "long", "-p", "local"], runs=40, **kw) - opened, "ms", 5)
    spark.stdin.close()
    spark.wait()
