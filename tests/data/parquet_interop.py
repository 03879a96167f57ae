"""The other side of the Parquet tests: writes files with pyarrow and DuckDB, compares what we read.

    parquet_interop.py write DIR             files of every type, codec and encoding
    parquet_interop.py long DIR              files of many rows, with pages and groups of all sizes
    parquet_interop.py compare DUMP FILE...  our dumps (pairs) against pyarrow's reading
    parquet_interop.py conform DUMP FILE...  the same, but for files that pyarrow refuses
    parquet_interop.py same FILE OURS...     files that we wrote against their originals (pairs)

A dump has a line of [name, type] pairs, then a JSON list a row; {"unreadable": why} for no value.
"""
import base64
import datetime
import decimal
import json
import math
import pathlib
import random
import re
import struct
import sys
import uuid

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

DAY = 86_400_000_000
# Damage that pyarrow does not look for unless asked.
MAY_REFUSE = {"datapage_v1-corrupt-checksum.parquet"}
# Read through nanoseconds by pyarrow, which do not reach that far; the test has its values.
NOT_COMPARED = {"int96_from_spark.parquet"}


def every_type(n):
    def some(value, every=5):
        return [None if i % every == 3 else value(i) for i in range(n)]

    dec = decimal.Decimal
    us = 1_700_000_000_000_000
    columns = {
        "bool": pa.array(some(lambda i: i % 3 == 0), pa.bool_()),
        "i8": pa.array(some(lambda i: i % 256 - 128), pa.int8()),
        "i16": pa.array(some(lambda i: i * 37 % 65536 - 32768), pa.int16()),
        "i32": pa.array(some(lambda i: (i * 2654435761) % 2**32 - 2**31), pa.int32()),
        "i64": pa.array(some(lambda i: (i * 0x9E3779B97F4A7C15) % 2**64 - 2**63), pa.int64()),
        "u8": pa.array(some(lambda i: i % 256), pa.uint8()),
        "u16": pa.array(some(lambda i: 65535 - i % 65536), pa.uint16()),
        "u32": pa.array(some(lambda i: 2**32 - 1 - i), pa.uint32()),
        "u64": pa.array(some(lambda i: 2**64 - 1 - i), pa.uint64()),
        "f16": pa.array(some(lambda i: [0.0, -0.0, 1.5, -2.25, 65504.0, 6e-8, math.inf, math.nan][i % 8]), pa.float32())
        .cast(pa.float16()),
        "f32": pa.array(some(lambda i: [0.1, -0.0, 1e-40, 3.4e38, math.inf, math.nan][i % 6] * (1 if i % 6 > 2 else i + 1)),
                        pa.float32()),
        "f64": pa.array(some(lambda i: [0.1 * i, -0.0, 5e-324, 1.7e308, -math.inf, math.nan][i % 6]), pa.float64()),
        "text": pa.array(some(lambda i: ["", "a", "ünïcode €", "x" * (i % 300), f"user {i}", "tab\tnul\0end"][i % 6])),
        "few": pa.array(some(lambda i: f"c{i % 5}")),
        "bytes": pa.array(some(lambda i: bytes([i % 256, 0, 255]) * (i % 4)), pa.binary()),
        "fixed": pa.array(some(lambda i: struct.pack(">IH", i, 7)), pa.binary(6)),
        "date": pa.array(some(lambda i: datetime.date(1582, 10, 15) + datetime.timedelta(i * 17)), pa.date32()),
        "ts_ms": pa.array(some(lambda i: us // 1000 + i * 997), pa.timestamp("ms", "UTC")),
        "ts_us": pa.array(some(lambda i: us - i * 10**12), pa.timestamp("us", "UTC")),
        "ts_ns": pa.array(some(lambda i: us * 1000 + i), pa.timestamp("ns")),
        "ntz": pa.array(some(lambda i: -us + i), pa.timestamp("us")),
        "time_ms": pa.array(some(lambda i: i * 1009 % 86_400_000), pa.time32("ms")),
        "time_us": pa.array(some(lambda i: i * 7 % DAY), pa.time64("us")),
        "time_ns": pa.array(some(lambda i: i * 1001), pa.time64("ns")),
        "d5": pa.array(some(lambda i: dec(i - 200).scaleb(-2)), pa.decimal128(5, 2)),
        "d15": pa.array(some(lambda i: dec((-1) ** i * i * 10**9).scaleb(-3)), pa.decimal128(15, 3)),
        "d38": pa.array(some(lambda i: dec((-1) ** i * (10**38 - 1 - i)).scaleb(-10, decimal.Context(prec=50))),
                        pa.decimal128(38, 10)),
        "d76": pa.array(some(lambda i: dec((-1) ** i * (10**70 - 1 - i)).scaleb(-20, decimal.Context(prec=90))),
                        pa.decimal256(76, 20)),
        "nothing": pa.array([None] * n, pa.string()),
        "needed": pa.array([i * 3 for i in range(n)], pa.int64()),
        "needed_text": pa.array([f"row {i}" for i in range(n)]),
    }
    needed = {"needed", "needed_text"}
    fields = [pa.field(name, a.type, nullable=name not in needed) for name, a in columns.items()]
    return pa.Table.from_arrays(list(columns.values()), schema=pa.schema(fields))


def write_pyarrow(out):
    table = every_type(300)
    for codec in "none snappy gzip zstd lz4 brotli".split():
        for version in "1.0", "2.0":
            for by_dictionary in False, True:
                pq.write_table(table, out / f"{codec}_{version}_{'dict' if by_dictionary else 'plain'}.parquet",
                               compression=codec, data_page_version=version, use_dictionary=by_dictionary,
                               data_page_size=2000, write_page_checksum=True)
    pq.write_table(table, out / "groups.parquet", row_group_size=61, compression="zstd")
    pq.write_table(table.slice(0, 0), out / "empty.parquet")
    pq.write_table(every_type(4000), out / "large.parquet", compression="snappy", data_page_size=1 << 22,
                   dictionary_pagesize_limit=20000)
    encodings = {name: "DELTA_BINARY_PACKED" for name in ("i8", "i16", "i32", "i64", "u32", "u64", "date", "ts_us", "needed")}
    encodings |= {"text": "DELTA_BYTE_ARRAY", "few": "DELTA_LENGTH_BYTE_ARRAY", "bytes": "DELTA_LENGTH_BYTE_ARRAY",
                  "needed_text": "DELTA_BYTE_ARRAY", "fixed": "DELTA_BYTE_ARRAY", "nothing": "DELTA_BYTE_ARRAY"}
    encodings |= {name: "BYTE_STREAM_SPLIT" for name in ("f16", "f32", "f64", "d38", "ntz", "time_ms")}
    encodings |= {"bool": "RLE"}
    others = {name: "BYTE_STREAM_SPLIT" for name in ("i8", "i32", "i64", "u64", "date", "ts_us", "needed", "fixed", "d76")}
    others |= {name: "DELTA_BYTE_ARRAY" for name in ("few", "bytes", "d38", "f16")}
    others |= {"text": "DELTA_LENGTH_BYTE_ARRAY", "needed_text": "DELTA_LENGTH_BYTE_ARRAY", "ntz": "DELTA_BINARY_PACKED"}
    for codec, version in ("gzip", "1.0"), ("lz4", "2.0"):
        pq.write_table(table, out / f"encodings_{codec}.parquet", compression=codec, data_page_version=version,
                       use_dictionary=False, column_encoding=others, data_page_size=3000)
    for codec, version in ("none", "1.0"), ("zstd", "2.0"), ("snappy", "1.0"):
        pq.write_table(table, out / f"encodings_{codec}.parquet", compression=codec, data_page_version=version,
                       use_dictionary=False, column_encoding=encodings, data_page_size=3000)
    pq.write_table(table.select(["ts_us", "ntz"]), out / "int96.parquet", use_deprecated_int96_timestamps=True)
    pq.write_table(table.select(["d5", "d15", "d38"]), out / "decimal_int.parquet", store_decimal_as_integer=True)


def write_duckdb(out):
    rows = """select i as id, case when i % 4 = 1 then null else i % 100 end as k, 'user_' || (i % 500) as u,
        md5(i::varchar) as h, i * 0.37 as d, (i / 3)::float as f, i % 3 = 0 as b,
        date '1969-01-01' + (i % 3000)::int as dt, timestamp '2020-01-01' + interval (i) second as ts,
        (timestamp '2020-01-01' + interval (i) hour)::timestamptz as tz, (i % 1000)::decimal(12, 2) as dec,
        (i * 1.5)::decimal(30, 5) as big, md5(i::varchar)::uuid as id2, (i % 127)::tinyint as t,
        i::uinteger as ui, i::ubigint as ul, i::utinyint % 200 as ut, (i % 86400)::int * interval 1 second + time '00:00:00' as tm,
        ('m' || (i % 3))::enum_m as en, md5(i::varchar)::blob as bl, repeat('long text ', (i % 60)::int) as lt
        from range(3000) t(i)"""
    db = duckdb.connect()
    db.execute("set timezone = 'UTC'")
    db.execute("create type enum_m as enum ('m0', 'm1', 'm2')")
    rows = rows.replace("i::utinyint % 200", "(i % 200)::utinyint")
    for codec in "uncompressed", "snappy", "zstd", "gzip", "lz4_raw", "brotli":
        for version in "v1", "v2":
            db.execute(f"copy ({rows}) to '{out}/duck_{codec}_{version}.parquet' "
                       f"(format parquet, codec {codec}, parquet_version {version}, row_group_size 2048)")


def write_variants(out):
    """DuckDB shreds them as it sees fit."""
    values = """case i % 5 when 0 then (i * 10)::variant when 1 then {'b': 'x' || i, 'a': i, 'z': [1, null, i]}::variant
        when 2 then 'text \u00fc "q"'::variant when 3 then null else [{'k': i * 0.25}, {'k': null}]::variant end"""
    same = "{'a': i, 'b': {'c': [i, 2], 'd': 'y' || i}, 'e': i % 2 = 0}::variant"
    db = duckdb.connect()
    for name, query in {"mixed": values, "same": same, "numbers": "(i * 3 - 7)::variant"}.items():
        db.execute(f"copy (select i as id, {query} as v from range(700) t(i)) to '{out}/variants_{name}.parquet' (format parquet)")


def variants(path, column):
    db = duckdb.connect()
    rows = db.execute(f"select \"{column}\"::json::varchar from read_parquet('{path}')").fetchall()
    return [None if v is None else json.loads(v) for v, in rows]


LEAVES = [
    (pa.int32(), lambda r: r.randint(-(2**31), 2**31 - 1)),
    (pa.int64(), lambda r: r.randint(-5, 5)),
    (pa.string(), lambda r: r.choice(["", "a", "ünïcode €", "x" * r.randint(0, 300)])),
    (pa.float64(), lambda r: r.choice([0.5, -0.0, math.inf, r.random()])),
    (pa.bool_(), lambda r: r.random() < 0.5),
    (pa.binary(), lambda r: r.randbytes(r.randint(0, 9))),
    (pa.decimal128(12, 3), lambda r: decimal.Decimal(r.randint(-(10**9), 10**9)).scaleb(-3)),
    (pa.timestamp("us", "UTC"), lambda r: r.randint(-(10**15), 10**15)),
    (pa.date32(), lambda r: r.randint(-50000, 50000)),
    (pa.null(), None),
]


def some_type(r, depth):
    """A random type and how to make a value of it; a few kinds are lists of many."""
    kind = r.choice("leaf struct list map".split()) if depth else "leaf"
    if kind == "leaf":
        return r.choice(LEAVES)
    if kind == "struct":
        parts = [(f"f{i}", r.random() < 0.8, *some_type(r, depth - 1)) for i in range(r.randint(1, 4))]
        t = pa.struct([pa.field(name, t, nullable or make is None) for name, nullable, t, make in parts])
        return t, lambda r: {name: some_value(r, nullable, make) for name, nullable, _, make in parts}
    nullable = r.random() < 0.8
    inner, make = some_type(r, depth - 1)
    long = r.choice([1, 3, 3, 30])
    size = lambda r: 0 if r.random() < 0.2 else r.randint(0, long)
    if kind == "list":
        t = pa.list_(pa.field("element", inner, nullable or make is None))
        return t, lambda r: [some_value(r, nullable, make) for _ in range(size(r))]
    t = pa.map_(pa.string(), pa.field("value", inner, nullable or make is None))
    return t, lambda r: [(f"k{i}", some_value(r, nullable, make)) for i in range(size(r))]


def some_value(r, nullable, make):
    if make is None or (nullable and r.random() < 0.15):
        return None
    return make(r)


def nested_table(seed):
    r = random.Random(seed)
    rows, fields, arrays = r.choice([1, 7, 150, 400]), [pa.field("id", pa.int64(), False)], []
    arrays.append(pa.array(range(rows), pa.int64()))
    for i in range(r.randint(1, 4)):
        nullable = r.random() < 0.8
        t, make = some_type(r, r.randint(1, 4))
        nullable = nullable or make is None
        fields.append(pa.field(f"c{i}", t, nullable))
        arrays.append(pa.array([some_value(r, nullable, make) for _ in range(rows)], t))
    return r, pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def write_nested(out, count=60):
    for seed in range(count):
        r, table = nested_table(seed)
        pq.write_table(table, out / f"nested_{seed:03}.parquet", compression=r.choice("none snappy zstd gzip".split()),
                       data_page_version=r.choice(["1.0", "2.0"]), data_page_size=r.choice([1, 100, 2000, 1 << 20]),
                       write_batch_size=r.choice([1, 10, 1024]), use_dictionary=r.random() < 0.5,
                       row_group_size=r.choice([3, 50, 1000]), write_page_checksum=r.random() < 0.5,
                       use_compliant_nested_type=r.random() < 0.7, write_page_index=r.random() < 0.3)
        try:
            pq.read_table(out / f"nested_{seed:03}.parquet")
        except pa.ArrowInvalid:  # structs of nothing but nulls: it cannot read its own
            (out / f"nested_{seed:03}.parquet").unlink()


def long_table(n):
    r = random.Random(n)
    columns = {
        "id": pa.array(range(n), pa.int64()),
        "sparse": pa.array([None if i % 10 == 0 else i * 3 for i in range(n)], pa.int64()),
        "rare": pa.array([f"rare {i}" if r.random() < 0.01 else None for i in range(n)]),
        "blocks": pa.array([None if i // 700 % 2 else i / 8 for i in range(n)], pa.float64()),
        "word": pa.array([f"word {i * i % 91}" for i in range(n)]),
        "many": pa.array([f"{i * 7 % 6007}" for i in range(n)]),
        "text": pa.array(["" if i % 9 == 0 else r.randbytes(i % 23).hex() for i in range(n)]),
        "flag": pa.array([None if i % 31 == 5 else i % 3 == 0 for i in range(n)], pa.bool_()),
        "fixed": pa.array([r.randbytes(12) for _ in range(n)], pa.binary(12)),
        "list": pa.array([None if i % 13 == 2 else list(range(i, i + i % 5)) for i in range(n)], pa.list_(pa.int32())),
        "struct": pa.array([{"a": i, "b": None if i % 3 else f"b{i}"} for i in range(n)]),
        "map": pa.array([[(f"k{k}", i) for k in range(i % 3)] for i in range(n)], pa.map_(pa.string(), pa.int32())),
    }
    return pa.table(columns)


def write_long(out):
    table = long_table(20_000)
    for i, codec in enumerate("none snappy zstd gzip".split()):
        for name, index in ("headers", False), ("index", True):
            pq.write_table(table, out / f"{codec}_{name}.parquet", compression=codec, write_page_index=index,
                           data_page_version="2.0" if (i + index) % 2 else "1.0", data_page_size=3000 * (i + 1),
                           write_batch_size=100, row_group_size=[7001, 20_000][i % 2], use_dictionary=["word", "many", "list.list.element"],
                           dictionary_pagesize_limit=20_000, write_page_checksum=bool(index))
    pq.write_table(table, out / "one_page.parquet", compression="zstd", use_dictionary=["word"], data_page_size=1 << 24,
                   write_batch_size=1 << 20)


def write(out):
    write_pyarrow(out)
    write_nested(out)
    write_duckdb(out)
    write_variants(out)


# ---- Comparing ---------------------------------------------------------------------------------


def days_from_civil(y, m, d):
    y -= m <= 2
    era = y // 400
    yoe = y - era * 400
    doy = (153 * (m + (-3 if m > 2 else 9)) + 2) // 5 + d - 1
    return era * 146097 + yoe * 365 + yoe // 4 - yoe // 100 + doy - 719468


def micros_of_day(text):
    h, m, s = text.split(":")
    whole, _, part = s.partition(".")
    return (int(h) * 3600 + int(m) * 60 + int(whole)) * 10**6 + int((part + "000000")[:6])


def nanos(text):
    """Those beyond the microseconds."""
    fraction = text.rstrip("Z").partition(".")[2]
    return int((fraction + "0" * 9)[6:9])


def micros(text):
    date, _, time = text.rstrip("Z").replace(" ", "T").partition("T")
    y, m, d = re.fullmatch(r"([+-]?\d+)-(\d+)-(\d+)", date).groups()
    return days_from_civil(int(y), int(m), int(d)) * DAY + (micros_of_day(time) if time else 0)


def as_integers(column, unit):
    factor = {"s": 10**6, "ms": 1000, "us": 1, "ns": 1}[unit]
    width = pa.int32() if pa.types.is_time32(column.type) else pa.int64()
    values = column.cast(width).to_pylist()
    return [None if v is None else v * factor for v in values]


def theirs(column):
    """Python values in which equal means equal."""
    t = column.type
    if isinstance(t, pa.BaseExtensionType):
        is_uuid = "uuid" in str(t)
        column = pa.chunked_array([c.storage for c in column.chunks], t.storage_type)
        return [None if v is None else str(uuid.UUID(bytes=v)) if is_uuid else v for v in column.to_pylist()]
    if pa.types.is_timestamp(t) or pa.types.is_time(t):
        return as_integers(column, t.unit)
    if pa.types.is_decimal256(t):
        return [None if v is None else format(v, "f") for v in column.to_pylist()]
    if pa.types.is_date(t):
        return [None if v is None else v * DAY for v in column.cast(pa.int32()).to_pylist()]
    if pa.types.is_floating(t):
        code = {16: "e", 32: "f", 64: "d"}[t.bit_width]
        return [None if v is None else "NaN" if v != v else struct.pack("<f" if code == "e" else "<" + code, v)
                for v in column.to_pylist()]
    if pa.types.is_dictionary(t):
        return column.cast(t.value_type).to_pylist()
    return column.to_pylist()


def float_bytes(v, code):
    if v == "NaN":
        return v
    return struct.pack("<" + code, float(str(v).replace("Infinity", "inf")))


def ours(v, type_name, their_value):
    if v is None:
        return None
    if type_name in ("float", "double"):
        return float_bytes(v, type_name[0])
    if type_name.startswith("timestamp") or type_name == "date":
        return micros(v)
    if type_name.startswith("time"):
        return micros_of_day(v)
    if type_name == "binary":
        return base64.b64decode(v)
    if type_name == "string" and isinstance(their_value, bytes):
        return v.encode()
    return v


def deep(array):
    """Python values of a nested array, with times as microseconds, of which Python holds few."""
    t = array.type
    if pa.types.is_timestamp(t):
        return as_integers(array, t.unit)
    if pa.types.is_date(t):
        return [None if v is None else v * DAY for v in array.cast(pa.int32()).to_pylist()]
    if not pa.types.is_nested(t):
        return array.to_pylist()
    valid = array.is_valid().to_pylist()
    if pa.types.is_struct(t):
        fields = [deep(a) for a in array.flatten()]
        rows = [{f.name: values[i] for f, values in zip(t, fields)} for i in range(len(valid))]
    else:
        is_map = pa.types.is_map(t)
        items = list(zip(deep(array.keys), deep(array.items))) if is_map else deep(array.values)
        ends = array.offsets.to_pylist()
        rows = [items[a:b] for a, b in zip(ends, ends[1:])]
    return [row if ok else None for row, ok in zip(rows, valid)]


def key_text(v):
    return v.decode() if isinstance(v, bytes) else str(v)


def is_same(a, b, t):
    """Is our JSON value `a` the value `b` of pyarrow's type `t`?"""
    if a is None or b is None:
        return a is None and b is None
    if pa.types.is_struct(t):
        return list(a) == [f.name for f in t] and all(is_same(a[f.name], b[f.name], f.type) for f in t)
    if pa.types.is_map(t):
        keys = [key_text(k) for k, _ in b]
        return list(a) == keys and all(is_same(a[k], v, t.item_type) for k, (_, v) in zip(keys, b))
    if pa.types.is_list(t) or pa.types.is_large_list(t) or pa.types.is_fixed_size_list(t):
        return len(a) == len(b) and all(is_same(x, y, t.value_type) for x, y in zip(a, b))
    if pa.types.is_floating(t):
        code = "f" if t.bit_width == 32 else "d"
        return float_bytes(a, code) == ("NaN" if b != b else struct.pack("<" + code, b))
    if pa.types.is_timestamp(t) or pa.types.is_date(t):
        return micros(a) == b
    if isinstance(b, bytes):
        return base64.b64encode(b).decode() == a or b == a.encode()
    return a == b


def nested_differences(name, column, got, expected, t):
    bad = [k for k, (a, b) in enumerate(zip(got, expected)) if not is_same(a, b, t)]
    if not bad:
        return []
    return [f"{name}: {column}: {len(bad)} differ, first row {bad[0]}: {str(got[bad[0]])[:300]} for {str(expected[bad[0]])[:300]}"]


def read_dump(path):
    lines = pathlib.Path(path).read_text().splitlines()
    if lines and lines[0].startswith("error: "):
        return lines[0], None
    head = json.loads(lines[0])
    rows = [json.loads(line, parse_float=decimal.Decimal) for line in lines[1:]]
    return head, rows


def read_theirs(path):
    return pq.read_table(path, coerce_int96_timestamp_unit="us", arrow_extensions_enabled=True)


def shapes_of(path):
    schema = pq.ParquetFile(path).schema
    columns = [schema.column(i) for i in range(len(schema.names))]
    return {c.path for c in columns if c.logical_type.type in ("GEOMETRY", "GEOGRAPHY")}


def differences(dump, path, lenient):
    """What we read of a file against pyarrow."""
    head, rows = read_dump(dump)
    name = pathlib.Path(path).name
    try:
        table = read_theirs(path)
    except Exception as e:
        return [] if lenient else [f"{name}: pyarrow: {e}"]
    if name in NOT_COMPARED or (rows is None and name in MAY_REFUSE):
        return []
    if rows is None:
        return [f"{name}: {head}"]
    if len(head) != table.num_columns or len(rows) != table.num_rows:
        return [f"{name}: {len(rows)} rows of {len(head)}, pyarrow {table.num_rows} of {table.num_columns}"]
    wrong = []
    for i, (column, type_name) in enumerate(head):
        values = [row[i] for row in rows]
        their_type = table.schema.field(i).type
        if type_name == "variant" and not lenient:
            got = [None if v is None else json.loads(json.dumps(v, default=float)) for v in values]
            bad = [(a, b) for a, b in zip(got, variants(path, column)) if a != b]
            wrong += [f"{name}: {column}: {len(bad)} variants differ, first {bad[0]}"] if bad else []
            continue
        if type_name == "variant":
            continue  # the goldens have them
        if their_type == pa.binary() and column in shapes_of(path):
            continue  # text here; the goldens have them
        if any(isinstance(v, dict) and "unreadable" in v for v in values):
            if name not in MAY_REFUSE:
                wrong.append(f"{name}: {column}: {values[0]}")
            continue
        if pa.types.is_nested(their_type):
            expected = [v for chunk in table.column(i).chunks for v in deep(chunk)]
            wrong += nested_differences(name, column, values, expected, their_type)
            continue
        expected = theirs(table.column(i))
        got = [ours(v, type_name, e) for v, e in zip(values, expected)]
        if getattr(their_type, "unit", None) == "ns":
            got = [None if v is None else a * 1000 + nanos(v) for v, a in zip(values, got)]
        bad = [(k, a, b) for k, (a, b) in enumerate(zip(got, expected)) if a != b]
        if bad:
            wrong.append(f"{name}: {column} ({type_name}): {len(bad)} differ, first row {bad[0]}")
    return wrong


def compare(pairs, lenient=False):
    wrong = []
    for dump, path in zip(pairs[::2], pairs[1::2]):
        wrong += differences(dump, path, lenient)
    return wrong


def conform(pairs):
    return compare(pairs, lenient=True)


def same_in_pyarrow(name, original, written):
    a, b = read_theirs(original), pq.ParquetFile(written, page_checksum_verification=True).read()
    wrong = []
    for field in b.schema:
        left, right = theirs(a.column(field.name)), theirs(b.column(field.name))
        left = [v.decode() if isinstance(v, bytes) and isinstance(r, str) else v for v, r in zip(left, right)]
        if left != right:
            wrong.append(f"{name}: {field.name}: pyarrow reads something else of ours")
    return wrong


def same_in_duckdb(name, original, written):
    db = duckdb.connect()
    db.execute("set timezone = 'UTC'")
    wrong = []
    columns = [row[0] for row in db.execute(f"describe select * from read_parquet('{written}')").fetchall()]
    for column in columns:
        cast = f'"{column}"::varchar'
        query = "select {0} from read_parquet('{1}')"
        a = db.execute(query.format(cast, original)).fetchall()
        b = db.execute(query.format(cast, written)).fetchall()
        if a != b and not (column in ("f16", "u64", "tz", "d76")):
            first = next(i for i in range(len(a)) if a[i] != b[i])
            wrong.append(f"{name}: {column}: DuckDB reads {b[first]} for {a[first]}")
    return wrong


def statistics(name, written):
    """Bounds must hold; pyarrow and DuckDB prune by them."""
    wrong = []
    meta = pq.ParquetFile(written)
    for g in range(meta.metadata.num_row_groups):
        table = meta.read_row_group(g)
        for i, column in enumerate(table.column_names):
            s = meta.metadata.row_group(g).column(i).statistics
            values = [v for v in table.column(i).to_pylist() if v is not None and v == v]
            if s.null_count != table.column(i).null_count:
                wrong.append(f"{name}: {column}: null count")
            if s.has_min_max and values and not (s.min <= min(values) and s.max >= max(values)):
                wrong.append(f"{name}: {column}: bounds {s.min} {s.max} for {min(values)} {max(values)}")
    return wrong


def same(pairs):
    wrong = []
    for original, written in zip(pairs[::2], pairs[1::2]):
        name = pathlib.Path(written).name
        wrong += same_in_pyarrow(name, original, written)
        wrong += same_in_duckdb(name, original, written)
        wrong += statistics(name, written)
    return wrong


def main(verb, *args):
    if verb in ("write", "long"):
        {"write": write, "long": write_long}[verb](pathlib.Path(args[0]))
        return 0
    wrong = {"compare": compare, "conform": conform, "same": same}[verb](args)
    if wrong:
        print("\n".join(wrong[:40]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
