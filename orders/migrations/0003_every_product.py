"""Items of every kind: existing rows are tickets at an entry time, which is what the defaults say."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_payment_ledger")]

    operations = [
        migrations.RenameField("orderitem", "ticket_id", "product_id"),
        migrations.AddField(
            "orderitem",
            "kind",
            models.CharField(
                choices=[
                    ("ticket", "ticket"),
                    ("combined", "combined ticket"),
                    ("annual", "annual ticket"),
                    ("event", "event"),
                    ("tour", "tour"),
                    ("coupon", "voucher"),
                ],
                default="ticket",
                max_length=10,
            ),
        ),
        migrations.AddField("orderitem", "details", models.JSONField(blank=True, default=list)),
        migrations.AddField("orderitem", "parts", models.JSONField(blank=True, default=list)),
        migrations.AddField("orderitem", "charges", models.JSONField(blank=True, default=list)),
        migrations.AddField("orderitem", "choice", models.JSONField(blank=True, default=dict)),
        migrations.AddField("orderitem", "codes", models.JSONField(blank=True, default=list)),
        migrations.AlterField("orderitem", "museum", models.CharField(blank=True, max_length=300)),
        migrations.AlterField("orderitem", "slot_key", models.CharField(blank=True, max_length=40)),
        migrations.AlterField("orderitem", "slot_at", models.DateTimeField(null=True)),
        migrations.AlterField(
            "orderitem", "slot_minutes", models.PositiveIntegerField(blank=True, null=True)
        ),
        migrations.AlterField("orderitem", "vat_bp", models.PositiveIntegerField(null=True)),
    ]
