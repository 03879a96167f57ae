"""Object storage: Spark writes a run's output to an S3 that checks signatures, and it is previewed, counted and read again from
there; keys are those of the provider whose output is the longest prefix.
"""
import subprocess

from harness import PYTHON, Workspace, main, need
from s3_help import SECRET, TOOL, clean_environment, signed
from spark_help import free_ports

PORT = free_ports(4)
S3_PORT = PORT + 2
clean_environment()
WS = Workspace(demo=False)
PROXY, JARS = subprocess.run(["sh", TOOL, "fetch"], check=True, capture_output=True, text=True, timeout=900).stdout.splitlines()
HOME = subprocess.run([PYTHON, "-c", "import os, pyspark; print(os.path.dirname(pyspark.__file__))"], check=True,
                      capture_output=True, text=True).stdout.strip()
SPARK = f"""spark.driver.extraClassPath: "{JARS}", spark.hadoop.fs.s3a.endpoint: "http://127.0.0.1:{S3_PORT}",
      spark.hadoop.fs.s3a.endpoint.region: us-east-1, spark.hadoop.fs.s3a.path.style.access: "true",
      spark.hadoop.fs.s3a.connection.ssl.enabled: "false", spark.hadoop.fs.s3a.access.key: env:LAKE_ACCESS,
      spark.hadoop.fs.s3a.secret.key: env:LAKE_SECRET, spark.sql.shuffle.partitions: "2",
      spark.hadoop.fs.s3a.aws.credentials.provider: org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider"""
STORE = f"""s3.endpoint: "http://127.0.0.1:{S3_PORT}", s3.access_key: env:LAKE_ACCESS, s3.secret_key: env:LAKE_SECRET"""
DEFINITIONS = f"""
providers:
  - name: batch
    engine: submit
    options: {{spark_home: "{HOME}", master: "local[1]", driver_memory: 700m, {STORE}, conf: {{{SPARK}}}}}
    output: s3a://lake/batch
  - name: live
    engine: connect
    options: {{port: {PORT}, spark_home: "{HOME}", master: "local[1]", driver_memory: 700m, {STORE}, conf: {{{SPARK}}}}}
    output: s3a://lake/live
sources:
  - {{name: t, variant: v1, path: "s3a://lake/live/in", format: csv, options: {{header: true, inferSchema: true}}}}
transformations:
  - {{name: twice, variant: v1, sql: "SELECT id, id * 2 AS d, dt FROM {{{{t.v1}}}}"}}
  - {{name: total, variant: v1, sql: "SELECT count(*) AS n, sum(d) AS s FROM {{{{twice.v1}}}}"}}
"""


def s3(method, path, body=b""):
    return signed(S3_PORT, method, path, body)[0]


def test_01_start():
    subprocess.run(["sh", TOOL, "start", str(S3_PORT)], check=True, timeout=120)
    need(s3("PUT", "/lake") == 200, "the bucket")
    for day in (1, 2):
        rows = "id\n" + "".join(f"{i + day * 100}\n" for i in range(10))
        need(s3("PUT", f"/lake/live/in/dt%3D2024-01-0{day}/part-0.csv", rows.encode()) == 200, "a part")
    (WS.work / "d.yaml").write_text(DEFINITIONS)
    WS.ok("apply", "d.yaml")


def test_02_a_source_in_s3_is_seen_with_its_partitions():
    need([r["column"] for r in WS.json("schema", "t")] == ["id", "dt"], WS.json("schema", "t"))
    rows = WS.json("preview", "t", "-n", 100)
    need(len(rows) == 20 and {r["dt"] for r in rows} == {"2024-01-01", "2024-01-02"}, rows)
    need(len(WS.json("preview", "s3://lake/live/in/*/part-0.csv", "-n", 100)) == 20, "a pattern, each file with its header")


def test_03_keys_are_of_the_place():
    text = WS.fails(4, "preview", "s3://lake/elsewhere/x.csv")
    need("no keys for S3" in text, text)
    text = WS.run("preview", "t", env=dict(WS.env, LAKE_SECRET="wrong")).stderr
    need("secret key" in text and "wrong" not in text.split("secret key")[0], text)


def outputs_of(name):
    run = next(r for r in WS.json("runs") if r["name"].startswith(name))
    need(run["state"] == "READY", WS.run("logs", run["run"]).stdout[-3000:])
    return run


def test_04_a_batch_run_writes_there_and_is_previewed_from_there():
    WS.ok("run", "twice", "-p", "batch", timeout=280)
    run = outputs_of("twice")
    need(str(run["rows"]) == "20", run)
    need(s3("HEAD", f"/lake/batch/transformations/twice/v1/{run['run']}/_SUCCESS") == 200, "no _SUCCESS in S3")
    need(len(WS.json("preview", "twice", "-n", 100)) == 20, "rows of the run")


def test_05_connect_reads_what_batch_wrote():
    WS.ok("provider", "start", "live", timeout=280)
    try:
        WS.ok("run", "total", "-p", "live", timeout=280)
        need(WS.json("preview", "total") == [{"n": 20, "s": sum(2 * (i + d * 100) for d in (1, 2) for i in range(10))}],
             WS.json("preview", "total"))
    finally:
        WS.run("provider", "stop", "live")


def test_06_no_secret_is_written_down():
    found = subprocess.run(["grep", "-rlF", SECRET, str(WS.dir)], capture_output=True, text=True).stdout
    need(not found, f"the secret key is in {found}")


def test_99_stop():
    subprocess.run(["sh", TOOL, "stop", str(S3_PORT)], check=True)


if __name__ == "__main__":
    try:
        main(globals())
    finally:
        subprocess.run(["sh", TOOL, "stop", str(S3_PORT)])
        WS.close()
