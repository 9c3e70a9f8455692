-- What is found in the library. All of it is made from `videos` and `video_files`, and can be made again.

-- Videos of which something has changed: written in the transaction that changes it, whoever does.
CREATE TABLE library_stale (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    video_id INTEGER NOT NULL
) STRICT;
CREATE TRIGGER library_video_added AFTER INSERT ON videos BEGIN
    INSERT INTO library_stale (video_id) VALUES (new.id);
END;
CREATE TRIGGER library_video_changed AFTER UPDATE ON videos BEGIN
    INSERT INTO library_stale (video_id) VALUES (new.id);
END;
CREATE TRIGGER library_video_removed AFTER DELETE ON videos BEGIN
    INSERT INTO library_stale (video_id) VALUES (old.id);
END;
CREATE TRIGGER library_file_added AFTER INSERT ON video_files BEGIN
    INSERT INTO library_stale (video_id) VALUES (new.video_id);
END;
CREATE TRIGGER library_file_changed AFTER UPDATE ON video_files BEGIN
    INSERT INTO library_stale (video_id) VALUES (new.video_id);
END;
CREATE TRIGGER library_file_removed AFTER DELETE ON video_files BEGIN
    INSERT INTO library_stale (video_id) VALUES (old.video_id);
END;
INSERT INTO library_stale (video_id) SELECT id FROM videos;

-- Counts the changes. Whoever writes what follows holds this row, so that revisions appear in their order.
CREATE TABLE library_state (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    revision INTEGER NOT NULL
) STRICT;
INSERT INTO library_state (id, revision) VALUES (1, 0);

-- What lists show of a video, and what they sort it out by; null once it is no longer shown.
CREATE TABLE library_cards (
    video_id INTEGER PRIMARY KEY,
    revision INTEGER NOT NULL,
    card     TEXT
) STRICT;
CREATE INDEX library_cards_by_revision ON library_cards (revision);

-- Every word in the form in which it is compared, and its stems; of both languages. Beginnings of words have an index of
-- their own: a short one is that of a hundred words, which half of a large library has.
CREATE VIRTUAL TABLE library_text USING fts5 (
    title, shots, story, other,
    content = '', contentless_delete = 1, prefix = '3 4 5', tokenize = "unicode61 remove_diacritics 0"
);

-- Every word once, to forgive typing errors: as it is compared, and as it is written.
CREATE TABLE library_words (
    word     TEXT    PRIMARY KEY,
    written  TEXT    NOT NULL,
    revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX library_words_by_revision ON library_words (revision);
