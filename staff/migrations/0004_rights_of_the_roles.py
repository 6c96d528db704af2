"""What the roles may do with exports, personal data and at the counter. Groups an operator has removed stay away."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

COUNTER = {"counter.sell", "counter.view_countersale"}
ACCOUNTANT = {"staff.view_export", "staff.add_export", "staff.view_commission", "counter.view_countersale"}
SEEN = {"staff.view_export", "staff.view_commission", "staff.view_erasure", "staff.view_retentionrun"}
ROLES = {
    "Counter": COUNTER,
    "Accountant": ACCOUNTANT,
    "Manager": COUNTER
    | ACCOUNTANT
    | SEEN
    | {"staff.add_commission", "staff.change_commission", "staff.delete_commission"}
    | {"staff.export_person", "staff.erase_person"},
    "Auditor": SEEN | {"counter.view_countersale"},
}


def grant(apps, schema_editor):
    """Add the rights that are new; what an operator took away of the old ones stays away."""
    for label in ("counter", "staff"):
        create_permissions(installed.get_app_config(label), verbosity=0, apps=apps)
    permissions = apps.get_model("auth", "Permission").objects.select_related("content_type")
    known = {f"{row.content_type.app_label}.{row.codename}": row for row in permissions}
    for group in apps.get_model("auth", "Group").objects.filter(name__in=ROLES):
        group.permissions.add(*(known[right] for right in sorted(ROLES[group.name])))


class Migration(migrations.Migration):
    dependencies = [("staff", "0003_exports"), ("counter", "0001_initial")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
