"""Gives the tests an environment of their own: nothing of the developer's shell, nothing of another test run."""

import os
import re
import shutil
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SETTING_NAMES = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "shop/settings.py").read_text()))

# Pages of tests wait for live places: how soon they come says how busy the machine is.
PAGE_WAIT_MS = "10000"


def clean_environment() -> dict[str, str]:
    """Return the environment of this process without any setting of the shop."""
    bare = {
        name: value for name, value in os.environ.items() if name.removesuffix("_FILE") not in SETTING_NAMES
    }
    return {name: value for name, value in bare.items() if not name.startswith("DJANGO_")}


def shared_static() -> Path:
    """Return where the running shops of this test process find their collected static files."""
    return Path(os.environ["DATA_DIR"]) / "collected"


def prepare() -> Path:
    """Point this process at the demo settings in a fresh folder and return the folder."""
    folder = Path(tempfile.mkdtemp(prefix="vitrine-test-"))
    services = {
        "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", ""),
        "REDIS_URL": os.environ.get("TEST_REDIS_URL", ""),
    }
    fresh = clean_environment() | {name: value for name, value in services.items() if value}
    fresh |= {
        "DEMO": "1",
        "DATA_DIR": str(folder),
        "REDIS_PREFIX": folder.name,
        "PORT": "8000",
        "LOG_LEVEL": "WARNING",
        "PAGE_WAIT_MS": PAGE_WAIT_MS,
        # The browser's driver keeps an event loop in the thread of the tests; it never touches the database.
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
        "DJANGO_SETTINGS_MODULE": "shop.settings",
    }
    os.environ.clear()
    os.environ.update(fresh)
    return folder


def remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
