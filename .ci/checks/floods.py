"""Clients that flood and stall, in a JVM with -Xmx256m: others are answered all along, memory stays bounded, the server stops when told."""

import contextlib
import http.client
import json
import socket
import struct
import threading
import time

from vitrine import HEALTHY, HOST, LONG, MIB, Check, Server, random_bytes, starved

HEAP = 256
OTHER_HOST = "127.0.0.3"  # each address has a share
ROUNDS = 10 if LONG else 1
CONNECTIONS, STREAMS = 20, 100
SLOW = 1.0  # seconds within which others are answered, on a machine that has processors to spare
DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PING, WINDOW_UPDATE, CONTINUATION = 0, 1, 2, 3, 4, 6, 8, 9
END_STREAM, END_HEADERS = 1, 4
INITIAL_WINDOW_SIZE = 4


def main(check, directory):
    server = Server(directory, {"VITRINE_CACHE__ENABLED": "true"}, [f"-Xmx{HEAP}m"])
    server.start()
    data = random_bytes(20 * MIB, "floods")
    image = server.create()
    check.equal("the image is uploaded", server.upload(image, data).status, 204)
    large = [server.create(**{f"p{i}": "x" * 8192 for i in range(8)}) for _ in range(200)]
    for name, flood in FLOODS:
        for _ in range(ROUNDS):
            with contextlib.ExitStack() as stack, Others(server) as others:
                flood(server, stack, image)
                others.look()
            verdict(check, name, others)
    check.that("a download is whole after all", server.call("GET", f"/v2/images/{image}/file").body == data)
    check.equal("the service answers", server.health(), HEALTHY)
    check.equal("all large images are listed, page by page", listed(server) >= set(large), True)
    check.that(f"peak RSS of the JVM is at most {2 * HEAP + 256} MiB", server.memory("VmHWM") <= (2 * HEAP + 256) * MIB,
               f"{server.memory('VmHWM') // MIB} MiB")
    check.equal("it ends on SIGTERM", server.stop() in (0, 143), True)


def verdict(check, name, others):
    check.that(f"{name}: others get answers", not others.wrong and others.seconds, f"{others.wrong[:3]} of {len(others.seconds)}")
    times = sorted(others.seconds)
    told = f"of {len(times)} answers the slowest took {', '.join(f'{each:.2f}' for each in times[-3:])} s"
    if starved():
        check.note(f"{name}: {told}; what that means cannot be said, as others want the processors")
    else:
        check.that(f"{name}: within {SLOW} s, but for one in twenty", times and times[(len(times) - 1) * 19 // 20] <= SLOW, told)


def listed(server):
    """The ids of all images."""
    ids, path = set(), "/v2/images?limit=1000"
    while path:
        page = server.call("GET", path).json()
        ids.update(image["id"] for image in page["images"])
        path = page.get("next")
    return ids


class Others:
    """A client at an address of its own that asks again and again while something is going on."""

    def __init__(self, server):
        self.server, self.seconds, self.wrong = server, [], []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._ask)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()

    def look(self):
        """Gives it some time to ask after the flood is there."""
        time.sleep(4)

    def _ask(self):
        while not self.over.wait(0.1):
            began = time.monotonic()
            try:
                status = self._status()
            except (OSError, http.client.HTTPException) as error:
                status = repr(error)
            self.seconds.append(time.monotonic() - began)
            if status != 200:
                self.wrong.append(status)

    def _status(self):
        connection = http.client.HTTPConnection(HOST, self.server.port, timeout=30, source_address=(OTHER_HOST, 0))
        with contextlib.closing(connection):
            connection.request("GET", "/v2/images?limit=1")
            answer = connection.getresponse()
            answer.read()
            return answer.status


# --- frames of HTTP/2 (RFC 9113) and literal headers (RFC 7541)


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes((kind, flags)) + struct.pack(">I", stream) + payload


def text(value):
    size = len(value)
    return (bytes((size,)) if size < 127 else b"\x7f" + number(size - 127)) + value


def number(value):
    digits = b""
    while value >= 128:
        digits += bytes((value % 128 + 128,))
        value //= 128
    return digits + bytes((value,))


def literal(name, value):
    return b"\0" + text(name) + text(value)


def head(path, method=b"GET"):
    return literal(b":method", method) + literal(b":scheme", b"http") + literal(b":path", path.encode()) + literal(b":authority", b"x")


def connect(server, stack, window=None):
    """A connection of HTTP/2 with prior knowledge; it is never read."""
    client = stack.enter_context(socket.create_connection((HOST, server.port), 10))
    client.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(SETTINGS, 0, 0, b"" if window is None else struct.pack(">HI", INITIAL_WINDOW_SIZE, window)))
    return client


