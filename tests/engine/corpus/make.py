#!/usr/bin/env python3
"""Answers of real Spark to the statements of NAME.sql, into FOLDER/NAME.golden: make.py FOLDER NAME...

`make.py check [K/N]` asks it again and compares with the goldens here: of all statements, or of every N-th from K on.
`make.py data` writes the tables (parquet, small, full of odd values). A golden has, for
each statement, a line `# number`, the columns with their types, and the rows as text (sorted, unless
the statement is marked `-- ordered`), or the error condition."""
import datetime
import decimal
import json
import math
import os
import re
import sys

from pyspark import SparkContext
from pyspark.sql import SparkSession, functions as F, types as T

NULL = "\\N"


def session():
    s = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.sql.parquet.compression.codec", "none")
        .getOrCreate()
    )
    s.sparkContext.setLogLevel("OFF")
    return s


def numbers():
    big = decimal.Decimal("1234567890123456789012345678.1234567890")
    d = decimal.Decimal
    rows = [
        (1, 1, 1, 1, 1, 1.5, 1.5, d("1.50"), d("1.5")),
        (2, -128, -32768, -2147483648, -9223372036854775808, -0.0, -0.0, d("-99999999.99"), -big),
        (3, 127, 32767, 2147483647, 9223372036854775807, 3.4028235e38, 1.7976931348623157e308,
         d("99999999.99"), big),
        (4, None, None, None, None, None, None, None, None),
        (5, 0, 0, 0, 0, float("nan"), float("nan"), d("0.00"), d("0")),
        (6, 7, 7, 7, 7, float("inf"), float("-inf"), d("0.01"), d("0.0000000001")),
        (7, -7, -7, -7, -7, 1.0e-10, 1.0e-10, d("-0.01"), d("-0.0000000001")),
        (8, 3, 3, 3, 3, 0.1, 0.1, d("12.34"), d("12.3456789012")),
        (9, 2, 2, 2, 2, 0.0, 0.0, d("2.50"), d("2.5")),
        (10, 10, 100, 1000, 10000, 16777216.0, 9007199254740992.0, d("1000.00"), d("1000")),
    ]
    schema = ("id int, b tinyint, s smallint, i int, l bigint, f float, d double, "
              "m decimal(10,2), w decimal(38,10)")
    return rows, schema


def texts():
    rows = [
        (1, "hello", "l", b"hello"),
        (2, "", "", b""),
        (3, None, "x", None),
        (4, "h\U0001F600llo w\u00f6rld", "\U0001F600", "\U0001F600".encode()),
        (5, "  padded  ", " ", b"\x00\xff"),
        (6, "ABC def GHI", "D", b"\x01\x02\x03"),
        (7, "a,b,,c", ",", b"zz"),
        (8, "100%_done\\", "%", b"\\"),
        (9, "tab\there\nline", "\n", b"\n"),
        (10, "42", "4", b"42"),
        (11, " 3.75 ", ".", b"x"),
        (12, "stra\u00dfe \u00c9COLE", "\u00df", b"\xc3\x9f"),
        (13, "2021-02-28", "-", b"d"),
        (14, "aaa", "aa", b"aaa"),
    ]
    return rows, "id int, t string, u string, x binary"


def times():
    d, t, u = datetime.date, datetime.datetime, datetime.timezone.utc
    rows = [
        (1, d(2020, 2, 29), t(2020, 2, 29, 12, 34, 56, 789012, u), t(2020, 2, 29, 12, 34, 56)),
        (2, d(1500, 2, 28), t(1500, 2, 28, 1, 2, 3, 0, u), t(1500, 3, 1)),
        (3, d(1, 1, 1), t(1, 1, 1, 0, 0, 0, 0, u), t(1, 1, 1)),
        (4, d(9999, 12, 31), t(9999, 12, 31, 23, 59, 59, 999999, u), t(9999, 12, 31)),
        (5, d(1969, 12, 31), t(1969, 12, 31, 23, 59, 59, 500000, u), t(1969, 12, 31, 23, 59)),
        (6, None, None, None),
        (7, d(2021, 1, 31), t(2021, 1, 31, 0, 0, 0, 0, u), t(2021, 1, 31)),
        (8, d(2024, 12, 30), t(2024, 12, 30, 6, 0, 0, 1, u), t(2024, 12, 30, 6)),
    ]
    return rows, "id int, d date, ts timestamp, n timestamp_ntz"


