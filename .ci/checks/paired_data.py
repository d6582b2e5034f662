"""Requests about the data of images, and about what the service offers: versions, schemas, stores, tasks, caches."""

from paired_requests import CALLERS, DATA, NO_SUCH, OCTETS

SCHEMAS = ("image", "images", "member", "members", "task", "tasks",
           *("metadefs/" + kind for kind in ("namespace", "namespaces", "resource_type", "resource_types", "property", "properties",
                                             "object", "objects", "tag", "tags")))
ROUTES = ("/v2/schemas/image", "/v2/images", "/v2/images/{none}", "/v2/images/{none}/file", "/v2/images/{none}/stage",
          "/v2/images/{none}/import", "/v2/images/{none}/tasks", "/v2/images/{none}/actions/deactivate",
          "/v2/images/{none}/actions/reactivate", "/v2/images/{none}/tags/a", "/v2/images/{none}/members", "/v2/images/{none}/members/a",
          "/v2/tasks", "/v2/tasks/{none}", "/v2/info/import", "/v2/info/stores", "/v2/info/stores/detail", "/v2/info/usage",
          "/v2/stores/fast/{none}", "/v2/cache", "/v2/cache/{none}", "/v2/cached_images", "/v2/queued_images",
          "/v2/metadefs/resource_types", "/v2/metadefs/namespaces", "/v2/metadefs/namespaces/gone",
          *("/v2/metadefs/namespaces/gone/" + tail for tail in ("resource_types", "resource_types/a", "properties", "properties/a",
                                                               "objects", "objects/a", "tags", "tags/a")))
LISTED = ("/v2/images", "/v2/tasks", "/v2/cache", "/v2/cached_images", "/v2/metadefs/namespaces")
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH")
RANGES = ("bytes=0-9", "bytes=10-", "bytes=-10", "bytes=0-", "bytes=0-99999", "bytes=-99999", "bytes=10240-", "bytes=10239-", "bytes=9-3",
          "bytes=0-1,4-5", "bytes=a-b", "bytes=", "bytes", "octets=0-1", "bytes=-0", "bytes= 0-1", "bytes=0 - 1", "0-1", "")


def add_to(requests, web):
    for each in (discovery, methods, uploads, downloads, staging, imports, locations, stores, tasks, cache):
        requests.group = each.__name__
        each(requests, web) if each in (imports, locations, tasks) else each(requests)


def discovery(requests):
    for path in ("/", "/versions", "/v2", "/v2/", "/v1", "/v1/images", "/v9/images", "/v2/gone", "/gone", "/v2/images/", "//v2/info/import",
                 "/v2/schemas", "/v2/schemas/gone", "/v2/info", "/v2/metadefs", "/v2/images/{none}/gone", "/v2.7/schemas/member",
                 "/v2.0/info/import", "/v2.99/info/import", "/healthcheck", "/v2/images/{none}/actions/gone", "/v2/images/gone",
                 "/v2/images/%00", "/v2/images/%ff", "/v2/images/a%20b", "/v2/images/a%2Fb"):
        for who in ("demo", "nobody"):
            # As HTML it has words of its own.
            requests.send(who, "GET", path, headers={"Accept": "application/json"} if path == "/healthcheck" else None)
    for schema in SCHEMAS:
        for who in ("demo", "nobody"):
            requests.get(who, f"/v2/schemas/{schema}")
    for path in ("/v2/info/import", "/v2/info/stores", "/v2/info/stores/detail", "/v2/info/usage", "/v2/images?limit=0",
                 "/v2/tasks?limit=0",
                 "/v2/queued_images", "/v2/metadefs/resource_types", "/v2/metadefs/namespaces?limit=1&sort_key=namespace"):
        for who in CALLERS:
            requests.get(who, path)
    for given in ("mine", "req-mine", "x" * 64, ""):
        requests.send("demo", "GET", "/v2/info/import", headers={"X-Openstack-Request-Id": given})
    requests.send("demo", "GET", "/v2/images/gone", headers={"Accept": "application/json, text/html"})
    requests.send("demo", "GET", "/info/import", headers={"Accept": "application/vnd.openstack.images-v2.3"})


