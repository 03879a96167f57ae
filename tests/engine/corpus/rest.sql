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

SELECT to_number(s, '999') AS x FROM VALUES ('1'), ('12'), ('123'), (NULL) AS t(s);
SELECT try_to_number(s, '999') AS x FROM VALUES ('1'), ('1234'), ('12a'), (''), (' 12'), ('12 '), ('-12'), ('1.2'), ('+1'), (NULL), ('1 2') AS t(s);
SELECT try_to_number(s, '999,999') AS x FROM VALUES ('123,456'), ('123456'), ('1,234'), ('12,34'), ('1234'), ('123'), (',123'), ('1,23'), ('1,2345'), ('') AS t(s);
SELECT try_to_number(s, '999,999.99') AS x FROM VALUES ('123,456.78'), ('1,234.5'), ('0.5'), ('.5'), ('12.'), ('12'), ('1,234.567'), ('1234.5'), ('12,345'), ('.') AS t(s);
SELECT try_to_number(s, '000.00') AS x FROM VALUES ('123.45'), ('12.34'), ('1.2'), ('012.30'), ('123.4'), ('123'), ('.45') AS t(s);
SELECT try_to_number(s, '$999.99') AS x FROM VALUES ('$12.50'), ('12.50'), ('$.5'), ('-$1.5'), ('$-1.5'), ('$ 1.5') AS t(s);
SELECT try_to_number(s, 'S999.99') AS x FROM VALUES ('-12.50'), ('+12.50'), ('12.5'), (' -1'), ('- 1'), ('12-') AS t(s);
SELECT try_to_number(s, '999.99S') AS x FROM VALUES ('12.50-'), ('12.50+'), ('12.5'), ('-12.5') AS t(s);
SELECT try_to_number(s, 'MI999') AS x FROM VALUES ('-12'), ('12'), ('+12'), ('12-') AS t(s);
SELECT try_to_number(s, '999MI') AS x FROM VALUES ('12-'), ('12'), ('12+') AS t(s);
-- refused
SELECT try_to_number(s, '999PR') AS x FROM VALUES ('<12>'), ('12'), ('<12') AS t(s);
SELECT try_to_number(s, '9G999D99') AS x FROM VALUES ('1,234.56'), ('234.56'), ('1234.56') AS t(s);
SELECT try_to_number(s, '0999') AS x FROM VALUES ('1234'), ('123'), ('0012'), ('12345') AS t(s);
SELECT try_to_number(s, '9990') AS x FROM VALUES ('1234'), ('123'), ('0') AS t(s);
SELECT try_to_number(s, '9,999,999') AS x FROM VALUES ('1,234,567'), ('1234567'), ('234,567'), ('1,234567'), ('1234,567'), ('567') AS t(s);
SELECT try_to_number(s, '99.0') AS x FROM VALUES ('12.3'), ('12'), ('12.34') AS t(s);
SELECT try_to_number(s, 'S$999,999.99') AS x FROM VALUES ('-$1,234.50'), ('$1.5'), ('-1.5') AS t(s);
SELECT try_to_number(s, '$999,999.99') AS x FROM VALUES ('$1,234.50'), ('$1.5'), ('$123,456.789') AS t(s);
SELECT to_number('abc', '999');
SELECT to_number('12.34', '99');
SELECT to_number('454', '000'), to_number('454.00', '000.00'), to_number('12,454', '00,000'), to_number('$78.12', '$99.99'), to_number('12,454.8-', '99,999.9S');
-- refused
SELECT to_number('1', 'x9');
-- refused
SELECT to_number('1', '');
-- refused
SELECT to_number('1', '9.9.9');
-- refused
SELECT to_number('1', '9$');
-- refused
SELECT to_number('1', '9,');
-- refused
SELECT to_number('1', ',9');
-- refused
SELECT to_number('1', '9.9,9');
-- refused
SELECT to_number('1', 'S9S');
-- refused
SELECT to_number(1, '9');
-- refused
SELECT to_number(s, f) AS x FROM VALUES ('1', '9') AS t(s, f);
-- refused
SELECT to_number('1', CAST(NULL AS string));
SELECT try_to_number('', '999') AS a, try_to_number('+', 'S9') AS b, try_to_number('-', 'MI9') AS c, try_to_number('$', '$9') AS d, try_to_number('-0', 'S9') AS e;
SELECT to_number('', '999');
SELECT try_to_number(s, '09,999') AS a, try_to_number(s, '0,999') AS b, try_to_number(s, '9,000') AS c, try_to_number(s, '90,000.90') AS d FROM VALUES ('12,345'), ('2,345'), ('345'), ('0,345'), ('02,345'), ('1,5'), ('12,345.6'), (',345'), ('12,345.67') AS t(s);
-- refused
SELECT try_to_number(s, '999') AS a FROM VALUES (concat('1', chr(9))), ('-'), ('1-'), ('٣') AS t(s);
SELECT try_to_number(s, 's999') AS a, try_to_number(s, 'mi999') AS b FROM VALUES ('-12'), ('12') AS t(s);
SELECT try_to_number(s, '99999999999999999999999999999999999999') AS a FROM VALUES ('12345678901234567890123456789012345678'), ('1') AS t(s);
SELECT concat('>', to_char(x, '990')) AS a, concat('>', to_char(x, '0,000')) AS b, concat('>', to_char(x, '9,000')) AS c, concat('>', to_char(x, '999,990')) AS d, concat('>', to_char(x, '90,000.09')) AS e, concat('>', to_char(x, '09,999')) AS f FROM VALUES (0), (1), (12), (123), (1234), (12345), (-7) AS t(x);
SELECT concat('>', to_char(x, 'S9.9')) AS a, concat('>', to_char(x, 'MI9.9')) AS b, concat('>', to_char(x, '9.9S')) AS c, concat('>', to_char(x, '9.9MI')) AS d, concat('>', to_char(x, 'S$9.9')) AS e, concat('>', to_char(x, 'S9,999.9')) AS f, concat('>', to_char(x, '$9,999.9MI')) AS g, concat('>', to_char(x, 'S0,000.0')) AS h, concat('>', to_char(x, 'MI$9.0')) AS i FROM VALUES (0.0), (0.5), (-0.5), (1.0), (-1.5), (12.5) AS t(x);
SELECT concat('>', to_char(x, 's9,999')) AS a, concat('>', to_char(x, '9g999d99')) AS b FROM VALUES (12), (1234) AS t(x);
SELECT concat('>', to_char(d, '999,999,990.00')) AS a FROM numbers WHERE id NOT IN (2, 3, 6, 10);
SELECT concat('>', to_char(b, '999')) AS b, concat('>', to_char(s, 'S99,999')) AS s, concat('>', to_char(i, 'S9,999,999,999')) AS i, concat('>', to_char(m, '$99,999,999.99MI')) AS m FROM numbers;
SELECT to_char(1.5D, '9.99'), to_char(12, '99'), to_varchar(12.5, '99.9');
SELECT to_number('12', '99') + 1 AS x, to_char(to_number('1,234', '9,999'), '9999') AS y;
SELECT sum(try_to_number(regexp_replace(t, '[^0-9.]', ''), '999999.99')) AS s FROM texts;
SELECT to_char(x, '999') AS s FROM VALUES (1), (12), (123), (1234), (-5), (0), (NULL) AS t(x);
SELECT to_char(x, '000') AS s FROM VALUES (1), (12), (123), (1234), (-5), (0) AS t(x);
SELECT to_char(x, '999.99') AS s FROM VALUES (1.5), (12.345), (123.456), (-5.1), (0.00), (0.5), (999.999), (1234.5) AS t(x);
SELECT to_char(x, '990.00') AS s FROM VALUES (1.5), (12.345), (0.004), (-0.5), (0.5) AS t(x);
SELECT to_char(x, '999,999.99') AS s FROM VALUES (1234.5), (12.3), (123456.789), (0), (-1234), (1234567) AS t(x);
SELECT to_char(x, '$999,999.00') AS s FROM VALUES (1234.5), (12.3), (123456.789), (0), (-1234) AS t(x);
SELECT to_char(x, 'S999') AS s FROM VALUES (1), (-12), (0), (1234) AS t(x);
SELECT to_char(x, '999S') AS s FROM VALUES (1), (-12), (0) AS t(x);
SELECT to_char(x, 'MI999') AS s FROM VALUES (1), (-12), (0) AS t(x);
SELECT to_char(x, '999MI') AS s FROM VALUES (1), (-12), (0) AS t(x);
-- refused
SELECT to_char(x, '999PR') AS s FROM VALUES (1), (-12), (0) AS t(x);
SELECT to_char(x, '000,000') AS s FROM VALUES (1), (-12), (123456) AS t(x);
SELECT concat('>', to_char(x, '9G999D9')) AS s FROM VALUES (1.25), (1234.56) AS t(x);
SELECT to_char(x, '$99.99') AS s FROM VALUES (1.25D), (78.12D), (-1.5D), (CAST('NaN' AS double)) AS t(x);
SELECT to_char(x, 'S$999,999.99') AS s FROM VALUES (1.25), (-1234.56), (0.1) AS t(x);
SELECT to_char(pay, '$99,999.99') AS s, to_varchar(pay, '99999') AS v FROM people;
SELECT to_char(hired, 'yyyy-MM') AS m, to_varchar(hired, 'dd') AS d FROM people;
SELECT to_char(ts, 'yyyy/MM/dd HH:mm') AS m FROM events WHERE e = 1;
SELECT to_char(x, '99,99,99') AS s FROM VALUES (1), (1234), (123456) AS t(x);
-- refused
SELECT to_char('12', '999');
-- refused
SELECT to_char(12, '9x');
-- refused
SELECT to_char(CAST('abc' AS binary), 'hex'), to_char(CAST('abc' AS binary), 'base64'), to_char(CAST('abc' AS binary), 'utf-8');
SELECT to_char(w, '999999999999999999999999999999.99') AS s FROM numbers;
SELECT to_char(l, '9999999999999999999') AS s FROM numbers;
-- refused
SELECT to_char(0.5, '.99') AS a, to_char(1.5, '.99') AS b, to_char(12, '9') AS c, to_char(0, '9') AS d, to_char(0, '0') AS e, to_char(0, '9.9') AS f;

