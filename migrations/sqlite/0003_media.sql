-- Videos, their files, and the work still to be done for them. Times are milliseconds since 1970 (decision 0006).
CREATE TABLE videos (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    -- By which people ask for it.
    number        TEXT   NOT NULL UNIQUE,
    -- Published as soon as a still and something to play are there.
    state         TEXT   NOT NULL DEFAULT 'incoming' CHECK (state IN ('incoming', 'published')),
    metadata      TEXT   NOT NULL,
    embargo_until INTEGER,
    -- Of the original: what was taken in once is not taken in again.
    sha256        TEXT   NOT NULL UNIQUE,
    -- What it was called when it came.
    file_name     TEXT   NOT NULL,
    created_at    INTEGER NOT NULL,
    changed_at    INTEGER NOT NULL,
    published_at  INTEGER,
    withdrawn_at  INTEGER,
    withdrawn_why TEXT   NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX videos_by_release ON videos (published_at);

-- The original and what was made of it; the bytes lie in the vault, under their hash.
CREATE TABLE video_files (
    video_id     INTEGER NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    role         TEXT   NOT NULL,
    sha256       TEXT   NOT NULL,
    bytes        INTEGER NOT NULL,
    media_type   TEXT   NOT NULL,
    -- The packed index, where the file can be cut by it.
    index_sha256 TEXT,
    details      TEXT   NOT NULL,
    created_at   INTEGER NOT NULL,
    PRIMARY KEY (video_id, role)
) STRICT;
CREATE INDEX video_files_by_hash ON video_files (sha256);
CREATE INDEX video_files_by_index ON video_files (index_sha256);

-- What is to be done, step by step: a row first, then a worker with a lease.
CREATE TABLE video_work (
    video_id   INTEGER NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    step       TEXT   NOT NULL,
    -- The lower, the sooner.
    priority   INTEGER NOT NULL,
    state      TEXT   NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'done', 'dead')),
    attempts   INTEGER NOT NULL DEFAULT 0,
    -- When it may be taken next; while it is worked on, when the lease ends.
    due_at     INTEGER NOT NULL,
    -- Who has it.
    holder     TEXT   NOT NULL DEFAULT '',
    -- Of a thousand.
    progress   INTEGER NOT NULL DEFAULT 0,
    why        TEXT   NOT NULL DEFAULT '',
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (video_id, step)
) STRICT;
CREATE INDEX video_work_due ON video_work (priority, video_id, due_at) WHERE state = 'queued';
