#!/usr/bin/env python3
"""Make the fixtures of test_remedy.c again: provoke each failure with the real tools, keep its words.

    make_failures.py [NAME ...]        all of them, or these; each goes to data/failures/NAME.txt

NAME is the row of src/engine/remedy.c, with -VARIANT where there are several; none-* fits no row.

This is no part of `make test`: it needs a whole Spark 4.3 (the pyspark of $FIRESTEEL_PYTHON), takes
some ten minutes and, for the full set, root. What is not there is left out, and said:

    FAIL_SPARK35, FAIL_SPARK42   Pythons with pyspark 3.5 and 4.2 (a Java that is too new)
    FAIL_JAVA25                  a JDK 25
    FAIL_PYTHON_OTHER            a Python of another minor version
    FAIL_PYTHON_BARE             a Python of the same version without packages
    FAIL_S3A_OLD                 a folder with hadoop-aws 3.3.4 alone
    FAIL_S3A, FAIL_S3PROXY, FAIL_HDFS, FAIL_DELTA   folders of jars: hadoop-aws and the AWS SDK; S3Proxy;
                                 hadoop-client-minicluster with JUnit; delta-spark_4.2_2.13
    FAIL_FIRESTEEL               the program; FAIL_PORT: the first of 60 free ports

Texts are cut to the telling part, and paths, host names and repositories are replaced.
"""
import glob
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "data", "failures")
ROOT = os.path.dirname(os.path.dirname(HERE))
PYTHON = os.environ.get("FIRESTEEL_PYTHON", os.path.join(ROOT, "build/venv/bin/python"))
FIRESTEEL = os.environ.get("FAIL_FIRESTEEL", os.path.join(ROOT, "build/firesteel"))
PORT = int(os.environ.get("FAIL_PORT", "16600"))
TMP = tempfile.mkdtemp(prefix="failures-")
SITE = subprocess.check_output(
    [PYTHON, "-c", "import pyspark,os;print(os.path.dirname(os.path.dirname(pyspark.__file__)))"], text=True).strip()
HOME = os.path.join(SITE, "pyspark")
WANTED = sys.argv[1:]
CASES, STARTED = [], []


def given(name):
    return os.environ.get("FAIL_" + name)


def jars(name):
    return sorted(glob.glob(os.path.join(given(name), "*.jar")))


# ---- texts -------------------------------------------------------------------------------------

def clean(text):
    for at, name in ((TMP, "/data/job"), (HOME, "/opt/spark"), (os.path.realpath(HOME), "/opt/spark"),
                     (SITE, "/opt/python"), (os.path.dirname(os.path.dirname(PYTHON)), "/opt/venv"),
                     (ROOT, "/opt/firesteel"), (os.path.expanduser("~"), "/home/user"),
                     (socket.gethostname(), "node1")):
        text = text.replace(at, name)
    for variable in ("SPARK35", "SPARK42", "JAVA25", "PYTHON_OTHER", "PYTHON_BARE", "S3A", "S3A_OLD", "S3PROXY", "HDFS", "DELTA"):
        if given(variable):
            text = text.replace(given(variable), "/opt/" + variable.lower())
            text = text.replace(os.path.dirname(os.path.dirname(given(variable))), "/opt/" + variable.lower())
    text = re.sub(r"/[\w./-]*?(?=/site-packages|/lib/python)", "/opt/python", text)
    text = re.sub(r"https?://[\w.-]*(?:maven|spark-packages|jfrog|repo)[\w./-]*", "https://repository.example/maven2", text)
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    return re.sub(r"/tmp/[\w./-]+", "/data/tmp", text)


def trim(text, telling):
    """Some lines before the telling one and what follows it, without the depths of stacks."""
    lines = [x[:600] for x in clean(text).splitlines()]
    at = next((i for i, x in enumerate(lines) if re.search(telling, x)), None)
    if at is None:
        return None
    kept, depth = [], 0
    for line in lines[max(0, at - 3):]:
        depth = depth + 1 if line.startswith("\tat ") else 0
        if depth <= 3 and (" INFO " not in line or re.search(telling, line) or "INFO" in telling):
            kept.append(line)
    return ("\n".join(kept)[:3900]).rstrip() + "\n"


def keep(name, text, telling):
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    short = trim(text, telling)
    if short is None:
        print("NOT SEEN %s: /%s/ in\n%s" % (name, telling, text[-1500:]), flush=True)
        return
    os.makedirs(OUT, exist_ok=True)
    with open(os.path.join(OUT, name + ".txt"), "w", encoding="utf-8") as f:
        f.write(short)
    print("made %s" % name, flush=True)


def case(*names, needs=()):
    def add(fn):
        CASES.append((names, needs, fn))
        return fn
    return add


# ---- running -----------------------------------------------------------------------------------

