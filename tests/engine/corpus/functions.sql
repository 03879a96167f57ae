-- Everyday functions over nasty values: text, time, numbers, conditions, hashes, JSON, aggregates.
-- The marks are those of core.sql.

SELECT id, btrim(t), btrim(t, 'hd'), btrim(' x ', ' '), trim(BOTH 'h' FROM t), ltrim('h', t), rtrim('lo', t) FROM texts;
SELECT id, overlay(t PLACING '__' FROM 2), overlay(t PLACING '__' FROM 2 FOR 1), overlay(t, 'XYZ', 3, 0), overlay(t, u, 1, 100) FROM texts;
SELECT id, overlay(t, '_', id - 3), overlay(t, '_', -2, 1) FROM texts;
SELECT id, soundex(t), soundex(u), soundex('Miller'), soundex('Robert'), soundex('Tymczak'), soundex('Ashcraft'), soundex('3x') FROM texts;
SELECT id, levenshtein(t, u), levenshtein(t, 'hallo'), levenshtein('kitten', 'sitting') FROM texts;
SELECT id, levenshtein(t, 'hello', 2), levenshtein('kitten', 'sitting', 2), levenshtein('kitten', 'sitting', 3) FROM texts;
SELECT id, find_in_set(u, 'l,x,-,D'), find_in_set(t, 'aaa,42,hello'), find_in_set('', 'a,,b'), find_in_set('', ''), find_in_set('a,b', 'a,b') FROM texts;
SELECT id, elt(2, t, u), elt(1, t), elt(id % 2 + 1, t, u) FROM texts;
SELECT elt(3, 'a', 'b');
SELECT id, elt(id, 'a', 'b', 'c') FROM texts WHERE id <= 3;
SELECT id, bit_length(t), octet_length(u), bit_length(x), char_length(t), length(x) FROM texts;
-- refused
SELECT id, encode(t, 'UTF-8'), encode(t, 'utf-16be'), encode(u, 'utf-16le'), encode(u, 'UTF-16') FROM texts;
-- refused
SELECT id, decode(encode(t, 'UTF-8'), 'UTF-8'), decode(encode(t, 'UTF-16'), 'UTF-16'), decode(encode(u, 'UTF-16BE'), 'utf-16be') FROM texts;
-- refused
SELECT encode('a', 'latin-9');
-- refused
SELECT encode('abc', 'US-ASCII'), encode('caf\u00e9', 'ISO-8859-1'), decode(X'636166E9', 'ISO-8859-1');
-- refused
SELECT encode('caf\u00e9', 'US-ASCII');
SELECT decode(X'FF', 'UTF-8');
SELECT id, decode(id, 1, 'one', 2, 'two'), decode(id, 1, 'one', 2, 'two', 'many'), decode(u, 'l', 1, 'x', 2, NULL, 3, -1), decode(t, NULL, 'nothing', 'some') FROM texts;
SELECT id, url_encode(t), url_encode(u), url_decode(url_encode(t)) FROM texts;
SELECT url_decode('a+b%20c%2F%C3%A9'), url_encode('a b*c-d_e.f~g'), url_decode('plain');
SELECT url_decode('http%3A%2G');
SELECT try_url_decode('http%3A%2G'), try_url_decode('a%20b');
SELECT parse_url('http://user:pw@spark.apache.org:80/path/a?query=1&k=v#frag', 'HOST'), parse_url('http://spark.apache.org/path?query=1&k=v', 'QUERY'), parse_url('http://spark.apache.org/path?query=1&k=v', 'QUERY', 'k'), parse_url('http://a/b?x', 'PATH');
SELECT parse_url('http://user:pw@h:80/p/a?q=1#frag', 'PROTOCOL'), parse_url('http://user:pw@h:80/p?q=1#frag', 'REF'), parse_url('http://user:pw@h:80/p?q=1#f', 'FILE'), parse_url('http://user:pw@h:80/p?q=1#f', 'AUTHORITY'), parse_url('http://user:pw@h:80/p?q=1#f', 'USERINFO');
-- refused
SELECT id, format_number(i, 2), format_number(l, 0), format_number(d, 3), format_number(m, 1), format_number(f, 2) FROM numbers;
SELECT format_number(12332.123456, 4), format_number(1234.5D, 0), format_number(2.5D, 0), format_number(3.5D, 0), format_number(-0.4D, 0), format_number(1234567, 3), format_number(1.005D, 2), format_number(1, -1);
-- refused
SELECT id, format_string('%s|%5s|%-5s|%d', t, u, u, id), printf('%05d', id), format_string('%x %X %o', id, id, id) FROM texts;
-- refused
SELECT format_string('%.2f', 3.14159D), format_string('%10.3f|', 2.5D), format_string('%e', 12345.678D), format_string('100%%'), format_string('%s %s', NULL, 1), format_string('%,d', 1234567), format_string('%2$s %1$s', 'a', 'b');
-- refused
SELECT format_string('%d', 'x');
SELECT id, to_char(m, '999,999,999.99'), to_char(i, '9999999999') FROM numbers WHERE id IN (1, 5, 6, 8, 9);
-- refused
SELECT id, quote(t), mask(t) FROM texts;
SELECT id, luhn_check('4111111111111111'), luhn_check('79927398713'), luhn_check('79927398714'), luhn_check(t) FROM texts;
SELECT id, regexp_count(t, 'l'), regexp_count(t, '[a-z]+'), regexp_substr(t, '[a-z]+'), regexp_instr(t, '[l-z]') FROM texts;
SELECT id, regexp_extract(t, '([a-z]+)', 1), regexp_extract(t, '([a-z]+)', 0), regexp_extract(t, '(\\d+)-(\\d+)', 2), regexp_replace(t, '[aeiou]', '*'), regexp_replace(t, '(\\w+)', '<$1>') FROM texts;
SELECT id, regexp_like(t, '^h'), t RLIKE 'l+', regexp(t, '[0-9]'), rlike(t, 'A') FROM texts;
SELECT id, like(t, 'h%'), ilike(t, 'H%'), t LIKE '%\\%%', t NOT LIKE '_' FROM texts;
SELECT id, charindex('l', t), charindex('l', t, 4), position('l' IN t), instr(t, u), locate('l', t, 4) FROM texts;
SELECT id, concat_ws('-', t, u, NULL, 'z'), concat(t, u), t || '/' || u FROM texts;
SELECT id, repeat(u, 3), reverse(t), left(t, 2), right(t, 2), substr(t FROM 2 FOR 3), substring(t, -3, 2) FROM texts;
SELECT id, lpad(t, 7, '*'), rpad(t, 7, 'ab'), lpad(t, 3), rpad(t, 0) FROM texts;
SELECT id, initcap(t), upper(t), lower(t), ucase(u), lcase(u) FROM texts;
SELECT id, ascii(t), chr(id + 64), char(233), ascii(u), base64(x), hex(x), hex(t), unhex(hex(t)) FROM texts;
SELECT id, substring_index(t, 'l', 1), substring_index(t, 'l', -1), split_part(t, ',', 1), split_part(t, 'l', -1) FROM texts;
SELECT id, translate(t, 'lo', 'x'), replace(t, 'l', 'LL'), replace(t, 'l') FROM texts;
SELECT id, typeof(t), typeof(id), typeof(x), typeof(1.5), typeof(NULL), typeof(current_date()) FROM texts;
SELECT id, equal_null(t, u), equal_null(t, NULL), equal_null(id, 1) FROM texts;
-- refused
SELECT id, is_valid_utf8(t), len(t), startswith(t, 'h'), endswith(t, u), contains(t, u) FROM texts;
-- refused
SELECT id, to_binary(hex(t)), to_binary(t, 'utf-8'), to_binary(base64(x), 'base64'), to_binary('zz', 'utf8') FROM texts;
-- refused
SELECT try_to_binary('GG', 'hex'), try_to_binary('616263', 'hex'), to_binary('abc', 'hex');
SELECT id, assert_true(id > 0) FROM texts;
SELECT raise_error('my own words');
SELECT if(id > 100, raise_error('no'), id) FROM texts;
-- refused
SELECT version() IS NOT NULL, current_catalog(), current_database(), current_schema(), current_timezone();

