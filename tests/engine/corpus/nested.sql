-- Arrays, maps and structs: carried, taken apart, put together.

SELECT * FROM nested;
-- ordered
SELECT * FROM nested ORDER BY id DESC LIMIT 4;
SELECT id, r FROM nested WHERE id > 2;
SELECT id, a, m FROM nested WHERE a IS NULL OR m IS NOT NULL;
SELECT n.id, n.p, x.t FROM nested n JOIN texts x ON n.id = x.id;
SELECT n.id, n.p, x.t FROM texts x LEFT JOIN nested n ON n.id = x.id AND n.id < 3;
SELECT id, a FROM nested UNION ALL SELECT id + 10, a FROM nested WHERE id < 3;
WITH q AS (SELECT id, r, d FROM nested) SELECT a.r, b.d FROM q a JOIN q b ON a.id = b.id + 1;
SELECT id, CASE WHEN id < 3 THEN a ELSE NULL END FROM nested;
SELECT id, coalesce(a, NULL) FROM nested;
SELECT id % 2, count(a), count(r), count(*) FROM nested GROUP BY id % 2;
SELECT id, lag(a) OVER (ORDER BY id), lead(r) OVER (ORDER BY id) FROM nested;
SELECT max_by(a, id), min_by(r, id) FROM nested;
SELECT id, if(id > 3, s, NULL) FROM nested;
SELECT (SELECT a FROM nested WHERE id = 1), id FROM people;
SELECT id, r.x, r.y, r.z, r.z.d, r.z.l FROM nested;
SELECT id, R.X, nested.r.Y, n.r.z.D FROM nested, (SELECT id AS i, r FROM nested) n WHERE n.i = nested.id;
SELECT r.x + 1 AS q, upper(r.y) FROM nested WHERE r.x IS NOT NULL;
-- ordered
SELECT id, r.z.d FROM nested ORDER BY r.z.d, id;
SELECT r.x, count(*) FROM nested GROUP BY r.x;
SELECT r.x AS g, sum(r.z.d) FROM nested WHERE id IN (1, 6) GROUP BY g;
SELECT r.nope FROM nested;
SELECT r.z.nope FROM nested;
SELECT id.x FROM nested;
SELECT id, a[0], s[1], d[1], n[0], t[0] FROM nested WHERE id IN (1);
SELECT id, a[0] FROM nested WHERE id IN (1, 3, 4, 5, 6);
SELECT a[0] FROM nested;
SELECT a[-1] FROM nested WHERE id = 1;
SELECT a[NULL] FROM nested WHERE id = 1;
SELECT id, m['k'], m['nope'], m[''] FROM nested;
SELECT id, p[0], p[0].x, p[0].v FROM nested WHERE id IN (1, 3, 4, 5, 6);
SELECT id, p.x, p.v FROM nested;
SELECT id, r.z.l[0] FROM nested WHERE id IN (1, 3, 4, 5, 6);
SELECT id, element_at(a, 1), element_at(a, -1), element_at(m, 'k'), element_at(m, 'none') FROM nested WHERE id <> 2;
SELECT element_at(a, 1) FROM nested WHERE id = 2;
SELECT element_at(a, 0) FROM nested WHERE id = 1;
SELECT element_at(a, 4) FROM nested WHERE id = 1;
SELECT element_at(a, -4) FROM nested WHERE id = 1;
SELECT id, try_element_at(a, 1), try_element_at(a, -2), try_element_at(a, 9), try_element_at(m, 'k') FROM nested;
SELECT try_element_at(a, 0) FROM nested WHERE id = 1;
SELECT id, get(a, 0), get(a, 5), get(a, -1), get(s, 1) FROM nested;
SELECT id, size(a), size(m), cardinality(s), size(p), array_size(a) FROM nested;
SELECT id, size(r.z.l) FROM nested;
SELECT id, array_contains(a, 3), array_contains(s, 'a'), array_contains(a, 99) FROM nested;
SELECT id, array_contains(n, 1.5), array_contains(t, DATE'2020-02-29') FROM nested;
SELECT id, map_keys(m), map_values(m), map_contains_key(m, 'k') FROM nested;
SELECT array(1, 2, 3), array('a', NULL), array(), array(1, 2.5), array(1, NULL), array(id, id + 1) FROM people;
SELECT struct(id, name), struct(1, 'a' AS b), named_struct('x', 1, 'y', 'z'), struct(id + 1) FROM people;
SELECT map('a', 1, 'b', 2), map(), map(1, 'x'), map('k', NULL) FROM people WHERE id = 1;
SELECT map('a', 1, 'a', 2);
SELECT map(NULL, 1);
SELECT id, r.* FROM nested;
SELECT array(array(1), array(2, 3))[1][0], named_struct('a', array(1, 2)).a[1], array(struct(1 AS q))[0].q;
SELECT id, array(r.x, id), struct(a, r.y AS y) FROM nested;
SELECT struct(p.x, r.x, ID, a[0]), struct(nested.id) FROM nested WHERE id = 1;
-- refused
SELECT struct(r.*), id FROM nested;
SELECT nested.r.*, id FROM nested WHERE r.z.d IS NOT NULL;
SELECT id, r['x'], r['y'] FROM nested;
SELECT map(1, 'a', 2, NULL)[1], map('a', 1)['b'], array(10, 20)[1], array(1.5, 2)[0] + 1;
SELECT id, size(a) + size(s), array_contains(d, 1), array_contains(d, 0D), array_contains(d, double('NaN')) FROM nested WHERE id IN (1, 2, 3, 6);
SELECT id FROM nested WHERE array_contains(s, 'a') AND size(a) > 2;
SELECT id, max(r.x) OVER (PARTITION BY r.y ORDER BY r.z.d, id) FROM nested;
SELECT r.y, max(a[0]) FROM nested WHERE size(a) > 0 GROUP BY r.y HAVING max(a[0]) > 1;
SELECT id, sum(r.x) FROM nested GROUP BY ALL;
SELECT x.id, y.r.x FROM nested x JOIN nested y ON x.r.x = y.r.x AND x.id < y.id;
SELECT id FROM nested n WHERE EXISTS (SELECT 1 FROM people p WHERE p.id = n.r.x);
SELECT a.b.c FROM (SELECT named_struct('b', named_struct('c', 5)) AS a);
SELECT named_struct('x', 1).x AS v, struct(1, 2).col2;
SELECT id, CASE WHEN size(a) > 0 THEN a[0] END FROM nested;
SELECT id, element_at(p, 1).v, element_at(a, cast(2 AS tinyint)) FROM nested WHERE id IN (1, 3, 5);
-- refused
SELECT id, a[1L] FROM nested WHERE id = 1;
-- refused
SELECT size(map(1, 2)), size(array()), size(NULL);
SELECT r.x.y FROM nested;
-- refused
SELECT a.x FROM nested;
-- refused
SELECT id['k'] FROM nested;
-- refused
SELECT m[1] FROM nested;
-- refused
SELECT a['k'] FROM nested;
SELECT m.k, m.nope FROM nested;
-- refused
SELECT id, r = r FROM nested;
-- ordered
SELECT id, a FROM nested ORDER BY a, id;
-- refused
-- ordered
SELECT id, r FROM nested ORDER BY r DESC, id;
-- refused
SELECT DISTINCT p, n FROM nested;
SELECT a, count(*) FROM nested GROUP BY a;
-- refused
SELECT id, a = array(3, 1), a < array(3, 2), s = array('b', 'a'), a <=> NULL, d = d FROM nested;
SELECT id, cast(a AS string), cast(s AS string), cast(r AS string), cast(m AS string), cast(p AS string), cast(n AS string), cast(t AS string) FROM nested;
SELECT n FROM nested UNION SELECT n FROM nested;
-- refused
SELECT d, count(*) FROM nested GROUP BY d;
-- refused
SELECT count(DISTINCT a), count(DISTINCT r) FROM nested;
-- refused
SELECT max(a), min(a), max(r.z) FROM nested;
SELECT id, sort_array(a), sort_array(s, false), sort_array(d), sort_array(d, false), sort_array(n), sort_array(t) FROM nested;
SELECT id, array_max(a), array_min(a), array_max(d), array_min(d), array_max(s), array_min(n), array_max(t) FROM nested;
-- refused
SELECT id, array_position(a, 3), array_position(s, 'b'), array_position(d, 0D), array_position(n, 1.5) FROM nested;
SELECT dept, collect_list(name), collect_list(pay), sort_array(collect_list(boss)), array_agg(id) FROM people GROUP BY dept;
SELECT collect_list(id), collect_list(name), size(collect_list(boss)) FROM people;
SELECT collect_list(id) FROM people WHERE id > 100;
SELECT collect_list(struct(id, name)) FROM people WHERE id < 3;
SELECT src, collect_list(v) FILTER (WHERE n > 3), collect_list(n) FROM events GROUP BY src;
SELECT id, collect_list(name) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM people;
SELECT id, collect_list(boss) OVER (ORDER BY id), array_max(collect_list(pay) OVER (PARTITION BY dept)) FROM people;
SELECT collect_list(a), collect_list(r.x) FROM nested;
SELECT dept FROM people GROUP BY dept HAVING array_contains(collect_list(name), 'Bob');
-- refused
SELECT collect_list(DISTINCT dept) FROM people;
-- refused
SELECT sort_array(array(array(2), array(1, 5), NULL)), sort_array(array(true, false)), array_max(array());
