"""Assessment: schemes, self-reports, checks, experts, findings."""

from __future__ import annotations

from django.urls import URLPattern, path

from keji.modules.platforms.assessment.views import assessment, mending, scheme

urlpatterns: list[URLPattern] = [
    path("schemes/<int:pk>/items", scheme.items, name="scheme-items"),
    path("schemes/<int:pk>/copy", scheme.copy, name="scheme-copy"),
    path("assessments/<int:pk>/report", assessment.report, name="assessment-report"),
    path("assessments/<int:pk>/evidence/<int:report>", assessment.evidence, name="assessment-evidence"),
    path("assessments/<int:pk>/check", assessment.check, name="assessment-check"),
    path("assessments/<int:pk>/marks", assessment.marks, name="assessment-marks"),
    path("assessments/<int:pk>/marks/<int:panelist>", assessment.marks, name="assessment-marks-edit"),
    path("assessments/panel/<int:pk>/drop", assessment.drop_panelist, name="assessment-panelist-drop"),
    path("assessments/<int:pk>/findings", mending.add, name="assessment-finding"),
    path("assessments/findings/<int:pk>/drop", mending.drop, name="assessment-finding-drop"),
    path("assessments/<int:pk>/answers", mending.answers, name="assessment-answers"),
    path("assessments/findings/<int:pk>/proof", mending.proof, name="assessment-proof"),
    path("assessments/<int:pk>/review", mending.review, name="assessment-review"),
]
