"""Rows out of the program as files: preview and sql with -o and --into."""
import os
import subprocess

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from harness import BINARY, Terminal, Workspace, main, need

WS = Workspace(demo=False)
FILE = WS.work / "in.parquet"
N = 25_000
TABLE = pa.table({"id": pa.array(range(N), pa.int64()),
                  "city": [None if i % 11 == 3 else ["Oslo", "a/b", ""][i % 3] for i in range(N)],
                  "x": pa.array([i / 7 for i in range(N)])})
pq.write_table(TABLE, FILE)


def preview(*args):
    """Bytes of standard output."""
    run = subprocess.run([BINARY, "preview", *map(str, args)], cwd=WS.work, env=WS.env, capture_output=True)
    need(run.returncode == 0, run.stderr.decode())
    return run.stdout


def test_all_rows_come_out_as_parquet():
    for codec in "zstd", "snappy", "gzip", "none":
        table = pq.read_table(pa.BufferReader(preview(FILE, "-o", "parquet", "--codec", codec)))
        need(table.equals(TABLE), f"{codec}: {table.schema}, {table.num_rows} rows")


def test_conditions_and_columns_hold_for_exports():
    table = pq.read_table(pa.BufferReader(preview(FILE, "-o", "parquet", "-w", "id % 1000 = 1", "-c", "id")))
    need(table.to_pydict() == {"id": list(range(1, N, 1000))}, str(table)[:300])


def test_offsets_hold_for_exports_with_conditions():
    table = pq.read_table(pa.BufferReader(preview(FILE, "-o", "parquet", "-s", "id desc", "--offset", N - 3, "-c", "id")))
    need(table.to_pydict() == {"id": [2, 1, 0]}, str(table)[:300])


def test_other_formats_become_parquet():
    for name in "jsonl", "csv":
        text = preview(FILE, "-o", name, "-n", "0")
        need(text.count(b"\n") == N + (name == "csv"), text[:200].decode())
        path = WS.work / f"rows.{name}"
        path.write_bytes(text)
        table = pq.read_table(pa.BufferReader(preview(path, "-o", "parquet")))
        need(table.num_rows == N, f"{name}: {table.num_rows} rows")  # that the first line is a header is guessed
        need(sorted(table.column_names) == sorted(TABLE.column_names), str(table.schema))
        if name == "jsonl":
            need(table.column("x").equals(TABLE.column("x")), str(table.schema))


def test_a_terminal_is_refused():
    t = Terminal(WS, "preview", str(FILE), "-o", "parquet")
    t.expect("not for a terminal")
    need(os.waitstatus_to_exitcode(t.wait_exit()) == 2, "exit code")
    t.close()


def test_folders_by_value_are_read_by_others():
    preview(FILE, "-o", "parquet", "--into", "out", "--partition-by", "city")
    out = WS.work / "out"
    folders = sorted(p.name for p in out.iterdir())
    need(folders == ["_SUCCESS", "city=Oslo", "city=__HIVE_DEFAULT_PARTITION__", "city=a%2Fb"], str(folders))
    need(not [p for p in out.rglob(".*")], "hidden files stay")
    table = ds.dataset(out, partitioning="hive").to_table().sort_by("id")
    need(table.column("id").equals(TABLE.column("id")) and table.column("x").equals(TABLE.column("x")), str(table.schema))
    want = [c or None for c in TABLE.column("city").to_pylist()]
    need(table.column("city").to_pylist() == want, "values of the folders")
    rows = duckdb.sql(f"select count(*), count(city) from read_parquet('{out}/*/*.parquet', hive_partitioning=true)").fetchall()[0]
    need(rows == (N, sum(c is not None for c in want)), str(rows))
    ours = pq.read_table(pa.BufferReader(preview("out", "-o", "parquet"))).sort_by("id")
    need(ours.column("city").to_pylist() == want, "what we read again")


def test_data_are_never_written_over():
    (WS.work / "taken").mkdir()
    text = WS.fails(3, "preview", FILE, "-o", "parquet", "--into", "taken")
    need("already" in text and not list((WS.work / "taken").iterdir()), text)


def test_what_fails_leaves_nothing():
    WS.fails(3, "preview", FILE, "-o", "parquet", "--into", "gone", "--partition-by", "nobody")
    need(not (WS.work / "gone").exists(), "a folder stays")
    WS.fails(2, "preview", FILE, "--into", "gone")
    WS.fails(2, "preview", FILE, "-o", "parquet", "--codec", "lzo")
    WS.fails(2, "preview", FILE, "-o", "csv", "--codec", "zstd")
    WS.fails(2, "preview", FILE, "-o", "parquet", "--partition-by", "city")


if __name__ == "__main__":
    try:
        main(globals())
    finally:
        WS.close()
