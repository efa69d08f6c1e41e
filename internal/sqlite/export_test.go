package sqlite

import "time"

// OptionsForTests are Options that sync less (FULL if empty), or take the log into
// the file after fewer pages.
func OptionsForTests(synchronous string, checkpointPages int) Options {
	return Options{synchronous: synchronous, checkpointPages: checkpointPages}
}

// OptionsForFew are Options under which an offer may have few entries.
func OptionsForFew(most uint64, clock func() time.Time) Options {
	return Options{most: most, Clock: clock}
}

// Waiting is how many appends are in line.
func (s *Store) Waiting() int { return s.line.Waiting() }

// Newest is the version of the schema.
const Newest = newest

// Migrations are all there are, for a database.
var Migrations = provider

// An Index is what finds commands.
type Index = index

// Of the index, what its tests use.
func (x *index) Add(hash uint64) error { return x.add(hash) }

// Bytes is what it takes of memory.
func (x *index) Bytes() int { return 8*cap(x.hashes) + 4*cap(x.slots) }

// Find gives the sequence numbers of a hash.
func (x *index) Find(hash uint64) (all []uint64) {
	_ = x.find(hash, func(seq uint64) (bool, error) { all = append(all, seq); return false, nil })
	return all
}

// CommandHash is what stands for a command in the index.
var CommandHash = commandHash
