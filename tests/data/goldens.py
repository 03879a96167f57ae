"""What the files of the Parquet conformance set hold, as text to compare with.

    goldens.py FOLDER-OF-THE-SET OUT      write OUT/<folder>.txt

Values are pyarrow's, and DuckDB's where pyarrow refuses; where both read a flat column they must agree, or DIFFER says
why not. Variants and shapes are decoded here from the specification, since neither of them does. A line a column: its
name, the CRC-32 of all its values, and the first few. test_parquet_goldens.c has the other half of this format.
"""
import base64
import datetime
import decimal
import json
import pathlib
import struct
import sys
import uuid
import zlib

import duckdb
import numpy
import pyarrow as pa
import pyarrow.parquet as pq

FOLDERS = ["data", "data/geospatial", "shredded_variant", "bad_data"]
FIRST, WIDTH = 3, 60
# Columns in which DuckDB says something else, and why ours is what pyarrow and the specification say.
DIFFER = {
    "unknown-logical-type.parquet": "DuckDB guesses a type for a logical type that does not exist",
    "concatenated_gzip_members.parquet": "DuckDB reads the first member of a gzip page only",
}
# Not read through nanoseconds since 1970, which do not reach so far; int96_from_spark.md has the values.
INT96 = {"int96_from_spark.parquet": [
    1704141296123456, 1704070800000000, 253402225200000000, 1735599600000000, None, 9089380393200000000]}
# Bytes of text that stand for themselves.
KEPT = set(b"!\"#$&'*+-./0123456789;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ\\^_`abcdefghijklmnopqrstuvwxyz|~")


def text(raw):
    raw = raw.encode() if isinstance(raw, str) else raw
    return "'" + "".join(chr(b) if b in KEPT else f"%{b:02x}" for b in raw)


def number(v, digits):
    return "nan" if v != v else f"{v:.{digits}g}"


# ---- Shapes, by the definition of well-known binary -----------------------------------------------

NAMES = "? POINT LINESTRING POLYGON MULTIPOINT MULTILINESTRING MULTIPOLYGON GEOMETRYCOLLECTION".split()


def shape(raw):
    at = 0

    def take(code):
        nonlocal at
        v = struct.unpack_from(order + code, raw, at)[0]
        at += struct.calcsize(code)
        return v

    def many(one):
        return "(" + ", ".join(one() for _ in range(take("I"))) + ")"

    def position(n):
        return " ".join(short(take("d")) for _ in range(n))

    def short(v):
        return next(t for t in (f"{v:.{d}g}" for d in (15, 16, 17)) if float(t) == v or v != v)

    def one(named):
        nonlocal order, at
        order = "<" if raw[at] else ">"
        at += 1
        code = take("I")
        kind, dims = code % 1000, ["", " Z", " M", " ZM"][code // 1000]
        n = 2 + len(dims.strip())
        head = f"{NAMES[kind]}{dims} " if named else ""
        if kind == 1:
            p = position(n)
            return head + ("EMPTY" if set(p.split()) == {"nan"} else f"({p})")
        body = {2: lambda: many(lambda: position(n)), 3: lambda: many(lambda: many(lambda: position(n)))}.get(
            kind, lambda: many(lambda: one(kind == 7)))()
        return head + ("EMPTY" if body == "()" else body)

    order = "<"
    return one(True)


# ---- Variants, by VariantEncoding.md --------------------------------------------------------------

def clock(day_ns):
    s, ns = divmod(day_ns, 10**9)
    fraction = f".{ns:09d}".rstrip("0").rstrip(".")
    return f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}{fraction}"


def date(days):
    return (datetime.date(1970, 1, 1) + datetime.timedelta(days)).isoformat()


def moment(ns, zone):
    days, rest = divmod(ns, 86400 * 10**9)
    return json.dumps(f"{date(days)}T{clock(rest)}{zone}")


def exact(v, scale):
    return format(decimal.Decimal(v).scaleb(-scale, decimal.Context(prec=60)), "f")


def java(shortest):
    """The shortest decimal in Java's form, which is that of cells: 1.5E9 from ten millions on."""
    v = decimal.Decimal(shortest)
    if v == 0 or decimal.Decimal("1e-3") <= abs(v) < 10**7:
        return shortest if "." in shortest else shortest + ".0"
    digits = "".join(map(str, v.as_tuple().digits)).rstrip("0")
    return f"{'-' if v < 0 else ''}{digits[0]}.{digits[1:] or '0'}E{v.adjusted()}"


