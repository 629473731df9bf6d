"""Addresses from upload to the adopted plan."""

from __future__ import annotations

from django.urls import path

from keji.modules.plan.views import adopt, adopt_acts, tree

urlpatterns = [
    path("upload", adopt.upload, name="plan-upload"),
    path("<int:pk>/adopt", adopt.show, name="plan-adopt"),
    path("<int:pk>/source", adopt.source, name="plan-source"),
    path("<int:pk>/step/<slug:name>", adopt.step, name="plan-step"),
    path("<int:pk>/adopt/add", adopt.add, name="plan-target-add"),
    path("<int:pk>/adopt/bulk", adopt_acts.bulk, name="plan-target-bulk"),
    path("<int:pk>/adopt/<int:target>", adopt.edit, name="plan-target-edit"),
    path("<int:pk>/adopt/<int:target>/drop", adopt_acts.drop, name="plan-target-drop"),
    path("<int:pk>/adopt/<int:target>/restore", adopt_acts.restore, name="plan-target-restore"),
    path("<int:pk>/adopt/<int:target>/settle", adopt_acts.settle, name="plan-target-settle"),
    path("<int:pk>/tree", tree.tree, name="plan-tree"),
    path("<int:pk>/tree/<int:item>", tree.assign, name="plan-item-assign"),
    path("<int:pk>/compare", tree.compare, name="plan-compare"),
]
