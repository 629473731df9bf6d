"""Public notices as records with a way of their own, and objections by anybody. The two tables had no pages before."""

import django.db.models.deletion
import keji.kernel.people.crypto
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.DeleteModel(name='Objection'),
        migrations.DeleteModel(name='PublicNotice'),
        migrations.CreateModel(
            name='PublicAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('address', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name': '公开页面访问次数',
                'verbose_name_plural': '公开页面访问次数',
                'indexes': [models.Index(fields=['kind', 'address', 'at'], name='public_act_recent')],
            },
        ),
        migrations.CreateModel(
            name='PublicNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(editable=False, max_length=24, unique=True, verbose_name='编号')),
                ('state_since', models.DateTimeField(editable=False, null=True, verbose_name='进入状态时间')),
                ('source', models.CharField(choices=[('bureau', '市局录入'), ('county', '县区填报'), ('party', '单位填报'), ('import', '表格导入'), ('exchange', '部门交换')], default='bureau', editable=False, max_length=10, verbose_name='来源')),
                ('created_at', models.DateTimeField(editable=False, verbose_name='建立时间')),
                ('updated_at', models.DateTimeField(editable=False, verbose_name='更新时间')),
                ('state', models.CharField(choices=[('draft', '起草'), ('published', '已发布'), ('closed', '已期满'), ('withdrawn', '已撤回'), ('discarded', '已弃用')], editable=False, max_length=20, verbose_name='状态')),
                ('kind', models.CharField(choices=[('notice', '公示'), ('announcement', '公告'), ('result', '结果公布')], max_length=20, verbose_name='类型')),
                ('matter', models.CharField(choices=[('other', '一般事项'), ('project', '项目立项和经费'), ('platform', '平台认定和推荐'), ('certification', '资格认定和入库')], default='other', max_length=20, verbose_name='事项')),
                ('title', models.CharField(max_length=200, verbose_name='标题')),
                ('document_number', models.CharField(blank=True, max_length=60, verbose_name='文号')),
                ('body', models.TextField(verbose_name='内容')),
                ('numbers', models.JSONField(blank=True, default=list, verbose_name='涉及记录')),
                ('columns', models.JSONField(blank=True, default=list, verbose_name='名单表头')),
                ('rows', models.JSONField(blank=True, default=list, verbose_name='名单')),
                ('workdays', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='公示工作日')),
                ('contact', models.CharField(blank=True, max_length=200, verbose_name='受理方式')),
                ('from_on', models.DateField(editable=False, null=True, verbose_name='自')),
                ('until_on', models.DateField(editable=False, null=True, verbose_name='至')),
                ('files', models.JSONField(default=list, editable=False, verbose_name='公开附件')),
                ('digest', models.CharField(blank=True, editable=False, max_length=64, verbose_name='内容指纹')),
                ('published_at', models.DateTimeField(editable=False, null=True, verbose_name='发布时间')),
                ('withdrawn_reason', models.CharField(blank=True, editable=False, max_length=300, verbose_name='撤回原因')),
                ('corrects', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='records.publicnotice', verbose_name='更正哪一份')),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='建立人')),
                ('drafted_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='起草人')),
                ('published_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='发布人')),
            ],
            options={
                'verbose_name': '公示',
                'verbose_name_plural': '公示公告',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Objection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(editable=False, max_length=24, unique=True, verbose_name='编号')),
                ('state_since', models.DateTimeField(editable=False, null=True, verbose_name='进入状态时间')),
                ('source', models.CharField(choices=[('bureau', '市局录入'), ('county', '县区填报'), ('party', '单位填报'), ('import', '表格导入'), ('exchange', '部门交换')], default='bureau', editable=False, max_length=10, verbose_name='来源')),
                ('created_at', models.DateTimeField(editable=False, verbose_name='建立时间')),
                ('updated_at', models.DateTimeField(editable=False, verbose_name='更新时间')),
                ('state', models.CharField(choices=[('raised', '待处理'), ('proposed', '待复核'), ('answered', '已答复')], editable=False, max_length=20, verbose_name='状态')),
                ('named', models.BooleanField(editable=False, verbose_name='实名')),
                ('name', keji.kernel.people.crypto.SealedField(blank=True, default='', verbose_name='异议人')),
                ('contact', keji.kernel.people.crypto.SealedField(blank=True, default='', verbose_name='联系方式')),
                ('reason', models.TextField(verbose_name='异议理由和依据')),
                ('raised_at', models.DateTimeField(editable=False, verbose_name='提出时间')),
                ('answer_workdays', models.PositiveSmallIntegerField(editable=False, verbose_name='答复时限（工作日）')),
                ('token', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='回执标识')),
                ('decision', models.CharField(blank=True, choices=[('upheld', '采纳'), ('dismissed', '不采纳'), ('inadmissible', '不予受理')], editable=False, max_length=20, verbose_name='处理意见')),
                ('answer', models.TextField(blank=True, editable=False, verbose_name='答复')),
                ('answered_at', models.DateTimeField(editable=False, null=True, verbose_name='答复时间')),
                ('answered_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='复核人')),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='建立人')),
                ('proposed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='拟答复人')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='objections', to='records.publicnotice', verbose_name='公示')),
            ],
            options={
                'verbose_name': '公示异议',
                'verbose_name_plural': '公示异议',
                'ordering': ['-pk'],
            },
        ),
        migrations.AddIndex(
            model_name='publicnotice',
            index=models.Index(fields=['state', '-from_on', '-id'], name='public_notice_shown'),
        ),
        migrations.AddIndex(
            model_name='publicnotice',
            index=models.Index(fields=['digest'], name='public_notice_digest'),
        ),
        migrations.AddConstraint(
            model_name='publicnotice',
            constraint=models.CheckConstraint(condition=models.Q(('until_on__isnull', True), ('until_on__gte', models.F('from_on')), _connector='OR'), name='public_notice_dates_in_order'),
        ),
        migrations.AddConstraint(
            model_name='publicnotice',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'discarded']), models.Q(('from_on__isnull', False), models.Q(('digest', ''), _negated=True)), _connector='OR'), name='public_notice_shown_is_locked'),
        ),
        migrations.AddConstraint(
            model_name='publicnotice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'notice'), _negated=True), ('workdays__gt', 0), _connector='OR'), name='public_notice_has_days'),
        ),
        migrations.AddIndex(
            model_name='objection',
            index=models.Index(fields=['notice', 'state'], name='notice_objection_open'),
        ),
        migrations.AddConstraint(
            model_name='objection',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'answered'), _negated=True), models.Q(('answered_at__isnull', False), models.Q(('decision', ''), _negated=True)), _connector='OR'), name='notice_objection_answered'),
        ),
    ]
