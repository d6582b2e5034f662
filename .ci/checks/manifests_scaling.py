"""Whether the autoscaling of the workers keeps its word: by arithmetic over a table, by Prometheus' own evaluation of the queries, and by a
day that is simulated with the formulas of KEDA and of the HorizontalPodAutoscaler."""

import json
import math
import random
from dataclasses import dataclass, field

from vitrine import run

# Seconds: the HPA's own interval and KEDA's pollingInterval; and until a new pod works.
STEP, START = 15, 30
TOLERANCE = 0.1
# What waits, what each worker runs, and the workers that this needs.
TABLE = (
    (0, [], 0),
    (1, [], 1),
    (3, [], 2),
    (0, [1], 1),
    # One import each in three workers: two would have places for them, but a third one has work.
    (0, [1, 1, 1], 3),
    (0, [2, 2], 2),
    (5, [2, 2], 5),
    (1, [0, 0, 2], 2),
    (0, [0, 0, 0, 1], 1),
    # Downloads run beside import.concurrency; they count like others.
    (0, [10], 5),
    (40, [], 20),
    (400, [2] * 20, 20),
)


@dataclass
class Rule:
    """One metric of an autoscaler: what it counts, and how much of that one worker is for."""
    counts: str
    target: float

    def value(self, waiting, active):
        return waiting + sum(active) if self.counts == "load" else sum(1 for each in active if each)

    def proposal(self, value, current):
        """As the HPA has it for external metrics of the type AverageValue."""
        within = current and abs(value / (self.target * current) - 1) <= TOLERANCE
        return current if within else math.ceil(value / self.target)


@dataclass
class Scaler:
    """What a ScaledObject or HorizontalPodAutoscaler says."""
    rules: list
    least: int
    most: int
    cooldown: int
    window: int
    down: int
    down_period: int
    up_percent: int
    up_period: int

    def wanted(self, waiting, active, current):
        """Without the behaviour: the greatest of the proposals."""
        return max(rule.proposal(rule.value(waiting, active), current) for rule in self.rules)

    def bounded(self, count):
        return max(self.least, min(self.most, count))


def of_keda(scaled):
    spec = scaled["spec"]
    behavior = spec["advanced"]["horizontalPodAutoscalerConfig"]["behavior"]
    rules = [Rule("load" if "queue_depth" in trigger["metadata"]["query"] else "busy", float(trigger["metadata"]["threshold"])) for trigger in spec["triggers"]]
    return scaler(rules, spec["minReplicaCount"], spec["maxReplicaCount"], spec["cooldownPeriod"], behavior)


def of_hpa(autoscaler):
    spec = autoscaler["spec"]
    rules = [Rule("load" if metric["external"]["metric"]["name"].endswith("load") else "busy", float(metric["external"]["target"]["averageValue"]))
             for metric in spec["metrics"]]
    return scaler(rules, spec["minReplicas"], spec["maxReplicas"], 0, spec["behavior"])


def scaler(rules, least, most, cooldown, behavior):
    down, up = behavior["scaleDown"], behavior["scaleUp"]
    return Scaler(rules, least, most, cooldown, down["stabilizationWindowSeconds"], down["policies"][0]["value"], down["policies"][0]["periodSeconds"],
                  up["policies"][0]["value"], up["policies"][0]["periodSeconds"])


def check_scaling(check, directory, rendered, concurrency):
    keda = of_keda(rendered["openstack"].kind("ScaledObject")[0])
    hpa = of_hpa(rendered["ha"].named("HorizontalPodAutoscaler", "worker")[0])
    check.equal("a worker is for import.concurrency imports", [rule.target for rule in keda.rules + hpa.rules], [concurrency, 1.0] * 2)
    other = of_keda(rendered["chart-qemu-img"].kind("ScaledObject")[0])
    check.equal("the chart takes import.concurrency from config", other.rules[0].target, 3.0)
    for name, each in (("KEDA", keda), ("HPA", hpa)):
        table(check, name, each)
        for seed in (1, 2, 3):
            day(check, name, each, concurrency, seed)
    old = Scaler([Rule("load", 4.0)], 0, 20, 300, 300, 1, 60, 100, 30)
    check.that("the simulation sees a rule that takes busy workers away", Day(old, concurrency, 1).run().taken > 0)
    queries(check, directory, rendered)


