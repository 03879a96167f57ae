"""Tables of a catalog that lasts: a Connect server with a Hive metastore of its own (Derby, in a folder of the test)."""
import os
import subprocess

from harness import ROOT, Workspace, main, need
from spark_help import free_ports

PORT = free_ports(2)


def server(ws, what):
    conf = (f"spark.sql.catalogImplementation=hive spark.sql.warehouse.dir={ws.dir}/warehouse "
            f"spark.hadoop.javax.jdo.option.ConnectionURL=jdbc:derby:;databaseName={ws.dir}/metastore;create=true")
    done = subprocess.run(["sh", str(ROOT / "tests/tools/spark-server.sh"), what, str(PORT)], capture_output=True, text=True,
                          timeout=300, env=dict(os.environ, FIRESTEEL_SPARK_CONF=conf, FIRESTEEL_SPARK_UI_PORT=str(PORT + 1)))
    need(done.returncode == 0, done.stdout + done.stderr)


def test_tables_of_a_hive_metastore():
    with Workspace(demo=False) as ws:
        server(ws, "start")
        try:
            (ws.work / "p.yaml").write_text(f"providers: [{{name: hive, engine: connect, options: {{url: 'sc://127.0.0.1:{PORT}'}}}}]\n")
            ws.ok("apply", "p.yaml")
            for text in ("CREATE DATABASE lake", "CREATE TABLE lake.orders (id BIGINT, who STRING) STORED AS ORC",
                         "INSERT INTO lake.orders VALUES (1, 'a'), (2, 'b')"):
                ws.ok("sql", text, "--provider", "hive")
            need({"database": "lake", "table": "orders"} in ws.json("tables", "lake", "--provider", "hive"), "not listed")
            rows = sorted(ws.json("preview", "table:hive/lake.orders"), key=lambda row: row["id"])
            need(rows == [{"id": 1, "who": "a"}, {"id": 2, "who": "b"}], rows)
            ws.ok("register", "orders.v1", "--table", "lake.orders", "--provider", "hive")
            (ws.work / "t.yaml").write_text("transformations:\n  - {name: n, variant: v1, provider: hive, "
                                            "sql: 'SELECT who, count(*) AS n FROM {{orders.v1}} GROUP BY who'}\n")
            ws.ok("apply", "t.yaml")
            ws.ok("run", "n", timeout=120)
            counted = sorted((row["who"], row["n"]) for row in ws.json("preview", "n"))
            need(counted == [("a", 1), ("b", 1)], counted)
        finally:
            server(ws, "stop")


if __name__ == "__main__":
    main(globals())
