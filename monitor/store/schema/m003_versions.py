"""What the watchlists said, version by version."""

SQL = """
CREATE TABLE watchlist_versions (
    watchlist TEXT NOT NULL,
    number INTEGER NOT NULL,                -- counts from 1, for each watchlist
    at INTEGER NOT NULL,
    who TEXT NOT NULL CHECK (who IN ('cli', 'file', 'page')),
    note TEXT NOT NULL,                     -- what was done
    packed BLOB,                            -- the file's text, UTF-8 and zlib; NULL: the file was removed
    PRIMARY KEY (watchlist, number)
);
CREATE INDEX watchlist_versions_at ON watchlist_versions (at)
"""
