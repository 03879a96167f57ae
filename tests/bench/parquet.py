"""The first 50 rows of all columns as JSON, whole cold processes, beside DuckDB's command line, polars and pyarrow: all on the
same files, in turns."""
import statistics
import subprocess

from figures import figure, median_ms, peak_mb
from harness import BINARY, ROOT, Workspace

VENV = ROOT / "build/bench-venv"
FILES = ROOT / "build/bench-files"
PACKAGES = ["duckdb", "duckdb-cli", "polars", "pyarrow"]
ROUNDS = 7
# file -> by how much the fastest peer is to be beaten
BARS = {"A": 5, "B": 5, "S": 5, "D": 5, "C": 40, "W": 4, "N": 2, "P": 2}
POLARS = "import polars as p,sys;print(p.scan_parquet(sys.argv[1]).head(50).collect().to_dicts())"
PYARROW = "import pyarrow.dataset as d,sys;print(d.dataset(sys.argv[1],partitioning='hive').head(50).to_pylist())"


def peers():
    """Installed once, into a place of the bench's own."""
    python = VENV / "bin/python"
    if not (VENV / ".complete").exists():
        subprocess.run(["python3", "-m", "venv", VENV], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *PACKAGES], check=True)
        (VENV / ".complete").touch()
    subprocess.run([python, ROOT / "tests/bench/make_files.py", FILES], check=True)
    return python


def commands(python, path):
    glob = f"{path}/**/*.parquet" if path.is_dir() else path
    scan = f"read_parquet('{glob}', hive_partitioning=true)" if path.is_dir() else f"'{glob}'"
    return {"firesteel": [BINARY, "preview", path, "-n", "50", "-o", "json"],
            "duckdb": [VENV / "bin/duckdb", "-json", "-c", f"SELECT * FROM {scan} LIMIT 50"],
            "polars": [python, "-c", POLARS, f"{path}/**/*.parquet" if path.is_dir() else path],
            "pyarrow": [python, "-c", PYARROW, path]}


def compare(ws, name, all_commands, bar, memory_bar=10):
    times = {who: [] for who in all_commands}
    memory = {who: peak_mb(argv, cwd=ws.work, env=ws.env) for who, argv in all_commands.items()}  # warms the page cache, too
    for _ in range(ROUNDS):
        for who, argv in all_commands.items():
            times[who].append(median_ms(argv, runs=1, cwd=ws.work, env=ws.env))
    median = {who: statistics.median(t) for who, t in times.items()}
    fastest = min(ms for who, ms in median.items() if who != "firesteel")
    figure(f"{name} (bar: 1/{bar} of the fastest peer)", median["firesteel"], "ms", fastest / bar)
    figure("  memory", memory["firesteel"], "MB", memory_bar)
    for who in all_commands:
        if who != "firesteel":
            print(f"  {who:10} {median[who]:10.1f} ms {memory[who]:10.1f} MB")


# Of file A, all 3 M rows: a few of them, by columns that no order and no statistics help with.
CONDITIONS = {"big = 77777": "big = 77777", "hash LIKE '0000%'": "hash LIKE '0000%'", "d > 0.9999999": "d > 0.9999999",
              "name = 'name 5' AND money < 1": "name = 'name 5' AND money < 1", "note = 'note 1234'": "note = 'note 1234'"}


def bench_where(python, ws):
    """Rows by a condition, and how many there are, beside DuckDB with one thread."""
    path = FILES / "A.parquet"
    duck = [VENV / "bin/duckdb", "-json", "-c"]
    ws.ok("register", "a", "--path", path)
    for ours, theirs in CONDITIONS.items():
        compare(ws, f"A: WHERE {ours}: rows",
                {"firesteel": [BINARY, "preview", path, "-w", ours, "-n", "0", "-c", "id,hash", "-o", "json"],
                 "duckdb": [*duck, f"SET threads=1; SELECT id, hash FROM '{path}' WHERE {theirs}"]}, 0.5, 24)
        compare(ws, f"A: WHERE {ours}: count(*)",
                {"firesteel": [BINARY, "sql", "SELECT count(*) FROM {{a}} WHERE " + ours, "-p", "local", "-o", "json"],
                 "duckdb": [*duck, f"SET threads=1; SELECT count(*) FROM '{path}' WHERE {theirs}"]}, 0.5, 24)


def bench_parquet():
    python = peers()
    with Workspace(demo=False) as ws:
        for name, bar in BARS.items():
            path = FILES / (f"{name}.parquet" if name != "P" else "P")
            compare(ws, f"{name}: first 50 rows", commands(python, path), bar)
        bench_where(python, ws)
