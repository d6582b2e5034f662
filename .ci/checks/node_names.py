"""The names of a cluster's services: what its API tells, served by dnsmasq. A service without an address of its own has those of its endpoints."""

import contextlib
import os
import signal
import subprocess
import threading
import time

from node_isolation import ADDRESS
from vitrine import Failed, wait

INTERVAL = 0.5


class Names:
    def __init__(self, directory, node):
        self.node, self.hosts, self.written = node, directory / "hosts", ""
        self.hosts.write_text("")
        pid = directory / "dns.pid"
        self.process = subprocess.Popen(
            ["dnsmasq", "--keep-in-foreground", "--no-resolv", "--no-hosts", f"--addn-hosts={self.hosts}", "--local=/cluster.local/", "--local-ttl=2",
             f"--listen-address={ADDRESS}", "--bind-interfaces", "--user=root", "--conf-file=/dev/null", f"--pid-file={pid}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        # A signal that comes before it hears them would end it.
        if not wait(pid.exists, 60, 0.1):
            raise Failed("dnsmasq does not start")
        threading.Thread(target=self._follow, daemon=True).start()

    def _follow(self):
        while True:
            with contextlib.suppress(OSError, Failed):
                self._publish("".join(f"{address} {name}\n" for address, name in sorted(self._known())))
            time.sleep(INTERVAL)

    def _publish(self, text):
        if text != self.written:
            new = self.hosts.with_suffix(".new")
            new.write_text(text)
            new.rename(self.hosts)
            os.kill(self.process.pid, signal.SIGHUP)
            self.written = text

    def _known(self):
        headless = set()
        for each in self.node.get("/api/v1/services")["items"]:
            name = full_name(each)
            if each["spec"].get("clusterIP") == "None":
                headless.add(name)
            else:
                yield each["spec"]["clusterIP"], name
        for each in self.node.get("/api/v1/endpoints")["items"]:
            if full_name(each) in headless:
                for subset in each.get("subsets", []):
                    yield from ((address["ip"], full_name(each)) for address in subset.get("addresses", []))


def full_name(thing):
    return f"{thing['metadata']['name']}.{thing['metadata']['namespace']}.svc.cluster.local"
