"""What the loads of hosts.py, failover.py and node.py share: work that goes on until it is told to stop, and the images it makes."""

import hashlib
import itertools
import random
import threading
import time

from vitrine import KIB, random_bytes

NEW_IMAGE = {"name": "load", "disk_format": "raw", "container_format": "bare"}


class Endless:
    """Does each of its works again and again on a thread of its own, with another seed each time."""

    def __init__(self, works, pause, patience):
        """The pause between two turns of a work, and how long the end of a turn is awaited, in seconds."""
        self.pause, self.patience, self.running = pause, patience, True
        self.threads = [threading.Thread(target=self._repeat, args=(work, number), daemon=True) for number, work in enumerate(works)]

    def start(self):
        for thread in self.threads:
            thread.start()
        return self

    def stop(self):
        self.running = False
        for thread in self.threads:
            thread.join(self.patience)

    def _repeat(self, work, number):
        for turn in itertools.count(1):
            if not self.running:
                return
            work(f"{number}-{turn}")
            time.sleep(self.pause)


def image_bytes(seed, largest):
    """Of a size that depends on the seed only, too."""
    return random_bytes(random.Random(str(seed)).randint(100 * KIB, largest), seed)


def digest(data):
    return hashlib.sha512(data).hexdigest()
