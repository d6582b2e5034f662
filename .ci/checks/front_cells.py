"""The columns of the fronts check: each does one thing through a front and raises Wrong if the outcome is not right.

A cell takes a Row and may return a few words for the log. Those that yield are run for all rows at the same time, and go on
when what they wait for has happened to Vitrine.
"""

import contextlib
import hashlib
import http.client
import json
import pathlib
import re
import socket
import subprocess
import threading
import time

from vitrine import HOST, KIB, MIB, Connection, Refused, call, curl, digests, put, random_bytes, run, same, wait

STRANGER = "127.0.0.9"  # the address of a client that is no trusted proxy
SETTLE = 30  # seconds within which what was given up must be cleared away
FORGED = {"Forwarded": "host=evil.example;proto=https", "X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/evil",
          "X-Forwarded-Port": "666", "X-Forwarded-Proto": "https"}


class Wrong(Exception):
    """A cell's outcome is not what it has to be."""


def expect(what, got, want):
    if got != want:
        raise Wrong(f"{what}: got {got}, wanted {want}")


class Stock:
    """What all rows share: a file of some size, the image that holds it, and small ones."""

    def __init__(self, large, directory, web, keystone):
        self.large, self.directory, self.web, self.keystone = large, directory, web, keystone
        self.image = None
        self.size = large.stat().st_size
        self.sha512 = digests(large)[1]
        self.raw, self.qcow2 = directory / "small.raw", directory / "small.qcow2"
        self.raw.write_bytes(random_bytes(3 * MIB, "small"))
        run("qemu-img", "convert", "-q", "-f", "raw", "-O", "qcow2", self.raw, self.qcow2)
        (web.files / self.raw.name).write_bytes(self.raw.read_bytes())


class Row:
    """The Image API as an administrator sees it through one front."""

    def __init__(self, front, vitrine, token, stock):
        self.front, self.vitrine, self.stock = front, vitrine, stock
        self.token = {"X-Auth-Token": token}
        self.directory = stock.directory / re.sub(r"\W+", "-", front.name + "-files")
        self.directory.mkdir()

    def call(self, method, path, body=None, headers=None):
        return call(self.front.port, method, path, body, {**self.token, **(headers or {})}, seconds=60)

    def create(self, disk_format="raw", **fields):
        answer = self.call("POST", "/v2/images", {"name": "check", "disk_format": disk_format, "container_format": "bare", **fields})
        expect("create", answer.status, 201)
        return answer.json()["id"]

    def status(self, image):
        answer = self.call("GET", f"/v2/images/{image}")
        return answer.json()["status"] if answer.status == 200 else f"HTTP {answer.status}"

    def put(self, image, data, chunk=None, target="file"):
        return put(self.front.port, f"/v2/images/{image}/{target}", data, chunk, self.token)

    def holds(self, image, sha512, size):
        shown = self.call("GET", f"/v2/images/{image}").json()
        expect("the image", [shown.get(key) for key in ("status", "size", "os_hash_value")], ["active", size, sha512])

    def delete(self, image):
        expect("delete", self.call("DELETE", f"/v2/images/{image}").status, 204)

    def curl(self, image, *arguments, h2=False, **options):
        """Runs curl on the image's data; (exit code, status)."""
        return curl(*self.arguments(image, h2), *arguments, **options)

    def arguments(self, image, h2=False):
        port = self.front.h2_port if h2 else self.front.port
        version = ["--http2-prior-knowledge"] if h2 else []
        return [*version, "-H", f"X-Auth-Token: {self.token['X-Auth-Token']}", "-H", "Content-Type: application/octet-stream",
                f"http://{HOST}:{port}/v2/images/{image}/file"]


def sha512(data):
    return hashlib.sha512(data).hexdigest()


# --- calls without image data


