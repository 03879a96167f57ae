"""The official Python client of Spark Connect, timed inside a process that is running already: the peer of our figures.

    client.py URL select N      prints the median of N in milliseconds
    client.py URL arrow N SQL   asks for N rows at each line it reads: prints milliseconds, rows and bytes
"""
import statistics
import sys
import time

from pyspark.sql import SparkSession

url, what, n = sys.argv[1], sys.argv[2], int(sys.argv[3])
spark = SparkSession.builder.remote(url).getOrCreate()


def select(runs):
    times = []
    for _ in range(runs + 5):
        began = time.perf_counter()
        assert spark.sql("SELECT 1 AS x").collect()[0].x == 1
        times.append((time.perf_counter() - began) * 1000)
    print(f"{statistics.median(times[5:]):.3f}")


def arrow(rows, sql):
    for _ in sys.stdin:
        began = time.perf_counter()
        table = spark.sql(sql).limit(rows).toArrow()
        print(f"{(time.perf_counter() - began) * 1000:.3f} {table.num_rows} {table.nbytes}", flush=True)


select(n) if what == "select" else arrow(n, sys.argv[4])
