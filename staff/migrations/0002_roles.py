"""The roles of the staff, as groups. What an operator changes in them later stays as it is."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

SALES = ["order", "orderitem", "admission", "journalentry", "document", "delivery", "agreedtext", "withdrawal"]
AFTERWARDS = ["cancellation", "card", "finding", "rating", "ticketshare"]
MONEY = ["payment", "ledgerline", "refund", "paymentevent"]
CATALOG = [
    *("museum", "exhibition", "ticket", "event", "eventdate", "tour", "coupon"),
    *("openinghours", "picture", "term", "syncrun"),
]
PRODUCTS = ["museum", "exhibition", "ticket", "event", "tour", "coupon"]


def may(app, verbs, models):
    return {f"{app}.{verb}_{model}" for verb in verbs for model in models}


SELLS = {"counter.sell", "counter.view_countersale"}
COUNTER = (
    may("orders", ["view"], SALES + AFTERWARDS)
    | may("catalog", ["view"], CATALOG)
    | {"orders.change_order"}
    | SELLS
)
EDITOR = (
    may("catalog", ["view"], CATALOG)
    | may("catalog", ["change"], [*PRODUCTS, "syncrun"])
    | may("shop", ["view", "add", "change", "delete"], ["legaltext"])
)
ACCOUNTANT = (
    may("orders", ["view"], [*SALES, *MONEY, "cancellation", "comparison", "finding"])
    | may("orders", ["change"], ["payment", "refund", "finding"])  # who settles a finding has seen to its money
    | may("staff", ["view", "add"], ["export"])
    | {"staff.view_commission", "counter.view_countersale"}
)
WATCHED = may("staff", ["view"], ["export", "commission", "erasure", "retentionrun"])
MANAGER = (
    COUNTER
    | EDITOR
    | ACCOUNTANT
    | WATCHED
    | may("staff", ["add", "change", "delete"], ["commission"])
    | may("shop", ["view"], ["letter", "featurefinding"])
    | {"orders.change_withdrawal", "checkout.view_subscription", "checkout.change_subscription"}
    | {"staff.export_person", "staff.erase_person", "admin.view_logentry"}
)
AUDITOR = (
    may("orders", ["view"], [*SALES, *MONEY, *AFTERWARDS, "comparison"])
    | may("catalog", ["view"], CATALOG)
    | may("shop", ["view"], ["legaltext", "letter", "featurefinding"])
    | WATCHED
    | {"checkout.view_subscription", "admin.view_logentry", "counter.view_countersale"}
)
ROLES = {
    "Counter": COUNTER,
    "Editor": EDITOR,
    "Accountant": ACCOUNTANT,
    "Manager": MANAGER,
    "Auditor": AUDITOR,
}


def ship(apps, schema_editor):
    """Make the groups. Django makes permissions only after all migrations; here they are needed before."""
    for label in ("admin", "catalog", "checkout", "counter", "orders", "shop", "staff"):
        create_permissions(installed.get_app_config(label), verbosity=0, apps=apps)
    permissions = apps.get_model("auth", "Permission").objects.select_related("content_type")
    known = {f"{row.content_type.app_label}.{row.codename}": row for row in permissions}
    for name, rights in ROLES.items():
        group, created = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        if created:
            group.permissions.set([known[right] for right in sorted(rights)])


class Migration(migrations.Migration):
    dependencies = [
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("staff", "0001_initial"),
        ("catalog", "0001_initial"),
        ("checkout", "0001_initial"),
        ("counter", "0001_initial"),
        ("orders", "0001_initial"),
        ("shop", "0001_initial"),
    ]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
