-- Videos that were deleted: their bytes are gone, but whoever would put them back without being asked can know.
CREATE TABLE deleted_videos (
    -- Of the original.
    sha256     TEXT    PRIMARY KEY,
    number     TEXT    NOT NULL,
    deleted_at INTEGER NOT NULL
) STRICT;
