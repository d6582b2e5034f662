"""Large images whose length nobody declares, through a real server with a small heap: its memory, the speed, and that all of it comes back.

To S3 and Swift by Ceph's gateway goes data that cannot be made smaller, to RBD a disk that is almost empty and must take almost no room.
"""

import hashlib
import json
import time

from ceph import POOL, S3_KEYS, SWIFT_KEY, SWIFT_USER
from vitrine import GIB, HEALTHY, LONG, MIB, Connection, Server, random_bytes

# Not the bucket of the tests before: the gateway's own list still has, or looks for, what they broke off there, and S3 knows of none of it.
BUCKET, CONTAINER = "large-objects", "large"
HEAP = 256
LIMIT = 512 * MIB
SIZE = 5 * GIB if LONG else GIB // 2
DISK = 5 * GIB if LONG else GIB
# A disk has data in one of so many MiB.
SPARSE = 128
OBJECT = 8 * MIB


def check_large(check, ceph, directory):
    """Every store in turn, each by a server that has only just been started."""
    check.section("large images without a declared length")
    (directory / "large").mkdir()
    server = Server(directory / "large", settings(ceph), java_options=[f"-Xmx{HEAP}m", "-XX:+ExitOnOutOfMemoryError"])
    ceph.make_bucket(BUCKET)
    empty_trash(ceph)
    for case in CASES:
        server.start()
        transfer(check, server, case)
        check.that(f"{case.store}: it lies there", kept(ceph))
        if case.store == "rbd":
            thin(check, ceph)
        check.equal(f"{case.store}: it is deleted", server.call("DELETE", f"/v2/images/{case.image}").status, 204)
        check.eventually(f"{case.store}: nothing of it is left", 60, lambda: not kept(ceph), lambda: kept(ceph))
        check.equal("it is well", server.health(), HEALTHY)
        check.equal("it ends on SIGTERM", server.stop() in (0, 143), True)
        empty_trash(ceph)


def settings(ceph):
    """A server with the stores s3, swift and rbd."""
    backends = {
        "s3": {"endpoint": ceph.url, "bucket": BUCKET, "access_key": S3_KEYS[0], "secret_key": S3_KEYS[1]},
        "swift": {"auth_version": 1, "auth_url": f"{ceph.url}/auth/v1.0", "user": SWIFT_USER, "password": SWIFT_KEY,
                  "container": CONTAINER, "create_container": "true"},
        "rbd": {"pool": POOL, "user": "admin", "conf_file": ceph.conf},
    }
    names = {"VITRINE_STORES__DEFAULT": "s3", "VITRINE_LEASE__GC_INTERVAL": "1s"}
    for kind, keys in backends.items():
        prefix = f"VITRINE_STORES__BACKENDS__{kind.upper()}__"
        names[prefix + "KIND"] = kind
        names.update({f"{prefix}{kind.upper()}__{key.upper()}": str(value) for key, value in keys.items()})
    return names


def full(size):
    """Blocks that all differ."""
    block = random_bytes(MIB, "large")
    for number in range(size // MIB):
        yield number.to_bytes(8, "big") + block[8:]


def sparse(size):
    """Blocks of zeros with one of data here and there."""
    block, zeros = random_bytes(MIB, "sparse"), bytes(MIB)
    for number in range(size // MIB):
        yield number.to_bytes(8, "big") + block[8:] if number % SPARSE == 0 else zeros


class Case:
    """What is sent to a store; blocks(size) gives it, each time from the beginning."""

    def __init__(self, store, size, blocks):
        self.store, self.size, self.blocks = store, size, blocks
        self.image = None


CASES = [Case("s3", SIZE, full), *([Case("swift", SIZE, full)] if LONG else []), Case("rbd", DISK, sparse)]


def transfer(check, server, case):
    """Sends an image in chunks and takes it back."""
    store, size, wanted = case.store, case.size, digest(case)
    case.image = server.create()
    began = time.monotonic()
    answer = send(server, case)
    sent = time.monotonic() - began
    check.equal(f"{store}: {size / GIB:g} GiB in chunks", answer, 204)
    shown = server.show(case.image)
    check.equal(f"{store}: the image", [shown.get(key) for key in ("status", "size", "stores", "os_hash_value")],
                ["active", size, store, wanted])
    began = time.monotonic()
    check.equal(f"{store}: it downloads identical", server.sha512(case.image, 3600), (wanted, size))
    taken = time.monotonic() - began
    peak = server.memory("VmHWM")
    check.that(f"{store}: peak RSS with -Xmx{HEAP}m is at most {LIMIT // MIB} MiB", peak <= LIMIT,
               f"{peak / MIB:.0f} MiB; {size / MIB / sent:.0f} MiB/s in, {size / MIB / taken:.0f} MiB/s out")


def digest(case):
    sha512 = hashlib.sha512()
    for block in case.blocks(case.size):
        sha512.update(block)
    return sha512.hexdigest()


def send(server, case):
    with Connection(server.port, 600) as connection:
        connection.head("PUT", f"/v2/images/{case.image}/file", {"Content-Type": "application/octet-stream", "Transfer-Encoding": "chunked",
                                                             "x-image-meta-store": case.store})
        for block in case.blocks(case.size):
            connection.chunk(block)
        connection.last_chunk()
        return connection.answer().status


def thin(check, ceph):
    """What the disk takes of the cluster."""
    used = sum(image["used_size"] for image in json.loads(ceph.rbd("du", "--format", "json", "-p", POOL).stdout)["images"])
    check.that("rbd: zeros take no room", 0 < used <= DISK // MIB // SPARSE * OBJECT, f"{used / MIB:.0f} MiB of {DISK / MIB:.0f} MiB")


def kept(ceph):
    """What lies in the stores."""
    return ceph.rbd("ls", POOL).stdout.split() + [entry for bucket in (BUCKET, CONTAINER, f"{CONTAINER}_segments") for entry in listed(ceph, bucket)]


def listed(ceph, bucket):
    found = ceph.gateway_admin("bucket", "list", "--bucket", bucket, check=False)
    return json.loads(found.stdout) if found.returncode == 0 else []


def empty_trash(ceph):
    """Has the gateway free at once what was deleted; it would wait for hours."""
    ceph.gateway_admin("gc", "process", "--include-all")
