from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0304_abroad_cap")]
    operations = [
        migrations.RemoveIndex("certification", "certification_counts"),
        migrations.AddIndex(
            "certification",
            models.Index(
                fields=["kind", "region", "issued_on", "valid_until", "state", "revoked_on", "year", "party"],
                name="certification_counts",
            ),
        ),
        migrations.AddIndex(
            "prospect", models.Index(fields=["rule", "kind", "region", "party"], name="prospect_standing")
        ),
    ]
