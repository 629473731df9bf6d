from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0306_board_indexes")]
    operations = [
        migrations.RemoveIndex("certification", "certification_counts"),
        migrations.AddIndex(
            "certification",
            models.Index(
                fields=["kind", "year", "region", "issued_on", "valid_until", "state", "revoked_on", "party"],
                name="certification_counts",
            ),
        ),
        migrations.AddIndex(
            "certification",
            models.Index(
                fields=["kind", "party", "issued_on", "valid_until", "state", "revoked_on"], name="certification_several"
            ),
        ),
    ]
