-- +goose Up
CREATE TABLE catalogue ( -- a file of items that is screened again whenever the law changes
    id          TEXT    NOT NULL,
    version     INTEGER NOT NULL,
    n           BIGINT  NOT NULL UNIQUE, -- its entry in the log
    name        TEXT    NOT NULL,
    input       TEXT    NOT NULL,        -- digest of the file
    size        BIGINT  NOT NULL,        -- of the file, in bytes
    question    TEXT    NOT NULL,        -- canonical JSON: how its rows are to be read and answered
    ended       INTEGER NOT NULL,        -- 1: no longer screened
    recorded_at TEXT    NOT NULL,
    recorded_by TEXT    NOT NULL,
    PRIMARY KEY (id, version)
);

CREATE TABLE catalogue_screening ( -- which jobs screened a catalogue; their questions say the same and stand in the log
    job       TEXT    NOT NULL PRIMARY KEY,
    catalogue TEXT    NOT NULL,
    version   INTEGER NOT NULL,
    law       TEXT    NOT NULL, -- revision of the law
    effective TEXT    NOT NULL,
    known_by  TEXT    NOT NULL,
    before    TEXT    NOT NULL, -- job whose answers were compared with; empty: the first of its version
    ahead     INTEGER NOT NULL  -- 1: as of a day that was still to come
);

CREATE INDEX catalogue_screening_catalogue ON catalogue_screening (catalogue, version);

CREATE TABLE alert ( -- something that people should look at
    id          TEXT   NOT NULL PRIMARY KEY,
    n           BIGINT NOT NULL UNIQUE, -- its entry in the log
    cause       TEXT   NOT NULL UNIQUE, -- one and the same where one and the same thing is noticed twice
    kind        TEXT   NOT NULL,        -- names the sentence
    subject     TEXT   NOT NULL,        -- what it is about: kind of thing, a stroke, its id
    facts       TEXT   NOT NULL,        -- canonical JSON: what is filled into the sentence
    recorded_at TEXT   NOT NULL,
    recorded_by TEXT   NOT NULL
);

CREATE TABLE alert_ack ( -- who has seen it
    alert       TEXT   NOT NULL,
    person      TEXT   NOT NULL,
    n           BIGINT NOT NULL UNIQUE, -- its entry in the log
    note        TEXT   NOT NULL,        -- empty: none
    recorded_at TEXT   NOT NULL,
    PRIMARY KEY (alert, person)
);

-- +goose Down
DROP TABLE alert_ack;
DROP TABLE alert;
DROP TABLE catalogue_screening;
DROP TABLE catalogue;
