"""Without statistics SQLite took (kind, valid_until) for “has this firm a newer one”, which made counting quadratic."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0003_list_indexes")]
    operations = [migrations.RemoveIndex(model_name="certification", name="certification_expiry")]
