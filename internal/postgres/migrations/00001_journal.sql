-- The journal of offers. Every primary and unique key contains offer_id, so that
-- Citus can distribute the tables by it; no triggers; times are values passed
-- in, as nanoseconds since 1970 UTC.

-- +goose Up

-- The last entry of each offer. Who appends holds the row.
CREATE TABLE heads (
    offer_id  text   NOT NULL PRIMARY KEY,
    seq       bigint NOT NULL CHECK (seq >= 0),
    at        bigint NOT NULL,
    hash      bytea  NOT NULL CHECK (octet_length(hash) = 32),
    body_hash bytea  NOT NULL CHECK (octet_length(body_hash) = 32)
);

-- The entries; rows are never changed nor deleted.
CREATE TABLE entries (
    offer_id text     NOT NULL,
    seq      bigint   NOT NULL CHECK (seq > 0),
    at       bigint   NOT NULL,
    kind     smallint NOT NULL CHECK (kind BETWEEN 1 AND 255),
    version  smallint NOT NULL CHECK (version BETWEEN 0 AND 255),
    actor    text     NOT NULL,
    key      text     NOT NULL,
    prev     bytea    NOT NULL CHECK (octet_length(prev) = 32),
    body     bytea    NOT NULL,
    PRIMARY KEY (offer_id, seq)
);

-- Bodies come compact; trying to compress them costs more than it saves.
ALTER TABLE entries ALTER COLUMN body SET STORAGE EXTERNAL;

-- Which entry answers a command, and how often it was asked for: a repeated
-- command writes here, so that its answer is as durable as the first one. The
-- key stands before the actor: keys that grow with time, as UUIDv7 do, then all
-- go to one page, whoever sends them.
CREATE TABLE commands (
    offer_id text   NOT NULL,
    key      text   NOT NULL,
    actor    text   NOT NULL,
    seq      bigint NOT NULL CHECK (seq > 0),
    asked    bigint NOT NULL CHECK (asked > 0),
    PRIMARY KEY (offer_id, key, actor)
);
