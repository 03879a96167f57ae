SELECT CAST('12' AS INT), CAST(' 12 ' AS INT), CAST('1.5' AS DOUBLE), CAST('1e3' AS DOUBLE), CAST('12.345' AS DECIMAL(10,2));

SELECT try_cast('abc' AS INT), try_cast('' AS INT), try_cast('1.9' AS INT), try_cast('99999999999' AS INT), try_cast(' -7' AS BIGINT);

SELECT CAST('abc' AS INT);

SELECT CAST('' AS DOUBLE);

SELECT CAST('1.5' AS INT);

SELECT CAST(3.99 AS INT), CAST(-3.99 AS INT), CAST(3.5D AS BIGINT), CAST(true AS INT), CAST(0 AS BOOLEAN), CAST(2 AS BOOLEAN);

SELECT CAST('yes' AS BOOLEAN), CAST('N' AS BOOLEAN), CAST('t' AS BOOLEAN), CAST('0' AS BOOLEAN), CAST(' TRUE ' AS BOOLEAN);

SELECT try_cast('maybe' AS BOOLEAN), try_cast('on' AS BOOLEAN), try_cast('' AS BOOLEAN);

SELECT CAST('maybe' AS BOOLEAN);

SELECT CAST('2024-01-15' AS DATE), CAST('2024-1-5' AS DATE), CAST('2024-01' AS DATE), CAST('2024' AS DATE), CAST('2024-01-15 10:00:00' AS DATE);

SELECT try_cast('2024-02-30' AS DATE), try_cast('15/01/2024' AS DATE), try_cast('20240115' AS DATE), try_cast('' AS DATE);

SELECT CAST('2024-02-30' AS DATE);

SELECT CAST('2024-01-15T10:20:30Z' AS TIMESTAMP), CAST('2024-01-15 10:20:30.123456' AS TIMESTAMP), CAST('2024-01-15 10:20:30+02:00' AS TIMESTAMP), CAST('2024-01-15' AS TIMESTAMP);

SELECT try_cast('2024-01-15 25:00:00' AS TIMESTAMP), try_cast('2024-01-15 10:20' AS TIMESTAMP), try_cast('2024-01-15 10:20:30 America/New_York' AS TIMESTAMP);

SELECT CAST(1700000000 AS TIMESTAMP), CAST(TIMESTAMP '2024-01-15 10:20:30.9' AS BIGINT), CAST(TIMESTAMP '2024-01-15 10:20:30.5' AS DOUBLE);

SELECT CAST(123456789.987 AS DECIMAL(12,1)), CAST(1.005 AS DECIMAL(5,2)), CAST(0.1 + 0.2 AS STRING), 0.1D + 0.2D;

SELECT CAST(12345.678 AS DECIMAL(6,2));

SELECT try_cast(12345.678 AS DECIMAL(6,2)), try_cast(300 AS TINYINT), try_cast(70000 AS SMALLINT);

SELECT CAST(300 AS TINYINT);

SELECT '12'::INT + 1, '2024-01-01'::DATE, 1::STRING || 'x', '3.5'::DOUBLE * 2;

SELECT INT('7'), DOUBLE('1.25'), STRING(12), DATE('2024-03-01'), TIMESTAMP('2024-03-01 01:02:03'), BOOLEAN('true'), BIGINT('9'), DECIMAL('12.5');

SELECT id, CAST(t AS INT) FROM texts WHERE id = 10;

SELECT id, try_cast(t AS INT) AS n, try_cast(t AS DOUBLE) AS d, try_cast(t AS DATE) AS dt FROM texts;

SELECT id, CAST(b AS STRING), CAST(l AS STRING), CAST(m AS STRING), CAST(w AS STRING), CAST(d AS STRING), CAST(f AS STRING) FROM numbers;

SELECT id, CAST(m AS INT), CAST(m AS DOUBLE), CAST(i AS DECIMAL(12,2)) FROM numbers;

SELECT id, CAST(d AS INT) FROM numbers;

SELECT id, try_cast(d AS INT), try_cast(l AS INT), try_cast(w AS BIGINT) FROM numbers;

SELECT id, CAST(l AS INT) FROM numbers;

SELECT trim('  a b '), ltrim('  a'), rtrim('a  '), btrim('  x '), trim(BOTH 'x' FROM 'xxaxx'), trim(LEADING '0' FROM '00120'), trim(TRAILING '.' FROM '1.50..');

SELECT ltrim('0', '000123'), rtrim('0', '1.500'), btrim('--a-b--', '-'), trim('ab' FROM 'abcba');

SELECT upper(trim(' abc ')), lower('ÀÉ'), initcap('john o''neil SMITH-jones'), length('  é '), char_length('abc'), octet_length('é'), bit_length('a');

SELECT regexp_extract('order-12345-x', '(\\d+)', 1), regexp_extract('no digits', '(\\d+)', 1), regexp_extract('a1b22', '([a-z])(\\d+)', 2), regexp_extract('a1b22', '[a-z]\\d+', 0);

SELECT regexp_extract('abc', '(a)(b)', 3);

SELECT regexp_extract_all('a1b22c333', '(\\d+)', 1), regexp_extract_all('a1,b2', '([a-z])(\\d)', 2), regexp_extract_all('none', '\\d', 0);

SELECT regexp_replace('(555) 123-4567', '[^0-9]', ''), regexp_replace('a  b   c', '\\s+', ' '), regexp_replace('John Smith', '(\\w+) (\\w+)', '$2, $1');

SELECT regexp_replace(r'a\b', r'\\', '/'), regexp_replace('2024/01/15', '(\\d{4})/(\\d{2})/(\\d{2})', '$1-$2-$3'), regexp_replace('aaa', 'a', 'b', 2);

SELECT regexp_count('a1b2c3', '\\d'), regexp_instr('abc123', '\\d'), regexp_substr('abc123def', '\\d+'), regexp_substr('abc', '\\d+'), regexp_like('abc123', '^[a-z]+\\d+$');

SELECT 'user@example.com' RLIKE '^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}$' AS ok, 'bad@' RLIKE '^[^@]+@[^@]+$' AS bad;

SELECT split('a,b,,c', ','), split('a1b2c3', '[0-9]'), split('a,b,c,d', ',', 2), split('', ','), split('abc', '');

SELECT split('a.b.c', '\\.')[1], split('a|b', '\\|')[0], size(split('x y  z', ' ')), element_at(split('a/b/c', '/'), -1);

SELECT split_part('a-b-c', '-', 2), split_part('a-b-c', '-', -1), split_part('a-b-c', '-', 9), split_part('a', '-', 1);

SELECT split_part('a-b', '-', 0);

SELECT id, regexp_replace(t, '[^A-Za-z ]', '') AS letters, regexp_extract(t, '(\\w+)', 1) AS first_word, t RLIKE '\\d' AS has_digit FROM texts;

SELECT id FROM texts WHERE id IN (1, 6, 10, 14);

SELECT t RLIKE u AS m FROM texts WHERE id IN (1, 6, 10, 14);

SELECT id FROM texts WHERE id IN (1, 6, 10, 14);

SELECT regexp_replace(t, u, '#') FROM texts WHERE id IN (1, 6, 10, 14);

SELECT id FROM texts WHERE id IN (1, 6, 10, 14);

SELECT split(t, u) FROM texts WHERE id IN (1, 6, 10, 14);

SELECT substring('abcdef', 2, 3), substr('abcdef', -3), substring('abcdef' FROM 2 FOR 2), left('abc', 2), right('abc', 2), substring_index('a.b.c', '.', 2), substring_index('a.b.c', '.', -1);

SELECT lpad('7', 3, '0'), rpad('ab', 5, '.'), lpad('12345', 3, '0'), repeat('ab', 3), reverse('abc'), space(2) || '|', lpad('x', 4);

SELECT instr('hello', 'l'), locate('l', 'hello'), locate('l', 'hello', 4), position('o' IN 'hello'), position('z', 'hello'), charindex('e', 'hello'), find_in_set('b', 'a,b,c');

SELECT translate('a-b_c', '-_', '  '), replace('aXbX', 'X', ''), replace('abc', 'b'), overlay('abcdef' PLACING 'ZZ' FROM 3), overlay('abcdef', 'Q', 2, 3);

SELECT concat_ws('-', 'a', NULL, 'b'), concat('a', NULL), concat_ws(',', array('x', NULL, 'y'), 'z'), concat('a', 1, true), concat_ws('|');

SELECT startswith('abc', 'ab'), endswith('abc', 'bc'), contains('abc', 'x'), contains('abc', NULL), 'abc' LIKE 'a%', 'a_c' LIKE 'a\\_c', 'abc' ILIKE 'A%';

SELECT 'abc' LIKE ANY ('x%', 'a%') AS a, 'abc' LIKE ALL ('a%', '%c') AS b, 'abc' NOT LIKE ANY ('a%', 'z%') AS c, 'abc' NOT LIKE ALL ('x%', 'z%') AS d, 'abc' LIKE SOME ('q', 'abc') AS e;

SELECT id, t LIKE ANY ('%l%', '%a%') AS m, t LIKE ALL ('%a%', NULL) AS n, t ILIKE ANY ('H%', 'a%') AS o FROM texts;

SELECT '100%' LIKE '100#%' ESCAPE '#' AS a, 'a/b' LIKE 'a//b' ESCAPE '/' AS b;

SELECT ascii('A'), chr(65), char(97), hex(255), hex('abc'), unhex('616263'), bin(10), conv('ff', 16, 10), conv('255', 10, 16), conv('1010', 2, 10), conv('-1', 10, 16);

SELECT base64('hello'), CAST(unbase64('aGVsbG8=') AS STRING), encode('é', 'UTF-8');

SELECT decode(X'C3A9', 'UTF-8');

-- refused
SELECT decode(encode('abc', 'UTF-16'), 'UTF-16');

SELECT levenshtein('kitten', 'sitting'), levenshtein('', 'abc'), levenshtein('abc', NULL), levenshtein('kitten', 'sitting', 2), soundex('Robert'), soundex('Rupert'), soundex('Tymczak'), soundex('');

