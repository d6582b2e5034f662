"""The console as users meet it, in a headless Chromium: first image, resumed uploads, hostile names, keyboard, both themes, small windows.

Pictures of all views stay in target/ui. ui.py keystone, or CI_LONG=1: signing in to a real Keystone, sharing with another project, too.
"""

import gzip
import hashlib
import re
import sys

from vitrine import GIB, HOST, LONG, MIB, ROOT, Check, Server, Web, convert, install, random_file, run, wait

PACKAGES = {
    "/usr/bin/chromium": "chromium",
    "/usr/bin/chromedriver": "chromium-driver",
    "/usr/lib/python3/dist-packages/selenium/__init__.py": "python3-selenium",
    "/usr/lib/python3/dist-packages/cryptography/__init__.py": "python3-cryptography",
}
AXE = "axe-core@4.14.1"
PICTURES = ROOT / "target" / "ui"
MOST_BYTES = 150 << 10
BIG = GIB if LONG else 256 * MIB

HOSTILE = [
    "<script>window.pwned=1</script>", "<img src=x onerror=window.pwned=2>", "<svg onload=window.pwned=3>", "\"><script>window.pwned=4</script>",
    "'><img src=x onerror=window.pwned=5>", "javascript:window.pwned=6", "</title><script>window.pwned=7</script>", "</script><script>window.pwned=8</script>",
    "<iframe src=\"javascript:parent.pwned=9\">", "<a href=\"javascript:window.pwned=10\">x</a>", "<style>*{display:none}</style>", "<base href=//evil.example/>",
    "<meta http-equiv=refresh content=\"0;url=//evil.example\">", "<form action=//evil.example><button>x", "<object data=\"javascript:window.pwned=11\">",
    "<math><mtext><img src=x onerror=window.pwned=12>", "${window.pwned=13}", "{{constructor.constructor('window.pwned=14')()}}", "<!--<img src=x onerror=window.pwned=15>-->",
    "&lt;script&gt;window.pwned=16&lt;/script&gt;", "%3Cscript%3Ewindow.pwned=17%3C/script%3E", "\\u003cscript\\u003ewindow.pwned=18\\u003c/script\\u003e",
    "<details open ontoggle=window.pwned=19>", "<video src=x onerror=window.pwned=20>", "<input autofocus onfocus=window.pwned=21>", "<body onload=window.pwned=22>",
    "../../../etc/passwd", "#/upload?find=<script>", "; rm -rf / #", "$(touch /pwned)", "`touch /pwned`", "\u202egpj.exe", "__proto__", "constructor", "A" * 255,
]


class Stage:
    """A server, its web server to download from, and the browser."""

    def __init__(self, directory):
        from ui_page import Console
        self.directory = directory
        self.web = Web(directory)
        self.policy = directory / "policy.yaml"
        self.policy.write_text("{}")
        settings = {"VITRINE_IMPORT__PLUGINS": "image_decompression,image_conversion", "VITRINE_POLICY__FILE": str(self.policy),
                    "VITRINE_POLICY__REFRESH_INTERVAL": "1s", "VITRINE_QUOTA__SOURCE": "local", "VITRINE_CACHE__ENABLED": "true"}
        self.server = Server(directory, {**self.web.environment(), **settings})
        self.server.start()
        self.page = Console(directory, "console", f"http://{HOST}:{self.server.port}")
        self.axe = axe_core(directory)
        PICTURES.mkdir(parents=True, exist_ok=True)

    def images(self):
        return self.server.call("GET", "/v2/images?limit=1000").json()["images"]

    def named(self, name):
        return next((image for image in self.images() if image["name"] == name), {})

    def image(self, **fields):
        """The id of a new image."""
        return self.server.call("POST", "/v2/images", {"disk_format": "raw", "container_format": "bare", **fields}).json()["id"]


def axe_core(directory):
    run("npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", directory, AXE)
    return (directory / "node_modules" / "axe-core" / "axe.min.js").read_text()


