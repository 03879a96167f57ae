-- What was refused for long: subqueries beside groups, generators over aggregates, json_tuple, patterns
-- that are columns, numbers as formats say, options of JSON, errors on purpose.

SELECT dept, count(*) AS n, (SELECT max(d.floor) FROM departments d WHERE d.dept = p.dept) AS f FROM people p GROUP BY dept;
SELECT p.dept, sum(pay) AS s, (SELECT d.title FROM departments d WHERE d.dept = p.dept) AS title FROM people p GROUP BY p.dept;
SELECT p.dept, (SELECT count(*) FROM departments d WHERE d.dept = p.dept) AS c FROM people p GROUP BY p.dept;
SELECT dept FROM people p GROUP BY dept HAVING EXISTS (SELECT 1 FROM departments d WHERE d.dept = p.dept);
SELECT dept FROM people p GROUP BY dept HAVING NOT EXISTS (SELECT 1 FROM departments d WHERE d.dept = p.dept);
SELECT dept, count(*) AS n FROM people p GROUP BY dept HAVING count(*) > (SELECT min(floor) FROM departments d WHERE d.dept = p.dept);
SELECT dept, sum(pay) AS s FROM people p GROUP BY dept HAVING sum(pay) > (SELECT avg(pay) FROM people);
SELECT dept FROM people p GROUP BY dept HAVING dept IN (SELECT d.dept FROM departments d WHERE d.floor < 3);
SELECT dept FROM people p GROUP BY dept HAVING count(*) IN (SELECT d.floor FROM departments d WHERE d.dept = p.dept);
SELECT dept FROM people p GROUP BY dept HAVING max(id) IN (SELECT q.id FROM people q WHERE q.dept = p.dept);
SELECT dept, EXISTS (SELECT 1 FROM departments d WHERE d.dept = p.dept) AS known FROM people p GROUP BY dept;
SELECT dept, dept IN (SELECT d.dept FROM departments d) AS known FROM people p GROUP BY dept;
SELECT dept, max(id) IN (SELECT d.floor FROM departments d WHERE d.dept = p.dept) AS x FROM people p GROUP BY dept;
SELECT upper(dept) AS u, (SELECT max(d.floor) FROM departments d WHERE upper(d.dept) = upper(p.dept)) AS f FROM people p GROUP BY upper(dept);
SELECT dept, (SELECT max(d.floor) FROM departments d WHERE d.dept = p.name) AS f FROM people p GROUP BY dept;
SELECT dept, sum((SELECT max(d.floor) FROM departments d WHERE d.dept = p.dept)) AS f FROM people p GROUP BY dept;
SELECT dept, max((SELECT max(d.floor) FROM departments d WHERE d.dept = p.dept) + id) AS f FROM people p GROUP BY dept;
SELECT sum((SELECT count(*) FROM people q WHERE q.boss = p.id)) AS reports FROM people p;
SELECT dept, (SELECT max(d.floor) FROM departments d WHERE d.dept = p.dept) + count(*) AS f FROM people p GROUP BY dept;
SELECT dept, (SELECT max(d.floor) FROM departments d WHERE d.dept = p.dept AND d.floor < count(p.id)) AS f FROM people p GROUP BY dept;
SELECT dept, hired, (SELECT count(*) FROM people q WHERE q.hired < p.hired AND q.dept = p.dept) AS n FROM people p GROUP BY dept, hired;
-- refused
SELECT dept, (SELECT max(d.floor) FROM departments d WHERE d.dept = p.dept) AS f, count(*) AS n FROM people p GROUP BY dept, (SELECT max(d.floor) FROM departments d WHERE d.dept = p.dept);
SELECT (SELECT max(floor) FROM departments) AS f, count(*) AS n FROM people;
-- refused
SELECT dept, count(*) AS n FROM people p GROUP BY dept ORDER BY (SELECT max(d.floor) FROM departments d WHERE d.dept = p.dept), dept;
SELECT dept, count(*) / (SELECT count(*) FROM people) AS share FROM people GROUP BY dept;
SELECT year(hired) AS y, (SELECT count(*) FROM people q WHERE year(q.hired) < year(p.hired)) AS before FROM people p GROUP BY year(hired);
SELECT p.dept, (SELECT sum(q.pay) FROM people q WHERE q.dept = p.dept AND q.id > 2) AS s FROM people p GROUP BY p.dept HAVING count(*) > 1;
SELECT dept, sum(pay) AS s, (SELECT max(d.floor) FROM departments d WHERE d.dept = p.dept) AS f FROM people p GROUP BY ROLLUP (dept);
SELECT dept, count(*) FILTER (WHERE EXISTS (SELECT 1 FROM departments d WHERE d.dept = p.dept)) AS n FROM people p GROUP BY dept;
SELECT sum(CASE WHEN EXISTS (SELECT 1 FROM departments d WHERE d.dept = p.dept) THEN 1 ELSE 0 END) AS n FROM people p;
SELECT sum(CASE WHEN dept IN (SELECT dept FROM departments) THEN pay ELSE 0 END) AS n FROM people p;
SELECT dept, rank() OVER (ORDER BY sum(pay)) AS r, (SELECT max(d.floor) FROM departments d WHERE d.dept = p.dept) AS f FROM people p GROUP BY dept;
WITH m AS (SELECT dept, max(pay) AS top FROM people GROUP BY dept) SELECT p.dept, count(*) AS n, (SELECT m.top FROM m WHERE m.dept = p.dept) AS top FROM people p GROUP BY p.dept;
SELECT dept, (SELECT max(d.floor) FROM departments d WHERE d.dept = p.dept) FROM people p GROUP BY dept;
SELECT DISTINCT dept, (SELECT max(d.floor) FROM departments d WHERE d.dept = p.dept) AS f FROM people p;

