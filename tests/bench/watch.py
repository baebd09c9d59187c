"""How much temporary files take at most while a command runs, those without a name too."""
import contextlib
import os
import threading

INTERVAL = 0.2      # seconds; rarely enough to cost the command nothing


def sizes(directory):
    """{inode: bytes} of the files in the directory, and of those from there that are still open."""
    found = {}
    with contextlib.suppress(OSError):
        for entry in os.scandir(directory):
            with contextlib.suppress(OSError):
                status = entry.stat()
                found[status.st_ino] = status.st_blocks * 512
    for pid in filter(str.isdigit, os.listdir('/proc')):
        with contextlib.suppress(OSError):
            for fd in os.listdir(f'/proc/{pid}/fd'):
                link = f'/proc/{pid}/fd/{fd}'
                with contextlib.suppress(OSError):
                    if os.readlink(link).startswith(directory + '/'):
                        status = os.stat(link)
                        found[status.st_ino] = status.st_blocks * 512
    return found


class Watch(threading.Thread):
    """with Watch(directory) as watch: ...; then watch.most is the most that was seen."""

    def __init__(self, directory):
        super().__init__()
        self.directory = os.path.realpath(directory)
        self.most = 0
        self.over = threading.Event()

    def run(self):
        while not self.over.wait(INTERVAL):
            self.most = max(self.most, sum(sizes(self.directory).values()))

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.join()
