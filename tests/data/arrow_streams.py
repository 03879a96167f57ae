"""Write Arrow IPC streams of every type with what they should read as: DIR/<case>.arrow and
DIR/<case>.expect (Spark's types on the first line, then one JSON object a row)."""

import datetime as dt
import decimal
import json
import os
import sys

import pyarrow as pa

out = sys.argv[1]
D = decimal.Decimal


def write(name, batches, schema, types, rows, codec=None):
    options = pa.ipc.IpcWriteOptions(compression=codec)
    with pa.OSFile(os.path.join(out, name + ".arrow"), "wb") as sink:
        with pa.ipc.new_stream(sink, schema, options=options) as writer:
            for batch in batches:
                writer.write_batch(batch)
    with open(os.path.join(out, name + ".expect"), "w") as f:
        f.write(types + "\n" + "".join(row + "\n" for row in rows))


def case(name, arrays, types, columns, codec=None):
    """Arrays by name, and for each the JSON of its values."""
    schema = pa.schema([(k, v.type) for k, v in arrays.items()])
    batch = pa.record_batch(list(arrays.values()), schema=schema)
    rows = [
        "{" + ",".join(json.dumps(k) + ":" + c[i] for k, c in zip(arrays, columns)) + "}"
        for i in range(batch.num_rows)
    ]
    write(name, [batch], schema, types, rows, codec)


def ints(values):
    return ["null" if v is None else str(v) for v in values]


signed = {
    "b": pa.array([-128, None, 127], pa.int8()),
    "s": pa.array([-32768, None, 32767], pa.int16()),
    "i": pa.array([-(2**31), None, 2**31 - 1], pa.int32()),
    "l": pa.array([-(2**63), None, 2**63 - 1], pa.int64()),
}
signed_json = [ints(a.to_pylist()) for a in signed.values()]
for codec in (None, "zstd", "lz4"):
    case("integers_" + str(codec), signed, "tinyint,smallint,int,bigint", signed_json, codec)

unsigned = {
    "b": pa.array([255], pa.uint8()),
    "s": pa.array([65535], pa.uint16()),
    "i": pa.array([2**32 - 1], pa.uint32()),
    "l": pa.array([2**64 - 1], pa.uint64()),
}
case("unsigned", unsigned, "smallint,int,bigint,decimal(20,0)",
     [ints(a.to_pylist()) for a in unsigned.values()])

case("floats", {
    "h": pa.array([1.5, -0.25, None, 65504.0], pa.float16()),
    "f": pa.array([1.5, float("nan"), None, -0.25], pa.float32()),
    "d": pa.array([1e300, float("-inf"), None, 0.1], pa.float64()),
}, "float,float,double", [
    ["1.5", "-0.25", "null", "65504.0"],
    ["1.5", '"NaN"', "null", "-0.25"],
    ["1.0E300", '"-Infinity"', "null", "0.1"],
])

case("texts", {
    "t": pa.array(["a", None, "", "déjà \"vu\"\n"], pa.string()),
    "L": pa.array(["x" * 300, None, "", "z"], pa.large_string()),
    "y": pa.array([b"\x00\xff", None, b"", b"abc"], pa.binary()),
    "Y": pa.array([b"a", b"b", None, b""], pa.large_binary()),
    "F": pa.array([b"ab", None, b"cd", b"ef"], pa.binary(2)),
}, "string,string,binary,binary,binary", [
    ['"a"', "null", '""', '"déjà \\"vu\\"\\n"'],
    ['"' + "x" * 300 + '"', "null", '""', '"z"'],
    ['"AP8="', "null", '""', '"YWJj"'],
    ['"YQ=="', '"Yg=="', "null", '""'],
    ['"YWI="', "null", '"Y2Q="', '"ZWY="'],
])

case("others", {
    "n": pa.nulls(3),
    "o": pa.array([True, None, False]),
    "c": pa.array([D("-1.25"), None, D("9" * 36 + ".99")], pa.decimal128(38, 2)),
    "": pa.array([D("0.05"), D("123.45"), None], pa.decimal128(5, 2)),
}, "void,boolean,decimal(38,2),decimal(5,2)", [
    ["null"] * 3,
    ["true", "null", "false"],
    ["-1.25", "null", "9" * 36 + ".99"],
    ["0.05", "123.45", "null"],
])

day = dt.date(2024, 3, 1)
instant = dt.datetime(2024, 3, 1, 12, 0, 0, 500000)
iso = '"2024-03-01T12:00:00.5'
case("times", {
    "d": pa.array([day, None, dt.date(1, 1, 1)], pa.date32()),
    "D": pa.array([day, None, dt.date(1969, 12, 31)], pa.date64()),
    "u": pa.array([instant, None, None], pa.timestamp("us", "Etc/UTC")),
    "v": pa.array([instant, None, None], pa.timestamp("us")),
    "m": pa.array([instant, None, None], pa.timestamp("ms", "UTC")),
    "n": pa.array([-1, None, 1500], pa.timestamp("ns")),
    "s": pa.array([60, None, -1], pa.timestamp("s")),
    "t": pa.array([3600_000_001_000, None, 0], pa.time64("ns")),
    "T": pa.array([3600, None, 86399], pa.time32("s")),
}, "date,date,timestamp,timestamp_ntz,timestamp,timestamp_ntz,timestamp_ntz,time,time", [
    ['"2024-03-01"', "null", '"0001-01-01"'],
    ['"2024-03-01"', "null", '"1969-12-31"'],
    [iso + 'Z"', "null", "null"],
    [iso + '"', "null", "null"],
    [iso + 'Z"', "null", "null"],
    ['"1969-12-31T23:59:59.999999"', "null", '"1970-01-01T00:00:00.000001"'],
    ['"1970-01-01T00:01:00"', "null", '"1969-12-31T23:59:59"'],
    ['"01:00:00.000001"', "null", '"00:00:00"'],
    ['"01:00:00"', "null", '"23:59:59"'],
])