def main(check, directory):
    install(PACKAGES)
    from ui_oidc import Service, signing_in as by_provider
    stage = Stage(directory)
    service_of_provider = Service(directory)
    for step in (first_image, chosen_files, by_keyboard, looks, hostile_names, definitions, service, from_a_url, changes, resumed, small):
        check.section(step.__name__.replace("_", " "))
        step(check, stage)
    check.section("with an OpenID Connect provider")
    by_provider(check, stage, service_of_provider, view)
    check.equal("complaints of the browser", stage.page.log(), [])
    if LONG or "keystone" in sys.argv[1:]:
        from ui_keystone import signing_in
        check.section("with a Keystone")
        signing_in(check, directory, stage.page)
    check.equal("it ends on SIGTERM", stage.server.stop() in (0, 143), True)


def first_image(check, stage):
    page = stage.page
    page.go()
    check.that("an empty catalog says what to do", page.sees("No images yet"))
    view(check, stage, "empty")
    file = random_file(stage.directory / "first.raw", 24 * MIB, "first")
    page.drop(file)
    check.that("a dropped file comes up", page.reaches("first.raw", "ready"))
    view(check, stage, "ready")
    page.press("Upload 1 image")
    check.that("it arrives", page.reaches("first.raw", "done"), page.course("first.raw"))
    arrived(check, stage, "first", file)


def arrived(check, stage, name, file):
    """That an image is active and has the data of a file."""
    image = stage.named(name)
    check.equal(f"{name} is active", image.get("status"), "active")
    check.equal("  with the digest of the file", image.get("os_hash_value"), hashlib.sha512(file.read_bytes()).hexdigest())


def chosen_files(check, stage):
    page = stage.page
    raw = random_file(stage.directory / "plain.img", 3 * MIB, "plain")
    disk = convert(raw, stage.directory / "disk.qcow2", "qcow2")
    packed = stage.directory / "packed.raw.gz"
    packed.write_bytes(gzip.compress(raw.read_bytes()))
    page.go("#/upload")
    page.choose_file(f"{raw}\n{disk}\n{packed}")
    for file in raw, disk, packed:
        check.that(f"{file.name} comes up", page.reaches(file.name, "ready"))
    check.that("what is inside is told", "a disk of 3.0 MiB" in page.course("disk.qcow2")[2] and "compressed by gzip" in page.course("packed.raw.gz")[2])
    page.do("//li[.//strong='packed.raw.gz']//label[span='Then']//select", lambda element: element.send_keys("import"))
    page.press("Upload 3 images")
    for file in raw, disk, packed:
        check.that(f"{file.name} arrives", page.reaches(file.name, "done"), page.course(file.name))
    arrived(check, stage, "plain", raw)
    arrived(check, stage, "disk", disk)
    check.equal("the format was recognised", stage.named("disk").get("disk_format"), "qcow2")
    arrived(check, stage, "packed", raw)


def by_keyboard(check, stage):
    from selenium.webdriver.common.keys import Keys
    page = stage.page
    file = random_file(stage.directory / "typed.raw", MIB, "typed")
    page.go()
    page.find("//a[normalize-space()='Add images']")
    page.tab_to("Upload")
    page.key(Keys.ENTER)
    page.find("//button[normalize-space()='Choose files']")
    # A dialog of the system cannot be operated here; that it would open is enough.
    page.browser.execute_cdp_cmd("Page.setInterceptFileChooserDialog", {"enabled": True})
    page.script("window.asked = 0; document.querySelector('input[type=file]').addEventListener('click', () => window.asked++)")
    page.tab_to("Choose files")
    page.key(Keys.ENTER)
    check.equal("Enter asks for files", page.script("return window.asked"), 1)
    page.browser.execute_cdp_cmd("Page.setInterceptFileChooserDialog", {"enabled": False})
    page.choose_file(file)
    check.that("it comes up", page.reaches("typed.raw", "ready"))
    page.tab_to("Upload 1 image")
    page.key(Keys.ENTER)
    check.that("it arrives", page.reaches("typed.raw", "done"), page.course("typed.raw"))
    page.tab_to("Show the image")
    page.key(Keys.ENTER)
    check.that("its page opens", page.sees("Digests"))
    arrived(check, stage, "typed", file)


