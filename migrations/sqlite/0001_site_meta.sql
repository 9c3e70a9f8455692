-- What one installation knows of itself: its id, and when it was set up.
CREATE TABLE site_meta (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