def table(check, name, rule):
    wrong = []
    for waiting, active, needed in TABLE:
        for current in range(len(active), 21):
            found = rule.bounded(rule.wanted(waiting, active, current))
            busy = sum(1 for each in active if each)
            # Within the tolerance everything stays as it is.
            close = rule.bounded(needed) * (1 - 2 * TOLERANCE) <= found <= rule.bounded(needed) * (1 + 2 * TOLERANCE)
            if found < min(busy, rule.most) or not (found == rule.bounded(needed) or found == current and close):
                wrong.append((waiting, active, current, found))
    check.equal(f"{name}: the table of {len(TABLE)} situations, with each number of workers", wrong[:3], [])


@dataclass
class Worker:
    ready_at: int
    tasks: list = field(default_factory=list)
    leaves_by: int = 0


class Day:
    """A day of imports in steps of 15 s. Kubernetes always takes the worker with the most work, which is the worst it can do."""
    GRACE = 3600

    def __init__(self, rule, concurrency, seed):
        self.rule, self.concurrency, self.random = rule, concurrency, random.Random(seed)
        self.now = self.arrived = self.done = self.handed_back = self.taken = self.worker_seconds = self.peak = 0
        self.longest_wait, self.least = 0, 99
        self.queue, self.workers = [], [Worker(0) for _ in range(rule.least)]
        self.recommended, self.changes, self.last_active = [], [], 0

    def run(self):
        while self.now < 86400:
            self._arrive()
            self._work()
            self._scale()
            self.now += STEP
        return self

    @property
    def running(self):
        return sum(len(worker.tasks) for worker in self.workers)

    def _staying(self):
        return [worker for worker in self.workers if not worker.leaves_by]

    def _arrive(self):
        hour = self.now / 3600
        rate = 0.0 if hour < 6 else 40 if 9 <= hour < 17 else 6
        count = sum(self.random.random() < rate / 3600 for _ in range(STEP))
        # Somebody brings a catalog over.
        count += 60 if self.now == 10 * 3600 else 0
        for _ in range(count):
            self.arrived += 1
            self.queue.append((self.now, min(3000, int(self.random.lognormvariate(5.3, 1.0)))))

    def _work(self):
        for worker in list(self.workers):
            worker.tasks = [(left - STEP) for left in worker.tasks]
            self.done += sum(left <= 0 for left in worker.tasks)
            worker.tasks = [left for left in worker.tasks if left > 0]
            if worker.leaves_by and (not worker.tasks or worker.leaves_by <= self.now):
                self.handed_back += len(worker.tasks)
                self.queue = [(self.now, left) for left in worker.tasks] + self.queue
                self.workers.remove(worker)
        for worker in self._staying():
            while self.queue and worker.ready_at <= self.now and len(worker.tasks) < self.concurrency:
                since, length = self.queue.pop(0)
                self.longest_wait = max(self.longest_wait, self.now - since)
                worker.tasks.append(length)
        self.worker_seconds += STEP * len(self.workers)
        self.peak, self.least = max(self.peak, len(self._staying())), min(self.least, len(self._staying()))

    def _scale(self):
        staying = self._staying()
        current = len(staying)
        # Prometheus also sees the workers that leave.
        active = [len(worker.tasks) for worker in self.workers]
        waiting = len(self.queue)
        if waiting or any(active):
            self.last_active = self.now
        if self.rule.least == 0 and current <= 1 and not (waiting or any(active)):
            if current and self.now - self.last_active >= self.rule.cooldown:
                self._to(0)
            return
        wanted = max(self.rule.bounded(self.rule.wanted(waiting, active, current)), 1)
        self.recommended = [(at, count) for at, count in self.recommended if at > self.now - self.rule.window] + [(self.now, wanted)]
        if wanted > current:
            before = min([current, *(count for at, count in self.changes if at > self.now - self.rule.up_period)])
            self._to(min(wanted, max(current, 1, math.ceil(before * (1 + self.rule.up_percent / 100)))))
        elif wanted < current:
            stable = max(count for _at, count in self.recommended)
            before = max([current, *(count for at, count in self.changes if at > self.now - self.rule.down_period)])
            self._to(max(min(stable, current), min(current, before - self.rule.down)))

    def _to(self, count):
        staying = self._staying()
        if count < sum(1 for worker in staying if worker.tasks):
            self.taken += 1
        if count != len(staying):
            self.changes.append((self.now, len(staying)))
        for worker in sorted(staying, key=lambda each: -len(each.tasks))[:max(0, len(staying) - count)]:
            worker.leaves_by = self.now + self.GRACE
        self.workers += [Worker(self.now + START) for _ in range(count - len(staying))]


