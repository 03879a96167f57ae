"""Figures on one real Connect server, beside the official Python client in the same run; and the training set beside the
form of a cross join that ranks all pairs."""
import os
import re
import select
import socket
import statistics
import subprocess
import sys
import threading
import time

from figures import figure, median_ms, peak_mb
from harness import BINARY, PYTHON, ROOT, Terminal, Workspace, need

ROWS_SQL = ("SELECT id, id * 7 AS a, id % 1000 AS b, id / 3.0D AS c, CAST(id % 100 AS INT) AS d, concat('name-', id % 5000) AS e, "
            "substr(sha2(CAST(id % 977 AS STRING), 256), 1, 16) AS f, date_add(DATE'2020-01-01', CAST(id % 1000 AS INT)) AS g, "
            "timestamp_seconds(1600000000 + id) AS h, id % 3 = 0 AS i FROM range(1000000)")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    """A Connect server of ours, local[2], for the benches that follow each other."""

    def __init__(self, memory="2g"):
        self.ws = Workspace()
        self.port = free_port()
        (self.ws.work / "p.yaml").write_text(
            f"providers:\n  - {{name: spark, engine: connect, options: {{url: 'sc://127.0.0.1:{self.port}', "
            f"master: 'local[2]', driver_memory: {memory}}}}}\n")
        self.ws.ok("apply", "p.yaml")
        self.there = self.ws.run("provider", "start", "spark", timeout=200).returncode == 0
        if not self.there:
            print("SKIP: no Spark can be started here (firesteel doctor says why)")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.ws.run("provider", "stop", "spark")
        self.ws.close()

    def client(self, *words):
        argv = [PYTHON, str(ROOT / "tests/bench/client.py"), f"sc://127.0.0.1:{self.port}", *map(str, words)]
        return subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def warm_select(server):
    ws = server.ws
    query = [BINARY, "sql", "SELECT 1 AS x", "-p", "spark"]
    median_ms(query, runs=60, cwd=ws.work, env=ws.env)
    ours, theirs = [], []
    for _ in range(3):  # in turns, so that both meet the same machine
        ours.append(median_ms(query, runs=40, cwd=ws.work, env=ws.env))
        told, _ = server.client("select", 60).communicate(timeout=600)
        theirs.append(float(told))
    peer = statistics.median(theirs)
    figure("warm SELECT 1, our whole process (bar: pyspark's call, running)", statistics.median(ours), "ms", peer)


class Relay:
    """Between us and the server: passes everything on, and knows for how long it was busy with that."""

    def __init__(self, port):
        self.to, self.busy = port, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.carry, args=(client,), daemon=True).start()

    def carry(self, client):
        began = time.perf_counter()
        server = socket.create_connection(("127.0.0.1", self.to))
        ends, last = {client: server, server: client}, began
        for s in ends:
            s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while True:
            for s in select.select(list(ends), [], [])[0]:
                data = s.recv(1 << 16)
                if not data:
                    self.busy.append((last - began) * 1000)
                    client.close(), server.close()
                    return
                ends[s].sendall(data)
                last = time.perf_counter() if s is server else last


def check_alone(server):
    """What a check takes beyond Spark's own part of it, from the first byte it gets to the last one it sends."""
    ws, relay = server.ws, Relay(server.port)
    (ws.work / "relay.yaml").write_text(
        f"providers:\n  - {{name: relayed, engine: connect, options: {{url: 'sc://127.0.0.1:{relay.port}'}}}}\n")
    ws.ok("apply", "relay.yaml")
    check = [BINARY, "check", "user_activity", "-p", "relayed"]
    median_ms(check, runs=20, cwd=ws.work, env=ws.env)
    relay.busy.clear()
    over, whole = [], []
    for i in range(40):
        whole.append(median_ms(check, runs=1, cwd=ws.work, env=ws.env))
        while len(relay.busy) <= i:
            time.sleep(0.001)
        over.append(whole[-1] - relay.busy[i])
    relay.listener.close()
    figure("check on Spark Connect, whole process", statistics.median(whole), "ms", None)
    start = median_ms([BINARY, "--version"], runs=40, cwd=ws.work, env=ws.env)
    figure("  of which the program's start", start, "ms", None)
    figure("  of which neither start nor Spark's analysis", statistics.median(over) - start, "ms", 5)


