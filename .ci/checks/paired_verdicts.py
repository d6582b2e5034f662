"""Differences from Debian's Glance that are meant, each with its reason.

What no entry covers fails the run, as does an entry that covers nothing any more.
"""

import dataclasses
import re


@dataclasses.dataclass(frozen=True)
class Verdict:
    """Covers a difference if both patterns match: the one of requests from the beginning, the one of differences as a whole.

    Request.__str__ and paired_compare.differences tell what they are matched with.
    """

    reason: str
    request: str
    difference: str

    def covers(self, request, difference):
        return bool(re.match(self.request, str(request), re.S) and re.fullmatch(self.difference, difference, re.S))


# Methods and paths, after the group and the caller.
ANY = r""
BY = r"[\w ]+: [\w-]+ "
NOBODY = r"[\w ]+: (nobody|stranger) "
NOWHERE = r"GET /v2(/|/gone|/images/|/schemas|/schemas/gone|/info|/metadefs|/images/\{none\}/(actions/)?gone)?$"
IMAGE = r"/v2/images/[^/ ?]+"
WINDOW = r".*(\\ud83e\\ude9f|%F0%9F%AA%9F)"
FENETRE = r".*(Fen\\u00eatre|Fen%C3%AAtre)"


def _refused_first(request, *differences):
    return Verdict("what is wrong with a request is told before what is wrong with its image, or who may do it", request,
                   "status (" + "|".join(differences) + ")")