SELECT id, bin(b), bin(i), bin(l), bin(-1) FROM numbers;
SELECT id, hex(i), hex(l), hex(b), conv(i, 10, 16), conv(i, 10, 2), conv(l, 10, -36) FROM numbers;
SELECT conv('ff', 16, 10), conv('-10', 16, -10), conv('100', 2, 10), conv('zz', 36, 10), conv('12a', 10, 16), conv('', 10, 16), conv('x', 10, 16), conv('10', 1, 16), conv(NULL, 10, 2), conv(' 11', 2, 10), conv('-15', 10, 16), conv('9223372036854775808', 10, 16), conv('-9223372036854775808', 10, -16);
SELECT conv('99999999999999999999999', 10, 16);
SELECT id, bit_count(i), bit_count(l), bit_count(b), bit_count(i > 0) FROM numbers;
SELECT id, bit_get(l, 0), getbit(i, 3), bit_get(b, 7) FROM numbers;
SELECT bit_get(11, 32);
SELECT bit_get(11, -1);
SELECT id, shiftleft(i, 2), shiftright(i, 2), shiftrightunsigned(i, 2), shiftleft(l, 3), shiftright(l, 60), shiftrightunsigned(l, 60), shiftleft(i, 33) FROM numbers;
SELECT id, i << 1, i >> 1, i >>> 1, l << 65, b << 1, s >> 1 FROM numbers;
SELECT id, factorial(abs(i % 20)) FROM numbers WHERE id <> 2;
SELECT factorial(20), factorial(0), factorial(21), factorial(-1), factorial(NULL);
SELECT id, hypot(d, 3), hypot(3, i) FROM numbers WHERE id NOT IN (2, 3);
SELECT id, rint(d), rint(f), rint(m), rint(2.5D), rint(-0.5D) FROM numbers;
SELECT id, try_add(i, 1), try_add(l, 1), try_subtract(i, 1), try_subtract(l, 2), try_multiply(l, 2), try_multiply(i, 2) FROM numbers;
SELECT id, try_divide(i, 0), try_divide(1, i), try_divide(d, 2), try_divide(m, m), try_divide(l, 3) FROM numbers;
SELECT id, try_add(b, b), try_add(s, 1S), try_add(d, 1), try_add(m, m), try_mod(i, 0), try_mod(i, 3), try_mod(d, 0D) FROM numbers;
SELECT id, try_add(w, w), try_multiply(w, w), try_subtract(w, w) FROM numbers;
-- refused
SELECT try_add(DATE '2021-01-01', 1), try_add(DATE '2021-01-31', INTERVAL 1 MONTH), try_subtract(TIMESTAMP '2021-01-01 00:00:00', INTERVAL 1 HOUR);
SELECT id, zeroifnull(i), zeroifnull(d), zeroifnull(m), nullifzero(i), nullifzero(d), nullifzero(m) FROM numbers;
SELECT id, width_bucket(d, 0, 10, 5), width_bucket(i, 0, 100, 10), width_bucket(m, 10, 0, 4), width_bucket(d, 1, 1, 5), width_bucket(d, 0, 10, 0) FROM numbers;
SELECT width_bucket(5.3D, 0.2D, 10.6D, 5), width_bucket(-2.1D, 1.3D, 3.4D, 3), width_bucket(8.1D, 0.0D, 5.7D, 4), width_bucket(-0.9D, 5.2D, 0.5D, 2);
SELECT id, ceil(m, 1), floor(m, 1), ceil(d, 2), floor(d, -1), ceil(i, -2), floor(l, -1), ceil(m, 0) FROM numbers WHERE id IN (1, 4, 5, 8, 9, 10);
SELECT ceil(3.1411, 3), floor(3.1411, 3), ceil(3.1411, -3), floor(-3.1411, 2), ceil(5, 2), ceiling(2.5), ceil(-12.345, 1);
SELECT id, mod(i, 4), pmod(i, 4), sign(i), signum(m), abs(m), negative(i), positive(d) FROM numbers WHERE id <> 2;
SELECT id, round(d, 3), round(m, 1), bround(d, 1), round(i, -1), bround(m, -1) FROM numbers WHERE id NOT IN (2, 3);
SELECT id, log1p(d), expm1(i / 100), cbrt(i), exp(0), ln(m), log(10, i), power(2, i % 10) FROM numbers WHERE id NOT IN (2, 3);
SELECT id, greatest(i, l), least(d, f), greatest(t, u), least(t, u, 'm') FROM numbers JOIN texts USING (id);
-- refused
SELECT id, sec(d), csc(d), cot(d), sinh(d), cosh(d), tanh(d), asinh(d), acosh(d), atanh(d) FROM numbers WHERE id = 4;
SELECT to_number('454', '999'), to_number('12,454', '99,999'), to_number('$78.12', '$99.99');
SELECT nvl(NULL, 5), nvl2(NULL, 1, 2), ifnull(NULL, 'x'), nullif(1, 1), nullif('a', 'b'), coalesce(NULL, NULL, 3), if(NULL, 1, 2), nanvl(cast('NaN' AS double), 7);

