"""preview of texts and of many files, by the real binary: packed, guessed, bad lines, last rows, patterns, sorting."""
import gzip
import json
import os

from harness import Workspace, main, need

WS = Workspace(demo=False)


def test_a_csv_is_read_as_it_seems_to_be_written():
    (WS.work / "semi.csv").write_text("name;amount\nx;1\ny;2\n")
    run = WS.run("preview", "./semi.csv", "-o", "jsonl")
    need([json.loads(line) for line in run.stdout.splitlines()] == [{"name": "x", "amount": 1}, {"name": "y", "amount": 2}], run.stdout)
    need('"sep":";"' in run.stderr and '"header":true' in run.stderr, run.stderr)
    need(WS.json("preview", "./semi.csv", "-w", "amount > 1") == [{"name": "y", "amount": 2}], "the same dialect in a query")


def test_bad_lines_do_not_hide_the_good_ones():
    (WS.work / "bad.ndjson").write_text('{"a":1}\nnot \x1b[2Jjson\n{"a":3}\n')
    run = WS.run("preview", "./bad.ndjson", "-o", "jsonl", "-c", "a")
    need([json.loads(line)["a"] for line in run.stdout.splitlines()] == [1, None, 3], run.stdout)
    need("1 record could not be read" in run.stderr and "bad.ndjson:2" in run.stderr, run.stderr)
    need("\x1b" not in run.stderr, "escaped")


def test_a_cut_download_shows_its_rows_and_fails():
    packed = gzip.compress(b"a,b\n" + b"".join(b"%d,%d\n" % (i, i * 7919 % 10007) for i in range(200000)))
    (WS.work / "cut.csv.gz").write_bytes(packed[:len(packed) // 2])
    run = WS.run("preview", "./cut.csv.gz", "-n", 0, "-o", "csv")
    need(run.returncode != 0 and "cut off at byte" in run.stderr, run.stderr)
    need(len(run.stdout.splitlines()) > 50000, "the rows before it")


def test_an_export_has_types_that_hold_all_rows():
    (WS.work / "late.csv").write_text("k,v\n" + "1,2\n" * 400000 + "1,late\n")
    run = WS.run("preview", "./late.csv", "-n", 2, "-o", "jsonl")
    need(json.loads(run.stdout.splitlines()[0]) == {"k": 1, "v": 2} and "first MB" in run.stderr, run.stderr)
    run = WS.run("preview", "./late.csv", "-n", 0, "-o", "jsonl")
    need(json.loads(run.stdout.splitlines()[-1]) == {"k": 1, "v": "late"}, run.stdout[-100:])


def test_the_last_rows():
    (WS.work / "t.csv").write_text("n\n" + "\n".join(map(str, range(100000))) + "\n")
    with gzip.open(WS.work / "t.csv.gz", "wb") as f:
        f.write((WS.work / "t.csv").read_bytes())
    for name in ("./t.csv", "./t.csv.gz"):
        need(WS.json("preview", name, "--tail", 3) == [{"n": 99997}, {"n": 99998}, {"n": 99999}], name)
    run = WS.run("preview", "./t.csv", "--tail", 3, "--sort", "n")
    need(run.returncode != 0 and "last rows" in run.stderr, run.stderr)


def test_patterns_and_columns_of_many_files():
    for day in (1, 2):
        os.makedirs(WS.work / f"t/d={day}", exist_ok=True)
        (WS.work / f"t/d={day}/p.json").write_text('{"a":%d%s}\n' % (day, ',"b":"x"' if day == 2 else ""))
    need(WS.json("preview", "t/d=*/*.json") == [{"a": 1, "b": None}, {"a": 2, "b": "x"}], "a pattern")
    need([row["d"] for row in WS.json("preview", "./t")] == [1, 2], "a folder")


def test_sorting_has_a_cap_that_is_said():
    (WS.work / "wide.csv").write_text("k,t\n" + "".join(f"{i * 7919 % 100003},{'x' * 900}\n" for i in range(50000)))
    (WS.work / "small.yaml").write_text("sort:\n  space: 8\n")
    run = WS.run("--config", "small.yaml", "preview", "./wide.csv", "--sort", "k", "-n", 0, "-o", "csv")
    need(run.returncode != 0 and "sort.space" in run.stderr and "Spark" in run.stderr, run.stderr)
    rows = WS.json("preview", "./wide.csv", "--sort", "k desc", "-n", 3, "-c", "k")
    need([row["k"] for row in rows] == sorted((i * 7919 % 100003 for i in range(50000)), reverse=True)[:3], rows)


if __name__ == "__main__":
    try:
        main(globals())
    finally:
        WS.close()
