"""Columns of the fronts check that try what clients must not get through a front. See front_cells."""

import json
import socket

from front_row import Wrong, expect
from vitrine import HOST, Connection, Refused, call

IDENTITY = {"X-Identity-Status": "Confirmed", "X-Roles": "admin", "X-User-Id": "root", "X-Project-Id": "root",
            "X-Is-Admin-Project": "True", "X-Service-Roles": "service", "REMOTE-USER": "admin", "X_ROLES": "admin"}
# Of each, one server may see another end of the body than the next. {length} covers the request that lies in the body.
FRAMINGS = (
    "Content-Length: {length}\r\nTransfer-Encoding: chunked",
    "Transfer-Encoding: chunked\r\nContent-Length: {length}",
    "Content-Length: {length}\r\nTransfer-Encoding: xchunked",
    "Content-Length: {length}\r\nTransfer-Encoding : chunked",
    "Content-Length: {length}\r\nTransfer-Encoding:\r\n chunked",
    "Content-Length: {length}\r\nTransfer_Encoding: chunked",
    "Content-Length: {length}\r\nContent-Length: 0",
    "Content-Length: 0\r\nContent-Length: {length}",
    "Transfer-Encoding: chunked, identity\r\nContent-Length: {length}",
)
SILENCE = 0.7  # seconds after which a connection that stays open is taken to have said everything


def identity(row):
    """Headers with which a proxy could tell who somebody is mean nothing."""
    expect("without a token", call(row.front.port, "GET", "/v2/images", None, IDENTITY).status, 401)
    answer = row.call("GET", "/v2/images", None, {"X-Identity-Status": "Invalid", "X-Roles": "none"})
    expect("with a token", answer.status, 200)


def smuggling(row):
    """No request gets past the front as part of another one's body."""
    for number, framing in enumerate(FRAMINGS):
        name = f"smuggled-{row.front.port}-{number}"
        answers = answers_to(row, framing, name)
        found = row.call("GET", f"/v2/images?name={name}").json()["images"]
        # A front may take what follows for the client's next request, but then it answers that one too.
        if found and answers < 2:
            raise Wrong(f"{framing!r}: the request in the body was taken, and {answers} answers came")
        for image in found:
            row.delete(image["id"])
        for _ in range(3):
            expect(f"the next request after {framing!r}", call(row.front.port, "GET", "/versions").status, 200)


def answers_to(row, framing, name):
    """How many answers come to one request without a token that has another one, with a token, in its body."""
    body = json.dumps({"name": name})
    inner = head(f"X-Auth-Token: {row.token['X-Auth-Token']}\r\nContent-Length: {len(body)}") + body
    smuggled = "0\r\n\r\n" + inner
    text = b""
    with Connection(row.front.port, SILENCE) as connection:
        try:
            connection.send((head(framing.format(length=len(smuggled))) + smuggled).encode())
            while piece := connection.socket.recv(65536):
                text += piece
        except (Refused, socket.timeout, ConnectionResetError):
            pass  # the front has had enough, or waits for more
    return text.count(b"HTTP/1.1 ")


def head(headers):
    return f"POST /v2/images HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n{headers}\r\n\r\n"
