"""Every front whole: each web server of conf/ in front of Vitrine, through everything that a client does.

fronts.py             all of them; the matrix is printed at the end. CI_LONG=1 takes an upload of 2 GiB instead of 256 MiB.
fronts.py nginx wsgi  only those with one of these in their names, and none at all for comparison
fronts.py benchmark   upload and download through each, as ratios to the direct ones
"""

import statistics
import sys
import time

from front_cells import CELLS, TOGETHER
from front_exceptions import EXCEPTIONS
from front_row import Row, Stock, Wrong, expect, together
from front_servers import FRONTS, NONE, start_all
from keystone_rig import Keystone
from vitrine import GIB, HOST, LONG, MIB, Check, Server, Web, free_port, random_file

SIZE = 2 * GIB if LONG else 256 * MIB
ROUNDS = 5 if LONG else 3


def main(check, directory):
    rows = make_rows(check, directory, [name for name in FRONTS if not sys.argv[1:] or any(part.lower() in name.lower() for part in sys.argv[1:])])
    results = {}
    for row in rows:
        check.section(row.front.name)
        for column, cell in CELLS.items():
            results[row.front.name, column] = judge(check, row, column, cell)
    check.section("all at the same time")
    slow_ones(check, rows, results)
    restart(check, rows, results)
    vitrine = rows[0].vitrine
    check.equal("no file without an owner, no unfinished write", vitrine.orphans() + vitrine.unfinished(), [])
    print_matrix(rows, results)


def make_rows(check, directory, names):
    web = Web(directory)
    keystone = Keystone(directory).start()
    environment = {**web.environment(), **keystone.server_environment(), "VITRINE_SHUTDOWN__GRACE": "1s",
                   "VITRINE_HTTP__TRUSTED_PROXIES": HOST}
    vitrine = Server(directory, environment, ["-Xmx256m"])
    vitrine.uwsgi_port = free_port()
    vitrine.environment.update({"VITRINE_UWSGI__HOST": HOST, "VITRINE_UWSGI__PORT": str(vitrine.uwsgi_port)})
    check.note(f"Vitrine is ready after {vitrine.start():.1f} s")
    fronts = start_all([NONE, *names], directory, vitrine)
    stock = Stock(random_file(directory / "large", SIZE), directory, web, keystone)
    rows = [Row(front, vitrine, keystone.token("admin"), stock) for front in fronts]
    stock.image = rows[0].create()
    expect("the common image", rows[0].curl(stock.image, "-T", stock.large), (0, 204))
    return rows


def judge(check, row, column, cell):
    """Runs a cell, or what stands for it where the front makes it impossible; the matrix's text."""
    exception = EXCEPTIONS.get((row.front.name, column))
    began = time.monotonic()
    try:
        detail = (exception.cell if exception else cell)(row)
    except Exception as error:
        return verdict(check, row, column, False, f"{'' if isinstance(error, Wrong) else type(error).__name__ + ': '}{error}")
    return verdict(check, row, column, True, f"{detail or ''} ({time.monotonic() - began:.1f} s)".strip(), exception)


def verdict(check, row, column, holds, detail, exception=None):
    what = f"{row.front.name}: {column}" + (" is refused as documented" if exception else "")
    check.that(what, holds, detail)
    return exception if holds and exception else holds


def slow_ones(check, rows, results):
    column, cell = "1 KiB/s beside fast", TOGETHER["1 KiB/s beside fast"]
    for row, result in zip(rows, together([lambda row=row: judge(check, row, column, cell) for row in rows])):
        results[row.front.name, column] = result


def restart(check, rows, results):
    column, vitrine = "restart in download", rows[0].vitrine
    running = {row: TOGETHER[column](row) for row in rows}
    for act in (lambda: None, vitrine.stop, vitrine.start, lambda: None):
        act()
        for row, cell in list(running.items()):
            try:
                next(cell)
            except StopIteration as end:
                results[row.front.name, column] = verdict(check, row, column, True, end.value)
                del running[row]
            except Exception as error:
                results[row.front.name, column] = verdict(check, row, column, False, f"{type(error).__name__}: {error}")
                del running[row]


def print_matrix(rows, results):
    columns = [*CELLS, *TOGETHER]
    reasons = []
    print(f"\n| front | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}")
    for row in rows:
        cells = []
        for column in columns:
            result = results.get((row.front.name, column), False)
            if isinstance(result, bool):
                cells.append("ok" if result else "FAIL")
            else:
                if result not in reasons:
                    reasons.append(result)
                cells.append(f"({reasons.index(result) + 1})")
        print(f"| {row.front.name} | {' | '.join(cells)} |")
    print()
    for number, reason in enumerate(reasons, 1):
        print(f"{number}. {reason.why} What works: {reason.instead}")
    print(flush=True)


# --- benchmark


def benchmark(check, directory):
    """Upload with length, chunked, and download of one image, in turns through each front."""
    rows = make_rows(check, directory, list(FRONTS))
    kinds = {"upload": ["-T", rows[0].stock.large], "chunked upload": ["-T", rows[0].stock.large, "-H", "Transfer-Encoding: chunked"],
             "download": ["-o", "/dev/null"]}
    rates = {(row, kind): [] for row in rows for kind in kinds}
    for turn in range(ROUNDS + 1):  # the first one warms up
        for row in rows:
            for kind, arguments in kinds.items():
                image = row.stock.image if kind == "download" else row.create()
                began = time.monotonic()
                code, status = row.curl(image, *arguments)
                rate = SIZE / MIB / (time.monotonic() - began)
                if turn:
                    rates[row, kind].append(rate)
                if (code, status) not in ((0, 200), (0, 204)):
                    check.that(f"{row.front.name}: {kind}", False, f"{code}, {status}")
                if kind != "download":
                    row.delete(image)
    print(f"\n| front | {' | '.join(kinds)} |\n|---|{'---|' * len(kinds)}")
    for row in rows:
        cells = []
        for kind in kinds:
            rate, direct = statistics.median(rates[row, kind]), statistics.median(rates[rows[0], kind])
            cells.append(f"{rate:.0f} MiB/s" if row is rows[0] else f"{rate / direct:.2f}")
        print(f"| {row.front.name} | {' | '.join(cells)} |")
    print(flush=True)
    check.that("it ran to its end", True)


if __name__ == "__main__":
    Check("fronts").run(benchmark if sys.argv[1:] == ["benchmark"] else main)
