"""A small S3 and web server that keeps objects in memory, checks signatures, and misbehaves on demand.

S3, path style: /BUCKET/KEY, signed with the keys below. The bucket says how it behaves:
  lake        as it should            pages        two keys a page, keys encoded
  elsewhere   is in another region    slow         503 SlowDown for the first two requests of a key
  skewed      finds the clock wrong   broken       completing an upload fails inside a 200
  raw         lists keys unencoded    session      wants the session token SESSION
  flakyparts  parts and ends fail     refuses      the second part of an upload
              at first                lostend      puts the parts together and says that it failed
  unfinished  refuses _SUCCESS        moved301, moved307  are in another region, as S3 says it
  huge        t/part-00000.csv and    cutlist      lists without an end
              9,999 more              endless      lists that go on with the same page
  nohead      knows no HEAD           norange, nosuffix   give no parts, or none from the end
  lateclock   never likes the time
Web: /web/MODE/NAME serves the object lake/NAME:
  good noranges nosuffix azure nohead changes wrong redirect weak flaky
GET /log gives what was asked since the last time, one request a line. GET /uploads gives the number of those not ended.
POST / is STS. /latest/ and /container are metadata services, /federation/ is SSO's portal. The session of ASIAOLD has ended.
"""
import hashlib, hmac, http.server, re, sys, threading, time, urllib.parse
from xml.sax.saxutils import escape

ACCESS, SECRET = 'AKIDEXAMPLE', 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
KEYS = {ACCESS: SECRET, 'ASIAROLE': 'role-secret', 'ASIAWEB': 'web-secret', 'ASIAINSTANCE': 'instance-secret',
        'ASIABOX': 'box-secret', 'ASIASSO': 'sso-secret', 'ASIAOLD': 'old-secret'}
objects, uploads, seen_uploads, log, seen = {}, {}, [], [], {}
lock = threading.Lock()
HUGE = [f't/part-{i:05}.csv' for i in range(10000)]
HUGE_ROWS = b'id\n' + b'1\n' * 100
objects.update({('huge', key): HUGE_ROWS for key in HUGE})


def quote(text, safe=''):
    return urllib.parse.quote(text, safe='-._~' + safe)


