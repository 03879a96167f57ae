"""A Spark Connect server that plays one scene, for what a real one does not do on demand.

fake_connect.py SCENE

Prints its port, then a line a call: the method and the last response the client has; of the scene "who" also the user and
the headers that are no gRPC's; of "old", which is a Spark 3.5, what it was asked to do. Every operation has four rows,
1 to 4, in batches of one; response N has the id rN.
"""
import sys
from concurrent import futures

import grpc
import pyarrow as pa

scene = sys.argv[1]
WITH_RELATIONS = b"\xca\x02"  # its tag in Relation
counts = {}


def varint(n):
    out = b""
    while n > 127:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])


def field(number, value):
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    value = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(value)) + value


def texts(message):
    """Fields of a request that are bytes, by number."""
    at, out = 0, {}

    def read():
        nonlocal at
        n = shift = 0
        while True:
            byte = message[at]
            at += 1
            n |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return n

    while at < len(message):
        tag = read()
        if tag & 7 == 2:
            n = read()
            out[tag >> 3] = message[at : at + n]
            at += n
        else:
            read()
    return out


def batch(n):
    table = pa.table({"id": pa.array([n], pa.int64())})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return field(2, field(1, 1) + field(2, sink.getvalue().to_pybytes())) + field(13, f"r{n}")


END = field(14, b"") + field(13, "r5")


def refuse(context, code, text):
    context.abort(code, text)


def unavailable(context):
    refuse(context, grpc.StatusCode.UNAVAILABLE, "try again")


def internal(context, condition):
    refuse(context, grpc.StatusCode.INTERNAL, f"[{condition}] as the scene wants it. SQLSTATE: HY000")


def execute(context, call):
    if scene == "never-arrived" and call == 1:
        unavailable(context)
    if scene in ("never-arrived", "plain", "who", "old"):
        yield from (*map(batch, (1, 2, 3, 4)), END)
        return
    yield batch(1)
    yield batch(2)
    unavailable(context)


def reattach(context, call, last):
    if scene == "never-arrived":
        internal(context, "INVALID_HANDLE.OPERATION_NOT_FOUND")
    if scene == "dropped":
        internal(context, "INVALID_CURSOR.POSITION_NOT_AVAILABLE")
    if scene == "restarted":
        internal(context, "INVALID_HANDLE.SESSION_NOT_FOUND")
    if scene == "taken":
        internal(context, "INVALID_CURSOR.DISCONNECTED") if call == 1 else None
    if scene == "busy" and call <= 3:
        unavailable(context)
    first = int(last[1:]) + 1
    rest = [*map(batch, range(first, 5)), END]
    # a stream that ends well before its end, as after two minutes
    yield from (rest[:1] if scene == "two-minutes" else rest)


class Service(grpc.GenericRpcHandler):
    def service(self, details):
        method = details.method.rsplit("/", 1)[1]
        if method in ("ExecutePlan", "ReattachExecute"):
            return grpc.unary_stream_rpc_method_handler(lambda request, context: self.stream(method, request, context))
        return grpc.unary_unary_rpc_method_handler(lambda request, context: self.answer(method, request, context))

    @staticmethod
    def note(method, request, context):
        got = texts(request)
        last = got.get(5, b"") if method == "ReattachExecute" else b""
        if method in ("ExecutePlan", "ReattachExecute", "ReleaseExecute"):
            print(method, last.decode() or "-", flush=True)
        if scene == "who" and method == "ExecutePlan":
            headers = dict(context.invocation_metadata())
            print(texts(got[2])[1].decode(), headers.get("x-team"), headers.get("authorization"), flush=True)
        counts[method] = counts.get(method, 0) + 1
        return last.decode()

    def stream(self, method, request, context):
        last = self.note(method, request, context)
        call = counts[method]
        if scene == "old" and method == "ExecutePlan":
            plan = texts(request)[3]
            if WITH_RELATIONS in plan:
                refuse(context, grpc.StatusCode.INTERNAL, "Expected Relation to be set, but is empty.")
            print("view" if 2 in texts(plan) else "drop" if b"DROP VIEW" in plan else "rows", flush=True)
        yield from execute(context, call) if method == "ExecutePlan" else reattach(context, call, last)

    def answer(self, method, request, context):
        self.note(method, request, context)
        if scene == "old" and method == "AnalyzePlan":
            return field(1, "session") + field(8, field(1, "3.5.7"))
        return field(1, "session")


server = grpc.server(futures.ThreadPoolExecutor(4))
server.add_generic_rpc_handlers((Service(),))
print(server.add_insecure_port("127.0.0.1:0"), flush=True)
server.start()
server.wait_for_termination()