def environment(**more):
    env = {k: v for k, v in os.environ.items() if not k.startswith(("SPARK_", "PYSPARK_", "HADOOP_"))}
    env.update(SPARK_HOME=HOME, PYSPARK_PYTHON=PYTHON, PYSPARK_DRIVER_PYTHON=PYTHON, SPARK_LOCAL_IP="127.0.0.1",
               AWS_EC2_METADATA_DISABLED="true")
    env.update(more)
    return {k: v for k, v in env.items() if v is not None}


def run(argv, env=None, timeout=120, **more):
    p = subprocess.Popen(argv, env=env or environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=TMP,
                         stdin=subprocess.DEVNULL, start_new_session=True, **more)
    try:
        out = p.communicate(timeout=timeout)[0]
    except subprocess.TimeoutExpired:
        os.killpg(p.pid, signal.SIGKILL)
        out = p.communicate()[0]
    return out.decode("utf-8", "replace") + "\nexit code %s\n" % p.returncode


def submit(args, code="", env=None, timeout=120, prefix=(), home=None):
    job = os.path.join(TMP, "job.py")
    with open(job, "w", encoding="utf-8") as f:
        f.write("from pyspark.sql import SparkSession, functions as F\n"
                "spark = SparkSession.builder.getOrCreate()\n" + (code or "spark.range(3).show()\n"))
    quick = ["--conf", "spark.ui.showConsoleProgress=false", "--conf", "spark.ui.enabled=false",
             "--driver-java-options", "-XX:TieredStopAtLevel=1"]
    return run([*prefix, os.path.join(home or HOME, "bin/spark-submit"), *quick, *args, job], env, timeout)


def start(argv, log, env=None, ready=None, timeout=90, **more):
    path = os.path.join(TMP, log)
    p = subprocess.Popen(argv, env=env or environment(), stdout=open(path, "wb"), stderr=subprocess.STDOUT, cwd=TMP,
                         stdin=subprocess.DEVNULL, start_new_session=True, **more)
    STARTED.append(p)
    end = time.time() + timeout
    while ready and ready not in open(path, errors="replace").read() and p.poll() is None and time.time() < end:
        time.sleep(0.3)
    return p, path


def stop(p):
    if p.poll() is None:
        os.killpg(p.pid, signal.SIGTERM)
        try:
            p.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(p.pid, signal.SIGKILL)
            p.wait()


def taken_port(port):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("127.0.0.1", port))
    s.listen(1)
    return s


def session(cases, args, env=None, setup="", timeout=240):
    """Several failures of one Spark: (name, code, telling) each."""
    folder = tempfile.mkdtemp(dir=TMP)
    code = "import os, traceback\n" + setup
    for name, body, _ in cases:
        code += "try:\n%s\nexcept BaseException:\n    open(%r, 'w').write(traceback.format_exc())\n" % (
            "".join("    " + x + "\n" for x in body.splitlines()), os.path.join(folder, name))
    log = submit(args, code, env, timeout)
    for name, _, telling in cases:
        path = os.path.join(folder, name)
        keep(name, open(path).read() if os.path.exists(path) else "no failure; the log:\n" + log, telling)


# ---- Java, Spark, Python -----------------------------------------------------------------------

def path_without_java():
    folder = os.path.join(TMP, "bin")
    os.makedirs(folder, exist_ok=True)
    for name in ("bash", "sh", "env", "dirname", "readlink", "uname", "cat", "sed", "ps", "nohup", "mkdir", "rm"):
        if shutil.which(name) and not os.path.exists(os.path.join(folder, name)):
            os.symlink(shutil.which(name), os.path.join(folder, name))
    return folder


@case("java_missing", "java_home_wrong", "java_gateway")
def _():
    path = path_without_java()
    keep("java_missing", submit(["--master", "local[1]"], env=environment(PATH=path, JAVA_HOME=None)), "JAVA_HOME is not set")
    keep("java_home_wrong", submit(["--master", "local[1]"], env=environment(PATH=path, JAVA_HOME="/opt/no-jdk")),
         "no-jdk/bin/java")
    keep("java_gateway", run([PYTHON, "-c", "from pyspark.sql import SparkSession as S; S.builder.getOrCreate()"],
                             environment(PATH=path, JAVA_HOME=None, SPARK_HOME=None)), "JAVA_GATEWAY_EXITED")


@case("java_too_old", needs=["JAVA25"])
def _():
    with open(os.path.join(TMP, "Job.java"), "w") as f:
        f.write("public class Job { public static void main(String[] a) {} }\n")
    run([os.path.join(given("JAVA25"), "bin/javac"), "--release", "25", "Job.java"])
    keep("java_too_old", run(["java", "-cp", TMP, "Job"]), "UnsupportedClassVersionError")


@case("java_too_new", needs=["JAVA25", "SPARK35"])
def _():
    python = given("SPARK35")
    home = subprocess.check_output([python, "-c", "import pyspark,os;print(os.path.dirname(pyspark.__file__))"], text=True).strip()
    keep("java_too_new", submit(["--master", "local[1]"], "spark.range(3).write.parquet(%r)\n" % os.path.join(TMP, "new"), home=home, env=environment(
        SPARK_HOME=home, JAVA_HOME=given("JAVA25"), PYSPARK_PYTHON=python, PYSPARK_DRIVER_PYTHON=python)),
        "UnsupportedOperationException|Exception|Error")


