"""What bad input gets: a clear error that names the thing and the remedy, the right exit code, no crash, nothing lost."""
import os
import pathlib
import sqlite3
import subprocess

from harness import BINARY, ROOT, Terminal, Workspace, main, need

WS = Workspace()


def says(text, *words):
    for word in words:
        need(word in text, f"{word!r} is not in {text!r}")



def test_looking_at_a_file_needs_no_workspace():
    with Workspace(demo=False) as ws:
        away = ws.dir / "away"
        away.mkdir()
        (away / "few.jsonl").write_text('{"a":1,"b":"x"}\n{"a":2,"b":"y"}\n')
        env = dict(ws.env, XDG_DATA_HOME=str(away / "data"))
        for args, wanted in ((("preview", "few.jsonl", "-w", "a = 2", "-o", "jsonl"), '"y"'), (("schema", "few.jsonl"), "bigint"),
                             (("sql", "SELECT 1 + 1 AS two", "-o", "jsonl"), '{"two":2}')):
            done = subprocess.run([BINARY, *args], cwd=away, env=env, capture_output=True, text=True)
            need(done.returncode == 0 and wanted in done.stdout, done.stdout + done.stderr)
        need([p.name for p in away.iterdir()] == ["few.jsonl"], "something was written")
        done = subprocess.run([BINARY, "list", "sources"], cwd=away, env=env, capture_output=True, text=True)
        need(done.returncode == 3 and "there is no workspace here" in done.stderr, done.stderr)


def test_unknown_verb_names_the_nearest():
    says(WS.fails(2, "prewiev", "x"), "prewiev", "preview")


def test_unknown_option_is_usage():
    says(WS.fails(2, "list", "--tga", "x"), "--tga", "--help")


def test_unknown_name_names_the_nearest():
    says(WS.fails(3, "show", "fraud_trainin"), "fraud_training")


def test_unknown_type_names_the_nearest():
    says(WS.fails(2, "list", "festures"), "features")


def test_no_workspace_says_how_to_make_one():
    says(WS.fails(3, "list", cwd="/"), "firesteel init")


def test_init_twice_is_refused():
    says(WS.fails(3, "init"), "already")


def test_missing_file():
    says(WS.fails(3, "preview", "./nothing.parquet"), "nothing.parquet")


