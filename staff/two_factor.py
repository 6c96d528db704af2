"""The second factor of the staff: an app that shows codes, enrolled once, and codes on paper for when it is lost."""

from __future__ import annotations

import segno
from django.contrib.auth.models import User
from django.db import transaction
from django_otp import verify_token
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

BACKUP_CODES = 10
DIGITS = 6  # of the app's codes; those on paper are longer and have letters


def device_to_enrol(person: User) -> TOTPDevice:
    """Return the app that is about to be enrolled, the same one until it is confirmed."""
    found: TOTPDevice
    found, _new = TOTPDevice.objects.get_or_create(user=person, confirmed=False, defaults={"name": "app"})
    return found


def picture(device: TOTPDevice) -> str:
    """Return the QR code an app reads, as an address of the scheme `data:` for an `img`."""
    return segno.make(device.config_url, error="m").svg_data_uri(scale=5, border=4, light="#fff")


def key(device: TOTPDevice) -> str:
    """Return the secret to be typed where nothing can be scanned, in groups of four letters."""
    secret = device.config_url.partition("secret=")[2].partition("&")[0]
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def enrol(person: User, code: str) -> TOTPDevice | None:
    """Take the app into use if it shows the right code; the one before is worth nothing then. None if it does not."""
    device = device_to_enrol(person)
    with transaction.atomic():
        if not _accepts(person, device, code):
            return None
        TOTPDevice.objects.filter(user=person, confirmed=True).delete()
        TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
    device.refresh_from_db()
    return device


def check(person: User, code: str) -> Device | None:
    """Return the device whose code it is; each code counts once, and guessing gets ever slower."""
    code = "".join(code.split()).lower()
    kind = TOTPDevice if code.isdigit() and len(code) == DIGITS else StaticDevice
    devices = kind.objects.filter(user=person, confirmed=True)
    return next((device for device in devices if _accepts(person, device, code)), None)


def new_backup_codes(person: User) -> list[str]:
    """Return fresh codes, to be shown once; earlier ones are worth nothing from now on."""
    with transaction.atomic():
        StaticDevice.objects.filter(user=person).delete()
        device = StaticDevice.objects.create(user=person, name="paper")
        codes = [StaticToken.random_token() for _ in range(BACKUP_CODES)]
        StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


def reset(person: User) -> bool:
    """Forget every device: the person enrols anew at the next login. False if there was none."""
    removed = TOTPDevice.objects.filter(user=person).delete()[0]
    return bool(removed + StaticDevice.objects.filter(user=person).delete()[0])


def _accepts(person: User, device: Device, code: str) -> bool:
    return verify_token(person, device.persistent_id, "".join(code.split()).lower()) is not None
