-- Groups and joins whose keys are of every kind, with NULL, NaN, zeros of both signs, limits and empty texts among them.

SELECT k, count(*) AS c, count(v) AS cv, sum(v) AS s, avg(v) AS a, min(v) AS lo, max(v) AS hi FROM VALUES (1, 1), (1, NULL), (NULL, 3), (NULL, NULL), (-2147483648, 5), (2147483647, 6), (1, 7) AS t(k, v) GROUP BY k;

SELECT k, count(*) AS c, sum(v) AS s FROM (SELECT * FROM VALUES (0.0D, 1L), (-0.0D, 2L), (double('NaN'), 3L), (double('NaN'), 4L), (NULL, 5L), (double('Infinity'), 6L), (1.5D, 7L)) AS t(k, v) GROUP BY k;

SELECT k, max(v) AS hi, min(v) AS lo FROM (SELECT * FROM VALUES ('a', double('NaN')), ('a', 1.0D), ('b', -0.0D), ('b', 0.0D), ('c', NULL), ('', 2.0D), (NULL, double('-Infinity'))) AS t(k, v) GROUP BY k;

SELECT k, max(v) AS hi, min(v) AS lo, count(v) AS n FROM (SELECT * FROM VALUES (1, 'b'), (1, 'abcdefghijklmnop'), (1, ''), (2, 'é'), (2, '😀'), (2, 'z'), (3, NULL), (1, 'bb'), (1, 'c')) AS t(k, v) GROUP BY k;

SELECT s, d, count(*) AS c, min(x) AS lo FROM (SELECT * FROM VALUES ('x', DATE'2020-01-01', 1.25), ('x', DATE'2020-01-01', 1.24), ('x', NULL, 3.00), (NULL, DATE'1500-03-01', -1.00), (NULL, DATE'1500-03-01', NULL), ('', NULL, 0.00)) AS t(s, d, x) GROUP BY s, d;

SELECT k, sum(x) AS s, avg(x) AS a, sum(x) FILTER (WHERE x > 1) AS f, count(*) FILTER (WHERE x IS NULL) AS n, count_if(x > 1) AS ci FROM (SELECT * FROM VALUES (1, 1.10), (1, 2.25), (2, NULL), (2, 1.00), (3, NULL)) AS t(k, x) GROUP BY k;

SELECT k, sum(10 / v) FILTER (WHERE v <> 0) AS s FROM (SELECT * FROM VALUES (1, 0), (1, 5), (2, 0)) AS t(k, v) GROUP BY k;

SELECT k % 2 AS parity, upper(s) AS u, count(*) AS c FROM (SELECT * FROM VALUES (1, 'a'), (3, 'A'), (2, 'a'), (NULL, 'b'), (5, NULL)) AS t(k, s) GROUP BY k % 2, upper(s);

SELECT k, sum(v) AS s FROM (SELECT * FROM VALUES (1, 9223372036854775807L), (1, 1L), (2, 1L)) AS t(k, v) GROUP BY k;

SELECT k, count(*) AS c FROM (SELECT k, sum(v) AS s FROM (SELECT * FROM VALUES (1, 9223372036854775807L), (1, 1L), (2, 1L)) AS t(k, v) GROUP BY k) GROUP BY k;

SELECT k, try_sum(v) AS s, try_avg(v) AS a FROM (SELECT * FROM VALUES (1, 9223372036854775807L), (1, 1L), (2, 1L)) AS t(k, v) GROUP BY k;

SELECT k, stddev(v) AS a, var_pop(v) AS b, corr(v, w) AS c, covar_samp(v, w) AS d, skewness(v) AS e FROM (SELECT * FROM VALUES (1, 1.5D, 2.0D), (1, 2.5D, 2.5D), (1, NULL, 1.0D), (1, 4.0D, 9.0D), (2, 1.0D, NULL), (3, 7.0D, 7.0D)) AS t(k, v, w) GROUP BY k;

SELECT k, count(v, w) AS c, bool_and(v > 1) AS a, bool_or(w > 1) AS o FROM (SELECT * FROM VALUES (1, 1, 2), (1, NULL, 2), (2, 3, NULL), (2, 2, 2)) AS t(k, v, w) GROUP BY k;

SELECT k, sum(v) AS s FROM (SELECT * FROM VALUES (1, 1), (2, 2)) AS t(k, v) WHERE k > 5 GROUP BY k;

