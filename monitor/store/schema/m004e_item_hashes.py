"""The items of each feed's last document, so that only what is new need be parsed."""

SQL = """
CREATE TABLE shown (
    feed_id INTEGER PRIMARY KEY REFERENCES feeds (id),
    packed BLOB NOT NULL,                   -- the hash of each item and its entry's id, see feeds/shown.py
    whole_at INTEGER                        -- when a document was last read whole
)
"""
