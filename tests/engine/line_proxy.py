"""A line between client and server that can be bad.

line_proxy.py TARGET_PORT [--cut BYTES] [--tls CERT KEY]

Prints its port, then a line for each connection that it cut. --cut ends each connection after so many bytes from the
server; --tls speaks TLS with HTTP/2 to the client and plain to the server. Serves until it is killed.
"""
import argparse
import asyncio
import ssl

parser = argparse.ArgumentParser()
parser.add_argument("target", type=int)
parser.add_argument("--cut", type=int, default=0)
parser.add_argument("--tls", nargs=2)
args = parser.parse_args()


async def pump(reader, writer, left):
    """Bytes from one side to the other; whether the line is to be cut."""
    try:
        while data := await reader.read(65536):
            writer.write(data[: int(min(left, len(data)))])
            await writer.drain()
            left -= len(data)
            if left <= 0:
                return True
        writer.write_eof() if writer.can_write_eof() else None
    except (OSError, ssl.SSLError, asyncio.IncompleteReadError):
        pass
    return False


async def serve(client_reader, client_writer):
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", args.target)
    except OSError:
        client_writer.transport.abort()
        return
    down = asyncio.ensure_future(pump(reader, client_writer, args.cut or float("inf")))
    up = asyncio.ensure_future(pump(client_reader, writer, float("inf")))
    await asyncio.wait([down, up], return_when=asyncio.FIRST_COMPLETED)
    if down.done() and down.result():
        print("cut", flush=True)
    elif not down.done():
        await asyncio.wait([down], timeout=5)
    for side in (client_writer, writer):
        side.transport.abort()
    for task in (down, up):
        task.cancel()


async def main():
    context = None
    if args.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*args.tls)
        context.set_alpn_protocols(["h2"])
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    asyncio.get_running_loop().set_exception_handler(lambda loop, problem: None)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
