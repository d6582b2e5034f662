"""What the manifests monitor and test, with running processes: every query of the dashboard has an answer from a real Prometheus that scrapes
two API processes and two workers, the table of metrics says what they show, and the chart's test does its job against them."""

import json
import os
import re
import subprocess
import threading
import urllib.parse

from manifests_render import CHART, K8S
from vitrine import HOST, KIB, MIB, Check, Failed, Server, at_exit, call, convert, free_port, random_bytes, random_file, run, wait


def dashboard(check, directory, rendered):
    servers = start(check, directory)
    prometheus = Prometheus(directory, servers, rendered)
    stop = threading.Event()
    traffic = threading.Thread(target=work, args=(directory, servers, stop), daemon=True)
    traffic.start()
    check.eventually("Prometheus scrapes all four", 30, lambda: len(prometheus.query("up == 1")) == 4, lambda: prometheus.query("up"))
    panels = json.loads(next(each["data"]["vitrine.json"] for each in rendered.kind("ConfigMap") if "vitrine.json" in each["data"]))["panels"]
    queries = [(panel["title"], target["expr"]) for panel in panels for target in panel.get("targets", [])]
    for title, expression in queries:
        expression = expression.replace("$namespace", "openstack").replace("$job", "vitrine").replace("$__rate_interval", "20s")
        check.eventually(f"\"{title}\" has an answer", 40, lambda: answers(prometheus.query(expression)), lambda: prometheus.query(expression))
    for rule in rendered.kind("PrometheusRule")[0]["spec"]["groups"][0]["rules"]:
        check.that(f"{rule['alert']} is silent", prometheus.query(rule["expr"]) == [], prometheus.query(rule["expr"]))
    for trigger in rendered.kind("ScaledObject")[0]["spec"]["triggers"]:
        query = trigger["metadata"]["query"]
        check.that(f"workers can be scaled by {query}", answers(prometheus.query(query)), prometheus.query(query))
    check.eventually("the scrub has read data", 30, lambda: any("vitrine_scrub_blobs_total{" in metrics(server) for server in servers))
    stop.set()
    traffic.join(60)
    documented(check, servers)
    chart_test(check, servers[0])
    for server in servers[::-1]:
        check.that(f"{server.directory.name} ends on SIGTERM", server.stop() in (0, 143))


def chart_test(check, server):
    """What "helm test" runs in a pod."""
    done = run("sh", CHART / "scripts" / "test.sh", env={**os.environ, "API": f"http://{HOST}:{server.port}"}, check=False)
    said = [line.split(":")[0] for line in done.stdout.splitlines()]
    check.that("the chart's test passes", done.returncode == 0 and "staged, imported and downloaded" in said, (done.stdout + done.stderr).strip()[-300:])
    done = run("sh", CHART / "scripts" / "test.sh", env={**os.environ, "API": f"http://{HOST}:{free_port()}"}, check=False)
    check.that("it fails where nothing answers", done.returncode != 0)
    left = server.call("GET", "/v2/images?name=helm-test").json()["images"]
    check.equal("it leaves no images", left, [])


def start(check, directory):
    """Four processes; the first has the database, and all have the same stores."""
    servers, environment = [], {}
    for name, roles in (("api-1", "http,store"), ("api-2", "http,store"), ("worker-1", "import,store"), ("worker-2", "import,store")):
        own = directory / name
        own.mkdir()
        conf = own / "stores.yaml"
        conf.write_text(f"stores: {{backends: {{local: {{kind: file, dir: {directory}/store}}}}, staging: {{dir: {directory}/staging}}}}\n")
        server = Server(own, {**environment, "VITRINE_ROLES": roles, "VITRINE_NODE__NAME": name, "VITRINE_CACHE__ENABLED": "true",
                              "VITRINE_LEASE__GC_INTERVAL": "1s", "VITRINE_SCRUB__INTERVAL": "1s",
                              "VITRINE_NOTIFICATIONS__AMQP__HOSTS": f"{HOST}:1"}, ["-Xmx160m", "-XX:TieredStopAtLevel=1"])
        server.command += ["--conf", str(conf)]
        check.note(f"{name} ready after {server.start():.1f} s")
        if not environment:
            environment = {"VITRINE_DATABASE__URL": (server.data / "postgresql" / "address").read_text().strip()}
        servers.append(server)
    return servers


