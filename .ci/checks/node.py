"""Kubernetes itself: the README's path of a newcomer on a node of Kubernetes 1.20, then upgrades, scaling, a killed worker and a drained node
under load, and a Prometheus in the cluster that scrapes by the PodMonitor, fills the dashboard and fires the alerts.

Needs root and, the first time, a quarter of an hour to build Kubernetes (node_kubernetes.py).

node.py [STORAGE]: container storage that has the image already, for a short cut while working on this check.
"""

import json
import os
import re
import subprocess
import sys
import time

import node_kubernetes
import node_platform
import node_rig
from database_rig import USER
from image import own_settings
from manifests_metrics import answers
from manifests_render import CHART, K8S, Tools
from node_alerts import Provocations
from node_events import DEPLOYMENTS, under_load
from node_isolation import isolate
from node_platform import IMAGE, NAMESPACE, Platform
from node_prometheus import Prometheus
from node_rig import Node
from node_site import Site
from vitrine import HOST, ROOT, Check, at_exit, free_port, install, run, wait

README = (K8S / "README.md").read_text()
BY_TLS = f"select bool_and(ssl) from pg_stat_ssl join pg_stat_activity using (pid) where usename = '{USER}'"
UPGRADES = ("0.1.1", "0.1.2")


def main(check, directory):
    check.section("Kubernetes, and the image by the README")
    install({**node_rig.PACKAGES, **node_platform.PACKAGES})
    programs, tools = node_kubernetes.programs(check), Tools(directory)
    build_image(directory)
    isolate(directory)
    node = Node(directory, programs, tools.kubectl)
    platform = Platform(directory, node)
    platform.start_registry()
    push_images(platform, directory, node)
    node.start()
    check.note(f"a node of Kubernetes {node.get('/version')['gitVersion']} is ready")
    node.load(node.pause)
    single(check, node)
    site = site_of(check, directory, node, platform)
    check.section("Prometheus in the cluster")
    prometheus = Prometheus(node, platform, site)
    check.eventually("it scrapes every pod", 180, lambda: prometheus.scraped() == scrapable(site), prometheus.scraped)
    provocations = Provocations(check, node, site, prometheus)
    provocations.early()
    under_load(check, node, site, UPGRADES, lambda: panels(check, node, prometheus))
    check.section("alerts")
    provocations.late()


def commands(heading):
    """The lines of the first listing after a heading, without comments."""
    text = README.split(f"\n{heading}", 1)[1].split("```sh\n", 1)[1].split("```", 1)[0]
    return [re.sub(r"\s+#.*", "", line).strip() for line in text.splitlines()]


def build_image(directory):
    """By the README's command, where there is a network."""
    own_settings(directory)
    if len(sys.argv) > 1:
        own = directory / "storage.conf"
        own.write_text(f'[storage]\ndriver = "overlay"\ngraphroot = "{sys.argv[1]}"\nrunroot = "{directory}/running"\n')
        os.environ["CONTAINERS_STORAGE_CONF"] = str(own)
        return
    run("sh", "-c", commands("## Try it")[0].split(" && ")[1], cwd=ROOT)


def push_images(platform, directory, node):
    """The image by the README's command, and as the versions to come; what keeps a pod's network is never fetched."""
    run("sh", "-c", commands("## Try it")[0].split(" && ")[2])
    for version in UPGRADES:
        run("buildah", "push", "--quiet", f"{IMAGE}:0.1.0", f"docker://{IMAGE}:{version}")
    pause = platform.make_image("localhost/pause:1", f"{IMAGE}:0.1.0", entry=("/bin/sleep", "infinity"))
    node.pause = directory / "pause.tar"
    run("buildah", "push", "--quiet", pause, f"oci-archive:{node.pause}:{pause}")


