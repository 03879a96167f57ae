"""The driver, on one local Spark for all cases: what it writes, what it says, what it refuses.

    FIRESTEEL_SPARK_TESTS=1 python tests/engine/driver_test.py

Python of any version from 3.8 and any Spark from 3.3 that is installed for it.
"""

import ast
import contextlib
import io
import json
import os
import shutil
import sys
import tempfile
import threading
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.join(HERE, "..", "..", "src", "engine", "driver.py")
sys.path.insert(0, os.path.dirname(SOURCE))

import driver  # noqa: E402

HAS_SPARK = os.environ.get("FIRESTEEL_SPARK_TESTS") == "1"


class Ears(driver.Reporter):
    """A reporter that remembers."""

    def __init__(self):
        super().__init__()
        self.data = b""

    def write(self, data):
        self.data += data

    def events(self):
        found = []
        for line in self.data.decode("ascii").splitlines():
            assert line.startswith(driver.MARK)
            found.append(json.loads(line[len(driver.MARK) :]))
        return found

    def of(self, event):
        return [e for e in self.events() if e["event"] == event]


class TestAlone(unittest.TestCase):
    """What needs no Spark."""

    def test_source_is_python_3_8(self):
        with open(SOURCE, encoding="utf-8") as f:
            ast.parse(f.read(), feature_version=(3, 8))

    def test_a_report_is_one_line_whatever_is_in_it(self):
        ears = Ears()
        self.assertTrue(ears.say("x", a="one\ntwo\r\u2028\0", b=driver.cut("\ud800", 9)))
        self.assertEqual(1, ears.data.count(b"\n"))
        self.assertEqual("one\ntwo\r\u2028\0", ears.events()[0]["a"])

    def test_a_report_over_the_limit_is_not_said(self):
        ears = Ears()
        self.assertFalse(ears.say("x", a="y" * driver.MAX_LINE))
        self.assertEqual(b"", ears.data)

    def test_reports_of_many_threads_do_not_mix(self):
        read, write = os.pipe()
        reporter = driver.Reporter(write)
        chunks = []

        def drain():
            with os.fdopen(read, "rb") as f:
                chunks.append(f.read())

        reader = threading.Thread(target=drain)
        reader.start()
        threads = [
            threading.Thread(target=lambda n=n: [reporter.say("x", a=str(n) * 9000) for _ in range(20)])
            for n in range(4)
        ]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        os.close(write)
        reader.join()
        lines = chunks[0].decode().splitlines()
        self.assertEqual(80, len(lines))
        for line in lines:
            text = json.loads(line[len(driver.MARK) :])["a"]
            self.assertEqual(text, text[0] * 9000)

    def test_job_is_found_by_its_base_name(self):
        with tempfile.TemporaryDirectory() as d:
            with open(os.path.join(d, "job.json"), "w") as f:
                f.write('{"v":1,"kind":"sql"}')
            before = os.getcwd()
            os.chdir(d)
            try:
                self.assertEqual("sql", driver.read_job("/not/here/job.json")["kind"])
            finally:
                os.chdir(before)

    def test_job_may_be_the_argument_itself(self):
        self.assertEqual("x\u00e9", driver.read_job("hex:" + '{"v":1,"name":"x\u00e9"}'.encode().hex())["name"])

    def test_job_of_another_version_is_refused(self):
        with self.assertRaises(driver.Refused):
            driver.read_job("hex:" + b'{"v":2}'.hex())

    def test_long_work_is_told_of_less_often(self):
        now = time.monotonic()
        self.assertEqual(0.25, driver.pause_after(driver.PROGRESS_EVERY, now))
        self.assertEqual(1.0, driver.pause_after(driver.PROGRESS_EVERY, now - 9000))
        self.assertEqual(5.0, driver.pause_after(driver.REST_EVERY, now))
        self.assertAlmostEqual(180, driver.pause_after(driver.REST_EVERY, now - 9000), 0)

    def test_rest_is_cut_to_its_limit(self):
        big = {"name": "x" * 1000}
        found = {
            "application": {},
            "jobs": [dict(big, jobId=n) for n in range(900)],
            "stages": [dict(big, stageId=n, taskMetricsDistributions=big) for n in range(900)],
            "executors": [],
            "sql": [{"nodes": [big] * 10}] * 100,
            "environment": {},
        }
        small = driver.Rest.shrink(None, found)
        self.assertLessEqual(len(json.dumps(small, separators=(",", ":"))), driver.MAX_REST)
        self.assertTrue(small["stages"])


