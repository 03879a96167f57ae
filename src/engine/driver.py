"""One job on Spark, from a JSON description to its last word.

    spark-submit driver.py driver-job.json

Every kind of work goes through here: SQL, a Python function, a copy, a check. The same file runs
under every way of submitting; what all of them bring back is stdout, so that is where it reports: a
report is one line, the mark and a JSON object. All other lines are the work's own output. The
description holds no secrets, and neither do the reports.

Python 3.8 and Spark 3.3 or newer.
"""

import ast
import inspect
import json
import linecache
import os
import platform
import re
import signal
import sys
import threading
import time
import traceback
import urllib.parse
import urllib.request
import warnings

VERSION = 1
MARK = "@@FST "
SOURCE = "<transformation>"
MAX_LINE = 250 * 1000
MAX_REST = 200 * 1000
# How often something is told: (at first, share of the time that it runs, at most). What days of work
# say must fit a disk, and whoever finds the work again reads all of it.
PROGRESS_EVERY = (0.25, 1 / 2000, 1.0)
REST_EVERY = (5.0, 1 / 50, 3600.0)
RC_FAILED, RC_BAD_JOB, RC_CANCELLED = 1, 2, 143


class Refused(Exception):
    """The work as it was given cannot be done; the text is for people."""

    def __init__(self, text, line=0):
        super().__init__(text)
        self.line = line


class Cancelled(Exception):
    """Somebody asked for the end."""


# ---- Saying --------------------------------------------------------------------------------------


def cut(text, most):
    """As much of a text as may be said, and only what UTF-8 can carry."""
    text = str(text).encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= most else text[: most - 1] + "\u2026"


class Reporter:
    """Whole lines to a descriptor, whoever speaks."""

    def __init__(self, fd=1):
        self.fd = fd
        self.lock = threading.Lock()

    def say(self, event, **fields):
        line = MARK + json.dumps(dict({"event": event}, **fields), separators=(",", ":")) + "\n"
        if len(line) > MAX_LINE:
            return False
        with self.lock:
            self.write(line.encode("ascii"))
        return True

    def write(self, data):
        """One os.write; more only where the other end takes less."""
        try:
            sys.stdout.flush()
            while data:
                data = data[os.write(self.fd, data) :]
        except (OSError, ValueError):
            pass  # nobody listens any more: the work goes on


# ---- The description -----------------------------------------------------------------------------


def job_text(path):
    """The file as named, or by its base name where the cluster has put it beside us; or the text
    itself, where no file could be sent."""
    if path.startswith("hex:"):
        return bytes.fromhex(path[4:]).decode("utf-8")
    for place in (path, os.path.basename(path)):
        if os.path.exists(place):
            with open(place, encoding="utf-8") as f:
                return f.read()
    raise Refused("there is no job description %s on this host" % path)


def read_job(path):
    job = json.loads(job_text(path))
    if not isinstance(job, dict) or job.get("v") != VERSION:
        raise Refused("this is no job description of version %d" % VERSION)
    return job


# ---- Inputs --------------------------------------------------------------------------------------


def place_of(uri):
    """A path of this host as a URI: without a scheme it would mean the cluster's file system."""
    return "file://" + uri if uri.startswith("/") else uri


def quoted(name):
    return "`" + name.replace("`", "``") + "`"


def read_place(spark, item):
    reader = spark.read.format(item.get("format") or "parquet")
    reader = reader.options(**(item.get("options") or {}))
    if item.get("schema"):
        reader = reader.schema(item["schema"])
    return reader.load(place_of(item["uri"]))


def read_input(spark, item):
    if item.get("query"):
        return spark.sql(item["query"])
    if item.get("table"):
        return spark.table(item["table"])
    return read_place(spark, item)


