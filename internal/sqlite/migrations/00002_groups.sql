-- Entries that were made durable together are one row: a group commit of 64
-- commands then changes four pages and what the entries fill, not a place in two
-- trees for each. docs/decisions/0009 weighs it. No triggers; every key begins
-- with offer_id.

-- +goose Up

-- The entries of an offer, in runs without a gap; rows are never changed nor
-- deleted.
CREATE TABLE groups (
    offer_id  TEXT    NOT NULL,
    first_seq INTEGER NOT NULL CHECK (first_seq > 0),
    last_seq  INTEGER NOT NULL CHECK (last_seq >= first_seq),
    commands  BLOB    NOT NULL CHECK (length(commands) = 8 * (last_seq - first_seq + 1)), -- 8 bytes an entry: the beginning of the hash of its command
    entries   BLOB    NOT NULL, -- for each its length in 4 bytes, big-endian, and its encoding
    PRIMARY KEY (offer_id, last_seq)
) STRICT;

-- How often a command was asked for that was on record: such an answer writes
-- too, so that it is as durable as the first one.
ALTER TABLE heads ADD COLUMN repeats INTEGER NOT NULL DEFAULT 0;
