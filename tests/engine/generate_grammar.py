"""Random well-typed statements of Spark SQL over the tables of the corpora, as trees that can be made smaller.

A node has a type (of an expression; None for anything else) and parts: texts and nodes. A list is a node whose items may
be taken away, an option one that may vanish. Function rows are those of the program's own table."""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
INTS = ["tinyint", "smallint", "int", "bigint"]
NUMBERS = INTS + ["float", "double", "decimal"]
TYPES = NUMBERS + ["string", "binary", "boolean", "date", "timestamp", "timestamp_ntz"]
NO_CASTS = {(a, b) for a in TYPES for b in TYPES if (
    "binary" in (a, b) and not {a, b} <= {"binary", "string", *INTS} or
    b == "binary" and a in INTS or a == "binary" and b in INTS or
    a in ("date", "timestamp_ntz") and b in NUMBERS + ["boolean"] or
    b in ("date", "timestamp_ntz") and a in NUMBERS + ["boolean"] or
    {a, b} == {"timestamp", "boolean"} or a == "decimal" and b == "timestamp")}

TABLES = {
    "numbers": [("id", "int"), ("b", "tinyint"), ("s", "smallint"), ("i", "int"), ("l", "bigint"), ("f", "float"),
                ("d", "double"), ("m", "decimal"), ("w", "decimal")],
    "texts": [("id", "int"), ("t", "string"), ("u", "string"), ("x", "binary")],
    "times": [("id", "int"), ("d", "date"), ("ts", "timestamp"), ("n", "timestamp_ntz")],
    "people": [("id", "int"), ("name", "string"), ("dept", "string"), ("pay", "decimal"), ("hired", "date"), ("boss", "int")],
    "events": [("e", "int"), ("ts", "timestamp"), ("v", "double"), ("src", "int"), ("n", "int")],
    "departments": [("dept", "string"), ("title", "string"), ("floor", "int")],
}
ROWS = {"numbers": 10, "texts": 14, "times": 8, "people": 7}  # of those that have an id

LITERALS = {
    "tinyint": ["0Y", "1Y", "-1Y", "7Y", "127Y", "(-128Y)"],
    "smallint": ["0S", "1S", "-3S", "255S", "32767S"],
    "int": ["0", "1", "-1", "2", "3", "5", "10", "100", "-7", "2147483647"],
    "bigint": ["0L", "1L", "-1L", "1000L", "86400L", "1700000000L", "9223372036854775807L"],
    "float": ["0.0F", "1.5F", "-2.5F", "0.1F", "1e10F", "float('NaN')", "float('-Infinity')"],
    "double": ["0.0D", "-0.0D", "1.5D", "2.5D", "-0.5D", "0.1D", "1e10D", "1e-7D", "123456789.123D", "double('NaN')",
               "double('Infinity')"],
    "decimal": ["1.5", "0.01", "-2.50", "0BD", "99999999.99", "12.345", "0.5", "1234567890123456789012345678.5", "-0.005"],
    "string": ["''", "'a'", "'hello'", "'l'", "' '", "','", "'42'", "' 7 '", "'-1.5'", "'2021-02-28'", "'A'", "'\u00e9'",
               "'\U0001F600'", "'true'", "'2021-02-28 12:30:00'", "'abc,def,,g'", "'NaN'", "'%'", "'o w'", "'Stra\u00dfe'"],
    "binary": ["X''", "X'00'", "X'68656C6C6F'", "X'C3A9'", "X'FF'"],
    "boolean": ["true", "false"],
    "date": ["DATE'2020-02-29'", "DATE'1969-12-31'", "DATE'0001-01-01'", "DATE'2021-01-31'", "DATE'1582-10-15'", "DATE'2024-12-30'"],
    "timestamp": ["TIMESTAMP'2020-02-29 12:34:56.789'", "TIMESTAMP'1969-12-31 23:59:59.5'", "TIMESTAMP'0001-01-01 00:00:00'",
                  "TIMESTAMP'2021-01-31 00:00:00'", "TIMESTAMP'2024-03-10 06:07:08.000001'"],
    "timestamp_ntz": ["TIMESTAMP_NTZ'2020-02-29 12:34:56.789'", "TIMESTAMP_NTZ'1500-03-01 00:00:00'",
                      "TIMESTAMP_NTZ'2021-01-31 23:59:59.999999'"],
}
CAST = {"decimal": ["decimal(10,2)", "decimal(38,10)", "decimal(5,0)", "decimal(20,6)", "decimal(38,0)"]}

