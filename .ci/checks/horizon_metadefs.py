"""The administrator's panel of metadata definitions in Horizon."""

import json

from horizon_pages import DIALOG
from vitrine import wait

NAMESPACE = {
    "namespace": "Check::Shelves", "display_name": "Shelves", "description": "Where an image lies.",
    "resource_type_associations": [{"name": "OS::Glance::Image"}],
    "properties": {"shelf_height": {"title": "Height", "type": "integer", "minimum": 1, "maximum": 9, "description": "In boards."}},
    "objects": [{"name": "Board", "description": "A board.", "properties": {"board_wood": {"title": "Wood", "type": "string"}}}],
}
PATH = "/v2/metadefs/namespaces/Check::Shelves"
PANEL = "/admin/metadata_defs/"


def definitions(check, stage):
    page = stage.admin
    page.open(PANEL)
    page.find("//tbody/tr//a")
    listed = stage.call("admin", "GET", "/v2/metadefs/namespaces?limit=1000&sort_key=namespace&sort_dir=asc").json()["namespaces"]
    names = [each["display_name"] for each in listed]
    check.equal("the first page of namespaces", page.names(), names[:20])
    page.click("//a[contains(.,'Next')]")
    check.eventually("the second page", 60, lambda: page.names() == names[20:40], page.names)
    page.click("//a[contains(.,'Prev')]")
    check.eventually("and back", 60, lambda: page.names() == names[:20], page.names)

    file = stage.directory / "shelves.json"
    file.write_text(json.dumps(NAMESPACE))
    page.press("Import Namespace")
    page.choose_file(file)
    page.click(f"{DIALOG}//label[@for='id_public']")
    page.finish("Import Namespace")
    check.told("a namespace is imported", page, "Namespace Check::Shelves has been created")
    found = stage.call("admin", "GET", PATH).json()
    kept = found["visibility"], found["protected"], list(found["properties"]), [each["name"] for each in found["objects"]]
    check.equal("the API has it", kept, ("public", False, ["shelf_height"], ["Board"]))
    check.equal("its row", cells(page), ("Where an image lies.", "OS::Glance::Image", "Yes", "No"))

    again(check, stage)
    attributes(check, stage)
    associations(check, stage)
    removal(check, stage)


def again(check, stage):
    """The same namespace once more. Horizon does not know the client's conflicts, so what it tells of them is only that they failed."""
    page = stage.admin
    page.press("Import Namespace")
    page.choose_file(stage.directory / "shelves.json")
    page.press("Import Namespace", DIALOG)
    check.told("the second time is refused on the page", page, "There was an error submitting the form")
    check.that("since it is there", "POST 409" in stage.requests("/v2/metadefs/namespaces"))


def attributes(check, stage):
    page = stage.admin
    shows(page)
    for name, what in ("protected", "No"), ("public", "Yes"):
        page.act("Shelves", "Edit Namespace")
        page.click(f"{DIALOG}//label[@for='id_{name}']")
        page.finish("Save Changes")
        check.told(f"{name} is changed", page, "Namespace successfully updated")
        shows(page)
        check.that(f"its row was {what}", cells(page)[3 if name == "protected" else 2] != what)
    found = stage.call("admin", "GET", PATH).json()
    check.equal("the API shows both", (found["visibility"], found["protected"]), ("private", True))
    check.equal("what a protected one offers", page.actions("Shelves"), ["Edit Namespace"])
    page.act("Shelves", "Edit Namespace")
    page.click(f"{DIALOG}//label[@for='id_protected']")
    page.finish("Save Changes")
    check.eventually("its protection ends", 20, lambda: not stage.call("admin", "GET", PATH).json()["protected"])


def associations(check, stage):
    page = stage.admin
    shows(page)
    page.act("Shelves", "Update Associations")
    flavors = f"{DIALOG}//ul[li[normalize-space()='OS::Nova::Flavor']]"
    page.click(f"{flavors}//input[@type='checkbox']")
    page.do(f"{flavors}//input[@type='text']", lambda field: field.send_keys("shelf:"))
    page.finish("Save")
    check.told("associations are changed", page, "Resource types updated for namespace Check::Shelves")
    found = {each["name"]: each.get("prefix") for each in stage.call("admin", "GET", PATH).json()["resource_type_associations"]}
    check.equal("the API has both", found, {"OS::Glance::Image": None, "OS::Nova::Flavor": "shelf:"})
    shows(page)
    check.equal("its row has both", cells(page)[1], "OS::Glance::Image OS::Nova::Flavor")
    page.press("Shelves")
    page.find("//dt[normalize-space()='OS::Nova::Flavor']")
    check.that("its page has the prefix", "shelf:" in page.text())
    page.press("Contents")
    check.that("and what it defines", wait(lambda: "shelf_height" in page.text() and "board_wood" in page.text(), 20))


def removal(check, stage):
    page = stage.admin
    shows(page)
    page.act("Shelves", "Delete Namespace")
    page.finish("Delete Namespace")
    check.told("it is deleted", page, "Deleted Namespace: Shelves")
    check.equal("the API has it no more", stage.call("admin", "GET", PATH).status, 404)
    page.open(PANEL)
    check.eventually("nor has the page", 60, lambda: page.names() and "Shelves" not in page.names(), page.names)


def shows(page):
    """The panel with the row of the namespace, which is first in the order of names."""
    page.open(PANEL)
    page.find("//tbody/tr//a[normalize-space()='Shelves']")


def cells(page):
    row = page.row("Shelves")
    return tuple(row.get(column) for column in ("Description", "Resource Types", "Public", "Protected"))
