-- Tokens by which programs take footage away in somebody's name.
CREATE TABLE tokens (
    id         text NOT NULL PRIMARY KEY,
    -- SHA-256.
    token      bytea NOT NULL UNIQUE,
    account_id text NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name       text NOT NULL,
    created_at bigint NOT NULL,
    used_at    bigint,
    ends_at    bigint NOT NULL
);
CREATE INDEX tokens_by_account ON tokens (account_id);

-- Which wording of the terms an account has accepted, once for each: the evidence.
CREATE TABLE acceptances (
    account_id text NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    version    text NOT NULL,
    at         bigint NOT NULL,
    lang       text NOT NULL,
    network    text NOT NULL,
    PRIMARY KEY (account_id, version)
);

-- Who took what. A row outlives its video, so that its taker still finds it, and goes with its account.
CREATE TABLE downloads (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id text NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    video_id   bigint NOT NULL,
    number     text NOT NULL,
    rendition  text NOT NULL,
    -- whole, instant or edit-safe.
    route      text NOT NULL,
    -- Of a part: the first frame kept and the first no longer kept, and both as people write them.
    from_frame bigint,
    to_frame   bigint,
    from_point text NOT NULL DEFAULT '',
    to_point   text NOT NULL DEFAULT '',
    -- Of all of it, and handed over so far.
    bytes      bigint NOT NULL,
    sent       bigint NOT NULL DEFAULT 0,
    -- The wording that was in force.
    terms      text NOT NULL,
    began_at   bigint NOT NULL,
    touched_at bigint NOT NULL
);
CREATE INDEX downloads_by_account ON downloads (account_id, id);
CREATE INDEX downloads_by_video ON downloads (video_id);
CREATE INDEX downloads_by_age ON downloads (began_at);

-- Who waits for a clip that is being made.
CREATE TABLE clip_wishes (
    clip_id    text NOT NULL,
    account_id text NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    at         bigint NOT NULL,
    PRIMARY KEY (account_id, clip_id)
);
CREATE INDEX clip_wishes_by_age ON clip_wishes (at);