# Forms that the letters of the function table do not say: result -> templates; {type} is an expression, {a|b} one of
# several types, {=} all of one type, {'...'|'...'} a text of these.
FORMS = {
    "tinyint": ["{tinyint} + {tinyint}", "{tinyint} * {tinyint}", "{tinyint} % {tinyint}", "~{tinyint}", "- {tinyint}"],
    "smallint": ["{smallint} - {tinyint}", "{smallint} + {smallint}", "pmod({smallint}, {smallint})"],
    "int": ["{int} + {int}", "{int} - {smallint}", "{int} * {tinyint}", "{int} % {int}", "pmod({int}, {int})", "{int} & {int}",
            "{int} | {int}", "{int} ^ {int}", "length({string|binary})", "char_length({string})", "octet_length({string|binary})",
            "extract({'YEAR'|'MONTH'|'DAY'|'DOW'|'WEEK'|'QUARTER'|'DOY'} FROM {date|timestamp})", "- {int}",
            "extract({'HOUR'|'MINUTE'} FROM {timestamp|timestamp_ntz})", "position({string} IN {string})", "{date} - {date} IS NULL"],
    "bigint": ["{bigint} + {bigint}", "{bigint} * {int}", "{int|bigint} div {int|bigint}", "{bigint} - {int}", "{bigint} % {bigint}",
               "ceil({double})", "floor({double})", "unix_timestamp({timestamp})", "{decimal} div {decimal}",
               "timestampdiff({'DAY'|'HOUR'|'MONTH'|'YEAR'}, {timestamp}, {timestamp})"],
    "float": ["{float} + {float}", "{float} * {float}", "{float} - {float}", "round({float}, {'0'|'1'|'-1'|'2'})", "- {float}"],
    "double": ["{double} + {double}", "{double} * {double}", "{double} - {float}", "{int} / {int}", "{double} / {double}",
               "{double} % {double}", "pmod({double}, {double})", "round({double}, {'0'|'1'|'-1'|'2'|'10'})", "nanvl({double}, {double})",
               "bround({double}, {'0'|'1'})", "- {double}", "{float} * {int}", "{double} + {decimal}"],
    "decimal": ["{decimal} + {decimal}", "{decimal} - {decimal}", "{decimal} * {decimal}", "{decimal} / {decimal}",
                "{decimal} % {decimal}", "{decimal} + {int}", "{decimal} * {tinyint}", "round({decimal}, {'0'|'1'|'-1'|'3'})",
                "ceil({decimal})", "floor({decimal})", "- {decimal}", "bround({decimal}, {'0'|'1'|'2'})", "pmod({decimal}, {decimal})",
                "{bigint} / {decimal}", "ceil({decimal}, {'1'|'-1'})"],
    "string": ["{string} || {string}", "{string} || {int|double|decimal|date|boolean}", "concat_ws({string}, {string}, {int|string})",
               "hex({bigint|string|binary|int})", "date_format({timestamp}, {'yyyy-MM-dd'|'HH:mm:ss.SSS'|'dd/MM/yy'|'EEE, d MMM yyyy'})",
               "from_unixtime({'0'|'1700000000'})", "lpad({string}, {'0'|'3'|'12'}, {string})", "repeat({string}, {'0'|'2'|'-1'})",
               "regexp_replace({string}, {'[a-z]+'|'l'|'\\\\\\d'|' '}, {'<$0>'|''|'x'})", "space({'0'|'3'})",
               "regexp_extract({string}, {'([a-z]+)'|'(l)(.)'|'(\\\\\\d+)'}, {'0'|'1'})", "trim(BOTH {string} FROM {string})",
               "trim(LEADING FROM {string})", "substring({string} FROM {'1'|'2'|'-3'|'0'} FOR {'0'|'1'|'5'})"],
    "binary": ["unhex({string})", "unbase64(base64({binary}))"],
    "boolean": ["{=} = {=}", "{=} < {=}", "{=} >= {=}", "{=} <> {=}", "{=} <=> {=}", "{number} < {number}", "{number} = {number}",
                "{boolean} AND {boolean}", "{boolean} OR {boolean}", "NOT {boolean}", "{any} IS NULL", "{any} IS NOT NULL",
                "{=} BETWEEN {=} AND {=}", "{=} IN ({=}, {=})", "{=} NOT IN ({=}, {=}, NULL)", "{string} LIKE {'%l%'|'h_llo'|'%\\\\\\%%'|''|'%'}",
                "{string} RLIKE {'^[a-z]+$'|'l'|'.o'|'\\\\\\d+'}", "{boolean} IS TRUE", "{boolean} IS NOT FALSE", "{boolean} IS UNKNOWN",
                "{number} = {string}", "{date} < {timestamp}", "{string} = {date}", "{string} ILIKE {'%L%'|'H%'}", "isnan({double|float})",
                "{number} IN ({number}, {number})", "{date} = {string}", "{timestamp} > {string}"],
    "date": ["{date} + {'1'|'-31'|'365'}", "{date} - {'1'|'30'}", "{date} + INTERVAL {'1'|'-13'} MONTH", "to_date({string}, {'yyyy-MM-dd'|'dd/MM/yyyy'})",
             "to_date({timestamp|string})", "trunc({date}, {'month'|'YEAR'|'q'|'week'|'nonsense'})", "make_date({'2020'|'2021'}, {'2'|'12'|'13'}, {'1'|'29'})",
             "next_day({date}, {'MON'|'sunday'|'x'})"],
    "timestamp": ["{timestamp} + INTERVAL {'1'|'-25'} HOUR", "{timestamp} - INTERVAL {'1'|'14'} MONTH", "{timestamp} + INTERVAL '1 02:03:04.5' DAY TO SECOND",
                  "to_timestamp({string})", "to_timestamp({string}, {'yyyy-MM-dd HH:mm:ss'|'yyyy-MM-dd'})", "date_trunc({'hour'|'DAY'|'month'|'week'|'quarter'|'x'}, {timestamp|date})",
                  "timestamp_millis({int|bigint})", "timestampadd({'DAY'|'HOUR'|'MONTH'}, {'1'|'-7'}, {timestamp})"],
    "timestamp_ntz": ["{timestamp_ntz} + INTERVAL {'1'|'-25'} HOUR", "{timestamp_ntz} - INTERVAL '2' YEAR"],
}
FORMS["int"].pop()
# Types that columns of the tables have not: leaves, and forms for them and for the others over them.
MORE = {
    "array<int>": ["array(1, 2, 3)", "array(3, NULL, 1, 3)", "array(-7)", "cast(NULL AS array<int>)", "array(2147483647, 0)"],
    "array<string>": ["array('b', 'a', 'b')", "array('', NULL, 'x y')", "split('a,b,,c', ',')", "cast(NULL AS array<string>)"],
    "map<string,int>": ["map('a', 1, 'b', NULL)", "map('hello', 3)", "cast(NULL AS map<string,int>)"],
    "struct": ["named_struct('p', 1, 'q', 'x')", "named_struct('p', CAST(NULL AS int), 'q', '')"],
    "json": ["'{\"a\": [1, {\"b\": null}], \"c\": \"x\"}'", "'[1'", "'{}'", "'{\"a\": 1.50, \"c\": {\"d\": [true]}}'"],
    "interval day to second": ["INTERVAL '1 02:03:04.5' DAY TO SECOND", "INTERVAL '-3 00:00:00' DAY TO SECOND"],
    "interval year to month": ["INTERVAL '1-2' YEAR TO MONTH", "INTERVAL '-0-11' YEAR TO MONTH"],
}
MORE_FORMS = {
    "array<int>": ["array({int}, {int})", "array({int})", "array_distinct({array<int>})", "sort_array({array<int>})", "sort_array({array<int>}, false)",
                   "array_sort({array<int>})", "slice({array<int>}, {'1'|'2'|'-2'}, {'1'|'2'|'0'})", "array_remove({array<int>}, {int})",
                   "array_union({array<int>}, {array<int>})", "array_intersect({array<int>}, {array<int>})", "array_except({array<int>}, {array<int>})",
                   "concat({array<int>}, {array<int>})", "reverse({array<int>})", "transform({array<int>}, v -> v + {tinyint})",
                   "transform({array<int>}, (v, k) -> v * k)", "filter({array<int>}, v -> v > {int})", "sequence({'1'|'3'}, {'5'|'1'})",
                   "array_repeat({int}, {'2'|'0'|'-1'})", "flatten(array({array<int>}, {array<int>}))", "array_append({array<int>}, {int})",
                   "array_compact({array<int>})", "zip_with({array<int>}, {array<int>}, (v, w) -> v + w)", "map_values({map<string,int>})",
                   "array_prepend({array<int>}, {int})", "coalesce({array<int>}, {array<int>})"],
    "array<string>": ["split({string}, {','|' '|'l'|'[aeiou]'})", "split({string}, {','|'l'}, {'2'|'-1'|'0'})", "array({string}, {string})",
                      "transform({array<string>}, v -> upper(v))", "filter({array<string>}, v -> v LIKE '%l%')", "array_distinct({array<string>})",
                      "map_keys({map<string,int>})", "array_union({array<string>}, {array<string>})", "sort_array({array<string>})"],
    "map<string,int>": ["map({'a'|'k'}, {int})", "map_from_arrays(array('a', 'b'), array({int}, {int}))", "map_filter({map<string,int>}, (k, v) -> v > {int})",
                        "transform_values({map<string,int>}, (k, v) -> v + 1)", "str_to_map({'a:1,b:2'|''|'x'}) IS NULL"],
    "struct": ["named_struct('p', {int}, 'q', {string})", "if({boolean}, {struct}, {struct})"],
    "interval day to second": ["{timestamp} - {timestamp}", "{timestamp_ntz} - {timestamp_ntz}", "{interval day to second} + {interval day to second}",
                               "{interval day to second} * {'2'|'-3'|'0.5'}", "- {interval day to second}", "{interval day to second} / {'2'|'7'}",
                               "make_dt_interval({'1'|'0'|'-5'}, {'2'|'30'}, {'0'|'61'}, {'1.5'|'0'})"],
    "interval year to month": ["make_ym_interval({'1'|'0'|'-2'}, {'5'|'13'})", "{interval year to month} * {'2'|'-1'}", "- {interval year to month}",
                               "{interval year to month} - {interval year to month}"],
    "int": ["size({array<int>|array<string>|map<string,int>})", "element_at({array<int>}, {'1'|'-1'|'9'})", "get({array<int>}, {'0'|'5'})", "{array<int>}[0]",
            "aggregate({array<int>}, 0, (acc, v) -> acc + coalesce(v, 0))", "array_max({array<int>})", "array_min({array<int>})", "{struct}.p",
            "{map<string,int>}['a']", "element_at({map<string,int>}, {'a'|'zz'})", "json_array_length({'[1,2]'|'x'|'[]'})"],
    "bigint": ["array_position({array<int>}, {int})"],
    "boolean": ["array_contains({array<int>}, {int})", "exists({array<int>}, v -> v > {int})", "forall({array<int>}, v -> v > {int})",
                "arrays_overlap({array<int>}, {array<int>})", "{array<int>} = {array<int>}", "{array<string>} < {array<string>}", "{struct} = {struct}",
                "{interval day to second} < {interval day to second}", "map_contains_key({map<string,int>}, {string})"],
    "string": ["array_join({array<string>}, {','|''})", "array_join({array<string>}, {', '}, {'?'})", "cast({array<int>|array<string>|map<string,int>|struct} AS string)",
               "element_at({array<string>}, {'1'|'-1'})", "{struct}.q", "get_json_object({json}, {'$.a'|'$.a[0]'|'$.c'|'$'|'$.a[*]'|'$.a[1].b'})",
               "to_json({struct|array<int>|map<string,int>})", "cast({interval day to second|interval year to month} AS string)"],
    "timestamp": ["{timestamp} + {interval day to second}", "{timestamp} - {interval year to month}"],
    "date": ["{date} + {interval year to month}"],
    "timestamp_ntz": ["{timestamp_ntz} - {interval day to second}"],
}
# Their arguments are above, or they cannot be compared: the answer depends on the moment or on the order of the rows.
SKIPPED = {"current_date", "curdate", "current_timestamp", "now", "unix_timestamp", "to_date", "to_timestamp", "date_format", "trunc",
           "date_trunc", "repeat", "space", "lpad", "rpad", "regexp_replace", "regexp_extract", "regexp_like", "next_day", "make_date",
           "monotonically_increasing_id", "rand", "uuid", "decimal", "assert_true", "raise_error", "localtimestamp", "input_file_name",
           "spark_partition_id", "randn", "shuffle", "current_user", "user", "version"}