def version_document(row):
    """Links name the front, also for a client that says it were a proxy."""
    for path, status in (("/", 300), ("/versions", 200)):
        for name, headers in (("plain", {}), ("with forged headers", FORGED)):
            connection = http.client.HTTPConnection(HOST, row.front.port, timeout=60, source_address=(STRANGER, 0))
            with contextlib.closing(connection):
                connection.request("GET", path, headers=headers)
                answer = connection.getresponse()
                expect(f"{path} {name}", answer.status, status)
                links = {link["href"] for version in json.loads(answer.read())["versions"] for link in version["links"]}
            expect(f"{path} {name}: links", links, {f"{row.front.url}/v2/"})


def json_calls(row):
    answer = call(row.front.port, "GET", "/v2/images")
    expect("without a token", (answer.status, "www-authenticate" in answer.headers), (401, True))
    first, second = row.create(name="straße ☃", tags=["a"]), row.create(name="straße ☃")
    listed = row.call("GET", "/v2/images?limit=1&name=stra%C3%9Fe%20%E2%98%83").json()
    expect("a page", [image["id"] for image in listed["images"]], [second])
    expect("the next page", [image["id"] for image in row.call("GET", listed["next"]).json()["images"]], [first])
    patch = [{"op": "add", "path": "/key", "value": "ü"}]
    answer = row.call("PATCH", f"/v2/images/{first}", patch, {"Content-Type": "application/openstack-images-v2.1-json-patch"})
    expect("patch", (answer.status, answer.json().get("key")), (200, "ü"))
    expect("a tag with a space", row.call("PUT", f"/v2/images/{first}/tags/two%20words").status, 204)
    expect("tags", row.call("GET", f"/v2/images/{first}").json()["tags"], ["a", "two words"])
    with Connection(row.front.port) as connection:
        connection.head("POST", "/v2/images", {**row.token, "Content-Type": "application/json", "Transfer-Encoding": "chunked"})
        for piece in (b'{"name": ', b'"chunked"', b"}"):
            connection.chunk(piece)
        connection.last_chunk()
        answer = connection.answer("POST")
    expect("JSON in chunks", (answer.status, answer.json().get("name")), (201, "chunked"))
    space = f"Check::{row.front.port}"
    expect("a namespace", row.call("POST", "/v2/metadefs/namespaces", {"namespace": space}).status, 201)
    expect("a property", row.call("POST", f"/v2/metadefs/namespaces/{space.replace(':', '%3A')}/properties",
                                  {"name": "a/b", "title": "x", "type": "string"}).status, 201)
    answer = row.call("GET", f"/v2/metadefs/namespaces/{space}/properties/a%2Fb")
    expect("a name with a slash", (answer.status, answer.json().get("name")), (200, "a/b"))
    with Connection(row.front.port) as connection:
        connection.head("PUT", f"/v2/metadefs/namespaces/{space}/properties/a%2Fb", {
            **row.token, "Content-Type": "application/json", "Transfer-Encoding": "chunked"})
        connection.chunk(b'{"name": "a/b", "title": "y", "type": "string"}')
        connection.last_chunk()
        answer = connection.answer()
    expect("it is changed in chunks", (answer.status, answer.json().get("title")), (200, "y"))
    expect("the namespace is deleted", row.call("DELETE", f"/v2/metadefs/namespaces/{space}").status, 204)
    for image in (first, second, row.call("GET", "/v2/images?name=chunked").json()["images"][0]["id"]):
        row.delete(image)
    expect("deleted", row.call("GET", f"/v2/images/{first}").status, 404)


# --- uploads


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


@contextlib.contextmanager
def pipe(file):
    """A pipe with the file's content, so that curl cannot know the length."""
    with subprocess.Popen(["cat"], stdin=file, stdout=subprocess.PIPE) as writer:
        yield writer.stdout


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