SELECT md5('abc'), sha1('abc'), sha('abc'), sha2('abc', 256), sha2('abc', 0), sha2('abc', 512), sha2('abc', 224), sha2('abc', 100), crc32('abc');

SELECT hash('abc'), hash(1), hash(1L), hash(1.5D), hash(NULL), hash('a', 1), xxhash64('abc'), xxhash64(1), xxhash64('a', 1, NULL), hash(true), hash(DATE '2024-01-01'), hash(1.5);

SELECT id, hash(t, u), xxhash64(t), md5(t), crc32(x), sha2(t, 256), pmod(hash(t), 10) AS bucket FROM texts;

SELECT id FROM nested;

-- refused
SELECT hash(a, s) FROM nested;

-- refused
SELECT xxhash64(r) FROM nested;

-- refused
SELECT hash(p) FROM nested;

SELECT parse_url('https://user:pw@www.example.com:8080/path/p.html?q=1&r=two#frag', 'HOST') h, parse_url('https://www.example.com/path?q=1', 'PATH') p, parse_url('https://www.example.com/path?q=1&r=two', 'QUERY') q, parse_url('https://www.example.com/path?q=1&r=two', 'QUERY', 'r') r, parse_url('https://www.example.com/#top', 'REF') f, parse_url('https://user:pw@www.example.com:8080/path', 'AUTHORITY') a, parse_url('https://user:pw@www.example.com/', 'USERINFO') u, parse_url('https://a.b/c?d', 'FILE') fi, parse_url('https://a.b/c', 'PROTOCOL') pr;

-- refused
SELECT parse_url('not a url', 'HOST');

SELECT url_decode('a%20b%2Bc'), url_encode('a b+c/ü'), try_url_decode('%zz');

-- refused
SELECT try_parse_url('not a url', 'HOST');

WITH emails AS (SELECT * FROM VALUES (1, ' Alice@Example.COM '), (2, 'bob.smith+news@mail.example.org'), (3, 'broken@'), (4, NULL), (5, '') AS v(id, raw))
SELECT id, lower(trim(raw)) AS email, nullif(trim(raw), '') AS non_empty, regexp_extract(lower(trim(raw)), '^([^@+]+)', 1) AS local_part,
  split(lower(trim(raw)), '@')[0] AS l2, get(split(trim(raw), '@'), 1) AS domain, raw RLIKE '^\\s*[^@\\s]+@[^@\\s]+\\.[a-zA-Z]{2,}\\s*$' AS valid
FROM emails;

WITH phones AS (SELECT * FROM VALUES (1, '+1 (555) 123-4567'), (2, '555.123.4567'), (3, '5551234567 ext 9'), (4, 'n/a'), (5, NULL) AS v(id, raw)),
d AS (SELECT id, raw, regexp_replace(raw, '[^0-9]', '') AS digits FROM phones)
SELECT id, digits, length(digits) AS n, CASE WHEN length(digits) = 11 AND digits LIKE '1%' THEN substr(digits, 2) WHEN length(digits) >= 10 THEN left(digits, 10) END AS phone,
  concat('(', substr(digits, 1, 3), ') ', substr(digits, 4, 3), '-', right(digits, 4)) AS pretty
FROM d;

WITH logs AS (SELECT * FROM VALUES ('127.0.0.1 - - [10/Oct/2024:13:55:36 +0000] "GET /a.gif HTTP/1.0" 200 2326'), ('bad line') AS v(line))
SELECT regexp_extract(line, '^(\\S+)', 1) AS ip, regexp_extract(line, '\\[([^\\]]+)\\]', 1) AS ts, regexp_extract(line, '"(\\w+) (\\S+) [^"]*"', 1) AS verb,
  regexp_extract(line, '"(\\w+) (\\S+) [^"]*"', 2) AS path, try_cast(regexp_extract(line, '" (\\d{3}) ', 1) AS INT) AS status,
  try_to_timestamp(regexp_extract(line, '\\[([^\\]]+)\\]', 1), 'dd/MMM/yyyy:HH:mm:ss Z') AS at FROM logs;

SELECT to_date('15/01/2024', 'dd/MM/yyyy'), to_date('01-15-24', 'MM-dd-yy'), to_date('Jan 5, 2024', 'MMM d, yyyy'), to_date('20240115', 'yyyyMMdd'), to_date('2024-01-15');

SELECT to_date('15 January 2024', 'd MMMM yyyy'), to_date('2024-015', 'yyyy-DDD');

-- refused
SELECT to_date('Mon, 15 Jan 2024', 'EEE, dd MMM yyyy');

SELECT to_date('2024-13-01', 'yyyy-MM-dd');

SELECT try_to_date('2024-13-01', 'yyyy-MM-dd'), try_to_date('2024-01-05');

SELECT to_timestamp('2024-01-15 10:20:30', 'yyyy-MM-dd HH:mm:ss'), to_timestamp('15/01/2024 10:20 PM', 'dd/MM/yyyy hh:mm a'), to_timestamp('2024-01-15T10:20:30.123Z', "yyyy-MM-dd'T'HH:mm:ss.SSSX"), to_timestamp('2024-01-15 10:20:30+0200', 'yyyy-MM-dd HH:mm:ssZ');

SELECT to_timestamp('20240115102030', 'yyyyMMddHHmmss'), to_timestamp('2024-01-15 10', 'yyyy-MM-dd HH'), to_timestamp('10:20', 'HH:mm');

SELECT to_timestamp('bad', 'yyyy-MM-dd');

SELECT try_to_timestamp('bad', 'yyyy-MM-dd'), try_to_timestamp('2024-01-15'), try_to_timestamp('x');

SELECT to_timestamp('2024-01-15', 'yyyy-MM-dd HH:mm');

SELECT date_format(TIMESTAMP '2024-01-05 14:03:09.123', 'yyyy/MM/dd HH:mm:ss'), date_format(DATE '2024-01-05', 'EEEE, MMMM d, yyyy'), date_format(DATE '2024-01-05', 'EEE MMM dd yy'), date_format(TIMESTAMP '2024-01-05 14:03:09.123', 'h:mm a'), date_format(TIMESTAMP '2024-01-05 14:03:09.123', 'SSS'), date_format(DATE '2024-01-05', 'D'), date_format(DATE '2024-08-05', 'Q');

-- refused
SELECT date_format(DATE '2024-08-05', 'qqq');

-- refused
SELECT date_format(TIMESTAMP '2024-01-05 00:03:09', 'K k H h'), date_format(DATE '2024-01-05', 'u E'), date_format(DATE '2024-01-05', "yyyy'W'"), date_format('2024-01-05', 'yyyyMM'), date_format(DATE '2024-01-05', 'M/d/y');

-- refused
SELECT date_format(DATE '2024-01-05', 'YYYY-ww');

SELECT date_format(TIMESTAMP '2024-01-05 00:03:09', 'yyyy-MM-dd\'T\'HH:mm:ssXXX'), date_format(TIMESTAMP '2024-01-05 00:03:09', 'z'), date_format(TIMESTAMP '2024-01-05 00:03:09', 'VV');

-- refused
SELECT date_format(TIMESTAMP '2024-01-05 00:03:09', 'G F');

SELECT from_unixtime(1700000000), from_unixtime(0, 'yyyy-MM-dd'), unix_timestamp('2024-01-15 10:20:30'), unix_timestamp('15/01/2024', 'dd/MM/yyyy'), to_unix_timestamp('2024-01-15', 'yyyy-MM-dd'), unix_timestamp(DATE '2024-01-15');

SELECT timestamp_seconds(1700000000), timestamp_millis(1700000000123), timestamp_micros(1700000000123456), unix_seconds(TIMESTAMP '2024-01-15 10:20:30'), unix_millis(TIMESTAMP '2024-01-15 10:20:30.5'), unix_micros(TIMESTAMP '2024-01-15 10:20:30.5'), unix_date(DATE '2024-01-15'), date_from_unix_date(19000), timestamp_seconds(1.5);

SELECT months_between(DATE '2024-03-31', DATE '2024-02-29'), months_between('2024-03-15', '2024-01-01'), months_between(TIMESTAMP '2024-03-15 12:00:00', TIMESTAMP '2024-01-01 00:00:00', false), add_months(DATE '2024-01-31', 1), add_months('2024-03-31', -1), last_day('2024-02-10'), next_day('2024-01-15', 'Mon'), next_day('2024-01-15', 'FRIDAY');

SELECT datediff('2024-03-01', '2024-02-01'), datediff(DATE '2024-01-01', TIMESTAMP '2024-01-02 23:00:00'), date_diff('2024-01-02', '2024-01-01'), datediff(DAY, TIMESTAMP '2024-01-01 23:00:00', TIMESTAMP '2024-01-02 22:00:00'), datediff(MONTH, DATE '2024-01-31', DATE '2024-02-29'), timestampdiff(HOUR, TIMESTAMP '2024-01-01 00:00:00', TIMESTAMP '2024-01-02 01:30:00'), datediff(WEEK, DATE '2024-01-01', DATE '2024-01-15');

SELECT date_add('2024-01-31', 1), date_sub('2024-03-01', 1), dateadd(MONTH, 1, DATE '2024-01-31'), dateadd(HOUR, 5, TIMESTAMP '2024-01-01 22:00:00'), timestampadd(MINUTE, 30, TIMESTAMP '2024-01-01 22:45:00'), DATE '2024-01-31' + 1, DATE '2024-01-31' - 1, DATE '2024-03-01' - DATE '2024-02-01';

SELECT date_add('2024-01-31', 1.5);

SELECT DATE '2024-01-31' + INTERVAL 1 MONTH, DATE '2024-01-31' - INTERVAL '1' DAY, TIMESTAMP '2024-01-31 10:00:00' + INTERVAL 90 MINUTES, TIMESTAMP '2024-01-31 10:00:00' + INTERVAL '1 2:03:04' DAY TO SECOND, DATE '2024-01-31' + INTERVAL 1 HOUR;

