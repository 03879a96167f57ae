-- Functions of functions, and casts of nested values.

SELECT id, transform(a, x -> x + 1) FROM nested WHERE id <> 6;
SELECT id, transform(a, (x, i) -> x * i), filter(a, x -> x > 1), filter(a, (x, i) -> i > 0), exists(a, x -> x > 2), forall(a, x -> x > 0) FROM nested WHERE id <> 6;
SELECT transform(a, x -> x + 1) FROM nested WHERE id = 6;
SELECT id, aggregate(a, 0, (acc, x) -> acc + x), aggregate(a, 0, (acc, x) -> acc + x, acc -> acc * 10), reduce(a, 0L, (acc, x) -> acc + x) FROM nested;
SELECT id, aggregate(a, 0L, (acc, x) -> acc + coalesce(x, 0), acc -> coalesce(acc, -1)), aggregate(s, '', (acc, x) -> acc || coalesce(x, '?')), aggregate(d, 0D, (acc, x) -> acc + coalesce(x, 1D)) FROM nested;
SELECT id, zip_with(a, s, (x, y) -> concat(x, y)), zip_with(a, array(1), (x, y) -> x + y) FROM nested WHERE id <> 6;
SELECT array_sort(a, (l, r) -> r - l) FROM nested WHERE id IN (1, 2, 3, 5);
SELECT array_sort(a, (l, r) -> r - l) FROM nested WHERE id = 4;
SELECT id, array_sort(s, (l, r) -> CASE WHEN length(l) < length(r) THEN -1 WHEN length(l) > length(r) THEN 1 ELSE 0 END) FROM nested WHERE id <> 4;
SELECT array_sort(p, (l, r) -> CASE WHEN l.x < r.x THEN 1 WHEN l.x > r.x THEN -1 ELSE 0 END) FROM nested WHERE id = 1;
SELECT array_sort(array(3, 1, 2, 1, 3), (l, r) -> IF(l < r, -1, 1)), array_sort(array('bb', 'a', 'cc', 'd'), (l, r) -> length(l) - length(r)), array_sort(array('bb', 'a', 'cc', 'd'), (l, r) -> IF(length(l) < length(r), -1, 1));
SELECT array_sort(transform(sequence(1, 40), i -> i * 7 % 40), (l, r) -> r - l);
SELECT array_sort(transform(sequence(1, 40), i -> named_struct('k', i % 3, 'i', i)), (l, r) -> l.k - r.k);
-- refused
SELECT array_sort(transform(sequence(1, 40), i -> named_struct('k', i % 3, 'i', i)), (l, r) -> IF(l.k < r.k, -1, 1));
-- refused
SELECT array_sort(a, (l, r) -> l > r) FROM nested;
SELECT transform(a, id -> id + 1), transform(a, x -> x + id), transform(a, X -> x), transform(array(array(1, 2), array(3)), x -> transform(x, y -> y + size(x))) FROM nested WHERE id = 1;
SELECT id, transform(array(1, 2), x -> transform(array(10, 20), y -> x + y + id)), transform(array(1, 2), x -> transform(array(x, 20), x -> x + 1)) FROM nested WHERE id < 3;
SELECT id, transform(s, x -> upper(x)), transform(s, x -> coalesce(x, 'none')), transform(d, x -> round(x, 1)), transform(n, x -> x * 2), transform(t, x -> year(x)), transform(d, x -> x / 2) FROM nested;
SELECT id, filter(s, x -> x IS NOT NULL), filter(s, x -> x = 'it''s' OR length(x) = 1), filter(d, x -> x > 0), filter(d, x -> isnan(x)), filter(n, x -> x >= 1.5), filter(t, x -> x < DATE'2000-01-01') FROM nested;
SELECT exists(array(1, NULL), x -> x > 1), exists(array(1, NULL), x -> x > 0), exists(array(), x -> true), forall(array(1, NULL), x -> x > 0), forall(array(1, NULL), x -> x > 1), forall(array(), x -> false), filter(array(1, NULL), x -> x > 0);
SELECT exists(array(1, 0), x -> 1 / x > 0), forall(array(0, 1), x -> x <> 0 AND 1 / x > 0);
SELECT exists(array(0, 1), x -> 1 / x > 0);
SELECT filter(a, x -> x) FROM nested;
SELECT transform(a, (x, y, z) -> x) FROM nested;
-- refused
SELECT transform(a, 1) FROM nested;
-- refused
SELECT transform(id, x -> x) FROM nested;
SELECT transform(a, x -> nope) FROM nested;
SELECT transform(a, x -> x.y) FROM nested;
SELECT aggregate(a, 0, (acc, x) -> acc + x / 2) FROM nested WHERE id = 1;
SELECT aggregate(array(1.5, 2.5), 0, (acc, x) -> acc + x);
SELECT aggregate(array(1.5, 2.5), CAST(0 AS DECIMAL(10,2)), (acc, x) -> CAST(acc + x AS DECIMAL(10,2))), aggregate(array(1, 2, 3), CAST(0 AS DOUBLE), (acc, x) -> acc + x);
SELECT id, aggregate(a, named_struct('s', 0, 'n', 0), (acc, x) -> named_struct('s', acc.s + coalesce(x, 0), 'n', acc.n + 1), acc -> acc.s / nullif(acc.n, 0)) FROM nested WHERE id <> 6;
SELECT id, transform(p, e -> e.x), transform(p, e -> struct(e.x, e.v AS w)), filter(p, e -> e.v > 0), exists(p, e -> e.x = 1), transform(p, (e, i) -> named_struct('i', i, 'x', e.x)), transform(map_keys(m), k -> upper(k)) FROM nested;
SELECT transform(sequence(1, 3), i -> i * i), transform(split('a,b', ','), p -> concat(p, '!')), transform(array(1, 2), x -> array(x, x)), transform(array(1, 2), x -> map(x, 'v')), transform(array(1), x -> NULL);
SELECT id, sum(aggregate(a, 0, (acc, x) -> acc + coalesce(x, 0))) OVER (ORDER BY id) FROM nested WHERE id < 6;
SELECT transform(a, x -> x + 1) AS g, count(*) FROM nested WHERE id < 5 GROUP BY transform(a, x -> x + 1);
SELECT transform(collect_list(id), x -> x * 2), aggregate(collect_list(id), 0, (acc, x) -> acc + x) FROM nested;
SELECT dept, transform(array_sort(collect_list(name)), x -> concat(dept, ':', x)), size(filter(collect_list(pay), p -> p > 4000)) FROM people GROUP BY dept;
-- refused
SELECT transform(a, x -> (SELECT max(id) FROM people)) FROM nested;
SELECT zip_with(array(1, 2), array('a'), (x, y) -> named_struct('n', x, 't', y)), zip_with(array(1, 2), array(3, 4), (x, y) -> x * y), aggregate(zip_with(array(1, 2), array(3, 4), (x, y) -> x * y), 0, (s, v) -> s + v);
SELECT id, map_filter(m, (k, v) -> v > 0), map_entries(transform_keys(m, (k, v) -> concat(k, 'x'))), map_entries(transform_values(m, (k, v) -> v + 1)), map_entries(map_filter(m, (k, v) -> length(k) > 0)) FROM nested;
SELECT transform_keys(m, (k, v) -> 1) FROM nested WHERE id = 4;
-- refused
SELECT transform_keys(m, (k, v) -> NULL) FROM nested WHERE id = 4;
SELECT transform_values(map('a', 1, 'b', 2), (k, v) -> concat(k, v)), transform_keys(map('a', 1), (k, v) -> v);
SELECT id FROM nested WHERE exists(a, x -> x = 3);
SELECT id FROM nested WHERE size(filter(s, x -> x LIKE 'b%')) > 0 ORDER BY aggregate(a, 0L, (acc, x) -> acc + x);
SELECT n.id, transform(n.a, x -> x + p.id) FROM nested n JOIN people p ON exists(n.a, x -> x = p.id) WHERE n.id < 6;
SELECT id, cast(a AS string), cast(s AS string), cast(r AS string), cast(m AS string), cast(p AS string), cast(d AS string), cast(n AS string), cast(t AS string) FROM nested;
SELECT concat('x', cast(array(1, 2) AS string)), cast(array() AS string), cast(array(NULL) AS string), cast(map() AS string), cast(array(true) AS string), cast(array(TIMESTAMP'2020-01-01 00:00:00.5') AS string), cast(map('k', array(1, NULL)) AS string), cast(struct(1 AS q, NULL AS w) AS string), cast(array(struct(1, 'it''s')) AS string);
SELECT id, cast(a AS array<string>), cast(a AS array<bigint>), cast(d AS array<string>), cast(n AS array<decimal(12,4)>), cast(t AS array<string>) FROM nested;
SELECT cast(array('1', '22') AS array<int>), cast(array(1, 2) AS array<double>), cast(array(array(1)) AS array<array<string>>);
SELECT cast(s AS array<int>) FROM nested WHERE id = 1;
SELECT id, cast(r AS struct<a:bigint,b:string,c:struct<d:string,l:array<bigint>>>), cast(p AS array<struct<a:string,b:string>>) FROM nested;
-- refused
SELECT cast(m AS map<string,double>) FROM nested;
SELECT cast(cast(id AS string) AS int), string(a), string(r) FROM nested WHERE id = 1;
