-- What feature engineers write every day: windows, sessions, shares, joins as of a time, cohorts.

SELECT e, ts, v, avg(v) OVER (PARTITION BY e ORDER BY ts ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS ma3 FROM events;
SELECT e, ts, sum(n) OVER (PARTITION BY e ORDER BY ts ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running FROM events;
SELECT e, ts, sum(n) OVER (PARTITION BY e ORDER BY ts ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before FROM events;
SELECT e, ts, count(*) OVER (PARTITION BY e ORDER BY ts RANGE BETWEEN INTERVAL 24 HOURS PRECEDING AND CURRENT ROW) AS c24 FROM events;
SELECT e, ts, count(*) OVER (PARTITION BY e ORDER BY ts RANGE BETWEEN INTERVAL 1 DAY PRECEDING AND INTERVAL 1 SECOND PRECEDING) AS c24 FROM events;
SELECT e, ts, sum(n) OVER (PARTITION BY e ORDER BY CAST(ts AS LONG) RANGE BETWEEN 86400 PRECEDING AND CURRENT ROW) AS s FROM events;
SELECT e, ts, sum(n) OVER (PARTITION BY e ORDER BY unix_timestamp(ts) RANGE BETWEEN 7200 PRECEDING AND 1 PRECEDING) AS s FROM events;
SELECT e, ts, min(v) OVER w AS lo, max(v) OVER w AS hi, avg(v) OVER w AS mean, stddev(v) OVER w AS sd FROM events WINDOW w AS (PARTITION BY e ORDER BY ts ROWS 3 PRECEDING);
SELECT e, ts, n - lag(n) OVER (PARTITION BY e ORDER BY ts) AS dn, lag(n, 2, 0) OVER (PARTITION BY e ORDER BY ts) AS n2, lead(ts) OVER (PARTITION BY e ORDER BY ts) AS nxt FROM events;
SELECT e, ts, unix_timestamp(ts) - unix_timestamp(lag(ts) OVER (PARTITION BY e ORDER BY ts)) AS gap FROM events;
SELECT e, ts, ts - lag(ts) OVER (PARTITION BY e ORDER BY ts) AS gap FROM events;
SELECT e, ts, timestampdiff(MINUTE, lag(ts) OVER (PARTITION BY e ORDER BY ts), ts) AS gap FROM events;
SELECT e, ts, datediff(ts, lag(ts) OVER (PARTITION BY e ORDER BY ts)) AS days FROM events;
SELECT e, ts, first_value(v) OVER (PARTITION BY e ORDER BY ts) AS f, last_value(v) OVER (PARTITION BY e ORDER BY ts ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS l FROM events;
SELECT e, ts, last(v, true) OVER (PARTITION BY e ORDER BY ts) AS filled FROM events;
SELECT e, ts, last_value(v) IGNORE NULLS OVER (PARTITION BY e ORDER BY ts ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS filled FROM events;
SELECT e, ts, coalesce(v, last(v, true) OVER (PARTITION BY e ORDER BY ts), 0) AS filled FROM events;
SELECT e, ts, (v - avg(v) OVER (PARTITION BY src)) / nullif(stddev(v) OVER (PARTITION BY src), 0) AS z FROM events WHERE v IS NOT NULL AND NOT isnan(v);
SELECT e, n, n / sum(n) OVER (PARTITION BY e) AS share FROM events WHERE e > 0;
SELECT e, n, round(100.0 * n / sum(n) OVER (), 2) AS pct FROM events;
SELECT e, sum(n) AS s, sum(n) / sum(sum(n)) OVER () AS share FROM events GROUP BY e;
SELECT e, ts, ntile(10) OVER (ORDER BY ts) AS decile, percent_rank() OVER (ORDER BY n) AS pr, cume_dist() OVER (ORDER BY n) AS cd FROM events;
SELECT e, ts, rank() OVER (PARTITION BY e ORDER BY n DESC) AS r, dense_rank() OVER (PARTITION BY e ORDER BY n DESC) AS dr, row_number() OVER (PARTITION BY e ORDER BY n DESC, ts) AS rn FROM events;
SELECT date_trunc('DAY', ts) AS day, count(*) AS c, sum(n) AS s, avg(v) AS m FROM events GROUP BY date_trunc('DAY', ts);
SELECT date_trunc('hour', ts) AS h, e, count(DISTINCT src) AS srcs FROM events GROUP BY 1, 2;
SELECT window(ts, '1 day') AS w, count(*) AS c FROM events GROUP BY window(ts, '1 day');
SELECT window.start AS s, window.end AS en, e, sum(n) AS n FROM events GROUP BY window(ts, '2 hours'), e;
SELECT w.start, w.end, c FROM (SELECT window(ts, '6 hours', '3 hours') AS w, count(*) AS c FROM events GROUP BY window(ts, '6 hours', '3 hours'));
SELECT window(ts, '1 day', '12 hours', '1 hour').start AS s, count(*) AS c FROM events GROUP BY window(ts, '1 day', '12 hours', '1 hour');
-- refused
SELECT session_window(ts, '90 minutes') AS w, e, count(*) AS c FROM events GROUP BY session_window(ts, '90 minutes'), e;
-- refused
SELECT w.start AS s, w.end AS t, e, c FROM (SELECT session_window(ts, '2 hours') AS w, e, count(*) AS c FROM events GROUP BY session_window(ts, '2 hours'), e);
SELECT CAST(ts AS DATE) AS d, hour(ts) AS h, dayofweek(ts) AS dow, weekday(ts) AS wd, count(*) AS c FROM events GROUP BY ALL;
SELECT to_date(ts) AS d, count_if(v > 0) AS pos, count_if(v IS NULL) AS nulls, sum(CASE WHEN src = 1 THEN n ELSE 0 END) AS n1 FROM events GROUP BY to_date(ts);
WITH g AS (
  SELECT e, ts, n, CASE WHEN lag(ts) OVER (PARTITION BY e ORDER BY ts) IS NULL
      OR ts > lag(ts) OVER (PARTITION BY e ORDER BY ts) + INTERVAL 3 HOURS THEN 1 ELSE 0 END AS new
  FROM events WHERE e IS NOT NULL
), s AS (
  SELECT *, sum(new) OVER (PARTITION BY e ORDER BY ts ROWS UNBOUNDED PRECEDING) AS session FROM g
)
SELECT e, session, min(ts) AS started, max(ts) AS ended, count(*) AS hits, sum(n) AS total,
  (unix_timestamp(max(ts)) - unix_timestamp(min(ts))) / 60 AS minutes
FROM s GROUP BY e, session;
WITH o AS (SELECT e AS customer, ts, n AS amount FROM events WHERE e IS NOT NULL),
ref AS (SELECT max(ts) AS now FROM o)
SELECT customer, datediff(first(now), max(ts)) AS recency, count(*) AS frequency, sum(amount) AS monetary,
  ntile(4) OVER (ORDER BY sum(amount) DESC) AS m_q, ntile(2) OVER (ORDER BY count(*), customer) AS f_q
FROM o CROSS JOIN ref GROUP BY customer;
SELECT o.e, DATEDIFF((SELECT max(ts) FROM events), max(o.ts)) AS recency FROM events o GROUP BY o.e;
WITH labels AS (
  SELECT * FROM VALUES (0, TIMESTAMP '2024-01-02 00:00:00', 1), (1, TIMESTAMP '2024-01-03 12:00:00', 0), (2, TIMESTAMP '2024-01-01 00:00:00', 1), (9, TIMESTAMP '2024-01-01 00:00:00', 0) AS t(e, at, y)
), ranked AS (
  SELECT l.e, l.at, l.y, x.ts, x.v, x.n, row_number() OVER (PARTITION BY l.e, l.at ORDER BY x.ts DESC) AS rn
  FROM labels l LEFT JOIN events x ON l.e = x.e AND x.ts <= l.at
)
SELECT e, at, y, ts, v, n FROM ranked WHERE rn = 1;
WITH labels AS (SELECT * FROM VALUES (0, TIMESTAMP '2024-01-02 00:00:00'), (1, TIMESTAMP '2024-01-03 12:00:00') AS t(e, at))
SELECT l.e, l.at, count(x.ts) AS c, sum(x.n) AS s, avg(x.v) AS m, max(x.ts) AS latest
FROM labels l LEFT JOIN events x ON x.e = l.e AND x.ts < l.at AND x.ts >= l.at - INTERVAL 1 DAY
GROUP BY l.e, l.at;
WITH labels AS (SELECT * FROM VALUES (0, TIMESTAMP '2024-01-02 00:00:00'), (1, TIMESTAMP '2024-01-03 12:00:00') AS t(e, at))
SELECT l.*, (SELECT max(x.ts) FROM events x WHERE x.e = l.e AND x.ts <= l.at) AS latest FROM labels l;
WITH labels AS (SELECT * FROM VALUES (0, TIMESTAMP '2024-01-02 00:00:00'), (1, TIMESTAMP '2024-01-03 12:00:00') AS t(e, at))
SELECT l.e, max_by(x.n, x.ts) AS n_latest, max(struct(x.ts, x.n)).n AS also, min_by(x.n, x.ts) AS n_first FROM labels l JOIN events x ON x.e = l.e AND x.ts <= l.at GROUP BY l.e;
SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY e ORDER BY ts DESC) AS rn FROM events) WHERE rn = 1;
SELECT * EXCEPT (rn) FROM (SELECT *, row_number() OVER (PARTITION BY e ORDER BY ts DESC) AS rn FROM events) t WHERE rn <= 2;
SELECT * FROM events QUALIFY row_number() OVER (PARTITION BY e, src ORDER BY ts DESC) = 1;
SELECT e, n, sum(n) OVER (PARTITION BY e) AS total FROM events QUALIFY total > 20;
-- refused
SELECT e, count(*) AS c FROM events GROUP BY e QUALIFY rank() OVER (ORDER BY count(*) DESC) = 1;
WITH d AS (SELECT DISTINCT e, CAST(ts AS DATE) AS day FROM events WHERE e IS NOT NULL),
g AS (SELECT e, day, date_sub(day, CAST(row_number() OVER (PARTITION BY e ORDER BY day) AS INT)) AS grp FROM d)
SELECT e, min(day) AS a, max(day) AS b, count(*) AS len FROM g GROUP BY e, grp;
WITH x AS (SELECT ts, src, row_number() OVER (ORDER BY ts) - row_number() OVER (PARTITION BY src ORDER BY ts) AS grp FROM events)
SELECT src, grp, min(ts) AS a, max(ts) AS b, count(*) AS c FROM x GROUP BY src, grp;
WITH f AS (SELECT e, date_trunc('DAY', min(ts)) AS cohort FROM events GROUP BY e)
SELECT f.cohort, datediff(x.ts, f.cohort) AS age, count(DISTINCT x.e) AS active FROM events x JOIN f ON x.e = f.e GROUP BY f.cohort, datediff(x.ts, f.cohort);
WITH f AS (SELECT e, min(CAST(ts AS DATE)) OVER (PARTITION BY e) AS cohort, CAST(ts AS DATE) AS day, n FROM events)
SELECT * FROM (SELECT cohort, datediff(day, cohort) AS age, n FROM f) PIVOT (sum(n) AS s FOR age IN (0 AS d0, 1 AS d1, 2 AS d2));
SELECT * FROM (SELECT dept, year(hired) AS y, pay FROM people) PIVOT (avg(pay) AS mean, count(*) AS c FOR y IN (2014, 2015, 2016));
SELECT * FROM (SELECT e, src, n FROM events) PIVOT (sum(n) FOR src IN (0, 1));
SELECT e, CASE WHEN src = 0 THEN 1 ELSE 0 END AS src_0, CASE WHEN src = 1 THEN 1 ELSE 0 END AS src_1, CAST(src = 1 AS INT) AS is1, IF(n > 5, 'hi', 'lo') AS b FROM events;
SELECT id, int(dept = 'ops') AS ops, int(dept = 'dev') AS dev, int(dept IS NULL) AS missing, coalesce(dept, 'unknown') AS d FROM people;
SELECT p.id, p.dept, t.rate, t.c FROM people p JOIN (SELECT dept, avg(CASE WHEN pay > 4500 THEN 1.0 ELSE 0.0 END) AS rate, count(*) AS c FROM people GROUP BY dept) t ON p.dept <=> t.dept;
SELECT id, dept, (sum(pay) OVER (PARTITION BY dept) - pay) / nullif(count(pay) OVER (PARTITION BY dept) - 1, 0) AS loo FROM people;
WITH prior AS (SELECT avg(v) AS m FROM events WHERE NOT isnan(v))
SELECT e, (sum(v) + 10 * first(m)) / (count(v) + 10) AS smooth FROM events CROSS JOIN prior WHERE NOT isnan(v) GROUP BY e;
SELECT p.name, d.title FROM people p LEFT JOIN departments d ON p.dept = d.dept;
SELECT p.name, d.title FROM people p RIGHT OUTER JOIN departments d USING (dept);
SELECT dept, p.name, d.title FROM people p FULL OUTER JOIN departments d USING (dept);
SELECT * FROM people NATURAL JOIN departments;
SELECT p.name FROM people p LEFT SEMI JOIN departments d ON p.dept = d.dept;
SELECT p.name FROM people p LEFT ANTI JOIN departments d ON p.dept = d.dept;
SELECT p.name FROM people p ANTI JOIN departments d USING (dept);
SELECT p.name, b.name AS boss, bb.name AS grand FROM people p LEFT JOIN people b ON p.boss = b.id LEFT JOIN people bb ON b.boss = bb.id;
SELECT a.id, b.id FROM people a JOIN people b ON a.dept = b.dept AND a.id < b.id;
SELECT name FROM people WHERE dept IN (SELECT dept FROM departments);
SELECT name FROM people WHERE dept NOT IN (SELECT dept FROM departments WHERE dept IS NOT NULL);
SELECT name FROM people WHERE dept NOT IN (SELECT dept FROM departments);
SELECT name FROM people p WHERE NOT EXISTS (SELECT 1 FROM departments d WHERE d.dept = p.dept);
SELECT name FROM people p WHERE pay > (SELECT avg(pay) FROM people q WHERE q.dept = p.dept);
SELECT name, pay - (SELECT avg(pay) FROM people) AS diff FROM people;
SELECT name, (SELECT count(*) FROM people q WHERE q.boss = p.id) AS reports FROM people p;
SELECT name, (SELECT title FROM departments d WHERE d.dept = p.dept) AS title FROM people p;
SELECT dept, sum(pay) AS s FROM people GROUP BY dept HAVING sum(pay) > (SELECT avg(pay) FROM people);
SELECT d.dept, d.floor, (SELECT sum(pay) FROM people p WHERE p.dept = d.dept) AS total FROM departments d ORDER BY total DESC NULLS LAST;
SELECT name, pay / (SELECT max(pay) FROM people q WHERE q.dept = p.dept) AS ratio FROM people p WHERE dept IS NOT NULL;
SELECT dept, count(*) AS c FROM people p GROUP BY dept HAVING EXISTS (SELECT 1 FROM departments d WHERE d.dept = p.dept);
SELECT name FROM people WHERE (dept, pay) IN (SELECT dept, max(pay) FROM people GROUP BY dept);
SELECT CASE WHEN EXISTS (SELECT 1 FROM people WHERE pay > 5500) THEN 'rich' ELSE 'poor' END AS r;
SELECT name, dept IN (SELECT dept FROM departments WHERE floor < 3) AS low FROM people;
SELECT dept, year(hired) AS y, sum(pay) AS s FROM people GROUP BY ROLLUP (dept, year(hired));
SELECT dept, boss, count(*) AS c, grouping_id() AS g FROM people GROUP BY CUBE (dept, boss);
SELECT e, src, sum(n) AS s, grouping(e) AS ge, grouping(src) AS gs FROM events GROUP BY GROUPING SETS ((e, src), (e), (src), ());
SELECT e, src, sum(n) FROM events GROUP BY e, src WITH ROLLUP;
SELECT coalesce(dept, 'all') AS d, count(*) FROM people GROUP BY dept WITH CUBE;
SELECT e FROM events UNION SELECT id FROM people;
SELECT e FROM events INTERSECT SELECT id FROM people;
SELECT id FROM people EXCEPT SELECT e FROM events;
SELECT id FROM people MINUS SELECT e FROM events;
SELECT 'a' AS k, count(*) AS c FROM events UNION ALL SELECT 'b', count(*) FROM people UNION ALL SELECT 'c', count(*) FROM texts;
SELECT id, pmod(xxhash64(id), 10) AS b, CASE WHEN pmod(xxhash64(id), 10) < 8 THEN 'train' ELSE 'test' END AS part FROM people;
SELECT id, pmod(hash(id, name), 100) AS b, abs(hash(name)) % 5 AS fold FROM people;
SELECT id, conv(substr(md5(CAST(id AS STRING)), 1, 4), 16, 10) AS h, CAST(conv(substr(md5(CAST(id AS STRING)), 1, 4), 16, 10) AS INT) % 10 AS b FROM people;
SELECT id, crc32(CAST(id AS STRING)) % 10 AS b, sha2(name, 256) AS s FROM people;
SELECT id, sum(x) AS s, count(x) AS c, max(x) AS m FROM nested LATERAL VIEW explode(a) t AS x GROUP BY id;
SELECT id, sum(x) AS s FROM nested LATERAL VIEW OUTER explode(a) t AS x GROUP BY id;
SELECT x, count(*) AS c FROM (SELECT explode(s) AS x FROM nested) GROUP BY x;
SELECT id, pos, x FROM nested LATERAL VIEW posexplode(a) t AS pos, x;
SELECT k, sum(v) AS s FROM nested LATERAL VIEW explode(m) t AS k, v GROUP BY k;
SELECT id, col.x, col.v FROM (SELECT id, explode(p) AS col FROM nested);
SELECT id, inline(p) FROM nested;
SELECT n.id, t.x FROM nested n, LATERAL explode(n.a) AS t(x);
SELECT word, count(*) AS c FROM (SELECT explode(split(lower(trim(t)), '\\s+')) AS word FROM texts) GROUP BY word;
SELECT e, collect_list(n) AS l, collect_set(src) AS s, array_sort(collect_set(n)) AS ss, size(collect_list(v)) AS z FROM (SELECT * FROM events ORDER BY ts) WHERE e = 1 GROUP BY e;
SELECT e, sort_array(collect_list(struct(ts, n))) AS hist FROM events GROUP BY e;
SELECT e, transform(sort_array(collect_list(struct(ts, n))), x -> x.n) AS hist FROM events GROUP BY e;
SELECT e, array_join(transform(array_sort(collect_list(n)), x -> CAST(x AS STRING)), ',') AS joined FROM events GROUP BY e;
SELECT e, concat_ws('|', sort_array(collect_set(CAST(n AS STRING)))) AS joined FROM events GROUP BY e;
SELECT e, CAST(map_from_entries(sort_array(collect_list(struct(n, src)))) AS STRING) AS m FROM (SELECT DISTINCT e, n, src FROM events WHERE e = 3 AND n < 7) GROUP BY e;
SELECT e, sum(n) FILTER (WHERE src = 1) AS s1, count(*) FILTER (WHERE v > 0) AS pos, avg(n) FILTER (WHERE src = 0) AS m0, sum(n) FILTER (WHERE src = 1) / sum(n) AS share FROM events GROUP BY e;
SELECT count(DISTINCT e) AS a, count(DISTINCT src) AS b, count(DISTINCT e, src) AS c, sum(DISTINCT n) AS d, avg(DISTINCT n) AS m, count(*) AS t FROM events;
SELECT e, count(DISTINCT src) AS a, count(DISTINCT n) FILTER (WHERE n > 3) AS b, approx_count_distinct(n) AS c FROM events GROUP BY e;
SELECT count(*) FROM events HAVING count(*) > 10;
SELECT 1 AS one FROM events HAVING count(*) > 100;
SELECT max(n) - min(n) AS spread FROM events HAVING max(n) > 5;
SELECT any_value(src) IS NOT NULL AS a, bool_or(n > 8) AS b, bool_and(n >= 0) AS c, every(n > 0) AS d, some(v > 3) AS f FROM events;
SELECT e, percentile(n, 0.5) AS med, percentile(n, array(0.25, 0.75)) AS q, median(n) AS m, percentile_approx(n, 0.5) AS pa FROM events GROUP BY e;
SELECT e, variance(n) AS v, var_pop(n) AS vp, stddev_samp(n) AS s, stddev_pop(n) AS sp, skewness(n) AS sk, kurtosis(n) AS k FROM events GROUP BY e;
SELECT src, corr(n, v) AS c, covar_samp(n, v) AS cs, covar_pop(n, v) AS cp, regr_slope(v, n) AS b FROM events WHERE NOT isnan(v) GROUP BY src;
SELECT mode(src) FROM events WHERE n > 6 AND e = 1;
-- ordered
SELECT e, n, ts FROM events ORDER BY e NULLS LAST, n DESC, ts LIMIT 10;
-- ordered
SELECT * FROM people ORDER BY pay DESC NULLS LAST, name LIMIT 3 OFFSET 1;
-- ordered
SELECT dept, count(*) AS c FROM people GROUP BY dept ORDER BY c DESC, dept;
-- ordered
SELECT dept, count(*) AS c FROM people GROUP BY dept ORDER BY count(*) DESC, 1 NULLS LAST;
-- ordered
SELECT name FROM people ORDER BY year(hired), length(name) DESC, id;
-- ordered
SELECT e, sum(n) s FROM events GROUP BY e ORDER BY sum(n) / count(*), e LIMIT ALL;
SELECT nvl(name, 'none') AS a, nvl2(dept, 1, 0) AS b, ifnull(pay, 0) AS c, nullif(dept, 'ops') AS d, coalesce(pay, 0.0) AS f, zeroifnull(pay) AS z FROM people;
SELECT count(*) AS n, count(pay) AS n_pay, count(*) - count(pay) AS n_null, avg(CAST(pay IS NULL AS INT)) AS null_rate, sum(IF(pay IS NULL, 1, 0)) AS k FROM people;
SELECT id, isnan(d) AS a, nanvl(d, 0) AS b, d = d AS c, d > 1e308 AS f, coalesce(nullif(d, double('NaN')), -1) AS g FROM numbers;
SELECT id, greatest(b, s, i) AS g, least(b, s, i) AS l, greatest(d, f) AS gd FROM numbers;
SELECT try_divide(i, b) AS q, i / nullif(b, 0) AS r, i % nullif(b, 0) AS m, i div nullif(b, 0) AS dv FROM numbers;
SELECT id, width_bucket(n, 0, 10, 5) AS b, floor(n / 2) AS f, ceil(n / 3) AS c, n div 3 AS d FROM (SELECT e AS id, n FROM events);
SELECT id, log(pay) AS l, log1p(pay) AS l1, log2(pay) AS l2, log10(pay) AS l10, sqrt(pay) AS s, exp(id) AS x, pow(id, 2) AS p, cbrt(id) AS cb FROM people;
SELECT id, months_between(DATE '2024-01-01', hired) AS mb, floor(months_between(DATE '2024-01-01', hired) / 12) AS tenure, datediff(DATE '2024-01-01', hired) AS days, add_months(hired, 6) AS h6, last_day(hired) AS ld, trunc(hired, 'MM') AS m, quarter(hired) AS q FROM people;
SELECT * FROM VALUES (1, 'a'), (2, 'b') AS t(id, s);
SELECT col1, col2 FROM VALUES (1, 2.0), (3, NULL);
VALUES (1, 'x', NULL), (2, 'y', 3);
SELECT id, id * id AS sq FROM range(5);
SELECT * FROM range(2, 10, 3);
SELECT r.id, count(x.e) AS c FROM range(4) r LEFT JOIN events x ON x.e = r.id GROUP BY r.id;
SELECT d.day, count(x.ts) AS c FROM (SELECT explode(sequence(DATE '2024-01-01', DATE '2024-01-06', INTERVAL 1 DAY)) AS day) d LEFT JOIN events x ON CAST(x.ts AS DATE) = d.day GROUP BY d.day;
WITH grid AS (SELECT e, day FROM (SELECT DISTINCT e FROM events WHERE e IS NOT NULL) CROSS JOIN (SELECT explode(sequence(TO_DATE('2024-01-01'), TO_DATE('2024-01-04'))) AS day)),
daily AS (SELECT e, to_date(ts) AS day, sum(n) AS n FROM events GROUP BY 1, 2)
SELECT g.e, g.day, coalesce(d.n, 0) AS n, sum(coalesce(d.n, 0)) OVER (PARTITION BY g.e ORDER BY g.day) AS cum,
  avg(coalesce(d.n, 0)) OVER (PARTITION BY g.e ORDER BY g.day ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS ma
FROM grid g LEFT JOIN daily d ON g.e = d.e AND g.day = d.day;
FROM events |> WHERE n > 5 |> SELECT e, n;
FROM events |> WHERE n > 2 |> AGGREGATE sum(n) AS s, count(*) AS c GROUP BY e;
-- ordered
FROM events |> EXTEND n * 2 AS twice |> WHERE twice > 10 |> SELECT e, n, twice |> ORDER BY n, e, twice |> LIMIT 5;
-- refused
FROM people |> SET pay = coalesce(pay, 0) |> DROP boss, hired |> AS p |> WHERE p.pay > 100;
FROM people |> LEFT JOIN departments USING (dept) |> SELECT name, title;
FROM people |> JOIN departments d ON people.dept = d.dept |> SELECT name, d.title;
TABLE people |> WHERE dept = 'ops';
FROM events |> AGGREGATE count(*) AS c;
-- refused
FROM people |> SELECT dept |> UNION ALL (SELECT dept FROM departments) |> DISTINCT;
FROM people |> SELECT dept |> UNION ALL (SELECT dept FROM departments);
SELECT e, n FROM events |> WHERE n = 7;
SELECT e, n FROM events SORT BY n;
SELECT e, n FROM events DISTRIBUTE BY e;
SELECT e, n FROM events DISTRIBUTE BY e SORT BY n;
SELECT e, n FROM events CLUSTER BY e;
SELECT /*+ BROADCAST(d) */ p.name, d.title FROM people p JOIN departments d ON p.dept = d.dept;
SELECT /*+ REPARTITION(4) */ e FROM events;
-- refused
WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT n FROM t;
-- refused
WITH RECURSIVE org AS (SELECT id, name, boss, 0 AS depth FROM people WHERE boss IS NULL UNION ALL SELECT p.id, p.name, p.boss, o.depth + 1 FROM people p JOIN org o ON p.boss = o.id) SELECT id, name, depth FROM org;
-- refused
WITH RECURSIVE dates(d) AS (SELECT DATE '2024-01-01' UNION ALL SELECT date_add(d, 1) FROM dates WHERE d < DATE '2024-01-05') SELECT d FROM dates;
SELECT transform(sequence(1, 3), x -> x * 2) AS t, aggregate(a, 0, (acc, x) -> acc + coalesce(x, 0)) AS s, filter(a, x -> x > 2) AS f FROM nested;
SELECT id, exists(a, x -> x > 4) AS ex, forall(a, x -> x > 0) AS fa, array_contains(a, 3) AS c, size(a) AS z, element_at(a, 1) AS f FROM nested WHERE size(a) > 0;
SELECT e, max(n) OVER (PARTITION BY e ORDER BY ts ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS future_max, sum(n) OVER (PARTITION BY e ORDER BY ts ROWS BETWEEN 1 FOLLOWING AND 3 FOLLOWING) AS next3 FROM events;
SELECT e, count(DISTINCT n) OVER (PARTITION BY e) FROM events;
SELECT e, size(collect_set(n) OVER (PARTITION BY e)) AS dn FROM events;
SELECT e, ts, collect_list(n) OVER (PARTITION BY e ORDER BY ts ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS last3 FROM events;
SELECT e, ts, sum(CASE WHEN src = 1 THEN n END) OVER (PARTITION BY e ORDER BY ts) AS s1, count_if(n > 5) OVER (PARTITION BY e ORDER BY ts) AS big FROM events;
SELECT e, ts, sum(n) FILTER (WHERE src = 1) OVER (PARTITION BY e ORDER BY ts) AS s1 FROM events;
SELECT e, ts, max_by(n, v) OVER (PARTITION BY e ORDER BY ts) AS mb FROM events WHERE NOT isnan(v);
SELECT e, ts, nth_value(n, 2) OVER (PARTITION BY e ORDER BY ts) AS second, any_value(n) OVER (PARTITION BY e ORDER BY ts) AS a FROM events;
SELECT e, ts, percentile(n, 0.5) OVER (PARTITION BY e) AS med, median(n) OVER (PARTITION BY e) AS m FROM events;
SELECT e, ts, exp(sum(ln(n + 1)) OVER (PARTITION BY e ORDER BY ts)) AS prod FROM events;
SELECT e, ts, sum(n * exp(-0.1 * (unix_timestamp(TIMESTAMP '2024-01-05') - unix_timestamp(ts)) / 3600)) OVER (PARTITION BY e) AS decayed FROM events;
SELECT e, ts, corr(n, src) OVER (PARTITION BY e) AS c FROM events WHERE e = 1;
-- refused
CREATE TABLE x (a INT) USING parquet;
-- refused
INSERT INTO people VALUES (1);
-- refused
DROP TABLE IF EXISTS nothere;
-- refused
CREATE OR REPLACE TEMP VIEW vv AS SELECT 1 AS a;
-- refused
SHOW TABLES;
-- refused
DESCRIBE people;
-- refused
EXPLAIN SELECT 1;
-- refused
SELECT * FROM people TABLESAMPLE (50 PERCENT);
-- refused
SELECT * FROM people TABLESAMPLE (3 ROWS);
SELECT current_date() IS NOT NULL AS a, current_timestamp() > TIMESTAMP '2020-01-01' AS b, now() IS NOT NULL AS c;
SELECT e.* FROM events e WHERE e.ts BETWEEN TIMESTAMP '2024-01-01' AND TIMESTAMP '2024-01-01 23:59:59';
SELECT * FROM events WHERE ts >= '2024-01-03' AND date_format(ts, 'HH') IN ('00', '01');
SELECT date_format(ts, 'yyyy-MM') AS ym, date_format(ts, 'E') AS dow, count(*) AS c FROM events GROUP BY 1, 2;
SELECT sin(2 * pi() * hour(ts) / 24) AS h_sin, cos(2 * pi() * hour(ts) / 24) AS h_cos FROM events;
SELECT name, dept FROM people WHERE name LIKE '%e' OR name RLIKE '^[AB]' OR dept ILIKE 'OP%';
SELECT dept, max(name) AS m, min(hired) AS f, first(name) AS fn, listagg(name, ', ') WITHIN GROUP (ORDER BY name) AS names FROM people GROUP BY dept;
SELECT dept, string_agg(name, ',') AS names FROM people WHERE dept = 'dev' GROUP BY dept;
SELECT * FROM people p JOIN LATERAL (SELECT count(*) AS c, max(q.pay) AS m FROM people q WHERE q.dept = p.dept AND q.id <> p.id) x;
SELECT l.e, l.at, x.ts, x.n FROM (VALUES (0, TIMESTAMP '2024-01-02 00:00:00'), (1, TIMESTAMP '2024-01-03 12:00:00')) AS l(e, at) LEFT JOIN LATERAL (SELECT ts, n FROM events v WHERE v.e = l.e AND v.ts <= l.at ORDER BY ts DESC LIMIT 1) x ON true;
SELECT name, (SELECT n FROM events x WHERE x.e = p.id ORDER BY ts DESC LIMIT 1) AS last_n FROM people p;
SELECT name, (SELECT first(n) FROM events x WHERE x.e = p.id AND x.ts < TIMESTAMP '2024-01-02') AS n FROM people p;
SELECT e, stack(2, 'n', n, 'src', src) AS (metric, value) FROM events WHERE e = 2;
SELECT * FROM (SELECT id, b, s FROM numbers WHERE id < 4) UNPIVOT (val FOR name IN (b, s));
SELECT * FROM (SELECT id, int(b) b, int(s) s FROM numbers) UNPIVOT INCLUDE NULLS (val FOR name IN (b AS `the b`, s));
SELECT e, sum(n) AS s, dense_rank() OVER (ORDER BY sum(n) DESC) AS r, sum(n) - lag(sum(n)) OVER (ORDER BY e) AS d FROM events GROUP BY e;
WITH a AS (SELECT e, sum(n) AS s FROM events GROUP BY e), b AS (SELECT *, s / max(s) OVER () AS rel FROM a) SELECT e, s, round(rel, 3) AS rel, CASE WHEN rel >= 0.9 THEN 'top' WHEN rel >= 0.5 THEN 'mid' ELSE 'low' END AS tier FROM b;
SELECT t.* FROM (SELECT e, n, n > avg(n) OVER (PARTITION BY e) AS above FROM events) t WHERE above;
SELECT e, sum(n) AS total, total / count(*) AS mean, mean > 4 AS big FROM events GROUP BY e;
SELECT (SELECT count(*) FROM events) AS a, (SELECT count(*) FROM people) AS b, (SELECT max(pay) FROM people WHERE dept = 'nope') AS c;
SELECT count(*) AS c, sum(id) AS s FROM range(1000);
SELECT * FROM range(0);
SELECT * FROM range(5, 2);
SELECT * FROM range(10, 1, -4);
SELECT * FROM range(-2, 3, 1, 2) AS r(n) WHERE n % 2 = 0;
SELECT a.id AS i, b.id AS j FROM range(3) a CROSS JOIN range(2) AS b;
SELECT date_add(DATE '2024-01-01', CAST(id AS INT)) AS day FROM range(3);
SELECT * FROM range(3L, 6S);
SELECT e, sum(n) AS s FROM events GROUP BY e DISTRIBUTE BY e SORT BY s DESC;
-- ordered
SELECT id, name FROM people SORT BY pay DESC NULLS LAST, id;
-- ordered
SELECT id, name FROM people CLUSTER BY id;
-- refused
SELECT id FROM people SORT BY id LIMIT 3;
SELECT id FROM people DISTRIBUTE BY nothing;
SELECT dept, count(*) AS c FROM people GROUP BY dept SORT BY pay;
SELECT * FROM (SELECT e, n FROM events DISTRIBUTE BY e SORT BY n) WHERE n > 8;
SELECT DISTINCT dept FROM people SORT BY dept;
SELECT e FROM events UNION ALL SELECT id FROM people SORT BY e;
SELECT percentile(pay, array(0.1, 0.5, 0.9)) FROM people;
SELECT dept, percentile_approx(id, array(0.25, 0.5, 0.75)) FROM people GROUP BY dept;
SELECT dept, percentile_approx(id, array(0.25, 0.5), 100)[0] AS q1, approx_percentile(id, array(0.5)) AS m FROM people GROUP BY dept;
SELECT e, percentile(v, array(0, 0.5, 1)) FILTER (WHERE src = 1) FROM events GROUP BY e;
SELECT e, percentile(v, array(0.5, 0.95)) FILTER (WHERE n > 100) AS q FROM events GROUP BY e HAVING percentile(n, array(0.5))[0] > 3;
SELECT q[0] AS lo, q[1] AS hi, q[1] - q[0] AS iqr FROM (SELECT percentile(n, array(0.25, 0.75)) AS q FROM events);
WITH q AS (SELECT percentile(n, array(0.05, 0.95)) AS p FROM events) SELECT e, n, greatest(least(n, p[1]), p[0]) AS clipped FROM events CROSS JOIN q;
FROM events |> EXTEND n * 2 AS twice, twice + 1 AS more |> SELECT e, twice, more;
FROM people p |> WHERE p.pay > 1000 |> JOIN departments d ON p.dept = d.dept |> SELECT p.name, d.title;
FROM people |> WHERE pay > 1000 |> SELECT name, dept |> JOIN departments d ON d.dept = 'ops' |> DROP floor;
WITH x AS (SELECT e, n FROM events) FROM x |> AGGREGATE max(n) AS m GROUP BY e |> WHERE m > 8 |> SELECT e, m + 1 AS m1;
FROM events |> AGGREGATE sum(n), count(*) GROUP BY year(ts), src AS s;
FROM events |> AGGREGATE GROUP BY src;
-- refused
FROM events |> AGGREGATE sum(n) AS s GROUP BY window(ts, '1 day') AS w |> EXTEND w.start AS at |> DROP w;
FROM events |> SELECT DISTINCT src, e;
FROM events |> EXTEND row_number() OVER (PARTITION BY e ORDER BY ts DESC) AS rn |> WHERE rn = 1 |> DROP rn;
FROM people |> SELECT dept |> EXCEPT (SELECT dept FROM departments);
FROM people |> SELECT id |> INTERSECT ALL (SELECT e FROM events) |> AGGREGATE count(*) AS c;
-- ordered
FROM people |> ORDER BY pay DESC NULLS LAST, id |> SELECT id, name;
-- ordered
FROM people |> ORDER BY id |> LIMIT 2 OFFSET 1;
FROM people |> AS p |> WHERE p.id < 3 |> SELECT p.name AS n |> AS q |> SELECT q.n;
SELECT * FROM (FROM people |> WHERE id < 4 |> SELECT id) WHERE id > 1;
-- refused
FROM people |> SELECT count(*);
-- refused
FROM people |> AGGREGATE id;
FROM people |> LEFT ANTI JOIN departments USING (dept) |> AGGREGATE count(*) AS c;
FROM people |> WHERE nothing > 1;
FROM people |> DROP nothing;
FROM people |> SELECT upper(name), pay * 2;
FROM nested |> EXTEND explode(a) AS x |> SELECT id, x;
FROM (SELECT e, src, n FROM events) |> PIVOT (sum(n) FOR src IN (0, 1));
WITH tx AS (
  SELECT e AS customer_id, ts, CAST(ts AS DATE) AS day, n AS amount, src AS channel FROM events WHERE e IS NOT NULL
), daily AS (
  SELECT customer_id, day, count(*) AS tx_count, sum(amount) AS spend, count(DISTINCT channel) AS channels, max(amount) AS biggest
  FROM tx GROUP BY customer_id, day
), spine AS (
  SELECT c.customer_id, d.day
  FROM (SELECT DISTINCT customer_id FROM tx) c
  CROSS JOIN (SELECT explode(sequence(min(day), max(day), INTERVAL 1 DAY)) AS day FROM tx) d
), filled AS (
  SELECT s.customer_id, s.day, coalesce(d.tx_count, 0) AS tx_count, coalesce(d.spend, 0) AS spend, d.biggest
  FROM spine s LEFT JOIN daily d USING (customer_id, day)
), rolled AS (
  SELECT *,
    sum(spend) OVER w3 AS spend_3d,
    avg(spend) OVER w3 AS avg_3d,
    sum(tx_count) OVER (PARTITION BY customer_id ORDER BY day ROWS BETWEEN 7 PRECEDING AND 1 PRECEDING) AS prior_tx,
    max(biggest) OVER (PARTITION BY customer_id ORDER BY day ROWS UNBOUNDED PRECEDING) AS ever_biggest,
    lag(spend, 1, 0) OVER (PARTITION BY customer_id ORDER BY day) AS prev_spend
  FROM filled
  WINDOW w3 AS (PARTITION BY customer_id ORDER BY day ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)
)
SELECT customer_id, day, spend, spend_3d, round(avg_3d, 4) AS avg_3d, coalesce(prior_tx, 0) AS prior_tx, ever_biggest,
  spend - prev_spend AS delta,
  CASE WHEN spend_3d = 0 THEN NULL ELSE round(spend / spend_3d, 4) END AS share_3d,
  ntile(3) OVER (PARTITION BY day ORDER BY spend DESC, customer_id) AS spend_tier,
  pmod(xxhash64(customer_id), 10) < 8 AS is_train
FROM rolled;
WITH tx AS (
  SELECT e AS customer_id, ts, CAST(ts AS DATE) AS day, n AS amount, src AS channel FROM events WHERE e IS NOT NULL
), daily AS (
  SELECT customer_id, day, count(*) AS tx_count, sum(amount) AS spend, count(DISTINCT channel) AS channels, max(amount) AS biggest
  FROM tx GROUP BY customer_id, day
), spine AS (
  SELECT c.customer_id, d.day
  FROM (SELECT DISTINCT customer_id FROM tx) c
  CROSS JOIN (SELECT explode(sequence(lo, hi, INTERVAL 1 DAY)) AS day FROM (SELECT min(day) AS lo, max(day) AS hi FROM tx)) d
), filled AS (
  SELECT s.customer_id, s.day, coalesce(d.tx_count, 0) AS tx_count, coalesce(d.spend, 0) AS spend, d.biggest
  FROM spine s LEFT JOIN daily d USING (customer_id, day)
), rolled AS (
  SELECT *,
    sum(spend) OVER w3 AS spend_3d,
    avg(spend) OVER w3 AS avg_3d,
    sum(tx_count) OVER (PARTITION BY customer_id ORDER BY day ROWS BETWEEN 7 PRECEDING AND 1 PRECEDING) AS prior_tx,
    max(biggest) OVER (PARTITION BY customer_id ORDER BY day ROWS UNBOUNDED PRECEDING) AS ever_biggest,
    lag(spend, 1, 0) OVER (PARTITION BY customer_id ORDER BY day) AS prev_spend
  FROM filled
  WINDOW w3 AS (PARTITION BY customer_id ORDER BY day ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)
)
SELECT customer_id, day, spend, spend_3d, round(avg_3d, 4) AS avg_3d, coalesce(prior_tx, 0) AS prior_tx, ever_biggest,
  spend - prev_spend AS delta,
  CASE WHEN spend_3d = 0 THEN NULL ELSE round(spend / spend_3d, 4) END AS share_3d,
  ntile(3) OVER (PARTITION BY day ORDER BY spend DESC, customer_id) AS spend_tier,
  pmod(xxhash64(customer_id), 10) < 8 AS is_train
FROM rolled;
WITH base AS (SELECT *, date_trunc('week', ts) AS week FROM events),
weekly AS (SELECT week, e, avg(v) AS m, stddev_pop(n) AS sd FROM base GROUP BY week, e)
SELECT week, collect_list(e) AS es, round(max(m), 2) AS top FROM (SELECT * FROM weekly WHERE e IS NOT NULL ORDER BY e) GROUP BY week;
SELECT e, approx_percentile(n, 0.9) AS p90, max(n) FILTER (WHERE ts > TIMESTAMP '2024-01-02') AS late, min(ts) AS first_seen, max(ts) - min(ts) AS span FROM events GROUP BY e;
SELECT id, name, CASE dept WHEN 'ops' THEN 1 WHEN 'dev' THEN 2 ELSE 0 END AS code, dense_rank() OVER (ORDER BY dept NULLS FIRST) - 1 AS label FROM people;
SELECT dept, pay, CASE WHEN pay < 1000 THEN 'low' WHEN pay BETWEEN 1000 AND 5000 THEN 'mid' WHEN pay > 5000 THEN 'high' END AS band FROM people;
SELECT band, count(*) AS c, avg(pay) AS m FROM (SELECT pay, CASE WHEN pay < 1000 THEN 'low' WHEN pay <= 5000 THEN 'mid' ELSE 'high' END AS band FROM people) GROUP BY band HAVING count(*) > 1;
SELECT p.dept, count(*) AS n, sum(count(*)) OVER () AS total, round(count(*) * 100.0 / sum(count(*)) OVER (), 1) AS pct FROM people p GROUP BY p.dept;
-- refused
SELECT a.e, a.ts, b.ts AS prev_ts FROM events a LEFT JOIN events b ON a.e = b.e AND b.ts < a.ts AND NOT EXISTS (SELECT 1 FROM events c WHERE c.e = a.e AND c.ts > b.ts AND c.ts < a.ts) WHERE a.e = 1;
SELECT e, ts, n, avg(n) OVER (PARTITION BY e ORDER BY ts ROWS BETWEEN 3 PRECEDING AND 1 PRECEDING) AS prior_mean, n > 2 * avg(n) OVER (PARTITION BY e ORDER BY ts ROWS BETWEEN 3 PRECEDING AND 1 PRECEDING) AS spike FROM events;
SELECT e, max(streak) AS longest FROM (SELECT e, grp, count(*) AS streak FROM (SELECT e, n, sum(CASE WHEN n <= 3 THEN 1 ELSE 0 END) OVER (PARTITION BY e ORDER BY ts) AS grp FROM events) WHERE n > 3 GROUP BY e, grp) GROUP BY e;
SELECT e, sum(n) AS total FROM events GROUP BY e HAVING total > (SELECT avg(t) FROM (SELECT sum(n) AS t FROM events GROUP BY e));
SELECT e, src, count(*) AS c, count(*) / sum(count(*)) OVER (PARTITION BY e) AS p, -sum(count(*) * ln(count(*))) OVER (PARTITION BY e) AS h FROM events GROUP BY e, src;
SELECT e, -sum(p * log2(p)) AS entropy FROM (SELECT e, src, count(*) / sum(count(*)) OVER (PARTITION BY e) AS p FROM events GROUP BY e, src) GROUP BY e;
SELECT e, hour(ts) AS h, CASE WHEN hour(ts) < 3 THEN 'night' ELSE 'day' END AS part, dayofweek(ts) IN (1, 7) AS weekend, extract(WEEK FROM ts) AS wk, date_part('doy', ts) AS doy FROM events WHERE src = 1;
SELECT p.id, e.ts, e.n FROM people p LEFT JOIN (SELECT *, row_number() OVER (PARTITION BY e ORDER BY ts DESC) AS rn FROM events) e ON p.id = e.e AND e.rn = 1;
SELECT id, name FROM people WHERE id = (SELECT max(id) FROM people) OR boss IN (SELECT id FROM people WHERE dept = 'ops');
SELECT (SELECT count(*) FROM people q WHERE q.dept = p.dept AND q.pay > p.pay) + 1 AS pay_rank, p.name FROM people p;
SELECT dept, count(*) AS c, (SELECT floor FROM departments d WHERE d.dept = p.dept) AS floor FROM people p GROUP BY dept;
SELECT dept, sum(pay) AS s FROM people p GROUP BY dept HAVING sum(pay) > (SELECT max(floor) * 1000 FROM departments d WHERE d.dept = p.dept);
SELECT dept, count(*) AS c FROM people GROUP BY dept HAVING dept IN (SELECT dept FROM departments WHERE floor < 3);
SELECT t.e, t.ts, t.n, l.m FROM events t JOIN (SELECT e, max(n) AS m FROM events GROUP BY e) l ON t.e <=> l.e AND t.n = l.m;
SELECT coalesce(a.e, b.e) AS e, a.c AS c0, b.c AS c1 FROM (SELECT e, count(*) AS c FROM events WHERE src = 0 GROUP BY e) a FULL OUTER JOIN (SELECT e, count(*) AS c FROM events WHERE src = 1 GROUP BY e) b ON a.e = b.e;
SELECT map(CAST(src AS STRING), n) AS m, named_struct('e', e, 'n', n) AS s, array(n, src) AS a FROM events WHERE e = 2;
SELECT e, map_from_arrays(collect_list(src), collect_list(c)) AS m FROM (SELECT e, src, count(*) AS c FROM events WHERE e IN (0, 1) GROUP BY e, src ORDER BY e, src) GROUP BY e;
-- refused
SELECT e, histogram_numeric(n, 3) AS h FROM events GROUP BY e;
SELECT e, sum(n) AS s, CASE GROUPING(e) WHEN 1 THEN 'total' ELSE 'part' END AS lvl FROM events GROUP BY ROLLUP (e);
SELECT grouping_id(dept, boss) AS g, dept, boss, avg(pay) AS m FROM people GROUP BY dept, boss WITH CUBE;
SELECT date_trunc('MONTH', hired) AS m, count(*) AS c, sum(count(*)) OVER (ORDER BY date_trunc('MONTH', hired)) AS cum FROM people WHERE hired IS NOT NULL GROUP BY date_trunc('MONTH', hired);
SELECT e, ts, sum(n) OVER (PARTITION BY e, CAST(ts AS DATE) ORDER BY ts) AS intraday, count(*) OVER (PARTITION BY e ORDER BY ts DESC) AS left_over FROM events;
SELECT e, ts, avg(v) OVER (PARTITION BY e ORDER BY ts RANGE BETWEEN INTERVAL '12' HOUR PRECEDING AND INTERVAL '1' HOUR PRECEDING) AS m FROM events;
SELECT id, hired, count(*) OVER (ORDER BY hired RANGE BETWEEN INTERVAL 365 DAYS PRECEDING AND CURRENT ROW) AS c FROM people WHERE hired IS NOT NULL;
SELECT id, hired, count(*) OVER (ORDER BY hired RANGE BETWEEN 365 PRECEDING AND CURRENT ROW) AS c FROM people WHERE hired IS NOT NULL;
-- refused
SELECT id, hired, count(*) OVER (ORDER BY hired RANGE BETWEEN INTERVAL 1 YEAR PRECEDING AND CURRENT ROW) AS c FROM people WHERE hired IS NOT NULL;
SELECT id, last_value(pay) IGNORE NULLS OVER (ORDER BY id) AS l, first_value(pay) IGNORE NULLS OVER (ORDER BY id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS nxt FROM people;
SELECT e, regr_slope(n, unix_timestamp(ts)) AS slope, regr_r2(n, unix_timestamp(ts)) AS r2, regr_count(n, v) AS rc FROM events GROUP BY e;
SELECT e, try_divide(sum(CASE WHEN src = 1 THEN n END), count(CASE WHEN src = 1 THEN 1 END)) AS m1, sum(n * src) / nullif(sum(src), 0) AS w FROM events GROUP BY e;
SELECT DISTINCT ON_TIME FROM (SELECT n > 4 AS ON_TIME FROM events);
SELECT e.src, p.dept, count(*) FROM events e JOIN people p ON e.e = p.id GROUP BY e.src, p.dept ORDER BY 1, 2;
SELECT e, bit_count(n) AS b, n & 1 AS odd, shiftleft(n, 2) AS s, bool(n % 2) AS o FROM events WHERE e = 1;
SELECT sum(CASE WHEN pay IS NULL THEN 1 ELSE 0 END) / count(*) AS null_rate, count(DISTINCT dept) / count(*) AS uniq, approx_count_distinct(dept) AS acd, min(length(name)) AS ml FROM people;
