"""Requests about metadata definitions: namespaces and what is in them, by each caller and with odd values."""

from paired_requests import BEYOND, CALLERS, LONG_TEXT, UNICODE, quoted

VALUES = (None, "", LONG_TEXT, BEYOND, 7, True, ["a"], {})
SPACES = "/v2/metadefs/namespaces"
KINDS = ("properties", "objects", "tags", "resource_types")


def add_to(requests):
    for each in (catalog, namespaces, callers, properties, objects, tags, resource_types, nested):
        requests.group = f"metadefs {each.__name__.replace('_', ' ')}"
        each(requests)


def space(requests, name, **fields):
    requests.send("admin", "POST", SPACES, {"namespace": name, "visibility": "public", **fields})
    return f"{SPACES}/{name}"


def catalog(requests):
    """What Debian's files define, as a whole and one by one."""
    for query in ("", "?limit=3", "?limit=0", "?limit=-1", "?limit=a", "?marker=OS::Compute::Hypervisor", "?marker=gone",
                  "?sort_key=namespace",
                  "?sort_key=namespace&sort_dir=asc&limit=1000", "?sort_key=created_at&sort_dir=up", "?sort_key=gone",
                  "?visibility=public", "?visibility=private",
                  "?visibility=gone", "?resource_types=OS::Glance::Image&sort_key=namespace",
                  "?resource_types=OS::Nova::Flavor,OS::Cinder::Volume&sort_key=namespace", "?resource_types=", "?unknown=1",
                  "?limit=3&marker=OS::Compute::Hypervisor&sort_key=namespace&sort_dir=asc", "?owner=admin",
                  "?protected=true&sort_key=namespace"):
        joint = "&" if query else "?"
        requests.get("demo", SPACES + query + ("" if "sort_key" in query else f"{joint}sort_key=namespace"))
    for name in ("OS::Compute::Hypervisor", "OS::Compute::Libvirt", "OS::Compute::GuestMemoryBacking",
                 "OS::Glance::CommonImageProperties", "CIM::ProcessorAllocationSettingData",
                 "OS::Software::Runtimes", "OS::Software::WebServers", "OS::OperatingSystem", "OS::Glance::Signatures",
                 "OS::Cinder::Volumetype"):
        requests.get("demo", f"{SPACES}/{name}")
        requests.get("demo", f"{SPACES}/{name}?resource_type=OS::Glance::Image")
        for kind in KINDS:
            requests.get("demo", f"{SPACES}/{name}/{kind}")
    requests.get("demo", "/v2/metadefs/resource_types")


def namespaces(requests):
    for field in ("namespace", "display_name", "description", "visibility", "protected", "owner", "created_at", "self", "schema", "tags",
                  "properties", "objects", "resource_type_associations", "more"):
        for number, value in enumerate(VALUES):
            name = f"odd-{field}-{number}"
            requests.send("admin", "POST", SPACES, {"namespace": name, field: value})
            if number % 3 == 1:
                requests.get("admin", f"{SPACES}/{name}")
    path = space(requests, "changed")
    for body in ({}, {"namespace": "changed"}, {"namespace": "changed", "visibility": "private"},
                 {"namespace": "changed", "protected": True},
                 {"namespace": "renamed", "protected": False}, {"namespace": "changed", "more": 1}, {"namespace": None}, [],
                 {"namespace": "changed", "display_name": LONG_TEXT}):
        requests.send("admin", "PUT", path, body)
        requests.get("admin", path)
    requests.send("admin", "PUT", f"{SPACES}/renamed", {"namespace": "changed"})
    requests.send("admin", "POST", SPACES, {"namespace": "changed"})
    requests.send("admin", "DELETE", path)
    requests.send("admin", "DELETE", path)
    path = space(requests, "kept", protected=True)
    for tail in ("", "/properties", "/objects", "/tags"):
        requests.send("admin", "DELETE", path + tail)
    for name in ("a b", "a/b", UNICODE, "x" * 80, "x" * 81, " "):
        requests.send("admin", "POST", SPACES, {"namespace": name})
        requests.get("admin", f"{SPACES}/{quoted(name)}")
        requests.send("admin", "DELETE", f"{SPACES}/{quoted(name)}")


