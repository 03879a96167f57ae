"""Object storage without Spark: exports and runs of the local engine write there, whole or not at all, and are read again. The
servers are S3Proxy, which checks signatures, and moto where it is installed.
"""
import signal
import subprocess

from harness import BINARY, Workspace, main, need
from s3_help import SECRET, Moto, S3Proxy, clean_environment, signed
from spark_help import free_ports

clean_environment()
WS = Workspace(demo=False)
ROWS = 400000
SERVERS = []


def definitions(server):
    name = server.name.lower()
    store = f's3.endpoint: "http://127.0.0.1:{server.port}", s3.access_key: env:LAKE_ACCESS, s3.secret_key: env:LAKE_SECRET'
    return f"""
providers:
  - {{name: {name}, engine: local, options: {{{store}}}, output: "s3://{name}"}}
transformations:
  - {{name: twice_{name}, variant: v1, sql: "SELECT id, id * 2 AS d FROM {{{{numbers.v1}}}}"}}
  - {{name: fails_{name}, variant: v1, sql: "SELECT id, raise_error('no') AS d FROM {{{{numbers.v1}}}} WHERE id > 300000"}}
"""


def each(test):
    for server in SERVERS:
        test(server, f"s3://{server.name.lower()}")


def keys(server, prefix):
    status, body = signed(server.port, "GET", f"/{server.name.lower()}", query=f"list-type=2&prefix={prefix.replace('/', '%2F')}")
    need(status == 200, body)
    return [part.split("</Key>")[0] for part in body.decode().split("<Key>")[1:]]


def uploads(server):
    status, body = signed(server.port, "GET", f"/{server.name.lower()}", query="uploads=")
    need(status == 200, body)
    return body.count(b"<UploadId>")


def test_01_start():
    port = free_ports(4)
    SERVERS.append(S3Proxy(port))
    if Moto.is_here():
        SERVERS.append(Moto(port + 2))
    print("against", ", ".join(server.name for server in SERVERS))
    with open(WS.work / "numbers.csv", "w") as f:
        f.write("id,text\n" + "".join(f"{i},{i * 7919 % 1000003}-{i * 104729 % 15485863}-{i}\n" for i in range(ROWS)))
    text = ('sources:\n  - {name: numbers, variant: v1, path: numbers.csv, format: csv, '
            'options: {header: true, inferSchema: true}}\n')
    (WS.work / "numbers.yaml").write_text(text)
    WS.ok("apply", "numbers.yaml")
    for server in SERVERS:
        need(signed(server.port, "PUT", f"/{server.name.lower()}")[0] == 200, "the bucket")
        (WS.work / "d.yaml").write_text(definitions(server))
        WS.ok("apply", "d.yaml")


def test_02_an_export_is_written_and_read_again():
    def check(server, base):
        WS.ok("preview", "numbers.csv", "-n", 1000, "-o", "parquet", "--into", f"{base}/small/a b+c")
        found = keys(server, "small")
        need(len(found) == 2 and found[0].endswith("/_SUCCESS") and found[1].endswith(".parquet"), found)
        need(len(WS.json("preview", f"{base}/small/a b+c", "-n", 0)) == 1000, "rows of the export")
    each(check)


def test_03_a_large_export_goes_in_parts():
    def check(server, base):
        WS.ok("preview", "numbers.csv", "-o", "csv", "--into", f"{base}/large")
        whole = WS.ok("preview", f"{base}/large", "-n", 0, "-o", "csv").splitlines()
        need(sum(line[0].isdigit() for line in whole) == ROWS, f"{len(whole)} lines, the last {whole[-1]}")
        need(uploads(server) == 0, "an upload that did not end")
    each(check)


def test_04_columns_become_folders():
    def check(server, base):
        WS.ok("sql", "SELECT id, id % 3 AS part FROM {{numbers}} WHERE id < 30", "-o", "parquet", "--into", f"{base}/by",
              "--partition-by", "part", "-p", "local")
        need(sorted({key.split("/")[1] for key in keys(server, "by/")}) == ["_SUCCESS", "part=0", "part=1", "part=2"], keys(server, "by/"))
        rows = WS.json("preview", f"{base}/by", "-n", 100)
        need(len(rows) == 30 and all(row["part"] == row["id"] % 3 for row in rows), rows[:3])
    each(check)


def test_05_nothing_is_written_over():
    def check(server, base):
        text = WS.fails(3, "preview", "numbers.csv", "-o", "csv", "--into", f"{base}/small")
        need("there are objects already" in text, text)
    each(check)


