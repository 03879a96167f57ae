/* What the embedded engine does of Spark SQL beyond functions: a row a construct, each with a
 * statement that shows it. docs/local-sql.md is printed from here, and a test runs every row. */
#include "firesteel/engine.h"

#define T "FROM VALUES (1, 'a', 2.5), (2, 'b', NULL) AS t(k, s, x)"
#define NESTED "FROM VALUES (1, array(1, 2)) AS t(k, xs)"

/* clang-format off */
const struct fst_construct fst_local_constructs[] = {
    {"SELECT", "expressions, aliases", true, "SELECT k + 1 AS n, s " T},
    {"SELECT", "stars, `* EXCEPT`", true, "SELECT * EXCEPT (x) " T},
    {"SELECT", "lateral aliases", true, "SELECT k + 1 AS n, n * 2 AS m " T},
    {"SELECT", "`DISTINCT`", true, "SELECT DISTINCT s " T},
    {"SELECT", "FROM first", true, T " SELECT k"},
    {"SELECT", "`VALUES`", true, "VALUES (1, 'a'), (2, 'b')"},
    {"SELECT", "`WHERE`", true, "SELECT k " T " WHERE x > 1 OR x IS NULL"},
    {"SELECT", "common tables (`WITH`)", true, "WITH w AS (SELECT k " T ") SELECT * FROM w"},
    {"SELECT", "recursive common tables", false, "WITH RECURSIVE w(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM w WHERE n < 3) SELECT * FROM w"},
    {"SELECT", "pipes (`\\|>`), but `SET`", true, T " |> WHERE k > 1 |> SELECT s"},
    {"SELECT", "hints (ignored)", true, "SELECT /*+ BROADCAST(t) */ k " T},
    {"SELECT", "`TABLESAMPLE`", false, "SELECT k " T " TABLESAMPLE (10 PERCENT)"},
    {"Joins", "inner, left, right, full, cross", true, "SELECT a.k FROM (SELECT k " T ") a FULL JOIN (SELECT k " T ") b ON a.k = b.k + 1"},
    {"Joins", "semi and anti", true, "SELECT a.k FROM (SELECT k " T ") a LEFT ANTI JOIN (SELECT k " T ") b ON a.k < b.k"},
    {"Joins", "`USING`, natural", true, "SELECT k FROM (SELECT k " T ") a JOIN (SELECT k " T ") b USING (k)"},
    {"Joins", "`LATERAL` subqueries", true, "SELECT k, y " T ", LATERAL (SELECT t.k + 1 AS y)"},
    {"Joins", "`LATERAL VIEW`", true, "SELECT k, e " NESTED " LATERAL VIEW explode(xs) v AS e"},
    {"Grouping", "by expression, alias, ordinal, `ALL`", true, "SELECT k % 2 AS p, count(*) " T " GROUP BY ALL"},
    {"Grouping", "`HAVING`", true, "SELECT s, sum(x) " T " GROUP BY s HAVING count(*) > 0"},
    {"Grouping", "`DISTINCT` and `FILTER` in aggregates", true, "SELECT count(DISTINCT s) FILTER (WHERE k > 0) " T},
    {"Grouping", "`ROLLUP`, `CUBE`, `GROUPING SETS`, `grouping()`", true, "SELECT s, grouping(s), sum(k) " T " GROUP BY CUBE (s)"},
    {"Grouping", "`WITHIN GROUP` of percentiles and `listagg`", true, "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY k) " T},
    {"Windows", "ranking", true, "SELECT k, rank() OVER (PARTITION BY s ORDER BY k DESC) " T},
    {"Windows", "`lag`, `lead`", true, "SELECT k, lag(k) OVER (ORDER BY k) " T},
    {"Windows", "`lag`, `lead` and `nth_value` that ignore NULL", true, "SELECT k, lag(x) IGNORE NULLS OVER (ORDER BY k) " T},
    {"Windows", "aggregates over `ROWS` frames", true, "SELECT k, sum(k) OVER (ORDER BY k ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) " T},
    {"Windows", "aggregates over `RANGE` frames of numbers and days", true, "SELECT k, sum(k) OVER (ORDER BY k RANGE BETWEEN 2 PRECEDING AND CURRENT ROW) " T},
    {"Windows", "`RANGE` frames with intervals", true, "SELECT sum(1) OVER (ORDER BY d RANGE BETWEEN INTERVAL '7' DAY PRECEDING AND CURRENT ROW) FROM VALUES (timestamp'2024-01-01') AS t(d)"},
    {"Windows", "`RANGE` frames of months", false, "SELECT sum(1) OVER (ORDER BY d RANGE BETWEEN INTERVAL 1 MONTH PRECEDING AND CURRENT ROW) FROM VALUES (DATE'2024-01-31') AS t(d)"},
    {"Windows", "named windows", true, "SELECT sum(k) OVER w " T " WINDOW w AS (ORDER BY k)"},
    {"Windows", "`QUALIFY`", true, "SELECT k " T " QUALIFY row_number() OVER (ORDER BY k) = 1"},
    {"Subqueries", "scalar", true, "SELECT (SELECT max(k) " T ") AS m"},
    {"Subqueries", "`IN`, `EXISTS`", true, "SELECT k " T " WHERE k IN (SELECT 1) AND EXISTS (SELECT 1)"},
    {"Subqueries", "correlated", true, "SELECT k " T " WHERE EXISTS (SELECT 1 FROM VALUES (1) AS u(a) WHERE u.a = t.k)"},
    {"Sets", "`UNION`, `INTERSECT`, `EXCEPT`, each with `ALL`", true, "SELECT k " T " EXCEPT ALL SELECT 1"},
    {"Order", "`ORDER BY` expression, ordinal, `ALL`", true, "SELECT k, s " T " ORDER BY k DESC NULLS LAST, 2"},
    {"Order", "`LIMIT`, `OFFSET`", true, "SELECT k " T " ORDER BY k LIMIT 1 OFFSET 1"},
    {"Order", "`SORT BY`, `DISTRIBUTE BY`, `CLUSTER BY` (one part)", true, "SELECT k " T " SORT BY k"},
    {"Nested values", "fields, elements, keys", true, "SELECT xs[0], named_struct('a', k).a, map('m', k)['m'] " NESTED},
    {"Nested values", "`array`, `map`, `struct`", true, "SELECT array(k), map(k, k), struct(k) " NESTED},
    {"Nested values", "`explode` and its kin", true, "SELECT explode(xs) " NESTED},
    {"Nested values", "lambdas", true, "SELECT transform(xs, e -> e + 1) " NESTED},
    {"Nested values", "JSON: `get_json_object`, `from_json`, `to_json`", true, "SELECT get_json_object(s, '$.a'), to_json(named_struct('k', k)), from_json(s, 'a INT') " T},
    {"Nested values", "as text", true, "SELECT CAST(xs AS string) " NESTED},
    {"Shapes", "`PIVOT`", true, "SELECT * FROM (SELECT k, s " T ") PIVOT (sum(k) FOR s IN ('a', 'b'))"},
    {"Shapes", "`UNPIVOT`", true, "SELECT * FROM (SELECT k, k + 1 AS j " T ") UNPIVOT (v FOR n IN (k, j))"},
    {"Shapes", "`stack`", true, "SELECT stack(2, 1, 2) " T},
    {"Files", "``parquet.`path` ``", true, "SELECT count(*) FROM parquet.`tests/engine/corpus/data/people.parquet`"},
    {"Files", "other formats by path", false, "SELECT * FROM csv.`a.csv`"},
    {"Statements", "DDL and DML", false, "CREATE TABLE t (k int)"},
};
/* clang-format on */
const size_t fst_n_local_constructs = FST_COUNT(fst_local_constructs);
