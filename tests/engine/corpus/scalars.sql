-- Scalar functions: numbers and texts. Marks as in core.sql.

SELECT id, ceil(d, 1), floor(d, 1), ceil(d, 0), floor(d, -1) FROM numbers WHERE id NOT IN (3, 6, 10);
SELECT id, ceil(m, 1), floor(m, 1), ceil(m, -1), floor(m, -2), ceiling(m, 3) FROM numbers WHERE id NOT IN (2, 3);
SELECT id, ceil(i, -1), floor(i, -1), ceil(i, 1), floor(l, -2), ceil(b, 0) FROM numbers WHERE id NOT IN (2, 3);
SELECT ceil(3.14159, 3), floor(3.14159, 3), ceil(-0.1, 0), floor(-2.5D, 0), ceil(2.123D, 2), floor(1.005D, 2);
SELECT ceil(i, -1) FROM numbers WHERE id = 3;
SELECT floor(l, -1) FROM numbers WHERE id = 2;
SELECT id, overlay(t, '__', 2), overlay(t, '__', 2, 1), overlay(t PLACING 'xyz' FROM 3 FOR 0), overlay(t, '', 1, 2), overlay(t, u, 3, 10) FROM texts;
SELECT overlay('Spark SQL' PLACING '_' FROM 6), overlay('Spark SQL' PLACING 'CORE' FROM 7), overlay('Spark SQL', 'ANSI ', 7, 0), overlay('Spark SQL', 'tructured', 2, 4), overlay('abc', 'x', 0), overlay('abc', 'x', -1, 1), overlay('abc', NULL, 1), overlay('abc', 'xx', 2, -1);
SELECT id, elt(id, 'a', 'b', 'c') FROM texts WHERE id < 4;
SELECT elt(1, 'scala', 'java'), elt(2, 'a', 1), elt(NULL, 'a', 'b'), elt(2, 'a', NULL);
SELECT elt(0, 'a', 'b');
SELECT elt(3, 'a', 'b');
-- refused
SELECT id, mask(t), mask(t, 'Q'), mask(t, 'Q', 'q', 'd'), mask(t, 'Q', 'q', 'd', 'o'), mask(t, NULL, NULL, 'd', NULL) FROM texts;
SELECT mask('abcd-EFGH-8765-4321'), mask('AbCD123-@$#', 'Q', 'q'), mask(NULL), mask('Ab1-', 'Q', NULL, '*', '.');
SELECT luhn_check('8112189876'), luhn_check('79927398713'), luhn_check('79927398714'), luhn_check(''), luhn_check('0'), luhn_check('a1'), luhn_check(NULL), luhn_check(' 0');
SELECT id, luhn_check(t) FROM texts;
SELECT parse_url('http://spark.apache.org/path?query=1', 'HOST'), parse_url('http://spark.apache.org/path?query=1', 'QUERY'), parse_url('http://spark.apache.org/path?query=1', 'QUERY', 'query'), parse_url('https://user:pw@ex.com:8080/a/b.html?x=1&y=2#frag', 'AUTHORITY');
SELECT parse_url('https://user:pw@ex.com:8080/a/b.html?x=1&y=2#frag', 'PROTOCOL'), parse_url('https://user:pw@ex.com:8080/a/b.html?x=1&y=2#frag', 'PATH'), parse_url('https://user:pw@ex.com:8080/a/b.html?x=1&y=2#frag', 'FILE'), parse_url('https://user:pw@ex.com:8080/a/b.html?x=1&y=2#frag', 'REF'), parse_url('https://user:pw@ex.com:8080/a/b.html?x=1&y=2#frag', 'USERINFO'), parse_url('https://user:pw@ex.com:8080/a/b.html?x=1&y=2#frag', 'QUERY', 'y'), parse_url('https://user:pw@ex.com:8080/a/b.html?x=1&y=2#frag', 'QUERY', 'z'), parse_url('https://ex.com', 'PATH'), parse_url('https://ex.com', 'QUERY'), parse_url('x', 'HOST'), parse_url('https://ex.com', 'host');
SELECT id FROM texts WHERE t LIKE ANY ('%a%', 'h%');
SELECT id FROM texts WHERE t LIKE ALL ('%a%', '%b%');
SELECT id, t LIKE SOME ('a%', '%o'), t NOT LIKE ANY ('a%', '%o'), t NOT LIKE ALL ('a%', '%o'), t LIKE ANY (u, NULL), t ILIKE ANY ('A%', 'H%'), t NOT ILIKE ALL ('A%') FROM texts;
SELECT id, regexp_instr(t, '[a-z]+'), regexp_instr(t, 'l'), regexp_instr(t, '(l)(o)', 1) FROM texts;
SELECT id, regexp_extract_all(t, '([a-z])([a-z])', 2), regexp_extract_all(t, '([a-z])', 1), regexp_extract_all(t, '[0-9]+', 0) FROM texts;
SELECT regexp_extract_all('100-200, 300-400', '(\\d+)-(\\d+)', 1), regexp_extract_all('100-200, 300-400', '(\\d+)-(\\d+)'), regexp_extract_all('abc', 'x', 0), regexp_extract_all(NULL, 'x', 0);
SELECT assert_true(1 = 1), assert_true(true, 'no');
SELECT assert_true(id > 0) FROM numbers;
SELECT assert_true(i > 0) FROM numbers WHERE id = 2;
SELECT assert_true(false, 'bad row');
SELECT raise_error('oops');
SELECT CASE WHEN id > 100 THEN raise_error('oops') ELSE 'ok' END FROM numbers;
SELECT id, sinh(d), cosh(d), tanh(d) FROM numbers;
SELECT sinh(1), cosh(1), tanh(1), sinh(0.5D), cosh(-2D), tanh(-0.3D), sinh(20D), cosh(25D), tanh(30D), sinh(710.2D), cosh(710.4D), sinh(NULL);
SELECT id, asin(d), acos(d), atan(d), atan2(d, f), hypot(d, f) FROM numbers;
SELECT asin(0.5D), acos(0.5D), acos(-0.7D), asin(1), acos(-1), atan(1), atan2(1, 2), atan2(-1D, -2D), atan2(0D, -1D), hypot(3, 4), hypot(1e300D, 1e300D), asin(2);
-- refused
SELECT asinh(0.5D), acosh(1.5D), atanh(0.5D), asinh(-3D), acosh(0.5D), atanh(1D), atanh(-2D);
-- refused
SELECT id, asinh(d), acosh(d), atanh(d) FROM numbers;
SELECT current_timezone();
-- refused
SELECT bitmap_count(X'0F'), bitmap_count(X''), bitmap_count(X'FF10'), bitmap_bit_position(5), bitmap_bit_position(32769), bitmap_bucket_number(5), bitmap_bucket_number(32769), bitmap_bucket_number(0), bitmap_bit_position(-3), bitmap_bucket_number(-32768);
-- refused
SELECT to_binary('6162', 'hex'), to_binary('abc', 'utf-8'), to_binary('YWJj', 'base64'), to_binary('616'), try_to_binary('zz', 'hex'), try_to_binary('abc', 'utf8');
-- refused
SELECT is_valid_utf8(t), make_valid_utf8(t), validate_utf8(t), try_validate_utf8(t) FROM texts;
SELECT id, i << 2, i >> 1, i >>> 1, l << 3, b >> 1, 1 << 3 + 1 FROM numbers;
-- refused
SELECT id, quote(t) FROM texts;
SELECT to_number('454', '999'), to_number('$78.12', '$99.99'), to_number('12,454.8-', '99,999.9S'), try_to_number('abc', '999'), to_number('-12', 'S99'), to_number('0012', '0000');
SELECT to_char(454, '999'), to_char(454.00, '000D00'), to_char(12454, '99G999'), to_char(78.12, '$99.99'), to_char(-12454.8, '99G999D9S'), to_varchar(3, '000');
-- refused
SELECT user() = current_user(), version() IS NOT NULL;
SELECT id, char(id + 64), chr(id * 100), initcap(t), initcap('ÉCOLE straße ǆ o''neil a-b') FROM texts;
SELECT id, hypot(d, 1), greatest(sinh(f), 0D) FROM numbers WHERE id IN (1, 8, 9);
SELECT id, sin(d), cos(d), sec(f), csc(f) FROM numbers WHERE id NOT IN (3, 10) AND abs(f) < 1e5;
SELECT id, expm1(d), log1p(d), expm1(i) FROM numbers WHERE id NOT IN (3);
SELECT sin(0.5D), cos(0.5D), sin(1), cos(1), sin(-2.5D), cos(3.14159D), sin(100.0D), cos(12345.678D), sin(1e-10D), cos(1e-10D), sin(cast('NaN' AS double)), cos(cast('Infinity' AS double)), sin(-0D), sin(NULL), sin(radians(30D)), cos(radians(60));
SELECT 2 * 6371 * asin(sqrt(pow(sin(radians(48.8566 - 40.7128) / 2), 2) + cos(radians(40.7128)) * cos(radians(48.8566)) * pow(sin(radians(2.3522 + 74.0060) / 2), 2))) AS km;
SELECT sin(2 * pi() * hour(ts) / 24) AS s, cos(2 * pi() * hour(ts) / 24) AS c, sin(2 * pi() * dayofweek(ts) / 7) AS w, cos(2 * pi() * month(ts) / 12) AS m FROM times;
SELECT e, sin(n), cos(n), atan2(n, e), degrees(atan2(sin(n), cos(n))) FROM events;
SELECT elt(1, 'a', 'b'), elt(id, t, 'b') FROM texts WHERE id = 1;
SELECT ceil(5, 2), ceil(5L, 1), ceil(1.5F, 1);
SELECT t LIKE ANY ('a'), t LIKE ALL ('a', 'b'), 'x' LIKE ANY ('x'), t LIKE ANY ('x', NULL) FROM texts WHERE id = 1;
SELECT t LIKE ALL (u, 'x'), t NOT LIKE ANY (u, 'x'), t ILIKE ANY (u, 'X'), t NOT LIKE ALL (u) FROM texts WHERE id = 1;
SELECT to_timestamp_ntz(t), to_timestamp_ltz('2020-01-01'), localtimestamp() > n FROM texts, times WHERE false;
SELECT regexp_instr(t, 'l', 0) FROM texts WHERE id = 1;
SELECT overlay(t PLACING u FROM 1), overlay(t, u, NULL), overlay(12345, 'x', 2) FROM texts WHERE id = 1;
SELECT to_timestamp_ntz('2020-01-01', 'yyyy-MM-dd'), to_timestamp_ltz('x', 'yyyy');
SELECT to_timestamp_ntz('x');
SELECT to_timestamp_ntz(DATE'2020-01-01'), to_timestamp_ntz(n), to_timestamp_ltz(n), to_timestamp_ltz(ts) FROM times WHERE id = 1;
-- refused
SELECT timestamp_seconds(1.1234567);
SELECT timestamp_seconds(1.123456), timestamp_seconds(m) FROM numbers WHERE id IN (1, 7);
SELECT convert_timezone('UTC', 'Asia/Tokyo', ts), convert_timezone('Asia/Tokyo', n) FROM times WHERE id = 1;
SELECT luhn_check(12345674), luhn_check('1 2');
SELECT localtimestamp > n FROM times;
SELECT id, mask(t), mask(t, 'Q'), mask(t, 'Q', 'q', 'd'), mask(t, 'Q', 'q', 'd', 'o'), mask(t, NULL, NULL, 'd', NULL) FROM texts WHERE id <> 12 AND id <> 4;
SELECT mask(NULL, 'X'), mask('', 'A'), mask('a😀B1', 'U', 'l', 'd', '-');
SELECT parse_url('https://www.shop.example.com/cart?item=42&utm_source=mail&x=', 'QUERY', 'utm_source'), parse_url('https://www.shop.example.com/cart?item=42&x=', 'QUERY', 'x'), parse_url('https://ex.com/?a=1&a=2', 'QUERY', 'a'), parse_url('https://ex.com/?ba=1&a=2', 'QUERY', 'a'), parse_url('https://ex.com/?ba=1', 'QUERY', 'a'), parse_url('https://ex.com/p', 'QUERY', 'a'), parse_url('https://ex.com/p?', 'QUERY'), parse_url('https://ex.com/p#', 'REF');
SELECT parse_url('http://192.168.1.1:80/a', 'HOST'), parse_url('/just/a/path?x=1', 'PATH'), parse_url('/just/a/path?x=1', 'FILE'), parse_url('ftp://u@h.org/x%20y', 'PATH'), parse_url('ftp://u@h.org/x%20y', 'USERINFO'), parse_url('https://EX.com', 'HOST'), parse_url('HTTPS://ex.com', 'PROTOCOL'), parse_url('https://ex.com/a;b=1', 'PATH'), parse_url(NULL, 'HOST'), parse_url('http://ex.com', NULL), parse_url('', 'PATH'), parse_url('a/b', 'HOST');
SELECT parse_url('http://a.b/p?q=1', 'HOST', 'q'), parse_url('http://a.b/p?q=1', 'QUERY', NULL), parse_url('http://a.b?q=1', 'PATH'), parse_url('http://a.b?q=1', 'FILE'), parse_url('http://a-b.c1/', 'HOST');
SELECT regexp_extract_all('a1b22', '([a-z])(\\d+)?', 2), regexp_extract_all('abc', '[a-z]', 0), regexp_extract_all('#a #b c', '#(\\w+)', 1), size(regexp_extract_all('a,b', '[a-z]', 0)), regexp_extract_all('abc', 'x*', 0);
SELECT regexp_extract_all('abc', 'b', 1);
SELECT regexp_extract_all('abc', 'x', 5);