def bind_inputs(spark, items):
    """Data frames in order; each is a view under its exact name, too, for the texts after it."""
    frames, seen = [], {}
    exact = str(spark.conf.get("spark.sql.caseSensitive", "false")).lower() == "true"
    for item in items:
        name = item["name"]
        other = seen.setdefault(name if exact else name.lower(), name)
        if other != name:
            raise Refused("the inputs %s and %s differ in case only" % (other, name))
        frame = read_input(spark, item)
        frame.createOrReplaceTempView(quoted(name))
        frames.append(frame)
    return frames


# ---- The work ------------------------------------------------------------------------------------


def is_command(spark, text):
    """Would spark.sql(text) change something at once?"""
    session = spark._jsparkSession
    plan = session.sessionState().sqlParser().parsePlan(text)
    jvm = spark.sparkContext._jvm
    command = jvm.java.lang.Class.forName(
        "org.apache.spark.sql.catalyst.plans.logical.Command",
        True,
        jvm.java.lang.Thread.currentThread().getContextClassLoader(),
    )
    kind = plan.getClass()
    return command.isAssignableFrom(kind) or kind.getSimpleName() == "InsertIntoStatement"


def frame_of_sql(spark, job, _frames):
    if is_command(spark, job["text"]):
        raise Refused("the text is a command; a transformation is a query", 1)
    return spark.sql(job["text"])


def function_of(spark, text):
    """The last function at the top of the source; functions of Spark's are helpers of it."""
    linecache.cache[SOURCE] = (len(text), None, text.splitlines(True), SOURCE)
    space = {"__name__": "__transformation__", "spark": spark}
    exec(compile(text, SOURCE, "exec", dont_inherit=True), space)
    for node in reversed(ast.parse(text).body):
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        function = space.get(node.name)
        if hasattr(function, "evalType") or not callable(function):
            continue
        if isinstance(node, ast.AsyncFunctionDef):
            raise Refused("%s is async: it must be a plain def" % node.name, node.lineno)
        return function, node.lineno
    raise Refused(
        "the source defines no function at its top: write def f(df1, df2): ... return df", 1
    )


def frame_of_python(spark, job, frames):
    function, line = function_of(spark, job["text"])
    name = getattr(function, "__name__", "the function")
    try:
        inspect.signature(function).bind(*frames)
    except TypeError as e:
        count = "%d input%s" % (len(frames), "" if len(frames) == 1 else "s")
        raise Refused("%s is called with %s: %s" % (name, count, e), line)
    except ValueError:
        pass  # it does not tell its arguments
    frame = function(*frames)
    if hasattr(frame, "to_spark"):
        frame = frame.to_spark()
    if not hasattr(frame, "write") or not hasattr(frame, "schema"):
        raise Refused("%s returned %s, not a DataFrame" % (name, type(frame).__name__), line)
    return frame


def frame_of_copy(_spark, _job, frames):
    if len(frames) != 1:
        raise Refused("a copy takes one input, not %d" % len(frames))
    return frames[0]


KINDS = {"sql": frame_of_sql, "python": frame_of_python, "copy": frame_of_copy}


# ---- Types ---------------------------------------------------------------------------------------


def type_text(t):
    """Spark's DDL, with names of struct fields in backticks where they need them."""
    name = t.typeName() if hasattr(t, "typeName") else ""
    if name == "array":
        return "array<%s>" % type_text(t.elementType)
    if name == "map":
        return "map<%s,%s>" % (type_text(t.keyType), type_text(t.valueType))
    if name == "struct":
        return "struct<%s>" % ",".join(field_text(f) for f in t.fields)
    if hasattr(t, "sqlType") and name == "udt":
        return type_text(t.sqlType())
    return t.simpleString()


def field_text(f):
    plain = re.match(r"^[A-Za-z_][A-Za-z0-9_]*$", f.name)
    return "%s:%s" % (f.name if plain else quoted(f.name), type_text(f.dataType))


def say_schema(reporter, schema):
    """In as many reports as it takes."""
    part, size = [], 0
    for f in schema.fields:
        field = {"name": f.name, "type": type_text(f.dataType), "nullable": bool(f.nullable)}
        field["name"] = cut(field["name"], 10000)
        if len(field["type"]) > 100000:
            field["type"] = "unknown"
        room = len(json.dumps(field)) + 1
        if size + room > MAX_LINE - 1000:
            reporter.say("schema", fields=part, more=True)
            part, size = [], 0
        part.append(field)
        size += room
    reporter.say("schema", fields=part)


