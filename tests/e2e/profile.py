"""`stages` and `why` of the real program: what a server tells and what the event log tells is the same; one request for all
stages; and the screen of a run's stages. The server here gives the answers that real Spark gave (tests/profile/data)."""
import http.server
import json
import pathlib
import threading

from harness import Workspace, main, need

DATA = pathlib.Path(__file__).resolve().parents[1] / "profile/data"
PAGES = {"": "application", "/jobs": "jobs", "/stages": "stages", "/allexecutors": "executors", "/sql": "sql",
         "/environment": "environment"}


class Spark(http.server.ThreadingHTTPServer):
    """The REST API of one application, live or as a History Server has it."""

    def __init__(self, app, side):
        super().__init__(("127.0.0.1", 0), Answers)
        self.folder, self.side, self.asked = DATA / app, side, []
        self.application = json.loads((self.folder / f"{side}-application.json").read_text())
        self.url = f"http://127.0.0.1:{self.server_port}"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


class Answers(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.asked.append(self.path)
        path = self.path.split("?")[0].removeprefix("/api/v1/applications")
        own = f"/{self.server.application['id']}"
        if path == "":
            body = json.dumps([self.server.application]).encode()
        elif path.startswith(own) and path.removeprefix(own) in PAGES:
            body = (self.server.folder / f"{self.server.side}-{PAGES[path.removeprefix(own)]}.json").read_bytes()
        else:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def test_server_history_and_event_log_tell_the_same():
    for app, log in (("skew", "events.jsonl"), ("trouble", "eventlog_v2_app")):
        of_log = WS.json("why", "--event-log", DATA / app / log)
        need(of_log["findings"], f"{app}: nothing was found")
        for side in ("live", "history"):
            with Spark(app, side) as spark:
                of_server = WS.json("why", "--url", spark.url, "--app", spark.application["id"])
                need(of_server == of_log, f"{app}, {side}:\n{of_server}\n{of_log}")
                stages = [p for p in spark.asked if "/stages" in p]
                need(len(stages) == 1 and "withSummaries=true" in stages[0], stages)
                need(WS.ok("stages", "--url", spark.url, "-o", "csv") ==
                     WS.ok("stages", "--event-log", DATA / app / log, "-o", "csv"), f"{app}, {side}: stages")


def test_text_and_json_say_the_same():
    text = WS.ok("why", "--event-log", DATA / "trouble/eventlog_v2_app")
    for finding in WS.json("why", "--event-log", DATA / "trouble/eventlog_v2_app")["findings"]:
        for part in ("rule", "text", "measured", "threshold", "advice"):
            need(finding[part] in text, f"{part} of {finding} is not in\n{text}")


def test_bad_words_are_told():
    WS.fails(2, "why")
    WS.fails(2, "why", "x", "--event-log", "y")
    WS.fails(3, "why", "--event-log", "nowhere")
    WS.fails(3, "stages", "20200101-000000-aaaa")
    WS.fails(2, "why", "--url", "ftp://x")
    WS.fails(4, "why", "--url", "http://127.0.0.1:1", "--app", "x")
    with Spark("skew", "live") as spark:
        WS.fails(3, "why", "--url", spark.url, "--app", "another")


def test_stages_of_a_run_on_a_screen():
    (WS.work / "t.csv").write_text("user_id,x\n1,2\n")
    (WS.work / "d.yaml").write_text("sources: [{name: t, variant: v1, path: t.csv, format: csv, options: {header: 'true'}}]\ntransformations:\n"
                                    "  - {name: j, variant: v1, sql: 'SELECT a.x FROM {{t}} a JOIN {{t}} b USING (user_id)'}\n")
    WS.ok("apply", "d.yaml")
    WS.ok("run", "j")
    run = WS.json("runs")[0]["run"]
    WS.screen("key 8\nexpect READY\nkey t\nexpect has no profile\n", "120x30")
    stage = {"id": 7, "state": "COMPLETE", "name": "save", "nodes": "SortMergeJoin, Sort", "node": "SortMergeJoin",
             "words": "user_id", "submitted_us": 10**15, "completed_us": 10**15 + 90 * 10**6, "tasks": 200,
             "tasks_done": 200, "run_us": 160 * 10**6, "duration_us": [10**5, 10**5, 10**5, 10**5, 10**5, 60 * 10**6],
             "failure": "\u001b[31mred"}
    profile = {"source": "rest", "finished": True, "started_us": 10**15, "ended_us": 10**15 + 10**8, "executors": 1,
               "cores": 2, "stages": [stage]}
    (WS.work / ".firesteel/runs" / run / "profile.json").write_text(json.dumps(profile))
    screen = WS.screen("key 8\nexpect READY\nkey t\nexpect SortMergeJoin\nexpect the slowest of 200 tasks took 1m,\n"
                       "expect line 1\nexpect look for the hot key\nwait\ndump stages\nkey q\nkey enter\nexpect progress\n"
                       "key t\nexpect SortMergeJoin\nkey q\ntype :stages\nkey enter\nexpect SortMergeJoin\n", "140x30")
    need("findings" in screen["stages"], screen["stages"])
    need(WS.json("why", run)["findings"][0]["line"] == 1, "the line of the join is not told")


WS = Workspace(demo=False)
if __name__ == "__main__":
    try:
        main(globals())
    finally:
        WS.close()