SELECT id, hash(i), hash(l), hash(b), hash(s), hash(d), hash(f), hash(m), hash(w) FROM numbers;
SELECT id, xxhash64(i), xxhash64(l), xxhash64(b), xxhash64(s), xxhash64(d), xxhash64(f), xxhash64(m), xxhash64(w) FROM numbers;
SELECT id, hash(t), hash(u), hash(x), hash(t, u), hash(id, t, NULL), xxhash64(t), xxhash64(u), xxhash64(x), xxhash64(t, u, id) FROM texts;
SELECT id, hash(d), hash(ts), hash(n), xxhash64(d), xxhash64(ts), xxhash64(n), hash(d, ts, id > 3) FROM times;
SELECT hash(true), hash(false), hash(NULL), xxhash64(true), xxhash64(NULL), hash(1, 2, 3), hash('Spark', 'SQL'), xxhash64(repeat('abcdefgh', 9)), xxhash64(repeat('abc', 11)), xxhash64(repeat('z', 37));
SELECT id, pmod(hash(t), 10), abs(hash(id)) % 4 FROM texts;
SELECT id, md5(t), sha1(t), sha(u), sha2(t, 256), sha2(t, 0), sha2(t, 224), sha2(u, 384), sha2(u, 512), crc32(t) FROM texts;
SELECT sha2('a', 100);

