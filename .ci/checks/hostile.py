"""Hostile input: every case gets the status of the Image API contract, leaves no file behind and harms nobody else."""

import contextlib
import os
import shutil
import socket
import threading

from vitrine import (HEALTHY, KIB, MIB, WEB_HOST, Check, Connection, Refused, Server, Web, at_exit, convert, random_bytes, random_file,
                     run, wait)

SETTLE = 30  # seconds within which everything that was given up must be cleared away
BODY = 16 * MIB


def main(check, directory):
    web = Web(directory)
    web.closer = Closer()
    server = Server(directory, web.environment(web.closer.port))
    check.note(f"ready after {server.start():.1f} s")
    witness = Witness(check, server)
    for title, part in (("hostile images", hostile_images), ("hostile imports", hostile_imports), ("lies about the size", sizes),
                        ("malformed requests", malformed), ("clients that hang up", hang_ups), ("two uploads at once", races),
                        ("delete during upload", deletes), ("web-download of what is not the user's business", addresses),
                        ("web servers that break off", broken_off)):
        check.section(title)
        part(check, server, directory, web)
        witness.look(title)
    check.equal("it ends on SIGTERM", server.stop() in (0, 143), True)
    check.section("a full disk")
    full_disk(check, directory)


class Witness:
    """An image that was there before; after each part it must be intact, and nothing else may lie around."""

    def __init__(self, check, server):
        self.check, self.server = check, server
        self.data = random_bytes(3 * MIB, "witness")
        self.image = server.create()
        check.equal("the witness is uploaded", server.upload(self.image, self.data).status, 204)
        self.digest = server.sha512(self.image)

    def look(self, title):
        self.check.equal(f"{title}: the service answers", self.server.health(), HEALTHY)
        self.check.equal(f"{title}: the witness is intact", self.server.sha512(self.image), self.digest)
        nothing_left(self.check, self.server, title)


def nothing_left(check, server, title):
    check.eventually(f"{title}: no file without an owner, no unfinished write", SETTLE,
                     lambda: not server.orphans() and not server.unfinished(), lambda: (server.orphans(), server.unfinished()))


def is_clean(check, server, what, image, status="queued"):
    """The image is back where it was: queued, no size, no digest, no data; and a good upload is still taken."""
    check.eventually(f"{what}: {status} again", SETTLE, lambda: server.status(image) == status, lambda: server.show(image))
    shown = server.show(image)
    check.equal(f"{what}: no size, no digests", [shown.get(key) for key in ("size", "virtual_size", "checksum", "os_hash_value")], [None] * 4)
    check.equal(f"{what}: no data", server.call("GET", f"/v2/images/{image}/file").status, 204)


def takes_a_good_upload(check, server, what, image):
    data = random_bytes(MIB, what)
    check.equal(f"{what}: a good upload is taken after it", server.upload(image, data).status, 204)
    check.equal(f"{what}: and gives its bytes", server.call("GET", f"/v2/images/{image}/file").body == data, True)
    check.equal(f"{what}: deleted", server.call("DELETE", f"/v2/images/{image}").status, 204)


# --- content


