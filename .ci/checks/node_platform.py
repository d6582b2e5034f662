"""What a platform has before Vitrine comes to it: a registry, a PostgreSQL that takes TLS only, as an operator for databases sets it up, an S3
server, and a namespace with others' things in it."""

import base64
import os
import pathlib
import subprocess

import ceph
from database_rig import PASSWORD, USER, Authority, Postgres
from node_isolation import ADDRESS, replace
from vitrine import GIB, Failed, at_exit, run, wait

NAMESPACE = "openstack"
REGISTRY = "registry.example"
IMAGE = f"{REGISTRY}/vitrine"
DATABASE = f"vitrine-database-rw.{NAMESPACE}"
PACKAGES = {"/usr/bin/docker-registry": "docker-registry", "/usr/bin/buildah": "buildah", "/usr/bin/psql": "postgresql-client",
            "/usr/bin/pg_createcluster": "postgresql", "/usr/bin/openssl": "openssl", **ceph.PACKAGES}
BUCKETS = ("images", "images-staging")
# Room for all that the load leaves behind, and what was deleted goes at once.
DISK = 24 * GIB
GATEWAY = {"rgw_gc_obj_min_wait": 5, "rgw_gc_processor_period": 5}
# Of others, who share the namespace; nothing of Vitrine's may change or remove them.
SHARED = [
    {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE, "labels": {"team": "cloud"}}},
    {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "keystone", "namespace": NAMESPACE}, "data": {"of": "others"}},
]


class Platform:
    def __init__(self, directory, node):
        self.directory, self.node = directory, node
        self.authority = Authority(directory, "platform")

    def start_registry(self):
        """Whoever is here finds it by its name, and trusts its certificate."""
        certificate, key = self.authority.certify("registry", REGISTRY)
        settings = self.directory / "registry.yaml"
        settings.write_text(f"""
version: 0.1
storage: {{filesystem: {{rootdirectory: {self.directory}/registry}}}}
http: {{addr: "{ADDRESS}:443", tls: {{certificate: {certificate}, key: {key}}}}}
""")
        with open(self.directory / "registry.log", "wb") as log:
            self.registry = subprocess.Popen(["docker-registry", "serve", settings], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        at_exit(self.registry.terminate)
        replace(self.directory, pathlib.Path("/etc/hosts"), lambda text: f"{text}\n{ADDRESS} {REGISTRY}\n")
        replace(self.directory, pathlib.Path("/etc/ssl/certs/ca-certificates.crt"), lambda text: text + self.authority.certificate.read_text())
        address = ["curl", "-sSf", f"https://{REGISTRY}/v2/"]
        if not wait(lambda: run(*address, check=False).returncode == 0, 30, 0.5):
            raise Failed(f"the registry does not answer: {run(*address, check=False).stderr}")

    def make_image(self, name, base, *files, entry=()):
        """An image with further files of this machine, and another program to run if one is given; the name of it."""
        container = run("buildah", "from", base).stdout.strip()
        for file in files:
            run("buildah", "copy", "--quiet", container, os.path.realpath(file), file)
        if entry:
            run("buildah", "config", "--entrypoint", "[" + ", ".join(f'"{part}"' for part in entry) + "]", "--cmd", "", container)
        run("buildah", "commit", "--quiet", "--rm", container, name)
        return name

    def share(self):
        """The namespace and its Secrets."""
        host = f"{DATABASE}:5432"
        self.node.apply([*SHARED, *service("vitrine-database-rw", 5432),
                         # As CloudNativePG writes them.
                         secret("vitrine-database-app", uri=f"postgresql://{USER}:{PASSWORD}@{host}/{USER}", username=USER, password=PASSWORD, dbname=USER),
                         secret("vitrine-database-ca", **{"ca.crt": self.authority.certificate.read_text()}),
                         secret("vitrine-keystone", username="glance", password="nobody is asked"),
                         secret("vitrine-store", AWS_ACCESS_KEY_ID=ceph.S3_KEYS[0], AWS_SECRET_ACCESS_KEY=ceph.S3_KEYS[1])])

    def start_database(self):
        certificate, key = self.authority.certify("database", DATABASE)
        self.database = Postgres(self.directory, "database", f"listen_addresses={ADDRESS} max_connections=200 ssl=on "
                                                             f"ssl_cert_file={certificate} ssl_key_file={key}")
        self.database.port = 5432
        self.database.initialise("hostssl all all 0.0.0.0/0 scram-sha-256\n")

    def start_objects(self):
        home = self.directory / "ceph"
        self.objects = ceph.Ceph(home).start(GATEWAY, addresses=(ADDRESS,), disk_bytes=DISK)
        for bucket in BUCKETS:
            self.objects.make_bucket(bucket)
        self.endpoint = f"http://{ADDRESS}:{self.objects.port}"

    def others_are_untouched(self):
        """Whether what others have in the namespace, and itself, are as they made them."""
        namespace = self.node.get(f"/api/v1/namespaces/{NAMESPACE}")["metadata"]["labels"]
        kept = self.node.get(f"/api/v1/namespaces/{NAMESPACE}/configmaps/keystone")
        return namespace == {"team": "cloud"} and kept and kept["data"] == {"of": "others"}


def secret(name, **values):
    data = {key: base64.b64encode(value.encode()).decode() for key, value in values.items()}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "namespace": NAMESPACE}, "data": data}


def service(name, port):
    """A service of the namespace whose server is outside of the pods."""
    metadata = {"name": name, "namespace": NAMESPACE}
    return [{"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": {"ports": [{"port": port}]}},
            {"apiVersion": "v1", "kind": "Endpoints", "metadata": metadata, "subsets": [{"addresses": [{"ip": ADDRESS}], "ports": [{"port": port}]}]}]
