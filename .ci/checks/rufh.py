"""Resumable uploads by the draft of the IETF (draft-ietf-httpbis-resumable-upload) with curl, by HTTP/1.1 and by HTTP/2."""

import contextlib
import json
import subprocess
import urllib.parse

from vitrine import HEALTHY, HOST, KIB, MIB, Check, Server, at_exit, digests, random_bytes, run, same, wait

SIZE = 12 * MIB
FIRST = 5 * MIB  # what has been sent when the client is killed
VERSIONS = {"HTTP/1.1": "--http1.1", "HTTP/2": "--http2-prior-knowledge"}
COMPLETE, PART = {"Upload-Complete": "?1"}, {"Upload-Complete": "?0"}
INTEROP = {"Upload-Draft-Interop-Version": "8"}
OCTETS, PATCH = {"Content-Type": "application/octet-stream"}, {"Content-Type": "application/partial-upload"}
PROBLEMS = "https://iana.org/assignments/http-problem-types#"


def main(check, directory):
    server = Server(directory, {"VITRINE_LEASE__GC_INTERVAL": "1s", "VITRINE_UPLOADS__TAKEOVER": "1s"})
    check.note(f"ready after {server.start():.1f} s")
    for name, option in VERSIONS.items():
        case = Case(check, server, directory, option)
        for part in (cut, in_parts, refusals, given_up, aside):
            check.section(f"{name}: {part.__doc__}")
            part(case)
    check.eventually("nothing is left", 30, lambda: not server.files(), server.files)
    check.equal("it is well", server.health(), HEALTHY)
    check.equal("it ends on SIGTERM", server.stop() in (0, 143), True)


class Case:
    """The data, and curl with one version of HTTP."""

    def __init__(self, check, server, directory, option):
        self.check, self.server, self.directory, self.option = check, server, directory, option
        self.data = random_bytes(SIZE, option)
        self.file = directory / "disk.raw"
        self.file.write_bytes(self.data)

    def command(self, method, path, fields, *arguments):
        heads = [part for name, value in fields.items() for part in ("-H", f"{name}: {value}")]
        return ["curl", "-q", "-sS", "--noproxy", "*", "-m", "60", self.option, "-X", method, "-H", "Expect:", *heads, *arguments,
                f"http://{HOST}:{self.server.port}{path}"]

    def call(self, method, path, fields, data=None):
        """A request and its answers; data that is given goes by a pipe, so that curl does not know its length."""
        seen = self.directory / "heads"
        arguments = ["-D", seen, "-o", self.directory / "body"]
        arguments += ["-I"] if method == "HEAD" else []
        arguments += ["-T", "-"] if data is not None else []
        seen.write_text("")
        (self.directory / "body").write_text("")
        done = subprocess.run(list(map(str, self.command(method, path, fields, *arguments))), input=data or b"", capture_output=True, check=False)
        if done.returncode:
            return Reply([(f"curl {done.returncode}: {done.stderr.decode().strip()}", {})], b"")
        return Reply(heads(seen), (self.directory / "body").read_bytes())

    def put(self, image, fields, data):
        return self.call("PUT", f"/v2/images/{image}/file", {**OCTETS, **fields}, data)

    def append(self, path, offset, data, is_last=True, **fields):
        return self.call("PATCH", path, {**PATCH, **(COMPLETE if is_last else PART), "Upload-Offset": offset, **fields}, data)

    def is_active(self, image):
        """Asserts that the image has the data, and deletes it."""
        shown = self.server.show(image)
        self.check.equal("the image is active with the right digests", (shown["status"], shown.get("checksum"), shown.get("os_hash_value")),
                         ("active", *digests(self.file)))
        copy = self.directory / "copy.raw"
        run(*self.command("GET", f"/v2/images/{image}/file", {}, "-o", copy))
        self.check.that("its data", same(self.file, copy))
        self.server.call("DELETE", f"/v2/images/{image}")


class Reply:
    """What curl has got: the heads of all answers, and the last one's body."""

    def __init__(self, answers, body):
        self.interim, (self.status, self.headers) = answers[:-1], answers[-1]
        self.body = body

    @property
    def path(self):
        return urllib.parse.urlsplit(self.headers["location"]).path

    def problem(self):
        """(status, the last word of the problem's type)"""
        with contextlib.suppress(ValueError):
            return self.status, json.loads(self.body).get("type", "").removeprefix(PROBLEMS)
        return self.status, self.body[:200]


def heads(file):
    """(status, headers) of each answer that curl has written down."""
    found = []
    for block in file.read_text().replace("\r", "").split("\n\n"):
        lines = block.strip().splitlines()
        if lines:
            pairs = [line.split(":", 1) for line in lines[1:] if ":" in line]
            found.append((int(lines[0].split()[1]), {name.lower(): value.strip() for name, value in pairs}))
    return found


