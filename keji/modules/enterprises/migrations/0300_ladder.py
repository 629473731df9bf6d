
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0001_initial'),
        ('enterprises', '0222_rights_and_portal'),
        ('parties', '0201_quick_lists'),
        ('rules', '0003_runs'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FocusIndustry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True, verbose_name='产业')),
                ('kind', models.CharField(choices=[('leading', '“5”大主导产业'), ('emerging', '“1”个战略性新兴产业'), ('focus', '重点细分产业')], max_length=10, verbose_name='归类')),
                ('place', models.CharField(blank=True, max_length=120, verbose_name='主要承载地')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='排序')),
                ('certain', models.BooleanField(default=False, verbose_name='已核对')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='说明')),
            ],
            options={
                'verbose_name': '重点产业',
                'verbose_name_plural': '重点产业',
                'ordering': ['order', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ProspectRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='更新时间')),
                ('judged_until', models.DateTimeField(null=True, verbose_name='评判截至')),
                ('touched', models.PositiveIntegerField(default=0, verbose_name='重新筛选数')),
                ('total', models.PositiveIntegerField(default=0, verbose_name='后备企业数')),
            ],
            options={
                'verbose_name': '后备名单更新',
                'verbose_name_plural': '后备名单更新',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rung', models.CharField(choices=[('tech_sme', '科技型中小企业'), ('innovative_sme', '创新型中小企业'), ('hnte', '高新技术企业'), ('srdi', '专精特新中小企业'), ('little_giant', '专精特新“小巨人”企业')], max_length=20, verbose_name='申报梯级')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                ('title', models.CharField(max_length=120, verbose_name='名称')),
                ('materials', models.TextField(blank=True, help_text='一行一项', verbose_name='材料清单')),
                ('note', models.TextField(blank=True, verbose_name='说明')),
                ('state', models.CharField(choices=[('draft', '筹备'), ('open', '受理中'), ('closed', '已结束')], default='draft', editable=False, max_length=10, verbose_name='状态')),
                ('state_since', models.DateTimeField(editable=False, null=True)),
            ],
            options={
                'verbose_name': '申报活动',
                'verbose_name_plural': '申报活动',
                'ordering': ['-year', 'rung'],
                'constraints': [models.UniqueConstraint(fields=('rung', 'year'), name='campaign_once_a_year')],
            },
        ),
        migrations.CreateModel(
            name='CampaignBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='批次')),
                ('county_due_on', models.DateField(blank=True, null=True, verbose_name='县区审核截止')),
                ('due_on', models.DateField(verbose_name='市级提交截止')),
                ('certain', models.BooleanField(default=False, verbose_name='日期已核对通知原文')),
                ('cites', models.CharField(blank=True, max_length=200, verbose_name='依据')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='batches', to='enterprises.campaign', verbose_name='申报活动')),
            ],
            options={
                'verbose_name': '申报批次',
                'verbose_name_plural': '申报批次',
                'ordering': ['due_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Application',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(editable=False, max_length=24, unique=True, verbose_name='编号')),
                ('state_since', models.DateTimeField(editable=False, null=True, verbose_name='进入状态时间')),
                ('source', models.CharField(choices=[('bureau', '市局录入'), ('county', '县区填报'), ('party', '单位填报'), ('import', '表格导入'), ('exchange', '部门交换')], default='bureau', editable=False, max_length=10, verbose_name='来源')),
                ('created_at', models.DateTimeField(editable=False, verbose_name='建立时间')),
                ('updated_at', models.DateTimeField(editable=False, verbose_name='更新时间')),
                ('state', models.CharField(choices=[('draft', '填写中'), ('submitted', '待县区审核'), ('returned', '退回补正'), ('reviewed', '县区已审'), ('refused', '县区未通过'), ('recommended', '市局已推荐'), ('passed', '拟认定公示'), ('failed', '评审未通过'), ('certified', '已发证'), ('withdrawn', '已撤回')], editable=False, max_length=20, verbose_name='状态')),
                ('contact', models.CharField(blank=True, max_length=60, verbose_name='申报联系人')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='备注')),
                ('ready', models.JSONField(default=list, editable=False, verbose_name='已备齐材料')),
                ('submitted_at', models.DateTimeField(editable=False, null=True, verbose_name='提交时间')),
                ('returned_times', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='退回次数')),
                ('result', models.CharField(blank=True, editable=False, max_length=300, verbose_name='结果说明')),
                ('certification', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='enterprises.certification', verbose_name='证书')),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='建立人')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.party', verbose_name='单位')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.region', verbose_name='县区')),
                ('reviewed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='县区审核人')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='enterprises.campaign', verbose_name='申报活动')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='enterprises.campaignbatch', verbose_name='申报批次')),
            ],
            options={
                'verbose_name': '申报',
                'verbose_name_plural': '申报',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='CultivationEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(editable=False, max_length=24, unique=True, verbose_name='编号')),
                ('state_since', models.DateTimeField(editable=False, null=True, verbose_name='进入状态时间')),
                ('source', models.CharField(choices=[('bureau', '市局录入'), ('county', '县区填报'), ('party', '单位填报'), ('import', '表格导入'), ('exchange', '部门交换')], default='bureau', editable=False, max_length=10, verbose_name='来源')),
                ('created_at', models.DateTimeField(editable=False, verbose_name='建立时间')),
                ('updated_at', models.DateTimeField(editable=False, verbose_name='更新时间')),
                ('state', models.CharField(choices=[('cultivating', '培育中'), ('applied', '已申报'), ('achieved', '已达成'), ('dropped', '已移出')], editable=False, max_length=20, verbose_name='状态')),
                ('rung', models.CharField(choices=[('tech_sme', '科技型中小企业'), ('innovative_sme', '创新型中小企业'), ('hnte', '高新技术企业'), ('srdi', '专精特新中小企业'), ('little_giant', '专精特新“小巨人”企业')], max_length=20, verbose_name='目标梯级')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                ('origin', models.CharField(choices=[('near', '临近达标'), ('fact', '补齐资料'), ('due', '应评未评、达标未报'), ('renewal', '到期重新认定'), ('other', '其他')], default='other', max_length=10, verbose_name='列入原因')),
                ('condition', models.CharField(blank=True, max_length=160, verbose_name='依据条件')),
                ('gap', models.CharField(blank=True, max_length=300, verbose_name='列入时差距')),
                ('plan', models.TextField(blank=True, verbose_name='培育措施')),
                ('visited_on', models.DateField(editable=False, null=True, verbose_name='最近走访')),
                ('visits_count', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='走访次数')),
                ('next_on', models.DateField(editable=False, null=True, verbose_name='下次跟进')),
                ('result', models.CharField(blank=True, editable=False, max_length=300, verbose_name='结果')),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='建立人')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='责任人')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.party', verbose_name='单位')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.region', verbose_name='县区')),
            ],
            options={
                'verbose_name': '培育清单',
                'verbose_name_plural': '培育清单',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Prospect',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.CharField(choices=[('tech_sme', '科技型中小企业'), ('innovative_sme', '创新型中小企业'), ('hnte', '高新技术企业'), ('srdi', '专精特新中小企业'), ('little_giant', '专精特新“小巨人”企业')], max_length=40, verbose_name='目标梯级')),
                ('kind', models.CharField(choices=[('ready', '已达标'), ('experts', '需专家评审'), ('fact', '差一项资料'), ('condition', '差一项条件')], max_length=10, verbose_name='差距类型')),
                ('key', models.CharField(blank=True, max_length=60, verbose_name='条件')),
                ('label', models.CharField(blank=True, max_length=160, verbose_name='差在哪里')),
                ('gap', models.CharField(blank=True, max_length=300, verbose_name='差多少')),
                ('effort', models.PositiveIntegerField(default=0, verbose_name='差距（千分比）')),
                ('open_count', models.PositiveSmallIntegerField(default=0, verbose_name='资料不足项数')),
                ('assessment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='prospect', to='rules.assessment', verbose_name='评判')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='parties.party', verbose_name='单位')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.region', verbose_name='县区')),
            ],
            options={
                'verbose_name': '后备企业',
                'verbose_name_plural': '后备企业',
                'ordering': ['effort', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='PublicList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('proposed', '拟认定公示'), ('certified', '发证（入库）公告')], max_length=10, verbose_name='名单类型')),
                ('title', models.CharField(max_length=200, verbose_name='名单名称')),
                ('file_name', models.CharField(max_length=200, verbose_name='文件名')),
                ('at', models.DateTimeField(verbose_name='上传时间')),
                ('by', models.CharField(max_length=60, verbose_name='上传人')),
                ('done_at', models.DateTimeField(null=True, verbose_name='据此登记时间')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='enterprises.campaignbatch', verbose_name='申报批次')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='public_lists', to='enterprises.campaign', verbose_name='申报活动')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.blob')),
            ],
            options={
                'verbose_name': '公示名单',
                'verbose_name_plural': '公示名单',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='PublicLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row', models.PositiveIntegerField(verbose_name='行')),
                ('name', models.CharField(max_length=160, verbose_name='名单上的名称')),
                ('uscc', models.CharField(blank=True, max_length=18, verbose_name='统一社会信用代码')),
                ('certificate_code', models.CharField(blank=True, max_length=30, verbose_name='证书（登记）编号')),
                ('issued_on', models.DateField(null=True, verbose_name='发证（入库）日期')),
                ('match', models.CharField(choices=[('matched', '已对上'), ('former', '按曾用名对上'), ('other_batch', '未经市局推荐'), ('not_applied', '没有申报记录'), ('unknown', '查无此企业'), ('settled', '人工对上'), ('not_ours', '不属本市')], max_length=12, verbose_name='核对结果')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                ('settled_by', models.CharField(blank=True, max_length=60, verbose_name='核定人')),
                ('application', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='enterprises.application', verbose_name='申报')),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='enterprises.publiclist', verbose_name='名单')),
            ],
            options={
                'verbose_name': '公示名单企业',
                'verbose_name_plural': '公示名单企业',
                'ordering': ['row', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Segment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.CharField(choices=[('up', '上游'), ('middle', '中游'), ('down', '下游')], max_length=6, verbose_name='位置')),
                ('name', models.CharField(max_length=60, verbose_name='环节')),
                ('wanted', models.CharField(blank=True, max_length=200, verbose_name='要补什么')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='排序')),
                ('industry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='segments', to='enterprises.focusindustry', verbose_name='产业')),
            ],
            options={
                'verbose_name': '产业链环节',
                'verbose_name_plural': '产业链环节',
                'ordering': ['industry', 'order', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='SegmentFirm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('product', models.CharField(blank=True, max_length=120, verbose_name='主要产品')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='parties.party', verbose_name='企业')),
                ('segment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='firms', to='enterprises.segment', verbose_name='环节')),
            ],
            options={
                'verbose_name': '链上企业',
                'verbose_name_plural': '链上企业',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='走访日期')),
                ('finding', models.CharField(choices=[('preparing', '有意愿，正在准备'), ('coaching', '有意愿，需要辅导'), ('unsure', '还在犹豫'), ('unwilling', '暂无意愿'), ('unreached', '没有联系上')], max_length=12, verbose_name='企业情况')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='发现的问题')),
                ('promised', models.CharField(blank=True, max_length=300, verbose_name='企业承诺')),
                ('next_step', models.CharField(blank=True, max_length=300, verbose_name='下一步')),
                ('next_on', models.DateField(blank=True, null=True, verbose_name='下次跟进')),
                ('by', models.CharField(max_length=60, verbose_name='走访人')),
                ('at', models.DateTimeField(verbose_name='登记时间')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='visits', to='enterprises.cultivationentry', verbose_name='培育对象')),
            ],
            options={
                'verbose_name': '走访记录',
                'verbose_name_plural': '走访记录',
                'ordering': ['-on', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Waiver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(editable=False, max_length=24, unique=True, verbose_name='编号')),
                ('state_since', models.DateTimeField(editable=False, null=True, verbose_name='进入状态时间')),
                ('source', models.CharField(choices=[('bureau', '市局录入'), ('county', '县区填报'), ('party', '单位填报'), ('import', '表格导入'), ('exchange', '部门交换')], default='bureau', editable=False, max_length=10, verbose_name='来源')),
                ('created_at', models.DateTimeField(editable=False, verbose_name='建立时间')),
                ('updated_at', models.DateTimeField(editable=False, verbose_name='更新时间')),
                ('state', models.CharField(choices=[('proposed', '待认可'), ('accepted', '已认可'), ('rejected', '未认可')], editable=False, max_length=20, verbose_name='状态')),
                ('rung', models.CharField(choices=[('tech_sme', '科技型中小企业'), ('innovative_sme', '创新型中小企业'), ('hnte', '高新技术企业'), ('srdi', '专精特新中小企业'), ('little_giant', '专精特新“小巨人”企业')], max_length=20, verbose_name='目标梯级')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                ('reason', models.CharField(choices=[('unwilling', '企业不愿申报'), ('books', '研发费用未归集，今年来不及'), ('moving', '拟迁出本市'), ('closing', '停产或注销'), ('conduct', '有未了结的违法违规事项'), ('other', '其他')], max_length=12, verbose_name='原因')),
                ('explanation', models.CharField(max_length=300, verbose_name='具体情况')),
                ('accepted_by', models.CharField(blank=True, editable=False, max_length=60, verbose_name='认可人')),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='建立人')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.party', verbose_name='单位')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.region', verbose_name='县区')),
            ],
            options={
                'verbose_name': '不申报说明',
                'verbose_name_plural': '不申报说明',
                'ordering': ['-pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='campaignbatch',
            constraint=models.UniqueConstraint(fields=('campaign', 'name'), name='batch_once_a_campaign'),
        ),
        migrations.AddConstraint(
            model_name='campaignbatch',
            constraint=models.CheckConstraint(condition=models.Q(('county_due_on__isnull', True), ('county_due_on__lte', models.F('due_on')), _connector='OR'), name='batch_dates_in_order'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['region', '-id'], name='application_region'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['state', '-id'], name='application_state'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['campaign', 'state', 'region'], name='application_progress'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['batch', 'state'], name='application_batch'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'withdrawn'), _negated=True), fields=('party', 'campaign'), name='application_once_a_campaign'),
        ),
        migrations.AddIndex(
            model_name='cultivationentry',
            index=models.Index(fields=['region', '-id'], name='cultivation_region'),
        ),
        migrations.AddIndex(
            model_name='cultivationentry',
            index=models.Index(fields=['state', '-id'], name='cultivation_state'),
        ),
        migrations.AddIndex(
            model_name='cultivationentry',
            index=models.Index(fields=['owner', 'state', 'next_on'], name='cultivation_owner'),
        ),
        migrations.AddIndex(
            model_name='cultivationentry',
            index=models.Index(fields=['rung', 'year', 'state'], name='cultivation_rung'),
        ),
        migrations.AddIndex(
            model_name='cultivationentry',
            index=models.Index(fields=['next_on', 'id'], name='cultivation_next'),
        ),
        migrations.AddConstraint(
            model_name='cultivationentry',
            constraint=models.UniqueConstraint(fields=('party', 'rung', 'year'), name='cultivation_once_a_year'),
        ),
        migrations.AddIndex(
            model_name='prospect',
            index=models.Index(fields=['rule', 'kind', 'effort', 'id'], name='prospect_near'),
        ),
        migrations.AddIndex(
            model_name='prospect',
            index=models.Index(fields=['rule', 'kind', 'region', 'effort', 'id'], name='prospect_county'),
        ),
        migrations.AddIndex(
            model_name='prospect',
            index=models.Index(fields=['rule', 'kind', 'key', 'effort', 'id'], name='prospect_key'),
        ),
        migrations.AddIndex(
            model_name='publicline',
            index=models.Index(fields=['sheet', 'match'], name='public_line_match'),
        ),
        migrations.AddConstraint(
            model_name='publicline',
            constraint=models.UniqueConstraint(fields=('sheet', 'row'), name='public_line_row'),
        ),
        migrations.AddConstraint(
            model_name='segment',
            constraint=models.UniqueConstraint(fields=('industry', 'name'), name='segment_once_a_chain'),
        ),
        migrations.AddConstraint(
            model_name='segmentfirm',
            constraint=models.UniqueConstraint(fields=('segment', 'party'), name='segment_firm_once'),
        ),
        migrations.AddIndex(
            model_name='waiver',
            index=models.Index(fields=['region', '-id'], name='waiver_region'),
        ),
        migrations.AddIndex(
            model_name='waiver',
            index=models.Index(fields=['state', '-id'], name='waiver_state'),
        ),
        migrations.AddConstraint(
            model_name='waiver',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'rejected'), _negated=True), fields=('party', 'rung', 'year'), name='waiver_once_a_year'),
        ),
    ]