def people():
    d = decimal.Decimal
    rows = [
        (1, "Ann", "ops", d("5000.00"), datetime.date(2015, 3, 1), None),
        (2, "Bob", "ops", d("4000.50"), datetime.date(2016, 7, 15), 1),
        (3, "Cid", "dev", d("6000.25"), datetime.date(2014, 1, 31), 1),
        (4, "Dee", "dev", None, datetime.date(2020, 2, 29), 3),
        (5, "Eve", None, d("3000.00"), None, 9),
        (6, "Fay", "dev", d("6000.25"), datetime.date(2019, 11, 30), 3),
        (7, None, "hr", d("100.00"), datetime.date(2018, 5, 5), None),
    ]
    return rows, "id int, name string, dept string, pay decimal(10,2), hired date, boss int"


def events():
    t, u = datetime.datetime, datetime.timezone.utc
    rows = []
    for i in range(24):
        value = None if i % 5 == 3 else float("nan") if i == 11 else i * 1.25 - 7
        rows.append((i % 4 if i % 9 else None, t(2024, 1, 1 + i // 6, i % 6, 0, 0, i, u), value,
                     i % 2, i * 7 % 10))
    return rows, "e int, ts timestamp, v double, src int, n int"


def departments():
    return [("ops", "Operations", 1), ("dev", "Development", 2), ("law", "Legal", 3),
            (None, "Nobody", 4)], "dept string, title string, floor int"


def nested():
    d = decimal.Decimal
    day = datetime.date
    nan = float("nan")
    rows = [
        (1, [3, 1, 2], ["b", "a"], (1, "one", (1.5, [1, 2])), {"k": 1, "z": None},
         [(1, 0.5), (2, nan)], [0.0, nan, -1.5], [d("1.50"), d("-2.25")], [day(2020, 2, 29)]),
        (2, [], [], (2, None, (nan, [])), {}, [], [], [], []),
        (3, None, None, None, None, None, None, None, None),
        (4, [None, 5, None], ["", None, "\U0001F600"], (None, "", None), {"": 0, "k": -7},
         [None, (None, -0.0)], [None, -0.0, float("-inf")], [None, d("0.00")], [None, day(1, 1, 1)]),
        (5, [3, 1], ["a\0b", "a"], (5, "x\"y", (-0.0, None)), {"q\0": 9}, [(9, 1.0), (9, 1.0)],
         [float("inf")], [d("99999999.99")], [day(1969, 12, 31), day(9999, 12, 31)]),
        (6, [2147483647, -2147483648, 3, 3], ["b", "b", "B"], (1, "one", (1.5, [1, None])),
         {"K": 2, "k": 3}, [(-1, 2.5)], [1.0, 1.0], [d("1.50"), d("1.50")], [day(2020, 2, 29)]),
    ]
    schema = ("id int, a array<int>, s array<string>, "
              "r struct<x:int,y:string,z:struct<d:double,l:array<int>>>, m map<string,int>, "
              "p array<struct<x:int,v:double>>, d array<double>, n array<decimal(10,2)>, "
              "t array<date>")
    return rows, schema


TABLES = {"numbers": numbers, "texts": texts, "times": times, "people": people, "events": events,
          "departments": departments, "nested": nested}


def write_tables(spark, folder):
    import pyarrow.parquet as pq

    os.makedirs(folder, exist_ok=True)
    for name, make in TABLES.items():
        rows, schema = make()
        spark.createDataFrame(rows, schema).createOrReplaceTempView(name)
        target = os.path.join(folder, name + ".tmp")
        spark.table(name).coalesce(1).write.mode("overwrite").parquet(target)
        part = [f for f in os.listdir(target) if f.endswith(".parquet")][0]
        os.replace(os.path.join(target, part), os.path.join(folder, name + ".parquet"))
        for f in os.listdir(target):
            os.remove(os.path.join(target, f))
        os.rmdir(target)


def statements(path):
    with open(path, encoding="utf-8") as f:
        for block in re.split(r";[ \t]*\n", f.read()):
            lines = block.strip().split("\n")
            marks = {line[3:].strip() for line in lines if line.startswith("-- ")}
            text = "\n".join(line for line in lines if not line.startswith("--")).strip()
            if text:
                yield text, marks


def cell(value):
    if value is None:
        return NULL
    return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\0", "\\0")


def real(value, is_float):
    """As Java prints it: the one that Spark runs on, up to 18, does not always take the shortest digits."""
    if value is None:
        return None
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "-Infinity" if value < 0 else "Infinity"
    java = SparkContext._jvm.java.lang
    return (java.Float if is_float else java.Double).toString(value)


def is_nested(kind):
    return isinstance(kind, (T.ArrayType, T.MapType, T.StructType))


def nested_json(value, kind):
    """As the tests write nested values."""
    if value is None:
        return "null"
    if isinstance(kind, T.ArrayType):
        return "[" + ",".join(nested_json(v, kind.elementType) for v in value) + "]"
    if isinstance(kind, T.StructType):
        return "{" + ",".join(quoted(f.name) + ":" + nested_json(v, f.dataType)
                              for v, f in zip(value, kind.fields)) + "}"
    if isinstance(kind, T.MapType):
        return "{" + ",".join(nested_key(k, kind.keyType) + ":" + nested_json(v, kind.valueType)
                              for k, v in value.items()) + "}"
    if isinstance(kind, (T.FloatType, T.DoubleType)):
        text = real(value, isinstance(kind, T.FloatType))
        return text if math.isfinite(value) else quoted(text)
    if isinstance(kind, T.BooleanType):
        return "true" if value else "false"
    if isinstance(kind, T.DecimalType):
        return format(value, "f")
    if isinstance(kind, (T.TimestampType, T.TimestampNTZType)):
        return quoted(instant(value, "Z" if isinstance(kind, T.TimestampType) else ""))
    return str(value) if isinstance(value, int) else quoted(str(value))


def instant(value, zone):
    text = value.isoformat()
    return (text.rstrip("0") if "." in text else text) + zone


def nested_key(value, kind):
    text = nested_json(value, kind)
    return text if text.startswith('"') else quoted(text)


def quoted(text):
    return json.dumps(text, ensure_ascii=False)


def column(name, field):
    if is_nested(field.dataType):
        return F.col(name)
    if isinstance(field.dataType, T.BinaryType):
        return F.lower(F.hex(name))
    if isinstance(field.dataType, (T.FloatType, T.DoubleType)):
        return F.col(name)
    return F.col(name).cast("string")


def texts_of(row, fields):
    return [real(v, isinstance(f.dataType, T.FloatType)) if isinstance(v, float)
            else nested_json(v, f.dataType) if is_nested(f.dataType) and v is not None else v
            for v, f in zip(row, fields)]


def answer(spark, text, ordered):
    df = spark.sql(text)
    fields = df.schema.fields
    head = "\t".join(f"{cell(f.name)} {f.dataType.simpleString()}" for f in fields)
    numbered = df.toDF(*[f"c{i}" for i in range(len(fields))])
    columns = [column(c, f) for c, f in zip(numbered.columns, fields)]
    rows = ["\t".join(cell(v) for v in texts_of(row, fields))
            for row in numbered.select(columns).collect()]
    return [head] + (rows if ordered else sorted(rows, key=lambda r: r.encode()))


def condition(error):
    found = re.search(r"\[([A-Z][A-Z0-9_.]+)\]", str(error))
    return "ERROR " + (found.group(1) if found else type(error).__name__)


def asked(spark, text, marks):
    try:
        return answer(spark, text, "ordered" in marks)
    except Exception as error:  # the condition is the answer
        return [condition(error)]


def write_golden(spark, sql, golden):
    out = []
    for i, (text, marks) in enumerate(statements(sql), 1):
        out += [f"# {i}"] + asked(spark, text, marks)
    with open(golden, "w", encoding="utf-8") as f:
        f.write("\n".join(out) + "\n")


def goldens(path):
    with open(path, encoding="utf-8") as f:
        parts = re.split(r"^# (\d+)\n", f.read(), flags=re.M)
    return {int(i): text for i, text in zip(parts[1::2], parts[2::2])}


def check(spark, folder, start, step):
    """Whether Spark still says what the goldens say, of every `step`-th statement that the local engine answers."""
    every = [(name[:-4], i, text, marks) for name in sorted(os.listdir(folder)) if name.endswith(".sql")
             for i, (text, marks) in enumerate(statements(os.path.join(folder, name)), 1) if "refused" not in marks]
    known = {name: goldens(os.path.join(folder, name + ".golden")) for name in {name for name, *_ in every}}
    some, wrong = every[start % step::step], 0
    for name, i, text, marks in some:
        got = "\n".join(asked(spark, text, marks)) + "\n"
        if got != known[name].get(i):
            wrong += 1
            print(f"--- {name} {i}: {text}\nSpark:\n{got}golden:\n{known[name].get(i)}")
    print(f"corpora: of {len(every)} statements {len(some)} were asked again (every {step}. from {start % step}), {wrong} different")
    return 0 if some and not wrong else 1


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    spark = session()
    if sys.argv[1:] == ["data"]:
        write_tables(spark, os.path.join(here, "data"))
        return
    for name in TABLES:
        spark.read.parquet(os.path.join(here, "data", name + ".parquet")).createOrReplaceTempView(name)
    if sys.argv[1:2] == ["check"]:
        start, step = map(int, (sys.argv[2:] or ["0/1"])[0].split("/"))
        sys.exit(check(spark, here, start, step))
    for name in sys.argv[2:]:
        write_golden(spark, os.path.join(here, name + ".sql"), os.path.join(sys.argv[1], name + ".golden"))


if __name__ == "__main__":
    main()