SELECT explode(sequence(min(hired), max(hired), INTERVAL 1 YEAR)) AS d FROM people;
SELECT explode(sequence(min(hired), max(hired), INTERVAL 6 MONTH)) FROM people;
SELECT dept, explode(sequence(min(id), max(id))) AS i FROM people GROUP BY dept;
SELECT explode(sequence(min(id), max(id))), dept FROM people GROUP BY dept;
SELECT dept, count(*) AS n, explode(collect_set(boss)) AS b FROM people GROUP BY dept;
SELECT dept, posexplode(sort_array(collect_list(name))) FROM people GROUP BY dept;
SELECT dept, posexplode(sort_array(collect_list(name))) AS (p, v) FROM people GROUP BY dept ORDER BY dept, p;
SELECT explode(collect_list(id)) AS x FROM nested;
SELECT explode_outer(collect_list(boss)) AS b, dept FROM people GROUP BY dept;
SELECT explode(sort_array(collect_list(id))) AS x FROM people ORDER BY x DESC LIMIT 2;
-- refused
SELECT dept, explode(array(min(id), max(id))) AS x FROM people GROUP BY dept HAVING count(*) > 1;
SELECT dept, explode(map('lo', min(id), 'hi', max(id))) FROM people GROUP BY dept;
SELECT dept, inline(array(struct(min(id) AS lo, max(id) AS hi))) FROM people GROUP BY dept;
SELECT dept, stack(2, 'lo', min(id), 'hi', max(id)) AS (k, v) FROM people GROUP BY dept;
SELECT stack(2, 'n', count(*), 'm', count(pay)) FROM people;
SELECT explode(array(dept)) AS x FROM people GROUP BY dept;
SELECT explode(array(1, 2)) AS x, dept FROM people GROUP BY dept;
SELECT explode(array(1, 2)) AS x, count(*) AS n FROM people;
SELECT id, explode(a) AS x FROM nested GROUP BY id;
SELECT explode(a) AS x FROM nested GROUP BY x;
-- refused
SELECT explode(a) AS x, count(*) FROM nested GROUP BY 1;
-- refused
SELECT explode(a) AS x, count(*) FROM nested GROUP BY ALL;
SELECT dept, explode(sequence(min(id), max(id))) AS i, sum(pay) AS s FROM people GROUP BY dept ORDER BY dept, i;
SELECT explode(sequence(1, count(*))) AS i FROM people;
SELECT DISTINCT explode(sequence(1, count(*))) AS i FROM people GROUP BY dept;
SELECT d FROM (SELECT explode(sequence(min(CAST(ts AS date)), max(CAST(ts AS date)), INTERVAL 1 DAY)) AS d FROM events);
WITH days AS (SELECT explode(sequence(min(to_date(ts)), max(to_date(ts)))) AS d FROM events) SELECT d, count(e.ts) AS n FROM days LEFT JOIN events e ON to_date(e.ts) = d GROUP BY d ORDER BY d;
WITH b AS (SELECT e, date_trunc('DAY', min(ts)) AS lo, date_trunc('DAY', max(ts)) AS hi FROM events GROUP BY e) SELECT e, explode(sequence(lo, hi, INTERVAL 1 DAY)) AS d FROM b ORDER BY e, d;
SELECT e, explode(sequence(date_trunc('HOUR', min(ts)), date_trunc('HOUR', max(ts)), INTERVAL 12 HOURS)) AS h FROM events GROUP BY e;
-- refused
SELECT dept, rank() OVER (ORDER BY count(*)) AS r, explode(collect_list(id)) AS x FROM people GROUP BY dept;
-- refused
SELECT explode(collect_list(id) OVER (PARTITION BY dept)) AS x FROM people;
SELECT dept, explode(collect_list(id)) AS x, x + 1 AS y FROM people GROUP BY dept;
SELECT dept, explode(sequence(min(id), min(boss))) AS i FROM people WHERE dept IS NULL GROUP BY dept;
SELECT dept, explode(sequence(min(id), max(id))) + 1 FROM people GROUP BY dept;
-- refused
SELECT dept, explode(sequence(pay, max(id))) FROM people GROUP BY dept;

