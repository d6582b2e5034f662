"""What database.py runs on: Debian's PostgreSQL and PgBouncer on this machine, certificates, and a line that can be held up."""

import contextlib
import os
import pathlib
import pwd
import select
import signal
import socket
import subprocess
import threading

from vitrine import HOST, Failed, at_exit, free_port, run, wait

USER, PASSWORD = "vitrine", "sesame"
PGBOUNCER = os.environ.get("CI_PGBOUNCER", "/usr/sbin/pgbouncer")  # another version than Debian's
NOBODY = pwd.getpwnam("nobody").pw_uid
AS_NOBODY = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"] if os.geteuid() == 0 else []


def program(name):
    """One of the newest PostgreSQL that is installed."""
    return max(pathlib.Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))


def for_nobody(path):
    if AS_NOBODY:
        os.chown(path, NOBODY, NOBODY)
    return path


class Authority:
    """Signs certificates of servers and clients."""

    def __init__(self, directory, name):
        self.directory, self.name, self.certificate = directory, name, directory / f"{name}.pem"
        self._openssl("req", "-x509", "-subj", f"/CN={name}", "-days", "2", "-keyout", directory / f"{name}.key", "-out", self.certificate)
        self.certificate.chmod(0o644)

    def certify(self, subject, *hosts):
        certificate, key = self.directory / f"{self.name}-{subject}.pem", self.directory / f"{self.name}-{subject}.key"
        names = ["-addext", "subjectAltName=" + ",".join(f"DNS:{host}" for host in hosts)] if hosts else []
        self._openssl("req", "-x509", "-CA", self.certificate, "-CAkey", self.directory / f"{self.name}.key", "-subj", f"/CN={subject}",
                      *names, "-addext", "basicConstraints=critical,CA:FALSE", "-days", "2", "-keyout", key, "-out", certificate)
        certificate.chmod(0o644)
        return certificate, for_nobody(key)

    @staticmethod
    def _openssl(*arguments):
        run("openssl", *arguments, "-newkey", "rsa:2048", "-nodes")


class Postgres:
    """One server on a port of its own."""

    def __init__(self, directory, name, settings=""):
        self.home = directory / name
        self.home.mkdir()
        for_nobody(self.home)
        self.data, self.port, self.settings, self.process = self.home / "data", free_port(), settings, None
        at_exit(self.kill)

    def initialise(self, hba="host all all 0.0.0.0/0 scram-sha-256\nhost replication all 0.0.0.0/0 trust\n"):
        self._run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions", "-N")
        (self.data / "pg_hba.conf").write_text("local all all trust\n" + hba)
        self.start()
        self.sql(f"create role {USER} login password '{PASSWORD}'", f"create database {USER} owner {USER}", database="postgres")
        return self

    def follow(self, primary):
        self._run("pg_basebackup", "-h", HOST, "-p", primary.port, "-U", "postgres", "-D", self.data, "-R", "--checkpoint=fast")
        self.start()
        return self

    def start(self):
        options = f"listen_addresses={HOST} port={self.port} unix_socket_directories={self.home} fsync=off max_connections=60 {self.settings}"
        command = [*AS_NOBODY, program("postgres"), "-D", self.data, *(part for option in options.split() for part in ("-c", option))]
        with open(self.home / "log", "ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.home, start_new_session=True)
        if not wait(lambda: run(program("pg_isready"), "-q", "-h", self.home, "-p", self.port, check=False).returncode == 0, 60, 0.1):
            raise Failed(f"PostgreSQL does not start: {(self.home / 'log').read_text()[-800:]}")

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)

    def kill(self):
        if self.process and self.process.poll() is None:
            with contextlib.suppress(OSError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def sql(self, *statements, database=USER):
        """What the last of the statements gives."""
        commands = [part for statement in statements for part in ("-c", statement)]
        done = run("psql", "--no-psqlrc", "-qAt", "-v", "ON_ERROR_STOP=1", *commands, "-h", self.home, "-p", self.port, "-U", "postgres", database)
        return done.stdout.strip()

    def configure(self, name, value):
        self.sql(f"alter system set {name} = '{value}'", "select pg_reload_conf()", database="postgres")

    def url(self, host=HOST, parameters=""):
        return f"postgresql://{USER}:{PASSWORD}@{host}:{self.port}/{USER}{parameters}"

    def _run(self, name, *arguments):
        run(*AS_NOBODY, program(name), *arguments, cwd=self.home)


class PgBouncer:
    """In front of a server, with few connections to it where clients share them."""

    def __init__(self, directory, server, mode):
        home = directory / f"pgbouncer-{mode}"
        home.mkdir()
        for_nobody(home)
        self.port = free_port()
        (home / "users").write_text(f'"{USER}" "{PASSWORD}"\n')
        (home / "ini").write_text(f"""
[databases]
* = host={HOST} port={server.port}
[pgbouncer]
listen_addr = {HOST}
listen_port = {self.port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {home}/users
pool_mode = {mode}
default_pool_size = {3 if mode == 'transaction' else 20}
max_client_conn = 100
""")
        with open(home / "log", "ab") as log:
            self.process = subprocess.Popen([*AS_NOBODY, PGBOUNCER, home / "ini"], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        at_exit(self.kill)

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def url(self):
        return f"postgresql://{USER}:{PASSWORD}@{HOST}:{self.port}/{USER}"


class Line:
    """A port that leads to a server's. Once held up it swallows what comes, as a network does that has lost the server."""

    def __init__(self, target):
        self.target, self.is_held = target, False
        self.listener = socket.create_server((HOST, 0))
        self.port = self.listener.getsockname()[1]
        self.epoch = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def hold(self):
        """From now on nothing comes through on any connection, old or new."""
        self.is_held = True
        self.epoch += 1

    def lead_to(self, target):
        """New connections lead to another server; old ones stay dead."""
        self.target, self.is_held = target, False

    def _accept(self):
        while True:
            near, _ = self.listener.accept()
            threading.Thread(target=self._carry, args=(near, self.epoch), daemon=True).start()

    def _carry(self, near, epoch):
        if self.is_held:
            threading.Event().wait()
        with contextlib.suppress(OSError), near, socket.create_connection((HOST, self.target)) as far:
            while True:
                for source in select.select([near, far], [], [])[0]:
                    data = source.recv(1 << 16)
                    if self.epoch != epoch:
                        threading.Event().wait()
                    if not data:
                        return
                    (far if source is near else near).sendall(data)
