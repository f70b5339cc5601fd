"""Entries that are in no story yet: whoever stored them tells nobody."""

SQL = """
CREATE TABLE unplaced (
    entry_id INTEGER PRIMARY KEY REFERENCES entries (id),
    owner TEXT NOT NULL                     -- of its feed, '' where its subscription names none
)
"""
