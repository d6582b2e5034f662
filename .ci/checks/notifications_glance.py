"""What Vitrine tells beside what Debian's Glance tells of the same lives, event by event, over one RabbitMQ heard by oslo.messaging."""

import difflib
import time

from keystone_rig import Keystone
from notifications import DATA, PACKAGES, Broker, Listener
from paired_rig import Glance, vitrine
from vitrine import Check, Server, Web, install, wait

QUIET = 3  # seconds without anything new, after which all has been heard
NOTIFYING = """
[oslo_messaging_notifications]
driver = messagingv2
transport_url = {url}
[oslo_messaging_rabbit]
amqp_durable_queues = true
"""
# What Vitrine tells besides, and why.
MORE_EVENTS = {
    "image.deactivate": "who follows images need not compare their states",
    "image.reactivate": "the same",
}
MORE_KEYS = {
    ("image.send", "destination_ip"): "Glance's manual lists it",
}
# Lives whose events come in another order.
OTHER_ORDER = {
    "imported": "the image is active once all its stores have the data, and each is told of before",
}


class Api:
    """The calls of a life, at either of the two."""

    call, create, upload, sha512 = Server.call, Server.create, Server.upload, Server.sha512
    show, status, import_image = Server.show, Server.status, Server.import_image

    def __init__(self, port, token):
        self.port, self.headers = port, {"X-Auth-Token": token}


def life(api, _name):
    """An image from its creation to its end; its id."""
    image = api.create()
    path = f"/v2/images/{image}"
    patch = {"Content-Type": "application/openstack-images-v2.1-json-patch"}
    api.upload(image, DATA)
    api.sha512(image)
    api.call("PATCH", path, [{"op": "add", "path": "/colour", "value": "red"}], patch)
    api.call("PUT", f"{path}/tags/told")
    api.call("DELETE", f"{path}/tags/told")
    api.call("POST", f"{path}/actions/deactivate")
    api.call("POST", f"{path}/actions/reactivate")
    api.call("POST", f"{path}/members", {"member": "guest"})
    api.call("DELETE", f"{path}/members/guest")
    api.call("DELETE", path)
    return image


def imported(api, _name):
    """An image that is imported; its id."""
    image = api.create()
    api.upload(image, DATA, target="stage")
    api.import_image(image, "glance-direct")
    wait(lambda: api.status(image) == "active", 60)
    return image


def definitions(api, name):
    """Metadata definitions of each kind; the name of their namespace."""
    path = f"/v2/metadefs/namespaces/{name}"
    api.call("POST", "/v2/metadefs/namespaces", {"namespace": name})
    api.call("PUT", path, {"namespace": name, "description": "told"})
    api.call("POST", f"{path}/objects", {"name": "thing", "properties": {"a": {"title": "A", "type": "string"}}})
    api.call("PUT", f"{path}/objects/thing", {"name": "thing", "description": "told"})
    api.call("DELETE", f"{path}/objects/thing")
    api.call("POST", f"{path}/properties", {"name": "size", "title": "Size", "type": "integer"})
    api.call("PUT", f"{path}/properties/size", {"name": "size", "title": "Width", "type": "integer"})
    api.call("DELETE", f"{path}/properties/size")
    api.call("POST", f"{path}/tags/told")
    api.call("DELETE", f"{path}/tags/told")
    api.call("POST", f"{path}/resource_types", {"name": "OS::Told::Thing"})
    api.call("DELETE", f"{path}/resource_types/OS::Told::Thing")
    api.call("DELETE", path)
    return name


def heard(listener, subject):
    """What was heard of a subject once nothing more comes."""
    known, since = [], time.monotonic()
    while time.monotonic() - since < QUIET:
        now = listener.heard(subject)
        if len(now) != len(known):
            known, since = now, time.monotonic()
        time.sleep(0.2)
    # That data was sent is told when the transfer has ended, beside what comes then.
    return sorted(known, key=lambda line: line[2] == "image.send")


def compare(check, name, by_glance, by_vitrine):
    told = [(line[0], line[2]) for line in by_vitrine if line[2] not in MORE_EVENTS]
    wanted = [(line[0], line[2]) for line in by_glance]
    if name in OTHER_ORDER:
        told, wanted = sorted(told), sorted(wanted)
    check.equal(f"{name}: the events", told, wanted)
    if told != wanted:
        check.note("\n   ".join(difflib.ndiff([str(each) for each in wanted], [str(each) for each in told])))
    for event in sorted({line[2] for line in by_glance} & {line[2] for line in by_vitrine}):
        ours, theirs = (next(line[3] for line in lines if line[2] == event) for lines in (by_vitrine, by_glance))
        told = {key: kind for key, kind in keys(ours).items() if (event, key) not in MORE_KEYS}
        check.equal(f"  {event}: what is in it", told, keys(theirs))
        if told != keys(theirs):
            check.note(f"told {ours}\n   by Glance {theirs}")


def keys(payload):
    """The names of what a payload has, with the types of the values."""
    return {key: None if value is None else type(value).__name__ for key, value in sorted(payload.items())}


def main(check, directory):
    install(PACKAGES)
    broker = Broker(directory).spawn()
    keystone, web = Keystone(directory).start(), Web(directory)
    glance = Glance(directory, keystone, web)
    broker.await_ready()
    with open(glance.directory / "glance-api.conf", "a") as configuration:
        configuration.write(NOTIFYING.format(url=broker.url))
    server = vitrine(directory, keystone, web)
    host, port = broker.url.rsplit("@", 1)[1].strip("/").split(":")
    server.environment |= {"VITRINE_NOTIFICATIONS__AMQP__HOSTS": f"{host}:{port}", "VITRINE_NOTIFICATIONS__AMQP__PASSWORD": "guest",
                           "VITRINE_NOTIFICATIONS__AMQP__DURABLE": "true"}
    server.start()
    glance.start()
    listener = Listener(directory, broker.url)
    token = keystone.token("admin")
    for lived in (life, imported, definitions):
        check.section(lived.__doc__.split(";")[0])
        lives = {name: lived(Api(port, token), f"Told{name}") for name, port in (("glance", glance.port), ("vitrine", server.port))}
        compare(check, lived.__name__, *(heard(listener, lives[name]) for name in ("glance", "vitrine")))
    check.equal("it ends on SIGTERM", server.stop() in (0, 143), True)


if __name__ == "__main__":
    Check("notifications_glance").run(main)
