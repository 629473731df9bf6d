"""Changes say in columns what they change, so that an approved one alters the project itself."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0203_people'),
        ('projects', '0011_challenge_numbers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='change',
            name='effect',
            field=models.JSONField(default=dict, editable=False, verbose_name='生效情况'),
        ),
        migrations.AddField(
            model_name='change',
            name='money',
            field=models.JSONField(blank=True, default=dict, verbose_name='变更后经费'),
        ),
        migrations.AddField(
            model_name='change',
            name='to_party',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.party', verbose_name='新承担单位'),
        ),
        migrations.AlterField(
            model_name='change',
            name='after',
            field=models.TextField(max_length=1000, verbose_name='变更后'),
        ),
        migrations.AlterField(
            model_name='change',
            name='before',
            field=models.TextField(max_length=1000, verbose_name='变更前'),
        ),
    ]
