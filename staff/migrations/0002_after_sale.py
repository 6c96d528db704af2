"""What happens after the sale is shown to those who serve buyers and keep the books; findings are a manager's to settle."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

SEEN = ["cancellation", "card", "comparison", "finding", "rating", "ticketshare"]
MORE = {
    "Counter": {"cancellation", "card", "finding", "rating", "ticketshare"},
    "Accountant": {"cancellation", "comparison", "finding"},
    "Manager": set(SEEN),
    "Auditor": set(SEEN),
}
SETTLES = ("Accountant", "Manager")  # whoever settles a finding has seen to its money


def ship(apps, schema_editor):
    """Add to the shipped roles what they may do with the new rows; a role an operator removed stays removed."""
    create_permissions(installed.get_app_config("orders"), verbosity=0, apps=apps)
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="orders")
    known = {row.codename: row for row in permissions}
    for group in apps.get_model("auth", "Group").objects.filter(name__in=MORE):
        rights = {f"view_{model}" for model in MORE[group.name]}
        if group.name in SETTLES:
            rights.add("change_finding")
        group.permissions.add(*(known[right] for right in sorted(rights)))


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0001_roles"),
        ("orders", "0010_after_sale"),
    ]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
