"""The files of the parquet bench, by a name each; run with a Python that has duckdb and pyarrow.

    make_files.py FOLDER     makes what is not there yet

A  3 M rows x 22 mixed columns, zstd, groups of 120 k rows     B  the same in groups of 1 M
C  the same, not compressed, one group, one page a chunk       W  1,000 columns x 100 k rows, 10 groups
S  as Spark writes: snappy, INT96, one group                   D  strings with dictionaries
N  nested: lists, structs, maps, 1 M rows                      P  200 hive-partitioned parts
H  100 M rows in groups of 1 M, few distinct values, page indexes
E  3 M rows x 22 mixed columns as Arrow writes them: zstd, pages of 1 MB, groups of 250 k     F  the same, one group
G  1,500 floats x 20 k rows, one group
"""
import pathlib
import sys

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

MIXED = """
SELECT i AS id, i % 1000 AS k, (i * 7919) % 1000003 AS big, (i % 128)::TINYINT AS tiny, (i % 32000)::SMALLINT AS small,
       i::INTEGER AS n, (i * 0.37)::FLOAT AS f, sin(i) AS d, (i % 100000 / 100.0)::DECIMAL(12,2) AS money,
       (i * 1.000001)::DECIMAL(30,6) AS wide, i % 3 = 0 AS flag, DATE '2020-01-01' + (i % 2000)::INTEGER AS day,
       TIMESTAMP '2024-01-01' + to_seconds(i) AS at, TIMESTAMPTZ '2024-01-01 00:00:00+00' + to_seconds(i * 2) AS zoned,
       'name ' || (i % 777) AS name, md5(i::VARCHAR) AS hash, 'country-' || (i % 200) AS country,
       CASE WHEN i % 10 > 0 THEN i END AS sparse, CASE WHEN i % 2 = 0 THEN 'note ' || (i % 50000) END AS note,
       (i % 97)::UTINYINT AS u, gen_random_uuid() AS uuid, encode('b' || (i % 5000)) AS bytes
FROM range(3000000) r(i)
"""


def duck(path, sql, options):
    db = duckdb.connect()
    db.execute("SET TimeZone='UTC'")
    db.execute(f"COPY ({sql}) TO '{path}' (FORMAT parquet, {options})")


def make_a(path):
    duck(path, MIXED, "COMPRESSION zstd, ROW_GROUP_SIZE 122880")


def make_b(path):
    duck(path, MIXED, "COMPRESSION zstd, ROW_GROUP_SIZE 1000000")


def make_c(path):
    duck(path, MIXED, "COMPRESSION uncompressed, ROW_GROUP_SIZE 3000000")


def make_w(path):
    n = 100_000
    base = [pa.array([(i * 7 + k) % 1000 for i in range(n)]) for k in range(20)]
    pq.write_table(pa.table({f"c{k}": base[k % 20] for k in range(1000)}), path, compression="zstd", row_group_size=10_000)


def make_s(path):
    db = duckdb.connect()
    table = db.execute("SELECT i AS id, i % 1000 AS k, i * 0.5 AS x, 'name ' || (i % 777) AS s, "
                       "TIMESTAMP '2024-01-01' + to_seconds(i) AS t, md5(i::VARCHAR) AS h FROM range(1500000) r(i)").to_arrow_table()
    pq.write_table(table, path, compression="snappy", use_deprecated_int96_timestamps=True, row_group_size=10_000_000)


def make_d(path):
    duck(path, "SELECT " + ", ".join(f"'value-{k}-' || ((i * {k + 3}) % {10 ** (1 + k % 4)}) AS s{k}" for k in range(12))
         + " FROM range(3000000) r(i)", "COMPRESSION zstd")


def make_n(path):
    duck(path, "SELECT i AS id, [i, i + 1, i % 7] AS l, {'a': i, 'b': 'x' || (i % 100), 'c': {'d': i * 0.5}} AS s, "
               "MAP {'k' || (i % 5): i, 'z': i + 1} AS m, [[i % 3], [i % 5, i % 7]] AS ll, "
               "[{'n': i, 't': 'tag' || (i % 9)}, {'n': i + 1, 't': NULL}] AS ls FROM range(1000000) r(i)", "COMPRESSION zstd")


def make_p(path):
    path.mkdir()
    db = duckdb.connect()
    db.execute(f"COPY (SELECT i AS id, i * 0.5 AS x, 'name ' || (i % 777) AS s, i % 200 AS part FROM range(2000000) r(i)) "
               f"TO '{path}' (FORMAT parquet, PARTITION_BY (part), OVERWRITE_OR_IGNORE)")


def make_h(path):
    db = duckdb.connect()
    writer, group = None, 1_000_000
    for first in range(0, 100 * group, group):
        table = db.sql("SELECT i AS id, (i // 1000 % 97)::INTEGER AS k, 'city ' || (i // 100 % 50) AS city, (i // 10 % 1000) / 8.0 AS x, "
                       f"i // 5000 % 3 = 0 AS flag FROM range({first}, {first + group}) r(i)").to_arrow_table()
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd", use_dictionary=["k", "city", "x"],
                                            column_encoding={"id": "DELTA_BINARY_PACKED"}, write_page_index=True)
        writer.write_table(table, row_group_size=group)
    writer.close()


def arrow(path, group):
    db = duckdb.connect()
    db.execute("SET TimeZone='UTC'")
    pq.write_table(db.sql(MIXED).to_arrow_table(), path, compression="zstd", row_group_size=group)


def make_e(path):
    arrow(path, 250_000)


def make_f(path):
    arrow(path, 3_000_000)


def make_g(path):
    db = duckdb.connect()
    columns = [db.sql("SELECT random()::FLOAT AS x FROM range(20000)").to_arrow_table()["x"] for _ in range(50)]
    pq.write_table(pa.table({f"feature_{k}": columns[k % 50] for k in range(1500)}), path, compression="zstd", row_group_size=20_000)


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name in "ABCWSDNPHEFG":
        path = folder / (f"{name}.parquet" if name != "P" else "P")
        if not path.exists():
            globals()[f"make_{name.lower()}"](path)


main(pathlib.Path(sys.argv[1]))
