-- Videos, their files, and the work still to be done for them. Times are milliseconds since 1970 (decision 0006).
CREATE TABLE videos (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- By which people ask for it.
    number        text   NOT NULL UNIQUE,
    -- Published as soon as a still and something to play are there.
    state         text   NOT NULL DEFAULT 'incoming' CHECK (state IN ('incoming', 'published')),
    metadata      jsonb  NOT NULL,
    embargo_until bigint,
    -- Of the original: what was taken in once is not taken in again.
    sha256        text   NOT NULL UNIQUE,
    -- What it was called when it came.
    file_name     text   NOT NULL,
    created_at    bigint NOT NULL,
    changed_at    bigint NOT NULL,
    published_at  bigint,
    withdrawn_at  bigint,
    withdrawn_why text   NOT NULL DEFAULT ''
);
CREATE INDEX videos_by_release ON videos (published_at);

-- The original and what was made of it; the bytes lie in the vault, under their hash.
CREATE TABLE video_files (
    video_id     bigint NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    role         text   NOT NULL,
    sha256       text   NOT NULL,
    bytes        bigint NOT NULL,
    media_type   text   NOT NULL,
    -- The packed index, where the file can be cut by it.
    index_sha256 text,
    details      jsonb  NOT NULL,
    created_at   bigint NOT NULL,
    PRIMARY KEY (video_id, role)
);
CREATE INDEX video_files_by_hash ON video_files (sha256);
CREATE INDEX video_files_by_index ON video_files (index_sha256);

-- What is to be done, step by step: a row first, then a worker with a lease.
CREATE TABLE video_work (
    video_id   bigint NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    step       text   NOT NULL,
    -- The lower, the sooner.
    priority   bigint NOT NULL,
    state      text   NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'done', 'dead')),
    attempts   bigint NOT NULL DEFAULT 0,
    -- When it may be taken next; while it is worked on, when the lease ends.
    due_at     bigint NOT NULL,
    -- Who has it.
    holder     text   NOT NULL DEFAULT '',
    -- Of a thousand.
    progress   bigint NOT NULL DEFAULT 0,
    why        text   NOT NULL DEFAULT '',
    changed_at bigint NOT NULL,
    PRIMARY KEY (video_id, step)
);
CREATE INDEX video_work_due ON video_work (priority, video_id, due_at) WHERE state = 'queued';
