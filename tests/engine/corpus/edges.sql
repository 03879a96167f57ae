-- Nested values at their edges.

-- refused
SELECT array_distinct(array(struct(0.0D AS x), struct(-0.0D AS x))), array_union(array(-0.0D), array(0.0D)), array_except(array(0.0D, 1D), array(-0.0D)), array_remove(array(0.0D), -0.0D);
SELECT array_sort(array(double('NaN'), 1D, -0.0D, 0.0D, NULL, double('-Infinity'))), sort_array(array(0.0D, -0.0D)), array_max(array(double('NaN'), 1D)), array_min(array(-0.0D, 0.0D)), array_max(array(-0.0D, 0.0D));
SELECT element_at(array(1,2), id), array(1,2)[id - 1] FROM people WHERE id < 3;
SELECT split(name, '')[0], split(name, 'n', -1), split(name, '(?i)N'), split(name, '[aeiou]'), split('2024-01-02', '-')[1], split('a  b', ' +'), split('a\tb', '\\t'), split('a.b.c', '[.]'), split('a||b', '\\|\\|'), split(' a b ', ' '), split('abc', 'c'), split('abc', 'a') FROM people;
SELECT concat_ws(',', transform(array(1, 2), x -> cast(x AS string))), concat_ws('', array('a', 'b')), concat_ws('-', 'a', NULL, array('b', NULL), '') FROM people WHERE id = 1;
SELECT transform(array(1, 2, 3), (x, i) -> x + i * 10), zip_with(array(1, 2), array(10), (a, b) -> coalesce(a, 0) + coalesce(b, 0)), filter(array('a', NULL, 'b'), x -> x IS NOT NULL), array_compact(array(NULL, 1)), aggregate(map_values(map('a', 1, 'b', 2)), 0, (s, v) -> s + v);
SELECT dept, map_from_entries(collect_list(struct(name, pay))) FROM people WHERE name IS NOT NULL GROUP BY dept HAVING count(*) < 2;
SELECT size(split(t, '')), length(t), reverse(split(t, '')) FROM texts WHERE id NOT IN (4);
SELECT array_join(transform(sequence(1, 3), i -> format_string('%02d', i)), ':'), array_join(array_repeat('-', 3), ''), array_position(array('a', 'b'), 'b'), flatten(transform(array(1, 2), i -> array_repeat(i, i)));
SELECT date_add(d, i) FROM (SELECT DATE'2024-01-01' AS d, explode(sequence(0, 2)) AS i);
-- refused
SELECT cast(map('a', 1) AS string), cast(struct('x', NULL, 1.0D) AS string), cast(array(1.0D, 1e10D, NULL) AS string), cast(array(array()) AS string), concat(cast(array('a') AS string), '!'), string(array(1.50, 2)), cast(array(X'41') AS string);
SELECT id, to_json(collect_list(struct(*)) OVER (PARTITION BY dept ORDER BY id)) FROM people;
-- refused
SELECT array_agg(id), collect_list(CASE WHEN id > 3 THEN name END), collect_list(DISTINCT dept) FROM people;
-- refused
SELECT sort_array(array_agg(DISTINCT dept)), count(DISTINCT array(dept)), array_sort(collect_set(array(dept))) FROM people;
-- refused
SELECT named_struct('a', 1) = named_struct('b', 1), struct(1, 2) < struct(1, 3), array(1, NULL) = array(1, NULL), array(1, 2) > array(1), map('a', 1) = map('a', 1);
-- refused
SELECT typeof(sum(pay)) FROM people;
-- refused
SELECT typeof(sum(pay)), typeof(avg(pay)) FROM people GROUP BY pay LIMIT 1;