def methods(requests):
    for route in ROUTES:
        for method in METHODS:
            if method != "GET" or route not in LISTED:
                requests.send("admin", method, route)


def uploads(requests):
    for number, (kind, headers, body) in enumerate((
            ("application/octet-stream", {}, b""), ("application/octet-stream", {}, b"x"), ("application/json", {}, b"{}"),
            ("text/plain", {}, b"x"), ("", {}, b"x"), ("application/octet-stream; charset=utf-8", {}, b"x"),
            ("APPLICATION/OCTET-STREAM", {}, b"x"), ("application/octet-stream", {"X-Image-Meta-Store": "slow"}, b"x"),
            ("application/octet-stream", {"X-Image-Meta-Store": "gone"}, b"x"),
                                                    ("application/octet-stream", {"X-Image-Meta-Store": ""}, b"x"),
            ("application/octet-stream", {"X-Image-Meta-Store": "web"}, b"x"),
            ("application/octet-stream", {"X-OpenStack-Image-Size": "1"}, b"x"),
                                                    ("application/octet-stream", {"X-OpenStack-Image-Size": "a"}, b"x"),
            ("application/octet-stream", {"Content-Range": "bytes 0-0/5"}, b"x"))):
        for target in ("file", "stage"):
            image = requests.image(f"upload {number} {target}")
            requests.send("demo", "PUT", f"/v2/images/{image}/{target}", body, {"Content-Type": kind, **headers})
            requests.get("demo", f"/v2/images/{image}")
    for form in ("raw", "qcow2", "vmdk", "iso", "vhd", "vdi", "ami", "vhdx", "ploop"):
        image = requests.image(f"upload as {form}", disk_format=form)
        requests.send("demo", "PUT", f"/v2/images/{image}/file", DATA, OCTETS)
        requests.get("demo", f"/v2/images/{image}")
    for missing in ("disk_format", "container_format"):
        for target in ("file", "stage"):
            image = requests.image(f"no {missing} {target}", **{missing: None})
            requests.send("demo", "PUT", f"/v2/images/{image}/{target}", DATA, OCTETS)
            requests.get("demo", f"/v2/images/{image}")
    for image in (NO_SUCH, "gone"):
        for target in ("file", "stage"):
            requests.send("demo", "PUT", f"/v2/images/{image}/{target}", b"x", OCTETS)
    image = requests.image("twice", "active")
    requests.send("demo", "PUT", f"/v2/images/{image}/file", DATA, OCTETS)


def downloads(requests):
    for state in ("queued", "active", "deactivated", "uploading"):
        image = requests.image(f"download {state}", state)
        for asked in RANGES if state == "active" else ("bytes=0-9",):
            requests.send("demo", "GET", f"/v2/images/{image}/file", headers={"Range": asked})
        for asked in ("bytes 0-9/*", "bytes 0-9/10240", "bytes 5-4/*", "bytes 99999-/*", "gone", "bytes */10240"):
            if state == "active":
                requests.send("demo", "GET", f"/v2/images/{image}/file", headers={"Content-Range": asked})
        for who in CALLERS:
            requests.get(who, f"/v2/images/{image}/file")
    empty = requests.image("empty")
    requests.send("demo", "PUT", f"/v2/images/{empty}/file", b"", OCTETS)
    requests.get("demo", f"/v2/images/{empty}/file")
    for image in (NO_SUCH, "gone"):
        requests.get("demo", f"/v2/images/{image}/file")


def staging(requests):
    image = requests.image("staged twice", "uploading")
    requests.send("demo", "PUT", f"/v2/images/{image}/stage", DATA, OCTETS)
    requests.send("demo", "PUT", f"/v2/images/{image}/file", DATA, OCTETS)
    requests.get("demo", f"/v2/images/{image}/file")
    requests.send("demo", "DELETE", f"/v2/images/{image}")
    for state in ("active", "deactivated", "deleted"):
        image = requests.image(f"staged {state}", state)
        requests.send("demo", "PUT", f"/v2/images/{image}/stage", DATA, OCTETS)


