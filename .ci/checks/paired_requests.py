"""The requests of the paired run: tables of routes, callers, states and values, crossed with each other.

Images have ids that are made from the seed and their names, the same on both servers. Other ids are taken from answers: a request with
save=NAME keeps the id of what it made, and {NAME} in a later path stands for it.
"""

import dataclasses
import json
import urllib.parse
import uuid

ACCEPTS = ("*/*", "application/json", None, "text/html", "text/plain")
PATCH = "application/openstack-images-v2.1-json-patch"
OLD_PATCH = "application/openstack-images-v2.0-json-patch"
OCTETS = {"Content-Type": "application/octet-stream"}
USUAL = (PATCH, "application/json", "application/octet-stream")
CALLERS = ("admin", "demo", "demo-reader", "alt", "nobody", "stranger")
DATA = bytes(range(256)) * 40
LONG_TEXT = "x" * 256
UNICODE = "Fenêtre 窓"
BEYOND = "window \U0001fa9f"  # four bytes in UTF-8
NO_SUCH = "00000000-0000-4000-8000-000000000000"


@dataclasses.dataclass(frozen=True)
class Request:
    """One request; the answer to it is waited for until the status of the image or task in it is one of until."""

    group: str
    who: str
    method: str
    path: str
    body: object = None
    headers: tuple = ()
    save: str = None
    until: tuple = ()
    pause: float = 0

    def octets(self):
        return self.body if self.body is None or isinstance(self.body, bytes) else json.dumps(self.body).encode()

    def __str__(self):
        body = self.octets()
        if body is None:
            told = ""
        elif len(body) > 2000:
            told = f" {len(body)} bytes"
        else:
            told = " " + "".join(each if each.isprintable() else "?" for each in body[:200].decode("utf-8", "replace"))
        headers = "".join(f" [{name}: {value[:60]}]" for name, value in self.headers if name != "Accept" and value not in USUAL)
        return f"{self.group}: {self.who} {self.method} {self.path[:140]}{headers}{told}"


class Requests(list):
    """The requests in the order in which they are sent; known is every id that is the same on both servers."""

    def __init__(self, seed):
        super().__init__()
        self.seed, self.known, self.group = seed, {NO_SUCH}, ""

    def send(self, who, method, path, body=None, headers=None, **options):
        fields = dict(headers or {})
        if body is not None and not isinstance(body, bytes):
            fields.setdefault("Content-Type", "application/json")
        accept = ACCEPTS[len(self) % len(ACCEPTS)]
        if accept:
            fields.setdefault("Accept", accept)
        self.append(Request(self.group, who, method, path, body, tuple(fields.items()), **options))

    def get(self, who, path, **options):
        self.send(who, "GET", path, **options)

    def patch(self, who, image, body, kind=PATCH):
        self.send(who, "PATCH", f"/v2/images/{image}", body, {"Content-Type": kind})

    def pause(self, seconds):
        """Has both sides wait after the last request."""
        self[-1] = dataclasses.replace(self[-1], pause=seconds)

    def id(self, name):
        """The id of that name, which is another one for another seed."""
        made = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.seed}/{name}"))
        self.known.add(made)
        return made

    def image(self, name, state="queued", who="demo", **fields):
        """Makes an image and brings it into a state; its id."""
        image = self.id(name)
        path = f"/v2/images/{image}"
        self.send(who, "POST", "/v2/images", {"id": image, "name": name, "disk_format": "raw", "container_format": "bare", **fields})
        if state in ("active", "deactivated", "deleted"):
            self.send(who, "PUT", f"{path}/file", DATA, OCTETS)
        if state == "deactivated":
            self.send(who, "POST", f"{path}/actions/deactivate")
        if state == "deleted":
            self.send(who, "DELETE", path)
        if state == "uploading":
            self.send(who, "PUT", f"{path}/stage", DATA, OCTETS)
        return image


def quoted(text):
    return urllib.parse.quote(text, safe="")