# ---- Output --------------------------------------------------------------------------------------


class Folder:
    """A place as Hadoop's file systems see it."""

    def __init__(self, spark, uri):
        sc = spark.sparkContext
        self.Path = sc._jvm.org.apache.hadoop.fs.Path
        self.path = self.Path(uri)
        self.fs = self.path.getFileSystem(sc._jsc.hadoopConfiguration())

    def has(self, name):
        return self.fs.exists(self.Path(self.path, name))

    def exists(self):
        return self.fs.exists(self.path)

    def measure(self):
        """Bytes and files of the data."""
        size = files = 0
        left = self.fs.listFiles(self.path, True)
        while left.hasNext():
            status = left.next()
            if not status.getPath().getName().startswith(("_", ".")):
                size += status.getLen()
                files += 1
        return size, files


def observed(frame):
    """The frame with a counter in it, and how to read that; None where Spark has none."""
    try:
        from pyspark.sql import Observation
        from pyspark.sql.functions import count, lit

        counter = Observation("firesteel")
        return frame.observe(counter, count(lit(1)).alias("rows")), counter
    except Exception:
        return frame, None


def observed_rows(counter):
    """What was counted. An optimizer may have dropped the counter, and then nobody ever answers."""
    answer = []
    asker = threading.Thread(target=lambda: answer.append(counter.get.get("rows")), daemon=True)
    asker.start()
    asker.join(5)
    return answer[0] if answer else None


def count_rows(spark, counter, uri, fmt):
    rows = observed_rows(counter) if counter else None
    if rows is None and fmt == "parquet":
        rows = spark.read.parquet(uri).count()  # the footers know
    return -1 if rows is None else int(rows)


def write_output(spark, frame, output):
    """Whole, with its _SUCCESS, into a place that is not there yet. Nothing is ever overwritten."""
    uri, fmt = place_of(output["uri"]), output.get("format") or "parquet"
    folder = Folder(spark, uri)
    if folder.exists():
        raise Refused("the output %s is there already; nothing is overwritten" % uri)
    counted, counter = observed(frame)
    writer = counted.write.format(fmt).mode("errorifexists")
    writer.options(**(output.get("options") or {})).save(uri)
    if not folder.has("_SUCCESS"):
        raise Refused("Spark wrote %s without a _SUCCESS: it may not be whole" % uri)
    size, files = folder.measure()
    return {"rows": count_rows(spark, counter, uri, fmt), "bytes": size, "files": files}


def answer_questions(spark, questions, reporter):
    """One number each. The output is there: what cannot be answered is not a failure."""
    for q in questions:
        try:
            row = spark.sql(q["sql"]).first()
            n = int(row[0]) if row is not None and row[0] is not None else None
        except Exception as e:
            print("%s: %s" % (q["what"], cut(e, 500)))
            n = None
        reporter.say("answer", what=cut(q["what"], 1000), n=n)


# ---- Errors --------------------------------------------------------------------------------------


def ask(thing, *names):
    """The answer of the first method there is; None when it fails or there is none."""
    for name in names:
        method = getattr(thing, name, None)
        if callable(method):
            try:
                return method()
            except Exception:
                continue
    return None


def java_of(e):
    """The Java exception behind a Python one."""
    if getattr(e, "java_exception", None) is not None:
        return e.java_exception
    return getattr(e, "_origin", None)


def caller_of(j):
    """Of code that does not fit together: who called what is not there."""
    if not ask(j, "toString").startswith("java.lang.") or "Error" not in ask(j, "toString").split(":")[0]:
        return ""
    frames = ask(j, "getStackTrace")
    return " at %s" % frames[0].toString() if frames else ""


