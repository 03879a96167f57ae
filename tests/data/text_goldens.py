"""What a real Spark reads from small CSV and JSON texts: writes tests/data/goldens/texts.jsonl.

    build/venv/bin/python tests/data/text_goldens.py

Each line is a case: the text, the options, and Spark's schema and rows (values cast to text, nested ones as JSON) or
the class of its error. test_texts.c reads the same texts with ours and wants the same, or a refusal."""
import json
import os
import sys
import tempfile

from pyspark.sql import SparkSession

HEAD = {"header": "true"}
INFER = {"header": "true", "inferSchema": "true"}

CSV = [
    ("a,b\n1,x\n2,y\n", {}),
    ("a,b\n1,x\n2,y\n", INFER),
    ("a;b\n1;x\n", {"sep": ";", **HEAD}),
    ("a;b\n1;x\n", {"delimiter": ";", **HEAD}),
    ("a,b\n#c,d\n1,#x\n", {"comment": "#", **HEAD}),
    ("#z\na,b\n1,2\n #c,3\n", {"comment": "#", **HEAD}),
    ("a,b\n 1 , x \n\" q \", y\n", {"ignoreLeadingWhiteSpace": "true", **HEAD}),
    ("a,b\n 1 , x \n\" q \" , y\n", {"ignoreTrailingWhiteSpace": "true", **HEAD}),
    ("a , b\n 1 , x \n \"q,r\" ,y\n", {"ignoreLeadingWhiteSpace": "true", "ignoreTrailingWhiteSpace": "true", **HEAD}),
    ("a,b\n 1 ,2\n3, 4\n", {"ignoreLeadingWhiteSpace": "true", "ignoreTrailingWhiteSpace": "true", **INFER}),
    ("a,b\n\"\",x\n,y\n\" \",z\n", {"emptyValue": "E", **HEAD}),
    ("a,b\n\"\",x\n,y\n", {"nullValue": "x", **HEAD}),
    ("a,b\n\"\",x\n,y\nNA,NA\n", {"nullValue": "NA", **HEAD}),
    ("a,b\n\"\",x\n,y\nNA,NA\n", {"nullValue": "NA", "emptyValue": "E", **HEAD}),
    ("a,b\n1,x\nNA,y\n2,NA\n", {"nullValue": "NA", **INFER}),
    ("a\n1.5\nnope\n", {"nanValue": "nope", **INFER}),
    ("a\n1.5\nNaN\nInf\n-Inf\n", INFER),
    ("a\n1.5\nplus\nminus\n", {"positiveInf": "plus", "negativeInf": "minus", **INFER}),
    ("a\n01/02/2024\n03/04/2023\n", {"dateFormat": "dd/MM/yyyy", **INFER}),
    ("a\n1/2/2024\n13/4/2023\n", {"dateFormat": "d/M/yyyy", **INFER}),
    ("a\n2024-01-02\n2024-01-03\n", {"dateFormat": "yyyyMMdd", **INFER}),
    ("a\n20240102\n20240103\n", {"dateFormat": "yyyyMMdd", **INFER}),
    ("a\n01/02/2024 10:11\n03/04/2023 23:59\n", {"timestampFormat": "dd/MM/yyyy HH:mm", **INFER}),
    ("a\n2024.01.02 10:11:12.345\n", {"timestampFormat": "yyyy.MM.dd HH:mm:ss.SSS", **INFER}),
    ("a\nJan 5 2024\nFeb 6 2023\n", {"dateFormat": "MMM d yyyy", **INFER}),
    ("a\n2024-01-02 10:11:12\n2024-01-03 00:00:00\n", {"timestampFormat": "yyyy-MM-dd'T'HH:mm:ss", **INFER}),
    ("a,b\n1,2\n3\n4,5,6\nx,7\n", INFER),
    ("a,b\n1,2\n3\n4,5,6\n7,8\n", {"mode": "DROPMALFORMED", **HEAD}),
    ("a,b\n1,2\n3\n4,5,6\n7,8\n", {"mode": "PERMISSIVE", **HEAD}),
    ("a,b\n1,2\n3\n4,5,6\n7,8\n", {"mode": "FAILFAST", **HEAD}),
    ("a,b\n1,2\n7,8\n", {"mode": "FAILFAST", **INFER}),
    ("a,b\n1,2\n3\n4,5,6\n7,8\n", {"mode": "dropmalformed", **INFER}),
    ("a,b\n1,2\n", {"mode": "nonsense", **HEAD}),
    ("a,b\n'x,y',2\n", {"quote": "'", **HEAD}),
    ("a,b\n\"x\"\"y\",2\n", {"escape": "\"", **HEAD}),
    ("a,b\n\"x\ny\",2\n", {"multiLine": "true", **HEAD}),
    ("a,b\n\"x\ny\",2\n", HEAD),
    ("a,b\n\"x,2\n3,4\n", HEAD),
    ("a|b\n1|2\n", {"sep": "|", **INFER}),
    ("a\tb\n1\t2\n", {"sep": "\\t", **INFER}),
    ("a||b\n1||2\n", {"sep": "||", **INFER}),
    ("a,b\r\n1,2\r\n", INFER),
    ("a,b\n\n1,2\n\n", INFER),
    ("a,b\n1,true\n2,FALSE\n", INFER),
    ("a,b\n1,2147483648\n2,3\n", INFER),
    ("a\n0001\n2\n", INFER),
    ("a\n1e5\n2\n", INFER),
    ("a\n1.0\n2\n", INFER),
    ("a\n\n\"\"\n5\n", INFER),
    ("a,b\n,\n,\n", INFER),
    ("a,a,A\n1,2,3\n", HEAD),
    (",b,\n1,2,3\n", HEAD),
    ("a,b\n", HEAD),
    ("a,b\n", INFER),
    ("a\n2024-01-02\n2024-01-02 10:00:00\n", INFER),
    ("a\n2024-01-02\nx\n", INFER),
    ("a\n10:20\n11:30\n", INFER) if False else ("a\n12:30:00x\n", INFER),
    ("a\n\xe9t\xe9\n", HEAD),
    ("a,b\n1,2\n", {"columnNameOfCorruptRecord": "bad", **HEAD}),
    ("a,b\n\\,x,2\n", HEAD),
    ("a,b\n\"a\\\"b\",2\n", HEAD),
    ("a,b\n1,2\n", {"enforceSchema": "true", **HEAD}),
]

