"""preview --where beside DuckDB: hundreds of random conditions over files of every kind of index, and what could be left out."""
import datetime
import decimal
import json
import math
import random
import re
import subprocess

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from harness import BINARY, Workspace, main, need

WS = Workspace(demo=False)
N = 12_000
QUESTIONS = 60  # a file
dec = decimal.Decimal
EPOCH = datetime.datetime(1970, 1, 1)


def table():
    """Columns sorted and not, with NULL, NaN, both zeros, infinities, text beyond ASCII; whole pages of NULL."""
    dice = random.Random(7)
    words = ["", "a", "aa", "ünïcode", "€uro", "\U0001F600", "zebra", "Zebra", "a\x01b", "it's"]
    reals = [0.0, -0.0, math.nan, math.inf, -math.inf, 1e-300]

    def some(value):
        return [None if i // 400 % 9 == 4 or dice.random() < 0.06 else value(i) for i in range(N)]

    return pa.table({
        "id": pa.array(range(N), pa.int64()),
        "up": pa.array([i // 5 - 500 for i in range(N)], pa.int32()),
        "any": pa.array(some(lambda i: dice.randrange(-10**12, 10**12)), pa.int64()),
        "few": pa.array(some(lambda i: dice.randrange(40)), pa.int16()),
        "u": pa.array(some(lambda i: dice.randrange(2**32)), pa.uint32()),
        "real": pa.array(some(lambda i: dice.choice(reals) if dice.random() < 0.02 else dice.randrange(4000) / 8 - 90), pa.float64()),
        "single": pa.array(some(lambda i: dice.choice(reals[:5]) if i > 8000 else dice.randrange(900) / 4), pa.float32()),
        "word": pa.array(some(lambda i: dice.choice(words))),
        "text": pa.array(some(lambda i: f"{words[i // 1300]}/{dice.randrange(10**6)}-a longer text to be shortened {'x' * (i % 90)}")),
        "money": pa.array(some(lambda i: dec(dice.randrange(-9999, 9999)).scaleb(-2)), pa.decimal128(8, 2)),
        "large": pa.array(some(lambda i: dec(dice.randrange(-10**15, 10**15)).scaleb(-3)), pa.decimal128(17, 3)),
        "wide": pa.array(some(lambda i: dec(dice.randrange(-10**30, 10**30)).scaleb(-5, decimal.Context(prec=50))), pa.decimal128(38, 5)),
        "day": pa.array([datetime.date(2019, 1, 1) + datetime.timedelta(i // 60) for i in range(N)], pa.date32()),
        "ms": pa.array(some(lambda i: 1_600_000_000_000 + dice.randrange(10**9)), pa.timestamp("ms", "UTC")),
        "us": pa.array(some(lambda i: -5_000_000 + i * 1000), pa.timestamp("us", "UTC")),
        "local": pa.array(some(lambda i: dice.randrange(10**15)), pa.timestamp("us")),
        "flag": pa.array(some(lambda i: dice.random() < 0.5), pa.bool_()),
    })


TABLE = table()


def bloom(t):
    return {name: {"ndv": 4000, "fpp": 0.02} for name in t.column_names if name != "flag"}


def make_files():
    small = {"row_group_size": 2500, "data_page_size": 512, "write_batch_size": 64}
    pq.write_table(TABLE, WS.work / "index.parquet", write_page_index=True, **small)
    pq.write_table(TABLE, WS.work / "plain.parquet", use_dictionary=False, write_page_index=True, compression="zstd",
                   store_decimal_as_integer=True, data_page_version="2.0", **small)
    pq.write_table(TABLE, WS.work / "bloom.parquet", row_group_size=1000, bloom_filter_options=bloom(TABLE))
    pq.write_table(TABLE, WS.work / "int96.parquet", use_deprecated_int96_timestamps=True, row_group_size=3000)
    pq.write_table(TABLE, WS.work / "bare.parquet", write_statistics=False)
    db = duckdb.connect()
    db.execute("SET TimeZone='UTC'")
    db.register("t", TABLE)
    db.execute(f"COPY t TO '{WS.work}/duck.parquet' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 2048)")
    WS.ok("preview", "index.parquet", "-o", "parquet", "--into", "ours")  # our own writer's indexes
    WS.ok("preview", "index.parquet", "-o", "parquet", "--into", "parts", "--partition-by", "few")


make_files()
FILES = ["index.parquet", "plain.parquet", "bloom.parquet", "int96.parquet", "bare.parquet", "duck.parquet", "ours", "parts"]


# ---- Conditions in both dialects ---------------------------------------------------------------


def literal(name, v):
    """As Spark writes it, and as DuckDB does."""
    kind = TABLE.schema.field(name).type
    if pa.types.is_floating(kind):
        duck = "float" if kind == pa.float32() else "double"
        text = "NaN" if math.isnan(v) else "-Infinity" if v == -math.inf else "Infinity" if v == math.inf else repr(v)
        return f"cast('{text}' as {duck})", f"'{text}'::{duck}"
    if pa.types.is_string(kind):
        return "'" + v.replace("\\", "\\\\").replace("'", "\\'") + "'", "'" + v.replace("'", "''") + "'"
    if pa.types.is_decimal(kind):
        return f"{v:f}BD", f"{v:f}::DECIMAL(38,{-v.as_tuple().exponent})"
    if pa.types.is_date(kind):
        return (f"DATE '{v}'",) * 2
    if pa.types.is_timestamp(kind):
        text = v.replace(tzinfo=None).isoformat(" ")
        return (f"TIMESTAMP '{text}'", f"TIMESTAMPTZ '{text}+00'") if kind.tz else (f"TIMESTAMP_NTZ '{text}'", f"TIMESTAMP '{text}'")
    return (str(v).lower(),) * 2


def near(dice, name):
    """A value that is there, or one beside it."""
    kind = TABLE.schema.field(name).type
    v = None
    while v is None:
        v = TABLE.column(name)[dice.randrange(N)].as_py()
    if dice.random() < 0.4:
        if pa.types.is_integer(kind):
            v += dice.choice([-1, 1])
        elif pa.types.is_string(kind):
            v = v[:dice.randrange(len(v) + 1)] + dice.choice(["", "~", "é"])
        elif pa.types.is_decimal(kind):
            v += dec(1).scaleb(-kind.scale)
        elif pa.types.is_floating(kind) and math.isfinite(v):
            v = v / 2 if v else -v
    return v


def term(dice):
    name = dice.choice(TABLE.column_names)
    quoted = "`%s`" % name, '"%s"' % name
    how = dice.randrange(10)
    if how == 0:
        return tuple(f"{q} IS {dice_not}NULL" for q in quoted) if (dice_not := dice.choice(["", "NOT "])) is not None else None
    if how == 1:
        values = [literal(name, near(dice, name)) for _ in range(dice.randrange(1, 5))]
        return tuple(f"{q} IN ({', '.join(v[k] for v in values)})" for k, q in enumerate(quoted))
    if how == 2 and TABLE.schema.field(name).type == pa.string():
        start = near(dice, name)[:3].replace("%", "").replace("_", "").replace("\\", "")
        texts = literal(name, start + "%")
        return tuple(f"{q} LIKE {t}" for q, t in zip(quoted, texts))
    if how == 3:
        return dice.choice([("flag", "flag"), ("NOT flag", "NOT flag")])
    sign = dice.choice(["=", "=", "<", "<=", ">", ">=", "<>"])
    return tuple(f"{q} {sign} {t}" for q, t in zip(quoted, literal(name, near(dice, name))))


def question(dice):
    terms = [term(dice) for _ in range(dice.choice([1, 1, 2, 2, 3]))]
    word = " OR " if len(terms) > 1 and dice.random() < 0.15 else " AND "
    return tuple(word.join(f"({t[k]})" for t in terms) for k in range(2))


# ---- Answers -----------------------------------------------------------------------------------


def ours(path, where, *args):
    run = subprocess.run([BINARY, "preview", path, "-w", where, "-n", "0", "-o", "jsonl", *args], cwd=WS.work, env=WS.env,
                         capture_output=True, text=True)
    need(run.returncode == 0, f"{path} where {where}: {run.stderr}")
    return [json.loads(line) for line in run.stdout.splitlines()], run.stderr


def duck_db():
    db = duckdb.connect()
    db.execute("SET TimeZone='UTC'")
    db.register("t", TABLE)
    return db


def explain(path, where):
    return json.loads(ours(path, where, "--explain", "-c", "id")[1].splitlines()[-1])


def check_file(path):
    dice = random.Random(path)
    db = duck_db()
    met = 0
    for _ in range(QUESTIONS):
        spark, duck = question(dice)
        expected = [row[0] for row in db.execute(f"SELECT id FROM t WHERE {duck} ORDER BY id").fetchall()]
        got = sorted(row["id"] for row in ours(path, spark, "-c", "id")[0])
        need(got == expected, f"{path}: {spark}: {len(got)} rows, not {len(expected)}; "
                              f"for one {sorted(set(got) ^ set(expected))[:3]}")
        met += 0 < len(expected) < N
    need(met > QUESTIONS / 4, f"{path}: only {met} questions asked anything")


def test_random_conditions_meet_the_rows_that_duckdb_finds():
    for path in FILES:
        check_file(path)


def test_other_columns_come_with_their_own_rows():
    for path in FILES[:4]:
        rows, _ = ours(path, "money = 12.34 or any > 990000000000")
        need(len(rows) > 10, f"{path}: {len(rows)} rows")
        for row in rows:
            expected = TABLE.slice(row["id"], 1).to_pylist()[0]
            for name in "up", "few", "word", "text", "flag":
                need(row[name] == expected[name], f"{path}: row {row['id']}: {name} is {row[name]}, not {expected[name]}")


def test_nan_and_zeros_are_where_bounds_and_filters_do_not_say():
    """Groups of two rows: bounds never tell of NaN, and a zero is stored in two ways."""
    reals = [1.0, math.nan, 2.0, -0.0, 0.0, 3.0, -5.0, None, math.nan, math.nan, 7.0, 8.0]
    for kind in pa.float64(), pa.float32():
        table = pa.table({"id": range(len(reals)), "x": pa.array(reals, kind)})
        pq.write_table(table, WS.work / "reals.parquet", row_group_size=2, write_page_index=True, use_dictionary=False,
                       bloom_filter_options={"x": {"ndv": 10, "fpp": 0.001}})
        for where, expected in {"x > 6": [1, 8, 9, 10, 11], "x = 0D": [3, 4], "x = -0.0D": [3, 4], "x >= 8": [1, 8, 9, 11],
                                "x = cast('NaN' as double)": [1, 8, 9], "x < 0": [6], "x <= 0": [3, 4, 6], "x is null": [7],
                                "x in (0D, 7D)": [3, 4, 10], "x = 6D": []}.items():
            got = [row["id"] for row in ours("reals.parquet", where)[0]]
            need(got == expected, f"{kind}: {where}: {got}")


def test_a_term_that_fails_is_not_passed_over_by_the_terms_behind_it():
    """As in Spark: terms are tried from left to right."""
    pq.write_table(pa.table({"id": [1, 2, 3], "x": [1, 0, 2]}), WS.work / "zero.parquet")
    need([r["id"] for r in ours("zero.parquet", "id = 3 AND 6 / x = 3")[0]] == [3], "the first term keeps it from the second")
    run = WS.run("preview", "zero.parquet", "-w", "6 / x = 3 AND id = 3")
    need(run.returncode == 1 and "DIVIDE_BY_ZERO" in run.stderr, run.stderr)
    told = explain("index.parquet", "upper(word) = 'A' AND up = 1000")
    need(told["left_out"]["pages"]["rows"] > 2000, f"upper has an answer to everything: {told}")


# ---- What is left out --------------------------------------------------------------------------


def test_explain_says_what_left_rows_out():
    cases = [("index.parquet", "up = 1000", "pages", "rows", 2000), ("index.parquet", "up = 1000", "statistics", "row_groups", 4),
             ("bloom.parquet", "text = 'a/7'", "bloom", "row_groups", 1), ("index.parquet", "word = 'b'", "dictionary", "row_groups", 5),
             ("duck.parquet", "few = 99", "statistics", "row_groups", 6), ("parts", "few = 7", "partition", "files", 30),
             ("plain.parquet", "money = 12.34", "value", "rows", 1000)]
    for path, where, by, what, least in cases:
        told = explain(path, where)
        need(told["left_out"][by][what] >= least, f"{path} where {where}: {told}")


def test_a_bloom_filter_rules_out_what_statistics_cannot():
    for where in ("any = 77", "text = 'a/7'", "real = 0.0625", "money = 0.01", "wide = 1.00001", "us = timestamp '1970-01-01 00:00:01.0005'"):
        told = explain("bloom.parquet", where)
        left = told["left_out"]
        need(any(c["condition"] and "bloom" in c["by"] for c in told["conditions"]), f"{where}: {told['conditions']}")
        need(left["bloom"]["row_groups"] > 0 or left["statistics"]["row_groups"] >= 10, f"{where}: {left}")


def test_a_bloom_filter_has_all_that_is_there():
    dice = random.Random(3)
    for name in "any", "u", "text", "money", "large", "wide", "ms", "us", "local", "day", "few", "real", "single":
        some = {v for v in (TABLE.column(name)[dice.randrange(N)].as_py() for _ in range(40)) if v is not None}
        values = [literal(name, v)[0] for v in some]
        rows = [row for k in range(0, len(values), 6)
                for row in ours("bloom.parquet", f"{name} IN ({', '.join(values[k:k + 6])})", "-c", "id")[0]]
        found = {repr(TABLE.column(name)[row["id"]].as_py()) for row in rows}
        need(not {repr(v) for v in some if v} - found, f"{name}: not found: {sorted({repr(v) for v in some if v} - found)[:3]}")


def test_a_sorted_column_costs_little():
    whole = sum(f.stat().st_size for f in (WS.work / "ours").glob("*.parquet"))
    told = explain("ours", "id = 777")
    need(told["bytes_read"] < whole, str(told))
    need(told["seen"]["rows"] >= N, str(told))


def looked_for(file, where, *then):
    """The title of the rows of a file, once those that meet a condition are there."""
    script = [f"type :preview {file}", "key enter", "expect 1/12,000", "refute kB of", "key w", f"type {where}", "key enter",
              f"expect where {where}", *then, "wait", "dump shown", "key w ctrl-u enter", "expect 1/12,000", "refute kB of"]
    return WS.screen("\n".join(script) + "\n", "140x24")["shown"].splitlines()[0]


def test_the_title_of_rows_that_were_looked_for_says_what_was_read():
    told = WS.run("preview", "index.parquet", "-w", "id = 777", "--explain").stderr
    looked, read = re.search(r"looked at: .*, (.*); read: (.*)", told).groups()
    need(f"1/1 exact  read {read} of {looked}  where" in looked_for("index.parquet", "id = 777"), f"not as in {told}")
    some = "up BETWEEN 0 AND 399"
    need("1/200+ read so far  where" in looked_for("index.parquet", some), "told before all were there")
    title = looked_for("index.parquet", some, "key G", "expect 2,000/2,000 exact")
    need(re.search(r"exact  read [0-9]+ kB of 1.1 MB  where", title), title)
    title = looked_for("bare.parquet", "id >= 0", "key G", "expect 12,000/12,000 exact")
    need("exact  where" in title, f"nothing was left out: {title}")


def test_explain_speaks_to_people_as_well():
    run = WS.run("preview", "index.parquet", "-w", "up = 1000 AND upper(word) = 'A'", "--explain")
    need("left out by indexes of pages" in run.stderr and "up = 1000: by" in run.stderr, run.stderr)


if __name__ == "__main__":
    try:
        main(globals())
    finally:
        WS.close()
