"""Requests about images without their data: lists, creation, changes, members, tags, who may do what in which state."""

from paired_requests import BEYOND, CALLERS, DATA, LONG_TEXT, NO_SUCH, OCTETS, OLD_PATCH, PATCH, UNICODE, quoted

VALUES = (None, "", "text", LONG_TEXT, UNICODE, BEYOND, 0, 7, -1, 1.5, True, [], ["a"], {})
FIELDS = ("name", "visibility", "protected", "os_hidden", "owner", "disk_format", "container_format", "min_disk", "min_ram", "tags", "id",
          "extra", "kernel_id", "os_distro", "hw_scsi_model")
READ_ONLY = ("status", "size", "virtual_size", "checksum", "os_hash_algo", "os_hash_value", "created_at", "updated_at", "self", "file",
             "schema", "stores", "direct_url", "locations", "location", "deleted", "deleted_at", "os_glance_import_task", "is_public")
BAD_BODIES = (b"", b"{", b"null", b"7", b"[]", b'"text"', b'{"name": "a"', b'{"name": "\xff"}', b"\x00", b"name=a")
VISIBILITIES = ("private", "shared", "community", "public")
STATES = ("queued", "active", "deactivated", "deleted", "uploading")


def add_to(requests):
    for each in (lists, creation, wrong_bodies, patches, broken_patches, states, visibilities, members, tags):
        requests.group = each.__name__.replace("_", " ")
        each(requests)


def lists(requests):
    """A few images, a second apart, so that all orders are the same on both sides; then every way to ask for them."""
    fields = ({}, {"visibility": "private", "tags": ["red"]}, {"visibility": "community", "min_ram": 64, "tags": ["red", "blue"]},
              {"protected": True, "os_distro": "debian"}, {"os_hidden": True}, {"disk_format": "qcow2", "min_disk": 2})
    made = []
    for number, each in enumerate(fields):
        made.append(requests.image(f"list-{number}", "active" if number == 1 else "queued", **each))
        requests.pause(1.05)
    public = requests.image("list-public", "active", "admin", visibility="public")
    requests.pause(1.05)
    foreign = requests.image("list-alt", "deactivated", "alt")
    for who in CALLERS:
        for query in ("", "?visibility=all", "?visibility=private", "?visibility=shared", "?visibility=community", "?visibility=public",
                      "?os_hidden=true", "?member_status=all", "?limit=2", "?owner={project}"):
            requests.get(who, "/v2/images" + query)
    for key in ("name", "status", "container_format", "disk_format", "size", "id", "created_at", "updated_at", "owner", "min_ram", "tags",
                "visibility", "os_hidden", "", "extra"):
        for direction in ("", "asc", "desc", "up"):
            requests.get("demo", f"/v2/images?sort_key={key}" + (f"&sort_dir={direction}" if direction else ""))
        requests.get("demo", f"/v2/images?sort={key}:asc")
    for query in QUERIES:
        requests.get("demo", "/v2/images?" + query)
    for marker in (*made, public, foreign, NO_SUCH, "text", ""):
        for query in ("", "&limit=2", "&sort=name:asc", "&visibility=community"):
            requests.get("demo", f"/v2/images?marker={marker}{query}")
    requests.patch("demo", made[3], [{"op": "replace", "path": "/protected", "value": False}])
    for image in made:
        requests.send("demo", "DELETE", f"/v2/images/{image}")
    requests.send("admin", "DELETE", f"/v2/images/{public}")
    requests.send("admin", "DELETE", f"/v2/images/{foreign}")


