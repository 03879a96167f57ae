-- Everyday uses of nested values beside each other.

SELECT id, (boss, dept) IN ((1, 'ops'), (3, 'dev')), (id, boss) NOT IN ((1, 1), (2, 1)), (boss, id) IN ((id, boss)) FROM people;
-- refused
SELECT id, (boss, dept) IN ((1, NULL)) FROM people;
SELECT name FROM people WHERE (dept, id) IN (('dev', 3), ('ops', 2));
-- refused
SELECT id, (pay, id) IN ((1, 2)) FROM people;
SELECT id, a = array(3, 1, 2), a IN (array(3, 1), array(1)), r.z.l = array(1, 2), s > array('b') FROM nested;
-- refused
SELECT id, a = array(3, 1, 2), s <> array('b', 'a'), a IN (array(3, 1), array(1)), r.z.l = array(1, 2), a <=> NULL, a < array(3, 2) FROM nested;
SELECT id, named_struct('x', id, 'y', name) = named_struct('x', 1, 'y', 'Ann'), (id, name) IN ((1, 'Ann'), (2, 'Bob')) FROM people;
SELECT dept, max(struct(pay, name)), max(struct(hired, name)).name, min(named_struct('d', hired, 'n', name)).n, max(array(id, boss)) FROM people GROUP BY dept;
SELECT dept, max_by(name, struct(pay, id)), min_by(id, array(boss, id)) FROM people GROUP BY dept;
-- refused
SELECT id, hash(a), hash(r), xxhash64(s), hash(m), hash(p), xxhash64(a, id), hash(array(1, NULL)), hash(struct(1, 'a')) FROM nested;
SELECT count(DISTINCT a), count(DISTINCT r.x, r.y), count(DISTINCT struct(r.x, r.y)) FROM nested;
SELECT struct(r.x, r.y) AS k, count(*) FROM nested GROUP BY struct(r.x, r.y);
-- refused
SELECT array_contains(p, named_struct('x', 1, 'v', 0.5D)), array_position(s, 'a'), array_contains(array(array(1)), array(1)), array_position(a, 3) FROM nested WHERE id IN (1, 6);
SELECT coalesce(a, array()), ifnull(s, array('none')), if(id > 2, a, array(0)), nvl(a, array(-1)), CASE WHEN id = 1 THEN a ELSE array(1, 2) END FROM nested;
SELECT explode(a) FROM nested;
-- refused
SELECT size(NULL), cardinality(NULL), array_size(NULL), size(array()), size(map()), sort_array(array('b', NULL, 'a'), false), array_max(array()), array_min(array(NULL));
-- refused
SELECT greatest(array(1), array(2)), a[id - 1], element_at(m, concat('k', '')), a[1L], s[int(0)] FROM nested WHERE id = 1;
SELECT map('a', 1, 'b', 2)['a'], map_from_arrays(split('a,b', ','), array(1, 2))['b'], map_keys(str_to_map('x:1,y:2')), map(1, 2)[1], element_at(map('a', array(1, 2)), 'a')[1];
SELECT id, concat(s, split('x y', ' ')), array_join(transform(a, x -> cast(x AS string)), '+'), array_join(sort_array(array_distinct(concat(a, a))), ','), array_max(transform(s, x -> length(x))) FROM nested;
SELECT name, filter(split(name, ''), c -> c IN ('A', 'n')), aggregate(split(name, ''), 0, (n, c) -> n + IF(c = 'n', 1, 0)) FROM people;
SELECT named_struct('a', 1, 'b', array(named_struct('c', 'x'))).b[0].c, struct(*).name FROM people WHERE id = 1;
SELECT inline(array(struct(1, 2)));
-- refused
SELECT map_zip_with(map('a', 1), map('b', 2), (k, x, y) -> coalesce(x, y));
SELECT array_sort(collect_list(struct(pay, name)), (l, r) -> CASE WHEN l.pay < r.pay THEN -1 WHEN l.pay > r.pay THEN 1 ELSE 0 END) FROM people WHERE pay IS NOT NULL AND name IS NOT NULL;
SELECT transform(filter(array(5, 6, 7), (x, i) -> i % 2 = 0), x -> x * 10), aggregate(sequence(1, 5), 1L, (a, x) -> a * x), array_sum FROM (SELECT 1 AS array_sum);
SELECT dept, collect_list(id)[0], collect_list(name), array_contains(collect_list(name), 'Bob'), exists(collect_list(pay), p -> p > 5000), element_at(array_sort(collect_list(pay)), -1), slice(array_sort(collect_list(id)), 1, 2) FROM people GROUP BY dept;
SELECT transform(arrays_zip(a, s), z -> concat(z.a, z.s)), arrays_zip(a, s)[0].s, transform(arrays_zip(sequence(1, 2), array('x', 'y')), z -> z.`0`) FROM nested WHERE id IN (1, 5);
SELECT coalesce(array(1), array(CAST(NULL AS INT))) y, CASE WHEN id > 2 THEN array(id) ELSE array() END z, nvl(collect_list(id) OVER (), array()) v, if(id > 1, struct(1 AS q), struct(id AS q)) u FROM nested;