@case("spark_home_wrong", "pyspark_missing", needs=["PYTHON_BARE"])
def _():
    script = os.path.join(TMP, "find_spark_home.py")
    shutil.copy(os.path.join(HOME, "bin/find_spark_home.py") if os.path.exists(os.path.join(HOME, "bin/find_spark_home.py"))
                else os.path.join(os.path.dirname(PYTHON), "find_spark_home.py"), script)
    keep("spark_home_wrong", run([given("PYTHON_BARE"), "-S", script], environment(SPARK_HOME=None)), "SPARK_HOME")
    keep("pyspark_missing", run([given("PYTHON_BARE"), "-I", "-S", "-c", "import pyspark"]), "No module named 'pyspark'")


@case("python_differs", "worker_python_missing", "worker_pyarrow_missing", "worker_module_missing", needs=["PYTHON_OTHER", "PYTHON_BARE"])
def _():
    udf = "spark.range(3).select(F.udf(lambda x: x)('id')).show()\n"
    args = ["--master", "local[1]", "--conf", "spark.sql.execution.pythonUDF.arrow.enabled=false"]
    keep("python_differs", submit(args, udf, environment(PYSPARK_PYTHON=given("PYTHON_OTHER"))), "PYTHON_VERSION_MISMATCH|different version")
    keep("worker_python_missing", submit(args, udf, environment(PYSPARK_PYTHON="/opt/no-python")), "Cannot run program")
    bare = os.path.join(TMP, "bare-python")
    with open(bare, "w") as f:
        f.write("#!/bin/sh\nexec %s -S \"$@\"\n" % given("PYTHON_BARE"))
    os.chmod(bare, 0o755)
    keep("worker_pyarrow_missing", submit(["--master", "local[1]"], "spark.conf.set('spark.sql.execution.pythonUDF.arrow.enabled', 'true')\n" + udf,
                                          environment(PYSPARK_PYTHON=bare)), "pyarrow|PyArrow")
    keep("worker_module_missing", submit(args, "def f(x):\n    import nosuchmodule\n    return x\nspark.range(3).select(F.udf(f)('id')).show()\n"),
         "No module named 'nosuchmodule'")


@case("client_package_missing-pandas", "client_package_missing-pyarrow", "client_package_missing-grpc", "client_package_missing-zstandard", needs=["PYTHON_BARE"])
def _():
    job = os.path.join(TMP, "client.py")
    with open(job, "w") as f:
        f.write("from pyspark.sql import SparkSession\nSparkSession.builder.remote('sc://127.0.0.1:%d').getOrCreate()\n" % (PORT + 59))
    for package in ("pandas", "pyarrow", "grpc", "zstandard"):
        folder = os.path.join(TMP, "without-" + package)
        os.makedirs(folder)
        for entry in os.listdir(SITE):
            if entry.split("-")[0].split(".")[0] not in (package, package + "io"):
                os.symlink(os.path.join(SITE, entry), os.path.join(folder, entry))
        keep("client_package_missing-%s" % package, run([given("PYTHON_BARE"), "-S", job], environment(PYTHONPATH=folder, SPARK_HOME=None)),
             "PACKAGE_NOT_INSTALLED|PySparkImportError|ModuleNotFoundError|ImportError")


# ---- memory, ports, disks ----------------------------------------------------------------------

@case("driver_python_missing", "program_class_missing", "program_file_missing", "open_files_limit")
def _():
    keep("driver_python_missing", submit(["--master", "local[1]"], env=environment(PYSPARK_DRIVER_PYTHON="/opt/no-python")), "Cannot run program")
    spark_submit = os.path.join(HOME, "bin/spark-submit")
    keep("program_class_missing", run([spark_submit, "--master", "local[1]", "--class", "com.example.Main", "spark-internal"]), "Failed to load class|ClassNotFound")
    keep("program_file_missing", run([spark_submit, "--master", "local[1]", "/data/no-such-job.py"]), "can't open file")
    keep("open_files_limit", submit(["--master", "local[1]"], "spark.range(0, 3000, 1, 1).repartition(190).write.format('noop').mode('overwrite').save()\n",
                                    prefix=["prlimit", "--nofile=%s" % (os.environ.get("FAIL_NOFILE", "340"))]), "Too many open files")


@case("driver_memory_small", "heap_exhausted")
def _():
    keep("driver_memory_small", submit(["--master", "local[1]", "--driver-memory", "100m"]), "must be at least")
    keep("heap_exhausted", submit(["--master", "local[1]", "--driver-memory", "500m"],
                                  "spark.range(300).selectExpr(\"collect_list(repeat(cast(id as string), 4000000)) as a\").write.format('noop').mode('overwrite').save()\n"), "Java heap space")


