from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "keji.kernel.documents"
    label = "documents"
    verbose_name = "文档"
