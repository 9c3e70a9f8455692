-- Accounts and what hangs on them. Times are milliseconds since 1970 (decision 0006).
CREATE TABLE accounts (
    id            text   NOT NULL PRIMARY KEY,
    email         text   NOT NULL,
    -- The address as it is looked up: in lower case.
    email_key     text   NOT NULL UNIQUE,
    password_hash text   NOT NULL,
    lang          text   NOT NULL,
    newsletter_at bigint,
    created_at    bigint NOT NULL
);

-- The evidence of each yes and no to the newsletter.
CREATE TABLE consents (
    account_id text    NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    at         bigint  NOT NULL,
    granted    boolean NOT NULL,
    version    text    NOT NULL,
    lang       text    NOT NULL,
    network    text    NOT NULL
);
CREATE INDEX consents_of_account ON consents (account_id);

CREATE TABLE sessions (
    id         text   NOT NULL PRIMARY KEY,
    -- SHA-256 of the cookie's token: who reads the table has no session.
    token      bytea  NOT NULL UNIQUE,
    account_id text   NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    agent      text   NOT NULL,
    network    text   NOT NULL,
    created_at bigint NOT NULL,
    seen_at    bigint NOT NULL
);
CREATE INDEX sessions_of_account ON sessions (account_id);
CREATE INDEX sessions_idle ON sessions (seen_at);
CREATE INDEX sessions_by_age ON sessions (created_at);

-- Browsers an account was used in: a sign-in from another one is told by letter.
CREATE TABLE devices (
    account_id text   NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    token      bytea  NOT NULL,
    seen_at    bigint NOT NULL,
    PRIMARY KEY (account_id, token)
);
CREATE INDEX devices_by_age ON devices (seen_at);

-- A registration or a reset under way, step by step.
CREATE TABLE flows (
    id              text   NOT NULL PRIMARY KEY,
    token           bytea  NOT NULL UNIQUE,
    purpose         text   NOT NULL CHECK (purpose IN ('register', 'reset')),
    step            text   NOT NULL CHECK (step IN ('code', 'password', 'done')),
    email           text   NOT NULL,
    email_key       text   NOT NULL,
    -- Whose password is reset. Empty where the address is nobody's, which only the letter tells.
    account_id      text,
    password_hash   text,
    return_to       text   NOT NULL,
    -- Keyed hash of the code, bound to flow, purpose and address. Empty: no code opens it.
    code            bytea,
    code_expires_at bigint NOT NULL,
    tries           bigint NOT NULL DEFAULT 0,
    sent_at         bigint NOT NULL,
    letter_id       text   NOT NULL,
    created_at      bigint NOT NULL,
    expires_at      bigint NOT NULL
);
CREATE INDEX flows_of_address ON flows (email_key);
CREATE INDEX flows_by_end ON flows (expires_at);

-- How often something was tried since when: guesses, sign-ins, letters.
CREATE TABLE attempts (
    key   text   NOT NULL PRIMARY KEY,
    count bigint NOT NULL,
    since bigint NOT NULL,
    ends_at bigint NOT NULL
);
CREATE INDEX attempts_by_end ON attempts (ends_at);

-- Letters: a row first, then a letter.
CREATE TABLE outbox (
    id         text    NOT NULL PRIMARY KEY,
    recipient  text    NOT NULL,
    -- The address as it is looked up, to find what is to be forgotten.
    recipient_key text NOT NULL,
    lang       text    NOT NULL,
    -- What it says, encrypted; wiped when it is sent or has expired.
    sealed     bytea,
    priority   bigint  NOT NULL,
    state      text    NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sent', 'kept', 'dead', 'expired')),
    attempts   bigint  NOT NULL DEFAULT 0,
    -- When it may be taken next; while it is being sent, when the lease ends.
    due_at     bigint  NOT NULL,
    created_at bigint  NOT NULL,
    expires_at bigint,
    ended_at   bigint,
    why        text    NOT NULL DEFAULT '',
    -- The address goes with the letter: its account is no more.
    forget     boolean NOT NULL DEFAULT false
);
CREATE INDEX outbox_due ON outbox (priority, due_at, created_at, id) WHERE state = 'queued';
CREATE INDEX outbox_ended ON outbox (ended_at) WHERE state <> 'queued';
CREATE INDEX outbox_by_recipient ON outbox (recipient_key);

-- What happened to accounts, without secrets and without addresses.
CREATE TABLE audit (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at         bigint NOT NULL,
    event      text   NOT NULL,
    account_id text,
    -- Keyed hash of the address: tells whether two events concern one, and not which.
    address    text   NOT NULL,
    network    text   NOT NULL,
    detail     text   NOT NULL
);
CREATE INDEX audit_of_account ON audit (account_id);
CREATE INDEX audit_of_address ON audit (address);
CREATE INDEX audit_by_time ON audit (at);
