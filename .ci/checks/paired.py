"""The same requests to Debian's Glance and to Vitrine, with one Keystone: whatever differs has a verdict, or fails.

paired.py [SEED]   ids of images come from the seed, which is printed
"""

import collections
import contextlib
import http.client
import re
import sys
import threading
import time

import keystone_rig
import paired_data
import paired_images
import paired_metadefs
from paired_compare import differences
from paired_requests import NO_SUCH, Requests
from paired_rig import USERS, Glance, vitrine
from paired_verdicts import VERDICTS
from vitrine import HOST, KIB, Answer, Check, Web, random_file

SHOWN = 400  # differences without a verdict that are printed


def main(check, directory):
    seed = sys.argv[1] if len(sys.argv) > 1 else "1"
    check.note(f"seed {seed}")
    web = Web(directory)
    random_file(web.files / "small.raw", 64 * KIB)
    keystone = keystone_rig.start(directory)
    glance, server = Glance(directory, keystone, web).start(), vitrine(directory, keystone, web)
    server.start()
    requests = Requests(seed)
    paired_images.add_to(requests)
    paired_data.add_to(requests, web)
    paired_metadefs.add_to(requests)

    check.section(f"{len(requests)} requests to each")
    pair = [Side(each.port, keystone) for each in (glance, server)]
    answers = ask(requests, pair)
    if check.equal("answers of each", [len(each) for each in answers], [len(requests)] * 2):
        judge(check, requests, zip(*answers))
    check.equal("it ends on SIGTERM", server.stop() in (0, 143), True)


class Side:
    """One of the two servers, with the ids that it gave."""

    def __init__(self, port, keystone):
        self.port = port
        self.tokens = {user: keystone.token(user) for user in USERS} | {"stranger": "gAAAAABstranger"}
        self.ids = {"none": NO_SUCH, "project": keystone.project("demo"), "alt": keystone.project("alt")}

    def answer(self, request):
        """Its answer, once what is asked for has a state that is waited for, or 20 seconds are over."""
        end = time.monotonic() + 20
        while True:
            answer = self._send(request)
            if not request.until or time.monotonic() > end or settled(answer, request.until):
                break
            time.sleep(0.2)
        if request.save and answer.status in (200, 201):
            self.ids[request.save] = answer.json()["id"]
        time.sleep(request.pause)
        return answer

    def _send(self, request):
        headers, body = dict(request.headers), request.octets()
        if request.who in self.tokens:
            headers["X-Auth-Token"] = self.tokens[request.who]
        if body is not None:
            body = self._filled(body.decode("latin-1")).encode("latin-1")
        connection = http.client.HTTPConnection(HOST, self.port, timeout=60)
        with contextlib.closing(connection):
            try:
                connection.request(request.method, self._filled(request.path), body, headers)
                answer = connection.getresponse()
                return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
            except (OSError, http.client.HTTPException) as error:
                return Answer(0, {}, type(error).__name__.encode())

    def _filled(self, text):
        for name, value in self.ids.items():
            text = text.replace(f"{{{name}}}", value)
        return text


def settled(answer, until):
    """Whether an answer shows one of these states, and no task any more that leads there."""
    shown = answer.json() if answer.status == 200 else {}
    return shown.get("status") in until and "os_glance_import_task" not in shown


def ask(requests, pair):
    """The answers of both to all requests, which each gets in their order."""
    answers = [[], []]

    def run(number):
        for request in requests:
            answers[number].append(pair[number].answer(request))

    threads = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def judge(check, requests, answers):
    """Holds each difference against the verdicts.

    Where one server did what the other refused, what differs later on about the same image is that verdict's as well.
    """
    covered, unknown, same, parted = collections.Counter(), [], 0, {}
    for request, (glance, vitrine) in zip(requests, answers):
        found = differences(request, glance, vitrine, requests.known)
        same += not found
        for difference in found:
            verdict = next((each for each in VERDICTS if each.covers(request, difference)), None) or parted.get(subject(request))
            covered[verdict] += verdict is not None
            if verdict is None:
                unknown.append(f"{request} => {difference}")
            elif request.method != "GET" and (glance.status < 300) != (vitrine.status < 300):
                parted[subject(request)] = verdict
    check.note(f"{same} of {len(requests)} answers are the same; {sum(covered.values())} differences are meant")
    for verdict in VERDICTS:
        check.that(f"meant, {covered[verdict]} times: {verdict.reason}", covered[verdict] > 0)
    for each in unknown[:SHOWN]:
        check.that(each, False)
    check.equal("differences without a verdict", len(unknown), 0)


def subject(request):
    """The image or namespace that a request is about, or the request itself."""
    found = re.match(r"/v2/(?:images|metadefs/namespaces)/[^/?]+", request.path)
    return found.group() if found else str(request)


if __name__ == "__main__":
    Check("paired").run(main)