QUERIES = (
    "limit=0", "limit=1", "limit=-1", "limit=a", "limit=", "limit=1.5", "limit=99999999999999999999", "limit=1000", "limit=1&limit=2",
    "sort=name", "sort=name:asc,id:desc", "sort=", "sort=name:up", "sort=name:asc:desc", "sort=name,", "sort=name&sort_key=id",
    "sort_key=name&sort_key=id&sort_dir=asc&sort_dir=desc", "sort_key=name&sort_dir=asc&sort_dir=desc", "sort_dir=asc",
    "sort_key=name&sort_key=id&sort_dir=asc", "sort_key=name&sort_key=name",
    "name=list-0", "name=in:list-0,list-1", 'name=in:"list-0",list-2', 'name=in:"list-0', "name=eq:list-0", "name=neq:list-0",
    "name=like:list", "name=", "name=%00", "name=%ff", "name=%F0%9F%AA%9F", "name=a:b", "name=in:", "name=list-0&name=list-1",
    "id=in:a,b", f"id={NO_SUCH}", "status=queued", "status=in:queued,active", "status=gone", "status=eq:active", "status=neq:active",
    "disk_format=raw", "disk_format=in:raw,qcow2", "disk_format=gone", "container_format=bare", "container_format=in:bare,ovf",
    "visibility=gone", "visibility=", "visibility=PUBLIC", "visibility=public&visibility=private",
    "member_status=accepted", "member_status=pending", "member_status=rejected", "member_status=gone", "member_status=",
    "protected=true", "protected=false", "protected=True", "protected=1", "protected=", "os_hidden=false", "os_hidden=True", "os_hidden=1",
    "os_hidden=", "is_public=true", "deleted=true", "changes-since=2020-01-01T00:00:00Z",
    "created_at=gt:2020-01-01T00:00:00Z", "created_at=2020-01-01T00:00:00Z", "created_at=lt:2020-01-01T00:00:00Z", "created_at=gt:gone",
    "created_at=in:2020-01-01T00:00:00Z", "created_at=neq:2020-01-01T00:00:00Z", "created_at=", "updated_at=gte:2020-01-01T00:00:00Z",
    "updated_at=lte:2020-01-01", "updated_at=eq:2020-01-01T00:00:00", "created_at=gt:2020-01-01T00:00:00%2B02:00",
    "size_min=1", "size_max=1", "size_min=a", "size_max=-1", "size_min=", "size_min=1.5", "min_ram_min=1", "min_ram_max=1",
           "min_disk_min=1",
    "min_disk_max=a", "size=10240", "size=a", "min_ram=64", "min_ram=a", "min_disk=2", "virtual_size=1", "checksum=gone",
           "os_hash_value=gone",
    "tag=red", "tag=red&tag=blue", "tag=gone", "tag=", f"tag={LONG_TEXT}", "tag=%ff", "tags=red",
    "os_distro=debian", "os_distro=", "extra=gone", "unknown", "=", "&&", "%", "a%zz=1", f"{LONG_TEXT}=1", f"name={LONG_TEXT}",
    "owner=", "owner=gone", "owner_is_public=true", "locations=a", "image_state=available", "limit=2&name=in:list-0,list-1,list-2",
    "limit=2&sort=name:asc&tag=red", "limit=1&sort=created_at:asc", "limit=1&sort_key=name&sort_dir=desc&disk_format=raw",
)


def creation(requests):
    for field in FIELDS:
        for value in VALUES:
            requests.send("demo", "POST", "/v2/images", {"name": "odd", field: value})
    for field in READ_ONLY:
        for value in ("text", None, 1):
            requests.send("demo", "POST", "/v2/images", {"name": "read-only", field: value})
    for visibility in VISIBILITIES:
        for who in CALLERS:
            requests.send(who, "POST", "/v2/images", {"visibility": visibility})
    for who in ("admin", "demo"):
        requests.send(who, "POST", "/v2/images", {"owner": "another"})
        requests.send(who, "POST", "/v2/images", {"id": requests.id(f"whole-{who}"), "tags": ["b", "a", "a"], "min_disk": 1, "min_ram": 2,
                                                  "protected": False, "extra": UNICODE, "os_hidden": True, "hw_scsi_model": "virtio"})
        requests.send(who, "POST", "/v2/images", {"id": requests.id(f"whole-{who}")})
    gone = requests.image("created before", "deleted")
    requests.send("demo", "POST", "/v2/images", {"id": gone})
    for name in ("", " ", "a b", "a/b", UNICODE, BEYOND, LONG_TEXT, "x" * 255, "é" * 255, "os_glance_a", "os_glance"):
        requests.send("demo", "POST", "/v2/images", {name: "value"})
    for value in ("x" * 70000, "x" * 255, "a\nb", "\x00", " ", "a\tb"):
        requests.send("demo", "POST", "/v2/images", {"extra": value})
    for name in (" ", "a\nb", "\x00", "x" * 255):
        requests.send("demo", "POST", "/v2/images", {"name": name})
    for tags in (["x" * 255], [LONG_TEXT], [1], [None], [""], ["a", "a"], [UNICODE], [BEYOND], "a", {"a": 1}, [str(n) for n in range(129)]):
        requests.send("demo", "POST", "/v2/images", {"tags": tags})
    for image in ("ABCDEF01-0000-4000-8000-00000000000A", "abcdef01000040008000000000000001", "abcdef01-0000-4000-8000-00000000000", " "):
        requests.send("demo", "POST", "/v2/images", {"id": image})
    for number in (2147483647, 2147483648, 9223372036854775808, 1e3, 1.0):
        requests.send("demo", "POST", "/v2/images", {"min_disk": number})
    requests.send("demo", "POST", "/v2/images", {f"p{n}": "v" for n in range(129)})


