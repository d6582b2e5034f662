"""One row of failover.py: a fault, its cure, and how long the processes took to go on after that."""

import collections
import contextlib
import http.client
import threading
import time

from failover_load import GOOD
from vitrine import call, short, wait

PROMPT = 10  # seconds from the cure to the first good answer, or the next import of a worker
CALM = 3  # seconds in which nothing may fail after that
READS, WRITES = ("list",), ("create", "upload", "stage", "import", "delete")

Probe = collections.namedtuple("Probe", "began at status")


class Watch:
    """The readiness of each process all the time, and when each worker finished an import."""

    def __init__(self, nodes):
        self.nodes, self.running = nodes, True
        self.probes = {node.name: [] for node in nodes}
        self.successes = {node.name: [] for node in nodes}
        for node in nodes:
            for look in (self._probe, self._read):
                threading.Thread(target=look, args=(node,), daemon=True).start()

    def _probe(self, node):
        while self.running:
            began = time.monotonic()
            try:
                status = call(9293, "GET", "/health/ready", seconds=5, host=node.address).status
            except (OSError, http.client.HTTPException):
                status = 0
            self.probes[node.name].append(Probe(began, time.monotonic(), status))
            time.sleep(0.2)

    def _read(self, node):
        with open(node.log, errors="replace") as log:
            while self.running:
                for line in log:
                    if " succeeded" in line:
                        self.successes[node.name].append(time.monotonic())
                time.sleep(0.1)

    def is_ready(self, node):
        return bool(self.probes[node.name]) and self.probes[node.name][-1].status == 200


class Row:
    """What happened from a fault until all was well again."""

    def __init__(self, name, site):
        self.name, self.site, self.nodes, self.watch = name, site, site.nodes, site.watch
        self.began, self.ended, self.settled, self.cures, self.load = time.monotonic(), None, None, {}, site.load

    def cured(self, nodes):
        """From now on these have all that they need."""
        self.cures.update((node.name, time.monotonic()) for node in nodes if node.name not in self.cures)

    def play(self, happening):
        self.site.check.section(self.name)
        happening(self.site, self)
        self.cured(self.nodes)
        wait(self._is_over, 90, 0.1)
        self.settled = time.monotonic()
        time.sleep(CALM)
        self.ended = time.monotonic()
        self._judge()
        return self

    def _is_over(self):
        return all(self.watch.is_ready(node) and self._recovered(node) for node in self.nodes)

    def _recovered(self, node):
        return all(seconds is not None for seconds in self._recovery(node).values())

    def _recovery(self, node):
        """Seconds from the cure to the first good answers of an API process, or the first import of a worker; None if there is none."""
        cure = self.cures[node.name]
        if node in self.site.workers:
            return {"imports": first(at - cure for at in self.watch.successes[node.name] if at > cure)}
        mine = [answer for answer in list(self.load.answers) if answer.api == node.name and answer.at > cure and answer.status in GOOD]
        return {what: first(answer.at - cure for answer in mine if answer.kind in kinds) for what, kinds in (("reads", READS), ("writes", WRITES))}

    def _answers(self):
        return [answer for answer in self.load.answers if answer.at > self.began and answer.began < self.ended]

    # the verdict

    def _judge(self):
        check, answers = self.site.check, self._answers()
        bad = [answer for answer in answers if answer.status not in (*GOOD, 503) and (answer.kind, answer.status) != ("import", 409)]
        check.equal("no answer is 500, none is missing", [told(answer) for answer in bad[:5]], [])
        unsaid = [answer for answer in answers if answer.status == 503 and not answer.retry_after]
        check.equal("each 503 says when to try again", [told(answer) for answer in unsaid[:5]], [])
        late = {node.name: told_seconds(self._recovery(node)) for node in self.nodes
                if any(seconds is None or seconds > PROMPT for seconds in self._recovery(node).values())}
        check.equal(f"all go on within {PROMPT} s of the cure", late, {})
        after = [answer for answer in answers if answer.began > self.settled and answer.status not in GOOD]
        check.equal("nothing fails after that", [told(answer) for answer in after[:5]], [])
        slow = {node.name: f"{self._slowest(node):.1f} s" for node in self.nodes if self._slowest(node) > 1}
        check.equal("readiness was told within a second", slow, {})
        check.note(self.line())

    def lost(self, all_lost):
        """Of what was lost, how much was acknowledged in this row, and of how much."""
        mine = {image for image, at in self.load.acknowledged.items() if self.began < at < self.ended}
        return f"lost {len(mine & set(all_lost))} of {len(mine)} images acknowledged"

    def _probes(self, node):
        return [probe for probe in self.watch.probes[node.name] if probe.at > self.began and probe.began < self.ended]

    def _slowest(self, node):
        return max(probe.at - probe.began for probe in self._probes(node))

    def line(self):
        """The row in one line of the report."""
        counts = collections.Counter(answer.status or "none" for answer in self._answers())
        parts = [f"{node.name} {told_seconds(self._recovery(node))}{self._readiness(node)}" for node in self.nodes]
        statuses = " ".join(f"{status}:{count}" for status, count in sorted(counts.items(), key=str))
        return f"{self.name}: {self.ended - self.began - CALM:.0f} s in all; " + "; ".join(parts) + f"; answers {statuses}"

    def _readiness(self, node):
        down = [probe for probe in self._probes(node) if probe.status != 200]
        if not down:
            return ", ready all along"
        up = first(probe.at for probe in self._probes(node) if probe.at > down[-1].at)
        return f", down at {down[0].at - self.began:.1f} s, up at {up - self.began:.1f} s" if up else ", down for good"


def first(times):
    return next(iter(sorted(times)), None)


def told_seconds(recovery):
    return ", ".join(f"{what} {'never' if seconds is None else f'{seconds:.1f} s'}" for what, seconds in recovery.items())


def told(answer):
    return f"{answer.api} {answer.kind} {answer.status} after {answer.at - answer.began:.1f} s {short(answer.body.decode(errors='replace'), 120)}"
