"""Extensions, unbound: `create_app` binds them."""

from __future__ import annotations

from flask import current_app
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_migrate import Migrate
from flask_security import Security
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase
from werkzeug.local import LocalProxy

# Named constraints, so that a migration can drop each of them on both databases.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The parent of every table, the mock ministry's included."""

    metadata = MetaData(naming_convention=NAMING)


class Csrf(CSRFProtect):  # type: ignore[misc]
    """As it is, where the referrer, which is whatever the client says, can be no address at all."""

    def protect(self, apply_exemptions: bool = False) -> None:
        """Refuse a form without its token and, over https, from elsewhere. Raises CSRFError."""
        try:
            super().protect(apply_exemptions)
        except ValueError:
            self._error_response("The referrer cannot be read.")


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
migrate = Migrate(render_as_batch=True, transaction_per_migration=True)
csrf = Csrf()
babel = Babel()
bootstrap = Bootstrap5()
# Bound for each app anew, since it takes our classes when it is made (`web.sign_in`).
security: Security = LocalProxy(  # type: ignore[assignment]
    lambda: current_app.extensions["security"]
)
limiter = Limiter(key_func=get_remote_address)