SELECT TIMESTAMP '2024-01-02 10:00:00' - TIMESTAMP '2024-01-01 09:30:00' AS gap, typeof(TIMESTAMP '2024-01-02 10:00:00' - TIMESTAMP '2024-01-01 09:30:00') AS k;

SELECT INTERVAL 1 YEAR 2 MONTHS, INTERVAL '3' DAY, INTERVAL '1-2' YEAR TO MONTH, INTERVAL 90 SECONDS, INTERVAL 1 WEEK, make_dt_interval(1, 2, 3, 4.5), make_ym_interval(1, 3);

-- refused
SELECT make_interval(0, 1, 0, 2);

SELECT extract(DAY FROM INTERVAL '3 04:05:06' DAY TO SECOND), extract(HOUR FROM INTERVAL '3 04:05:06' DAY TO SECOND), extract(MONTH FROM INTERVAL '1-2' YEAR TO MONTH), INTERVAL '1' DAY * 3, INTERVAL '1' HOUR / 2, INTERVAL '2' DAY + INTERVAL '3' HOUR, INTERVAL '1' DAY > INTERVAL '23' HOUR;

SELECT extract(YEAR FROM DATE '2024-03-15'), extract(QUARTER FROM DATE '2024-03-15'), extract(WEEK FROM DATE '2024-01-01'), extract(DOW FROM DATE '2024-03-17'), extract(DAYOFWEEK_ISO FROM DATE '2024-03-17'), extract(DOY FROM DATE '2024-03-01'), extract(HOUR FROM TIMESTAMP '2024-03-15 13:14:15.678'), extract(SECOND FROM TIMESTAMP '2024-03-15 13:14:15.678'), date_part('month', DATE '2024-03-15'), extract(YEAROFWEEK FROM DATE '2024-12-30'), datepart('day', DATE '2024-03-15');

SELECT year('2024-03-15'), month(DATE '2024-03-15'), day(DATE '2024-03-15'), dayofmonth('2024-03-15'), hour(TIMESTAMP '2024-03-15 13:14:15'), minute('2024-03-15 13:14:15'), second('13:14:15') IS NULL AS s, dayofweek('2024-03-17'), weekday('2024-03-17'), weekofyear('2024-01-01'), quarter('2024-06-30'), dayofyear('2024-12-31'), dayname(DATE '2024-03-17'), monthname(DATE '2024-03-17');

SELECT make_date(2024, 2, 29), make_timestamp(2024, 1, 15, 10, 20, 30.5), make_timestamp_ntz(2024, 1, 1, 0, 0, 0);

-- refused
SELECT try_make_timestamp(2024, 13, 1, 0, 0, 0);

-- refused
SELECT make_timestamp(2024, 1, 15, 10, 20, 30, 'America/New_York');

SELECT make_date(2023, 2, 29);

SELECT trunc(DATE '2024-05-17', 'MM'), trunc('2024-05-17', 'year'), trunc(DATE '2024-05-17', 'week'), trunc(DATE '2024-05-17', 'quarter'), trunc(DATE '2024-05-17', 'bad'), date_trunc('hour', TIMESTAMP '2024-05-17 10:20:30.5'), date_trunc('DAY', TIMESTAMP '2024-05-17 10:20:30.5'), date_trunc('week', '2024-05-17'), date_trunc('MONTH', DATE '2024-05-17');

SELECT from_utc_timestamp(TIMESTAMP '2024-07-01 12:00:00', 'America/New_York'), to_utc_timestamp('2024-01-01 12:00:00', 'Asia/Tokyo'), convert_timezone('UTC', 'Europe/Berlin', TIMESTAMP_NTZ '2024-07-01 12:00:00'), from_utc_timestamp('2024-03-10 07:30:00', 'America/New_York'), convert_timezone('Asia/Kolkata', TIMESTAMP_NTZ '2024-07-01 12:00:00');

-- refused
SELECT from_utc_timestamp('2024-01-01 00:00:00', '+05:30');

-- refused
SELECT from_utc_timestamp(TIMESTAMP '2024-07-01 12:00:00', 'Nowhere/City');

SELECT to_timestamp_ntz('2024-01-15 10:20:30'), to_timestamp_ltz('2024-01-15 10:20:30'), CAST(TIMESTAMP_NTZ '2024-01-15 10:20:30' AS TIMESTAMP), CAST('2024-01-15' AS TIMESTAMP_NTZ), current_timezone();

SELECT id, year(d), date_format(d, 'yyyy-MM'), date_format(ts, 'HH:mm:ss.SSS'), last_day(d), quarter(d), weekofyear(d), dayofweek(d), unix_timestamp(ts) FROM times WHERE id IN (1, 5, 6, 7, 8);

SELECT id, datediff(DATE '2024-01-01', d) AS age_days, floor(months_between(DATE '2024-01-01', d) / 12) AS age_years, CAST(ts AS DATE) AS day, CAST(ts AS LONG) AS epoch FROM times;

SELECT id FROM people;

SELECT to_char(pay, '999999.99') FROM people;

SELECT to_number('1,234.56', '9,999.99');

SELECT to_number('$78.12', '$99.99');

SELECT try_to_number('abc', '999');

SELECT to_char(1234.5, '9,999.00');

SELECT to_char(-7, 'S9');

SELECT to_number('-12', 'S99');

SELECT to_varchar(78.12, '$99.99');

SELECT to_number('abc', '999');

SELECT round(2.5), round(-2.5), round(2.345, 2), round(1234.5, -2), bround(2.5), bround(3.5), bround(2.345, 2), round(2.5D), round(1.005D, 2), round(125, -1), bround(125, -1), round(CAST(1.55 AS FLOAT), 1);

SELECT ceil(1.2), floor(-1.2), ceil(1.2D), floor(5), ceil(3.14159, 2), floor(3.14159, 2), ceil(-0.5), ceiling(7.01), rint(2.5), rint(3.5), truncate(3.99);

SELECT format_number(1234567.891, 2), format_number(1234567, 0), format_number(-0.5, 0), format_number(1.5D, 3), printf('%s-%s', 'a', 1);

-- refused
SELECT format_number(12332.123456, '##################.###');

-- refused
SELECT format_number(NULL, 2);

-- refused
SELECT format_string('%05d|%.2f|%s|%x|%,d', 42, 3.14159D, 'z', 255, 1234567);

SELECT log(10), log(2, 8), log10(1000), log2(8), ln(1), exp(1), log1p(0), expm1(0), pow(2, 10), power(2, 0.5), sqrt(2), cbrt(27), log(0), log(-1), ln(0), sqrt(-1), pow(0, 0), exp(710);

SELECT sin(2 * pi() * hour(ts) / 24) AS hs, cos(2 * pi() * hour(ts) / 24) AS hc FROM events WHERE n < 5;

SELECT sin(1), cos(1), asin(0.5), acos(0.5), atan(1), atan2(1, 2), sinh(1), cosh(1), tanh(0.5), sec(1), csc(1), degrees(pi()), radians(180), e(), hypot(3, 4);

-- refused
SELECT tan(1);

-- refused
SELECT cot(1);

-- refused
SELECT asinh(1);

-- refused
SELECT acosh(2);

-- refused
SELECT atanh(0.5);

WITH pts AS (SELECT * FROM VALUES (1, 52.52D, 13.405D, 48.8566D, 2.3522D), (2, 40.7128D, -74.0060D, 34.0522D, -118.2437D), (3, 0D, 0D, 0D, 0D), (4, NULL, 1D, 1D, 1D) AS p(id, lat1, lon1, lat2, lon2))
SELECT id, round(2 * 6371 * asin(sqrt(pow(sin(radians(lat2 - lat1) / 2), 2) + cos(radians(lat1)) * cos(radians(lat2)) * pow(sin(radians(lon2 - lon1) / 2), 2))), 3) AS km FROM pts;

SELECT width_bucket(5.3, 0.2, 10.6, 5), width_bucket(-2.1, 1.3, 3.4, 3), width_bucket(8.1, 0.0, 5.7, 4), width_bucket(-0.9, 5.2, 0.5, 2), width_bucket(NULL, 0, 1, 2), width_bucket(5, 0, 10, 0);

SELECT id, width_bucket(d, 0, 10, 5) FROM numbers;

SELECT greatest(1, NULL, 3), least(NULL, 2, 1), greatest('a', 'B'), least(1.5, 2), greatest(NULL, NULL), greatest(1, 2.5D), least(DATE '2024-01-01', DATE '2023-01-01'), greatest(1);

SELECT 1 / 0;

SELECT 10 % 0;

SELECT try_divide(1, 0), try_divide(7, 2), try_add(2147483647, 1), try_subtract(-2147483648, 1), try_multiply(100000, 100000), try_mod(5, 0), 7 / 2, 7 div 2, -7 div 2, 1 / nullif(0, 0), coalesce(1 / nullif(0, 0), 0), nullif(1, 1), nullif('a', 'b'), nullifzero(0);

-- refused
SELECT zeroifnull(NULL);

SELECT -7 % 3, 7 % -3, mod(-7, 3), pmod(-7, 3), pmod(7, -3), -7.5 % 2, pmod(-7.5D, 2), mod(10, 4), pmod(-1, 24), -0.0D, abs(-5), abs(-2.5), sign(-3), signum(2.5), negative(3), positive(4), factorial(5), factorial(21);

SELECT abs(-2147483648);

SELECT 2147483647 + 1;

SELECT 9223372036854775807 * 2;

SELECT 12345678901234567890.12 * 98765432109876543210.98 AS a, 1.23456789012345678901 / 3 AS b, 1.1 + 2.22 AS c, 10.0 / 3 AS d, 1.0 * 1.000 AS e, 5 / 2.0 AS f, 1e2 AS g, 1.5BD AS h;

SELECT typeof(1.5 + 1), typeof(1.5 * 2.25), typeof(1.5 / 2), typeof(CAST(1 AS DECIMAL(38, 10)) * CAST(1 AS DECIMAL(38, 10))), typeof(1 + 1L), typeof(1 / 2), typeof(1Y + 1S), typeof('1' + 1), typeof(1.5 + 1D), typeof(CAST(1 AS FLOAT) + 1);

