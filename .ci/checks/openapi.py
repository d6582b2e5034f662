"""The document of the API, as it lies in the source and as it is served, passes the linter of Redocly."""

import json

from vitrine import ROOT, Check, Server, run

LINTER = "@redocly/cli@2.77.0"


def main(check, directory):
    run("npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", directory, LINTER)
    linter = directory / "node_modules" / ".bin" / "redocly"
    server = Server(directory, {})
    server.start()
    served = directory / "served.json"
    served.write_bytes(server.call("GET", "/openapi.json").body)
    wrong = directory / "wrong.json"
    wrong.write_text(json.dumps({**json.loads(served.read_text()), "servers": []}))
    check.that("what is wrong is found", totals(linter, wrong)["errors"] > 0)
    check.equal("the document that is served", totals(linter, served), {"errors": 0, "warnings": 0, "ignored": 0})
    # Its schemas are those of the API only when it is served; until then they lack properties.
    check.equal("the source of it", totals(linter, ROOT / "src" / "main" / "resources" / "openapi.yaml")["errors"], 0)
    check.equal("it ends on SIGTERM", server.stop() in (0, 143), True)


def totals(linter, document):
    return json.loads(run(linter, "lint", document, "--format=json", check=False).stdout)["totals"]


if __name__ == "__main__":
    Check("openapi").run(main)
