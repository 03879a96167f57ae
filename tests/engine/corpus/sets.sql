-- Values of groups, each once; texts of arrays.

SELECT collect_set(id), collect_set(i), collect_set(d), collect_set(f) FROM numbers;
-- refused
SELECT collect_set(id), collect_set(i), collect_set(l), collect_set(b), collect_set(s), collect_set(d), collect_set(f) FROM numbers;
SELECT sort_array(collect_set(m)), size(collect_set(m)), array_contains(collect_set(w), 1.5), array_max(collect_set(m)) FROM numbers;
-- refused
SELECT collect_set(m) FROM numbers;
SELECT dept, collect_set(name), collect_set(boss), collect_set(hired) FROM people GROUP BY dept;
SELECT collect_set(t) FROM texts WHERE id < 9;
SELECT collect_set(u), collect_set(length(t)) FROM texts WHERE id >= 5;
SELECT sort_array(collect_set(t)), array_sort(collect_set(u)), size(collect_set(x)) FROM texts;
SELECT collect_set(d), concat_ws(' ', sort_array(collect_set(cast(ts AS string)))), size(collect_set(n)) FROM times WHERE id <> 3 AND id <> 2;
SELECT size(collect_set(ts)), sort_array(collect_set(v)), collect_set(src), collect_set(n) FROM events;
SELECT e, collect_set(n), collect_set(v), collect_set(v > 0), collect_set(ts)[0] IS NULL FROM events GROUP BY e;
SELECT sort_array(collect_set(a)), size(collect_set(r.x)) FROM nested;
SELECT collect_set(x) FROM VALUES (double('NaN')), (double('NaN')), (0.0D), (-0.0D) t(x);
SELECT collect_set(x) FROM VALUES (4294967296L), (4294967297L), (-1L), (281474976710656L) t(x);
SELECT id, collect_set(dept) OVER (ORDER BY id) FROM people;
SELECT id, collect_set(name) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW), size(collect_set(dept) OVER ()) FROM people;
SELECT collect_set(id) FROM people WHERE id > 100;
SELECT dept, concat_ws(',', collect_set(name)), concat_ws(',', sort_array(collect_set(name))), array_join(collect_set(name), '|') FROM people GROUP BY dept;
SELECT dept, size(collect_set(boss)) AS bosses FROM people GROUP BY dept HAVING size(collect_set(boss)) > 1;
SELECT concat_ws(',', array('a', NULL, 'b'), 'c'), concat_ws(',', array(''), 'x', split('', ',')), concat_ws(NULL, array('a'));
SELECT concat_ws(',', collect_list(name)), concat_ws('-', collect_list(dept), 'x') FROM people;
SELECT id, concat_ws('|', s), concat_ws('|', s, id, split('p q', ' ')) FROM nested;
SELECT collect_set(upper(name)), collect_set(substr(name, 1, 1)) FROM people WHERE dept IS NOT NULL;
SELECT src, collect_set(CASE WHEN n > 5 THEN 'high' ELSE 'low' END) AS bands FROM events GROUP BY src;
-- refused
SELECT collect_set(name) FILTER (WHERE pay > 4000), collect_list(DISTINCT dept) FROM people;
SELECT collect_set(x) FROM VALUES (3.5D), (100.25D), (-3.5D), (7.0D), (16.0D), (1e300D), (-0.0D), (1e-300D) t(x);
SELECT collect_set(CAST(x AS FLOAT)) FROM VALUES (3.5D), (100.25D), (-3.5D), (7.0D), (16.0D), (1e30D), (-0.0D) t(x);
SELECT collect_set(x) FROM VALUES (-5L), (5L), (-100000L), (100000L), (12345678901L), (-12345678901L), (0L), (4294967295L) t(x);
SELECT collect_set(x) FROM VALUES ('a'), ('b'), ('c'), ('dd'), ('ee'), ('fff'), ('ggggg'), ('é'), ('a'), ('zzzzzzzz'), ('key-1') t(x);
SELECT collect_set(x) FROM VALUES (TIMESTAMP'2024-01-01 00:00:00'), (TIMESTAMP'2024-01-02 00:00:00'), (TIMESTAMP'2023-05-06 07:08:09') t(x) WHERE false;
SELECT transform(collect_set(x), t -> cast(t AS string)) FROM VALUES (TIMESTAMP'2024-01-01 00:00:00'), (TIMESTAMP'2024-01-02 00:00:00'), (TIMESTAMP'2023-05-06 07:08:09') t(x);
