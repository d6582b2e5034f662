"""The overlay of an operator, written by the README over "ha", and what became of it on the node."""

import os

import yaml

from manifests_render import K8S
from node_isolation import ADDRESS
from node_platform import IMAGE, NAMESPACE, PASSWORD
from vitrine import Failed, wait

# Scrub and notifications as they are worth a look at within minutes; nobody hears these. A process that starts beside all others on two
# processors may need some time for its first connection.
LOCAL = """
identity: {{kind: none, allow_non_loopback: true}}
database: {{connect_timeout: 20s}}
cache: {{enabled: true, max_size: 200MiB}}
scrub: {{interval: 1m, recheck_interval: 10s, rate: 4MiB}}
notifications: {{max_pending: 50, amqp: {{hosts: ["{address}:9"]}}}}
stores:
  default: objects
  backends:
    objects:
      kind: s3
      s3: &objects {{endpoint: "{endpoint}", region: us-east-1, bucket: images, path_style: true}}
  staging:
    kind: s3
    s3: {{<<: *objects, bucket: images-staging}}
"""
# A node with two processors has no room for what the pods ask for, and no metrics to scale the workers by.
KUSTOMIZATION = """
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: {namespace}
resources: [{k8s}/overlays/ha]
components: [{k8s}/components/cnpg, {k8s}/components/glance-api]
configMapGenerator:
  - {{name: vitrine, behavior: merge, files: [local.yaml]}}
images:
  - {{name: {image}, newTag: {tag}}}
patches:
  - target: {{kind: Job}}
    options: {{allowNameChange: true}}
    patch: |-
      - {{op: replace, path: /metadata/name, value: vitrine-migrate-{tag}}}
  - target: {{kind: Deployment}}
    patch: |-
      - {{op: replace, path: /spec/template/spec/containers/0/resources/requests/cpu, value: 10m}}
      - {{op: replace, path: /spec/template/spec/initContainers/0/resources/requests/cpu, value: 10m}}
  - patch: |-
      $patch: delete
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {{name: vitrine-worker}}
"""

class Site:
    def __init__(self, directory, node, platform):
        self.node, self.platform = node, platform
        self.overlay = directory / "site"
        self.overlay.mkdir()
        (self.overlay / "local.yaml").write_text(LOCAL.format(endpoint=platform.endpoint, address=ADDRESS))

    def apply(self, tag):
        """All at once, as an upgrade too: the image is another one."""
        k8s = os.path.relpath(K8S, self.overlay.resolve())
        (self.overlay / "kustomization.yaml").write_text(KUSTOMIZATION.format(namespace=NAMESPACE, k8s=k8s, image=IMAGE, tag=tag))
        return self.node.kubectl("apply", "-k", self.overlay)

    def object(self, kind):
        """An object of the overlay, which this node's API may not know."""
        made = yaml.safe_load_all(self.node.kubectl("kustomize", self.overlay).stdout)
        return next(each for each in made if each["kind"] == kind)

    def deployment(self, component):
        return self.node.get(f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments/vitrine-{component}")

    def pods(self, component):
        return self.node.pods(NAMESPACE, component)

    def is_settled(self, component):
        """Whether all pods are of the newest kind and ready, and the others have ended."""
        found = self.deployment(component)
        status, wanted = found["status"], found["spec"]["replicas"]
        counts = {status.get(field, 0) for field in ("replicas", "updatedReplicas", "readyReplicas", "availableReplicas")}
        everything = self.node.get(f"/api/v1/namespaces/{NAMESPACE}/pods?labelSelector=app.kubernetes.io/component%3D{component}")["items"]
        return status.get("observedGeneration") == found["metadata"]["generation"] and counts == {wanted} and len(everything) == wanted

    def settle(self, *components, seconds=1200):
        for component in components or ("api", "worker"):
            if not wait(lambda: self.is_settled(component), seconds, 0.5):
                raise Failed(f"{component} is not there: {self.words(component)}")

    def job(self, tag):
        """How the Job of a version ended."""
        found = self.node.get(f"/apis/batch/v1/namespaces/{NAMESPACE}/jobs/vitrine-migrate-{tag}")
        return {kind: found["status"].get(kind, 0) for kind in ("succeeded", "failed")} if found else None

    def address(self):
        """Of the API, for whoever is in the cluster."""
        return self.node.get(f"/api/v1/namespaces/{NAMESPACE}/services/vitrine-api")["spec"]["clusterIP"]

    def words(self, component):
        """What the pods say, and Kubernetes of them, without the password."""
        told = [self.node.kubectl("-n", NAMESPACE, "get", "pods,events", "-o", "wide", check=False).stdout[-1500:]]
        for name in self.pods(component):
            told.append(self.node.kubectl("-n", NAMESPACE, "logs", name, "--all-containers", "--tail=5", check=False).stdout[-1500:])
        return "\n".join(told).replace(PASSWORD, "…")
