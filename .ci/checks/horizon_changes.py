"""Changes of images in Horizon: its wizard, metadata, details, filters and what is deleted or refused."""

from horizon_pages import DIALOG
from vitrine import KIB, wait


def editing(check, stage):
    page = stage.demo
    page.act("in memory", "Edit Image")
    wait(lambda: page.find(f"{DIALOG}//input[@name='name']").get_attribute("value") == "in memory", 20)
    for field, value in {"name": "edited", "description": "another text", "min_disk": 2, "min_ram": 128}.items():
        page.fill(field, value)
    page.choose("Visibility", "Community")
    page.choose("Protected", "Yes")
    page.press("Metadata", DIALOG)
    add_custom(page, "team", "blue")
    page.finish("Update Image")
    check.told("the page says that it was changed", page, "Image edited was successfully updated")
    page.open("/project/images")
    check.eventually("its row is another", 60, lambda: (page.row("edited").get("Visibility"), page.row("edited").get("Protected")) ==
                     ("Community", "Yes"), lambda: page.row("edited"))
    image = stage.named("demo", "edited")
    wanted = {"description": "another text", "min_disk": 2, "min_ram": 128, "visibility": "community", "protected": True,
              "team": "blue", "architecture": "x86_64", "status": "active"}
    check.equal("the API shows all of it", {key: image.get(key) for key in wanted}, wanted)
    check.eventually("a protected image has no Delete Image", 60,
                     lambda: set(page.actions("edited")) == {"Launch", "Create Volume", "Edit Image"}, lambda: page.actions("edited"))

    stage.admin.open("/admin/images")
    stage.admin.act("from a file", "Edit Image")
    stage.admin.find(f"{DIALOG}//input[@name='name']")
    stage.admin.press("Metadata", DIALOG)
    stage.admin.find(f"{DIALOG}//metadata-tree-item")
    stage.admin.press("Image Details", DIALOG)
    stage.admin.choose("Visibility", "Public")
    stage.admin.finish("Update Image")
    check.told("an administrator makes one public", stage.admin, "successfully updated")
    check.equal("the API shows that", stage.named("demo", "from a file").get("visibility"), "public")


def metadata(check, stage):
    page = stage.admin
    page.open("/admin/images")
    page.act("from a file", "Update Metadata")
    check.that("namespaces of images are offered", page.find(available("Operating system")) and page.find(available("Watchdog")))
    check.equal("those of flavors alone are not", page.visible(available("Limits of flavors")), [])
    page.click(available("Operating system"))
    page.click(f"{available('Distribution')}//a")
    page.do(existing("os_distro"), lambda field: field.send_keys("debian"))
    page.click(available("Watchdog"))
    page.click(f"{available('Action')}//a")
    page.do(f"{item('hw_watchdog_action')}//select/option[@label='reset']", lambda option: option.click())
    add_custom(page, "shelf", "top")
    page.finish("Save")
    wanted = {"os_distro": "debian", "hw_watchdog_action": "reset", "shelf": "top", "visibility": "public"}
    image = lambda: {key: stage.named("demo", "from a file").get(key) for key in wanted}
    check.eventually("properties of the definitions and one's own are set", 20, lambda: image() == wanted, image)

    page.open("/admin/images")
    page.act("from a file", "Update Metadata")
    check.equal("the dialog shows them again", page.find(existing("os_distro")).get_attribute("value"), "debian")
    page.click(f"{item('shelf')}//a")
    page.do(existing("os_distro"), lambda field: (field.clear(), field.send_keys("ubuntu")))
    page.finish("Save")
    wanted |= {"os_distro": "ubuntu", "shelf": None}
    check.eventually("one is changed and one removed", 20, lambda: image() == wanted, image)


