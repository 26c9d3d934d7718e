"""In which language each leader chose to read.

Revision ID: 0007
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "leader_languages",
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_leader_languages_order_id")
        ),
        sa.PrimaryKeyConstraint("order_id", "person", name=op.f("pk_leader_languages")),
    )


def downgrade():
    op.drop_table("leader_languages")
