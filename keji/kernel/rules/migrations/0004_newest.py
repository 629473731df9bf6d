from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rules", "0003_runs")]
    operations = [
        migrations.AddIndex("assessment", models.Index(fields=["at"], name="assessment_newest")),
    ]