SELECT k, sum(v) AS s FROM (SELECT * FROM VALUES (1, 1), (2, 2), (1, 4)) AS t(k, v) GROUP BY k HAVING sum(v) > 2 ORDER BY s DESC;

SELECT sum(c) AS s, max(m) AS m FROM (SELECT k, count(*) AS c, max(v) AS m FROM (SELECT * FROM VALUES (1, 1), (2, 2), (1, 4)) AS t(k, v) GROUP BY k);

SELECT a.k, g.c FROM (SELECT * FROM VALUES (1), (2), (3), (NULL)) AS a(k) LEFT JOIN (SELECT k, count(*) AS c FROM (SELECT * FROM VALUES (1), (1), (NULL), (NULL), (3)) AS b(k) GROUP BY k) g ON a.k = g.k;

WITH g AS (SELECT k, sum(v) AS s FROM (SELECT * FROM VALUES (1, 1), (2, 2), (1, 4)) AS t(k, v) GROUP BY k) SELECT x.k, y.s FROM g x JOIN g y ON x.k = y.k AND x.s <= y.s;

WITH unread AS (SELECT k, sum(1 / v) AS s FROM (SELECT * FROM VALUES (1, 0), (2, 2)) AS t(k, v) GROUP BY k) SELECT 1 AS one;

SELECT a.x, b.y FROM (SELECT * FROM VALUES (0.0D), (-0.0D), (double('NaN')), (NULL), (1.5D)) AS a(x) JOIN (SELECT * FROM VALUES (-0.0D, 'zero'), (double('NaN'), 'nan'), (NULL, 'null'), (1.5D, 'more')) AS b(x, y) ON a.x = b.x;

SELECT a.x, b.y FROM (SELECT * FROM VALUES (1), (NULL), (3)) AS a(x) LEFT JOIN (SELECT * FROM VALUES (1, 'a'), (1, 'b'), (NULL, 'n')) AS b(x, y) ON a.x <=> b.x;

SELECT a.x, a.z, b.y FROM (SELECT * FROM VALUES (1, 'p'), (1, 'q'), (NULL, 'p'), (2, NULL)) AS a(x, z) LEFT JOIN (SELECT * FROM VALUES (1, 'p', 10), (1, NULL, 11), (2, NULL, 12), (NULL, 'p', 13)) AS b(x, z, y) ON a.x = b.x AND a.z <=> b.z;

SELECT a.x, b.y FROM (SELECT * FROM VALUES (1, 1), (1, 2), (2, 2)) AS a(x, w) JOIN (SELECT * FROM VALUES (1, 'a'), (2, 'b')) AS b(x, y) ON a.x = b.x AND a.w = b.x;

SELECT a.x, b.y FROM (SELECT * FROM VALUES (1), (2), (3)) AS a(x) RIGHT JOIN (SELECT * FROM VALUES (1, 'a'), (1, 'b'), (9, 'n'), (NULL, 'm')) AS b(x, y) ON a.x = b.x;

SELECT a.x, b.y FROM (SELECT * FROM VALUES (1), (2), (NULL)) AS a(x) FULL JOIN (SELECT * FROM VALUES (1, 'a'), (1, 'b'), (9, 'n'), (NULL, 'm')) AS b(x, y) ON a.x = b.x;

SELECT a.x FROM (SELECT * FROM VALUES (1), (2), (NULL)) AS a(x) LEFT SEMI JOIN (SELECT * FROM VALUES (1), (1), (NULL)) AS b(x) ON a.x = b.x;

SELECT a.x FROM (SELECT * FROM VALUES (1), (2), (NULL)) AS a(x) LEFT ANTI JOIN (SELECT * FROM VALUES (1), (1), (NULL)) AS b(x) ON a.x = b.x;

SELECT a.x, b.y FROM (SELECT * FROM VALUES ('a'), ('B'), (''), (NULL), ('😀')) AS a(x) JOIN (SELECT * FROM VALUES ('A', 1), ('b', 2), ('', 3), ('😀', 4)) AS b(x, y) ON lower(a.x) = lower(b.x);

SELECT a.x, b.y FROM (SELECT * FROM VALUES (1.50), (2.00), (NULL)) AS a(x) JOIN (SELECT * FROM VALUES (1.5, 1), (2.0, 2)) AS b(x, y) ON a.x = b.x;

