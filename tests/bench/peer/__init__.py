"""The same poll as its users would write it in Django: ORM, sessions in the database, templates."""
