"""Blueprints, forms, guards and error pages."""

# Each is a module of this package with a `blueprint`.
BLUEPRINTS = (
    "public",
    "metrics",
    "language",
    "rulebooks",
    "orders",
    "starting",
    "filed",
    "filling",
    "filling_services",
    "handing_in",
    "materials",
    "order_page",
    "correcting",
    "review",
    "notices",
    "outbox",
    "reminding",
    "status",
    "leader",
    "account",
    "second_factor",
    "recovery",
    "admin",
)
