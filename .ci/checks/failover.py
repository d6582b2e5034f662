#!/usr/bin/env python3
"""Nothing acknowledged is lost, and nothing stays down, when the database fails as databases do.

Two API processes and two workers, each on a host of its own, over a primary and a synchronous standby of Debian's PostgreSQL, all by TLS.
One API process and one worker reach it by an address or a name that is switched by hand, as keepalived or a service does; the others by a URL
with both hosts, from which they choose the one that takes writes; in a second run all of them by PgBouncer. While uploads, imports, lists, downloads
and deletions go on: a switchover, the loss of a host, resets and terminations of all connections, a primary that stands still, one that is killed,
a PgBouncer that is started again. With CI_LONG=1 with more of each, and with Patroni and etcd.

failover.py [ROW...]: only these of switchover, loss, resets, terminations, freeze, crash, pooler and patroni
"""

import os
import sys

import failover_faults as faults
import failover_patroni as patroni
from failover_load import Load, Web
from failover_rig import NAME, PACKAGES, PASSWORD, USER, VIRTUAL, Authority, Pair, Pooler
from failover_row import Row, Watch
from hosts_rig import NET, SERVICE, Node, Rig, address
from vitrine import LONG, ROOT, Check, Failed, install, java, run

APIS, WORKERS, SERVERS, POOLER, ETCD = (1, 2), (3, 4), (5, 6), 7, 8
ROWS = {"loss": faults.node_loss, "switchover": faults.switchover, "resets": faults.resets, "terminations": faults.terminations,
        "freeze": faults.freeze, "crash": faults.crash}
CHOSEN = sys.argv[1:]


class Site:
    """All that runs, for the rows."""

    def __init__(self, check, directory):
        self.check, self.directory, self.data = check, directory, directory
        self.rig = Rig(directory, ETCD)
        self.authority = Authority(directory)
        self.nodes, self.rows, self.lines, self.run = [], [], [], 0
        self.web = Web()

    def url(self, hosts, **parameters):
        """The database's, by verified TLS."""
        parameters = {"sslmode": "verify-full", "sslrootcert": self.authority.certificate, **parameters}
        return f"postgresql://{USER}:{PASSWORD}@{hosts}/{USER}?" + "&".join(f"{name}={value}" for name, value in parameters.items())

    def by_both(self):
        return self.url(",".join(f"{address(host)}:5432" for host in SERVERS), target_session_attrs="read-write")

    def start(self, urls, settings=""):
        """New processes, with a URL of the database for each, and more settings of it for all."""
        self.run += 1
        self.nodes = [self._node(host, "api" if host in APIS else "worker", url, settings) for host, url in zip((*APIS, *WORKERS), urls)]
        took = [self._begin(node) for node in self.nodes]
        self.check.note(f"ready after {sum(took):.0f} s, one after another")
        self.check.eventually("all have joined the cluster", 90, lambda: all(node.has_joined() for node in self.nodes))
        self.watch = Watch(self.nodes)
        self.load = Load(self.apis, self.pair).start()
        self.check.eventually("imports flow", 60, lambda: all(self.watch.successes[node.name] for node in self.workers))
        self.said = {node.name: node.log.stat().st_size for node in self.nodes}  # a start on a busy machine may block for a while

    def _begin(self, node):
        """Twice if need be, as an orchestrator does: on a machine that is very busy a first log-in takes longer than its deadline."""
        try:
            return node.spawn().await_ready()
        except Failed as failure:
            self.check.note(f"{node.name} is started again: {str(failure).strip().splitlines()[-1]}")
            return node.spawn().await_ready()

    def _node(self, host, kind, url, settings):
        conf = self.directory / f"{self.run}-{host}.yaml"
        conf.write_text(f"""
http: {{host: 0.0.0.0, instances: 1}}
management: {{host: 0.0.0.0}}
identity: {{allow_non_loopback: true, project: check}}
database: {{url: "{url}"{settings}}}
stores:
  default: files
  backends: {{files: {{kind: file, dir: {self.data}/files, shared: true}}}}
  staging: {{kind: file, dir: {self.data}/staging, shared: true}}
cluster: {{enabled: true, dns_name: {SERVICE}, secret: failover}}
import: {{web_download: {{allowed_ports: [8080], allowed_networks: [{NET}.1/32]}}}}
shutdown: {{ready_delay: 1s, grace: 20s, import_grace: 1s}}
""")
        return Node(self.rig, host, f"{kind}-{host}-{self.run}", "http,store" if kind == "api" else "import,store", conf)

    apis = property(lambda self: self.nodes[:2])
    workers = property(lambda self: self.nodes[2:])
    by_address = property(lambda self: self.nodes[0::2])
    by_hosts = property(lambda self: self.nodes[1::2])

    def play(self, name, happening):
        row = Row(f"{name} ({self.run})", self).play(happening)
        self.rows.append(row)

    def stop(self):
        """Ends the load, looks for what was acknowledged, then ends the processes."""
        check, load = self.check, self.load
        check.section("what was acknowledged")
        load.stop()
        lost = load.lost()
        self.lines += [f"{row.line()}; {row.lost(lost)}" for row in self.rows if row.load is load]
        check.equal(f"of {len(load.created)} images, {len(load.uploads)} uploads, {len(load.imports)} imports and {len(load.deleted)} deletions none is lost",
                    list(lost.items()), [])
        self._tell(lost)
        check.equal("all of them have their bytes", load.damaged(self.apis[0]) + load.wrong, [])
        check.eventually("no image is stuck", 60, lambda: not load.stuck(), load.stuck)
        check.eventually("there is a file for each blob, and no other", 60, lambda: self._files() == self._blobs(),
                         lambda: self._files() ^ self._blobs())
        self.watch.running = False
        for node in self.nodes:
            check.equal(f"{node.name} logged neither a stack trace nor a blocked event loop", self._noise(node), [0, 0])
            node.terminate()
        check.equal("all end when they are told to", [node.end() for node in self.nodes], [0] * len(self.nodes))

    def _tell(self, lost):
        """All that is known of what was lost."""
        for image, what in lost.items():
            self.check.note(f"{image}: {what}")
            for node in self.nodes:
                for line in node.log.read_text(errors="replace").splitlines():
                    if image in line:
                        self.check.note(f"{node.name}: {line}")

    def _noise(self, node):
        text = node.log.read_bytes()[self.said[node.name]:].decode(errors="replace")
        return [text.count("\n\tat "), text.count("BlockedThreadChecker")]

    def _files(self):
        return {path.name for place in ("files", "staging") for path in (self.data / place).rglob("*") if path.is_file() and len(path.stem) == 36}

    def _blobs(self):
        return {row[0] for row in self.pair.rows("select id from blobs")}

    def migrate(self, url):
        done = run(java(), "-XX:TieredStopAtLevel=1", "-jar", ROOT / "target" / "vitrine.jar", "db", "migrate", check=False,
                   env={**os.environ, "VITRINE_DATABASE__URL": url})
        self.check.equal("the schema is made by TLS", (done.returncode, done.stderr[-300:] if done.returncode else ""), (0, ""))

    def is_encrypted(self):
        rows = self.pair.rows("select distinct s.ssl from pg_stat_ssl s join pg_stat_activity a using (pid) where a.usename = 'vitrine'")
        self.check.equal("every connection is encrypted", rows, [["t"]])


