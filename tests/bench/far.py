"""How far files are read: a web server that gives ranges, counts requests and bytes, and answers a little late, so that what is
asked at once is seen as one wave; first rows, rows far down and last rows of the bench's files."""
import http.server
import json
import re
import subprocess
import threading
import time

from figures import figure
from harness import ROOT, Workspace, need

FILES = ROOT / "build/bench-files"
PEER = ROOT / "build/bench-venv/bin/python"
LATE_S = 0.04
BLOCK = 64 << 10  # of a page or a dictionary that is needed


class Counting(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    lock, log = threading.Lock(), []  # (begun, ended, from, bytes)
    files = {}  # path by name

    def log_message(self, *args):
        pass

    def do_HEAD(self):
        self.answer(body=False)

    def do_GET(self):
        self.answer(body=True)

    def answer(self, body):
        path = self.files.get(self.path.lstrip("/"))
        if not path:
            return self.send_error(404)
        size, begun = path.stat().st_size, time.monotonic()
        first, last = re.match(r"bytes=(\d*)-(\d*)", self.headers.get("Range", "bytes=0-")).groups()
        start = int(first) if first else max(0, size - int(last))
        end = min(size, int(last) + 1) if first and last else size
        with open(path, "rb") as f:
            f.seek(start)
            data = f.read(end - start)
        time.sleep(LATE_S * (0.75 + start % 997 / 1994))  # so that not all of a wave end at the same time
        with self.lock:
            self.log.append((begun, time.monotonic(), start, len(data)))
        self.send_response(206)
        self.send_header("ETag", f'"{path.stat().st_mtime_ns}"')
        self.send_header("Content-Range", f"bytes {start}-{end - 1}/{size}")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if body:
            self.wfile.write(data)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def waves(log):
    """Requests that overlap are one."""
    n, until = 0, 0
    for begun, ended, _, _ in sorted(log):
        n += begun >= until
        until = max(until, ended)
    return n


def needed(path):
    """Bytes of the footer's read, and a block of each page and dictionary of the first rows."""
    code = ("import pyarrow.parquet as q,sys,json;g=q.ParquetFile(sys.argv[1]).metadata.row_group(0);print(json.dumps("
            "[[c.total_compressed_size,(c.data_page_offset-c.dictionary_page_offset) if c.has_dictionary_page and "
            "c.dictionary_page_offset else 0] for c in map(g.column,range(g.num_columns))]))")
    chunks = json.loads(subprocess.run([PEER, "-c", code, path], check=True, capture_output=True, text=True).stdout)
    return BLOCK + sum(min(BLOCK, n - d) + min(BLOCK, d) for n, d in chunks)


def with_index(path):
    """As Spark writes: groups of many pages, and an index of them."""
    code = ("import pyarrow.parquet as q,sys;t=q.ParquetFile(sys.argv[1]).read_row_groups([0,1,2,3]);"
            "q.write_table(t,sys.argv[2],compression='zstd',row_group_size=245760,write_page_index=True)")
    subprocess.run([PEER, "-c", code, FILES / "A.parquet", path], check=True)
    return path


def once(ws, server, name, arguments):
    del Counting.log[:]
    began = time.perf_counter()
    told = ws.ok("preview", f"http://127.0.0.1:{server.server_address[1]}/{name}", "-o", "json", *arguments)
    return list(Counting.log), told, (time.perf_counter() - began) * 1000


def ask(ws, server, name, what, arguments, bar_waves, bar_bytes):
    """Of three: a busy machine can make one wave look like two, but never two like one."""
    log, told, ms = min((once(ws, server, name, arguments) for _ in range(3)), key=lambda run: waves(run[0]))
    need(told == ws.ok("preview", Counting.files[name], "-o", "json", *arguments), "rows from afar are other rows")
    print(f"{name} from afar, {what}: {len(log)} requests, {ms:.0f} ms at {LATE_S * 1000:.0f} ms a request")
    figure("  waves", waves(log), "waves", bar_waves, blocks=bar_waves is not None)
    figure("  bytes", sum(n for _, _, _, n in log) / 1024, "KiB", bar_bytes and bar_bytes / 1024, blocks=bar_bytes is not None)


def bench_far():
    server = Server(("127.0.0.1", 0), Counting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with Workspace(demo=False) as ws:
        Counting.files = {f"{name}.parquet": FILES / f"{name}.parquet" for name in "ABCSWND"}
        Counting.files["I.parquet"] = with_index(ws.work / "I.parquet")
        for name in "ABC":
            path = FILES / f"{name}.parquet"
            ask(ws, server, path.name, "50 rows of all columns", ["-n", "50"], 3, 1.5 * needed(path))
        for name in "SWND":
            ask(ws, server, f"{name}.parquet", "50 rows of all columns", ["-n", "50"], 3, None)
        ask(ws, server, "I.parquet", "50 rows far down", ["-n", "50", "--offset", "400000"], 3, None)
        ask(ws, server, "I.parquet", "the last 50 rows", ["-n", "50", "--offset", "491470"], 3, None)
        ask(ws, server, "A.parquet", "50 rows far down, no index", ["-n", "50", "--offset", "1234567"], None, None)
    server.shutdown()
