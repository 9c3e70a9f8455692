-- Clips that are made by encoding: a row first, then a worker with a lease. The file lies in the vault until the row's
-- time is over. A row outlives its video, so that whoever sweeps still knows of its file.
CREATE TABLE clips (
    -- Of what is asked for: the same asked twice is one.
    id           TEXT    PRIMARY KEY,
    video_id     INTEGER NOT NULL,
    -- What it is cut from, and that file's packed index.
    source       TEXT    NOT NULL,
    source_index TEXT    NOT NULL,
    media_type   TEXT    NOT NULL,
    -- The first frame kept, and the first no longer kept.
    from_frame   INTEGER NOT NULL,
    to_frame     INTEGER NOT NULL,
    state        TEXT    NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'done', 'dead')),
    attempts     INTEGER NOT NULL DEFAULT 0,
    -- When it may be taken next; while it is worked on, when the lease ends.
    due_at       INTEGER NOT NULL,
    -- Who has it.
    holder       TEXT    NOT NULL DEFAULT '',
    -- Of a thousand.
    progress     INTEGER NOT NULL DEFAULT 0,
    why          TEXT    NOT NULL DEFAULT '',
    -- What was made.
    sha256       TEXT,
    bytes        INTEGER,
    receipt      TEXT,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX clips_due ON clips (due_at) WHERE state = 'queued';
CREATE INDEX clips_by_end ON clips (expires_at);
CREATE INDEX clips_by_hash ON clips (sha256);
