"""The official Python client of Spark Connect, timed inside a process that is running already: the peer of our figures.

    client.py URL select|arrow N      prints the median of N in milliseconds (arrow: also rows and bytes)
"""
import statistics
import sys
import time

from pyspark.sql import SparkSession

url, what, n = sys.argv[1], sys.argv[2], int(sys.argv[3])
spark = SparkSession.builder.remote(url).getOrCreate()
times, told = [], ""
for i in range(n + 5):
    began = time.perf_counter()
    if what == "select":
        assert spark.sql("SELECT 1 AS x").collect()[0].x == 1
    else:
        table = spark.sql(sys.argv[4]).toArrow()
        told = f" {table.num_rows} {table.nbytes}"
    if i >= 5 or what == "arrow":
        times.append((time.perf_counter() - began) * 1000)
    if what == "arrow" and len(times) == n:
        break
print(f"{statistics.median(times):.3f}{told}")