def looks(check, stage):
    """Every view in both themes and in a small window."""
    image = stage.named("disk")["id"]
    stage.server.call("PATCH", f"/v2/images/{image}", [
        {"op": "add", "path": "/hw_disk_bus", "value": "virtio"}, {"op": "add", "path": "/os_distro", "value": "debian"},
        {"op": "add", "path": "/tags", "value": ["server", "stable"]}], headers={"Content-Type": "application/openstack-images-v2.1-json-patch"})
    stage.server.call("POST", f"/v2/images/{image}/members", {"member": "0b7c3f9ad1d94d1b8f2a6e2a1f4b6f1e"})
    page = stage.page
    places = {"images": "", "image": f"#/images/{image}", "upload": "#/upload", "nothing": "#/images?tag=nobody-has-this", "missing": f"#/images/{image[:-4]}0000",
              "wrong": "#/images?find=sha256:0&sort=nonsense:asc"}
    for name, place in places.items():
        page.go(place)
        page.find("//main//*[self::h1 or self::h2]")
        wait(lambda: "Loading" not in page.text(), 20)
        view(check, stage, name)
    page.go(f"#/images/{image}")
    page.press("Edit")
    view(check, stage, "edit")
    page.press("Delete")
    page.find("//dialog")
    view(check, stage, "delete")


def view(check, stage, name):
    """That a view is usable by everybody, in both themes and in a small window."""
    from ui_page import FOREIGN, NARROW, TOO_WIDE, WIDE
    page = stage.page
    for theme in "light", "dark":
        page.theme(theme)
        page.size(*WIDE)
        found = [fault for fault in page.faults(stage.axe) if fault.startswith(("serious", "critical"))]
        check.equal(f"{name}, {theme}: serious faults", found, [])
        page.picture(PICTURES / f"{name}-{theme}.png")
    page.theme("light")
    page.size(*NARROW)
    check.equal(f"{name}: wider than a small window by", page.script(TOO_WIDE), 0)
    page.picture(PICTURES / f"{name}-small.png")
    page.size(*WIDE)
    check.equal(f"{name}: requests to other origins", page.script(FOREIGN), [])


def hostile_names(check, stage):
    page = stage.page
    ids = [stage.image(name=name, description=name, hostile=name) for name in HOSTILE]
    for image, name in zip(ids, HOSTILE):
        stage.server.call("PUT", f"/v2/images/{image}/tags/{''.join(f'%{byte:02x}' for byte in name[:200].encode())}")
    page.go("#/images?sort=created_at:desc")
    page.find("//table")
    shown = page.script("return [...document.querySelectorAll('tbody th > a')].map(each => each.textContent)")
    check.equal("names are shown as they are", [name for name in HOSTILE if name not in shown], [])
    view(check, stage, "hostile")
    for number, (image, name) in enumerate(zip(ids, HOSTILE)):
        page.script("location.hash = arguments[0]", f"#/images/{image}")
        if not wait(lambda: page.script("return document.querySelector('h1')?.textContent") == name, 20):
            check.that(f"hostile name {number} is shown", False, page.script("return document.querySelector('h1')?.textContent"))
    page.press("Edit")
    check.equal("nothing of them ran", page.script("return window.pwned ?? null"), None)
    strange = "return [...document.querySelectorAll('script:not([src]):not([type=importmap]), img, iframe, object, video, svg, style, base, form[action]')].length"
    check.equal("nothing of them became an element", page.script(strange), 0)
    check.that("the page stayed where it was", page.browser.current_url.startswith(page.base))
    for image in ids:
        stage.server.call("DELETE", f"/v2/images/{image}")


