"""Notifications over a real RabbitMQ, by TLS, heard by oslo.messaging: a life of an image event by event, and a broker that stops meanwhile.

Debian's rabbitmq-server and python3-oslo.messaging; everything the broker writes lies in the check's directory.
"""

import contextlib
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import time

from vitrine import HOST, LONG, Check, Failed, Server, at_exit, call, free_port, install, random_bytes, run, wait

PACKAGES = {
    "/usr/sbin/rabbitmq-server": "rabbitmq-server",
    "/usr/lib/python3/dist-packages/oslo_messaging/__init__.py": "python3-oslo.messaging",
}
PUBLISHER = "image.check"
DOWN = 60  # seconds for which the broker is down in the long form
DATA = random_bytes(100_000, 7)
# What oslo.messaging hears, one JSON object a line.
LISTENER = """
import json, sys
import oslo_messaging
from oslo_config import cfg

class Endpoint:
    def info(self, context, publisher, event, payload, metadata):
        self.tell("INFO", publisher, event, payload, metadata)
    def error(self, context, publisher, event, payload, metadata):
        self.tell("ERROR", publisher, event, payload, metadata)
    def tell(self, priority, publisher, event, payload, metadata):
        sys.stdout.write(json.dumps([priority, publisher, event, payload, metadata]) + "\\n")
        sys.stdout.flush()

conf = cfg.ConfigOpts()
conf([])
transport = oslo_messaging.get_notification_transport(conf, url=sys.argv[1])
conf.set_override("amqp_durable_queues", True, group="oslo_messaging_rabbit")
conf.set_override("rabbit_retry_interval", 1, group="oslo_messaging_rabbit")
conf.set_override("rabbit_interval_max", 1, group="oslo_messaging_rabbit")
listener = oslo_messaging.get_notification_listener(
    transport, [oslo_messaging.Target(topic="notifications", exchange="glance")], [Endpoint()], executor="threading")
conf.set_override("executor_thread_pool_size", 1)  # several would hear them in any order
listener.start()
listener.wait()
"""