def million_rows(server):
    """In turns with the peer, which asks for the same rows under the same limit; the first turn warms both. The peer
    holds a session, so ours lasts from one verb to the next as well."""
    ws = server.ws
    ws.ok("session", "start", "spark")
    out = ws.dir / "rows.csv"
    argv = [BINARY, "sql", ROWS_SQL, "-p", "spark", "-n", "1000000", "-o", "csv"]
    client = server.client("arrow", 1000000, ROWS_SQL)
    times, peaks, theirs = [], [], []
    for _ in range(25):
        out.unlink(missing_ok=True)  # emptying the last turn's file is the file system's time
        began = time.perf_counter()
        with open(out, "wb") as f:
            pid = subprocess.Popen(argv, stdout=f, stderr=subprocess.DEVNULL, cwd=ws.work, env=ws.env).pid
            _, status, usage = os.wait4(pid, 0)
        need(status == 0, "the query failed")
        times.append((time.perf_counter() - began) * 1000)
        peaks.append(usage.ru_maxrss / 1024)
        client.stdin.write("again\n")
        client.stdin.flush()
        told = client.stdout.readline().split()
        need(told[1:2] == ["1000000"], told)
        theirs.append(float(told[0]))
    client.stdin.close()
    client.wait(timeout=60)
    ws.ok("session", "stop", "spark")
    lines = sum(chunk.count(b"\n") for chunk in iter(lambda f=open(out, "rb"): f.read(1 << 20), b""))
    need(lines == 1000001, f"{lines} lines")
    figure("1,000,000 rows x 10 columns to CSV (bar: pyspark's toArrow)", statistics.median(times[1:]), "ms",
           statistics.median(theirs[1:]))
    figure("  Arrow bytes of that result", float(told[2]) / 1e6, "MB", None)
    figure("  our memory", max(peaks), "MB", 64)


def private_mb(pid):
    text = open(f"/proc/{pid}/smaps_rollup").read()
    return sum(int(re.search(rf"{k}:\s+(\d+)", text).group(1)) for k in ("Private_Clean", "Private_Dirty")) / 1024


