"""Which columns of a parquet file the program read: what strace saw of its reads, beside where the file says that columns lie."""
import re

import pyarrow.parquet as pq

STRACE = ["strace", "-f", "-e", "trace=openat,pread64"]


def chunks(path):
    """(from, to, name) of each column of each row group."""
    meta = pq.ParquetFile(path).metadata
    for g in range(meta.num_row_groups):
        for c in range(meta.num_columns):
            column = meta.row_group(g).column(c)
            at = min(column.dictionary_page_offset or column.data_page_offset, column.data_page_offset)
            yield at, at + column.total_compressed_size, column.path_in_schema


def columns_read(text, path):
    """Names of columns with bytes that were read, of what strace wrote."""
    read, ours, lie = set(), set(), list(chunks(path))
    for line in text.split("\n"):
        opened = re.search(r'openat\(.*?"([^"]*)".* = (\d+)$', line)
        if opened:
            (ours.add if opened[1].endswith(path.name) else ours.discard)(opened[2])
        got = re.search(r"pread64\((\d+), .*, (\d+)\) += (\d+)$", line)
        if got and got[1] in ours:
            at, n = int(got[2]), int(got[3])
            read |= {name for a, b, name in lie if a < at + n and at < b}
    return read