SELECT CAST(99999999999999999999999999999999999999 AS DECIMAL(38, 0)) + 1;

SELECT sum(m), avg(m), sum(w), avg(w), min(w), max(w), sum(m * 2), avg(m / 3) FROM numbers;

SELECT id, m * 1.1, m / 3, m + i, m - 0.005, w * 2, m % 7, -m, abs(m), round(m, 1), floor(m), ceil(m) FROM numbers WHERE id NOT IN (2, 3);

SELECT '5' + 3, '5' * '2', 1 = '1', '10' > 9, 'abc' = 1;

-- refused
SELECT '5' + 3, '2.5' * 2, '10' > 9, 1 = '1', '5' || 3, 1 IN ('1', '2'), '7' % 4;

SELECT 'a' + 1;

SELECT true + 1;

SELECT true AND NULL, false AND NULL, true OR NULL, NOT NULL, NULL = NULL, NULL <=> NULL, 1 <=> NULL, 1 IS DISTINCT FROM NULL, isnull(NULL), isnotnull(1), NULL IS NOT TRUE, true IS TRUE, isnan(double('NaN')), nanvl(double('NaN'), 5), double('NaN') = double('NaN');

SELECT id, coalesce(try_cast(t AS INT), try_cast(trim(t) AS DOUBLE), -1) AS v, nvl(t, 'none') AS n, ifnull(u, '') AS i, nvl2(t, 'y', 'n') AS w, nullif(trim(t), '') AS e FROM texts;

SELECT id, CASE t WHEN 'hello' THEN 1 WHEN '42' THEN 2 ELSE 0 END AS a, CASE WHEN t IS NULL THEN 'missing' WHEN trim(t) = '' THEN 'blank' WHEN t RLIKE '^\\s*-?\\d+(\\.\\d+)?\\s*$' THEN 'number' ELSE 'text' END AS kind, if(length(t) > 5, 'long', 'short') AS l, decode(u, 'l', 'L', 'x', 'X', 'other') AS dd FROM texts;

SELECT id, i IN (1, 7, NULL) AS a, i NOT IN (1, 7) AS b, i BETWEEN 0 AND 10 AS c, i NOT BETWEEN SYMMETRIC 10 AND 0 AS e FROM numbers;

SELECT id, t BETWEEN 'a' AND 'm' AS a, t IN ('42', 'aaa') AS b, t >= u AS c FROM texts;

SELECT CASE WHEN 1 = 1 THEN 1 ELSE 'x' END;

SELECT CASE WHEN 1 = 2 THEN 1 ELSE 2.5 END AS a, if(true, 1, 2L) AS b, coalesce(NULL, 1, 2.5) AS c, CASE WHEN false THEN 'x' END AS d, coalesce('a', 1) AS e, iff(true, 1, 2) AS g;

SELECT get_json_object('{"a":{"b":[1,2,{"c":"x"}]},"d e":5}', '$.a.b[2].c') a, get_json_object('{"a":{"b":[1,2]}}', '$.a.b') b, get_json_object('{"a":1}', '$.z') c, get_json_object('bad', '$.a') d, get_json_object('{"a":null}', '$.a') e, get_json_object('{"a":[{"b":1},{"b":2}]}', '$.a[*].b') f, get_json_object('{"d e":5}', "$['d e']") g, get_json_object('{"a":true}', '$.a') h;

SELECT from_json('{"a":1,"b":"x","c":1.5}', 'a INT, b STRING, c DOUBLE') AS j, from_json('{"a":"1"}', 'a INT').a AS k, from_json('bad', 'a INT') AS l, from_json('[1,2,3]', 'ARRAY<INT>') AS m, from_json('{"x":1,"y":2}', 'MAP<STRING,INT>') AS n;

-- refused
WITH v AS (SELECT explode(array('{"d":"2024-01-15","t":"2024-01-15T10:20:30Z","m":12.345,"n":"9.99","x":"a"}', '{"d":"bad","t":"2024-01-15 10:20","m":123456789.1,"n":"1000","x":2.5}', '{"d":"","t":"","m":null,"n":"","x":""}', '{"d":12,"t":true,"m":"a","n":-1.005}', '{"d":"2024-01-15 10:00:00","t":"2024-01-15","m":5,"n":"0.5","x":1}', '{"d":"2024-1-5","t":"2024-02-30","m":"-7","n":[1],"x":"1.5"}', '{"d":{"a":1},"m":1', 'null', '')) AS js),
p AS (SELECT js, from_json(js, 'd DATE, t TIMESTAMP, m DECIMAL(10,2), n DECIMAL(5,2), x DOUBLE') AS j FROM v)
SELECT js, j.d, j.t, j.m, j.n, j.x, j IS NULL AS none FROM p;

SELECT from_json('[1.255,"2",null]', 'array<decimal(3,2)>') AS a, from_json('{"a":"2024-01-01"}', 'map<string,date>') AS b, from_json('[{"m":1.5,"w":2.345}]', 'array<struct<m:decimal(13,1),w:decimal(38,18)>>') AS c;

SELECT hour('13:14:15') AS h, minute(CAST('T7:08' AS TIMESTAMP)) AS m, second('1:2:3.5Z') AS s, CAST(CAST('00:00' AS TIMESTAMP) AS DATE) = current_date() AS d, to_timestamp('23:59:59') IS NULL AS n, try_cast('25:00' AS TIMESTAMP) AS b, try_cast('10:20 +02:00' AS TIMESTAMP) IS NULL AS z, try_cast('10:20' AS TIMESTAMP_NTZ) AS x, try_cast('10:20' AS DATE) AS y, try_cast('T' AS TIMESTAMP) AS t, try_cast('100:20' AS TIMESTAMP) AS u, try_cast('Tuesday' AS TIMESTAMP) AS v, try_cast('10:20 soon' AS TIMESTAMP) AS w;

SELECT from_json('{"d":"15/01/2024"}', 'd DATE', map('dateFormat', 'dd/MM/yyyy')) AS j;

SELECT from_json('{"t":"2024-01-15 10:20"}', 't TIMESTAMP', map('timestampFormat', 'yyyy-MM-dd HH:mm')) AS k;

SELECT from_json('{"items":[{"sku":"A","qty":2},{"sku":"B","qty":null}],"o":{"p":{"q":true}}}', 'struct<items:array<struct<sku:string,qty:int>>,o:struct<p:struct<q:boolean>>>') AS j;

SELECT from_json('{"a":1', 'a INT', map('mode', 'FAILFAST'));

SELECT to_json(struct(1 AS a, 'x' AS b, NULL AS c)), to_json(array(1, 2, NULL)), to_json(map('k', 1.5)), to_json(named_struct('d', DATE '2024-01-15', 't', TIMESTAMP '2024-01-15 10:20:30'));

SELECT to_json(struct(DATE '2024-01-15' AS d), map('dateFormat', 'dd/MM/yyyy'));

SELECT json_tuple('{"a":1,"b":"x","c":[1]}', 'a', 'b', 'c', 'd');

SELECT id, j.* FROM VALUES (1, '{"a":1,"b":2}'), (2, '{"a":null}'), (3, 'bad') AS v(id, js) LATERAL VIEW json_tuple(js, 'a', 'b') j AS a, b;

SELECT json_array_length('[1,2,3]'), json_object_keys('{"a":1,"b":2}'), json_array_length('bad');

-- refused
SELECT schema_of_json('{"a":1,"b":[1.5,2],"c":{"d":"x"}}');

WITH raw AS (SELECT * FROM VALUES (1, '{"user":{"id":7,"name":"Ann"},"items":[{"sku":"A","price":9.99,"qty":2},{"sku":"B","price":1.5,"qty":1}],"ts":"2024-01-15T10:20:30Z"}'), (2, '{"user":{"id":8},"items":[]}'), (3, '{broken'), (4, NULL) AS r(id, body)),
parsed AS (SELECT id, from_json(body, 'user STRUCT<id: BIGINT, name: STRING>, items ARRAY<STRUCT<sku: STRING, price: DOUBLE, qty: INT>>, ts TIMESTAMP') AS p FROM raw),
lines AS (SELECT id, p.user.id AS uid, p.user.name AS name, p.ts AS ts, item FROM parsed LATERAL VIEW OUTER explode(p.items) e AS item)
SELECT id, uid, coalesce(name, 'unknown') AS name, date(ts) AS day, count(item.sku) AS n, sum(item.price * item.qty) AS total, max(item.price) AS top, collect_list(item.sku) AS skus
FROM lines GROUP BY id, uid, name, ts ORDER BY id;

SELECT transform(array(1, 2, 3), x -> x * 2), transform(array('a', 'b'), (x, i) -> concat(x, i)), filter(array(1, NULL, 3), x -> x IS NOT NULL), filter(array(5, 6, 7), (x, i) -> i > 0), aggregate(array(1, 2, 3), 0, (a, x) -> a + x), aggregate(array(1, 2, 3), 0, (a, x) -> a + x, a -> a * 10), reduce(array(1.5D, 2.5D), 0D, (a, x) -> a + x), exists(array(1, 2), x -> x > 1), forall(array(1, 2), x -> x > 1), any_match(array(1), x -> x = 1);

SELECT exists(array(1, NULL), x -> x > 1), forall(array(1, NULL), x -> x > 0), zip_with(array(1, 2), array(10, 20, 30), (x, y) -> x + y), array_sort(array(3, 1, NULL, 2)), array_sort(array('bb', 'a'), (l, r) -> length(l) - length(r)), sort_array(array(3, NULL, 1), false), sort_array(array('b', 'a')), aggregate(array('a', 'b'), '', (a, x) -> a || x), aggregate(sequence(1, 5), 1L, (a, x) -> a * x);

