-- Feature pipelines as they are written in models and notebooks. Marks as in core.sql.

WITH staged AS (SELECT id AS customer_id, initcap(trim(name)) AS full_name, lower(dept) AS segment, pay, hired AS signup_date FROM people), spend AS (SELECT e AS customer_id, count(*) AS n_events, sum(n) AS total_n, max(ts) AS last_seen FROM events WHERE e IS NOT NULL GROUP BY e) SELECT s.customer_id, s.full_name, coalesce(s.segment, 'unknown') AS segment, coalesce(sp.n_events, 0) AS n_events, coalesce(sp.total_n, 0) AS total_n, sp.last_seen, datediff(DATE'2024-06-01', s.signup_date) AS tenure_days, CASE WHEN sp.customer_id IS NULL THEN 'inactive' WHEN sp.n_events > 5 THEN 'heavy' ELSE 'light' END AS activity FROM staged s LEFT JOIN spend sp USING (customer_id);
WITH ordered AS (
  SELECT e, ts, lag(ts) OVER (PARTITION BY e ORDER BY ts) AS prev_ts FROM events
), flagged AS (
  SELECT *, CASE WHEN prev_ts IS NULL OR unix_timestamp(ts) - unix_timestamp(prev_ts) > 7200 THEN 1 ELSE 0 END AS is_new FROM ordered
), sessions AS (
  SELECT e, ts, sum(is_new) OVER (PARTITION BY e ORDER BY ts ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS session_id FROM flagged
)
SELECT e, session_id, min(ts) AS started, max(ts) AS ended, count(*) AS hits, unix_timestamp(max(ts)) - unix_timestamp(min(ts)) AS seconds FROM sessions GROUP BY e, session_id;
WITH gaps AS (SELECT e, ts, ts - lag(ts) OVER (PARTITION BY e ORDER BY ts) AS gap FROM events) SELECT e, ts, gap > INTERVAL 2 HOURS AS long_gap FROM gaps;
SELECT e, ts, ts - lag(ts) OVER (PARTITION BY e ORDER BY ts) AS gap FROM events WHERE e = 1;
SELECT e, concat_ws('-', e, cast(session AS string)) AS session_key, count(*) AS n FROM (SELECT e, sum(if(gap > 3600, 1, 0)) OVER (PARTITION BY e ORDER BY ts) AS session FROM (SELECT e, ts, coalesce(unix_timestamp(ts) - lag(unix_timestamp(ts)) OVER (PARTITION BY e ORDER BY ts), 0) AS gap FROM events)) GROUP BY e, session;
WITH base AS (SELECT e AS customer, datediff(DATE'2024-01-10', max(to_date(ts))) AS recency, count(*) AS frequency, round(sum(coalesce(nanvl(v, 0), 0)), 2) AS monetary FROM events GROUP BY e) SELECT customer, recency, frequency, monetary, ntile(2) OVER (ORDER BY recency DESC, customer) AS r, ntile(2) OVER (ORDER BY frequency, customer) AS f, ntile(2) OVER (ORDER BY monetary, customer) AS m FROM base;
WITH rfm AS (SELECT e, ntile(4) OVER (ORDER BY count(*), e) AS f, ntile(4) OVER (ORDER BY max(ts) , e) AS r FROM events GROUP BY e) SELECT e, concat(r, f) AS code, CASE WHEN concat(r, f) IN ('44', '43') THEN 'champion' WHEN r <= 2 THEN 'at risk' ELSE 'regular' END AS label FROM rfm;
SELECT e, max(ts) AS last_event, CASE WHEN max(ts) < TIMESTAMP'2024-01-04 12:00:00' - INTERVAL 1 DAY THEN 1 ELSE 0 END AS churned FROM events GROUP BY e;
SELECT e, int(max(ts) < timestamp '2024-01-04 03:00:00') AS churn_label FROM events WHERE e IS NOT NULL GROUP BY e;
WITH spine AS (SELECT explode(sequence(DATE'2024-01-01', DATE'2024-01-05', INTERVAL 1 DAY)) AS as_of), ents AS (SELECT DISTINCT e FROM events WHERE e IS NOT NULL) SELECT en.e, s.as_of, count(ev.ts) AS n_before, sum(ev.n) AS total FROM spine s CROSS JOIN ents en LEFT JOIN events ev ON ev.e = en.e AND to_date(ev.ts) < s.as_of GROUP BY en.e, s.as_of;
SELECT l.customer, l.label_ts, max_by(f.n, f.ts) AS last_n, max(f.ts) AS feature_ts FROM VALUES (1, TIMESTAMP'2024-01-02 03:00:00'), (2, TIMESTAMP'2024-01-03 00:00:00'), (9, TIMESTAMP'2024-01-03 00:00:00') AS l(customer, label_ts) LEFT JOIN events f ON f.e = l.customer AND f.ts <= l.label_ts GROUP BY l.customer, l.label_ts;
SELECT customer, label_ts, n, v FROM (SELECT l.customer, l.label_ts, f.n, f.v, row_number() OVER (PARTITION BY l.customer, l.label_ts ORDER BY f.ts DESC) AS rn FROM VALUES (1, TIMESTAMP'2024-01-02 03:00:00'), (2, TIMESTAMP'2024-01-03 00:00:00') AS l(customer, label_ts) JOIN events f ON f.e = l.customer AND f.ts BETWEEN l.label_ts - INTERVAL '1' DAY AND l.label_ts) WHERE rn = 1;
SELECT e, ts, avg(n) OVER (PARTITION BY e ORDER BY ts ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS ma3, sum(n) OVER (PARTITION BY e ORDER BY ts ROWS 3 PRECEDING) AS s4 FROM events;
SELECT e, ts, sum(n) OVER (PARTITION BY e ORDER BY ts RANGE BETWEEN INTERVAL 1 DAY PRECEDING AND CURRENT ROW) AS n_1d, count(*) OVER (PARTITION BY e ORDER BY ts RANGE BETWEEN INTERVAL 6 HOURS PRECEDING AND INTERVAL 1 MICROSECOND PRECEDING) AS c FROM events;
SELECT e, ts, count(*) OVER (PARTITION BY e ORDER BY unix_timestamp(ts) RANGE BETWEEN 86400 PRECEDING AND 1 PRECEDING) AS n_prev_day FROM events;
SELECT id, hired, sum(pay) OVER (ORDER BY hired RANGE BETWEEN INTERVAL 365 DAYS PRECEDING AND CURRENT ROW) AS yearly FROM people WHERE hired IS NOT NULL;
-- refused
SELECT id, hired, count(*) OVER (ORDER BY hired RANGE BETWEEN INTERVAL '1' YEAR PRECEDING AND CURRENT ROW) AS yearly FROM people WHERE hired IS NOT NULL;
SELECT id, hired, count(*) OVER (ORDER BY hired RANGE BETWEEN 400 PRECEDING AND 400 FOLLOWING) AS near FROM people;
SELECT id, pay, avg(pay) OVER (ORDER BY pay RANGE BETWEEN 1000 PRECEDING AND 1000 FOLLOWING) AS near FROM people;
SELECT e, ts, stddev(n) OVER w AS sd, min(n) OVER w AS lo, max(n) OVER w AS hi, n - avg(n) OVER w AS dev FROM events WINDOW w AS (PARTITION BY e ORDER BY ts ROWS BETWEEN 3 PRECEDING AND 1 PRECEDING);
SELECT e, ts, n, n / nullif(sum(n) OVER (PARTITION BY e), 0) AS share, round(100.0 * n / sum(n) OVER (PARTITION BY e), 1) AS pct FROM events WHERE e IS NOT NULL AND n > 0;
SELECT e, first(n) AS f, last(n) AS l FROM (SELECT * FROM events ORDER BY ts) WHERE e = 2 GROUP BY e;
SELECT e, min_by(n, ts) AS first_n, max_by(n, ts) AS last_n, max_by(struct(n, src), ts).src AS last_src FROM events GROUP BY e;
SELECT DISTINCT e, first_value(n) OVER (PARTITION BY e ORDER BY ts) AS f, last_value(n) OVER (PARTITION BY e ORDER BY ts ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS l FROM events;
SELECT e, ts, last_value(v, true) OVER (PARTITION BY e ORDER BY ts ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS v_ffill, first_value(v) IGNORE NULLS OVER (PARTITION BY e ORDER BY ts) AS v_first FROM events;
SELECT e, ts, coalesce(v, last(v) IGNORE NULLS OVER (PARTITION BY e ORDER BY ts)) AS v_filled FROM events;
SELECT e, ts, nth_value(n, 2) OVER (PARTITION BY e ORDER BY ts ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS second FROM events;
SELECT * EXCEPT (rn) FROM (SELECT *, row_number() OVER (PARTITION BY dept ORDER BY pay DESC NULLS LAST, id) AS rn FROM people) WHERE rn = 1;
WITH dedup AS (SELECT *, row_number() OVER (PARTITION BY e, src ORDER BY ts DESC) rn FROM events) SELECT e, src, ts, n FROM dedup WHERE rn = 1 ORDER BY e, src;
SELECT k, v FROM (SELECT k, v, row_number() OVER (PARTITION BY k ORDER BY updated_at DESC, v) AS rn FROM VALUES ('a', 1, DATE'2024-01-01'), ('a', 2, DATE'2024-01-02'), ('b', 3, NULL) AS t(k, v, updated_at)) t WHERE rn = 1;
SELECT dept, name, pay, dense_rank() OVER (PARTITION BY dept ORDER BY pay DESC) AS dr, rank() OVER (ORDER BY pay DESC) AS r, percent_rank() OVER (ORDER BY pay) AS pr, cume_dist() OVER (ORDER BY pay) AS cd FROM people;
SELECT * FROM (SELECT e, src, n FROM events) PIVOT (sum(n) FOR src IN (0, 1));
SELECT * FROM (SELECT e, src, n FROM events) PIVOT (sum(n) AS total, count(*) AS cnt FOR src IN (0 AS even, 1 AS odd)) ORDER BY e;
SELECT * FROM (SELECT year(hired) AS y, dept, pay FROM people) PIVOT (avg(pay) FOR dept IN ('ops', 'dev', 'hr'));
SELECT id, metric, value FROM (SELECT id, pay, boss FROM people) UNPIVOT (value FOR metric IN (pay, boss));
SELECT * FROM (SELECT id, i, s FROM numbers) UNPIVOT INCLUDE NULLS (val FOR col IN (i, s)) WHERE id < 5;
SELECT id, stack(2, 'pay', cast(pay AS double), 'boss', cast(boss AS double)) AS (metric, value) FROM people;
SELECT e, count_if(n > 5) AS high, count_if(v IS NULL) AS missing, count(*) FILTER (WHERE src = 1) AS odd, sum(n) FILTER (WHERE v > 0) AS pos_n, avg(n) FILTER (WHERE n > 100) AS none FROM events GROUP BY e;
SELECT sum(CASE WHEN dept = 'dev' THEN 1 ELSE 0 END) AS n_dev, sum(CASE WHEN dept = 'dev' THEN pay END) AS pay_dev, avg(if(dept = 'ops', 1, 0)) AS ops_rate, count(DISTINCT CASE WHEN pay > 1000 THEN dept END) AS d FROM people;
SELECT dept, bool_or(pay > 5000) AS any_high, every(pay > 2000) AS all_ok, some(boss IS NULL) AS has_root, any(name LIKE '%a%') AS a FROM people GROUP BY dept;
SELECT date_trunc('week', ts) AS wk, date_trunc('hour', ts) AS hr, count(*) AS n FROM events GROUP BY 1, 2;
SELECT window(ts, '2 hours') AS w, count(*) AS n FROM events GROUP BY window(ts, '2 hours');
SELECT window.start AS start, window.end AS end, e, sum(n) AS total FROM events GROUP BY window(ts, '1 day'), e;
SELECT w.start, w.end, cnt FROM (SELECT window(ts, '3 hours', '1 hour') AS w, count(*) AS cnt FROM events WHERE src = 0 GROUP BY 1);
-- refused
SELECT window_time(window) AS t, n FROM (SELECT window, count(*) AS n FROM events GROUP BY window(ts, '6 hours'));
-- refused
SELECT to_timestamp(floor(unix_timestamp(ts) / 900) * 900) AS bucket, count(*) AS n FROM events GROUP BY 1;
SELECT timestamp_seconds(cast(unix_timestamp(ts) AS bigint) div 7200 * 7200) AS bucket, avg(n) AS avg_n FROM events GROUP BY bucket ORDER BY bucket;
SELECT date_format(ts, 'yyyy-MM-dd HH:00') AS h, weekday(ts) AS wd, dayofweek(ts) AS dw, dayofweek(ts) IN (1, 7) AS is_weekend, date_format(ts, 'EEEE') AS day_name FROM events WHERE e = 3;
SELECT extract(HOUR FROM ts) AS h, extract(DOW FROM ts) AS dow, extract(WEEK FROM ts) AS wk, extract(YEAROFWEEK FROM ts) AS yow, date_part('quarter', ts) AS q FROM times;
SELECT id, sin(2 * pi() * hour(ts) / 24) AS hour_sin, cos(2 * pi() * hour(ts) / 24) AS hour_cos FROM times WHERE id IN (1, 7);
SELECT id, item FROM nested LATERAL VIEW explode(s) x AS item;
SELECT id, item, count(*) AS n FROM nested LATERAL VIEW OUTER explode(a) x AS item GROUP BY id, item;
SELECT id, posexplode(a) FROM nested;
SELECT id, posexplode(s) AS (pos, tag) FROM nested WHERE size(s) > 0;
SELECT id, explode(m) AS (k, v) FROM nested;
SELECT id, pos, col FROM nested LATERAL VIEW posexplode_outer(d) AS pos, col;
SELECT id, inline(p) FROM nested;
SELECT t.id, u.word FROM texts t, LATERAL explode(split(t.t, ' ')) AS u(word) WHERE u.word <> '';
SELECT word, count(*) AS n, count(DISTINCT id) AS docs FROM (SELECT id, explode(split(lower(trim(t)), '\\s+')) AS word FROM texts) WHERE length(word) > 0 GROUP BY word HAVING count(*) >= 1 ORDER BY n DESC, word LIMIT 10;
SELECT e, sort_array(collect_list(n)) AS ns, sort_array(collect_set(src), false) AS srcs, size(collect_set(n)) AS k FROM events GROUP BY e;
SELECT dept, array_join(sort_array(collect_list(name)), ', ', '?') AS names, concat_ws('|', sort_array(collect_set(name))) AS piped FROM people GROUP BY dept;
SELECT dept, listagg(name, ',') WITHIN GROUP (ORDER BY name DESC) AS names FROM people GROUP BY dept;
SELECT dept, string_agg(name, '; ') WITHIN GROUP (ORDER BY id) AS names FROM people GROUP BY dept;
SELECT e, map_from_entries(sort_array(collect_list(struct(cast(src AS string), n)))) AS m FROM (SELECT e, src, sum(n) AS n FROM events GROUP BY e, src) GROUP BY e;
SELECT dept, transform(sort_array(collect_list(struct(pay, name)), false), x -> x.name) AS by_pay FROM people GROUP BY dept;
SELECT e, slice(sort_array(collect_list(struct(ts, n)), false), 1, 3).n AS last3 FROM events GROUP BY e;
SELECT e, array_sort(collect_list(named_struct('n', n, 'src', src)), (l, r) -> CASE WHEN l.n < r.n THEN -1 WHEN l.n > r.n THEN 1 ELSE 0 END)[0].n AS smallest FROM events GROUP BY e;
SELECT e, aggregate(collect_list(n), 0L, (acc, x) -> acc + x) AS s, aggregate(transform(collect_list(n), x -> cast(x AS double)), cast(0 AS double), (a, x) -> a + x * x, a -> sqrt(a)) AS norm FROM events GROUP BY e;
SELECT id, r.x, r.y, r.z.d AS d, r.z.l[0] AS l0, element_at(m, 'k') AS k, m['z'] AS z FROM nested WHERE id = 1;
SELECT id, r.* FROM nested;
SELECT id, p.x AS xs, p.v AS vs, p[0].x AS x0 FROM nested WHERE size(p) > 0;
SELECT id, try_element_at(a, 5) AS a5, get(a, 7) AS a7, a[0] AS a0 FROM nested WHERE id <> 2;
SELECT id, map_keys(m) AS ks, map_values(m) AS vs, cardinality(m) AS c, map_contains_key(m, 'k') AS has_k, coalesce(m['k'], 0) AS k FROM nested;
SELECT id, array_max(a) AS mx, array_min(a) AS mn, array_contains(a, 3) AS has3, array_position(a, 3) AS p3, array_distinct(a) AS u, array_compact(a) AS c, size(filter(a, x -> x > 2)) AS n2, exists(a, x -> x = 5) AS e5, forall(a, x -> x > 0) AS allpos FROM nested;
SELECT id, zip_with(a, array_repeat(1, size(a)), (x, y) -> x + y) AS plus1 FROM nested WHERE id IN (1, 2, 4);
SELECT get_json_object(raw, '$.user.id') AS uid, get_json_object(raw, '$.items[0].sku') AS sku, get_json_object(raw, '$.items[*].qty') AS qtys, get_json_object(raw, '$.missing') AS no FROM VALUES ('{"user":{"id":7,"tags":["a","b"]},"items":[{"sku":"x1","qty":2},{"sku":"x2","qty":1}]}'), ('not json'), (NULL) AS t(raw);
SELECT j.user.id AS uid, j.items[0].sku AS sku, size(j.items) AS n, aggregate(j.items, 0, (a, i) -> a + i.qty) AS qty FROM (SELECT from_json(raw, 'user STRUCT<id: INT, tags: ARRAY<STRING>>, items ARRAY<STRUCT<sku: STRING, qty: INT>>') AS j FROM VALUES ('{"user":{"id":7,"tags":["a","b"]},"items":[{"sku":"x1","qty":2},{"sku":"x2","qty":1}]}'), ('{"user":null,"items":[]}') AS t(raw));
SELECT id, sku, qty FROM (SELECT id, explode(from_json(raw, 'array<struct<sku:string,qty:int>>')) AS it FROM VALUES (1, '[{"sku":"a","qty":1},{"sku":"b"}]'), (2, '[]'), (3, 'oops') AS t(id, raw)) LATERAL VIEW inline(array(it)) AS sku, qty;
SELECT t.id, j.a, j.b FROM VALUES (1, '{"a":1,"b":"x"}'), (2, '{}') AS t(id, raw) LATERAL VIEW json_tuple(t.raw, 'a', 'b') j AS a, b;
SELECT id, to_json(struct(id, name, dept)) AS js, to_json(named_struct('pay', pay, 'hired', hired)) AS js2 FROM people;
SELECT id, to_json(m) AS m, to_json(a) AS a, to_json(r) AS r FROM nested;
-- refused
SELECT from_json('{"a": 1, "b": 2.5}', 'map<string,double>') AS m, json_array_length('[1,2,3]') AS n, json_object_keys('{"x":1,"y":2}') AS ks, schema_of_json('{"a":[1],"b":"s"}') AS sch;
-- refused
SELECT id, from_csv(concat(id, ',', coalesce(name, '')), 'id INT, name STRING') AS row FROM people;
SELECT id, lower(regexp_replace(trim(t), '[^a-zA-Z0-9]+', '_')) AS slug FROM texts;
SELECT id, regexp_extract(t, '(\\d+)', 1) AS digits, regexp_extract_all(t, '([a-z]+)', 1) AS words, regexp_count(t, '[aeiou]') AS vowels, t RLIKE '^[0-9.]+$' AS numeric FROM texts;
SELECT id, regexp_like(t, '^\\s') AS lead_space, regexp_instr(t, 'l+') AS at, regexp_substr(t, '[A-Z]+') AS caps FROM texts;
SELECT email, lower(split(email, '@')[1]) AS domain, substring_index(email, '@', 1) AS user, split_part(email, '.', -1) AS tld, regexp_replace(email, '(^.).*(@.*$)', '$1***$2') AS masked FROM VALUES ('Ann.Lee@Example.com'), ('bob@site.co.uk'), (NULL) AS t(email);
SELECT phone, regexp_replace(phone, '[^0-9]', '') AS digits, right(regexp_replace(phone, '\\D', ''), 4) AS last4, lpad(regexp_replace(phone, '\\D', ''), 12, '0') AS padded FROM VALUES ('+1 (555) 123-4567'), ('555.123.9999'), ('') AS t(phone);
SELECT url, parse_url(url, 'HOST') AS host, parse_url(url, 'PATH') AS path, parse_url(url, 'QUERY', 'utm_source') AS utm FROM VALUES ('https://shop.example.com/a/b?utm_source=mail&x=1'), ('http://example.org') AS t(url);
SELECT url, str_to_map(parse_url(url, 'QUERY'), '&', '=') AS q FROM VALUES ('https://e.com/?a=1&b=2'), ('https://e.com/') AS t(url);
SELECT id, translate(t, 'aeiou', '12345') AS enc, reverse(t) AS rev, instr(t, 'l') AS l, locate('o', t, 3) AS o, overlay(t PLACING '##' FROM 2 FOR 3) AS ov, left(t, 3) AS l3, initcap(t) AS ic FROM texts;
SELECT id, length(t) AS len, length(t) - length(replace(t, ' ', '')) AS spaces, size(split(t, ' ')) AS words, char_length(t) AS cl, octet_length(t) AS ol, ascii(t) AS a FROM texts;
SELECT id, nullif(trim(t), '') AS clean, coalesce(nullif(trim(BOTH FROM t), ''), 'missing') AS filled, ltrim(t) AS lt, rtrim(t) AS rt, trim(LEADING ' ' FROM t) AS tl, btrim(t, ' h') AS b FROM texts;
SELECT a, b, levenshtein(a, b) AS lev, soundex(a) = soundex(b) AS same_sound, a ILIKE concat('%', b, '%') AS has FROM VALUES ('Smith', 'Smyth'), ('kitten', 'sitting'), ('ABC', 'b') AS t(a, b);
SELECT format_number(pay, 2) AS pretty, format_string('%s-%05d', dept, id) AS code, printf('%.1f%%', 12.345D) AS p, to_char(pay, '$99,999.99') AS money FROM people;
SELECT p.name FROM people p WHERE EXISTS (SELECT 1 FROM events e WHERE e.e = p.id AND e.n > 8);
SELECT p.name FROM people p WHERE NOT EXISTS (SELECT 1 FROM departments d WHERE d.dept = p.dept);
SELECT name FROM people WHERE dept IN (SELECT dept FROM departments WHERE floor < 3);
SELECT name FROM people WHERE dept NOT IN (SELECT dept FROM departments);
SELECT name FROM people WHERE dept NOT IN (SELECT dept FROM departments WHERE dept IS NOT NULL);
SELECT name, pay, (SELECT avg(pay) FROM people) AS avg_pay, pay - (SELECT avg(pay) FROM people) AS diff FROM people;
SELECT name, pay, (SELECT max(q.pay) FROM people q WHERE q.dept = p.dept) AS dept_max FROM people p;
SELECT name FROM people p WHERE pay > (SELECT avg(pay) FROM people q WHERE q.dept = p.dept);
SELECT p.name, (SELECT count(*) FROM events e WHERE e.e = p.id) AS n_events, (SELECT sum(n) FROM events e WHERE e.e = p.id AND e.src = 0) AS s FROM people p;
SELECT name FROM people WHERE (dept, boss) IN (SELECT dept, boss FROM people WHERE id > 2);
SELECT id, name FROM people LEFT SEMI JOIN departments ON people.dept = departments.dept;
SELECT id, name FROM people p LEFT ANTI JOIN departments d ON p.dept = d.dept;
SELECT p.id, p.name FROM people p ANTI JOIN events e ON p.id = e.e AND e.n > 3;
SELECT p.name, m.name AS manager, g.name AS grand FROM people p LEFT JOIN people m ON p.boss = m.id LEFT JOIN people g ON m.boss = g.id;
SELECT p.name, d.title FROM people p FULL OUTER JOIN departments d ON p.dept <=> d.dept;
SELECT * FROM people NATURAL JOIN departments;
SELECT dept, count(*) AS n FROM people JOIN departments USING (dept) GROUP BY dept;
SELECT a.id, b.id AS peer FROM people a JOIN people b ON a.dept = b.dept AND a.id < b.id;
SELECT p.id, x.top_n FROM people p, LATERAL (SELECT max(n) AS top_n FROM events e WHERE e.e = p.id) x;
-- refused
SELECT p.id, x.ts, x.n FROM people p JOIN LATERAL (SELECT ts, n FROM events e WHERE e.e = p.id ORDER BY n DESC, ts LIMIT 2) x;
SELECT b.lo, b.hi, count(p.id) AS n FROM VALUES (0, 2000), (2000, 5000), (5000, 100000) AS b(lo, hi) LEFT JOIN people p ON p.pay >= b.lo AND p.pay < b.hi GROUP BY b.lo, b.hi;
WITH a AS (SELECT e, sum(n) AS s FROM events GROUP BY e), b AS (SELECT avg(s) AS m, stddev_pop(s) AS sd FROM a), c AS (SELECT a.e, (a.s - b.m) / b.sd AS z FROM a CROSS JOIN b) SELECT e, round(z, 4) AS z, abs(z) > 1 AS outlier FROM c;
-- refused
WITH RECURSIVE chain AS (SELECT id, name, boss, 0 AS depth FROM people WHERE boss IS NULL UNION ALL SELECT p.id, p.name, p.boss, c.depth + 1 FROM people p JOIN chain c ON p.boss = c.id) SELECT id, name, depth FROM chain;
SELECT 'people' AS src, count(*) AS n FROM people UNION ALL SELECT 'events', count(*) FROM events UNION ALL SELECT 'departments', count(*) FROM departments;
SELECT id, cast(pay AS double) AS v FROM people UNION ALL SELECT id, i FROM numbers WHERE i > 0;
SELECT id, name FROM people UNION SELECT id, t FROM texts ORDER BY id, name LIMIT 5;
SELECT dept FROM people INTERSECT SELECT dept FROM departments;
SELECT dept FROM departments EXCEPT SELECT dept FROM people;
SELECT dept FROM people EXCEPT ALL SELECT dept FROM departments;
SELECT id, 'x' FROM people UNION ALL SELECT id FROM people;
SELECT dept, year(hired) AS y, sum(pay) AS total FROM people GROUP BY ROLLUP (dept, year(hired));
SELECT dept, boss, count(*) AS n, grouping_id() AS g FROM people GROUP BY CUBE (dept, boss);
SELECT dept, boss, grouping(dept) AS gd, grouping(boss) AS gb, sum(pay) FROM people GROUP BY GROUPING SETS ((dept, boss), (dept), ());
SELECT coalesce(dept, 'ALL') AS dept, count(*) AS n FROM people WHERE dept IS NOT NULL GROUP BY dept WITH ROLLUP ORDER BY n DESC, dept;
SELECT dept, avg(pay) AS avg_pay FROM people GROUP BY dept HAVING avg(pay) > 1000 AND count(*) > 1;
SELECT e, src FROM events GROUP BY e, src HAVING sum(n) > (SELECT avg(n) FROM events) * 3;
SELECT dept, count(*) AS n FROM people GROUP BY dept HAVING n > 1;
SELECT dept, count(*) AS n FROM people WHERE n > 1 GROUP BY dept;
SELECT dept, name FROM (SELECT dept, name, rank() OVER (PARTITION BY dept ORDER BY pay DESC NULLS LAST) AS r FROM people) t WHERE r <= 2;
SELECT dept, name, pay FROM people QUALIFY row_number() OVER (PARTITION BY dept ORDER BY pay DESC) = 1;
SELECT e, percentile_approx(n, 0.5) AS med, percentile_approx(n, array(0.25, 0.75)) AS q, approx_percentile(n, 0.9, 100) AS p90, percentile(n, 0.5) AS exact, median(n) AS m FROM events GROUP BY e;
SELECT e, percentile_cont(0.5) WITHIN GROUP (ORDER BY n) AS pc, percentile_disc(0.5) WITHIN GROUP (ORDER BY n DESC) AS pd FROM events GROUP BY e;
-- refused
SELECT approx_count_distinct(n) AS a, approx_count_distinct(e, 0.01) AS b, count(DISTINCT n) AS c, count(DISTINCT e, src) AS d FROM events;
SELECT e, mode(src) AS m, skewness(n) AS sk, kurtosis(n) AS ku, var_samp(n) AS vs, variance(n) AS v, stddev(n) AS sd FROM events WHERE e = 1 GROUP BY e;
SELECT corr(n, src) AS c, covar_pop(n, src) AS cp, covar_samp(n, src) AS cs, regr_slope(n, src) AS sl, regr_intercept(n, src) AS ic, regr_r2(n, src) AS r2, regr_count(n, v) AS rc FROM events;
SELECT id, pay, width_bucket(pay, 0, 10000, 5) AS b, ntile(3) OVER (ORDER BY pay) AS t, floor(pay / 1000) AS k, CASE WHEN pay < 2000 THEN '0-2k' WHEN pay < 5000 THEN '2k-5k' ELSE '5k+' END AS band FROM people;
SELECT floor(n / 3) * 3 AS lo, count(*) AS n FROM events GROUP BY 1 ORDER BY 1;
SELECT e, n, (n - min(n) OVER ()) / (max(n) OVER () - min(n) OVER ()) AS minmax, (n - avg(n) OVER ()) / stddev(n) OVER () AS z FROM events WHERE src = 0;
SELECT p.id, p.dept, coalesce(t.enc, g.m) AS dept_enc FROM people p LEFT JOIN (SELECT dept, avg(pay) AS enc FROM people GROUP BY dept) t ON p.dept = t.dept CROSS JOIN (SELECT avg(pay) AS m FROM people) g;
SELECT id, dept, (sum(pay) OVER (PARTITION BY dept) - pay) / nullif(count(pay) OVER (PARTITION BY dept) - 1, 0) AS loo FROM people;
SELECT dept, (sum(y) + 10 * (SELECT avg(y) FROM VALUES (1), (0), (1) AS g(y))) / (count(*) + 10) AS smoothed FROM VALUES ('a', 1), ('a', 0), ('b', 1) AS t(dept, y) GROUP BY dept;
SELECT dept, ln((sum(y) + 0.5) / (count(*) - sum(y) + 0.5)) AS woe FROM VALUES ('a', 1), ('a', 0), ('b', 1), ('b', 1) AS t(dept, y) GROUP BY dept;
SELECT id, if(dept = 'ops', 1, 0) AS is_ops, if(dept = 'dev', 1, 0) AS is_dev, int(dept IS NULL) AS dept_missing FROM people;
SELECT id, dense_rank() OVER (ORDER BY dept) - 1 AS dept_idx FROM people;
SELECT id, md5(name) AS m, sha1(name) AS s1, sha2(name, 256) AS s2, crc32(name) AS c FROM people;
SELECT id, hash(id, name) AS h, xxhash64(id, name) AS x, abs(hash(name)) % 10 AS bucket, pmod(hash(name), 10) AS pb, pmod(xxhash64(id), 100) AS px FROM people;
SELECT id, hash(pay, hired) AS h, xxhash64(dept, pay) AS x, md5(concat_ws('||', id, name, dept)) AS surrogate_key FROM people;
SELECT id, md5(cast(coalesce(cast(id AS string), '_dbt_utils_surrogate_key_null_') || '-' || coalesce(cast(name AS string), '_dbt_utils_surrogate_key_null_') AS string)) AS sk FROM people;
SELECT id, name FROM people WHERE pmod(xxhash64(id), 10) < 5;
SELECT id, CASE WHEN pmod(hash(id), 100) < 80 THEN 'train' ELSE 'test' END AS split FROM texts;
-- refused
SELECT count(*) FROM events TABLESAMPLE (100 PERCENT);
-- refused
SELECT * FROM people TABLESAMPLE (3 ROWS);
SELECT id, conv(substr(md5(cast(id AS string)), 1, 8), 16, 10) AS n, cast(conv(left(sha2(cast(id AS string), 256), 6), 16, 10) AS bigint) % 100 AS bucket FROM people;
SELECT cast('12' AS int) AS i, cast('3.75' AS decimal(5,1)) AS d, cast(3.99 AS int) AS t, cast('true' AS boolean) AS b, cast('2024-02-30' AS date) AS x;
SELECT try_cast('abc' AS int) AS i, try_cast('2024-02-30' AS date) AS d, try_cast('1e3' AS double) AS f, try_cast('300' AS tinyint) AS tt, try_cast('yes' AS boolean) AS b;
-- refused
SELECT t, try_cast(t AS int) AS i, try_cast(trim(t) AS double) AS d, try_to_number(t, '999') AS n, try_to_timestamp(t) AS ts FROM texts;
SELECT cast('abc' AS int);
SELECT id, cast(t AS int) FROM texts WHERE id = 1;
SELECT '12'::int + 1 AS a, 5::double / 2 AS b, '2024-01-01'::date AS c, 1::string || 'x' AS d;
SELECT cast(1.5 AS string), string(2), double('1.5'), bigint('7'), date('2024-01-05'), timestamp('2024-01-05 10:00:00'), boolean('f');
SELECT try_divide(1, 0) AS a, try_add(2147483647, 1) AS b, try_multiply(1000000, 1000000) AS c, try_subtract(-2147483648, 1) AS d, try_divide(7, 2) AS e, try_mod(5, 0) AS f;
SELECT id, pay / nullif(boss - 1, 0) AS ratio, coalesce(pay / nullif(boss - 1, 0), 0) AS ratio0, CASE WHEN boss > 1 THEN pay / boss END AS r2 FROM people;
SELECT sum(pay) / count(boss) AS per_boss, count(DISTINCT dept) / count(*) AS ratio, count(*) / count(DISTINCT dept) AS inv FROM people;
SELECT 1 / 0;
SELECT id, pay / (boss - 1) AS ratio FROM people WHERE boss IS NOT NULL;
SELECT 5 % 0;
SELECT 2147483647 + 1;
SELECT id, nvl(dept, 'n/a') AS d, nvl2(boss, 'has', 'none') AS b, ifnull(pay, 0) AS p, isnull(name) AS nn, isnotnull(hired) AS h, dept <=> NULL AS dn, zeroifnull(boss) AS z, nullifzero(boss - 1) AS nz FROM people;
SELECT count(*) AS n, count(pay) AS pay_n, count(*) - count(pay) AS pay_nulls, round(avg(CASE WHEN pay IS NULL THEN 1 ELSE 0 END), 3) AS null_rate, count(boss) / count(*) AS fill FROM people;
SELECT greatest(pay, 4500) AS capped_low, least(pay, 5500) AS capped_high, least(greatest(pay, 1000), 5000) AS clipped FROM people;
SELECT e, sum(v) AS s, avg(v) AS a, sum(CASE WHEN isnan(v) THEN NULL ELSE v END) AS s2, nanvl(max(v), -1) AS m FROM events GROUP BY e;
-- refused
SELECT id, d, isnan(d) AS nan, d = d AS eq, d > 1e300 AS big, coalesce(nanvl(d, NULL), 0) AS clean, signum(d) AS sg, round(d, 2) AS r FROM numbers;
SELECT id, ln(i) AS l, log1p(abs(i)) AS l1, log10(i) AS l10, log(2, i) AS l2, sqrt(i) AS sq, exp(b / 10) AS ex, power(b, 2) AS p2, cbrt(b) AS cb FROM numbers WHERE id IN (1, 5, 6, 8, 9, 10);
SELECT round(2.5) AS a, round(-2.5) AS b, bround(2.5) AS c, round(2.345, 2) AS d, round(1234, -2) AS e, ceil(1.2) AS f, floor(-1.2) AS g, ceil(3.14159, 2) AS h, truncate(3.99, 1) AS i;
SELECT hired, hired + INTERVAL 30 DAYS AS d30, hired - INTERVAL 1 MONTH AS m1, add_months(hired, 3) AS m3, date_add(hired, 7) AS d7, date_sub(hired, 7) AS w1, last_day(hired) AS eom, next_day(hired, 'MON') AS mon, trunc(hired, 'YEAR') AS y, hired + 1 AS tomorrow FROM people;
SELECT id, DATE'2024-01-01' - hired AS age_i, datediff(DATE'2024-01-01', hired) AS days, months_between(DATE'2024-01-01', hired) AS mb, floor(months_between(DATE'2024-01-01', hired) / 12) AS years, timestampdiff(MONTH, hired, DATE'2024-01-01') AS tm FROM people;
-- refused
SELECT ts, ts + INTERVAL '1' HOUR AS h, ts - INTERVAL '1 02:03:04' DAY TO SECOND AS d, ts + make_interval(0, 1, 0, 2, 3, 0, 0) AS mi, timestampadd(MINUTE, 15, ts) AS t15, dateadd(DAY, 3, ts) AS d3 FROM times WHERE id IN (1, 7, 8);
SELECT make_date(2024, month(d), 1) AS md, make_timestamp(2024, 1, day(d), 0, 0, 0) AS mt, to_date('01/02/2024', 'dd/MM/yyyy') AS td, to_timestamp('2024-01-02 03:04', 'yyyy-MM-dd HH:mm') AS tt, unix_date(DATE'2024-01-01') AS ud, date_from_unix_date(19723) AS du FROM times WHERE id IN (1, 7);
SELECT to_date('2024-13-01');
SELECT to_date('20240105', 'yyyyMMdd') AS a, try_to_date('2024-13-01') AS b, date_format(DATE'2024-01-05', 'yyyyMM') AS c, to_unix_timestamp('2024-01-05', 'yyyy-MM-dd') AS d, from_unixtime(1704412800, 'yyyy-MM-dd') AS e;
SELECT ts, from_utc_timestamp(ts, 'America/New_York') AS ny, to_utc_timestamp(ts, 'Europe/Berlin') AS utc, convert_timezone('UTC', 'Asia/Tokyo', n) AS tokyo FROM times WHERE id IN (1, 7, 8);
SELECT to_date(from_utc_timestamp(ts, 'America/Los_Angeles')) AS local_day, count(*) AS n FROM events GROUP BY 1;
-- refused
SELECT hour(from_utc_timestamp(TIMESTAMP'2024-03-10 09:59:59', 'America/Los_Angeles')) AS before, hour(from_utc_timestamp(TIMESTAMP'2024-03-10 10:00:00', 'America/Los_Angeles')) AS after, from_utc_timestamp('2024-07-01 00:00:00', '+05:30') AS ist;
SELECT explode(sequence(TIMESTAMP'2024-01-01', TIMESTAMP'2024-01-01 06:00:00', INTERVAL 2 HOURS)) AS h;
SELECT d, coalesce(n, 0) AS n, sum(coalesce(n, 0)) OVER (ORDER BY d) AS running FROM (SELECT explode(sequence(to_date('2024-01-01'), to_date('2024-01-06'))) AS d) LEFT JOIN (SELECT to_date(ts) AS d, count(*) AS n FROM events GROUP BY 1) USING (d);
SELECT month, explode(sequence(1, 3)) AS k FROM (SELECT date_trunc('month', DATE'2024-05-17') AS month);
SELECT id, name FROM people ORDER BY id LIMIT 3 OFFSET 2;
SELECT id FROM people ORDER BY pay DESC NULLS LAST, id LIMIT 2;
-- refused
SELECT id FROM people ORDER BY pay LIMIT 1 + 1;
SELECT nme FROM people;
SELECT name, count(*) FROM people;
SELECT dept, name FROM people GROUP BY dept;
SELECT * FROM people WHERE count(*) > 1;
SELECT id FROM people p JOIN events e ON p.id = e.e WHERE id = e;
SELECT dept FROM people p JOIN departments d ON p.dept = d.dept;
SELECT * FROM peoples;
SELECT foo(id) FROM people;
SELECT substring(name) FROM people;
SELECT sum(name) FROM people;
SELECT sum(dept) OVER (PARTITION BY boss) FROM people WHERE id = 1;
SELECT name + 1 FROM people;
SELECT name FROM people WHERE pay;
SELECT name FROM people WHERE hired > '2016-01-01';
SELECT name FROM people WHERE id = '1';
SELECT name FROM people WHERE id = 'one';
SELECT name FROM people ORDER BY nope;
SELECT row_number() OVER (PARTITION BY dept) FROM people;
SELECT lag(pay) OVER (PARTITION BY dept) FROM people;
SELECT id FROM people WHERE row_number() OVER (ORDER BY id) = 1;
SELECT id, sum(sum(pay)) FROM people GROUP BY id;
SELECT dept, sum(sum(pay)) OVER () AS grand, sum(pay) / sum(sum(pay)) OVER () AS share FROM people GROUP BY dept;
SELECT dept, sum(pay) AS s, rank() OVER (ORDER BY sum(pay) DESC) AS r, lag(sum(pay)) OVER (ORDER BY dept) AS prev FROM people GROUP BY dept;
SELECT id, CASE WHEN id > 1 THEN 'a' ELSE 1 END AS mixed FROM people;
SELECT array(1, 'a'), map('a', 1, 'b', 2.5), struct(1, 'x') AS s;
SELECT a[10] FROM nested WHERE id = 1;
SELECT element_at(array(1, 2), 0);
SELECT r.nope FROM nested;
SELECT id FROM (SELECT id FROM people;
SELECT id, FROM people;
SELECT date_trunc('fortnight', ts) FROM times;
SELECT datediff(hired) FROM people;
SELECT pay AS p, p * 2 AS double_pay, double_pay + 1 AS more FROM people;
SELECT id, pay * 12 AS yearly, yearly * 0.2 AS tax, yearly - tax AS net FROM people WHERE pay IS NOT NULL;
SELECT m.k, r.y FROM nested WHERE id IN (1, 4);
SELECT DISTINCT ON (dept) name FROM people;
SELECT TOP 3 name FROM people;
SELECT id, name FROM people WHERE name = "Ann";
SELECT `id`, `name` AS `full name` FROM `people` WHERE `dept` = 'ops';
FROM people SELECT id, name WHERE id < 3;
FROM people |> WHERE pay > 1000 |> AGGREGATE count(*) AS n GROUP BY dept |> ORDER BY dept;
SELECT dept, any_value(name) IS NOT NULL AS has_name, max(struct(pay, name)) AS top, max(struct(pay, name)).name AS top_name FROM people WHERE name IS NOT NULL GROUP BY dept;
SELECT e, collect_list(struct(ts, n)) AS hist FROM (SELECT * FROM events WHERE e = 1 ORDER BY ts LIMIT 3) GROUP BY e;
SELECT e, ts, collect_list(n) OVER (PARTITION BY e ORDER BY ts ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS last3, array_join(collect_list(src) OVER (PARTITION BY e ORDER BY ts), '>') AS path FROM events;
SELECT e, ts, count(DISTINCT src) OVER (PARTITION BY e) AS k FROM events;
SELECT e, ts, size(collect_set(n) OVER (PARTITION BY e ORDER BY ts)) AS distinct_so_far FROM events;
SELECT e, ts, lead(ts, 1) OVER w AS next_ts, lag(n, 2, -1) OVER w AS n2, n - lag(n) OVER w AS delta, (n - lag(n) OVER w) / nullif(lag(n) OVER w, 0) AS pct_change FROM events WINDOW w AS (PARTITION BY e ORDER BY ts);
WITH daily AS (SELECT to_date(ts) AS d, sum(n) AS n FROM events GROUP BY to_date(ts)) SELECT d, n, sum(n) OVER (ORDER BY d ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS cum, round(avg(n) OVER (ORDER BY d ROWS BETWEEN 6 PRECEDING AND CURRENT ROW), 2) AS ma7, n - lag(n, 1, 0) OVER (ORDER BY d) AS dod, round((n / lag(n) OVER (ORDER BY d) - 1) * 100, 1) AS pct FROM daily;
WITH grp AS (SELECT e, to_date(ts) AS d, date_sub(to_date(ts), row_number() OVER (PARTITION BY e ORDER BY to_date(ts))) AS g FROM (SELECT DISTINCT e, date_trunc('day', ts) AS ts FROM events)) SELECT e, min(d) AS streak_start, count(*) AS streak FROM grp GROUP BY e, g;
WITH first_seen AS (SELECT e, min(date_trunc('day', ts)) AS cohort FROM events GROUP BY e) SELECT f.cohort, datediff(ev.ts, f.cohort) AS day_n, count(DISTINCT ev.e) AS active, count(DISTINCT ev.e) / max(c.size) AS retention FROM events ev JOIN first_seen f ON ev.e = f.e JOIN (SELECT cohort, count(*) AS size FROM first_seen GROUP BY cohort) c ON c.cohort = f.cohort GROUP BY f.cohort, datediff(ev.ts, f.cohort);
WITH steps AS (SELECT e, min(CASE WHEN src = 0 THEN ts END) AS t0, min(CASE WHEN src = 1 THEN ts END) AS t1 FROM events GROUP BY e) SELECT count(t0) AS step0, count(CASE WHEN t1 > t0 THEN 1 END) AS step1, try_divide(count(CASE WHEN t1 > t0 THEN 1 END), count(t0)) AS conv FROM steps;
WITH bounds AS (SELECT percentile_approx(n, 0.25) AS q1, percentile_approx(n, 0.75) AS q3 FROM events) SELECT e.e, e.n FROM events e CROSS JOIN bounds b WHERE e.n < b.q1 - 0.5 * (b.q3 - b.q1) OR e.n > b.q3 + 0.4 * (b.q3 - b.q1);
WITH s AS (SELECT id, name, dept, pay, md5(concat_ws('|', name, dept, pay)) AS h, TIMESTAMP'2024-01-01' AS valid_from, lead(TIMESTAMP'2024-01-01') OVER (PARTITION BY name ORDER BY id) AS valid_to FROM people) SELECT *, valid_to IS NULL AS is_current FROM s;
WITH ema AS (SELECT e, sort_array(collect_list(struct(ts, n))).n AS ns FROM events GROUP BY e) SELECT e, aggregate(ns, cast(0.0 AS double), (acc, x) -> acc * 0.5D + x * 0.5D) AS ema FROM ema;
SELECT a.n AS item_a, b.n AS item_b, count(*) AS together FROM events a JOIN events b ON a.e = b.e AND a.n < b.n AND to_date(a.ts) = to_date(b.ts) GROUP BY a.n, b.n HAVING count(*) > 1;
SELECT e, entropy FROM (SELECT e, -sum(p * log2(p)) AS entropy FROM (SELECT e, src, count(*) / sum(count(*)) OVER (PARTITION BY e) AS p FROM events GROUP BY e, src) GROUP BY e);
SELECT id, aggregate(zip_with(a, a, (x, y) -> x * y), 0, (s, x) -> s + x) AS dot FROM nested WHERE id IN (1, 5);
SELECT id, array_intersect(a, array(1, 3)) AS i, array_union(a, array(9)) AS u, array_except(a, array(3)) AS e, arrays_overlap(a, array(5)) AS o, size(array_intersect(a, array(1, 3))) / size(array_union(a, array(1, 3))) AS jaccard FROM nested WHERE a IS NOT NULL;
SELECT flatten(collect_list(a)) AS all_a, array_size(flatten(collect_list(s))) AS n_s FROM nested;
-- refused
SELECT map_from_arrays(array('a', 'b'), array(1, 2)) AS m, map_entries(map('x', 1)) AS e, arrays_zip(array(1, 2), array('a', 'b')) AS z, map_zip_with(map('a', 1), map('a', 2), (k, x, y) -> x + y) AS mz;
SELECT e, map_from_entries(collect_list(struct(src, n))) AS m FROM events WHERE e = 1 GROUP BY e;
-- refused
SELECT e, histogram_numeric(n, 3) AS h FROM events WHERE e = 2 GROUP BY e;
-- refused
SELECT current_date() = current_date() AS d, now() >= current_timestamp() AS t, current_user() IS NOT NULL AS u, typeof(now()) AS ty;
SELECT id, pay * 1.1 AS raise, pay / 3 AS third, round(pay * 0.0825, 2) AS tax, cast(pay * 0.1 AS decimal(8,2)) AS ten, pay + boss AS pb, pay % 1000 AS md, -pay AS neg, pay div 7 AS q FROM people;
SELECT assert_true(count(*) > 0) FROM people;
SELECT count(*) AS failures FROM (SELECT id FROM people WHERE id IS NOT NULL GROUP BY id HAVING count(*) > 1) dbt_internal_test;
WITH all_values AS (SELECT dept AS value_field, count(*) AS n_records FROM people GROUP BY dept) SELECT * FROM all_values WHERE value_field NOT IN ('ops', 'dev', 'hr');
SELECT from_field FROM (SELECT boss AS from_field FROM people WHERE boss IS NOT NULL) child LEFT JOIN (SELECT id AS to_field FROM people) parent ON child.from_field = parent.to_field WHERE parent.to_field IS NULL;
-- refused
SELECT e, session_window.start AS s, count(*) AS n FROM events GROUP BY e, session_window(ts, '90 minutes');
-- refused
SELECT raw:user.id FROM VALUES ('{"user": {"id": 1}}') AS t(raw);
