"""Paths in prompts: they are completed from folders of this host and of a bucket, and nobody waits for a folder."""
import contextlib
import http.server
import os
import pathlib
import shutil
import threading
import urllib.parse

from harness import Terminal, Workspace, main, need

WS = Workspace()


class Bucket(http.server.ThreadingHTTPServer):
    """Lists its keys as S3 does, a folder at a time, once `open` is set; `asked` are the prefixes."""
    daemon_threads = True

    def __init__(self, keys):
        super().__init__(("127.0.0.1", 0), Listing)
        self.keys, self.asked, self.open = keys, [], threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def env(self):
        return dict(WS.env, AWS_ENDPOINT_URL_S3=f"http://127.0.0.1:{self.server_port}", AWS_ACCESS_KEY_ID="k",
                    AWS_SECRET_ACCESS_KEY="s", AWS_REGION="us-east-1", AWS_EC2_METADATA_DISABLED="true")


class Listing(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlparse(self.path).query))
        prefix = query.get("prefix", "")
        self.server.asked.append(prefix)
        self.server.open.wait()
        found = [key[len(prefix):] for key in self.server.keys if key.startswith(prefix)]
        folders = sorted({rest.split("/")[0] for rest in found if "/" in rest})
        denied = prefix.startswith("private/")
        body = "<ListBucketResult><IsTruncated>false</IsTruncated>" + "".join(
            f"<Contents><Key>{prefix}{rest}</Key><Size>4096</Size><LastModified>2026-01-02T03:04:05.000Z</LastModified></Contents>"
            for rest in found if "/" not in rest) + "".join(
            f"<CommonPrefixes><Prefix>{prefix}{folder}/</Prefix></CommonPrefixes>" for folder in folders) + "</ListBucketResult>"
        if denied:
            body = "<Error><Code>AccessDenied</Code><Message>no</Message></Error>"
        self.send_response(403 if denied else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(BrokenPipeError):  # who asked has gone
            self.wfile.write(body.encode())


@contextlib.contextmanager
def silent(keys=()):
    """A bucket that does not answer until it is opened, and the workbench that asks it."""
    bucket = Bucket(keys)
    t = Terminal(WS, rows=24, cols=100, env=bucket.env())
    try:
        t.expect("Training sets")
        yield bucket, t
    finally:
        t.close()
        bucket.open.set()
        bucket.shutdown()


def folder(name, *files):
    """A new folder in the workspace's; files that end with a slash are folders."""
    path = WS.work / name
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir()
    for file in files:
        target = os.fsencode(path) + b"/" + (file if isinstance(file, bytes) else file.encode())
        if target.endswith(b"/"):
            os.makedirs(target)
        else:
            os.makedirs(os.path.dirname(target), exist_ok=True)
            pathlib.Path(os.fsdecode(target)).write_text("a,b\n1,2\n")
    return path


def test_tab_goes_on_inside_of_a_folder():
    folder("deep", "inner/leaf/rows.csv")
    WS.screen("type :preview de\nwait\nkey tab\nwait\nexpect :preview deep/\nkey tab\nwait\nexpect :preview deep/inner/\n"
              "key tab\nwait\nexpect :preview deep/inner/leaf/\nkey tab\nwait\nexpect :preview deep/inner/leaf/rows.csv\n"
              "key enter\nexpect rows of deep/inner/leaf/rows.csv\n")


def test_only_what_has_rows_is_offered_for_a_preview():
    folder("mixed", "a.csv", "b.parquet", "c.json", "d.txt", "e.yaml", "f.py", "g/", "_h.csv", ".i.csv")
    WS.screen("type :preview mixed/\nwait\nkey tab\nexpect :preview mixed/g/\nkey tab\nexpect :preview mixed/a.csv  csv  8 B\n"
              "key tab\nexpect mixed/b.parquet\nkey tab\nexpect mixed/c.json\nkey tab\nexpect mixed/g/\n")
    WS.screen("type :files mixed/\nwait\nkey tab\nexpect :files mixed/g/\nwait\nkey enter\nexpect an empty folder\n")
    WS.screen("type :files\nkey enter\nwait\nkey c\ntype mix\nwait\nkey tab\nwait\nexpect folder or URI: mixed/\n")


def test_names_and_paths_are_offered_together():
    folder("transformed", "x.csv")
    WS.screen("type :preview trans\nwait\nkey tab\nexpect :preview transactions\nkey shift-tab\nexpect :preview transformed/\n")


def test_the_users_folder_and_the_one_above():
    (WS.dir / "home/lake").mkdir()
    (WS.dir / "home/lake/rows.csv").write_text("a,b\n1,2\n")
    WS.screen("type :preview ~\nwait\nkey tab\nwait\nexpect :preview ~/\ntype la\nwait\nkey tab\nwait\nkey tab\nwait\n"
              "expect :preview ~/lake/rows.csv\nkey enter\nexpect rows of ~/lake/rows.csv\n")
    WS.screen("type :preview ..\nwait\nkey tab\nwait\nexpect :preview ../\ntype home/l\nwait\nkey tab\nwait\n"
              "expect :preview ../home/lake/\n")


def test_what_right_would_take_is_dim_as_one_writes():
    folder("deep", "inner/leaf/rows.csv")
    WS.screen("type :preview deep/in\nwait\nexpect :preview deep/inner/\nkey right\nwait\ntype le\nwait\nexpect :preview deep/inner/leaf/\n")


def test_a_path_with_blanks_is_one_path():
    folder("my data", "the rows.csv")
    WS.screen("type :preview my d\nwait\nkey tab\nwait\nkey tab\nwait\nexpect :preview my data/the rows.csv\nkey enter\n"
              "expect rows of my data/the rows.csv\n")


def test_a_large_folder_is_asked_again_with_the_beginning_of_the_name():
    folder("large", *[f"part-{i:05}.csv" for i in range(2500)], "the-last.csv")
    WS.screen("type :preview large/the\nwait\nkey tab\nwait\nexpect :preview large/the-last.csv\n")


def test_an_export_and_a_yaml_file_are_completed():
    folder("deep", "inner/plan.yaml", "inner/rows.csv")
    WS.screen("type :preview deep/inner/rows.csv\nkey enter\nexpect rows of deep\nkey E\nexpect export to\ntype deep/inner/p\nwait\n"
              "key tab\nexpect deep/inner/plan.yaml\n")


def test_hostile_names_are_quoted_and_never_reach_the_terminal():
    hostile = b"evil\x1b]0;owned\x07\n\xff\xc3.csv"
    folder("hostile", hostile, b"it's $'.csv", "bad\x1b[2J/x.csv")
    folder("sql:SELECT 1", "x.csv")
    t = Terminal(WS, rows=24, cols=120)
    try:
        t.expect("Training sets")
        t.send(":preview hostile/ev\t")
        t.expect(r"$'hostile/evil\x1b]0;owned\x07\x0a\xff\xc3.csv'")
        t.send("\r")
        t.expect(r"evil\e]0;owned\x07\n\xFF\xC3.csv  1/1 exact")
        t.send("q:preview hostile/bad\t")
        t.expect(r"$'hostile/bad\x1b[2J/")
        t.send("\t")
        t.expect(r"$'hostile/bad\x1b[2J/x.csv'")
        t.send("\r")
        t.expect("rows of hostile/bad")
        t.send("q:preview hostile/it\t")
        t.expect("hostile/it's $'.csv")
        t.send("\r")
        t.expect("rows of hostile/it's $'.csv")
        t.send("q:preview sql:\t")
        t.expect("./sql:SELECT 1/")
        for raw in (b"\x1b]0;owned", b"\x1b[2J/", b"\xff", b"\xc3."):
            need(raw not in t.raw, f"{raw} reached the terminal")
        t.send("\x03Q")
        t.wait_exit()
        need(b"owned\x07" not in t.raw, "at the end")
    finally:
        t.close()


def test_keys_are_answered_while_a_bucket_does_not():
    with silent(["lake/prefix/a.parquet", "lake/previous/b.csv", "lake/prefix/readme.txt"]) as (bucket, t):
        t.send(":preview s3://lake/lake/prefi")
        t.expect("s3://lake/lake/prefi")
        need(not bucket.asked, f"asked without a Tab: {bucket.asked}")
        t.send("\t")
        t.expect("s3://lake/lake/prefi …")
        t.send("xyz")
        t.expect("s3://lake/lake/prefixyz")
        need("…" not in t.text().splitlines()[-1], "it still looks")
        t.send("\x7f\x7f\x7f\x7f")
        t.expect("s3://lake/lake/pref")
        t.send("\t")
        t.expect("s3://lake/lake/pref …")
        t.send("\x03")
        t.send("8")
        t.expect("Runs  1/7")
        t.send("q:preview s3://lake/lake/pr\t")
        t.expect("s3://lake/lake/pr …")
        bucket.open.set()
        t.expect("s3://lake/lake/prefix/")
        need(bucket.asked[0] == "lake/prefi", f"asked for {bucket.asked}")
        t.send("\t")
        t.expect("s3://lake/lake/previous/")
        t.send("/\t")
        t.expect("s3://lake/lake/previous/b.csv  csv  4.1 kB")


def hang(t, n):
    """Folders of a bucket that does not answer are opened: each holds a worker."""
    for i in range(n):
        t.send(f":files s3://lake/{i}/\r")
        t.expect(f"files s3://lake/{i} ")


def test_lists_are_read_while_folders_do_not_answer():
    with silent() as (bucket, t):
        hang(t, 5)
        t.send(":runs\r")
        t.expect("Runs  1/")
        need(not bucket.open.is_set() and len(bucket.asked) == 5, f"asked for {bucket.asked}")


def test_what_is_ended_before_it_began_gave_nothing():
    """Twelve workers wait; what is asked then is ended where it stands in the queue, and nothing is taken from it."""
    with silent() as (bucket, t):
        hang(t, 12)
        t.send(":runs\rW")
        t.expect("listing runs")
        t.send("c")
        t.expect("ending: listing runs")
        t.expect("Under way  1/13")
        t.expect("s3://lake/11")
        t.send("q")
        t.expect("Runs  0/0")
        need("no runs yet" not in t.text(), "what was not read is not known to be empty")


def test_an_answer_is_not_taken_when_something_else_is_written():
    with silent(["lake/one/a.parquet", "lake/two/b.csv"]) as (bucket, t):
        t.send(":preview s3://lake/lake/o\t")
        t.expect("s3://lake/lake/o …")
        t.send("\x7ft")
        t.expect("s3://lake/lake/t")
        bucket.open.set()
        t.send("\t")
        t.expect("s3://lake/lake/two/")
        need("one" not in t.text(), "the other answer was taken")
        t.send("\x15preview s3://lake/private/x\t")
        t.expect("these keys may not do this")


if __name__ == "__main__":
    main(globals())
