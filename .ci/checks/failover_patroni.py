"""The long form of failover.py: the two servers in the hands of Patroni with etcd, as Debian has them. All processes know both hosts."""

import contextlib
import json
import os
import signal
import subprocess
import time

from failover_rig import AS_NOBODY, PASSWORD, USER, Server, program
from hosts_rig import NET, NOBODY, PREFIX, address, on_host
from vitrine import Failed, at_exit, run, wait

PACKAGES = {"/usr/bin/patroni": "patroni", "/usr/bin/etcd": "etcd-server"}


class Etcd:
    """One member; what happens to a quorum is not what is looked at here."""

    def __init__(self, rig, host):
        self.host, self.home, self.process = host, rig.directory / "etcd", None
        self.home.mkdir()
        os.chown(self.home, NOBODY, NOBODY)
        at_exit(self.stop)

    def start(self):
        url = f"http://{address(self.host)}"
        command = [*AS_NOBODY, "/usr/bin/etcd", "--name", "etcd", "--data-dir", self.home / "data",
                   "--listen-client-urls", f"{url}:2379", "--advertise-client-urls", f"{url}:2379",
                   "--listen-peer-urls", f"{url}:2380", "--initial-advertise-peer-urls", f"{url}:2380", "--initial-cluster", f"etcd={url}:2380"]
        with open(self.home / "log", "ab") as log:
            self.process = subprocess.Popen(on_host(self.host, command), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        return self

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()


class Member(Server):
    """PostgreSQL that a Patroni starts, promotes and demotes."""

    def __init__(self, rig, host, authority, etcd):
        super().__init__(rig, host, authority, "patroni")
        self.conf, self.name = self.home / "patroni.yaml", f"host-{host}"
        verified = {"sslmode": "verify-full", "sslrootcert": str(authority.certificate)}
        self.conf.write_text(json.dumps({
            "scope": "vitrine", "name": self.name,
            "restapi": {"listen": f"{address(host)}:8008", "connect_address": f"{address(host)}:8008"},
            "etcd3": {"hosts": f"{address(etcd)}:2379"},
            "bootstrap": {
                "dcs": {"ttl": 20, "loop_wait": 5, "retry_timeout": 5, "synchronous_mode": True, "postgresql": {"parameters": {"max_connections": 100}}},
                "initdb": [{"encoding": "UTF8"}, {"locale": "C.UTF-8"}]},
            "postgresql": {
                "listen": "*:5432", "connect_address": f"{address(host)}:5432", "data_dir": str(self.data), "pgpass": str(self.home / "pgpass"), "bin_dir": str(program("postgres").parent),
                "remove_data_directory_on_diverged_timelines": True, "use_unix_socket": True,
                "authentication": {"superuser": {"username": "postgres", "password": PASSWORD, **verified},
                                   "replication": {"username": "replica", "password": PASSWORD, **verified}},
                "parameters": {"ssl": "on", "ssl_cert_file": str(self.certificate), "ssl_key_file": str(self.key),
                               "unix_socket_directories": str(self.home)},
                "pg_hba": ["local all all trust", f"hostssl all all {NET}.0/24 scram-sha-256", f"hostssl replication all {NET}.0/24 scram-sha-256"]}}))

    def start(self):
        command = [*AS_NOBODY, "/usr/bin/patroni", self.conf]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(on_host(self.host, command), stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.home)
        return self

    def crash(self):
        """kill -9 of all that runs on the host."""
        for pid in run("ip", "netns", "pids", f"{PREFIX}-{self.host}", check=False).stdout.split():
            with contextlib.suppress(OSError):
                os.kill(int(pid), signal.SIGKILL)
        if self.process:
            self.process.wait()

    def is_primary(self):
        try:
            return self.rows("select pg_is_in_recovery()", database="postgres") == [["f"]]
        except (Failed, subprocess.TimeoutExpired):
            return False


class Cluster:
    """Both members; takes the place of the pair of failover_rig."""

    def __init__(self, rig, hosts, etcd, authority):
        self.members = [Member(rig, host, authority, etcd) for host in hosts]
        for member in self.members:
            member.start()
            self.await_("a primary", lambda: any(each.is_primary() for each in self.members))
        self.await_standby()
        self.primary.rows(f"create role {USER} login password '{PASSWORD}'", f"create database {USER} owner {USER}", database="postgres")

    @property
    def primary(self):
        return next((member for member in self.members if member.is_primary()), self.members[0])

    @property
    def other(self):
        return next(member for member in self.members if member is not self.primary)

    def rows(self, query):
        return self.primary.rows(query)

    def control(self, *arguments):
        return run("/usr/bin/patronictl", "-c", self.primary.conf, *arguments, cwd=self.primary.home)

    def await_standby(self):
        """One that Patroni would promote: it knows that later than PostgreSQL does."""
        self.await_("a synchronous standby", lambda: "Sync Standby" in self.control("list").stdout)

    def await_(self, what, condition):
        def holds():
            with contextlib.suppress(Failed):
                return condition()
            return False

        if not wait(holds, 120, 0.3):
            raise Failed(f"Patroni has not made {what}: " + "".join(member.log.read_text()[-900:] for member in self.members if member.log.exists()))


def rows(site, hosts, etcd_host):
    site.check.section("all processes by both hosts, which Patroni leads")
    for server in (site.pair.primary, site.pair.standby):
        server.crash()
    etcd = Etcd(site.rig, etcd_host).start()
    site.pair = cluster = Cluster(site.rig, hosts, etcd_host, site.authority)
    site.data = site.directory / "patroni-data"  # a database of its own: what others have stored is none of its blobs
    site.data.mkdir()
    site.migrate(site.by_both())
    site.start([site.by_both()] * 4)
    site.is_encrypted()
    for name, command in (("switchover", "switchover"), ("failover", "failover")):
        site.play(f"{name} by patronictl", lambda _, row: changed(cluster, row, command))
        cluster.await_standby()
    site.play("kill -9 of all on the leader's host", lambda _, row: killed(cluster, row))
    site.play("loss of etcd for 40 s, which makes both read-only", lambda _, row: without_etcd(cluster, etcd))
    cluster.await_standby()
    site.stop()


def changed(cluster, row, command):
    leader, candidate = cluster.primary, cluster.other
    also = ["--master", leader.name] if command == "switchover" else []
    cluster.control(command, "vitrine", *also, "--candidate", candidate.name, "--force")
    cluster.await_("the other primary", candidate.is_primary)
    row.cured(row.site.nodes)


def killed(cluster, row):
    leader, candidate = cluster.primary, cluster.other
    leader.crash()
    cluster.await_("the other primary", candidate.is_primary)
    row.cured(row.site.nodes)
    leader.start()
    cluster.await_standby()


def without_etcd(cluster, etcd):
    etcd.stop()
    time.sleep(40)
    etcd.start()
    cluster.await_("a primary", lambda: any(member.is_primary() for member in cluster.members))
