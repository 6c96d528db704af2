"""Renews requirements/*.txt from requirements/*.in: `make pins`. Versions and hashes, and no address of any index.

Versions stay as they are unless the .in files or `make pins UPGRADE=1` ask for others.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMPILE = (
    *("uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"),
    *("--generate-hashes", "--no-header"),  # addresses are left out unless asked for
)

if __name__ == "__main__":
    constraint = ["--upgrade"] if os.environ.get("UPGRADE") else []
    for name in ("dev", "demo", "runtime", "web", "sentry"):
        source, target = f"requirements/{name}.in", f"requirements/{name}.txt"
        # The smaller sets take the versions of the largest, so that all of them are tested together.
        command = [
            str(Path(sys.executable).parent / COMPILE[0]),
            *COMPILE[1:],
            *constraint,
            source,
            "-o",
            target,
        ]
        subprocess.run(command, cwd=ROOT, check=True)
        constraint = ["--constraint", "requirements/dev.txt"]
