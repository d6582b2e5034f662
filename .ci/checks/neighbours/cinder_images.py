"""Cinder's image service: what cinder-volume does when a volume is made from an image, and an image from a volume."""

import io
import os
import pathlib

from cinder import context, exception
from cinder.image import glance, image_utils
from oslo_config import cfg

import steps

RAW = pathlib.Path(os.environ["RAW_FILE"]).read_bytes()
QCOW2 = pathlib.Path(os.environ["QCOW2_FILE"]).read_bytes()
WORK = pathlib.Path(os.environ["WORK"]) / "cinder"
UNKNOWN = "7b9a3f55-55c8-4b2e-8a67-1d5d4d0f0c99"
SERVICE = glance.get_default_image_service()


def main():
    WORK.mkdir(exist_ok=True)
    (WORK / "cinder.conf").write_text(f"[DEFAULT]\nimage_conversion_dir = {WORK}/conversion\nstate_path = {WORK}\nglance_num_retries = 0\n"
                                      "allowed_direct_url_schemes = file\nauth_strategy = keystone\n")
    cfg.CONF(["--config-file", str(WORK / "cinder.conf")], project="cinder", default_config_files=[])
    demo, alt, admin = context_of(steps.demo()), context_of(steps.alt()), context_of(steps.admin())
    qcow2 = made_in_one_call(demo)
    volume_from_image(demo, qcow2)
    raw = image_from_volume(demo)
    lists(demo, qcow2, raw)
    updates(demo, raw)
    locations(admin)
    others(demo, alt, qcow2)
    for image in (qcow2, raw):
        steps.equal("deleted", SERVICE.delete(demo, image), True)
    steps.refused("gone", exception.ImageNotFound, lambda: SERVICE.show(demo, qcow2))
    steps.refused("not deleted twice", exception.ImageNotFound, lambda: SERVICE.delete(demo, qcow2))


def context_of(user):
    return context.RequestContext(user_id=user.id, project_id=user.project, roles=user.roles, auth_token=user.token,
                                  service_catalog=user.catalog, is_admin="admin" in user.roles)


def made_in_one_call(demo):
    made = SERVICE.create(demo, {"name": "cinder qcow2", "disk_format": "qcow2", "container_format": "bare", "min_disk": 1,
                                 "properties": {"hw_disk_bus": "scsi"}})
    steps.equal("created", (made["status"], made["name"], made["properties"].get("hw_disk_bus")), ("queued", "cinder qcow2", "scsi"))
    done = SERVICE.update(demo, made["id"], {}, io.BytesIO(QCOW2))
    steps.equal("its data arrive", (done["status"], done["size"]), ("active", len(QCOW2)))
    shown = SERVICE.show(demo, made["id"])
    steps.equal("shown", (shown["disk_format"], shown["min_disk"], shown["visibility"]), ("qcow2", 1, "shared"))
    steps.equal("its dates are times", (shown["created_at"].year >= 2020, shown["updated_at"] >= shown["created_at"]), (True, True))
    return made["id"]


def volume_from_image(demo, image):
    data = io.BytesIO()
    SERVICE.download(demo, image, data)
    steps.equal("read from the file that its location names", data.getvalue() == QCOW2, True)
    steps.equal("as chunks", b"".join(SERVICE.download(demo, image)) == QCOW2, True)
    image_utils.fetch(demo, SERVICE, image, str(WORK / "fetched"), None, None)
    steps.equal("fetched", (WORK / "fetched").read_bytes() == QCOW2, True)
    image_utils.fetch_verify_image(demo, SERVICE, image, str(WORK / "verified"))
    steps.equal("fetched and verified", image_utils.qemu_img_info(str(WORK / "verified"), run_as_root=False).file_format, "qcow2")
    image_utils.fetch_to_raw(demo, SERVICE, image, str(WORK / "volume"), "1M", size=1, run_as_root=False)
    steps.equal("written to a volume", (WORK / "volume").read_bytes() == RAW, True)
    with image_utils.TemporaryImages.fetch(SERVICE, demo, image) as path:
        steps.equal("kept for a while", pathlib.Path(path).read_bytes() == QCOW2, True)
    steps.refused("no such image", exception.ImageNotFound,
                  lambda: image_utils.fetch(demo, SERVICE, UNKNOWN, str(WORK / "none"), None, None))
    steps.equal("and no file of it", (WORK / "none").exists(), False)


