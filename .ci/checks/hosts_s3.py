"""The S3 server of hosts.py: Ceph's gateway in the network of the hub, with the buckets of the overlay "ha"."""

import http.client
import json
import urllib.parse

import ceph
from hosts_rig import NET
from vitrine import Failed

BUCKETS = ("images", "images-staging")


class ObjectStore:
    def __init__(self, directory):
        """Starts it. The network of the hub must be there and entered, Ceph installed."""
        self.server = ceph.Ceph(directory / "ceph").start(addresses=(f"{NET}.1",))
        login = self._call("GET", "/auth/1.0", {"X-Auth-User": ceph.SWIFT_USER, "X-Auth-Key": ceph.SWIFT_KEY})
        self.token = {"X-Auth-Token": login.getheader("X-Auth-Token")}
        for bucket in BUCKETS:
            self._call("PUT", f"/swift/v1/{bucket}", self.token)

    def settings(self, bucket):
        """What a store of Vitrine's in a bucket is configured by, as YAML on one line."""
        access, secret = ceph.S3_KEYS
        return (f"{{kind: s3, s3: {{endpoint: \"http://{NET}.1:{self.server.port}\", region: us-east-1, bucket: {bucket}, "
                f"path_style: true, access_key: {access}, secret_key: {secret}, memory: 32MiB}}}}")

    def objects(self, bucket):
        """The names of all objects; the API of Swift shows the same buckets, and asks for no signature."""
        names = []
        while True:
            query = urllib.parse.urlencode({"format": "json", "marker": names[-1] if names else ""})
            page = json.loads(self._call("GET", f"/swift/v1/{bucket}?{query}", self.token).body)
            if not page:
                return names
            names += [entry["name"] for entry in page]

    def _call(self, method, path, headers):
        connection = http.client.HTTPConnection(f"{NET}.1", self.server.port, timeout=60)
        try:
            connection.request(method, path, headers=headers)
            answer = connection.getresponse()
            answer.body = answer.read()
        finally:
            connection.close()
        if answer.status >= 300:
            raise Failed(f"{method} {path} of the gateway answered {answer.status} {answer.body[:200]}")
        return answer
