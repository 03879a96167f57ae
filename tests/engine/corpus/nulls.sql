-- A NULL beside what cannot be computed: Spark leaves out what comes after the NULL, or does not.

-- refused
SELECT try_cast(u AS int) + cast(v AS int) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT try_cast(u AS int) + cast(v AS int) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT try_cast(u AS int) + cast(v AS int) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT try_cast(u AS int) = cast(v AS int) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT try_cast(u AS int) = cast(v AS int) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT try_cast(u AS int) = cast(v AS int) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT date_add(try_cast(u AS date), cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT date_add(try_cast(u AS date), cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT date_add(try_cast(u AS date), cast(v AS int)) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT add_months(try_cast(u AS date), cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT add_months(try_cast(u AS date), cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT add_months(try_cast(u AS date), cast(v AS int)) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT substr(u, cast(v AS int), 1) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT substr(u, cast(v AS int), 1) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
SELECT substr(u, cast(v AS int), 1) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT datediff(try_cast(u AS date), cast(v AS date)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
-- refused
SELECT datediff(try_cast(u AS date), cast(v AS date)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT datediff(try_cast(u AS date), cast(v AS date)) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT lpad(u, cast(v AS int), 'x') AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT lpad(u, cast(v AS int), 'x') AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
SELECT lpad(u, cast(v AS int), 'x') AS c FROM VALUES ('z', 'y') AS t(u, v);
SELECT concat(u, cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT concat(u, cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
SELECT concat(u, cast(v AS int)) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT months_between(try_cast(u AS date), cast(v AS date)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
-- refused
SELECT months_between(try_cast(u AS date), cast(v AS date)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT months_between(try_cast(u AS date), cast(v AS date)) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT timestampdiff(DAY, try_cast(u AS timestamp), cast(v AS timestamp)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
-- refused
SELECT timestampdiff(DAY, try_cast(u AS timestamp), cast(v AS timestamp)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT timestampdiff(DAY, try_cast(u AS timestamp), cast(v AS timestamp)) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT timestampadd(DAY, cast(v AS int), try_cast(u AS timestamp)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT timestampadd(DAY, cast(v AS int), try_cast(u AS timestamp)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT timestampadd(DAY, cast(v AS int), try_cast(u AS timestamp)) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT timestampadd(DAY, try_cast(u AS int), cast(v AS timestamp)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
-- refused
SELECT timestampadd(DAY, try_cast(u AS int), cast(v AS timestamp)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT timestampadd(DAY, try_cast(u AS int), cast(v AS timestamp)) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT pow(try_cast(u AS double), cast(v AS double)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT pow(try_cast(u AS double), cast(v AS double)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT pow(try_cast(u AS double), cast(v AS double)) AS c FROM VALUES ('z', 'y') AS t(u, v);
SELECT round(try_cast(u AS double), 2) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT round(try_cast(u AS double), 2) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
SELECT round(try_cast(u AS double), 2) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT repeat(u, cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT repeat(u, cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
SELECT repeat(u, cast(v AS int)) AS c FROM VALUES ('z', 'y') AS t(u, v);
SELECT array_contains(array(try_cast(u AS int)), cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT array_contains(array(try_cast(u AS int)), cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
SELECT array_contains(array(try_cast(u AS int)), cast(v AS int)) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT date_trunc(u, cast(v AS timestamp)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
-- refused
SELECT date_trunc(u, cast(v AS timestamp)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT date_trunc(u, cast(v AS timestamp)) AS c FROM VALUES ('z', 'y') AS t(u, v);
SELECT trunc(try_cast(u AS date), cast(cast(v AS int) AS string)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT trunc(try_cast(u AS date), cast(cast(v AS int) AS string)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
SELECT trunc(try_cast(u AS date), cast(cast(v AS int) AS string)) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT make_date(try_cast(u AS int), cast(v AS int), 1) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT make_date(try_cast(u AS int), cast(v AS int), 1) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT make_date(try_cast(u AS int), cast(v AS int), 1) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT try_cast(u AS date) - cast(v AS date) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
-- refused
SELECT try_cast(u AS date) - cast(v AS date) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT try_cast(u AS date) - cast(v AS date) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT atan2(try_cast(u AS double), cast(v AS double)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT atan2(try_cast(u AS double), cast(v AS double)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT atan2(try_cast(u AS double), cast(v AS double)) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT log(try_cast(u AS double), cast(v AS double)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT log(try_cast(u AS double), cast(v AS double)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT log(try_cast(u AS double), cast(v AS double)) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT instr(u, cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT instr(u, cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
SELECT instr(u, cast(v AS int)) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT locate(u, cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT locate(u, cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
SELECT locate(u, cast(v AS int)) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT regexp_extract(u, 'a', cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT regexp_extract(u, 'a', cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
SELECT regexp_extract(u, 'a', cast(v AS int)) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT split_part(u, 'a', cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT split_part(u, 'a', cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
SELECT split_part(u, 'a', cast(v AS int)) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT levenshtein(u, cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT levenshtein(u, cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
SELECT levenshtein(u, cast(v AS int)) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT overlay(u, 'a', cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT overlay(u, 'a', cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
SELECT overlay(u, 'a', cast(v AS int)) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT translate(u, cast(v AS int), 'x') AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT translate(u, cast(v AS int), 'x') AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
SELECT translate(u, cast(v AS int), 'x') AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT replace(u, cast(v AS int), 'x') AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT replace(u, cast(v AS int), 'x') AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
SELECT replace(u, cast(v AS int), 'x') AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT left(u, cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT left(u, cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
SELECT left(u, cast(v AS int)) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT sha2(u, cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT sha2(u, cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
SELECT sha2(u, cast(v AS int)) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT conv(u, cast(v AS int), 2) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT conv(u, cast(v AS int), 2) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
SELECT conv(u, cast(v AS int), 2) AS c FROM VALUES ('z', 'y') AS t(u, v);
SELECT u || cast(v AS int) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT u || cast(v AS int) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
SELECT u || cast(v AS int) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT u LIKE cast(cast(v AS int) AS string) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT u LIKE cast(cast(v AS int) AS string) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
SELECT u LIKE cast(cast(v AS int) AS string) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT next_day(try_cast(u AS date), cast(cast(v AS int) AS string)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT next_day(try_cast(u AS date), cast(cast(v AS int) AS string)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT next_day(try_cast(u AS date), cast(cast(v AS int) AS string)) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT width_bucket(try_cast(u AS double), cast(v AS double), 10, 5) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT width_bucket(try_cast(u AS double), cast(v AS double), 10, 5) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT width_bucket(try_cast(u AS double), cast(v AS double), 10, 5) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT hypot(try_cast(u AS double), cast(v AS double)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT hypot(try_cast(u AS double), cast(v AS double)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT hypot(try_cast(u AS double), cast(v AS double)) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT getbit(try_cast(u AS int), cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT getbit(try_cast(u AS int), cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT getbit(try_cast(u AS int), cast(v AS int)) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT shiftleft(try_cast(u AS int), cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT shiftleft(try_cast(u AS int), cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT shiftleft(try_cast(u AS int), cast(v AS int)) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT try_cast(u AS int) & cast(v AS int) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT try_cast(u AS int) & cast(v AS int) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT try_cast(u AS int) & cast(v AS int) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT array_position(array(1), try_cast(u AS int)) + cast(v AS int) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT array_position(array(1), try_cast(u AS int)) + cast(v AS int) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT array_position(array(1), try_cast(u AS int)) + cast(v AS int) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT map(1, 2)[try_cast(u AS int)] + cast(v AS int) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT map(1, 2)[try_cast(u AS int)] + cast(v AS int) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT map(1, 2)[try_cast(u AS int)] + cast(v AS int) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT try_cast(u AS int) BETWEEN 1 AND cast(v AS int) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT try_cast(u AS int) BETWEEN 1 AND cast(v AS int) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT try_cast(u AS int) BETWEEN 1 AND cast(v AS int) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT try_cast(u AS int) IN (1, cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT try_cast(u AS int) IN (1, cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT try_cast(u AS int) IN (1, cast(v AS int)) AS c FROM VALUES ('z', 'y') AS t(u, v);
SELECT cast(v AS int) IN (1, try_cast(u AS int)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT cast(v AS int) IN (1, try_cast(u AS int)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
SELECT cast(v AS int) IN (1, try_cast(u AS int)) AS c FROM VALUES ('z', 'y') AS t(u, v);
SELECT least(try_cast(u AS int), cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT least(try_cast(u AS int), cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
SELECT least(try_cast(u AS int), cast(v AS int)) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT make_timestamp(try_cast(u AS int), cast(v AS int), 1, 1, 1, 1) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT make_timestamp(try_cast(u AS int), cast(v AS int), 1, 1, 1, 1) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT make_timestamp(try_cast(u AS int), cast(v AS int), 1, 1, 1, 1) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT substring_index(u, '.', cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT substring_index(u, '.', cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
SELECT substring_index(u, '.', cast(v AS int)) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT format_number(try_cast(u AS int), cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT format_number(try_cast(u AS int), cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT format_number(try_cast(u AS int), cast(v AS int)) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT slice(array(1, 2), try_cast(u AS int), cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT slice(array(1, 2), try_cast(u AS int), cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT slice(array(1, 2), try_cast(u AS int), cast(v AS int)) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT sequence(try_cast(u AS int), cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT sequence(try_cast(u AS int), cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT sequence(try_cast(u AS int), cast(v AS int)) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT array_repeat(u, cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT array_repeat(u, cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
SELECT array_repeat(u, cast(v AS int)) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT array_join(array('a'), u, cast(cast(v AS int) AS string)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT array_join(array('a'), u, cast(cast(v AS int) AS string)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
SELECT array_join(array('a'), u, cast(cast(v AS int) AS string)) AS c FROM VALUES ('z', 'y') AS t(u, v);
SELECT pmod(try_cast(u AS int), cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT pmod(try_cast(u AS int), cast(v AS int)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
SELECT pmod(try_cast(u AS int), cast(v AS int)) AS c FROM VALUES ('z', 'y') AS t(u, v);
SELECT try_cast(u AS int) / cast(v AS int) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT try_cast(u AS int) / cast(v AS int) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
SELECT try_cast(u AS int) / cast(v AS int) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT cast(v AS int) / try_cast(u AS int) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT cast(v AS int) / try_cast(u AS int) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT cast(v AS int) / try_cast(u AS int) AS c FROM VALUES ('z', 'y') AS t(u, v);
SELECT try_cast(u AS boolean) AND cast(v AS boolean) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT try_cast(u AS boolean) AND cast(v AS boolean) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
SELECT try_cast(u AS boolean) AND cast(v AS boolean) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT nullif(u, cast(cast(v AS int) AS string)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT nullif(u, cast(cast(v AS int) AS string)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
SELECT nullif(u, cast(cast(v AS int) AS string)) AS c FROM VALUES ('z', 'y') AS t(u, v);
SELECT coalesce(u, cast(cast(v AS int) AS string)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT coalesce(u, cast(cast(v AS int) AS string)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
SELECT coalesce(u, cast(cast(v AS int) AS string)) AS c FROM VALUES ('z', 'y') AS t(u, v);
SELECT if(u IS NULL, 'none', cast(cast(v AS int) AS string)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT if(u IS NULL, 'none', cast(cast(v AS int) AS string)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
SELECT if(u IS NULL, 'none', cast(cast(v AS int) AS string)) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT element_at(array(1, 2), try_cast(u AS int)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
-- refused
SELECT element_at(array(1, 2), try_cast(u AS int)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT element_at(array(1, 2), try_cast(u AS int)) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT array(1, 2)[try_cast(u AS int)] AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
-- refused
SELECT array(1, 2)[try_cast(u AS int)] AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT array(1, 2)[try_cast(u AS int)] AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT split(v, ',')[try_cast(u AS int)] AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
-- refused
SELECT split(v, ',')[try_cast(u AS int)] AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT split(v, ',')[try_cast(u AS int)] AS c FROM VALUES ('z', 'y') AS t(u, v);
SELECT try_element_at(array(1, 2), try_cast(u AS int)) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
SELECT try_element_at(array(1, 2), try_cast(u AS int)) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
SELECT try_element_at(array(1, 2), try_cast(u AS int)) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT cast(dateadd(DATE'1969-12-31', length(v) * 1000000000) AS timestamp_ntz) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
-- refused
SELECT cast(dateadd(DATE'1969-12-31', length(v) * 1000000000) AS timestamp_ntz) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT cast(dateadd(DATE'1969-12-31', length(v) * 1000000000) AS timestamp_ntz) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT try_cast(dateadd(DATE'1969-12-31', length(v) * 1000000000) AS timestamp_ntz) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
-- refused
SELECT try_cast(dateadd(DATE'1969-12-31', length(v) * 1000000000) AS timestamp_ntz) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT try_cast(dateadd(DATE'1969-12-31', length(v) * 1000000000) AS timestamp_ntz) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT try_cast(dateadd(DATE'1969-12-31', length(v) * 1000000000) AS timestamp) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
-- refused
SELECT try_cast(dateadd(DATE'1969-12-31', length(v) * 1000000000) AS timestamp) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT try_cast(dateadd(DATE'1969-12-31', length(v) * 1000000000) AS timestamp) AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT CASE WHEN u IS NULL THEN (- 0.0F) WHEN map_contains_key(map('hello', 3), '-1.5') THEN -2.5F ELSE 0.0F END AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
-- refused
SELECT CASE WHEN u IS NULL THEN (- 0.0F) WHEN map_contains_key(map('hello', 3), '-1.5') THEN -2.5F ELSE 0.0F END AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT CASE WHEN u IS NULL THEN (- 0.0F) WHEN map_contains_key(map('hello', 3), '-1.5') THEN -2.5F ELSE 0.0F END AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT CASE WHEN v = 'y' THEN -0.0D ELSE 0.0D END AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
-- refused
SELECT CASE WHEN v = 'y' THEN -0.0D ELSE 0.0D END AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT CASE WHEN v = 'y' THEN -0.0D ELSE 0.0D END AS c FROM VALUES ('z', 'y') AS t(u, v);
-- refused
SELECT if(v = 'y', 0.0D, - 0.0D) AS c FROM VALUES (cast(NULL AS string), 'y') AS t(u, v);
-- refused
SELECT if(v = 'y', 0.0D, - 0.0D) AS c FROM VALUES (cast(NULL AS string), '1'), ('3', '2') AS t(u, v);
-- refused
SELECT if(v = 'y', 0.0D, - 0.0D) AS c FROM VALUES ('z', 'y') AS t(u, v);
