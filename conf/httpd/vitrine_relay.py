"""Hands each WSGI request on to Vitrine's HTTP listener, and the answer back, in blocks of 64 KiB."""

import http.client

BLOCK = 64 << 10
TIMEOUT = 600  # seconds without any progress
# What belongs to one connection, what is set anew here, what only proxies may say, and what asks for interim answers: http.client takes
# 104 for the last one.
OWN = {"CONNECTION", "CONTENT_LENGTH", "EXPECT", "FORWARDED", "KEEP_ALIVE", "PROXY", "PROXY_CONNECTION", "TE", "TRAILER",
       "TRANSFER_ENCODING", "UPGRADE", "UPLOAD_DRAFT_INTEROP_VERSION", "X_FORWARDED_FOR", "X_FORWARDED_HOST",
       "X_FORWARDED_PORT", "X_FORWARDED_PREFIX", "X_FORWARDED_PROTO"}
HOP = {"connection", "keep-alive", "transfer-encoding"}


def application(environ, start_response):
    if _is_of_unknown_end(environ):
        start_response("411 Length Required", [("Content-Length", "0")])
        return []
    connection = http.client.HTTPConnection(environ["VITRINE"], timeout=TIMEOUT)
    try:
        answer = _exchange(connection, environ)
        fields = [(name, value) for name, value in answer.getheaders() if name.lower() not in HOP]
        start_response(f"{answer.status} {answer.reason}", fields)
        return _Body(connection, answer)
    except BaseException:
        connection.close()  # without the end of the body: Vitrine drops what came
        raise


def _is_of_unknown_end(environ):
    """Whether there may be a body whose end mod_wsgi does not tell: HTTP/2 without a length, but for what wsgi.conf provides."""
    provided = environ.get("HTTP_TRANSFER_ENCODING") and not environ.get("mod_wsgi.process_group")
    return (environ["SERVER_PROTOCOL"] == "HTTP/2.0" and environ["REQUEST_METHOD"] in ("PUT", "POST", "PATCH")
            and not environ.get("CONTENT_LENGTH") and not provided)


def _exchange(connection, environ):
    """Sends the request with its body; the answer, which may come before the body was read."""
    connection.putrequest(environ["REQUEST_METHOD"], environ["REQUEST_URI"], skip_host=True, skip_accept_encoding=True)
    for name, value in environ.items():
        if name.startswith("HTTP_") and name[5:] not in OWN:
            connection.putheader(name[5:].replace("_", "-"), value)
    if environ.get("CONTENT_TYPE"):
        connection.putheader("Content-Type", environ["CONTENT_TYPE"])
    connection.putheader("X-Forwarded-For", environ["REMOTE_ADDR"])
    connection.putheader("X-Forwarded-Proto", environ["wsgi.url_scheme"])
    length = environ.get("CONTENT_LENGTH")
    chunked = not length and environ.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked"
    if length:
        connection.putheader("Content-Length", length)
    elif chunked:
        connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    try:
        if length or chunked:
            _send(connection, environ["wsgi.input"], int(length) if length else None)
    except (BrokenPipeError, ConnectionResetError):
        pass  # answered and closed already
    return connection.getresponse()


def _send(connection, body, left):
    """Copies a body of that many bytes, or in chunks if the number is not known."""
    while left != 0:
        block = body.read(BLOCK if left is None else min(left, BLOCK))
        if left is None:
            connection.send(b"%x\r\n%b\r\n" % (len(block), block))
            if not block:
                return
        elif not block:
            raise OSError("the client's body ends too early")
        else:
            connection.send(block)
            left -= len(block)


class _Body:
    """An answer's body; it fails if Vitrine goes away in the middle, so that a short answer never looks whole."""

    def __init__(self, connection, answer):
        self.connection, self.answer = connection, answer

    def __iter__(self):
        while block := self.answer.read(BLOCK):
            yield block
        if self.answer.length:
            raise OSError("the answer ends too early")

    def close(self):
        self.connection.close()
