"""The tables of the first release, and the triggers that keep the trail insert-only.

A later batch migration of `events` or `seals` on SQLite writes the table anew and loses its
triggers: it has to call the like of `_insert_only` again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


INSERT_ONLY = ("events", "seals")


def _insert_only() -> None:
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN RAISE EXCEPTION '% is insert-only', TG_TABLE_NAME; END $$"
        )
        for table in INSERT_ONLY:
            op.execute(
                f"CREATE TRIGGER {table}_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE "
                f"ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
        return
    for table in INSERT_ONLY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is insert-only'); END"
            )


def _changes_again() -> None:
    if op.get_context().dialect.name == "postgresql":
        for table in INSERT_ONLY:
            op.execute(f"DROP TRIGGER {table}_insert_only ON {table}")
        op.execute("DROP FUNCTION refuse_change()")
        return
    for table in INSERT_ONLY:
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_no_{verb}")


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_digest", sa.String(length=64), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("email_digest", name=op.f("uq_accounts_email_digest")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_accounts_fs_uniquifier")),
    )
    op.create_table(
        "miit_counters",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_miit_counters")),
    )
    op.create_table(
        "miit_entities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("certificate_digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("last_position", sa.Integer(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_miit_entities")),
        sa.UniqueConstraint("number", name=op.f("uq_miit_entities_number")),
    )
    with op.batch_alter_table("miit_entities", schema=None) as batch_op:
        batch_op.create_index("ix_miit_entities_certificate", ["certificate_digest"], unique=False)

    op.create_table(
        "miit_events",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("verifier", sa.String(length=40), nullable=True),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("available_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_miit_events")),
    )
    with op.batch_alter_table("miit_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_miit_events_key"), ["key"], unique=False)

    op.create_table(
        "miit_faults",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_miit_faults")),
    )
    op.create_table(
        "miit_orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("province", sa.String(length=2), nullable=False),
        sa.Column("entity_digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("book", sa.String(length=40), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_miit_orders")),
        sa.UniqueConstraint("key", name=op.f("uq_miit_orders_key")),
        sa.UniqueConstraint("reference", name=op.f("uq_miit_orders_reference")),
    )
    with op.batch_alter_table("miit_orders", schema=None) as batch_op:
        batch_op.create_index("ix_miit_orders_due", ["state", "deadline"], unique=False)
        batch_op.create_index("ix_miit_orders_entity", ["entity_digest", "state"], unique=False)
        batch_op.create_index("ix_miit_orders_number", ["number", "id"], unique=False)

    op.create_table(
        "miit_pictures",
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("nonce", name=op.f("pk_miit_pictures")),
    )
    with op.batch_alter_table("miit_pictures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_miit_pictures_used_at"), ["used_at"], unique=False)

    op.create_table(
        "miit_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mobile", sa.Text(), nullable=False),
        sa.Column("mobile_digest", sa.String(length=64), nullable=False),
        sa.Column("sender", sa.String(length=40), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("arrives_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lost", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_miit_texts")),
    )
    with op.batch_alter_table("miit_texts", schema=None) as batch_op:
        batch_op.create_index("ix_miit_texts_inbox", ["mobile_digest", "arrives_at"], unique=False)

    op.create_table(
        "miit_throttles",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_miit_throttles")),
    )
    with op.batch_alter_table("miit_throttles", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_miit_throttles_since"), ["since"], unique=False)

    op.create_table(
        "ministry_news",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("verifier", sa.String(length=40), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.String(length=60), nullable=True),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_ministry_news")),
    )
    with op.batch_alter_table("ministry_news", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ministry_news_key"), ["key"], unique=False)
        batch_op.create_index("ix_ministry_news_open", ["applied_at", "sequence"], unique=False)

    op.create_table(
        "roles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roles")),
        sa.UniqueConstraint("name", name=op.f("uq_roles_name")),
    )
    op.create_table(
        "seals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_event_id", sa.Integer(), nullable=False),
        sa.Column("last_event_id", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seals")),
        sa.UniqueConstraint("first_event_id", name=op.f("uq_seals_first_event_id")),
        sa.UniqueConstraint("last_event_id", name=op.f("uq_seals_last_event_id")),
    )
    op.create_table(
        "account_roles",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_account_roles_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["role_id"], ["roles.id"], name=op.f("fk_account_roles_role_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "role_id", name=op.f("pk_account_roles")),
    )
    op.create_table(
        "entities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("icp_number", sa.String(length=40), nullable=False),
        sa.Column("province", sa.String(length=2), nullable=False),
        sa.Column("certificate_digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_entities_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entities")),
        sa.UniqueConstraint("icp_number", name=op.f("uq_entities_icp_number")),
    )
    with op.batch_alter_table("entities", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_entities_certificate_digest"), ["certificate_digest"], unique=False
        )
        batch_op.create_index("ix_entities_owner", ["account_id", "id"], unique=False)

    op.create_table(
        "live_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_live_sessions_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_live_sessions")),
        sa.UniqueConstraint("digest", name=op.f("uq_live_sessions_digest")),
    )
    with op.batch_alter_table("live_sessions", schema=None) as batch_op:
        batch_op.create_index("ix_live_sessions_account", ["account_id"], unique=False)

    op.create_table(
        "miit_people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("verifier", sa.String(length=40), nullable=False),
        sa.Column("roles", sa.String(length=40), nullable=False),
        sa.Column("mobile", sa.Text(), nullable=False),
        sa.Column("mobile_digest", sa.String(length=64), nullable=False),
        sa.Column("last_six_digest", sa.String(length=64), nullable=False),
        sa.Column("sender", sa.String(length=40), nullable=True),
        sa.Column("any_entry", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tries_used", sa.Integer(), nullable=False),
        sa.Column("resends", sa.Integer(), nullable=True),
        sa.Column("resends_used", sa.Integer(), nullable=False),
        sa.Column("code_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_entry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["order_id"], ["miit_orders.id"], name=op.f("fk_miit_people_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_miit_people")),
    )
    with op.batch_alter_table("miit_people", schema=None) as batch_op:
        batch_op.create_index(
            "ix_miit_people_counted",
            ["last_entry_at"],
            unique=False,
            sqlite_where=sa.text("verified_at IS NULL AND failed_at IS NULL"),
            postgresql_where=sa.text("verified_at IS NULL AND failed_at IS NULL"),
        )
        batch_op.create_index("ix_miit_people_mobile", ["mobile_digest"], unique=False)
        batch_op.create_index("ix_miit_people_order", ["order_id", "verifier"], unique=True)

    op.create_table(
        "miit_services",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=48), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("domain", sa.String(length=255), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("accesses", sa.Integer(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["entity_id"], ["miit_entities.id"], name=op.f("fk_miit_services_entity_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_miit_services")),
        sa.UniqueConstraint("number", name=op.f("uq_miit_services_number")),
    )
    with op.batch_alter_table("miit_services", schema=None) as batch_op:
        batch_op.create_index("ix_miit_services_domain", ["kind", "domain"], unique=False)
        batch_op.create_index(batch_op.f("ix_miit_services_entity_id"), ["entity_id"], unique=False)

    op.create_table(
        "miit_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.String(length=12), nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=True),
        sa.Column("person_digest", sa.String(length=64), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["miit_people.id"], name=op.f("fk_miit_codes_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_miit_codes")),
    )
    with op.batch_alter_table("miit_codes", schema=None) as batch_op:
        batch_op.create_index("ix_miit_codes_due", ["sent_at", "void_at", "due_at"], unique=False)
        batch_op.create_index("ix_miit_codes_person", ["person_id", "person_digest"], unique=False)
        batch_op.create_index(
            "uq_miit_codes_live",
            ["code_digest"],
            unique=True,
            sqlite_where=sa.text("void_at IS NULL"),
            postgresql_where=sa.text("void_at IS NULL"),
        )

    op.create_table(
        "orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("applicant_id", sa.Integer(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=True),
        sa.Column("copied_from_id", sa.Integer(), nullable=True),
        sa.Column("province", sa.String(length=2), nullable=False),
        sa.Column("label", sa.String(length=255), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("approved_round", sa.Integer(), nullable=True),
        sa.Column("rulebook", sa.String(length=40), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_by", sa.String(length=16), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("return_note", sa.Text(), nullable=True),
        sa.Column("icp_numbers", sa.JSON(), nullable=False),
        sa.Column("claimed_by_id", sa.Integer(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("share_epoch", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["applicant_id"], ["accounts.id"], name=op.f("fk_orders_applicant_id")
        ),
        sa.ForeignKeyConstraint(
            ["claimed_by_id"], ["accounts.id"], name=op.f("fk_orders_claimed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["copied_from_id"], ["orders.id"], name=op.f("fk_orders_copied_from_id")
        ),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name=op.f("fk_orders_entity_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("number", name=op.f("uq_orders_number")),
    )
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.create_index("ix_orders_at_risk", ["state", "deadline", "id"], unique=False)
        batch_op.create_index("ix_orders_cancel", ["state", "cancel_at", "id"], unique=False)
        batch_op.create_index("ix_orders_due", ["state", "due_at", "id"], unique=False)
        batch_op.create_index("ix_orders_entity", ["entity_id", "state"], unique=False)
        batch_op.create_index("ix_orders_list", ["applicant_id", "touched_at", "id"], unique=False)
        batch_op.create_index("ix_orders_queue", ["state", "state_since", "id"], unique=False)

    op.create_table(
        "services",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("icp_number", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("domain", sa.String(length=255), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("with_us", sa.Boolean(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name=op.f("fk_services_entity_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_services")),
        sa.UniqueConstraint("icp_number", name=op.f("uq_services_icp_number")),
    )
    with op.batch_alter_table("services", schema=None) as batch_op:
        batch_op.create_index("ix_services_domain", ["domain"], unique=False)
        batch_op.create_index(batch_op.f("ix_services_entity_id"), ["entity_id"], unique=False)

    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_deliveries_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("key", name=op.f("uq_deliveries_key")),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index("ix_deliveries_due", ["done_at", "due_at", "id"], unique=False)
        batch_op.create_index("ix_deliveries_order", ["order_id", "id"], unique=False)

    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("from_state", sa.String(length=24), nullable=True),
        sa.Column("to_state", sa.String(length=24), nullable=True),
        sa.Column("actor", sa.String(length=16), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["accounts.id"], name=op.f("fk_events_actor_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_events_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index("ix_events_order", ["order_id", "id"], unique=False)

    op.create_table(
        "marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_marks_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marks")),
        sa.UniqueConstraint(
            "order_id", "purpose", "value", name=op.f("uq_marks_order_id_purpose_value")
        ),
    )
    with op.batch_alter_table("marks", schema=None) as batch_op:
        batch_op.create_index("ix_marks_find", ["purpose", "value", "order_id"], unique=False)

    op.create_table(
        "rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_rounds_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
        sa.UniqueConstraint("order_id", "round", name=op.f("uq_rounds_order_id_round")),
    )
    op.create_table(
        "verifiers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("roles", sa.String(length=40), nullable=False),
        sa.Column("mobile", sa.Text(), nullable=False),
        sa.Column("certificate_type", sa.String(length=40), nullable=False),
        sa.Column("sender", sa.String(length=60), nullable=True),
        sa.Column("code_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries_used", sa.Integer(), nullable=False),
        sa.Column("resends_used", sa.Integer(), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_verifiers_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verifiers")),
        sa.UniqueConstraint(
            "order_id", "round", "key", name=op.f("uq_verifiers_order_id_round_key")
        ),
    )

    _insert_only()


def downgrade() -> None:
    _changes_again()

    op.drop_table("verifiers")
    op.drop_table("rounds")
    with op.batch_alter_table("marks", schema=None) as batch_op:
        batch_op.drop_index("ix_marks_find")

    op.drop_table("marks")
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_index("ix_events_order")

    op.drop_table("events")
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index("ix_deliveries_order")
        batch_op.drop_index("ix_deliveries_due")

    op.drop_table("deliveries")
    with op.batch_alter_table("services", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_services_entity_id"))
        batch_op.drop_index("ix_services_domain")

    op.drop_table("services")
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_index("ix_orders_queue")
        batch_op.drop_index("ix_orders_list")
        batch_op.drop_index("ix_orders_entity")
        batch_op.drop_index("ix_orders_due")
        batch_op.drop_index("ix_orders_cancel")
        batch_op.drop_index("ix_orders_at_risk")

    op.drop_table("orders")
    with op.batch_alter_table("miit_codes", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_miit_codes_live",
            sqlite_where=sa.text("void_at IS NULL"),
            postgresql_where=sa.text("void_at IS NULL"),
        )
        batch_op.drop_index("ix_miit_codes_person")
        batch_op.drop_index("ix_miit_codes_due")

    op.drop_table("miit_codes")
    with op.batch_alter_table("miit_services", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_miit_services_entity_id"))
        batch_op.drop_index("ix_miit_services_domain")

    op.drop_table("miit_services")
    with op.batch_alter_table("miit_people", schema=None) as batch_op:
        batch_op.drop_index("ix_miit_people_order")
        batch_op.drop_index("ix_miit_people_mobile")
        batch_op.drop_index(
            "ix_miit_people_counted",
            sqlite_where=sa.text("verified_at IS NULL AND failed_at IS NULL"),
            postgresql_where=sa.text("verified_at IS NULL AND failed_at IS NULL"),
        )

    op.drop_table("miit_people")
    with op.batch_alter_table("live_sessions", schema=None) as batch_op:
        batch_op.drop_index("ix_live_sessions_account")

    op.drop_table("live_sessions")
    with op.batch_alter_table("entities", schema=None) as batch_op:
        batch_op.drop_index("ix_entities_owner")
        batch_op.drop_index(batch_op.f("ix_entities_certificate_digest"))

    op.drop_table("entities")
    op.drop_table("account_roles")
    op.drop_table("seals")
    op.drop_table("roles")
    with op.batch_alter_table("ministry_news", schema=None) as batch_op:
        batch_op.drop_index("ix_ministry_news_open")
        batch_op.drop_index(batch_op.f("ix_ministry_news_key"))

    op.drop_table("ministry_news")
    with op.batch_alter_table("miit_throttles", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_miit_throttles_since"))

    op.drop_table("miit_throttles")
    with op.batch_alter_table("miit_texts", schema=None) as batch_op:
        batch_op.drop_index("ix_miit_texts_inbox")

    op.drop_table("miit_texts")
    with op.batch_alter_table("miit_pictures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_miit_pictures_used_at"))

    op.drop_table("miit_pictures")
    with op.batch_alter_table("miit_orders", schema=None) as batch_op:
        batch_op.drop_index("ix_miit_orders_number")
        batch_op.drop_index("ix_miit_orders_entity")
        batch_op.drop_index("ix_miit_orders_due")

    op.drop_table("miit_orders")
    op.drop_table("miit_faults")
    with op.batch_alter_table("miit_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_miit_events_key"))

    op.drop_table("miit_events")
    with op.batch_alter_table("miit_entities", schema=None) as batch_op:
        batch_op.drop_index("ix_miit_entities_certificate")

    op.drop_table("miit_entities")
    op.drop_table("miit_counters")
    op.drop_table("accounts")
