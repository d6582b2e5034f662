"""Columns of the fronts check that read: whole, in ranges, slowly, and while Vitrine is started anew. See front_cells."""

import contextlib
import http.client
import pathlib
import socket
import subprocess
import threading
import time

from front_row import Peak, Wrong, attempt, expect, sha512
from front_uploads import uploads
from vitrine import HOST, KIB, MIB, Connection, random_bytes, same, wait


def whole(row):
    target = row.directory / "whole"
    marks = Peak(row.front.processes())
    for h2 in (False, True) if row.front.h2_port else (False,):
        expect("download", row.curl(row.stock.image, "-o", target, h2=h2), (0, 200))
        expect("identical", same(target, row.stock.large), True)
        target.unlink()
    if marks.grown() > 64 * MIB:
        raise Wrong(f"the front took {marks.grown() >> 20} MiB")
    return f"front +{marks.grown() / MIB:.0f} MiB"


def ranges(row):
    path, size = f"/v2/images/{row.stock.image}/file", row.stock.size
    with open(row.stock.large, "rb") as file:
        for text, first, last in (("0-0", 0, 0), ("1000-1048999", 1000, 1048999), ("-70000", size - 70000, size - 1)):
            answer = row.call("GET", path, headers={"Range": f"bytes={text}"})
            file.seek(first)
            got = (answer.status, answer.headers.get("content-range"), answer.body == file.read(last - first + 1))
            expect(f"bytes={text}", got, (206, f"bytes {first}-{last}/{size}", True))
    expect("past the end", row.call("GET", path, headers={"Range": f"bytes={size}-"}).status, 416)


def resume(row):
    target = row.directory / "resumed"
    cut = row.stock.size * 3 // 4
    with open(row.stock.large, "rb") as source, open(target, "wb") as begun:
        subprocess.run(["head", "-c", str(cut)], stdin=source, stdout=begun, check=True)
    expect("the rest", row.curl(row.stock.image, "-C", "-", "-o", target), (0, 206))
    expect("identical", same(target, row.stock.large), True)
    target.unlink()


def head(row):
    path = f"/v2/images/{row.stock.image}/file"
    connection = http.client.HTTPConnection(HOST, row.front.port, timeout=20)
    with contextlib.closing(connection):
        for _ in range(2):  # on one connection: no byte of a body may stand in the way
            connection.request("HEAD", path, headers=row.token)
            answer = connection.getresponse()
            expect("head", (answer.status, answer.getheader("Content-Length"), answer.read()), (200, str(row.stock.size), b""))
            expect("an ETag", bool(answer.getheader("ETag")), True)
    answer = row.call("GET", path, headers={"If-None-Match": row.call("HEAD", path).headers["etag"]})
    expect("revalidated", (answer.status, answer.body), (304, b""))


# --- for all rows at the same time


def slow_clients(row):
    """Somebody sends, somebody reads 1 KiB a second; others are served meanwhile, and the slow ones get what is right."""
    slow = [threading.Thread(target=lambda: results.append(attempt(action))) for action in (lambda: slow_upload(row), lambda: slow_download(row))]
    results, longest = [], 0
    for thread in slow:
        thread.start()
    while any(thread.is_alive() for thread in slow):
        began = time.monotonic()
        uploads(row, 256 * KIB, 64 * KIB)
        longest = max(longest, time.monotonic() - began)
        time.sleep(1)
    expect("the slow ones", results, [None, None])
    if longest > 10:
        raise Wrong(f"a fast upload took {longest:.0f} s")
    return f"fast ones took at most {longest:.1f} s"


def slow_upload(row):
    data = random_bytes(8 * KIB, "slow")
    image = row.create()
    with Connection(row.front.port) as connection:
        connection.head("PUT", f"/v2/images/{image}/file", {**row.token, "Content-Type": "application/octet-stream",
                                                           "Transfer-Encoding": "chunked"})
        for start in range(0, len(data), KIB):
            connection.chunk(data[start:start + KIB])
            time.sleep(1)
        connection.last_chunk()
        expect("slow upload", connection.answer().status, 204)
    row.holds(image, sha512(data), len(data))
    row.delete(image)


def slow_download(row):
    with opened(row) as reply:
        got = b""
        for _ in range(8):
            got += reply.read(KIB)
            time.sleep(1)
        with open(row.stock.large, "rb") as file:
            while block := file.read(MIB):
                rest = reply.read(len(block) - len(got))
                expect("slow download", got + rest == block, True)
                got = b""


@contextlib.contextmanager
def opened(row):
    """The answer to a download, whose reader takes little at a time."""
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * KIB)
        client.settimeout(60)
        client.connect((HOST, row.front.port))
        client.sendall(f"GET /v2/images/{row.stock.image}/file HTTP/1.1\r\nHost: {HOST}\r\nX-Auth-Token: {row.token['X-Auth-Token']}\r\n\r\n".encode())
        reply = http.client.HTTPResponse(client, method="GET")
        reply.begin()
        expect("download", reply.status, 200)
        yield reply


def restart(row):
    """Vitrine goes away during a download and comes back: the reader sees that the body is not whole, and resumes."""
    target = row.directory / "restarted"
    versions = (False, True) if row.front.h2_port else (False,)
    clients = [subprocess.Popen(["curl", "-q", "-sS", "--noproxy", "*", "--limit-rate", "4M", "-o", f"{target}-{h2}",
                                 *row.arguments(row.stock.image, h2)], stderr=subprocess.DEVNULL) for h2 in versions]
    with opened(row) as reply:
        beginning = reply.read(MIB)
        wait(lambda: all(pathlib.Path(f"{target}-{h2}").exists() for h2 in versions), 10)
        yield "stopped"
        if row.front.processes():
            # A front that says nothing and closes the connection (uWSGI's router) is understood as well.
            with contextlib.suppress(OSError, http.client.HTTPException):
                answer = row.call("GET", "/v2/images")
                expect("without Vitrine", answer.status in (500, 502, 503, 504) or str(answer), True)
        yield "started"
        # All rows ask before any goes on, so that none profits from the time that another takes.
        expect("as soon as Vitrine is back", row.call("GET", "/v2/images").status, 200)
        yield "answered"
        try:
            size = len(beginning) + len(reply.read())
        except (OSError, http.client.IncompleteRead) as error:
            size = type(error).__name__
    if size not in ("IncompleteRead", "ConnectionResetError", row.stock.size):
        raise Wrong(f"the body ends as if it were whole: {size} of {row.stock.size} bytes")
    ends = []
    for h2, client in zip(versions, clients):
        ends.append(client.wait(60))
        file = pathlib.Path(f"{target}-{h2}")
        got = file.stat().st_size
        if not ends[-1] and got != row.stock.size:
            raise Wrong(f"curl takes {got} of {row.stock.size} bytes for whole, HTTP/2 {h2}")
        if got < row.stock.size:
            expect("resumed", row.curl(row.stock.image, "-C", "-", "-o", file, h2=h2), (0, 206))
        expect("identical", same(file, row.stock.large), True)
        file.unlink()
    return f"{size}, curl {ends}"


# column: cell
