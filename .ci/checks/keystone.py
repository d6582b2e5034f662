"""Identity by a real Keystone: who sees and does what, expired and revoked tokens, and Keystone stopped and started under load."""

import os
import threading
import time

from keystone_chart import chart_scripts
from keystone_rig import Keystone
from vitrine import HOST, LONG, MIB, Check, Connection, Server, call, free_port, random_bytes, random_file, run, same, wait

CACHE = 2  # seconds for which a token is believed
ROUNDS = 5 if LONG else 2
USERS = 8  # threads of load


def main(check, directory):
    port = free_port()
    keystone = Keystone(directory, f"http://{HOST}:{port}").start()
    settings = keystone.server_environment(cache_ttl=f"{CACHE}s", request_timeout="2s")
    server = Server(directory, {**settings, "VITRINE_CACHE__ENABLED": "true"})
    server.port, server.environment["VITRINE_HTTP__PORT"] = port, str(port)
    check.note(f"ready after {server.start():.1f} s")
    api = Api(server, keystone)

    check.section("who shows no token, and forged headers")
    answer = call(port, "GET", "/v2/images")
    check.equal("without a token", answer.status, 401)
    check.equal("where to get one", answer.headers.get("www-authenticate"), f'Keystone uri="{keystone.url}"')
    forged = {"X-Identity-Status": "Confirmed", "X-User-Id": "root", "X-Project-Id": "root", "X-Roles": "admin", "X-Auth-Key": "root"}
    check.equal("with forged headers", call(port, "GET", "/v2/images", headers=forged).status, 401)
    check.equal("with an unknown token", call(port, "GET", "/v2/images", headers={"X-Auth-Token": "gAAAAABforged"}).status, 401)

    check.section("two projects, by the openstack client")
    with_client(check, keystone, directory)

    check.section("the cache, by glance-cache-manage")
    with_cache_manage(check, api, keystone)

    check.section("who sees what")
    visibilities(check, api, keystone)

    check.section("the chart's scripts")
    chart_scripts(check, server, keystone)

    check.section("scopes")
    system = keystone.token("admin", {"system": {"all": True}})
    check.equal("a token for the system", api.get(system, "/v2/images").status, 403)

    check.section("revoked tokens")
    token = keystone.token("demo")
    check.equal("before", api.get(token, "/v2/images").status, 200)
    keystone.revoke(token)
    check.eventually("refused soon after", CACHE + 3, lambda: api.get(token, "/v2/images").status == 401)

    check.section(f"Keystone stopped and started {ROUNDS} times under load")
    under_load(check, api, keystone)

    check.section("expired tokens")
    expired(check, api, keystone)
    check.equal("it ends on SIGTERM", server.stop() in (0, 143), True)


class Api:
    """The Image API for users with tokens."""

    def __init__(self, server, keystone):
        self.server, self.keystone = server, keystone
        self.tokens = {user: keystone.token(user) for user in ("admin", "demo", "demo-reader", "alt")}

    def send(self, token, method, path, body=None, headers=None):
        return call(self.server.port, method, path, body, {"X-Auth-Token": token, **(headers or {})}, seconds=60)

    def get(self, token, path):
        return self.send(token, "GET", path)

    def create(self, user, **fields):
        body = {"name": "check", "disk_format": "raw", "container_format": "bare", **fields}
        return self.send(self.tokens[user], "POST", "/v2/images", body)

    def listed(self, user, query=""):
        return {image["id"] for image in self.get(self.tokens[user], "/v2/images?limit=1000" + query).json()["images"]}


def with_cache_manage(check, api, keystone):
    """What operators' scripts do to the cache of a node, through the older of Glance's two APIs."""
    def manage(*command, user="admin"):
        return run("glance-cache-manage", "--host", HOST, "--port", api.server.port, "--force", *command,
                   env={**os.environ, **keystone.client_environment(user)}, check=False, timeout=60)

    image = api.create("admin").json()["id"]
    data = {"Content-Type": "application/octet-stream"}
    check.equal("data", api.send(api.tokens["admin"], "PUT", f"/v2/images/{image}/file", random_bytes(MIB, 7), data).status, 204)
    check.equal("an image is queued", manage("queue-image", image).returncode, 0)
    check.eventually("  and soon cached", 30, lambda: image in manage("list-cached").stdout, lambda: manage("list-cached"))
    check.that("  and no longer queued", image not in manage("list-queued").stdout)
    check.that("others may not ask", manage("list-cached", user="demo").returncode != 0)
    check.equal("it is removed", manage("delete-cached-image", image).returncode, 0)
    check.that("  and gone", image not in manage("list-cached").stdout)
    for command in ("delete-all-queued-images", "delete-all-cached-images"):
        check.equal(command, manage(command).returncode, 0)
    check.that("an image that is not there", manage("delete-queued-image", "00000000-0000-0000-0000-000000000000").returncode == 0)


def with_client(check, keystone, directory):
    data = random_file(directory / "image", 5 * MIB)
    image = keystone.openstack("demo", "image", "create", "--disk-format", "raw", "--container-format", "bare", "--file", data,
                               "-f", "value", "-c", "id", "mine").stdout.split()[-1]
    shown = keystone.openstack("demo", "image", "show", image, "-f", "value", "-c", "owner", "-c", "status").stdout.split()
    check.equal("demo uploads", sorted(shown), sorted([keystone.project("demo"), "active"]))
    keystone.openstack("demo", "image", "save", "--file", directory / "copy", image)
    check.that("demo downloads the same", same(data, directory / "copy"))
    for user, seen in (("demo", True), ("demo-reader", True), ("alt", False), ("admin", True)):
        listed = keystone.openstack(user, "image", "list", "-f", "value", "-c", "ID").stdout.split()
        check.equal(f"{user} finds it in the list", image in listed, seen)
    for command in (("show",), ("save", "--file", directory / "stolen"), ("delete",)):
        done = keystone.openstack("alt", "image", *command, image, check=False)
        check.that(f"alt cannot {command[0]} it", done.returncode != 0, done.stderr.strip())
    check.that("nothing was stolen", not (directory / "stolen").exists())
    keystone.openstack("demo", "image", "delete", image)
    check.equal("demo deletes", keystone.openstack("demo", "image", "list", "-f", "value").stdout.split(), [])


