"""stats, info and schema beside what DuckDB, Python and pyspark say of the same tables; and the grid that jumps."""
import collections
import datetime
import decimal
import fractions
import json
import math
import os
import pathlib
import random
import statistics
import subprocess
import time

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from harness import PYTHON, ROOT, Terminal, Workspace, main, need

WS = Workspace(demo=False)
SHARES = {"p5": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}
TESTDATA = pathlib.Path(os.environ.get("FIRESTEEL_TESTDATA", ROOT.parent / "shared/testdata")) / "parquet-testing"
EPOCH = datetime.datetime(1970, 1, 1)


def write(name, table, **options):
    path = WS.work / name
    pq.write_table(table, path, **options)
    return path


def stats(*args):
    return {c["column"]: c for c in WS.json("stats", *args)}


# ---- Exact values


def random_columns(rng, n):
    """Values as Python has them; None is NULL."""
    def holes(values, share=0.2):
        return [None if rng.random() < share else v for v in values]
    special = [math.nan, -0.0, 0.0, math.inf, -math.inf, 1e308, -5e-324]
    words = ["", "a", "ä", "æøå", "😀", "zz", "\u0000x", "line\nbreak", "x" * 300]
    day = datetime.date(2024, 2, 29)
    return {
        "i": (pa.int64(), holes([rng.choice([2**63 - 1, -2**63, rng.randrange(-9, 9)]) for _ in range(n)])),
        "b": (pa.int8(), holes([rng.randrange(-128, 128) for _ in range(n)], 0)),
        "u": (pa.uint64(), holes([rng.choice([2**64 - 1, rng.randrange(9)]) for _ in range(n)])),
        "d": (pa.float64(), holes([rng.choice([rng.gauss(0, 1e3), rng.choice(special[:3])]) for _ in range(n)])),
        "inf": (pa.float64(), holes([rng.choice(special) for _ in range(n)])),
        "f": (pa.float32(), holes([float(np.float32(rng.random())) for _ in range(n)])),
        "money": (pa.decimal128(12, 2), holes([decimal.Decimal(rng.randrange(-10**9, 10**9)).scaleb(-2) for _ in range(n)])),
        "wide": (pa.decimal128(38, 10), holes([decimal.Decimal(rng.choice([10**38 - 1, 1 - 10**38, 7])).scaleb(-10, decimal.Context(prec=50))
                                               for _ in range(n)])),
        "s": (pa.string(), holes([rng.choice(words) for _ in range(n)])),
        "raw": (pa.binary(), holes([rng.randbytes(rng.randrange(4)) for _ in range(n)])),
        "day": (pa.date32(), holes([day + datetime.timedelta(days=rng.randrange(-99999, 99999)) for _ in range(n)])),
        "at": (pa.timestamp("us"), holes([EPOCH + datetime.timedelta(microseconds=rng.randrange(10**16)) for _ in range(n)])),
        "yes": (pa.bool_(), holes([rng.random() < 0.3 for _ in range(n)])),
        "nothing": (pa.int32(), [None] * n),
        "list": (pa.list_(pa.int32()), holes([[1] * rng.randrange(4) for _ in range(n)])),
    }


def key(v):
    """Spark's order: NaN is the greatest and equal to itself, zeros are equal, text goes by bytes."""
    if isinstance(v, float):
        return (1, 0) if math.isnan(v) else (0, v + 0.0)
    return v.encode() if isinstance(v, str) else v


def shown(v, kind):
    """A value as the JSON has it."""
    if isinstance(v, float):
        return "NaN" if math.isnan(v) else "Infinity" if v == math.inf else "-Infinity" if v == -math.inf else v + 0.0
    if isinstance(v, bytes):
        import base64
        return base64.b64encode(v).decode()
    if isinstance(v, datetime.datetime):
        text = v.isoformat()
        return text.rstrip("0") if "." in text else text
    if isinstance(v, datetime.date):
        return v.isoformat()
    return v


def same(got, wanted, kind):
    if pa.types.is_float32(kind) and isinstance(wanted, float) and isinstance(got, (int, float, decimal.Decimal)):
        return np.float32(got) == np.float32(wanted)
    if isinstance(wanted, float) and not isinstance(got, str):
        return float(got) == wanted
    return got == wanted


