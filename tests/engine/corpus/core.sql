-- Statements for the local engine and for Spark, whose answers are in local_corpus.golden. Marks above
-- a statement: `-- ordered` rows are compared in order; `-- refused` the local engine does not do it.

SELECT id, b + 1, s - 1S, i * 2 FROM numbers WHERE id IN (1, 5, 6, 7, 8, 9);
SELECT id, i + 1 FROM numbers;
SELECT id, l - 1 FROM numbers;
SELECT id, -b FROM numbers;
SELECT id, b * b FROM numbers;
SELECT id, abs(i) FROM numbers WHERE id <> 2;
SELECT id, i / 3, i div 3, i % 3, pmod(i, 3), pmod(i, -3) FROM numbers WHERE id <> 4;
SELECT id, 10 / i FROM numbers;
SELECT id, 10 % i FROM numbers;
SELECT id, 10 div l FROM numbers;
SELECT id, l div -1 FROM numbers;
SELECT id, f + 1, f * f, d + d, d * 1e10, -d, d - d FROM numbers;
SELECT id, d / 2, d % 3, pmod(d, 3D), f % 2 FROM numbers;
SELECT id, d > 1, d = d, d < 0, f = cast(f AS double), d <=> NULL, d <=> d FROM numbers;
SELECT id FROM numbers WHERE d = 0;
-- ordered
SELECT id, d FROM numbers ORDER BY d, id;
-- ordered
SELECT id, f FROM numbers ORDER BY f DESC, id;
-- ordered
SELECT id, w FROM numbers ORDER BY w DESC NULLS FIRST, id DESC LIMIT 5 OFFSET 2;
SELECT d, count(*), count(d) FROM numbers GROUP BY d;
SELECT DISTINCT d FROM (SELECT d FROM numbers UNION ALL SELECT -d FROM numbers);
SELECT id, m + 1, m - 0.5, m * m, m / 3, m % 0.7, m div 2, -m, abs(m) FROM numbers;
SELECT id, w + w FROM numbers WHERE id <> 10;
SELECT id, w * 2, w / 7, w % 3, -w, abs(w) FROM numbers;
SELECT id, w * w FROM numbers;
SELECT id, m / m FROM numbers;
SELECT id, m * 1.123456789012345, w - m, m = w, m < w, m > 0, w >= 2.5 FROM numbers;
SELECT id, round(m, 1), round(m), round(m, -1), bround(m, 1), ceil(m), floor(m) FROM numbers;
SELECT id, round(d, 1), bround(d), round(f, 2), round(i, 0), round(s, -2) FROM numbers WHERE id NOT IN (3);
SELECT round(2.5D), round(-2.5D), bround(2.5D), bround(3.5D), round(0.285D, 2), round(1.005D, 2), round(-0.4D), round(1255, -1);
SELECT round(b, -1) FROM numbers;
SELECT id, ceil(d), floor(d) FROM numbers WHERE id IN (1, 2, 7, 8, 9, 10);
SELECT id, ceil(d) FROM numbers;
SELECT id, sqrt(d), sign(d), ln(d), log10(d), log2(d), cbrt(d), exp(d) FROM numbers;
SELECT id, pow(d, 2), pow(abs(d), 0.3D), pow(i, 3), log(2, d), degrees(d), radians(d) FROM numbers;
-- refused
SELECT sin(d) FROM numbers;
SELECT id, greatest(d, 1D, f), least(d, 1D), greatest(b, 5Y), greatest(m, 1.00), isnan(d), nanvl(d, 0D) FROM numbers;
SELECT id, b & 3, s | 1, i ^ 5, ~l FROM numbers;
SELECT id, coalesce(i, l, 0), nvl(b, 1), nullif(i, 7), nvl2(d, 'y', 'n'), if(i > 0, 'p', 'n'), ifnull(m, 0.5) FROM numbers;
SELECT id, CASE WHEN i > 5 THEN 'big' WHEN i IS NULL THEN 'null' ELSE 'small' END, CASE b WHEN 1 THEN 1.5 WHEN 7 THEN 2 END FROM numbers;
SELECT id, CASE WHEN i <> 0 THEN 10 / i END FROM numbers;
SELECT id, i <> 0 AND 10 / i > 1 FROM numbers;
SELECT id, i = 0 OR 10 / i > 1 FROM numbers;
SELECT id, coalesce(i, 1 / (id - 4)) FROM numbers;
SELECT id, NOT (i > 0), i > 0 AND NULL, i > 0 OR NULL, i IS NULL, i IS NOT NULL, (i > 0) IS TRUE FROM numbers;
SELECT id FROM numbers WHERE i BETWEEN 0 AND 10 AND id NOT IN (1, 2) AND l <= 7;
SELECT id, i IN (1, 7, NULL), d IN (0.0D, cast('NaN' AS double)), m IN (1.5, 2.5) FROM numbers;

