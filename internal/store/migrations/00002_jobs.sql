-- +goose Up
CREATE TABLE job (
    id          TEXT    NOT NULL PRIMARY KEY,
    n           BIGINT NOT NULL UNIQUE, -- its entry in the log
    name        TEXT    NOT NULL,        -- of the file, as the person calls it
    input       TEXT    NOT NULL,        -- digest of the file
    size        BIGINT NOT NULL,        -- of the file, in bytes
    question    TEXT    NOT NULL,        -- canonical JSON: how its rows are to be read and answered
    recorded_at TEXT    NOT NULL,
    recorded_by TEXT    NOT NULL
);

CREATE TABLE job_state (
    job         TEXT    NOT NULL,
    version     INTEGER NOT NULL,
    state       TEXT    NOT NULL, -- queued, running, done, failed, cancelled
    result      TEXT    NOT NULL, -- digest of the result; empty: there is none
    summary     TEXT    NOT NULL, -- JSON; empty: there is none
    problem     TEXT    NOT NULL, -- why it failed; empty: it did not
    recorded_at TEXT    NOT NULL,
    recorded_by TEXT    NOT NULL,
    PRIMARY KEY (job, version)
);

-- +goose Down
DROP TABLE job_state;
DROP TABLE job;
