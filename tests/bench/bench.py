"""Figures beside their bars. Byte counts that are over their bar fail; times inform, with a peer in the same run where there
is one. `make bench`; a name as argument runs only what contains it."""
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from figures import FAILED, ROWS, figure, median_ms, peak_mb, rss_mb  # noqa: E402
from harness import BINARY, PYTHON, Terminal, Workspace  # noqa: E402
import far  # noqa: E402
import local  # noqa: E402
import looks  # noqa: E402
import on_spark  # noqa: E402
import parquet  # noqa: E402
import on_write  # noqa: E402
import scroll  # noqa: E402
import side_by_side  # noqa: E402


def many_resources(ws, n):
    lines = ["sources:", "  - {name: root, variant: v1, path: /nowhere/x.parquet}", "transformations:"]
    for i in range(n):
        above = "root.v1" if i == 0 else f"node_{(i * 7) % i if i > 1 else 0}.v1"
        second = f"node_{i - 1}.v1" if i else "root.v1"
        lines.append(f"  - {{name: node_{i}, variant: v1, description: number {i} of many, "
                     f"sql: 'SELECT * FROM {{{{{above}}}}} JOIN {{{{{second}}}}} USING (id)'}}")
    path = ws.work / "many.yaml"
    path.write_text("\n".join(lines))
    began = time.perf_counter()
    ws.ok("apply", path)
    figure(f"apply {n} definitions", (time.perf_counter() - began) * 1000, "ms", None)


def bench_start():
    with Workspace(demo=False) as ws:
        many_resources(ws, 10000)
        times = []
        for _ in range(9):
            began = time.perf_counter()
            t = Terminal(ws)
            while "Training sets" not in t.text():
                t.pump(0.02)
            times.append((time.perf_counter() - began) * 1000)
            t.close()
        figure("start to first paint, 10,000 resources", statistics.median(times), "ms", 50)
        figure("search among 10,000, whole process", median_ms([BINARY, "search", "node_77"], cwd=ws.work, env=ws.env), "ms", None)
        figure("list 10,000, whole process", median_ms([BINARY, "list", "transformations", "-n", "50"], cwd=ws.work, env=ws.env),
               "ms", None)
        with Workspace(demo=False) as small:
            many_resources(small, 1000)
            figure("lineage of 1,000 nodes, 2,000 edges, whole process",
                   median_ms([BINARY, "lineage", "node_999", "--up"], runs=5, cwd=small.work, env=small.env), "ms", None)


def bench_screen():
    with Workspace() as ws:
        t = Terminal(ws, rows=40, cols=120)
        t.expect("Training sets")
        t.pump(1)
        figure("resident memory, idle", rss_mb(t.pid), "MB", 10)
        t.send("2")
        t.expect("clean_transactions")
        t.pump(1)
        counts, waits = [], []
        for key in "jkjkjkjkjkjkjkjkjkjk":
            before, began = t.bytes, time.perf_counter()
            t.send(key)
            while t.bytes == before and time.perf_counter() - began < 1:
                t.pump(0.001)
            waits.append((time.perf_counter() - began) * 1000)
            t.pump(0.3)
            counts.append(t.bytes - before)
        figure("bytes per cursor move, 120x40, most", max(counts), "bytes", 400, blocks=True)
        figure("key to first byte, p95", sorted(waits)[int(len(waits) * 0.95)], "ms", 3)
        t.send(":preview transactions\r")
        t.expect("T0000030")
        t.send("j" * 36)
        t.pump(1)
        counts = []
        for _ in range(10):
            before = t.bytes
            t.send("j")
            t.pump(0.3)
            counts.append(t.bytes - before)
        figure("bytes per scrolled line, 120x40, most", max(counts), "bytes", 600, blocks=True)
        figure("resident memory, previewing 100,000 rows", rss_mb(t.pid), "MB", 32)
        before = t.bytes
        t.pump(3)
        figure("bytes while idle", t.bytes - before, "bytes", 0, blocks=True)
        t.close()


PEERS = {
    "pyarrow": "import pyarrow.parquet as q,sys;print(next(q.ParquetFile(sys.argv[1]).iter_batches(50)).to_pylist())",
    "duckdb": "import duckdb,sys;print(duckdb.sql(f\"select * from '{sys.argv[1]}' limit 50\").fetchall())",
}


def bench_preview():
    with Workspace() as ws:
        path = ws.work / "big.parquet"
        make = (f"import duckdb;duckdb.sql(\"copy (select i as id, i%1000 as k, i*0.5 as x, 'name '||(i%777) as s, "
                f"timestamp '2024-01-01' + interval (i) second as t from range(3000000) r(i)) to '{path}' "
                f"(format parquet, compression zstd)\")")
        subprocess.run([PYTHON, "-c", make], check=True)
        ours = [BINARY, "preview", path, "-n", "50", "-o", "json"]
        figure("first 50 rows of 3,000,000, whole process", median_ms(ours, cwd=ws.work, env=ws.env), "ms", 25)
        figure("  memory of it", peak_mb(ours, cwd=ws.work, env=ws.env), "MB", 32)
        for name, code in PEERS.items():
            figure(f"  the same with {name}", median_ms([PYTHON, "-c", code, str(path)], runs=5), "ms", None)
        query = "SELECT k, count(*) AS n, sum(x) AS s FROM {{big.v1}} GROUP BY k ORDER BY k LIMIT 5"
        (ws.work / "big.yaml").write_text("sources:\n  - {name: big, variant: v1, path: big.parquet}\n")
        ws.ok("apply", "big.yaml")
        figure("group 3,000,000 rows by 1,000 keys, local engine",
               median_ms([BINARY, "sql", query, "-p", "local"], runs=3, cwd=ws.work, env=ws.env), "ms", None)


