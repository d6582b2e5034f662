"""Every format there and back: byte-identical through curl, the OpenStack clients and imports; the image boots.

CI_LONG=1 takes a disk of 1 GiB instead of 96 MiB.
"""

import contextlib
import os
import pathlib
import shutil
import subprocess

from vitrine import (GIB, HEALTHY, HOST, KIB, LONG, MIB, Check, Connection, Failed, Server, Web, at_exit, convert, curl, digests,
                     random_file, run, same, wait)

CHUNKS = {"4 KiB": 4 * KIB, "1 MiB": MIB, "8 MiB": 8 * MIB}
DISK_SIZE = GIB if LONG else 96 * MIB
GREETING = "VITRINE CHECK IMAGE BOOTED"
NOBODY = 64123  # a user id that no account has


def main(check, directory):
    images = make_images(check, directory)
    web = Web(directory)
    server = Server(directory, web.environment())
    check.note(f"ready after {server.start():.1f} s")

    check.section("exact chunks, every format")
    for name, image in images.items():
        for label, chunk in CHUNKS.items():
            raw_chunks(check, server, f"{name} in chunks of {label}", image, chunk)

    check.section("curl")
    for name in ("raw", "qcow2"):
        with_curl(check, server, directory, name, images[name])

    check.section("ranges")
    ranges(check, server, directory, images["raw"])

    check.section("openstack and glance")
    with_clients(check, server, directory, images)

    check.section("imports")
    with_imports(check, server, web, directory, images)

    check.equal("it still answers", server.health(), HEALTHY)
    check.equal("no file is without an owner", server.orphans(), [])
    check.equal("no write is left unfinished", server.unfinished(), [])
    check.equal("it ends on SIGTERM", server.stop() in (0, 143), True)

    check.section("as another user, and after a restart")
    as_another_user(check, directory, images["qcow2"])


# --- images


class Image:
    """A file to upload, with what the program's own tools say about it."""

    def __init__(self, path, disk_format):
        self.path, self.disk_format = path, disk_format
        self.size = path.stat().st_size
        self.md5, self.sha512 = digests(path)
        info = run("qemu-img", "info", "--output=json", "-f", "raw" if disk_format == "iso" else disk_format, path).stdout
        self.virtual_size = int(info.split('"virtual-size":')[1].split(",")[0])


def make_images(check, directory):
    check.section("images from Debian packages")
    raw = bootable_disk(directory)
    check.that("the disk boots before it is uploaded", boots(raw, directory))
    made = {
        "raw": (raw, "raw"),
        "qcow2": (convert(raw, directory / "disk.qcow2", "qcow2"), "qcow2"),
        "qcow2 compressed": (convert(raw, directory / "small.qcow2", "qcow2", "-c"), "qcow2"),
        "vmdk": (convert(raw, directory / "disk.vmdk", "vmdk"), "vmdk"),
        "vmdk stream-optimized": (convert(raw, directory / "stream.vmdk", "vmdk", "-o", "subformat=streamOptimized"), "vmdk"),
        "vdi": (convert(raw, directory / "disk.vdi", "vdi"), "vdi"),
        "iso": (pathlib.Path("/usr/lib/grub-rescue/grub-rescue-cdrom.iso"), "iso"),
    }
    images = {name: Image(path, disk_format) for name, (path, disk_format) in made.items()}
    for name, image in images.items():
        check.note(f"{name}: {image.size:,} bytes, {image.virtual_size:,} on the disk")
    return images