class Broker:
    """A RabbitMQ that can be stopped and started again on its data."""

    def __init__(self, directory):
        self.directory = directory / "rabbitmq"
        self.directory.mkdir()
        (self.directory / "plugins").write_text("[].")
        self.port, self.tls_port, distribution, names = free_port(), free_port(), free_port(), free_port()
        self.certificate = self._certificate()
        self.url = f"rabbit://guest:guest@{HOST}:{self.port}/"
        self.environment = {
            **os.environ, "HOME": str(self.directory), "RABBITMQ_NODENAME": f"check-{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": HOST, "RABBITMQ_NODE_PORT": str(self.port), "RABBITMQ_DIST_PORT": str(distribution),
            "RABBITMQ_MNESIA_BASE": str(self.directory / "mnesia"), "RABBITMQ_LOG_BASE": str(self.directory / "log"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.directory / "plugins"), "RABBITMQ_CONFIG_FILE": str(self.directory / "rabbitmq.conf"),
            "ERL_EPMD_PORT": str(names), "ERL_EPMD_ADDRESS": HOST}
        # Erlang's server of names; RabbitMQ would start one that stays.
        self.names = subprocess.Popen(["/usr/bin/epmd"], env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                      stderr=subprocess.DEVNULL, start_new_session=True)
        self.process = None
        at_exit(self._end)

    def _certificate(self):
        """Has the broker also speak TLS; the file of its certificate."""
        certificate, key = self.directory / "certificate.pem", self.directory / "key.pem"
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=broker",
            "-addext", f"subjectAltName=IP:{HOST}", "-days", "2", "-keyout", key, "-out", certificate)
        (self.directory / "rabbitmq.conf").write_text(
            f"listeners.ssl.1 = {HOST}:{self.tls_port}\nssl_options.cacertfile = {certificate}\nssl_options.certfile = {certificate}\n"
            f"ssl_options.keyfile = {key}\n")
        return certificate

    def start(self):
        return self.spawn().await_ready()

    def spawn(self):
        with open(self.directory / "server.log", "ab") as log:
            self.process = subprocess.Popen(["/usr/lib/rabbitmq/bin/rabbitmq-server"], env=self.environment, cwd=self.directory,
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        return self

    def await_ready(self):
        if not wait(lambda: self.process.poll() is not None or self._listens(), 90) or self.process.poll() is not None:
            raise Failed(f"RabbitMQ does not start: {(self.directory / 'server.log').read_text(errors='replace')[-800:]}")
        return self

    def _listens(self):
        with contextlib.suppress(OSError), socket.create_connection((HOST, self.port), 1) as probe:
            probe.settimeout(1)
            probe.sendall(b"AMQP\x00\x00\x09\x01")
            return bool(probe.recv(1))
        return False

    def kill(self):
        """kill -9 of all of it."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _end(self):
        if self.process and self.process.poll() is None:
            self.kill()
        self.names.kill()
        self.names.wait()


class Listener:
    """A consumer of oslo.messaging, in a process of its own."""

    def __init__(self, directory, url):
        self.heard_file = directory / "heard"
        with open(self.heard_file, "wb") as heard, open(directory / "listener.log", "wb") as log:
            self.process = subprocess.Popen(["/usr/bin/python3", "-c", LISTENER, url], cwd=directory, stdin=subprocess.DEVNULL,
                                            stdout=heard, stderr=log, start_new_session=True)
        at_exit(self.process.kill)

    def heard(self, subject=None):
        """[priority, publisher, event, payload, metadata] of each, or of those of one image or namespace, each once."""
        lines = [json.loads(line) for line in self.heard_file.read_text().splitlines(keepends=True) if line.endswith("\n")]
        once = {line[4]["message_id"]: line for line in lines}
        return [line for line in once.values() if subject is None or subject in subjects(line[3])]

    def events(self, subject):
        """The types of what happened. That data was sent is told after the answer has ended, beside what comes then."""
        return [line[2] for line in self.heard(subject) if line[2] != "image.send"]

    def sent(self, image):
        return [line[3]["bytes_sent"] for line in self.heard(image) if line[2] == "image.send"]


def subjects(payload):
    return [payload.get(key) for key in ("id", "image_id", "namespace")] if isinstance(payload, dict) else [payload]


def metric(server, name):
    text = call(server.management, "GET", "/metrics").body.decode()
    found = re.search(rf'^{name}{{sink="amqp"}} (\S+)', text, re.M)
    return float(found.group(1)) if found else None


def send(server, method, path, body=None):
    answer = server.call(method, path, body)
    if answer.status >= 300:
        raise Failed(f"{method} {path} is answered {answer.status}")
    return answer


def live(server):
    """The whole life of an image; what is to be heard of it."""
    image = server.create()
    path = f"/v2/images/{image}"
    server.upload(image, DATA)
    server.sha512(image)
    send(server, "PUT", f"{path}/tags/told")
    send(server, "POST", f"{path}/actions/deactivate")
    send(server, "POST", f"{path}/actions/reactivate")
    send(server, "POST", f"{path}/members", {"member": "guest"})
    send(server, "DELETE", f"{path}/members/guest")
    send(server, "DELETE", path)
    return image, ["image.create", "image.update", "image.prepare", "image.upload", "image.activate", "image.update",
                   "image.update", "image.deactivate", "image.update", "image.reactivate", "image.update", "image.member.create",
                   "image.member.delete", "image.delete"]


def ordinary(check, server, listener):
    check.section("the life of an image, event by event")
    image, wanted = live(server)
    check.eventually("all of it is heard", 20, lambda: len(listener.events(image)) >= len(wanted), lambda: listener.events(image))
    check.equal("in its order", listener.events(image), wanted)
    heard = listener.heard(image)
    check.equal("all from the publisher", {line[1] for line in heard}, {PUBLISHER})
    check.equal("all with the priority INFO", {line[0] for line in heard}, {"INFO"})
    uploaded = heard[3][3]
    check.equal("the payload is Glance's", sorted(uploaded), sorted(
        ["id", "name", "status", "created_at", "updated_at", "min_disk", "min_ram", "protected", "checksum", "owner", "disk_format",
         "container_format", "size", "virtual_size", "is_public", "visibility", "properties", "tags", "deleted", "deleted_at",
         "os_glance_importing_to_stores", "os_glance_failed_import"]))
    check.equal("with the size", uploaded["size"], len(DATA))
    check.equal("the bytes that were sent", listener.sent(image), [len(DATA)])
    check.that("the deletion says so", heard[-1][3]["deleted"] is True and heard[-1][3]["deleted_at"])


def imported(check, server, listener):
    check.section("an import and its task")
    image = server.create()
    server.upload(image, DATA, target="stage")
    server.import_image(image, "glance-direct")
    wait(lambda: server.status(image) == "active", 30)
    wanted = ["image.prepare", "image.upload", "image.activate"]
    check.eventually("the data's way is heard", 20, lambda: [each for each in listener.events(image) if each in wanted] == wanted,
                     lambda: listener.events(image))
    check.eventually("and the task's", 20, lambda: {"task.create", "task.processing", "task.run", "task.success"}
                     <= {line[2] for line in listener.heard()})


def definitions(check, server, listener):
    check.section("metadata definitions, one group of them disabled")
    send(server, "POST", "/v2/metadefs/namespaces", {"namespace": "Told"})
    send(server, "POST", "/v2/metadefs/namespaces/Told/objects", {"name": "thing", "properties": {"a": {"title": "A", "type": "string"}}})
    send(server, "POST", "/v2/metadefs/namespaces/Told/tags/silent")
    send(server, "DELETE", "/v2/metadefs/namespaces/Told")
    wanted = ["metadef_namespace.create", "metadef_object.create", "metadef_namespace.delete"]
    check.eventually("they are heard", 20, lambda: len(listener.events("Told")) >= len(wanted), lambda: listener.events("Told"))
    check.equal("without the tags", listener.events("Told"), wanted)


def broken(check, server, broker, listener):
    check.section("RabbitMQ is killed")
    before = [live(server)]
    broker.kill()
    began = time.monotonic()
    lives = [live(server) for _ in range(5)]
    check.that("the API does not mind", len(lives) == 5)
    check.eventually("what waits is counted", 20, lambda: (metric(server, "vitrine_notifications_pending") or 0) >= 75,
                     lambda: metric(server, "vitrine_notifications_pending"))
    if LONG:
        time.sleep(max(0.0, DOWN - (time.monotonic() - began)))
    broker.start()
    everything = before + lives
    check.eventually("all of it is heard later", 60, lambda: all(len(listener.events(image)) >= len(wanted) for image, wanted in everything),
                     lambda: [len(listener.events(image)) for image, _ in everything])
    for number, (image, wanted) in enumerate(everything):
        check.that(f"nothing of life {number} is lost, and it is in order", listener.events(image) == wanted, listener.events(image))
    check.equal("each has been sent", [listener.sent(image) for image, _ in everything], [[len(DATA)]] * len(everything))
    check.eventually("nothing waits any more", 20, lambda: metric(server, "vitrine_notifications_pending") == 0)
    check.equal("nothing was dropped", metric(server, "vitrine_notifications_dropped_total"), 0.0)


def main(check, directory):
    install(PACKAGES)
    broker = Broker(directory).spawn()
    server = Server(directory, {
        "VITRINE_NOTIFICATIONS__PUBLISHER_ID": PUBLISHER, "VITRINE_NOTIFICATIONS__AMQP__HOSTS": f"{HOST}:{broker.tls_port}",
        "VITRINE_NOTIFICATIONS__AMQP__TLS": "true", "VITRINE_NOTIFICATIONS__AMQP__CA_FILE": str(broker.certificate),
        "VITRINE_NOTIFICATIONS__AMQP__PASSWORD": "guest", "VITRINE_NOTIFICATIONS__AMQP__DURABLE": "true",
        "VITRINE_NOTIFICATIONS__DISABLED": "metadef_tag", "VITRINE_IMPORT__PLUGINS": ""})
    server.start()
    broker.await_ready()
    listener = Listener(directory, broker.url)
    ordinary(check, server, listener)
    imported(check, server, listener)
    definitions(check, server, listener)
    broken(check, server, broker, listener)
    server.stop()


if __name__ == "__main__":
    Check("notifications").run(main)
