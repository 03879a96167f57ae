"""Writing Parquet beside pyarrow: the same rows, the same codec and level, one thread each, interleaved."""
import pathlib
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
import parquet  # noqa: E402
from figures import figure  # noqa: E402
from harness import BINARY, PYTHON, Workspace  # noqa: E402

TOOL = BINARY.parent / "bench-write"
RUNS = 5


def tables(rows):
    import numpy as np
    import pyarrow as pa
    rng = np.random.default_rng(5)
    words = np.array([f"word{i}" for i in range(40)])
    us = 1_700_000_000_000_000 + np.arange(rows) * 250_000 + rng.integers(0, 200_000, rows)
    mixed = {
        "id": np.arange(rows), "user": rng.integers(0, 50_000, rows), "item": rng.integers(0, 2_000_000, rows, dtype=np.int32),
        "amount": np.round(rng.lognormal(3, 1, rows), 2), "score": rng.random(rows),
        "ratio": rng.random(rows).astype(np.float32), "city": words[rng.integers(0, 40, rows)],
        "country": words[rng.integers(0, 5, rows)], "note": np.char.add("note ", rng.integers(0, 10**9, rows).astype(str)),
        "few": rng.integers(0, 9, rows, dtype=np.int32), "flag": rng.random(rows) < 0.2,
    }
    columns = {k: pa.array(v) for k, v in mixed.items()}
    columns["ts"] = pa.array(us, pa.timestamp("us", "UTC"))
    columns["day"] = pa.array((us // 86_400_000_000).astype(np.int32), pa.date32())
    columns["holes"] = pa.array(rng.integers(0, 10**6, rows), mask=rng.random(rows) < 0.3)
    columns["price"] = pa.array(rng.integers(0, 10**6, rows)).cast(pa.decimal128(20, 0)).cast(pa.decimal128(22, 2))
    yield "mixed", pa.table(columns)
    lengths = rng.integers(0, 6, rows // 4)
    offsets = pa.array(np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32))
    n = int(lengths.sum())
    pairs = pa.StructArray.from_arrays([pa.array(rng.integers(0, 1000, n)), pa.array(words[rng.integers(0, 40, n)])], ["k", "w"])
    yield "nested", pa.table({"items": pa.ListArray.from_arrays(offsets, pairs),
                              "vector": pa.ListArray.from_arrays(offsets, pa.array(rng.random(n)))})


def theirs(path, out, codec):
    """In a process of its own, so that nothing is warm."""
    code = ("import sys, time, pyarrow as pa, pyarrow.parquet as pq\n"
            "pa.set_cpu_count(1)\n"
            "t = pa.ipc.open_stream(sys.argv[1]).read_all()\n"
            "b = time.process_time()\n"
            "pq.write_table(t, sys.argv[2], compression=sys.argv[3], compression_level=1 if sys.argv[3] == 'zstd' else None,\n"
            "               write_page_index=True, write_page_checksum=True)\n"
            "print((time.process_time() - b) * 1000)")
    return float(subprocess.run([PYTHON, "-c", code, path, out, codec], check=True, capture_output=True, text=True).stdout)


def ours(path, out, codec):
    return float(subprocess.run([TOOL, path, out, codec], check=True, capture_output=True, text=True).stdout)


def bench_write(rows=1_000_000):
    import pyarrow as pa
    with tempfile.TemporaryDirectory() as folder:
        for name, table in tables(rows):
            path, mine, other = (f"{folder}/{name}.{end}" for end in ("arrow", "mine", "other"))
            with pa.ipc.new_stream(path, table.schema) as writer:
                writer.write_table(table, max_chunksize=65536)
            for codec in "zstd", "snappy", "none":
                runs = [(ours(path, mine, codec), theirs(path, other, codec)) for _ in range(RUNS)]
                a, b = (statistics.median(r[i] for r in runs) for i in (0, 1))
                sizes = [pathlib.Path(p).stat().st_size for p in (mine, other)]
                what = f"write {name}, {table.num_rows:,} rows, {codec}"
                figure(f"{what}: pyarrow", b, "ms", None)
                figure(what, a, "ms", 2 * b)
                figure(f"{what}: size against pyarrow's", 100 * sizes[0] / sizes[1], "%", 110, blocks=True)


# Read and written by whole processes. Of A without its uuid, which Spark's types have as text only.
FILES = {"A": ["uuid"], "D": [], "S": [], "W": [], "N": []}
REWRITE = ("import sys, pyarrow as pa, pyarrow.parquet as pq\n"
           "pa.set_cpu_count(1)\n"
           "columns = [c for c in pq.read_schema(sys.argv[1]).names if c not in sys.argv[4:]]\n"
           "pq.write_table(pq.read_table(sys.argv[1], columns=columns, use_threads=False), sys.argv[2], compression=sys.argv[3],\n"
           "               compression_level=1 if sys.argv[3] == 'zstd' else None, write_page_index=True, write_page_checksum=True)")


def rewrite(ws, python, name, codec, folder):
    path, mine, other = parquet.FILES / f"{name}.parquet", pathlib.Path(folder, "mine"), pathlib.Path(folder, "other")
    import pyarrow.parquet as pq
    names = [c for c in pq.read_schema(path).names if c not in FILES[name]]
    narrow = ["-c", ",".join(names)] if FILES[name] else []
    mine_argv = [BINARY, "preview", path, "-n", "0", "-o", "parquet", "--codec", codec, *narrow]
    other_argv = [python, "-c", REWRITE, path, other, codec, *FILES[name]]
    runs = []
    for _ in range(3):
        with mine.open("wb") as out:
            runs.append((parquet.cpu_ms(mine_argv, stdout=out, cwd=ws.work, env=ws.env), parquet.cpu_ms(other_argv)))
    a, b = (statistics.median(r[i] for r in runs) for i in (0, 1))
    figure(f"{name}: read and written, {codec}: pyarrow on one thread, cpu", b, "ms", None)
    figure(f"{name}: read and written, {codec}, cpu (bar: twice pyarrow's)", a, "ms", 2 * b)
    figure(f"{name}: {codec}: size against pyarrow's", 100 * mine.stat().st_size / other.stat().st_size, "%", 110, blocks=True)


def bench_rewrite():
    python = parquet.peers()
    with tempfile.TemporaryDirectory() as folder, Workspace(demo=False) as ws:
        for name in FILES:
            for codec in "zstd", "snappy", "none":
                rewrite(ws, python, name, codec, folder)