def variant(names, raw):
    def le(p, signed=True):
        return int.from_bytes(p, "little", signed=signed)

    head, kind = raw[0] >> 2, raw[0] & 3
    p = raw[1:]
    if kind == 1:
        return json.dumps(p[:head].decode(), ensure_ascii=False)
    if kind in (2, 3):
        width = (head & 3) + 1
        id_width = (head >> 2 & 3) + 1 if kind == 2 else 0
        count = 4 if head >> (4 if kind == 2 else 2) & 1 else 1
        n = le(p[:count], False)
        at = count + n * id_width
        ids = [le(p[count + i * id_width:count + (i + 1) * id_width], False) for i in range(n)] if kind == 2 else []
        offsets = [le(p[at + i * width:at + (i + 1) * width], False) for i in range(n + 1)]
        values = p[at + (n + 1) * width:]
        items = [variant(names, values[o:]) for o in offsets[:-1]]
        if kind == 3:
            return "[" + ",".join(items) + "]"
        return "{" + ",".join(f"{json.dumps(names[i], ensure_ascii=False)}:{v}" for i, v in zip(ids, items)) + "}"
    if head < 3:
        return ["null", "true", "false"][head]
    if head in (3, 4, 5, 6):
        return str(le(p[:1 << head - 3]))
    if head in (8, 9, 10):
        return exact(le(p[1:1 + (4 << head - 8)]), p[0])
    if head in (15, 16):
        body = p[4:4 + le(p[:4])]
        return json.dumps(base64.b64encode(body).decode() if head == 15 else body.decode(), ensure_ascii=False)
    return {7: lambda: java(repr(struct.unpack("<d", p[:8])[0])), 11: lambda: json.dumps(date(le(p[:4]))),
            12: lambda: moment(le(p[:8]) * 1000, "Z"), 13: lambda: moment(le(p[:8]) * 1000, ""),
            14: lambda: java(str(numpy.float32(struct.unpack("<f", p[:4])[0]))), 17: lambda: json.dumps(clock(le(p[:8]) * 1000)),
            18: lambda: moment(le(p[:8]), "Z"), 19: lambda: moment(le(p[:8]), ""),
            20: lambda: json.dumps(str(uuid.UUID(bytes=bytes(p[:16]))))}[head]()


def variant_file(raw):
    """Metadata, then the value."""
    width = (raw[0] >> 6) + 1
    n = int.from_bytes(raw[1:1 + width], "little")
    offsets = [int.from_bytes(raw[1 + width * (i + 1):1 + width * (i + 2)], "little") for i in range(n + 1)]
    start = 1 + width * (n + 2)
    return variant([raw[start + a:start + b].decode() for a, b in zip(offsets, offsets[1:])], raw[start + offsets[-1]:])


# ---- Values ---------------------------------------------------------------------------------------

def canon(array):
    """The texts of an Arrow array."""
    t = array.type
    if isinstance(t, pa.BaseExtensionType):
        if "uuid" in str(t):
            return [None if v is None else text(str(uuid.UUID(bytes=v))) for v in array.storage.to_pylist()]
        return canon(array.storage)
    if pa.types.is_dictionary(t):
        return canon(array.cast(t.value_type))
    if pa.types.is_timestamp(t) or pa.types.is_time(t):
        factor = {"s": 10**9, "ms": 10**6, "us": 1000, "ns": 1}[t.unit]
        whole = array.cast(pa.int32() if pa.types.is_time32(t) else pa.int64())
        return [None if v is None else str(v * factor) for v in whole.to_pylist()]
    if pa.types.is_date(t):
        return [None if v is None else str(v) for v in array.cast(pa.int32()).to_pylist()]
    if pa.types.is_struct(t):
        fields = [canon(a) for a in array.flatten()]
        rows = ["(" + ",".join(shown(f[i]) for f in fields) + ")" for i in range(len(array))]
        return [r if ok else None for r, ok in zip(rows, array.is_valid().to_pylist())]
    if pa.types.is_fixed_size_list(t):
        items = [shown(v) for v in canon(array.values)]
        n, from_ = t.list_size, array.offset
        return ["[" + ",".join(items[(from_ + i) * n:(from_ + i + 1) * n]) + "]" if ok else None
                for i, ok in enumerate(array.is_valid().to_pylist())]
    if pa.types.is_map(t) or pa.types.is_list(t) or pa.types.is_large_list(t):
        ends = array.offsets.to_pylist()
        if pa.types.is_map(t):
            items = [f"{shown(k)}:{shown(v)}" for k, v in zip(canon(array.keys), canon(array.items))]
        else:
            items = [shown(v) for v in canon(array.values)]
        return ["[" + ",".join(items[a:b]) + "]" if ok else None
                for a, b, ok in zip(ends, ends[1:], array.is_valid().to_pylist())]
    return [None if v is None else scalar(v, t) for v in array.to_pylist()]


def scalar(v, t):
    if pa.types.is_boolean(t):
        return "true" if v else "false"
    if pa.types.is_floating(t):
        return number(v, 17 if pa.types.is_float64(t) else 9)
    if pa.types.is_decimal(t):
        return format(v, "f")
    return text(v) if isinstance(v, (bytes, str)) else str(v)


def shown(v):
    return "-" if v is None else v


def of_column(column):
    return [shown(v) for chunk in column.chunks for v in canon(chunk)]


