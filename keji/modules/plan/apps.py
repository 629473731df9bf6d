from django.apps import AppConfig


class PlanConfig(AppConfig):
    name = "keji.modules.plan"
    label = "plan"
    verbose_name = "工作要点"