def wrong_bodies(requests):
    image = requests.image("wrong bodies", "active")
    task = {"type": "import"}
    routes = (("POST", "/v2/images"), ("PATCH", f"/v2/images/{image}"), ("POST", f"/v2/images/{image}/members"),
              ("PUT", f"/v2/images/{image}/members/gone"), ("POST", f"/v2/images/{image}/import"), ("POST", "/v2/tasks"),
              ("POST", "/v2/metadefs/namespaces"))
    for method, path in routes:
        for body in BAD_BODIES:
            kind = PATCH if method == "PATCH" else "application/json"
            requests.send("admin" if "tasks" in path or "metadefs" in path else "demo", method, path, body, {"Content-Type": kind})
    for kind in ("text/plain", "application/xml", "application/octet-stream", "", "application/json; charset=latin-1", "nonsense"):
        requests.send("demo", "POST", "/v2/images", {"name": "kind"}, {"Content-Type": kind})
        requests.send("demo", "POST", f"/v2/images/{image}/members", {"member": f"kind-{len(kind)}"}, {"Content-Type": kind})
        requests.send("admin", "POST", "/v2/tasks", task, {"Content-Type": kind})
    for path in (f"/v2/images/{image}", f"/v2/images/{image}/file", f"/v2/images/{image}/members", "/v2/images?limit=0",
                 "/v2/tasks?limit=0", "/v2/schemas/image",
                 "/v2/info/stores", "/v2/info/import", f"/v2/images/{image}/tasks"):
        requests.send("demo", "GET", path, {"unwanted": 1})
    for method, path in (("DELETE", "/tags/a"), ("PUT", "/tags/a"), ("POST", "/actions/deactivate"), ("POST", "/actions/reactivate"),
                         ("DELETE", "/members/a"), ("DELETE", "")):
        requests.send("demo", method, f"/v2/images/{image}{path}", {"unwanted": 1})


PATCHED = ("name", "visibility", "protected", "os_hidden", "owner", "disk_format", "container_format", "min_disk", "min_ram", "tags",
           "extra", "kernel_id", "a~1b", "a~0b", UNICODE)
PATCH_VALUES = (None, "", "text", LONG_TEXT, BEYOND, 7, -1, True, [], ["a", "b"], {})


def patches(requests):
    for op in ("add", "replace", "remove"):
        for state in ("queued", "active"):
            for field in PATCHED:
                image = requests.image(f"{op} {field} {state}", state, extra="before")
                for value in PATCH_VALUES if op != "remove" and state == "queued" else ("text",):
                    change = {"op": op, "path": f"/{field}"}
                    requests.patch("demo", image, [change if op == "remove" else {**change, "value": value}])
        image = requests.image(f"{op} read-only", "active")
        for field in READ_ONLY + ("id", "os_glance_x"):
            requests.patch("demo", image, [{"op": op, "path": f"/{field}", **({} if op == "remove" else {"value": "text"})}])
    for visibility in (*VISIBILITIES, "gone"):
        for who in ("admin", "demo"):
            image = requests.image(f"visible {visibility} {who}", who=who)
            requests.patch(who, image, [{"op": "replace", "path": "/visibility", "value": visibility}])
    image = requests.image("old patches", extra="before")
    for change in ({"replace": "/name", "value": "a"}, {"add": "/extra", "value": "b"}, {"add": "/new", "value": "b"}, {"remove": "/new"},
                   {"replace": "/gone", "value": "b"}, {"remove": "/gone"}, {"add": "/a", "remove": "/a"}, {"replace": "/name"},
                   {"op": "replace", "path": "/name", "value": "b"}, {"add": "a", "value": "b"}, {"test": "/name", "value": "a"}):
        requests.patch("demo", image, [change], OLD_PATCH)
    image = requests.image("several")
    requests.patch("demo", image, [{"op": "add", "path": "/a", "value": "1"}, {"op": "replace", "path": "/a", "value": "2"}])
    requests.patch("demo", image, [{"op": "add", "path": "/b", "value": "1"}, {"op": "remove", "path": "/b"}])
    requests.patch("demo", image, [{"op": "add", "path": "/c", "value": "1"}, {"op": "remove", "path": "/gone"}])
    requests.get("demo", f"/v2/images/{image}")
    requests.patch("demo", image, [{"op": "add", "path": f"/p{n}", "value": "v"} for n in range(129)])
    requests.patch("demo", image, [{"op": "replace", "path": "/tags", "value": [str(n) for n in range(129)]}])
    requests.patch("demo", image, [])


