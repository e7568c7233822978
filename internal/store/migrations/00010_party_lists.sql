-- +goose Up
CREATE TABLE party_list ( -- a list of parties that was loaded, or taken out again; the newest row of a name counts. Its entry is that of 00003.
    n           BIGINT  NOT NULL PRIMARY KEY,
    name        TEXT    NOT NULL, -- of the file, as people call it
    digest      TEXT    NOT NULL, -- of the file
    size        BIGINT  NOT NULL, -- of the file, in bytes
    list        TEXT    NOT NULL, -- what the list is called: US CSL, EU
    format      TEXT    NOT NULL, -- which reader read it
    published   TEXT    NOT NULL, -- the day that the list is of; empty: it does not say
    parties     BIGINT  NOT NULL,
    names       BIGINT  NOT NULL,
    ended       INTEGER NOT NULL, -- 1: taken out
    recorded_at TEXT    NOT NULL,
    recorded_by TEXT    NOT NULL
);
CREATE INDEX party_list_name ON party_list (name, n);

ALTER TABLE catalogue_screening ADD COLUMN lists TEXT NOT NULL DEFAULT ''; -- revision of the loaded party lists; empty: there were none

CREATE TABLE upload_key ( -- under which key of whom something was sent, and what came of it. Its entry is that of 00003.
    n           BIGINT NOT NULL PRIMARY KEY,
    key         TEXT   NOT NULL UNIQUE, -- digest of the id of a person and the key
    asked       TEXT   NOT NULL,        -- digest of the request and the file
    came        TEXT   NOT NULL,        -- id of a job or a catalogue, or what was answered of a party list
    recorded_at TEXT   NOT NULL,
    recorded_by TEXT   NOT NULL
);

-- +goose Down
DROP TABLE upload_key;
ALTER TABLE catalogue_screening DROP COLUMN lists;
DROP TABLE party_list;