def check_column(name, kind, values, got):
    def figure(which, wanted, equal=None):
        f = got.get(which)
        need(f and f["how"] == "exact", f"{name}: {which} is {f}")
        fine = equal(f["value"]) if equal else same(f["value"], shown(wanted, kind), kind)
        need(fine, f"{name}: {which} is {f['value']!r}, not {wanted!r}")
    there = [v for v in values if v is not None]
    figure("rows", len(values))
    figure("nulls", len(values) - len(there))
    if pa.types.is_list(kind):
        lengths = [len(v) for v in there]
        for which, wanted in ("min_length", min), ("max_length", max):
            figure(which, wanted(lengths))
        figure("mean_length", statistics.fmean(lengths), lambda v: math.isclose(v, statistics.fmean(lengths)))
        return
    counts = collections.Counter(key(v) for v in there)
    figure("distinct", len(counts))
    need(not there or "min" in got, f"{name}: {got}")
    if not there:
        need("min" not in got and "mean" not in got and not got["top"], f"{name}: {got}")
        return
    ordered = sorted(there, key=key)
    figure("min", ordered[0])
    figure("max", ordered[-1])
    numbers = [v for v in there if not (isinstance(v, float) and math.isnan(v))]
    if pa.types.is_floating(kind):
        figure("nans", len(there) - len(numbers))
    if pa.types.is_decimal(kind):
        exact = sum(map(fractions.Fraction, numbers)) / len(numbers)
        unit = fractions.Fraction(1, 10 ** (kind.scale + 4))
        figure("mean", exact, lambda v: abs(fractions.Fraction(v) - exact) <= unit / 2)
    elif isinstance(there[0], (int, float)) and not isinstance(there[0], bool):
        check_mean(numbers, figure)
    if isinstance(there[0], (str, bytes)):
        figure("min_length", min(map(len, there)))
        figure("max_length", max(map(len, there)))
    else:
        for which, share in SHARES.items():
            figure(which, ordered[max(0, math.ceil(share * len(ordered)) - 1)])
    most = sorted(counts.items(), key=lambda c: (-c[1], c[0]))[:5]
    if most[0][1] > 1:
        need([t["count"] for t in got["top"]] == [n for _, n in most], f"{name}: {got['top']} {most}")
        need(all(t["at_most"] == t["count"] and t["how"] == "exact" for t in got["top"]), f"{name}: {got['top']}")


def check_mean(numbers, figure):
    if not numbers or 1e150 < max(map(abs, numbers)) < math.inf:
        return  # their squares and sums are not doubles any more
    if not all(math.isfinite(v) for v in numbers):
        wanted = shown(float(sum(numbers)), None)
        figure("mean", wanted)
        return
    exact = sum(map(fractions.Fraction, numbers)) / len(numbers)
    figure("mean", exact, lambda v: math.isclose(v, float(exact), rel_tol=1e-15, abs_tol=1e-15))
    if len(numbers) > 1:
        spread = math.sqrt(sum((fractions.Fraction(v) - exact) ** 2 for v in numbers) / (len(numbers) - 1))
        figure("stddev", spread, lambda v: math.isclose(v, spread, rel_tol=1e-12))


def exact_json(text):
    return json.loads(text, parse_float=decimal.Decimal)


def check_table(columns, path):
    got = {c["column"]: c for c in exact_json(WS.ok("stats", "--scan", path, "-o", "json"))}
    for name, (kind, values) in columns.items():
        wanted = [int(v) if pa.types.is_uint64(kind) and v is not None else v for v in values]
        check_column(name, kind if not pa.types.is_uint64(kind) else pa.decimal128(20, 0), wanted, got[name])


def table_of(columns):
    return pa.table({k: pa.array(v, t) for k, (t, v) in columns.items()})


def test_figures_of_random_tables_are_exact():
    for seed in range(6):
        rng = random.Random(seed)
        columns = random_columns(rng, rng.choice([1, 2, 50, 3000]))
        check_table(columns, write("random.parquet", table_of(columns), row_group_size=rng.choice([7, 500])))


def test_figures_of_an_empty_table_are_exact():
    columns = {k: (t, []) for k, (t, _) in random_columns(random.Random(1), 1).items() if k != "list"}
    check_table(columns, write("empty.parquet", table_of(columns)))


def test_figures_go_over_all_files():
    parts = WS.work / "parts"
    parts.mkdir()
    columns = random_columns(random.Random(11), 2000)
    for i in range(5):
        pq.write_table(table_of(columns).slice(i * 400, 400), parts / f"part-{i}.parquet")
    check_table(columns, parts)


