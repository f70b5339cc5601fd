"""What people put on hits to find them again: a star, a note."""

SQL = """
CREATE TABLE remarks (
    hit_id INTEGER PRIMARY KEY REFERENCES hits (id) ON DELETE CASCADE,
    starred INTEGER NOT NULL,
    note TEXT NOT NULL,
    who TEXT NOT NULL,                      -- who touched it last
    at INTEGER NOT NULL
);
CREATE INDEX remarks_starred ON remarks (hit_id) WHERE starred
"""
