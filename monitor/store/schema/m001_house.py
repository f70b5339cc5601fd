"""Feeds, entries, hits, alerts, deliveries and what the daemon says of itself."""

SQL = """
CREATE TABLE feeds (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL DEFAULT '',
    subscribed INTEGER NOT NULL DEFAULT 1,
    interval INTEGER NOT NULL,              -- microseconds that the configuration asks for
    next_poll_at INTEGER,                   -- NULL: polled no more (the feed is gone)
    leased_until INTEGER,                   -- somebody polls it at this moment, or died doing so
    etag TEXT NOT NULL DEFAULT '',
    last_modified TEXT NOT NULL DEFAULT '',
    body_hash TEXT NOT NULL DEFAULT '',
    identity TEXT NOT NULL DEFAULT 'guid',  -- which of an entry's keys this feed can be trusted with
    baseline_at INTEGER,                    -- when its first document was ingested
    last_polled_at INTEGER,
    last_ok_at INTEGER,
    last_new_at INTEGER,
    failures INTEGER NOT NULL DEFAULT 0,    -- since the last good poll
    error TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT ''           -- why the next poll is when it is; what is odd about the feed
);
CREATE INDEX feeds_due ON feeds (next_poll_at) WHERE subscribed AND next_poll_at IS NOT NULL;

CREATE TABLE entries (
    id INTEGER PRIMARY KEY,
    feed_id INTEGER NOT NULL REFERENCES feeds (id),
    guid TEXT NOT NULL,
    link TEXT NOT NULL,
    title TEXT NOT NULL,
    author TEXT NOT NULL,
    summary TEXT NOT NULL,                  -- HTML, as in the feed
    content TEXT NOT NULL,                  -- HTML, as in the feed
    lang TEXT NOT NULL,
    categories TEXT NOT NULL,               -- JSON list
    published INTEGER,
    updated INTEGER,
    seen_at INTEGER NOT NULL,
    left_at INTEGER,                        -- when it was no longer in the feed's document
    revised_at INTEGER,
    content_hash BLOB NOT NULL
);
CREATE INDEX entries_present ON entries (feed_id) WHERE left_at IS NULL;
CREATE INDEX entries_seen ON entries (seen_at);

CREATE TABLE revisions (                    -- what an entry said before it was edited
    entry_id INTEGER NOT NULL REFERENCES entries (id),
    replaced_at INTEGER NOT NULL,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (entry_id, replaced_at)
) WITHOUT ROWID;

CREATE TABLE entry_keys (                   -- every key an entry is known by, see feeds/identity.py
    feed_id INTEGER NOT NULL,
    key BLOB NOT NULL,
    entry_id INTEGER NOT NULL REFERENCES entries (id),
    PRIMARY KEY (feed_id, key)
) WITHOUT ROWID;
CREATE INDEX entry_keys_entry ON entry_keys (entry_id);

-- The percolator's own tokens, joined by blanks: only blanks and controls separate here.
CREATE VIRTUAL TABLE entries_fts USING fts5 (
    title, body,
    tokenize="unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co'"
);

CREATE TABLE hits (
    id INTEGER PRIMARY KEY,
    topic TEXT NOT NULL,
    entry_id INTEGER NOT NULL REFERENCES entries (id),
    watchlist TEXT NOT NULL,
    version TEXT NOT NULL,                  -- of the query that matched
    spans TEXT NOT NULL,                    -- JSON list of [field, start, end, text, clause]
    labels TEXT NOT NULL,                   -- JSON object: what routes see
    found_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'told', 'kept')),
    reason TEXT NOT NULL DEFAULT '',        -- why it was kept and not told, or by which way it was settled
    UNIQUE (entry_id, topic)
);
CREATE INDEX hits_pending ON hits (id) WHERE state = 'pending';
CREATE INDEX hits_topic ON hits (topic, found_at);
CREATE INDEX hits_found ON hits (found_at);

CREATE TABLE groups (
    key TEXT PRIMARY KEY,
    last_told_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE alerts (
    id TEXT PRIMARY KEY,
    receiver TEXT NOT NULL,
    group_key TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    content TEXT NOT NULL                   -- JSON: what the message will say, the same at every attempt
) WITHOUT ROWID;
CREATE INDEX alerts_created ON alerts (created_at);

CREATE TABLE alert_hits (
    hit_id INTEGER NOT NULL REFERENCES hits (id),
    alert_id TEXT NOT NULL REFERENCES alerts (id),
    PRIMARY KEY (hit_id, alert_id)
) WITHOUT ROWID;
CREATE INDEX alert_hits_alert ON alert_hits (alert_id);

CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY,
    alert_id TEXT NOT NULL REFERENCES alerts (id),
    receiver TEXT NOT NULL,
    target TEXT NOT NULL,                   -- the target's key: its URL, with its secrets, is never stored
    label TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('due', 'delivered', 'dead')),
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL,
    leased_until INTEGER,
    first_at INTEGER,                       -- the first attempt
    ended_at INTEGER,
    error TEXT NOT NULL DEFAULT '',
    may_repeat INTEGER NOT NULL DEFAULT 0,  -- an attempt may have arrived though nobody said so
    UNIQUE (alert_id, target)
);
CREATE INDEX deliveries_due ON deliveries (next_at) WHERE state = 'due';
CREATE INDEX deliveries_dead ON deliveries (ended_at) WHERE state = 'dead';

CREATE TABLE daemon (                       -- one row: what the running (or last) daemon says of itself
    id INTEGER PRIMARY KEY CHECK (id = 1),
    pid INTEGER NOT NULL,
    version TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    beat_at INTEGER NOT NULL,
    stopped_at INTEGER,
    config_loaded_at INTEGER NOT NULL,
    config_error TEXT NOT NULL DEFAULT '',  -- why the newest edit was refused
    config_error_since INTEGER
)
"""