SELECT id, cast(b AS string), cast(l AS string), cast(f AS string), cast(d AS string), cast(m AS string), cast(w AS string), cast(i > 0 AS string) FROM numbers;
SELECT id, cast(i AS tinyint) FROM numbers;
SELECT id, cast(d AS int) FROM numbers WHERE id IN (1, 2, 7, 8, 9);
SELECT id, cast(d AS bigint) FROM numbers;
SELECT id, try_cast(d AS int), try_cast(i AS tinyint), try_cast(m AS decimal(3,1)), try_cast(l AS int), try_cast(w AS bigint) FROM numbers;
SELECT id, cast(m AS int), cast(m AS decimal(12,1)), cast(w AS double), cast(w AS float), cast(i AS decimal(12,2)), cast(d AS float), cast(l AS double), cast(l AS float) FROM numbers;
SELECT id, cast(m AS decimal(4,2)) FROM numbers;
SELECT id, cast(d AS decimal(20,5)) FROM numbers WHERE id NOT IN (3);
SELECT id, cast(i AS boolean), cast(d AS boolean), cast(m AS boolean), cast(b > 1 AS int), cast(b > 1 AS decimal(3,1)) FROM numbers;
SELECT id, try_cast(t AS int), try_cast(t AS double), try_cast(t AS decimal(5,2)), try_cast(t AS date), try_cast(t AS boolean), try_cast(t AS timestamp) FROM texts;
SELECT cast(t AS int) FROM texts WHERE id = 10;
SELECT cast(t AS int) FROM texts WHERE id = 11;
SELECT cast(t AS double), cast(t AS decimal(3,1)) FROM texts WHERE id = 11;
SELECT cast(t AS date) FROM texts WHERE id = 1;
SELECT cast(' 12 ' AS int), cast('+7' AS bigint), cast('1e3' AS double), cast('1e3' AS decimal(6,1)), cast('1.5f' AS double), cast('-inf' AS double), cast('0x1p3' AS double), cast(' y ' AS boolean), cast('0' AS boolean);
SELECT try_cast('1.' AS int), try_cast('1_0' AS int), try_cast('' AS int), try_cast('-' AS int), try_cast('9223372036854775808' AS bigint), try_cast('off' AS boolean), try_cast('1e' AS double), try_cast('. ' AS double), try_cast('nanx' AS double);
SELECT cast('2024' AS date), cast('2024-3' AS date), cast('2024-3-1' AS date), cast('2024-03-01T10' AS date), cast(' 2024-03-01 x' AS date), cast('-0044-03-15' AS date), cast('12345-06-07' AS date);
SELECT try_cast('2024-02-30' AS date), try_cast('2024-13-01' AS date), try_cast('24-01-01' AS date), try_cast('20240101' AS date), try_cast('2024-01-01x' AS date);
SELECT cast('2024-03-04 5:6:7' AS timestamp), cast('2024-03-04T05:06:07.123456789Z' AS timestamp), cast('2024-03-04 05:06:07+01:30' AS timestamp), cast('2024' AS timestamp), cast('2024-03-04 05:06:07 UTC-3' AS timestamp), cast('2024-07-04 05:06:07 Europe/Berlin' AS timestamp), cast('2024-03-04 05:06:07+01:30' AS timestamp_ntz);
SELECT try_cast('2024-03-04 25:00:00' AS timestamp), try_cast('2024-03-04T' AS timestamp), try_cast('2024-03-04 01:02:03+19:00' AS timestamp), try_cast('2024-03-04 01:02:03 Nowhere/City' AS timestamp);
SELECT id, cast(d AS string), cast(ts AS string), cast(n AS string), cast(d AS timestamp), cast(ts AS date), cast(n AS date), cast(ts AS timestamp_ntz), cast(n AS timestamp), cast(d AS timestamp_ntz) FROM times;
SELECT id, cast(ts AS bigint), cast(ts AS double), cast(ts AS decimal(20,6)) FROM times;
SELECT cast(1.5D AS timestamp), cast(-5 AS timestamp), cast(1.1234567BD AS timestamp), cast(true AS double);
SELECT '5' + 1, '1.5' * 2D, 1 = '1', '2' > 10, concat('a', 1, true, 1.50, date'2024-01-01');
SELECT '1.5' + 1;

