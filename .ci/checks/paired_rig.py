"""Debian's Glance and a Vitrine of the same settings, with one Keystone, for requests that both are sent."""

import contextlib
import http.client
import os
import pathlib
import signal
import subprocess

from keystone_rig import PASSWORD
from vitrine import HOST, WEB_HOST, Failed, Server, at_exit, free_port, install, run, wait

DEFINITIONS = "/usr/share/glance-common/metadefs"
PACKAGES = {"/usr/bin/glance-api": "glance-api"}
USERS = ("admin", "demo", "demo-reader", "alt")


class Glance:
    """The server of the package glance-api in one process; everything it writes is in one directory."""

    def __init__(self, directory, keystone, web):
        install(PACKAGES)
        self.directory = pathlib.Path(directory, "glance")
        for name in ("fast", "slow", "staging", "tasks", "cache", "work", "locks"):
            (self.directory / name).mkdir(parents=True)
        self.port = free_port()
        self.process = None
        self._configure(keystone, web)
        at_exit(self.stop)

    def start(self):
        self._manage("db_sync")
        self._manage("db_load_metadefs", DEFINITIONS)
        with open(self.directory / "glance.log", "ab") as log:
            self.process = subprocess.Popen(
                ["/usr/bin/python3", "/usr/bin/glance-api", "--config-file", str(self.directory / "glance-api.conf"),
                 "--config-file", str(self.directory / "glance-image-import.conf")],
                env={**os.environ, "OS_GLANCE_CONFIG_DIR": str(self.directory)}, cwd=self.directory,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        if not wait(lambda: self.process.poll() is not None or self._answers(), 120) or self.process.poll() is not None:
            raise Failed(f"Glance does not start: {(self.directory / 'glance.log').read_text(errors='replace')[-1500:]}")
        return self

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    def _answers(self):
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection(HOST, self.port, timeout=20)
            with contextlib.closing(connection):
                connection.request("GET", "/")
                return connection.getresponse().status == 300
        return False

    def _manage(self, *arguments):
        run("glance-manage", "--config-file", self.directory / "glance-api.conf", *arguments, cwd=self.directory)

    def _configure(self, keystone, web):
        etc = pathlib.Path("/usr/share/glance-common")
        for name in ("schema-image.json", "glance-api-paste.ini"):
            (self.directory / name).write_text((etc / name).read_text())
        (self.directory / "policy.yaml").write_text("{}\n")
        (self.directory / "glance-api.conf").write_text(CONFIGURATION.format(
            directory=self.directory, port=self.port, keystone=keystone.url.removesuffix("/v3"), host=HOST, password=PASSWORD))
        (self.directory / "glance-image-import.conf").write_text(
            f"[import_filtering_opts]\nallowed_ports = [80,443,{web.port}]\nallowed_hosts = [{WEB_HOST}]\n")


def vitrine(directory, keystone, web):
    """A Vitrine as that Glance is, not started yet."""
    (directory / "vitrine.yaml").write_text(SETTINGS.format(directory=directory, definitions=DEFINITIONS))
    server = Server(directory, {**keystone.server_environment(), **web.environment()})
    server.command += ["--conf", str(directory / "vitrine.yaml")]
    return server


CONFIGURATION = """
[DEFAULT]
bind_host = {host}
bind_port = {port}
workers = 0
log_file = {directory}/glance-api.log
worker_self_reference_url = http://{host}:{port}
enabled_backends = fast:file,slow:file,web:http
enabled_import_methods = [glance-direct,web-download,copy-image]
node_staging_uri = file://{directory}/staging
enforce_secure_rbac = true
image_cache_dir = {directory}/cache
show_multiple_locations = true
[glance_store]
default_backend = fast
[fast]
filesystem_store_datadir = {directory}/fast
store_description = fast file store
[slow]
filesystem_store_datadir = {directory}/slow
store_description = slow file store
[web]
store_description = what lies on web servers
[os_glance_staging_store]
filesystem_store_datadir = {directory}/staging
[os_glance_tasks_store]
filesystem_store_datadir = {directory}/tasks
[database]
connection = sqlite:///{directory}/glance.db
[keystone_authtoken]
www_authenticate_uri = {keystone}/v3
auth_url = {keystone}
auth_type = password
project_domain_name = Default
user_domain_name = Default
project_name = service
username = glance
password = {password}
token_cache_time = 300
service_token_roles = service
service_token_roles_required = false
[paste_deploy]
flavor = keystone+cachemanagement
config_file = {directory}/glance-api-paste.ini
[oslo_policy]
enforce_new_defaults = true
enforce_scope = true
policy_file = {directory}/policy.yaml
[oslo_concurrency]
lock_path = {directory}/locks
[task]
work_dir = {directory}/work
"""

SETTINGS = """
cache: {{enabled: true}}
image: {{show_multiple_locations: true}}
import: {{plugins: []}}
metadefs: {{builtin: false, dir: {definitions}}}
stores:
  default: fast
  backends:
    fast: {{kind: file, dir: {directory}/fast, description: fast file store}}
    slow: {{kind: file, dir: {directory}/slow, description: slow file store}}
    web: {{kind: http, description: what lies on web servers}}
"""