SELECT array_contains(array(1, 2), 2), array_contains(array(1, NULL), 2), array_distinct(array(1, 1, NULL, NULL, 2)), array_union(array(1, 2), array(2, 3)), array_intersect(array(1, 2), array(2, 3)), array_except(array(1, 2), array(2)), arrays_overlap(array(1, 2), array(2)), array_position(array('a', 'b'), 'b'), array_remove(array(1, 2, 1), 1), array_repeat('x', 3), array_join(array('a', NULL, 'b'), '-'), array_join(array('a', NULL, 'b'), '-', '?'), array_max(array(1, NULL, 3)), array_min(array(2, 1)), array_append(array(1), 2), array_prepend(array(1), 0), array_insert(array(1, 3), 2, 2), array_compact(array(1, NULL, 2)), array_size(array(1, 2));

SELECT size(array(1, 2)), size(NULL), cardinality(map('a', 1)), slice(array(1, 2, 3, 4), 2, 2), slice(array(1, 2, 3), -2, 2), element_at(array(1, 2, 3), -1), element_at(map('a', 1), 'b'), get(array(1, 2), 5), try_element_at(array(1), 4), array(1, 2)[0], map('a', 1)['a'], flatten(array(array(1, 2), array(3))), reverse(array(1, 2, 3)), arrays_zip(array(1, 2), array('a')), concat(array(1), array(2, 3)), array();

-- refused
SELECT shuffle(array(1));

SELECT array(1, 2)[5];

SELECT element_at(array(1, 2), 0);

SELECT element_at(array(1, 2), 3);

SELECT sequence(1, 5), sequence(5, 1), sequence(1, 10, 3), sequence(DATE '2024-01-01', DATE '2024-03-01', INTERVAL 1 MONTH), sequence(DATE '2024-01-01', DATE '2024-01-03'), size(sequence(TIMESTAMP '2024-01-01 00:00:00', TIMESTAMP '2024-01-01 02:00:00', INTERVAL 1 HOUR)), sequence(0, 0);

-- refused
SELECT sequence(1, 5, -1);

SELECT map('a', 1, 'b', 2), map_keys(map('a', 1)), map_values(map('a', 1)), map_entries(map('a', 1, 'b', 2)), map_from_arrays(array('x', 'y'), array(1, 2)), map_from_entries(array(struct('k', 1))), map_concat(map('a', 1), map('b', 2)), map_filter(map('a', 1, 'b', 2), (k, v) -> v > 1), transform_values(map('a', 1), (k, v) -> v + 1), transform_keys(map('a', 1), (k, v) -> upper(k)), map_contains_key(map('a', 1), 'a'), str_to_map('a:1,b:2'), str_to_map('a=1&b=2', '&', '='), str_to_map('a');

-- refused
SELECT map_zip_with(map('a', 1), map('a', 2, 'b', 3), (k, x, y) -> coalesce(x, 0) + y);

SELECT map('a', 1, 'a', 2);

SELECT named_struct('a', 1, 'b', 'x') AS s, struct(1, 'x') AS t, struct(id, name) AS u, named_struct('a', 1).a AS f FROM people WHERE id = 1;

SELECT id, inline_outer(p) FROM nested;

SELECT id, posexplode(s) FROM nested;

SELECT id, transform(a, x -> coalesce(x, 0)) AS f, aggregate(a, 0L, (acc, x) -> acc + coalesce(x, 0)) AS total, array_max(a) AS hi, size(filter(s, x -> x <> '')) AS n, r.z.d AS deep, m['k'] AS mk, element_at(m, 'k') AS ek, map_keys(m) AS ks FROM nested;

SELECT id, array_join(transform(s, x -> upper(x)), ',') AS up, exists(p, e -> e.v > 1) AS big, p.x AS xs, transform(p, e -> e.x + 1) AS xs2, cast(a AS ARRAY<STRING>) AS c, to_json(r) AS j FROM nested;

-- refused
SELECT X'616263', CAST(X'616263' AS STRING), CAST('abc' AS BINARY), length(X'616263'), X'61' || X'62', to_binary('616263', 'hex'), to_binary('abc', 'utf-8'), hex(CAST('é' AS BINARY)), bit_count(7), 5 & 3, 5 | 3, 5 ^ 3, ~5, shiftleft(1, 4), shiftright(16, 2), shiftrightunsigned(-1, 28), 1 << 3, getbit(5, 0);

SELECT typeof(1), typeof('a'), typeof(1.5), typeof(DATE '2024-01-01'), typeof(NULL), typeof(array(1)), typeof(map('a', 1.5D)), typeof(struct(1 AS a)), typeof(INTERVAL '1' DAY), typeof(X'00'), typeof(current_date()), typeof(TIMESTAMP_NTZ '2024-01-01 00:00:00');

SELECT nope FROM people;

SELECT p.nope FROM people p;

SELECT nofunc(1);

SELECT id FROM people a JOIN people b ON a.id = b.boss;

SELECT dept, name FROM people GROUP BY dept;

SELECT dept, count(*) FROM people;

SELECT name FROM people WHERE sum(pay) > 1;

SELECT * FROM nowhere;

SELECT upper(1, 2);

SELECT length();

SELECT 1 + DATE '2024-01-01';

SELECT DATE '2024-01-01' + DATE '2024-01-01';

SELECT sum(name) FROM people;

-- refused
SELECT array(1, 'a', true);

SELECT to_date('x');

SELECT date_add('bad', 1);

SELECT sum(dept) OVER () FROM departments;

SELECT id FROM people ORDER BY nope;

SELECT id FROM people UNION SELECT id, name FROM people;

SELECT id, name FROM people HAVING id > 1;

SELECT id + name FROM people;

SELECT id WHERE 1;

SELECT id FROM people WHERE name;

SELECT FROM people;

SELECT id, FROM people;

SELECT count(DISTINCT) FROM people;

SELECT raise_error('stop');

SELECT assert_true(1 < 2);

SELECT assert_true(true);

SELECT assert_true(false);

SELECT rank() FROM people;

SELECT id, row_number() OVER (PARTITION BY dept) FROM people;

-- refused
SELECT regexp_extract('a', '(', 0);

-- refused
SELECT 'a' RLIKE '[';

SELECT regexp_replace('Hello World', '(?i)hello', 'bye'), regexp_replace('abc', '^|$', '"'), regexp_replace('a.b', '.', '-'), regexp_extract('key=val; k2=v2', '(\\w+)=(\\w+)', 2), regexp_extract('foobar', '(?<n>foo)', 1), regexp_replace('x1y2', '(\\d)', '<$1>'), regexp_replace('camelCaseText', '([a-z])([A-Z])', '$1_$2'), regexp_extract('price: $12.50', '\\$(\\d+\\.\\d{2})', 1);

SELECT regexp_replace('a b', '\\b', '|'), regexp_replace('aaa', 'a{2}', 'b'), regexp_extract('abab', '(ab)\\1', 1), regexp_replace('foo bar', '(?=bar)', '_'), regexp_extract('abc', '(?:a)(b)?', 1), 'é' RLIKE '\\w';

SELECT regexp_replace('àéî', '[^\\p{ASCII}]', '?');

SELECT 'ab12' RLIKE '\\p{Alpha}+\\d{2}';

WITH s AS (SELECT * FROM VALUES ('$1,234.50'), ('(99.10)'), ('-5'), ('12%'), ('N/A'), (''), (NULL), (' 7 ') AS v(raw))
SELECT raw, try_cast(regexp_replace(raw, '[$,%() ]', '') AS DECIMAL(12,2)) * CASE WHEN raw LIKE '(%)' THEN -1 ELSE 1 END * CASE WHEN raw LIKE '%\%' THEN 0.01 ELSE 1 END AS amount,
 coalesce(try_cast(regexp_replace(raw, '[^0-9.-]', '') AS DOUBLE), 0D) AS dbl, raw IS NULL OR upper(trim(raw)) IN ('', 'N/A', 'NULL') AS missing FROM s;

WITH s AS (SELECT * FROM VALUES ('2024-01-15'), ('15/01/2024'), ('Jan 15, 2024'), ('20240115'), ('soon'), (NULL) AS v(raw))
SELECT raw, coalesce(try_to_timestamp(raw, 'yyyy-MM-dd'), try_to_timestamp(raw, 'dd/MM/yyyy'), try_to_timestamp(raw, 'MMM d, yyyy'), try_to_timestamp(raw, 'yyyyMMdd')) AS ts,
 CAST(coalesce(try_to_timestamp(raw, 'yyyy-MM-dd'), try_to_timestamp(raw, 'dd/MM/yyyy')) AS DATE) AS d, try_to_date(raw, 'dd/MM/yyyy') AS e FROM s;

WITH s AS (SELECT explode(array('Yes', 'no', 'TRUE', '0', 'y', 'off', NULL)) AS b)
SELECT b, CASE WHEN lower(b) IN ('yes', 'y', 'true', 't', '1', 'on') THEN true WHEN lower(b) IN ('no', 'n', 'false', 'f', '0', 'off') THEN false END AS flag, try_cast(b AS BOOLEAN) AS c, coalesce(CAST(try_cast(b AS BOOLEAN) AS INT), -1) AS i FROM s;

WITH base AS (
  SELECT id, name, dept, pay, hired FROM people
), cleaned AS (
  SELECT id, coalesce(nullif(trim(name), ''), concat('unknown_', id)) AS name,
    upper(coalesce(dept, 'none')) AS dept, coalesce(pay, 0) AS pay, hired,
    datediff(DATE '2024-06-30', hired) AS tenure_days,
    CASE WHEN hired IS NULL THEN 'unknown' WHEN month(hired) BETWEEN 1 AND 3 THEN 'q1' WHEN month(hired) <= 6 THEN 'q2' ELSE 'h2' END AS season
  FROM base
), scored AS (
  SELECT *, round(pay / sum(pay) OVER (PARTITION BY dept), 4) AS share,
    round((pay - avg(pay) OVER ()) / nullif(stddev(pay) OVER (), 0), 6) AS z,
    row_number() OVER (PARTITION BY dept ORDER BY pay DESC, id) AS rn,
    ntile(3) OVER (ORDER BY tenure_days NULLS LAST, id) AS bucket,
    md5(concat_ws('|', id, name, dept)) AS key
  FROM cleaned
)
SELECT dept, id, name, pay, share, z, rn, bucket, key, season, tenure_days,
  concat(left(name, 1), repeat('*', greatest(length(name) - 1, 0))) AS masked,
  format_number(pay, 2) AS pay_text, date_format(hired, 'MMM yyyy') AS hired_text
