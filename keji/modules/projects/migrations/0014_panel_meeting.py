"""A panel that meets: the meeting, its agenda, who came, paper sheets, what the panel says; a scheme's quorum."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0002_public_papers'),
        ('parties', '0203_people'),
        ('projects', '0013_blind_looked_at'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='reviewscheme',
            name='conclusions',
            field=models.JSONField(default=list, verbose_name='会议评审专家组结论'),
        ),
        migrations.AddField(
            model_name='reviewscheme',
            name='quorum',
            field=models.CharField(choices=[('1/2', '二分之一'), ('2/3', '三分之二'), ('3/4', '四分之三'), ('1/1', '全部')], default='2/3', max_length=4, verbose_name='会议评审到会专家不少于应到的'),
        ),
        migrations.CreateModel(
            name='Attendee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=10, verbose_name='专家代号')),
                ('state', models.CharField(choices=[('expected', '未签到'), ('present', '已到会'), ('absent', '未到会')], default='expected', max_length=10, verbose_name='状态')),
                ('how', models.CharField(blank=True, choices=[('own', '本人办理'), ('noted', '现场登记')], max_length=6, verbose_name='签到方式')),
                ('at', models.DateTimeField(null=True, verbose_name='签到时间')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='未到会原因')),
                ('instead_of', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='substitute', to='projects.attendee', verbose_name='替补哪一位')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.person', verbose_name='专家')),
                ('vote', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='votes', to='projects.attendee', verbose_name='推选的组长')),
            ],
            options={
                'verbose_name': '参会专家',
                'verbose_name_plural': '参会专家',
                'ordering': ['code', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='PanelMeeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('held_on', models.DateField(verbose_name='会议日期')),
                ('starts_at', models.TimeField(verbose_name='开始时间')),
                ('place', models.CharField(max_length=120, verbose_name='会议地点')),
                ('digits', models.CharField(blank=True, max_length=12, verbose_name='抽签数字')),
                ('by_hand', models.CharField(blank=True, max_length=300, verbose_name='调整次序的理由')),
                ('elected', models.CharField(blank=True, max_length=200, verbose_name='推选情况')),
                ('minutes_by', models.CharField(blank=True, max_length=60, verbose_name='记录人')),
                ('minutes_at', models.DateTimeField(null=True, verbose_name='会议记录生成时间')),
                ('agreed_at', models.DateTimeField(null=True, verbose_name='组长确认时间')),
                ('agreed_how', models.CharField(blank=True, choices=[('own', '本人办理'), ('noted', '现场登记')], max_length=6, verbose_name='确认方式')),
                ('batch', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='meeting', to='projects.reviewbatch', verbose_name='评审批次')),
                ('chair', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='projects.attendee', verbose_name='评审组长')),
                ('docx', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.blob')),
                ('pdf', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.blob')),
                ('secretary', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='会议秘书')),
                ('signed_page', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.blob')),
            ],
            options={
                'verbose_name': '评审会议',
                'verbose_name_plural': '评审会议',
            },
        ),
        migrations.AddField(
            model_name='attendee',
            name='meeting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attendees', to='projects.panelmeeting', verbose_name='评审会议'),
        ),
        migrations.CreateModel(
            name='AgendaItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(verbose_name='次序')),
                ('minutes', models.PositiveSmallIntegerField(verbose_name='时长（分钟）')),
                ('conclusion', models.CharField(blank=True, max_length=30, verbose_name='专家组结论')),
                ('opinion', models.TextField(blank=True, max_length=2000, verbose_name='专家组意见')),
                ('drafted_by', models.CharField(blank=True, max_length=60, verbose_name='起草人')),
                ('drafted_at', models.DateTimeField(null=True, verbose_name='起草时间')),
                ('how', models.CharField(blank=True, choices=[('own', '本人办理'), ('noted', '现场登记')], max_length=6, verbose_name='起草方式')),
                ('page_name', models.CharField(blank=True, max_length=200, verbose_name='签名页')),
                ('page', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.blob')),
                ('proposal', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='agenda_item', to='projects.proposal', verbose_name='项目申报')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='projects.panelmeeting', verbose_name='评审会议')),
            ],
            options={
                'verbose_name': '评审会议议程',
                'verbose_name_plural': '评审会议议程',
                'ordering': ['order', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='PaperSheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('typed', '待核对'), ('returned', '有误，待改'), ('confirmed', '已核对')], default='typed', max_length=10, verbose_name='状态')),
                ('marks', models.JSONField(default=dict, verbose_name='评分')),
                ('comment', models.TextField(max_length=2000, verbose_name='总体意见')),
                ('page_name', models.CharField(max_length=200, verbose_name='扫描件')),
                ('typed_name', models.CharField(max_length=60, verbose_name='录入人姓名')),
                ('typed_at', models.DateTimeField(verbose_name='录入时间')),
                ('checked_name', models.CharField(blank=True, max_length=60, verbose_name='核对人姓名')),
                ('checked_at', models.DateTimeField(null=True, verbose_name='核对时间')),
                ('wrong', models.CharField(blank=True, max_length=300, verbose_name='哪里不一致')),
                ('checked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='核对人')),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.blob')),
                ('review', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='on_paper', to='projects.review', verbose_name='专家评审表')),
                ('typed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
            ],
            options={
                'verbose_name': '纸质评分表',
                'verbose_name_plural': '纸质评分表',
            },
        ),
        migrations.CreateModel(
            name='Assent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agrees', models.BooleanField(verbose_name='同意')),
                ('words', models.CharField(blank=True, max_length=500, verbose_name='不同意见')),
                ('how', models.CharField(choices=[('own', '本人办理'), ('noted', '现场登记')], max_length=6, verbose_name='表态方式')),
                ('at', models.DateTimeField(verbose_name='表态时间')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assents', to='projects.agendaitem', verbose_name='议程')),
                ('attendee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assents', to='projects.attendee', verbose_name='参会专家')),
            ],
            options={
                'verbose_name': '专家表态',
                'verbose_name_plural': '专家表态',
                'ordering': ['attendee__code'],
                'constraints': [models.UniqueConstraint(fields=('item', 'attendee'), name='assent_once'), models.CheckConstraint(condition=models.Q(('agrees', True), models.Q(('words', ''), _negated=True), _connector='OR'), name='assent_dissent_says_why')],
            },
        ),
        migrations.AddConstraint(
            model_name='panelmeeting',
            constraint=models.CheckConstraint(condition=models.Q(('agreed_at__isnull', True), ('docx__isnull', False), _connector='OR'), name='panel_meeting_agreed_has_minutes'),
        ),
        migrations.AddConstraint(
            model_name='attendee',
            constraint=models.UniqueConstraint(fields=('meeting', 'person'), name='attendee_once'),
        ),
        migrations.AddConstraint(
            model_name='attendee',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'absent'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='attendee_absent_says_why'),
        ),
        migrations.AddConstraint(
            model_name='agendaitem',
            constraint=models.CheckConstraint(condition=models.Q(('minutes__gt', 0)), name='agenda_item_takes_time'),
        ),
        migrations.AddConstraint(
            model_name='papersheet',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'confirmed'), _negated=True), ('checked_by', None), ('typed_by', None), models.Q(('checked_by', models.F('typed_by')), _negated=True), _connector='OR'), name='paper_sheet_two_people'),
        ),
    ]
