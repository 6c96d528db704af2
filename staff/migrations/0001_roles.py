"""The roles of the staff, as groups. What an operator changes in them later stays as it is."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

ORDERS = ["order", "orderitem", "admission", "journalentry", "document", "delivery", "agreedtext", "withdrawal"]
MONEY = ["payment", "ledgerline", "refund", "paymentevent"]
CATALOG = [
    *("museum", "exhibition", "ticket", "event", "eventdate", "tour", "coupon"),
    *("openinghours", "picture", "term", "syncrun"),
]
PRODUCTS = ["museum", "exhibition", "ticket", "event", "tour", "coupon"]


def may(app, verbs, models):
    return {f"{app}.{verb}_{model}" for verb in verbs for model in models}


COUNTER = may("orders", ["view"], ORDERS) | may("catalog", ["view"], CATALOG) | {"orders.change_order"}
EDITOR = (
    may("catalog", ["view"], CATALOG)
    | may("catalog", ["change"], [*PRODUCTS, "syncrun"])
    | may("shop", ["view", "add", "change", "delete"], ["legaltext"])
)
ACCOUNTANT = may("orders", ["view"], ORDERS + MONEY) | may("orders", ["change"], ["payment", "refund"])
MANAGER = (
    COUNTER
    | EDITOR
    | ACCOUNTANT
    | {"orders.change_withdrawal", "checkout.view_subscription", "checkout.change_subscription"}
    | may("shop", ["view"], ["letter", "featurefinding"])
    | {"admin.view_logentry"}
)
AUDITOR = (
    may("orders", ["view"], ORDERS + MONEY)
    | may("catalog", ["view"], CATALOG)
    | may("shop", ["view"], ["legaltext", "letter", "featurefinding"])
    | {"checkout.view_subscription", "admin.view_logentry"}
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
    for label in ("admin", "catalog", "checkout", "orders", "shop"):
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
        ("catalog", "0004_curated_products_and_pictures"),
        ("checkout", "0004_newsletter_subscriptions"),
        ("orders", "0007_delayed_mail"),
        ("shop", "0003_links_by_mail"),
    ]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
