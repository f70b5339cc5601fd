"""What was done from messages: a link does it once."""

SQL = """
CREATE TABLE acts (
    name TEXT PRIMARY KEY,                  -- verb, alert and hit; what is signed, without the signature
    alert_id TEXT NOT NULL REFERENCES alerts (id),
    at INTEGER NOT NULL,
    said TEXT NOT NULL                      -- what it came to, in words
) WITHOUT ROWID;
CREATE INDEX acts_alert ON acts (alert_id)
"""