SELECT id, date_add(d, 1), date_sub(d, 1), d + 1, d - 1, datediff(d, DATE '2020-01-01'), add_months(d, 1), add_months(d, -13), last_day(d), next_day(d, 'Mon') FROM times WHERE id <> 4;
SELECT id, year(d), quarter(d), month(d), day(d), dayofweek(d), weekday(d), dayofyear(d), weekofyear(d), dayname(d), monthname(d) FROM times;
SELECT id, hour(ts), minute(ts), second(ts), hour(n), extract(SECOND FROM ts), extract(YEAR FROM d), extract(DOW FROM d), extract(DOY FROM d), extract(WEEK FROM ts) FROM times;
SELECT id, extract(YEAROFWEEK FROM d), extract(DAYOFWEEK_ISO FROM d), extract(DOW_ISO FROM ts), extract(MON FROM d), extract(D FROM d), extract(H FROM ts), extract(M FROM ts), extract(S FROM ts), extract(QTR FROM d) FROM times;
SELECT id, date_part('year', d), date_part('MONTH', ts), date_part('doy', d), date_part('SECONDS', ts), date_part('hour', n), datepart('week', d) FROM times;
SELECT extract(HOUR FROM DATE '2021-03-04'), date_part('minute', DATE '2021-03-04');
SELECT date_part('nonsense', DATE '2021-03-04');
SELECT id, trunc(d, 'year'), trunc(d, 'MM'), trunc(d, 'week'), trunc(d, 'quarter'), trunc(d, 'nonsense'), trunc(ts, 'month') FROM times;
SELECT id, date_trunc('YEAR', ts), date_trunc('month', ts), date_trunc('DD', ts), date_trunc('HOUR', ts), date_trunc('week', ts), date_trunc('quarter', d), date_trunc('SECOND', n), date_trunc('MILLISECOND', ts), date_trunc('zz', ts) FROM times WHERE id NOT IN (3);
SELECT id, date_format(ts, 'yyyy-MM-dd HH:mm:ss'), date_format(d, 'dd/MM/yyyy'), date_format(ts, 'EEE, d MMM yyyy'), date_format(ts, 'EEEE MMMM'), date_format(ts, 'yy.M.d h:m:s a'), date_format(ts, 'DDD Q'), date_format(ts, "yyyy-MM-dd'T'HH:mm:ss.SSS"), date_format(ts, 'yyyyMMdd') FROM times;
SELECT id, date_format(ts, 'HH:mm:ss.SSSSSS'), date_format(ts, "'Week' "), date_format(n, 'yyyy/MM'), date_format(d, 'E'), date_format(d, 'MMM'), date_format(d, 'LLL'), date_format(d, 'D'), date_format(d, 'QQQ'), date_format(d, 'QQQQ') FROM times;
SELECT id, date_format(ts, 'z'), date_format(ts, 'XXX'), date_format(ts, 'Z'), date_format(ts, 'VV'), date_format(ts, 'G'), date_format(ts, 'x') FROM times;
-- refused
SELECT date_format(TIMESTAMP '2021-03-04 00:05:06', 'w');
-- refused
SELECT date_format(TIMESTAMP '2021-03-04 00:05:06', 'YYYY');
-- refused
SELECT date_format(TIMESTAMP '2021-03-04 00:05:06', 'u');
SELECT to_date('2021-03-04'), to_date('04/03/2021', 'dd/MM/yyyy'), to_date('20210304', 'yyyyMMdd'), to_date('4.3.2021', 'd.M.yyyy'), to_date('2021-03', 'yyyy-MM'), to_date('2021', 'yyyy');
SELECT to_date('Mar 4, 2021', 'MMM d, yyyy'), to_date('4 March 2021', 'd MMMM yyyy'), to_date('04-Mar-21', 'dd-MMM-yy');
SELECT to_date('2021-02-30', 'yyyy-MM-dd');
SELECT to_date('nonsense', 'yyyy-MM-dd');
SELECT to_timestamp('2021-03-04 05:06:07'), to_timestamp('04/03/2021 05:06', 'dd/MM/yyyy HH:mm'), to_timestamp('2021-03-04T05:06:07.123', "yyyy-MM-dd'T'HH:mm:ss.SSS"), to_timestamp('2021-03-04 05:06:07.123456', 'yyyy-MM-dd HH:mm:ss.SSSSSS');
SELECT to_timestamp('2021-03-04 05:06:07 PM', 'yyyy-MM-dd hh:mm:ss a'), to_timestamp('2021-03-04 12:06 AM', 'yyyy-MM-dd hh:mm a');
SELECT to_timestamp('2021-03-04T05:06:07+02:00', "yyyy-MM-dd'T'HH:mm:ssXXX"), to_timestamp('2021-03-04T05:06:07Z', "yyyy-MM-dd'T'HH:mm:ssX");
SELECT try_to_timestamp('nonsense'), try_to_timestamp('2021-03-04 05:06:07'), try_to_timestamp('04/03/2021', 'dd/MM/yyyy'), try_to_timestamp('x', 'yyyy-MM-dd');
SELECT try_to_date('nonsense'), try_to_date('2021-03-04'), try_to_date('04/03/2021', 'dd/MM/yyyy'), try_to_date('2021-02-30', 'yyyy-MM-dd');
SELECT to_timestamp_ntz('2021-03-04 05:06:07'), to_timestamp_ltz('2021-03-04 05:06:07'), to_timestamp_ntz(DATE '2021-03-04');
SELECT id, to_date(ts), to_timestamp(d), to_date(t.t) FROM times JOIN texts t USING (id) WHERE id = 1 AND t.t IS NULL;
SELECT id, unix_timestamp(ts), unix_timestamp(d), to_unix_timestamp(ts), unix_seconds(ts), unix_millis(ts), unix_micros(ts), unix_date(d) FROM times;
SELECT unix_timestamp('2021-03-04 05:06:07'), unix_timestamp('2021-03-04', 'yyyy-MM-dd'), to_unix_timestamp('2021-03-04', 'yyyy-MM-dd');
SELECT from_unixtime(0), from_unixtime(1614834367), from_unixtime(-1), from_unixtime(1614834367, 'yyyy/MM/dd'), from_unixtime(NULL);
SELECT id, timestamp_seconds(i), timestamp_millis(i), timestamp_micros(l), date_from_unix_date(s) FROM numbers WHERE id NOT IN (2, 3);
SELECT timestamp_seconds(1.5), timestamp_seconds(1.5D), timestamp_seconds(-0.25D), timestamp_seconds(1234567890123L);
SELECT make_date(2021, 2, 28), make_date(1, 1, 1), make_date(9999, 12, 31), make_date(NULL, 1, 1);
SELECT make_date(2021, 2, 30);
SELECT make_timestamp(2021, 2, 28, 1, 2, 3.5), make_timestamp(2021, 12, 31, 23, 59, 59.999999), make_timestamp_ntz(2021, 2, 28, 1, 2, 3), make_timestamp_ltz(2021, 2, 28, 1, 2, 3), make_timestamp(NULL, 1, 1, 1, 1, 1), make_timestamp(2021, 2, 28, 1, 2, 60);
SELECT make_timestamp(2021, 2, 30, 0, 0, 0);
SELECT make_timestamp(2021, 2, 3, 24, 0, 0);
-- refused
SELECT make_timestamp(2021, 2, 3, 1, 2, 3, 'Europe/Zurich'), make_timestamp(2021, 7, 3, 1, 2, 3, 'UTC');
SELECT make_ym_interval(1, 2), make_ym_interval(-1, 2), make_dt_interval(1, 2, 3, 4.5), make_dt_interval(0, 0, 0, -1.25), make_ym_interval(), make_dt_interval(1);
SELECT id, timestampdiff(DAY, n, ts), timestampdiff(MONTH, TIMESTAMP '2020-01-31 00:00:00', ts), timestampdiff(HOUR, TIMESTAMP '2020-01-01 00:00:00', ts), timestampadd(MONTH, 1, ts), timestampadd(HOUR, -25, ts), dateadd(DAY, 3, d), datediff(WEEK, DATE '2020-01-01', d) FROM times WHERE id NOT IN (3, 4);
SELECT id, ts + INTERVAL 1 DAY, ts - INTERVAL '1 02:03:04' DAY TO SECOND, d + INTERVAL 1 MONTH, d - INTERVAL 1 YEAR, n + INTERVAL '1-2' YEAR TO MONTH, d + INTERVAL 1 DAY FROM times WHERE id NOT IN (3, 4);
SELECT id, d - DATE '2020-01-01', ts - TIMESTAMP '2020-01-01 00:00:00', n - n FROM times;
SELECT INTERVAL 1 DAY + INTERVAL 2 HOURS, INTERVAL 1 MONTH + INTERVAL 1 YEAR, INTERVAL 3 DAYS - INTERVAL 1 HOUR, -INTERVAL 1 DAY, INTERVAL 1 YEAR - INTERVAL 3 MONTH;
SELECT INTERVAL 1 DAY * 2, 3 * INTERVAL 1 MONTH, INTERVAL 1 DAY / 2, INTERVAL 10 DAYS * 1.5, INTERVAL 1 MONTH * 2.5D;
SELECT id, id * INTERVAL 1 DAY, d + id * INTERVAL 1 DAY, ts + make_dt_interval(id) FROM times WHERE id < 3;
SELECT INTERVAL 1 DAY > INTERVAL 23 HOURS, INTERVAL 12 MONTHS = INTERVAL 1 YEAR, extract(DAY FROM INTERVAL '1 02:03:04' DAY TO SECOND), extract(HOUR FROM INTERVAL '1 02:03:04' DAY TO SECOND), extract(MONTH FROM INTERVAL '1-2' YEAR TO MONTH);
SELECT id, extract(DAY FROM ts - TIMESTAMP '2020-01-01 00:00:00'), extract(HOUR FROM ts - n), extract(MINUTE FROM ts - n), extract(SECOND FROM ts - n) FROM times;
SELECT cast(INTERVAL 1 DAY AS string), cast(INTERVAL 90 MINUTES AS string), cast(INTERVAL '1-2' YEAR TO MONTH AS string), cast(INTERVAL 3 DAYS AS int), abs(INTERVAL -1 DAY), sign(INTERVAL -1 DAY);
SELECT id, months_between(ts, n), months_between(d, DATE '2020-01-31'), months_between(ts, n, false), months_between(d, DATE '2019-02-28') FROM times;
SELECT id, from_utc_timestamp(ts, 'Asia/Tokyo'), to_utc_timestamp(ts, 'Asia/Tokyo'), from_utc_timestamp(ts, 'America/New_York'), to_utc_timestamp(ts, 'Europe/Zurich') FROM times WHERE id IN (1, 6, 7, 8);
-- refused
SELECT from_utc_timestamp(TIMESTAMP '2021-03-28 01:30:00', 'Europe/Zurich'), to_utc_timestamp(TIMESTAMP '2021-03-28 02:30:00', 'Europe/Zurich'), to_utc_timestamp(TIMESTAMP '2021-10-31 02:30:00', 'Europe/Zurich'), from_utc_timestamp(TIMESTAMP '2021-10-31 01:30:00', '+05:30'), from_utc_timestamp('2021-01-01', 'UTC');
-- refused
SELECT from_utc_timestamp(TIMESTAMP '2021-03-28 01:30:00', 'No/Where');
SELECT convert_timezone('Europe/Zurich', 'America/New_York', TIMESTAMP_NTZ '2021-03-28 12:00:00'), convert_timezone('Asia/Tokyo', TIMESTAMP_NTZ '2021-01-01 00:00:00');
SELECT id, cast(ts AS date), cast(d AS timestamp), cast(ts AS bigint), cast(n AS string), cast(ts AS double) FROM times;
SELECT id, date_diff(ts, n), datediff(n, d), date_sub(ts, 3), add_months(ts, 1) FROM times WHERE id NOT IN (3, 4);
SELECT next_day(DATE '2021-03-04', 'TU'), next_day(DATE '2021-03-04', 'thursday'), next_day(NULL, 'Mon');
SELECT next_day(DATE '2021-03-04', 'xx');
-- refused
SELECT DATE '2021-03-04' + INTERVAL 1 DAY, DATE '2021-03-04' + INTERVAL 2 HOURS, DATE '2020-02-29' + INTERVAL 1 YEAR, TIMESTAMP '2021-03-04 00:00:00' - DATE '2021-03-01', '2021-03-04' + INTERVAL 1 DAY;
-- refused
SELECT DATE '2021-03-04' + INTERVAL 1 MONTH 2 DAYS;
-- refused
SELECT window_time(w) FROM (SELECT window(ts, '1 hour') w FROM events LIMIT 1);
SELECT current_date() = current_date, now() = current_timestamp(), curdate() <= DATE '2999-01-01', unix_timestamp() > 0, localtimestamp() > TIMESTAMP_NTZ '2020-01-01 00:00:00';

