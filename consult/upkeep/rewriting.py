"""Writing the tables anew in key order, so that the file does not tell the order of arrival."""

from consult.db import Database


def rewrite(address: str) -> None:
    """Rewrite an SQLite database in key order and empty its write-ahead log (SAFETY 6.2).

    PostgreSQL has no such rewrite yet, and is refused in production for that reason.
    """
    database = Database(address)
    if database.engine.dialect.name == "sqlite":
        connection = database.engine.raw_connection()
        try:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()
    database.engine.dispose()