FROM scored ORDER BY dept, rn;

SELECT mask('AbCD123-@$#'), mask('AbCD123', 'Q', 'q', 'd'), mask('abc', NULL), luhn_check('79927398713'), luhn_check('abc'), elt(2, 'a', 'b'), field('b', 'a', 'b');

-- refused
SELECT quote('it''s');

-- refused
SELECT sentences('Hi there. Bye!');

SELECT elt(2, 'a', 'b'), luhn_check('79927398713'), mask('AbCD123-@$#'), mask('AbCD123', 'Q', 'q', 'd', 'o'), ucase('a'), lcase('B');

-- refused
SELECT elt(3, 'a', 'b') IS NULL AS x;

-- refused
SELECT uuid() IS NOT NULL AS u;

-- refused
SELECT rand(1) < 1 AS r;

-- refused
SELECT is_valid_utf8('a');

-- refused
SELECT validate_utf8('b');

SELECT current_date() = CAST(current_timestamp() AS DATE) AS t, now() IS NOT NULL AS n, datediff(current_date(), current_date() - 7) AS w, date_trunc('month', current_date()) <= now() AS m, year(current_date()) > 2000 AS y, unix_timestamp() > 0 AS u;

SELECT ts, window(ts, '1 day').start AS w FROM events WHERE n = 3;

SELECT e, date_format(ts, 'yyyy-MM-dd HH') AS h, count(*) AS c, sum(if(isnan(v), 0, v)) AS s, max(v) AS mx, min(v) AS mn FROM events GROUP BY 1, 2;

SELECT count_if(t RLIKE '\\d') AS digits, count(nullif(trim(t), '')) AS filled, sum(CASE WHEN t IS NULL THEN 1 ELSE 0 END) AS nulls, max(length(t)) AS longest, approx_count_distinct(t) AS u, bool_or(t = 'aaa') AS b, every(t IS NOT NULL) AS e, min_by(id, length(t)) AS m, first(t) AS f, any_value(u) IS NOT NULL AS a, array_sort(collect_set(length(t))) AS ls FROM texts;

SELECT dept, string_agg(name, ',') WITHIN GROUP (ORDER BY name) AS names, concat_ws(',', sort_array(collect_list(name))) AS n2, avg(pay) AS a, stddev(pay) AS sd, percentile(pay, 0.5) AS med, max_by(name, pay) AS top, mode(dept) AS mo FROM people GROUP BY dept;

SELECT CAST(array('1', '2') AS ARRAY<INT>), CAST(struct('1', 2) AS STRUCT<a: INT, b: STRING>), CAST(array(1, 2) AS STRING), CAST(struct(1, 'x', NULL) AS STRING), CAST(map('a', 1) AS STRING);

-- refused
SELECT CAST(map('a', '1') AS MAP<STRING, INT>);

-- refused
SELECT try_cast(array('1', 'x') AS ARRAY<INT>);

SELECT CAST(INTERVAL '1' DAY AS STRING), CAST(INTERVAL '1-2' YEAR TO MONTH AS STRING);

-- refused
SELECT CAST('1 day' AS INTERVAL) AS i;

-- refused
SELECT INTERVAL '1' DAY / INTERVAL '2' HOUR AS q;

SELECT DATE '2024-01-15' = '2024-01-15', DATE '2024-01-15' > TIMESTAMP '2024-01-14 23:00:00', '2024-01-15' < DATE '2024-02-01', DATE '2024-01-15' IN ('2024-01-15'), TIMESTAMP '2024-01-15 00:00:00' = DATE '2024-01-15', DATE '2024-01-15' BETWEEN '2024-01-01' AND '2024-01-31';

SELECT DATE '2024-01-15' > 'bad';

SELECT name, sha2(concat_ws('||', coalesce(name, ''), coalesce(dept, ''), cast(pay AS STRING)), 256) AS h, abs(hash(name)) % 100 AS b, conv(substr(md5(name), 1, 8), 16, 10) AS c, hex(name) AS x, lower(hex(sha1(name))) IS NOT NULL AS y FROM people;

SELECT id, bround(d, 1), round(f, 2), try_divide(i, b), i div nullif(b, 0), i % nullif(s, 0), ln(d), sqrt(abs(d)), signum(d), d IN (0, 1.5) FROM numbers WHERE id IN (1, 4, 7, 8, 9, 10);

SELECT id, format_number(d, 2) FROM numbers WHERE id IN (1, 4, 7, 8, 9);

-- refused
SELECT format_string('%.3f', d) FROM numbers WHERE id IN (1, 4, 7, 8, 9);

-- refused
SELECT format_string('%10.2e', d) FROM numbers WHERE id IN (1, 4, 7, 8, 9);

SELECT date_format(NULL, 'yyyy'), to_date(NULL), to_date(TIMESTAMP '2024-01-15 10:00:00'), to_date('2024-01-15 10:20:30', 'yyyy-MM-dd HH:mm:ss'), to_date('2024-01-15T10:20:30Z');

SELECT to_char(DATE '2024-01-15', 'yyyy/MM');

-- refused
SELECT to_char(X'6162', 'hex');

-- refused
SELECT to_timestamp(1700000000);

SELECT datediff('2024-01-15', NULL), add_months(NULL, 1), 'a' || NULL, NULL + 1, upper(NULL), trim(NULL), NULL LIKE 'a', split(NULL, ','), size(split(NULL, ',')), from_json(NULL, 'a INT'), hash(NULL, NULL), md5(NULL), round(NULL), CAST(NULL AS INT);

SELECT id, d, CASE WHEN dayofweek(d) IN (1, 7) THEN 1 ELSE 0 END AS weekend, CASE WHEN month(d) IN (12, 1, 2) THEN 'winter' WHEN month(d) IN (3, 4, 5) THEN 'spring' ELSE 'other' END AS season, day(last_day(d)) AS dim, (year(d) % 4 = 0 AND year(d) % 100 <> 0) OR year(d) % 400 = 0 AS leap, d - trunc(d, 'YEAR') AS since, date_add(trunc(d, 'MM'), 14) AS mid, d = last_day(d) AS eom FROM times;

SELECT id, ts - INTERVAL 1 DAY AS y, ts + INTERVAL '2' HOUR AS h, n - n AS z, unix_seconds(ts) - unix_seconds(TIMESTAMP '2024-01-01 00:00:00') AS secs, (CAST(ts AS DOUBLE) - CAST(date_trunc('day', ts) AS DOUBLE)) / 3600 AS hours FROM times WHERE id IN (1, 5, 6, 7, 8);

SELECT '-5' RLIKE '^[-+]?\\d+$' AS a, regexp_replace('555-123.4567 x', '[-. ]', '') AS b, split('a-b_c', '[-_]') AS c, regexp_replace('a-b+c', '[^-a-z]', '#') AS d, regexp_extract('x -12.5e3', '[-+]?[0-9]*\\.?[0-9]+([eE][-+]?[0-9]+)?', 0) AS e;

SELECT regexp_replace('a,b.c!d-e', '\\p{Punct}', '') AS a, regexp_replace('Ab1 cD2', '\\p{Upper}', '_') AS b, regexp_replace('a\tb c', '[\\p{Space}x]+', '|') AS c, regexp_replace('naïve café', '[^\\p{Alnum} ]', '') AS d, 'ff0' RLIKE '^\\p{XDigit}{3}$' AS e, regexp_count('a1b22', '\\p{Digit}+') AS f, regexp_replace('~`^$+<=>|', '\\p{Punct}', 'p') AS g, regexp_replace('a b', '\\p{Blank}|\\p{Lower}', '.') AS h;

-- refused
SELECT regexp_replace('é', '\\p{L}', 'x') AS a;

SELECT CAST('1,234' AS INT);

SELECT CAST('12abc' AS DOUBLE);

SELECT CAST('1e400' AS DOUBLE), CAST('-Infinity' AS DOUBLE), CAST('inf' AS FLOAT), CAST('nan' AS DOUBLE), CAST('1d' AS DOUBLE), CAST('0x1A' AS STRING);

SELECT CAST(1e20 AS BIGINT);

SELECT CAST(1.0E10 AS STRING), CAST(1E-5D AS STRING), CAST(100000000.0D AS STRING), CAST(0.001D AS STRING), CAST(1.10 AS STRING), CAST(1e7 AS STRING), CAST(CAST(0.1 AS FLOAT) AS DOUBLE), CAST(16777217 AS FLOAT);

SELECT CAST(DATE '2024-01-15' AS STRING), CAST(TIMESTAMP '2024-01-15 10:20:30.100' AS STRING), CAST(DATE '2024-01-15' AS TIMESTAMP), CAST(TIMESTAMP '2024-01-15 23:59:59' AS DATE);

SELECT CAST(DATE '2024-01-15' AS INT);

SELECT CAST(1 AS DATE);

SELECT CAST(true AS STRING), CAST(true AS DOUBLE), CAST('1' AS BOOLEAN), CAST(1.5 AS BOOLEAN), CAST(0.0D AS BOOLEAN), CAST(true AS DECIMAL(3,1));

SELECT CAST(TIMESTAMP '2024-01-15 10:20:30' AS INT), CAST(1.5 AS TIMESTAMP), CAST(-1 AS TIMESTAMP), CAST(TIMESTAMP '1969-12-31 23:59:59.5' AS BIGINT);

SELECT CAST('2024-01-15 10:20:30.1234567' AS TIMESTAMP), CAST('  2024-01-15  ' AS DATE), CAST('2024-01-15T' AS DATE), CAST('2024-1-5 1:2:3' AS TIMESTAMP), CAST('0001-01-01' AS DATE), CAST('+2024-01-15' AS DATE);

