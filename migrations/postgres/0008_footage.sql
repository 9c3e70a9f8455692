-- Videos that were deleted: their bytes are gone, but whoever would put them back without being asked can know.
CREATE TABLE deleted_videos (
    -- Of the original.
    sha256     text   PRIMARY KEY,
    number     text   NOT NULL,
    deleted_at bigint NOT NULL
);

-- A word that half of a large library has is found as quickly as one that a single video has.

-- Rows are looked at by the thousand, the words only of those that are weighed: they lie apart, and a page holds two
-- hundred rows where it held five.
ALTER TABLE library_text SET (toast_tuple_target = 128);
ALTER TABLE library_text ALTER COLUMN words SET STORAGE EXTERNAL;

-- What stands in titles has an index of its own: the one of all words does not know where they stand.
ALTER TABLE library_text ADD COLUMN title tsvector GENERATED ALWAYS AS (ts_filter(words, '{a}')) STORED;
ALTER TABLE library_text ALTER COLUMN title SET STORAGE EXTERNAL;
CREATE INDEX library_text_title ON library_text USING gin (title) WITH (fastupdate = off);

-- A list of what is not in the index yet would be read by every search.
ALTER INDEX library_text_words SET (fastupdate = off);

-- The videos that have all that is looked for, and those that have it in their titles: two functions, for two
-- connections to answer at once. Reading all rows looks cheap to who does not count that their words lie elsewhere;
-- compiling the statement takes longer than to run it, and its pages are in memory: nothing is to be read ahead.
CREATE FUNCTION library_with(wanted tsquery) RETURNS bigint[]
    LANGUAGE sql STABLE PARALLEL SAFE
    SET enable_seqscan = off
    SET jit = off
    SET effective_io_concurrency = 0
AS $$
    SELECT array_agg(video_id) FROM library_text WHERE words @@ wanted
$$;
CREATE FUNCTION library_titled(wanted tsquery) RETURNS bigint[]
    LANGUAGE sql STABLE PARALLEL SAFE
    SET enable_seqscan = off
    SET jit = off
    SET effective_io_concurrency = 0
AS $$
    SELECT array_agg(video_id) FROM library_text WHERE title @@ wanted
$$;
