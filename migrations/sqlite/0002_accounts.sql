-- Accounts and what hangs on them. Times are milliseconds since 1970 (decision 0006).
CREATE TABLE accounts (
    id            TEXT NOT NULL PRIMARY KEY,
    email         TEXT NOT NULL,
    -- The address as it is looked up: in lower case.
    email_key     TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    lang          TEXT NOT NULL,
    newsletter_at INTEGER,
    created_at    INTEGER NOT NULL
) STRICT;

-- The evidence of each yes and no to the newsletter.
CREATE TABLE consents (
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    at         INTEGER NOT NULL,
    granted    INTEGER NOT NULL,
    version    TEXT NOT NULL,
    lang       TEXT NOT NULL,
    network    TEXT NOT NULL
) STRICT;
CREATE INDEX consents_of_account ON consents (account_id);

CREATE TABLE sessions (
    id         TEXT NOT NULL PRIMARY KEY,
    -- SHA-256 of the cookie's token: who reads the table has no session.
    token      BLOB NOT NULL UNIQUE,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    agent      TEXT NOT NULL,
    network    TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_of_account ON sessions (account_id);
CREATE INDEX sessions_idle ON sessions (seen_at);
CREATE INDEX sessions_by_age ON sessions (created_at);

-- Browsers an account was used in: a sign-in from another one is told by letter.
CREATE TABLE devices (
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    token      BLOB NOT NULL,
    seen_at    INTEGER NOT NULL,
    PRIMARY KEY (account_id, token)
) STRICT;
CREATE INDEX devices_by_age ON devices (seen_at);

-- A registration or a reset under way, step by step.
CREATE TABLE flows (
    id              TEXT NOT NULL PRIMARY KEY,
    token           BLOB NOT NULL UNIQUE,
    purpose         TEXT NOT NULL CHECK (purpose IN ('register', 'reset')),
    step            TEXT NOT NULL CHECK (step IN ('code', 'password', 'done')),
    email           TEXT NOT NULL,
    email_key       TEXT NOT NULL,
    -- Whose password is reset. Empty where the address is nobody's, which only the letter tells.
    account_id      TEXT,
    password_hash   TEXT,
    return_to       TEXT NOT NULL,
    -- Keyed hash of the code, bound to flow, purpose and address. Empty: no code opens it.
    code            BLOB,
    code_expires_at INTEGER NOT NULL,
    tries           INTEGER NOT NULL DEFAULT 0,
    sent_at         INTEGER NOT NULL,
    letter_id       TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX flows_of_address ON flows (email_key);
CREATE INDEX flows_by_end ON flows (expires_at);

-- How often something was tried since when: guesses, sign-ins, letters.
CREATE TABLE attempts (
    key   TEXT NOT NULL PRIMARY KEY,
    count INTEGER NOT NULL,
    since INTEGER NOT NULL,
    ends_at INTEGER NOT NULL
) STRICT;
CREATE INDEX attempts_by_end ON attempts (ends_at);

-- Letters: a row first, then a letter.
CREATE TABLE outbox (
    id         TEXT NOT NULL PRIMARY KEY,
    recipient  TEXT NOT NULL,
    -- The address as it is looked up, to find what is to be forgotten.
    recipient_key TEXT NOT NULL,
    lang       TEXT NOT NULL,
    -- What it says, encrypted; wiped when it is sent or has expired.
    sealed     BLOB,
    priority   INTEGER NOT NULL,
    state      TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sent', 'kept', 'dead', 'expired')),
    attempts   INTEGER NOT NULL DEFAULT 0,
    -- When it may be taken next; while it is being sent, when the lease ends.
    due_at     INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    ended_at   INTEGER,
    why        TEXT NOT NULL DEFAULT '',
    -- The address goes with the letter: its account is no more.
    forget     INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX outbox_due ON outbox (priority, due_at, created_at, id) WHERE state = 'queued';
CREATE INDEX outbox_ended ON outbox (ended_at) WHERE state <> 'queued';
CREATE INDEX outbox_by_recipient ON outbox (recipient_key);

-- What happened to accounts, without secrets and without addresses.
CREATE TABLE audit (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    at         INTEGER NOT NULL,
    event      TEXT NOT NULL,
    account_id TEXT,
    -- Keyed hash of the address: tells whether two events concern one, and not which.
    address    TEXT NOT NULL,
    network    TEXT NOT NULL,
    detail     TEXT NOT NULL
) STRICT;
CREATE INDEX audit_of_account ON audit (account_id);
CREATE INDEX audit_of_address ON audit (address);
CREATE INDEX audit_by_time ON audit (at);