SELECT id, length(t), octet_length(t), upper(t), lower(t), reverse(t), initcap(t) FROM texts;
SELECT id, substring(t, 2, 3), substring(t, -3), substring(t, 0, 2), substring(t, -10, 7), left(t, 3), right(t, 3), left(t, -1) FROM texts;
SELECT id, trim(t), ltrim(t), rtrim(t), trim(BOTH 'ac' FROM t), trim(LEADING u FROM t), trim(TRAILING 'o' FROM t) FROM texts;
SELECT id, lpad(t, 8, '*'), rpad(t, 8, u), lpad(t, 2, 'x'), rpad(t, 3), repeat(u, 3), concat(u, space(2), u) FROM texts;
SELECT id, instr(t, u), locate(u, t), locate(u, t, 4), position('l' IN t), startswith(t, u), endswith(t, u), contains(t, u) FROM texts;
SELECT id, replace(t, u, '-'), replace(t, u), translate(t, 'abc', 'xy'), split_part(t, ',', 2), split_part(t, ',', -1), substring_index(t, u, 1), substring_index(t, u, -1) FROM texts;
SELECT split_part('a,b', ',', 0);
SELECT id, t || '|' || u, concat_ws('-', t, u, NULL), concat_ws(u, 'a', 'b'), ascii(t), hex(t), md5(t), sha1(t), sha2(t, 256), crc32(t), base64(t) FROM texts;
SELECT id, x, hex(x), length(x), octet_length(x), base64(x), unhex(hex(x)), unbase64(base64(x)), cast(t AS binary), md5(x) FROM texts;
SELECT chr(65), chr(321), chr(-1), levenshtein('kitten', 'sitting'), levenshtein('', '😀'), hex(255), hex(-1), unhex('F'), unhex('XY');
SELECT id, t LIKE '%l%', t LIKE '_____', t LIKE '', t LIKE '100\\%\\_%', t ILIKE '%ABC%', t LIKE '%/%%' ESCAPE '/', t NOT LIKE 'a%' FROM texts;
SELECT t LIKE 'a\\bc' FROM texts;
-- refused
SELECT id, t RLIKE 'l+', t RLIKE '^\\w+$', t RLIKE '[[:alpha:]]' FROM texts WHERE id < 0;
SELECT id, t RLIKE 'l+', t RLIKE '^\\w+$', t RLIKE '(?i)ABC', t RLIKE '^.{3}$', t RLIKE 'here.line', t RLIKE '(?s)here.line', t RLIKE '[^a-z ]' FROM texts;
SELECT id, regexp_replace(t, '[aeiou]', '<$0>'), regexp_replace(t, '(\\w)(\\w)', '$2$1'), regexp_replace(t, 'l', 'L', 4), regexp_extract(t, '(\\d+)', 1), regexp_extract(t, '([a-z]+)[^a-z]*([a-z]*)', 2) FROM texts;
SELECT regexp_extract('foo', '(o)', 2);
SELECT regexp_replace('abc', 'b', '$2');
-- refused
SELECT t RLIKE '[a-z&&[^b]]' FROM texts;
SELECT t RLIKE u FROM texts;
-- ordered
SELECT t FROM texts ORDER BY t;
SELECT min(t), max(t), count(DISTINCT u), min(x), max(x) FROM texts;

