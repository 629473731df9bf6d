from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0303_technology_focus")]
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
