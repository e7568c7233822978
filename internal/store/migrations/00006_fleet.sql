-- +goose Up
-- The record of screenings that many workers share. A shard's row says what has become of an input, which can be answered again at any time with the
-- same bytes; so, unlike records of what was answered to whom, these rows are changed in place.
CREATE TABLE fleet_run (
    id           TEXT   NOT NULL PRIMARY KEY,
    name         TEXT   NOT NULL, -- of the files
    question     TEXT   NOT NULL, -- JSON: how the rows are to be answered
    stamp        TEXT   NOT NULL, -- digest of the program's version and the law's revision, which a worker must have
    state        TEXT   NOT NULL, -- cutting, cut, cancelled
    submitted_at TEXT   NOT NULL
);

CREATE TABLE fleet_shard (
    name         TEXT    NOT NULL PRIMARY KEY, -- digest of question and rows
    stamp        TEXT    NOT NULL,
    rows         INTEGER NOT NULL,
    state        TEXT    NOT NULL, -- open, done, set_aside
    begun        INTEGER NOT NULL, -- how often a worker has begun it
    result       TEXT    NOT NULL, -- digest of the result; empty: there is none
    problem      TEXT    NOT NULL, -- why it was set aside; empty: it was not
    worker       TEXT    NOT NULL, -- which did it, or set it aside; empty: none has
    called_at    TEXT    NOT NULL, -- when a worker was last called to it, or said that it is at it
    ended_at     TEXT    NOT NULL  -- empty: it is open
);

CREATE INDEX fleet_shard_open ON fleet_shard (stamp, state, called_at);

CREATE TABLE fleet_part ( -- which shards a run is made of, in order; runs may share shards
    run   TEXT    NOT NULL,
    n     INTEGER NOT NULL,
    shard TEXT    NOT NULL,
    PRIMARY KEY (run, n)
);

CREATE INDEX fleet_part_shard ON fleet_part (shard);

-- +goose Down
DROP TABLE fleet_part;
DROP TABLE fleet_shard;
DROP TABLE fleet_run;
