"""How Alembic reaches the database: the connection is handed in by `consult/upkeep/migrate.py`."""

from alembic import context

from consult.upkeep.migrate import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata(),
    render_as_batch=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