def details(check, stage):
    mine = {"Name": "edited", "Size": "1.00 MB", "Min. Disk": "2", "Min. RAM": "128", "Disk Format": "RAW", "Visibility": "Community",
            "Protected": "Yes", "Description": "another text", "team": "blue"}
    public = {"Name": "from a file", "Min. Disk": "0", "Disk Format": "QCOW2", "Visibility": "Public", "Protected": "No",
              "os_distro": "ubuntu", "hw_watchdog_action": "reset"}
    for wanted in mine, public:
        image = stage.named("demo", wanted["Name"])
        wanted |= {"ID": image["id"], "Status": "Active", "Container Format": "BARE", "Owner": image["owner"],
                   "Checksum": image["checksum"], "os_hash_value": image["os_hash_value"]}
        stage.demo.open("/project/images")
        stage.demo.press(wanted["Name"])
        found = lambda: {key: value for key, value in stage.demo.details().items() if key in wanted}
        check.eventually(f"the page of {wanted['Name']} says what the API does", 60, lambda: found() == wanted, found)


# What is filtered by, the option that is chosen or what is typed, and the names that are left.
FILTERS = (
    ("Name", None, "direct", ["direct"]),
    ("Format", "QCOW2", None, ["from a file"]),
    ("Visibility", "Community", None, ["edited"]),
    ("Min. Size (bytes)", None, "3145728", ["direct", "from a file"]),
)


def filters(check, stage):
    page = stage.demo
    for facet, chosen, typed, wanted in FILTERS:
        page.open("/project/images")
        page.find("//tbody/tr//a")
        field = "//input[contains(@class,'search-input')]"
        page.click(field)
        page.click(f"//ul[contains(@class,'facet-drop')]//a[normalize-space()='{facet}']")
        if chosen:
            page.click(f"//ul[contains(@class,'facet-drop')]//a[normalize-space()='{chosen}']")
        else:
            page.do(field, lambda element: element.send_keys(typed + "\n"))
        check.eventually(f"the filter {facet}", 60, lambda: sorted(page.names()) == wanted, page.names)


def deleting(check, stage):
    page = stage.demo
    gone = {name: stage.create("demo", name=name) for name in ("single", "first", "second")}
    guarded = stage.create("demo", name="guarded")
    for image in (*gone.values(), guarded):
        stage.put("demo", image, b"1" * KIB)
    page.open("/project/images")
    page.act("single", "Delete Image")
    page.finish("Delete Image")
    check.told("one is deleted", page, "Deleted Image: single")
    check.eventually("its row is gone", 60, lambda: "single" not in page.names(), page.names)
    page.choose_rows("first", "second")
    page.press("Delete Images")
    page.finish("Delete Images")
    check.told("two are deleted at once", page, "Deleted Images: ")
    check.eventually("their rows are gone", 60, lambda: not {"first", "second"} & set(page.names()), page.names)
    check.equal("the API has none of them", [stage.call("demo", "GET", f"/v2/images/{each}").status for each in gone.values()], [404] * 3)

    page.open("/project/images")
    page.find("//tbody/tr//a[normalize-space()='guarded']")
    stage.patch("demo", guarded, {"op": "replace", "path": "/protected", "value": True})
    page.act("guarded", "Delete Image")
    page.finish("Delete Image")
    check.told("a refusal is told on the page", page, "Unable to delete Image: guarded")
    check.equal("it is there", stage.named("demo", "guarded").get("status"), "active")
    check.that("refused because it was protected meanwhile", "DELETE 403" in stage.requests(f"/v2/images/{guarded}"))


def add_custom(page, name, value):
    """Adds a property of one's own in a dialog with metadata."""
    page.find(f"{DIALOG}//metadata-tree-item|{DIALOG}//li[contains(@class,'disabled')]")
    page.fill("customItem", name)
    page.click(f"{DIALOG}//input[@name='customItem']/following-sibling::span//button")
    page.do(existing(name), lambda field: field.send_keys(value))


def available(label):
    """What the left side of the dialog offers: a namespace, object or property."""
    return f"{DIALOG}//li[contains(@class,'list-group-item')][.//span[normalize-space()='{label}']][.//*[contains(@class,'pull-right')]]"


def item(name):
    """A property on the right side of the dialog."""
    return f"{DIALOG}//metadata-tree-item[.//span[@title='{name}']]"


def existing(name):
    return f"{item(name)}//*[@name='property']"
