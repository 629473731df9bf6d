from django.urls import path

from keji.modules.rnd.views import boards, firm, sheets, zeroing

urlpatterns = [
    path("", boards.board, name="rnd-board"),
    path("missing", boards.missing, name="rnd-missing"),
    path("growth", boards.growth, name="rnd-growth"),
    path("mine", firm.mine, name="rnd-mine"),
    path("year/<int:year>", firm.start_statement, name="rnd-start-statement"),
    path("projects/<int:pk>/month/<int:year>/<int:month>", firm.month, name="rnd-month"),
    path("projects/<int:pk>/year/<int:year>", firm.year, name="rnd-year"),
    path("projects/<int:pk>/equipment", firm.add_equipment, name="rnd-add-equipment"),
    path("equipment/<int:pk>/drop", firm.drop_equipment, name="rnd-drop-equipment"),
    path("statements/<int:pk>/facts", firm.to_file, name="rnd-to-file"),
    path("spend/upload", sheets.upload, name="rnd-spend-upload"),
    path("spend/template", sheets.template, name="rnd-spend-template"),
    path("exports", sheets.exports, name="rnd-exports"),
    path("exports/<slug:form>", sheets.export, name="rnd-export"),
    path("zeroing", zeroing.board, name="rnd-zeroing"),
    path("zeroing/scope", zeroing.scope, name="rnd-scope"),
    path("zeroing/assign", zeroing.assign, name="rnd-assign"),
    path("zeroing/recompute", zeroing.renew, name="rnd-recompute"),
    path("cases/<int:pk>/visit", zeroing.visit, name="rnd-visit"),
]
