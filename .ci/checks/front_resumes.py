"""Columns of the fronts check that send image data in several requests, by tus and by the draft of the IETF. See front_cells."""

import contextlib

from front_row import Wrong, expect, sha512
from resumable import DRAFT, Broken, Client, DraftStream, Exchange, TusStream, Unexpected, join
from vitrine import KIB, MIB, random_bytes, wait

SIZE, FIRST, SENT = 5 * MIB + 5, 2 * MIB, MIB + 70 * KIB
SETTLE = 30  # seconds within which what a client has left behind must be free for another


def tus(row):
    """One request whole, one that breaks off, and the rest after it; then the same data in two parts."""
    data = random_bytes(SIZE, "resumed")
    client, image = client_of(row), row.create()
    stream = TusStream(client, image, data)
    stream.begin()
    stream.append(0, FIRST)
    expect("offset", stream.offset(), (FIRST, False))
    break_off(row, "PATCH", stream.path, {
        "Tus-Resumable": "1.0.0", "Upload-Offset": FIRST, "Content-Type": "application/offset+octet-stream", "Content-Length": SIZE - FIRST}, data[FIRST:])
    detail = finish(stream)
    is_there(row, image, data)
    image = row.create()
    parts = [TusStream(client, image, data[:FIRST], is_part=True), TusStream(client, image, data[FIRST:], is_part=True)]
    for part in parts:
        part.begin()
        part.append(0, SIZE)
    join(client, image, parts)
    is_there(row, image, data)
    return detail


def draft(row):
    """A PUT of the first bytes, a request that breaks off, and the rest after it; says whether 104 comes through."""
    data = random_bytes(SIZE, "draft")
    client, image = client_of(row), row.create()
    stream = DraftStream(client, image, data)
    stream.begin(FIRST)
    expect("offset", stream.offset(), (FIRST, False))
    break_off(row, "PATCH", stream.path, {
        "Upload-Offset": FIRST, "Upload-Complete": "?1", "Content-Type": "application/partial-upload", "Content-Length": SIZE - FIRST}, data[FIRST:])
    detail = finish(stream)
    is_there(row, image, data)
    image = row.create()
    with Exchange(row.front.port, 60) as exchange:
        exchange.head("PUT", f"/v2/images/{image}/file", {
            **row.token, **DRAFT, "Upload-Complete": "?1", "Content-Type": "application/octet-stream", "Content-Length": SIZE})
        exchange.body(data)
        expect("PUT of all", exchange.answer().status, 204)
        told = [answer for answer in exchange.interim if answer.status == 104]
    is_there(row, image, data)
    return f"{'104 comes through' if told else 'no 104'}, {detail}"


def client_of(row):
    return Client(row.front.port, row.token, sees_interim=False)


def break_off(row, method, path, fields, data):
    """A request whose client goes away in the middle of the body."""
    with Exchange(row.front.port, 60) as exchange, contextlib.suppress(Broken):
        exchange.head(method, path, {**row.token, **fields})
        exchange.body(data[:SENT])
        wait(lambda: False, 0.3)  # for what is on its way
        exchange.connection.hang_up()


def finish(stream):
    """Sends the rest as soon as that is possible."""
    kept = []

    def is_complete():
        try:
            offset, is_whole = stream.offset()
            kept.append(offset)
            if not is_whole:
                stream.append(offset, SIZE)
        except Unexpected as error:
            if error.status not in (409, 423):
                raise
            return False
        return stream.offset()[1]

    if not wait(is_complete, SETTLE, 0.25):
        raise Wrong(f"it is not complete after {SETTLE} s: {kept}")
    return f"{(kept[-1] - FIRST if kept[-1] < SIZE else kept[0] - FIRST) // KIB} of {SENT // KIB} KiB were kept"


def is_there(row, image, data):
    row.holds(image, sha512(data), len(data))
    expect("its data", row.call("GET", f"/v2/images/{image}/file").body == data, True)
    row.delete(image)
