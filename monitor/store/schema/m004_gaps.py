"""Windows that ran over, since when a feed shows nothing, and hits that are told again."""

SQL = """
CREATE TABLE gaps (                         -- between two documents that share nothing: entries may be lost
    id INTEGER PRIMARY KEY,
    feed_id INTEGER NOT NULL REFERENCES feeds (id),
    from_at INTEGER NOT NULL,               -- when the document before was retrieved
    to_at INTEGER NOT NULL
);
CREATE INDEX gaps_to ON gaps (to_at);
-- Since when its documents have no entries.
ALTER TABLE feeds ADD COLUMN empty_since INTEGER;
-- Microseconds between polls in which its window should not run over, as it last did at overrun_at.
ALTER TABLE feeds ADD COLUMN pace INTEGER;
ALTER TABLE feeds ADD COLUMN overrun_at INTEGER;
-- When an edit made it be told again: what was told before does not count.
ALTER TABLE hits ADD COLUMN again_at INTEGER
"""