def bootable_disk(directory):
    """A raw disk with GRUB in its boot record and one FAT partition holding Debian's memtest86+, the rescue disk and data."""
    grub = pathlib.Path("/usr/lib/grub/i386-pc")
    start = 2048  # sectors
    sectors = DISK_SIZE // 512 - start - 4 * MIB // 512  # the end of the disk stays empty
    early = directory / "early.cfg"
    early.write_text("serial --unit=0 --speed=115200\nterminal_output serial\nset root=(hd0,msdos1)\ncat /greeting.txt\nhalt\n")
    core = directory / "core.img"
    run("grub-mkimage", "-O", "i386-pc", "-p", "(hd0,msdos1)/boot/grub", "-c", early, "-o", core,
        "biosdisk", "part_msdos", "fat", "serial", "terminal", "cat", "halt")
    record = bytearray((grub / "boot.img").read_bytes()[:512])
    partition = bytes([0x80, 0, 0, 0, 0x0E, 0, 0, 0]) + start.to_bytes(4, "little") + sectors.to_bytes(4, "little")
    record[446:510] = partition + bytes(48)
    record[510:512] = b"\x55\xaa"
    disk = directory / "disk.raw"
    with open(disk, "wb") as file:
        file.truncate(DISK_SIZE)
        file.write(record)
        file.write(core.read_bytes())
    fat = f"{disk}@@{start * 512}"
    run("mformat", "-i", fat, "-T", sectors, "-h", 64, "-s", 32, "-H", start, "-v", "VITRINE", "::")
    greeting = directory / "greeting.txt"
    greeting.write_text(GREETING + "\n")
    filling = random_file(directory / "filling", DISK_SIZE // 2)
    run("mcopy", "-i", fat, greeting, filling, "/boot/memtest86+x64.bin", "/usr/lib/grub-rescue/grub-rescue-cdrom.iso", "::")
    filling.unlink()
    return disk


def boots(disk, directory):
    """Whether a virtual machine started from a copy-on-write view of the raw disk prints the greeting of its own partition."""
    serial = directory / "serial.log"
    serial.unlink(missing_ok=True)
    machine = subprocess.Popen(["qemu-system-x86_64", "-accel", "tcg", "-m", "64", "-display", "none", "-nic", "none", "-no-reboot",
                                "-serial", f"file:{serial}", "-drive", f"file={disk},format=raw,snapshot=on"],
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    at_exit(machine.kill)
    try:
        return wait(lambda: serial.exists() and GREETING in serial.read_text(errors="replace"), 90)
    finally:
        machine.kill()
        machine.wait()


# --- uploads and downloads


def holds(check, server, what, image_id, image, disk_format=None):
    """Asserts that the image is active with the size and digests of the file, and that a download gives its bytes."""
    shown = server.show(image_id)
    wanted = {"status": "active", "disk_format": disk_format or image.disk_format, "size": image.size, "checksum": image.md5,
              "os_hash_algo": "sha512", "os_hash_value": image.sha512}
    if image.disk_format != "iso":  # an ISO's volume may be shorter than its file
        wanted["virtual_size"] = image.virtual_size
    differing = {key: shown.get(key) for key, value in wanted.items() if shown.get(key) != value}
    check.equal(f"{what}: status, size, md5, sha512 as the tools say", differing, {})
    digest, size = server.sha512(image_id)
    check.that(f"{what}: downloads identical", (digest, size) == (image.sha512, image.size), f"{size:,} bytes, sha512 {digest[:12]}…")


def raw_chunks(check, server, what, image, chunk):
    image_id = server.create(image.disk_format)
    answer = server.upload(image_id, image.path.read_bytes(), chunk=chunk)
    if check.equal(f"{what}: upload", answer.status, 204):
        holds(check, server, what, image_id, image)
    server.call("DELETE", f"/v2/images/{image_id}")


def with_curl(check, server, directory, name, image):
    target = directory / "download"
    octets = ("-H", "Content-Type: application/octet-stream")
    chunked = ("-H", "Transfer-Encoding: chunked")
    variants = {
        "with length": (["-T", image.path], None),
        "chunked": (["-T", image.path, *chunked], None),
        "HTTP/2 with length": (["--http2-prior-knowledge", "-T", image.path], None),
        **{f"chunked from a pipe of {label}": (["-T", "-", *chunked], size) for label, size in CHUNKS.items()},
        "HTTP/2 from a pipe of 8 MiB": (["--http2-prior-knowledge", "-T", "-"], 8 * MIB),
    }
    for label, (arguments, block) in variants.items():
        what = f"curl, {name} {label}"
        image_id = server.create(image.disk_format)
        source = piped(image.path, block) if block else contextlib.nullcontext(subprocess.DEVNULL)
        with source as stdin:
            done = curl(*octets, *arguments, server.path(image_id), stdin=stdin)
        if check.equal(f"{what}: upload", done, (0, 204)):
            holds(check, server, what, image_id, image)
        server.call("DELETE", f"/v2/images/{image_id}")
    image_id = server.create(image.disk_format)
    server.upload(image_id, image.path.read_bytes())
    for version in ("--http1.1", "--http2-prior-knowledge"):
        target.unlink(missing_ok=True)
        check.equal(f"curl {version}, {name}: download", curl(version, "-o", target, server.path(image_id)), (0, 200))
        check.that(f"curl {version}, {name}: identical", same(target, image.path))
        for share in (0.0, 0.5, 0.999):
            cut = int(image.size * share)
            shutil.copy(image.path, target)
            os.truncate(target, cut)
            check.equal(f"curl {version} -C -, {name} from byte {cut}", curl(version, "-C", "-", "-o", target, server.path(image_id)),
                        (0, 206 if cut else 200))
            check.that(f"curl {version} -C -, {name}: identical", same(target, image.path))


@contextlib.contextmanager
def piped(path, block):
    """A pipe that a dd writes the file into, one write per block."""
    writer = subprocess.Popen(["dd", f"if={path}", f"bs={block}", "status=none"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    with writer:
        yield writer.stdout


def ranges(check, server, directory, image):
    image_id = server.create("raw")
    server.upload(image_id, image.path.read_bytes())
    data, size = image.path.read_bytes(), image.size
    path = f"/v2/images/{image_id}/file"
    for text, first, last in (("0-0", 0, 0), (f"{size - 1}-", size - 1, size - 1), ("-1", size - 1, size - 1),
                              ("-70000", size - 70000, size - 1), ("0-", 0, size - 1), ("1000-1048999", 1000, 1048999),
                              (f"{size - 5}-{size + 100}", size - 5, size - 1), (f"-{size * 2}", 0, size - 1)):
        answer = server.call("GET", path, headers={"Range": f"bytes={text}"})
        got = (answer.status, answer.headers.get("content-range"), answer.headers.get("content-length"), answer.body == data[first:last + 1])
        check.equal(f"bytes={text}", got, (206, f"bytes {first}-{last}/{size}", str(last - first + 1), True))
    for text, status in ((f"{size}-", 416), ("9-3", 416), ("x-y", 416), ("0-1,5-6", 400)):
        answer = server.call("GET", path, headers={"Range": f"bytes={text}"})
        check.equal(f"bytes={text}", answer.status, status)
    answer = server.call("GET", path, headers={"Content-Range": "bytes 10-19/*"})
    check.equal("Content-Range of old clients", (answer.status, answer.body == data[10:20]), (206, True))
    with Connection(server.port) as connection:  # the reader goes away in the middle
        connection.head("GET", path, {})
        connection.socket.recv(64 * KIB)
        connection.hang_up()
    whole = server.call("GET", path)
    check.equal("a whole download says length and MD5", (whole.status, whole.headers.get("content-length"), whole.headers.get("content-md5"),
                whole.headers.get("content-type")), (200, str(size), image.md5, "application/octet-stream"))


# --- clients


def with_clients(check, server, directory, images):
    url = f"http://{HOST}:{server.port}"
    openstack = ("openstack", "--os-auth-type", "none", "--os-endpoint", url, "--os-image-api-version", "2")
    glance = ("glance", "--os-image-url", url, "--os-auth-token", "none", "--os-image-api-version", "2")
    target = directory / "saved"
    # The glance client believes what lies in its home of another server.
    home = {"env": {**os.environ, "HOME": str(directory)}}
    for name, image in images.items():
        for client, arguments in (("openstack", (*openstack, "image", "create", "-f", "value", "-c", "id", "--file", image.path)),
                                  ("glance", (*glance, "image-create", "--file", image.path, "--name", "client"))):
            what = f"{client}, {name}"
            done = run(*arguments, "--disk-format", image.disk_format, "--container-format", "bare",
                       *(["client"] if client == "openstack" else []), check=False, **home)
            if not check.equal(f"{what}: create", done.returncode, 0):
                check.note(done.stderr.strip()[-600:])
                continue
            image_id = done.stdout.split()[-1] if client == "openstack" else value_of(done.stdout, "id")
            holds(check, server, what, image_id, image)
            target.unlink(missing_ok=True)
            if client == "openstack":
                done = run(*openstack, "image", "save", "--file", target, image_id, check=False, **home)
            else:
                done = run(*glance, "image-download", "--file", target, image_id, check=False, **home)
            check.that(f"{what}: saved identical", done.returncode == 0 and same(target, image.path), done.stderr.strip()[-300:])
    image = images["qcow2"]
    # The glance client takes an open standard input for the image.
    done = run("sh", "-c", 'exec "$@" <&-', "sh", *glance, "image-create-via-import", "--import-method", "glance-direct", "--file", image.path, "--disk-format", "qcow2",
               "--container-format", "bare", "--name", "client", check=False, **home)
    if check.equal("glance image-create-via-import", done.returncode, 0):
        image_id = value_of(done.stdout, "id")
        check.eventually("  becomes active", 180, lambda: server.status(image_id) == "active", lambda: server.show(image_id))
        check.equal("  converted to raw", server.sha512(image_id)[0], images["raw"].sha512)
    else:
        check.note(done.stderr.strip()[-600:])
    done = run(*openstack, "image", "list", "-f", "value", "-c", "ID", check=False, **home)
    check.that("openstack image list", done.returncode == 0 and image_id in done.stdout.split(), done.stderr.strip()[-300:])


def value_of(table, key):
    """A value of the two-column table that the glance client prints."""
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.strip("| ").split("|")]
        if len(cells) == 2 and cells[0] == key:
            return cells[1]
    raise Failed(f"no {key} in {table}")


# --- imports


def with_imports(check, server, web, directory, images):
    for name, image in images.items():
        converts = image.disk_format not in ("raw", "iso")
        wanted = image
        if converts:
            wanted = Image(convert(image.path, directory / "converted.raw", "raw", source_form=image.disk_format), "raw")
        for method in ("glance-direct", "web-download"):
            what = f"{method} of {name}"
            image_id = server.create(image.disk_format)
            if method == "glance-direct":
                check.equal(f"{what}: stage", server.upload(image_id, image.path.read_bytes(), "stage", chunk=MIB).status, 204)
                check.equal(f"{what}: staged", server.status(image_id), "uploading")
                answer = server.import_image(image_id, method)
            else:
                served = web.files / image.path.name
                if not served.exists():
                    shutil.copy(image.path, served)
                answer = server.import_image(image_id, method, uri=web.url(served.name))
            check.equal(f"{what}: import", answer.status, 202)
            wait(lambda: [task["status"] for task in server.tasks(image_id)] in (["success"], ["failure"]), 180)
            tasks = [(task["status"], task["message"]) for task in server.tasks(image_id)]
            if check.that(f"{what}: its task succeeds", [status for status, _ in tasks] == ["success"], tasks):
                holds(check, server, f"{what}, {'as qemu-img converts it' if converts else 'as it was'}", image_id, wanted)
    target = directory / "boot.raw"
    image_id = server.create("qcow2")
    server.import_image(image_id, "web-download", uri=web.url(images["qcow2 compressed"].path.name))
    wait(lambda: server.status(image_id) == "active", 180)
    curl("-o", target, server.path(image_id))
    check.that("the disk boots after upload, conversion and download", target.exists() and boots(target, directory))
    check.eventually("staging is empty again", 30, lambda: not staged(server), lambda: staged(server))


def staged(server):
    return [str(path) for path in server.files() if path.is_relative_to(server.data / "staging")]


# --- users


def as_another_user(check, directory, image):
    own = directory / "own"
    own.mkdir()
    user = NOBODY if os.geteuid() == 0 else None
    server = Server(own, user=user)
    check.note(f"user {user if user is not None else os.geteuid()}, ready after {server.start():.1f} s")
    image_id = server.create("qcow2", name="kept")
    check.equal("upload", server.upload(image_id, image.path.read_bytes(), chunk=MIB).status, 204)
    if user is not None:
        check.equal("all files are its own", {path.stat().st_uid for path in server.files()}, {user})
    check.equal("it ends on SIGTERM", server.stop() in (0, 143), True)
    check.note(f"ready again after {server.start():.1f} s")
    holds(check, server, "after the restart", image_id, image)
    second = server.create("qcow2")
    check.equal("a further upload", server.upload(second, image.path.read_bytes()).status, 204)


if __name__ == "__main__":
    Check("roundtrip").run(main)
