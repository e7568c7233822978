-- +goose Up
CREATE TABLE identity ( -- a person as a provider of sign-in knows it; one person's for ever
    issuer      TEXT    NOT NULL,
    subject     TEXT    NOT NULL,
    person      TEXT    NOT NULL,
    by_claim    INTEGER NOT NULL, -- 1: the provider says the role
    recorded_at TEXT    NOT NULL,
    PRIMARY KEY (issuer, subject)
);

-- +goose Down
DROP TABLE identity;