def test_text_formats_are_scanned():
    (WS.work / "t.csv").write_text("a,b\n1,x\n2,\n3,y\n3,y\n")
    (WS.work / "csv.yaml").write_text("sources:\n  - {name: t, variant: v1, path: " + str(WS.work / "t.csv")
                                      + ", format: csv, options: {header: true, inferSchema: true}}\n")
    WS.ok("apply", "csv.yaml")
    got = stats("--scan", "t")
    need(got["a"]["mean"] == {"value": 2.25, "how": "exact"} and got["a"]["type"] == "int", got["a"])
    need(got["b"]["nulls"]["value"] == 1 and got["b"]["top"][0]["value"] == "y", got["b"])
    need("--scan" in WS.fails(1, "stats", "t"), "the way to figures is not told")


# ---- Approximate values


def test_estimates_are_as_near_as_they_say():
    n = 400_000
    rng = np.random.default_rng(3)
    columns = {"key": np.arange(n), "normal": rng.normal(size=n), "skewed": rng.zipf(1.3, n).clip(max=10**9),
               "few": rng.integers(0, 20_000, n)}
    path = write("large.parquet", pa.table({**columns, "text": [f"user {v}" for v in columns["few"]]}), row_group_size=100_000)
    got = stats("--scan", path)
    for name in columns:
        ordered = np.sort(columns[name])
        check_estimates(name, got[name], ordered)
    distinct = got["text"]["distinct"]
    true = len(np.unique(columns["few"]))
    need(distinct["how"] == "approximate" and abs(distinct["value"] / true - 1) < 0.0163 * 1.6, f"{distinct} {true}")
    need(not got["key"]["top"], got["key"]["top"])
    values, counts = np.unique(columns["skewed"], return_counts=True)
    true = dict(zip(values.tolist(), counts.tolist()))
    top = got["skewed"]["top"]
    need([t["value"] for t in top] == [1, 2, 3, 4, 5], top)
    need(all(t["count"] <= true[t["value"]] <= t["at_most"] for t in top), (top, true))


def check_estimates(name, got, ordered):
    true = len(np.unique(ordered))
    distinct = got["distinct"]
    need(distinct["how"] == "approximate" and distinct["error"] == "1.6 %", distinct)
    need(abs(distinct["value"] / true - 1) < 0.0163 * 1.6, f"{name}: {distinct} {true}")
    for which, share in SHARES.items():
        f = got[which]
        need(f["how"] == "approximate" and f["error"] == "0.44 % of the ranks", f)
        low, high = (np.searchsorted(ordered, f["value"], side) / len(ordered) for side in ("left", "right"))
        need(low - 0.0044 <= share <= high + 0.0044, f"{name}: {which} {f['value']} has ranks {low}..{high}")


def test_a_sample_says_that_it_is_one():
    path = write("sampled.parquet", pa.table({"i": range(100_000)}), row_group_size=10_000)
    got = stats("--sample", 1600, path)["i"]
    need(got["source"] == "sample" and "16 places" in got["sampled"], got)
    need(got["rows"]["value"] == 1600 and got["min"]["value"] == 0 and got["max"]["value"] > 90_000, got)
    run = WS.run("stats", "--sample", 1600, path)
    need("  sampled " in run.stdout and "  exact" not in run.stdout and "a sample of" in run.stderr, run.stdout + run.stderr)
    need(stats("--sample", 10**6, path)["i"]["source"] == "scan", "more than there are is all of them")
    (WS.work / "s.jsonl").write_text("".join(f'{{"i":{i}}}\n' for i in range(100)))
    got = stats("--sample", 10, "s.jsonl")["i"]
    need(got["sampled"] == "the first 10 rows" and got["rows"]["value"] == 10, got)
    need(stats("--sample", 1000, "s.jsonl")["i"]["source"] == "scan", "all were read")


# ---- Footers


def test_footers_agree_with_a_scan():
    columns = random_columns(random.Random(4), 4000)
    del columns["list"]
    folder = WS.work / "footers"
    folder.mkdir()
    for i in range(4):
        pq.write_table(table_of(columns).slice(i * 1000, 1000), folder / f"part-{i}.parquet", row_group_size=300)
    footers, scan = stats(folder), stats("--scan", folder)
    need(list(footers) == list(columns), list(footers))
    for name, f in footers.items():
        need(f["source"] == "footers" and f["rows"] == scan[name]["rows"] and f["nulls"] == scan[name]["nulls"], f"{name}: {f}")
        for end in "min", "max":
            of_nan = scan[name].get("nans", {}).get("value") and end == "max"
            if f[end]["how"] == "exact" and not of_nan:
                need(f[end]["value"] == scan[name][end]["value"], f"{name}: {f[end]} {scan[name][end]}")
    need(footers["money"]["min"]["how"] == "exact", footers["money"])
    need(footers["nothing"]["min"] == {"how": "not said"}, footers["nothing"])
    need(footers["d"]["max"].get("error") == "NaN is not counted", footers["d"])
    text = WS.ok("stats", folder)
    need("from footers, exact" in text and "from footers, not said  min, max" in text, text)