def send(client, pieces):
    """All pieces, or as many as the server takes."""
    with contextlib.suppress(OSError):
        for piece in pieces:
            client.sendall(piece)


# --- floods


def stalled_downloads(server, stack, image):
    for _ in range(CONNECTIONS):
        ask = head(f"/v2/images/{image}/file")
        send(connect(server, stack, 1), [frame(HEADERS, END_STREAM | END_HEADERS, 2 * i + 1, ask) for i in range(STREAMS)])


def stalled_lists(server, stack, _image):
    for _ in range(4):
        ask = head("/v2/images?limit=1000")
        send(connect(server, stack, 1), [frame(HEADERS, END_STREAM | END_HEADERS, 2 * i + 1, ask) for i in range(20)])


def many_streams(server, stack, _image):
    for window in (0, 1):
        ask = head("/v2/images/x")
        send(connect(server, stack, window), [frame(HEADERS, END_STREAM | END_HEADERS, 2 * i + 1, ask) for i in range(5000)])


def resets(server, stack, _image):
    ask = head("/v2/images")
    send(connect(server, stack), [frame(HEADERS, END_STREAM | END_HEADERS, 2 * i + 1, ask) + frame(RST_STREAM, 0, 2 * i + 1, struct.pack(">I", 8))
                                  for i in range(10_000)])


def continuations(server, stack, _image):
    for header in (b"", literal(b"x-flood", b"y" * 100), literal(b"x-flood", b"y" * 8000)):
        send(connect(server, stack), [frame(HEADERS, END_STREAM, 1, head("/v2/images"))] + [frame(CONTINUATION, 0, 1, header)] * 10_000)


def small_frames(server, stack, _image):
    for piece in (frame(PING, 0, 0, b"12345678"), frame(SETTINGS, 0, 0, struct.pack(">HI", 3, 100)), frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", 1)),
                  frame(PRIORITY, 0, 1, struct.pack(">IB", 0, 1))):
        send(connect(server, stack), [piece * 100] * 300)


def empty_data(server, stack, image):
    ask = head(f"/v2/images/{image}/file", b"PUT")
    send(connect(server, stack), [frame(HEADERS, END_HEADERS, 1, ask)] + [frame(DATA, 0, 1) * 100] * 300)


def header_bombs(server, stack, _image):
    entry = b"\x40" + text(b"z") + text(b"v" * 3500)
    send(connect(server, stack), [frame(HEADERS, END_STREAM | END_HEADERS, 2 * i + 1, head("/v2/images") + (b"" if i else entry) + b"\xbe" * 12_000)
                                  for i in range(100)])


def stalled_clients(server, stack, image):
    """Of HTTP/1.1: downloads, lists and events that nobody reads."""
    for path, count in ((f"/v2/images/{image}/file", 1000), ("/v2/images?limit=1000", 40), (f"/v2/images/{image}/events", 40)):
        for _ in range(count):
            client = stack.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect((HOST, server.port))
            send(client, [f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()])


def slow_uploads(server, stack, _image):
    for _ in range(200):
        image = server.create()
        client = stack.enter_context(socket.create_connection((HOST, server.port), 10))
        send(client, [f"PUT /v2/images/{image}/file HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\n"
                      f"Content-Length: {64 * MIB}\r\n\r\n".encode(), b"x" * 100_000])


def heavy_bodies(server, _stack, image):
    """A million bytes of properties, operations, tags, or nothing but depth."""
    bodies = [json.dumps({f"p{i}": "" for i in range(50_000)}), json.dumps({"tags": [f"t{i}" for i in range(80_000)]}), "[" * 500_000, '{"a":' * 100_000,
              '{"min_ram": 1e999999999}', '{"min_ram": ' + "9" * 900_000 + "}"]
    for body in bodies:
        server.call("POST", "/v2/images", body.encode())
    for path in ("p%d", "name"):
        operations = [{"op": "add", "path": "/" + (path % i if "%" in path else path), "value": ""} for i in range(18_000)]
        server.call("PATCH", f"/v2/images/{image}", json.dumps(operations).encode(), {"Content-Type": "application/openstack-images-v2.1-json-patch"})


FLOODS = [("stalled downloads", stalled_downloads), ("stalled lists", stalled_lists), ("many streams", many_streams), ("resets", resets),
          ("continuations", continuations), ("small frames", small_frames), ("empty data", empty_data), ("header bombs", header_bombs),
          ("stalled clients", stalled_clients), ("slow uploads", slow_uploads), ("heavy bodies", heavy_bodies)]

if __name__ == "__main__":
    Check("floods").run(main)
