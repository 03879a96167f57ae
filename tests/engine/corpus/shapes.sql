-- Relations that change shape: generators, PIVOT, UNPIVOT, LATERAL, ordered sets, frames by intervals.

SELECT id, explode(a) FROM nested;
SELECT id, explode_outer(a) AS x FROM nested WHERE id > 1 ORDER BY id, x DESC;
SELECT id, posexplode(s) FROM nested;
SELECT id, posexplode_outer(s) AS (p, v) FROM nested;
SELECT explode(m), id FROM nested;
SELECT explode_outer(m) AS (k, v), id FROM nested;
SELECT posexplode(m) FROM nested;
SELECT id, inline(p) FROM nested;
SELECT id, inline_outer(p) AS (a1, b1) FROM nested;
SELECT stack(2, 1, 'a', 2, 'b');
SELECT id, stack(2, 'm', m, 'w', w) AS (k, v) FROM numbers WHERE id = 1;
SELECT id, stack(2, 'b', b, 'i', i) AS (k, v) FROM numbers;
SELECT stack(3, 1, 2, 3, 4);
SELECT stack(2, 1, NULL, 2, 3);
SELECT explode(a) + 1 FROM nested;
SELECT explode(a), explode(s) FROM nested;
SELECT explode(id) FROM nested;
SELECT explode(m) AS k FROM nested;
SELECT explode(a) AS (x, y) FROM nested;
SELECT id, explode(a) AS x, x + 1 FROM nested;
SELECT explode(a) AS x FROM nested GROUP BY x;
SELECT id FROM nested WHERE explode(a) > 1;
SELECT explode(a) AS x FROM nested ORDER BY id, x;
SELECT DISTINCT explode(a) AS x FROM nested ORDER BY x;
SELECT explode(a) AS x FROM nested LIMIT 2;
SELECT explode(collect_list(id)) AS x FROM nested;
SELECT id, explode(a), row_number() OVER (ORDER BY id) FROM nested;
SELECT explode(array());
SELECT explode(NULL);
SELECT explode(array(1, 2)), 5;
SELECT explode(a) x FROM nested WHERE x > 1;
SELECT id, x FROM nested LATERAL VIEW explode(a) t AS x;
SELECT id, t.x, n.* FROM nested LATERAL VIEW OUTER posexplode(s) n AS p, v LATERAL VIEW explode(a) t AS x WHERE x > 2;
SELECT * FROM nested LATERAL VIEW explode(m) t WHERE id = 1;
SELECT k, v FROM nested LATERAL VIEW OUTER explode(m) t AS k, v;
SELECT col FROM nested LATERAL VIEW explode(a) t;
SELECT id, x, v FROM nested LATERAL VIEW inline(p) t;
SELECT dept, w FROM people LATERAL VIEW explode(array(name, dept)) AS w;
SELECT id, t.x FROM nested LATERAL VIEW inline(p) t WHERE t.v > 0;
SELECT * FROM explode(array(1, 2));
SELECT * FROM posexplode(array('a', 'b')) AS t(i, w);
SELECT n.id, e.x FROM nested n, LATERAL explode(n.a) AS e(x);
SELECT n.id, e.x FROM nested n LEFT JOIN LATERAL explode(n.a) AS e(x) ON true;
-- refused
SELECT n.id, e.x FROM nested n LEFT JOIN LATERAL explode(n.a) AS e(x) ON x > 2;
SELECT n.id, e.x FROM nested n JOIN LATERAL explode(n.a) AS e(x) ON x > 2;
SELECT n.id, col FROM nested n, LATERAL explode(n.a);
SELECT * FROM stack(2, 1, 'x', 2, 'y');
SELECT * FROM inline(array(struct(1 AS a, 'b' AS b)));
SELECT explode(array(struct(1 AS a, 'b' AS b))) AS s, 1;
SELECT id, count(*) FROM nested LATERAL VIEW explode(a) t AS x GROUP BY id;
SELECT id, explode(a) AS id FROM nested WHERE id = 1;
SELECT upper(explode(s)) FROM nested;
SELECT if(true, explode(a), 1) FROM nested;
SELECT explode(a) FROM nested HAVING id > 1;
SELECT explode(a, s) FROM nested;
SELECT inline(a) FROM nested;
SELECT id, explode_outer(array(1)) FROM nested WHERE id = 1;
SELECT id, stack(1, 'a') AS c FROM nested WHERE id = 1;
-- refused
SELECT id, explode(a) AS x, row_number() OVER (PARTITION BY id ORDER BY x) AS r FROM nested;
SELECT id, explode(a) AS x FROM nested QUALIFY row_number() OVER (PARTITION BY id ORDER BY x) = 1;
SELECT id FROM nested LATERAL VIEW explode(a) t AS x, y;
SELECT id FROM nested LATERAL VIEW explode(m) t AS x;
-- refused
SELECT id FROM nested LATERAL VIEW upper(s) t AS x;
-- refused
SELECT id FROM nested LATERAL VIEW nosuch(s) t AS x;
SELECT id FROM nested LATERAL VIEW explode(zz) t AS x;
SELECT id, explode(a) AS x, x * 2 AS y FROM nested WHERE id = 1 ORDER BY y;
SELECT p.name, l.n FROM people p, LATERAL (SELECT count(*) AS n FROM people q WHERE q.boss = p.id) l;
SELECT p.name, n, mx FROM people p JOIN LATERAL (SELECT count(*) AS n, max(pay) AS mx FROM people q WHERE q.boss = p.id);
SELECT p.name, l.d FROM people p, LATERAL (SELECT p.pay * 2 AS d) l;
SELECT p.name, l.name FROM people p, LATERAL (SELECT q.name FROM people q WHERE q.boss = p.id ORDER BY q.hired DESC LIMIT 1) l;
SELECT p.name, l.name FROM people p LEFT JOIN LATERAL (SELECT q.name, 1 AS k FROM people q WHERE q.boss = p.id ORDER BY q.hired DESC LIMIT 1) l ON true;
SELECT p.name, l.* FROM people p, LATERAL (SELECT q.name, q.pay + p.id AS z FROM people q WHERE q.boss = p.id) l;
SELECT p.name, l.* FROM people p LEFT JOIN LATERAL (SELECT q.name, 1 AS one FROM people q WHERE q.boss = p.id) l;
SELECT p.name, l.x FROM people p LEFT JOIN LATERAL (SELECT q.name AS x FROM people q WHERE q.boss = p.id) l ON l.x > 'D';
SELECT * FROM people p, LATERAL (SELECT d.title FROM departments d WHERE d.dept = p.dept);
-- refused
SELECT * FROM (SELECT 1 AS id) p, LATERAL (SELECT p.id * 2);
SELECT * FROM (SELECT 1 AS id) p, LATERAL (SELECT p.id);
SELECT * FROM (SELECT 1 AS id) p, LATERAL (SELECT id, p.id + id AS z);
-- refused
SELECT * FROM people p, LATERAL (SELECT sum(q.pay * p.id) AS s FROM people q WHERE q.boss = p.id);
-- refused
SELECT * FROM (SELECT id FROM people) p LEFT JOIN LATERAL (SELECT count(*) AS c FROM people q WHERE q.boss = p.id GROUP BY q.boss) ON true;
-- refused
SELECT p.id, x FROM people p, LATERAL (SELECT explode(array(p.id, p.id * 2)) AS x);
SELECT * FROM people PIVOT (sum(pay) FOR dept IN ('ops', 'dev'));
SELECT * FROM (SELECT dept, boss, pay FROM people) PIVOT (sum(pay) AS s, count(*) AS n FOR dept IN ('ops' AS o, 'dev', 'zz'));
SELECT * FROM (SELECT dept, boss, pay FROM people) PIVOT (sum(pay), avg(pay) FOR boss IN (1, 3 AS three, NULL));
SELECT * FROM (SELECT dept, pay FROM people) PIVOT (max(pay) FOR dept IN ('ops', 'dev', 'law'));
SELECT * FROM (SELECT dept, boss, id, pay FROM people) PIVOT (count(1) AS c, sum(pay) FOR (dept, boss) IN (('ops', 1), ('dev', 3) AS d3));
SELECT * FROM (SELECT src, n, v FROM events) PIVOT (sum(n) FOR src IN (0, 1)) ORDER BY v;
SELECT * FROM (SELECT dept, pay, id % 2 AS odd FROM people) PIVOT (count(pay) FOR dept IN ('ops', 'dev')) WHERE odd = 1;
SELECT * FROM (SELECT dept, pay, id FROM people) PIVOT (sum(pay) * 2 FOR dept IN ('ops'));
SELECT * FROM (SELECT dept, pay, id FROM people) PIVOT (first(pay) FOR dept IN ('ops', 'dev'));
SELECT * FROM (SELECT dept, pay, id FROM people) PIVOT (collect_list(pay) FOR dept IN ('ops', 'dev'));
SELECT * FROM (SELECT dept, pay, id FROM people) PIVOT (count(DISTINCT id) AS u FOR dept IN ('ops', 'dev'));
SELECT * FROM (SELECT dept, pay, hired FROM people) PIVOT (sum(pay) FOR hired IN (DATE '2015-03-01', DATE'2016-07-15' AS b));
SELECT * FROM (SELECT dept, pay, id FROM people) PIVOT (sum(pay) FOR id IN (1, 1));
SELECT * FROM (SELECT dept, pay, id FROM people) PIVOT (sum(pay) FOR nosuch IN (1));
-- refused
SELECT * FROM (SELECT dept, pay, id FROM people) PIVOT (pay FOR id IN (1));
-- refused
SELECT * FROM (SELECT dept, pay, id FROM people) PIVOT (sum(pay) FOR id IN ('x'));
SELECT * FROM (SELECT dept, pay, id FROM people) PIVOT (sum(pay) FOR pay IN (1.5, 4000.50));
SELECT * FROM (SELECT dept, pay > 1 AS b, id FROM people) PIVOT (sum(id) FOR b IN (true, false));
SELECT id, k, v FROM numbers UNPIVOT (v FOR k IN (b, s, i)) WHERE id < 3;
SELECT id, k, v FROM numbers UNPIVOT INCLUDE NULLS (v FOR k IN (b AS bb, l)) AS u WHERE id IN (1, 4);
SELECT * FROM (SELECT id, i, l, b, s FROM numbers WHERE id < 3) UNPIVOT ((v, w) FOR k IN ((i, l), (b, s) AS bs));
SELECT * FROM (SELECT id, i, d FROM numbers WHERE id < 5) UNPIVOT (v FOR k IN (i, d));
SELECT * FROM (SELECT id, name, dept FROM people) UNPIVOT (v FOR k IN (name, dept)) u WHERE u.id < 3;
SELECT * FROM (SELECT id, name, pay FROM people) UNPIVOT (v FOR k IN (name, pay));
SELECT * FROM (SELECT id, m, w FROM numbers WHERE id = 1) UNPIVOT (v FOR k IN (m, w));
SELECT * FROM (SELECT id, b, i FROM numbers WHERE id = 1) UNPIVOT EXCLUDE NULLS (v FOR k IN (nosuch, i));
SELECT u.id, u.k FROM (SELECT id, b, i FROM numbers WHERE id = 1) UNPIVOT (v FOR k IN (b, i)) u;
SELECT t.id, k FROM numbers t UNPIVOT (v FOR k IN (b, s)) WHERE t.id = 1;
SELECT numbers.id, k FROM numbers UNPIVOT (v FOR k IN (b, s)) WHERE id = 1;
SELECT p.id, ops FROM people p PIVOT (sum(pay) FOR dept IN ('ops')) ORDER BY p.id;
SELECT * FROM (SELECT dept, name, boss FROM people) PIVOT (max(name) AS m, count(*) AS c FOR dept IN ('ops', 'dev'));
SELECT * FROM (SELECT dept, hired, boss FROM people) PIVOT (min(hired) FOR dept IN ('ops', 'dev'));
SELECT * FROM (SELECT dept, pay, boss FROM people) PIVOT (count(pay) AS c, avg(pay) AS a, stddev(pay) AS s FOR dept IN ('ops', 'law'));
SELECT * FROM (SELECT dept, pay, boss FROM people) PIVOT (min_by(boss, pay) FOR dept IN ('ops', 'dev'));
SELECT * FROM (SELECT dept, name, boss FROM people) PIVOT (max_by(name, boss) FOR dept IN ('ops', 'dev'));
SELECT * FROM (SELECT dept, pay, boss FROM people) PIVOT (sum(pay) FOR dept IN ('ops ', 'dev'));
SELECT * FROM (SELECT dept, pay FROM people WHERE false) PIVOT (sum(pay), count(*) FOR dept IN ('ops'));
SELECT * FROM (SELECT dept, name FROM people WHERE false) PIVOT (max(name), count(*) FOR dept IN ('ops'));
SELECT boss, round(ops, 1) AS o FROM (SELECT dept, pay, boss FROM people) PIVOT (round(avg(pay), 2) FOR dept IN ('ops', 'dev'));
SELECT * FROM (SELECT year(hired) AS y, dept, pay FROM people) PIVOT (sum(pay) FOR dept IN ('ops' AS ops_pay, 'dev' AS dev_pay)) ORDER BY y NULLS LAST;
SELECT * FROM (SELECT dept, i, b FROM people JOIN numbers USING (id)) PIVOT (sum(i) FOR b IN (1, 3, NULL));
SELECT k, sum(v) FROM numbers UNPIVOT (v FOR k IN (b, s)) GROUP BY k;
SELECT * FROM (SELECT id, i AS x, s AS y FROM numbers WHERE id < 3) UNPIVOT (v FOR k IN (x AS `the x`, y));
SELECT * FROM (SELECT id, a, m FROM nested) UNPIVOT (v FOR k IN (a));
SELECT * FROM people PIVOT (count(DISTINCT boss) FOR dept IN ('dev')) WHERE id < 3;
SELECT * FROM (SELECT dept, pay, boss FROM people) PIVOT (sum(DISTINCT pay) AS s, count(*) AS n FOR dept IN ('ops', 'dev'));
SELECT * FROM (SELECT dept, pay, boss FROM people) PIVOT (approx_count_distinct(pay) FOR dept IN ('ops', 'dev'));
SELECT * FROM (SELECT dept, boss FROM people) PIVOT (bool_or(boss > 1) FOR dept IN ('ops', 'dev'));
SELECT * FROM (SELECT dept, pay, boss FROM people) PIVOT (sum(pay) AS `total pay`, max(pay) FOR dept IN ('ops' `o p`, 'dev' AS d));
SELECT * FROM (SELECT dept, pay, boss FROM people) PIVOT (sum(CASE WHEN pay > 5000 THEN 1 ELSE 0 END) FOR dept IN ('ops', 'dev'));
SELECT * FROM (SELECT id % 2 = 0 AS even, dept, pay FROM people) PIVOT (sum(pay) FOR even IN (true AS t, false AS f));
SELECT * FROM (SELECT e, src, v FROM events) PIVOT (avg(v) AS m, max(v) AS x FOR e IN (0, 1, 2, 3, NULL));
SELECT * FROM people p JOIN departments d ON p.dept = d.dept PIVOT (sum(pay) FOR floor IN (1, 2));
SELECT sum(a) OVER (ORDER BY d RANGE BETWEEN INTERVAL 7 DAYS PRECEDING AND CURRENT ROW) AS s FROM VALUES (1, DATE '2024-01-01'), (2, DATE '2024-01-05'), (3, DATE '2024-01-08'), (4, DATE '2024-01-09'), (5, NULL), (6, DATE '2024-01-16') t(a, d);
SELECT sum(a) OVER (ORDER BY d RANGE BETWEEN INTERVAL '7' DAY PRECEDING AND CURRENT ROW) FROM VALUES (1, DATE '2024-01-01') t(a, d);
-- refused
SELECT sum(a) OVER (ORDER BY d RANGE BETWEEN INTERVAL 1 MONTH PRECEDING AND CURRENT ROW) FROM VALUES (1, DATE '2024-01-31'), (2, DATE '2024-02-29'), (4, DATE '2024-03-31') t(a, d);
-- refused
SELECT sum(a) OVER (ORDER BY d DESC RANGE BETWEEN INTERVAL 1 MONTH PRECEDING AND CURRENT ROW) AS s, a FROM VALUES (1, DATE '2024-01-31'), (2, DATE '2024-02-29'), (4, DATE '2024-03-31') t(a, d);
SELECT sum(a) OVER (ORDER BY d RANGE BETWEEN INTERVAL 12 HOURS PRECEDING AND CURRENT ROW) AS s FROM VALUES (1, DATE '2024-01-01'), (2, DATE '2024-01-02') t(a, d);
SELECT sum(a) OVER (ORDER BY d RANGE BETWEEN 7 PRECEDING AND CURRENT ROW) FROM VALUES (1, DATE '2024-01-01'), (2, DATE '2024-01-05') t(a, d);
SELECT sum(a) OVER (ORDER BY d RANGE BETWEEN INTERVAL 7 DAYS PRECEDING AND INTERVAL 1 DAY PRECEDING) FROM VALUES (1, TIMESTAMP '2024-01-01 00:00:00'), (2, TIMESTAMP '2024-01-05 10:00:00') t(a, d);
SELECT sum(a) OVER (ORDER BY d RANGE BETWEEN INTERVAL 30 DAYS PRECEDING AND CURRENT ROW) FROM VALUES (1, TIMESTAMP '2024-01-01 00:00:00'), (2, TIMESTAMP '2024-01-05 10:00:00') t(a, d);
-- refused
SELECT sum(a) OVER (ORDER BY d RANGE BETWEEN INTERVAL 1 MONTH PRECEDING AND CURRENT ROW) FROM VALUES (1, TIMESTAMP '2024-01-01 00:00:00'), (2, TIMESTAMP '2024-01-05 10:00:00') t(a, d);
SELECT sum(a) OVER (ORDER BY d RANGE BETWEEN INTERVAL 7 DAYS PRECEDING AND CURRENT ROW) FROM VALUES (1, TIMESTAMP_NTZ '2024-01-01 00:00:00'), (2, TIMESTAMP_NTZ '2024-01-05 10:00:00') t(a, d);
SELECT sum(a) OVER (ORDER BY m RANGE BETWEEN 1.5 PRECEDING AND CURRENT ROW) FROM VALUES (1, 1.50), (2, 2.75) t(a, m);
SELECT sum(a) OVER (ORDER BY m RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM VALUES (1, 1.50), (2, 2.75) t(a, m);
-- refused
SELECT sum(a) OVER (ORDER BY m RANGE BETWEEN 1.55 PRECEDING AND 1 FOLLOWING) FROM VALUES (1, 1.5), (2, 2.7) t(a, m);
SELECT sum(a) OVER (ORDER BY m RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM VALUES (1, 1.5D), (2, 2.5D), (3, double('NaN')), (4, NULL), (5, double('infinity')) t(a, m);
SELECT sum(a) OVER (ORDER BY m RANGE BETWEEN 0.5 PRECEDING AND 1 FOLLOWING) FROM VALUES (1, 1.5D), (2, 2.5D) t(a, m);
SELECT a, lag(a) IGNORE NULLS OVER (ORDER BY k) AS l, lead(a, 2) IGNORE NULLS OVER (ORDER BY k) AS d, lag(a, 1, -1) IGNORE NULLS OVER (ORDER BY k) AS e FROM VALUES (1, 1), (NULL, 2), (3, 3), (NULL, 4), (5, 5) t(a, k);
SELECT a, lag(a) IGNORE NULLS OVER (ORDER BY k) FROM VALUES (1, 1), (NULL, 2) t(a, k);
SELECT a, lag(a, -1) OVER (ORDER BY k), lead(a, -2) OVER (ORDER BY k), lag(a, 0) OVER (ORDER BY k) FROM VALUES (1, 1), (NULL, 2), (3, 3) t(a, k);
SELECT nth_value(a, 2) IGNORE NULLS OVER (ORDER BY k) FROM VALUES (1, 1), (NULL, 2), (3, 3), (4, 4) t(a, k);
SELECT sum(a) OVER w AS s, avg(a) OVER (w ROWS 1 PRECEDING) AS b FROM VALUES (1, 1), (2, 2) t(a, k) WINDOW w AS (PARTITION BY 1 ORDER BY k);
SELECT id, sum(pay) OVER (ORDER BY hired RANGE BETWEEN INTERVAL 365 DAYS PRECEDING AND CURRENT ROW) AS s FROM people;
-- refused
SELECT id, sum(pay) OVER (PARTITION BY dept ORDER BY hired DESC RANGE BETWEEN INTERVAL 2 YEARS PRECEDING AND CURRENT ROW) AS s FROM people;
SELECT id, count(*) OVER (ORDER BY hired RANGE BETWEEN INTERVAL 12 MONTHS PRECEDING AND INTERVAL 1 DAY PRECEDING) AS s FROM people;
SELECT e, n, avg(v) OVER (PARTITION BY e ORDER BY ts RANGE BETWEEN INTERVAL 1 DAY PRECEDING AND CURRENT ROW) AS a, count(*) OVER (PARTITION BY e ORDER BY ts RANGE BETWEEN INTERVAL '36' HOUR PRECEDING AND INTERVAL '1' SECOND PRECEDING) AS c FROM events;
SELECT e, n, sum(n) OVER (PARTITION BY e ORDER BY ts RANGE BETWEEN INTERVAL 1 WEEK PRECEDING AND INTERVAL 1 MICROSECOND PRECEDING) AS a FROM events;
SELECT e, n, sum(n) OVER (PARTITION BY src ORDER BY unix_timestamp(ts) RANGE BETWEEN 86400 PRECEDING AND CURRENT ROW) AS a FROM events;
SELECT e, n, sum(n) OVER (PARTITION BY src ORDER BY cast(ts AS date) RANGE BETWEEN INTERVAL 1 DAY PRECEDING AND INTERVAL 1 DAY FOLLOWING) AS a FROM events;
SELECT e, n, sum(n) OVER (PARTITION BY src ORDER BY datediff(ts, DATE'2024-01-01') RANGE BETWEEN 2 PRECEDING AND 1 PRECEDING) AS a FROM events;
-- refused
SELECT id, count(*) OVER (ORDER BY n RANGE BETWEEN INTERVAL 1 MONTH PRECEDING AND CURRENT ROW) AS s FROM times;
-- refused
SELECT id, count(*) OVER (ORDER BY d RANGE BETWEEN INTERVAL 6 MONTHS PRECEDING AND CURRENT ROW) AS s FROM times WHERE id <> 3;
SELECT id, count(*) OVER (ORDER BY ts RANGE BETWEEN CURRENT ROW AND INTERVAL 1 HOUR FOLLOWING) AS s FROM times WHERE id <> 4;
SELECT id, count(*) OVER (ORDER BY d RANGE BETWEEN INTERVAL 3 DAYS PRECEDING AND INTERVAL 1 MONTH FOLLOWING) AS s FROM times;
SELECT e, src, last_value(v) IGNORE NULLS OVER (PARTITION BY e ORDER BY ts) AS l, lag(v) IGNORE NULLS OVER (PARTITION BY e ORDER BY ts) AS p, lead(v, 2) IGNORE NULLS OVER (PARTITION BY e ORDER BY ts) AS x FROM events;
-- refused
SELECT id, lag(dept, 1, 'none') IGNORE NULLS OVER (ORDER BY id) AS p, lead(name, 3) IGNORE NULLS OVER (ORDER BY id DESC) AS q, lag(name, 0) IGNORE NULLS OVER (ORDER BY id) AS z FROM people;
SELECT id, lag(pay, -2, 0.5) OVER (ORDER BY id) AS p, lead(pay, -1, -1) OVER (ORDER BY id) AS q FROM people;
SELECT id, lag(dept, 1) RESPECT NULLS OVER (ORDER BY id) AS p FROM people;
-- refused
SELECT id, lag(dept, -1) IGNORE NULLS OVER (ORDER BY id) AS p FROM people;
SELECT id, nth_value(dept, 2) IGNORE NULLS OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 2 FOLLOWING) AS p FROM people;
SELECT id, first_value(dept) IGNORE NULLS OVER (ORDER BY id DESC ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS p FROM people;
SELECT id, sum(pay) OVER (ORDER BY pay RANGE BETWEEN 1000 PRECEDING AND CURRENT ROW) AS s FROM people;
SELECT id, sum(pay) OVER (ORDER BY pay DESC RANGE BETWEEN 999.75 PRECEDING AND 0.25 FOLLOWING) AS s FROM people;
SELECT id, count(*) OVER (ORDER BY d RANGE BETWEEN 1.5 PRECEDING AND 1 FOLLOWING) AS s FROM numbers;
-- refused
SELECT id, count(*) OVER (ORDER BY w RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) AS s FROM numbers;
-- refused
SELECT id, count(*) OVER (ORDER BY i RANGE BETWEEN 5 PRECEDING AND CURRENT ROW) AS s FROM numbers;
SELECT id, count(*) OVER (ORDER BY l RANGE BETWEEN 5 PRECEDING AND 5 FOLLOWING) AS s FROM numbers WHERE abs(id) > 3;
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY a) FROM VALUES (1, 1), (2, 2) t(a, k);
SELECT percentile_cont(0.25) WITHIN GROUP (ORDER BY a DESC), percentile_disc(0.5) WITHIN GROUP (ORDER BY a), percentile_disc(0.5) WITHIN GROUP (ORDER BY a DESC) FROM VALUES (1, 1), (2, 2), (NULL, 3), (7, 4) t(a, k);
-- refused
SELECT listagg(name, ', ') WITHIN GROUP (ORDER BY name DESC), string_agg(dept), listagg(DISTINCT dept, '-') FROM people;
SELECT dept, string_agg(name, ';') FROM people GROUP BY dept;
-- refused
SELECT mode() WITHIN GROUP (ORDER BY dept) FROM people;
SELECT dept, listagg(id, ',') WITHIN GROUP (ORDER BY id) FROM people GROUP BY dept;
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY pay) FILTER (WHERE dept = 'ops') FROM people;
-- refused
SELECT percentile_cont(array(0.25, 0.5)) WITHIN GROUP (ORDER BY id) FROM people;
-- refused
SELECT listagg(name) WITHIN GROUP (ORDER BY pay, name) AS l FROM people;
SELECT listagg(name) FROM people WHERE false;
SELECT percentile_disc(0.3) WITHIN GROUP (ORDER BY pay) AS q FROM people;
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY id) OVER (PARTITION BY dept) FROM people;
SELECT dept, percentile_cont(0.9) WITHIN GROUP (ORDER BY pay) AS p90, percentile_disc(0.9) WITHIN GROUP (ORDER BY pay DESC) AS d FROM people GROUP BY dept;
SELECT percentile_disc(0.1) WITHIN GROUP (ORDER BY n), percentile_disc(0.3) WITHIN GROUP (ORDER BY n), percentile_disc(0.7) WITHIN GROUP (ORDER BY n), percentile_disc(0) WITHIN GROUP (ORDER BY n), percentile_disc(1) WITHIN GROUP (ORDER BY n DESC) FROM events;
SELECT percentile_disc(0.3) WITHIN GROUP (ORDER BY id), percentile_disc(0.1) WITHIN GROUP (ORDER BY id), percentile_disc(0.6) WITHIN GROUP (ORDER BY id), percentile_disc(0.7) WITHIN GROUP (ORDER BY id), percentile_disc(0.2) WITHIN GROUP (ORDER BY id DESC) FROM numbers;
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY v), percentile_cont(0.3) WITHIN GROUP (ORDER BY v DESC) FROM events WHERE n <> 7;
-- refused
SELECT percentile_cont(1.5) WITHIN GROUP (ORDER BY v) FROM events;
-- refused
SELECT percentile_cont(0.5) FROM events;
SELECT dept, listagg(name, '|') WITHIN GROUP (ORDER BY pay DESC) AS l FROM people GROUP BY dept HAVING count(*) > 1;
SELECT listagg(t, '') WITHIN GROUP (ORDER BY id DESC), listagg(t, NULL) WITHIN GROUP (ORDER BY t NULLS LAST) FROM texts;
SELECT string_agg(name, ',') FILTER (WHERE dept = 'dev') AS l, count(*) FROM people;
-- refused
SELECT listagg(pay, ',') FROM people;
-- refused
SELECT listagg(name, dept) FROM people;
SELECT e, listagg(n, '-') WITHIN GROUP (ORDER BY v) AS l FROM events GROUP BY e;
SELECT a.k, percentile_disc(0.05) WITHIN GROUP (ORDER BY b.k) AS d0, percentile_disc(0.1) WITHIN GROUP (ORDER BY b.k) AS d1, percentile_disc(0.15) WITHIN GROUP (ORDER BY b.k DESC) AS d2, percentile_disc(0.2) WITHIN GROUP (ORDER BY b.k) AS d3, percentile_disc(0.29) WITHIN GROUP (ORDER BY b.k) AS d4 FROM (SELECT row_number() OVER (ORDER BY ts) AS k FROM events) a JOIN (SELECT row_number() OVER (ORDER BY ts) AS k FROM events) b ON b.k <= a.k GROUP BY a.k;
SELECT a.k, percentile_disc(0.3) WITHIN GROUP (ORDER BY b.k) AS d0, percentile_disc(0.35) WITHIN GROUP (ORDER BY b.k) AS d1, percentile_disc(0.4) WITHIN GROUP (ORDER BY b.k DESC) AS d2, percentile_disc(0.55) WITHIN GROUP (ORDER BY b.k) AS d3 FROM (SELECT row_number() OVER (ORDER BY ts) AS k FROM events) a JOIN (SELECT row_number() OVER (ORDER BY ts) AS k FROM events) b ON b.k <= a.k GROUP BY a.k;
SELECT a.k, percentile_disc(0.57) WITHIN GROUP (ORDER BY b.k) AS d0, percentile_disc(0.6) WITHIN GROUP (ORDER BY b.k) AS d1, percentile_disc(0.7) WITHIN GROUP (ORDER BY b.k DESC) AS d2, percentile_disc(0.9) WITHIN GROUP (ORDER BY b.k) AS d3 FROM (SELECT row_number() OVER (ORDER BY ts) AS k FROM events) a JOIN (SELECT row_number() OVER (ORDER BY ts) AS k FROM events) b ON b.k <= a.k GROUP BY a.k;
SELECT a.k, percentile_cont(0.05) WITHIN GROUP (ORDER BY b.k * 1.0D) AS d0, percentile_cont(0.1) WITHIN GROUP (ORDER BY b.k * 1.0D) AS d1, percentile_cont(0.15) WITHIN GROUP (ORDER BY b.k * 1.0D DESC) AS d2, percentile_cont(0.2) WITHIN GROUP (ORDER BY b.k * 1.0D) AS d3, percentile_cont(0.29) WITHIN GROUP (ORDER BY b.k * 1.0D) AS d4 FROM (SELECT row_number() OVER (ORDER BY ts) AS k FROM events) a JOIN (SELECT row_number() OVER (ORDER BY ts) AS k FROM events) b ON b.k <= a.k GROUP BY a.k;
SELECT a.k, percentile_cont(0.3) WITHIN GROUP (ORDER BY b.k * 1.0D) AS d0, percentile_cont(0.35) WITHIN GROUP (ORDER BY b.k * 1.0D) AS d1, percentile_cont(0.4) WITHIN GROUP (ORDER BY b.k * 1.0D DESC) AS d2, percentile_cont(0.55) WITHIN GROUP (ORDER BY b.k * 1.0D) AS d3 FROM (SELECT row_number() OVER (ORDER BY ts) AS k FROM events) a JOIN (SELECT row_number() OVER (ORDER BY ts) AS k FROM events) b ON b.k <= a.k GROUP BY a.k;
SELECT a.k, percentile_cont(0.57) WITHIN GROUP (ORDER BY b.k * 1.0D) AS d0, percentile_cont(0.6) WITHIN GROUP (ORDER BY b.k * 1.0D) AS d1, percentile_cont(0.7) WITHIN GROUP (ORDER BY b.k * 1.0D DESC) AS d2, percentile_cont(0.9) WITHIN GROUP (ORDER BY b.k * 1.0D) AS d3 FROM (SELECT row_number() OVER (ORDER BY ts) AS k FROM events) a JOIN (SELECT row_number() OVER (ORDER BY ts) AS k FROM events) b ON b.k <= a.k GROUP BY a.k;
