"""Builds the plan of a PySpark function over Spark Connect, and hands it to whoever started this.

    python connect_function.py JOB.json     build the plan, write the answer beside the job
    python connect_function.py --probe      tell on stdout what this Python has

Nothing is executed by Spark because of us: the function is called over inputs that were bound
elsewhere, and the relation that it returns is given back as bytes. Whatever the function prints is
its own; the answer goes into files. What is secret comes by the environment, and is gone from it
before the function runs.
"""
import ast
import inspect
import json
import os
import re
import signal
import sys
import types

NAME = "<transformation>"
PACKAGES = (  # module, what to install, first pyspark that asks for it
    ("pandas", "pandas", (3, 4)),
    ("pyarrow", "pyarrow", (3, 4)),
    ("grpc", "grpcio", (3, 4)),
    ("grpc_status", "grpcio-status", (3, 4)),
    ("google.rpc", "googleapis-common-protos", (3, 4)),
    ("zstandard", "zstandard", (4, 1)),
)


class Refused(Exception):
    """What the answer says instead of a plan."""

    def __init__(self, kind, condition, message, place=(0, 0, 0)):
        super().__init__(message)
        self.answer = {
            "kind": kind,
            "condition": condition,
            "message": message,
            "line": place[0],
            "col": place[1],
            "len": place[2],
        }


# ---- Packages ------------------------------------------------------------------------------------


def version_of(text):
    numbers = []
    for part in text.split(".")[:2]:
        digits = "".join(c for c in part if c.isdigit())
        numbers.append(int(digits or 0))
    return tuple(numbers)


def missing_packages():
    """(what to install, why) of everything without which the Connect client does not import."""
    try:
        import pyspark
    except ImportError as e:
        return [("'pyspark[connect]'", str(e))]
    missing = []
    for module, package, since in PACKAGES:
        if version_of(pyspark.__version__) < since:
            continue
        try:
            __import__(module)
        except ImportError as e:
            missing.append((package, str(e)))
    if not missing:
        try:
            import pyspark.sql.connect.session  # noqa: F401
        except Exception as e:  # too old, as the client says itself
            missing.append(("--upgrade 'pyspark[connect]'", str(e)))
    return missing


def require_packages():
    missing = missing_packages()
    if missing:
        raise Refused(
            "packages",
            "",
            "%s cannot use Spark Connect (%s): %s -m pip install %s"
            % (
                sys.executable,
                "; ".join(dict.fromkeys(" ".join(why.split())[:200] for _, why in missing)),
                sys.executable,
                " ".join(package for package, _ in missing),
            ),
        )


# ---- The source ----------------------------------------------------------------------------------


def place_of_syntax(e):
    line = e.lineno or 1
    col = e.offset or 1
    same = getattr(e, "end_lineno", None) == e.lineno and (getattr(e, "end_offset", 0) or 0) > col
    return line, max(col, 1), e.end_offset - col if same else 1


def columns(source, line, start, end):
    """Byte offsets in a line to a column and a length in characters."""
    lines = source.split("\n")
    if line < 1 or line > len(lines):
        return 0, 0
    raw = lines[line - 1].encode()
    before = len(raw[:start].decode(errors="replace"))
    return before + 1, max(1, len(raw[:end].decode(errors="replace")) - before)


def place_of_node(source, node):
    end = node.end_col_offset if node.end_lineno == node.lineno else 1 << 20
    return (node.lineno, *columns(source, node.lineno, node.col_offset, end))


