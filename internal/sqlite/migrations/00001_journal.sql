-- The journal of offers. Every primary and unique key begins with offer_id;
-- no triggers; times are values passed in, as nanoseconds since 1970 UTC.

-- +goose Up
PRAGMA application_id = 0x54656e64; -- "Tend"

-- The last entry of each offer.
CREATE TABLE heads (
    offer_id  TEXT    NOT NULL PRIMARY KEY,
    seq       INTEGER NOT NULL CHECK (seq > 0),
    at        INTEGER NOT NULL,
    hash      BLOB    NOT NULL CHECK (length(hash) = 32),
    body_hash BLOB    NOT NULL CHECK (length(body_hash) = 32)
) STRICT, WITHOUT ROWID;

-- The entries; rows are never changed nor deleted.
CREATE TABLE entries (
    offer_id TEXT    NOT NULL,
    seq      INTEGER NOT NULL CHECK (seq > 0),
    at       INTEGER NOT NULL,
    kind     INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 255),
    version  INTEGER NOT NULL CHECK (version BETWEEN 0 AND 255),
    actor    TEXT    NOT NULL,
    key      TEXT    NOT NULL,
    prev     BLOB    NOT NULL CHECK (length(prev) = 32),
    body     BLOB    NOT NULL,
    PRIMARY KEY (offer_id, seq)
) STRICT;

-- Which entry answers a command, and how often it was asked for: a repeated
-- command writes here, so that its answer is as durable as the first one. The
-- key stands before the actor: keys that grow with time, as UUIDv7 do, then all
-- go to one page, whoever sends them.
CREATE TABLE commands (
    offer_id TEXT    NOT NULL,
    key      TEXT    NOT NULL,
    actor    TEXT    NOT NULL,
    seq      INTEGER NOT NULL CHECK (seq > 0),
    asked    INTEGER NOT NULL CHECK (asked > 0),
    PRIMARY KEY (offer_id, key, actor)
) STRICT, WITHOUT ROWID;