def visibilities(check, api, keystone):
    made = {}
    for visibility, wanted in (("private", 201), ("shared", 201), ("community", 201), ("public", 403)):
        answer = api.create("demo", visibility=visibility)
        check.equal(f"demo makes a {visibility} image", answer.status, wanted)
        if answer.status == 201:
            made[visibility] = answer.json()["id"]
            check.equal("its owner", answer.json().get("owner"), keystone.project("demo"))
    made["public"] = api.create("admin", visibility="public").json()["id"]
    for visibility, image in made.items():
        seen = visibility in ("community", "public")
        check.equal(f"alt may look at the {visibility} one", api.get(api.tokens["alt"], f"/v2/images/{image}").status, 200 if seen else 404)
        change = [{"op": "replace", "path": "/name", "value": "stolen"}]
        answer = api.send(api.tokens["alt"], "PATCH", f"/v2/images/{image}", change,
                          {"Content-Type": "application/openstack-images-v2.1-json-patch"})
        check.equal(f"alt may not change the {visibility} one", answer.status, 403 if seen else 404)
    check.equal("alt lists", api.listed("alt"), {made["public"]})
    check.equal("alt lists community images", made["community"] in api.listed("alt", "&visibility=community"), True)
    check.equal("demo lists its own and public ones", {made["private"], made["shared"], made["public"]} <= api.listed("demo"), True)
    for user, image in [("demo", made[each]) for each in ("private", "shared", "community")] + [("admin", made["public"])]:
        check.equal(f"{user} deletes", api.send(api.tokens[user], "DELETE", f"/v2/images/{image}").status, 204)


def under_load(check, api, keystone):
    """Everybody goes on asking while Keystone comes and goes: answers are right, or 503."""
    private = api.create("demo", visibility="private").json()["id"]
    revoked = keystone.token("demo")
    keystone.revoke(revoked)
    cases = [(api.tokens["demo"], 200), (api.tokens["alt"], 404), (revoked, 401), ("gAAAAABforged", 401)]
    seen, wrong, halt, lock = {}, [], threading.Event(), threading.Lock()

    def ask(number):
        while not halt.is_set():
            token, right = cases[number % len(cases)]
            try:
                status = api.get(token, f"/v2/images/{private}").status
            except OSError as error:
                status = type(error).__name__
            with lock:
                seen[status] = seen.get(status, 0) + 1
                if status not in (right, 503):
                    wrong.append((right, status))

    threads = [threading.Thread(target=ask, args=(number,), daemon=True) for number in range(USERS)]
    for thread in threads:
        thread.start()
    for number in range(ROUNDS):
        check.eventually(f"round {number + 1}: everybody gets the right answer", 20, lambda: all(
            api.get(token, f"/v2/images/{private}").status == right for token, right in cases))
        time.sleep(1)  # the load goes on with Keystone
        keystone.stop()
        check.eventually(f"round {number + 1}: nobody can be known", CACHE + 10, lambda: api.get(cases[0][0], "/v2/images").status == 503)
        time.sleep(2)  # the load goes on without Keystone
        keystone.start()
        check.eventually(f"round {number + 1}: known again without a restart", 20,
                         lambda: api.get(cases[0][0], "/v2/images").status == 200)
    halt.set()
    for thread in threads:
        thread.join(90)
    check.note(f"answers by status: {seen}")
    check.equal("wrong answers", wrong[:5], [])
    check.that("there was load of each kind", all(seen.get(status) for status in (200, 401, 404, 503)), seen)
    for token, right in cases:
        check.eventually(f"{right} at the end", 20, lambda: api.get(token, f"/v2/images/{private}").status == right)
    check.equal("clears up", api.send(api.tokens["demo"], "DELETE", f"/v2/images/{private}").status, 204)


def expired(check, api, keystone):
    life = 6
    image = api.create("demo").json()["id"]
    keystone.stop()
    keystone.start(token_seconds=life)
    token = keystone.token("demo")
    began = time.monotonic()
    check.equal("while it lives", api.get(token, f"/v2/images/{image}").status, 200)
    with Connection(api.server.port) as upload:
        upload.head("PUT", f"/v2/images/{image}/file", {"X-Auth-Token": token, "Content-Type": "application/octet-stream",
                                                        "Transfer-Encoding": "chunked"})
        upload.chunk(random_bytes(MIB, "first"))
        wait(lambda: time.monotonic() - began > life + 1, life + 2)
        check.equal("after its time", api.get(token, f"/v2/images/{image}").status, 401)
        upload.chunk(random_bytes(MIB, "second"))
        upload.last_chunk()
        check.equal("an upload that began before ends well", upload.answer().status, 204)
    keystone.stop()
    keystone.start()
    shown = api.get(api.tokens["demo"], f"/v2/images/{image}").json()
    check.equal("its image", (shown["status"], shown["size"]), ("active", 2 * MIB))


if __name__ == "__main__":
    Check("keystone").run(main)
