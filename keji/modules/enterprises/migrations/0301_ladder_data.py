"""Puts the campaign whose notice was read and the chains of the focus industries on file."""

import tomllib
from pathlib import Path

from django.db import migrations

FILE = Path(__file__).resolve().parents[1] / "regulations" / "ladder.toml"


def forwards(apps, schema_editor):
    campaign, batch = apps.get_model("enterprises", "Campaign"), apps.get_model("enterprises", "CampaignBatch")
    industry, segment = apps.get_model("enterprises", "FocusIndustry"), apps.get_model("enterprises", "Segment")
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    for row in data["campaign"]:
        batches, cites = row.pop("batches"), row.pop("cites")
        made = campaign.objects.create(state="closed", **row)
        for each in batches:
            batch.objects.create(campaign=made, certain=True, cites=cites, **each)
    for order, row in enumerate(data["industry"], start=1):
        segments = row.pop("segments")
        made = industry.objects.create(order=order, certain=False, note="按公开提法整理，待市局核对。", **row)
        for place, (position, name, wanted) in enumerate(segments, start=1):
            segment.objects.create(industry=made, position=position, name=name, wanted=wanted, order=place)


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0300_ladder")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
