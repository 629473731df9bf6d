from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "keji.kernel.jobs"
    label = "jobs"
    verbose_name = "任务"
