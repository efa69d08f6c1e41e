package desk

import "context"

// A Setting is something that the promises of a store rest on.
type Setting struct {
	Name  string // as the database has it
	Value string
	Needs string // what it should be, and why; empty: it is good as it is
}

// An Examiner is a Journal that says what its promises rest on. What a store
// cannot do without it refuses when it is opened; here are also the settings that
// only somebody who knows the machine can judge.
type Examiner interface {
	Examine(ctx context.Context) ([]Setting, error)
}