-- refused
SELECT CAST('epoch' AS TIMESTAMP);

-- refused
SELECT CAST('now' AS DATE);

-- refused
SELECT DATE 'today';

SELECT TIMESTAMP '2024-01-15 10:20:30+01:00', DATE '2024-1-5', TIMESTAMP '2024';

SELECT DATE '2024-02-30';

SELECT round(-1.5), round(0.5), round(1.5), round(-0.5), round(2.675D, 2), round(NULL, 2), round(1234567.891, -3), round(5, 2), round(1.23456789D, 20), round(99.99, 1), round(1e-10D, 5);

SELECT round(2147483647, -1);

SELECT ceil(-1.5D), floor(1e18D), ceil(9.99), floor(-0.1), ceil(CAST(12345678901234567890.5 AS DECIMAL(38,2)));

SELECT 5 / 0.0D;

SELECT 5.0 / 0;

-- refused
SELECT mod(5.5, 2), 5 % 2.5, -5 % 3, mod(-5.5D, 2), pmod(-5.5, 2), pmod(5, -3), div(7, 2), -7 div 2, 7.9 div 2;

SELECT 1.0 / 3, 2 / 3, 10 / 4, 1e0 / 3, CAST(1 AS DECIMAL(10,2)) / CAST(3 AS DECIMAL(10,2)), 100 * 1.15, 0.1 + 0.2 = 0.3, 0.1D + 0.2D = 0.3D;

SELECT avg(x), sum(x), stddev(x), variance(x), min(x), max(x), median(x), skewness(x), kurtosis(x) FROM VALUES (1.5), (2.5), (NULL), (10.25) AS t(x);

SELECT nullif(1, NULL), nullif(NULL, 1), nvl(NULL, 'x'), coalesce(NULL, NULL), ifnull(1, 2.5), nvl2(1, 'a', 'b'), nullif('', ''), nullif(1, 1.0);

SELECT 'a' = 'A', 'a' < 'B', 'abc' > 'ab', '' = ' ', 'é' > 'z', '10' < '9', lower('İ'), upper('ß'), initcap('hello-world foo_bar');

SELECT 'It''s', "double ""q""", 'tab\there', 'nl\\n', r'raw\n', 'uni\u00e9', 'oct\101', 'a' 'b', '\%', '\_';

SELECT length('tab\t'), length(''), length(NULL), length('😀'), char_length('😀é'), reverse('é😀'), substring('😀abc', 2), left('😀a', 1), instr('😀a', 'a'), lpad('😀', 3, '*'), ascii('é'), ascii('');

SELECT substring('abc', 0, 2), substring('abc', -5, 3), substring('abc', 2, -1), substring('abc', 5), left('abc', -1), right('abc', 0), repeat('a', -1), repeat('a', 0), lpad('abc', -1, 'x'), lpad('abc', 5, ''), substr('abc', 2147483647);

-- refused
SELECT concat(), concat('a', 1, 2.5, DATE '2024-01-01', NULL IS NULL), concat_ws('', 'a', 'b'), concat_ws(NULL, 'a'), concat_ws(',', NULL, NULL), concat_ws(',', array()), 'a' || 1 || true;

SELECT split('a,b,', ','), split(',a', ','), split('a,b,c', ',', -1), split('aXbxc', '(?i)x'), split('one  two', ' +'), split('abc', 'b', 1), split('2024-01-15', '-')[0] + 1;

SELECT replace('aaa', 'aa', 'b'), replace('abc', '', 'x'), translate('abc', 'ab', 'x'), translate('aab', 'aa', 'xy'), trim('\t a \n'), trim(NULL FROM 'a'), rtrim('xy', 'axyxy');

SELECT regexp_replace('abc', '(b)', '[$1$1]'), regexp_replace('a.b', '\\.', '\\\\'), regexp_replace('price', 'p', '\\$'), regexp_replace('', '^$', 'empty'), regexp_replace('abc', '', '-'), regexp_replace('line1\nline2', '\n', ' '), regexp_replace('x', 'x', '$0$0');

SELECT regexp_replace('abc', 'b', '$2');

SELECT regexp_extract('2024-01-15', '(\\d+)-(\\d+)', 0), regexp_extract('ab', '(a)|(c)', 2), regexp_extract('abc', 'b'), regexp_extract('a=1,b=2', 'b=(\\d)'), regexp_extract(NULL, 'a', 0), regexp_extract('AbC', '(?i)(abc)', 1);

SELECT regexp_extract('abc', '(b)', -1);

SELECT 'abc' RLIKE '', 'abc' RLIKE NULL, 'a\nb' RLIKE 'a.b', 'abc' REGEXP 'B', regexp('abc', 'c$'), rlike('abc', '^b'), 'abc' NOT RLIKE 'z';

SELECT 'a%c' LIKE 'a\%c', 'abc' LIKE '', '' LIKE '%', 'a\\b' LIKE 'a\\\\b', 'abc' LIKE '_b_', 'ABC' ILIKE '%b%', NULL LIKE '%', 'aé' LIKE 'a_';

SELECT 'abc' LIKE 'a\\bc';

-- refused
SELECT date_format(TIMESTAMP '2024-01-05 14:03:09.123456', 'yyyy-MM-dd HH:mm:ss.SSSSSS'), date_format(TIMESTAMP '2024-01-05 14:03:09', 'yy-M-d H:m:s'), date_format(DATE '2024-01-05', 'EEEE'), date_format(DATE '2024-01-05', 'MMMM'), date_format(DATE '2024-01-05', 'LLL'), date_format(DATE '2024-01-05', 'QQQ'), date_format(TIMESTAMP '2024-01-05 00:30:00', 'hh:mm a'), date_format(DATE '2024-01-05', ''), date_format(DATE '2024-01-05', "'Q'Q yyyy");

-- refused
SELECT date_format(DATE '2024-01-05', 'yyyy-mm-dd'), date_format(DATE '2024-01-05', 'Y');

-- refused
SELECT date_format(DATE '2024-01-05', 'bad!');

SELECT to_date('2024-1-5', 'yyyy-M-d'), to_date('2024-01-05', 'yyyy-M-d'), to_date('24/1/5', 'yy/M/d'), to_date('5-Jan-2024', 'd-MMM-yyyy'), to_date('January 2024', 'MMMM yyyy'), to_date('2024', 'yyyy'), to_date('01/2024', 'MM/yyyy');

SELECT to_date('2024-1-5', 'yyyy-MM-dd');

SELECT to_date('2024-01-05 extra', 'yyyy-MM-dd');

SELECT to_date('5-JAN-2024', 'd-MMM-yyyy');

-- refused
SELECT to_timestamp('2024-01-15 10:20:30.5', 'yyyy-MM-dd HH:mm:ss.S'), to_timestamp('2024-01-15 10:20:30.123', 'yyyy-MM-dd HH:mm:ss.SSS'), to_timestamp('1/5/2024 3:04', 'M/d/yyyy H:mm'), to_timestamp('2024-01-15T10:20:30', "yyyy-MM-dd'T'HH:mm:ss"), to_timestamp('12:30 AM 01/02/2024', 'hh:mm a MM/dd/yyyy'), to_timestamp('2024-01-15 10:20:30 UTC', 'yyyy-MM-dd HH:mm:ss z'), to_timestamp('2024-01-15 10:20:30-05:00', 'yyyy-MM-dd HH:mm:ssXXX');

SELECT to_timestamp('2024-01-15 10:20:30.12', 'yyyy-MM-dd HH:mm:ss.SSS');

SELECT to_timestamp('2024-01-15 25:00', 'yyyy-MM-dd HH:mm');

SELECT unix_timestamp('bad');

SELECT unix_timestamp('2024-01-15', 'yyyy-MM-dd'), from_unixtime(unix_timestamp('2024-01-15 00:00:00')), from_unixtime(1.9), from_unixtime('1700000000'), from_unixtime(-1), from_unixtime(1700000000, 'EEE HH'), to_unix_timestamp('2024-01-15 10:00:00');

-- refused
SELECT months_between('2024-02-29', '2024-01-31'), months_between('2024-01-15', '2024-03-10'), round(months_between('2024-07-01', '2000-02-15') / 12, 1), add_months('2024-02-29', 12), add_months('2023-02-28', 12), last_day('2023-02-01'), next_day('2024-01-15', 'xx') IS NULL AS n;

SELECT next_day('2024-01-15', 'monday'), next_day('2024-01-15', 'TU'), date_add(DATE '2024-02-28', 2), date_sub('2024-01-01', -1), datediff('2024-01-01', '2024-01-01 23:59:59'), date_add('2024-01-15 10:00:00', 1);

SELECT DATE '2024-01-15' - '2024-01-01';

-- refused
SELECT '2024-01-15' - INTERVAL 1 DAY, '2024-01-15 10:00:00' + INTERVAL 1 HOUR, INTERVAL 1 DAY + DATE '2024-01-15', DATE '2024-01-31' + INTERVAL '1' MONTH + INTERVAL '1' DAY, TIMESTAMP '2024-03-31 10:00:00' - INTERVAL '1' MONTH, DATE '2024-02-29' + INTERVAL 1 YEAR;

SELECT (TIMESTAMP '2024-01-02 10:00:00' - TIMESTAMP '2024-01-01 09:30:00') / 2 AS a, extract(HOUR FROM TIMESTAMP '2024-01-02 10:00:00' - TIMESTAMP '2024-01-01 09:30:00') AS b, extract(DAY FROM DATE '2024-01-02' - DATE '2023-12-25') AS c, DATE '2024-01-02' - TIMESTAMP '2024-01-01 12:00:00' AS d, cast(DATE '2024-01-02' - DATE '2023-12-25' AS INT) AS e;

SELECT extract(EPOCH FROM TIMESTAMP '2024-01-01 00:00:00');

SELECT extract(ISODOW FROM DATE '2024-01-01');

