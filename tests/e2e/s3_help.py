"""What tests of object storage share: signed requests, and servers that check signatures."""
import datetime
import hashlib
import hmac
import importlib.util
import os
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

from harness import ROOT, Failure

ACCESS, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
TOOL = str(ROOT / "tests/tools/s3.sh")


def clean_environment():
    os.environ.update(LAKE_ACCESS=ACCESS, LAKE_SECRET=SECRET, AWS_EC2_METADATA_DISABLED="true")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        os.environ.pop(name, None)


def signed(port, method, path, body=b"", query=""):
    """A signed request; `path` and `query` are encoded. The status and the body."""
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    host, payload = f"127.0.0.1:{port}", hashlib.sha256(body).hexdigest()
    names = "host;x-amz-content-sha256;x-amz-date"
    canonical = f"{method}\n{path}\n{query}\nhost:{host}\nx-amz-content-sha256:{payload}\nx-amz-date:{now}\n\n{names}\n{payload}"
    scope = f"{now[:8]}/us-east-1/s3/aws4_request"
    key = ("AWS4" + SECRET).encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    text = f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    url = f"http://{host}{path}" + (f"?{query}" if query else "")
    request = urllib.request.Request(url, data=body if method in ("PUT", "POST") else None, method=method, headers={
        "x-amz-date": now, "x-amz-content-sha256": payload, "Content-Type": "application/octet-stream",
        "Authorization": f"AWS4-HMAC-SHA256 Credential={ACCESS}/{scope}, SignedHeaders={names}, Signature={signature}"})
    try:
        answer = urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60)
        return answer.status, answer.read()
    except urllib.error.HTTPError as e:
        return e.code, e.read()


class S3Proxy:
    name = "S3Proxy"

    def __init__(self, port):
        self.port = port
        subprocess.run(["sh", TOOL, "start", str(port)], check=True, timeout=900)

    def stop(self):
        subprocess.run(["sh", TOOL, "stop", str(self.port)], check=True)


class Moto:
    """Python's moto, where it is installed: more of S3's rules than S3Proxy has."""
    name = "moto"

    @staticmethod
    def is_here():
        return importlib.util.find_spec("moto") is not None

    def __init__(self, port):
        self.port = port
        self.process = subprocess.Popen([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 60
        while time.monotonic() < end and self.process.poll() is None:
            try:
                signed(port, "GET", "/")
                return
            except OSError:
                time.sleep(0.1)
        raise Failure("moto did not start")

    def stop(self):
        self.process.terminate()
        self.process.wait()
