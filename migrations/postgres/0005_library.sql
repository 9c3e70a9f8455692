-- What is found in the library. All of it is made from `videos` and `video_files`, and can be made again.

-- Videos of which something has changed: written in the transaction that changes it, whoever does. No video stands there
-- once only: two transactions would wait for each other.
CREATE TABLE library_stale (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    video_id bigint NOT NULL
);
CREATE FUNCTION library_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The column that names the video is the trigger's argument.
    INSERT INTO library_stale (video_id) VALUES ((to_jsonb(coalesce(new, old)) ->> tg_argv[0])::bigint);
    RETURN NULL;
END
$$;
CREATE TRIGGER library_video_changed AFTER INSERT OR UPDATE OR DELETE ON videos
    FOR EACH ROW EXECUTE FUNCTION library_changed('id');
CREATE TRIGGER library_file_changed AFTER INSERT OR UPDATE OR DELETE ON video_files
    FOR EACH ROW EXECUTE FUNCTION library_changed('video_id');
INSERT INTO library_stale (video_id) SELECT id FROM videos;

-- Counts the changes. Whoever writes what follows holds this row, so that revisions appear in their order.
CREATE TABLE library_state (
    id       bigint PRIMARY KEY CHECK (id = 1),
    revision bigint NOT NULL
);
INSERT INTO library_state (id, revision) VALUES (1, 0);

-- What lists show of a video, and what they sort it out by; null once it is no longer shown.
CREATE TABLE library_cards (
    video_id bigint PRIMARY KEY,
    revision bigint NOT NULL,
    card     jsonb
);
CREATE INDEX library_cards_by_revision ON library_cards (revision);

-- Every word in the form in which it is compared, and its stems; of both languages. Titles weigh A, shots B, the
-- storyline C, the rest D.
CREATE TABLE library_text (
    video_id bigint PRIMARY KEY,
    words    tsvector NOT NULL
);
CREATE INDEX library_text_words ON library_text USING gin (words);

-- Every word once, to forgive typing errors: as it is compared, and as it is written.
CREATE TABLE library_words (
    word     text   PRIMARY KEY,
    written  text   NOT NULL,
    revision bigint NOT NULL
);
CREATE INDEX library_words_by_revision ON library_words (revision);
