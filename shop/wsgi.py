"""WSGI entry point for gunicorn."""

import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

BOOT_ERROR = 3  # gunicorn starts a worker again and again, unless it ends with this

try:
    application = get_wsgi_application()
except SystemExit as fault:
    sys.stderr.write(f"{fault}\n")
    sys.exit(BOOT_ERROR)