SELECT id, year(d), quarter(d), month(d), day(d), dayofweek(d), weekday(d), dayofyear(d), weekofyear(d), dayname(d), monthname(d) FROM times;
SELECT id, hour(ts), minute(ts), second(ts), extract(SECOND FROM ts), hour(n), extract(DOY FROM d), extract(WEEK FROM ts) FROM times;
SELECT id, date_add(d, 1), date_sub(d, 31), datediff(d, date'2020-01-01'), add_months(d, 1), add_months(d, -13), last_day(d), next_day(d, 'MON') FROM times WHERE id <> 4;
SELECT id, trunc(d, 'MM'), trunc(d, 'year'), trunc(d, 'week'), trunc(d, 'quarter'), trunc(d, 'Q') FROM times;
SELECT id, date_trunc('hour', ts), date_trunc('DAY', ts), date_trunc('week', ts), date_trunc('quarter', ts), date_trunc('second', ts), date_trunc('millisecond', ts), date_trunc('x', ts) FROM times WHERE id <> 3;
SELECT id, months_between(ts, timestamp'2020-01-31 10:00:00'), months_between(ts, timestamp'2020-01-31 10:00:00', false) FROM times;
SELECT id, date_format(ts, 'yyyy-MM-dd HH:mm:ss.SSSSSS'), date_format(ts, 'y/M/d h:m:s a'), date_format(ts, 'EEE, EEEE dd MMM MMMM yy'), date_format(ts, "'Q'Q D k K") FROM times;
-- refused
SELECT date_format(ts, 'GGGG') FROM times;
SELECT to_date('06/05/2020', 'dd/MM/yyyy'), to_date('20200506', 'yyyyMMdd'), to_timestamp('2020-05-06T07:08:09.5', "yyyy-MM-dd'T'HH:mm:ss.S"), to_date('6-5-2020', 'd-M-yyyy'), unix_timestamp('2020-05-06 07:08', 'yyyy-MM-dd HH:mm'), from_unixtime(1000000000, 'yyyy-MM-dd HH:mm:ss');
SELECT to_date('2020-02-30', 'yyyy-MM-dd');
SELECT id, unix_timestamp(ts), unix_seconds(ts), unix_millis(ts), unix_micros(ts), unix_date(d) FROM times;
SELECT timestamp_seconds(-5), timestamp_millis(-1500), timestamp_micros(1), make_date(2024, 2, 29), date_from_unix_date(-1), timestamp_seconds(1.5D);
SELECT make_date(2023, 2, 29);
SELECT id, timestampdiff(MONTH, timestamp'2020-01-31 00:00:00', ts), timestampdiff(DAY, timestamp'2020-01-31 12:00:00', ts), timestampdiff(YEAR, ts, timestamp'2020-02-29 00:00:00'), timestampadd(MONTH, 1, ts), timestampadd(HOUR, -5, ts) FROM times WHERE id NOT IN (3, 4);
SELECT id, d + interval 1 month, d - interval 1 year, ts + interval 36 hours, ts - interval 1 day, d + 1, d - date'2020-01-01' = interval 60 days, ts + interval '1-2' year to month FROM times WHERE id NOT IN (3, 4);
SELECT id FROM times WHERE d >= '2020-01-01' AND ts < timestamp'2024-01-01 00:00:00';
SELECT min(d), max(d), min(ts), max(n), count(d) FROM times;

SELECT p.name, d.title FROM people p JOIN departments d ON p.dept = d.dept;
SELECT p.name, d.title FROM people p LEFT JOIN departments d ON p.dept = d.dept;
SELECT p.name, d.title FROM people p RIGHT JOIN departments d ON p.dept = d.dept;
SELECT p.name, d.title FROM people p FULL JOIN departments d ON p.dept = d.dept AND p.pay > 4500;
SELECT p.name, d.title FROM people p JOIN departments d ON p.dept <=> d.dept;
SELECT name FROM people LEFT SEMI JOIN departments USING (dept);
SELECT name FROM people p LEFT ANTI JOIN departments d ON p.dept = d.dept;
SELECT * FROM people JOIN departments USING (dept);
SELECT * FROM people FULL JOIN departments USING (dept);
SELECT count(*) FROM people CROSS JOIN departments;
SELECT a.name, b.name AS boss, c.title FROM people a LEFT JOIN people b ON a.boss = b.id LEFT JOIN departments c ON b.dept = c.dept WHERE a.id > 1;
SELECT a.id, b.id FROM numbers a JOIN numbers b ON a.d = b.d;
SELECT a.id, b.id FROM numbers a JOIN numbers b ON a.i < b.i AND b.b > a.b;

