"""What happens to Vitrine on a node while clients are at work: upgrades, and a worker that is killed."""

import hashlib
import json
import time

from node_load import Client, Events, Load
from node_platform import NAMESPACE
from vitrine import MIB, Failed, random_bytes, wait

LARGE = 256 * MIB
DEPLOYMENTS = {"api": 3, "worker": 1}


def under_load(check, node, site, upgrades):
    load = Load(site.address()).start()
    events = Events(check, load)
    with events.during("nothing but the load"):
        wait(lambda: len(load.imported) >= 10, 120)
    for tag in upgrades:
        with events.during(f"upgrade to {tag}"):
            upgrade(check, site, tag)
    with events.during("a worker killed in an import") as told:
        told.append(kill_worker(check, node, site, load))
    load.stop()
    check.equal(f"lost of {len(load.accepted)} accepted imports", load.lost(), [])
    check.equal("images with other bytes than were sent", load.wrong, [])
    check.equal(f"failed of {load.requests} requests", load.failures, [])
    events.print()


def upgrade(check, site, tag):
    """Applied over what runs, with nothing deleted before."""
    done = site.apply(tag)
    check.that(f"the overlay with {tag} applies over what runs", "vitrine-migrate" in done.stdout, done.stderr.strip()[-300:])
    site.settle()
    images = {pod["spec"]["containers"][0]["image"].rsplit(":", 1)[1] for component in DEPLOYMENTS for pod in site.pods(component).values()}
    check.equal("all pods are of it", images, {tag})
    check.that("its Job has ended well", wait(lambda: (site.job(tag) or {}).get("succeeded") == 1, 60), site.job(tag))


def kill_worker(check, node, site, load):
    """The only worker, while a large import is under way in it; the one that replaces it ends the import."""
    client, data = Client(load), random_bytes(LARGE, "large")
    image = json.loads(client.call("POST", "/v2/images", {"name": "large", "disk_format": "raw", "container_format": "bare"}))["id"]
    client.call("PUT", f"/v2/images/{image}/stage", data)
    client.call("POST", f"/v2/images/{image}/import", {"method": {"name": "glance-direct"}})
    task = lambda: site.platform.database.sql(f"select status, leased_by from tasks where image_id = '{image}'")
    if not wait(lambda: task().startswith("processing"), 60, 0.05):
        raise Failed(f"nobody has taken the import: {task()}")
    began, killed = time.monotonic(), task()
    node.kubectl("-n", NAMESPACE, "delete", "pod", *site.pods("worker"), "--force", "--grace-period=0")
    check.equal("the import was under way", task(), killed)
    if check.eventually("another worker ends it", 180, lambda: task().startswith("success"), task):
        shown = json.loads(client.call("GET", f"/v2/images/{image}"))
        check.equal("with the right digest", (shown["status"], shown["os_hash_value"]), ("active", hashlib.sha512(data).hexdigest()))
    client.call("DELETE", f"/v2/images/{image}")
    site.settle("worker")
    return f"imported {time.monotonic() - began:.0f} s later"
