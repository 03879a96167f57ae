"""A look at large files in the workbench: first rows, the last ones, memory; bytes of the file that are read for it; and what must
run again below thirty diamonds.

The files are those of parquet.py: A in groups of 120,000 rows, B of 1,000,000, C in one group with one page a chunk; E and F as Arrow
writes them, in groups of 250,000 rows and in one; G with 1,500 columns, W with 1,000, X with 1,000 of which half are texts."""
import re
import statistics
import subprocess
import time

import parquet
from figures import figure, median_ms, rss_mb
from harness import BINARY, Terminal, Workspace

MAKE_X = """
import sys, pyarrow as pa, pyarrow.parquet as pq
n = 100_000
numbers = [pa.array([(i * 7 + k) % 1000 for i in range(n)]) for k in range(10)]
texts = [pa.array([f"value {(i * 7 + k) % 1000} of the column" for i in range(n)]) for k in range(10)]
pq.write_table(pa.table({f"c{k}": (numbers if k % 2 else texts)[k // 2 % 10] for k in range(1000)}), sys.argv[1],
               compression="zstd", row_group_size=10_000)
"""


def peak_of(pid):
    return int(re.search(r"VmHWM:\s+(\d+)", open(f"/proc/{pid}/status").read()).group(1)) / 1024


def until_last_row(t):
    while True:
        title, *rows = t.text().split("\n")
        where = re.search(r" ([\d,]+)/([\d,]+)", title)
        if where and where.group(1) == where.group(2) and not any(row.startswith(" …") for row in rows):
            return
        t.pump(0.002)


def look(name):
    """Milliseconds to the first rows and to the last, memory at rest after each, and the peak."""
    with Workspace(demo=False) as ws:
        t = Terminal(ws, rows=40, cols=120)
        t.expect("Sources")
        t.pump(0.5)
        began = time.perf_counter()
        t.send(f":preview {parquet.FILES / name}\r")
        while " 1/" not in t.text():
            t.pump(0.002)
        first = (time.perf_counter() - began) * 1000
        t.pump(0.7)
        at_first = rss_mb(t.pid)
        began = time.perf_counter()
        t.send("G")
        until_last_row(t)
        last = (time.perf_counter() - began) * 1000
        t.pump(0.7)
        for key in ("g", "$", *["\x1b[6~"] * 20):
            t.send(key)
            t.pump(0.1)
        t.pump(0.7)
        found = first, last, at_first, rss_mb(t.pid), peak_of(t.pid)
        t.close()
        return found


# To the end of B a page of a million rows is unpacked of each column in sight, 60 MB: codecs cannot be entered in the middle.
LAST_BARS = {"B": 200}


def bench_looks():
    python = parquet.peers()
    if not (parquet.FILES / "X.parquet").exists():
        subprocess.run([python, "-c", MAKE_X, parquet.FILES / "X.parquet"], check=True)
    firsts = {}
    for name, bar in (("A", 100), ("B", 100), ("C", 150), ("E", 100), ("F", 100), ("G", 150), ("W", 100), ("X", 100)):
        looks = [look(f"{name}.parquet") for _ in range(3)]
        first, last, at_first, at_rest, peak = (statistics.median(column) for column in zip(*looks))
        firsts[name] = first
        figure(f"{name}.parquet, 120x40: first rows on the screen", first, "ms", bar)
        figure("  the last rows", last, "ms", LAST_BARS.get(name, 100))
        figure("  memory, first rows", at_first, "MB", 30)
        figure("  memory, the end, back, 20 pages of the last columns", at_rest, "MB", 32, blocks=True)
        figure("  memory, peak", peak, "MB", 60, blocks=True)
    for few, many in ("A", "B"), ("E", "F"):
        figure(f"first rows of {many} beside {few}", 100 * firsts[many] / firsts[few], "%", 120)


DIAMONDS = 30


def bench_impact():
    """A chain of diamonds has 2^30 ways, and 90 nodes."""
    lines = ["sources:", "  - {name: n0, variant: v1, path: /nowhere/x.parquet}", "transformations:"]
    for i in range(DIAMONDS):
        for name, above in (f"a{i}", f"n{i}"), (f"b{i}", f"n{i}"):
            lines.append(f"  - {{name: {name}, variant: v1, sql: 'SELECT * FROM {{{{{above}}}}}'}}")
        lines.append(f"  - {{name: n{i + 1}, variant: v1, sql: 'SELECT * FROM {{{{a{i}}}}} UNION ALL SELECT * FROM {{{{b{i}}}}}'}}")
    with Workspace(demo=False) as ws:
        (ws.work / "diamonds.yaml").write_text("\n".join(lines))
        ws.ok("apply", "diamonds.yaml")
        of = lambda *words: median_ms([BINARY, *words], runs=15, cwd=ws.work, env=ws.env)  # noqa: E731
        start = of("show", "n0")
        figure("what must run again below 30 diamonds, beyond a start", of("lineage", "--impact", "n0") - start, "ms", 10)
        figure("the plan of it, beyond a start", of("run", "n0", "--downstream", "--plan") - start, "ms", 10)
