-- What one installation knows of itself: its id, and when it was set up.
CREATE TABLE site_meta (
    key   text NOT NULL PRIMARY KEY,
    value text NOT NULL
);