def imports(requests, web):
    direct, copy = {"name": "glance-direct"}, {"name": "copy-image"}
    download = {"name": "web-download", "uri": web.url("small.raw")}
    for number, body in enumerate((
            {"method": direct}, {"method": direct, "stores": ["slow"]}, {"method": direct, "stores": ["fast", "slow"]},
            {"method": direct, "all_stores": True}, {"method": direct, "stores": ["fast"], "all_stores_must_succeed": False},
            {"method": direct, "all_stores": False}, {"method": direct, "stores": []})):
        image = requests.image(f"import {number}", "uploading")
        requests.send("demo", "POST", f"/v2/images/{image}/import", body)
        requests.get("demo", f"/v2/images/{image}", until=("active",) if body.get("stores") != [] else ("active", "queued"))
        requests.get("demo", f"/v2/images/{image}/file")
    for state in ("queued", "active", "deactivated", "uploading", "deleted"):
        for number, body in enumerate(WRONG_IMPORTS):
            if number == 0:
                image = requests.image(f"wrong import {state}", state)
            requests.send("demo", "POST", f"/v2/images/{image}/import", body)
        if state not in ("uploading", ):
            requests.send("demo", "POST", f"/v2/images/{image}/import", {"method": direct})
        for who in ("demo-reader", "alt", "nobody", "stranger"):
            for method in (direct, download, copy):
                requests.send(who, "POST", f"/v2/images/{image}/import", {"method": method})
    image = requests.image("fetched")
    requests.send("demo", "POST", f"/v2/images/{image}/import", {"method": download})
    requests.get("demo", f"/v2/images/{image}", until=("active",))
    requests.get("demo", f"/v2/images/{image}/tasks")
    requests.send("demo", "POST", f"/v2/images/{image}/import", {"method": copy, "stores": ["slow"]})
    requests.send("admin", "POST", f"/v2/images/{image}/import", {"method": copy, "stores": ["fast"]})
    requests.send("admin", "POST", f"/v2/images/{image}/import", {"method": copy, "stores": ["gone"]})
    requests.send("admin", "POST", f"/v2/images/{image}/import", {"method": copy, "all_stores": True}, pause=1)
    requests.get("demo", f"/v2/images/{image}", until=("active",))
    requests.get("admin", f"/v2/images/{image}/tasks")
    for uri in ("http://127.0.0.1:1/x", "ftp://127.0.0.2/x", "file:///etc/passwd", "", "gone", "http://", "http:///x",
                f"http://127.0.0.2:99/x"):
        image = requests.image(f"fetched from {uri}")
        requests.send("demo", "POST", f"/v2/images/{image}/import", {"method": {"name": "web-download", "uri": uri}})
        requests.get("demo", f"/v2/images/{image}")
    for method, state in ((direct, "uploading"), (download, "queued")):
        image = requests.image(f"formats {method['name']}", disk_format=None, container_format=None)
        if state == "uploading":
            requests.send("demo", "PUT", f"/v2/images/{image}/stage", DATA, OCTETS)
        requests.send("demo", "POST", f"/v2/images/{image}/import", {"method": method})
    for image in (NO_SUCH, "gone"):
        requests.send("demo", "POST", f"/v2/images/{image}/import", {"method": direct})
    for header in ("slow", "gone", "slow,fast", ""):
        image = requests.image(f"import by header {header}", "uploading")
        requests.send("demo", "POST", f"/v2/images/{image}/import", {"method": direct}, {"X-Image-Meta-Store": header})
        requests.get("demo", f"/v2/images/{image}", until=("active",) if header == "slow" else ("uploading",))


