package groupcommit

import (
	"fmt"

	"tenderbook/journal"
)

// CheckImport refuses entries that do not continue the chain of an offer after
// its last entry, whose receipt is zero where there is none.
func CheckImport(last journal.Receipt, entries []*journal.Entry) error {
	for _, e := range entries {
		if err := checkNext(last, e, entries[0].Offer); err != nil {
			return err
		}
		last = journal.ReceiptOf(e)
	}
	return nil
}

// CheckRoom refuses entries that one offer's journal has no room for behind its
// last one: it holds most, which is [journal.MaxEntries] but in tests.
func CheckRoom(offer string, last uint64, more int, most uint64) error {
	if more > 0 && last+uint64(more) > most {
		return fmt.Errorf("offer %q has %d entries, and %d more are too many: a journal holds %d at most", offer, last, more, most)
	}
	return nil
}

func checkNext(last journal.Receipt, e *journal.Entry, offer string) error {
	want := journal.Next(offer, last, e.At, e.Draft)
	switch {
	case e.Offer != offer:
		return fmt.Errorf("entries of offers %q and %q in one import", offer, e.Offer)
	case e.Seq != want.Seq:
		return fmt.Errorf("offer %q: entry %d comes next, found entry %d", offer, want.Seq, e.Seq)
	case e.Prev != want.Prev:
		return fmt.Errorf("offer %q: entry %d does not name the entry before it", offer, e.Seq)
	case e.Seq > journal.MaxEntries:
		return CheckRoom(offer, last.Seq, 1, journal.MaxEntries)
	case !e.At.Equal(want.At):
		return fmt.Errorf("offer %q: entry %d has time %s, before that of the entry before, %s", offer, e.Seq, e.At, last.At)
	}
	return check(offer, []journal.Draft{e.Draft})
}
