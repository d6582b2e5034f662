"""Random disk images, read and converted in Java and by qemu-img, which must agree: Maven runs the test tagged "formats".

Every image is compared as a whole, in random ranges, converted while it arrives, and cut off in 20 places. Some images are damaged.

formats.py [SEED [IMAGES]]: an image that differs is made again by its own seed, which is shown with it, and 1 image.
CI_LONG=1 takes 5,000 new images instead of the same 400 each time.
"""

import os
import random
import re
import subprocess
import sys

from vitrine import LONG, ROOT, Check, at_exit

IMAGES = 5000 if LONG else 400
# The short form guards a change, so that only the change can fail it. New images are for the long form.
SEED = random.SystemRandom().randrange(1 << 40) if LONG else 1
SUMMARY = r"(\d+) images: (\d+) equal, (\d+) refused by both, (\d+) damaged and refused by one, (\d+) different; (\d+) cuts: (\d+) wrong"


def main(check, _directory):
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else SEED
    images = int(sys.argv[2]) if len(sys.argv) > 2 else IMAGES
    check.note(f"seed {seed}, {images} images")
    status, output = maven(f"-Dformats.seed={seed}", f"-Dformats.images={images}")
    summary = re.search(SUMMARY, output)
    if not summary:
        print(output[-6000:], flush=True)
    if check.that("the test runs to its end", summary is not None, f"exit code {status}"):
        tried, equal, refused, alone, different, cuts, wrong = map(int, summary.groups())
        check.note(summary.group())
        check.equal("images that were tried", tried, images)
        check.equal("images that differ", different, 0)
        check.equal("cut images that read as something else", wrong, 0)
        check.that("most images are equal", equal > 0.8 * images, f"{equal}, with {cuts} cuts; {refused + alone} refused")
        check.equal("Maven ends well", status, 0)
    for text in re.findall(r"^DIFFERENT .*?^END$", output, re.MULTILINE | re.DOTALL):
        print(text, flush=True)


def maven(*properties):
    """Runs the test; Maven's exit status and output."""
    # Offline: after a build nothing has to be fetched.
    command = ["mvn", "-B", "-o", "-Dstyle.color=never", "test", "-Dtest=FormatsDifferentialIT", "-Dtest.groups=formats",
               "-Dtest.excluded=none", *properties]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                               env=os.environ, start_new_session=True)
    at_exit(lambda: process.poll() is not None or process.terminate())
    output = process.communicate()[0]
    return process.returncode, output


if __name__ == "__main__":
    Check("formats").run(main)
