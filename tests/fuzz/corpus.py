"""Make the corpus of the fuzz targets: corpus.py OUT [FOLDER-OF-THE-CONFORMANCE-SET]

Chunks are written by pyarrow, one for each encoding, type, codec and kind of page that it has; variants and shapes are
those of the conformance set. All are small.
"""
import decimal
import pathlib
import struct
import sys
import tempfile

import pyarrow as pa
import pyarrow.parquet as pq

CODECS = {"UNCOMPRESSED": 0, "SNAPPY": 1, "GZIP": 2, "BROTLI": 4, "ZSTD": 6, "LZ4": 7}
PHYSICAL = "BOOLEAN INT32 INT64 INT96 FLOAT DOUBLE BYTE_ARRAY FIXED_LEN_BYTE_ARRAY".split()
CONVERTED = {"NONE": 255, "UTF8": 0, "DECIMAL": 5, "DATE": 6, "UINT_8": 11, "UINT_64": 14, "TIMESTAMP_MICROS": 10}
N = 40


def some(value):
    return [None if i % 7 == 3 else value(i) for i in range(N)]


COLUMNS = {
    "bool": (pa.array(some(lambda i: i % 3 == 0)), ["PLAIN", "RLE"]),
    "int": (pa.array(some(lambda i: i * 7 - 50), pa.int32()), ["PLAIN", "DELTA_BINARY_PACKED", "BYTE_STREAM_SPLIT", None]),
    "long": (pa.array(some(lambda i: i * 7**9), pa.int64()), ["PLAIN", "DELTA_BINARY_PACKED", "BYTE_STREAM_SPLIT", None]),
    "float": (pa.array(some(lambda i: i / 3), pa.float32()), ["PLAIN", "BYTE_STREAM_SPLIT", None]),
    "double": (pa.array(some(lambda i: i / 3), pa.float64()), ["PLAIN", "BYTE_STREAM_SPLIT", None]),
    "text": (pa.array(some(lambda i: f"user {i // 2}")), ["PLAIN", "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY", None]),
    "fixed": (pa.array(some(lambda i: struct.pack(">IH", i, 7)), pa.binary(6)),
              ["PLAIN", "DELTA_BYTE_ARRAY", "BYTE_STREAM_SPLIT", None]),
    "wide": (pa.array(some(lambda i: decimal.Decimal(i * 10**40)), pa.decimal256(60, 2)), ["PLAIN"]),
    "needed": (pa.array([i % 5 for i in range(N)], pa.int64()), ["PLAIN", None]),
}


def chunk(column, array, encoding, codec, version):
    with tempfile.NamedTemporaryFile() as file:
        field = pa.field("c", array.type, nullable=column != "needed")
        pq.write_table(pa.Table.from_arrays([array], schema=pa.schema([field])), file.name, compression=codec,
                       data_page_version=version, use_dictionary=encoding is None, data_page_size=128, write_batch_size=8,
                       column_encoding={"c": encoding} if encoding else None)
        meta = pq.read_metadata(file.name)
        c, leaf = meta.row_group(0).column(0), meta.schema.column(0)
        at = c.dictionary_page_offset or c.data_page_offset
        pages = pathlib.Path(file.name).read_bytes()[at:at + c.total_compressed_size]
    head = [PHYSICAL.index(c.physical_type), CONVERTED.get(leaf.converted_type or "NONE", 255), CODECS[c.compression],
            leaf.max_definition_level, max(leaf.length, 0)]
    return bytes(head) + struct.pack("<H", N) + pages


def chunks(out):
    for column, (array, encodings) in COLUMNS.items():
        for i, encoding in enumerate(encodings):
            codec = ["none", "snappy", "zstd", "gzip", "lz4", "brotli"][(i + len(column)) % 6]
            version = ["1.0", "2.0"][(i + len(column)) % 2]
            name = f"{column}_{(encoding or 'dictionary').lower()}_{codec}"
            (out / name).write_bytes(chunk(column, array, encoding, codec, version))


def variants(out, folder):
    seen = set()
    for path in sorted(folder.glob("*.variant.bin")):
        raw = path.read_bytes()
        width = (raw[0] >> 6) + 1
        n = int.from_bytes(raw[1:1 + width], "little")
        size = 1 + width * (n + 2) + int.from_bytes(raw[1 + width * (n + 1):1 + width * (n + 2)], "little")
        if size < 256 and raw not in seen:
            (out / path.name.replace(".variant.bin", "")).write_bytes(bytes([size]) + raw)
        seen.add(raw)


def shapes(out, folder):
    seen = set()
    for raw in pq.read_table(folder / "geospatial.parquet").column("geometry").to_pylist():
        kind = raw[1:5] if raw else None
        if kind and kind not in seen:
            (out / f"shape_{int.from_bytes(kind, 'little')}").write_bytes(raw)
        seen.add(kind)


def main(out, root=None):
    folders = {name: pathlib.Path(out) / name for name in ("chunk", "variant", "wkb")}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    chunks(folders["chunk"])
    if root:
        variants(folders["variant"], pathlib.Path(root) / "shredded_variant")
        shapes(folders["wkb"], pathlib.Path(root) / "data/geospatial")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