JSON = [
    ('{"a":1,"b":"x"}\n{"a":2}\n', {}),
    ('{"b":1,"a":"x","C":true}\n', {}),
    ('{"a":{"x":1,"y":"s"}}\n{"a":{"z":2.5}}\n{"a":null}\n{}\n', {}),
    ('{"a":[1,2,3]}\n{"a":[]}\n{"a":null}\n{"a":[null,4]}\n', {}),
    ('{"a":[{"x":1},{"y":"s"}]}\n', {}),
    ('{"a":[[1],[2,3]]}\n', {}),
    ('{"a":[1,"x"]}\n', {}),
    ('{"a":[1,2.5]}\n', {}),
    ('{"a":[true,null]}\n', {}),
    ('{"a":[{"x":1},5]}\n', {}),
    ('{"a":1}\n{"a":{"x":1}}\n', {}),
    ('{"a":1}\n{"a":[1]}\n', {}),
    ('{"a":{"b":[1, {"c":"x"}]}}\n{"a":"t"}\n', {}),
    ('{"a":1}\n{"a":1.5}\n', {}),
    ('{"a":1}\n{"a":"x"}\n', {}),
    ('{"a":1.50}\n{"a":"x"}\n', {}),
    ('{"a":1}\n{"a":true}\n', {}),
    ('{"a":1}\n{"a":99999999999999999999}\n', {}),
    ('{"a":99999999999999999999}\n{"a":1.5}\n', {}),
    ('{"a":123456789012345678901234567890123456789}\n', {}),
    ('{"a":1e3}\n{"a":-0.0}\n{"a":1E400}\n', {}),
    ('{"a":null}\n', {}),
    ('{"a":null,"b":{},"c":[],"d":{"e":null},"f":[{}],"g":""}\n', {}),
    ('{"a":null,"b":{},"c":[],"d":{"e":null},"f":1}\n', {"dropFieldIfAllNull": "true"}),
    ('{"a":"2024-01-02","b":"2024-01-02T03:04:05Z"}\n', {}),
    ('{"a":1}\nnot json\n{"a":2}\n', {}),
    ('{"a":1}\n{"a":\n{"a":2}\n', {}),
    ('{"a":1}\nnot json\n{"a":2}\n', {"columnNameOfCorruptRecord": "bad"}),
    ('{"a":1}\nnot json\n{"a":2}\n', {"mode": "DROPMALFORMED"}),
    ('{"a":1}\nnot json\n{"a":2}\n', {"mode": "FAILFAST"}),
    ('{"a":1}\n{"a":2}\n', {"mode": "FAILFAST"}),
    ('{"a":1}\n[{"a":2},{"a":3}]\n', {}),
    ('[{"a":2},{"a":3}]\n', {}),
    ('{"a":1}\n5\n"x"\nnull\n', {}),
    ('\n{"a":1}\n\n  \n{"a":2}\n', {}),
    ('[{"a":1,\n"b":2},\n{"a":3}]\n', {"multiLine": "true"}),
    ('{"a":1,\n"b":2}\n', {"multiLine": "true"}),
    ('{"a":1,"b":2.5,"c":true,"d":[1],"e":"x","f":null}\n', {"primitivesAsString": "true"}),
    ('{"a":1.5,"b":1}\n{"a":2.25}\n', {"prefersDecimal": "true"}),
    ("{'a':1}\n", {}),
    ("{'a':1}\n", {"allowSingleQuotes": "false"}),
    ('{a:1}\n', {}),
    ('{a:1}\n', {"allowUnquotedFieldNames": "true"}),
    ('{"a":1/*c*/}\n{"a":2}\n', {"allowComments": "true"}),
    ('{"a":1/*c*/}\n', {}),
    ('{"a":007}\n', {"allowNumericLeadingZeros": "true"}),
    ('{"a":007}\n', {}),
    ('{"a":NaN,"b":1.5}\n{"a":1.5,"b":-Infinity}\n', {}),
    ('{"a":"NaN","b":1}\n{"a":1.5}\n', {}),
    ('{"a":1,"a":2}\n', {}),
    ('{"a":1,"A":2}\n', {}),
    ('{"a b":1,"c.d":2,"":3}\n', {}),
    ('{"a":"x\\ny\\u00e9\\ud83d\\ude00"}\n', {}),
    ('{"a":{"b":1}}\n{"a":{"b":"x"}}\n', {}),
    ('{"a":[{"x":1,"y":[1,2]},{"x":null}]}\n{"a":[]}\n', {}),
    ('{"a":{}}\n{"a":{"x":1}}\n', {}),
    ('{"a":[]}\n{"a":[{"x":1}]}\n', {}),
    ('{"a": 1 , "b" : [ 1 , 2 ] }\r\n{"a":2}\r\n', {}),
    ('{"a": [ 1 , {"b": 1.0} ] }\n{"a":"x"}\n', {}),
    ('{"a":9223372036854775807}\n{"a":-9223372036854775808}\n', {}),
    ('{"a":1,"b":{"z":1,"y":{"x":2}}}\n', {}),
    ('{"a":1} trailing\n{"a":2}\n', {}),
    ('{"a":1}{"a":2}\n', {}),
    ('{"_corrupt_record":"x","a":1}\nbad\n', {}),
    ('{"t":"2024-01-02 03:04:05"}\n', {"inferTimestamp": "true"}),
]