def cut(case):
    """a client that is killed in the middle"""
    image, seen = case.server.create(), case.directory / "seen"
    seen.write_text("")
    fields = {**OCTETS, **COMPLETE, **INTEROP, "Upload-Length": SIZE}
    client = subprocess.Popen(list(map(str, case.command("PUT", f"/v2/images/{image}/file", fields, "-D", seen, "-T", "."))),
                              stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    at_exit(client.kill)
    client.stdin.write(case.data[:FIRST])
    client.stdin.flush()

    def told():
        return max((int(headers.get("upload-offset", 0)) for _, headers in heads(seen)), default=0)

    case.check.eventually("the client is told by 104 where the upload is", 20, lambda: any("location" in headers for _, headers in heads(seen)),
                          lambda: seen.read_text())
    client.kill()
    client.wait()
    answers = heads(seen)
    case.check.equal("no other answer came", {status for status, _ in answers}, {104})
    path = Reply([next(answer for answer in answers if "location" in answer[1])], b"").path
    reply = case.call("HEAD", path, {})
    offset = int(reply.headers["upload-offset"])
    case.check.equal("HEAD", (reply.status, reply.headers["upload-complete"], reply.headers.get("upload-length"), reply.headers.get("cache-control")),
                     (204, "?0", str(SIZE), "no-store"))
    case.check.that("all that was told is there, and no more than was sent", told() <= offset <= FIRST, f"{told()} told, {offset} there")
    reply = case.append(path, offset, case.data[offset:], **INTEROP)
    case.check.equal("PATCH with the rest", (reply.status, reply.headers.get("upload-complete")), (204, "?1"))
    case.check.equal("HEAD of what is complete", case.call("HEAD", path, {}).headers.get("upload-complete"), "?1")
    case.is_active(image)


def in_parts(case):
    """in three requests"""
    image = case.server.create()
    reply = case.put(image, PART, case.data[:MIB])
    case.check.equal("PUT of the first part", (reply.status, reply.headers.get("upload-offset"), reply.headers.get("upload-complete")),
                     (201, str(MIB), "?0"))
    path = reply.path
    reply = case.append(path, MIB, case.data[MIB:5 * MIB + KIB], is_last=False)
    case.check.equal("PATCH with more", (reply.status, reply.headers.get("upload-offset")), (204, str(5 * MIB + KIB)))
    case.check.equal("PATCH with the last", case.append(path, 5 * MIB + KIB, case.data[5 * MIB + KIB:]).status, 204)
    case.is_active(image)


def refusals(case):
    """requests that do not fit"""
    image = case.server.create()
    path = case.put(image, {**PART, "Upload-Length": SIZE}, case.data[:MIB]).path
    reply = case.append(path, 2 * MIB, case.data[2 * MIB:])
    case.check.equal("another offset", (*reply.problem(), reply.headers.get("upload-offset")), (409, "mismatching-upload-offset", str(MIB)))
    reply = case.append(path, MIB, case.data[MIB:2 * MIB], is_last=False, **{"Upload-Length": SIZE + 1})
    case.check.equal("another length", reply.problem(), (400, "inconsistent-upload-length"))
    reply = case.call("PATCH", path, {**OCTETS, **COMPLETE, "Upload-Offset": MIB}, case.data[MIB:])
    case.check.equal("another type", (reply.status, reply.headers.get("accept-patch")), (415, PATCH["Content-Type"]))
    case.check.equal("no offset", case.call("PATCH", path, {**PATCH, **COMPLETE}, b"x").status, 400)
    reply = case.call("HEAD", path, {})
    case.check.equal("nothing of that counts", (reply.status, reply.headers.get("upload-offset")), (204, str(MIB)))
    case.check.equal("another upload of the image", case.put(image, PART, b"x").status, 409)
    case.check.equal("the rest all the same", case.append(path, MIB, case.data[MIB:]).status, 204)
    case.check.equal("more than that", case.append(path, SIZE, b"x").problem(), (400, "completed-upload"))
    case.is_active(image)


def given_up(case):
    """cancelled"""
    image = case.server.create()
    path = case.put(image, PART, case.data[:MIB]).path
    case.check.equal("DELETE", case.call("DELETE", path, {}).status, 204)
    case.check.equal("HEAD", case.call("HEAD", path, {}).status, 404)
    case.check.equal("PATCH", case.append(path, MIB, case.data[MIB:]).status, 404)
    case.check.equal("the image", case.server.status(image), "queued")
    case.check.equal("nothing of it is left", wait(lambda: not case.server.files(), 30), True)
    case.check.equal("it takes another upload", case.put(image, COMPLETE, case.data).status, 204)
    case.is_active(image)


def aside(case):
    """what is no part of it"""
    image = case.server.create()
    limits = case.call("OPTIONS", f"/v2/images/{image}/file", {})
    case.check.that("OPTIONS tells the limits", limits.status == 204 and "max-size=" in limits.headers.get("upload-limit", ""), limits.headers)
    reply = case.put(image, {"Content-Range": f"bytes 0-{SIZE - 1}/{2 * SIZE}"}, case.data)
    case.check.equal("PUT with Content-Range", (reply.status, case.server.status(image)), (400, "queued"))
    reply = case.put(image, {**COMPLETE, "Upload-Draft-Interop-Version": "3"}, case.data)
    case.check.equal("a client of another version is told nothing", (reply.status, [status for status, _ in reply.interim]), (204, []))
    case.is_active(image)


if __name__ == "__main__":
    Check("rufh").run(main)