WRONG_IMPORTS = (
    {}, {"method": {}}, {"method": None}, {"method": "glance-direct"}, {"method": {"name": "gone"}}, {"method": {"name": None}},
    {"method": {"name": 7}}, {"method": []}, [], {"method": {"name": "glance-direct"}, "all_stores": "yes"},
    {"method": {"name": "glance-direct"}, "all_stores_must_succeed": "yes"}, {"method": {"name": "glance-direct"}, "stores": ["gone"]},
    {"method": {"name": "glance-direct"}, "stores": ["fast"], "all_stores": True}, {"method": {"name": "glance-direct"}, "stores": "fast"},
    {"method": {"name": "web-download"}}, {"method": {"name": "web-download", "uri": None}}, {"method": {"name": "web-download", "uri": 7}},
    {"method": {"name": "glance-download", "glance_image_id": NO_SUCH, "glance_region": "a"}}, {"name": "glance-direct"},
    {"method": {"name": "copy-image"}, "stores": ["gone"]},
)


def locations(requests, web):
    url = web.url("small.raw")
    add = lambda *values: [{"op": "add", "path": f"/locations/{where}", "value": value} for where, value in values]
    for number, change in enumerate((
            add(("-", {"url": url, "metadata": {}})), add(("-", {"url": url})), add(("-", {"metadata": {}})),
                                     add(("-", {"url": url, "metadata": 7})),
            add(("-", {"url": "file:///etc/passwd", "metadata": {}})), add(("-", {"url": "gone", "metadata": {}})),
                                     add(("-", {"url": "", "metadata": {}})),
            add(("-", {"url": None, "metadata": {}})), add(("-", "gone")), add(("1", {"url": url, "metadata": {}})),
                                     add(("5", {"url": url, "metadata": {}})),
            add(("a", {"url": url, "metadata": {}})), add(("-", {"url": url, "metadata": {"a": "b"}})),
            add(("-", {"url": url, "metadata": {}}), ("-", {"url": url, "metadata": {}})),
            add(("-", {"url": url, "metadata": {"store": "gone"}})), add(("-", {"url": "swift+config://a/b/c", "metadata": {}})),
            [{"op": "replace", "path": "/locations", "value": []}],
                                     [{"op": "replace", "path": "/locations", "value": [{"url": url, "metadata": {}}]}],
            [{"op": "replace", "path": "/locations", "value": "gone"}], [{"op": "replace", "path": "/locations", "value": None}],
            [{"op": "replace", "path": "/locations/0", "value": {"url": url, "metadata": {}}}],
                                     [{"op": "add", "path": "/locations", "value": []}],
            [{"op": "remove", "path": "/locations"}], [{"op": "remove", "path": "/locations/0"}],
                                     [{"op": "remove", "path": "/locations/5"}],
            [{"op": "remove", "path": "/locations/-"}], [{"op": "remove", "path": "/locations/a"}],
            add(("-", {"url": url, "metadata": {}, "validation_data": {}})),
            add(("-", {"url": url, "metadata": {}, "validation_data": {"os_hash_algo": "sha512", "os_hash_value": "a" * 128}})),
            add(("-", {"url": url, "metadata": {}, "validation_data": {"os_hash_algo": "md5", "os_hash_value": "a" * 32}})),
            add(("-",
                 {"url": url, "metadata": {},
                  "validation_data": {"checksum": "a" * 32, "os_hash_algo": "sha512", "os_hash_value": "a" * 128}})),
            add(("-", {"url": url, "metadata": {}, "more": 1})))):
        for state in ("queued", "active"):
            image = requests.image(f"locations {number} {state}", state)
            requests.patch("demo", image, change)
            requests.get("demo", f"/v2/images/{image}")
    for who in CALLERS:
        image = requests.image(f"locations of {who}")
        requests.patch(who, image, add(("-", {"url": url, "metadata": {}})))
        requests.get(who, f"/v2/images/{image}/locations")
        requests.send(who, "POST", f"/v2/images/{image}/locations", {"url": url})