def definitions(check, stage):
    """Properties by their definitions, whose texts may be hostile, too."""
    page, image = stage.page, stage.named("typed")["id"]
    title = HOSTILE[1]
    stage.server.call("POST", "/v2/metadefs/namespaces", {
        "namespace": "CI::Forms", "display_name": title, "visibility": "public", "resource_type_associations": [{"name": "OS::Glance::Image"}], "properties": {
            "ci_cores": {"title": "Cores", "description": HOSTILE[2], "type": "integer", "minimum": 1, "maximum": 8, "default": 2},
            "ci_bus": {"title": title, "type": "string", "enum": ["virtio", "scsi", HOSTILE[0]]}}})
    def now():
        return stage.server.call("GET", f"/v2/images/{image}").json()
    page.go(f"#/images/{image}")
    page.press("Edit")
    page.set("Namespace", title)
    page.set("Property to add", "Cores")
    check.that("its default is there", wait(lambda: page.find("//input[@aria-label='Value of ci_cores']").get_attribute("value") == "2", 20))
    page.do("//input[@aria-label='Value of ci_cores']", lambda element: (element.clear(), element.send_keys("9")))
    page.set("Property to add", title)
    page.press("Save")
    check.that("a value that is too large is told", page.sees("It must be at most 8."), page.text()[-300:])
    check.equal("and not sent", now().get("ci_cores"), None)
    view(check, stage, "definitions")
    page.do("//input[@aria-label='Value of ci_cores']", lambda element: (element.clear(), element.send_keys("4")))
    page.do("//select[@aria-label='Value of ci_bus']", lambda element: element.send_keys("scsi"))
    page.press("Save")
    check.eventually("both are kept", 20, lambda: (now().get("ci_cores"), now().get("ci_bus")) == ("4", "scsi"), now)
    check.equal("nothing of the definitions ran", page.script("return window.pwned ?? null"), None)
    stage.server.call("DELETE", "/v2/metadefs/namespaces/CI::Forms")


def service(check, stage):
    """The operator's page, with hostile names of projects, and for others."""
    page = stage.page
    ids = [stage.image(name="owned", owner=name) for name in HOSTILE]
    page.go("#/service")
    check.that("stores show their room", wait(lambda: page.visible("//td//progress"), 40), page.text()[:500])
    shown = page.script("return [...document.querySelectorAll('tbody th')].map(each => each.textContent)")
    check.equal("names of projects are shown as they are", [name for name in HOSTILE if name not in shown], [])
    check.that("plots are drawn", wait(lambda: page.script("return document.querySelectorAll('.plot canvas').length") == 7, 40), page.text()[:500])
    check.equal("nothing of the names ran", page.script("return window.pwned ?? null"), None)
    for image in ids:
        stage.server.call("DELETE", f"/v2/images/{image}")
    page.press("Reload")
    view(check, stage, "service")
    stage.policy.write_text('"get_status": "!"')
    check.eventually("the policy is read again", 20, lambda: stage.server.call("GET", "/vitrine/v1/status").status == 403)
    page.go("#/service")
    check.that("others are told whom it is for", page.sees("for operators"), page.text())
    view(check, stage, "service-forbidden")
    stage.policy.write_text("{}")


def from_a_url(check, stage):
    page = stage.page
    file = random_file(stage.web.files / "remote.raw", 40 * MIB, "remote")
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    page.go("#/upload")
    page.find("//h2[normalize-space()='From a web server']")
    page.type("URL", stage.web.url("slow/remote.raw"))
    page.do("//section[h2='From a web server']//label[span='Disk format']//select", lambda element: element.send_keys("raw"))
    page.type("Expected digest", f"sha256:{digest}")
    page.press("Download")
    check.that("the page of the image shows the import", page.sees("Import"))
    check.that("it becomes active by events alone", wait(lambda: page.visible("//p[@class='id']/span[normalize-space()='active']"), 60), page.text())
    arrived(check, stage, "remote.raw", file)
    page.go("#/upload")
    page.find("//h2[normalize-space()='From a web server']")
    page.type("URL", stage.web.url("absent.raw"))
    page.press("Download")
    check.that("the reason of a failure is told", page.sees("404"), page.text()[-300:])
    view(check, stage, "failed")


def changes(check, stage):
    """Edits, tags, visibility, deactivation and deletion, each looked for in the API."""
    page, image = stage.page, stage.named("plain")["id"]
    def now():
        return stage.server.call("GET", f"/v2/images/{image}").json()
    page.go(f"#/images/{image}")
    page.press("Edit")
    page.type("Name", "renamed")
    page.press("Add a property")
    page.do("//input[@aria-label='Property']", lambda element: element.send_keys("hw_machine_type"))
    page.do("//input[@aria-label='Value of hw_machine_type']", lambda element: element.send_keys("q35"))
    page.press("Save")
    check.eventually("name and property are kept", 20, lambda: (now()["name"], now().get("hw_machine_type")) == ("renamed", "q35"), now)
    page.type("New tag", "golden")
    page.press("Add")
    check.eventually("a tag is kept", 20, lambda: now()["tags"] == ["golden"], now)
    page.press("Visibility")
    page.do("//dialog//select", lambda element: element.send_keys("community"))
    page.press("Save", "//dialog")
    check.eventually("the visibility is kept", 20, lambda: now()["visibility"] == "community", now)
    page.press("Deactivate")
    check.eventually("it is deactivated", 20, lambda: now()["status"] == "deactivated", now)
    page.press("Reactivate")
    check.eventually("it is active again", 20, lambda: now()["status"] == "active", now)
    audited(check, stage, image)
    page.press("Delete")
    page.press("Delete", "//dialog")
    check.eventually("it is deleted", 20, lambda: stage.server.call("GET", f"/v2/images/{image}").status == 404)
    check.that("the list comes up", wait(lambda: "first" in page.images() and "renamed" not in page.images(), 20), page.images())