SELECT json_tuple('{"a": 1, "b": "x"}', 'a', 'b');
SELECT json_tuple('{"a": 1, "b": "x"}', 'a', 'b', 'c') AS (a, b, c);
SELECT json_tuple('{"a": {"b": [1, 2.50, "x"]}, "c": null, "d": true}', 'a', 'c', 'd');
SELECT json_tuple('{"a": [1, {"b" :  2}]}', 'a');
SELECT json_tuple('not json', 'a');
SELECT json_tuple(CAST(NULL AS string), 'a', 'b');
SELECT json_tuple('', 'a');
SELECT json_tuple('[1, 2]', 'a');
SELECT json_tuple('[{"a": 1}]', 'a');
SELECT json_tuple('"text"', 'a');
SELECT json_tuple('{"a": 1', 'a');
SELECT json_tuple('{"a": 1} x', 'a');
SELECT json_tuple('{"a": 1, "a": 2}', 'a');
SELECT json_tuple('{"a": null, "a": 2}', 'a');
SELECT json_tuple('{"a": 1.0, "b": 1e5, "c": 1.10, "d": 100000000000000000000, "e": -0.0}', 'a', 'b', 'c', 'd', 'e');
SELECT json_tuple('{"a": "q\\"uo\\u00e9\\n"}', 'a');
SELECT json_tuple('{"a.b": 1, "A": 2, " ": 3}', 'a.b', 'a', ' ');
SELECT json_tuple('{"a": 1}', 'a', 'a');
SELECT json_tuple('{"a": 1, "b": 2}', CAST(NULL AS string), 'b');
SELECT json_tuple('{"a": 1}', 5);
SELECT json_tuple('{"a": 1}');
SELECT json_tuple(5, 'a');
SELECT json_tuple('{''a'': 1}', 'a');
SELECT json_tuple('{a: 1}', 'a');
SELECT json_tuple('{"a": NaN}', 'a');
SELECT json_tuple('{"a": {"k": "v\\"w", "l": []}, "b": {}}', 'a', 'b');
SELECT id, json_tuple(j, 'n', 'm') AS (n, m) FROM VALUES (1, '{"n": 5, "m": [1]}'), (2, NULL), (3, '{"m": "z"}') AS t(id, j);
SELECT id, a, b FROM VALUES (1, '{"n": 5, "m": [1]}'), (2, NULL), (3, '{"m": "z"}') AS t(id, j) LATERAL VIEW json_tuple(j, 'n', 'm') v AS a, b;
SELECT id, v.* FROM VALUES (1, '{"n": 5, "m": [1]}'), (2, NULL), (3, '{"m": "z"}') AS t(id, j) LATERAL VIEW json_tuple(j, 'n', 'm') v;
SELECT id, a FROM VALUES (1, '{"n": 5, "m": [1]}'), (2, NULL), (3, '{"m": "z"}') AS t(id, j) LATERAL VIEW OUTER json_tuple(j, 'n') v AS a WHERE a IS NOT NULL;
SELECT a, count(*) AS n FROM VALUES ('{"n": 5}'), (NULL), ('{"n": "5"}') AS t(j) LATERAL VIEW json_tuple(j, 'n') v AS a GROUP BY a;
SELECT json_tuple(j, k) AS v FROM VALUES ('{"n": 5, "m": 6}', 'n'), ('{"n": 5, "m": 6}', 'm'), ('{"n": 5}', NULL) AS t(j, k);
SELECT json_tuple(j, 'n') AS (a, b) FROM VALUES ('{}') AS t(j);
SELECT v.a FROM VALUES ('{"n": {"o": 3}}') AS t(j) LATERAL VIEW json_tuple(j, 'n') u AS inner_json LATERAL VIEW json_tuple(u.inner_json, 'o') v AS a;
SELECT json_tuple('{"d": 0.1, "e": 12345678901234567890.123456789, "f": 1E+2, "g": 1e-7}', 'd', 'e', 'f', 'g');