mdn = pa.array([pa.MonthDayNano([14, 3, 3723_500_000_000]), None, pa.MonthDayNano([0, -1, 0])],
               pa.month_day_nano_interval())
case("intervals", {
    "u": pa.array([93784005000, None, -1], pa.duration("us")),
    "s": pa.array([60, None, 0], pa.duration("s")),
    "c": mdn,
}, "interval day to second,interval day to second,string", [
    ["\"INTERVAL '1 02:03:04.005' DAY TO SECOND\"", "null",
     "\"INTERVAL '-0 00:00:00.000001' DAY TO SECOND\""],
    ["\"INTERVAL '0 00:01:00' DAY TO SECOND\"", "null", "\"INTERVAL '0 00:00:00' DAY TO SECOND\""],
    ['"1 years 2 months 3 days 1 hours 2 minutes 3.5 seconds"', "null", '"-1 days"'],
])

nested = {
    "l": pa.array([[1, None], None, []], pa.list_(pa.int32())),
    "L": pa.array([["a"], [], None], pa.large_list(pa.string())),
    "f": pa.array([[1, 2], None, [3, 4]], pa.list_(pa.int16(), 2)),
    "s": pa.array([{"a": 1, "b": "x"}, None, {"a": None, "b": None}],
                  pa.struct([("a", pa.int64()), ("b", pa.string())])),
    "m": pa.array([[("k", 1), ("j", None)], [], None], pa.map_(pa.string(), pa.int32())),
    "d": pa.array([[{"x": [[("k", D("1.50"))]]}], None, [None]],
                  pa.list_(pa.struct([("x", pa.list_(pa.map_(pa.string(), pa.decimal128(5, 2))))]))),
}
nested_types = ("array<int>,array<string>,array<smallint>,struct<a:bigint,b:string>,"
                "map<string,int>,array<struct<x:array<map<string,decimal(5,2)>>>>")
nested_json = [
    ["[1,null]", "null", "[]"],
    ['["a"]', "[]", "null"],
    ["[1,2]", "null", "[3,4]"],
    ['{"a":1,"b":"x"}', "null", '{"a":null,"b":null}'],
    ['{"k":1,"j":null}', "{}", "null"],
    ['[{"x":[{"k":1.50}]}]', "null", "[null]"],
]
for codec in (None, "zstd"):
    case("nested_" + str(codec), nested, nested_types, nested_json, codec)

# a slice: offsets that do not begin at zero, bitmaps that do not begin at a byte
case("sliced", {k: v.slice(1) for k, v in nested.items()}, nested_types,
     [c[1:] for c in nested_json])

schema = pa.schema([("i", pa.int64())])
batches = [pa.record_batch([pa.array(range(k * 100, k * 100 + 100))], schema=schema)
           for k in range(3)]
write("batches", batches, schema, "bigint", ['{"i":%d}' % i for i in range(300)])
write("empty", [], schema, "bigint", [])
write("no_columns", [], pa.schema([]), "", [])

variant = pa.struct([("value", pa.binary()),
                     pa.field("metadata", pa.binary(), metadata={"variant": "true"})])
five, names = {"value": b"\x0c\x05", "metadata": b"\x01\x00\x00"}, b"\x01\x01\x00\x01a"
listed = {"value": b"\x02\x01\x00\x00\x02\x0c\x07", "metadata": names}  # an object of one field
case("variant", {"v": pa.array([five, None, listed], variant),
                 "l": pa.array([[five, None], [], None], pa.list_(variant))},
     "variant,array<variant>", [["5", "null", '{"a":7}'], ["[5,null]", "[]", "null"]])
damaged = {"value": b"x", "metadata": b"y"}
case("variant_damaged", {"v": pa.array([damaged], variant), "l": pa.array([[damaged]], pa.list_(variant)),
                         "i": pa.array([7])}, "variant,array<variant>,bigint", [["null"], ["null"], ["7"]])

# refused, with the column named
dictionary = pa.record_batch({"word": pa.array(["a"]).dictionary_encode()})
write("refused_dictionary", [dictionary], dictionary.schema, "", [])
wide = pa.record_batch({"wide": pa.array([D("1")], pa.decimal256(40, 0))})
write("refused_wide", [wide], wide.schema, "", [])
views = pa.record_batch({"views": pa.array(["a"], pa.string_view())})
write("refused_views", [views], views.schema, "", [])
late = pa.record_batch({"late": pa.array([2**62], pa.timestamp("s"))})
write("refused_late", [late], late.schema, "", [])
