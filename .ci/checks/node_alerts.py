"""Provokes the alerts, and waits until they fire and are over. "promtool test rules" has all of them as well, with the time that they wait
(components/monitoring/alerts.test.yaml), by .ci/run manifests."""

import contextlib
import functools
import json
import os
import pathlib
import re
import signal
import struct
import threading

import ceph
from load import Endless
from node_load import Client, Load
from node_platform import IMAGE, NAMESPACE
from vitrine import GIB, KIB, Connection, Failed, Refused, call, random_bytes, run, wait

# The header of a qcow2 image of 1 GiB whose tables lie behind its end.
DAMAGED = struct.pack(">4sIQIIQIIQQIIQ", b"QFI\xfb", 2, 0, 0, 16, GIB, 0, 2, 3 << 16, 1 << 16, 1, 0, 0).ljust(1 << 17, b"\0")
# Rates look back for five minutes, and all of them must have been so.
FIRES, ENDS = 420, 420
CROWD = 40  # clients, more than a process has connections to the database
# The C library, which an image has in its own version.
OF_C = {"libc.so.6", "libdl.so.2", "libm.so.6", "libpthread.so.0", "libresolv.so.2", "librt.so.1"}


class Provocations:
    def __init__(self, check, node, site, prometheus):
        self.check, self.node, self.site, self.prometheus = check, node, site, prometheus
        self.provoked = set()
        self.address = site.address()

    # while few requests have been made, of which these are a part that counts

    def early(self):
        with self._again(self._break_transfer):
            self._fires("VitrineTransfersBreak")
        with self._again(self._fail_import):
            self._fires("VitrineImportsFail")

    # by the load that was

    def late(self):
        self._fires("VitrineNotificationsLost")
        self._age("notifications")
        self._fires("VitrineNotificationsWait")
        self._lose_data()
        self._hold_table()
        self._stop_objects()
        self._stop_database()
        self._stop_process()
        self._fill_heap()
        self._expose_conversion()
        self._scale_away()
        known = {rule["alert"] for rule in self.prometheus.rules["groups"][0]["rules"]}
        self.check.equal("every alert was provoked", self.provoked, known)

    def _fires(self, *alerts):
        """Waits until they do, each by one deployment."""
        for alert in alerts:
            self.provoked.add(alert)
            self.check.eventually(f"{alert} fires", FIRES, lambda: self.prometheus.firing(alert))
            told = {(labels.get("namespace"), labels.get("job")) for labels in self.prometheus.firing(alert)}
            self.check.equal(f"{alert} names what it is about", told, {(NAMESPACE, "vitrine")})

    def _ends(self, *alerts):
        for alert in alerts:
            self.check.eventually(f"{alert} is over", ENDS, lambda: not self.prometheus.firing(alert), lambda: self.prometheus.firing(alert))

    @contextlib.contextmanager
    def _again(self, action, clients=1, address=None):
        """Does something all the time meanwhile: a rate needs more than one step of its counter."""
        def once(client, _seed):
            with contextlib.suppress(OSError, Failed, Refused):
                action(client)

        work = Endless([functools.partial(once, Client(Load(address or self.address))) for _ in range(clients)], pause=0.5, patience=60).start()
        yield
        work.stop()

    def _create(self, client, disk_format="raw"):
        answer = client.call("POST", "/v2/images", {"name": "provoked", "disk_format": disk_format, "container_format": "bare"})
        if answer is None:
            raise Failed("no image was created")
        return json.loads(answer)["id"]

    def _break_transfer(self, client):
        image = self._create(client)
        with Connection(9292, host=self.address) as connection:
            connection.head("PUT", f"/v2/images/{image}/file", {"Content-Type": "application/octet-stream", "Content-Length": str(KIB << 10)})
            connection.send(random_bytes(64 * KIB, image))
            connection.hang_up()
        client.call("DELETE", f"/v2/images/{image}")

    def _fail_import(self, client):
        image = self._create(client, "qcow2")
        client.call("PUT", f"/v2/images/{image}/stage", DAMAGED)
        client.call("POST", f"/v2/images/{image}/import", {"method": {"name": "glance-direct"}})

    def _lose_data(self):
        """The scrub finds that an object has gone."""
        client = Client(Load(self.address))
        image = self._create(client)
        client.call("PUT", f"/v2/images/{image}/file", random_bytes(KIB, image))
        name = self.site.platform.database.sql(f"select coalesce(content, id) from blobs where image_id = '{image}'")
        self.site.platform.objects.gateway_admin("object", "rm", "--bucket", "images", "--object", f"objects/{name[:2]}/{name}")
        self._fires("VitrineDataLost")
        client.call("DELETE", f"/v2/images/{image}")
        self._ends("VitrineDataLost")

    def _stop_objects(self):
        self.site.platform.objects.end(ceph.GATEWAY, 30)
        self._fires("VitrineStoreDown")
        self.site.platform.objects.launch(ceph.GATEWAY)
        self._ends("VitrineStoreDown")

    def _age(self, table):
        """Makes what waits as old as it would be after an hour."""
        self.site.platform.database.sql(f"update {table} set created_at = created_at - interval '1 hour'")

    def _hold_table(self):
        """Requests wait for a lock, and the others for their connections."""
        pod = next(iter(self.site.pods("api").values()))["status"]["podIP"]
        database = self.site.platform.database
        holding = threading.Thread(target=lambda: database.sql("begin; lock table images; select pg_sleep(400)"), daemon=True)
        holding.start()
        with self._again(look, clients=CROWD, address=pod):
            self._fires("VitrineSlow", "VitrineDatabaseQueue")
        holding.join(2 * FIRES)
        self._ends("VitrineDatabaseQueue")

    def _stop_database(self):
        self.site.platform.database.stop()
        with self._again(look):
            self._fires("VitrineDatabaseDown", "VitrineNotReady", "VitrinePodNotReady")
        self._refused()
        self.site.platform.database.start()
        self._ends("VitrineDatabaseDown", "VitrineNotReady", "VitrinePodNotReady")

    def _refused(self):
        """Kubernetes sends nobody to a pod that is not ready, so it is asked directly."""
        pod = next(iter(self.site.pods("api").values()))["status"]["podIP"]
        with self._again(look, address=pod):
            self._fires("VitrineErrors")

    def _stop_process(self):
        """A worker that neither answers nor ends, until Kubernetes restarts it. This one, 1.20, does not know the grace period of the probe, and would
        wait for that of the pod, an hour; so the process is killed here once it has been told to end. No event is asked for that: a kubelet tells of a
        pod no more than 25 times, and then once in five minutes, and every probe that fails is one of them."""
        name, pod = next(iter(self.site.pods("worker").items()))
        restarts = lambda: self.site.pods("worker")[name]["status"]["containerStatuses"][0]["restartCount"]
        before = restarts()
        hanging = processes_of(pod)
        for pid in hanging:
            os.kill(pid, signal.SIGSTOP)
        self._fires("VitrineNotScraped")
        self.check.eventually("Kubernetes tells what hangs to end", 300, lambda: all(is_told_to_end(pid) for pid in hanging))
        for pid in hanging:
            os.kill(pid, signal.SIGKILL)
        self.check.eventually("and restarts it", 300, lambda: restarts() > before, restarts)
        self._ends("VitrineNotScraped")

    def _fill_heap(self):
        """By a collector that frees nothing: the process ends a while after its heap is nearly full, so that the last of it is filled by nobody."""
        self._set_worker("JDK_JAVA_OPTIONS=-XX:+UnlockExperimentalVMOptions -XX:+UseEpsilonGC")
        name, pod = next(iter(self.site.pods("worker").items()))
        full = f'sum(jvm_memory_used_bytes{{area="heap", pod="{name}"}}) / sum(jvm_memory_max_bytes{{area="heap", pod="{name}"}} > 0)'
        share = lambda: max((float(each["value"][1]) for each in self.prometheus.query(full)), default=0)
        with self._again(lambda client: call(9293, "GET", "/metrics", host=pod["status"]["podIP"]), clients=4):
            self.check.eventually("the heap fills", 600, lambda: share() > 0.88, share)
        self._fires("VitrineMemory")
        self._set_worker("JDK_JAVA_OPTIONS-")
        self._ends("VitrineMemory")

    def _expose_conversion(self):
        """A worker with qemu-img and the profile for system calls that every pod has."""
        tag = f"{IMAGE}:qemu-img"
        self.site.platform.make_image(tag, f"{IMAGE}:0.1.0", *files_of("/usr/bin/qemu-img"))
        run("buildah", "push", "--quiet", tag)
        self.node.kubectl("-n", NAMESPACE, "set", "image", "deployment/vitrine-worker", f"vitrine={tag}")
        self._set_worker("VITRINE_IMPORT__CONVERSION__ENGINE=qemu-img")
        self._fires("VitrineConversionExposed")
        self._set_worker("VITRINE_IMPORT__CONVERSION__ENGINE-")
        self._ends("VitrineConversionExposed")

    def _set_worker(self, variable):
        self.node.kubectl("-n", NAMESPACE, "set", "env", "deployment/vitrine-worker", variable)
        self.site.settle("worker")

    def _scale_away(self):
        self._scale(worker=0)
        client = Client(Load(self.address))
        image = self._create(client)
        client.call("PUT", f"/v2/images/{image}/stage", random_bytes(KIB, image))
        client.call("POST", f"/v2/images/{image}/import", {"method": {"name": "glance-direct"}})
        self._fires("VitrineNoWorkers")
        self._age("tasks")
        self._fires("VitrineImportsWait")
        self._scale(worker=1)
        self._ends("VitrineNoWorkers")
        self.node.kubectl("-n", NAMESPACE, "delete", "hpa", "vitrine-api")
        self._scale(api=0, worker=0)
        self._fires("VitrineDown")
        self._scale(api=1, worker=1)
        self._ends("VitrineDown")

    def _scale(self, **counts):
        for component, count in counts.items():
            self.node.kubectl("-n", NAMESPACE, "scale", "deployment", f"vitrine-{component}", f"--replicas={count}")
        for component in counts:
            if not wait(lambda: self.site.is_settled(component), 600, 0.5):
                raise Failed(f"{component} is not scaled: {self.site.words(component)}")


def is_told_to_end(pid):
    """Whether SIGTERM waits for a process that is stopped."""
    waiting = re.search(r"^ShdPnd:\s*(\w+)", pathlib.Path(f"/proc/{pid}/status").read_text(), re.M)[1]
    return bool(int(waiting, 16) >> (signal.SIGTERM - 1) & 1)


def files_of(program):
    """A program of this machine with the libraries that it needs."""
    found = [pathlib.Path(each) for each in re.findall(r"=> (/\S+)", run("ldd", program).stdout)]
    return [program, *(str(each.parent.resolve() / each.name) for each in found if each.name not in OF_C)]


def look(client):
    client.call("GET", "/v2/images")


def processes_of(pod):
    """The Java of a pod."""
    found = []
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if pod["metadata"]["uid"] in (entry / "cgroup").read_text() and (entry / "comm").read_text().strip() == "java":
                found.append(int(entry.name))
    return found
