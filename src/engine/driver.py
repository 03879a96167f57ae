"""firesteel's PySpark driver: one job from a JSON description, reported on stdout.

Python 3.8 and newer, Spark 3.3 and newer. A report is one line: the marker and a JSON object, written with one system call;
every other line is the work's own output. Nothing is ever overwritten: the output must not exist, and it counts only with
its _SUCCESS.
"""
import json
import os
import re
import signal
import sys
import threading
import time
import traceback

MARK = "@@FST "
MAX_LINE = 240 * 1024
LOCK = threading.Lock()
CANCELLED = threading.Event()
SOURCE_NAME = "<transformation>"


def report(event, **fields):
    fields = {key: value for key, value in fields.items() if value is not None}
    line = MARK + json.dumps({"event": event, **fields}, separators=(",", ":"), default=str) + "\n"
    data = line.encode()
    if len(data) > MAX_LINE:
        return False
    with LOCK:
        sys.stdout.flush()
        while data:
            data = data[os.write(1, data):]
    return True


# ---- Errors: what, where, and the root cause first -----------------------------------------------------------------------


def java_chain(error):
    """Causes of a Java exception, innermost first; at most eight."""
    java, chain = getattr(error, "java_exception", None), []
    try:
        while java is not None and len(chain) < 8:
            chain.append(str(java.toString())[:2000])
            java = java.getCause()
    except Exception:  # the JVM may be gone
        pass
    return chain[::-1]


def called(error, *names):
    for name in names:
        try:
            value = getattr(error, name)()
            if value:
                return value
        except Exception:
            continue
    return None


def contexts(error):
    found = []
    for context in called(error, "getQueryContext") or []:
        try:
            if str(context.contextType()).endswith("SQL") and not context.objectType():
                found.append({"start": context.startIndex(), "stop": context.stopIndex()})
        except Exception:
            continue
    return found or None


def user_line(error):
    """The last line of the transformation's own source that the traceback goes through."""
    if isinstance(error, SyntaxError) and error.filename == SOURCE_NAME:
        return error.lineno
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == SOURCE_NAME]
    inner = re.findall(r'File "%s", line (\d+)' % re.escape(SOURCE_NAME), str(error))
    return int(inner[-1]) if inner else lines[-1] if lines else None


def report_error(error):
    text = called(error, "getMessage") or getattr(error, "desc", None) or str(error) or type(error).__name__
    java = getattr(error, "java_exception", None)
    condition = called(error, "getCondition", "getErrorClass")
    if condition is None and java is not None:
        match = re.search(r"\[([A-Z0-9_.]+)\]", str(text)) or re.search(r"\[([A-Z0-9_.]+)\]", " ".join(java_chain(error)))
        condition = match.group(1) if match else None
    chain = java_chain(error)
    fields = dict(cls=type(error).__name__, cond=condition, sqlstate=called(error, "getSqlState"), msg=str(text)[:16000],
                  params=called(error, "getMessageParameters"), ctx=contexts(error), line=user_line(error), chain=chain[:8] or None)
    if not report("error", **fields):
        report("error", cls=fields["cls"], cond=condition, msg=str(text)[:16000], line=fields["line"])


class Refused(Exception):
    """Something about the job itself is wrong."""


# ---- The job ------------------------------------------------------------------------------------------------------------


def read_job(path):
    for candidate in (path, os.path.basename(path)):
        if os.path.exists(candidate):
            with open(candidate, encoding="utf-8") as f:
                return json.load(f)
    raise Refused("no job description at %s" % path)


def open_session(job):
    from pyspark.sql import SparkSession
    spark = SparkSession.builder.appName(job.get("name") or "firesteel").getOrCreate()
    spark.conf.set("spark.sql.session.timeZone", job.get("time_zone") or "UTC")
    for key, value in (job.get("conf") or {}).items():
        try:
            spark.conf.set(key, value)
        except Exception as error:  # static ones came with the submission
            if "CANNOT_MODIFY" not in str(error) and "static config" not in str(error):
                raise
    sc = spark.sparkContext
    sc.setJobDescription(job.get("name") or "firesteel")
    report("session", app=sc.applicationId, ui=sc.uiWebUrl, spark=spark.version)
    return spark