def callers(requests):
    for visibility in ("public", "private"):
        path = space(requests, f"of-admin-{visibility}", visibility=visibility)
        for who in CALLERS:
            requests.send(who, "POST", SPACES, {"namespace": f"of-{who}-{visibility}", "visibility": visibility})
            requests.get(who, path)
            requests.send(who, "PUT", path, {"namespace": f"of-admin-{visibility}", "visibility": visibility, "display_name": who})
            requests.get(who, f"{SPACES}/of-{who}-{visibility}")
            for kind, name, body in (("properties", "p", {"name": "p", "title": "P", "type": "string"}), ("objects", "o", {"name": "o"}),
                                     ("tags", "t", None), ("resource_types", "OS::Nova::Server", {"name": "OS::Nova::Server"})):
                one = f"{path}/{kind}/{quoted(name)}"
                requests.send(who, "POST", one if kind == "tags" else f"{path}/{kind}", body)
                requests.get(who, f"{path}/{kind}")
                requests.get(who, one)
                requests.send(who, "PUT", one, body or {"name": "t"})
                requests.send(who, "DELETE", one)
                requests.send(who, "DELETE", one)
                requests.send(who, "DELETE", f"{path}/{kind}")
        for who in ("nobody", "demo", "admin"):
            requests.send(who, "DELETE", path)


def properties(requests):
    path = space(requests, "with-properties")
    whole = {"name": "p", "title": "P", "type": "string"}
    for field in ("name", "title", "type", "description", "operators", "default", "readonly", "minimum", "maximum", "enum", "pattern",
                  "minLength", "maxLength", "items", "uniqueItems", "minItems", "additionalItems", "required", "more"):
        for number, value in enumerate(VALUES[:3] + VALUES[4:]):
            requests.send("admin", "POST", f"{path}/properties", {**whole, "name": f"p-{field}-{number}", field: value})
    for kind in ("array", "boolean", "integer", "number", "object", "string", "null", "gone"):
        requests.send("admin", "POST", f"{path}/properties", {**whole, "name": kind, "type": kind})
        requests.get("admin", f"{path}/properties/{kind}")
    requests.get("admin", f"{path}/properties")
    for body in (whole, whole, {}, {"name": "p"}, []):
        requests.send("admin", "POST", f"{path}/properties", body)
    for body in ({**whole, "title": "Q"}, {**whole, "name": "q"}, {**whole, "name": "string"}, {},
                 {**whole, "default": "a", "enum": ["a", "b"]}):
        requests.send("admin", "PUT", f"{path}/properties/p", body)
    requests.send("admin", "POST", f"{path}/resource_types", {"name": "OS::Nova::Server", "prefix": "hw_"})
    for name in ("q", "hw_q", "hw_string", "gone"):
        requests.get("admin", f"{path}/properties/{name}?resource_type=OS::Nova::Server")
        requests.get("admin", f"{path}/properties/{name}?resource_type=gone")
    requests.send("admin", "DELETE", f"{path}/properties")
    requests.get("admin", f"{path}/properties")
    requests.send("admin", "DELETE", path)


def objects(requests):
    path = space(requests, "with-objects")
    for field in ("name", "description", "required", "properties", "created_at", "self", "schema", "more"):
        for number, value in enumerate(VALUES):
            requests.send("admin", "POST", f"{path}/objects", {"name": f"o-{field}-{number}", field: value})
    inner = {"p": {"title": "P", "type": "string", "default": "a"}}
    for body in ({"name": "o", "properties": inner, "required": ["p"]}, {"name": "o"}, {}, [],
                 {"name": "v", "properties": {"p": {"type": "string"}}},
                 {"name": "w", "properties": {"p": {"title": "P"}}}, {"name": "x", "properties": {"p": {"title": "P", "type": "gone"}}}):
        requests.send("admin", "POST", f"{path}/objects", body)
    requests.get("admin", f"{path}/objects/o")
    for query in ("limit=0", "limit=1&sort_key=name&sort_dir=asc", "limit=-1", "limit=a", "marker=gone", "marker=o&sort_key=name",
                  "sort_key=gone", "sort_dir=up",
                  "sort_key=name&sort_dir=asc", "visibility=public"):
        requests.get("admin", f"{path}/objects?{query}")
    for body in ({"name": "o", "description": "d"}, {"name": "renamed"}, {}, {"name": "o-name-2"}, {"name": "o", "created_at": "a"}):
        requests.send("admin", "PUT", f"{path}/objects/o", body)
    requests.get("admin", f"{path}/objects/renamed")
    requests.send("admin", "DELETE", f"{path}/objects")
    requests.send("admin", "DELETE", path)


