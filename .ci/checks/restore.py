"""Backup and restore: a database and stores of different moments; what store check says then, and what it repairs.

A server works while its database is dumped and its stores are copied, and goes on. Then (a) the older database is restored over the
newer stores, (b) the newer database over an older store, (c) database and stores of one moment. Whatever users still see must have
its data or be named by store check.
"""

import json
import shutil
import subprocess
import time

from database_rig import USER, Postgres, program
from vitrine import JAR, MIB, Check, Connection, Failed, Server, install, java, random_bytes, run, wait

SIZE = 4 * MIB
STAGING = "os_glance_staging_store"
LOST = "no good copy"


def main(check, directory):
    install({"/usr/bin/pg_createcluster": "postgresql"})
    postgres = Postgres(directory, "postgres").initialise()
    check.section("a server at work is backed up, and goes on")
    past = Past(Site(directory / "live", postgres))
    check.note(f"the dump took {past.before.dumped:.1f} s, the copy of the stores {past.before.copied:.1f} s")
    check.section("(a) the older database over the newer stores")
    older_database(check, past, Site(directory / "a", postgres, past.before, past.after, past.after))
    check.section("(b) the newer database over an older store")
    older_store(check, past, Site(directory / "b", postgres, past.after, past.before, past.after))
    check.section("(c) database and stores of one moment")
    same_moment(check, past, Site(directory / "c", postgres, past.before, past.before, past.before))


def older_database(check, past, site):
    found = {("local", "missing", "deleted"), (STAGING, "missing", "staged")}
    unknown = {("local", "orphan", name) for name in ("later", "spread", "staged")} | {("second", "orphan", "spread")}
    check.equal("store check names what is gone and what is too new", site.examine(check, past), with_outcome(found | unknown, "found"))
    check.equal("  and repairs nothing", site.examine(check, past, "--repair"),
                with_outcome(found, LOST) | with_outcome(unknown, "found"))
    orphan = next((site.stores / "local").glob(f"**/{past.blob('local', 'later')}"))
    check.that("data that is too new can be saved: the file is the image", orphan.read_bytes() == past.bytes["later"])
    server = site.serve()
    check.equal("images of later are unknown", {server.status(past.ids[name]) for name in ("later", "spread")}, {"HTTP 404"})
    check.equal("what users see has its data or was named", unexplained(past, server, {"deleted"}), [])
    check.eventually("the upload of then counts as broken off", 30, lambda: server.status(past.ids["flying"]) == "queued")
    check.equal("  and can be made again", past.put(server, "flying").status, 204)
    check.equal("an import of data that is gone is accepted", server.import_image(past.ids["staged"], "glance-direct").status, 202)
    check.eventually("  and fails with the reason", 30, lambda: past.task(server, "staged")[0] == "failure", lambda: past.task(server, "staged"))
    check.note(f"  {past.task(server, 'staged')[1]}")
    check.equal("  the image waits for its data", server.status(past.ids["staged"]), "queued")
    check.equal("store gc removes what is too new", site.collect(check, past), with_outcome(unknown, "removed"))
    check.equal("  and nothing that users see", unexplained(past, server, {"deleted"}), [])
    server.stop()


def older_store(check, past, site):
    lost = {("local", "missing", name) for name in ("later", "flying", "staged")}
    spread = {("local", "missing", "spread")}
    unknown = {("local", "orphan", "deleted")}
    check.equal("store check names what is gone and what is too old", site.examine(check, past), with_outcome(lost | spread | unknown, "found"))
    server = site.serve()
    check.equal("what users see has its data or was named", unexplained(past, server, {name for _, _, name in lost}), [])
    check.equal("repair brings back what another store has", site.examine(check, past, "--repair"),
                with_outcome(lost, LOST) | with_outcome(spread, "repaired") | with_outcome(unknown, "found"))
    (site.stores / "second").rename(site.stores / "away")
    check.equal("  so that it is in this store again", past.is_whole(server, "spread"), True)
    (site.stores / "away").rename(site.stores / "second")
    blob = past.blob("local", "later")
    file = next((past.after.stores / "local").glob(f"**/{blob}"))
    place = site.stores / file.relative_to(past.after.stores)
    place.parent.mkdir(exist_ok=True)
    shutil.copy2(file, place)
    check.equal("a file that is found after all counts", ("local", "missing", "later", "found") in site.examine(check, past), False)
    check.eventually("  and is served", 30, lambda: past.is_whole(server, "later"), lambda: server.sha512(past.ids["later"]))
    check.equal("store gc removes what is too old", site.collect(check, past), with_outcome(unknown, "removed"))
    check.equal("images can be deleted, with data or without",
                {server.call("DELETE", f"/v2/images/{image}").status for name, image in past.ids.items() if name != "deleted"}, {204})
    check.eventually("  and no file is left", 30, lambda: not site.files(), site.files)
    server.stop()


