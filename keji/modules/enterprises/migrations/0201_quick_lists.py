"""Every sortable column has its index; counting reads one index and no row. The index on (kind, valid_until) goes:
without statistics SQLite preferred it where it made counting quadratic."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0003_list_indexes"), ("parties", "0002_named")]
    operations = [
        migrations.RemoveIndex(model_name="certification", name="certification_expiry"),
        migrations.RemoveIndex(model_name="certification", name="certification_counted"),
        migrations.AddIndex(
            model_name="certification",
            index=models.Index(fields=["certificate_code", "id"], name="certification_by_code"),
        ),
        migrations.AddIndex(
            model_name="certification",
            index=models.Index(fields=["valid_until", "id"], name="certification_by_end"),
        ),
        migrations.AddIndex(
            model_name="certification",
            index=models.Index(
                fields=["kind", "region", "issued_on", "valid_until", "state", "revoked_on", "party"],
                name="certification_counts",
            ),
        ),
    ]