class Peak:
    """The peak of the resident memory of processes, from now on."""

    def __init__(self, processes):
        self.processes = processes
        self.before = self._sum("VmRSS")
        for process in processes:
            with contextlib.suppress(OSError):
                pathlib.Path(f"/proc/{process}/clear_refs").write_text("5")

    def grown(self):
        return max(0, self._sum("VmHWM") - self.before)

    def _sum(self, field):
        total = 0
        for process in self.processes:
            with contextlib.suppress(OSError):
                found = re.search(rf"^{field}:\s+(\d+) kB", pathlib.Path(f"/proc/{process}/status").read_text(), re.M)
                total += int(found.group(1)) * KIB if found else 0
        return total


def parallel(row):
    data = random_bytes(2 * MIB, "parallel")
    images = [row.create() for _ in range(32)]
    statuses = together([lambda image=image: row.put(image, data, 256 * KIB).status for image in images])
    expect("uploads", statuses, [204] * 32)
    for image in images:
        row.holds(image, sha512(data), len(data))
        row.delete(image)


def together(actions):
    """Runs the actions in threads; their results, or exceptions' names, in order."""
    results = [None] * len(actions)

    def one(index, action):
        try:
            results[index] = action()
        except Exception as error:
            results[index] = f"{type(error).__name__}: {error}"

    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


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


# --- imports


def staged(row):
    image = row.create("qcow2")
    expect("stage", row.put(image, row.stock.qcow2.read_bytes(), 64 * KIB, "stage").status, 204)
    imported(row, image, {"name": "glance-direct"})


def web_download(row):
    image = row.create()
    imported(row, image, {"name": "web-download", "uri": row.stock.web.url(row.stock.raw.name)})


def imported(row, image, method):
    expect("import", row.call("POST", f"/v2/images/{image}/import", {"method": method}).status, 202)
    if not wait(lambda: row.status(image) == "active", 60):
        raise Wrong(f"not active: {row.status(image)}, {row.call('GET', f'/v2/images/{image}/tasks').body[:300]}")
    expect("format", row.call("GET", f"/v2/images/{image}").json()["disk_format"], "raw")
    expect("its data", row.call("GET", f"/v2/images/{image}/file").body == row.stock.raw.read_bytes(), True)
    row.delete(image)


# --- downloads


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


def openstack(row):
    row.stock.keystone.set_image_endpoint(row.front.url)
    done = row.stock.keystone.openstack("admin", "image", "create", "--disk-format", "raw", "--container-format", "bare", "--file",
                                        row.stock.raw, "-f", "value", "-c", "id", "client", check=False)
    expect("create", (done.returncode, done.stderr.strip()[-300:]), (0, ""))
    image = done.stdout.split()[-1]
    target = row.directory / "saved"
    done = row.stock.keystone.openstack("admin", "image", "save", "--file", target, image, check=False)
    expect("save", (done.returncode, done.stderr.strip()[-300:]), (0, ""))
    expect("identical", same(target, row.stock.raw), True)
    row.delete(image)


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


def attempt(action):
    try:
        return action()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


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
            answer = row.call("GET", "/v2/images")
            expect("without Vitrine", answer.status in (500, 502, 503, 504) or answer, True)
        yield "started"
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
CELLS = {
    "version document": version_document,
    "token, JSON": json_calls,
    "upload, length": with_length,
    "chunks 1 B": in_chunks_of(1, 4 * KIB),
    "4 KiB": in_chunks_of(4 * KIB, MIB + 1),
    "1 MiB": in_chunks_of(MIB, 5 * MIB + 1),
    "4 MiB": in_chunks_of(4 * MIB, 9 * MIB),
    "8 MiB": in_chunks_of(8 * MIB, 17 * MIB),
    "HTTP/2, no length": http2_without_length,
    "large upload": large,
    "100-continue": continue_100,
    "abort at 50 %": abort,
    "32 uploads at once": parallel,
    "staged, converted": staged,
    "web-download": web_download,
    "download": whole,
    "range": ranges,
    "resume": resume,
    "HEAD": head,
    "openstack client": openstack,
}
TOGETHER = {"1 KiB/s beside fast": slow_clients, "restart in download": restart}