SELECT a.x, b.y FROM (SELECT * FROM VALUES (1), (2)) AS a(x) JOIN (SELECT * FROM VALUES (1L, 1), (3L, 2)) AS b(x, y) ON a.x = b.x;

SELECT a.x, b.y FROM (SELECT * FROM VALUES (DATE'2020-01-01'), (NULL)) AS a(x) JOIN (SELECT * FROM VALUES (TIMESTAMP'2020-01-01 00:00:00', 1), (TIMESTAMP'2020-01-01 00:00:01', 2)) AS b(x, y) ON a.x = b.x;

SELECT a.x, b.y FROM (SELECT * FROM VALUES (1), (2), (3)) AS a(x) JOIN (SELECT * FROM VALUES (1, 5), (2, 1), (3, 3)) AS b(x, y) ON a.x = b.x AND b.y > 2 WHERE a.x <> 3;

SELECT a.x, (SELECT max(b.y) FROM (SELECT * FROM VALUES (1, 5), (1, 9), (3, 3)) AS b(x, y) WHERE b.x = a.x) AS m FROM (SELECT * FROM VALUES (1), (2)) AS a(x);

SELECT * FROM (SELECT k, sum(10 DIV v) AS s FROM (SELECT * FROM VALUES (1, 0), (2, 5)) AS t(k, v) GROUP BY k) WHERE k = 2;

SELECT * FROM (SELECT id AS k, sum(10 DIV (id - 1)) AS s FROM numbers GROUP BY id) WHERE k = 2;

SELECT d.dept, g.s FROM (SELECT * FROM VALUES (1)) AS d(dept) JOIN (SELECT k, sum(CAST(v AS INT)) AS s FROM (SELECT * FROM VALUES (1, '4'), (2, 'x')) AS t(k, v) GROUP BY k) g ON d.dept = g.k;

SELECT k, sum(CAST(v AS INT)) AS s FROM (SELECT * FROM VALUES (1, '4'), (2, 'x')) AS t(k, v) GROUP BY k LIMIT 0;

SELECT l.k, r.v FROM (SELECT * FROM VALUES (1), (2), (5), (0), (-3), (NULL), (2147483647), (4)) AS l(k) JOIN (SELECT * FROM VALUES (1, 'a'), (1, 'b'), (2, 'c'), (NULL, 'n'), (4, 'd'), (-3, 'e'), (3, 'x')) AS r(k, v) ON l.k = r.k;

SELECT l.k, r.v FROM (SELECT * FROM VALUES (1), (2), (5), (0), (NULL), (4)) AS l(k) LEFT JOIN (SELECT * FROM VALUES (1, 'a'), (1, 'b'), (2, 'c'), (NULL, 'n'), (NULL, 'm'), (4, 'd')) AS r(k, v) ON l.k <=> r.k;

SELECT l.k, r.v FROM (SELECT * FROM VALUES (9223372036854775807L), (-9223372036854775808L), (0L), (9223372036854775806L)) AS l(k) LEFT JOIN (SELECT * FROM VALUES (9223372036854775807L, 'most'), (9223372036854775805L, 'near'), (9223372036854775806L, 'nearer')) AS r(k, v) ON l.k = r.k;

SELECT l.k, r.v FROM (SELECT * FROM VALUES (9223372036854775807L), (-9223372036854775808L), (-9223372036854775807L), (0L)) AS l(k) FULL JOIN (SELECT * FROM VALUES (-9223372036854775808L, 'least'), (-9223372036854775807L, 'next'), (9223372036854775807L, 'most')) AS r(k, v) ON l.k = r.k;

SELECT l.k, r.v FROM (SELECT * FROM VALUES (1.0D), (2.5D), (-0.0D), (double('NaN')), (NULL), (1e300D), (-1e300D)) AS l(k) LEFT JOIN (SELECT * FROM VALUES (1, 'a'), (2, 'b'), (0, 'z'), (NULL, 'n')) AS r(k, v) ON l.k = r.k;

SELECT l.k, r.v FROM (SELECT * FROM VALUES (DATE'2024-01-01'), (DATE'2024-01-02'), (DATE'2023-12-31'), (NULL)) AS l(k) LEFT JOIN (SELECT * FROM VALUES (DATE'2024-01-01', 1), (DATE'2024-01-02', 2), (DATE'2024-01-02', 3), (DATE'2024-01-04', 4)) AS r(k, v) ON l.k = r.k;

