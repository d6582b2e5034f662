"""Images in Horizon: lists, what is made in its form in both ways, changes, metadata and what is deleted or refused."""

import hashlib

from horizon_pages import DIALOG
from vitrine import KIB, MIB, random_file

RELEASE = {"Launch", "Create Volume", "Edit Image", "Update Metadata", "Delete Image"}
# The forms' names of those formats that Glance's schema lists; Docker and OVA are none of them.
FORMATS = {
    "iso": "ISO - Optical Disk Image", "ploop": "PLOOP - Virtuozzo/Parallels Loopback Disk", "qcow2": "QCOW2 - QEMU Emulator",
    "raw": "Raw", "vdi": "VDI - Virtual Disk Image", "vhd": "VHD - Virtual Hard Disk", "vmdk": "VMDK - Virtual Machine Disk",
    "aki": "AKI - Amazon Kernel Image", "ami": "AMI - Amazon Machine Image", "ari": "ARI - Amazon Ramdisk Image",
}


def signing_in(check, stage):
    demo = stage.demo
    demo.sign_in(stage.legacy.origin, "demo", "wrong")
    check.told("a wrong password is refused on the page", demo, "Invalid credentials")
    for page, user, origin in (demo, "demo", stage.legacy.origin), (stage.admin, "admin", stage.legacy.origin):
        page.sign_in(origin, user)
        check.that(f"{user} signs in", page.find("//h1[normalize-space()='Images']"), page.browser.current_url.removeprefix(origin))


def lists(check, stage):
    seen = {"of-all": stage.create("admin", name="of-all", visibility="public"), "shared": stage.create("alt", name="shared")}
    hidden = stage.create("alt", name="hidden", visibility="private")
    stage.call("alt", "POST", f"/v2/images/{seen['shared']}/members", {"member": stage.project("demo")})
    stage.call("demo", "PUT", f"/v2/images/{seen['shared']}/members/{stage.project('demo')}", {"status": "accepted"})
    for image in (*seen.values(), hidden):
        stage.put("alt" if image != seen["of-all"] else "admin", image, b"0" * KIB)
    stage.demo.open("/project/images")
    check.eventually("a project sees what is public or shared with it", 60, lambda: sorted(stage.demo.names()) == sorted(seen),
                     stage.demo.names)
    check.equal("as the API lists it", sorted(stage.listed("demo")), sorted(seen))
    check.equal("the public one", stage.demo.row("of-all").get("Visibility"), "Public")
    check.equal("the shared one", stage.demo.row("shared").get("Visibility"), "Image from Other Project - Non-Public")
    stage.call("admin", "POST", f"/v2/images/{seen['of-all']}/actions/deactivate")
    stage.demo.open("/project/images")
    check.eventually("one that was deactivated", 60, lambda: stage.demo.row("of-all").get("Status") == "Deactivated",
                     lambda: stage.demo.row("of-all"))
    stage.call("admin", "POST", f"/v2/images/{seen['of-all']}/actions/reactivate")
    stage.admin.open("/admin/images")
    check.eventually("an administrator sees all of them, with their projects", 60,
                     lambda: {row["Name"]: row["Owner"] for row in stage.admin.rows()} ==
                     {"of-all": "admin", "shared": "alt", "hidden": "alt"}, stage.admin.rows)
    # This release of Horizon has neither members of images nor their deactivation.
    stage.demo.open("/project/images")
    for user, page, wanted in ("a project", stage.demo, RELEASE - {"Update Metadata"}), ("an administrator", stage.admin, RELEASE):
        check.eventually(f"what {user} can do with an image", 60, lambda: set(page.actions("of-all")) == wanted,
                         lambda: page.actions("of-all"))


def formats(check, stage):
    stage.demo.open("/project/images")
    stage.demo.press("Create Image")
    known = stage.call("demo", "GET", "/v2/schemas/image").json()["properties"]["disk_format"]["enum"]
    check.equal("formats in the form are those of the schema", stage.demo.options("format"),
                [label for key, label in FORMATS.items() if key in known])
    check.equal("all of them", set(FORMATS) - set(known), set())
    stage.demo.finish("Cancel")


