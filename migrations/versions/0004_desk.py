"""The provider's desk: who decided last, what a return points at, notes, attempts, settings.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _orders()
    # Plain statements: to write `events` anew would lose the triggers that keep it insert-only.
    op.create_index("ix_events_at", "events", ["at", "id"])
    op.create_index("ix_events_actor", "events", ["actor_id", "id"])
    op.add_column("deliveries", sa.Column("held_at", sa.DateTime(timezone=True), nullable=True))
    _attempts()
    _notes()
    _settings()


def _orders() -> None:
    op.add_column(
        "orders",
        sa.Column(
            "reviewer_id",
            sa.Integer(),
            sa.ForeignKey("accounts.id", name="fk_orders_reviewer_id_accounts"),
            nullable=True,
        ),
        inline_references=True,
    )
    op.add_column(
        "orders", sa.Column("return_details", sa.JSON(), nullable=False, server_default="[]")
    )
    since = ["state_since", "id"]
    op.create_index("ix_orders_queue_type", "orders", ["state", "type", *since])
    op.create_index("ix_orders_queue_province", "orders", ["state", "province", *since])
    op.create_index("ix_orders_queue_mine", "orders", ["reviewer_id", "state", *since])
    came_back = sa.text("round > 1")
    op.create_index(
        "ix_orders_queue_came_back",
        "orders",
        ["state", *since],
        sqlite_where=came_back,
        postgresql_where=came_back,
    )
    op.create_index("ix_orders_claims", "orders", ["claimed_by_id", "state", "id"])


def _attempts() -> None:
    op.create_table(
        "delivery_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("answer", sa.String(length=120), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name="fk_delivery_attempts_delivery_id_deliveries"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_delivery_attempts"),
    )
    op.create_index("ix_delivery_attempts_delivery", "delivery_attempts", ["delivery_id", "id"])


def _notes() -> None:
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_notes_order_id_orders"),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name="fk_notes_author_id_accounts"),
        sa.PrimaryKeyConstraint("id", name="pk_notes"),
    )
    op.create_index("ix_notes_order", "notes", ["order_id", "id"])


def _settings() -> None:
    op.create_table(
        "settings",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=2000), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["accounts.id"], name="fk_settings_changed_by_id_accounts"
        ),
        sa.PrimaryKeyConstraint("key", name="pk_settings"),
    )
    op.create_table(
        "beats",
        sa.Column("worker", sa.String(length=120), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("worker", name="pk_beats"),
    )


def downgrade() -> None:
    for table in ("beats", "settings", "notes", "delivery_attempts"):
        op.drop_table(table)
    op.drop_column("deliveries", "held_at")
    op.drop_index("ix_events_actor", "events")
    op.drop_index("ix_events_at", "events")
    for name in ("claims", "queue_came_back", "queue_mine", "queue_province", "queue_type"):
        op.drop_index(f"ix_orders_{name}", "orders")
    with op.batch_alter_table("orders") as batch:
        batch.drop_column("return_details")
        batch.drop_column("reviewer_id")
