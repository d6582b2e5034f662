"""Columns of the fronts check that send image data: with and without length, at once, and broken off. See front_cells."""

import contextlib
import subprocess
import time

from front_row import Peak, Wrong, expect, pipe, sha512, together
from vitrine import KIB, MIB, Connection, Refused, random_bytes, wait

SETTLE = 30  # seconds within which what was given up must be cleared away


def with_length(row):
    uploads(row, 16 * MIB + 5, None)


def in_chunks_of(size, total):
    return lambda row: uploads(row, total, size)


def uploads(row, size, chunk):
    data = random_bytes(size, "upload")
    image = row.create()
    answer = row.put(image, data, chunk)
    expect("upload", answer.status, 204)
    row.holds(image, sha512(data), size)
    row.delete(image)


def http2_without_length(row):
    image = row.create()
    with open(row.stock.raw, "rb") as file, pipe(file) as source:
        expect("upload", row.curl(image, "-T", "-", h2=True, stdin=source), (0, 204))
    row.holds(image, sha512(row.stock.raw.read_bytes()), 3 * MIB)
    row.delete(image)


def large(row):
    """Says how much more memory the front and Vitrine took at their peak than before."""
    processes = row.front.processes()
    image = row.create()
    marks = [Peak(processes), Peak([row.vitrine.process.pid])]
    with open(row.stock.large, "rb") as file, pipe(file) as source:
        expect("upload", row.curl(image, "-T", "-", "-H", "Transfer-Encoding: chunked", stdin=source), (0, 204))
    front, vitrine = (mark.grown() for mark in marks)
    row.holds(image, row.stock.sha512, row.stock.size)
    row.delete(image)
    if front > 64 * MIB:
        raise Wrong(f"the front took {front >> 20} MiB for {row.stock.size >> 20} MiB")
    return f"front +{front / MIB:.0f} MiB, Vitrine +{vitrine / MIB:.0f} MiB, peak {row.vitrine.memory('VmHWM') >> 20} MiB"


def parallel(row):
    data = random_bytes(2 * MIB, "parallel")
    images = [row.create() for _ in range(32)]
    statuses = together([lambda image=image: row.put(image, data, 256 * KIB).status for image in images])
    expect("uploads", statuses, [204] * 32)
    for image in images:
        row.holds(image, sha512(data), len(data))
        row.delete(image)


def continue_100(row):
    """The body is held back until the interim answer came."""
    data = random_bytes(64 * KIB, "continue")
    for length in ({"Content-Length": str(len(data))}, {"Transfer-Encoding": "chunked"}):
        image = row.create()
        with Connection(row.front.port, 20) as connection:
            connection.head("PUT", f"/v2/images/{image}/file", {**row.token, "Content-Type": "application/octet-stream",
                                                               "Expect": "100-continue", **length})
            interim = b""
            while b"\r\n\r\n" not in interim:
                got = connection.socket.recv(1)
                if not got:
                    break
                interim += got
            expect("interim answer", interim.split(b"\r\n")[0], b"HTTP/1.1 100 Continue")
            if "Content-Length" in length:
                connection.send(data)
            else:
                connection.chunk(data)
                connection.last_chunk()
            expect("upload", connection.answer().status, 204)
        row.holds(image, sha512(data), len(data))
        row.delete(image)


def abort(row):
    """Clients that go away in the middle: the image is queued again and takes a good upload, nothing is left."""
    data = random_bytes(4 * MIB, "half")
    for chunked in (True, False):
        for how in ("reset", "close"):
            image = row.create()
            with Connection(row.front.port) as connection, contextlib.suppress(Refused):
                length = {"Transfer-Encoding": "chunked"} if chunked else {"Content-Length": str(2 * len(data))}
                connection.head("PUT", f"/v2/images/{image}/file", {**row.token, "Content-Type": "application/octet-stream", **length})
                connection.chunk(data) if chunked else connection.send(data)
                wait(lambda: row.status(image) == "saving", 0.5)
                if how == "reset":
                    connection.hang_up()
            is_clean(row, image, f"{how}, {'chunked' if chunked else 'with length'}")
    if row.front.h2_port:
        image = row.create()
        client = subprocess.Popen(["curl", "-q", "-sS", "--noproxy", "*", "-T", "-", *row.arguments(image, h2=True)], stdin=subprocess.PIPE,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with contextlib.suppress(BrokenPipeError):
            client.stdin.write(data)
            client.stdin.flush()
        wait(lambda: row.status(image) == "saving", 0.5)
        client.kill()
        client.wait()
        is_clean(row, image, "HTTP/2 without length")


def is_clean(row, image, what):
    # An upload that has not begun yet would look the same as one that was given up.
    time.sleep(0.2)
    if not wait(lambda: row.status(image) == "queued" and not row.vitrine.unfinished() and not row.vitrine.orphans(), SETTLE):
        raise Wrong(f"{what}: {row.status(image)}, left {row.vitrine.unfinished() + row.vitrine.orphans()}")
    expect(f"{what}: a good upload after it", row.put(image, b"good").status, 204)
    row.holds(image, sha512(b"good"), 4)
    row.delete(image)
