"""What failover.py runs on: two of Debian's PostgreSQL servers with synchronous streaming replication, each on a host of its own,
an address and a name that lead to the one that takes writes, a PgBouncer in front of it, and an authority that certifies all three.
"""

import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import time

from database_rig import PGBOUNCER
from hosts_rig import NET, NOBODY, PREFIX, address, on_host
from vitrine import Failed, at_exit, processes, run, wait

PACKAGES = {"/usr/bin/pg_createcluster": "postgresql", "/usr/sbin/pgbouncer": "pgbouncer", "/usr/bin/openssl": "openssl",
            "/usr/sbin/ip": "iproute2", "/usr/sbin/nft": "nftables", "/usr/sbin/dnsmasq": "dnsmasq-base"}
VIRTUAL = f"{NET}.100"
NAME = "database.vitrine.svc.cluster.local"
USER, PASSWORD = "vitrine", "failover"
AS_NOBODY = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--reset-env"]


def program(name):
    """One of the newest PostgreSQL that is installed."""
    return max(pathlib.Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))


class Authority:
    """Certifies the servers to the clients, and is known to nobody else."""

    def __init__(self, directory):
        self.directory, self.certificate = directory, directory / "authority.pem"
        self._openssl("req", "-x509", "-subj", "/CN=failover authority", "-days", "2", "-keyout", directory / "authority.key", "-out", self.certificate)
        self.certificate.chmod(0o644)

    def certify(self, host, *names):
        """The certificate of a host that bears these names and addresses, and its key; a program run by nobody may read them."""
        certificate, key = self.directory / f"{host}.pem", self.directory / f"{host}.key"
        also = ",".join(f"{'IP' if name[0].isdigit() else 'DNS'}:{name}" for name in (f"host-{host}", address(host), *names))
        self._openssl("req", "-x509", "-CA", self.certificate, "-CAkey", self.directory / "authority.key", "-subj", f"/CN=host-{host}",
                      "-addext", f"subjectAltName={also}", "-addext", "basicConstraints=critical,CA:FALSE", "-days", "2", "-keyout", key, "-out", certificate)
        os.chown(key, NOBODY, NOBODY)
        certificate.chmod(0o644)
        return certificate, key

    @staticmethod
    def _openssl(*arguments):
        run("openssl", *arguments, "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


class Server:
    """PostgreSQL on a host."""

    def __init__(self, rig, host, authority, kind="postgres"):
        self.rig, self.host, self.authority = rig, host, authority
        self.home = rig.directory / f"{kind}-{host}"
        self.home.mkdir()
        os.chown(self.home, NOBODY, NOBODY)
        self.data, self.log, self.process = self.home / "data", self.home / "log", None
        self.certificate, self.key = authority.certify(host, VIRTUAL, NAME, "localhost", "127.0.0.1")
        at_exit(self.crash)

    def initialise(self):
        """A new database for Vitrine, that is reached by TLS only."""
        self._run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions")
        (self.data / "pg_hba.conf").write_text(f"local all all trust\nhostssl all all {NET}.0/24 scram-sha-256\n"
                                               f"hostssl replication all {NET}.0/24 scram-sha-256\n")
        with open(self.data / "postgresql.conf", "a") as conf:
            conf.write("max_connections = 100\nwal_keep_size = 512MB\nhot_standby = on\nsynchronous_commit = on\nssl = on\n"
                       "wal_receiver_status_interval = 1s\nwal_retrieve_retry_interval = 500ms\nlog_line_prefix = '%m [%p] %a '\n")
        self.start()
        self.rows(f"create role {USER} login password '{PASSWORD}'", f"create role replica login replication password '{PASSWORD}'",
                  f"create database {USER} owner {USER}", database="postgres")

    def start(self):
        files = [f"ssl_cert_file={self.certificate}", f"ssl_key_file={self.key}", f"unix_socket_directories={self.home}", "listen_addresses=*"]
        command = [*AS_NOBODY, program("postgres"), "-D", self.data, *(part for file in files for part in ("-c", file))]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(on_host(self.host, command), stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.home)
        if not wait(self._answers, 60, 0.1):
            raise Failed(f"PostgreSQL on host {self.host} does not answer: {self.log.read_text()[-800:]}")

    def follow(self, primary):
        """Starts as the standby of another, after a clean stop or from nothing, and is awaited by its commits from then on."""
        source = (f"host={address(primary.host)} user=replica password={PASSWORD} application_name=standby "
                  f"sslmode=verify-full sslrootcert={self.authority.certificate}")
        if self.data.exists():
            self.configure("primary_conninfo", source, is_running=False)
            (self.data / "standby.signal").touch()
        else:
            self._run("pg_basebackup", "-d", source, "-D", self.data, "-R", "--checkpoint=fast")
        self.start()
        primary.configure("synchronous_standby_names", "*")
        if not wait(lambda: ["sync"] in primary.rows("select sync_state from pg_stat_replication"), 60, 0.1):
            raise Failed(f"the standby does not follow: {self.log.read_text()[-800:]}")

    def forget(self):
        """Loses all data, as what was not replicated must not come back."""
        shutil.rmtree(self.data)

    def promote(self):
        self.configure("synchronous_standby_names", "")
        self.rows("select pg_promote(true, 60)")

    def configure(self, name, value, is_running=True):
        if is_running:
            self.rows(f"alter system set {name} = '{value}'", "select pg_reload_conf()")
        else:
            with open(self.data / "postgresql.auto.conf", "a") as conf:
                conf.write(f"{name} = '{value}'\n")

    def stop(self):
        """Fast, but with all its log at the standby."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)

    def crash(self):
        """kill -9 of all its processes, those too that are just being made: the next start needs their shared memory."""
        if self.process:
            self.signal(signal.SIGKILL)
            self.process.wait()
            wait(lambda: not self._kill_rest(), 20, 0.05)

    def _kill_rest(self):
        rest = processes("postgres", self.data)
        for pid in rest:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        return rest

    def signal(self, number):
        """To the postmaster first, then to the processes that it has made."""
        for pid in (self.process.pid, *children(self.process.pid)):
            with contextlib.suppress(OSError):
                os.kill(pid, number)

    def rows(self, *statements, database=USER):
        """What the last of the statements gives. They take the socket in the file system, which no network failure cuts."""
        commands = [part for statement in statements for part in ("-c", statement)]
        done = run("psql", "--no-psqlrc", "-qAt", "-F", "\t", "-v", "ON_ERROR_STOP=1", *commands, "-h", self.home, "-U", "postgres", database, timeout=60)
        return [line.split("\t") for line in done.stdout.splitlines()]

    def _answers(self):
        return run(program("pg_isready"), "-q", "-h", self.home, check=False).returncode == 0

    def _run(self, name, *arguments):
        run(*on_host(self.host, [*AS_NOBODY, program(name), *arguments]), cwd=self.home)


def children(parent):
    found = []
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1]) == parent:
                found.append(int(entry.name))
    return found


class Pair:
    """A primary and its synchronous standby, with the address and the name of the database at one of them."""

    def __init__(self, rig, hosts, authority):
        self.rig, self.bearer = rig, None
        self.primary, self.standby = (Server(rig, host, authority) for host in hosts)
        self.primary.initialise()
        self.standby.follow(self.primary)
        self.switch_address()

    def promote(self):
        self.standby.promote()
        self.primary, self.standby = self.standby, self.primary

    def switch_address(self):
        """To the primary, which says so to all hosts, as keepalived does."""
        if self.bearer and not self.rig.is_cut(self.bearer):
            self.leave_address(self.bearer)
        self.bearer = self.primary.host
        _ip(self.bearer, "addr", "replace", f"{VIRTUAL}/32", "dev", "eth0")
        self.rig.name(NAME, address(self.bearer))
        for _ in range(3):
            run(*on_host(self.bearer, ["/usr/bin/python3", "-c", ANNOUNCEMENT, VIRTUAL]))
            time.sleep(0.1)

    def leave_address(self, host):
        _ip(host, "addr", "del", f"{VIRTUAL}/32", "dev", "eth0")

    def rows(self, query):
        return self.primary.rows(query)


# A gratuitous ARP reply with the address that is given.
ANNOUNCEMENT = """
import socket, sys
link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
link.bind(("eth0", 0x806))
mac, ip, all = link.getsockname()[4], socket.inet_aton(sys.argv[1]), b"\\xff" * 6
link.send(all + mac + b"\\x08\\x06" + b"\\0\\1\\x08\\0\\6\\4\\0\\2" + mac + ip + all + ip)
"""


def _ip(host, *arguments):
    run("ip", "-n", f"{PREFIX}-{host}", *arguments)


class Pooler:
    """PgBouncer in transaction mode on a host of its own, before the virtual address."""

    def __init__(self, rig, host, authority):
        self.host, self.home, self.process = host, rig.directory / "pgbouncer", None
        self.home.mkdir()
        certificate, key = authority.certify(host)
        (self.home / "users").write_text(f'"{USER}" "{PASSWORD}"\n')
        (self.home / "ini").write_text(f"""
[databases]
{USER} = host={VIRTUAL} port=5432 dbname={USER}
[pgbouncer]
listen_addr = {address(host)}
listen_port = 6432
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {self.home}/users
pool_mode = transaction
default_pool_size = 20
client_tls_sslmode = require
client_tls_cert_file = {certificate}
client_tls_key_file = {key}
server_tls_sslmode = verify-full
server_tls_ca_file = {authority.certificate}
""")
        at_exit(self.kill)

    def start(self):
        command = [*AS_NOBODY, PGBOUNCER, self.home / "ini"]
        with open(self.home / "log", "ab") as log:
            self.process = subprocess.Popen(on_host(self.host, command), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        return self

    def stop(self):
        """At once, whatever its clients are doing."""
        self.process.terminate()
        self.process.wait(20)

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
