-- Functions of arrays and maps: pieces, sets, places, sequences, maps of arrays.

SELECT split('a,b,,c,,', ','), split('a,b,,c,,', ',', 2), split('a,b,,c,,', ',', -1), split('', ','), split('abc', ''), split('abc', '', 2), split('a1b22c', '[0-9]+');
SELECT split('abc', '', -1), split('abc', '', 0), split('aXbX', 'X', 0), split('aXbX', 'X', 1), split('', ''), split('a.b', '.'), split('a.b', '\\.'), split('a|b', '\\|');
SELECT split('boo:and:foo', 'o'), split('boo', 'o*'), split(NULL, 'x'), split('x', NULL), split(5, '5'), split('aab', '(?=b)'), split('aab', '(?=a)'), split('xay', 'a|x', 2);
SELECT split('a😀b', ''), split('a😀b', '', 2);
SELECT id, split(t, ','), split(t, ' ', 2), split(t, '[ ,]+')[0], size(split(t, 'l')) FROM texts;
SELECT id, split(t, ',')[0], element_at(split(t, ','), -1), get(split(t, ','), 1), try_element_at(split(t, ' '), 2) FROM texts;
SELECT id, array_contains(split(t, ','), 'b'), concat_ws('|', split(t, ',')) FROM texts;
SELECT id, array_join(split(t, ''), '-') FROM texts;
SELECT id, split(t, u) FROM texts WHERE id = 1;
SELECT id, array_join(s, ','), array_join(s, ',', 'N'), array_join(s, NULL), array_join(s, ',', NULL), array_join(s, '') FROM nested;
SELECT id, array_join(a, '-'), array_join(t, ','), array_join(d, ','), array_join(n, ',') FROM nested;
SELECT array_join(array(true, false), 'x'), array_join(array(1, NULL, 3), ',', '?');
SELECT array_join(array(), ',');
SELECT id, array_distinct(a), array_distinct(s), array_distinct(d), array_distinct(n), array_distinct(t) FROM nested;
-- refused
SELECT id, array_distinct(p) FROM nested;
SELECT array_distinct(array(0.0D, -0.0D, double('NaN'), double('NaN'), NULL, NULL)), array_distinct(array(-0.0D, 0.0D)), array_distinct(array()), array_distinct(array(NULL, NULL)), array_distinct(array(array(1), array(1), NULL));
SELECT id, array_union(a, array(1, 9, NULL)), array_intersect(a, array(3, 1, NULL)), array_except(a, array(3, NULL)), array_union(s, array('b')) FROM nested;
SELECT array_union(array(1, 1), array(2L)), array_except(array(1, NULL, NULL, 2, 2), array(2)), array_union(array(0.0D, -0.0D), array(double('NaN'), double('NaN')));
SELECT array_union(array(-0.0D), array(1D)), array_except(array(-0.0D, 2D), array(1D)), array_intersect(array(-0.0D), array(0.0D)), array_union(array(1D), array(-0.0D)), arrays_overlap(array(-0.0D), array(0.0D));
-- refused
SELECT array_union(array(), array(1)), array_intersect(array(1, 2, 2, 1), array(2, 1)), array_union(array(1, 2), NULL);
SELECT id, arrays_overlap(a, array(3)), arrays_overlap(array(1, NULL), a), arrays_overlap(s, array('b', NULL)), arrays_overlap(d, array(double('NaN'))) FROM nested;
SELECT arrays_overlap(array(1, NULL), array(2)), arrays_overlap(array(NULL), array(NULL)), arrays_overlap(array(1, NULL), array()), arrays_overlap(array(1, NULL), array(1)), arrays_overlap(array(1), array(2));
SELECT id, concat(a, array(1)), a || a, concat(a), concat(a, array(1L)), concat(array(), a), array('x') || s FROM nested;
SELECT concat(array(1), array(NULL), array(2)), concat(array(), array()), concat(array(array(1)), array(array(2, 3)));
-- refused
SELECT concat(s, array(1)) FROM nested;
SELECT id, slice(a, 2, 2), slice(a, -2, 2), slice(a, 1, 0), slice(a, 9, 1), slice(s, 1, 99), slice(a, -9, 3), slice(a, id, 1) FROM nested;
SELECT slice(a, 0, 1) FROM nested WHERE id = 1;
SELECT slice(a, 1, -1) FROM nested WHERE id = 1;
-- refused
SELECT slice(a, NULL, 1), slice(a, 1, 2147483647) FROM nested WHERE id = 1;
SELECT id, reverse(a), reverse(s), reverse(d), reverse(r.z.l) FROM nested;
SELECT reverse('abc'), reverse(array()), reverse(NULL), reverse(12), reverse(array(NULL, 1)), reverse(split('a,b', ','));
SELECT id, array_remove(a, 3), array_remove(s, 'b'), array_remove(d, 1), array_remove(a, 3L), array_remove(d, double('NaN')), array_remove(d, -0.0D), array_remove(array(1, 2), id) FROM nested;
-- refused
SELECT array_remove(a, NULL), array_remove(array(1, NULL, 1), 1), array_remove(array(), 1) FROM nested WHERE id = 1;
-- refused
SELECT array_remove(array(1, 2), 1.5);
SELECT id, array_append(a, 1), array_append(a, NULL), array_append(s, 'x'), array_prepend(a, 0), array_prepend(s, NULL) FROM nested;
SELECT id, array_insert(a, 1, 9), array_insert(a, -1, 9), array_insert(a, 5, 9), array_insert(a, -7, 9), array_insert(a, -2, 9), array_insert(a, 2, NULL) FROM nested;
-- refused
SELECT array_append(a, 'x') FROM nested;
SELECT id, array_append(array(1), id), array_insert(array(1), 1, id), array_append(array(1), int('1')), array_insert(array(1), id, 2), array_append(a, 1L) FROM nested;
SELECT array_insert(a, 0, 1) FROM nested WHERE id = 1;
SELECT id, array_compact(a), array_compact(s), array_compact(d), array_compact(array(1, 2)), size(array_compact(a)) FROM nested;
SELECT id, array_repeat(id, 2), array_repeat('x', 0), array_repeat(a, 2), array_repeat('a', -1), array_repeat('a', NULL), array_repeat(NULL, 2) FROM nested;
-- refused
SELECT array_repeat('a', 2L);
SELECT id, array_repeat(1.5, id), array_join(array_repeat('ab', id), '') FROM nested;
SELECT id, flatten(array(array(1, 2), array(3))), flatten(array(array(1, NULL), NULL)), flatten(array(a, a)), flatten(collect_list(a) OVER (ORDER BY id)) FROM nested;
-- refused
SELECT flatten(a) FROM nested;
SELECT flatten(collect_list(a)), array_distinct(flatten(collect_list(s))), size(flatten(collect_list(s))) FROM nested;
SELECT id, arrays_zip(a, s), arrays_zip(a, array(1)), arrays_zip(array(1, 2), array('a')), arrays_zip(a) FROM nested;
SELECT arrays_zip(array(1, 2), array('a')), arrays_zip(a, s)[0].a FROM nested WHERE id = 1;
-- refused
SELECT arrays_zip(a, s).s FROM nested WHERE id = 1;
SELECT sequence(1, 5), sequence(5, 1), sequence(1, 10, 3), sequence(10, 1, -4), sequence(1L, 3), sequence(1, 1), sequence(1Y, 3Y), sequence(-2, 2, 2), sequence(1, NULL), sequence(3, 3, 0);
SELECT id, sequence(id, 3), sequence(0, id, 2), size(sequence(1, id)) FROM nested WHERE id < 4;
SELECT sequence(DATE'2024-01-30', DATE'2024-04-01', INTERVAL 1 MONTH), sequence(DATE'2024-01-01', DATE'2024-01-03'), sequence(DATE'2024-01-03', DATE'2024-01-01'), sequence(DATE'2024-01-01', DATE'2024-03-03', INTERVAL 1 WEEK), sequence(DATE'2024-03-01', DATE'2024-01-03', INTERVAL '-1' MONTH), sequence(DATE'2020-02-29', DATE'2024-03-01', INTERVAL 1 YEAR);
SELECT size(sequence(TIMESTAMP'2024-01-01', TIMESTAMP'2024-01-02', INTERVAL 6 HOURS)), sequence(TIMESTAMP'2024-01-01', TIMESTAMP'2024-01-02', INTERVAL 6 HOURS)[3], sequence(DATE'2024-01-01', TIMESTAMP'2024-01-03 00:00:00')[1], array_max(sequence(TIMESTAMP'2024-01-31 05:00:00', TIMESTAMP'2024-05-01 00:00:00', INTERVAL 1 MONTH)), size(sequence(TIMESTAMP'2024-01-01 10:00:00', TIMESTAMP'2024-01-03 09:00:00', INTERVAL 1 DAY));
-- refused
SELECT sequence(1, 5, -1);
-- refused
SELECT sequence(1, 5, 0);
-- refused
SELECT sequence(DATE'2024-01-01', DATE'2024-01-02', INTERVAL 12 HOUR);
-- refused
SELECT sequence(1, 2.5);
SELECT id, map_from_arrays(array(1, 2), array('a', 'b')), map_from_entries(array(struct(1, 'a'), struct(2, 'b'))), map_entries(m), map_entries(map_concat(m, map('new', 1))), map_entries(map_concat(map(1, 'a'), map(2, 'b'))) FROM nested;
-- refused
SELECT map_concat(), map_concat(map('a', 1)), map_from_arrays(array('a'), array(NULL));
SELECT map_concat(map(1, 'a'), map(1, 'b'));
SELECT map_from_arrays(array(1, 1), array('a', 'b'));
SELECT map_from_arrays(array(1, NULL), array('a', 'b'));
-- refused
SELECT map_from_arrays(array(1), array('a', 'b'));
SELECT map_from_entries(array(struct(1, 'a'), struct(1, 'b')));
SELECT map_from_entries(array(struct(1, 'a'), NULL)), map_from_entries(arrays_zip(array('k'), array(1)));
SELECT id, map_from_entries(p) FROM nested WHERE id IN (1, 2, 3, 6);
SELECT id, map_from_entries(map_entries(m)), map_entries(m)[0].key, size(map_entries(m)) FROM nested WHERE id IN (1, 4, 5, 6);
SELECT str_to_map('a:1,b:2,c'), str_to_map('a=1;b=2', ';', '='), str_to_map('', ','), str_to_map('a:1:2,b'), str_to_map(NULL), str_to_map('k1=v1&k2=', '&', '=')['k2'];
SELECT id, str_to_map(t, ',', ':') FROM texts WHERE id <> 7;
SELECT str_to_map('a:1,a:2');
SELECT id, array_sort(a), array_sort(s), array_sort(d), array_sort(n), array_sort(t) FROM nested;
SELECT array_sort(array(NULL, 2, 1)), array_sort(array('b', 'a', NULL)), array_sort(array(array(2), array(1, 5)));
SELECT dept, array_sort(collect_list(name)), array_join(array_sort(collect_list(name)), ','), array_distinct(collect_list(pay)), slice(sort_array(collect_list(id)), 1, 2) FROM people GROUP BY dept;
SELECT e, array_join(collect_list(cast(n AS string)), ','), array_max(collect_list(v)), slice(collect_list(n), -3, 3) FROM events GROUP BY e;
