"""The readers of disk formats against Jazzer, which spoils images and keeps those that lead to further code: 15 s for each reader.

No input may crash or hang a reader, or make it take much memory or work (io.vitrine.format.fuzz.Trial). CI_LONG=1 gives each reader
30 minutes of a CPU, however many others share it. Inputs that do are kept in target/fuzz/<reader>/, and the corpus in
target/fuzz/<reader>/corpus, for later runs.
`java -cp … io.vitrine.format.fuzz.DiskFuzz <reader> <input>` tries one again; add a test of it to the format's package.
"""

import concurrent.futures
import math
import os
import re
import subprocess
import sys

from vitrine import LONG, ROOT, Check, at_exit, java, run

READERS = sys.argv[1:] or ["qcow2", "vmdk", "vdi", "vhd", "vhdx"]
SECONDS = 1800 if LONG else 10
CLASSES = ROOT / "target" / "test-classes"
TARGET = "io.vitrine.format.fuzz.DiskFuzz"


def main(check, directory):
    check.that("the tests are compiled", (CLASSES / "io" / "vitrine" / "format" / "fuzz").is_dir(), str(CLASSES))
    classpath = find_classpath(directory)
    check.section(f"{SECONDS} s of a CPU for each of {', '.join(READERS)}")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for _ in pool.map(lambda reader: fuzz(check, directory, classpath, reader), READERS):
            pass


def find_classpath(directory):
    path = directory / "classpath"
    # Offline first: after the first time nothing has to be fetched.
    command = ["mvn", "-B", "-q", "-Pfuzz", "dependency:build-classpath", f"-Dmdep.outputFile={path}", "-Dmdep.includeScope=test"]
    if run(*command, "-o", check=False, cwd=ROOT, timeout=120).returncode:
        run(*command, cwd=ROOT, timeout=600)
    return f"{CLASSES}:{ROOT / 'target' / 'classes'}:{path.read_text().strip()}"


def fuzz(check, directory, classpath, reader):
    findings = ROOT / "target" / "fuzz" / reader
    corpus, samples = findings / "corpus", directory / f"samples-{reader}"
    corpus.mkdir(parents=True, exist_ok=True)
    samples.mkdir()
    run(java(), "-cp", classpath, TARGET, reader, samples)
    log = directory / f"{reader}.log"
    # The compiler for short programs: the optimising one would take half of so short a time. Memory is watched by the target itself.
    options = ["-Xmx256m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", *([] if LONG else ["-XX:TieredStopAtLevel=1"])]
    command = [java(), *options, "-cp", classpath, "com.code_intelligence.jazzer.Jazzer", f"--target_class={TARGET}",
               f"--target_args={reader}", "--instrumentation_includes=io.vitrine.format.**", "--custom_hook_includes=io.vitrine.format.**",
               f"--reproducer_path={findings}", f"-artifact_prefix={findings}/", "-max_len=300000",
               "-timeout=30", "-rss_limit_mb=0", "-use_value_profile=1"]
    status, cpu = 0, 0.0
    # A run is limited by the clock: what other processes took of it is made up for by further runs, which go on with the corpus.
    for _ in range(50 if LONG else 1):
        status, took = attempt([*command, f"-max_total_time={math.ceil(SECONDS - cpu)}", corpus, samples], log)
        cpu += took
        if status or cpu > SECONDS - 1:
            break
    text = log.read_text(errors="replace")
    ran = sum(int(count) for count in re.findall(r"^Done (\d+) runs", text, re.M))
    covered = (re.findall(r"cov: (\d+)", text) or ["0"])[-1]
    check.that(f"{reader}: no input breaks it", status == 0, f"{ran:,} inputs, {covered} branches, {cpu:,.0f} s of a CPU")
    check.that(f"{reader}: there were enough inputs to tell", ran > 300, f"{ran:,}")
    if status:
        print(text[max(text.find("\n== "), len(text) - 6000):], flush=True)
        check.note(f"findings are in {findings}")


def attempt(command, log):
    with open(log, "a") as output:
        process = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
    at_exit(lambda: process.returncode is not None or process.kill())
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    Check("fuzz").run(main)