def case(spark, folder, number, fmt, text, options):
    path = os.path.join(folder, f"{number}.{fmt}")
    with open(path, "w", encoding="utf-8", newline="") as f:
        f.write(text)
    out = {"format": fmt, "options": options, "text": text}
    try:
        df = spark.read.options(**options).format(fmt).load(path).cache()
        cols = []
        for i, field in enumerate(df.schema.fields):
            name = "`" + field.name.replace("`", "``") + "`"
            nested = field.dataType.typeName() in ("struct", "array", "map")
            cols.append(f"to_json({name}, map('ignoreNullFields','false')) c{i}" if nested
                        else f"cast({name} as string) c{i}")
        out["schema"] = [[f.name, f.dataType.simpleString()] for f in df.schema.fields]
        out["rows"] = [list(r) for r in df.selectExpr(*cols).collect()] if cols else []
    except Exception as e:  # the class of what Spark says
        out["error"] = str(e).split("\n")[0][:120]
    return out


def main():
    spark = (SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
             .config("spark.driver.memory", "1g").config("spark.sql.session.timeZone", "UTC").getOrCreate())
    spark.sparkContext.setLogLevel("OFF")
    here = os.path.dirname(os.path.abspath(__file__))
    cases = [("csv", *c) for c in CSV] + [("json", *c) for c in JSON]
    with tempfile.TemporaryDirectory() as folder:
        lines = [case(spark, folder, i, *c) for i, c in enumerate(cases)]
    with open(os.path.join(here, "goldens", "texts.jsonl"), "w", encoding="utf-8") as f:
        for line in lines:
            f.write(json.dumps(line, ensure_ascii=True) + "\n")
    spark.stop()


if __name__ == "__main__":
    sys.exit(main())
