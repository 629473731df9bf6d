from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_looks")]

    operations = [
        migrations.RemoveField(model_name="ledger", name="changed"),
        migrations.AddField(model_name="ledger", name="marks", field=models.TextField(blank=True, default="")),
    ]