def image_from_volume(demo):
    raw = SERVICE.create(demo, {"name": "from volume", "disk_format": "raw", "container_format": "bare"})
    image_utils.upload_volume(demo, SERVICE, raw, str(WORK / "volume"), "raw", run_as_root=False)
    steps.equal("a volume is uploaded", SERVICE.show(demo, raw["id"])["size"], len(RAW))
    other = SERVICE.create(demo, {"name": "converted", "disk_format": "qcow2", "container_format": "bare"})
    image_utils.upload_volume(demo, SERVICE, other, str(WORK / "volume"), "raw", run_as_root=False, store_id="slow",
                              base_image_ref=raw["id"])
    image_utils.fetch_verify_image(demo, SERVICE, other["id"], str(WORK / "converted"))
    steps.equal("a volume is converted and uploaded", SERVICE.show(demo, other["id"])["disk_format"], "qcow2")
    _, found = SERVICE.get_location(demo, other["id"])
    steps.equal("to the store that was named", [location["metadata"].get("store") for location in found], ["slow"])
    steps.equal("deleted", SERVICE.delete(demo, other["id"]), True)
    return raw["id"]


def lists(demo, qcow2, raw):
    def ids(**options):
        return [each["id"] for each in SERVICE.detail(demo, **options)]

    steps.equal("both are in the list", {qcow2, raw} <= set(ids()), True)
    steps.equal("by form", (qcow2 in ids(filters={"disk_format": "qcow2"}), raw in ids(filters={"disk_format": "qcow2"})), (True, False))
    steps.equal("by property", ids(filters={"hw_disk_bus": "scsi", "owner": demo.project_id}), [qcow2])
    steps.equal("a limit", len(ids(limit=1)), 1)
    found = SERVICE.detail(demo, sort_key="name", sort_dir="asc", filters={"owner": demo.project_id})
    steps.equal("sorted", [each["name"] for each in found], ["cinder qcow2", "from volume"])
    stores = SERVICE.get_stores(demo)["stores"]
    steps.equal("the stores", {store["id"] for store in stores}, {"fast", "slow", "web"})
    image_utils.validate_stores_id(demo, "slow")
    steps.refused("no such store", exception.GlanceStoreNotFound, lambda: image_utils.validate_stores_id(demo, "none"))


def updates(demo, image):
    changed = SERVICE.update(demo, image, {"name": "renamed", "properties": {"os_type": "linux"}}, purge_props=False)
    steps.equal("an update", (changed["name"], changed["properties"].get("os_type")), ("renamed", "linux"))
    changed = SERVICE.update(demo, image, {"name": "from volume", "properties": {"os_distro": "debian"}}, purge_props=True)
    steps.equal("an update purges", ("os_type" in changed["properties"], changed["properties"].get("os_distro")), (False, "debian"))
    changed = SERVICE.update(demo, image, {"visibility": "private"}, purge_props=False)
    steps.equal("who may see it", changed["visibility"], "private")


def locations(admin):
    made = SERVICE.create(admin, {"name": "elsewhere", "disk_format": "raw", "container_format": "bare"})
    url = os.environ["RAW_URL"]
    SERVICE.add_location(admin, made["id"], url, {})
    steps.equal("a location is added", SERVICE.show(admin, made["id"])["status"], "active")
    direct, found = SERVICE.get_location(admin, made["id"])
    steps.equal("and found", (direct, [location["url"] for location in found]), (url, [url]))
    data = io.BytesIO()
    SERVICE.download(admin, made["id"], data)
    steps.equal("its data", data.getvalue() == RAW, True)
    steps.equal("deleted", SERVICE.delete(admin, made["id"]), True)


def others(demo, alt, image):
    steps.refused("another project does not see it", exception.ImageNotFound, lambda: SERVICE.show(alt, image))
    steps.refused("nor its data", exception.ImageNotFound, lambda: SERVICE.download(alt, image))
    SERVICE.update(demo, image, {"visibility": "shared"}, purge_props=False)
    SERVICE._client.call(demo, "create", image, alt.project_id, controller="image_members")
    members = SERVICE.list_members(demo, image)
    steps.equal("its members", [member["member_id"] for member in members], [alt.project_id])
    steps.equal("a member sees it", SERVICE.show(alt, image)["id"], image)
    steps.refused("but changes nothing", exception.ImageNotAuthorized, lambda: SERVICE.update(alt, image, {"name": "stolen"}))


main()
