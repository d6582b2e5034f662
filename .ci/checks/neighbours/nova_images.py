"""Nova's image service: what nova-api and nova-compute do with images, with the contexts of users."""

import io
import os
import pathlib

import glanceclient.exc
import nova.conf
from nova import context, exception, objects
from nova.image import glance

import steps

RAW = pathlib.Path(os.environ["RAW_FILE"]).read_bytes()
WORK = pathlib.Path(os.environ["WORK"])
UNKNOWN = "7b9a3f55-55c8-4b2e-8a67-1d5d4d0f0c99"
API = glance.API()


def main():
    (WORK / "nova.conf").write_text("[glance]\nregion_name = RegionOne\nvalid_interfaces = public\nnum_retries = 0\n")
    nova.conf.CONF(["--config-file", str(WORK / "nova.conf")], project="nova", default_config_files=[])
    objects.register_all()
    demo, alt, admin = context_of(steps.demo()), context_of(steps.alt()), context_of(steps.admin())
    image = snapshot(demo)
    lists(demo, image)
    downloads(demo, image)
    updates(demo, image)
    others(demo, alt, image)
    volume_backed(demo)
    shelved_by_admin(demo, alt)
    copies(demo, admin, image)
    deletes(demo, alt, image)


def context_of(user):
    return context.RequestContext(user_id=user.id, project_id=user.project, roles=user.roles, auth_token=user.token,
                                  service_catalog=user.catalog, is_admin="admin" in user.roles)


def snapshot(demo):
    """As nova-api begins a snapshot and nova-compute uploads it."""
    meta = {"name": "snapshot", "is_public": False, "min_ram": 64, "min_disk": 1, "container_format": "bare", "disk_format": "raw",
            "properties": {"instance_uuid": "5a7e", "image_type": "snapshot", "hw_rng_model": "virtio", "kernel_id": None,
                           "mappings": [{"virtual": "root", "device": "/dev/vda"}]}}
    made = API.create(demo, meta)
    steps.equal("a snapshot begins", (made["status"], made["is_public"], made["size"]), ("queued", False, 0))
    steps.equal("its properties", (made["properties"]["image_type"], made["properties"]["mappings"][0]["device"]),
                ("snapshot", "/dev/vda"))
    steps.refused("it has no data yet", exception.ImageUnacceptable, lambda: API.download(demo, made["id"]))
    done = API.update(demo, made["id"], {"status": "active", "disk_format": "raw", "container_format": "bare", "name": "snapshot"},
                      data=io.BytesIO(RAW))
    steps.equal("its data arrive", (done["status"], done["size"]), ("active", len(RAW)))
    shown = API.get(demo, made["id"])
    steps.equal("shown", (shown["name"], shown["min_ram"], shown["owner"], shown["checksum"] is not None),
                ("snapshot", 64, demo.project_id, True))
    steps.equal("its dates are times in UTC", shown["created_at"].utcoffset().total_seconds(), 0)
    meta = objects.ImageMeta.from_dict(shown)
    steps.equal("as an object of Nova's", (meta.disk_format, meta.properties.hw_rng_model), ("raw", "virtio"))
    located = API.get(demo, made["id"], include_locations=True)
    steps.equal("its locations", {location["url"].split(":")[0] for location in located["locations"]}, {"file"})
    return made["id"]


def lists(demo, image):
    for number in range(5):
        API.create(demo, {"name": f"page {number}", "disk_format": "raw", "container_format": "bare", "properties": {"kind": "page"}})

    def ids(**options):
        return [each["id"] for each in API.get_all(demo, **options)]

    steps.that("it is in the list", image in ids())
    steps.equal("by status", image in ids(filters={"status": "active"}), True)
    steps.equal("by another status", image in ids(filters={"status": "queued"}), False)
    steps.equal("by name", ids(filters={"name": "snapshot"}), [image])
    steps.equal("by property", ids(filters={"property-image_type": "snapshot"}), [image])
    steps.equal("by changes since", image in ids(filters={"changes-since": "2020-01-01T00:00:00Z"}), True)
    steps.equal("by changes in the future", ids(filters={"changes-since": "2090-01-01T00:00:00Z"}), [])
    steps.equal("by who may see it", ids(filters={"is_public": "true", "name": "snapshot"}), [])
    pages = ids(filters={"kind": "page"}, page_size=2, sort_key="name", sort_dir="asc")
    steps.equal("page after page", len(pages), 5)
    names = [each["name"] for each in API.get_all(demo, filters={"kind": "page"}, sort_key="name", sort_dir="asc")]
    steps.equal("sorted", names, [f"page {number}" for number in range(5)])
    steps.equal("a limit", len(ids(filters={"kind": "page"}, limit=2)), 2)
    steps.equal("after a marker", ids(filters={"kind": "page"}, sort_key="name", sort_dir="asc", marker=pages[2]), pages[3:])
    steps.refused("after an unknown marker", exception.Invalid, lambda: ids(marker=UNKNOWN))
    for each in pages:
        API.delete(demo, each)


def data_of(user, image):
    # Without an object to write to, this release of Nova closes the chunks before it returns them.
    data = io.BytesIO()
    API.download(user, image, data=data)
    return data.getvalue()


