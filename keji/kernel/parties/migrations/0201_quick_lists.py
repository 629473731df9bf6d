"""Every sortable column of the list of parties has its index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("parties", "0002_named")]
    operations = [
        migrations.AddIndex(
            model_name="party", index=models.Index(fields=["established_on", "id"], name="party_by_age")
        ),
        migrations.AddIndex(
            model_name="party", index=models.Index(fields=["industry_code", "id"], name="party_by_industry")
        ),
    ]