@case("port_taken", "ui_port_taken")
def _():
    s = taken_port(PORT + 1)
    keep("port_taken", run([os.path.join(HOME, "bin/spark-submit"), "--master", "local[1]", "--class",
                            "org.apache.spark.sql.connect.service.SparkConnectServer", "--conf", "spark.connect.grpc.binding.address=127.0.0.1",
                            "--conf", "spark.connect.grpc.binding.port=%d" % (PORT + 1), "--conf", "spark.ui.enabled=false", "spark-internal"]), "BindException")
    keep("ui_port_taken", submit(["--master", "local[1]", "--conf", "spark.ui.enabled=true", "--conf", "spark.ui.port=%d" % (PORT + 1),
                                  "--conf", "spark.port.maxRetries=0"]), "BindException")
    s.close()


@case("disk_full", "disk_full-scratch", "output_denied")
def _():
    small = os.path.join(TMP, "small")
    os.makedirs(small)
    subprocess.check_call(["mount", "-t", "tmpfs", "-o", "size=2m", "none", small])
    try:
        write = "spark.range(4000000).selectExpr('uuid() as u').write.parquet(%r)\n"
        keep("disk_full", submit(["--master", "local[1]"], write % ("file://" + small + "/out")), "No space left")
        keep("disk_full-scratch", submit(["--master", "local[1]", "--conf", "spark.local.dir=" + small + "/s"],
                                         "spark.range(4000000).repartition(4).selectExpr('uuid() as u').repartition(3).write.format('noop').mode('overwrite').save()\n"), "No space left")
    finally:
        subprocess.call(["umount", "-l", small])
    closed = os.path.join(TMP, "closed")
    os.makedirs(closed)
    os.chown(closed, 65534, 65534)  # root may not write there either, once it has lost this power
    keep("output_denied", submit(["--master", "local[1]"], "spark.range(3).write.parquet('file://%s/out')\n" % closed, prefix=["setpriv", "--bounding-set=-dac_override,-dac_read_search"]), "Permission denied|Mkdirs failed|denied")


# ---- data, stores, formats ---------------------------------------------------------------------

@case("s3_libraries_missing", "s3_scheme", "host_unknown", "hdfs_refused", "path_missing", "schema_unknown", "not_parquet", "delta_missing",
      "output_exists", "result_too_large", "broadcast_slow", "gcs_libraries_missing", "azure_libraries_missing", "format_missing-iceberg",
      "format_missing-kafka", "format_missing-avro", "jdbc_driver_missing")
def _():
    empty, bad, out = (os.path.join(TMP, x) for x in ("empty", "bad", "exists"))
    os.makedirs(empty), os.makedirs(bad), os.makedirs(out)
    with open(os.path.join(bad, "a.parquet"), "w") as f:
        f.write("this is not parquet at all, whatever its name says\n")
    session([
        ("s3_libraries_missing", "spark.read.parquet('s3a://bucket/x')", "S3AFileSystem"),
        ("s3_scheme", "spark.read.parquet('s3://bucket/x')", "No FileSystem for scheme"),
        ("host_unknown", "spark.read.parquet('hdfs://namenode.invalid:8020/x')", "UnknownHost"),
        ("hdfs_refused", "spark.read.parquet('hdfs://127.0.0.1:%d/x')" % (PORT + 59), "Connection refused"),
        ("path_missing", "spark.read.parquet('/data/of-this-host/x')", "PATH_NOT_FOUND"),
        ("schema_unknown", "spark.read.parquet(%r)" % empty, "UNABLE_TO_INFER_SCHEMA"),
        ("not_parquet", "spark.read.parquet(%r)" % bad, "not a Parquet"),
        ("delta_missing", "spark.read.format('delta').load('/data/x')", "DATA_SOURCE_NOT_FOUND"),
        ("gcs_libraries_missing", "spark.read.parquet('gs://bucket/x')", "GoogleHadoopFileSystem|No FileSystem for scheme"),
        ("azure_libraries_missing", "spark.read.parquet('abfss://c@a.dfs.core.windows.net/x')", "AzureBlobFileSystem|No FileSystem"),
        ("format_missing-iceberg", "spark.read.format('iceberg').load('/data/x')", "DATA_SOURCE_NOT_FOUND"),
        ("format_missing-kafka", "spark.read.format('kafka').load()", "kafka"),
        ("format_missing-avro", "spark.read.format('avro').load('/data/x')", "Avro"),
        ("jdbc_driver_missing", "spark.read.format('jdbc').options(url='jdbc:postgresql://127.0.0.1/x', dbtable='t').load()", "No suitable driver"),
        ("output_exists", "spark.range(3).write.parquet(%r)" % out, "PATH_ALREADY_EXISTS"),
        ("result_too_large", "spark.range(300000).selectExpr('uuid() as u').collect()", "maxResultSize"),
        ("broadcast_slow", "import time\nspark.conf.set('spark.sql.broadcastTimeout', '1')\nspark.conf.set('spark.sql.adaptive.enabled', 'false')\nslow = spark.range(3).select(F.udf(lambda x: time.sleep(3) or x, 'long')('id').alias('id'))\n"
         "spark.range(3).join(F.broadcast(slow), 'id').collect()", "BROADCAST_TIMEOUT|broadcastTimeout"),
    ], ["--master", "local[1]", "--conf", "spark.driver.maxResultSize=1m", "--conf", "spark.hadoop.ipc.client.connect.max.retries=0"])


