"""Files that we write, read by others: pyarrow, DuckDB and polars.

    parquet_written.py make DIR          tables of every type and edge value, as Arrow streams
    parquet_written.py check DIR FILE... what we wrote of them (NAME.*.parquet), against NAME.arrow
"""

import datetime as dt
import decimal
import io
import math
import pathlib
import random
import struct
import sys

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

try:
    import polars
except ImportError:  # told by the test
    polars = None

# Pages of nothing but NaN; thousands of bytes of which no prefix can be raised.
MAY_HAVE_NO_BOUNDS = {"only_nan", "f32", "f64", "big"}
D = decimal.Decimal
MAX38 = D("9" * 38)
NAN2 = struct.unpack("<d", struct.pack("<Q", 0xFFF8000000000001))[0]
UTC = dt.timezone.utc


def ints(bits):
    return [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1, 0, None, -1, 1]


def edges():
    """A few values of every flat type: limits, NULL, NaN, both zeros, empty and long texts."""
    context = decimal.Context(prec=60)
    return {
        "bool": (pa.bool_(), [True, False, None]),
        "i8": (pa.int8(), ints(8)),
        "i16": (pa.int16(), ints(16)),
        "i32": (pa.int32(), ints(32)),
        "i64": (pa.int64(), ints(64)),
        "f32": (pa.float32(), [math.nan, -0.0, 0.0, None, math.inf, -math.inf, 1.4e-45, 3.4028234663852886e38]),
        "f64": (pa.float64(), [NAN2, -0.0, 0.0, None, math.inf, -math.inf, 5e-324, 1.7976931348623157e308]),
        "only_nan": (pa.float64(), [math.nan]),
        "zeros": (pa.float64(), [-0.0, 0.0]),
        "text": (pa.string(), ["", None, "a", "ünïcode €", "nul\0in", "\U0010ffff" * 40, "é" * 99, "y" * 70000]),
        "bytes": (pa.binary(), [b"", None, b"\xff" * 99, b"\0", b"\xff\xfe" + b"a" * 80]),
        "date": (pa.date32(), [dt.date(1, 1, 1), dt.date(9999, 12, 31), None, dt.date(1970, 1, 1)]),
        "ts": (pa.timestamp("us", "UTC"), [dt.datetime(1, 1, 1, tzinfo=UTC), None,
                                           dt.datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)]),
        "ntz": (pa.timestamp("us"), [dt.datetime(1, 1, 1), None, dt.datetime(9999, 12, 31, 23, 59, 59, 999999)]),
        "d9": (pa.decimal128(9, 2), [D("9999999.99"), D("-9999999.99"), None, D("0.00")]),
        "d18": (pa.decimal128(18, 0), [D(10) ** 18 - 1, 1 - D(10) ** 18, None]),
        "d19": (pa.decimal128(19, 4), [D("999999999999999.9999"), D("-999999999999999.9999"), None]),
        "d38": (pa.decimal128(38, 38), [MAX38.scaleb(-38, context), MAX38.copy_negate().scaleb(-38, context), None]),
        "nothing": (pa.string(), [None]),
    }


def flat(n, seed=1):
    rng = random.Random(seed)
    columns, fields = [], []
    for name, (kind, values) in edges().items():
        heavy = [v for v in values if not isinstance(v, (str, bytes)) or len(v) < 1000]
        picked = [values[i] if i < len(values) else rng.choice(heavy) for i in range(n)]
        columns.append(pa.array(picked, kind))
        fields.append(pa.field(name, kind))
    for name, kind, make in (("needed", pa.int64(), lambda i: i * 3), ("needed_text", pa.string(), lambda i: f"row {i}"),
                             ("few", pa.string(), lambda i: f"c{i % 7}"), ("down", pa.int32(), lambda i: -i)):
        columns.append(pa.array([make(i) for i in range(n)], kind))
        fields.append(pa.field(name, kind, nullable=name not in ("needed", "needed_text")))
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))