def through_the_dashboard(check, stage):
    small = stage.file("small.raw", MIB)
    create(stage.demo, "in memory", small, description="made in the form", architecture="x86_64", min_disk=1, min_ram=64)
    image = arrives(check, stage, "in memory", small, "Raw")
    for key, value in {"description": "made in the form", "architecture": "x86_64", "min_disk": 1, "min_ram": 64,
                       "visibility": "shared", "disk_format": "raw", "container_format": "bare"}.items():
        check.equal(f"its {key}", image.get(key), value)
    # Django keeps what is larger than 2.5 MiB in a file.
    large = stage.qcow2("large.qcow2", 5 * MIB)
    create(stage.demo, "from a file", large, "QCOW2 - QEMU Emulator", visibility="Private")
    check.equal("its visibility", arrives(check, stage, "from a file", large, "QCOW2").get("visibility"), "private")
    web = random_file(stage.web.files / "far.raw", MIB, "far")
    create(stage.demo, "from the web", None, url=stage.web.url("far.raw"))
    arrives(check, stage, "from the web", web, "Raw")


def from_the_browser(check, stage):
    page = stage.demo
    page.sign_in(stage.direct.origin, "demo")
    data = stage.file("direct.raw", 3 * MIB)
    create(page, "direct", data)
    image = arrives(check, stage, "direct", data, "Raw")
    uploads = stage.requests(f"/v2/images/{image['id']}/file")
    check.equal("the browser asked first, then sent it to the image service", uploads[:2], ["OPTIONS 200", "PUT 204"])

    page.press("Create Image")
    fill_in(page, "too large", stage.file("large.raw", 20 * MIB), "Raw")
    page.press("Create Image", DIALOG)
    check.told("a quota that is exceeded is told on the page", page, "Resource image_size_total is over limit")
    check.told("with its status", page, '"status":413')
    page.finish("Cancel")
    check.equal("nothing of it is kept", {key: stage.named("demo", "too large").get(key) for key in ("status", "size")},
                {"status": "queued", "size": None})
    page.open("/project/images")
    check.eventually("the page says so", 60, lambda: page.row("too large").get("Status") == "Queued", lambda: page.row("too large"))

    # The other dashboard has an origin that the image service does not know.
    stage.admin.open("/project/images")
    told = stage.admin.browser.execute_async_script(FOREIGN, stage.url(f"/v2/images/{stage.named('demo', 'too large')['id']}/file"),
                                                    stage.token("demo"))
    check.equal("pages of other origins may not upload", told, "TypeError: Failed to fetch")
    check.equal("and did not", stage.named("demo", "too large").get("status"), "queued")
    page.act("too large", "Delete Image")
    page.finish("Delete Image")
    check.eventually("without data it can be deleted", 60, lambda: "too large" not in page.names() + stage.listed("demo"), page.names)


FOREIGN = """
const [url, token, tell] = arguments
fetch(url, {method: 'PUT', headers: {'X-Auth-Token': token, 'Content-Type': 'application/octet-stream'}, body: 'foreign'})
  .then(answer => tell(`status ${answer.status}`), error => tell(String(error)))
"""


def create(page, name, file, disk_format="Raw", **fields):
    """Makes an image in the dialog, with data of a file, or of a url among the fields."""
    page.press("Create Image")
    fill_in(page, name, file, disk_format, **fields)
    page.finish("Create Image")


def fill_in(page, name, file, disk_format, url=None, visibility=None, **fields):
    page.find(f"{DIALOG}//input[@name='name']")
    page.choose("Source Type", "URL" if url else "File")
    if url:
        page.fill("image_url", url)
    else:
        page.choose_file(file)
    page.select("format", disk_format)
    if visibility:
        page.choose("Visibility", visibility)
    for field, value in {"name": name, **fields}.items():
        page.fill(field, value)


def arrives(check, stage, name, file, disk_format):
    """The image of that name, once page and API both say that it is active, with the bytes of the file."""
    data = file.read_bytes()
    check.told(f"{name}: the page says that it was made", stage.demo, f"Image {name} was successfully created")
    size = f"{len(data) / MIB:.2f} MB"
    check.eventually(f"{name}: the page shows it", 60, lambda: shown(stage.demo.row(name)) == ("Active", size, disk_format.upper()),
                     lambda: stage.demo.row(name))
    image = stage.named("demo", name)
    check.equal(f"{name}: the API as well", (image.get("status"), image.get("size")), ("active", len(data)))
    check.equal(f"{name}: its bytes", stage.sha512("demo", image.get("id")), (hashlib.sha512(data).hexdigest(), len(data)))
    return image


def shown(row):
    return row.get("Status"), row.get("Size"), row.get("Disk Format")