def broken_patches(requests):
    image = requests.image("broken patches", extra="before", tags=["a"])
    for body in ({}, {"op": "add", "path": "/a", "value": "b"}, "text", 7, None, [None], ["text"], [[]], [{}], [{"op": "add"}],
                 [{"path": "/a", "value": "b"}], [{"op": "add", "path": "/a"}], [{"op": "add", "value": "b"}],
                 [{"op": "test", "path": "/name", "value": "b"}], [{"op": "move", "from": "/extra", "path": "/b"}],
                 [{"op": "copy", "from": "/extra", "path": "/b"}], [{"op": "ADD", "path": "/a", "value": "b"}],
                 [{"op": None, "path": "/a", "value": "b"}], [{"op": 1, "path": "/a", "value": "b"}],
                 [{"op": "add", "path": None, "value": "b"}], [{"op": "add", "path": 7, "value": "b"}],
                 [{"op": "add", "path": "", "value": "b"}], [{"op": "add", "path": "a", "value": "b"}],
                 [{"op": "add", "path": "/", "value": "b"}], [{"op": "add", "path": "/a/", "value": "b"}],
                 [{"op": "add", "path": "//a", "value": "b"}], [{"op": "add", "path": "/a//b", "value": "b"}],
                 [{"op": "add", "path": "/a/b", "value": "b"}], [{"op": "add", "path": "/tags/-", "value": "b"}],
                 [{"op": "add", "path": "/tags/0", "value": "b"}], [{"op": "remove", "path": "/tags/0"}],
                 [{"op": "add", "path": "/a~b", "value": "b"}], [{"op": "add", "path": "/a~2", "value": "b"}],
                 [{"op": "add", "path": "/" + LONG_TEXT, "value": "b"}], [{"op": "remove", "path": "/extra", "value": "b"}],
                 [{"op": "add", "path": "/a", "value": "b", "more": 1}], [{"op": "add", "path": "/ ", "value": "b"}]):
        requests.patch("demo", image, body if body is not None else b"null")
    for kind in ("application/json", "text/plain", "application/json-patch+json", "", PATCH + "; charset=utf-8", PATCH.upper()):
        requests.patch("demo", image, [{"op": "add", "path": "/kind", "value": "b"}], kind)
    for target in (NO_SUCH, "gone", "a%20b", "%00", "%ff"):
        requests.patch("demo", target, [{"op": "add", "path": "/a", "value": "b"}])


def states(requests):
    """Each caller with an image of demo in each state: first what changes nothing, then what does, deleting it at last."""
    for state in STATES:
        for who in CALLERS[:-1]:
            image = requests.image(f"{state} for {who}", state, visibility="shared")
            path = f"/v2/images/{image}"
            for tail in ("", "/file", "/members", "/members/{project}", "/tasks"):
                requests.get(who, path + tail)
            requests.patch(who, image, [{"op": "replace", "path": "/name", "value": "changed"}])
            requests.send(who, "PUT", f"{path}/tags/a")
            requests.send(who, "DELETE", f"{path}/tags/a")
            requests.send(who, "POST", f"{path}/members", {"member": "{alt}"})
            requests.send(who, "PUT", f"{path}/members/{{alt}}", {"status": "accepted"})
            requests.send(who, "DELETE", f"{path}/members/{{alt}}")
            requests.send(who, "POST", f"{path}/actions/deactivate")
            requests.send(who, "POST", f"{path}/actions/reactivate")
            if state != "queued" or who not in ("admin", "demo"):
                requests.send(who, "PUT", f"{path}/stage", DATA, OCTETS)
            requests.send(who, "PUT", f"{path}/file", DATA, OCTETS)
            requests.send(who, "DELETE", f"/v2/stores/fast/{image}")
            requests.get("admin", path)
            requests.send(who, "DELETE", path)
            requests.get(who, path)
    for who in CALLERS:
        image = requests.image(f"protected for {who}", "active", protected=True)
        requests.send(who, "DELETE", f"/v2/images/{image}")
        requests.send(who, "PUT", f"/v2/images/{image}/tags/a")
        requests.patch(who, image, [{"op": "replace", "path": "/protected", "value": False}])
        requests.send(who, "DELETE", f"/v2/images/{image}")