def by_duckdb(path):
    db = duckdb.connect()
    db.execute("set timezone = 'UTC'")
    table = db.execute(f"select * from read_parquet('{path}')").to_arrow_table()
    return {name: of_column(table.column(i)) for i, name in enumerate(table.column_names)}


def shapes_of(path):
    schema = pq.ParquetFile(path).schema
    return {schema.column(i).path for i in range(len(schema.names))
            if schema.column(i).logical_type.type in ("GEOMETRY", "GEOGRAPHY")}


def is_int96(file, name):
    return any(file.schema.column(i).path == name and file.schema.column(i).physical_type == "INT96"
               for i in range(len(file.schema.names)))


def beyond(values, table):
    """Nanoseconds wrap around in pyarrow where they do not fit into 64 bits; microseconds do fit."""
    us = table.column(0).cast(pa.int64()).to_pylist()
    return [v if u is None else str(u * 1000 + (int(v) - u * 1000) % 2**64) for v, u in zip(values, us)]


def by_pyarrow(path):
    file = pq.ParquetFile(path, page_checksum_verification=True, coerce_int96_timestamp_unit="ns")
    shapes, out = shapes_of(path), {}
    for name in file.schema_arrow.names:
        try:
            column = file.read(columns=[name]).column(0)
        except Exception:
            out[name] = None
            continue
        out[name] = of_column(column)
        if pa.types.is_timestamp(column.type) and is_int96(file, name):
            out[name] = beyond(out[name], pq.read_table(path, columns=[name], coerce_int96_timestamp_unit="us"))
        if len(column) != file.metadata.num_rows: # fewer values than rows
            out[name] = None
        if name in shapes:
            out[name] = ["-" if v is None else text(shape(v)) for v in column.to_pylist()]
    return out


def same_number(a, b):
    """DuckDB widens floats, keeps microseconds of INT96 and has text for old binary columns."""
    if a == b:
        return True
    try:
        return abs(float(a) - float(b)) <= max(1e-6 * abs(float(b)), 999)
    except ValueError:
        return False


def agree(path, ours):
    try:
        theirs = by_duckdb(path)
    except Exception:
        return
    for name, values in ours.items():
        other = theirs.get(name)
        if values is None or other is None or name in shapes_of(path) or any(v[:1] in "([" for v in values):
            continue
        wrong = [(a, b) for a, b in zip(values, other) if not same_number(a, b)]
        if len(values) != len(other) or wrong:
            why = DIFFER.get(path.name)
            print(f"{path.name}: {name}: {len(values)} {len(other)} {wrong[:1]}: {why or 'UNEXPLAINED'}", file=sys.stderr)


def columns_of(path, cases):
    if path.name.startswith("case-"):
        return cases[path.name]
    if path.name in INT96:
        return {"a": ["-" if v is None else str(v * 1000) for v in INT96[path.name]]}
    try:
        ours = by_pyarrow(path)
    except Exception:
        try:
            return by_duckdb(path)
        except Exception:
            return None
    agree(path, ours)
    return ours


def variants_of(folder):
    """For each file of the shredded cases its columns; None where the case must be refused."""
    out = {}
    for case in json.loads((folder / "cases.json").read_text()):
        if "parquet_file" not in case:
            continue
        path = folder / case["parquet_file"]
        names = case.get("variant_files") or [case.get("variant_file")]
        if not path.exists() or any(n and not (folder / n).exists() for n in names):
            continue
        var = None
        if "error_message" not in case:
            var = ["-" if n is None else text(variant_file((folder / n).read_bytes())) for n in names]
        out[path.name] = {"id": of_column(pq.read_table(path, columns=["id"]).column(0)), "var": var}
    return out


def lines(path, columns):
    if columns is None or all(values is None for values in columns.values()):
        return [f"file {path.name} refused"]
    out = [f"file {path.name}"]
    for name, values in columns.items():
        if values is None:
            out.append(f"{text(name)} unreadable")
            continue
        crc = zlib.crc32("".join(v + "\n" for v in values).encode())
        out.append(" ".join([text(name), str(len(values)), f"{crc:08x}"] + [v[:WIDTH] for v in values[:FIRST]]))
    return out


def bare_variants(folder):
    """The pairs of metadata and value that are no Parquet files."""
    for path in sorted(folder.glob("*.value")):
        yield f"{path.stem} {variant_file(path.with_suffix('.metadata').read_bytes() + path.read_bytes())}"


def main(root, out):
    (pathlib.Path(out) / "variant.txt").write_text("\n".join(bare_variants(pathlib.Path(root) / "variant")) + "\n")
    cases = variants_of(pathlib.Path(root) / "shredded_variant")
    for folder in FOLDERS:
        found = []
        for path in sorted((pathlib.Path(root) / folder).iterdir()):
            if path.suffix in (".parquet", ".encrypted") and (not path.name.startswith("case-") or path.name in cases):
                found += lines(path, columns_of(path, cases))
        (pathlib.Path(out) / f"{folder.replace('/', '_')}.txt").write_text("\n".join(found) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