def bad_images(directory):
    """Name, declared format and file of images that must not get in."""
    raw = random_file(directory / "base.raw", 2 * MIB)
    good = convert(raw, directory / "good.qcow2", "qcow2")
    sparse = convert(raw, directory / "good.vmdk", "vmdk")
    run("qemu-img", "create", "-q", "-f", "qcow2", "-b", raw, "-F", "raw", directory / "backing.qcow2")
    run("qemu-img", "create", "-q", "-f", "qcow2", "-u", "-b", "/etc/passwd", "-F", "raw", directory / "passwd.qcow2", "2M")
    run("qemu-img", "create", "-q", "-f", "qcow2", "-o", f"data_file={directory}/data.bin", directory / "external.qcow2", "2M")
    run("qemu-img", "create", "-q", "-f", "qcow2", "-o", f"data_file={directory}/data2.bin,data_file_raw=on", directory / "external2.qcow2", "2M")
    run("qemu-img", "create", "-q", "-f", "vmdk", "-o", "subformat=monolithicFlat", directory / "flat.vmdk", "2M")
    descriptor = ("# Disk DescriptorFile\nversion=1\nCID=fffffffe\nparentCID=ffffffff\ncreateType=\"{}\"\n\n"
                  "# Extent description\nRW 4096 {} \"/etc/passwd\"{}\n\n# The Disk Data Base\nddb.adapterType = \"ide\"\n")
    (directory / "passwd-flat.vmdk").write_text(descriptor.format("monolithicFlat", "FLAT", " 0"))
    (directory / "passwd-sparse.vmdk").write_text(descriptor.format("monolithicSparse", "SPARSE", ""))
    embedded = bytearray(sparse.read_bytes())
    start = embedded.index(b"# Disk DescriptorFile")
    embedded[start:start + 20 * 512] = descriptor.format("monolithicFlat", "FLAT", " 0").encode().ljust(20 * 512, b"\0")
    (directory / "embedded-flat.vmdk").write_bytes(embedded)
    (directory / "noise").write_bytes(random_bytes(2 * MIB, "noise"))
    (directory / "short.qcow2").write_bytes(good.read_bytes()[:40])
    return [
        ("a qcow2 with a backing file", "qcow2", "backing.qcow2"),
        ("a qcow2 with /etc/passwd behind it", "qcow2", "passwd.qcow2"),
        ("a qcow2 with an external data file", "qcow2", "external.qcow2"),
        ("a qcow2 with an external raw data file", "qcow2", "external2.qcow2"),
        ("a VMDK descriptor with a flat extent", "vmdk", "flat.vmdk"),
        ("a VMDK descriptor with a flat extent at /etc/passwd", "vmdk", "passwd-flat.vmdk"),
        ("a VMDK descriptor with a sparse extent at /etc/passwd", "vmdk", "passwd-sparse.vmdk"),
        ("a sparse VMDK that calls itself flat, at /etc/passwd", "vmdk", "embedded-flat.vmdk"),
        ("noise called qcow2", "qcow2", "noise"),
        ("noise called vmdk", "vmdk", "noise"),
        ("noise called vdi", "vdi", "noise"),
        ("noise called iso", "iso", "noise"),
        ("a qcow2 called vmdk", "vmdk", "good.qcow2"),
        ("a vmdk called qcow2", "qcow2", "good.vmdk"),
        ("a qcow2 of 40 bytes", "qcow2", "short.qcow2"),
    ]


def hostile_images(check, server, directory, _web):
    for name, disk_format, file in bad_images(directory):
        image = server.create(disk_format)
        answer = server.upload(image, (directory / file).read_bytes(), chunk=64 * KIB)
        if check.that(f"{name}: 415", answer.status == 415, answer):
            is_clean(check, server, name, image)
    for name, headers, status in (("another content type", {"Content-Type": "application/json"}, 415),
                                  ("a size that is no number", {"x-openstack-image-size": "many"}, 400)):
        image = server.create()
        answer = server.upload(image, b"x" * 1000, headers=headers)
        if check.that(f"{name}: {status}", answer.status == status, answer):
            is_clean(check, server, name, image)
    image = server.call("POST", "/v2/images", {"name": "no formats"}).json()["id"]
    check.equal("an image without formats: 400", server.upload(image, b"x" * 1000).status, 400)
    check.equal("no image of that id: 404", server.upload("00000000-0000-4000-8000-000000000000", b"x" * 1000).status, 404)


def hostile_imports(check, server, directory, web):
    for name, disk_format, file in bad_images(directory):
        reasons = []
        for method in ("glance-direct", "web-download"):
            what = f"{method} of {name}"
            image = server.create(disk_format)
            if method == "glance-direct":
                check.equal(f"{what}: stage", server.upload(image, (directory / file).read_bytes(), "stage").status, 204)
                answer = server.import_image(image, method)
            else:
                shutil.copy(directory / file, web.files / file)
                answer = server.import_image(image, method, uri=web.url(file))
            if check.that(f"{what}: 202", answer.status == 202, answer):
                fails_and_says_why(check, server, what, image)
                reasons.append([task["message"] for task in server.tasks(image)])
        check.that(f"{name}: the same reason whichever way it came", len(reasons) == 2 and reasons[0] == reasons[1], reasons)
    check.that("the page of an import that never was", server.call("GET", "/v2/images/00000000-0000-4000-8000-000000000000/tasks").status == 404)