def java_chain(e):
    """Causes in words, the innermost first."""
    chain, j = [], java_of(e)
    while j is not None and len(chain) < 12:
        try:
            chain.append(cut(j.toString() + caller_of(j), 2000))
            j = j.getCause()
        except Exception:
            break
    return chain[::-1]


def python_chain(e):
    chain = []
    while e is not None and len(chain) < 12:
        chain.append(cut("%s: %s" % (type(e).__name__, e), 2000))
        e = e.__cause__ or (None if e.__suppress_context__ else e.__context__)
    return chain[::-1]


def line_of(e, text):
    """The user's own line: of a syntax error, of the innermost frame, of a worker's traceback."""
    if isinstance(e, Refused):
        return e.line
    if isinstance(e, SyntaxError) and e.filename == SOURCE:
        return e.lineno or 0
    here = [f.lineno for f in traceback.extract_tb(e.__traceback__) if f.filename == SOURCE]
    if not here:
        here = [int(n) for n in re.findall(r'File "%s", line (\d{1,7})' % re.escape(SOURCE), text)]
    return here[-1] if here else 0


def contexts_of(e, text):
    """Places in the work's own text: first and last character, counted from 0."""
    found = []
    for c in ask(e, "getQueryContext") or []:
        start, stop = ask(c, "startIndex"), ask(c, "stopIndex")
        if not isinstance(start, int) or not isinstance(stop, int) or not 0 <= start <= stop:
            continue
        if text[start : stop + 1] == ask(c, "fragment"):  # else it is of another text: a view's
            found.append({"start": start, "stop": stop})
    return found[:8]


def parameters_of(e):
    given = ask(e, "getMessageParameters")
    if not isinstance(given, dict):
        return {}
    return {cut(k, 100): cut(v, 1000) for k, v in list(given.items())[:32]}


def error_fields(e, text):
    message = getattr(e, "desc", None) or str(e)
    j = java_of(e)
    cls = ask(ask(j, "getClass"), "getName") if j is not None else None
    return {
        "cls": cut(cls or type(e).__name__, 200),
        "cond": cut(ask(e, "getCondition", "getErrorClass") or "", 200),
        "sqlstate": cut(ask(e, "getSqlState") or "", 10),
        "msg": cut(message, 16000),
        "params": parameters_of(e),
        "ctx": contexts_of(e, text),
        "line": line_of(e, str(message)),
        "chain": java_chain(e) or python_chain(e),
    }


# ---- Watching ------------------------------------------------------------------------------------


def pause_after(every, began):
    least, share, most = every
    return min(most, max(least, (time.monotonic() - began) * share))


class Watch:
    """Stages as they run, by a thread of its own: works without the web interface, too."""

    def __init__(self, sc, reporter):
        self.sc = sc
        self.tracker = sc.statusTracker()
        self.reporter = reporter
        self.last = None
        self.began = time.monotonic()
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def stages(self):
        found = []
        for sid in sorted(self.tracker.getActiveStageIds())[:200]:
            s = self.tracker.getStageInfo(sid)
            if s is None:
                continue
            attempt = getattr(s, "currentAttemptId", 0)
            tasks = [s.numCompletedTasks, s.numTasks, s.numActiveTasks, s.numFailedTasks]
            found.append([sid, attempt] + tasks)
        return found

    def executors(self):
        """Those besides the driver: without any, a cluster has no room yet."""
        if self.sc.master.startswith("local"):
            return {}
        return {"executors": len(self.sc._jsc.sc().statusTracker().getExecutorInfos()) - 1}

    def run(self):
        while not self.over.wait(pause_after(PROGRESS_EVERY, self.began)):
            try:
                now = dict(self.executors(), stages=self.stages())
            except Exception:
                continue  # the context is about to end, or is not yet there
            if now != self.last:
                self.last = now
                self.reporter.say("progress", **now)

    def end(self):
        self.over.set()
        self.thread.join(2)


# ---- The application's own figures ---------------------------------------------------------------