AGGREGATES = {
    "bigint": ["count(*)", "count({any})", "count(DISTINCT {any})", "sum({int|bigint|tinyint})", "count_if({boolean})",
               "count(*) FILTER (WHERE {boolean})", "sum(DISTINCT {int})", "sum({int}) FILTER (WHERE {boolean})"],
    "double": ["sum({double})", "avg({int|double|bigint|float})", "stddev({double})", "var_pop({int})", "corr({double}, {double})",
               "covar_samp({double}, {int})", "median({int|double})", "avg({int}) FILTER (WHERE {boolean})", "stddev_pop({int})"],
    "decimal": ["sum({decimal})", "avg({decimal})", "max({decimal})"],
    "string": ["min({string})", "max({string})"], "int": ["max({int})", "min({int})"], "date": ["max({date})", "min({date})"],
    "timestamp": ["min({timestamp})"], "boolean": ["bool_and({boolean})", "any({boolean})", "max({boolean})"],
}
WINDOWS = {
    "int": ["row_number()", "rank()", "dense_rank()", "ntile({'2'|'3'})", "lag({int})", "lead({int}, 2, {int})", "first_value({int})"],
    "double": ["sum({double})", "avg({int})", "percent_rank()", "cume_dist()", "last_value({double})", "max({double})"],
    "bigint": ["count(*)", "sum({int})", "count({any})"], "string": ["max({string})", "lag({string}, 1)", "nth_value({string}, 2)"],
    "decimal": ["sum({decimal})", "min({decimal})", "avg({decimal})"], "date": ["min({date})", "lead({date})"],
}
FRAMES = ["", "", " ROWS BETWEEN 1 PRECEDING AND CURRENT ROW", " ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING",
          " ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING", " ROWS UNBOUNDED PRECEDING", " RANGE BETWEEN 2 PRECEDING AND 1 FOLLOWING",
          " RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING"]