def test_info_adds_up_all_files():
    folder = WS.work / "info"
    folder.mkdir()
    for i in range(3):
        pq.write_table(pa.table({"a": range(i * 10, i * 10 + 10)}), folder / f"part-{i}.parquet", row_group_size=4,
                       compression=["zstd", "snappy", "none"][i], write_page_index=i == 1,
                       sorting_columns=[pq.SortingColumn(0)])
    info = WS.json("info", folder)
    need((info["files"], info["rows"], info["row_groups"]) == (3, 30, 9), info)
    need(info["size"] == sum(p.stat().st_size for p in folder.iterdir()), info)
    a = info["columns"][0]
    need(sorted(a["codecs"]) == ["SNAPPY", "UNCOMPRESSED", "ZSTD"] or len(a["codecs"]) == 3, a)
    need((a["chunks"], a["offset_indexes"], a["column_indexes"], a["bloom_filters"]) == (9, 3, 3, 0), a)
    need((a["min"]["value"], a["max"]["value"]) == (0, 29), a)
    need(info["sorted"] == ["a NULLS LAST"], info["sorted"])
    need(info["first_file"]["rows"] == 10 and "parquet-cpp" in info["writers"][0], info)
    rows = WS.json("info", folder, "--files")[1]
    need(rows["file"].endswith("part-1.parquet") and rows["rows"] == 10 and rows["row_groups"] == 3, rows)


def test_a_file_without_a_footer_is_told_and_left_out():
    folder = WS.work / "damaged"
    folder.mkdir()
    for i in range(4):
        pq.write_table(pa.table({"a": [i, i + 10]}), folder / f"part-{i}.parquet")
    for i in 0, 2:
        path = folder / f"part-{i}.parquet"
        path.write_bytes(path.read_bytes()[:-9])
    for verb in "info", "stats":
        done = WS.run(verb, folder, "-o", "json")
        need(done.returncode == 1, f"{verb}: exit code {done.returncode}")
        for i in range(4):
            need((f"left out: {folder}/part-{i}.parquet: " in done.stderr) == (i % 2 == 0), f"{verb}: {done.stderr}")
        told = json.loads(done.stdout)
        a = (told["columns"] if verb == "info" else told)[0]
        need((a["min"]["value"], a["max"]["value"]) == (1, 13), f"{verb}: {a}")
        if verb == "info":
            need([told["files"], told["rows"], told["files_left_out"], len(told["left_out"])] == [4, 4, 2, 2], told)
    for i in 1, 3:
        (folder / f"part-{i}.parquet").unlink()
    done = WS.run("info", folder)
    need(done.returncode == 1 and not done.stdout and "does not end in PAR1" in done.stderr, done.stderr)


def test_a_required_column_has_no_nulls_whatever_is_said():
    schema = pa.schema([pa.field("a", pa.int32(), nullable=False), pa.field("b", pa.int32())])
    path = write("silent.parquet", pa.table({"a": [1], "b": [2]}, schema=schema), write_statistics=False)
    got = stats(path)
    need(got["a"]["nulls"] == {"value": 0, "how": "exact"} and got["b"]["nulls"] == {"how": "not said"}, got)


def test_folder_names_say_what_they_know():
    for i, part in enumerate(["k=7", "k=11", "k=__HIVE_DEFAULT_PARTITION__"]):
        folder = WS.work / "hive" / part
        folder.mkdir(parents=True)
        pq.write_table(pa.table({"a": range(i + 1)}), folder / "f.parquet")
    k, scan = stats("hive")["k"], stats("--scan", "hive")["k"]
    need(k["type"] == "int" and k["min"] == scan["min"] == {"value": 7, "how": "exact"}, (k, scan))
    need(k["max"] == scan["max"] == {"value": 11, "how": "exact"} and k["nulls"] == scan["nulls"], (k, scan))
    need("in the folder names" in WS.ok("schema", "hive"), WS.ok("schema", "hive"))


# ---- Schema