def place_of_trace(source, trace):
    """The innermost frame that is the user's own."""
    found = None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == NAME:
            found = trace
        trace = trace.tb_next
    if found is None:
        return 0, 0, 0
    line = found.tb_lineno
    positions = getattr(found.tb_frame.f_code, "co_positions", None)
    if positions:
        at = list(positions())[found.tb_lasti // 2]
        if at[0] == line and at[2] is not None and at[3] is not None:
            return (line, *columns(source, line, at[2], at[3] if at[1] == line else 1 << 20))
    lines = source.split("\n")
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    stripped = text.strip()
    return line, len(text) - len(text.lstrip()) + 1, max(1, len(stripped))


def condition_of(e):
    for name in ("getCondition", "getErrorClass"):
        if hasattr(e, name):
            try:
                condition = getattr(e, name)()
            except Exception:
                condition = None
            if condition:
                return condition
    head = re.match(r"\[([A-Z][A-Z0-9_.]+)\]", str(e).lstrip())  # before 4.0 it is only there
    if head and type(e).__module__.startswith("pyspark."):
        return head.group(1)
    return type(e).__name__


def message_of(e):
    text = str(e) or repr(e)
    condition = condition_of(e)
    head = "[%s]" % condition
    if text.startswith(head):
        text = text[len(head) :].lstrip()
    return text


def is_unreachable(e):
    code = getattr(e, "code", None)
    try:
        return callable(code) and getattr(code(), "name", "") == "UNAVAILABLE"
    except Exception:
        return False


def guarded(source, call):
    """What `call` returns; its errors with their place in the source."""
    try:
        return call()
    except Refused:
        raise
    except SyntaxError as e:  # of the source, or of something that it compiles or imports
        if e.filename == NAME:
            place = place_of_syntax(e)
        else:
            place = place_of_trace(source, e.__traceback__)
        raise Refused("python", type(e).__name__, e.msg or str(e), place)
    except BaseException as e:
        kind = "network" if is_unreachable(e) else "python"
        raise Refused(kind, condition_of(e), message_of(e), place_of_trace(source, e.__traceback__))


def is_udf(value):
    return hasattr(value, "evalType")


def find_function(source, tree, namespace):
    """The last function at the top of the source; functions of Spark's are helpers of it."""
    for node in reversed(tree.body):
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        function = namespace.get(node.name)
        if is_udf(function) or not callable(function):
            continue
        if isinstance(node, ast.AsyncFunctionDef):
            raise Refused(
                "python",
                "ASYNC_FUNCTION",
                "%s is async; the function that makes the result must be a plain def" % node.name,
                place_of_node(source, node),
            )
        return node, function
    raise Refused(
        "python",
        "NO_FUNCTION",
        "the source defines no function at its top: write def f(df1, df2): ... return df",
        (1, 1, 1),
    )


def check_arguments(source, node, function, names):
    try:
        inspect.signature(function).bind(*names)
    except TypeError as e:
        raise Refused(
            "python",
            "WRONG_ARGUMENTS",
            "%s is called with %d input%s (%s): %s"
            % (node.name, len(names), "" if len(names) == 1 else "s", ", ".join(names), e),
            place_of_node(source, node),
        )
    except ValueError:
        pass


# ---- Spark ---------------------------------------------------------------------------------------


def connect(job, secrets):
    """The session that the job names, as another client of it."""
    from urllib.parse import quote

    host = "[%s]" % job["host"] if ":" in job["host"] else job["host"]
    pairs = [("user_id", job["user"]), ("session_id", job["session"])]
    if job["tls"]:
        pairs.append(("use_ssl", "true"))
    # As a header and not as `token`: that would demand TLS, also to this host.
    if secrets.get("token"):
        pairs.append(("authorization", "Bearer " + secrets["token"]))
    pairs += [(h["name"], h["value"]) for h in secrets.get("headers", [])]
    url = "sc://%s:%d/;%s" % (
        host,
        job["port"],
        ";".join("%s=%s" % (key, quote(value, safe="")) for key, value in pairs),
    )
    if job["loopback"]:
        os.environ["no_grpc_proxy"] = job["host"]
    from pyspark.sql import SparkSession

    return SparkSession.builder.remote(url).getOrCreate()


def frame_class():
    from pyspark.sql.connect.dataframe import DataFrame

    return DataFrame


def make_frame(plan, spark):
    cls = frame_class()
    return cls.withPlan(plan, spark) if hasattr(cls, "withPlan") else cls(plan, spark)


def make_input(spark, relation):
    """A DataFrame over a relation that was made elsewhere."""
    from pyspark.sql.connect.plan import LogicalPlan

    class Input(LogicalPlan):
        def __init__(self):
            super().__init__(None)

        def plan(self, session):
            out = self._create_proto_relation()
            out.MergeFromString(relation)
            return out

        def print(self, indent=0):
            return " " * indent + "<Input>\n"

        def _repr_html_(self):
            return "<ul><li><b>Input</b></li></ul>"

    return make_frame(Input(), spark)


def result_of(source, tree, job, spark, read):
    namespace = {"__name__": "__main__", "__builtins__": __builtins__, "spark": spark}
    code = guarded(source, lambda: compile(source, NAME, "exec"))
    guarded(source, lambda: exec(code, namespace))
    node, function = find_function(source, tree, namespace)
    names = [i["name"] for i in job["inputs"]]
    check_arguments(source, node, function, names)
    frames = [make_input(spark, read(i["file"])) for i in job["inputs"]]
    result = guarded(source, lambda: function(*frames))
    if not isinstance(result, frame_class()):
        what = "nothing" if result is None else "%s.%s" % (
            type(result).__module__,
            type(result).__qualname__,
        )
        raise Refused(
            "python",
            "NOT_A_DATAFRAME",
            "%s returns %s; it must return a Spark DataFrame" % (node.name, what),
            place_of_node(source, node),
        )
    if result.sparkSession.session_id != job["session"]:
        raise Refused(
            "python",
            "OTHER_SESSION",
            "%s returns a DataFrame of another Spark session; use the inputs, or `spark`" % node.name,
            place_of_node(source, node),
        )
    return guarded(source, lambda: result._plan.plan(spark.client).SerializeToString())


# ---- The job -------------------------------------------------------------------------------------


def build(job_path, secrets):
    folder = os.path.dirname(os.path.abspath(job_path))

    def read(name):
        with open(os.path.join(folder, name), "rb") as f:
            return f.read()

    job = json.loads(read(os.path.basename(job_path)))
    signal.alarm(job["seconds"])
    require_packages()
    source = guarded("", lambda: read(job["source"]).decode())
    tree = guarded(source, lambda: ast.parse(source, NAME))
    try:
        spark = connect(job, secrets)
    except Exception as e:
        raise Refused("network", condition_of(e), message_of(e))
    answer = {"relation": job["relation"]}
    relation = result_of(source, tree, job, spark, read)
    write(os.path.join(folder, job["relation"]), relation)
    return answer


def write(path, data):
    with open(os.open(path + ".part", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as f:
        f.write(data)
    os.rename(path + ".part", path)


def probe():
    missing = missing_packages()
    answer = {
        "python": sys.executable,
        "version": "%d.%d.%d" % sys.version_info[:3],
        "missing": [package for package, _ in missing],
    }
    if "pyspark" in sys.modules and isinstance(sys.modules["pyspark"], types.ModuleType):
        answer["pyspark"] = getattr(sys.modules["pyspark"], "__version__", "")
    print("@@FST " + json.dumps(answer))


def die_with_parent():
    """Whoever waits for the answer is gone: so are we. prctl(PR_SET_PDEATHSIG)."""
    try:
        import ctypes

        ctypes.CDLL(None).prctl(1, int(signal.SIGKILL), 0, 0, 0)
    except (ImportError, OSError, AttributeError):
        pass  # the alarm ends us later


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [p for p in sys.path if p and os.path.abspath(p) != here]
    if sys.argv[1] == "--probe":
        return probe()
    die_with_parent()
    secrets = json.loads(os.environ.pop("FIRESTEEL_CONNECT_SECRETS", "{}"))
    try:
        answer = build(sys.argv[1], secrets)
    except Refused as e:
        answer = e.answer
    except BaseException as e:
        answer = {"kind": "internal", "condition": type(e).__name__, "message": message_of(e)}
    message = answer.get("message", "")[:8000]
    answer["message"] = message.replace("\0", "\\0").encode("utf-8", "replace").decode()
    write(os.path.splitext(sys.argv[1])[0] + ".answer", json.dumps(answer).encode())
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # the session belongs to whoever started us: no goodbye to the server


if __name__ == "__main__":
    main()