NO_FRAME = re.compile(r"row_number|rank|ntile|lag|lead|cume")
LETTERS = {"a": TYPES, "s": ["string"] * 9 + ["int", "date", "double"], "b": ["string", "binary"], "i": ["int", "tinyint"], "I": ["int", "smallint"],
           "l": ["bigint", "int"], "d": ["double", "double", "float", "int", "decimal"], "n": NUMBERS, "N": NUMBERS, "B": ["boolean"],
           "D": ["date", "date", "timestamp"], "T": ["timestamp"], "t": ["timestamp", "timestamp_ntz"]}


class Node:
    def __init__(self, parts, type=None, kind="expr"):
        self.parts, self.type, self.kind = parts, type, kind

    def __str__(self):
        between = ", " if self.kind.endswith("list") else ""
        return between.join(map(str, self.parts))

    def places(self):
        """Of all nodes below: who holds it, at which index; the outermost first."""
        for i, part in enumerate(self.parts):
            if isinstance(part, Node):
                yield self, i
        for part in self.parts:
            if isinstance(part, Node):
                yield from part.places()


def functions():
    """name, letters, result and number of arguments of each function that the letters say."""
    rows = re.findall(r'\{"(\w+)", FST_FN_\w+, S, (\d+), (\w+), "([^"]*)", "([^"]*)"', (ROOT / "src/sql/functions.c").read_text())
    for name, least, most, takes, gives in rows:
        known = gives in ("0", "=") or re.sub(r"\(.*", "", gives) in TYPES
        if name not in SKIPPED and "x" not in takes and known:
            yield name, int(least), 4 if most == "ANY" else int(most), takes, re.sub(r"\(.*", "", gives)