def bind_inputs(spark, job):
    frames = []
    for item in job.get("inputs") or []:
        if item.get("table"):
            frame = spark.table(item["table"])
        elif item.get("query"):
            frame = spark.sql(item["query"])
        else:
            reader = spark.read.format(item.get("format") or "parquet")
            for key, value in (item.get("options") or {}).items():
                reader = reader.option(key, value)
            if item.get("schema"):
                reader = reader.schema(item["schema"])
            frame = reader.load(item["uri"])
        frame.createOrReplaceTempView("`%s`" % item["name"].replace("`", "``") if not item["name"].isidentifier() else item["name"])
        frames.append(frame)
    report("inputs", n=len(frames))
    return frames


def call_function(job, frames):
    namespace = {"__name__": "__transformation__"}
    exec(compile(job["python"], SOURCE_NAME, "exec"), namespace)
    names = [m.group(1) for m in re.finditer(r"^def\s+([A-Za-z_]\w*)\s*\(", job["python"], re.M)]
    function = namespace.get(names[-1]) if names else None
    if not callable(function):
        raise Refused("the source defines no function")
    result = function(*frames)
    if not hasattr(result, "write") or not hasattr(result, "schema"):
        raise Refused("%s returned %s; it has to return a DataFrame" % (names[-1], type(result).__name__))
    return result


def result_of(spark, job):
    frames = bind_inputs(spark, job)
    if job.get("python"):
        return call_function(job, frames)
    if job.get("kind") == "copy":
        return frames[0]
    return spark.sql(job["sql"])


def tell_schema(frame):
    report("schema", fields=[{"name": f.name, "type": f.dataType.simpleString(), "nullable": f.nullable}
                             for f in frame.schema.fields])


def output_size(spark, uri):
    """Bytes and files that were written, by Hadoop's own file system."""
    jvm = spark._jvm
    path = jvm.org.apache.hadoop.fs.Path(uri)
    fs = path.getFileSystem(spark._jsc.hadoopConfiguration())
    size = files = 0
    found = fs.listFiles(path, True)
    while found.hasNext():
        status = found.next()
        if not status.getPath().getName().startswith(("_", ".")):
            size += status.getLen()
            files += 1
    return size, files, fs.exists(jvm.org.apache.hadoop.fs.Path(path, "_SUCCESS"))


def counted(frame):
    """The frame and a way to ask how many rows went through it; (frame, None) where Spark cannot count."""
    from pyspark.sql import functions
    try:
        from pyspark.sql import Observation
        observation = Observation()
        return frame.observe(observation, functions.count(functions.lit(1)).alias("rows")), lambda: observation.get["rows"]
    except Exception:
        return frame, None


def write_output(spark, job, frame):
    output = job["output"]
    frame, rows = counted(frame)
    writer = frame.write.mode("errorifexists").format(output.get("format") or "parquet")
    for key, value in (output.get("options") or {}).items():
        writer = writer.option(key, value)
    writer.save(output["uri"])
    size, files, whole = output_size(spark, output["uri"])
    if not whole:
        raise Refused("Spark says that it wrote %s, but there is no _SUCCESS" % output["uri"])
    report("result", rows=rows() if rows else None, bytes=size, files=files)


def answer_questions(spark, job):
    for question in job.get("questions") or []:
        try:
            report("answer", what=question["what"], n=int(spark.sql(question["sql"]).collect()[0][0]))
        except Exception as error:
            report("answer", what=question["what"], error=str(error)[:500])


# ---- Watching -----------------------------------------------------------------------------------------------------------

STAGE_FIELDS = (
    "status stageId attemptId numTasks numActiveTasks numCompleteTasks numFailedTasks submissionTime completionTime executorRunTime "
    "executorCpuTime jvmGcTime shuffleFetchWaitTime inputBytes inputRecords outputBytes outputRecords shuffleReadBytes "
    "shuffleReadRecords shuffleWriteBytes shuffleWriteRecords memoryBytesSpilled diskBytesSpilled peakExecutionMemory name "
    "failureReason taskMetricsDistributions").split()
SPREADS = "quantiles duration executorRunTime jvmGcTime memoryBytesSpilled diskBytesSpilled inputMetrics shuffleReadMetrics".split()


def fetch(sc, what):
    from urllib.request import ProxyHandler, build_opener
    opener = build_opener(ProxyHandler({}))
    with opener.open("%s/api/v1/applications/%s/%s" % (sc.uiWebUrl, sc.applicationId, what), timeout=10) as answer:
        return json.loads(answer.read(32 << 20))


def trimmed_stage(stage):
    kept = {key: stage[key] for key in STAGE_FIELDS if key in stage}
    spread = kept.get("taskMetricsDistributions")
    if isinstance(spread, dict):
        kept["taskMetricsDistributions"] = {key: spread[key] for key in SPREADS if key in spread}
    for key in ("name", "failureReason"):
        if key in kept:
            kept[key] = str(kept[key])[:300]
    return kept


