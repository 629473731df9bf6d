"""Pages of one project, and everything that is due."""

from __future__ import annotations

from django.urls import URLPattern, path

from keji.modules.projects.running import views

urlpatterns: list[URLPattern] = [
    path("due", views.due_board, name="project-due"),
    path("projects/<int:pk>/task-book", views.task_book, name="project-task-book"),
    path("projects/<int:pk>/task-book.<str:kind>", views.task_book_file, name="project-task-book-file"),
    path("projects/<int:pk>/sign", views.sign, name="project-sign"),
    path("projects/<int:pk>/pay", views.pay, name="project-pay"),
    path("projects/<int:pk>/report", views.report, name="project-report"),
    path("projects/<int:pk>/change", views.change, name="project-change"),
    path("projects/<int:pk>/ask-acceptance", views.ask_acceptance, name="project-ask-acceptance"),
    path("projects/<int:pk>/result", views.record_result, name="project-result"),
    path("projects/<int:pk>/acceptance-<int:round>.<str:kind>", views.acceptance_file, name="project-acceptance"),
    path("projects/<int:pk>/dossier.zip", views.dossier, name="project-dossier"),
    path("milestones/<int:pk>/reached", views.milestone, name="milestone-reached"),
]