def read_by_spark(text):
    """What pyspark makes of a schema; in a process of its own, for which our profile.py is not Python's."""
    code = "import sys, pyspark.sql.types as t, json; print(t.StructType.fromJson(json.load(sys.stdin)).simpleString())"
    return subprocess.run([PYTHON, "-c", code], input=text, cwd=WS.work, text=True, capture_output=True, check=True).stdout.strip()


def test_schemas_are_those_that_spark_reads():
    kinds = {"b": pa.int8(), "i": pa.int32(), "l": pa.list_(pa.struct([("x", pa.decimal128(9, 2)), ("y", pa.list_(pa.string()))])),
             "m": pa.map_(pa.string(), pa.int64()), "t": pa.timestamp("us", "UTC"), "n": pa.timestamp("us"), "f": pa.float32()}
    path = write("kinds.parquet", pa.schema(kinds.items()).empty_table())
    text = WS.ok("schema", path, "--spark")
    need(read_by_spark(text) == "struct<b:tinyint,i:int,l:array<struct<x:decimal(9,2),y:array<string>>>,m:map<string,bigint>,"
         "t:timestamp,n:timestamp_ntz,f:float>", read_by_spark(text))
    columns = WS.json("schema", path)
    need([c["field"] for c in columns] == json.loads(text)["fields"], columns)
    tree = columns[2]["parquet"]
    need(tree["logical"] == "LIST" and tree["fields"][0]["repetition"] == "repeated", tree)
    need(tree["fields"][0]["fields"][0]["fields"][0]["logical"] == "DECIMAL(9,2)", tree)
    text = WS.ok("schema", path)
    need("   `- element" in text and "      |- x" in text and "optional INT32 INT(8,true)" in text, text)


# ---- Interruption


def test_control_c_shows_nothing():
    rng = np.random.default_rng(1)
    path = write("long.parquet", pa.table({f"c{k}": rng.integers(0, 2**62, 1_000_000) for k in range(40)}), compression="none",
                 use_dictionary=False)
    t = Terminal(WS, "stats", "--scan", str(path), "-o", "csv")
    end = time.monotonic() + 60
    while "%" not in t.text() and time.monotonic() < end:
        t.pump(0.02)
    need("of 1,000,000 rows" in t.text(), t.text())
    t.send("\x03")
    need(os.waitstatus_to_exitcode(t.wait_exit()) == 130, "exit code")
    need("nothing is shown" in t.text() and "distinct" not in t.text(), t.text())
    t.close()


# ---- Files that are not what they claim


def test_hostile_files_do_not_break_anything():
    files = sorted(TESTDATA.rglob("*.parquet"))
    need(len(files) > 50 or not TESTDATA.exists(), f"{TESTDATA} has {len(files)} files")
    for path in files:
        for args in ("stats", path), ("stats", "--scan", path), ("info", path, "-o", "json"), ("schema", path):
            run = WS.run(*args, timeout=60)
            need(run.returncode in (0, 1, 2), f"{args}: exit {run.returncode}\n{run.stderr[:500]}")
            need(run.returncode == 0 or run.stderr.strip(), f"{args}: failed without a word")


# ---- The grid


def test_the_grid_reaches_any_row():
    path = write("rows.parquet", pa.table({"id": range(1_000_000), "word": [f"w{i}" for i in range(1_000_000)]}), row_group_size=100_000)
    out = WS.screen(f"type :preview {path}\nkey enter\nexpect w17\nkey G\nexpect w999999\nexpect 1,000,000/1,000,000\ndump end\n"
                    "key pgup pgup pgup pgup\nexpect 999,928/1,000,000\nexpect w999927\n"
                    "key #\ntype 500000\nkey enter\nexpect w499999\nexpect 500,000/1,000,000\nkey up\nexpect 499,999/\n"
                    "key pgup pgup pgup pgup pgup pgup\nexpect w499890\nwait\ndump before\n"
                    "key g\nexpect w17\nkey G\nkey enter\nexpect row 1,000,000 of\nexpect w999999\nkey q\n"
                    "key #\ntype x\nkey enter\nexpect is not the number of a row\n")
    ids = [int(line.split()[0]) for line in out["end"].splitlines() if line.split()[-1:] and line.split()[-1].startswith("w9")]
    need(ids == list(range(1_000_000 - len(ids), 1_000_000)) and len(ids) > 15, out["end"])
    ids = [int(line.split()[0]) for line in out["before"].splitlines() if line.split()[-1:] and line.split()[-1].startswith("w4")]
    need(ids == list(range(ids[0], ids[0] + len(ids))) and len(ids) > 15, out["before"])


