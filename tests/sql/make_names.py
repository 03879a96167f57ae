"""Asks real Spark what each statement of names.sql answers: schema or error with its place.

Writes names.tsv, which test_names.c replays: statement, TAB, then either one "name type" a column
(type ends in ! when it cannot be NULL), TAB between them, or "!" CONDITION line:col (- = no place).
Run it with the project's Python; nothing is read but names.sql.
"""

import pathlib
import re

from pyspark.sql import SparkSession

HERE = pathlib.Path(__file__).parent
TABLES = {
    "t": "a int, b bigint, c double, d string, e decimal(10,2), f date, g timestamp, h boolean, "
    "i smallint, j tinyint, k float, l binary, m decimal(38,10), n timestamp_ntz",
    "u": "a int, x string, y double",
    "v": "id int not null, name string not null, v double not null",
}
PLACES = (
    (re.compile(r"\(line (\d+), pos (\d+)\)"), 1),
    (re.compile(r"; line (\d+) pos (\d+)"), 1),
    (re.compile(r"== SQL \(line (\d+), position (\d+)\) =="), 0),
)


def place(text):
    for pattern, shift in PLACES:
        found = pattern.search(text)
        if found:
            return f"{found.group(1)}:{int(found.group(2)) + shift}"
    return "-"


def answer(spark, statement):
    try:
        fields = spark.sql(statement).schema.fields
    except Exception as e:  # every failure is an answer
        condition = e.getCondition() if hasattr(e, "getCondition") else None
        return f"!{condition or 'UNKNOWN'} {place(str(e))}"
    return "\t".join(
        f"{f.name} {f.dataType.simpleString()}{'' if f.nullable else '!'}" for f in fields
    )


def main():
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("OFF")
    for name, schema in TABLES.items():
        spark.createDataFrame([], schema).createOrReplaceTempView(name)
    with open(HERE / "names.tsv", "w") as out:
        for line in (HERE / "names.sql").read_text().splitlines():
            if not line or line.startswith("#"):
                continue
            text = answer(spark, line.replace("\\n", "\n")).replace("\n", "\\n")
            if "UNKNOWN" not in text:
                out.write(f"{line}\t{text}\n")


if __name__ == "__main__":
    main()
