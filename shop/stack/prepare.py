"""What must be in place before the demo opens. Each step does only what is missing."""

import hashlib
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from catalog.models import SyncRun
from shop.doctor import examination


def everything() -> None:
    """Do all of it, in order."""
    folders()
    database()
    static_files()
    staff_login()
    if mirror_is_old():
        optional_features()  # first: what is found to be on sale is mirrored
        call_command("sync_catalog")


def folders() -> None:
    for folder in (settings.DATA_DIR, settings.MEDIA_ROOT, settings.DOCUMENT_ROOT, settings.MAIL_FOLDER):
        Path(folder).mkdir(parents=True, exist_ok=True)


def database() -> None:
    """Apply the migrations that are missing."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)


def static_files() -> None:
    """Collect CSS, scripts and pictures, if any of them changed since the last time."""
    root = Path(settings.STATIC_ROOT)
    stamp, now = root / ".collected", _static_fingerprint()
    if stamp.exists() and stamp.read_text() == now:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(now)


def staff_login() -> None:
    """Create the demo's staff login. Its password is known to everybody, hence in the demo only."""
    users = get_user_model().objects
    if settings.DEMO and not users.filter(username=settings.DEMO_USER).exists():
        users.create_superuser(settings.DEMO_USER, settings.CONTACT_EMAIL, settings.DEMO_PASSWORD)


def mirror_is_old() -> bool:
    """Return whether the mirror is empty, or older than its regular syncs would let it get."""
    oldest = timezone.now() - timedelta(seconds=settings.SYNC_SECONDS)
    return not SyncRun.objects.filter(ok=True, finished_at__gt=oldest).exists()


def optional_features() -> None:
    """Learn what the sandbox offers beyond the necessary."""
    examination.keep(examination.examine().abilities)


def _static_fingerprint() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda found: found[0]):
            file = Path(storage.path(path)).stat()
            digest.update(f"{path} {file.st_size} {file.st_mtime_ns}\n".encode())
    return digest.hexdigest()
