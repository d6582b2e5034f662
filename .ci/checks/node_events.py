"""What platform engineers do to Vitrine on a node while clients are at work: upgrades, a rollout, scaling, a killed worker, a drained node."""

import json
import time

from load import digest
from node_load import Client, Events, Load
from node_platform import NAMESPACE
from node_rig import NAME
from vitrine import MIB, Failed, random_bytes, wait

LARGE = 256 * MIB
DEPLOYMENTS = {"api": 3, "worker": 1}


def under_load(check, node, site, upgrades, look):
    """look() is what is to be done once all is whole again, with the load still there."""
    load = Load(site.address()).start()
    events = Events(check, load)
    with events.during("nothing but the load"):
        wait(lambda: len(load.imported) >= 10, 120)
    for tag in upgrades:
        with events.during(f"upgrade to {tag}"):
            upgrade(check, site, tag)
    with events.during("both Deployments restarted"):
        node.kubectl("-n", NAMESPACE, "rollout", "restart", "deployment", "vitrine-api", "vitrine-worker")
        site.settle()
    for count in (3, 1):
        with events.during(f"workers scaled to {count}"):
            node.kubectl("-n", NAMESPACE, "scale", "deployment", "vitrine-worker", f"--replicas={count}")
            site.settle("worker")
    with events.during("a worker killed in an import") as told:
        told.append(kill_worker(check, node, site, load))
    with events.during("the node drained"):
        drain(check, node, site)
    with events.during("whole again"):
        look()
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
    check.that("its Job has ended well", wait(lambda: (site.job(tag) or {}).get("succeeded") == 1, 300), site.job(tag))


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
        check.equal("with the right digest", (shown["status"], shown["os_hash_value"]), ("active", digest(data)))
    client.call("DELETE", f"/v2/images/{image}")
    site.settle("worker")
    return f"imported {time.monotonic() - began:.0f} s later"


def drain(check, node, site):
    """The budgets let one pod of each kind go, and refuse the others until it is replaced, which a single node cannot do."""
    before = {component: len(site.pods(component)) for component in DEPLOYMENTS}
    done = node.kubectl("drain", NAME, "--ignore-daemonsets", "--delete-emptydir-data", "--force", "--timeout=40s",
                        "--pod-selector=app.kubernetes.io/name=vitrine", check=False)
    check.that("the budgets refuse the rest", done.returncode != 0 and "disruption budget" in done.stderr, done.stderr.strip()[-300:])
    ready = {component: site.deployment(component)["status"].get("readyReplicas", 0) for component in DEPLOYMENTS}
    check.equal("one pod of each kind has gone", ready, {component: count - 1 for component, count in before.items()})
    node.kubectl("uncordon", NAME)
    check.eventually("all are there again", 600, lambda: all(site.is_settled(component) for component in DEPLOYMENTS))
