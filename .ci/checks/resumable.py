"""Clients of resumable uploads: tus and the draft of the IETF, in single requests that may break off at any byte."""

import base64
import contextlib
import urllib.parse

from vitrine import MIB, Answer, Connection, Refused

TUS = {"Tus-Resumable": "1.0.0"}
DRAFT = {"Upload-Draft-Interop-Version": "8"}


class Broken(Exception):
    """No answer came."""


class Unexpected(Exception):
    """An answer is not what it has to be."""

    def __init__(self, what, answer):
        super().__init__(f"{what}: {answer}")
        self.what, self.status = what, answer.status


class Exchange:
    """One request on a connection of its own, and its answers, interim ones too."""

    def __init__(self, port, seconds=60):
        with broken():
            self.connection = Connection(port, seconds)
        self.stream = self.connection.socket.makefile("rb")
        self.interim, self.method = [], ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self.stream.close()
        self.connection.socket.close()

    def head(self, method, path, fields):
        self.method = method
        with broken():
            self.connection.head(method, path, fields)

    def send(self, data):
        """Whether it could be sent; if not, there may be an answer all the same."""
        try:
            self.connection.send(data)
        except Refused:
            return False
        except OSError as error:
            raise Broken(error) from error
        return True

    def body(self, data):
        """Sends data, or as much of it as is taken."""
        for piece in pieces(data, MIB):
            if not self.send(piece):
                return

    def next(self):
        """The next answer, whether it is the last one or not."""
        with broken():
            words = self.stream.readline().split(b" ", 2)
            if len(words) < 2:
                raise Broken("the connection ends")
            status, headers = int(words[1]), {}
            while line := self.stream.readline().strip():
                name, value = line.decode().split(":", 1)
                headers[name.lower()] = value.strip()
            has_body = status >= 200 and status != 204 and self.method != "HEAD"
            length = int(headers.get("content-length", 0)) if has_body else 0
            body = self.stream.read(length)
        if len(body) < length:
            raise Broken("the answer breaks off")
        return Answer(status, headers, body)

    def answer(self):
        """The last answer."""
        while True:
            answer = self.next()
            if answer.status >= 200:
                return answer
            self.interim.append(answer)


@contextlib.contextmanager
def broken():
    try:
        yield
    except (OSError, Refused, ValueError) as error:
        raise Broken(error) from error


def pieces(data, size):
    view = memoryview(data)
    return (view[start:start + size] for start in range(0, len(view), size))


class Client:
    """How requests are made. What is between client and server may keep interim answers back."""

    def __init__(self, port, headers=None, seconds=60, sees_interim=True):
        self.port, self.headers, self.seconds, self.sees_interim = port, headers or {}, seconds, sees_interim

    def exchange(self):
        return Exchange(self.port, self.seconds)

    def request(self, method, path, fields, data=b""):
        """One request, all of it; the Exchange that is over, and its answer."""
        with self.exchange() as exchange:
            exchange.head(method, path, {**self.headers, **fields, "Content-Length": len(data)})
            exchange.body(data)
            return exchange, exchange.answer()


class Stream:
    """Data on its way to one upload, which goes on where the server says that it is."""

    def __init__(self, client, image, data):
        self.client, self.image, self.data = client, image, data
        self.path = None

    def expect(self, what, answer, *statuses):
        if answer.status not in statuses:
            raise Unexpected(what, answer)
        return answer

    def locate(self, answer):
        self.path = urllib.parse.urlsplit(answer.headers["location"]).path


class TusStream(Stream):
    """By tus; one that defers its length tells it with the last data."""

    def __init__(self, client, image, data, is_part=False, defers=False):
        super().__init__(client, image, data)
        self.is_part, self.defers = is_part, defers

    def begin(self):
        length = {"Upload-Defer-Length": "1"} if self.defers else {"Upload-Length": len(self.data)}
        concat = {"Upload-Concat": "partial"} if self.is_part else {}
        _, answer = self.client.request("POST", uploads(self.image), {**TUS, **length, **concat, "Upload-Metadata": metadata(filename="a")})
        self.locate(self.expect("creation", answer, 201))

    def offset(self):
        """(bytes that need not be sent again, whether the upload is complete)"""
        _, answer = self.client.request("HEAD", self.path, TUS)
        offset = int(self.expect("HEAD", answer, 200).headers["upload-offset"])
        return offset, offset == len(self.data) and "upload-length" in answer.headers

    def append(self, offset, count):
        """One PATCH with so many bytes."""
        data = memoryview(self.data)[offset:offset + count]
        length = {"Upload-Length": len(self.data)} if self.defers and offset + count >= len(self.data) else {}
        _, answer = self.client.request("PATCH", self.path, {
            **TUS, **length, "Upload-Offset": offset, "Content-Type": "application/offset+octet-stream"}, data)
        self.expect("PATCH", answer, 204)

    def end(self):
        _, answer = self.client.request("DELETE", self.path, TUS)
        self.expect("DELETE of the upload", answer, 204, 404)


def join(client, image, streams):
    """Makes the parts the image's data."""
    _, answer = client.request("POST", uploads(image), {**TUS, "Upload-Concat": "final;" + " ".join(stream.path for stream in streams)})
    if answer.status != 201:
        raise Unexpected("joining", answer)


def uploads(image):
    return f"/vitrine/v1/images/{image}/uploads"


def metadata(**pairs):
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())


class DraftStream(Stream):
    """By the draft: a PUT of the first bytes, then PATCH."""

    def begin(self, count=None):
        """PUT of so many bytes, or of all; learns from an interim answer or from the last one where the upload is."""
        count = len(self.data) if count is None else count
        is_last = count >= len(self.data)
        with self.client.exchange() as exchange:
            exchange.head("PUT", f"/v2/images/{self.image}/file", {
                **self.client.headers, **DRAFT, "Upload-Complete": flag(is_last), "Upload-Length": len(self.data),
                "Content-Type": "application/octet-stream", "Content-Length": min(count, len(self.data))})
            if self.client.sees_interim:
                self.locate(self.expect("interim answer", exchange.next(), 104))
            exchange.body(memoryview(self.data)[:count])
            answer = exchange.answer()
        self.expect("PUT", answer, 204 if is_last else 201)
        if not is_last:
            self.locate(answer)

    def find(self):
        """Looks where the upload is that a PUT has begun."""
        _, answer = self.client.request("GET", uploads(self.image), {})
        for upload in self.expect("list of uploads", answer, 200).json()["uploads"]:
            self.path = urllib.parse.urlsplit(upload["data_url"]).path

    def offset(self):
        """(bytes that need not be sent again, whether the upload is complete)"""
        _, answer = self.client.request("HEAD", self.path, {})
        self.expect("HEAD", answer, 204)
        return int(answer.headers["upload-offset"]), answer.headers["upload-complete"] == "?1"

    def append(self, offset, count):
        """One PATCH with so many bytes."""
        data = memoryview(self.data)[offset:offset + count]
        _, answer = self.client.request("PATCH", self.path, {
            **DRAFT, "Upload-Offset": offset, "Upload-Complete": flag(offset + count >= len(self.data)),
            "Content-Type": "application/partial-upload"}, data)
        self.expect("PATCH", answer, 204)

    def end(self):
        _, answer = self.client.request("DELETE", self.path, {})
        self.expect("DELETE of the upload", answer, 204, 404)


def flag(is_true):
    return "?1" if is_true else "?0"
