"""Silences, limits, cooldowns, who acknowledged what, who hears next, and what a catch-up stands for."""

SQL = """
CREATE TABLE silences (
    id INTEGER PRIMARY KEY,
    matchers TEXT NOT NULL,                 -- JSON list of [label, operator, value]; all must match
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    comment TEXT NOT NULL,
    who TEXT NOT NULL
);
CREATE INDEX silences_end ON silences (ends_at);

CREATE TABLE buckets (                      -- how many messages a receiver could have had at a moment
    receiver TEXT PRIMARY KEY,
    tokens REAL NOT NULL,
    at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE told_topics (                  -- when a receiver last heard of a topic that then rests
    receiver TEXT NOT NULL,
    topic TEXT NOT NULL,
    told_at INTEGER NOT NULL,
    PRIMARY KEY (receiver, topic)
) WITHOUT ROWID;

CREATE TABLE told_groups (                  -- which groups have told a hit that waits for others
    hit_id INTEGER NOT NULL REFERENCES hits (id),
    group_key TEXT NOT NULL,
    PRIMARY KEY (hit_id, group_key)
) WITHOUT ROWID;
INSERT INTO told_groups (hit_id, group_key)
SELECT DISTINCT alert_hits.hit_id, alerts.group_key
FROM hits JOIN alert_hits ON alert_hits.hit_id = hits.id JOIN alerts ON alerts.id = alert_hits.alert_id
WHERE hits.state = 'pending' AND alerts.created_at >= coalesce(hits.again_at, 0);

CREATE TABLE acknowledgements (
    alert_id TEXT PRIMARY KEY REFERENCES alerts (id),
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    note TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE escalations (                  -- who hears next unless somebody acknowledges the alert
    id INTEGER PRIMARY KEY,
    alert_id TEXT NOT NULL REFERENCES alerts (id),
    receiver TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    outcome TEXT                            -- NULL: it waits; else the alert that told it, or why none did
);
CREATE INDEX escalations_waiting ON escalations (due_at) WHERE outcome IS NULL;
CREATE INDEX escalations_alert ON escalations (alert_id);

CREATE TABLE caught_up (                    -- deliveries in whose place a later alert was sent
    alert_id TEXT NOT NULL REFERENCES alerts (id),
    target TEXT NOT NULL,
    label TEXT NOT NULL,
    by_alert TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (alert_id, target)
) WITHOUT ROWID;
CREATE INDEX caught_up_by ON caught_up (by_alert);

CREATE INDEX groups_told ON groups (last_told_at)
"""