def same_moment(check, past, site):
    check.equal("store check finds nothing", site.examine(check, past), set())
    server = site.serve()
    check.equal("all images have their data", unexplained(past, server, set()), [])
    check.equal("what was staged can be imported", server.import_image(past.ids["staged"], "glance-direct").status, 202)
    check.eventually("  and is whole", 30, lambda: past.is_whole(server, "staged"), lambda: server.tasks(past.ids["staged"]))
    check.eventually("the upload of then counts as broken off", 30, lambda: server.status(past.ids["flying"]) == "queued")
    check.eventually("  and leaves no file", 30, lambda: not list(site.stores.glob("**/*.part")))
    server.stop()


def with_outcome(found, outcome):
    return {(*each, outcome) for each in found}


def unexplained(past, server, named):
    """Active images that do not give their data and that store check has not named, or that give other data."""
    listed = server.call("GET", "/v2/images?limit=100").json()["images"]
    names = {image: name for name, image in past.ids.items()}
    active = [names[each["id"]] for each in listed if each["status"] == "active"]
    return [name for name in active if past.is_whole(server, name) == (name in named)]


class Past:
    """What happened to images, which are named by what became of them, and two backups amidst."""

    def __init__(self, site):
        self.bytes, self.ids, self.blobs = {}, {}, {}
        site.run("db", "migrate")
        server = site.serve()
        for name in ("kept", "single", "deleted"):
            require(self.put(server, name), 204)
        self.copy(server, "kept")
        require(self.put(server, "staged", "stage"), 204)
        with self.half_upload(server, "flying") as upload:
            self.before = self.back_up(site, "before")
            upload.send(self.bytes["flying"][SIZE // 2:])
            require(upload.answer(), 204)
        for name in ("later", "spread"):
            require(self.put(server, name), 204)
        self.copy(server, "spread")
        require(server.import_image(self.ids["staged"], "glance-direct"), 202)
        self.await_that(server, "staged", lambda: server.status(self.ids["staged"]) == "active")
        require(server.call("DELETE", f"/v2/images/{self.ids['deleted']}"), 204)
        self.await_that(server, "deleted", lambda: not list(site.stores.glob(f"**/{self.blob('local', 'deleted')}")))
        self.await_that(server, "staged", lambda: not list(site.stores.glob(f"**/{self.blob(STAGING, 'staged')}")))
        self.after = self.back_up(site, "after")
        server.stop()

    def back_up(self, site, name):
        names = {image: name for name, image in self.ids.items()}
        for blob, image, store in site.rows("select id, image_id, store from blobs"):
            self.blobs[blob] = (store, names[image])
        return Backup(site, name)

    def blob(self, store, name):
        return next(blob for blob, place in self.blobs.items() if place == (store, name))

    def new(self, server, name):
        self.bytes[name] = random_bytes(SIZE, name)
        self.ids[name] = server.create(name=name)

    def put(self, server, name, target="file"):
        if name not in self.ids:
            self.new(server, name)
        return server.upload(self.ids[name], self.bytes[name], target)

    def copy(self, server, name):
        request = {"method": {"name": "copy-image"}, "stores": ["second"]}
        require(server.call("POST", f"/v2/images/{self.ids[name]}/import", request), 202)
        self.await_that(server, name, lambda: "second" in server.show(self.ids[name])["stores"])

    def half_upload(self, server, name):
        self.new(server, name)
        upload = Connection(server.port)
        upload.head("PUT", f"/v2/images/{self.ids[name]}/file",
                    {"Content-Type": "application/octet-stream", "Content-Length": str(SIZE)})
        upload.send(self.bytes[name][:SIZE // 2])
        self.await_that(server, name, lambda: server.status(self.ids[name]) == "saving")
        return upload

    def await_that(self, server, name, condition):
        if not wait(condition, 60):
            raise Failed(f"{name}: {server.show(self.ids[name])} {server.tasks(self.ids[name])}")

    def is_whole(self, server, name):
        answer = server.call("GET", f"/v2/images/{self.ids[name]}/file")
        return answer.status == 200 and answer.body == self.bytes[name]

    def task(self, server, name):
        tasks = server.tasks(self.ids[name])
        return (tasks[0]["status"], tasks[0]["message"]) if tasks else ("none", "")


def require(answer, status):
    if answer.status != status:
        raise Failed(f"answered {answer}")


class Backup:
    """A dump of the database, and a copy of the stores made after it."""

    def __init__(self, site, name):
        began = time.monotonic()
        self.dump, self.stores = site.home / f"{name}.dump", site.home / name
        run(program("pg_dump"), "-Fc", "-f", self.dump, site.url())
        self.dumped = time.monotonic() - began
        shutil.copytree(site.stores, self.stores)
        self.copied = time.monotonic() - began - self.dumped


class Site:
    """A database with stores: new ones, or restored from backups."""

    def __init__(self, home, postgres, database=None, local=None, others=None):
        self.home, self.postgres, self.stores = home, postgres, home / "stores"
        home.mkdir()
        self.database = USER
        if database:
            self.database = f"restored_{home.name}"
            postgres.sql(f"create database {self.database} owner {USER}", database="postgres")
            run(program("pg_restore"), "--no-owner", "-d", self.url(), database.dump)
            for store in ("local", "second", "staging"):
                shutil.copytree((local if store == "local" else others).stores / store, self.stores / store)
        self.settings = {
            "VITRINE_NODE__NAME": "drill",
            "VITRINE_DATABASE__URL": self.url(),
            "VITRINE_STORES__BACKENDS__LOCAL__DIR": str(self.stores / "local"),
            "VITRINE_STORES__BACKENDS__SECOND__DIR": str(self.stores / "second"),
            "VITRINE_STORES__STAGING__DIR": str(self.stores / "staging"),
            "VITRINE_LEASE__TTL": "3s",
            "VITRINE_LEASE__GC_INTERVAL": "1s",
            "VITRINE_SCRUB__ORPHAN_GRACE": "0s",
        }

    def url(self):
        return self.postgres.url().removesuffix(USER) + self.database

    def files(self):
        """All files of the stores but their marks."""
        return [str(file.relative_to(self.stores)) for file in self.stores.glob("**/*") if file.is_file() and file.name != ".vitrine"]

    def rows(self, query):
        return [line.split("|") for line in self.postgres.sql(query, database=self.database).splitlines()]

    def serve(self):
        server = Server(self.home, self.settings, ("-Xmx192m", "-XX:TieredStopAtLevel=1"))
        server.start()
        return server

    def run(self, *arguments):
        """One of the program's commands: its exit status, and its output."""
        command = [str(java()), "-XX:TieredStopAtLevel=1", "-jar", str(JAR), *arguments]
        done = subprocess.run(command, env={**self.settings, "VITRINE_DATA__DIR": str(self.home / "data")}, cwd=self.home,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120)
        if done.returncode not in (0, 1):
            raise Failed(f"{' '.join(arguments)} ended with {done.returncode}: {done.stderr[-600:]}")
        return done.returncode, done.stdout

    def examine(self, check, past, *options):
        return self._report(check, past, "check", *options)

    def collect(self, check, past):
        return self._report(check, past, "gc")

    def _report(self, check, past, *command):
        """What a command on the stores finds: store, kind, name of the image, and what became of it."""
        code, output = self.run("store", *command, "--json")
        found = set()
        check.note(f"store {' '.join(command)}: exit code {code}")
        for each in json.loads(output)["findings"]:
            store, name = past.blobs[each["blob"]]
            if store != each["store"]:
                raise Failed(f"{each} is of the store {store}")
            found.add((store, each["kind"], name, each["outcome"]))
            check.note(f"  {store:24} {each['kind']:8} {name:8} {each['size']:8}  {each['outcome']}")
        settled = all(each[-1] in ("repaired", "removed") for each in found)
        check.equal("  its exit code tells whether anything is left", code, 0 if settled else 1)
        return found


if __name__ == "__main__":
    Check("restore").run(main)