def trimmed_sql(execution):
    return {"id": execution.get("id"), "status": execution.get("status"), "duration": execution.get("duration"),
            "submissionTime": execution.get("submissionTime"),
            "nodes": [{"nodeId": n.get("nodeId"), "nodeName": n.get("nodeName"), "wholeStageCodegenId": n.get("wholeStageCodegenId"),
                       "metrics": [m for m in n.get("metrics") or [] if "stage" in str(m.get("value"))][:4]}
                      for n in (execution.get("nodes") or [])[:200]],
            "successJobIds": execution.get("successJobIds"), "failedJobIds": execution.get("failedJobIds"),
            "runningJobIds": execution.get("runningJobIds")}


def tell_rest(sc):
    """What the application's own interface says of its stages, cut to what findings need."""
    if not sc.uiWebUrl:
        return
    try:
        stages = [trimmed_stage(s) for s in fetch(sc, "stages?withSummaries=true&quantiles=0,0.25,0.5,0.75,0.95,1")]
        jobs = [{key: job.get(key) for key in ("jobId", "stageIds", "status", "submissionTime", "completionTime", "jobTags")}
                for job in fetch(sc, "jobs")]
        executors = [{key: e.get(key) for key in ("id", "isActive", "totalCores", "maxMemory", "failedTasks", "totalTasks")}
                     for e in fetch(sc, "allexecutors")]
        sql = [trimmed_sql(s) for s in fetch(sc, "sql?details=true&planDescription=false&length=50")]
    except Exception:
        return
    conf = [[key, value] for key, value in sc.getConf().getAll() if key.startswith(("spark.sql.", "spark.executor.", "spark.driver.memory"))
            and not re.search("password|secret|token|key", key, re.I)]
    base = dict(stages=stages, jobs=jobs, executors=executors, environment={"sparkProperties": conf})
    if not report("rest", sql=sql, **base) and not report("rest", **base):
        report("rest", **dict(base, stages=stages[-40:], jobs=jobs[-40:]))


def watch(sc, stop):
    last, told, changed = None, time.monotonic(), False
    tracker, seen = sc.statusTracker(), {}
    while not stop.wait(0.25):
        try:
            now = []
            for stage in tracker.getActiveStageIds():
                info = tracker.getStageInfo(stage)
                if info:
                    seen[stage] = [stage, info.currentAttemptId, info.numCompletedTasks, info.numTasks, info.numActiveTasks,
                                   info.numFailedTasks]
                    now.append(stage)
            for stage in set(seen) - set(now):
                if seen[stage][4]:
                    seen[stage][2:5] = [seen[stage][3], seen[stage][3], 0]
            stages = [seen[key] for key in sorted(seen)[-200:]]
        except Exception:
            return
        if stages != last:
            report("progress", stages=stages)
            last, changed = [list(s) for s in stages], True
        if changed and time.monotonic() - told > 5:
            tell_rest(sc)
            told, changed = time.monotonic(), False


# ---- From the beginning -------------------------------------------------------------------------------------------------


def run(job):
    spark = open_session(job)
    sc, stop = spark.sparkContext, threading.Event()

    def cancel(*_):
        CANCELLED.set()
        sc.cancelAllJobs()

    signal.signal(signal.SIGTERM, cancel)
    watcher = threading.Thread(target=watch, args=(sc, stop), daemon=True)
    watcher.start()
    try:
        frame = result_of(spark, job)
        tell_schema(frame)
        if job.get("kind") != "check":
            write_output(spark, job, frame)
            answer_questions(spark, job)
    finally:
        stop.set()
        watcher.join(2)
        tell_rest(sc)
    spark.stop()


def main():
    report("start", v=1, pid=os.getpid(), python="%d.%d.%d" % sys.version_info[:3])
    code = 0
    try:
        run(read_job(sys.argv[1]))
    except BaseException as error:  # also SystemExit and KeyboardInterrupt of the work
        if CANCELLED.is_set() or "SPARK_JOB_CANCELLED" in str(error) or isinstance(error, KeyboardInterrupt):
            report("cancelled")
            code = 143
        else:
            report_error(error)
            if user_line(error) or not hasattr(error, "getMessageParameters"):
                traceback.print_exc()  # Spark's own errors are told whole already
            code = error.code if isinstance(error, SystemExit) and isinstance(error.code, int) and error.code else 3
    report("end", rc=code)
    sys.stdout.flush()
    sys.exit(code)


if __name__ == "__main__":
    main()
