"""For a million orders: figures that are kept up, and an index for each filter, sort and sweep.

Revision ID: 0006
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0007"
branch_labels = None
depends_on = None

WHERE = {
    "verifying": sa.text("state = 'verifying'"),
    "open": sa.text("done_at IS NULL"),
    "mail": sa.text("kind = 'mail'"),
}
RISKS = {
    "risk_type": ["type"],
    "risk_province": ["province"],
    "risk_both": ["type", "province"],
    "risk_mine": ["reviewer_id"],
}


def upgrade() -> None:
    for name, columns in RISKS.items():
        _partial(f"ix_orders_{name}", "orders", [*columns, "deadline", "id"], "verifying")
    columns = ["state", "type", "province", "state_since", "id"]
    op.create_index("ix_orders_queue_both", "orders", columns)
    op.create_index("ix_orders_own", "orders", ["applicant_id", "state", "id"])
    op.create_index("ix_deliveries_kind", "deliveries", ["kind", "id"])
    _partial("ix_deliveries_open", "deliveries", ["id"], "open")
    _partial("ix_deliveries_mails_done", "deliveries", ["done_at"], "mail")
    # Plain statements: to write `events` anew would lose the triggers that keep it insert-only.
    op.drop_index("ix_events_actor", "events")
    op.create_index("ix_events_actor", "events", ["actor_id", "at", "id"])
    op.create_index("ix_events_action", "events", ["action", "at", "id"])
    _tables()


def _partial(name: str, table: str, columns: list[str], which: str) -> None:
    where = WHERE[which]
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def _tables() -> None:
    op.create_table(
        "tallies",
        sa.Column("province", sa.String(length=2), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=48), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("province", "day", "name", name="pk_tallies"),
    )
    op.create_table(
        "tally_cursor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_tally_cursor_one_row"),
        sa.PrimaryKeyConstraint("id", name="pk_tally_cursor"),
    )
    op.create_table(
        "order_counts",
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("province", sa.String(length=2), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("state", "province", name="pk_order_counts"),
    )


def downgrade() -> None:
    for table in ("order_counts", "tally_cursor", "tallies"):
        op.drop_table(table)
    op.drop_index("ix_events_action", "events")
    op.drop_index("ix_events_actor", "events")
    op.create_index("ix_events_actor", "events", ["actor_id", "id"])
    for name in ("mails_done", "open", "kind"):
        op.drop_index(f"ix_deliveries_{name}", "deliveries")
    for name in ("own", "queue_both", *RISKS):
        op.drop_index(f"ix_orders_{name}", "orders")