def work(directory, servers, stop):
    """Uploads, downloads, imports, transfers that break and requests that fail, until told to stop."""
    apis = servers[:2]
    disk = convert(random_file(directory / "disk", 2 * MIB), directory / "disk.qcow2", "qcow2").read_bytes()
    # One that stays, so that the scrub finds something to read.
    apis[0].upload(apis[0].create(), random_bytes(MIB, "kept"))
    number = 0
    while not stop.is_set():
        first, second = apis[number % 2], apis[1 - number % 2]
        number += 1
        image = first.create()
        first.upload(image, random_bytes(MIB, number), chunk=64 * KIB)
        second.sha512(image)
        second.call("GET", "/v2/images")
        second.call("GET", "/v2/images/none")
        staged = first.create("qcow2")
        first.upload(staged, disk, target="stage")
        second.import_image(staged, "glance-direct")
        wait(lambda: first.status(staged) == "active" or stop.is_set(), 20)
        for made in (image, staged):
            second.call("DELETE", f"/v2/images/{made}")


def answers(result):
    """Whether there is a number; divisions of nothing are not."""
    return any(each["value"][1] != "NaN" for each in result)


def metrics(server):
    return call(server.management, "GET", "/metrics").body.decode()


def documented(check, servers):
    """The table of metrics against what the processes show."""
    shown = {}
    for server in servers:
        text = metrics(server)
        for name, kind in re.findall(r"^# TYPE (vitrine_\w+) (\w+)", text, re.M):
            samples = re.findall(rf"^{name}(?:_bucket|_count|_sum)?{{([^}}]*)}}", text, re.M)
            labels = {label for sample in samples for label in re.findall(r"(\w+)=\"", sample)} - {"le"}
            shown.setdefault(name, (kind, set()))[1].update(labels)
    # Of each summary and histogram.
    shown = {name: found for name, found in shown.items() if name.removesuffix("_max") not in shown or not name.endswith("_max")}
    table = {}
    for name, kind, labels in re.findall(r"^\| `(vitrine_\w+)` \| (\w+) \|([^|]*)\|", (K8S / "README.md").read_text(), re.M):
        table[name] = (kind, set(re.findall(r"`(\w+)`", labels)))
    check.equal("every metric is documented", sorted(shown.keys() - table.keys()), [])
    check.equal("every documented metric is there", sorted(table.keys() - shown.keys()), [])
    wrong = {name: (shown[name], table[name]) for name in shown.keys() & table.keys() if shown[name] != table[name]}
    check.equal("with these types and labels", wrong, {})


def labels(rendered, pod):
    """What the Prometheus operator makes of the PodMonitor and of the labels of a pod."""
    monitor = rendered.kind("PodMonitor")[0]["spec"]
    own = rendered.named("Deployment", pod.split("-")[0])[0]["spec"]["template"]["metadata"]["labels"]
    discovered = {"__meta_kubernetes_pod_label_" + re.sub(r"\W", "_", key): value for key, value in own.items()}
    if not monitor["selector"]["matchLabels"].items() <= own.items():
        raise Failed(f"the PodMonitor does not select {pod}")
    named = {rule["targetLabel"]: discovered[rule["sourceLabels"][0]] for rule in monitor["podMetricsEndpoints"][0]["relabelings"]}
    return {"namespace": "openstack", "pod": pod, "job": own[monitor["jobLabel"]], **named}


class Prometheus:
    """A Prometheus that scrapes the servers every second, with the labels that the PodMonitor gives."""

    def __init__(self, directory, servers, rendered):
        self.port = free_port()
        home = directory / "prometheus"
        home.mkdir()
        targets = [{"targets": [f"{HOST}:{server.management}"], "labels": labels(rendered, server.directory.name)} for server in servers]
        config = {"global": {"scrape_interval": "1s", "scrape_timeout": "1s"},
                  "scrape_configs": [{"job_name": "podMonitor/openstack/vitrine/0", "static_configs": targets}]}
        (home / "prometheus.yml").write_text(json.dumps(config))
        with open(home / "log", "ab") as log:
            self.process = subprocess.Popen(["prometheus", f"--config.file={home}/prometheus.yml", f"--storage.tsdb.path={home}/data",
                                             f"--web.listen-address={HOST}:{self.port}"], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        at_exit(self._end)
        if not wait(self._ready, 60, 0.5):
            raise Failed((home / "log").read_text()[-600:])

    def query(self, expression):
        answer = call(self.port, "GET", "/api/v1/query?" + urllib.parse.urlencode({"query": expression})).json()
        if answer["status"] != "success":
            raise Failed(f"{expression}: {answer}")
        return answer["data"]["result"]

    def _ready(self):
        try:
            return call(self.port, "GET", "/-/ready").status == 200
        except OSError:
            return False

    def _end(self):
        self.process.terminate()
        self.process.wait(20)
