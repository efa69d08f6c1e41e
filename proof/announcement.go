package proof

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"tenderbook/journal"
)

// An Announcement says of a result that it is the one that was accepted in an
// entry of the offer's journal. Signed, it is a note as checkpoints are:
//
//	tenderbook/result/LVLT-2004
//	run final
//	result <checksum of result.json, hexadecimal>
//	entry 1206
//	head <hash of that entry, base64>
//	root <root over the entries up to it, base64>
//
//	— agent.example 4vpJ6s...
type Announcement struct {
	Offer  string
	Run    string   // early, final
	Result Hash     // [Result.Checksum]
	Entry  uint64   // of the approval
	Head   [32]byte // its hash
	Root   [32]byte // of the Merkle tree of entries 1 to Entry
}

const announcementPrefix = "tenderbook/result/"

// String is the text that is signed.
func (a *Announcement) String() string {
	return fmt.Sprintf("%s%s\nrun %s\nresult %s\nentry %d\nhead %s\nroot %s\n", announcementPrefix, a.Offer, a.Run, a.Result, a.Entry,
		base64.StdEncoding.EncodeToString(a.Head[:]), base64.StdEncoding.EncodeToString(a.Root[:]))
}

// OpenAnnouncement reads a signed announcement, and says who signed it. Keys are
// those of [journal.OpenNote].
func OpenAnnouncement(signed []byte, keys journal.Keys) (*Announcement, []string, error) {
	text, by, err := journal.OpenNote(signed, keys)
	if err != nil {
		return nil, nil, fmt.Errorf("announcement: %w", err)
	}
	a, err := parseAnnouncement(text)
	return a, by, err
}

func parseAnnouncement(text string) (*Announcement, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 7 {
		return nil, fmt.Errorf("announcement of %d lines, needs 6", len(lines)-1)
	}
	a := &Announcement{}
	for i, prefix := range [...]string{announcementPrefix, "run ", "result ", "entry ", "head ", "root "} {
		value, ok := strings.CutPrefix(lines[i], prefix)
		if !ok {
			return nil, fmt.Errorf("announcement: line %d is %q, needs %s", i+1, lines[i], strings.TrimSpace(prefix))
		}
		lines[i] = value
	}
	a.Offer, a.Run = lines[0], lines[1]
	if err := journal.CheckOffer(a.Offer); err != nil {
		return nil, err
	}
	if err := a.Result.UnmarshalText([]byte(lines[2])); err != nil {
		return nil, fmt.Errorf("announcement: %w", err)
	}
	var err error
	if a.Entry, err = strconv.ParseUint(lines[3], 10, 63); err != nil || a.Entry == 0 {
		return nil, fmt.Errorf("announcement: entry %q, needs a number from 1 on", lines[3])
	}
	for i, to := range [...]*[32]byte{&a.Head, &a.Root} {
		b, err := base64.StdEncoding.Strict().DecodeString(lines[4+i])
		if err != nil || len(b) != 32 {
			return nil, fmt.Errorf("announcement: %q is not the base64 of 32 bytes", lines[4+i])
		}
		*to = [32]byte(b)
	}
	if a.String() != text {
		return nil, errors.New("announcement is not in the one form that it has")
	}
	return a, nil
}

// Check checks that an announcement is of a result.
func (a *Announcement) Check(r *Result) error {
	switch {
	case a.Offer != r.Offer:
		return fmt.Errorf("the announcement is of offer %q, the result of %q", a.Offer, r.Offer)
	case a.Result != r.Checksum:
		return fmt.Errorf("the announcement is of the result %s, this is %s", a.Result, r.Checksum)
	case r.Journal == nil || r.Journal.Entries != a.Entry || r.Journal.Root != Hash(a.Root):
		return errors.New("the announcement and the result name other places of the journal")
	}
	return nil
}