@case("s3_key_wrong", "s3_bucket_missing", "s3_key_unknown", "s3_denied", "s3_credentials_missing", "s3_refused", needs=["S3A", "S3PROXY"])
def _():
    conf = os.path.join(TMP, "s3proxy.conf")
    with open(conf, "w") as f:
        f.write("s3proxy.endpoint=http://127.0.0.1:%d\ns3proxy.authorization=aws-v4\ns3proxy.identity=AKIDEXAMPLE\n"
                "s3proxy.credential=right\njclouds.provider=transient-nio2\njclouds.identity=x\njclouds.credential=y\n" % (PORT + 2))
    proxy, _ = start(["java", "-Xmx256m", "-jar", jars("S3PROXY")[0], "--properties", conf], "s3proxy.log")
    end = time.time() + 30
    while time.time() < end:
        with socket.socket() as s:
            if s.connect_ex(("127.0.0.1", PORT + 2)) == 0:
                break
        time.sleep(0.2)
    look = "jvm = spark._jvm\nfs = jvm.org.apache.hadoop.fs.FileSystem.get(jvm.java.net.URI('s3a://%s/'), spark._jsc.hadoopConfiguration())\n" \
        "fs.listStatus(jvm.org.apache.hadoop.fs.Path('s3a://%s/'))"
    args = ["--master", "local[1]", "--driver-class-path", ":".join(jars("S3A"))]
    for k, v in (("endpoint", "http://127.0.0.1:%d" % (PORT + 2)), ("endpoint.region", "us-east-1"), ("path.style.access", "true"),
                 ("connection.ssl.enabled", "false"), ("attempts.maximum", "1"), ("retry.limit", "1"), ("access.key", "AKIDEXAMPLE"),
                 ("secret.key", "right"), ("bucket.wrong.secret.key", "wrong"), ("bucket.otherid.access.key", "AKIDOTHER"),
                 ("bucket.away.endpoint", "http://127.0.0.1:%d" % (PORT + 59))):
        args += ["--conf", "spark.hadoop.fs.s3a.%s=%s" % (k, v)]
    session([
        ("s3_key_wrong", look % ("wrong", "wrong"), "SignatureDoesNotMatch"),
        ("s3_key_unknown", look % ("otherid", "otherid"), "InvalidAccessKeyId|AccessDenied"),
        ("s3_denied", "spark.read.parquet('s3a://wrong/x')", "Status Code: 403"),
        ("s3_bucket_missing", "spark.range(3).write.parquet('s3a://nosuchbucket/x')", "NoSuchBucket|does not exist"),
        ("s3_refused", "spark.read.parquet('s3a://away/x')", "Connect to|Connection refused"),
    ], args)
    bare = [x for i, x in enumerate(args) if not ("access.key" in x or "secret.key" in x) and not
            (x == "--conf" and i + 1 < len(args) and ("access.key" in args[i + 1] or "secret.key" in args[i + 1]))]
    session([("s3_credentials_missing", "spark.read.parquet('s3a://bucket/x')", "NoAuthWithAWSException|No AWS Credentials|credentials")], bare)
    stop(proxy)


@case("s3_sdk_missing", "s3_unfit", needs=["S3A", "S3A_OLD"])
def _():
    read = [("s3_sdk_missing", "spark.read.parquet('s3a://bucket/x')", "NoClassDefFoundError|ClassNotFound|NoSuchMethodError")]
    session(read, ["--master", "local[1]", "--driver-class-path", ":".join(x for x in jars("S3A") if "hadoop-aws" in x)])
    session([("s3_unfit",) + read[0][1:]], ["--master", "local[1]", "--driver-class-path", ":".join(jars("S3A_OLD"))])


