from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from catalog.visitors import visitor_kind

KINDS = [('adult', 'adult'), ('reduced', 'reduced'), ('child', 'child'), ('family', 'family'), ('group', 'group'), ('other', 'other')]


def read_titles(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Tickets mirrored before are told apart now; the next sync would take a day to read them all again."""
    for ticket in apps.get_model('catalog', 'Ticket').objects.only('titles'):
        ticket.visitor_kind = visitor_kind(ticket.titles).value
        ticket.save(update_fields=['visitor_kind'])


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='ticket',
            name='visitor_kind',
            field=models.CharField(choices=KINDS, default='other', max_length=10, verbose_name='visitor kind'),
        ),
        migrations.AddField(
            model_name='ticket',
            name='visitor_kind_by_staff',
            field=models.CharField(blank=True, choices=KINDS, default='', help_text='Blank: as the titles tell. A correction is kept whatever the ticket system says.', max_length=10, verbose_name='visitor kind, corrected'),
        ),
        migrations.RunPython(read_titles, migrations.RunPython.noop),
    ]