def test_the_grid_goes_on_from_a_row_far_down():
    """Most columns are out of sight, but they are not many."""
    n, columns = 50_000, 30
    path = write("thirty.parquet", pa.table({f"c{k}": [i * 100 + k for i in range(n)] for k in range(columns)}), row_group_size=5_000)
    pages = " ".join(["pgdn"] * 10)
    out = WS.screen(f"type :preview {path}\nkey enter\nexpect 1007\nkey #\ntype 20000\nkey enter\nexpect 1999900\nwait\n" +
                    f"key {pages}\nwait\n" * 12 + "dump down\nkey $\nexpect c29\nwait\ndump right\n", size="80x24")
    for name, first in ("down", 0), ("right", 21):
        rows = [[int(v) for v in line.split()[:-1]] for line in out[name].split("\n") if line.split()[-1:] and line.split()[0].isdigit()]
        need(len(rows) > 18 and all(len(row) > 5 and row[0] > 2_200_000 for row in rows), out[name])
        need(all([v % 100 for v in row] == list(range(first, first + len(row))) for row in rows), out[name])


def wide_table():
    n, columns = 30_000, 300
    return write("wide.parquet", pa.table({f"c{k}": [i * 1000 + k for i in range(n)] for k in range(columns)}), row_group_size=5_000,
                 use_dictionary=False)


def test_the_grid_of_a_wide_table_has_what_is_in_sight():
    out = WS.screen(f"type :preview {wide_table()}\nkey enter\nexpect 1007\nkey G\nexpect 29999007\nkey $\nexpect 29999299\nwait\ndump end\n"
                    "key #\ntype 15000\nkey enter\nexpect 14999299\nkey ^\nexpect 14999000\nkey enter\nexpect row 15,000 of\n"
                    "expect 14999003\nkey q\nkey g\nkey enter\nexpect row 1 of\nkey end\nexpect c299\nexpect 299\n", size="100x30")
    need("29999298" in out["end"] and "…" not in out["end"].split("\n", 2)[2], out["end"])


def test_the_grid_of_a_wide_table_goes_sideways():
    """One column at a time there and back, with columns kept at the left, on a wider screen: each value is its own."""
    steps = " ".join(["l"] * 40)
    out = WS.screen(f"type :preview {wide_table()}\nkey enter\nexpect 1007\nkey j j z {steps}\nexpect 2040\nwait\ndump right\n"
                    "resize 160x30\nwait\ndump wider\nkey pgdn pgdn pgdn pgdn pgdn pgdn pgdn\nwait\ndump down\nkey ^ l\nexpect 1001\nwait\ndump back\n",
                    size="100x30")
    for name, screen in out.items():
        lines = screen.split("\n")
        head = next(i for i, line in enumerate(lines) if line.split()[:1] == ["c0"])
        names, rows = lines[head].split(), [line.split() for line in lines[head + 2:] if line.split()[-1:] and line.split()[0].isdigit()]
        need(len(names) > 8 and len(rows) > 20, screen)
        for row in rows:
            values = [int(v) for v in row[:len(names) - 1]]  # the last one may be cut
            need([v % 1000 for v in values] == [int(c[1:]) for c in names[:-1]] and len({v // 1000 for v in values}) == 1, (row, screen))
    need("c40" in out["right"] and "c42" in out["wider"].split("\n")[1] + out["wider"].split("\n")[2], out["wider"])


def test_the_grid_of_a_wide_table_gives_what_is_out_of_sight():
    """What is found, shown below, copied."""
    path = wide_table()
    WS.screen(f"type :preview {path}\nkey enter\nexpect 1007\nkey /\ntype 7250\nexpect 1 of \nkey enter\nwait\nexpect c250\nexpect 7250\n"
              "expect 8/30,000\n", size="100x30")
    WS.screen(f"type :preview {path}\nkey enter\nexpect 1007\nkey | j j\nwait\nexpect row 3 of\nkey tab G\nexpect 2299\n", size="100x30")
    WS.screen(f"type :preview {path}\nkey enter\nexpect 1007\nkey v j y\nexpect copied 2 rows\nwait\nkey $ y\nexpect copied c299 of row 2: 4 bytes\n"
              "key Y\nexpect copied row 2 as tsv: 1,500 bytes\n", size="100x30")  # 300 values


if __name__ == "__main__":
    try:
        main(globals())
    finally:
        WS.close()
