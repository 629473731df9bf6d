"""Pages of one project, and everything that is due."""

from __future__ import annotations

from django.urls import URLPattern, path

from keji.modules.projects.running import views as project

urlpatterns: list[URLPattern] = [
    path("due", project.due_board, name="project-due"),
    path("projects/<int:pk>/task-book", project.task_book, name="project-task-book"),
    path("projects/<int:pk>/task-book.<str:kind>", project.task_book_file, name="project-task-book-file"),
    path("projects/<int:pk>/sign", project.sign, name="project-sign"),
    path("projects/<int:pk>/pay", project.pay, name="project-pay"),
    path("projects/<int:pk>/report", project.report, name="project-report"),
    path("projects/<int:pk>/change", project.change, name="project-change"),
    path("projects/<int:pk>/ask-acceptance", project.ask_acceptance, name="project-ask-acceptance"),
    path("projects/<int:pk>/result", project.record_result, name="project-result"),
    path("projects/<int:pk>/acceptance-<int:round>.<str:kind>", project.acceptance_file, name="project-acceptance"),
    path("projects/<int:pk>/dossier.zip", project.dossier, name="project-dossier"),
    path("milestones/<int:pk>/reached", project.milestone, name="milestone-reached"),
]
