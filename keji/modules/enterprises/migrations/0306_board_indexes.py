from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0305_quick_counts")]
    operations = [
        migrations.RemoveIndex("certification", "certification_party"),
        migrations.AddIndex(
            "certification",
            models.Index(
                fields=["party", "kind", "issued_on", "valid_until", "state", "revoked_on"], name="certification_party"
            ),
        ),
        migrations.RemoveIndex("prospect", "prospect_standing"),
        migrations.AddIndex(
            "prospect", models.Index(fields=["rule", "kind", "key", "region", "party"], name="prospect_standing")
        ),
        migrations.AddIndex("enterpriseprofile", models.Index(fields=["industry_tag"], name="profile_industry")),
    ]