@unittest.skipUnless(HAS_SPARK, "FIRESTEEL_SPARK_TESTS is not set")
class TestOnSpark(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        os.environ["PYSPARK_SUBMIT_ARGS"] = (
            "--master local[2] --driver-memory 700m --driver-java-options "
            "'-XX:TieredStopAtLevel=1 -XX:+UseSerialGC' --conf spark.ui.port=16250 "
            "--conf spark.ui.showConsoleProgress=false --conf spark.sql.shuffle.partitions=2 "
            "pyspark-shell"
        )
        os.environ["PYSPARK_PYTHON"] = sys.executable
        os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
        cls.spark = driver.start_spark({})
        cls.spark.sparkContext.setLogLevel("OFF")

    @classmethod
    def tearDownClass(cls):
        cls.spark.stop()

    def setUp(self):
        self.dir = tempfile.mkdtemp(prefix="fst-driver-")
        self.out = os.path.join(self.dir, "out")
        self.said = io.StringIO()

    def tearDown(self):
        shutil.rmtree(self.dir)

    def run_job(self, kind="sql", text=None, inputs=(), **more):
        job = {"v": 1, "kind": kind, "text": text, "name": "t.v1", "inputs": list(inputs)}
        job["output"] = {"uri": self.out, "format": "parquet", "options": {"compression": "snappy"}}
        job.update(more)
        self.ears = Ears()
        d = driver.Driver(self.ears)
        d.spark = self.spark
        self.driver = d
        with contextlib.redirect_stdout(self.said):
            rc = d.run(job)
        d.over.set()
        return rc

    def rows(self):
        return [tuple(r) for r in self.spark.read.parquet(self.out).collect()]

    def error(self):
        found = self.ears.of("error")
        self.assertEqual(1, len(found), self.ears.events())
        return found[0]

    def numbers(self, n=10, name="{a.b}"):
        return {"name": name, "query": "SELECT id FROM range(%d)" % n}

    # ---- Good work

    def test_sql_over_inputs_under_their_exact_names(self):
        inputs = [self.numbers(), {"name": "odd ` name", "query": "SELECT id FROM `{a.b}` WHERE id % 2 = 1"}]
        text = "SELECT sum(id) AS s FROM `odd `` name`"
        self.assertEqual(0, self.run_job(text=text, inputs=inputs))
        self.assertEqual([(25,)], self.rows())
        result = self.ears.of("result")[0]
        self.assertEqual(1, result["rows"])
        self.assertGreater(result["bytes"], 100)
        self.assertGreaterEqual(result["files"], 1)
        self.assertTrue(os.path.exists(os.path.join(self.out, "_SUCCESS")))
        field = {"name": "s", "type": "bigint", "nullable": True}
        self.assertEqual([field], self.ears.of("schema")[0]["fields"])
        self.assertEqual(2, self.ears.of("inputs")[0]["n"])

    def test_rows_are_counted_when_there_are_none(self):
        self.assertEqual(0, self.run_job(text="SELECT 1 AS a WHERE false"))
        self.assertEqual(0, self.ears.of("result")[0]["rows"])

    def test_rows_are_counted_when_there_are_many(self):
        self.assertEqual(0, self.run_job(text="SELECT id FROM range(0, 5000, 1, 7)"))
        result = self.ears.of("result")[0]
        self.assertEqual(5000, result["rows"])
        self.assertEqual(7, result["files"])

    def test_a_place_with_schema_and_options_runs_no_job_to_be_read(self):
        path = os.path.join(self.dir, "in.csv")
        with open(path, "w") as f:
            f.write("a;b\n1;x\n2;y\n")
        place = {"name": "t", "uri": path, "format": "csv", "schema": "`a` bigint, `b` string"}
        place["options"] = {"sep": ";", "header": "true"}
        tracker = self.spark.sparkContext.statusTracker()
        before = len(tracker.getJobIdsForGroup(None))
        self.assertEqual(0, self.run_job(text="SELECT a, b FROM t", inputs=[place], check=True))
        self.assertEqual(before, len(tracker.getJobIdsForGroup(None)))
        self.assertEqual(0, self.run_job("copy", inputs=[place]))
        self.assertEqual([(1, "x"), (2, "y")], sorted(self.rows()))

    def test_check_tells_the_schema_and_writes_nothing(self):
        text = "SELECT id, named_struct('x y', 1, 'z', array(1.5)) AS s FROM `{a.b}`"
        self.assertEqual(0, self.run_job(text=text, inputs=[self.numbers()], check=True))
        types = [f["type"] for f in self.ears.of("schema")[0]["fields"]]
        self.assertEqual(["bigint", "struct<`x y`:int,z:array<decimal(2,1)>>"], types)
        self.assertFalse(os.path.exists(self.out))
        self.assertFalse(self.ears.of("result"))

    def test_a_function_gets_its_inputs_in_order(self):
        text = "def helper(a):\n    return a.limit(3)\n\ndef f(one, two):\n    return helper(one).crossJoin(two.limit(2).toDF('b'))\n"
        inputs = [self.numbers(5, "one"), self.numbers(7, "two")]
        self.assertEqual(0, self.run_job("python", text, inputs))
        self.assertEqual(6, self.ears.of("result")[0]["rows"])

    def test_a_function_prints_into_the_log(self):
        text = "def f(one):\n    print('of my own')\n    return one\n"
        self.assertEqual(0, self.run_job("python", text, [self.numbers()]))
        self.assertIn("of my own", self.said.getvalue())

    def test_time_zone_and_settings_are_the_jobs_own(self):
        text = "SELECT current_timezone() AS z, '${spark.my.word}' AS w"
        conf = {"spark.my.word": "here", "spark.driver.memory": "9g"}
        self.assertEqual(0, self.run_job(text=text, time_zone="Asia/Tokyo", conf=conf))
        self.assertEqual([("Asia/Tokyo", "here")], self.rows())
        self.assertIn("spark.driver.memory is fixed", self.said.getvalue())

    def test_a_table_of_the_catalog_is_an_input(self):
        self.spark.range(4).createOrReplaceTempView("my_table")
        self.assertEqual(0, self.run_job("copy", inputs=[{"name": "x", "table": "my_table"}]))
        self.assertEqual(4, self.ears.of("result")[0]["rows"])

    def test_questions_are_answered_and_cannot_spoil_the_work(self):
        questions = [
            {"what": "big", "sql": "SELECT count(*) FROM `{a.b}` WHERE id > 7"},
            {"what": "bad", "sql": "SELECT nonsense FROM nowhere"},
        ]
        rc = self.run_job(text="SELECT * FROM `{a.b}`", inputs=[self.numbers()], questions=questions)
        self.assertEqual(0, rc)
        answers = [(a["what"], a["n"]) for a in self.ears.of("answer")]
        self.assertEqual([("big", 2), ("bad", None)], answers)

    # ---- Refused and failed

    def test_an_output_that_is_there_is_left_alone(self):
        os.mkdir(self.out)
        with open(os.path.join(self.out, "mine"), "w") as f:
            f.write("x")
        self.assertEqual(1, self.run_job(text="SELECT 1 AS a"))
        self.assertEqual(["mine"], os.listdir(self.out))
        self.assertIn("nothing is overwritten", self.error()["msg"])

    def test_a_command_is_refused_before_it_does_something(self):
        self.spark.range(1).createOrReplaceTempView("kept")
        for text in ("DROP VIEW kept", "INSERT INTO kept SELECT 1", "CREATE TABLE q AS SELECT 1"):
            self.assertEqual(1, self.run_job(text=text, check=True))
            self.assertIn("command", self.error()["msg"])
        self.assertEqual(1, self.spark.table("kept").count())

    def test_names_that_differ_in_case_only_are_refused(self):
        self.assertEqual(1, self.run_job(text="SELECT 1", inputs=[self.numbers(1, "a"), self.numbers(2, "A")]))
        self.assertIn("case only", self.error()["msg"])

    def test_a_missing_input_has_its_condition(self):
        place = {"name": "t", "uri": os.path.join(self.dir, "none"), "format": "parquet"}
        self.assertEqual(1, self.run_job(text="SELECT * FROM t", inputs=[place]))
        self.assertIn("none", self.error()["msg"])
        if self.spark.version >= "3.4":
            self.assertEqual("PATH_NOT_FOUND", self.error()["cond"])

    def test_a_wrong_name_has_its_place(self):
        text = "SELECT 1,\n  cuont(*) FROM range(3)"
        self.assertEqual(1, self.run_job(text=text, check=True))
        error = self.error()
        self.assertIn("cuont", error["msg"])
        if self.spark.version >= "4":
            place = error["ctx"][0]
            self.assertEqual("cuont(*)", text[place["start"] : place["stop"] + 1])
            self.assertEqual("42883", error["sqlstate"])

    def test_an_error_while_it_runs_has_its_place_and_root_cause(self):
        text = "SELECT id / (id - 5) AS q FROM `{a.b}`"
        conf = {"spark.sql.ansi.enabled": "true"}
        self.assertEqual(1, self.run_job(text=text, inputs=[self.numbers()], conf=conf))
        error = self.error()
        self.assertIn("DIVIDE_BY_ZERO", error["chain"][0])
        if self.spark.version >= "4":
            place = error["ctx"][0]
            self.assertEqual("id / (id - 5)", text[place["start"] : place["stop"] + 1])
        self.assertFalse(os.path.exists(os.path.join(self.out, "_SUCCESS")))

    def test_a_place_in_the_text_of_an_input_is_not_one_of_ours(self):
        bad = {"name": "t", "query": "SELECT                1 / (id - 5) AS q FROM range(9)"}
        conf = {"spark.sql.ansi.enabled": "true"}
        self.assertEqual(1, self.run_job(text="SELECT q FROM t WHERE q > 0", inputs=[bad], conf=conf))
        self.assertEqual([], self.error()["ctx"])

    def test_syntax_errors_of_python_have_their_line(self):
        self.assertEqual(1, self.run_job("python", "def f(a):\n    return a +\n", [self.numbers()]))
        self.assertEqual(2, self.error()["line"])
        self.assertEqual("SyntaxError", self.error()["cls"])

    def test_errors_in_the_function_have_its_innermost_line(self):
        text = "def g(a):\n    return a.nothing_there()\n\ndef f(a):\n    return g(a)\n"
        self.assertEqual(1, self.run_job("python", text, [self.numbers()]))
        self.assertEqual(2, self.error()["line"])

    def test_errors_in_a_worker_have_their_line(self):
        text = (
            "from pyspark.sql.functions import udf\n\n@udf('int')\ndef bad(x):\n    return 1 // (x - x)\n\n"
            "def f(a):\n    return a.select(bad('id'))\n"
        )
        self.assertEqual(1, self.run_job("python", text, [self.numbers()]))
        self.assertEqual(5, self.error()["line"])

    def test_functions_that_cannot_be_called_are_refused(self):
        for text, words in (
            ("x = 1\n", "no function"),
            ("async def f(a):\n    return a\n", "async"),
            ("def f(a, b):\n    return a\n", "1 input"),
            ("def f(a):\n    pass\n", "NoneType"),
        ):
            self.assertEqual(1, self.run_job("python", text, [self.numbers()]))
            self.assertIn(words, self.error()["msg"])
            self.assertEqual("Refused", self.error()["cls"])

    def test_a_function_cannot_end_the_process_unsaid(self):
        text = "import sys\n\ndef f(a):\n    sys.exit(0)\n"
        self.assertEqual(1, self.run_job("python", text, [self.numbers()]))
        self.assertEqual("SystemExit", self.error()["cls"])
        self.assertEqual(4, self.error()["line"])

    def test_a_wide_schema_comes_in_parts(self):
        columns = ", ".join("1 AS %s%d" % ("c" * 100, n) for n in range(2500))
        self.assertEqual(0, self.run_job(text="SELECT " + columns, check=True))
        parts = self.ears.of("schema")
        self.assertGreater(len(parts), 1)
        self.assertEqual(2500, sum(len(p["fields"]) for p in parts))
        self.assertEqual([True] * (len(parts) - 1) + [None], [p.get("more") for p in parts])
        self.assertLess(max(len(line) for line in self.ears.data.splitlines()), 256 * 1024)

    # ---- Watching and ending

    def test_figures_of_the_application_are_told(self):
        self.assertEqual(0, self.run_job(text="SELECT id % 3 AS k, count(*) AS n FROM range(1000) GROUP BY 1"))
        rest = self.ears.of("rest")[-1]
        stages = {s["stageId"]: s for s in rest["stages"]}
        self.assertTrue(stages)
        last = stages[max(stages)]
        self.assertEqual("COMPLETE", last["status"])
        self.assertIn("duration", last["taskMetricsDistributions"])
        self.assertEqual(6, len(last["taskMetricsDistributions"]["quantiles"]))
        self.assertTrue(rest["jobs"] and rest["executors"] and rest["sql"])
        settings = dict(rest["environment"]["sparkProperties"])
        self.assertEqual("2", settings["spark.sql.shuffle.partitions"])

    def test_cancelling_ends_the_jobs_and_is_said(self):
        text = "def f(a):\n    import time\n    return a.rdd.map(lambda r: (time.sleep(60), 1)).toDF()\n"
        done = []
        worker = threading.Thread(target=lambda: done.append(self.run_job("python", text, [self.numbers()])))
        worker.start()
        until = time.monotonic() + 60
        while not self.spark.sparkContext.statusTracker().getActiveJobsIds():
            self.assertLess(time.monotonic(), until)
        began = time.monotonic()
        self.driver.cancel()
        worker.join(30)
        self.assertEqual([driver.RC_CANCELLED], done)
        self.assertLess(time.monotonic() - began, 8)
        self.assertTrue(self.ears.of("cancelled"))
        self.assertFalse(self.ears.of("error"))


if __name__ == "__main__":
    unittest.main(verbosity=1)
