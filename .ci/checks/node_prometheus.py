"""A Prometheus in the cluster, which finds what it scrapes by the site's PodMonitor, as the Prometheus operator makes it do, and has the rules of
its PrometheusRule. They wait for SHORT only, before they fire."""

import json
import re
import urllib.parse

from node_discovery import Discovery
from node_platform import NAMESPACE, REGISTRY
from vitrine import Failed, call, run, wait

IMAGE = f"{REGISTRY}/prometheus:1"
MONITORING = "monitoring"
INTERVAL, SHORT = "5s", "10s"


class Prometheus:
    def __init__(self, node, platform, site):
        self.node = node
        run("buildah", "push", "--quiet", platform.make_image(IMAGE, f"{REGISTRY}/vitrine:0.1.0", "/usr/bin/prometheus", entry=("/usr/bin/prometheus",)))
        self.rules = site.object("PrometheusRule")["spec"]
        for rule in self.rules["groups"][0]["rules"]:
            rule["for"] = SHORT
        config = {"global": {"scrape_interval": INTERVAL, "scrape_timeout": INTERVAL, "evaluation_interval": INTERVAL}, "rule_files": ["/etc/prometheus/rules.json"],
                  "scrape_configs": [scrapes(site.object("PodMonitor"), Discovery(node, NAMESPACE).url)]}
        node.apply(objects({"prometheus.json": json.dumps(config), "rules.json": json.dumps(self.rules)}))
        if not wait(self._answers, 120, 0.5):
            raise Failed(f"Prometheus does not answer: {node.kubectl('-n', MONITORING, 'logs', 'prometheus', check=False).stdout[-800:]}")

    def query(self, expression):
        answer = self._ask("/api/v1/query?" + urllib.parse.urlencode({"query": expression}))
        if answer["status"] != "success":
            raise Failed(f"{expression}: {answer}")
        return answer["data"]["result"]

    def firing(self, alert):
        """The label sets by which an alert fires."""
        return [each["labels"] for each in self._ask("/api/v1/alerts")["data"]["alerts"] if each["state"] == "firing" and each["labels"]["alertname"] == alert]

    def scraped(self):
        """The pods that answer, by component."""
        return sorted((each["metric"]["component"], each["metric"]["pod"]) for each in self.query('up{job="vitrine"} == 1'))

    def _ask(self, path):
        return call(9090, "GET", path, host=self.address).json()

    def _answers(self):
        pod = self.node.get(f"/api/v1/namespaces/{MONITORING}/pods/prometheus")
        self.address = pod["status"].get("podIP")
        try:
            return self.address and call(9090, "GET", "/-/ready", host=self.address, seconds=5).status == 200
        except OSError:
            return False


def scrapes(monitor, pods):
    """What the Prometheus operator makes of a PodMonitor, as far as ours goes; pods is where the pods of its namespace are told."""
    spec, endpoint = monitor["spec"], monitor["spec"]["podMetricsEndpoints"][0]
    label = lambda name: "__meta_kubernetes_pod_label_" + re.sub(r"\W", "_", name)
    rules = [{"action": "drop", "source_labels": ["__meta_kubernetes_pod_phase"], "regex": "(Failed|Succeeded)"}]
    rules += [{"action": "keep", "source_labels": [label(name)], "regex": re.escape(value)} for name, value in spec["selector"]["matchLabels"].items()]
    rules += [{"action": "keep", "source_labels": ["__meta_kubernetes_pod_container_port_name"], "regex": endpoint["port"]}]
    rules += [{"source_labels": [f"__meta_kubernetes_{name}"], "target_label": target}
              for name, target in (("namespace", "namespace"), ("pod_container_name", "container"), ("pod_name", "pod"))]
    rules += [{"source_labels": [label(spec["jobLabel"])], "target_label": "job"}]
    rules += [{"source_labels": rule["sourceLabels"], "target_label": rule["targetLabel"]} for rule in endpoint.get("relabelings", [])]
    return {"job_name": f"podMonitor/{NAMESPACE}/vitrine/0", "metrics_path": endpoint["path"], "relabel_configs": rules,
            "http_sd_configs": [{"url": pods, "refresh_interval": "1s"}]}


def objects(files):
    """Its namespace, its configuration and its pod, whose label the NetworkPolicies of Vitrine know."""
    named = {"name": "prometheus", "namespace": MONITORING}
    return [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": MONITORING}},
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": named, "data": files},
        {"apiVersion": "v1", "kind": "Pod", "metadata": {**named, "labels": {"app.kubernetes.io/name": "prometheus"}}, "spec": {
            "automountServiceAccountToken": False,
            "containers": [{"name": "prometheus", "image": IMAGE, "args": ["--config.file=/etc/prometheus/prometheus.json", "--storage.tsdb.path=/data"],
                            "volumeMounts": [{"name": "config", "mountPath": "/etc/prometheus"}, {"name": "data", "mountPath": "/data"}]}],
            "volumes": [{"name": "config", "configMap": {"name": "prometheus"}}, {"name": "data", "emptyDir": {}}],
            "securityContext": {"fsGroup": 10001}}},
    ]