VERDICTS = (
    # Faults of that Glance, or of what it runs on
    Verdict("Glance answers 500, or breaks off, where the request is at fault", ANY, r"status 500 -> (400|404|409|413|415|416)"),
    Verdict("Glance breaks off as its Location has no Latin letters", BY + r"POST" + FENETRE, r"status 0 -> 201"),
    Verdict("Glance answers 500 to parameters that it does not know", BY + r"GET \S+\?(locations=a|unknown=1)", r"status 500 -> 200"),
    Verdict("Glance reads the names in paths as Latin-1", BY + r"(GET|DELETE|POST|PUT) \S*" + FENETRE, r"status 404 -> 20[04]"),
    Verdict("Glance reads the names in paths as Latin-1", r"metadefs tags: ", r"body \$\S*name: .*ð.* -> .*|body \$\S*name: .*Ã.* -> .*"),
    Verdict("Glance's server decodes the path before it is taken apart, so no name has a slash",
            BY + r"\w+ \S*/a%2Fb",
            r"status 404 -> 20[014]"),
    Verdict("SQLite keeps NUL, PostgreSQL and clients of it do not", BY + r"\w+ .*(%00|\\u0000)", r"status (200|201|204|404|401) -> 400"),
    Verdict("in paths, . is no name", BY + r"PUT \S*/tags/\. ?", r"status 204 -> 404"),
    Verdict("what SQLite does not check: text of more than 255 characters", BY + r"\w+ .*x{60}", r"status (200|201|204) -> (400|404)"),
    Verdict("what SQLite does not check: text that is no number", BY + r"GET /v2/images\?(size|min_ram)=a", r"status 200 -> 400"),
    Verdict("definitions that glance-manage loads have no time of change",
            r"(metadefs catalog|discovery|methods): ",
            r"body \$\S*updated_at: absent -> '<time>'"),

    # Newer than Zed
    Verdict("newer: the API is at 2.18", r"discovery: ", r"body \$\.versions: .*"),
    Verdict("newer: routes of locations", BY + r"(GET|POST) " + IMAGE + r"/locations", r"status 404 -> (200|202|403|409|401)"),
    Verdict("newer: routes of the cache", BY + r"(GET|POST) /v2/cache/(clean|prune|nodes/\S+)", r"status (404|405) -> (200|403|409)"),
    Verdict("newer: X-OpenStack-Image-Size", BY + r"PUT \S+ \[X-OpenStack-Image-Size: a\]", r"status 204 -> 400"),
    Verdict("newer: data must be of the declared format", r"uploads: demo PUT \S+/file 10240 bytes", r"status 204 -> 415"),
    Verdict("newer: stores is read-only", BY + r'PATCH .*"path": "/stores"', r"status (200|409) -> 403"),
    Verdict("newer: os_hash_* are read-only", r"creation: demo POST .*os_hash_", r"status 201 -> 403"),
    Verdict("newer: disk formats luks and gpt",
            BY + r"GET /v2\S*/schemas/images?",
            r"body \$\S*enum: .*'ploop'\] -> .*'ploop', 'luks', 'gpt'\]"),
    Verdict("newer: stores show their weight", BY + r"GET /v2/info/stores/detail", r"body \$\S*weight: absent -> 0"),
    Verdict("newer: stores that are reserved are not told to clients",
            BY + r"POST /v2/images",
            r"header openstack-image-store-ids: fast,slow,web,os_glance_staging_store,os_glance_tasks_store -> fast,slow,web"),
    Verdict("newer: stores that are reserved are no stores to clients",
            BY + r"DELETE /v2/stores/os_glance_staging_store/",
            r"status (403|404) -> 409"),

    # What Vitrine has besides
    Verdict("every answer has a request id", ANY, r"header x-openstack-request-id: None -> <request>"),
    Verdict("HEAD of data", BY + r"\w+ " + IMAGE + r"/file", r"header allow: GET,PUT -> GET,HEAD,PUT"),
    Verdict("schemas tell the bounds of numbers",
            BY + r"GET /v2\S*/schemas/images?",
            r"body \$\S*min_(ram|disk)\.(minimum|maximum): absent -> \d+"),
    Verdict("schemas tell of confidential properties", BY + r"GET /v2\S*/schemas/", r"body \$\S*confidential: absent -> .*"),
    Verdict("416 tells the size, as RFC 9110 has it", r"downloads: ", r"header content-range: None -> bytes \*/\d+"),
    Verdict("416 has the name that RFC 9110's predecessor gave it",
            r"downloads: ",
            r"body \$\.(title|code): '(416 )?Request Range.* -> '(416 )?Requested Range.*"),
    Verdict("a path answers 405 to methods that it lacks, whether Glance forgot that or not", r"methods: admin ", r"status 404 -> 405"),
    Verdict("nobody may delete tasks, so Allow does not say it", r"methods: admin \w+ /v2/tasks/", r"header allow: DELETE,GET -> GET"),
    Verdict("a path that does not exist needs no token", NOBODY + NOWHERE, r"status 401 -> (302|404)"),
    Verdict("a method that does not exist needs no token", NOBODY + r"\w+ \S+/resource_types", r"status 401 -> 405"),
    Verdict("lists and their links keep all of what was asked", BY + r"GET /v2/images\?.*&", r"body \$\.(first|next): .*"),
    Verdict("of a parameter that is given twice, Glance takes one for a property",
            r"lists: demo GET /v2/images\?(limit|name|visibility)=\S+&\1=",
            r"body \$\.images: .*"),
    Verdict("a parameter without a name asks for nothing", r"lists: demo GET /v2/images\?(=|&&)", r"body \$\.(images|first): .*"),
    Verdict("deleted is a property like others that images lack",
            r"lists: demo GET /v2/images\?deleted=true",
            r"body \$\.images: .* -> \[\]"),
    Verdict("types of content are compared without regard to case",
            BY + r"(PUT|PATCH) \S+ \[Content-Type: APPLICATION/",
            r"status 415 -> 20[04]"),
    Verdict("the order of the two forms of patches says nothing",
            BY + r"PATCH ",
            r"header accept-patch: .*v2\.0-json-patch, .*v2\.1-json-patch -> .*v2\.1-json-patch, .*v2\.0-json-patch"),
    Verdict("all of Unicode is allowed in definitions, as PostgreSQL holds it",
            r"metadefs \w+: admin " + r"(POST|PUT)" + WINDOW,
            r"status 400 -> 20[01]"),
    Verdict("what is hidden from a path by its coding is coded in Location",
            r"metadefs namespaces: admin POST",
            r"header location: .* -> .*%20.*"),
    Verdict("tasks tell how far they are", r"imports: \w+ GET \S+/tasks", r"body \$\S*progress: absent -> .*"),
    Verdict("tasks name the stores that all_stores has become", r"imports: \w+ GET \S+/tasks", r"body \$\S*all_stores: True -> absent"),
    Verdict("newer: tasks that find out about locations",
            BY + r"GET /v2/schemas/tasks?",
            r"body \$\S*enum: .* -> \['import', 'api_image_import', 'location_import'\]"),
    Verdict("messages of tasks tell what was done", BY + r"(GET|POST) /v2/tasks", r"body \$\S*message: False -> True"),

    # Stricter, as what is accepted could not be used
    Verdict("a part of the data does not become the whole", BY + r"PUT \S+ \[Content-Range: ", r"status 204 -> 400"),
    Verdict("a property, tag or definition has a name",
            r"(creation: demo POST|metadefs [\w ]+: admin POST) .*\"\": |metadefs [\w ]+: admin (POST|PUT) .*\": \"\"",
            r"status (201|404) -> 400"),
    Verdict("a property has a name", r"broken patches: .*\"path\": \"//?a?\"", r"status 200 -> 400"),
    Verdict("numbers are whole", r"creation: demo POST .*\"min_disk\": \d+\.0", r"status 201 -> 400"),
    Verdict("ids are in lower case, however they are written",
            r"creation: demo POST .*ABCDEF01",
            r"(header location|body \$\.(id|self|file)): .*ABCDEF01.*"),
    Verdict("a location shows what is kept of it",
            r"locations: demo PATCH ",
            r"body \$\.locations\[\d\]\.(validation_data|more): .* -> absent"),
    Verdict("an upload or stage that is refused leaves the image as it was",
            r"states: [\w-]+ GET ",
            r"body \$\.(status: 'queued' -> 'uploading'|size: None -> 10240)"),
    Verdict("a text is no list of stores, nor are its letters", r"imports: demo POST .*\"stores\": \"fast\"", r"status 409 -> 400"),
    Verdict("no stores named are those of the default", r"imports: demo GET ",
            r"body \$\.(status: 'queued' -> 'active'|stores: absent -> 'fast'|locations: \[\] -> .*)|status 204 -> 200|"
            r"body \$\.(checksum|os_hash_\w+|size|virtual_size): None -> .*"),
    Verdict("numbers have 64 bits", r"lists: demo GET /v2/images\?limit=9{20}", r"status 200 -> 400"),
    Verdict("members are named by text", r"members: demo POST .*\"member\": 7", r"status 200 -> 400"),
    Verdict("four bytes of UTF-8 are refused in all texts of images, also in tags of the path and with rights lacking",
            BY + r"\w+ /v2/images" + WINDOW,
            r"status (204|403|409) -> 400"),
    Verdict("an owner does not give an image up to nobody", r"patches: demo PATCH .*\"/owner\", \"value\": null", r"status 200 -> 403"),
    Verdict("a marker that one may not see is as one that is not there", r"lists: \S+ GET /v2/images\?marker=", r"status 403 -> 400"),
    Verdict("a marker or order that does not exist is refused, as in other lists",
            r"metadefs objects: admin GET \S+\?(marker|sort_key)=gone",
            r"status 200 -> 40[04]"),
    Verdict("-0 is no last byte", r"downloads: demo GET \S+ \[Range: bytes=-0\]", r"status 206 -> 416"),
    Verdict("a range of an image without data cannot be satisfied",
            r"downloads: demo GET \S+ \[Range: bytes=0-9\]",
            r"status (204|500) -> 416"),
    Verdict("what cannot be an image's id is not found", r"cache: admin (PUT|DELETE) /v2/\w+/gone", r"status 20[04] -> 404"),
    Verdict("who may not use the cache is not told which images there are", r"cache: [\w-]+ (PUT|DELETE) /v2/cache/", r"status 404 -> 403"),
    Verdict("fields that nobody sets are refused as such, whatever their value",
            r"creation: demo POST .*\"read-only\"",
            r"status 400 -> 403"),

    # Which of two faults comes first
    _refused_first(r"members: demo PUT \S+/members/\S+ \{\"status\"", "403 -> 400"),
    _refused_first(r"(locations|patches): demo PATCH .*\"/locations", "409 -> 400", "403 -> 409", "400 -> 403", "403 -> 400"),
)