@case("hdfs_denied", "hdfs_safe_mode", "hdfs_no_datanodes", needs=["HDFS"])
def _():
    path = ":".join(jars("HDFS") + [x for p in ("hadoop-client-api", "hadoop-client-runtime", "slf4j-api", "log4j", "commons-", "jcl-over-slf4j")
                                    for x in glob.glob(os.path.join(HOME, "jars", p + "*"))])
    ready = os.path.join(TMP, "hdfs.json")
    server, log = start(["java", "-Xmx400m", "-cp", path, "org.apache.hadoop.mapreduce.MiniHadoopClusterManager", "-nomr", "-datanodes", "0",
                         "-nnport", str(PORT + 3), "-nnhttpport", str(PORT + 4), "-format", "-writeDetails", ready], "hdfs.log", environment(HADOOP_USER_NAME="hdfs"))
    end = time.time() + 60
    while not os.path.exists(ready) and server.poll() is None and time.time() < end:
        time.sleep(0.3)
    uri = "hdfs://127.0.0.1:%d" % (PORT + 3)
    get = "jvm = spark._jvm\nfs = jvm.org.apache.hadoop.fs.FileSystem.get(jvm.java.net.URI('%s'), spark._jsc.hadoopConfiguration())\n" % uri
    session([("hdfs_denied", "spark.range(3).write.parquet('%s/theirs/x')" % uri, "AccessControlException")],
            ["--master", "local[1]"], environment(HADOOP_USER_NAME="somebody"))
    session([
        ("hdfs_no_datanodes", "spark.range(3).write.parquet('%s/x')" % uri, "could only be written to"),
        ("hdfs_safe_mode", get + "fs.setSafeMode(jvm.org.apache.hadoop.fs.SafeModeAction.ENTER)\nspark.range(3).write.parquet('%s/y')" % uri, "[Ss]afe ?mode"),
    ], ["--master", "local[1]"], environment(HADOOP_USER_NAME="hdfs"))
    stop(server)


@case("delta_unfit", needs=["DELTA"])
def _():
    out = os.path.join(TMP, "delta")
    keep("delta_unfit", submit(["--master", "local[1]", "--jars", ",".join(jars("DELTA")), "--conf", "spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension",
                                "--conf", "spark.sql.catalog.spark_catalog=org.apache.spark.sql.delta.catalog.DeltaCatalog"],
                               "spark.range(3).write.format('delta').save(%r)\nspark.read.format('delta').load(%r).show()\n" % (out, out)), "NoSuchMethodError|NoClassDefFoundError|AbstractMethodError")


@case("packages_unresolved", "packages_unresolved-offline")
def _():
    ivy = "spark.jars.ivy=" + os.path.join(TMP, "ivy")
    keep("packages_unresolved", submit(["--master", "local[1]", "--conf", ivy, "--packages", "io.delta:delta-spark_4.3_2.13:4.4.0"]),
         "unresolved dependency|UNRESOLVED DEPENDENCIES")
    keep("packages_unresolved-offline", submit(["--master", "local[1]", "--conf", ivy, "--packages", "org.apache.spark:spark-avro_2.13:4.3.0"],
                                    prefix=["unshare", "-n", "sh", "-c", "ip link set lo up 2>/dev/null; exec \"$@\"", "sh"], env=environment(
                                        JAVA_TOOL_OPTIONS=None, SPARK_SUBMIT_OPTS=None)), "Server access error|unresolved dependency")


@case("derby_locked", "metastore_refused")
def _():
    folder = os.path.join(TMP, "hive")
    os.makedirs(folder)
    hive = ["--master", "local[1]", "--conf", "spark.sql.catalogImplementation=hive", "--conf", "spark.sql.warehouse.dir=" + folder]
    derby = hive + ["--conf", "spark.hadoop.javax.jdo.option.ConnectionURL=jdbc:derby:;databaseName=%s/metastore_db;create=true" % folder]
    code = "spark.sql('CREATE TABLE IF NOT EXISTS t (a INT)')\nimport sys, subprocess\nprint('HELD', flush=True)\n"
    job = os.path.join(TMP, "holder.py")
    with open(job, "w") as f:
        f.write("from pyspark.sql import SparkSession\nspark = SparkSession.builder.getOrCreate()\n" + code + "import time\ntime.sleep(300)\n")
    holder, _ = start([os.path.join(HOME, "bin/spark-submit"), "--conf", "spark.ui.enabled=false", *derby, job], "holder.log", ready="HELD")
    keep("derby_locked", submit(derby, "spark.sql('SHOW TABLES').show()\n"), "Another instance of Derby")
    stop(holder)
    keep("metastore_refused", submit(hive + ["--conf", "spark.hadoop.hive.metastore.uris=thrift://127.0.0.1:%d" % (PORT + 59), "--conf",
                                             "spark.hadoop.hive.metastore.connect.retries=1", "--conf", "spark.hadoop.hive.metastore.failure.retries=1",
                                             "--conf", "spark.hadoop.hive.metastore.client.connect.retry.delay=0"],
                                     "spark.sql('SHOW TABLES').show()\n"), "Could not connect to meta store|MetaException|HiveException")


# ---- clusters ----------------------------------------------------------------------------------