def test_truncated_parquet():
    whole = (WS.work / "data/transactions.parquet").read_bytes()
    for size in (0, 3, 4, 8, 100, len(whole) // 2, len(whole) - 1):
        (WS.work / "cut.parquet").write_bytes(whole[:size])
        result = WS.run("preview", "./cut.parquet")
        need(result.returncode == 1, f"{size} bytes: exit {result.returncode} {result.stderr}")
        says(result.stderr, "cut.parquet")


def test_columns_that_cannot_be_read_are_said():
    data = pathlib.Path(os.environ.get("FIRESTEEL_TESTDATA", ROOT / "../shared/testdata")) / "parquet-testing/data"
    path = data / "encrypt_columns_plaintext_footer.parquet.encrypted"
    if not path.exists():
        need(not os.environ.get("CI"), f"not to be left out under CI: {path}")
        print("SKIP columns that cannot be read: the Parquet conformance set is not there")
        return
    done = subprocess.run([BINARY, "preview", path, "-n", "2", "-o", "csv"], cwd=WS.work, env=WS.env, capture_output=True, text=True)
    need(done.returncode == 0 and done.stdout.count("\n") == 3, done.stdout + done.stderr)
    says(done.stderr, "column float_field cannot be read", "encrypted")
    need(done.stderr.count("float_field") == 1, done.stderr)
    into = subprocess.run([BINARY, "preview", path, "-o", "jsonl", "--into", "unreadable"], cwd=WS.work, env=WS.env,
                          capture_output=True, text=True)
    need(into.returncode == 0, into.stdout + into.stderr)
    says(into.stderr, "column float_field cannot be read", "encrypted", "rows into unreadable")


def test_garbage_with_a_parquet_name():
    (WS.work / "noise.parquet").write_bytes(os.urandom(5000))
    says(WS.fails(1, "preview", "./noise.parquet"), "noise.parquet")


def test_escape_sequences_in_data_are_shown_not_obeyed():
    (WS.work / "evil.csv").write_text("a,b\n\x1b[2J\x1b]0;owned\x07,\u202eabc\n")
    out = WS.ok("preview", "./evil.csv")
    need("\x1b" not in out and "\u202e" not in out, repr(out))


def test_yaml_errors_name_file_line_and_key():
    (WS.work / "bad.yaml").write_text("transformations:\n  - name: x\n    sqll: SELECT 1\n")
    says(WS.fails(3, "apply", "bad.yaml"), "bad.yaml:3", "sqll", "sql")


def test_yaml_bomb_is_refused():
    lines = ["a0: &a0 [x,x,x,x,x,x,x,x,x,x]"]
    for i in range(1, 12):
        lines.append(f"a{i}: &a{i} [" + ",".join([f"*a{i-1}"] * 10) + "]")
    (WS.work / "bomb.yaml").write_text("\n".join(lines))
    says(WS.fails(3, "apply", "bomb.yaml"), "bomb.yaml")


def test_apply_is_all_or_nothing():
    before = WS.json("list", "--all")
    (WS.work / "half.yaml").write_text(
        "transformations:\n  - name: good_one\n    variant: v1\n    sql: SELECT * FROM {{transactions.kaggle}}\n"
        "  - name: clean_transactions\n    variant: v1\n    sql: SELECT 1 AS other\n")
    text = WS.fails(3, "apply", "half.yaml")
    says(text, "clean_transactions.v1")
    need(WS.json("list", "--all") == before, "the catalog changed")


def test_literal_secret_is_refused_with_the_remedy():
    (WS.work / "secret.yaml").write_text(
        "providers:\n  - name: p\n    engine: connect\n    options: {url: 'sc://h:1', token: hunter2secret}\n")
    text = WS.fails(3, "apply", "secret.yaml")
    need("hunter2secret" not in text, "the secret is on the screen")
    says(text, "token")


def test_sql_error_has_line_and_column():
    says(WS.fails(1, "sql", "SELECT CustomerID,\n  nosuch FROM {{transactions.kaggle}}", "--provider", "local"),
         "line 2, column 3", "nosuch")


def test_unknown_reference_has_a_place():
    result = WS.run("sql", "SELECT *\nFROM {{nowhere.v9}}", "--provider", "local")
    need(result.returncode in (1, 3), f"exit {result.returncode}")
    says(result.stderr, "line 2", "nowhere")


def test_local_refuses_by_name_and_place():
    says(WS.fails(1, "sql", "SELECT 1 FROM {{transactions.kaggle}} TABLESAMPLE (10 PERCENT)", "--provider", "local"), "line 1",
         "TABLESAMPLE")


def test_spark_errors_come_through():
    says(WS.fails(1, "sql", "SELECT 1/0 AS x FROM {{transactions.kaggle}} LIMIT 1", "--provider", "local"), "DIVIDE_BY_ZERO")
    says(WS.fails(1, "sql", "SELECT CAST('abc' AS INT) AS x", "--provider", "local"), "CAST_INVALID_INPUT")


def test_unreachable_spark():
    says(WS.fails(4, "provider", "test", "spark"), "15002")


def test_a_run_on_unreachable_spark_is_refused():
    before = len(WS.json("runs", "-n", 100))
    says(WS.fails(4, "run", "clean_transactions", "--provider", "spark"), "provider spark", "provider start")
    need(len(WS.json("runs", "-n", 100)) == before, "a run was made of it")


def test_config_errors_name_the_line():
    (WS.work / "c.yaml").write_text("preview:\n  rows: many\n")
    result = WS.run("--config", "c.yaml", "list")
    need(result.returncode == 2, f"exit {result.returncode}")
    says(result.stderr, "c.yaml:2", "preview.rows")


def test_not_a_catalog():
    (WS.work / "fake.db").write_text("this is no database at all, but long enough to be read as one" * 50)
    result = WS.run("--catalog", "fake.db", "list")
    need(result.returncode == 1, f"exit {result.returncode}")
    says(result.stderr, "fake.db", "not a")


def test_newer_catalog_is_refused():
    with Workspace(demo=False) as ws:
        db = sqlite3.connect(ws.work / ".firesteel/catalog.db")
        db.execute("PRAGMA user_version=9999")
        db.commit()
        db.close()
        result = ws.run("list")
        need(result.returncode != 0, "a newer catalog was opened")
        says(result.stderr, "newer")


def test_a_locked_catalog_is_said():
    db = sqlite3.connect(WS.work / ".firesteel/catalog.db", isolation_level=None)
    db.execute("BEGIN EXCLUSIVE")
    try:
        says(WS.fails(4, "tag", "clean_transactions", "x"), "catalog.db", "another process")
        need(WS.json("list", "sources"), "readers wait for a writer")
    finally:
        db.execute("ROLLBACK")
        db.close()


def test_read_only_changes_nothing():
    says(WS.fails(4, "--read-only", "run", "clean_transactions"), "read-only")
    says(WS.fails(4, "--read-only", "tag", "clean_transactions", "x"), "read-only")
    need(WS.json("--read-only", "list", "sources"), "nothing is listed")


def test_denied_output_folder():
    if os.geteuid() == 0:
        (WS.work / "blocked").write_text("a file where a folder should be")
        where = WS.work / "blocked/out"
    else:
        where = WS.work / "denied"
        where.mkdir()
        where.chmod(0o500)
    (WS.work / "p.yaml").write_text(f"providers:\n  - name: nowrite\n    engine: local\n    output: {where}\n")
    WS.ok("apply", "p.yaml")
    says(WS.fails(1, "run", "clean_transactions", "--provider", "nowrite"), str(where))


def test_full_disk():
    if os.geteuid() != 0:
        print("SKIP test_full_disk: needs root to mount a small disk")
        return
    disk = WS.work / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode:
        print("SKIP test_full_disk: no mount here")
        return
    try:
        (WS.work / "d.yaml").write_text(f"providers:\n  - name: small\n    engine: local\n    output: {disk}/out\n")
        WS.ok("apply", "d.yaml")
        text = WS.fails(1, "run", "clean_transactions", "--provider", "small")
        says(text.lower(), "no space")
        left = [p for p in pathlib.Path(disk).rglob("_SUCCESS")]
        need(not left, "a failed run left a _SUCCESS")
    finally:
        subprocess.run(["umount", "-l", str(disk)])


def test_tiny_terminals_do_not_crash():
    for rows, cols in ((1, 1), (2, 5), (3, 200), (24, 9), (200, 3)):
        t = Terminal(WS, rows=rows, cols=cols)
        try:
            t.pump(1)
            t.send("2jj\rl")
            t.pump(1)
            t.resize(24, 80)
            t.send("0")
            t.expect("Training sets")
            t.send("Q")
            need(os.waitstatus_to_exitcode(t.wait_exit()) == 0, "a bad exit")
        finally:
            t.close()


def test_dumb_terminal_is_said():
    t = Terminal(WS, term="dumb")
    try:
        status = os.waitstatus_to_exitcode(t.wait_exit())
        need(status != 0, "it opened on a dumb terminal")
        need(b"TERM" in t.raw or b"dumb" in t.raw, t.raw.decode(errors="replace"))
    finally:
        t.close()


if __name__ == "__main__":
    try:
        main(globals())
    finally:
        WS.close()
