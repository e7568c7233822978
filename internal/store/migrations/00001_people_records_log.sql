-- +goose Up
-- One schema for SQLite and PostgreSQL: text, whole numbers, no types of one engine only. Times are RFC 3339 in UTC with milliseconds, digests
-- and hashes hexadecimal. Nothing is overwritten: what changes is a new row.

CREATE TABLE person (
    id          TEXT    NOT NULL,
    version     INTEGER NOT NULL,
    login       TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    role        TEXT    NOT NULL,
    password    TEXT    NOT NULL, -- argon2id in its usual text form; empty: signs in elsewhere
    disabled    INTEGER NOT NULL, -- 1: may not sign in
    recorded_at TEXT    NOT NULL,
    recorded_by TEXT    NOT NULL,
    PRIMARY KEY (id, version)
);

CREATE TABLE login ( -- a login is one person's for ever
    login  TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL
);

CREATE TABLE invitation ( -- a one-time link; only the digest of its key is kept
    digest      TEXT NOT NULL PRIMARY KEY,
    role        TEXT NOT NULL,
    expires_at  TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL
);

CREATE TABLE invitation_use (
    digest      TEXT NOT NULL PRIMARY KEY,
    person      TEXT NOT NULL,
    recorded_at TEXT NOT NULL
);

CREATE TABLE token ( -- for programs
    id          TEXT NOT NULL PRIMARY KEY,
    digest      TEXT NOT NULL UNIQUE,
    person      TEXT NOT NULL,
    name        TEXT NOT NULL,
    scopes      TEXT NOT NULL, -- parted by blanks
    expires_at  TEXT NOT NULL,
    recorded_at TEXT NOT NULL
);

CREATE TABLE token_end (
    id          TEXT NOT NULL PRIMARY KEY,
    recorded_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL
);

CREATE TABLE session ( -- kept by the session library, and the one thing that is removed: it says nothing that outlives it
    token   TEXT NOT NULL PRIMARY KEY,
    data    TEXT NOT NULL, -- base64
    expires TEXT NOT NULL
);

CREATE TABLE determination (
    id             TEXT    NOT NULL PRIMARY KEY,
    n              BIGINT NOT NULL UNIQUE, -- its entry in the log
    item           TEXT    NOT NULL,        -- the id that the asker gave
    effective      TEXT    NOT NULL,
    known_by       TEXT    NOT NULL,
    revision       TEXT    NOT NULL,        -- of the law
    outcome        TEXT    NOT NULL,
    may_be         TEXT    NOT NULL,        -- empty: nothing is open
    question       TEXT    NOT NULL,        -- canonical JSON
    answer         TEXT    NOT NULL,        -- the document as it was given out, byte for byte
    recorded_at    TEXT    NOT NULL,
    recorded_by    TEXT    NOT NULL,
    idempotency    TEXT    UNIQUE           -- person and key; null: none was given
);

CREATE TABLE log_entry (
    n           BIGINT NOT NULL PRIMARY KEY,
    entry       TEXT    NOT NULL -- canonical JSON
);

CREATE TABLE log_hash ( -- the inner hashes of the tree over the entries
    n    BIGINT NOT NULL PRIMARY KEY,
    hash TEXT    NOT NULL
);

CREATE TABLE checkpoint ( -- signed heads of the tree, one a transaction
    size BIGINT NOT NULL PRIMARY KEY,
    note TEXT    NOT NULL
);

-- +goose Down
DROP TABLE checkpoint;
DROP TABLE log_hash;
DROP TABLE log_entry;
DROP TABLE determination;
DROP TABLE session;
DROP TABLE token_end;
DROP TABLE token;
DROP TABLE invitation_use;
DROP TABLE invitation;
DROP TABLE login;
DROP TABLE person;
