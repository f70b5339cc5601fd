"""What people think of hits."""

SQL = """
CREATE TABLE judgements (
    id INTEGER PRIMARY KEY,
    hit_id INTEGER REFERENCES hits (id) ON DELETE SET NULL,  -- a judgement outlives its hit
    topic TEXT NOT NULL,
    version TEXT NOT NULL,                  -- of the query that hit
    found_at INTEGER NOT NULL,              -- when it hit
    verdict TEXT NOT NULL CHECK (verdict IN ('relevant', 'wrong')),
    who TEXT NOT NULL,
    note TEXT NOT NULL,
    judged_at INTEGER NOT NULL,
    replaced_at INTEGER                     -- somebody changed their mind; NULL: it counts
);
CREATE INDEX judgements_hit ON judgements (hit_id);
CREATE INDEX judgements_topic ON judgements (topic, found_at)
"""
