-- +goose Up
-- Each row here is vouched for by the entry n of the log, whose digest is over the columns besides n, recorded_at and recorded_by (ledger.go).
-- Nothing is overwritten: what changes is a new row.

CREATE TABLE setting ( -- of the instance; the newest row of a name counts
    n           BIGINT NOT NULL PRIMARY KEY,
    name        TEXT   NOT NULL,
    value       TEXT   NOT NULL, -- JSON
    recorded_at TEXT   NOT NULL,
    recorded_by TEXT   NOT NULL
);
CREATE INDEX setting_name ON setting (name, n);

CREATE TABLE case_step ( -- what was done in a case; the newest step says how it stands
    n           BIGINT  NOT NULL PRIMARY KEY,
    id          TEXT    NOT NULL, -- of the case
    version     INTEGER NOT NULL,
    subject     TEXT    NOT NULL, -- digest of what the case is about: the item and its parties; one case a subject
    kind        TEXT    NOT NULL, -- opened, assigned, commented, proposed, …
    state       TEXT    NOT NULL, -- after the step
    assignee    TEXT    NOT NULL, -- id of a person; empty: nobody
    words       TEXT    NOT NULL, -- comment or reason; empty: none
    record      TEXT    NOT NULL, -- id of the determination that the case rests on
    item        TEXT    NOT NULL, -- the id that the asker gave; empty: none
    party       TEXT    NOT NULL, -- end user, else consignee, as names are compared; empty: none is stated
    facts       TEXT    NOT NULL, -- digest of what was asked
    answered    TEXT    NOT NULL, -- digest of answers that were put in; empty: none were
    norms       TEXT    NOT NULL, -- that bear on it, each between blanks
    outcome     TEXT    NOT NULL,
    may_be      TEXT    NOT NULL, -- empty: nothing is open
    substance   TEXT    NOT NULL, -- digest of the answer without what differs from day to day
    revision    TEXT    NOT NULL, -- of the law
    effective   TEXT    NOT NULL,
    known_by    TEXT    NOT NULL,
    decision    TEXT    NOT NULL, -- release, override, block; empty: none is proposed or taken
    decided     TEXT    NOT NULL, -- outcome that the decision goes by; empty: there is no decision
    until       TEXT    NOT NULL, -- last day of the decision; empty: there is no decision, or it has no end
    proposed_by TEXT    NOT NULL, -- id of a person; empty: there is no decision
    approved_by TEXT    NOT NULL, -- id of another person; empty: not approved, or needs no approval
    recorded_at TEXT    NOT NULL,
    recorded_by TEXT    NOT NULL, -- id of a person; instance: the program itself
    UNIQUE (id, version),
    UNIQUE (subject, version)
);
CREATE INDEX case_item ON case_step (item);
CREATE INDEX case_party ON case_step (party);
CREATE INDEX case_facts ON case_step (facts);

CREATE TABLE change_ack ( -- how far a host system has taken over what was decided
    n           BIGINT NOT NULL PRIMARY KEY,
    reader      TEXT   NOT NULL, -- id of a token, or of a person
    upto        BIGINT NOT NULL, -- place in the log
    recorded_at TEXT   NOT NULL,
    recorded_by TEXT   NOT NULL
);
CREATE INDEX change_ack_reader ON change_ack (reader, n);

CREATE TABLE licence ( -- versions of licences held
    n           BIGINT  NOT NULL PRIMARY KEY,
    id          TEXT    NOT NULL,
    version     INTEGER NOT NULL,
    no          TEXT    NOT NULL, -- as printed on it
    state       TEXT    NOT NULL, -- held, amending, ended
    body        TEXT    NOT NULL, -- JSON
    recorded_at TEXT    NOT NULL,
    recorded_by TEXT    NOT NULL,
    UNIQUE (id, version)
);
CREATE INDEX licence_no ON licence (no);

CREATE TABLE licence_draw ( -- what was shipped on a licence, and what of that was taken back
    n           BIGINT NOT NULL PRIMARY KEY,
    id          TEXT   NOT NULL UNIQUE,
    licence     TEXT   NOT NULL,
    record      TEXT   NOT NULL, -- id of the determination of what was shipped
    reverses    TEXT   NOT NULL, -- id of the draw that is taken back; empty: it is a draw
    quantity    TEXT   NOT NULL, -- exact decimal, in the unit of the licence, over zero
    words       TEXT   NOT NULL, -- reason; empty: none
    recorded_at TEXT   NOT NULL,
    recorded_by TEXT   NOT NULL
);
CREATE INDEX licence_draw_licence ON licence_draw (licence, n);
CREATE INDEX licence_draw_record ON licence_draw (record);
CREATE UNIQUE INDEX licence_draw_once ON licence_draw (reverses) WHERE reverses <> '';

CREATE TABLE application_step ( -- versions of applications for a licence
    n           BIGINT  NOT NULL PRIMARY KEY,
    id          TEXT    NOT NULL,
    version     INTEGER NOT NULL,
    kind        TEXT    NOT NULL, -- what changed: entered, changed, paper, filed, …
    state       TEXT    NOT NULL,
    body        TEXT    NOT NULL, -- JSON: the application as it stands
    recorded_at TEXT    NOT NULL,
    recorded_by TEXT    NOT NULL,
    UNIQUE (id, version)
);

-- +goose Down
DROP TABLE application_step;
DROP TABLE licence_draw;
DROP TABLE licence;
DROP TABLE change_ack;
DROP TABLE case_step;
DROP TABLE setting;
