"""What two answers to the same request differ in, once what must differ is taken out: times, ids, addresses, the
words of errors, the order of tags."""

import json
import re

# Headers that clients of the Image API rely on.
HEADERS = ("content-type", "content-md5", "content-range", "location", "allow", "accept-patch", "www-authenticate",
           "openstack-image-import-methods", "openstack-image-store-ids", "x-openstack-request-id")
SETS = ("tags", "resource_types", "resource_type_associations")
# These are in the order of their creation, which within a second is any, unless the request says otherwise.
LISTS = ("objects", "namespaces", "members")
NAMES = ("name", "namespace", "member_id")
# Of these only is compared whether there is something.
TOLD = ("message", "data_dir", "last_accessed", "last_modified")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
CHANGING = (
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]00:00)?"), "<time>"),
    (re.compile(r"https?://127\.0\.0\.1:\d+"), "<host>"),
    (re.compile(r"file:///[^\"'<> ]+"), "<file>"),
    (re.compile(r"^req-.*"), "<request>"),
)


def differences(request, glance, vitrine, known):
    """Texts such as "status 404 -> 400", from Glance's to Vitrine's. Ids in known are the same on both sides."""
    if glance.status != vitrine.status:
        return [f"status {glance.status} -> {vitrine.status}"]
    found = []
    for name in HEADERS:
        one, other = (plain(header(answer, name), known) for answer in (glance, vitrine))
        if one != other:
            found.append(f"header {name}: {one} -> {other}")
    unordered = SETS if "sort" in request.path or request.path.startswith("/v2/images?") else SETS + LISTS
    told = TOLD + (("description",) if "/schemas/" in request.path else ())
    body = Body(known, unordered, told)
    return found + list(unequal("$", *(body.content(answer) for answer in (glance, vitrine))))


def header(answer, name):
    """A header as it is compared: of the type of content that there is, without the charset, which is UTF-8 always."""
    value = answer.headers.get(name)
    if name == "content-type" and value is not None:
        return value.partition(";")[0] if answer.body else None
    return ",".join(sorted(value.split(", "))) if name == "allow" and value else value


def plain(text, known):
    """A text without what changes from run to run."""
    if text is None:
        return None
    for pattern, word in CHANGING:
        text = pattern.sub(word, text)
    return UUID.sub(lambda found: found.group() if found.group() in known else "<id>", text)


class Body:
    """How bodies are compared: which lists are in any order, and which values only have to be there."""

    def __init__(self, known, unordered, told):
        self.known, self.unordered, self.told = known, unordered, told

    def content(self, answer):
        """JSON as values, errors as their form and whether they say something, other data as it is."""
        kind = answer.headers.get("content-type", "").partition(";")[0]
        if kind == "application/octet-stream":
            return answer.body
        text = answer.body.decode("utf-8", "replace")
        if answer.status >= 400:
            return error(kind, text)
        return self.values(json.loads(text)) if kind == "application/json" and text else plain(text, self.known)

    def values(self, value):
        if isinstance(value, dict):
            return {plain(key, self.known): self.values(self.value(key, each)) for key, each in value.items()}
        if isinstance(value, list):
            return [self.values(each) for each in value]
        return plain(value, self.known) if isinstance(value, str) else value

    def value(self, key, value):
        if key in self.told and not isinstance(value, (dict, list)):
            return bool(value)
        return in_order(value) if key in self.unordered else value


def in_order(value):
    """A list of names, or of what has names, sorted by them."""
    if not isinstance(value, list):
        return value
    return sorted(value, key=lambda each: str([each.get(key) for key in NAMES] if isinstance(each, dict) else each))


def error(kind, text):
    if kind == "application/json":
        fields = json.loads(text)
        if not isinstance(fields, dict):
            return fields
        return {"fields": sorted(fields), "code": fields.get("code"), "title": fields.get("title"), "told": bool(fields.get("message"))}
    if kind == "text/html":
        title = re.search(r"<title>(.*?)</title>", text, re.S)
        return {"title": title and title.group(1).strip(), "told": bool(re.sub(r"<[^>]*>", "", text.partition("</h1>")[2]).strip())}
    return {"title": text.partition("\n")[0], "told": bool(text.partition("\n")[2].strip())}


def unequal(path, one, other):
    """Where two values differ, as texts."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(one.keys() | other.keys()):
            yield from unequal(f"{path}.{key}", one.get(key, ABSENT), other.get(key, ABSENT))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, (each, another) in enumerate(zip(one, other)):
            yield from unequal(f"{path}[{number}]", each, another)
    elif type(one) is not type(other) or one != other:
        yield f"body {path}: {brief(one)} -> {brief(other)}"


class _Absent:
    def __repr__(self):
        return "absent"


ABSENT = _Absent()


def brief(value):
    text = repr(value)
    return text if len(text) <= 300 else f"{text[:300]}…"