def main(check, directory):
    if os.geteuid() != 0:
        check.note("SKIPPED: network namespaces need root")
        check.that("there is nothing to check without root", True)
        return
    install({**PACKAGES, **(patroni.PACKAGES if LONG else {})})  # while there is a network outside
    site = Site(check, directory)
    check.section("a primary and its standby")
    site.pair = Pair(site.rig, SERVERS, site.authority)
    site.migrate(site.by_both())
    by_address(site, VIRTUAL, NAME)
    if LONG:
        by_address(site, NAME, VIRTUAL)
    by_pooler(site)
    if LONG and (not CHOSEN or "patroni" in CHOSEN):
        patroni.rows(site, SERVERS, ETCD)
    for line in site.lines:
        check.note(line)


def by_address(site, of_api, of_worker):
    """Addresses that the first API process and the first worker find the database by."""
    rows = {name: happening for name, happening in ROWS.items() if not CHOSEN or name in CHOSEN}
    if not rows:
        return
    site.check.section(f"an API process by {of_api}, a worker by {of_worker}, the others by both hosts")
    site.start([site.url(f"{of_api}:5432"), site.by_both(), site.url(f"{of_worker}:5432"), site.by_both()])
    site.is_encrypted()
    for name, happening in rows.items():
        site.play(name, happening)
        if name == "loss":
            faults.back_from_loss(site)
    site.stop()


def by_pooler(site):
    if CHOSEN and "pooler" not in CHOSEN:
        return
    site.check.section("all processes by PgBouncer")
    site.pooler = Pooler(site.rig, POOLER, site.authority).start()
    url = site.url(f"{address(POOLER)}:6432")
    site.start([url] * 4, ", pooler: transaction")
    site.is_encrypted()
    site.play("restart of PgBouncer", faults.pooler_restart)
    site.stop()


if __name__ == "__main__":
    Check("failover").run(main)
