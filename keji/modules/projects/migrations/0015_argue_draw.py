"""The experts who argue about a problem are drawn from the pool."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0014_panel_meeting'),
    ]

    operations = [
        migrations.AddField(
            model_name='challenge',
            name='argue_draw',
            field=models.CharField(blank=True, editable=False, max_length=24, verbose_name='论证专家抽取编号'),
        ),
    ]
