-- +goose Up
-- Records past the time for which they are kept at hand are in files, which are named by their digests and of which the log tells. Lines of the log stay.

CREATE TABLE archive ( -- a file of records; vouched for as the tables of 00003 are
    n           BIGINT NOT NULL PRIMARY KEY,
    digest      TEXT   NOT NULL UNIQUE,
    records     BIGINT NOT NULL, -- in the file
    cutoff      TEXT   NOT NULL, -- all of them were recorded before
    members     TEXT   NOT NULL, -- digest of the places and ids of them all
    recorded_at TEXT   NOT NULL,
    recorded_by TEXT   NOT NULL
);

CREATE TABLE archived ( -- which determinations a file holds; one that is in the file only is gone from its table
    n       BIGINT NOT NULL PRIMARY KEY, -- of the determination
    id      TEXT   NOT NULL UNIQUE,
    archive TEXT   NOT NULL -- digest of the file
);
CREATE INDEX archived_archive ON archived (archive, n);

CREATE TABLE record_hold ( -- determinations that are kept at hand whatever their age; the newest row of a record counts
    n           BIGINT  NOT NULL PRIMARY KEY,
    record      TEXT    NOT NULL,
    held        INTEGER NOT NULL, -- 1: on hold
    words       TEXT    NOT NULL, -- why
    recorded_at TEXT    NOT NULL,
    recorded_by TEXT    NOT NULL
);
CREATE INDEX record_hold_record ON record_hold (record, n);
CREATE INDEX case_record ON case_step (record);

-- +goose Down
DROP INDEX case_record;
DROP TABLE record_hold;
DROP TABLE archived;
DROP TABLE archive;
