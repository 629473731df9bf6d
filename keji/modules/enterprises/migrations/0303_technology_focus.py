from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0302_burden")]
    operations = [
        migrations.RenameField("enterpriseprofile", "technology_field", "technology_focus"),
        migrations.AlterField(
            "enterpriseprofile", "technology_focus", models.CharField("技术方向", max_length=60, blank=True)
        ),
    ]
