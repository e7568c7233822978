-- +goose Up
-- Each row here is vouched for by the entry n of the log, whose digest is over the columns besides n, recorded_at and recorded_by (ledger.go).
-- Nothing is overwritten: what changes is a new row. Addresses stay here: the log has the digest of a row, into which a salt goes, so that
-- nobody can find the address by trying.

CREATE TABLE delivery_target ( -- where alerts go; the newest version of a target counts
    n           BIGINT  NOT NULL PRIMARY KEY,
    id          TEXT    NOT NULL,
    version     INTEGER NOT NULL,
    address     TEXT    NOT NULL, -- of mail or of a webhook
    lang        TEXT    NOT NULL,
    kinds       TEXT    NOT NULL, -- of alerts, each between blanks; empty: all
    state       TEXT    NOT NULL, -- active, paused, ended
    salt        TEXT    NOT NULL, -- drawn by lot for each row
    recorded_at TEXT    NOT NULL,
    recorded_by TEXT    NOT NULL,
    UNIQUE (id, version)
);

CREATE TABLE delivery_step ( -- what came of a message to a target; the newest step says how it stands
    n           BIGINT  NOT NULL PRIMARY KEY,
    id          TEXT    NOT NULL, -- of the delivery
    version     INTEGER NOT NULL,
    target      TEXT    NOT NULL,
    kind        TEXT    NOT NULL, -- alerts, test
    state       TEXT    NOT NULL, -- queued, sending, retrying, delivered, given_up, cancelled
    first       BIGINT  NOT NULL, -- place in the log of its first alert; 0: it is a test
    last        BIGINT  NOT NULL, -- of its last one; 0: it is queued, or a test
    alerts      INTEGER NOT NULL, -- how many it holds; 0: it is queued, or a test
    try         INTEGER NOT NULL, -- how many tries were made
    problem     TEXT    NOT NULL, -- why the try did not succeed, in one word; empty: there was none or it did
    code        INTEGER NOT NULL, -- of the answer of the other side; 0: there was none
    recorded_at TEXT    NOT NULL,
    recorded_by TEXT    NOT NULL,
    UNIQUE (id, version)
);
CREATE INDEX delivery_step_target ON delivery_step (target, n);
CREATE INDEX delivery_step_state ON delivery_step (state);

-- +goose Down
DROP TABLE delivery_step;
DROP TABLE delivery_target;
