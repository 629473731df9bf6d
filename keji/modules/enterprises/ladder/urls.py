"""The pages of the ladder."""

from django.urls import URLPattern, path

from keji.modules.enterprises.ladder.views import board, campaigns, chains, cultivation, near, renewal

urlpatterns: list[URLPattern] = [
    path("ladder/", board.board, name="ladder"),
    path("ladder/firms", board.firms, name="ladder-firms"),
    path("ladder/moved", board.moved, name="ladder-moved"),
    path("ladder/near", near.near, name="ladder-near"),
    path("ladder/due", near.due_list, name="ladder-due"),
    path("ladder/pick", near.pick, name="ladder-pick"),
    path("ladder/refresh", near.refresh, name="ladder-refresh"),
    path("ladder/renewal", renewal.lapsing, name="ladder-renewal"),
    path("ladder/outlook", renewal.year_end, name="ladder-outlook"),
    path("ladder/visit/<int:pk>", cultivation.log_visit, name="ladder-visit"),
    path("ladder/give/<int:pk>", cultivation.give, name="ladder-give"),
    path("ladder/campaigns", campaigns.campaigns, name="ladder-campaigns"),
    path("ladder/campaigns/<int:pk>", campaigns.campaign, name="ladder-campaign"),
    path("ladder/applications", campaigns.applications, name="ladder-applications"),
    path("ladder/applications/<int:pk>/materials", campaigns.materials, name="ladder-materials"),
    path("ladder/batches/<int:pk>/public", campaigns.upload_public_list, name="ladder-public-upload"),
    path("ladder/batches/<int:pk>/recommended.<str:kind>", campaigns.recommendation, name="ladder-recommendation"),
    path("ladder/public/<int:pk>", campaigns.public_list, name="ladder-public-list"),
    path("ladder/public/<int:pk>/register", campaigns.register_list, name="ladder-public-register"),
    path("ladder/public/lines/<int:pk>", campaigns.settle_line, name="ladder-public-settle"),
    path("ladder/chains", chains.chains, name="ladder-chains"),
    path("ladder/chains/<int:pk>", chains.chain, name="ladder-chain"),
    path("ladder/chains/<int:pk>/firms", chains.chain_firms, name="ladder-chain-firms"),
]
