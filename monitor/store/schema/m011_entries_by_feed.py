"""An index that answers how many entries each feed has, and which are its newest."""

SQL = """
CREATE INDEX entries_feed ON entries (feed_id, seen_at)
"""