def stores(requests):
    image = requests.image("in one store", "active")
    for who in CALLERS:
        for store in ("slow", "gone", "web", "fast", "os_glance_staging_store"):
            requests.send(who, "DELETE", f"/v2/stores/{store}/{image}")
    for other in (NO_SUCH, "gone"):
        requests.send("admin", "DELETE", f"/v2/stores/fast/{other}")
    for state in ("queued", "deactivated", "uploading"):
        image = requests.image(f"in a store {state}", state)
        requests.send("admin", "DELETE", f"/v2/stores/fast/{image}")
    image = requests.image("in two stores", "uploading")
    requests.send("demo", "POST", f"/v2/images/{image}/import", {"method": {"name": "glance-direct"}, "stores": ["fast", "slow"]})
    requests.get("demo", f"/v2/images/{image}", until=("active",))
    requests.send("demo", "DELETE", f"/v2/stores/slow/{image}", pause=1)
    requests.send("admin", "DELETE", f"/v2/stores/slow/{image}")
    requests.get("demo", f"/v2/images/{image}")
    requests.send("admin", "DELETE", f"/v2/stores/fast/{image}")


def tasks(requests, web):
    whole = {"type": "import", "input": {"import_from": web.url("small.raw"), "import_from_format": "raw",
                                         "image_properties": {"disk_format": "raw", "container_format": "bare"}}}
    for who in CALLERS:
        requests.get(who, "/v2/tasks?status=failure&type=import")
        requests.get(who, f"/v2/tasks/{NO_SUCH}")
    for who in ("demo", "demo-reader", "alt", "nobody", "stranger"):
        requests.send(who, "POST", "/v2/tasks", whole)
    for body in ({}, {"type": "import"}, {"type": "gone", "input": {}}, {"type": None, "input": {}}, {"type": "import", "input": None},
                 {"type": "import", "input": {}}, {"type": "import", "input": "text"},
                 {"type": "import", "input": {"import_from": "file:///a"}},
                 {**whole, "status": "success"}, {**whole, "owner": "a"}, {**whole, "id": NO_SUCH}, {**whole, "more": 1}, [],
                 {"type": "export", "input": {}}, {"type": "clone", "input": {}}, {"input": {}}):
        requests.send("admin", "POST", "/v2/tasks", body)
    requests.send("admin", "POST", "/v2/tasks", whole, save="task")
    requests.get("admin", "/v2/tasks/{task}", until=("success", "failure"))
    requests.get("demo", "/v2/tasks/{task}")
    for query in ("limit=0", "limit=-1", "limit=a", "marker=gone", f"marker={NO_SUCH}", "status=gone", "type=gone", "type=api_image_import",
                  "sort_key=gone", "sort_dir=gone", "sort_key=id&sort_dir=asc&limit=0", "status=pending", "unknown=1&limit=0",
                  "sort_key=&limit=0", "owner=gone&limit=0"):
        requests.get("admin", f"/v2/tasks?{query}")
    requests.send("admin", "DELETE", "/v2/tasks/{task}")
    requests.get("admin", "/v2/tasks/gone")


def cache(requests):
    active, queued = requests.image("cached", "active"), requests.image("not cached")
    for who in CALLERS:
        for image in (active, queued, NO_SUCH, "gone"):
            if who != "admin" or image != active:
                requests.send(who, "PUT", f"/v2/cache/{image}")
                requests.send(who, "PUT", f"/v2/queued_images/{image}")
            requests.send(who, "DELETE", f"/v2/cache/{image}")
            requests.send(who, "DELETE", f"/v2/cached_images/{image}")
            requests.send(who, "DELETE", f"/v2/queued_images/{image}")
        for target in ("cache", "queue", "", "gone", None):
            requests.send(who, "DELETE", "/v2/cache", headers={} if target is None else {"x-image-cache-clear-target": target})
        requests.send(who, "DELETE", "/v2/cached_images")
        requests.send(who, "DELETE", "/v2/queued_images")
        if who != "admin":
            requests.get(who, "/v2/cache")
        for path in ("/v2/cache/clean", "/v2/cache/prune"):
            requests.send(who, "POST", path)
        requests.get(who, f"/v2/cache/nodes/{active}")
