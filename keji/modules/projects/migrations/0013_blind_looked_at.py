"""An officer answers for what may still tell whose a blind proposal is."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0012_changes_applied'),
    ]

    operations = [
        migrations.AddField(
            model_name='reviewbatch',
            name='looked_at',
            field=models.CharField(blank=True, editable=False, max_length=32, verbose_name='匿名检查核对'),
        ),
    ]
