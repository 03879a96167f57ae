-- What generate.py found, made smaller: each was answered wrongly once.

-- refused
SELECT cast(9223372036854775807L AS tinyint) FROM events WHERE e > 100;
-- refused
SELECT crc32(name), make_date(2020, 13, 29) FROM people WHERE id > 100;
-- refused
SELECT to_timestamp('o w') FROM times a JOIN events b ON a.id = b.e + 100;
SELECT id FROM texts WHERE id > 100 AND 10 / 0 > 1;
-- refused
SELECT id FROM texts a WHERE a.id IN (SELECT 1 % 0 FROM events b WHERE b.e > 100);
-- refused
SELECT count(*) FROM numbers WHERE id > 100 GROUP BY cast('x' AS int);
SELECT id, 10 / 0 FROM numbers;
SELECT id, CASE WHEN id > 0 THEN id ELSE 1 / 0 END FROM numbers;
SELECT id, coalesce(id, 1 / 0) FROM numbers;
SELECT cast('x' AS int) FROM numbers WHERE id = 1;
SELECT id, cast('12' AS int) + 1, make_date(2020, 2, 29) FROM numbers WHERE id > 100;
-- refused
SELECT id, unix_date(ts) FROM times;
-- refused
SELECT id, unix_seconds(d) FROM times;
-- refused
SELECT id, hex(d) FROM times;
-- refused
SELECT sum(ts) FROM times;
-- refused
SELECT if('true', id, 0) FROM numbers;
-- refused
SELECT id, round(d, 1 + 1) FROM numbers;
-- refused
SELECT id, unix_timestamp(ts, 'yyyy') FROM times;
SELECT id, hex(i), hex(l) FROM numbers WHERE id <> 4;
SELECT id, unix_date(d), unix_seconds(ts) FROM times;
-- refused
SELECT id, try_cast(u AS double) = cast(u AS double) FROM texts;
-- refused
SELECT id, try_cast(u AS int) + cast(u AS int), cast(u AS int) / try_cast(u AS int) FROM texts;
SELECT id, cast(u AS int) + try_cast(u AS int) FROM texts;
SELECT id, try_cast(u AS int) / cast(u AS int) FROM texts;
SELECT id, try_cast(u AS int) % cast(u AS int) FROM texts;
SELECT corr(d, id / id), corr(id, id), corr(d, id), corr(f, 1.0D) FROM numbers;
SELECT 1.5 * 7Y, 1.5 * 7S, 1.5 + 7Y, 1.5 / 3Y, 7Y * 1.5, -7Y * 1.5, 1.5 - 100Y, 1.5 % 2Y, m * 7Y, m + 7S, 1.5 = 7Y, 1.5 * 7L FROM numbers;
SELECT coalesce(1.5, 7Y), greatest(1.5, 7Y), if(id > 1, 1.5, 7Y), 7Y + 1.50BD, 1.5 IN (7Y, 1Y), 100Y * 1.5, nullif(1.5, 7Y), 1.5 BETWEEN 1Y AND 2Y FROM numbers;
SELECT b.id FROM people a JOIN numbers b USING (id);
SELECT a.b FROM numbers a FULL JOIN people b USING (id) WHERE b.id IN (13);
SELECT b.id FROM numbers b JOIN people a USING (id) WHERE b.id < 3;
SELECT b.id FROM people a RIGHT JOIN numbers b USING (id) WHERE b.id < 3;
SELECT ceil(double('NaN')), floor(double('NaN')), ceil(float('NaN'));
SELECT timestamp_seconds(9223372036854775807L);
SELECT timestamp_millis(-9223372036854775807L);
SELECT timestamp_seconds(1e300);
SELECT next_day(DATE'2024-12-30', 'x') AS c1 FROM numbers WHERE b = '2021-02-28';
SELECT (-1Y * (-128Y)) c2 FROM departments WHERE TIMESTAMP'1969-12-31 23:59:59.5' > title;
SELECT ((1Y % try_cast(src AS tinyint)) % ((-128Y) + -1Y)) c1 FROM events;
-- refused
SELECT substring(cast(NULL AS string), (-1Y % 0Y)) AS c1 FROM times;
-- refused
SELECT id, avg(pay) OVER (PARTITION BY pmod(32767S, 0S) ORDER BY id) AS c0 FROM people WHERE id IN (2, 7);
-- refused
SELECT unbase64(' 7 ') FROM events;
SELECT id < +1.5, + INTERVAL '1' DAY, + INTERVAL '-2' MONTH, positive(INTERVAL '3' HOUR), id < positive(1.5), +id FROM numbers WHERE id < 3;
SELECT id, decode(id, 1, 2), decode(id, 2, 1.5), decode(id, 1, 'a'), decode(id, 1, 2, 3) FROM people;
SELECT cast(NULL AS array<int>), cast(array() AS array<int>), cast(NULL AS struct<a:int>) IS NULL, array_position(cast(NULL AS array<int>), 1);
-- refused
SELECT p.id FROM people p JOIN texts t ON p.id = t.id AND cast(t.u AS int) > 3;
-- refused
SELECT p.id FROM people p JOIN texts t ON p.id = t.id WHERE cast(t.u AS int) > 3 AND p.id < 3;
-- refused
SELECT p.id FROM people p JOIN texts t ON p.id = t.id WHERE p.id < 0 AND cast(t.u AS int) > 3;
-- refused
SELECT p.id, t.u FROM people p LEFT JOIN texts t ON p.id = t.id + 1000 AND cast(t.u AS int) > 3;
-- refused
SELECT p.id, t.u FROM people p LEFT JOIN texts t ON p.id = t.id + 1000 WHERE cast(t.u AS int) > 3;
SELECT p.id, t.u FROM people p LEFT JOIN texts t ON p.id = t.id + 1000 WHERE coalesce(cast(t.u AS int), 0) = 0;
-- refused
SELECT t.id FROM texts t LEFT SEMI JOIN people p ON p.id = t.id + 1000 AND cast(p.name AS int) > 3;
-- refused
SELECT id FROM people JOIN texts USING (id) WHERE cast(u AS int) > 3 AND id > 1000;
SELECT p.id FROM people p JOIN texts t ON p.id = t.id WHERE t.u = '42' AND cast(t.u AS int) > 3;
-- refused
SELECT p.id FROM people p JOIN (SELECT id, u AS v FROM texts) t ON p.id = t.id + 1000 WHERE cast(t.v AS int) > 3;
-- refused
SELECT a.id FROM people a, texts t WHERE a.id = t.id AND a.id > 1000 AND cast(t.u AS int) > 3;
SELECT coalesce(y,m,t), coalesce(y,t,m), coalesce(t,y,m), coalesce(t,m,y), coalesce(m,t,y), coalesce(m,y,t) FROM (SELECT 1Y y, 1.00BD m, '1' t);
SELECT cast(double('NaN') AS timestamp);
SELECT cast(double('Infinity') AS timestamp);
SELECT cast(float('NaN') AS timestamp);
SELECT cast(x AS timestamp) FROM VALUES (float('Infinity')) AS t(x);
SELECT cast(x AS timestamp) FROM VALUES (double('NaN')) AS t(x);
SELECT cast(1e300 AS timestamp);
SELECT cast(float('1e30') AS timestamp);
SELECT try_cast(float('NaN') AS timestamp);
SELECT cast(cast(l AS float) AS double), cast(cast(i AS float) AS double), cast(i AS float) + 1.5D, cast(cast(199999999L AS float) AS double), cast(cast(id + 199999990 AS float) AS double) FROM numbers;
SELECT cast(l AS float) AS c FROM numbers UNION ALL SELECT d FROM numbers;
SELECT approx_percentile(pay, array(0.1, 0.5)), percentile_approx(pay, array(0.5, 1.0), 100) FILTER (WHERE dept = 'eng') FROM people;
SELECT dept, percentile_approx(cast(id AS bigint), 0.5) AS m, percentile_approx(cast(id AS bigint) * 1000000000, 0.9) AS n FROM people GROUP BY dept;
-- refused
SELECT percentile_approx(m, 0.5), percentile_approx(m * 2, 0.75) FROM numbers WHERE id IN (1, 8, 9, 10, 11);
-- refused
SELECT ((127Y * try_cast(dept AS tinyint)) * 127Y) FROM people WHERE id IN (5, 10, 13);
-- refused
SELECT 255S + (32767S + try_cast(id AS smallint)) AS c0 FROM texts WHERE id > 1000;
SELECT id, (1 + id) + 2, (2 * id) * 3, 1L + id + 9223372036854775806L - id FROM people;
SELECT id, (1 + id) + 2, (2 * id) * 3, 1L + id + 5L - id, 100Y * 2Y * cast(id AS bigint) FROM people;