# What is kept of the answers of its REST API.
STAGE = (
    "status stageId attemptId name numTasks numActiveTasks numCompleteTasks numFailedTasks "
    "submissionTime firstTaskLaunchedTime completionTime failureReason executorRunTime "
    "executorCpuTime jvmGcTime memoryBytesSpilled diskBytesSpilled peakExecutionMemory inputBytes "
    "inputRecords outputBytes outputRecords shuffleFetchWaitTime shuffleReadBytes "
    "shuffleReadRecords shuffleWriteBytes shuffleWriteTime shuffleWriteRecords "
    "executorDeserializeTime resultSize taskMetricsDistributions executorMetricsDistributions"
).split()
SPREADS = (
    "quantiles duration executorRunTime jvmGcTime peakExecutionMemory memoryBytesSpilled "
    "diskBytesSpilled inputMetrics outputMetrics shuffleReadMetrics shuffleWriteMetrics "
    "schedulerDelay"
).split()
EXECUTOR_SPREADS = "quantiles inputBytes shuffleRead".split()
JOB = (
    "jobId name description submissionTime completionTime stageIds jobGroup jobTags status "
    "numTasks numCompletedTasks numFailedTasks numSkippedTasks numSkippedStages"
).split()
EXECUTOR = (
    "id isActive totalCores maxTasks addTime removeTime removeReason maxMemory memoryUsed "
    "totalDuration totalGCTime totalTasks failedTasks totalInputBytes totalShuffleRead "
    "totalShuffleWrite"
).split()
SQL = (
    "id status description submissionTime duration runningJobIds successJobIds failedJobIds "
    "nodes edges modifiedConfigs"
).split()
SETTINGS = (
    "spark.sql.shuffle.partitions spark.sql.adaptive.enabled spark.sql.adaptive.skewJoin.enabled "
    "spark.sql.adaptive.coalescePartitions.enabled spark.sql.adaptive.advisoryPartitionSizeInBytes "
    "spark.sql.autoBroadcastJoinThreshold spark.sql.files.maxPartitionBytes "
    "spark.default.parallelism spark.executor.memory spark.executor.cores "
    "spark.executor.instances spark.driver.memory spark.memory.fraction "
    "spark.dynamicAllocation.enabled spark.executor.memoryOverhead spark.master "
    "spark.task.maxFailures spark.speculation spark.shuffle.service.enabled"
).split()

YARN_PROXIES = ".AmIpFilter.param.PROXY_URI_BASES"  # Spark 4 has a filter of its own


def kept(row, names):
    return {k: row[k] for k in names if k in row} if isinstance(row, dict) else {}


def kept_stage(row):
    out = kept(row, STAGE)
    for key in ("name", "failureReason"):
        if isinstance(out.get(key), str):
            out[key] = cut(out[key], 2000)
    for key, names in (("taskMetrics", SPREADS), ("executorMetrics", EXECUTOR_SPREADS)):
        if out.get(key + "Distributions"):
            out[key + "Distributions"] = kept(out[key + "Distributions"], names)
    return out


def kept_sql(row):
    out = kept(row, SQL)
    out["description"] = cut(out.get("description", ""), 300)
    out["modifiedConfigs"] = kept(out.get("modifiedConfigs"), SETTINGS)
    for node in out.get("nodes") or []:
        node["desc"] = cut(node.get("desc", ""), 500)
        for metric in node.get("metrics") or []:
            metric["value"] = cut(metric.get("value", ""), 300)
    return out