@case("yarn_conf_missing", "yarn_refused", "kubernetes_refused", "kubernetes_no_image", "python_cluster_standalone", "master_unknown")
def _():
    k8s = ["--master", "k8s://https://127.0.0.1:%d" % (PORT + 59), "--deploy-mode", "cluster"]
    conf = os.path.join(TMP, "yarn")
    os.makedirs(conf)
    with open(os.path.join(conf, "yarn-site.xml"), "w") as f:
        f.write("<configuration><property><name>yarn.resourcemanager.address</name><value>127.0.0.1:%d</value></property>"
                "<property><name>yarn.resourcemanager.connect.max-wait.ms</name><value>3000</value></property>"
                "<property><name>yarn.resourcemanager.connect.retry-interval.ms</name><value>1000</value></property></configuration>" % (PORT + 59))
    with open(os.path.join(conf, "core-site.xml"), "w") as f:
        f.write("<configuration><property><name>ipc.client.connect.max.retries</name><value>1</value></property></configuration>")
    keep("yarn_conf_missing", submit(["--master", "yarn"]), "must be set")
    keep("yarn_refused", submit(["--master", "yarn"], env=environment(HADOOP_CONF_DIR=conf)), "Connection refused|RetriesExceeded|Retrying connect")
    keep("kubernetes_no_image", submit(k8s), "container image")
    keep("kubernetes_refused", submit(k8s + ["--conf", "spark.kubernetes.container.image=spark:4.3.0", "--conf", "spark.kubernetes.file.upload.path=file://" + TMP + "/up"]),
         "KubernetesClientException|kubectl auth")
    keep("python_cluster_standalone", submit(["--master", "spark://127.0.0.1:%d" % (PORT + 59), "--deploy-mode", "cluster"]), "not supported for python")
    keep("master_unknown", submit(["--master", "sprak://h:1"]), "[Mm]aster")


@case("master_refused", "master_refused-gave_up")
def _():
    text = submit(["--master", "spark://127.0.0.1:%d" % (PORT + 59)], timeout=100)
    keep("master_refused", text, "Failed to connect to master")
    keep("master_refused-gave_up", text, "All masters are unresponsive")


@case("no_resources", "executor_lost", "file_missing_on_executor")
def _():
    hidden = os.path.join(TMP, "hidden")
    os.makedirs(hidden)
    small = environment(SPARK_DAEMON_MEMORY="200m")
    spark_class = os.path.join(HOME, "bin/spark-class")
    master, _ = start([spark_class, "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", str(PORT + 5), "--webui-port", str(PORT + 6)],
                      "master.log", small, ready="New state: ALIVE")
    worker, _ = start(["unshare", "-m", "sh", "-c", "mount -t tmpfs none %s; exec \"$@\"" % hidden, "sh", spark_class, "org.apache.spark.deploy.worker.Worker",
                       "--host", "127.0.0.1", "--cores", "2", "--memory", "1g", "--work-dir", os.path.join(TMP, "work"), "--webui-port", str(PORT + 7),
                       "spark://127.0.0.1:%d" % (PORT + 5)], "worker.log", small, ready="Successfully registered")
    args = ["--master", "spark://127.0.0.1:%d" % (PORT + 5), "--conf", "spark.executor.memory=512m"]
    session([
        ("file_missing_on_executor", "spark.range(3).toPandas().to_parquet('%s/a.parquet')\nspark.read.schema('id long').parquet('file://%s').collect()" % (hidden, hidden), "FileNotFound|FILE_NOT_EXIST|does not exist"),
        ("executor_lost", "def die(x):\n    import os, signal\n    with open('/proc/%d/stat' % os.getppid()) as f:\n        os.kill(int(f.read().split()[3]), signal.SIGKILL)\n"
         "spark.range(1).select(F.udf(die)('id')).collect()", "ExecutorLostFailure|exited|lost"),
    ], args + ["--conf", "spark.task.maxFailures=1"])
    keep("no_resources", submit([*args, "--executor-memory", "8g"], timeout=50), "has not accepted any resources")
    stop(worker)
    stop(master)


# ---- Spark Connect -----------------------------------------------------------------------------

CLIENT = """
import sys
from pyspark.sql import SparkSession
SparkSession.builder.remote(sys.argv[1]).getOrCreate().range(3).collect()
"""
RAW = """
import sys, uuid, grpc
import pyspark.sql.connect.proto as pb
channel = grpc.insecure_channel(sys.argv[1])
head = [("authorization", "Bearer t0ken")]
stub = pb.SparkConnectServiceStub(channel)
sid = str(uuid.uuid4())
user = pb.UserContext(user_id="u")
def version():
    r = pb.AnalyzePlanRequest(session_id=sid, user_context=user)
    r.spark_version.SetInParent()
    return stub.AnalyzePlan(r, metadata=head)
try:
    if sys.argv[2] == "unknown":
        channel.unary_unary("/spark.connect.SparkConnectService/OfTomorrow", request_serializer=lambda x: b"", response_deserializer=lambda x: x)(b"", metadata=head)
    else:
        version()
        stub.ReleaseSession(pb.ReleaseSessionRequest(session_id=sid, user_context=user), metadata=head)
        version()
except grpc.RpcError as e:
    print("status %d: %s\\n%s" % (e.code().value[0], e.details(), e))
"""


