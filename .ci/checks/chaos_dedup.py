"""Equal data to stores that keep it once, by many at the same time, while an API process and a worker are killed at random.

chaos_dedup.py [SECONDS [SEED]]: 10 s of load and 4 kills at least (100 s with CI_LONG=1); the seed is printed. Uploads, imports to two stores and deletes
of images with one of three contents. In the end every image that was acknowledged has its data, the counts of references are
right, and when all images are deleted nothing is left.
"""

import collections
import contextlib
import hashlib
import http.client
import random
import sys
import threading
import time

from chaos_rig import STORES, files, start
from vitrine import HEALTHY, KIB, LONG, Check, random_bytes, wait

CLIENTS = 6
KILLS = 4  # at least
PAUSE = 0.1  # seconds between what one client does and the next, or there were too much to look at
DEADLINE = 60  # seconds within which all must have come to rest
CONTENTS = {hashlib.sha512(data).hexdigest(): data for data in (random_bytes(size * KIB, f"content {size}") for size in (64, 700, 2000))}


def main(check, directory):
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 100 if LONG else 10
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(1 << 32)
    chance = random.Random(seed)
    environment = {f"VITRINE_STORES__BACKENDS__{store.upper()}__DEDUP": "true" for store in STORES}
    apis, workers = start(check, directory, {**environment, "VITRINE_LEASE__TTL": "3s", "VITRINE_LEASE__GC_INTERVAL": "1s"}, workers=1)

    check.section(f"{seconds:g} s of load and kills, seed {seed}")
    over = threading.Event()
    clients = [Client(apis[number % 2], over, random.Random(chance.random())) for number in range(CLIENTS)]
    kills = kill_in_turn((apis[1], workers[0]), seconds, chance)
    over.set()
    for client in clients:
        client.thread.join(DEADLINE)
    done = sum((client.done for client in clients), collections.Counter())
    check.that("clients and kills met", kills >= KILLS and done["broken"] > 0, f"{kills} kills; {dict(done)}")

    check.section("what became of it")
    api = apis[0]
    check.eventually("no image is saving or importing", DEADLINE, lambda: not busy(api), lambda: busy(api))
    active = {image: digest for image, digest in api.rows("select id, coalesce(hash_value, '') from images where status = 'active'")}
    kept = {image: digest for client in clients for image, digest in client.kept.items()}
    check.equal("every acknowledged upload is there", [image for image, digest in kept.items() if active.get(image) != digest], [])
    check.equal("every acknowledged delete holds", [image for client in clients for image in client.deleted if image in active], [])
    check.eventually("the counts of references are right, and no byte is without an owner", DEADLINE, lambda: not faults(api), lambda: faults(api))
    # Staged data stays where nobody imports it, as when the request for the import met a kill.
    check.equal("data is staged and left", api.upload(api.create(), next(iter(CONTENTS.values())), "stage").status, 204)
    stored = files(api, "stores")
    check.that("equal data lies there once", len(stored) <= len(STORES) * len(CONTENTS) < len(active),
               f"{len(stored)} files for {len(active)} images")
    wrong = [image for image, digest in active.items() if digest not in CONTENTS or api.sha512(image)[0] != digest]
    check.equal("every active image is whole", wrong, [])

    check.section("all images deleted")
    images = [row[0] for row in api.rows("select id from images where deleted_at is null")]
    check.equal(f"{len(images)} images", {api.call("DELETE", f"/v2/images/{image}").status for image in images}, {204})
    check.eventually("everything is free", DEADLINE, lambda: not files(api) and api.rows(
        "select (select count(*) from blobs) + (select count(*) from contents)") == [["0"]], lambda: (files(api), faults(api)))
    check.equal("both API processes are well", [each.health() for each in apis], [HEALTHY, HEALTHY])


def kill_in_turn(victims, seconds, chance):
    """Kills one after the other at random moments when it is at work, and starts it again at once; how often."""
    began, starting = time.monotonic(), []
    while len(starting) < KILLS or time.monotonic() < began + seconds:
        victim = victims[len(starting) % len(victims)]
        if not wait(victim.ready, DEADLINE, interval=0.2):
            break
        time.sleep(chance.uniform(0, 1))
        victim.kill()
        starting.append(threading.Thread(target=victim.start, daemon=True))
        starting[-1].start()
    for each in starting:
        each.join(120)
    return len(starting)


class Client:
    """Uploads, imports and deletes, one after the other, and what was acknowledged of it."""

    def __init__(self, api, over, chance):
        self.api, self.over, self.chance = api, over, chance
        self.kept, self.deleted, self.done = {}, [], collections.Counter()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        while not self.over.wait(PAUSE):
            what = self.chance.choice((self._upload, self._upload, self._import, self._delete))
            try:
                what()
                self.done[what.__name__[1:]] += 1
            except (OSError, http.client.HTTPException, ValueError):
                self.done["broken"] += 1
                wait(lambda: self.over.is_set() or self.api.ready(), DEADLINE, interval=0.2)

    def _upload(self):
        digest, data = self.chance.choice(list(CONTENTS.items()))
        image = self.api.create()
        if self._send(image, data, "file"):
            self.kept[image] = digest

    def _import(self):
        image = self.api.create()
        if self._send(image, self.chance.choice(list(CONTENTS.values())), "stage"):
            self.api.call("POST", f"/v2/images/{image}/import", {"method": {"name": "glance-direct"}, "stores": list(STORES)})

    def _delete(self):
        with contextlib.suppress(IndexError):
            image = self.chance.choice(list(self.kept))
            del self.kept[image]  # whatever becomes of it
            if self.api.call("DELETE", f"/v2/images/{image}").status == 204:
                self.deleted.append(image)

    def _send(self, image, data, target):
        answer = self.api.upload(image, data, target, chunk=64 * KIB)
        if answer.status == 0:
            raise OSError("the connection broke")
        return answer.status == 204


def busy(api):
    return api.rows("select id, status from images where status in ('saving', 'importing') and deleted_at is null")


def faults(api):
    """All that is wrong with the stores, when all has come to rest."""
    counts = api.rows("""
        select contents.id, refs, count(blobs.id) from contents left join blobs on blobs.content = contents.id
        group by contents.id having refs <> count(blobs.id) or refs = 0""")
    unsettled = api.rows("select id, store, state, spare from blobs where state <> 'stored' or spare or (content is null and purpose = 'image')")
    lonely = api.rows("""
        select images.id from images where status = 'active'
        and not exists (select from blobs where blobs.image_id = images.id and purpose = 'image' and state = 'stored')""")
    twice = api.rows("select store, sha512 from contents group by store, sha512 having count(*) > 1")
    known = {row[0] for row in api.rows("select id from contents union all select id from blobs where purpose = 'staging'")}
    found = {path.name for path in files(api)}
    return [each for each in (counts, unsettled, lonely, twice, sorted(found ^ known)) if each]


if __name__ == "__main__":
    Check("chaos_dedup").run(main)