def long_texts(n):
    """Ends the dictionary in the middle of a chunk."""
    rng = random.Random(7)
    texts = [f"{i % 3000:05d}" * (200 if i > n // 2 else 3) for i in range(n)]
    return pa.table({"text": pa.array(texts), "big": pa.array([bytes([i % 256]) * (i % 5000) for i in range(n)]),
                     "number": pa.array([rng.randrange(2**60) if i > n // 2 else i % 9 for i in range(n)])})


def some(rng, make, size=4):
    kind = rng.randrange(6)
    return None if kind == 0 else [] if kind == 1 else [make() for _ in range(rng.randrange(1, size))]


def maybe(rng, value):
    return None if rng.randrange(4) == 0 else value


def nested(n, seed=3):
    rng = random.Random(seed)
    number = lambda: maybe(rng, rng.randrange(-5, 99))
    word = lambda: maybe(rng, rng.choice(["", "a", "b" * 80, "ü"]))
    pair = lambda: maybe(rng, {"x": number(), "y": word()})
    keyed = lambda make: (lambda v: None if v is None else [(f"k{i}", x) for i, x in enumerate(v)])(some(rng, make))
    person = pa.struct([("x", pa.int32()), ("y", pa.string())])
    key = pa.field("key", pa.string(), nullable=False)
    columns = {
        "list": (pa.list_(pa.int32()), number_list := lambda: some(rng, number)),
        "list_list": (pa.list_(pa.list_(pa.string())), lambda: some(rng, lambda: some(rng, word))),
        "list3": (pa.list_(pa.list_(pa.list_(pa.int64()))),
                  lambda: some(rng, lambda: some(rng, lambda: some(rng, number)))),
        "struct": (person, pair),
        "struct2": (pa.struct([("in", person), ("l", pa.list_(pa.float64()))]),
                    lambda: maybe(rng, {"in": pair(), "l": some(rng, lambda: maybe(rng, rng.random()))})),
        "list_struct": (pa.list_(person), lambda: some(rng, pair)),
        "map": (pa.map_(key, pa.field("value", pa.int32())), lambda: keyed(number)),
        "map_list": (pa.map_(key, pa.field("value", pa.list_(person))), lambda: keyed(lambda: some(rng, pair))),
        "list_map": (pa.list_(pa.map_(key, pa.field("value", pa.string()))), lambda: some(rng, lambda: keyed(word))),
        "never": (pa.list_(pa.int32()), lambda: None),
        "empty": (pa.list_(pa.int32()), lambda: []),
        "long": (pa.list_(pa.int32()), lambda: list(range(rng.randrange(300)))),
        "decimals": (pa.list_(pa.decimal128(30, 3)), lambda: some(rng, lambda: maybe(rng, D(rng.randrange(10**9)).scaleb(-3)))),
        "dates": (pa.list_(pa.date32()), lambda: some(rng, lambda: maybe(rng, dt.date(2020, 1, 1)))),
        "flags": (pa.list_(pa.bool_()), lambda: some(rng, lambda: maybe(rng, rng.random() < 0.5))),
    }
    arrays = {name: pa.array([make() for _ in range(n)], kind) for name, (kind, make) in columns.items()}
    arrays["sure"] = pa.array([[i] * (i % 3 + 1) for i in range(n)], pa.list_(pa.field("element", pa.int32(), False)))
    fields = [pa.field(name, a.type, nullable=name != "sure") for name, a in arrays.items()]
    return pa.Table.from_arrays(list(arrays.values()), schema=pa.schema(fields))


def tables():
    yield "flat", flat(3000)
    yield "flat_none", flat(3000).slice(0, 0)
    yield "flat_one", flat(3000).slice(3, 1)
    yield "long", long_texts(4000)
    yield "nested", nested(2500)
    yield "nested_none", nested(10).slice(0, 0)


def make(folder):
    for name, table in tables():
        with pa.ipc.new_stream(f"{folder}/{name}.arrow", table.schema) as writer:
            for batch in table.to_batches(max_chunksize=1700):
                writer.write_batch(batch)
    return []


# ---- Comparing ----------------------------------------------------------------------------------


def comparable(v):
    """A value in which equal means equal: NaN is one, zeros are two."""
    if isinstance(v, float):
        return ("nan",) if v != v else ("f", v, math.copysign(1, v))
    if isinstance(v, dict):
        if set(v) == {"key", "value"} and isinstance(v["key"], list):
            return [(comparable(a), comparable(b)) for a, b in zip(v["key"], v["value"])]
        return {k: comparable(x) for k, x in v.items()}
    if isinstance(v, (list, tuple)):
        return [comparable(x) for x in v]
    return v


def values(table, name):
    return [comparable(v) for v in table.column(name).to_pylist()]


def pairs_as_lists(v):
    if isinstance(v, list):
        return [pairs_as_lists(x) for x in v]
    if isinstance(v, dict):
        return {k: pairs_as_lists(x) for k, x in v.items()}
    if isinstance(v, tuple) and not (len(v) and v[0] in ("nan", "f")):
        return [pairs_as_lists(x) for x in v]
    return v


def first_difference(where, a, b):
    if len(a) != len(b):
        return [f"{where}: {len(b)} rows for {len(a)}"]
    for i, (x, y) in enumerate(zip(a, b)):
        if x != y:
            return [f"{where}: row {i}: {str(y)[:200]} for {str(x)[:200]}"]
    return []


def by_pyarrow(name, original, path):
    table = pq.ParquetFile(path, page_checksum_verification=True).read()
    wrong = []
    if table.column_names != original.column_names or table.num_rows != original.num_rows:
        return [f"{name}: pyarrow: {table.schema} with {table.num_rows} rows"]
    for field in original.schema:
        theirs = table.schema.field(field.name)
        if field.nullable != theirs.nullable:
            wrong.append(f"{name}: {field.name}: pyarrow: nullable {theirs.nullable}")
        if not pa.types.is_nested(field.type) and field.type != theirs.type:
            wrong.append(f"{name}: {field.name}: pyarrow: {theirs.type} for {field.type}")
        wrong += first_difference(f"{name}: {field.name}: pyarrow", values(original, field.name), values(table, field.name))
    return wrong


def simple(v):
    """Without types that readers give in their own way: maps as pairs or structs of key and value."""
    if isinstance(v, dict):
        if set(v) == {"key", "value"}:
            return [simple(v["key"]), simple(v["value"])]
        return {k: simple(x) for k, x in v.items()}
    if isinstance(v, list):
        return [simple(x) for x in v]
    return v


def same_text(v):
    return simple(pairs_as_lists(v))


def by_duckdb(name, original, path):
    db = duckdb.connect()
    db.execute("set timezone = 'UTC'")
    table = db.sql(f"select * from read_parquet('{path}')").to_arrow_table()
    wrong = []
    for field in original.schema:
        ours, theirs = values(original, field.name), values(table, field.name)
        wrong += first_difference(f"{name}: {field.name}: DuckDB", same_text(ours), same_text(theirs))
    return wrong


def by_polars(name, original, path):
    if polars is None:
        return []
    table = polars.read_parquet(path).to_arrow()
    wrong = []
    for field in original.schema:
        ours, theirs = values(original, field.name), values(table, field.name)
        wrong += first_difference(f"{name}: {field.name}: polars", same_text(ours), same_text(theirs))
    return wrong


# ---- What the footer says -------------------------------------------------------------------------


class Compact:
    """Just enough of the compact protocol to look into indexes and page headers."""

    def __init__(self, data, at=0):
        self.data, self.at = data, at

    def byte(self):
        self.at += 1
        return self.data[self.at - 1]

    def varint(self):
        v = shift = 0
        while True:
            b = self.byte()
            v |= (b & 127) << shift
            shift += 7
            if b < 128:
                return v

    def number(self):
        v = self.varint()
        return v >> 1 ^ -(v & 1)

    def value(self, kind):
        if kind in (1, 2):
            return kind == 1
        if kind == 3:
            return self.byte()
        if kind in (4, 5, 6):
            return self.number()
        if kind == 7:
            self.at += 8
            return struct.unpack("<d", self.data[self.at - 8 : self.at])[0]
        if kind == 8:
            n = self.varint()
            self.at += n
            return self.data[self.at - n : self.at]
        if kind == 9:
            head = self.byte()
            n = head >> 4 if head >> 4 < 15 else self.varint()
            return [self.byte() == 1 if head & 15 in (1, 2) else self.value(head & 15) for _ in range(n)]
        assert kind == 12, kind
        return self.struct()

    def struct(self):
        fields, last = {}, 0
        while True:
            head = self.byte()
            if head == 0:
                return fields
            last = last + (head >> 4) if head >> 4 else self.number()
            fields[last] = self.value(head & 15)


def inside(low, v, high):
    return low <= v <= high


def bound(data, column):
    """A bound of the column index as a Python value, for the types where that is simple."""
    if column.physical_type in ("INT32", "INT64"):
        return int.from_bytes(data, "little", signed=True)
    if column.physical_type in ("FLOAT", "DOUBLE"):
        return struct.unpack("<f" if column.physical_type == "FLOAT" else "<d", data)[0]
    return None if column.physical_type == "BOOLEAN" else bytes(data)


def page_values(data, at, n):
    """Header and levels are looked at only as far as sizes go."""
    header = Compact(data, at)
    fields = header.struct()
    return fields, header.at - at


def check_chunk(where, data, column, chunk, group_rows):
    wrong = []
    index = Compact(data, chunk[4]).struct()
    pages = index[1]
    first = [p[3] for p in pages]
    if first != sorted(set(first)) or (first and first[0] != 0) or (first and first[-1] >= group_rows):
        wrong.append(f"{where}: pages begin with rows {first}")
    n_values = 0
    for page in pages:
        fields, header = page_values(data, page[1], page[2])
        if fields[1] != 0 or header + fields[3] != page[2]:
            wrong.append(f"{where}: no page of {page[2]} bytes at {page[1]}: {fields}")
        n_values += fields[5][1]
    if n_values != column.num_values:
        wrong.append(f"{where}: {n_values} values in pages, {column.num_values} in all")
    if 6 in chunk:
        wrong += check_column_index(where, data, column, chunk, len(pages))
    elif column.path_in_schema not in MAY_HAVE_NO_BOUNDS:
        wrong.append(f"{where}: no column index")
    return wrong


def check_column_index(where, data, column, chunk, n_pages):
    wrong = []
    index = Compact(data, chunk[6]).struct()
    if not (len(index[1]) == len(index[2]) == len(index[3]) == len(index[5]) == n_pages):
        return [f"{where}: lists of other lengths than {n_pages}"]
    if sum(index[5]) != column.statistics.null_count:
        wrong.append(f"{where}: nulls of pages")
    bounds = [(bound(a, column), bound(b, column)) for a, b, null in zip(index[2], index[3], index[1]) if not null]
    # Big-endian numbers with a sign order differently from their bytes.
    if column.physical_type in ("INT32", "INT64", "FLOAT", "DOUBLE", "BYTE_ARRAY"):
        for low, high in bounds:
            if low > high:
                wrong.append(f"{where}: bounds {low} {high}")
        for order, step in ((1, 1), (2, -1)):
            ascending = bounds[::step]
            if index[4] == order and not (all(a[0] <= b[0] and a[1] <= b[1] for a, b in zip(ascending, ascending[1:]))):
                wrong.append(f"{where}: pages are not ordered as said")
    return wrong


def by_indexes(name, original, path):
    data = pathlib.Path(path).read_bytes()
    n = int.from_bytes(data[-8:-4], "little")
    footer = Compact(data, len(data) - 8 - n).struct()
    meta = pq.read_metadata(path)
    wrong = []
    if meta.num_rows != original.num_rows:
        wrong.append(f"{name}: {meta.num_rows} rows in the footer")
    for g, group in enumerate(footer[4]):
        for c, chunk in enumerate(group[1]):
            column = meta.row_group(g).column(c)
            wrong += check_chunk(f"{name}: group {g} {column.path_in_schema}", data, column, chunk, group[3])
    return wrong + by_statistics(name, original, meta)


def by_statistics(name, original, meta):
    wrong, row = [], 0
    for g in range(meta.num_row_groups):
        group = meta.row_group(g)
        for i in range(group.num_columns):
            column = group.column(i)
            if "." in column.path_in_schema:
                continue
            part = original.column(column.path_in_schema).slice(row, group.num_rows)
            present = [v for v in part.to_pylist() if v is not None and v == v]
            s = column.statistics
            if s.null_count != part.null_count:
                wrong.append(f"{name}: {column.path_in_schema}: {s.null_count} NULLs for {part.null_count}")
            if present and s.has_min_max and not (s.min <= min(present) and s.max >= max(present)):
                wrong.append(f"{name}: {column.path_in_schema}: bounds {s.min} {s.max}")
            if present and not s.has_min_max and column.path_in_schema not in MAY_HAVE_NO_BOUNDS:
                wrong.append(f"{name}: {column.path_in_schema}: no bounds")
        row += group.num_rows
    return wrong


def check(folder, *paths):
    wrong = []
    for path in paths:
        name = pathlib.Path(path).name
        with pa.ipc.open_stream(f"{folder}/{name.split('.')[0]}.arrow") as reader:
            original = reader.read_all()
        for look in by_pyarrow, by_duckdb, by_polars, by_indexes:
            try:
                wrong += look(name, original, path)
            except Exception as e:
                wrong.append(f"{name}: {look.__name__}: {type(e).__name__}: {str(e)[:300]}")
    return wrong


if __name__ == "__main__":
    if sys.argv[1] == "has-polars":
        sys.exit(polars is None)
    problems = {"make": make, "check": check}[sys.argv[1]](*sys.argv[2:])
    print("\n".join(problems[:40]))
    sys.exit(1 if problems else 0)