class Grammar:
    def __init__(self, random):
        self.random = random
        self.calls = {t: [] for t in TYPES}
        for row in functions():
            for t in TYPES if row[4] in "0=" else [row[4]]:
                if row[4] != "0" or t in LETTERS.get(row[3][0], TYPES):
                    self.calls[t].append(row)

    def leaf(self, type, scope):
        r = self.random
        if type in MORE:
            return Node([r.choice(MORE[type])], type)
        columns = [name for name, t in scope if t == type]
        if columns and r.random() < 0.75:
            return Node([r.choice(columns)], type)
        sources = [name for name, t in scope if (t, type) not in NO_CASTS and t != type]
        if not columns and sources and r.random() < 0.4:
            return Node([f"try_cast({r.choice(sources)} AS {self.cast_type(type)})"], type)
        if r.random() < 0.06:
            return Node([f"cast(NULL AS {self.cast_type(type)})"], type)
        return Node([r.choice(LITERALS[type])], type)

    def cast_type(self, type):
        return self.random.choice(CAST.get(type, [type]))

    def template(self, text, scope, depth, type):
        r, parts, same = self.random, [], self.random.choice(TYPES)
        for piece in re.split(r"(\{[^}]*\})", text):
            if not piece.startswith("{"):
                parts.append(piece)
            elif piece[1] == "'":
                choice = r.choice([c.strip("'") for c in piece[1:-1].split("'|'")])
                bare = re.fullmatch(r"-?\d+", choice) or re.search(r"extract\($|diff\($|stampadd\($", text.split(piece)[0])
                quoted = bare and not re.search(r"INTERVAL $", text.split(piece)[0])
                parts.append(choice if quoted else f"'{choice}'")
            else:
                names = {"{any}": TYPES, "{number}": NUMBERS, "{=}": [same]}.get(piece) or piece[1:-1].split("|")
                parts.append(self.expr(r.choice(names), scope, depth - 1))
        return Node(["(", *parts, ")"], type)

    def call(self, row, type, scope, depth):
        name, least, most, takes, gives = row
        r = self.random
        n, parts = r.randint(least, most), [name + "("]
        for i in range(n):
            letter = takes[min(i, len(takes) - 1)]
            names = [type] if letter in "=g" or i == 0 and gives == "0" else LETTERS[letter]
            parts += [", "] * (i > 0) + [self.expr(r.choice(names), scope, depth - 1)]
        return Node(parts + [")"], type)

    def case(self, type, scope, depth):
        parts = ["CASE"]
        for _ in range(self.random.randint(1, 2)):
            parts += [" WHEN ", self.expr("boolean", scope, depth - 1), " THEN ", self.expr(type, scope, depth - 1)]
        if self.random.random() < 0.7:
            parts += [" ELSE ", self.expr(type, scope, depth - 1)]
        return Node(parts + [" END"], type)

    def cast(self, type, scope, depth):
        r = self.random
        source = r.choice([t for t in TYPES if (t, type) not in NO_CASTS])
        return Node([r.choice(["cast(", "try_cast(", "cast("]), self.expr(source, scope, depth - 1), f" AS {self.cast_type(type)})"], type)

    def expr(self, type, scope, depth):
        r = self.random
        if depth <= 0 or r.random() < 0.15:
            return self.leaf(type, scope)
        roll = r.random()
        if type in MORE and type not in MORE_FORMS:
            return self.leaf(type, scope)
        if type in MORE or type in MORE_FORMS and r.random() < 0.12:
            return self.template(r.choice(MORE_FORMS[type]), scope, depth, type)
        if roll < 0.45:
            return self.template(r.choice(FORMS[type]), scope, depth, type)
        if roll < 0.75 and self.calls[type]:
            return self.call(r.choice(self.calls[type]), type, scope, depth)
        if roll < 0.85:
            return self.case(type, scope, depth)
        return self.cast(type, scope, depth)

    def any(self, scope, depth):
        return self.expr(self.random.choice(TYPES), scope, depth)

    def item(self, scope, depth):
        """Of a SELECT: of any type at all."""
        r = self.random
        return self.expr(r.choice(list(MORE)), scope, depth) if r.random() < 0.12 else self.any(scope, depth)

    # ---- statements: each gives its node and the types of its columns, c0, c1, ... ----

    def where(self, scope, prefix=""):
        """Few rows, so that an error does not hide all of the statement; or a condition of any kind."""
        r = self.random
        ids = [name for name, _ in scope if name in ("id", prefix + "id")]
        if ids and r.random() < 0.7:
            few = ", ".join(str(n) for n in sorted(r.sample(range(1, 15), r.randint(1, 5))))
            return Node([f" WHERE {ids[0]} IN ({few})"], None, "keep")
        if r.random() < 0.6:
            return Node([" WHERE ", self.expr("boolean", scope, 3)], None, "option")
        return Node([], None, "keep")

    def items(self, scope, n, make):
        out, types = [], []
        for i in range(n):
            e = make()
            types.append(e.type)
            out.append(Node([e, f" AS c{i}"] if self.random.random() < 0.8 else [e, f" c{i}"], e.type, "item"))
        return Node(out, None, "list"), types

    def table(self):
        name = self.random.choice(["numbers", "numbers", "texts", "texts", "times", "people", "events", "departments"])
        return name, TABLES[name]

    def project(self):
        name, scope = self.table()
        items, types = self.items(scope, self.random.randint(1, 3), lambda: self.item(scope, 4))
        distinct = "DISTINCT " if self.random.random() < 0.1 and "map<string,int>" not in types else ""
        return Node([f"SELECT {distinct}", items, f" FROM {name}", self.where(scope)]), types

    def bare(self):
        """As people write it: no alias, so that the name is compared too."""
        name, scope = self.table()
        items = Node([self.item(scope, 2) for _ in range(self.random.randint(1, 2))], None, "list")
        return Node(["SELECT ", items, f" FROM {name}", self.where(scope)]), None

    def join(self):
        r = self.random
        (left, a), (right, b) = self.table(), self.table()
        kind = r.choice(["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "LEFT SEMI JOIN", "LEFT ANTI JOIN", "CROSS JOIN"])
        scope_a, scope_b = [("a." + n, t) for n, t in a], [("b." + n, t) for n, t in b]
        both = scope_a + scope_b
        shared = [n for n, t in a if any(n == m and t == u for m, u in b)]
        if kind == "CROSS JOIN":
            on = Node([])
        elif shared and r.random() < 0.3:
            on = Node([f" USING ({r.choice(shared)})"])
        else:
            t = r.choice([t for _, t in a])
            on = Node([" ON ", self.expr(t, scope_a, 1), " = ", self.expr(t, scope_b, 1)])
            if r.random() < 0.4:
                on.parts.append(Node([" AND ", self.expr("boolean", both, 2)], None, "option"))
        scope = scope_a if "SEMI" in kind or "ANTI" in kind else both
        items, types = self.items(scope, r.randint(1, 3), lambda: self.any(scope, 2))
        return Node(["SELECT ", items, f" FROM {left} a {kind} {right} b", on, self.where(scope, r.choice(["a.", "b."]))]), types

    def choose(self, forms, scope, depth):
        type = self.random.choice(list(forms))
        e = self.template(self.random.choice(forms[type]), scope, depth, type)
        return Node(e.parts[1:-1], type)

    def group(self):
        r = self.random
        name, scope = self.table()
        keys = [self.any(scope, r.choice([0, 0, 2])) for _ in range(r.randint(0, 2))]
        keys = [k for k in keys if not re.fullmatch(r"[\d'-].*|cast\(NULL.*", str(k))]
        n = len(keys)
        aggregates, types = self.items(scope, r.randint(1, 3), lambda: self.choose(AGGREGATES, scope, 2))
        selected = Node([Node([k, f" AS k{i}"], k.type, "item") for i, k in enumerate(keys)] + aggregates.parts, None, "list")
        parts = ["SELECT ", selected, f" FROM {name}", self.where(scope)]
        if keys:
            style = r.choice(["expr", "expr", "ordinal", "alias", "all", "rollup"])
            text = {"ordinal": ", ".join(str(i + 1) for i in range(n)), "alias": ", ".join(f"k{i}" for i in range(n)), "all": "ALL"}.get(style)
            inner = text or Node(list(keys), None, "keep-list")
            if not text:
                inner = Node([x for i, k in enumerate(keys) for x in ([", "] if i else []) + [str(k)]])
            parts += [" GROUP BY ", "ROLLUP (" if style == "rollup" else "", inner, ")" if style == "rollup" else ""]
        if r.random() < 0.25:
            parts.append(Node([" HAVING ", self.choose({"bigint": AGGREGATES["bigint"]}, scope, 1), r.choice([" > 1", " >= 0", " IS NOT NULL"])], None, "option"))
        return Node(parts), [k.type for k in keys] + types

    def window(self):
        r = self.random
        name = r.choice(["numbers", "people", "texts", "times"])
        scope = TABLES[name]

        def one():
            e = self.choose(WINDOWS, scope, 1)
            by = Node(["PARTITION BY ", self.any(scope, r.choice([0, 1])), " "], None, "option") if r.random() < 0.5 else ""
            frame = "" if NO_FRAME.match(str(e)) else r.choice(FRAMES)
            order = f"ORDER BY id{r.choice(['', ' DESC'])}" if frame.startswith(" RANGE") or r.random() < 0.6 else Node(
                ["ORDER BY ", self.any(scope, 1), r.choice(["", " DESC", " NULLS LAST", " DESC NULLS FIRST"]), ", id"])
            return Node([e, " OVER (", by, order, frame, ")"], e.type, "window")
        items, types = self.items(scope, r.randint(1, 2), one)
        return Node(["SELECT id, ", items, f" FROM {name}", self.where(scope)]), None

    def set_operation(self):
        r = self.random
        (left, a), (right, b) = self.table(), self.table()
        types = [r.choice(TYPES) for _ in range(r.randint(1, 2))]
        other = [r.choice(NUMBERS) if t in NUMBERS and r.random() < 0.4 else t for t in types]
        x, _ = self.items(a, len(types), iter([self.expr(t, a, 2) for t in types]).__next__)
        y, _ = self.items(b, len(types), iter([self.expr(t, b, 2) for t in other]).__next__)
        word = r.choice(["UNION ALL", "UNION", "EXCEPT", "INTERSECT", "EXCEPT ALL", "INTERSECT ALL", "MINUS"])
        x.kind = y.kind = "keep-list"
        return Node(["SELECT ", x, f" FROM {left}", self.where(a), f" {word} SELECT ", y, f" FROM {right}", self.where(b)]), types

    def subquery(self):
        r = self.random
        (name, a), (inner, b) = self.table(), self.table()
        scope_a, scope_b = [("a." + n, t) for n, t in a], [("b." + n, t) for n, t in b]
        t = r.choice([t for _, t in b])
        x, y = self.expr(t, scope_a, 1), self.expr(t, scope_b, 1)
        inside = Node([" WHERE ", self.expr("boolean", scope_b, 2)], None, "option") if r.random() < 0.5 else ""
        form = r.choice(["in", "not in", "exists", "not exists", "scalar"])
        items, types = self.items(scope_a, r.randint(1, 2), lambda: self.any(scope_a, 2))
        head = ["SELECT ", items, f" FROM {name} a WHERE "]
        if "in" in form:
            return Node(head + [x, f" {form.upper()} (SELECT ", y, f" FROM {inner} b", inside, ")"]), types
        if "exists" in form:
            return Node(head + [f"{form.upper()} (SELECT 1 FROM {inner} b WHERE ", x, " = ", y, ")"]), types
        correlated = Node([" WHERE b.id = a.id"], None, "option") if "id" in dict(a) and "id" in dict(b) and r.random() < 0.5 else inside
        e = self.choose(AGGREGATES, scope_b, 1)
        return Node(["SELECT ", items, ", (SELECT ", e, f" FROM {inner} b", correlated, f") AS c{len(types)} FROM {name} a",
                     self.where(scope_a, "a.")]), types + [e.type]

    def derived(self):
        r = self.random
        inner, types = r.choice([self.project, self.group, self.join, self.set_operation])()
        grouped = " FROM " in str(inner) and str(inner).startswith("SELECT") and " AS k0" in str(inner)
        scope = [(f"c{i}", t) for i, t in enumerate(types)] if not grouped else [(n, None) for n in ("k0",)]
        if grouped:
            return inner, types
        items, out = self.items(scope, r.randint(1, 2), lambda: self.expr(r.choice(types), scope, 2))
        where = Node([" WHERE ", self.expr("boolean", scope, 2)], None, "option") if r.random() < 0.6 else ""
        if r.random() < 0.5:
            return Node(["WITH q AS (", inner, ") SELECT ", items, " FROM q", where]), out
        return Node(["SELECT ", items, " FROM (", inner, ") q", where]), out

    def statement(self):
        r = self.random
        make = r.choices([self.project, self.bare, self.join, self.group, self.window, self.set_operation, self.subquery, self.derived],
                         [34, 14, 10, 13, 8, 6, 7, 8])[0]
        node, types = make()
        if types and not re.search(r"\bUNION|EXCEPT|INTERSECT|MINUS", str(node)) and make != self.group and r.random() < 0.15:
            n = len(types)
            order = ", ".join(f"{i + 1}{r.choice(['', ' DESC', ' NULLS LAST', ' DESC NULLS FIRST'])}" for i in range(n))
            limit = r.choice(["", " LIMIT 3", " LIMIT 2 OFFSET 1"])
            node = Node([node, Node([f" ORDER BY {order}{limit}"], None, "option")])
        return node
