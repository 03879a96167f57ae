"""A server that answers as it is told: a cluster's REST API, well or badly.

POST /_script takes a list of rules; the first whose `on` begins a request ("GET /path?query") and that has not answered `times`
times already, answers: with `status`, `headers`, `body` (text, or a document that becomes JSON), after `wait` seconds, or by
closing the line (`close`). `standalone_log`: the body is a piece of that text as a worker of a standalone cluster gives it;
`yarn_log`: as a YARN node does. GET /_asked: the requests so far, one a line, with their bodies.
"""
import http.server
import json
import threading
import urllib.parse

rules, asked, lock = [], [], threading.Lock()


def standalone_log(text, query):
    data = text.encode()
    begin = min(int(query["offset"][0]), len(data))
    end = min(begin + int(query["byteLength"][0]), len(data))
    return f"==== Bytes {begin}-{end} of {len(data)} of /spark/{query['driverId'][0]}/{query['logType'][0]} ====\n".encode() + data[begin:end]


def yarn_log(text, query):
    data = text.encode()
    size = int(query["size"][0])
    part = data[size:] if size < 0 else data[:size]
    head = f"Container: container_1_1_01_000001 on localhost:1\nLogAggregationType: LOCAL\n=====\nLogType:stdout\nLogLastModifiedTime:Sat\n" \
        f"LogLength:{len(data)}\nLogContents:\n" if data else ""
    return head.encode() + part + b"\nEnd of LogType:stdout.This log file belongs to a running container\n*****\n\n\n"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def say(self, status, body, headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def rule_for(self, request):
        with lock:
            for rule in rules:
                if request.startswith(rule["on"]) and rule.get("times", 1) > 0:
                    if "times" in rule:
                        rule["times"] -= 1
                    return rule
        return {"status": 404, "body": "no rule"}

    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode()
        if self.path == "/_script":
            with lock:
                rules[:], asked[:] = json.loads(body), []
            return self.say(200, b"", {})
        if self.path == "/_asked":
            return self.say(200, "\n".join(asked).encode(), {})
        request = f"{self.command} {self.path}"
        asked.append(" ".join(filter(None, [request, self.headers.get("Authorization"), body])))
        rule = self.rule_for(request)
        if rule.get("wait"):
            threading.Event().wait(rule["wait"])
        if rule.get("close"):
            self.close_connection = True
            return None
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        if "standalone_log" in rule:
            out = standalone_log(rule["standalone_log"], query)
        elif "yarn_log" in rule:
            out = yarn_log(rule["yarn_log"], query)
        else:
            out = rule.get("body", "")
            out = (out if isinstance(out, str) else json.dumps(out)).encode()
        return self.say(rule.get("status", 200), out, rule.get("headers", {}))

    do_GET = do_POST = do_PUT = do_DELETE = answer


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
