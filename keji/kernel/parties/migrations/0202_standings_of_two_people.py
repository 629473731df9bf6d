"""A standing is registered by one, confirmed by another, and may be lifted before its end."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0201_quick_lists'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='standing',
            options={'ordering': ['-pk'], 'verbose_name': '信用状态', 'verbose_name_plural': '信用状态'},
        ),
        migrations.AddField(
            model_name='standing',
            name='lifted_on',
            field=models.DateField(editable=False, null=True, verbose_name='解除日期'),
        ),
        migrations.AddField(
            model_name='standing',
            name='lifted_reason',
            field=models.CharField(blank=True, editable=False, max_length=300, verbose_name='解除理由'),
        ),
        migrations.AddField(
            model_name='standing',
            name='registered_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人'),
        ),
        migrations.AddField(
            model_name='standing',
            name='restricts',
            field=models.JSONField(blank=True, default=list, verbose_name='限制事项'),
        ),
        migrations.AddField(
            model_name='standing',
            name='state',
            field=models.CharField(choices=[('registered', '待复核'), ('in_force', '生效'), ('lifted', '已解除'), ('rejected', '不予登记')], default='in_force', editable=False, max_length=12, verbose_name='状态'),
        ),
        migrations.AddField(
            model_name='standing',
            name='state_since',
            field=models.DateTimeField(editable=False, null=True, verbose_name='进入状态时间'),
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(fields=['party', 'state', 'from_on'], name='standing_of_party'),
        ),
        migrations.AddConstraint(
            model_name='standing',
            constraint=models.CheckConstraint(condition=models.Q(('until_on__isnull', True), ('until_on__gte', models.F('from_on')), _connector='OR'), name='standing_dates_in_order'),
        ),
        migrations.AddConstraint(
            model_name='standing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'lifted'), _negated=True), ('lifted_on__isnull', False), _connector='OR'), name='standing_lifted_has_date'),
        ),
    ]
