"""A draw for a blind review does not tell those asked whose work it is."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('experts', '0002_shelf'),
    ]

    operations = [
        migrations.AddField(
            model_name='draw',
            name='blind',
            field=models.BooleanField(default=False, verbose_name='匿名评审'),
        ),
    ]
