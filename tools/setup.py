"""Makes this checkout ready to run: the environment in .venv, the pinned packages, the system's libraries.

Runs with the system's Python and nothing but its standard library. Does only what is missing, so that a second
run costs a blink. As root on Debian or Ubuntu it installs what the system lacks; otherwise it says the command.
"""

import argparse
import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed-requirements"
OLDEST_PYTHON = (3, 11)
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
PDF_LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
TEST_LIBRARIES = {"libzbar.so.0": "libzbar0"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main() -> None:
    """Set everything up, or stop with one sentence that says what to do."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--with-tests", action="store_true", help="also what tests and checks need, with a browser"
    )
    with_tests = parser.parse_args().with_tests
    check_python()
    install_system_packages(missing_packages(with_tests=with_tests))
    create_environment()
    install_requirements("dev" if with_tests else "demo")


def check_python() -> None:
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(str(part) for part in sys.version_info[:2])
        stop(
            f"Vitrine needs Python 3.11 or newer, and {sys.executable} is {found}: try `make demo PYTHON=python3.12`."
        )


def missing_packages(*, with_tests: bool) -> list[str]:
    """Return the Debian packages whose content this machine lacks."""
    if not sys.platform.startswith("linux"):
        return []
    libraries = PDF_LIBRARIES | (TEST_LIBRARIES if with_tests else {})
    missing = [package for library, package in libraries.items() if not loads(library)]
    if not has_fonts():
        missing.append("fonts-dejavu-core")
    if find_spec("ensurepip") is None and not (VENV / "bin/pip").exists():
        missing.append("python3-venv")
    if with_tests and not any(map(shutil.which, BROWSERS)):
        missing.append("chromium-browser" if "ubuntu" in os_release() else "chromium")
    return missing


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_fonts() -> bool:
    folders = (Path(folder).expanduser() for folder in FONT_FOLDERS)
    return any(
        name.endswith((".ttf", ".otf"))
        for folder in folders
        for _, _, names in os.walk(folder)
        for name in names
    )


def os_release() -> str:
    path = Path("/etc/os-release")
    return path.read_text().lower() if path.exists() else ""


def install_system_packages(packages: list[str]) -> None:
    if not packages:
        return
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if not shutil.which("apt-get"):
        names = ", ".join(packages)
        stop(
            f"This system lacks what Debian calls {names}: install it with your package manager, then run make again."
        )
    if os.geteuid() != 0:
        stop(
            f"Some system packages are missing. Install them with `sudo {' '.join(command)}`, then run make again."
        )
    say(f"installing {', '.join(packages)}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if succeeds(command, quiet):
        return
    if not succeeds(["apt-get", "update"], quiet) or not succeeds(command, quiet, shown=True):
        stop(
            f"`{' '.join(command)}` failed; its words are above. Install these packages, then run make again."
        )


def succeeds(command: list[str], env: dict[str, str], *, shown: bool = False) -> bool:
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode and shown:
        print(done.stdout + done.stderr, file=sys.stderr)
    return done.returncode == 0


def create_environment() -> None:
    """Create .venv unless it is there and works; a copied or moved one does not, and is made anew."""
    if usable():
        return
    say("creating the environment in .venv")
    done = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=False)
    if done.returncode:
        stop("Python could not create .venv: on Debian and Ubuntu `apt-get install python3-venv` helps.")


def usable() -> bool:
    python, pip = VENV / "bin/python", VENV / "bin/pip"
    if not python.exists() or not pip.exists():
        return False
    # A script of an environment carries the path it was made for.
    with pip.open("rb") as script:
        return str(VENV).encode() in script.read(500)


def install_requirements(kind: str) -> None:
    """Install requirements/`kind`.txt with its hashes, unless exactly that is installed already."""
    wanted = fingerprint(kind)
    # What tests need contains what the demo needs.
    enough = {wanted, fingerprint("dev")}
    if STAMP.exists() and STAMP.read_text() in enough:
        return
    say("installing the pinned packages into .venv")
    pip = [
        str(VENV / "bin/python"),
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--no-input",
        "install",
        "-qq",
    ]
    STAMP.unlink(missing_ok=True)
    done = subprocess.run([*pip, "--require-hashes", "-r", str(requirements(kind))], check=False)
    if done.returncode:
        stop(
            f"pip could not install requirements/{kind}.txt; see above. Check the network and run make again."
        )
    STAMP.write_text(wanted)


def requirements(kind: str) -> Path:
    return ROOT / "requirements" / f"{kind}.txt"


def fingerprint(kind: str) -> str:
    return f"{kind} {hashlib.sha256(requirements(kind).read_bytes()).hexdigest()}\n"


def say(sentence: str) -> None:
    print(f"setup: {sentence} ...", flush=True)


def stop(sentence: str) -> None:
    sys.exit(f"\n{sentence}")


if __name__ == "__main__":
    main()
