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
