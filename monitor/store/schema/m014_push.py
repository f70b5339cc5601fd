"""Hubs that tell us of feeds: what feeds offer, what is agreed with whom, and pushes that wait to be read."""

SQL = """
-- What its last document offers, '' for nothing.
ALTER TABLE feeds ADD COLUMN hub TEXT NOT NULL DEFAULT '';
ALTER TABLE feeds ADD COLUMN topic TEXT NOT NULL DEFAULT '';
CREATE INDEX feeds_hub ON feeds (id) WHERE hub != '';

CREATE TABLE pacts (
    id INTEGER PRIMARY KEY,
    feed_id INTEGER NOT NULL REFERENCES feeds (id),
    hub TEXT NOT NULL,
    topic TEXT NOT NULL,                    -- the feed, as the hub knows it
    site TEXT NOT NULL,                     -- where the hub reaches us; the callback is below it
    token TEXT NOT NULL UNIQUE,             -- ends the callback: as it is, for renewals must name the same
    secret TEXT NOT NULL,                   -- signs what is pushed
    state TEXT NOT NULL CHECK (state IN ('due', 'live', 'denied', 'leaving')),
    next_at INTEGER NOT NULL,               -- when the hub is asked, or asked again
    attempts INTEGER NOT NULL DEFAULT 0,    -- since it last agreed
    reason TEXT NOT NULL DEFAULT '',        -- why it does not tell us
    asked_at INTEGER,
    since INTEGER,
    until INTEGER,                          -- the end of its lease
    pushed_at INTEGER,                      -- the last push that could be read
    missed_at INTEGER,                      -- when a poll last found what no push had told
    pushes INTEGER NOT NULL DEFAULT 0,
    ignored INTEGER NOT NULL DEFAULT 0      -- pushes that the hub has not signed as it should
);
CREATE UNIQUE INDEX pacts_feed ON pacts (feed_id) WHERE state != 'leaving';
CREATE INDEX pacts_due ON pacts (next_at);
CREATE INDEX pacts_live ON pacts (feed_id) WHERE state = 'live';

-- Feeds whose hubs tell all that is new, as far as polls know.
CREATE VIEW told AS
    SELECT feed_id, until FROM pacts WHERE state = 'live' AND pushed_at > coalesce(missed_at, 0);

CREATE TABLE pushes (                       -- what hubs have told and nobody has read yet
    id INTEGER PRIMARY KEY,
    pact_id INTEGER NOT NULL REFERENCES pacts (id),
    feed_id INTEGER NOT NULL,
    content_type TEXT NOT NULL,
    body BLOB NOT NULL,
    came_at INTEGER NOT NULL
);
CREATE INDEX pushes_pact ON pushes (pact_id);

CREATE TABLE push_counts (                  -- what became of all pushes there ever were
    outcome TEXT PRIMARY KEY,
    number INTEGER NOT NULL
) WITHOUT ROWID
"""
