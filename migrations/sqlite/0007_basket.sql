-- Ranges of footage that somebody has put aside, to take them all at once. They go with the account, and with the video.
CREATE TABLE basket (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id TEXT    NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    video_id   INTEGER NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    -- The first frame kept, and the first no longer kept: the same in each of the video's renditions.
    from_frame INTEGER NOT NULL,
    to_frame   INTEGER NOT NULL CHECK (to_frame > from_frame),
    note       TEXT    NOT NULL DEFAULT '',
    -- The order in which they are shown and taken.
    position   INTEGER NOT NULL,
    -- The same put twice is one.
    UNIQUE (account_id, video_id, from_frame, to_frame)
) STRICT;
CREATE INDEX basket_of_account ON basket (account_id, position, id);
CREATE INDEX basket_of_video ON basket (video_id);
