-- Dates, times and intervals. Marks as in core.sql.

SELECT id, d - DATE'2020-01-01', d - d, DATE'2020-03-01' - d FROM times;
SELECT id, ts - TIMESTAMP'2020-01-01 00:00:00', n - n, ts - n, ts - d FROM times WHERE id NOT IN (3);
SELECT INTERVAL '1' DAY, INTERVAL '1' YEAR, INTERVAL '1-2' YEAR TO MONTH, INTERVAL '3' MONTH, INTERVAL '1 02:03:04.5' DAY TO SECOND, INTERVAL '5' HOUR, INTERVAL '90' MINUTE, INTERVAL '1.5' SECOND, INTERVAL 2 WEEKS;
SELECT INTERVAL '10:11' HOUR TO MINUTE, INTERVAL '1 10' DAY TO HOUR, INTERVAL '10:11:12.123' HOUR TO SECOND, INTERVAL '11:12' MINUTE TO SECOND, INTERVAL '1 10:11' DAY TO MINUTE, INTERVAL -3 DAYS, INTERVAL '-1-3' YEAR TO MONTH, -INTERVAL '2' HOUR, INTERVAL 1 YEAR 2 MONTHS, INTERVAL 1 DAY 2 HOURS, INTERVAL '100' HOUR;
SELECT id, d + INTERVAL '1' MONTH * 2, ts + INTERVAL '1' DAY * id, ts - INTERVAL 1 HOUR * id FROM times WHERE id NOT IN (3, 4);
SELECT id, (ts - TIMESTAMP'2020-01-01') / 2, (d - DATE'2020-01-01') * 2, (ts - TIMESTAMP'2020-01-01') + INTERVAL '1' HOUR, -(d - DATE'2020-01-01') FROM times WHERE id NOT IN (3, 4);
SELECT INTERVAL '1' DAY + INTERVAL '2' HOUR, INTERVAL '1' YEAR + INTERVAL '1' MONTH, INTERVAL '3' MONTH - INTERVAL '1' YEAR, INTERVAL '1' DAY * 1.5, INTERVAL '7' MONTH / 2, INTERVAL '1' YEAR * 3, 2 * INTERVAL '1' HOUR, INTERVAL '1' DAY / 3;
SELECT id, d > DATE'2020-01-01' - INTERVAL '1' YEAR, ts - TIMESTAMP'2020-01-01' > INTERVAL '1' DAY, d - DATE'2020-01-01' <= INTERVAL '365' DAY FROM times;
SELECT id, extract(DAY FROM ts - TIMESTAMP'2020-01-01'), extract(HOUR FROM ts - TIMESTAMP'2020-01-01'), extract(MINUTE FROM ts - TIMESTAMP'2020-01-01'), extract(SECOND FROM ts - TIMESTAMP'2020-01-01'), date_part('DAY', d - DATE'2020-01-01') FROM times WHERE id NOT IN (3);
SELECT extract(YEAR FROM INTERVAL '3-11' YEAR TO MONTH), extract(MONTH FROM INTERVAL '-3-11' YEAR TO MONTH), extract(days FROM INTERVAL '5 04:03:02.1' DAY TO SECOND), extract(seconds FROM INTERVAL '-5 04:03:02.1' DAY TO SECOND), extract(hour FROM INTERVAL '30' HOUR);
SELECT id, cast(d - DATE'2020-01-01' AS string), cast(ts - TIMESTAMP'2020-01-01' AS string) FROM times WHERE id NOT IN (3);
SELECT cast(INTERVAL '1' DAY AS int), cast(INTERVAL '36' HOUR AS bigint), cast(INTERVAL '2' YEAR AS int), cast(INTERVAL '90' MINUTE AS int), cast(INTERVAL '1.7' SECOND AS int), cast(INTERVAL '14' MONTH AS int);
-- refused
SELECT cast(5 AS INTERVAL DAY), cast(5 AS INTERVAL HOUR), cast(3 AS INTERVAL MONTH), cast('5' AS INTERVAL DAY), cast('1 02:03:04' AS INTERVAL DAY TO SECOND), cast('2-3' AS INTERVAL YEAR TO MONTH), cast(1.5 AS INTERVAL SECOND);
SELECT make_dt_interval(1, 12, 30, 1.001001), make_dt_interval(2), make_dt_interval(), make_dt_interval(1, 2), make_ym_interval(1, 2), make_ym_interval(3), make_ym_interval(1, NULL), make_dt_interval(NULL, 1);
SELECT id, d + make_ym_interval(0, id), ts + make_dt_interval(0, id), d + make_dt_interval(id) FROM times WHERE id NOT IN (4);
SELECT sum(d - DATE'2020-01-01'), avg(d - DATE'2020-01-01'), min(d - DATE'2020-01-01'), max(ts - TIMESTAMP'2020-01-01'), count(d - DATE'2020-01-01') FROM times WHERE id NOT IN (3, 4);
SELECT avg(ts - TIMESTAMP'2020-01-01'), sum(ts - TIMESTAMP'2020-01-01') FROM times WHERE id IN (1, 7, 8);
-- ordered
SELECT d - DATE'2020-01-01' AS gap, count(*) FROM times GROUP BY d - DATE'2020-01-01' ORDER BY gap;
SELECT id, lag(ts) OVER (ORDER BY id), ts - lag(ts) OVER (ORDER BY id) AS gap FROM times WHERE id NOT IN (3);
SELECT e, ts, ts - lag(ts) OVER (PARTITION BY e ORDER BY ts) AS since FROM events;
SELECT e, max(ts) - min(ts) AS span FROM events GROUP BY e;
SELECT coalesce(d - DATE'2020-01-01', INTERVAL '0' DAY), CASE WHEN id = 1 THEN INTERVAL '1' DAY ELSE INTERVAL '2' HOUR END, nullif(d - d, INTERVAL '0' DAY) FROM times;
SELECT abs(INTERVAL '-1' DAY), sign(INTERVAL '-1' DAY), typeof(INTERVAL '1' DAY), typeof(DATE'2020-01-01' - DATE'2019-01-01'), typeof(INTERVAL '1' YEAR), greatest(INTERVAL '1' DAY, INTERVAL '25' HOUR);
-- refused
SELECT id, date_format(ts, 'yyyy-MM-dd HH:mm:ss.SSS'), date_format(ts, 'EEEE, MMMM d, yyyy'), date_format(ts, 'EEE MMM dd HH:mm:ss yyyy'), date_format(ts, 'yyyyMMddHHmm'), date_format(ts, 'h:mm a'), date_format(ts, 'D DDD Q QQ QQQ QQQQ') FROM times;
-- refused
SELECT id, date_format(ts, 'LLL LLLL yy u uuuu G'), date_format(ts, 'y yyy yyyyy'), date_format(ts, 'F'), date_format(ts, 'z'), date_format(ts, 'Z'), date_format(ts, 'XXX'), date_format(ts, 'X'), date_format(ts, 'xxx'), date_format(ts, 'VV'), date_format(ts, 'O'), date_format(ts, 'zzzz'), date_format(ts, 'ZZZZZ') FROM times;
-- refused
SELECT id, date_format(ts, "yyyy-MM-dd'T'HH:mm:ss'Z'"), date_format(ts, "yyyy-MM-dd'T'HH:mm:ssXXX"), date_format(ts, "h 'o''clock' a"), date_format(ts, 'yyyy[-MM]'), date_format(d, 'dd/MM/yyyy'), date_format(n, 'HH') FROM times;
-- refused
SELECT to_date('05/03/2021', 'MM/dd/yyyy'), to_date('20210305', 'yyyyMMdd'), to_date('5-Mar-2021', 'd-MMM-yyyy'), to_date('March 5, 2021', 'MMMM d, yyyy'), to_date('21-03-05', 'yy-MM-dd'), to_date('2021-064', 'yyyy-DDD'), to_date('2021-03', 'yyyy-MM'), to_date('2021', 'yyyy'), to_date('202103', 'yyyyMM'), to_date('Fri, 05 Mar 2021', 'EEE, dd MMM yyyy');
-- refused
SELECT to_timestamp('2021-03-05T10:11:12Z', "yyyy-MM-dd'T'HH:mm:ssXXX"), to_timestamp('2021-03-05T10:11:12+02:00', "yyyy-MM-dd'T'HH:mm:ssXXX"), to_timestamp('2021-03-05 10:11:12 +0100', 'yyyy-MM-dd HH:mm:ss Z'), to_timestamp('2021-03-05 10:11', 'yyyy-MM-dd HH:mm[:ss]'), to_timestamp('2021-03-05 10:11:12', 'yyyy-MM-dd HH:mm[:ss]'), to_timestamp('03/05/21 1:05 PM', 'MM/dd/yy h:mm a'), to_timestamp('20210305101112123', 'yyyyMMddHHmmssSSS'), to_timestamp('2021-03-05 10:11:12.5', 'yyyy-MM-dd HH:mm:ss[.SSS]'), to_timestamp('2021-03-05T10:11:12.123Z', "yyyy-MM-dd'T'HH:mm:ss.SSSX");
SELECT to_timestamp_ntz('2021-03-05 10:11:12'), to_timestamp_ltz('2021-03-05 10:11:12'), to_timestamp_ntz('05/03/2021', 'dd/MM/yyyy'), to_timestamp_ltz('05/03/2021', 'dd/MM/yyyy'), to_timestamp_ltz(DATE'2021-03-05'), to_timestamp_ntz(TIMESTAMP'2021-03-05 01:02:03');
-- refused
SELECT make_timestamp_ntz(2021, 3, 5, 10, 11, 12.5), make_timestamp_ltz(2021, 3, 5, 10, 11, 12.5), make_timestamp(2021, 3, 5, 10, 11, 12.5, 'UTC'), try_make_timestamp(2021, 13, 5, 10, 11, 12), make_timestamp_ntz(NULL, 3, 5, 10, 11, 12), make_timestamp(2021, 3, 5, 24, 0, 0);
SELECT convert_timezone('America/New_York', TIMESTAMP_NTZ'2021-07-05 10:00:00'), convert_timezone('Europe/Brussels', 'America/Los_Angeles', TIMESTAMP_NTZ'2021-12-06 00:00:00'), convert_timezone('UTC', 'Asia/Tokyo', n) FROM times WHERE id = 1;
SELECT localtimestamp() IS NOT NULL, current_timestamp() <= localtimestamp();
SELECT id, dayofweek_iso FROM (SELECT id, extract(DAYOFWEEK_ISO FROM d) AS dayofweek_iso, extract(YEAROFWEEK FROM d) y FROM times);
SELECT id, extract(YEAROFWEEK FROM d), date_part('yearofweek', d), extract(DOW_ISO FROM ts), extract(DOW FROM ts), extract(DOY FROM ts) FROM times;
SELECT window(ts, '6 hours').start, window(ts, '6 hours').end, count(*), sum(n) FROM events GROUP BY window(ts, '6 hours');
SELECT window.start, window.end, count(*) AS c FROM events GROUP BY window(ts, '1 day');
SELECT e, window.start AS s, avg(v) AS a FROM events WHERE v = v GROUP BY e, window(ts, '2 hours');
SELECT w.start, c FROM (SELECT window(ts, '3 hours', '3 hours', '1 hour') AS w, count(*) AS c FROM events GROUP BY 1);
-- refused
SELECT id, d + INTERVAL '1 month 2 days', ts + INTERVAL '1 month 2 days 3 hours', d - INTERVAL 1 MONTH 1 DAY FROM times WHERE id NOT IN (3, 4);
SELECT id, timestampdiff(WEEK, ts, TIMESTAMP'2020-06-01'), timestampadd(WEEK, 2, ts), datediff(MONTH, d, DATE'2020-06-01'), dateadd(QUARTER, 1, d), timestampadd(MICROSECOND, 5, ts) FROM times WHERE id NOT IN (3, 4);
SELECT id, date_trunc('WEEK', ts), date_trunc('quarter', d), trunc(d, 'WEEK'), trunc(d, 'quarter'), date_trunc('MILLISECOND', ts), date_trunc('nonsense', ts), trunc(ts, 'MM') FROM times WHERE id NOT IN (3);
SELECT next_day(d, 'Mon'), last_day(d), add_months(d, 1), months_between(ts, TIMESTAMP'2020-01-31'), date_add(d, 1), date_sub(d, 1), unix_timestamp(ts), from_unixtime(id * 86400), to_unix_timestamp(ts) FROM times WHERE id NOT IN (4);
SELECT try_to_date('2021-13-01'), try_to_date('x'), try_to_timestamp('2021-01-01 25:00:00'), try_to_date('05/03/2021', 'MM/dd/yyyy'), try_to_timestamp('bad', 'yyyy');
SELECT timestamp_seconds(1.5), timestamp_seconds(1.25D), timestamp_millis(-1), timestamp_micros(1), unix_micros(TIMESTAMP'1969-12-31 23:59:59.5');
-- refused
SELECT monotonically_increasing_id() FROM times;
SELECT date_from_unix_date(0), make_date(2020, 2, 29), d + 1, d - 1, 1 + d FROM times WHERE id NOT IN (4);
SELECT bigint(ts), date(ts), cast(ts AS double), cast(ts AS bigint) FROM times WHERE id NOT IN (3, 4);
SELECT id FROM times WHERE ts BETWEEN TIMESTAMP'2020-01-01' AND TIMESTAMP'2020-01-01' + INTERVAL 3 MONTHS;
SELECT id FROM times WHERE d >= current_date() - INTERVAL 30 DAYS AND false;
SELECT e, ts, count(*) OVER (PARTITION BY e ORDER BY ts RANGE BETWEEN INTERVAL 1 DAY PRECEDING AND CURRENT ROW) FROM events;
SELECT e, ts, sum(n) OVER (PARTITION BY e ORDER BY ts RANGE BETWEEN INTERVAL '12' HOUR PRECEDING AND INTERVAL '1' HOUR FOLLOWING) FROM events;
SELECT extract(HOUR FROM INTERVAL '3' DAY);
SELECT extract(YEAR FROM INTERVAL '3' DAY);
SELECT extract(WEEK FROM INTERVAL '3' DAY);
SELECT extract(MONTH FROM INTERVAL '3' YEAR);
SELECT id * INTERVAL '1' DAY, (d - d) * 2.5, (d - d) * 2.5D, (d-d)/2, (d-d)/3.0D, -(d-d), INTERVAL '1' DAY * 1L FROM times;
SELECT INTERVAL '1' DAY / 0;
SELECT INTERVAL '106751991' DAY + INTERVAL '106751991' DAY;
SELECT INTERVAL '178956970' YEAR + INTERVAL '178956970' YEAR;
-- refused
SELECT INTERVAL '106751992' DAY;
-- refused
SELECT INTERVAL '1' YEAR = INTERVAL '12' MONTH, INTERVAL '1' DAY > INTERVAL '1' YEAR;
-- refused
SELECT INTERVAL '1' DAY = '1';
SELECT (d - DATE'2020-01-01') = INTERVAL '59' DAY, (d-d) <=> INTERVAL '0' DAY, (d - d) IN (INTERVAL '0' DAY, INTERVAL '24' HOUR) FROM times;
SELECT d + (d - DATE'2020-01-01'), d - (d - DATE'2020-01-01'), d + (ts - ts), d - (n - n), ts + (d - d), ts - (d - DATE'2020-01-01') FROM times WHERE id = 1;
-- refused
SELECT sum(INTERVAL '1' YEAR), avg(INTERVAL '1' YEAR), sum(INTERVAL '1' HOUR), max(INTERVAL '1' MONTH), try_sum(INTERVAL '1' DAY), mean(INTERVAL '1' MONTH);
-- refused
SELECT cast(INTERVAL '1 02:03:04' DAY TO SECOND AS INTERVAL DAY), cast(INTERVAL '-1 12:03:04' DAY TO SECOND AS INTERVAL HOUR), cast(INTERVAL '1-5' YEAR TO MONTH AS INTERVAL YEAR);
SELECT cast(INTERVAL '1 02:03:04' DAY TO SECOND AS INT);
SELECT make_dt_interval(1.5, 1), make_ym_interval('1', 2);
SELECT make_dt_interval(id, 0, 0, d), make_dt_interval(id), make_ym_interval(id, i), make_dt_interval(id, 0, 0, id) FROM numbers WHERE id = 1;
SELECT concat('a', INTERVAL '1' DAY), 'x' || INTERVAL '1' DAY;
SELECT abs(d - DATE'2021-01-01'), sign(d - DATE'2021-01-01'), signum(INTERVAL '-1' YEAR), positive(INTERVAL '1' DAY), negative(INTERVAL '1' DAY) FROM times WHERE id = 1;
SELECT NULL + INTERVAL '1' DAY, INTERVAL '1' DAY + NULL, NULL - INTERVAL '1' DAY;
-- refused
SELECT '2020-01-01' + INTERVAL '1' DAY, '2020-01-01' - INTERVAL '1' MONTH;
SELECT timestampdiff(DAY, d, ts), INTERVAL '1' DAY + d, INTERVAL '1' HOUR + ts FROM times WHERE id = 1;
SELECT make_ym_interval(2147483647, 1);
SELECT make_dt_interval(2147483647, 0, 0, 1);
-- refused
SELECT INTERVAL '1' DAY + INTERVAL '1' MONTH;
-- refused
SELECT INTERVAL '1' DAY - d FROM times;
SELECT d - ts, ts - d, n - d, n - ts, '2020-01-01' - d, d - '2020-01-01', ts - '2020-01-01 00:00:00' FROM times WHERE id = 1;
SELECT window.start, count(*) FROM events GROUP BY window(ts, '1 week') ORDER BY window.start;
SELECT window(d, '1 day').end FROM times WHERE id = 1;
SELECT window(n, '10 minutes').start, window(n, '10 minutes').end FROM times;
-- refused
SELECT window('2020-01-01 00:00:03', '2 seconds').start;
SELECT count(*) FROM events GROUP BY window(ts, '1 day', '1 day', '6 hours');
SELECT start, c FROM (SELECT window.start, count(*) c FROM events GROUP BY window(ts, '1 day')) WHERE c > 1;
SELECT id, window(ts, '1 day').start FROM times;
SELECT date_trunc('day', window.start) FROM events GROUP BY window(ts, '1 hour') HAVING count(*) > 1;
SELECT window(ts, '2 days', '1 day').start s, count(*) FROM events GROUP BY window(ts, '2 days', '1 day');
SELECT *, window.start FROM (SELECT e, ts FROM events) GROUP BY e, ts, window(ts, '1 day');
SELECT e, window.start, count(*) AS n, avg(v) FROM events WHERE e IS NOT NULL GROUP BY e, window(ts, '1 hour') ORDER BY e, window.start;
SELECT w.start, count(*) FROM (SELECT window(ts, '6 hours', '3 hours') AS w FROM events) GROUP BY w.start;
SELECT a.e, window(a.ts, '1 day').start, count(b.n) FROM events a JOIN events b ON a.ts = b.ts GROUP BY a.e, window(a.ts, '1 day');
SELECT window(ts, '7 days', '1 day', '12 hours').start AS s, count(*) FROM times WHERE id NOT IN (3, 4) GROUP BY s;
-- refused
SELECT window(ts, '1 day').start, window(ts, '2 days').start FROM events;