SELECT get_json_object('{"a":{"b":[1,2,{"c":"x"}]},"d":null,"e":"q\\"s"}', '$.a.b[2].c'), get_json_object('{"a":{"b":[1,2]}}', '$.a'), get_json_object('{"a":1.50}', '$.a'), get_json_object('{"a":null}', '$.a'), get_json_object('{"a":true}', '$.a'), get_json_object('nonsense', '$.a'), get_json_object('{"a":"x"}', '$.b'), get_json_object('{"a":"x"}', 'a');
SELECT get_json_object('[1,{"k":"v"}]', '$[1].k'), get_json_object('[1,2]', '$'), get_json_object('{"a":[{"b":1},{"b":2}]}', '$.a[*].b'), get_json_object('{"a b":1}', "$['a b']"), get_json_object('{"a":"\\u00e9\\n"}', '$.a'), get_json_object('{"a": 1e3, "b": 12345678901234567890}', '$.b');
SELECT json_array_length('[1,2,[3]]'), json_array_length('{}'), json_array_length('x'), json_array_length('[]'), json_array_length(NULL);

SELECT dept, count_if(pay > 4000), bool_and(pay > 1000), bool_or(pay > 5000), every(boss = 1), some(boss = 1), any(boss IS NULL) FROM people GROUP BY dept;
SELECT dept, min_by(name, pay), max_by(name, hired), max(name), min(hired), any_value(dept), first(dept), last(dept) FROM people GROUP BY dept;
SELECT e, stddev(n), stddev_samp(n), stddev_pop(n), var_pop(n), var_samp(n), variance(n), std(n) FROM events GROUP BY e;
SELECT e, skewness(n), kurtosis(n), skewness(v), kurtosis(v) FROM events GROUP BY e;
SELECT skewness(d), kurtosis(d) FROM numbers WHERE id IN (1, 8, 9);
SELECT skewness(i), kurtosis(i) FROM numbers WHERE id = 4;
SELECT skewness(1), kurtosis(1);
SELECT e, corr(n, src), covar_pop(n, src), covar_samp(n, src) FROM events GROUP BY e;
SELECT e, regr_count(v, n), regr_avgx(v, n), regr_avgy(v, n), regr_sxx(v, n), regr_syy(v, n), regr_sxy(v, n) FROM events WHERE v = v AND NOT isnan(v) GROUP BY e;
SELECT e, regr_slope(v, n), regr_intercept(v, n), regr_r2(v, n) FROM events WHERE NOT isnan(v) GROUP BY e;
SELECT regr_slope(1, 1), regr_intercept(1, 1), regr_r2(1, 1), regr_count(1, NULL);
SELECT e, bit_and(n), bit_or(n), bit_xor(n), bit_and(cast(n AS bigint)) FROM events GROUP BY e;
SELECT bit_and(b), bit_or(s), bit_xor(l), bit_xor(i) FROM numbers;
SELECT bit_and(i), bit_or(i), bit_xor(i) FROM numbers WHERE id = 4;
SELECT e, median(n), median(v), percentile(n, 0.25), percentile(n, 0.5), percentile(n, 1), percentile(v, 0.9D) FROM events GROUP BY e;
SELECT percentile(i, 0), percentile(l, 0.75), percentile(f, 0.5), percentile(m, 0.5) FROM numbers WHERE id NOT IN (2, 3);
-- refused
SELECT percentile(n, 1.5) FROM events;
SELECT median(m), median(pay) FROM numbers CROSS JOIN people;
SELECT e, percentile_cont(0.5) WITHIN GROUP (ORDER BY n), percentile_disc(0.5) WITHIN GROUP (ORDER BY n) FROM events GROUP BY e;
SELECT percentile_cont(0.25) WITHIN GROUP (ORDER BY n DESC), percentile_disc(0.25) WITHIN GROUP (ORDER BY n DESC) FROM events;
SELECT e, mode(src), mode(dept) FROM events CROSS JOIN (SELECT 'x' dept) GROUP BY e;
SELECT mode(floor), mode(title) FROM departments WHERE floor = 1;
SELECT e, approx_count_distinct(n), approx_count_distinct(v), approx_count_distinct(src), approx_count_distinct(ts) FROM events GROUP BY e;
SELECT approx_count_distinct(t), approx_count_distinct(u), approx_count_distinct(id), approx_count_distinct(x) FROM texts;
SELECT approx_count_distinct(i), approx_count_distinct(d), approx_count_distinct(m), approx_count_distinct(w), approx_count_distinct(f), approx_count_distinct(b), approx_count_distinct(NULL) FROM numbers;
-- refused
SELECT approx_count_distinct(a.n * 1000 + b.n * 37 + a.src * c.n), approx_count_distinct(concat(a.ts, b.ts)), approx_count_distinct(a.n * 1000 + b.n * 37, 0.01) FROM events a CROSS JOIN events b CROSS JOIN events c;
SELECT e, percentile_approx(n, 0.5), approx_percentile(n, 0.9, 100), percentile_approx(v, 0.25) FROM events GROUP BY e;
-- refused
SELECT percentile_approx(i, 0.5), percentile_approx(l, 0.5), percentile_approx(m, 0.5), percentile_approx(d, 0.0), percentile_approx(f, 1.0) FROM numbers WHERE id NOT IN (2, 3, 5);
-- refused
SELECT percentile_approx(d, 0.5), percentile_approx(ts, 0.5), percentile_approx(n, 0.5) FROM times;
SELECT e, try_sum(n), try_avg(n), try_sum(v), try_avg(v) FROM events WHERE v = v GROUP BY e;
SELECT try_sum(l), try_sum(i), try_sum(m), try_avg(m), try_avg(l) FROM numbers;
SELECT try_sum(l * 0 + 9223372036854775807), sum(l * 0) FROM numbers;
SELECT try_sum(w), try_avg(w) FROM (SELECT cast(99999999999999999999999999999999999999 AS decimal(38,0)) w FROM people);
SELECT sum(w) FROM (SELECT cast(99999999999999999999999999999999999999 AS decimal(38,0)) w FROM people);
SELECT dept, string_agg(name, ',') FROM people WHERE pay = 4000.50 GROUP BY dept;
SELECT listagg(name, ',') WITHIN GROUP (ORDER BY name), listagg(name) WITHIN GROUP (ORDER BY name DESC), string_agg(dept, '+') WITHIN GROUP (ORDER BY dept) FROM people;
-- refused
SELECT dept, listagg(DISTINCT name, '/') WITHIN GROUP (ORDER BY name) FROM people GROUP BY dept;
SELECT sum(d), avg(d) FROM numbers WHERE id IN (1, 8, 9);
SELECT sum(DISTINCT n), avg(DISTINCT n), count(DISTINCT n, src), max(v), min(v) FROM events;
SELECT e, sum(n) FILTER (WHERE src = 1), count_if(v > 0), stddev(n) FILTER (WHERE src = 0), skewness(n) FILTER (WHERE src = 0) FROM events GROUP BY e;
SELECT e, n, bit_or(n) OVER (PARTITION BY e ORDER BY n, ts), kurtosis(n) OVER (PARTITION BY e ORDER BY n, ts), percentile(n, 0.5) OVER (PARTITION BY e) FROM events;
-- refused
SELECT e, histogram_numeric(n, 3) FROM events GROUP BY e;
-- refused
SELECT rand(), randn(), uuid(), random();
SELECT percentile(x, 0.37D), percentile(x, 0.1D), percentile(x, 0.9D), percentile(x, 0.33D), percentile(x, 0.75D), percentile(x, 0.999D), percentile(x, 0.01D), median(x), percentile_approx(x, 0.37D), percentile_approx(x, 0.1D), percentile_approx(x, 0.9D), percentile_approx(x, 0.33D), percentile_approx(x, 0.75D), percentile_approx(x, 0.999D), percentile_approx(x, 0.01D), percentile_approx(x, 0.5, 1000), skewness(x), kurtosis(x), approx_count_distinct(x) FROM VALUES (-25.588028844760043D), (-22.97254823420254D) AS v(x);
SELECT percentile(x, 0.37D), percentile(x, 0.1D), percentile(x, 0.9D), percentile(x, 0.33D), percentile(x, 0.75D), percentile(x, 0.999D), percentile(x, 0.01D), median(x), percentile_approx(x, 0.37D), percentile_approx(x, 0.1D), percentile_approx(x, 0.9D), percentile_approx(x, 0.33D), percentile_approx(x, 0.75D), percentile_approx(x, 0.999D), percentile_approx(x, 0.01D), percentile_approx(x, 0.5, 1000), skewness(x), kurtosis(x), approx_count_distinct(x) FROM VALUES (-34.796746999792674D), (23.872362890742913D), (0.9762551055929201D) AS v(x);
SELECT percentile(x, 0.37D), percentile(x, 0.1D), percentile(x, 0.9D), percentile(x, 0.33D), percentile(x, 0.75D), percentile(x, 0.999D), percentile(x, 0.01D), median(x), percentile_approx(x, 0.37D), percentile_approx(x, 0.1D), percentile_approx(x, 0.9D), percentile_approx(x, 0.33D), percentile_approx(x, 0.75D), percentile_approx(x, 0.999D), percentile_approx(x, 0.01D), percentile_approx(x, 0.5, 1000), skewness(x), kurtosis(x), approx_count_distinct(x) FROM VALUES (0.11779223807836836D), (103.79467163071752D), (8.0D), (-1103133.4306922245D), (629519.11875082D) AS v(x);
SELECT percentile(x, 0.37D), percentile(x, 0.1D), percentile(x, 0.9D), percentile(x, 0.33D), percentile(x, 0.75D), percentile(x, 0.999D), percentile(x, 0.01D), median(x), percentile_approx(x, 0.37D), percentile_approx(x, 0.1D), percentile_approx(x, 0.9D), percentile_approx(x, 0.33D), percentile_approx(x, 0.75D), percentile_approx(x, 0.999D), percentile_approx(x, 0.01D), percentile_approx(x, 0.5, 1000), skewness(x), kurtosis(x), approx_count_distinct(x) FROM VALUES (-201.43638247102632D), (-5.0D), (1208149.3555397945D), (-49.81184929868394D), (128.8837543075987D), (-854783.0547488073D), (-2042665.2120335659D), (0.058954419331310404D) AS v(x);
SELECT percentile(x, 0.37D), percentile(x, 0.1D), percentile(x, 0.9D), percentile(x, 0.33D), percentile(x, 0.75D), percentile(x, 0.999D), percentile(x, 0.01D), median(x), percentile_approx(x, 0.37D), percentile_approx(x, 0.1D), percentile_approx(x, 0.9D), percentile_approx(x, 0.33D), percentile_approx(x, 0.75D), percentile_approx(x, 0.999D), percentile_approx(x, 0.01D), percentile_approx(x, 0.5, 1000), skewness(x), kurtosis(x), approx_count_distinct(x) FROM VALUES (-7.358327046063813D), (-5.0D), (2.0D), (0.17621772849037032D), (188.05389007080453D), (0.6098124352569969D), (-8.0D), (8.0D), (-80.26886807696378D), (2691668.460990145D), (-37.47588151753904D), (-3.0D), (2.0D), (5.0D), (42970.20456452624D), (205541.47076922897D), (996757.8123956926D), (-268676.4119232843D), (-511045.1045816549D), (0.7883992641041133D), (7.0D) AS v(x);
SELECT percentile(x, 0.37D), percentile(x, 0.1D), percentile(x, 0.9D), percentile(x, 0.33D), percentile(x, 0.75D), percentile(x, 0.999D), percentile(x, 0.01D), median(x), percentile_approx(x, 0.37D), percentile_approx(x, 0.1D), percentile_approx(x, 0.9D), percentile_approx(x, 0.33D), percentile_approx(x, 0.75D), percentile_approx(x, 0.999D), percentile_approx(x, 0.01D), percentile_approx(x, 0.5, 1000), skewness(x), kurtosis(x), approx_count_distinct(x) FROM VALUES (-1.0D), (1533256.0594607464D), (-2.0D), (-9.0D), (-6.0D), (-4.0D), (3.0D), (0.7247986656342152D), (-5.0D), (-51.11066609802529D), (0.6496746696738306D), (-185.392318210912D), (832624.0130700854D), (2.0D), (0.5167608366953452D), (0.01870486790542003D), (-5.0D), (7.0D), (0.5602961335839522D), (-28.95449101405813D), (0.44324839357743884D), (0.5332854375791709D), (0.9421805883035757D), (-458582.21050920436D), (66.62366416423052D), (0.7161198827881962D), (-6.0D), (0.6678329693708172D), (0.40380975111660466D), (1.0D), (-17.78228586297304D), (169.97483380326682D), (0.7789974300678922D), (-1.0D), (132.5572315677972D), (1763164.3216603068D), (0.8016285915713898D), (1.0D), (0.12922479989532887D), (0.2618952918826022D), (-581286.5906051928D), (499824.6542835716D), (-3.0D), (4.0D), (0.97031239797686D), (-5.0D), (282.6024691676891D), (-145.15894289882797D), (0.5059429084550089D), (-1.0D), (21658.799790300218D), (0.30954791767795276D), (0.474643627397186D), (0.09085169631368428D), (0.022494146970257534D), (-5.0D), (0.4941907536198433D), (0.8919423558785111D), (0.5684794994811534D), (-6.0D) AS v(x);
SELECT percentile(d, 0.5), median(d), percentile(d, 0.25D), percentile(f, 0.75), percentile_approx(d, 0.5), percentile_approx(f, 0.3) FROM numbers;
SELECT percentile(m, 0.3), percentile(m, 0.77D), median(m) FROM numbers;
SELECT x, format_number(x, 0), format_number(x, 1), format_number(x, 2), format_number(x, 5), format_number(x, 18), hash(x), xxhash64(x), width_bucket(x, -100D, 100D, 7), rint(x) FROM VALUES (0.6277671085211685D), (-8.12998538013968D), (-19.945796605063535D), (-2.0D), (-98.13026676215107D), (-962140.0423769424D), (0.30441713795923253D), (0.268772765789248D), (5.0D), (105436.8851432282D), (232.42977519477236D), (-1.0D), (60.246564395093635D), (947375.4290440488D), (6.0D), (5.0D), (-17.658921075648415D), (3.1707898495161286D), (-243439.91422480543D), (-69.40045918499919D), (811482.623609429D), (0.2856231900674364D), (2.0D), (0.630895803869081D), (0.7323524684524984D), (0.04897690498758278D), (909613.9545591D), (-61.39248245875824D), (0.2078725211367367D), (0.7592478577044639D), (-71.46337676687587D), (-40.42188157259839D), (0.4138835724133293D), (634916.3866431954D), (83.20312822570031D), (5.0D), (0.8728909862640528D), (6.0D), (7.0D), (0.109045998929444D), (-149.89720622589368D), (-26.933205055094007D), (-1.0D), (0.07035190835855365D), (460054.99319154763D), (-2.0D), (-206839.6455008173D), (61.77115158077977D), (-2.0D), (0.42055684598028575D), (0.8451497219866394D), (0.7658571065962649D), (-6.0D), (0.48505273772052726D), (-5.0D), (33.367271846183414D), (-4.0D), (294161.10915510746D), (169971.2217890409D), (-3.0D), (-115.29131831969302D), (0.37271438942498736D), (0.47453434042842724D), (-8.0D), (861304.5728660092D), (685080.6537515448D), (-3.423146790889451D), (-23.906604216405437D), (5.0D), (-5.0D), (0.7384880133220164D), (0.3618584408151584D), (-8.0D), (-83.9840437508424D), (6.0D), (24.787182534900737D), (-819770.1517278292D), (0.43939776157907484D), (809510.0960616497D), (0.24594922741744296D) AS v(x);
SELECT x, format_number(x, 2), format_number(x, 0) FROM VALUES (0.5D), (1.5D), (0.125D), (0.375D), (-0.125D), (0.005D), (1e-7D), (999999.995D), (999.9999D), (123456789012.345D), (0.045D), (2.675D), (1.115D) AS v(x);
SELECT id, format_number(m, 0), format_number(m, 1), format_number(m, 3), format_number(w, 4), format_number(b, 2) FROM numbers;
-- refused
SELECT format_number(NULL, 2), format_number(1.5D, NULL), format_number(cast('NaN' AS double), 2), format_number(cast('Infinity' AS double), 2), format_number(cast('-Infinity' AS double), 1);
SELECT percentile_approx(d, 0.5), percentile_approx(d, 0.2) FROM times;
SELECT hash(w), xxhash64(w), hash(cast(id * 1000000 AS decimal(20,2))), xxhash64(cast(-id AS decimal(38,0))), hash(cast(id * 128 AS decimal(19,0))) FROM numbers;
SELECT approx_count_distinct(a.n * 10 + b.n), approx_count_distinct(a.v + b.n), approx_count_distinct(concat(a.n, b.n)) FROM events a CROSS JOIN events b;
SELECT approx_count_distinct(a.id * 100 + b.id), approx_count_distinct(concat(a.t, b.t)) FROM texts a CROSS JOIN texts b;
SELECT id, try_add(i, NULL), try_divide(m, 0), try_divide(w, m), try_multiply(m, 2), try_add(m, i), try_mod(m, 0.7), try_subtract(f, d), try_add(i, 2.5) FROM numbers;
SELECT try_add(127Y, 1Y), try_subtract(-128Y, 1Y), try_multiply(100S, 1000S), try_divide(1, 0), try_divide(7, 2), try_divide(1D, 0D), try_mod(5, 0), try_mod(-5, 3);
SELECT try_add(i / 0, 1) FROM numbers;
-- refused
SELECT dept, mode(name), mode(pay) FROM people WHERE id IN (3, 6) GROUP BY dept;
SELECT mode(n), mode(src), mode(e) FROM events WHERE n <> 9 AND src = 1 AND e = 1;
SELECT count_if(i > 1), bit_or(i) FILTER (WHERE i > 0), bit_xor(DISTINCT i), regr_slope(i, s), regr_r2(d, f), regr_r2(1, i), regr_r2(i, 1) FROM numbers WHERE id IN (6, 7, 8, 9);
SELECT id, conv(t, 10, 16), conv(t, 36, 10), soundex(u), find_in_set(u, t), bit_length(u), typeof(t || u), btrim(t, u), levenshtein(t, u, 3) FROM texts;
SELECT id, from_utc_timestamp(ts, 'America/Sao_Paulo'), to_utc_timestamp(ts, 'Australia/Lord_Howe'), from_utc_timestamp(ts, 'UTC') FROM times WHERE id IN (1, 6, 7, 8);
SELECT make_timestamp(y, m, d, 0, 0, 0) FROM VALUES (2021, 1, 31), (2024, 2, 29), (1, 1, 1), (9999, 12, 31), (1582, 10, 10), (NULL, 1, 1) AS v(y, m, d);
SELECT try_to_date(t, 'yyyy-MM-dd'), try_to_timestamp(t), try_to_date(t), try_to_timestamp(t, 'yyyy-MM-dd') FROM texts;
SELECT id, decode(t, u, 1, 'hello', 2.5, 0), decode(i, 1, 'a', NULL, 'null', 7, 'b', 'z'), zeroifnull(b), zeroifnull(l), zeroifnull(f), nullifzero(b), nullifzero(w) FROM texts JOIN numbers USING (id);
SELECT id, regexp_count(t, ''), regexp_count(t, 'a*'), regexp_substr(t, 'x?'), regexp_substr(t, '\\d+') FROM texts WHERE id <> 4;
SELECT url_encode('\u00e9\U0001F600 /?&=%+'), url_decode('%'), url_decode('%4'), url_decode('a%41b');
SELECT try_url_decode('%'), try_url_decode('%4'), url_decode('a%41b'), url_decode('100%25');
SELECT dept, skewness(pay), kurtosis(pay), percentile(pay, 0.9), approx_count_distinct(pay), try_avg(pay), try_sum(pay), bit_and(id), regr_count(pay, id), regr_sxy(pay, id) FROM people GROUP BY dept;
SELECT id, format_string('%s|%5s|%-5s|%d', t, u, u, id), printf('%05d', id), format_string('%s-%s', id, u), encode(t, 'utf-8') FROM texts;
SELECT x, format_string('%.2f|%f|%10.3f|%-10.1f|%08.2f|%,.2f|%.0f', x, x, x, x, x, x, x) FROM VALUES (0.5D), (1.5D), (2.5D), (0.125D), (-0.125D), (0.005D), (1e-7D), (999999.995D), (-999.9999D), (123456789012.345D), (0.045D), (2.675D), (1.115D), (-0.0D), (0D), (NULL) AS v(x) WHERE x IS NOT NULL;
SELECT format_string('%d%%, %,d, %,d, %3d|%-4d|%06d', 5, 1234567, -1234567, 7, -7, -42), format_string('no values'), printf('%s and %s', 'a', 2), format_string('%5d|%s', cast(NULL AS int), cast(NULL AS string)), format_string('%3s|%-3s|', '\u00e9', '\U0001F600');
SELECT id, format_string('%d %,d %20d', l, l, l), format_string('%s', t) FROM numbers JOIN texts USING (id);
SELECT approx_count_distinct(a.id * 1000 + b.id * 40 + c.n) FROM texts a CROSS JOIN texts b CROSS JOIN events c;
SELECT approx_count_distinct(concat(a.id, b.t, c.n, d.n)), approx_count_distinct(a.id * 100000 + b.id * 4000 + c.n * 200 + d.n), approx_count_distinct(a.id * 3000 + b.id * 40 + c.n) FROM texts a CROSS JOIN texts b CROSS JOIN events c CROSS JOIN events d;
SELECT c.n, approx_count_distinct(a.id * 41 + b.id), approx_count_distinct(a.id * 50 + b.id * 7 + d.n), approx_count_distinct(a.id * b.id + d.n * 100), approx_count_distinct(a.id * 500 + b.id * 30 + d.n + c.n) FROM texts a CROSS JOIN texts b CROSS JOIN events c CROSS JOIN events d GROUP BY c.n;
SELECT k, approx_count_distinct(x), approx_count_distinct(x * 7919), approx_count_distinct(concat('v', x)), approx_count_distinct(x * 0.5D) FROM (SELECT a.id * 196 + b.id * 14 + c.id AS x FROM texts a CROSS JOIN texts b CROSS JOIN texts c) CROSS JOIN VALUES (250), (300), (350), (380), (420), (480), (550), (620), (700), (800), (900), (1000), (1050), (1100), (1150), (1200), (1250), (1300), (1400), (1500), (1600), (1800), (2000), (2200), (2400), (2600), (2800), (3000) AS v(k) WHERE x < k GROUP BY k;
SELECT to_date('Mar 4, 2021', 'MMM d, yyyy'), to_date('4 march 2021', 'd MMMM yyyy'), to_date('04-MAY-2021', 'dd-MMM-yyyy'), to_timestamp('2021-03-04 05:06:07 PM', 'yyyy-MM-dd hh:mm:ss a'), to_timestamp('2021-03-04 12:06 AM', 'yyyy-MM-dd hh:mm a'), to_timestamp('2021-03-04 12:06pm', 'yyyy-MM-dd hh:mma'), to_timestamp('Sep 5 2021 1:02 am', 'MMM d yyyy h:mm a');
SELECT x, try_to_date(x, 'dd MMM yyyy'), try_to_date(x, 'd MMMM yyyy'), try_to_timestamp(x, 'd MMM yyyy hh a') FROM VALUES ('01 Jan 2020'), ('1 January 2020'), ('01 Sept 2020'), ('01 Sep 2020'), ('1 May 2020'), ('01 JUNE 2020'), ('31 Feb 2020'), ('1 Jan 2020 00 AM'), ('1 Jan 2020 13 PM'), ('1 Jan 2020 12 PM'), ('1 Jan 2020 12 AM'), ('1 Jan 2020 1 AM'), ('1 dec 2020 01 pM'), ('01 Ja 2020'), (''), ('01 Jan 20'), ('1 Jan 2020 01 P') AS v(x);
SELECT unix_timestamp('05:06 PM', 'hh:mm a'), to_date('2021 May', 'yyyy MMM'), unix_timestamp('Jul 2021', 'MMM yyyy');
SELECT to_timestamp('2021-03-04 13:06 PM', 'yyyy-MM-dd hh:mm a');
SELECT to_date('04-Foo-2021', 'dd-MMM-yyyy');
