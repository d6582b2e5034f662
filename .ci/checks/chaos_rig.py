"""API processes and workers over one database, the stores and the staging area of which all see; what must be left in the end."""

import threading

from vitrine import Failed, Server

STORES = ("local", "second")


def start(check, directory, environment, apis=2, workers=2, of_workers=None, conf=""):
    """(API processes, workers): the first API process owns the database; the settings are by the names of the environment's variables, conf more of them in YAML."""
    (directory / "more.yaml").write_text(conf)
    shared = {
        "VITRINE_STORES__BACKENDS__LOCAL__DIR": str(directory / "stores" / "local"),
        "VITRINE_STORES__BACKENDS__SECOND__DIR": str(directory / "stores" / "second"),
        "VITRINE_STORES__STAGING__DIR": str(directory / "staging"),
        **{f"VITRINE_STORES__{place}__SHARED": "true" for place in ("BACKENDS__LOCAL", "BACKENDS__SECOND", "STAGING")},
        "VITRINE_IMPORT__MAX_ATTEMPTS": "100",
        **environment,
    }
    first = process(directory, "api-1", shared, roles="http,store")
    check.note(f"api-1 is ready after {first.start():.1f} s")
    shared["VITRINE_DATABASE__URL"] = (first.data / "postgresql" / "address").read_text().strip()
    others = [process(directory, f"api-{number}", shared, "http,store") for number in range(2, apis + 1)]
    at_work = [process(directory, f"worker-{number}", {**shared, **(of_workers or {})}, "import,store") for number in range(1, workers + 1)]
    start_all(others + at_work)
    return [first, *others], at_work


def process(directory, name, environment, roles):
    home = directory / name
    home.mkdir()
    server = Server(home, {**environment, "VITRINE_NODE__NAME": name, "VITRINE_ROLES": roles}, ("-Xmx192m",))
    server.command += ["--conf", str(directory / "more.yaml")]
    return server


def start_all(servers):
    """Starts them at the same time, and returns when all are ready."""
    starting = [threading.Thread(target=server.start, daemon=True) for server in servers]
    for each in starting:
        each.start()
    for each in starting:
        each.join(180)
    if not all(server.ready() for server in servers):
        raise Failed("\n".join(server.tail(10) for server in servers if not server.ready()))


def check_once(check, api, imports):
    """One blob for each image and store, and one file for each blob."""
    wanted = sorted((each.image, store) for each in imports for store in each.wanted)

    def rows():
        return sorted(map(tuple, api.rows("select image_id, store from blobs")))

    check.eventually("each import was stored once in each of its stores, nothing is staged", 30, lambda: rows() == wanted,
                     lambda: set(rows()) ^ set(wanted))
    check.eventually("no file more than that", 30, lambda: len(files(api)) == len(wanted), lambda: (len(files(api)), len(wanted)))


def files(api, *places):
    """All files of these places: by default, of the stores and of the staging area."""
    root = api.directory.parent
    return [path for place in places or ("stores", "staging") for path in (root / place).rglob("*") if path.is_file()]