def visibilities(requests):
    for visibility in VISIBILITIES:
        for who in CALLERS[:-1]:
            for member in (False, True) if visibility == "shared" else (False,):
                owner = "admin" if visibility == "public" else "demo"
                image = requests.image(f"{visibility} {who} {member}", "active", owner, visibility=visibility)
                path = f"/v2/images/{image}"
                if member:
                    requests.send(owner, "POST", f"{path}/members", {"member": "{alt}"})
                for tail in ("", "/file", "/members", "/members/{alt}", "/members/{project}"):
                    requests.get(who, path + tail)
                requests.send(who, "PUT", f"{path}/members/{{alt}}", {"status": "accepted"})
                requests.send(who, "POST", f"{path}/members", {"member": "third"})
                requests.send(who, "PUT", f"{path}/members/third", {"status": "accepted"})
                requests.send(who, "DELETE", f"{path}/members/third")
                requests.patch(who, image, [{"op": "add", "path": "/extra", "value": "changed"}])
                requests.patch(who, image, [{"op": "replace", "path": "/visibility", "value": "community"}])
                requests.get(who, path)
                requests.send(who, "PUT", f"{path}/tags/a")
                requests.send(who, "POST", f"{path}/actions/deactivate")
                requests.send(who, "DELETE", path)


def members(requests):
    for state in ("queued", "active"):
        image = requests.image(f"members {state}", state)
        path = f"/v2/images/{image}/members"
        for body in ({"member": "{alt}"}, {"member": "{alt}"}, {"member": ""}, {"member": None}, {"member": 7}, {"member": LONG_TEXT},
                     {"member": UNICODE}, {"member": BEYOND}, {"member": "{project}"}, {}, {"member": "a", "status": "accepted"},
                     {"members": "b"}, {"member": []}, {"member": " "}, []):
            requests.send("demo", "POST", path, body)
        requests.get("demo", path)
        for who in ("demo", "alt", "admin"):
            for body in ({"status": "accepted"}, {"status": "rejected"}, {"status": "pending"}, {"status": "gone"}, {"status": None},
                         {"status": 7}, {}, {"member": "a"}, {"status": "accepted", "member": "b"}, []):
                requests.send(who, "PUT", f"{path}/{{alt}}", body)
            requests.send(who, "PUT", f"{path}/gone", {"status": "accepted"})
            requests.get(who, f"{path}/{{alt}}")
            requests.get(who, f"{path}/gone")
            requests.get(who, f"{path}?limit=1")
        requests.send("alt", "DELETE", f"{path}/{{alt}}")
        for member in ("{alt}", "{alt}", "gone", "%ff", quoted(UNICODE), LONG_TEXT):
            requests.send("demo", "DELETE", f"{path}/{member}")
    for image in (NO_SUCH, "gone"):
        for method, tail, body in (("GET", "", None), ("POST", "", {"member": "a"}), ("GET", "/a", None),
                                   ("PUT", "/a", {"status": "accepted"}),
                                   ("DELETE", "/a", None)):
            requests.send("demo", method, f"/v2/images/{image}/members{tail}", body)


def tags(requests):
    for state in ("queued", "active"):
        image = requests.image(f"tags {state}", state)
        for tag in ("a", "a", "x" * 255, LONG_TEXT, quoted(UNICODE), quoted(BEYOND), "%20", "a%20b", "a%2Fb", "a/b", "%00", "%ff",
                    "a,b", "",
                    "a%25b", "a+b", "."):
            requests.send("demo", "PUT", f"/v2/images/{image}/tags/{tag}")
        requests.get("demo", f"/v2/images/{image}")
        for tag in ("a", "a", "x" * 255, LONG_TEXT, quoted(UNICODE), "%20", "a%20b", "gone", "%ff"):
            requests.send("demo", "DELETE", f"/v2/images/{image}/tags/{tag}")
        requests.get("demo", f"/v2/images/{image}")
    full = requests.image("full of tags", tags=[str(n) for n in range(127)])
    for tag in ("a", "b", "a"):
        requests.send("demo", "PUT", f"/v2/images/{full}/tags/{tag}")
    for image in (NO_SUCH, "gone"):
        requests.send("demo", "PUT", f"/v2/images/{image}/tags/a")
        requests.send("demo", "DELETE", f"/v2/images/{image}/tags/a")
