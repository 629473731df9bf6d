from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0306_board_indexes")]
    operations = [
        migrations.AddIndex(
            "certification",
            models.Index(
                fields=["kind", "party", "issued_on", "valid_until", "state", "revoked_on", "year"],
                name="certification_holders",
            ),
        ),
    ]
