"""Ironic's image service: how a conductor comes to kernels, ramdisks and disk images, by its own credentials and by a user's token."""

import hashlib
import io
import os
import pathlib

import glanceclient
from ironic.common import context, exception, image_service, images
from ironic.conf import CONF
from keystoneauth1 import session
from keystoneauth1.identity import v3

import steps

RAW = pathlib.Path(os.environ["RAW_FILE"]).read_bytes()
QCOW2 = pathlib.Path(os.environ["QCOW2_FILE"]).read_bytes()
WORK = pathlib.Path(os.environ["WORK"]) / "ironic"
KERNEL, RAMDISK = "0e0c8c7a-6d0f-4b40-9a77-6f8d0f5f6b01", "0e0c8c7a-6d0f-4b40-9a77-6f8d0f5f6b02"
UNKNOWN = "7b9a3f55-55c8-4b2e-8a67-1d5d4d0f0c99"


def main():
    WORK.mkdir(exist_ok=True)
    configure()
    demo, alt = context_of(steps.demo()), context_of(steps.alt())
    own = context.RequestContext(project_id=os.environ["DEMO_PROJECT"])
    client = made_by()
    disk = upload(client, "disk", "qcow2", QCOW2, os_distro="debian", kernel_id=KERNEL, ramdisk_id=RAMDISK)
    plain = upload(client, "plain", "raw", RAW)
    shows(demo, disk)
    downloads(demo, disk, plain)
    steps.equal("by the conductor's own credentials", images.image_show(own, disk)["id"], disk)
    steps.refused("another project does not see it", exception.ImageNotFound, lambda: images.image_show(alt, disk))
    steps.refused("no such image", exception.ImageNotFound, lambda: images.image_show(demo, UNKNOWN))
    queued = client.images.create(name="queued", disk_format="raw", container_format="bare")["id"]
    steps.refused("an image without data", exception.ImageUnacceptable, lambda: images.image_show(demo, queued))
    steps.refused("its data", exception.ImageDownloadFailed, lambda: images.fetch(demo, queued, str(WORK / "queued")))
    deactivated(demo, plain)
    for image in (disk, plain, queued):
        client.images.delete(image)
    steps.refused("a deleted image", exception.ImageNotFound, lambda: images.image_show(demo, disk))


def configure():
    (WORK / "ironic.conf").write_text(f"""
[DEFAULT]
tempdir = {WORK}
auth_strategy = keystone
[glance]
auth_type = password
auth_url = {os.environ["OS_AUTH_URL"]}
username = demo
password = {os.environ["OS_PASSWORD"]}
project_name = demo
user_domain_name = Default
project_domain_name = Default
region_name = RegionOne
valid_interfaces = public
num_retries = 0
""")
    CONF(["--config-file", str(WORK / "ironic.conf")], project="ironic", default_config_files=[])


def context_of(user):
    return context.RequestContext(user_id=user.id, project_id=user.project, roles=user.roles, auth_token=user.token)


def made_by():
    """The client of who uploads the images that Ironic deploys."""
    auth = v3.Password(os.environ["OS_AUTH_URL"], username="demo", password=os.environ["OS_PASSWORD"], user_domain_name="Default",
                       project_name="demo", project_domain_name="Default")
    return glanceclient.Client("2", session=session.Session(auth), region_name="RegionOne")


def upload(client, name, form, data, **properties):
    image = client.images.create(name=name, disk_format=form, container_format="bare", **properties)["id"]
    client.images.upload(image, io.BytesIO(data))
    return image


def shows(demo, disk):
    shown = images.image_show(demo, disk)
    steps.equal("shown", (shown["id"], shown["status"], shown["disk_format"], shown["size"]), (disk, "active", "qcow2", len(QCOW2)))
    steps.equal("its checksum", shown["checksum"], hashlib.md5(QCOW2).hexdigest())
    steps.equal("its digest", (shown["os_hash_algo"], shown["os_hash_value"]), ("sha512", hashlib.sha512(QCOW2).hexdigest()))
    steps.equal("its dates are times", shown["created_at"] <= shown["updated_at"], True)
    steps.equal("by a glance:// reference", images.image_show(demo, f"glance://{disk}")["id"], disk)
    steps.equal("size of the download", images.download_size(demo, disk), len(QCOW2))
    wanted = ["kernel_id", "ramdisk_id", "os_distro", "unknown"]
    steps.equal("what boots it", images.get_image_properties(demo, disk, wanted),
                {"kernel_id": KERNEL, "ramdisk_id": RAMDISK, "os_distro": "debian", "unknown": None})
    steps.equal("no whole disk", images.is_whole_disk_image(demo, {"image_source": disk}), False)
    steps.refused("a reference that is none", exception.ImageRefValidationFailed, lambda: images.image_show(demo, "nonsense"))


def downloads(demo, disk, plain):
    images.fetch(demo, disk, str(WORK / "disk"), checksum=hashlib.sha512(QCOW2).hexdigest(), checksum_algo="sha512")
    steps.equal("fetched with its digest", (WORK / "disk").read_bytes() == QCOW2, True)
    shown = images.image_show(demo, disk)
    images.fetch(demo, disk, str(WORK / "again"), checksum=shown["os_hash_value"], checksum_algo=shown["os_hash_algo"])
    steps.equal("fetched with the digest that is shown", (WORK / "again").exists(), True)
    steps.refused("a wrong digest", exception.ImageChecksumError,
                  lambda: images.fetch(demo, disk, str(WORK / "wrong"), checksum="0" * 128, checksum_algo="sha512"))
    steps.equal("and no file", (WORK / "wrong").exists(), False)
    with open(WORK / "object", "wb") as file:
        images.fetch_into(demo, plain, file)
    steps.equal("to an object", (WORK / "object").read_bytes() == RAW, True)
    chunks = image_service.get_image_service(plain, context=demo).download(plain)
    steps.equal("as chunks", b"".join(chunks) == RAW, True)
    steps.equal("a whole disk", images.is_whole_disk_image(demo, {"image_source": plain}), True)
    images.fetch(demo, disk, str(WORK / "raw.part"))
    images.image_to_raw(disk, str(WORK / "raw"), str(WORK / "raw.part"))
    steps.equal("converted for a node", (WORK / "raw").read_bytes() == RAW, True)
    href = os.environ["RAW_URL"]
    steps.equal("beside it, an image of a web server", image_service.get_image_service(href).show(href)["size"], len(RAW))


def deactivated(demo, image):
    """An administrator takes an image out of use."""
    user = steps.admin()
    admin = glanceclient.Client("2", endpoint=os.environ["IMAGE_URL"], token=user.token)
    admin.images.deactivate(image)
    steps.refused("a deactivated image", exception.ImageUnacceptable, lambda: images.image_show(demo, image))
    steps.refused("its data", exception.ImageNotAuthorized, lambda: images.fetch(demo, image, str(WORK / "deactivated")))
    admin.images.reactivate(image)
    steps.equal("reactivated", images.image_show(demo, image)["status"], "active")


main()