def day(check, name, rule, concurrency, seed):
    it = Day(rule, concurrency, seed).run()
    check.that(f"{name}, day {seed}: no scaling leaves fewer workers than have work", it.taken == 0, it.taken or "")
    check.equal(f"{name}, day {seed}: imports that came, ended, run, wait", it.arrived, it.done + it.running + len(it.queue))
    check.equal(f"{name}, day {seed}: imports that were handed back", it.handed_back, 0)
    check.that(f"{name}, day {seed}: none waits for longer than 5 minutes", it.longest_wait <= 300, f"{it.longest_wait} s")
    check.that(f"{name}, day {seed}: from {rule.least} workers to what is needed", it.least == rule.least and it.peak > 10,
               f"{it.least} to {it.peak}, {it.arrived} imports in {it.worker_seconds / 3600:.0f} hours of workers")


def queries(check, directory, rendered):
    """What the queries say of a queue of 5 that three processes report, a worker with 2 imports and an idle one; of a queue without any
    worker; and when nobody reports."""
    keda = [trigger["metadata"]["query"] for trigger in rendered["openstack"].kind("ScaledObject")[0]["spec"]["triggers"]]
    chart = [trigger["metadata"]["query"] for trigger in rendered["chart-openstack"].kind("ScaledObject")[0]["spec"]["triggers"]]
    adapter = [each["metricsQuery"].replace("<<.LabelMatchers>>", 'namespace="openstack"') for each in rendered["adapter"]]
    labels = 'namespace="openstack", job="vitrine"'
    queue = [{"series": f'vitrine_import_queue_depth{{{labels}, pod="{pod}"}}', "values": "5x5"} for pod in ("api-1", "worker-1", "worker-2")]
    active = [{"series": f'vitrine_import_active{{{labels}, pod="worker-{at}"}}', "values": f"{count}x5"} for at, count in ((1, 2), (2, 0))]
    foreign = [{"series": f'{name}{{namespace="other", job="other", pod="p"}}', "values": "9x5"} for name in ("vitrine_import_queue_depth", "vitrine_import_active")]
    situations = {"work": (queue + active, [7, 1]), "no workers": (queue[:1], [5, 0]), "silence": ([], None)}
    tests = []
    for series, values in situations.values():
        expected = []
        for expressions in (keda, chart, adapter):
            namespaced = '{namespace="openstack"}' if expressions is adapter else "{}"
            for at, expression in enumerate(expressions):
                if values:
                    expected.append({"expr": expression, "eval_time": "3m", "exp_samples": [{"labels": namespaced, "value": values[at]}]})
                elif at == 0:
                    # No number, which KEDA takes as a failure; the count of busy workers is 0 then, and the greater one fails.
                    expected.append({"expr": expression, "eval_time": "3m"})
        tests.append({"interval": "1m", "input_series": series + foreign, "promql_expr_test": expected})
    (directory / "scaling.test.json").write_text(json.dumps({"tests": tests}))
    done = run("promtool", "test", "rules", directory / "scaling.test.json", check=False)
    check.that("Prometheus evaluates the queries to that", done.returncode == 0, (done.stdout + done.stderr).strip()[-900:])
