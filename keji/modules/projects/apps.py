from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "keji.modules.projects"
    label = "projects"
    verbose_name = "科技计划项目"
