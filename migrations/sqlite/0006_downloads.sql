-- Tokens by which programs take footage away in somebody's name.
CREATE TABLE tokens (
    id         TEXT NOT NULL PRIMARY KEY,
    -- SHA-256.
    token      BLOB NOT NULL UNIQUE,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    used_at    INTEGER,
    ends_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX tokens_by_account ON tokens (account_id);

-- Which wording of the terms an account has accepted, once for each: the evidence.
CREATE TABLE acceptances (
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    version    TEXT NOT NULL,
    at         INTEGER NOT NULL,
    lang       TEXT NOT NULL,
    network    TEXT NOT NULL,
    PRIMARY KEY (account_id, version)
) STRICT;

-- Who took what. A row outlives its video, so that its taker still finds it, and goes with its account.
CREATE TABLE downloads (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    video_id   INTEGER NOT NULL,
    number     TEXT NOT NULL,
    rendition  TEXT NOT NULL,
    -- whole, instant or edit-safe.
    route      TEXT NOT NULL,
    -- Of a part: the first frame kept and the first no longer kept, and both as people write them.
    from_frame INTEGER,
    to_frame   INTEGER,
    from_point TEXT NOT NULL DEFAULT '',
    to_point   TEXT NOT NULL DEFAULT '',
    -- Of all of it, and handed over so far.
    bytes      INTEGER NOT NULL,
    sent       INTEGER NOT NULL DEFAULT 0,
    -- The wording that was in force.
    terms      TEXT NOT NULL,
    began_at   INTEGER NOT NULL,
    touched_at INTEGER NOT NULL
) STRICT;
CREATE INDEX downloads_by_account ON downloads (account_id, id);
CREATE INDEX downloads_by_video ON downloads (video_id);
CREATE INDEX downloads_by_age ON downloads (began_at);

-- Who waits for a clip that is being made.
CREATE TABLE clip_wishes (
    clip_id    TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    at         INTEGER NOT NULL,
    PRIMARY KEY (account_id, clip_id)
) STRICT;
CREATE INDEX clip_wishes_by_age ON clip_wishes (at);