class Rest:
    """The application's own figures, asked for inside the driver: from outside nobody may get
    there."""

    def __init__(self, spark, reporter, over):
        sc = spark.sparkContext
        self.spark, self.reporter, self.over = spark, reporter, over
        self.began = time.monotonic()
        self.ui = sc.uiWebUrl
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        self.last = None
        self.lock = threading.Lock()
        if self.ui:
            threading.Thread(target=self.run, daemon=True).start()

    def base(self):
        """On YARN the interface answers to nobody but YARN's own proxy."""
        sc, ui = self.spark.sparkContext, self.ui
        for key, value in sc.getConf().getAll():
            if key.endswith(YARN_PROXIES) and value:
                ui = value.split(",")[0]
        app = urllib.parse.quote(sc.applicationId)
        return "%s/api/v1/applications/%s" % (ui.rstrip("/"), app)

    def get(self, path):
        with self.opener.open(self.base() + path, timeout=15) as answer:
            return json.loads(answer.read(16 << 20).decode("utf-8"))

    def settings(self):
        pairs = []
        conf = self.spark.sparkContext.getConf()
        for key in SETTINGS:
            try:
                value = conf.get(key) or self.spark.conf.get(key, None)
                if key.startswith("spark.sql."):
                    value = self.spark.conf.get(key, value)
                if value is not None:
                    pairs.append([key, cut(value, 200)])
            except Exception:
                continue  # this version has no such setting
        return {"sparkProperties": pairs}

    def collect(self):
        quantiles = "0,0.25,0.5,0.75,0.95,1"
        stages = self.get("/stages?withSummaries=true&quantiles=" + quantiles)
        sql = self.get("/sql?details=true&planDescription=false&length=200")
        return {
            "application": self.get(""),
            "jobs": [kept(j, JOB) for j in self.get("/jobs")],
            "stages": [kept_stage(s) for s in stages],
            "executors": [kept(x, EXECUTOR) for x in self.get("/allexecutors")],
            "sql": [kept_sql(q) for q in sql],
            "environment": self.settings(),
        }

    def shrink(self, found):
        """What is told least by goes first."""
        steps = [
            lambda: [q.update(nodes=[], edges=[]) for q in found["sql"]],
            lambda: found.update(sql=[]),
            lambda: found.update(jobs=found["jobs"][:200], executors=found["executors"][:100]),
            lambda: [s.pop("executorMetricsDistributions", None) for s in found["stages"]],
            lambda: [s.pop("taskMetricsDistributions", None) for s in found["stages"][40:]],
            lambda: found.update(stages=found["stages"][:100]),
            lambda: found.update(stages=found["stages"][:20], jobs=[]),
        ]
        for step in steps:
            if len(json.dumps(found, separators=(",", ":"))) <= MAX_REST:
                break
            step()
        return found

    def tell(self):
        """Say what changed; quiet when it cannot be had."""
        if not self.ui:
            return
        try:
            with self.lock:
                found = self.shrink(self.collect())
                text = json.dumps([found["jobs"], found["stages"]])
                if text != self.last:
                    self.last = text
                    self.reporter.say("rest", **found)
        except Exception:
            pass

    def run(self):
        try:
            self.get("")  # the first answer of a fresh interface takes seconds
        except Exception:
            pass
        while not self.over.wait(pause_after(REST_EVERY, self.began)):
            self.tell()

    def end(self):
        """The last word, once everything has arrived there."""
        try:
            self.spark.sparkContext._jsc.sc().listenerBus().waitUntilEmpty()
        except Exception:
            pass
        self.tell()


# ---- From the beginning --------------------------------------------------------------------------


def quiet_loggers():
    """Spark 4 logs each error that it raises once more, as a line of JSON with the Java stack."""
    try:
        from pyspark.logger import PySparkLogger

        for name in ("SQLQueryContextLogger", "DataFrameQueryContextLogger"):
            PySparkLogger.getLogger(name).disabled = True
    except Exception:
        pass


