"""What was told of each feed's health, and how long its silences were."""

SQL = """
CREATE TABLE feed_health (
    feed_id INTEGER PRIMARY KEY REFERENCES feeds (id),
    failing_since INTEGER,                  -- when its polls were first seen to fail, this time
    told TEXT NOT NULL DEFAULT '' CHECK (told IN ('', 'dead', 'silent')),
    new_at INTEGER,                         -- its last_new_at when it was last looked at
    longest INTEGER NOT NULL DEFAULT 0,     -- microseconds: its longest silence while somebody was watching
    silences INTEGER NOT NULL DEFAULT 0     -- how many were measured
);

CREATE TABLE health_watch (                 -- one row: since when somebody watched without a break
    id INTEGER PRIMARY KEY CHECK (id = 1),
    since INTEGER NOT NULL,
    until INTEGER NOT NULL
)
"""