def downloads(demo, image):
    API.download(demo, image, dest_path=str(WORK / "nova.raw"))
    steps.equal("to a file", (WORK / "nova.raw").read_bytes() == RAW, True)
    steps.equal("to an object", data_of(demo, image) == RAW, True)
    href = f"{os.environ['IMAGE_URL']}/v2/images/{image}"
    steps.equal("by a URL", API.get(demo, href)["id"], image)
    steps.equal("the URL that Nova makes", API.generate_image_url(image, demo).endswith(f"/images/{image}"), True)


def updates(demo, image):
    changed = API.update(demo, image, {"name": "renamed", "min_disk": 2, "properties": {"os_type": "linux"}}, purge_props=False)
    steps.equal("an update adds", (changed["name"], changed["min_disk"], changed["properties"]["os_type"]), ("renamed", 2, "linux"))
    steps.equal("and keeps", changed["properties"]["image_type"], "snapshot")
    changed = API.update(demo, image, {"properties": {"os_type": "linux"}}, purge_props=True)
    properties = {name for name in changed["properties"] if not name.startswith("os_hash") and name not in ("owner", "stores")}
    steps.that("an update purges", "os_type" in properties and "image_type" not in properties, sorted(properties))
    steps.refused("data twice", glanceclient.exc.HTTPConflict,
                  lambda: API.update(demo, image, {"name": "twice"}, data=io.BytesIO(b"again")))
    steps.equal("the data stay", data_of(demo, image) == RAW, True)
    steps.refused("a property of the service's own", exception.ImageNotAuthorized,
                  lambda: API.update(demo, image, {"properties": {"os_glance_mine": "1"}}))


def others(demo, alt, image):
    steps.refused("another project does not see it", exception.ImageNotFound, lambda: API.get(alt, image))
    steps.refused("nor its data", exception.ImageNotFound, lambda: API.download(alt, image))
    steps.refused("nor deletes it", exception.ImageNotFound, lambda: API.delete(alt, image))
    steps.refused("no such image", exception.ImageNotFound, lambda: API.get(demo, UNKNOWN))
    steps.refused("not public by anybody", exception.Forbidden,
                  lambda: API.create(demo, {"name": "p", "is_public": True, "disk_format": "raw", "container_format": "bare"}))


def volume_backed(demo):
    """A snapshot of a server on volumes: no data but what says which volumes."""
    meta = {"name": "volumes", "size": 0, "is_public": False,
            "properties": {"root_device_name": "/dev/vda", "bdm_v2": True,
                           "block_device_mapping": [{"snapshot_id": "5a7f", "boot_index": 0, "source_type": "snapshot"}]}}
    made = API.create(demo, meta)
    steps.equal("a snapshot of volumes is active", (made["status"], made["size"]), ("active", 0))
    steps.equal("in the form that Nova prefers", (made["disk_format"], made["container_format"]), ("qcow2", "bare"))
    shown = API.get(demo, made["id"])
    steps.equal("its volumes", shown["properties"]["block_device_mapping"][0]["snapshot_id"], "5a7f")
    steps.equal("its data are none", data_of(demo, made["id"]), b"")
    steps.equal("deleted", API.delete(demo, made["id"]), True)


def shelved_by_admin(demo, alt):
    """Who snapshots the server of another project shares the image with it."""
    made = API.create(demo, {"name": "shelved", "disk_format": "raw", "container_format": "bare", "visibility": "shared",
                             "properties": {"instance_owner": alt.project_id}}, data=io.BytesIO(RAW[:4096]))
    steps.equal("the owner of the server sees its image", API.get(alt, made["id"])["id"], made["id"])
    steps.equal("and has its data", data_of(alt, made["id"]) == RAW[:4096], True)
    steps.refused("but does not delete it", exception.ImageNotAuthorized, lambda: API.delete(alt, made["id"]))
    steps.equal("who made it does", API.delete(demo, made["id"]), True)


def copies(demo, admin, image):
    """As Nova has an image copied to the store beside a host."""
    service = glance.GlanceImageServiceV2()
    steps.refused("a copy of no image", exception.ImageNotFound, lambda: service.image_import_copy(demo, UNKNOWN, ["slow"]))
    service.image_import_copy(admin, image, ["slow"])
    steps.equal("a copy to another store", steps.eventually(
        lambda: "slow" in API.get(demo, image)["stores"].split(",")), True)
    steps.refused("a copy to where it is", exception.ImageBadRequest, lambda: service.image_import_copy(admin, image, ["slow"]))


def deletes(demo, alt, image):
    API.update(demo, image, {"protected": True}, purge_props=False)
    steps.refused("a protected image stays", exception.ImageNotAuthorized, lambda: API.delete(demo, image))
    API.update(demo, image, {"protected": False}, purge_props=False)
    steps.equal("deleted", API.delete(demo, image), True)
    steps.refused("gone", exception.ImageNotFound, lambda: API.get(demo, image))
    steps.refused("not deleted twice", exception.ImageNotFound, lambda: API.delete(demo, image))


main()
