"""Of each feed the last gap that its health has taken in."""

SQL = """
ALTER TABLE feed_health ADD COLUMN gap_at INTEGER
"""