def cpu_seconds(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def agents_of(ws):
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            argv = open(f"/proc/{pid}/cmdline", "rb").read().split(b"\0")
        except OSError:
            continue
        if b"agent" in argv and str(ws.dir).encode() in b" ".join(argv):
            found.append(int(pid))
    return found


def fifty_runs(server):
    """All submitted, waiting for a slot behind one that holds both: what do fifty agents cost meanwhile?"""
    ws = server.ws
    slow = "SELECT id, java_method('java.lang.Thread', 'sleep', CAST(400 AS BIGINT)) AS s FROM range(0, 1000, 1, 1000)"
    quick = "SELECT id FROM range(10)"
    lines = ["transformations:"]
    for i in range(50):
        lines.append(f"  - {{name: many_{i}, variant: v1, sql: \"{slow if i == 0 else quick}\"}}")
    (ws.work / "many.yaml").write_text("\n".join(lines))
    ws.ok("apply", "many.yaml")
    runs = [ws.ok("run", f"many_{i}", "--provider", "spark", "--detach").strip() for i in range(50)]
    ws.wait_for_run(runs[0], {"RUNNING"})
    agents = agents_of(ws)
    before, began = {pid: cpu_seconds(pid) for pid in agents}, time.monotonic()
    waited = 0
    while waited < 10:
        time.sleep(0.5)
        waited = time.monotonic() - began
    alive = [pid for pid in agents if os.path.exists(f"/proc/{pid}/smaps_rollup")]
    cost = [(cpu_seconds(pid) - before[pid]) / waited * 100 for pid in alive]
    memory = [private_mb(pid) for pid in alive]
    figure(f"agents at once, while waiting (50 started)", len(alive), "", None)
    figure("  private memory of an agent, median", statistics.median(memory), "MB", 3)
    figure("  of one core, each, mean", statistics.mean(cost), "%", 1)
    ws.run("cancel", runs[0])
    for run in runs[1:]:
        ended = ws.wait_for_run(run, {"READY", "FAILED", "LOST", "CANCELLED"}, 300)
        need(ended["state"] == "READY", ended)


def running_is_shown(server):
    """From what the engine reports (the agent's event) to the screen."""
    ws = server.ws
    t = Terminal(ws, rows=40, cols=120)
    try:
        t.expect("Training sets")
        t.send("8")
        worst = 0
        for _ in range(3):
            run = ws.ok("run", "clean_transactions", "--provider", "spark", "--detach").strip()
            events = ws.work / ".firesteel/runs" / run / "events"
            told = seen = None
            while not seen:
                t.pump(0.02)
                now = time.monotonic()
                if not told and events.exists() and '"RUNNING"' in events.read_text():
                    told = now
                line = next((x for x in t.text().splitlines() if run in x), "")
                if "RUNNING" in line or "READY" in line:
                    seen = now
            worst = max(worst, seen - (told or seen))
            ws.wait_for_run(run, {"READY"})
        figure("RUNNING known to RUNNING shown, most of 3", worst * 1000, "ms", 1000)
    finally:
        t.close()


TICKS = """import time
for i in range(40):
    print(f"tick {i} {time.time():.3f}", flush=True)
    time.sleep(0.25)
"""


def bench_log_lines():
    """From the moment a line is written by a program on Spark to the moment it is on the screen."""
    with Workspace() as ws:
        (ws.work / "ticks.py").write_text(TICKS)
        (ws.work / "t.yaml").write_text("providers:\n  - {name: here, engine: submit, options: {master: 'local[1]'}}\n"
                                        "jobs:\n  - {name: ticks, variant: v1, file: ticks.py, provider: here}\n")
        ws.ok("apply", "t.yaml")
        run = ws.ok("run", "ticks", "--detach").strip()
        t = Terminal(ws, rows=40, cols=120)
        try:
            t.expect("Training sets")
            t.send("8")
            t.expect(run)
            t.send("\r")
            seen = {}
            until = time.monotonic() + 120
            while len(seen) < 40 and time.monotonic() < until:
                t.pump(0.02)
                now = time.time()
                for i, written in re.findall(r"tick (\d+) ([\d.]+)", t.text()):
                    seen.setdefault(i, now - float(written))
            waits = sorted(seen.values())
            need(len(waits) == 40, f"{len(waits)} lines seen; the screen:\n{t.text()}")
            figure("log line written to shown, median of 40", statistics.median(waits) * 1000, "ms", None)
            figure("  the slowest", waits[-1] * 1000, "ms", 1000)
        finally:
            t.close()


def bench_connect():
    with Server() as server:
        if server.there:
            warm_select(server)
            check_alone(server)
            million_rows(server)
            running_is_shown(server)
            fifty_runs(server)


# ---- The training set --------------------------------------------------------------------------------------------------

TRAINING = """
sources:
  - {name: lab, variant: v1, path: lab.parquet}
  - {name: f0, variant: v1, path: f0.parquet}
  - {name: f1, variant: v1, path: f1.parquet}
  - {name: f2, variant: v1, path: f2.parquet}
entities: [{name: who}]
features:
  - {name: f0, variant: v1, entity: who, from: f0.v1, entity_column: e, value_column: v, timestamp_column: t}
  - {name: f1, variant: v1, entity: who, from: f1.v1, entity_column: e, value_column: v, timestamp_column: t}
  - {name: f2, variant: v1, entity: who, from: f2.v1, entity_column: e, value_column: v, timestamp_column: t}
labels:
  - {name: lab, variant: v1, entity: who, from: lab.v1, entity_column: e, value_column: v, timestamp_column: t}
training_sets:
  - {name: big, variant: v1, label: lab.v1, features: [f0.v1, f1.v1, f2.v1]}
"""


LABELS_UNTIL = 0.5  # ten feature rows before a label at most: with all twenty the product does not end within the hour


def make_rows(path, n, entities, seed, until=1.0):
    """Times lie in the first `until` of a span of some days."""
    import numpy
    import pyarrow
    import pyarrow.parquet
    rng = numpy.random.default_rng(seed)
    pyarrow.parquet.write_table(pyarrow.table({
        "e": rng.integers(0, entities, n), "t": pyarrow.array(rng.integers(0, int(10**12 * until), n) + 1_600_000_000_000_000, pyarrow.timestamp("us", "UTC")),
        "v": rng.random(n)}), path, row_group_size=250_000)


def product_sql(where):
    """What the seeds' system does: every label row with every earlier row of every feature of its entity, the product
    numbered by the features' times, the first kept, in the order of the labels' times."""
    joins = " ".join(f"LEFT JOIN parquet.`{where}/f{i}.parquet` f{i} ON l.e = f{i}.e AND f{i}.t <= l.t" for i in range(3))
    return (f"SELECT v0, v1, v2, y FROM (SELECT *, row_number() OVER (PARTITION BY e, y, t ORDER BY t DESC, t0 DESC, t1 DESC, t2 DESC) "
            f"AS n FROM (SELECT l.e, l.v AS y, l.t, f0.v AS v0, f0.t AS t0, f1.v AS v1, f1.t AS t1, f2.v AS v2, f2.t AS t2 "
            f"FROM parquet.`{where}/lab.parquet` l {joins})) WHERE n = 1 ORDER BY t")


def timed_run(ws, name, limit=1200, provider="spark"):
    began = time.perf_counter()
    ws.ok("run", name, "--provider", provider, timeout=limit)
    return time.perf_counter() - began


def bench_training():
    with Server("6g") as server:
        if not server.there:
            return
        ws = server.ws
        (ws.work / "ts.yaml").write_text(TRAINING)
        make_rows(ws.work / "lab.parquet", 1_000_000, 100_000, 1, LABELS_UNTIL)
        for i in range(3):
            make_rows(ws.work / f"f{i}.parquet", 2_000_000, 100_000, 2 + i)
        ws.ok("apply", "ts.yaml")
        (ws.work / "product.yaml").write_text(
            f"transformations:\n  - name: product\n    variant: v1\n    sql: |\n      {product_sql(ws.work)}\n")
        ws.ok("apply", "product.yaml")
        timed_run(ws, "big")
        ours = statistics.median(timed_run(ws, "big") for _ in range(2))
        figure("training set, 1 M labels x 3 features x 2 M rows, local[2]", ours, "s", None)
        figure("  the same on the embedded engine (bar: Spark's)",
               statistics.median(timed_run(ws, "big", provider="local") for _ in range(3)), "s", ours)
        for i in range(3):  # ten times the rows per entity: the same rows of a tenth of the entities
            make_rows(ws.work / f"f{i}.parquet", 2_000_000, 10_000, 2 + i)
        make_rows(ws.work / "lab.parquet", 1_000_000, 10_000, 1, LABELS_UNTIL)
        dense = timed_run(ws, "big")
        figure("  ten times the rows per entity: times as long", dense / ours, "x", 1.5)
        for i in range(3):
            make_rows(ws.work / f"f{i}.parquet", 2_000_000, 100_000, 2 + i)
        make_rows(ws.work / "lab.parquet", 1_000_000, 100_000, 1, LABELS_UNTIL)
        theirs = timed_run(ws, "product")
        figure("  as the product of all earlier rows, numbered", theirs, "s", None)
        figure("  ours is faster by (bar: at least 8): 8 over it", 8 * ours / theirs, "x", 1)