def tags(requests):
    path = space(requests, "with-tags")
    for number, value in enumerate(VALUES):
        requests.send("admin", "POST", f"{path}/tags", {"tags": value})
        requests.send("admin", "POST", f"{path}/tags", {"tags": [{"name": value}]})
        requests.send("admin", "PUT", f"{path}/tags/a", {"name": value})
    for body in ({}, [], {"tags": [{"name": "a"}, {"name": "a"}]}, {"tags": [{"name": "a"}, {"name": "b"}]},
                 {"tags": [{"name": "a", "more": 1}]}):
        requests.send("admin", "POST", f"{path}/tags", body)
    for append in ("true", "True", "false", "", "gone"):
        requests.send("admin", "POST", f"{path}/tags", {"tags": [{"name": f"t-{append}"}]}, {"X-Openstack-Append": append})
        requests.get("admin", f"{path}/tags?sort_key=name&sort_dir=asc")
    for name in ("one", "one", "x" * 80, "x" * 81, quoted(UNICODE), quoted(BEYOND), "%20", "a%2Fb"):
        requests.send("admin", "POST", f"{path}/tags/{name}")
        requests.get("admin", f"{path}/tags/{name}")
    for query in ("limit=0", "limit=1&sort_key=name&sort_dir=asc", "limit=a", "marker=gone", "marker=one&sort_key=name&sort_dir=asc",
                  "sort_key=gone", "sort_dir=up"):
        requests.get("admin", f"{path}/tags?{query}")
    for body in ({"name": "two"}, {}, {"name": "one"}, {"name": "t-gone"}, {"name": "x", "created_at": "a"}):
        requests.send("admin", "PUT", f"{path}/tags/one", body)
    requests.send("admin", "DELETE", f"{path}/tags/two")
    requests.send("admin", "DELETE", f"{path}/tags")
    requests.get("admin", f"{path}/tags")
    requests.send("admin", "DELETE", path)


def resource_types(requests):
    path = space(requests, "with-types")
    for field in ("name", "prefix", "properties_target", "created_at", "more"):
        for number, value in enumerate(VALUES):
            requests.send("admin", "POST", f"{path}/resource_types", {"name": f"r-{field}-{number}", field: value})
    for body in ({"name": "r"}, {"name": "r"}, {}, []):
        requests.send("admin", "POST", f"{path}/resource_types", body)
    requests.get("admin", f"{path}/resource_types")
    for name in ("r", "r", "gone"):
        requests.send("admin", "DELETE", f"{path}/resource_types/{name}")
    requests.send("admin", "DELETE", path)


def nested(requests):
    """Namespaces that come with all that is in them."""
    whole = {"namespace": "nested", "visibility": "public", "display_name": "Nested", "description": UNICODE, "protected": False,
             "resource_type_associations": [{"name": "OS::Nova::Server", "prefix": "hw_"}],
             "properties": {"p": {"title": "P", "type": "integer", "minimum": 1, "maximum": 3, "default": 2}},
             "objects": [{"name": "o", "properties": {"q": {"title": "Q", "type": "array", "items": {"type": "string", "enum": ["a"]}}}}],
             "tags": [{"name": "t"}]}
    requests.send("admin", "POST", SPACES, whole)
    for query in ("", "?resource_type=OS::Nova::Server", "?resource_type=gone", "?unknown=1"):
        requests.get("demo", f"{SPACES}/nested{query}")
    requests.send("admin", "POST", SPACES, whole)
    requests.send("admin", "DELETE", f"{SPACES}/nested")
    for field, value in (("tags", [{"name": "t"}, {"name": "t"}]), ("objects", [{}]), ("properties", {"p": {}}),
                         ("resource_type_associations", [{}])):
        requests.send("admin", "POST", SPACES, {**whole, field: value})
        requests.get("admin", f"{SPACES}/nested")
