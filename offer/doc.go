// Package offer reads what is offered: the terms of an offer from its file, the
// amendments to it, and the terms in force at any time.
//
// An offer file is YAML that people review as text; docs/offer-file.md is its
// contract. [Read] turns it into [Terms] or into [Problems], each with file,
// line, column, what was found, what was needed and what was probably meant.
// Numbers go from the characters of the file to exact decimals and are never a
// float on the way.
//
// It is a calculator: the caller passes the bytes and the times. It knows no
// law (package rulebook does) and accepts no tender (package allocation does).
package offer