def start_spark(job):
    os.environ.pop("SPARK_REMOTE", None)
    os.environ.pop("SPARK_CONNECT_MODE_ENABLED", None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what packages say of each other is not the work's output
        from pyspark.sql import SparkSession

        quiet_loggers()
        return SparkSession.builder.getOrCreate()


def configure(spark, job):
    spark.conf.set("spark.sql.session.timeZone", job.get("time_zone") or "UTC")
    fixed = dict(spark.sparkContext.getConf().getAll())
    for key, value in (job.get("conf") or {}).items():
        if fixed.get(key) == value:
            continue
        try:
            spark.conf.set(key, value)
        except Exception:
            print("%s is fixed when the application starts: not set here" % key)


class Driver:
    """One job. `rc` is what the process ends with."""

    def __init__(self, reporter):
        self.reporter = reporter
        self.cancelled = threading.Event()
        self.over = threading.Event()
        self.spark = None
        self.text = ""

    def cancel(self, *_):
        """The signal only takes note: this thread may be in the middle of talking to the JVM."""
        if not self.cancelled.is_set():
            self.cancelled.set()
            threading.Thread(target=self.cancel_jobs, daemon=True).start()

    def cancel_jobs(self):
        """Until the main thread has noticed; the work may start new jobs meanwhile."""
        until = time.monotonic() + 8
        while time.monotonic() < until and not self.over.wait(0.2):
            try:
                self.spark.sparkContext.cancelAllJobs()
            except Exception:
                continue
        if not self.over.is_set():
            self.reporter.say("cancelled")
            self.reporter.say("end", rc=RC_CANCELLED)
            os._exit(RC_CANCELLED)

    def check_cancelled(self):
        if self.cancelled.is_set():
            raise Cancelled()

    def run_work(self, job):
        spark, say = self.spark, self.reporter.say
        configure(spark, job)
        frames = bind_inputs(spark, job.get("inputs") or [])
        say("inputs", n=len(frames))
        self.check_cancelled()
        if job.get("kind") not in KINDS:
            raise Refused("there is no kind of work called %s" % job.get("kind"))
        frame = KINDS[job["kind"]](spark, job, frames)
        say_schema(self.reporter, frame.schema)
        self.check_cancelled()
        if job.get("check"):
            return
        say("result", **write_output(spark, frame, job["output"]))
        answer_questions(spark, job.get("questions") or [], self.reporter)

    def say_session(self, job):
        sc = self.spark.sparkContext
        sc.setJobDescription(cut(job.get("name") or "", 200))
        if hasattr(sc, "addJobTag") and job.get("operation_id"):
            sc.addJobTag("firesteel-" + job["operation_id"])
        self.reporter.say(
            "session", app=sc.applicationId, ui=sc.uiWebUrl, spark=self.spark.version
        )

    def fail(self, e):
        if self.cancelled.is_set() or "SPARK_JOB_CANCELLED" in str(e):
            self.reporter.say("cancelled")
            return RC_CANCELLED
        fields = error_fields(e, self.text)
        if not self.reporter.say("error", **fields):
            fields.update(params={}, chain=fields["chain"][:1], msg=cut(fields["msg"], 8000))
            self.reporter.say("error", **fields)
        return RC_FAILED

    def run(self, job):
        """Work that was described, with a Spark that is there."""
        self.text = job.get("text") or ""
        self.say_session(job)
        watch = Watch(self.spark.sparkContext, self.reporter)
        rest = Rest(self.spark, self.reporter, watch.over)
        try:
            self.run_work(job)
            rc = 0
        except BaseException as e:  # also of work that wants to end the process
            rc = self.fail(e)
        watch.end()
        if rc != RC_CANCELLED:
            rest.end()
        return rc

    def main(self, argv):
        self.reporter.say(
            "start", v=VERSION, pid=os.getpid(), python=platform.python_version()
        )
        try:
            job = read_job(argv[1])
        except Exception as e:
            self.fail(e)
            return RC_BAD_JOB
        try:
            self.spark = start_spark(job)
        except Exception as e:
            return self.fail(e)
        return self.run(job)

    def end(self, rc):
        """The last word before Spark goes: how long that takes changes nothing any more."""
        self.over.set()
        self.reporter.say("end", rc=rc)
        try:
            if self.spark is not None:
                self.spark.stop()
        except BaseException:
            pass
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(rc)


def main(argv):
    sys.stdout.reconfigure(line_buffering=True)
    driver = Driver(Reporter())
    signal.signal(signal.SIGTERM, driver.cancel)
    if len(argv) != 2:
        sys.exit("usage: driver.py JOB.json")
    driver.end(driver.main(argv))


if __name__ == "__main__":
    main(sys.argv)