SELECT s, p, s RLIKE p AS m FROM VALUES ('abc', 'b'), ('abc', '^b'), ('a1', '\\d'), (NULL, 'a'), ('a', NULL), ('', '') AS t(s, p);
SELECT regexp_extract(s, p, 1) AS x FROM VALUES ('k=v', '(\\w)='), ('k=v', '=(\\w)'), ('zz', '(y)'), (NULL, 'a') AS t(s, p);
SELECT regexp_extract(s, p) AS x FROM VALUES ('k=v', 'k'), ('zz', '(y)') AS t(s, p);
SELECT regexp_replace(s, p, '-') AS x FROM VALUES ('k=v', '='), ('zz', 'z'), ('abc', ''), ('abc', NULL) AS t(s, p);
SELECT regexp_replace(s, p, r) AS x FROM VALUES ('k=v', '(\\w)=', '$1:'), ('zz', 'z', 'y'), ('zz', 'z', NULL) AS t(s, p, r);
SELECT split(s, p) AS x FROM VALUES ('a,b,c', ','), ('a|b', '\\|'), ('abc', ''), ('abc', 'z'), (NULL, ',') AS t(s, p);
SELECT split(s, p, 2) AS x FROM VALUES ('a,b,c', ','), ('a1b2', '[0-9]') AS t(s, p);
SELECT regexp_extract_all(s, p, 0) AS x FROM VALUES ('a1b22', '[0-9]+'), ('x', 'y') AS t(s, p);
SELECT regexp_count(s, p) AS x FROM VALUES ('a1b22', '[0-9]'), ('x', 'y') AS t(s, p);
SELECT regexp_like(s, p) AS x FROM VALUES ('a1b22', '[0-9]'), ('x', 'y') AS t(s, p);
SELECT regexp_substr(s, p) AS x, regexp_instr(s, p) AS i FROM VALUES ('a1b22', '[0-9]+'), ('x', 'y') AS t(s, p);
SELECT t.t, d.dept FROM texts t JOIN departments d ON t.t RLIKE d.dept;
SELECT regexp_replace('Hello World', concat('(?i)', lower('WORLD')), 'x') AS x;
SELECT regexp_replace(t, concat('^', u), '') AS x FROM texts WHERE id IN (1, 4, 12, 14);
SELECT t RLIKE u AS x FROM texts WHERE u NOT IN ('\\', '%') AND id <> 9;
-- refused
SELECT s RLIKE p AS m FROM VALUES ('abc', '(') AS t(s, p);
-- refused
SELECT s RLIKE p AS m FROM VALUES ('abc', '[a-'), ('x', 'x') AS t(s, p);
SELECT count(*) FROM VALUES ('k1', 'k.'), ('k2', 'x') AS t(s, p) WHERE s RLIKE p;
SELECT s LIKE p AS m FROM VALUES ('abc', 'a%'), ('abc', '_b'), ('a%', 'a\\%') AS t(s, p);
SELECT name, regexp_replace(name, substr(name, 1, 1), '*') AS x FROM people;
SELECT split_part(s, p, 1) AS x FROM VALUES ('a,b,c', ','), ('a|b', '|') AS t(s, p);