SELECT l.k FROM (SELECT * FROM VALUES (1), (2), (3), (NULL), (7)) AS l(k) LEFT ANTI JOIN (SELECT * FROM VALUES (1), (1), (3), (NULL)) AS r(k) ON l.k = r.k;

SELECT l.k FROM (SELECT * FROM VALUES (1), (2), (3), (NULL), (7)) AS l(k) LEFT SEMI JOIN (SELECT * FROM VALUES (1), (1), (3), (NULL)) AS r(k) ON l.k <=> r.k;

SELECT l.k, r.w, r.x FROM (SELECT * FROM VALUES (1), (2), (3)) AS l(k) LEFT JOIN (SELECT * FROM VALUES (1, -1.5, 99999999999999999999999999999999999.999), (2, NULL, -99999999999999999999999999999999999.999), (2, 0.0, 0.001), (3, 12345678.9, 9223372036854775.807), (3, 12345678.9, 9223372036854775.808)) AS r(k, w, x) ON l.k = r.k;

SELECT k, min(x) AS lo, max(x) AS hi, count(x) AS n FROM (SELECT * FROM VALUES (1, 9223372036854775.807), (1, 9223372036854775.808), (1, -9223372036854775.808), (1, -9223372036854775.809), (2, 99999999999999999999.000), (2, 1.000), (2, -99999999999999999999.000), (3, -0.001), (3, 0.001), (3, NULL), (4, NULL)) AS t(k, x) GROUP BY k;

SELECT x, count(*) AS c FROM (SELECT * FROM VALUES (9223372036854775.807), (9223372036854775.808), (9223372036854775.807), (-9223372036854775.809), (-9223372036854775.809), (0.000), (NULL), (0.000)) AS t(x) GROUP BY x;

SELECT l.x, r.v FROM (SELECT * FROM VALUES (1.50), (99999999999999999999999999999999.99), (-2.00), (NULL)) AS l(x) JOIN (SELECT * FROM VALUES (1.50, 'a'), (99999999999999999999999999999999.99, 'b'), (-2.00, 'c'), (1.50, 'd'), (NULL, 'e')) AS r(x, v) ON l.x = r.x;

SELECT k, min(b) AS lo, max(b) AS hi FROM (SELECT * FROM VALUES (1, X'80000000000000000000000000000001'), (1, X'8000000000000000'), (1, X'800000000000000000000000000000'), (1, X'7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF'), (1, X'FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF'), (2, X'8000000000000000000000000000000000'), (2, X'80000000000000000000000000000000'), (2, X'')) AS t(k, b) GROUP BY k;

SELECT l.b, r.v FROM (SELECT * FROM VALUES (X'80000000000000000000000000000001'), (X'01'), (X'')) AS l(b) LEFT JOIN (SELECT * FROM VALUES (X'80000000000000000000000000000001', 1), (X'', 2), (X'80000000000000000000000000000002', 3)) AS r(b, v) ON l.b = r.b;

SELECT l.k, l.j, r.v FROM (SELECT * FROM VALUES (1, 'a'), (1, 'b'), (2, 'a'), (NULL, 'a')) AS l(k, j) LEFT JOIN (SELECT * FROM VALUES (1, 'a', 10), (1, 'a', 11), (2, 'b', 20), (NULL, 'a', 30)) AS r(k, j, v) ON l.k = r.k AND l.j = r.j;

WITH many AS (SELECT explode(sequence(1, 3000)) AS i), dim AS (SELECT i AS k, i * 0.5 AS w, CASE WHEN i % 7 = 0 THEN NULL ELSE concat('n', i % 5) END AS label FROM many) SELECT d.label, count(*) AS c, sum(d.w) AS s, min(d.w) AS lo, max(d.k) AS hi FROM (SELECT (i * 37) % 4000 AS k FROM many) l LEFT JOIN dim d ON l.k = d.k GROUP BY d.label;

WITH many AS (SELECT explode(sequence(1, 3000)) AS i), dim AS (SELECT i * 1000003L AS k, i AS w FROM many) SELECT count(*) AS c, sum(d.w) AS s, count(d.k) AS met FROM (SELECT (i % 5000) * 1000003L AS k FROM many) l LEFT JOIN dim d ON l.k = d.k;