def test_06_a_run_of_the_local_engine_writes_there():
    def check(server, base):
        name = f"twice_{server.name.lower()}"
        WS.ok("run", name, "-p", server.name.lower())
        run = next(r for r in WS.json("runs") if r["name"].startswith(name))
        need(run["state"] == "READY" and str(run["rows"]) == str(ROWS), run)
        need(f"transformations/{name}/v1/{run['run']}/_SUCCESS" in keys(server, "transformations"), keys(server, "transformations"))
        need(WS.json("preview", name, "-n", 1) == [{"id": 0, "d": 0}], "rows of the run")
    each(check)


def test_07_a_run_that_fails_leaves_nothing():
    def check(server, base):
        name = f"fails_{server.name.lower()}"
        WS.run("run", name, "-p", server.name.lower())
        run = next(r for r in WS.json("runs") if r["name"].startswith(name))
        need(run["state"] == "FAILED", run)
        need(keys(server, f"transformations/{name}") == [] and uploads(server) == 0, keys(server, "transformations"))
    each(check)


def test_08_an_export_that_is_interrupted_leaves_nothing():
    lines = (WS.work / "numbers.csv").read_text().split("\n", 1)[1]
    with open(WS.work / "many.csv", "w") as f:
        for _ in range(15):
            f.write(lines)

    def check(server, base):
        argv = [BINARY, "preview", "many.csv", "-o", "csv", "--into", f"{base}/cut"]
        process = subprocess.Popen(argv, cwd=WS.work, env=WS.env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        while process.poll() is None and uploads(server) == 0:
            pass
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=60)
        need(process.returncode != 0, "it ended before it was interrupted")
        need(uploads(server) == 0 and keys(server, "cut") == [], f"{uploads(server)} uploads, {keys(server, 'cut')}\n{told}")
    each(check)


def test_09_wrong_keys_are_told():
    server = SERVERS[0]
    text = WS.run("preview", "numbers.csv", "-o", "csv", "--into", f"s3://{server.name.lower()}/no",
                  env=dict(WS.env, LAKE_SECRET="wrong")).stderr
    need("secret key" in text and "wrong" not in text.split("secret key")[0], text)
    found = subprocess.run(["grep", "-rlF", SECRET, str(WS.dir)], capture_output=True, text=True).stdout
    need(not found, f"the secret key is in {found}")


def test_10_buckets_are_browsed():
    def check(server, base):
        got = WS.screen(f"type :files {base}\nkey enter\nexpect small/\nexpect transformations/\nwait\nkey /\ntype small\nkey enter\nwait\nkey enter\n"
                        "expect a b+c/\nwait\nkey enter\nexpect _SUCCESS\nexpect parquet\nwait\ndump parts\nkey backspace\nexpect a b+c/\nwait\nkey p\n"
                        "expect 1/1,000\nkey q a\nexpect name of the source\nkey ctrl-u\n"
                        f"type far_{server.name.lower()}.v1\nkey enter\nwait\nexpect is registered as source\n", "110x24")
        need(any("parquet" in line and ("kB" in line or " B " in line) and "20" in line for line in got["parts"].splitlines()), got["parts"])
        need(len(WS.json("preview", f"far_{server.name.lower()}.v1", "-n", 0)) == 1000, "rows of the source")
        WS.screen("type :files s3://nosuch-bucket\nkey enter\nwait\nrefute reading\n", "110x24")
    each(check)


def test_11_outputs_there_are_measured_and_pruned():
    def check(server, base):
        name = f"twice_{server.name.lower()}"
        WS.ok("run", name, "-p", server.name.lower())
        rows = WS.json("usage", f"{name}.v1")
        need(len(rows) == 2 and all(r["bytes"] > 1000000 and r["output"].startswith(base) for r in rows), rows)
        (old,) = WS.json("prune", f"{name}.v1")
        need(len([k for k in keys(server, "transformations") if old["run"] in k]) >= 2, "a dry run took something away")
        WS.ok("prune", f"{name}.v1", "--yes")
        left = keys(server, "transformations")
        need(not [k for k in left if old["run"] in k] and [k for k in left if k.endswith("/_SUCCESS")], left)
        need(WS.json("preview", name, "-n", 1) == [{"id": 0, "d": 0}], "rows of the run that stays")
    each(check)


if __name__ == "__main__":
    try:
        main(globals())
    finally:
        for each_server in SERVERS:
            each_server.stop()
        WS.close()