def fails_and_says_why(check, server, what, image):
    """The import ends, its task failed with a reason that names no path of the server, and the image is queued."""
    if check.eventually(f"{what}: its task fails", 60, lambda: [task["status"] for task in server.tasks(image)] == ["failure"],
                        lambda: (server.show(image), server.tasks(image))):
        message = " ".join(str(task["message"]) for task in server.tasks(image))
        check.that(f"{what}: with a reason", message not in ("", "None") and str(server.data) not in message, message)
        check.eventually(f"{what}: queued after it", SETTLE, lambda: server.status(image) == "queued", lambda: server.show(image))


# --- requests


def sizes(check, server, _directory, _web):
    data = random_bytes(BODY, "sizes")
    for name, declared in (("declared one byte more", BODY + 1), ("declared twice as much", BODY * 2), ("declared one byte less", BODY - 1),
                           ("declared half", BODY // 2), ("declared nothing", 0)):
        for chunk in (None, MIB):
            what = f"{name}, {'chunked' if chunk else 'with length'}"
            image = server.create()
            answer = server.upload(image, data, chunk=chunk, headers={"x-openstack-image-size": str(declared)})
            if check.that(f"{what}: 400", answer.status == 400, answer):
                is_clean(check, server, what, image)
    takes_a_good_upload(check, server, what, image)
    image = server.create()
    answer = server.upload(image, data, chunk=MIB, headers={"x-openstack-image-size": str(BODY)})
    check.that("declared right: 204", answer.status == 204, answer)
    server.call("DELETE", f"/v2/images/{image}")


def malformed(check, server, _directory, _web):
    for name, tail in (("a chunk size that is no number", b"xyz\r\nabc\r\n"), ("a chunk longer than it says", b"3\r\nabcdefgh\r\n0\r\n\r\n"),
                       ("a negative chunk size", b"-5\r\nabc\r\n0\r\n\r\n"), ("a huge chunk size", b"ffffffffffffffffffff\r\nabc\r\n")):
        image = server.create()
        with Connection(server.port, 30) as connection:
            upload_head(connection, image, chunked=True)
            try:
                connection.chunk(b"x" * 1000)
                connection.send(tail)
            except Refused:
                pass
            connection.socket.shutdown(socket.SHUT_WR)
            answer = connection.answer()
        if check.that(f"{name}: not accepted", answer.status in (0, 400), answer):
            is_clean(check, server, name, image)
    image = server.create()
    with Connection(server.port, 30) as connection:
        connection.send(f"PUT /v2/images/{image}/file HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\nContent-Length: 5\r\n"
                        "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nDELETE /v2/images/".encode() + image.encode() + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        connection.answer()
    check.that("length and chunks at once: no request smuggled in", server.status(image) in ("queued", "active"), server.status(image))
    for name, request in (("no HTTP at all", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 50), ("an endless header", b"GET / HTTP/1.1\r\nX: " + b"a" * MIB),
                          ("a NUL in the path", b"GET /v2/images/\0 HTTP/1.1\r\nHost: x\r\n\r\n"),
                          ("a path that climbs", b"GET /v2/images/../../../../etc/passwd/file HTTP/1.1\r\nHost: x\r\n\r\n")):
        with Connection(server.port, 30) as connection:
            try:
                connection.send(request)
                connection.socket.shutdown(socket.SHUT_WR)
            except (Refused, OSError):
                pass
            answer = connection.answer()
        check.that(f"{name}: refused", answer.status == 0 or 300 <= answer.status < 500, answer)


def upload_head(connection, image, chunked, target="file"):
    length = {"Transfer-Encoding": "chunked"} if chunked else {"Content-Length": str(BODY)}
    connection.head("PUT", f"/v2/images/{image}/{target}", {"Content-Type": "application/octet-stream", **length})


def send_half(connection, data, chunked):
    for start in range(0, BODY // 2, MIB):
        piece = memoryview(data)[start:start + MIB]
        connection.chunk(piece) if chunked else connection.send(piece)


def hang_ups(check, server, _directory, _web):
    data = random_bytes(BODY, "half")
    for target in ("file", "stage"):
        for chunked in (False, True):
            for how in ("reset", "close", "half-close"):
                what = f"hang-up ({how}) at 50 % of {target}, {'chunked' if chunked else 'with length'}"
                image = server.create()
                with Connection(server.port) as connection:
                    upload_head(connection, image, chunked, target)
                    send_half(connection, data, chunked)
                    wait(lambda: server.status(image) in ("saving", "uploading"), 10)
                    if how == "reset":
                        connection.hang_up()
                    elif how == "half-close":
                        connection.socket.shutdown(socket.SHUT_WR)
                        connection.socket.settimeout(SETTLE)
                        answer = connection.answer()
                        check.that(f"{what}: not acknowledged", answer.status in (0, 400), answer)
                is_clean(check, server, what, image)
                takes_a_good_upload(check, server, what, image)


def races(check, server, _directory, _web):
    data = random_bytes(BODY, "first")
    for target, busy in (("file", "saving"), ("stage", "uploading")):
        image = server.create()
        with Connection(server.port) as first:
            upload_head(first, image, chunked=True, target=target)
            send_half(first, data, chunked=True)
            check.eventually(f"{target}: {busy} during the first", 10, lambda: server.status(image) == busy, lambda: server.show(image))
            for second in ("file", "stage"):
                answer = server.upload(image, random_bytes(MIB, "second"), second)
                check.that(f"{second} during {target}: 409", answer.status == 409, answer)
            for start in range(BODY // 2, BODY, MIB):
                first.chunk(memoryview(data)[start:start + MIB])
            first.last_chunk()
            answer = first.answer()
        check.that(f"{target}: the first ends with 204", answer.status == 204, answer)
        if target == "file":
            check.equal("the image holds what the first sent", server.call("GET", f"/v2/images/{image}/file").body == data, True)
        answer = server.upload(image, data, target)
        check.that(f"{target} once more: 409", answer.status == 409, answer)
        check.equal("deleted", server.call("DELETE", f"/v2/images/{image}").status, 204)
    wrong = []
    for turn in range(20):
        image = server.create()
        bodies = [random_bytes(2 * MIB, (turn, who)) for who in range(4)]
        answers = together([lambda body=body: server.upload(image, body, chunk=64 * KIB).status for body in bodies])
        content = server.call("GET", f"/v2/images/{image}/file").body
        if sorted(answers) != [204, 409, 409, 409] or content != bodies[answers.index(204)]:
            wrong.append(answers)
        server.call("DELETE", f"/v2/images/{image}")
    check.equal("20 times four at the same moment: one 204 with its bytes, three 409", wrong, [])


def together(actions):
    """Runs the actions in threads that start at the same moment; their results in order."""
    results, start = [None] * len(actions), threading.Barrier(len(actions))

    def one(index, action):
        start.wait()
        results[index] = action()

    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def deletes(check, server, _directory, _web):
    data = random_bytes(BODY, "deleted")
    for target, busy, statuses in (("file", "saving", (410,)), ("stage", "uploading", (404, 410))):
        what = f"delete during {target}"
        image = server.create()
        with Connection(server.port) as connection:
            upload_head(connection, image, chunked=True, target=target)
            send_half(connection, data, chunked=True)
            wait(lambda: server.status(image) == busy, 10)
            check.equal(f"{what}: delete", server.call("DELETE", f"/v2/images/{image}").status, 204)
            try:
                for start in range(BODY // 2, BODY, MIB):
                    connection.chunk(memoryview(data)[start:start + MIB])
                connection.last_chunk()
            except Refused:
                pass
            answer = connection.answer()
        check.that(f"{what}: the upload gets {' or '.join(map(str, statuses))}", answer.status in statuses, answer)
        check.equal(f"{what}: the image is gone", server.status(image), "HTTP 404")
        check.equal(f"{what}: its data too", server.call("GET", f"/v2/images/{image}/file").status, 404)
    wrong = []
    for turn in range(20):
        image = server.create()
        uploaded, deleted = together([lambda: server.upload(image, data[:4 * MIB], chunk=256 * KIB).status,
                                      lambda: server.call("DELETE", f"/v2/images/{image}").status])
        if uploaded not in (204, 404, 410) or deleted != 204 or server.status(image) != "HTTP 404":
            wrong.append((uploaded, deleted, server.status(image)))
    check.equal("20 times delete and upload at the same moment", wrong, [])


# --- addresses


def addresses(check, server, directory, web):
    secret = "secret.raw"
    (web.files / secret).write_bytes(random_bytes(MIB, secret))
    port = web.port
    refused = [f"http://127.0.0.1:{port}/{secret}", "http://127.0.0.1/x", "http://169.254.169.254/latest/meta-data/",
               f"http://169.254.169.254:{port}/", "file:///etc/passwd", f"file://{directory}/base.raw", f"ftp://{WEB_HOST}/x", "gopher://127.0.0.1:70/x",
               f"http://127.1:{port}/{secret}", f"http://2130706433:{port}/{secret}", f"http://0x7f000001:{port}/{secret}",
               f"http://0177.0.0.1:{port}/{secret}", f"http://0.0.0.0:{port}/{secret}", f"http://[::1]:{port}/{secret}",
               f"http://[::ffff:127.0.0.1]:{port}/{secret}", f"http://[::ffff:7f00:1]:{port}/{secret}", "http://10.0.0.1/x", "http://192.168.0.1/x",
               "http://172.16.0.1/x", "http://100.100.100.200/x", "http://[fe80::1]/x", "http://[fd00:ec2::254]/x", "http://224.0.0.1/x",
               f"http://{WEB_HOST}:22/x", f"http://{WEB_HOST}:{server.management}/metrics", f"http://user:word@{WEB_HOST}:{port}/{secret}", "http:///x", "", "x"]
    image = server.create()
    for uri in refused:
        answer = server.import_image(image, "web-download", uri=uri)
        check.that(f"{uri or 'an empty URL'}: 400", answer.status == 400, answer)
    check.equal("the image is still queued", server.status(image), "queued")
    # What only turns out on the way: names and redirects end in a failed task.
    later = [(f"http://localhost:{port}/{secret}", "a name for 127.0.0.1")]
    later += [(web.url(f"to/?url={target}"), f"a redirect to {target}")
              for target in (f"http://127.0.0.1:{port}/{secret}", "http://169.254.169.254/latest/meta-data/", f"http://[::1]:{port}/{secret}",
                             f"http://localhost:{port}/{secret}", "file:///etc/passwd", f"http://{WEB_HOST}:{server.management}/metrics")]
    later += [(web.url("loop"), "a redirect without end"), (web.url("missing"), "a 404")]
    for uri, name in later:
        image = server.create()
        answer = server.import_image(image, "web-download", uri=uri)
        if answer.status == 400:
            check.that(f"{name}: refused at once", True, answer)
            continue
        check.that(f"{name}: 202", answer.status == 202, answer)
        fails_and_says_why(check, server, name, image)
    check.equal("nothing was asked of 127.0.0.1", web.secret_log.read_text(), "")
    for method, fields, status in (("web-download", {}, 400), ("glance-direct", {}, 409), ("no-such-method", {}, 400), ("copy-image", {}, (400, 409))):
        answer = server.import_image(image, method, **fields)
        check.that(f"{method} of a queued image without more: {status}", answer.status in (status if isinstance(status, tuple) else (status,)), answer)


def broken_off(check, server, _directory, web):
    for length in (True, False):
        web.closer.with_length = length
        what = f"an answer that ends in the middle, {'with length' if length else 'chunked'}"
        image = server.create()
        answer = server.import_image(image, "web-download", uri=f"http://{WEB_HOST}:{web.closer.port}/x")
        check.that(f"{what}: 202", answer.status == 202, answer)
        fails_and_says_why(check, server, what, image)
        is_clean(check, server, what, image)
        takes_a_good_upload(check, server, what, image)


class Closer:
    """A web server on WEB_HOST that always hangs up in the middle of its answer."""

    def __init__(self):
        self.with_length = True
        self.socket = socket.create_server((WEB_HOST, 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()
        at_exit(self.socket.close)

    def _serve(self):
        while True:
            try:
                client = self.socket.accept()[0]
            except OSError:
                return
            with client, contextlib.suppress(OSError):
                client.recv(64 * KIB)
                framing = f"Content-Length: {4 * MIB}" if self.with_length else "Transfer-Encoding: chunked"
                client.sendall(f"HTTP/1.1 200 OK\r\n{framing}\r\n\r\n".encode())
                client.sendall((b"" if self.with_length else b"%x\r\n" % (4 * MIB)) + bytes(2 * MIB))


# --- no room


def full_disk(check, directory):
    """Stores and staging on file systems of 48 MiB. Needs the right to mount one."""
    if os.geteuid() != 0:
        check.note("SKIPPED: only root can mount a tmpfs")
        return
    own = directory / "full"
    for kind in ("stores", "staging"):
        place = own / "data" / kind
        place.mkdir(parents=True)
        if run("mount", "-t", "tmpfs", "-o", "size=48m", "vitrine-check", place, check=False).returncode:
            check.note("SKIPPED: this machine does not let root mount a tmpfs")
            return
        at_exit(lambda place=place: run("umount", "-l", place, check=False))
    server = Server(own)
    server.start()
    witness = Witness(check, server)
    big, fits = random_bytes(64 * MIB, "big"), random_bytes(30 * MIB, "fits")
    for target in ("file", "stage"):
        for chunk in (None, MIB):
            what = f"{target} of more than there is room for, {'chunked' if chunk else 'with length'}"
            image = server.create()
            answer = server.upload(image, big, target, chunk=chunk)
            check.that(f"{what}: 413", answer.status == 413, answer)
            is_clean(check, server, what, image)
            takes_a_good_upload(check, server, what, image)
    for target in ("file", "stage"):
        for chunk in (None, MIB):
            race_for_room(check, server, target, chunk, fits)
    # Staging has room, the store has not: 30 MiB there already, 30 MiB to come.
    kept, image = server.create(), server.create()
    check.equal("30 MiB fill the store", server.upload(kept, fits).status, 204)
    check.equal("30 MiB are staged", server.upload(image, fits, "stage").status, 204)
    check.equal("they are imported", server.import_image(image, "glance-direct").status, 202)
    def message():
        return server.tasks(image)[0]["message"] or ""
    check.eventually("an import into a full store waits and says why", 60, lambda: "not enough free space" in message(), message)
    check.equal("  and is not given up", server.status(image), "importing")
    check.equal("what was there is intact", server.call("GET", f"/v2/images/{kept}/file").body == fits, True)
    check.equal("it is deleted", server.call("DELETE", f"/v2/images/{kept}").status, 204)
    check.eventually("the import goes on", 90, lambda: server.status(image) == "active", lambda: server.tasks(image))
    check.that("  with all its bytes", server.call("GET", f"/v2/images/{image}/file").body == fits)
    check.equal("  and is deleted", server.call("DELETE", f"/v2/images/{image}").status, 204)
    witness.look("a full disk")
    server.stop()


def race_for_room(check, server, target, chunk, data):
    """Three uploads of which one fits: that one is taken, whatever the others do."""
    what = f"{target} of three that fit only one at a time, {'chunked' if chunk else 'with length'}"
    images = [server.create() for _ in range(3)]
    statuses = together([lambda image=image: server.upload(image, data, target, chunk=chunk).status for image in images])
    check.equal(f"{what}: one is taken", sorted(statuses), [204, 413, 413])
    for image, status in zip(images, statuses):
        if status == 413:
            is_clean(check, server, f"{what}: one refused", image)
        elif target == "file":
            check.equal(f"{what}: it gives its bytes", server.call("GET", f"/v2/images/{image}/file").body == data, True)
        server.call("DELETE", f"/v2/images/{image}")
    nothing_left(check, server, what)


if __name__ == "__main__":
    Check("hostile").run(main)