def bench_wide():
    """1,000 columns, cold: every peer reads the same file."""
    with Workspace(demo=False) as ws:
        path = ws.work / "wide.parquet"
        make = ("import pyarrow as pa, pyarrow.parquet as q, sys;"
                "n=100000; base=[pa.array([(i*7+k)%1000 for i in range(n)]) for k in range(20)];"
                "q.write_table(pa.table({f'c{k}': base[k%20] for k in range(1000)}), sys.argv[1], compression='zstd')")
        subprocess.run([PYTHON, "-c", make, str(path)], check=True)
        ours = [BINARY, "preview", path, "-n", "50", "-o", "json"]
        figure("first 50 rows of 1,000 columns, whole process", median_ms(ours, cwd=ws.work, env=ws.env), "ms", 25)
        figure("  memory of it", peak_mb(ours, cwd=ws.work, env=ws.env), "MB", 32)
        for name, code in PEERS.items():
            figure(f"  the same with {name}", median_ms([PYTHON, "-c", code, str(path)], runs=5), "ms", None)


def bench_many_variants():
    applied = []
    with Workspace(demo=False) as ws:
        for part in range(10):
            path = ws.work / "part.yaml"
            path.write_text("sources:\n" + "".join(
                f"  - {{name: table_{part}_{i}, variant: v1, path: /nowhere/{i}.parquet, description: thing {i} of part {part}}}\n"
                for i in range(10000)))
            began = time.perf_counter()
            ws.ok("apply", path)
            applied.append((time.perf_counter() - began) * 1000)
        figure("10,000 sources applied beside 90,000", applied[-1], "ms", None)
        figure("  beside as many to a catalog of nothing", 100 * applied[-1] / applied[0], "%", 500, blocks=True)
        for text in ("table_7", "table_7_99", "thing 4711"):
            figure(f"search '{text}' in 100,000 variants, whole process",
                   median_ms([BINARY, "search", *text.split()], cwd=ws.work, env=ws.env), "ms", None)
        t = Terminal(ws)
        t.expect("Training sets")
        t.close()
        times = []
        for _ in range(5):
            began = time.perf_counter()
            t = Terminal(ws)
            while "Training sets" not in t.text():
                t.pump(0.02)
            times.append((time.perf_counter() - began) * 1000)
            t.close()
        figure("start to first paint, 100,000 resources", statistics.median(times), "ms", 80)


def bench_log():
    """A run's log growing by 10,000 lines a second under the run view."""
    with Workspace() as ws:
        run = ws.json("runs", "-n", 1)[0]["run"]
        folder = ws.work / ".firesteel/runs" / run
        t = Terminal(ws, rows=40, cols=120)
        t.expect("Training sets")
        t.send("8")
        t.expect(run)
        t.send("\r")
        t.expect("progress")
        t.pump(1)
        before, memory = t.bytes, rss_mb(t.pid)
        began = time.monotonic()
        with open(folder / "log", "a") as log:
            for second in range(3):
                for piece in range(10):
                    log.write("".join(f"line {second} {piece} {i}: INFO TaskSetManager: Finished task\n" for i in range(1000)))
                    log.flush()
                    while time.monotonic() - began < second + (piece + 1) / 10:
                        t.pump(0.02)
                t.send("\x12")  # look again: the log of a run that has ended is read on demand
        t.expect("line 2 9 999", 10)
        figure("bytes for 30,000 log lines in 3 s, 120x40", t.bytes - before, "bytes", None)
        figure("  growth of memory", rss_mb(t.pid) - memory, "MB", None)
        t.close()


SLOW = """transformations:
  - {name: slow, variant: v1, sql: 'SELECT sum(a.id % 7) AS s FROM range(0, 10000) a CROSS JOIN range(0, 2000) b'}
"""


def bench_running_shown():
    """A run of some seconds: a shorter one may be over before a list looks again."""
    with Workspace() as ws:
        (ws.work / "slow.yaml").write_text(SLOW)
        ws.ok("apply", "slow.yaml")
        t = Terminal(ws)
        t.expect("Training sets")
        t.send("8")
        t.expect("READY")
        waits = []
        for _ in range(3):
            t.send(":run slow\r")
            t.expect("RUNNING", 20)
            shown = time.time()
            run = ws.json("runs", "-n", 1)[0]["run"]
            import json
            for line in open(ws.work / ".firesteel/runs" / run / "events"):
                event = json.loads(line)
                if event.get("state") == "RUNNING":
                    waits.append((shown - event["t"] / 1e6) * 1000)
            ws.wait_for_run(run, {"READY"})
            t.pump(1.5)
        figure("engine says RUNNING -> shown, most of 3", max(waits), "ms", 1000)
        t.close()


def bench_build():
    size = BINARY.stat().st_size / 1e6
    figure("size of the program with symbols", size, "MB", None)


def main():
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    rooms = [globals(), vars(side_by_side), vars(parquet), vars(far), vars(scroll), vars(looks), vars(on_write), vars(on_spark), vars(local)]
    benches = [item for room in rooms for item in room.items()]
    for name, function in benches:
        if name.startswith("bench_") and wanted in name:
            function()
    print(f"{len(ROWS)} figures, {sum(r[4] for r in ROWS)} over their bar"
          + (f"; these fail the build: {', '.join(FAILED)}" if FAILED else ""))
    sys.exit(1 if FAILED else 0)


main()
