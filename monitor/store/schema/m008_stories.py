"""Stories: which entry is in which, which copies which, and who told it first."""

SQL = """
CREATE TABLE stories (
    id INTEGER PRIMARY KEY,                 -- the id of its first entry
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    merged_into INTEGER                     -- the story that it turned out to be
);
CREATE INDEX stories_last ON stories (last_at) WHERE merged_into IS NULL;
CREATE TABLE entry_stories (
    entry_id INTEGER PRIMARY KEY REFERENCES entries (id),
    story_id INTEGER NOT NULL REFERENCES stories (id),
    tie TEXT NOT NULL,                      -- first, happening or copy
    copy_of INTEGER,                        -- the entry whose text it is
    origin TEXT NOT NULL,
    fingerprint INTEGER,                    -- of its wording: the same text shown again has the same
    reason TEXT NOT NULL                    -- why it is in this story, in words
);
CREATE INDEX entry_stories_story ON entry_stories (story_id);
CREATE INDEX entry_stories_fingerprint ON entry_stories (fingerprint) WHERE fingerprint IS NOT NULL
"""
