package journal

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Checkpoint stands for the first Size entries of an offer. Signed, it is a
// note of four lines and signatures:
//
//	tenderbook/journal/LVLT-2004
//	1232
//	qINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=
//	at 2004-12-02T05:00:00Z
//
//	— agent.example 4vpJ6s...
//
// which is the form of the checkpoints of transparency logs.
type Checkpoint struct {
	Offer string
	Size  uint64    // entries covered, 1 or more
	Root  [32]byte  // of their Merkle tree
	At    time.Time // record time of the last of them
}

const originPrefix = "tenderbook/journal/"

// String is the text that is signed.
func (c Checkpoint) String() string {
	return originPrefix + c.Offer + "\n" + strconv.FormatUint(c.Size, 10) + "\n" +
		base64.StdEncoding.EncodeToString(c.Root[:]) + "\nat " + formatTime(c.At) + "\n"
}

// ParseCheckpoint reads the text of a checkpoint, without signatures.
func ParseCheckpoint(text string) (Checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 5 || lines[4] != "" {
		return Checkpoint{}, fmt.Errorf("checkpoint of %d lines, needs 4, each ended", len(lines)-1)
	}
	offer, ok := strings.CutPrefix(lines[0], originPrefix)
	if !ok {
		return Checkpoint{}, fmt.Errorf("checkpoint of %q, needs %s and an offer", lines[0], originPrefix)
	}
	size, err := strconv.ParseUint(lines[1], 10, 63)
	if err != nil || size == 0 {
		return Checkpoint{}, fmt.Errorf("checkpoint of size %q, needs a number from 1 on", lines[1])
	}
	c := Checkpoint{Offer: offer, Size: size}
	if c.Root, err = parseHash(lines[2]); err != nil {
		return Checkpoint{}, fmt.Errorf("root of the checkpoint: %w", err)
	}
	if c.At, err = parseTime(strings.TrimPrefix(lines[3], "at ")); err != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint: %w", err)
	}
	if err := CheckOffer(offer); err != nil {
		return Checkpoint{}, err
	}
	if c.String() != text {
		return Checkpoint{}, errors.New("checkpoint is not in the one form that it has")
	}
	return c, nil
}

// OpenCheckpoint reads a signed checkpoint. Keys are those of [OpenNote]; where
// they are nil, the checkpoint is only as good as the place it came from.
func OpenCheckpoint(signed []byte, keys Keys) (Checkpoint, error) {
	text, _, err := OpenNote(signed, keys)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("signed checkpoint: %w", err)
	}
	return ParseCheckpoint(text)
}

// formatTime shows a record time; it is the inverse of parseTime.
func formatTime(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func parseTime(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil || formatTime(t) != s {
		return time.Time{}, fmt.Errorf("time %q, needs one in UTC such as 2004-12-02T05:00:00Z", s)
	}
	return t.UTC(), nil
}

func parseHash(s string) ([32]byte, error) {
	b, err := base64.StdEncoding.Strict().DecodeString(s)
	if err != nil || len(b) != 32 {
		return [32]byte{}, fmt.Errorf("%q is not the base64 of 32 bytes", s)
	}
	return [32]byte(b), nil
}