def signature(method, target, headers, body, region):
    """The Authorization that this request should have, written from the description of Signature V4."""
    given = headers['authorization']
    parts = dict(p.strip().split('=', 1) for p in given.split(' ', 1)[1].split(','))
    access, day, at_region, service, _ = parts['Credential'].split('/')
    path, _, query = target.partition('?')
    pairs = sorted(p.partition('=')[::2] for p in query.split('&') if p)
    names = parts['SignedHeaders'].split(';')
    for name in headers:
        if (name == 'host' or name.startswith('x-amz-')) and name not in names:
            return 'unsigned ' + name
    payload = headers.get('x-amz-content-sha256', hashlib.sha256(body).hexdigest())
    if payload != hashlib.sha256(body).hexdigest():
        return 'XAmzContentSHA256Mismatch'
    canonical = '\n'.join([method, path, '&'.join(f'{k}={v}' for k, v in pairs)] +
                          [f'{n}:{" ".join(headers[n].split())}' for n in names] + ['', ';'.join(names), payload])
    scope = f'{day}/{at_region}/{service}/aws4_request'
    text = '\n'.join(['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = ('AWS4' + KEYS.get(access, '')).encode()
    for part in (day, at_region, service, 'aws4_request'):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    if at_region != region:
        return 'region ' + region
    return None if hmac.new(key, text.encode(), hashlib.sha256).hexdigest() == parts['Signature'] else 'SignatureDoesNotMatch'


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *args):
        pass

    def answer(self, status, body=b'', **headers):
        if isinstance(body, str):
            body = body.encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace('_', '-'), value)
        if 'Content_Length' not in headers:
            self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        if self.command != 'HEAD':
            self.wfile.write(body)

    def error(self, status, code, extra='', **headers):
        self.answer(status, f'<?xml version="1.0"?><Error><Code>{code}</Code><Message>told &amp; true</Message>{extra}</Error>', **headers)

    def part(self, data, etag, total=None, shift=0):
        """A range of an object, as HTTP has it."""
        if self.headers.get('If-Match', etag) != etag:
            return self.error(412, 'PreconditionFailed')
        text = self.headers.get('Range')
        if not text:
            return self.answer(200, data, ETag=etag)
        first, last = text[6:].split('-')
        n = len(data)
        start = max(0, n - int(last)) if first == '' else int(first)
        end = n if first == '' else min(n, int(last) + 1)
        if start >= n:
            return self.error(416, 'InvalidRange', Content_Range=f'bytes */{n}')
        self.answer(206, data[start:end], ETag=etag, Content_Range=f'bytes {start + shift}-{end - 1 + shift}/{total or n}')

    def times(self, what):
        with lock:
            seen[what] = seen.get(what, 0) + 1
            return seen[what]

    # ---- The web

    def web(self, mode, name):
        data = objects[('lake', name)]
        etag = '"%s"' % hashlib.md5(data).hexdigest()
        suffix = (self.headers.get('Range') or '').startswith('bytes=-')
        if mode == 'nohead' and self.command == 'HEAD':
            return self.answer(405)
        if mode == 'noranges':
            return self.answer(200, data)
        if mode in ('nosuffix', 'nohead') and suffix:
            return self.answer(416)
        if mode == 'azure' and suffix:
            return self.answer(200, data, ETag=etag)
        if mode == 'changes':
            return self.part(data, '"%d"' % self.times('changes'))
        if mode == 'weak':
            return self.part(data, 'W/' + etag)
        if mode == 'wrong' and not suffix:
            return self.part(data, etag, shift=1)
        if mode == 'redirect':
            return self.answer(302, Location=f'/web/good/{name}')
        if mode == 'flaky' and self.times('flaky') % 3:
            return self.answer(503)
        self.part(data, etag)

    # ---- S3

    def listing(self, bucket, query):
        if bucket == 'cutlist':
            return self.answer(200, '<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>t/a.csv</Key>')
        if bucket == 'endless':
            return self.answer(200, '<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>x</NextContinuationToken>'
                               '<Contents><Key>t/a.csv</Key><Size>1</Size></Contents></ListBucketResult>')
        keys = HUGE if bucket == 'huge' else sorted(k for b, k in objects if b == bucket)
        keys = [k for k in keys if k.startswith(query.get('prefix', ''))]
        page = 2 if bucket == 'pages' else int(query.get('max-keys', 1000))
        after = query.get('continuation-token', '')
        keys = [k for k in keys if k > after]
        encode = (lambda k: quote(k, '/')) if bucket != 'raw' else escape
        rows = ''.join(f'<Contents><Key>{encode(k)}</Key><LastModified>2024-01-15T12:00:00.000Z</LastModified>'
                       f'<ETag>&#34;x&#34;</ETag><Size>{len(objects[(bucket, k)])}</Size></Contents>' for k in keys[:page])
        more = f'<NextContinuationToken>{escape(keys[page - 1])}</NextContinuationToken>' if len(keys) > page else ''
        self.answer(200, '<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
                    f'<IsTruncated>{"true" if more else "false"}</IsTruncated>{more}'
                    f'{"" if bucket == "raw" else "<EncodingType>url</EncodingType>"}{rows}</ListBucketResult>')

    def upload(self, bucket, key, query, body):
        if self.command == 'POST' and 'uploads' in query:
            with lock:
                name = f'id/{len(seen_uploads) + 1}'
                seen_uploads.append(name)
                uploads[name] = {}
            return self.answer(200, f'<InitiateMultipartUploadResult><UploadId>{name}</UploadId></InitiateMultipartUploadResult>')
        name = query['uploadId']
        if name not in uploads:
            return self.error(404, 'NoSuchUpload')
        parts = uploads[name]
        if self.command == 'PUT':
            number = int(query['partNumber'])
            if bucket == 'flakyparts' and self.times(f'{name} {number}') == 1:
                return self.error(503, 'SlowDown')
            if bucket == 'refuses' and number == 2:
                return self.error(403, 'AccessDenied')
            parts[number] = body
            return self.answer(200, ETag=f'"part&{number}"')
        if self.command == 'DELETE':
            uploads.pop(name)
            return self.answer(204)
        if bucket == 'broken' or (bucket == 'flakyparts' and self.times(f'{name} end') == 1):
            return self.error(200, 'InternalError')
        listed = re.findall(rb'<PartNumber>(\d+)</PartNumber><ETag>&#34;part&#38;(\d+)&#34;</ETag>', body)
        if [(int(a), int(b)) for a, b in listed] != [(i, i) for i in range(1, len(parts) + 1)]:
            return self.error(400, 'InvalidPart')
        if any(len(parts[i]) < 5 << 20 for i in range(1, len(parts))):
            return self.error(400, 'EntityTooSmall')
        objects[(bucket, key)] = b''.join(parts[i] for i in sorted(parts))
        uploads.pop(name)
        if bucket == 'lostend' and self.times('lostend') == 1:
            return self.error(500, 'InternalError')
        self.answer(200, '<CompleteMultipartUploadResult/>')

    def s3(self, bucket, key, query, body):
        region = 'eu-north-1' if bucket in ('elsewhere', 'moved301', 'moved307') else 'us-east-1'
        if 'authorization' not in self.low:
            return self.error(403, 'AccessDenied')
        wrong = signature(self.command, self.path, self.low, body, region)
        if wrong and wrong.startswith('region') and bucket.startswith('moved'):
            code = 'PermanentRedirect' if bucket == 'moved301' else 'TemporaryRedirect'
            return self.error(int(bucket[5:]), code, x_amz_bucket_region=region, Location='http://192.0.2.1/nowhere')
        if wrong and wrong.startswith('region'):
            return self.error(400, 'AuthorizationHeaderMalformed', f'<Region>{region}</Region>')
        if wrong:
            return self.error(403, wrong)
        access = self.low['authorization'].split('Credential=')[1].split('/')[0]
        if (access.startswith('ASIA') or bucket == 'session') and self.low.get('x-amz-security-token') != 'SESSION':
            return self.error(400, 'InvalidToken')
        if access == 'ASIAOLD':
            return self.error(400, 'ExpiredToken')
        if bucket == 'skewed' and abs(time.time() + 3600 - time.mktime(time.strptime(self.low['x-amz-date'], '%Y%m%dT%H%M%SZ')) + time.timezone) > 900:
            return self.error(403, 'RequestTimeTooSkewed')
        if bucket == 'lateclock':
            return self.error(403, 'RequestTimeTooSkewed')
        if bucket == 'slow' and self.times(self.path) <= 2:
            return self.error(503, 'SlowDown')
        if bucket == 'never':
            return self.error(503, 'SlowDown')
        if bucket == 'nobody':
            return self.error(404, 'NoSuchBucket')
        if 'uploads' in query or 'uploadId' in query:
            return self.upload(bucket, key, query, body)
        if self.command == 'DELETE':
            objects.pop((bucket, key), None)
            return self.answer(204)
        if self.command == 'PUT' and bucket == 'unfinished' and key.endswith('_SUCCESS'):
            return self.error(403, 'AccessDenied')
        if self.command == 'PUT':
            objects[(bucket, key)] = body
            return self.answer(200, ETag='"%s"' % hashlib.md5(body).hexdigest())
        if query.get('list-type') == '2':
            return self.listing(bucket, query)
        if (bucket, key) not in objects:
            return self.error(404, 'NoSuchKey')
        data = objects[(bucket, key)]
        if bucket == 'nohead' and self.command == 'HEAD':
            return self.error(405, 'MethodNotAllowed')
        if bucket == 'norange':
            return self.answer(200, data)
        if bucket in ('nohead', 'nosuffix') and (self.headers.get('Range') or '').startswith('bytes=-'):
            return self.error(416, 'InvalidRange')
        self.part(data, '"%s"' % hashlib.md5(data).hexdigest())

    # ---- Who one is

    def sts(self, body):
        form = dict(urllib.parse.parse_qsl(body.decode()))
        if form['Action'] == 'AssumeRole':
            if signature('POST', '/', self.low, body, 'us-east-1') or form['RoleArn'] != 'arn:aws:iam::1:role/reader':
                return self.error(403, 'AccessDenied')
            name = 'ROLE'
        else:
            if form['WebIdentityToken'] != 'a.web.token' or 'authorization' in self.low:
                return self.error(400, 'InvalidIdentityToken')
            name = 'WEB'
        self.answer(200, f'<R><X><Credentials><AccessKeyId>ASIA{name}</AccessKeyId><SecretAccessKey>{name.lower()}-secret'
                    '</SecretAccessKey><SessionToken>SESSION</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>'
                    '</Credentials></X></R>')

    def keys(self, name):
        self.answer(200, '{"Code":"Success","AccessKeyId":"ASIA%s","SecretAccessKey":"%s-secret","Token":"SESSION",'
                    '"Expiration":"%s"}' % (name, name.lower(), '2099-01-01T00:00:00Z'))

    def sso(self, query):
        if self.low.get('x-amz-sso_bearer_token') != 'sso-token':
            return self.answer(401)
        if query != {'account_id': '123', 'role_name': 'Reader'}:
            return self.answer(403)
        self.answer(200, '{"roleCredentials":{"accessKeyId":"ASIASSO","secretAccessKey":"sso-secret","sessionToken":"SESSION",'
                    '"expiration":4070908800000}}')

    def metadata(self):
        if self.path == '/container':
            return self.keys('BOX') if self.low.get('authorization') == 'box-token' else self.answer(403)
        if self.path == '/latest/api/token' and self.command == 'PUT':
            return self.answer(200, 'imds-token')
        if self.low.get('x-aws-ec2-metadata-token') != 'imds-token':
            return self.answer(401)
        return self.keys('INSTANCE') if self.path.endswith('/my-role') else self.answer(200, 'my-role')

    def serve(self):
        self.low = {k.lower(): v for k, v in self.headers.items()}
        body = self.rfile.read(int(self.headers.get('Content-Length') or 0))
        path, _, text = self.path.partition('?')
        if path == '/log':
            out, log[:] = '\n'.join(log), []
            return self.answer(200, out)
        if path == '/uploads':
            return self.answer(200, str(len(uploads)))
        if path == '/':
            return self.sts(body)
        if path == '/federation/credentials':
            return self.sso(dict(urllib.parse.parse_qsl(text)))
        if path.startswith('/latest/') or path == '/container':
            return self.metadata()
        with lock:
            log.append(f'{self.command} {self.path} {self.headers.get("Range") or ""}'.strip())
        path = urllib.parse.unquote(path)
        query = dict(urllib.parse.parse_qsl(text, keep_blank_values=True))
        if path.startswith('/web/'):
            return self.web(*path[5:].split('/', 1))
        bucket, _, key = path[1:].partition('/')
        self.s3(bucket, key, query, body)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = serve

    def date_time_string(self, timestamp=None):
        ahead = 3600 if self.path.startswith('/skewed') else 0
        if self.path.startswith('/lateclock'):
            ahead = 3600 * self.times('lateclock')
        return super().date_time_string((timestamp or time.time()) + ahead)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


server = Server(('127.0.0.1', 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