SELECT dept, count(*), count(pay), sum(pay), avg(pay), min(pay), max(hired) FROM people GROUP BY dept;
SELECT dept, count(*) AS n FROM people GROUP BY dept HAVING count(*) > 1 AND min(name) < 'C';
SELECT count(*), sum(pay), avg(pay), min(name) FROM people WHERE id > 100;
SELECT dept, count(*) FROM people WHERE id > 100 GROUP BY dept;
SELECT count(DISTINCT dept), count(DISTINCT dept, pay), sum(DISTINCT pay), avg(DISTINCT pay), count(DISTINCT pay) FILTER (WHERE id > 2) FROM people;
SELECT sum(b), sum(i), sum(d), sum(m), avg(i), avg(b), avg(f), avg(m) FROM numbers WHERE id NOT IN (3, 5);
SELECT sum(l) FROM numbers WHERE l > 0;
SELECT sum(w), avg(w), max(w), min(w) FROM numbers;
SELECT stddev(n), stddev_pop(n), variance(n), var_pop(n), corr(n, src), covar_samp(n, src), covar_pop(n, e), median(n) FROM events;
SELECT e, stddev(n), stddev_pop(n), var_samp(n), var_pop(n), corr(n, src), covar_samp(n, src), covar_pop(n, e), median(n) FROM events GROUP BY e;
SELECT max_by(name, pay), min_by(name, pay), max_by(id, hired), count_if(pay > 4000), bool_and(pay > 0), bool_or(pay > 9999), any_value(dept) IS NULL FROM people;
SELECT e, sum(v), avg(v), min(v), max(v) FROM events GROUP BY e;
SELECT sum(v) FILTER (WHERE src = 0), count(*) FILTER (WHERE v > 0) FROM events;
SELECT e + 1 AS k, src, sum(n) FROM events GROUP BY e + 1, src HAVING sum(n) > 5;
SELECT year(hired), count(*) FROM people GROUP BY 1;
SELECT dept, grouping(dept), sum(pay) FROM people GROUP BY dept WITH ROLLUP;

SELECT e, ts, row_number() OVER (PARTITION BY e ORDER BY ts) AS r, rank() OVER (PARTITION BY e ORDER BY src) AS k, dense_rank() OVER (ORDER BY n) AS dr, ntile(5) OVER (ORDER BY ts) AS nt FROM events;
SELECT ts, percent_rank() OVER (PARTITION BY src ORDER BY n), cume_dist() OVER (PARTITION BY src ORDER BY n) FROM events;
SELECT ts, lag(n) OVER (ORDER BY ts), lead(n, 2, -1) OVER (PARTITION BY e ORDER BY ts), first_value(v) OVER (PARTITION BY e ORDER BY ts), last_value(v) OVER (PARTITION BY e ORDER BY ts), nth_value(n, 2) OVER (PARTITION BY e ORDER BY ts) FROM events;
SELECT ts, last_value(v, true) OVER (PARTITION BY e ORDER BY ts ROWS UNBOUNDED PRECEDING), first_value(v) IGNORE NULLS OVER (PARTITION BY e ORDER BY ts ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING), last_value(CASE WHEN src = 0 THEN v END, true) OVER (PARTITION BY e ORDER BY ts, src, v ROWS UNBOUNDED PRECEDING) FROM events;
SELECT ts, sum(n) OVER (PARTITION BY e ORDER BY ts), sum(n) OVER (PARTITION BY e), sum(v) OVER (ORDER BY ts ROWS BETWEEN 2 PRECEDING AND CURRENT ROW), avg(n) OVER (PARTITION BY e ORDER BY ts ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING), count(v) OVER (ORDER BY ts ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) FROM events;
SELECT ts, sum(n) OVER (ORDER BY n RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING), min(v) OVER (PARTITION BY src ORDER BY ts RANGE BETWEEN INTERVAL 1 DAY PRECEDING AND CURRENT ROW), max(n) OVER (ORDER BY ts ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING), stddev(n) OVER (PARTITION BY src ORDER BY ts ROWS BETWEEN 3 PRECEDING AND CURRENT ROW) FROM events;
SELECT id, sum(pay) OVER (PARTITION BY dept ORDER BY hired), avg(pay) OVER (PARTITION BY dept), sum(pay) OVER (ORDER BY hired RANGE BETWEEN 400 PRECEDING AND CURRENT ROW), max_by(name, pay) OVER (PARTITION BY dept ORDER BY id) FROM people;
SELECT id, d, sum(d) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), rank() OVER (ORDER BY d), count(*) OVER (PARTITION BY d) FROM numbers;
SELECT e, ts, src, first_value(v) OVER (PARTITION BY e, g ORDER BY ts, src, v ROWS UNBOUNDED PRECEDING) FROM (SELECT *, sum(1 - src) OVER (PARTITION BY e ORDER BY ts, src, v ROWS UNBOUNDED PRECEDING) AS g FROM events);
SELECT name, pay FROM people QUALIFY row_number() OVER (PARTITION BY dept ORDER BY pay DESC NULLS LAST, id) = 1;
SELECT dept, sum(pay) AS s, rank() OVER (ORDER BY sum(pay) DESC) AS r FROM people GROUP BY dept;