SELECT date_part('dow', DATE '2024-01-07'), date_part('seconds', TIMESTAMP '2024-01-07 01:02:03.5'), date_part('y', DATE '2024-01-07'), date_part('mon', DATE '2024-01-07'), extract(minutes FROM TIMESTAMP '2024-01-07 01:02:03.5');

-- refused
SELECT from_utc_timestamp('2024-11-03 06:30:00', 'America/New_York'), to_utc_timestamp('2024-03-10 02:30:00', 'America/New_York'), to_utc_timestamp('2024-11-03 01:30:00', 'America/New_York'), from_utc_timestamp(DATE '2024-07-01', 'Europe/London'), from_utc_timestamp('2024-07-01', 'UTC'), from_utc_timestamp('1900-01-01', 'Europe/Paris');

SELECT from_json('{"A":1}', 'a INT') AS a, from_json('{"a":1.0}', 'a INT') AS b, from_json('{"a":"x","a":"y"}', 'a STRING') AS c, from_json('{"a":{"b":1}}', 'a STRING') AS d, from_json(' {"a":1} ', 'a BIGINT') AS e, from_json('{"a":1} x', 'a INT') AS f, from_json('{}', 'a INT') AS g, from_json('[]', 'a INT') AS h, from_json('"x"', 'a INT') AS i, from_json('{"a":true}', 'a STRING') AS j;

-- refused
SELECT from_json('[{"a":1},{"a":2}]', 'a INT') AS a, from_json('{"a":1}', 'array<struct<a:int>>') AS b, from_json('{"a":[1,"x"]}', 'a ARRAY<INT>') AS c, from_json('{"a":3000000000}', 'a INT') AS d, from_json('{"a":1e2}', 'a DOUBLE') AS e, from_json("{'a':1}", 'a INT') AS f, from_json('{a:1}', 'a INT') AS g, from_json('{"a":01}', 'a INT') AS h, from_json('{"a":"1.5"}', 'a DOUBLE') AS i, from_json('{"a":"NaN"}', 'a DOUBLE').a IS NULL AS j;

-- refused
SELECT to_json(named_struct('a', CAST(NULL AS INT))), to_json(array(named_struct('x', 1.50, 'y', 'é"'))), to_json(map(1, 'a')), to_json(named_struct('d', 1.0D, 'f', CAST(0.1 AS FLOAT), 'n', double('NaN'), 'big', 1e20D)), to_json(named_struct('t', TIMESTAMP '2024-01-15 10:20:30.123456', 'b', true, 'l', array(), 'm', map()));

SELECT get_json_object('{"a":1.50}', '$.a'), get_json_object('{"a":"x\\ty"}', '$.a'), get_json_object('[1,2]', '$[1]'), get_json_object('{"a":{"b":null}}', '$.a'), get_json_object('{"a":[]}', '$.a[0]'), get_json_object('{"a":1}', 'a'), get_json_object('{"a":1}', '$'), get_json_object('{"a.b":1}', "$['a.b']"), CAST(get_json_object('{"n":"12"}', '$.n') AS INT) + 1;

-- refused
SELECT array_position(array(1, 2), 5), array_join(array(1, 2), ','), sort_array(array(true, false)), array_max(array('b', 'a')), array_contains(array('a'), NULL), array_remove(array('a', NULL), 'a'), size(array(NULL)), array_distinct(array('a', 'A')), slice(array(1, 2), 5, 1), element_at(split('a,b', ','), 2), array_union(array('a'), array(NULL, 'a')), array_except(array(1, NULL, 1), array(2));

SELECT slice(array(1, 2), 0, 1);

SELECT transform(filter(split(' a, b ,,c', ','), x -> trim(x) <> ''), x -> trim(x)) AS a, aggregate(transform(split('1,2,3', ','), x -> cast(x AS INT)), 0, (s, x) -> s + x) AS b, array_sort(map_keys(map('b', 1, 'a', 2))) AS c, map_from_entries(transform(split('a=1;b=2', ';'), p -> struct(split(p, '=')[0], split(p, '=')[1]))) AS d, aggregate(array(1.0, 2.5), CAST(0 AS DECIMAL(10,2)), (a, x) -> CAST(a + x AS DECIMAL(10,2))) AS e;

SELECT aggregate(array(1, 2), 0, (a, x) -> a + x * 1.5);

SELECT CASE WHEN NULL THEN 1 ELSE 2 END, CASE NULL WHEN NULL THEN 1 ELSE 2 END, CASE 1 WHEN 1.0 THEN 'y' END, CASE WHEN 1 > 2 THEN 'a' WHEN NULL THEN 'b' END, 1 IN (NULL, 1), 1 IN (NULL, 2), NULL IN (1), 1 NOT IN (2, NULL), NOT (1 IN (2)), NULL BETWEEN 1 AND 2, 2 BETWEEN NULL AND 1;

SELECT 1 IN ('a');

SELECT hash(CAST(NULL AS STRING), 1), xxhash64(CAST(1 AS DECIMAL(10,2))), hash(1.5F), hash(CAST(-0.0 AS DOUBLE)), hash(TIMESTAMP '2024-01-01 00:00:00'), hash(X'01'), xxhash64(DATE '2024-01-01'), hash('é'), hash(CAST(12345678901234567890 AS DECIMAL(38,0))), crc32('é'), md5(X'00'), sha2('', 256), hash('');

SELECT id, length(name) > 3 AND dept = 'dev' AS a, NOT (pay > 5000 OR dept IS NULL) AS b, pay BETWEEN 3000 AND 5000 AS c, coalesce(dept, name, 'x') AS d, pay * 0.1 AS e, pay / 12 AS f, round(pay / 12, 2) AS g, CAST(pay AS INT) % 7 AS h, greatest(pay, 4000) AS i FROM people;

SELECT nme FROM people;

SELECT people.name, p.id FROM people p;

SELECT id, count(*) AS c FROM people GROUP BY id HAVING cnt > 1;

SELECT max(sum(pay)) FROM people GROUP BY dept;

SELECT id FROM people LIMIT -1;

SELECT id AS a, a + 1 AS b, b * 2 AS c FROM people;

SELECT id FROM people WHERE row_number() OVER (ORDER BY id) = 1;

SELECT concat_ws(',', id, pay) FROM people WHERE id = 1;

SELECT lower(id), trim(12), length(123), substr(12345, 2, 2), 5 LIKE '5', reverse(123), lpad(7, 3, '0'), upper(true), split(12, '1')[1] FROM people WHERE id = 1;

SELECT date_add(hired, id), hired + id, datediff(hired, '2015-01-01'), year(hired) - 2000, hired > '2016', months_between(hired, DATE '2014-01-31') FROM people;

SELECT (SELECT id FROM people);

SELECT explode(split('a b', ' ')) AS w, 1 AS one;

SELECT array(1, 2)[2 - 1], array(1, 2)[-1];

SELECT map('a', 1)['b'], struct(1 AS a).b;

SELECT named_struct('a', 1).b;

SELECT e.id, e.name, b.name AS boss FROM people e LEFT JOIN people b ON e.boss = b.id WHERE lower(e.name) LIKE '%e%';

SELECT bround(2.5D), bround(-2.5), bround(1.25, 1), bround(1.35D, 1), bround(15, -1), sign(-0.0D), abs(-0.0D), -0.0D = 0.0D, 0.0D / 1, sqrt(0.25), pow(-8, 1.0 / 3), cbrt(-8), log(10, 100), log(NULL), exp(0), log10(0), log2(0.5), degrees(1), sin(0), cos(pi()), atan2(-1, -1);

SELECT conv('zz', 36, 10), conv('12', 10, 2), conv('g', 16, 10), conv('', 10, 2), hex(-1), bin(-1), unhex('zz'), unhex('abc'), hex(1.9), conv('-10', 10, -16), hex(X'0aFF');

SELECT try_cast(x AS TIMESTAMP) AS t, x FROM VALUES ('2024-01-15 10:20+02:00'), ('2024-01-15 10:20Z'), ('2024-01-15 10Z'), ('2024-01-15 10:20 +02:00'), ('2024-01-15 10:20:30 +02:00'), ('2024-01-15 10 UTC'), ('2024-01-15T10:20 UTC'), ('2024-01-15 10:20:30.5 Z'), ('2024-01-15 10:20:'), ('2024-01-15 10:20:30.'), ('2024-01-15 10:20:30.+01:00'), ('2024-01-15 10:'), ('2024-01-15Z'), ('2024-01Z') AS v(x);

SELECT try_cast(x AS TIMESTAMP) IS NULL AS t, x FROM VALUES ('10:20+02:00'), ('10:20Z'), ('T10Z'), ('10:20:30 Z'), ('10:20:30+02:00'), ('10:20:30.'), ('10:20:'), ('T10'), ('10:'), ('T10:20:30.123 UTC'), ('T10:20 Z') AS v(x);

SELECT CASE WHEN NULL THEN 1 ELSE 2 END;

SELECT CASE WHEN 1 > 2 THEN 'a' WHEN NULL THEN 'b' END;

SELECT if(NULL, 1, 2);

SELECT CASE NULL WHEN NULL THEN 1 ELSE 2 END;

SELECT CASE WHEN 'true' THEN 1 END;

SELECT CASE WHEN 1 THEN 1 END;

SELECT NULL IN (1), 1 IN (NULL, 1), NULL BETWEEN 1 AND 2;

SELECT 2 BETWEEN NULL AND 1, CASE 1 WHEN 1.0 THEN 'y' END;

-- refused
SELECT try_cast('today ' AS DATE) IS NULL AS a, to_date('tomorrow') IS NULL AS b, DATE '2024-01-01' < 'now' AS c, try_cast(' EPOCH' AS TIMESTAMP_NTZ) AS d, try_cast(x AS DATE) AS e FROM VALUES ('today') AS v(x);

-- refused
SELECT to_timestamp('epoch') AS a, try_cast('epoch UTC' AS TIMESTAMP) AS b, try_cast('epoch' AS DATE) AS c, try_cast('epochs' AS DATE) AS d;
