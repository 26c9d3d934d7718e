"""A reviewer's own orders are filtered within their index.

Revision ID: 0008
Revises: 0006
"""

from alembic import op

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None

MINE, OF_PROVINCE = "ix_orders_queue_mine", "ix_orders_queue_mine_province"
OWNER, ORDER = ["reviewer_id", "state"], ["state_since", "id"]


def upgrade() -> None:
    op.drop_index(MINE, "orders")
    op.create_index(MINE, "orders", [*OWNER, *ORDER, "type", "province", "round"])
    op.create_index(OF_PROVINCE, "orders", [*OWNER, "province", *ORDER, "type", "round"])


def downgrade() -> None:
    op.drop_index(OF_PROVINCE, "orders")
    op.drop_index(MINE, "orders")
    op.create_index(MINE, "orders", [*OWNER, *ORDER])
