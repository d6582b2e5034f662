"""File systems that go away and come back, and one that is full: of a store, of staging and of the cache. Needs root, for mount(8)."""

import hashlib
import os

from vitrine import MIB, Check, Server, at_exit, random_bytes, run

DEADLINE = 90  # seconds within which an import goes on after its store is back
FULL_MIB = 24


class Mount:
    """A file system at a place, which can be taken away and brought back with what is in it."""

    def __init__(self, place, kept, mib=None):
        self.place, self.kept = place, kept
        place.mkdir(parents=True)
        kept.mkdir()
        if mib is not None:
            run("mount", "-t", "tmpfs", "-o", f"size={mib}m", "tmpfs", kept)
            at_exit(lambda: run("umount", "-l", kept, check=False))
        self.is_there = False
        at_exit(self.take_away)

    def bring(self):
        run("mount", "--bind", self.kept, self.place)
        self.is_there = True

    def take_away(self):
        if self.is_there:
            run("umount", "-l", self.place)
            self.is_there = False

    def below(self):
        """What has been written to the directory while nothing was mounted there."""
        return sorted(os.listdir(self.place))


def main(check, directory):
    if os.geteuid() != 0:
        check.note("SKIPPED: mounting file systems needs root")
        check.that("there is nothing to check without root", True)
        return
    data = directory / "data"
    if not may_mount(directory):
        check.note("SKIPPED: this machine does not let root mount file systems")
        check.that("there is nothing to check without them", True)
        return
    store = Mount(data / "stores" / "local", directory / "store")
    small = Mount(data / "stores" / "small", directory / "small", FULL_MIB)
    staging = Mount(data / "staging", directory / "staging")
    cache = Mount(data / "cache", directory / "cache")
    for mount in (store, small, staging, cache):
        mount.bring()
    server = Server(directory, {
        "VITRINE_CACHE__ENABLED": "true", "VITRINE_STORES__BACKENDS__SMALL__DESCRIPTION": "small",
        "VITRINE_STORES__BACKENDS__LOCAL__DESCRIPTION": "large", "VITRINE_STORES__DEFAULT": "local"})
    check.note(f"ready after {server.start():.1f} s")
    images = Images(check, server)

    check.section("a store's file system goes away")
    store_goes(check, server, images, store)
    check.section("the file system of staging goes away")
    staging_goes(check, server, images, staging)
    check.section("the cache's file system goes away")
    cache_goes(check, server, images, cache)
    check.section("a store is full")
    store_is_full(check, server, images)
    check.equal("it ends on SIGTERM", server.stop() in (0, 143), True)


def may_mount(directory):
    probe = directory / "probe"
    probe.mkdir()
    mounted = run("mount", "-t", "tmpfs", "tmpfs", probe, check=False).returncode == 0
    return mounted and run("umount", probe, check=False).returncode == 0


class Images:
    """Images whose data is known."""

    def __init__(self, check, server):
        self.check, self.server, self.made = check, server, 0

    def data(self, mib=1):
        self.made += 1
        return random_bytes(mib * MIB, self.made)

    def stored(self, data, store="local"):
        image = self.server.create()
        answer = self.server.upload(image, data, headers={"X-Image-Meta-Store": store})
        self.check.equal("an upload", answer.status, 204)
        return image

    def staged(self, data):
        image = self.server.create()
        self.check.equal("data is staged", self.server.upload(image, data, "stage").status, 204)
        return image

    def imported(self, image, *stores):
        body = {"method": {"name": "glance-direct"}, **({"stores": list(stores)} if stores else {})}
        self.check.equal("an import is accepted", self.server.call("POST", f"/v2/images/{image}/import", body).status, 202)

    def waits(self, image, text):
        """The import says why it does not go on, and is not given up."""
        def task():
            return self.server.tasks(image)[0]
        self.check.eventually(f"the import waits: {text}", 60, lambda: text in (task()["message"] or ""), task)
        self.check.that("  and is not given up", task()["status"] in ("pending", "processing"), task()["status"])

    def is_whole(self, name, image, data):
        self.check.eventually(f"{name} is active", DEADLINE, lambda: self.server.status(image) == "active",
                              lambda: (self.server.show(image), self.server.tasks(image)))
        self.check.equal("  and whole", self.server.sha512(image)[0], hashlib.sha512(data).hexdigest())


def refused(check, name, answer):
    check.equal(name, answer.status, 503)
    check.that("  and says when to come again", int(answer.headers.get("retry-after", "0")) > 0, dict(answer.headers))


def store_goes(check, server, images, mount):
    kept, staged = images.data(), images.data()
    before, waiting = images.stored(kept), images.staged(staged)
    mount.take_away()
    refused(check, "a download", server.call("GET", f"/v2/images/{before}/file"))
    refused(check, "an upload", server.upload(server.create(), images.data()))
    images.imported(waiting)
    images.waits(waiting, "tried again")
    check.equal("nothing is written to the empty directory", mount.below(), [])
    mount.bring()
    check.equal("what was there before", server.sha512(before)[0], hashlib.sha512(kept).hexdigest())
    images.is_whole("what was imported", waiting, staged)
    images.stored(images.data())


def staging_goes(check, server, images, mount):
    data = images.data()
    waiting = images.staged(data)
    mount.take_away()
    refused(check, "staging", server.upload(server.create(), images.data(), "stage"))
    images.imported(waiting)
    images.waits(waiting, "tried again")
    check.equal("nothing is written to the empty directory", mount.below(), [])
    mount.bring()
    images.is_whole("what was imported", waiting, data)


def cache_goes(check, server, images, mount):
    data = images.data()
    image, digest = images.stored(data), hashlib.sha512(data).hexdigest()

    def cached():
        return [each["image_id"] for each in server.call("GET", "/v2/cache").json()["cached_images"]]

    check.equal("a download", server.sha512(image)[0], digest)
    check.eventually("brings it into the cache", 20, lambda: image in cached(), cached)
    mount.take_away()
    other = images.stored(data)
    for name, each in (("what was cached", image), ("what was not", other)):
        check.equal(f"{name} comes from the store", server.sha512(each)[0], digest)
    check.equal("the cache still answers", server.call("GET", "/v2/cache").status, 200)
    check.equal("nothing is written to the empty directory", mount.below(), [])
    mount.bring()
    check.equal("a download when it is back", server.sha512(image)[0], digest)


def store_is_full(check, server, images):
    first, second = images.data(16), images.data(16)
    there, waiting = images.stored(first, "small"), images.staged(second)
    answer = server.upload(server.create(), images.data(16), headers={"X-Image-Meta-Store": "small"})
    check.equal("what does not fit is too large", answer.status, 413)
    images.imported(waiting, "small")
    images.waits(waiting, "not enough free space")
    check.equal("room is made", server.call("DELETE", f"/v2/images/{there}").status, 204)
    images.is_whole("what was imported", waiting, second)


if __name__ == "__main__":
    Check("mounts").run(main)
