"""Pages that are to be read because their feed carries only a summary."""

SQL = """
CREATE TABLE pages (
    entry_id INTEGER PRIMARY KEY REFERENCES entries (id),
    url TEXT NOT NULL,
    host TEXT NOT NULL,                     -- pages of one host are read one after the other
    topics TEXT NOT NULL,                   -- JSON list of the topics that asked; null: the feed did, for all
    state TEXT NOT NULL CHECK (state IN ('due', 'read', 'unreadable')),
    reason TEXT NOT NULL DEFAULT '',        -- why it is not read
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL,
    leased_until INTEGER,
    read_at INTEGER,
    head TEXT NOT NULL DEFAULT ''           -- JSON: what the page says of itself
);
CREATE INDEX pages_due ON pages (next_at) WHERE state = 'due';
CREATE INDEX pages_host ON pages (host) WHERE state = 'due'
"""
