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
