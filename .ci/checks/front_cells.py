"""The columns of the fronts check: each does one thing through a front and raises Wrong if the outcome is not right.

A cell takes a Row and may return a few words for the log. Those that yield are run for all rows at the same time, and go on
when what they wait for has happened to Vitrine.
"""

import contextlib
import http.client
import json

from front_attacks import identity, smuggling
from front_downloads import head, ranges, restart, resume, slow_clients, whole
from front_resumes import draft, tus
from front_row import Wrong, expect
from front_uploads import abort, continue_100, http2_without_length, in_chunks_of, large, parallel, with_length
from vitrine import HOST, KIB, MIB, Connection, call, same, wait

STRANGER = "127.0.0.9"  # the address of a client that is no trusted proxy
FORGED = {"Forwarded": "host=evil.example;proto=https", "X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/evil",
          "X-Forwarded-Port": "666", "X-Forwarded-Proto": "https"}


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


# --- a client


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
    "tus": tus,
    "IETF draft": draft,
    "staged, converted": staged,
    "web-download": web_download,
    "download": whole,
    "range": ranges,
    "resume": resume,
    "HEAD": head,
    "openstack client": openstack,
    "identity headers": identity,
    "smuggling": smuggling,
}
TOGETHER = {"1 KiB/s beside fast": slow_clients, "restart in download": restart}
