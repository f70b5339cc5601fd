"""A token is good for several things, and one of them is to read feeds."""

SQL = """
CREATE TABLE web_tokens_of_many (
    name TEXT PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,            -- of the token, which is shown once and stored nowhere
    scopes TEXT NOT NULL,                   -- 'read', 'write', 'feeds', in this order, blanks between
    made_at INTEGER NOT NULL,
    used_at INTEGER
) WITHOUT ROWID;
INSERT INTO web_tokens_of_many SELECT name, digest, scope, made_at, used_at FROM web_tokens;
DROP TABLE web_tokens;
ALTER TABLE web_tokens_of_many RENAME TO web_tokens
"""