def audited(check, stage, image):
    """The audit trail on the image's page, and its second page."""
    page = stage.page
    for number in range(10):
        stage.server.call("PUT", f"/v2/images/{image}/tags/tag{number}")
    page.go(f"#/images/{image}")
    check.that("the audit trail is shown", page.sees("Audit trail"))
    check.that("the newest change comes first", page.sees("tags") and "Reactivated" not in page.text(), page.text())
    view(check, stage, "audit")
    page.press("Show more")
    check.that("older changes come on demand", page.sees("Reactivated"), page.text())
    stage.policy.write_text('"get_image_audit": "!"')
    gone = wait(lambda: stage.server.call("GET", f"/vitrine/v1/images/{image}/audit").status == 403, 20)
    page.go(f"#/images/{image}")
    check.that("who may not see the trail is not told of it", gone and page.sees("renamed") and page.sees("Use it") and "Audit trail" not in page.text(), page.text())
    stage.policy.write_text("{}")


def resumed(check, stage):
    """Reload, lost network and a killed server in the middle of one upload."""
    page = stage.page
    file = random_file(stage.directory / "big.raw", BIG, "big")
    page.go("#/upload")
    page.throttle(BIG / MIB / 20)
    page.choose_file(file)
    check.that("it comes up", page.reaches("big.raw", "ready"))
    page.press("Upload 1 image")
    check.that("a fifth is sent", wait(lambda: page.course("big.raw")[1] >= 20, 60), page.course("big.raw"))
    page.browser.refresh()
    check.that("after a reload it is among the interrupted ones", page.sees("Interrupted uploads"))
    view(check, stage, "interrupted")
    page.throttle(BIG / MIB / 20)
    page.choose_file(file)
    check.that("it is recognised", wait(lambda: "continues where it stopped" in page.course("big.raw")[2], 30), page.course("big.raw"))
    page.press("Upload 1 image")
    check.that("it goes on, and not from the start", wait(lambda: page.course("big.raw")[1] >= 15, 5), page.course("big.raw"))
    check.that("two fifths are sent", wait(lambda: page.course("big.raw")[1] >= 40, 60), page.course("big.raw"))
    page.throttle(0)
    check.that("a lost network is told", wait(lambda: "Trying again" in page.course("big.raw")[2], 30), page.course("big.raw"))
    page.throttle(BIG / MIB / 20)
    check.that("it goes on", wait(lambda: page.course("big.raw")[1] >= 60, 60), page.course("big.raw"))
    stage.server.kill()
    check.that("a killed server is told", wait(lambda: "Trying again" in page.course("big.raw")[2], 30), page.course("big.raw"))
    view(check, stage, "trouble")
    stage.server.start()
    page.throttle(None)
    check.that("it arrives", page.reaches("big.raw", "done", 120), page.course("big.raw"))
    arrived(check, stage, "big", file)


def small(check, stage):
    """The whole page is small, and what is loaded is what is in it."""
    call = stage.server.call
    html = call("GET", "/ui/", headers={"Accept-Encoding": "gzip"}).body
    paths = set(re.findall(r'"\./(assets/[^"]+)"', gzip.decompress(html).decode()))
    total = len(html) + sum(len(call("GET", f"/ui/{path}", headers={"Accept-Encoding": "gzip"}).body) for path in paths)
    check.that("bytes of all files, compressed", total <= MOST_BYTES, f"{total} in {len(paths)} files")


if __name__ == "__main__":
    Check("ui").run(main)
