-- Clips that are made by encoding: a row first, then a worker with a lease. The file lies in the vault until the row's
-- time is over. A row outlives its video, so that whoever sweeps still knows of its file.
CREATE TABLE clips (
    -- Of what is asked for: the same asked twice is one.
    id           text    PRIMARY KEY,
    video_id     bigint NOT NULL,
    -- What it is cut from, and that file's packed index.
    source       text    NOT NULL,
    source_index text    NOT NULL,
    media_type   text    NOT NULL,
    -- The first frame kept, and the first no longer kept.
    from_frame   bigint NOT NULL,
    to_frame     bigint NOT NULL,
    state        text    NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'done', 'dead')),
    attempts     bigint NOT NULL DEFAULT 0,
    -- When it may be taken next; while it is worked on, when the lease ends.
    due_at       bigint NOT NULL,
    -- Who has it.
    holder       text    NOT NULL DEFAULT '',
    -- Of a thousand.
    progress     bigint NOT NULL DEFAULT 0,
    why          text    NOT NULL DEFAULT '',
    -- What was made.
    sha256       text,
    bytes        bigint,
    receipt      jsonb,
    created_at   bigint NOT NULL,
    expires_at   bigint NOT NULL
);
CREATE INDEX clips_due ON clips (due_at) WHERE state = 'queued';
CREATE INDEX clips_by_end ON clips (expires_at);
CREATE INDEX clips_by_hash ON clips (sha256);
