"""What fronts themselves make impossible, and what works instead. The check asserts that it is so."""

import subprocess
import typing

from front_row import Wrong, expect
from vitrine import HOST, curl


class Exceptional(typing.NamedTuple):
    """A cell that is asserted instead of the column's own, the directive or source line that says why, and the way that works."""

    cell: typing.Callable
    why: str
    instead: str


def no_http2(row):
    """The front does not take HTTP/2, and the image is what it was; the same upload in chunks of HTTP/1.1 passes."""
    image = row.create()
    url = f"http://{HOST}:{row.front.port}/v2/images/{image}/file"
    fields = ("-H", f"X-Auth-Token: {row.token['X-Auth-Token']}", "-H", "Content-Type: application/octet-stream", "-T", row.stock.raw)
    code, status = curl("--http2-prior-knowledge", "-m", "10", *fields, url, stdin=subprocess.DEVNULL)
    if not code or 200 <= status < 300:
        raise Wrong(f"curl ends with {code}, the front answers {status}: it does speak HTTP/2")
    expect("the image", row.status(image), "queued")
    expect("in chunks", curl("-H", "Transfer-Encoding: chunked", *fields, url), (0, 204))
    row.delete(image)


EXCEPTIONS = {
    ("uWSGI router", "HTTP/2, no length"): Exceptional(
        no_http2,
        "uWSGI's HTTP router speaks HTTP/1 only: `plugins/http/http.c` parses request lines, and SPDY is all that was ever begun beyond.",
        "the same upload with `Transfer-Encoding: chunked` over HTTP/1.1; or HAProxy or nginx in place of the router."),
}
