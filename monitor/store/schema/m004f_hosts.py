"""The host that polls of a feed take turns at, and since when the daemon finds its network down."""

SQL = """
-- filled whenever feeds are followed
ALTER TABLE feeds ADD COLUMN host TEXT NOT NULL DEFAULT '';
ALTER TABLE daemon ADD COLUMN offline_since INTEGER
"""