def firesteel(url, token=None, *verb):
    """What the program itself says of a provider."""
    folder = tempfile.mkdtemp(dir=TMP)
    spec = os.path.join(folder, "p.yaml")
    with open(spec, "w") as f:
        f.write("providers:\n  - name: there\n    engine: connect\n    options:\n      url: %s\n%s" % (url, "      token: env:FAIL_TOKEN\n" if token else ""))
    env = environment(FAIL_TOKEN=token or "x", HOME=folder)
    made = run([FIRESTEEL, "init", folder], env) + run([FIRESTEEL, "apply", "--catalog", os.path.join(folder, ".firesteel"), spec], env)
    return made + run([FIRESTEEL, *(verb or ("provider", "test", "there")), "--catalog", os.path.join(folder, ".firesteel")], env)


@case("connect_refused", "connect_refused-python", "connect_token", "connect_token-python", "connect_tls_against_plain", "connect_tls_against_plain-python", "connect_rpc_unknown", "connect_session_closed",
      "path_missing-connect", "direct_query_failed", "none-connect_table", "none-connect_sql_error")
def _():
    client, raw = os.path.join(TMP, "c.py"), os.path.join(TMP, "raw.py")
    open(client, "w").write(CLIENT)
    open(raw, "w").write(RAW)
    away = "sc://127.0.0.1:%d/" % (PORT + 59)
    env = environment(SPARK_HOME=None, SPARK_CONNECT_AUTHENTICATE_TOKEN=None)
    keep("connect_refused", firesteel(away), "refused|connect")
    keep("connect_refused-python", run([PYTHON, raw, away[5:-1], "closed"], env, 60), "status 14")
    server, log = start([os.path.join(HOME, "bin/spark-submit"), "--master", "local[1]", "--driver-memory", "600m", "--class",
                         "org.apache.spark.sql.connect.service.SparkConnectServer", "--conf", "spark.connect.grpc.binding.address=127.0.0.1",
                         "--conf", "spark.connect.grpc.binding.port=%d" % (PORT + 8), "--conf", "spark.ui.enabled=false", "spark-internal"], "connect.log",
                        environment(SPARK_CONNECT_AUTHENTICATE_TOKEN="t0ken", SPARK_CONNECT_MODE="0"), ready="Spark Connect server started at")
    here = "127.0.0.1:%d" % (PORT + 8)
    keep("connect_token", firesteel("sc://%s/" % here, "wrong"), "[Tt]oken|refused|credential")
    keep("connect_token-python", run([PYTHON, client, "sc://%s/" % here], env, 60), "UNAUTHENTICATED|token")
    keep("connect_tls_against_plain", firesteel("sc://%s/;use_ssl=true" % here), "SSL|TLS")
    keep("connect_tls_against_plain-python", run([PYTHON, client, "sc://%s/;use_ssl=true" % here], env, 45), "SSL|WRONG_VERSION")
    for name, text, telling in (("path_missing-connect", "SELECT * FROM parquet.`/data/of-this-host/x`", "PATH_NOT_FOUND"),
                                ("direct_query_failed", "SELECT * FROM parquet.`s3a://bucket/x`", "DIRECT_QUERY"),
                                ("none-connect_table", "SELECT * FROM iceberg.`/data/x`", "TABLE_OR_VIEW_NOT_FOUND"),
                                ("none-connect_sql_error", "SELECT nocol FROM range(3)", "UNRESOLVED_COLUMN")):
        keep(name, firesteel("sc://%s/" % here, "t0ken", "sql", text, "--provider", "there"), telling)
    keep("connect_rpc_unknown", run([PYTHON, raw, here, "unknown"], env), "status 12")
    keep("connect_session_closed", run([PYTHON, raw, here, "closed"], env), "SESSION_CLOSED|INVALID_HANDLE")
    stop(server)


# ---- what is no such failure -------------------------------------------------------------------

@case("none-good_run", "none-sql_error")
def _():
    out = os.path.join(TMP, "good")
    keep("none-good_run", submit(["--master", "local[1]"], "spark.range(30).groupBy('id').count().write.parquet(%r)\nprint('done')\n" % out), "INFO SparkContext: Running")
    keep("none-sql_error", submit(["--master", "local[1]"], "spark.sql('SELECT nocol FROM range(3)')\n"), "UNRESOLVED_COLUMN")


def main():
    try:
        for names, needs, fn in CASES:
            lacks = [x for x in needs if not given(x)]
            if WANTED and not set(WANTED) & set(names):
                continue
            if lacks:
                print("SKIP %s: no %s" % (", ".join(names), ", ".join("FAIL_" + x for x in lacks)), flush=True)
                continue
            try:
                fn()
            except Exception as e:  # one failure less; the others still count
                print("BROKEN %s: %r" % (names[0], e), flush=True)
    finally:
        for p in STARTED:
            stop(p)
        shutil.rmtree(TMP, ignore_errors=True)


main()