SELECT name FROM people WHERE dept IN (SELECT dept FROM departments WHERE floor > 1);
SELECT name FROM people WHERE dept NOT IN (SELECT dept FROM departments);
SELECT name FROM people WHERE dept NOT IN (SELECT dept FROM departments WHERE dept IS NOT NULL);
SELECT name, dept IN (SELECT dept FROM departments) FROM people;
SELECT name FROM people p WHERE EXISTS (SELECT 1 FROM people q WHERE q.boss = p.id);
SELECT name FROM people p WHERE NOT EXISTS (SELECT 1 FROM people q WHERE q.boss = p.id AND q.pay > 4500);
SELECT name, (SELECT max(pay) FROM people q WHERE q.dept = p.dept) FROM people p;
SELECT name, pay - (SELECT avg(pay) FROM people) FROM people;
SELECT (SELECT name FROM people WHERE id = 1), (SELECT name FROM people WHERE id = 99);
SELECT (SELECT name FROM people);
WITH a AS (SELECT dept, sum(pay) AS s FROM people GROUP BY dept), b AS (SELECT avg(s) AS m FROM a) SELECT a.dept, a.s, b.m FROM a, b WHERE a.s > b.m;
WITH t AS (SELECT id, i FROM numbers WHERE i > 0) SELECT x.id, y.id FROM t x JOIN t y ON x.i > y.i;
SELECT dept FROM people UNION SELECT dept FROM departments;
SELECT dept FROM people UNION ALL SELECT dept FROM departments;
SELECT dept FROM people INTERSECT SELECT dept FROM departments;
SELECT dept FROM people EXCEPT SELECT dept FROM departments;
SELECT dept FROM people INTERSECT ALL SELECT dept FROM (SELECT dept FROM departments UNION ALL SELECT 'dev');
SELECT dept FROM people EXCEPT ALL SELECT dept FROM departments;
SELECT i FROM numbers UNION SELECT d FROM numbers;
SELECT m FROM numbers UNION ALL SELECT i FROM numbers;
SELECT * FROM VALUES (1, 'a', 1.5), (2, NULL, 2.25), (NULL, 'c', NULL) AS t(x, y, z);
SELECT 1, 'two', 3.0, 4D, true, NULL, date'2024-01-01', X'0AFF', 1e3, 5L, 6Y, 7.0F;
-- ordered
SELECT name, pay FROM people ORDER BY 2 DESC NULLS LAST, 1 LIMIT 3;
-- ordered
SELECT name FROM people ORDER BY length(name) + id DESC, pay;
-- ordered
SELECT * FROM (SELECT id, pay FROM people ORDER BY pay LIMIT 4) ORDER BY id DESC;
SELECT count(*) FROM (SELECT id FROM people LIMIT 3);
SELECT dept, n FROM (SELECT dept, count(*) AS n FROM people GROUP BY dept) WHERE n > (SELECT 1) ORDER BY n;
SELECT a.id FROM (SELECT id, 10 / (id - 5) AS q FROM people WHERE id <> 5) a WHERE a.q > 2;
SELECT sum(CASE WHEN v > 0 THEN 1 ELSE 0 END) AS pos, sum(if(isnan(v), 1, 0)), count(*) - count(v) FROM events;
SELECT a.d, b.f, a.w, a.m FROM numbers a RIGHT JOIN numbers b ON a.id = b.id;
SELECT a.id, a.d, b.d FROM numbers a LEFT JOIN numbers b ON a.d = -b.d;
WITH q AS (SELECT id, d, x FROM numbers JOIN texts USING (id)) SELECT a.id, a.d, b.x FROM q a FULL JOIN q b ON a.id = b.id + 1;
SELECT p.name, q.name FROM people p JOIN people q ON p.dept = q.dept AND p.id < q.id AND p.pay >= q.pay;
SELECT p.name, t.title FROM people p LEFT JOIN departments t ON upper(p.dept) = upper(t.dept) AND t.floor < 2;
SELECT p.name FROM people p LEFT SEMI JOIN departments d ON p.dept = d.dept AND d.floor > 1;
SELECT count(*), sum(x.c) FROM (SELECT dept, count(*) c FROM people GROUP BY dept) x LEFT JOIN departments d ON x.dept <=> d.dept;
SELECT p.id, (SELECT count(*) FROM events e WHERE e.e = p.id AND e.n > (SELECT avg(n) FROM events)) FROM people p;
SELECT id FROM numbers WHERE d IN (SELECT -d FROM numbers) OR i IN (SELECT n FROM events);
SELECT id, i NOT IN (SELECT boss FROM people) FROM numbers;
SELECT id FROM people WHERE (dept, pay) IN (SELECT dept, max(pay) FROM people GROUP BY dept);
SELECT id, max(pay) OVER (PARTITION BY dept) - pay FROM people WHERE pay IS NOT NULL ORDER BY id;
SELECT dept, collect FROM (SELECT dept, concat_ws(',', dept, count(*)) AS collect FROM people GROUP BY dept);
SELECT dept, avg(length(name)), sum(length(name)) * 1.5, min(hired) + interval 1 month FROM people GROUP BY dept;
SELECT e, src, count(*), count(DISTINCT n), max(ts) - min(ts) > interval 1 day FROM events GROUP BY e, src HAVING count(DISTINCT n) > 1;
SELECT date_trunc('day', ts) AS day, sum(n), last(n), first(v, true) FROM events GROUP BY date_trunc('day', ts);
SELECT id, lag(pay, 1, 0.00) OVER (ORDER BY id), lead(name) OVER (ORDER BY hired NULLS LAST, id), sum(id) OVER (ORDER BY dept NULLS LAST) FROM people;
SELECT id, count(*) OVER (ORDER BY id DESC ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING), last_value(pay) OVER (ORDER BY id ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING), median(id) OVER (PARTITION BY dept) FROM people;
SELECT ts, avg(v) OVER (PARTITION BY e ORDER BY ts ROWS BETWEEN 3 PRECEDING AND 1 PRECEDING), bool_or(v > 5) OVER (ORDER BY ts ROWS 2 PRECEDING), corr(n, src) OVER (ORDER BY ts ROWS BETWEEN 5 PRECEDING AND CURRENT ROW) FROM events;
SELECT DISTINCT dept, pay > 5000 FROM people;
SELECT * FROM (SELECT 1 AS a UNION ALL SELECT 2.5) UNION SELECT NULL;
(SELECT id FROM people LIMIT 2) UNION ALL (SELECT id + 100 FROM people ORDER BY id DESC LIMIT 1);
SELECT x, y, x / y, x div y, x % y FROM VALUES (7.5BD, 2), (-7.5BD, 3), (0.1BD, 7) t(x, y);
SELECT sum(x), avg(x), stddev(x) FROM VALUES (0.1F), (0.2F), (NULL) t(x);
SELECT sum(x), avg(x), min(x), max(y) FROM VALUES (1Y, 'a'), (127Y, 'B'), (NULL, 'é') t(x, y);
SELECT CASE WHEN false THEN 1 / 0 ELSE 2 END, if(true, 1, 1 / 0), coalesce(5, 1 / 0);
SELECT id, CASE WHEN t RLIKE '^[0-9]+$' THEN cast(t AS int) END FROM texts;
SELECT id, cast(t AS int) + 1 FROM texts WHERE t RLIKE '^[0-9]+$';
SELECT count(*) FROM numbers WHERE NOT (d > 0) OR d IS NULL;
SELECT i, l FROM numbers WHERE i = l AND b <> 7 ORDER BY i DESC;
-- ordered
SELECT id, dept FROM people ORDER BY dept DESC NULLS FIRST, id LIMIT 4;
-- ordered
SELECT t, u FROM texts ORDER BY u DESC, t LIMIT 6;
SELECT e, max_by(ts, v), min_by(n, ts), max(v) FROM events GROUP BY e;
SELECT nosuch FROM people;
SELECT name FROM nosuch;