SELECT from_json(j, 'a INT', map('mode', 'PERMISSIVE')) AS r FROM VALUES ('{"a": 1}'), ('{"a": "x"}'), ('bad'), (NULL) AS t(j);
SELECT from_json(j, 'a INT', map('mode', 'FAILFAST')) AS r FROM VALUES ('{"a": 1}'), (NULL) AS t(j);
SELECT from_json(j, 'a INT', map('mode', 'FAILFAST')) AS r FROM VALUES ('{"a": 1}'), ('bad') AS t(j);
SELECT from_json(j, 'a INT', map('mode', 'FAILFAST')) AS r FROM VALUES ('{"a": "x"}') AS t(j);
-- refused
SELECT from_json(j, 'a INT', map('mode', 'DROPMALFORMED')) AS r FROM VALUES ('{"a": 1}') AS t(j);
SELECT from_json('{"d": "26/08/2015"}', 'd DATE', map('dateFormat', 'dd/MM/yyyy')) AS r;
SELECT from_json('{"time":"26/08/2015"}', 'time Timestamp', map('timestampFormat', 'dd/MM/yyyy')) AS r;
SELECT from_json(j, 'd DATE', map('dateFormat', 'dd/MM/yyyy')) AS r FROM VALUES ('{"d": "26/08/2015"}'), ('{"d": "2015-08-26"}'), ('{"d": 5}'), ('{"d": "31/02/2020"}'), ('{"d": null}'), ('{"d": ""}'), ('{"d": "1/2/2020"}') AS t(j);
-- refused
SELECT from_json(j, 't TIMESTAMP', map('timestampFormat', 'yyyy-MM-dd HH:mm')) AS r FROM VALUES ('{"t": "2015-08-26 10:20"}'), ('{"t": "2015-08-26 10:20:30"}'), ('{"t": 5}'), ('{"t": "x"}') AS t(j);
SELECT from_json(j, 'd DATE, t TIMESTAMP, n INT', map('dateFormat', 'yyyyMMdd', 'timestampFormat', 'yyyyMMddHHmmss', 'mode', 'PERMISSIVE')) AS r FROM VALUES ('{"d": "20150826", "t": "20150826102030", "n": 1}') AS t(j);
-- refused
SELECT from_json('{"a": 1}', 'a INT', map('foo', 'bar')) AS r;
-- refused
SELECT from_json('{"a": 1}', 'a INT', map()) AS r;
SELECT from_json('{"a": 1}', 'a INT', map('MODE', 'permissive')) AS r;
SELECT to_json(named_struct('a', 1, 'b', CAST(NULL AS int)), map('ignoreNullFields', 'false')) AS j;
SELECT to_json(named_struct('a', 1, 'b', CAST(NULL AS int)), map('ignoreNullFields', 'true')) AS j;
SELECT to_json(r, map('ignoreNullFields', 'false')) AS j FROM nested;
SELECT to_json(p, map('ignoreNullFields', 'false')) AS j FROM nested;
SELECT to_json(m, map('ignoreNullFields', 'false')) AS j FROM nested;
SELECT to_json(named_struct('t', TIMESTAMP'2015-08-26 10:20:30'), map('timestampFormat', 'dd/MM/yyyy')) AS j;
SELECT to_json(named_struct('t', ts, 'd', d), map('timestampFormat', 'yyyy-MM-dd HH:mm:ss', 'dateFormat', 'dd.MM.yyyy')) AS j FROM times WHERE id IN (1, 7, 8);
SELECT to_json(named_struct('d', DATE'2015-08-26'), map('dateFormat', 'yyyyMMdd', 'ignoreNullFields', 'false')) AS j;
SELECT to_json(named_struct('d', hired, 'n', name), map('dateFormat', 'MM/yyyy')) AS j FROM people;
SELECT to_json(named_struct('a', CAST(NULL AS int)), map('ignoreNullFields', 'false'));
SELECT from_json(s, 'a INT', map('mode', 'PERMISSIVE')) FROM VALUES ('{"a": 1}') AS t(s);
SELECT from_json(s, 'a ARRAY<INT>, b STRUCT<c: INT>, m MAP<STRING, INT>', map('mode', 'FAILFAST')) AS r FROM VALUES ('{"a": [1, null], "b": {"c": 1, "d": 2}, "m": {"k": 1}, "z": 5}'), ('{"b": null}'), ('{}') AS t(s);
SELECT from_json(s, 'b STRUCT<c: INT>', map('mode', 'FAILFAST')) AS r FROM VALUES ('{"b": {"c": "x"}}') AS t(s);
SELECT from_json(s, 'a INT', map('mode', 'FAILFAST')) AS r FROM VALUES ('{"a": 1') AS t(s);
SELECT from_json(s, 'ARRAY<STRUCT<d: DATE>>', map('dateFormat', 'MM/dd/yyyy')) AS r FROM VALUES ('[{"d": "12/31/2020"}, {"d": "x"}, null]'), ('{"d": "01/02/2020"}') AS t(s);
SELECT from_json(s, 't TIMESTAMP', map('timestampFormat', "yyyy-MM-dd'T'HH:mm:ssXXX")) AS r FROM VALUES ('{"t": "2020-01-02T03:04:05+02:00"}'), ('{"t": "2020-01-02T03:04:05Z"}'), ('{"t": "2020-01-02 03:04:05"}') AS t(s);
SELECT from_json(s, 't TIMESTAMP', map('timestampFormat', 'yyyy-MM-dd HH:mm:ss.SSS')) AS r FROM VALUES ('{"t": "2020-01-02 03:04:05.123"}'), ('{"t": "2020-01-02 03:04:05"}') AS t(s);
SELECT to_json(named_struct('d', DATE'2020-01-02', 'a', array(DATE'2020-01-03', NULL), 'm', map('k', TIMESTAMP'2020-01-02 03:04:05.678')), map('dateFormat', 'dd MMM yyyy', 'timestampFormat', 'yyyy-MM-dd HH:mm:ss.SSS')) AS j;
SELECT to_json(named_struct('n', TIMESTAMP_NTZ'2020-01-02 03:04:05'), map('timestampFormat', 'yyyy')) AS j;
-- refused
SELECT from_json(s, 'd DATE', map('dateFormat', 'yyyy-MM-dd', 'foo', 'x')) AS r FROM VALUES ('{"d": "2020-01-02"}') AS t(s);
-- refused
SELECT to_json(named_struct('a', 1), map('pretty', 'true')) AS j;
SELECT to_json(array(named_struct('a', CAST(NULL AS string))), map('ignoreNullFields', 'false')) AS j;

