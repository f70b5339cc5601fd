"""Who may use the desk: its secrets, sessions and tokens."""

SQL = """
CREATE TABLE web_secrets (
    name TEXT PRIMARY KEY,                  -- 'password': an argon2 hash of it; others are keys that sign
    value TEXT NOT NULL,
    set_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE web_sessions (
    digest BLOB PRIMARY KEY,                -- of what the cookie holds, which is stored nowhere
    who TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE web_tokens (
    name TEXT PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,            -- of the token, which is shown once and stored nowhere
    scope TEXT NOT NULL CHECK (scope IN ('read', 'write')),
    made_at INTEGER NOT NULL,
    used_at INTEGER
) WITHOUT ROWID
"""
