-- +goose Up
CREATE TABLE clearance ( -- a hit on a party list that was looked into and set aside; the newest row about a hit counts
    id           TEXT   NOT NULL PRIMARY KEY,
    n            BIGINT NOT NULL UNIQUE, -- its entry in the log
    query        TEXT   NOT NULL,        -- the name asked for
    list         TEXT   NOT NULL,
    name         TEXT   NOT NULL,        -- primary name of the listing
    matched_name TEXT   NOT NULL,
    measure      TEXT   NOT NULL,
    reason       TEXT   NOT NULL,
    until        TEXT   NOT NULL,        -- last day
    recorded_at  TEXT   NOT NULL,
    recorded_by  TEXT   NOT NULL
);

-- +goose Down
DROP TABLE clearance;
