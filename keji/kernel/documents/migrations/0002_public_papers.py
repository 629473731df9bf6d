"""An issued paper may be marked for everybody to read."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='paper',
            name='public_since',
            field=models.DateField(blank=True, null=True, verbose_name='对外公开日期'),
        ),
    ]