def single(check, node):
    check.section("the overlay single")
    create, apply, forward = commands("## Try it")[1:]
    node.apply([volume(node)])
    for line in (create, apply):
        check.that(line, node.sh(line, cwd=ROOT).returncode == 0)
    pods = lambda: node.pods("vitrine", "api").values()
    check.eventually("its pod is ready", 600, lambda: any(is_ready(pod) for pod in pods()), lambda: node.kubectl("-n", "vitrine", "describe", "pods").stdout[-1500:])
    check.note(f"ready {seconds_to_ready(*pods()):.0f} s after its container was started")
    port = free_port()
    process = subprocess.Popen(["sh", "-c", f"exec {forward.replace('9292', f'{port}:9292')}"], env=node.environment, stdout=subprocess.DEVNULL)
    at_exit(process.terminate)
    test_script(check, f"http://{HOST}:{port}", forward)
    process.terminate()
    node.kubectl("delete", "namespace", "vitrine", "--wait=false")
    check.eventually("and it goes without waiting for its grace period", 120, lambda: not node.pods("vitrine"))


def site_of(check, directory, node, platform):
    """The namespace of others, their database, and Vitrine applied before that database runs."""
    check.section("the overlay of a site, over ha")
    platform.start_objects()
    platform.share()
    line = next(line for line in README.splitlines() if "create secret generic vitrine-cluster" in line).strip()
    check.that(line, node.sh(line).returncode == 0)
    site = Site(directory, node, platform)
    check.that("all is applied at once", site.apply("0.1.0").returncode == 0)
    schema = lambda: [node.kubectl("-n", NAMESPACE, "logs", name, "-c", "schema", check=False).stdout for name in site.pods("api")]
    check.eventually("before the database is there, the pods wait and say why", 300, lambda: any("database" in text for text in schema()), schema)
    platform.start_database()
    began = time.monotonic()
    site.settle()
    check.note(f"all pods are ready {time.monotonic() - began:.0f} s after the database")
    check.that("the Job has ended well", wait(lambda: (site.job("0.1.0") or {}).get("succeeded") == 1, 300), site.job("0.1.0"))
    check.equal("every connection to the database is encrypted", platform.database.sql(BY_TLS), "t")
    test_script(check, f"http://{site.address()}:9292", "the service")
    check.that("what others have in the namespace is as it was", platform.others_are_untouched())
    return site


def scrapable(site):
    """All pods of Vitrine, by component."""
    return sorted((component, name) for component in DEPLOYMENTS for name in site.pods(component))


def panels(check, node, prometheus):
    """Every query of the dashboard that is in the cluster has an answer."""
    dashboard = json.loads(node.get(f"/api/v1/namespaces/{NAMESPACE}/configmaps/vitrine-dashboard")["data"]["vitrine.json"])
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            query = target["expr"].replace("$namespace", NAMESPACE).replace("$job", "vitrine").replace("$__rate_interval", "1m")
            check.eventually(f"\"{panel['title']}\" has data", 60, lambda: answers(prometheus.query(query)), lambda: prometheus.query(query))


def volume(node):
    """As a provisioner of local volumes makes it."""
    place = node.directory / "volume"
    place.mkdir()
    terms = [{"matchExpressions": [{"key": "kubernetes.io/hostname", "operator": "In", "values": [node_rig.NAME]}]}]
    return {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "local"}, "spec": {
        "capacity": {"storage": "20Gi"}, "accessModes": ["ReadWriteOnce"], "local": {"path": str(place)},
        "nodeAffinity": {"required": {"nodeSelectorTerms": terms}}}}


def is_ready(pod):
    return any(each["type"] == "Ready" and each["status"] == "True" for each in pod["status"].get("conditions", []))


def seconds_to_ready(pod):
    """From the start of its container."""
    ready = next(each["lastTransitionTime"] for each in pod["status"]["conditions"] if each["type"] == "Ready")
    began = pod["status"]["containerStatuses"][0]["state"]["running"]["startedAt"]
    return moment(ready) - moment(began)


def moment(text):
    return time.mktime(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))


def test_script(check, address, where):
    """The chart's test, which needs only sh and curl."""
    script = ["sh", CHART / "scripts" / "test.sh"]
    ends = lambda: run(*script, env={**os.environ, "API": address}, check=False, timeout=600)
    # Until the way to the pod is there.
    wait(lambda: run("curl", "-sf", "-o", "/dev/null", address, check=False).returncode == 0, 30, 0.5)
    done = ends()
    check.that(f"test.sh passes by {where}", done.returncode == 0, (done.stdout + done.stderr).strip()[-400:])


if __name__ == "__main__":
    Check("node").run(main)
