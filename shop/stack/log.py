"""One log of many programs: every line behind the name of who wrote it, coloured on a terminal."""

import os
import sys
import threading

COLOURS = {"broker": 35, "sandbox": 33, "worker": 36, "web": 32, "demo": 34}
WIDTH = max(map(len, COLOURS))


class Log:
    """Writes lines of several threads to standard output, whole."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR")

    def tell(self, name: str, line: str) -> None:
        prefix = f"{name:<{WIDTH}} |"
        if self._coloured:
            prefix = f"\033[{COLOURS.get(name, 37)}m{prefix}\033[0m"
        self.write(f"{prefix} {line}\n")

    def write(self, text: str) -> None:
        with self._lock:
            sys.stdout.write(text)
            sys.stdout.flush()
