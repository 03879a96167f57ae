"""50 rows of all columns as JSON, the first ones and such as lie far down, whole cold processes, beside DuckDB's command line,
polars and pyarrow: all on the same files, in turns."""
import resource
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


def compare(ws, name, all_commands, bar_of):
    """bar_of: from the fastest peer's time to what it is called and what is allowed."""
    times = {who: [] for who in all_commands}
    memory = {who: peak_mb(argv, cwd=ws.work, env=ws.env) for who, argv in all_commands.items()}  # warms the page cache, too
    for _ in range(ROUNDS):
        for who, argv in all_commands.items():
            try:
                times[who].append(median_ms(argv, runs=1, cwd=ws.work, env=ws.env))
            except subprocess.CalledProcessError as error:  # pyarrow crashes at its end now and then
                if who == "firesteel":
                    raise
                print(f"  {who}: {error}")
    median = {who: statistics.median(t) for who, t in times.items()}
    fastest = min(ms for who, ms in median.items() if who != "firesteel")
    what, bar = bar_of(fastest)
    figure(f"{name} (bar: {what})", median["firesteel"], "ms", bar)
    figure("  memory", memory["firesteel"], "MB", 10)
    for who in all_commands:
        if who != "firesteel":
            print(f"  {who:12} {median[who]:10.1f} ms {memory[who]:10.1f} MB")


# Of file A, all 3 M rows: a few of them, by columns that no order and no statistics help with.
CONDITIONS = ["big = 77777", "hash LIKE '0000%'", "d > 0.9999999", "name = 'name 5' AND money < 1", "note = 'note 1234'"]


def bench_parquet():
    python = peers()
    with Workspace(demo=False) as ws:
        for name, bar in BARS.items():
            path = FILES / (f"{name}.parquet" if name != "P" else "P")
            compare(ws, f"{name}: first 50 rows", commands(python, path), lambda ms, bar=bar: (f"1/{bar} of the fastest peer", ms / bar))


# Files of 3 M rows; None = ahead of every peer. I, J: with an index of pages, by our writer and by pyarrow.
FAR_BARS = {"A": 25, "B": 25, "C": None, "I": 20, "J": 20}
FAR_POLARS = "import polars as p,sys;print(p.scan_parquet(sys.argv[1]).slice(int(sys.argv[2]),50).collect().to_dicts())"
LAST_POLARS = "import polars as p,sys;print(p.scan_parquet(sys.argv[1]).tail(50).collect().to_dicts())"
# Its dataset would read every group: only those that have the rows.
FAR_PYARROW = """import pyarrow.parquet as q,sys
f,at=q.ParquetFile(sys.argv[1]),int(sys.argv[2])
for g in range(f.num_row_groups):
    n=f.metadata.row_group(g).num_rows
    if at<n: print(f.read_row_group(g).slice(at,50).to_pylist()); break
    at-=n
"""


def far_commands(python, path, at, is_last):
    duck = [VENV / "bin/duckdb", "-json", "-c"]
    return {"firesteel": [BINARY, "preview", path, *(["--tail", "50"] if is_last else ["--offset", str(at), "-n", "50"]), "-o", "json"],
            "duckdb": [*duck, f"SELECT * FROM '{path}' LIMIT 50 OFFSET {at}"],
            "duckdb rows": [*duck, f"SELECT * FROM read_parquet('{path}', file_row_number = true) "
                                   f"WHERE file_row_number >= {at} AND file_row_number < {at + 50}"],
            "polars": [python, "-c", LAST_POLARS if is_last else FAR_POLARS, path, str(at)],
            "pyarrow": [python, "-c", FAR_PYARROW, path, str(at)]}


def with_indexes(ws, python):
    code = ("import pyarrow.parquet as q,sys;q.write_table(q.read_table(sys.argv[1]),sys.argv[2],compression='zstd',"
            "write_page_index=True)")
    files = {name: ws.work / f"{name}.parquet" for name in "IJ"}
    with open(files["I"], "wb") as out:
        subprocess.run([BINARY, "preview", FILES / "A.parquet", "-n", "0", "-o", "parquet"], stdout=out, stderr=subprocess.DEVNULL,
                       check=True, cwd=ws.work, env=ws.env)
    subprocess.run([python, "-c", code, FILES / "A.parquet", files["J"]], check=True)
    return files


def bench_rows_far_down():
    python = peers()
    with Workspace(demo=False) as ws:
        files = {name: FILES / f"{name}.parquet" for name in "ABC"} | with_indexes(ws, python)
        for name, bar in FAR_BARS.items():
            for at, what in (1_500_000, "row 1,500,000"), (2_999_950, "last 50 rows"):
                compare(ws, f"{name}: {what}", far_commands(python, files[name], at, is_last=at > 2_000_000),
                        lambda ms, bar=bar: (f"{bar} ms", bar) if bar else ("the fastest peer", ms))


def cpu_ms(argv, **kw):
    """Processor time of one process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(argv, **{"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": True, **kw})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


def bench_stats():
    """All figures of all columns beside DuckDB's SUMMARIZE on one thread, in turns: processor time."""
    peers()
    with Workspace(demo=False) as ws:
        for name in "A", "D":
            path = FILES / f"{name}.parquet"
            ours = [BINARY, "stats", "--scan", path]
            theirs = [VENV / "bin/duckdb", "-json", "-c", f"SET threads=1; SUMMARIZE SELECT * FROM '{path}'"]
            runs = [[cpu_ms(argv, cwd=ws.work, env=ws.env) for argv in (theirs, ours)] for _ in range(3)]
            duckdb, mine = (statistics.median(r[i] for r in runs) for i in (0, 1))
            figure(f"{name}: SUMMARIZE, DuckDB on one thread, cpu", duckdb, "ms", None)
            figure(f"{name}: stats --scan, cpu (bar: twice DuckDB's)", mine, "ms", 2 * duckdb)
            figure("  memory", peak_mb(ours, cwd=ws.work, env=ws.env), "MB", None)


def bench_where():
    """Rows by a condition, and how many there are, beside DuckDB with one thread, in turns: processor time."""
    peers()
    path = FILES / "A.parquet"
    duck = [VENV / "bin/duckdb", "-json", "-c"]
    with Workspace(demo=False) as ws:
        ws.ok("register", "a", "--path", path)
        for where in CONDITIONS:
            pairs = {"rows": ([*duck, f"SET threads=1; SELECT id, hash FROM '{path}' WHERE {where}"],
                              [BINARY, "preview", path, "-w", where, "-n", "0", "-c", "id,hash", "-o", "json"]),
                     "count(*)": ([*duck, f"SET threads=1; SELECT count(*) FROM '{path}' WHERE {where}"],
                                  [BINARY, "sql", "SELECT count(*) FROM {{a}} WHERE " + where, "-p", "local", "-o", "json"])}
            for what, pair in pairs.items():
                runs = [[cpu_ms(argv, cwd=ws.work, env=ws.env) for argv in pair] for _ in range(5)]
                duckdb, mine = (statistics.median(r[i] for r in runs) for i in (0, 1))
                figure(f"A: {what} WHERE {where}, DuckDB on one thread, cpu", duckdb, "ms", None)
                figure(f"A: {what} WHERE {where}, cpu (bar: twice DuckDB's)", mine, "ms", 2 * duckdb)