SELECT raise_error('no');
SELECT raise_error(CAST(NULL AS string));
SELECT CASE WHEN 1 > 2 THEN raise_error('no') ELSE 'fine' END AS x;
SELECT if(id < 100, name, raise_error('bad id')) AS x FROM people;
SELECT if(id < 3, name, raise_error('bad id')) AS x FROM people;
SELECT coalesce(name, raise_error('no name')) AS x FROM people WHERE name IS NOT NULL;
SELECT coalesce(name, raise_error('no name')) AS x FROM people;
SELECT assert_true(1 < 2);
SELECT assert_true(1 > 2);
SELECT assert_true(1 > 2, 'why');
SELECT assert_true(CAST(NULL AS boolean));
SELECT assert_true(id > 0) AS a, id FROM people;
SELECT assert_true(id > 1) AS a, id FROM people;
SELECT assert_true(count(*) = 7) AS ok FROM people;
SELECT assert_true(count(*) = 8, concat('rows: ', count(*))) AS ok FROM people;
SELECT typeof(raise_error('x'));
SELECT 1 + raise_error('x');
-- refused
SELECT count(*) FROM people WHERE pay > 0 OR raise_error('x') IS NULL;
-- refused
SELECT map_zip_with(map('a', 1, 'b', 2), map('a', 10, 'c', 30), (k, x, y) -> coalesce(x, 0) + coalesce(y, 0)) AS m;
-- refused
SELECT map_zip_with(m, map('k', 5, 'z', 6), (k, x, y) -> concat(k, ':', x, ':', y)) AS m FROM nested;
-- refused
SELECT map_zip_with(m, m, (k, x, y) -> x = y) AS m FROM nested;
-- refused
SELECT map_zip_with(map(1, 'a'), map(2, 'b'), (k, x, y) -> named_struct('k', k, 'x', x, 'y', y)) AS m;
-- refused
SELECT map_zip_with(map(), map(), (k, x, y) -> 1) AS m;
-- refused
SELECT map_zip_with(map(1, 2), map(1L, 3), (k, x, y) -> k) AS m;
-- refused
SELECT map_zip_with(CAST(NULL AS map<string, int>), map('a', 1), (k, x, y) -> y) AS m;
SELECT decode(x, 'UTF-8') AS s, decode(x, 'utf-8') AS l FROM texts WHERE id NOT IN (5);
SELECT decode(x, 'UTF-8') AS s FROM texts;
SELECT decode(encode(t, 'UTF-8'), 'UTF-8') AS s FROM texts;
-- refused
SELECT decode(unbase64('aGVsbG8='), 'UTF-8') AS s, decode(CAST('abc' AS binary), 'US-ASCII') AS a;
SELECT encode(t, 'UTF-8') AS b FROM texts;
-- refused
SELECT encode('abc', 'US-ASCII') AS a, encode('abc', 'ISO-8859-1') AS b, encode('abc', 'UTF-16BE') AS c, encode('abc', 'UTF-16LE') AS d, encode('abc', 'UTF-16') AS e;
-- refused
SELECT encode('abc', 'utf8');
-- refused
SELECT decode(CAST('abc' AS binary), 'latin1');
SELECT decode(t, 'UTF-8') AS s FROM texts;
-- refused
SELECT from_utc_timestamp(ts, z) AS x FROM VALUES (TIMESTAMP'2024-07-01 12:00:00', 'Europe/Berlin'), (TIMESTAMP'2024-01-01 12:00:00', 'America/New_York'), (TIMESTAMP'2024-01-01 12:00:00', NULL), (TIMESTAMP'2024-01-01 12:00:00', '+05:30'), (TIMESTAMP'2024-01-01 12:00:00', 'UTC') AS t(ts, z);
SELECT from_utc_timestamp(ts, z) AS x FROM VALUES (TIMESTAMP'2024-07-01 12:00:00', 'Europe/Berlin'), (TIMESTAMP'2024-01-01 12:00:00', 'America/New_York'), (TIMESTAMP'2024-01-01 12:00:00', NULL), (TIMESTAMP'2024-01-01 12:00:00', 'UTC'), (NULL, 'UTC') AS t(ts, z);
SELECT from_utc_timestamp(ts, z), decode(CAST(z AS binary), 'UTF-8') FROM VALUES (TIMESTAMP'2024-07-01 12:00:00', 'Europe/Berlin') AS t(ts, z);
SELECT decode(unhex('EDA080'), 'UTF-8');
SELECT decode(unhex('C080'), 'UTF-8');
SELECT decode(unhex('F4908080'), 'UTF-8');
SELECT convert_timezone(a, z, ts) AS x FROM VALUES (TIMESTAMP_NTZ'2024-07-01 12:00:00', 'Europe/Berlin', 'America/New_York'), (TIMESTAMP_NTZ'2024-07-01 12:00:00', 'Asia/Tokyo', NULL) AS t(ts, z, a);
SELECT to_utc_timestamp(ts, z) AS x FROM VALUES (TIMESTAMP'2024-07-01 12:00:00', 'Europe/Berlin'), (TIMESTAMP'2024-01-01 12:00:00', 'Asia/Tokyo'), (CAST(NULL AS timestamp), 'UTC'), (TIMESTAMP'2024-03-31 02:30:00', 'Europe/Berlin') AS t(ts, z);
-- refused
SELECT from_utc_timestamp(ts, z) AS x FROM VALUES (TIMESTAMP'2024-07-01 12:00:00', 'Nowhere/Land') AS t(ts, z);
SELECT from_utc_timestamp(ts, CASE WHEN src = 1 THEN 'Asia/Tokyo' ELSE 'UTC' END) AS x FROM events;
SELECT convert_timezone('UTC', z, ts) AS x FROM VALUES (TIMESTAMP_NTZ'2024-07-01 12:00:00', 'Europe/Berlin'), (TIMESTAMP_NTZ'2024-07-01 12:00:00', 'Asia/Tokyo') AS t(ts, z);
SELECT hour(from_utc_timestamp(ts, z)) AS h, count(*) AS n FROM (SELECT ts, CASE e WHEN 1 THEN 'Asia/Kolkata' WHEN 2 THEN 'America/Los_Angeles' ELSE 'UTC' END AS z FROM events) GROUP BY 1;
SELECT id FROM people WHERE pay > raise_error('x');
SELECT concat('a', raise_error('x'));
SELECT array(1, raise_error('x'));
SELECT raise_error('x') = 1;
-- refused
SELECT raise_error('x') IS NULL;
SELECT CASE WHEN id > 3 THEN raise_error('b') END AS x FROM people;
SELECT CASE WHEN id > 30 THEN raise_error('b') ELSE id END AS x FROM people;
SELECT max(if(id > 100, raise_error('q'), id)) AS x FROM people;
-- refused
SELECT id FROM people WHERE id > 100 AND raise_error('x') IS NULL;
SELECT id FROM (SELECT id, assert_true(id > 1) AS a FROM people) WHERE id < 3;
SELECT assert_true(id > 0, concat('id ', id)) FROM people;
SELECT count(assert_true(id > 0)) AS n FROM people;
SELECT CASE WHEN pay < 0 THEN CAST(raise_error('negative') AS decimal(10,2)) ELSE pay END AS p FROM people;
SELECT coalesce(dept, CAST(raise_error('none') AS string)) AS d FROM people;
