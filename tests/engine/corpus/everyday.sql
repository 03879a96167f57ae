-- What people write every day: joins, groups, windows, subqueries, sets. Marks as in core.sql.

SELECT id, name, pay FROM people WHERE pay > 3500 AND dept = 'dev';
SELECT id, upper(name) AS who, coalesce(dept, 'none') AS dept FROM people;
SELECT name, CASE WHEN pay >= 6000 THEN 'high' WHEN pay >= 4000 THEN 'mid' WHEN pay IS NULL THEN 'none' ELSE 'low' END AS band FROM people;
SELECT CASE dept WHEN 'ops' THEN 1 WHEN 'dev' THEN 2 END AS code, count(*) FROM people GROUP BY 1;
SELECT id, hired, year(hired) AS y, month(hired) AS m, date_trunc('MONTH', hired) AS month FROM people;
SELECT date_trunc('DAY', ts) AS day, count(*) AS n, sum(n) AS total FROM events GROUP BY day;
SELECT date_trunc('DAY', ts) AS day, src, avg(n) FROM events GROUP BY ALL;
SELECT to_date(ts) AS day, hour(ts) AS h, count(v), min(n), max(n) FROM events GROUP BY to_date(ts), hour(ts);
SELECT name FROM people WHERE name LIKE '%e%' OR name IN ('Bob', 'Cid');
SELECT name FROM people WHERE name NOT LIKE 'A%' AND hired BETWEEN DATE'2015-01-01' AND DATE'2019-12-31';
SELECT * FROM people WHERE dept IS NOT NULL AND NOT (pay < 5000);
SELECT DISTINCT dept FROM people;
SELECT DISTINCT dept, boss FROM people WHERE id > 1;
SELECT * EXCEPT (pay, hired) FROM people;
SELECT p.* EXCEPT (boss), d.title FROM people p JOIN departments d ON p.dept = d.dept;
SELECT p.name, d.title FROM people p INNER JOIN departments d ON p.dept = d.dept;
SELECT p.name, d.title FROM people p LEFT JOIN departments d ON p.dept = d.dept;
SELECT p.name, d.title FROM people p RIGHT OUTER JOIN departments d ON p.dept = d.dept;
SELECT p.name, d.title FROM people p FULL OUTER JOIN departments d ON p.dept = d.dept;
SELECT p.name, d.title FROM people p CROSS JOIN departments d WHERE d.floor < 3;
SELECT name FROM people LEFT SEMI JOIN departments ON people.dept = departments.dept;
SELECT name FROM people LEFT ANTI JOIN departments ON people.dept = departments.dept;
SELECT name FROM people p ANTI JOIN departments d USING (dept);
SELECT * FROM people JOIN departments USING (dept);
SELECT * FROM people LEFT JOIN departments USING (dept);
SELECT * FROM people RIGHT JOIN departments USING (dept);
SELECT * FROM people FULL JOIN departments USING (dept);
SELECT * FROM people NATURAL JOIN departments;
SELECT * FROM people NATURAL LEFT JOIN departments;
SELECT dept, p.name, d.floor FROM people p FULL JOIN departments d USING (dept) WHERE floor IS NULL OR floor > 1;
SELECT e.name, b.name AS boss FROM people e JOIN people b ON e.boss = b.id;
SELECT e.name, b.name AS boss, e.pay - b.pay AS gap FROM people e LEFT JOIN people b ON e.boss = b.id;
SELECT a.id, b.id FROM people a JOIN people b ON a.pay < b.pay AND a.dept = b.dept;
SELECT a.id, b.id FROM people a JOIN people b ON a.id < b.id AND a.dept <=> b.dept;
SELECT p.id, count(e.n) FROM people p LEFT JOIN events e ON e.e = p.id AND e.v > 0 GROUP BY p.id;
SELECT p.id, e.n FROM people p FULL JOIN events e ON e.e = p.id AND e.n > 5;
SELECT p.name, d.title, e.n FROM people p JOIN departments d ON p.dept = d.dept LEFT JOIN events e ON e.e = p.id AND e.src = 1;
SELECT p.name, d.title FROM people p, departments d WHERE p.dept = d.dept AND d.floor = 2;
SELECT p.name FROM people p JOIN (SELECT dept, max(pay) AS top FROM people GROUP BY dept) t ON p.dept = t.dept AND p.pay = t.top;
SELECT dept, count(*) AS n, sum(pay) AS total, avg(pay) AS mean, min(pay), max(hired) FROM people GROUP BY dept;
SELECT dept, count(DISTINCT boss), count(DISTINCT pay, boss), sum(DISTINCT pay) FROM people GROUP BY dept;
SELECT count(*), count(pay), count(DISTINCT dept), count_if(pay > 4000) FROM people;
SELECT dept, count(*) FILTER (WHERE pay > 4500) AS high, sum(pay) FILTER (WHERE boss IS NOT NULL) FROM people GROUP BY dept;
SELECT dept, sum(pay) AS total FROM people GROUP BY dept HAVING sum(pay) > 5000;
SELECT dept, sum(pay) AS total FROM people GROUP BY dept HAVING total > 5000 AND count(*) > 1;
SELECT dept, boss, count(*) FROM people GROUP BY 1, 2;
SELECT upper(dept) AS d, count(*) FROM people GROUP BY d;
SELECT dept, count(*) AS n FROM people GROUP BY ALL HAVING n > 1;
SELECT count(*) FROM people HAVING count(*) > 100;
SELECT sum(pay) / count(*) FROM people;
SELECT dept, max_by(name, pay), min_by(name, hired) FROM people WHERE id <> 6 GROUP BY dept;
SELECT stddev(n), variance(n), corr(n, src), covar_pop(n, src) FROM events;
SELECT dept, bool_and(pay > 1000), bool_or(pay > 5000), every(id > 0), any(id > 6) FROM people GROUP BY dept;
-- ordered
SELECT dept, count(*) AS n FROM people GROUP BY dept ORDER BY n DESC, dept;
-- ordered
SELECT dept, sum(pay) FROM people GROUP BY dept ORDER BY sum(pay) DESC NULLS LAST;
-- ordered
SELECT dept, boss, sum(pay) FROM people GROUP BY ROLLUP (dept, boss) ORDER BY dept, boss, 3;
SELECT dept, boss, count(*) FROM people GROUP BY CUBE (dept, boss);
SELECT dept, boss, count(*) FROM people GROUP BY GROUPING SETS ((dept, boss), (dept), ());
SELECT dept, boss, count(*) FROM people GROUP BY GROUPING SETS (dept, boss);
SELECT dept, boss, count(*) FROM people GROUP BY dept, boss WITH ROLLUP;
SELECT dept, boss, count(*) FROM people GROUP BY dept, boss WITH CUBE;
SELECT dept, boss, count(*) FROM people GROUP BY dept, boss GROUPING SETS ((dept), (boss), ());
SELECT dept, grouping(dept) AS g, count(*) FROM people GROUP BY ROLLUP (dept);
SELECT dept, boss, grouping_id() AS g, sum(pay) FROM people GROUP BY CUBE (dept, boss);
SELECT dept, boss, grouping_id(dept, boss) AS g, grouping(boss) FROM people GROUP BY ROLLUP (dept, boss);
SELECT coalesce(dept, 'all') AS d, count(*) FROM people GROUP BY ROLLUP (dept);
SELECT CASE WHEN grouping(dept) = 1 THEN 'total' ELSE dept END AS d, sum(pay) FROM people GROUP BY ROLLUP (dept);
SELECT dept, sum(pay) FROM people GROUP BY ROLLUP (dept) HAVING grouping(dept) = 0;
SELECT dept, boss, count(*) FROM people GROUP BY dept, ROLLUP (boss);
SELECT dept, boss, count(*) FROM people GROUP BY ROLLUP (dept), CUBE (boss);
SELECT dept, boss, id > 3 AS late, count(*) FROM people GROUP BY ROLLUP ((dept, boss), id > 3);
SELECT year(hired) AS y, dept, count(*), sum(id) FROM people GROUP BY CUBE (y, dept);
SELECT dept, sum(id), max(dept) FROM people GROUP BY ROLLUP (1);
SELECT dept, count(DISTINCT boss) FROM people GROUP BY ROLLUP (dept);
-- ordered
SELECT dept, boss, sum(pay) AS s FROM people GROUP BY ROLLUP (dept, boss) ORDER BY grouping_id(), dept, boss;
SELECT dept, count(*) FROM people WHERE id > 100 GROUP BY ROLLUP (dept);
SELECT dept, count(*) FROM people WHERE id > 100 GROUP BY GROUPING SETS ((dept), (), ());
SELECT dept, count(*) FROM people GROUP BY GROUPING SETS ((dept), (dept));
SELECT count(*) FROM people GROUP BY GROUPING SETS (());
SELECT dept, pay, count(*) FROM people GROUP BY ROLLUP (dept);
SELECT grouping(dept) FROM people GROUP BY dept;
SELECT grouping_id() FROM people GROUP BY dept;
SELECT grouping(pay) FROM people GROUP BY ROLLUP (dept);
SELECT dept, sum(pay), rank() OVER (ORDER BY sum(pay) DESC) FROM people GROUP BY ROLLUP (dept);
SELECT v, grouping(v), count(*) FROM events GROUP BY ROLLUP (v);
SELECT id, row_number() OVER (ORDER BY pay DESC, id) AS rn FROM people;
SELECT id, row_number() OVER (PARTITION BY dept ORDER BY hired, id) FROM people;
SELECT id, rank() OVER (PARTITION BY dept ORDER BY pay DESC), dense_rank() OVER (PARTITION BY dept ORDER BY pay DESC) FROM people;
SELECT id, lag(pay) OVER (ORDER BY id), lead(name, 2, 'none') OVER (ORDER BY id) FROM people;
SELECT id, sum(pay) OVER (PARTITION BY dept ORDER BY id) AS running FROM people;
SELECT id, sum(pay) OVER (PARTITION BY dept) AS total, pay / sum(pay) OVER (PARTITION BY dept) AS share FROM people;
SELECT id, avg(id) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) FROM people;
SELECT id, sum(id) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING), max(name) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) FROM people;
SELECT id, count(*) OVER (ORDER BY hired RANGE BETWEEN INTERVAL '365' DAY PRECEDING AND CURRENT ROW) FROM people;
SELECT id, count(*) OVER (ORDER BY pay RANGE BETWEEN 1000 PRECEDING AND 1000 FOLLOWING) FROM people;
SELECT e, ts, sum(n) OVER (PARTITION BY e ORDER BY ts RANGE BETWEEN INTERVAL '1' HOUR PRECEDING AND CURRENT ROW) FROM events;
SELECT id, first_value(name) OVER (PARTITION BY dept ORDER BY pay, id), last_value(name) OVER (PARTITION BY dept ORDER BY pay, id) FROM people;
SELECT id, last_value(boss) IGNORE NULLS OVER (ORDER BY id) FROM people;
SELECT id, first_value(boss, true) OVER (ORDER BY id), last(boss, true) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM people;
SELECT id, ntile(3) OVER (ORDER BY id), percent_rank() OVER (ORDER BY pay), cume_dist() OVER (ORDER BY pay) FROM people;
SELECT id, nth_value(name, 2) OVER (ORDER BY id) FROM people;
SELECT id, lag(boss) IGNORE NULLS OVER (ORDER BY id) FROM people;
SELECT id, nth_value(boss, 2) IGNORE NULLS OVER (ORDER BY id) FROM people;
SELECT id, lag(boss, -1) OVER (ORDER BY id), lead(boss, 0) OVER (ORDER BY id) FROM people;
SELECT id, sum(pay) OVER w, avg(pay) OVER w FROM people WINDOW w AS (PARTITION BY dept ORDER BY id);
SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY dept ORDER BY pay DESC, id) AS rn FROM people) WHERE rn = 1;
SELECT id, name FROM people QUALIFY row_number() OVER (PARTITION BY dept ORDER BY id) = 1;
SELECT dept, sum(pay) AS s, sum(sum(pay)) OVER (ORDER BY dept) FROM people GROUP BY dept;
SELECT id, sum(pay) OVER (ORDER BY id) - pay AS before FROM people;
SELECT id, min(pay) OVER (PARTITION BY dept), max(hired) OVER () FROM people;
SELECT id, sum(CASE WHEN pay > 4000 THEN 1 ELSE 0 END) OVER (ORDER BY id) AS n FROM people;
SELECT id, datediff(hired, lag(hired) OVER (ORDER BY hired, id)) AS gap FROM people;
-- ordered
SELECT name, pay FROM people ORDER BY pay DESC NULLS LAST, name LIMIT 3;
-- ordered
SELECT name FROM people ORDER BY hired, id LIMIT 2 OFFSET 1;
-- ordered
SELECT name AS n FROM people ORDER BY upper(n) DESC, id;
-- ordered
SELECT id, rank() OVER (ORDER BY pay DESC) AS r FROM people ORDER BY r, id;
-- ordered
SELECT id, dept FROM people ORDER BY row_number() OVER (ORDER BY dept, id DESC);
-- ordered
SELECT dept, id FROM people ORDER BY ALL;
-- ordered
SELECT dept, id FROM people ORDER BY ALL DESC;
SELECT id FROM people SORT BY id;
SELECT name FROM people WHERE pay > (SELECT avg(pay) FROM people);
SELECT name, (SELECT max(pay) FROM people) - pay AS below FROM people;
SELECT name FROM people WHERE dept IN (SELECT dept FROM departments WHERE floor > 1);
SELECT name FROM people WHERE dept NOT IN (SELECT dept FROM departments WHERE dept IS NOT NULL);
SELECT name FROM people WHERE dept NOT IN (SELECT dept FROM departments);
SELECT title FROM departments d WHERE EXISTS (SELECT 1 FROM people p WHERE p.dept = d.dept);
SELECT title FROM departments d WHERE NOT EXISTS (SELECT * FROM people p WHERE p.dept = d.dept AND p.pay > 5000);
SELECT name FROM people p WHERE pay = (SELECT max(pay) FROM people q WHERE q.dept = p.dept);
SELECT name, (SELECT title FROM departments d WHERE d.dept = p.dept) AS title FROM people p;
SELECT name, (SELECT count(*) FROM people b WHERE b.boss = p.id) AS team FROM people p;
SELECT d.title, (SELECT sum(pay) FROM people p WHERE p.dept = d.dept AND p.id > 1) AS total FROM departments d;
SELECT name FROM people WHERE (dept, boss) IN (SELECT dept, boss FROM people WHERE id = 3);
SELECT name, dept IN (SELECT dept FROM departments) AS known FROM people WHERE dept IS NOT NULL;
SELECT dept, count(*) FROM people GROUP BY dept HAVING count(*) > (SELECT min(floor) FROM departments);
SELECT EXISTS (SELECT 1 FROM people WHERE pay > 6000) AS any_rich;
WITH a AS (SELECT dept, sum(pay) AS s FROM people GROUP BY dept) SELECT * FROM a WHERE s > 5000;
WITH a AS (SELECT 1 AS x), b AS (SELECT x + 1 AS y FROM a) SELECT x, y FROM a CROSS JOIN b;
WITH people AS (SELECT 1 AS id) SELECT * FROM people;
WITH a(x, y) AS (SELECT id, name FROM people) SELECT x FROM a WHERE y > 'C';
WITH a AS (WITH b AS (SELECT 2 AS z) SELECT z FROM b) SELECT z * 2 AS w FROM a;
WITH a AS (SELECT 1 AS x) SELECT * FROM (WITH a AS (SELECT 2 AS x) SELECT x FROM a);
WITH t AS (SELECT *, row_number() OVER (PARTITION BY e ORDER BY ts DESC) AS rn FROM events) SELECT e, ts, n FROM t WHERE rn = 1 AND e IS NOT NULL;
-- refused
WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT n FROM r;
SELECT id FROM people UNION SELECT floor FROM departments;
SELECT dept FROM people UNION ALL SELECT dept FROM departments;
SELECT dept FROM people INTERSECT SELECT dept FROM departments;
SELECT dept FROM people INTERSECT ALL SELECT dept FROM departments;
SELECT dept FROM people EXCEPT SELECT dept FROM departments;
SELECT dept FROM people EXCEPT ALL SELECT dept FROM departments;
SELECT dept FROM people MINUS SELECT dept FROM departments;
(SELECT id FROM people WHERE id < 3) UNION ALL (SELECT id FROM people WHERE id > 5);
-- ordered
SELECT id AS x FROM people UNION ALL SELECT floor FROM departments ORDER BY x DESC LIMIT 4;
VALUES (1, 'a'), (2, 'b');
SELECT * FROM VALUES (1, 'a'), (2, NULL) AS t(n, s);
SELECT col1 + 1 FROM VALUES (1), (2);
SELECT t.n, p.name FROM VALUES (1), (3), (99) AS t(n) LEFT JOIN people p ON p.id = t.n;
SELECT pay AS base, base * 2 AS twice, twice + 1 AS more FROM people;
SELECT id, n * 2 AS d, d + 1 AS d1 FROM (SELECT id, boss AS n FROM people);
SELECT dept, sum(pay) AS s, s / 2 AS half FROM people GROUP BY dept;
SELECT id, row_number() OVER (ORDER BY id) AS rn, rn * 10 AS r10 FROM people;
SELECT dept, sum(pay) AS s, count(*) AS c, s / c AS mean FROM people GROUP BY dept;
FROM people SELECT name WHERE id < 3;
FROM people;
FROM people |> WHERE pay > 4000 |> SELECT name, pay;
FROM people |> AGGREGATE sum(pay) AS s GROUP BY dept;
FROM people |> EXTEND pay * 2 AS twice |> DROP hired, boss |> WHERE twice > 9000;
SELECT /*+ BROADCAST(d) */ p.name, d.title FROM people p JOIN departments d ON p.dept = d.dept;
SELECT /*+ REPARTITION(3) */ id FROM people;
SELECT * FROM (SELECT dept, boss, pay FROM people) PIVOT (sum(pay) FOR dept IN ('ops', 'dev'));
SELECT * FROM (SELECT dept, boss, pay FROM people) PIVOT (sum(pay) AS s, count(*) AS c FOR dept IN ('ops' AS o, 'dev' AS d));
SELECT * FROM (SELECT id, n FROM events JOIN people ON e = id) PIVOT (count(n) FOR id IN (1, 2, 3));
SELECT * FROM (SELECT id, boss, id * 2 AS twice FROM people) UNPIVOT (val FOR col IN (boss, twice));
-- refused
SELECT * FROM (SELECT id, boss, id * 2 AS twice FROM people) UNPIVOT INCLUDE NULLS (val FOR col IN (boss AS 'b', twice AS 't'));
SELECT p.name, t.top FROM people p, LATERAL (SELECT max(q.pay) AS top FROM people q WHERE q.dept = p.dept) t;
SELECT p.name, t.x FROM people p, LATERAL (SELECT p.id * 2 AS x) t;
-- refused
SELECT * FROM people TABLESAMPLE (10 PERCENT);
-- refused
CREATE TABLE nothing.t (a INT) USING nothing;
-- refused
INSERT INTO nothing VALUES (1);
-- refused
DROP TABLE nothing;
SELECT user FROM (SELECT 'ann' AS user, 1 AS current_date);
SELECT current_date + 1 AS x, t.user FROM (SELECT 'ann' AS user, 1 AS current_date) t;
SELECT user, count(*) FROM VALUES ('a'), ('b'), ('a') AS t(user) GROUP BY user;
-- ordered
SELECT user FROM VALUES ('a'), ('b') AS t(user) WHERE user > 'A' ORDER BY user DESC;
SELECT a.user FROM VALUES ('a') AS a(user) JOIN VALUES ('a') AS b(user) ON a.user = b.user;
SELECT sum(current_timestamp) AS s FROM VALUES (1), (2) AS t(current_timestamp);
-- refused
SELECT user() IS NULL, 1 AS user;
SELECT id, round(100.0 * count(*) OVER (PARTITION BY dept) / count(*) OVER (), 1) AS pct FROM people;
-- refused
SELECT dept, percentile_approx(pay, 0.5) FROM people GROUP BY dept;
SELECT dept, median(id), mode(boss) FROM people GROUP BY dept;
SELECT count(*) FROM people p JOIN events e ON p.id = e.e WHERE e.ts >= TIMESTAMP'2024-01-02';
SELECT e, src, count(*) AS c, sum(CASE WHEN v > 0 THEN v END) AS pos FROM events GROUP BY e, src;
SELECT e, max(ts) - min(ts) AS span FROM events GROUP BY e;
SELECT e, max(CASE WHEN src = 0 THEN n END) AS n0, max(CASE WHEN src = 1 THEN n END) AS n1 FROM events GROUP BY e;
SELECT e, first(n), last(n) FROM (SELECT * FROM events ORDER BY ts) GROUP BY e;
SELECT name, (pay IS NULL) AS missing, ifnull(pay, 0) AS pay0, nvl2(boss, 'has', 'none') AS b FROM people;
SELECT a.dept, a.n, b.m FROM (SELECT dept, count(*) AS n FROM people GROUP BY dept) a LEFT JOIN (SELECT dept, max(floor) AS m FROM departments GROUP BY dept) b ON a.dept = b.dept;
SELECT nope FROM people;
SELECT name FROM nowhere;
SELECT dept, pay FROM people GROUP BY dept;
SELECT id FROM people WHERE sum(pay) > 1;
SELECT dept FROM people JOIN departments ON people.dept = departments.dept;
SELECT id FROM people UNION SELECT id, name FROM people;
SELECT (SELECT id FROM people) AS x;
SELECT count(*), sum(id) FROM people WHERE id > 100 GROUP BY GROUPING SETS (());
SELECT dept, boss, count(*) FROM people GROUP BY GROUPING SETS (ROLLUP (dept, boss), CUBE (boss));
SELECT dept || '!' AS d, length(dept) + grouping(dept) AS x, sum(id) * 2 FROM people GROUP BY ROLLUP (dept);
SELECT dept, sum(id) FROM people GROUP BY ROLLUP (dept) HAVING dept IS NULL;
-- ordered
SELECT dept, sum(id) AS s FROM people GROUP BY ROLLUP (dept) ORDER BY grouping(dept) DESC, dept NULLS LAST;
SELECT DISTINCT dept IS NULL AS n FROM people GROUP BY CUBE (dept, boss);
SELECT dept, count(*) FILTER (WHERE dept = 'dev') AS devs, max(dept) FROM people GROUP BY ROLLUP (dept);
SELECT dept, boss, row_number() OVER (PARTITION BY grouping(dept) + grouping(boss) ORDER BY sum(id), dept, boss) AS r FROM people GROUP BY CUBE (dept, boss);
SELECT p.dept, d.title, count(*) FROM people p JOIN departments d USING (dept) GROUP BY ROLLUP (p.dept, d.title);
SELECT boss + 1 AS b, boss, count(*) FROM people GROUP BY ROLLUP (boss + 1, boss);
SELECT boss + 1 AS b, count(*) FROM people GROUP BY ROLLUP (boss);
SELECT dept, grouping_id(dept), grouping_id(boss) FROM people GROUP BY CUBE (dept, boss);
SELECT dept, count(*) FROM people GROUP BY dept, CUBE (dept);
SELECT dept, count(*) FROM people GROUP BY ROLLUP (dept, dept);
SELECT id, dept, count(*) FROM people GROUP BY id, dept WITH CUBE HAVING count(*) > 1;
SELECT cnt, count(*) FROM (SELECT dept, count(*) AS cnt FROM people GROUP BY ROLLUP (dept)) GROUP BY cnt;
SELECT 1 AS one, count(*) FROM people GROUP BY CUBE (id > 3);
SELECT user, 1 AS n FROM VALUES ('a') AS t(`USER`);
SELECT (SELECT max(user) FROM VALUES ('b') AS t(user)) AS m;
SELECT count(user), max(current_date) FROM VALUES ('a', 3), (NULL, 4) AS t(user, current_date);
SELECT current_date = current_date() AS same, current_date IS NULL;
SELECT user AS who FROM VALUES ('x'), ('y') AS t(user) GROUP BY user HAVING user > 'x';
-- refused
SELECT 'x' AS user, user AS other;
SELECT count(*), max(name) FROM parquet.`tests/engine/corpus/data/people.parquet`;
SELECT p.name, f.title FROM people p JOIN PARQUET.`tests/engine/corpus/data/departments.parquet` f ON p.dept = f.dept;
SELECT id, a.name FROM parquet.`tests/engine/corpus/data/people.parquet` AS a WHERE pay IS NULL;
-- refused
SELECT * FROM csv.`tests/engine/corpus/data/people.csv`;
SELECT parquet.name FROM parquet.`tests/engine/corpus/data/people.parquet`;
-- ordered
FROM people SELECT dept, sum(pay) AS s GROUP BY dept ORDER BY s LIMIT 2;
SELECT * FROM (FROM departments) WHERE floor > 2;
-- ordered
SELECT dept, count(*) AS c FROM people GROUP BY dept ORDER BY ALL DESC NULLS LAST;
-- ordered
SELECT DISTINCT dept, boss FROM people ORDER BY ALL NULLS LAST;
SELECT id, lag(id) OVER (ORDER BY id) AS prev, id - prev AS gap, gap > 0 AS up FROM people;
