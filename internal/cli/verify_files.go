package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"tenderbook/journal"
	"tenderbook/proof"
)

// noteOf is the file of a result's announcement: "result.json" has
// "result.note" beside it.
func noteOf(result string) string { return strings.TrimSuffix(result, ".json") + ".note" }

func (v *verifying) verifyResult(name string) error {
	result, err := readResult(name)
	if err != nil {
		return err
	}
	x := &found{What: "result", Source: name, Offer: result.Offer, Checksum: result.Checksum.String(), title: name}
	x.ok("the result of %s adds up", result.Offer)
	if err := v.verifyRows(x, result); err != nil {
		return err
	}
	signed, err := os.ReadFile(noteOf(name))
	switch {
	case errors.Is(err, fs.ErrNotExist) && v.keys != nil:
		return cannot("read", noteOf(name), errors.New("the result's signature is needed to check it by a key"))
	case errors.Is(err, fs.ErrNotExist):
		x.open("who published it: it has no signature; compare the checksum with the one that was published")
	case err != nil:
		return cannot("read", noteOf(name), err)
	default:
		if err := v.verifySigned(x, noteOf(name), signed, result); err != nil {
			return err
		}
	}
	return v.say(x)
}

// verifyNote checks an announcement with the result that lies beside it.
func (v *verifying) verifyNote(name string) error {
	result := strings.TrimSuffix(name, ".note") + ".json"
	if _, err := os.Stat(result); err != nil {
		return cannot("read", result, fmt.Errorf("%s is the signature of a result, which is not beside it", name))
	}
	return v.verifyResult(result)
}

func (v *verifying) verifySigned(x *found, name string, signed []byte, result *proof.Result) error {
	a, by, err := proof.OpenAnnouncement(signed, v.keys)
	if err == nil {
		err = a.Check(result)
	}
	if err != nil {
		return damaged{fmt.Errorf("%s: %w", name, err)}
	}
	v.signed(x, by)
	x.open("that it was accepted in entry %d of the journal: tender verify --bundle FILE --result %s", a.Entry, x.Source)
	return nil
}

// signed says who signed, or that nothing was given to know it by.
func (v *verifying) signed(x *found, by []string) {
	who := strings.Join(by, " and ")
	if v.keys == nil {
		x.open("the signature, which says %s: give --key, the public key that the agent published", who)
		return
	}
	x.ok("signed by %s", who)
}

func readResult(name string) (*proof.Result, error) {
	data, err := readKind(name, aResult)
	if err != nil {
		return nil, err
	}
	result, err := proof.ParseResult(data)
	if err == nil {
		err = result.Check()
	}
	if err != nil {
		return nil, wrongFile(name, err)
	}
	return result, nil
}

// wrongFile is damage, but for a file that a newer version has written.
func wrongFile(name string, err error) error {
	err = fmt.Errorf("%s: %w", name, err)
	if errors.Is(err, journal.ErrNewer) {
		return refused{err}
	}
	return damaged{err}
}

// resultsOf compares published results with the journal that they are of.
func (v *verifying) resultsOf(x *found, r *replay) error {
	for _, name := range v.resultFiles {
		result, err := readResult(name)
		if err != nil {
			return err
		}
		if err := r.meetResult(result); err != nil {
			return damaged{fmt.Errorf("%s: %w", name, err)}
		}
		x.ok("%s is the result accepted in #%d", name, result.Journal.Entries)
	}
	return nil
}

// meetResult compares a published result with the one on record.
func (r *replay) meetResult(result *proof.Result) error {
	if result.Offer != r.state.Offer() || result.Journal == nil {
		return fmt.Errorf("result of offer %q and no journal of %q", result.Offer, r.state.Offer())
	}
	root, err := r.tree.Root(result.Journal.Entries)
	if err != nil || proof.Hash(root) != result.Journal.Root {
		return fmt.Errorf("entries 1 to %d are not those that the result was made of", result.Journal.Entries)
	}
	for _, on := range r.state.Results() {
		if on.Seq == result.Journal.Entries && result.Book == resultDigest(on.Digest) {
			return nil
		}
	}
	return fmt.Errorf("no result %s was accepted in entry %d", result.Book, result.Journal.Entries)
}

// resultDigest is how a published result names what was approved.
func resultDigest(plan string) string { return "result-sha256:" + plan }

// verifyReceipts checks receipts without a journal.
func (v *verifying) verifyReceipts(name string) error {
	all, err := readReceipts(name)
	if err != nil {
		return err
	}
	x := &found{What: "receipt", Source: name, Offer: all[0].Receipt.Offer, title: name}
	for i := range all {
		k := &all[i]
		if !k.proves() {
			return refused{fmt.Errorf("%s: the receipt of entry %d of %s holds no proof: check it with the journal or a bundle\n    tender verify %[3]s --receipt %[1]s, or fetch its proof with tender receipt %[3]s %[2]d",
				name, k.Receipt.Seq, k.Receipt.Offer)}
		}
		c, err := k.Check(v.keys)
		if err != nil {
			return damaged{fmt.Errorf("%s: %w", name, err)}
		}
		x.ok("entry %d of %s is in the journal of %s at %s", k.Receipt.Seq, k.Receipt.Offer, plural(int(c.Size), "entry", "entries"), journalTime(c.At))
		if k.Entry == nil {
			x.open("time and content of entry %d, which the issuer of the receipt states: the entry itself is not shown", k.Receipt.Seq)
		}
		if err := v.compare(x, name, c, k.Checkpoint); err != nil {
			return err
		}
	}
	return v.say(x)
}

func (v *verifying) verifyCheckpoint(name string) error {
	signed, err := os.ReadFile(name)
	if err != nil {
		return cannot("read", name, err)
	}
	c, err := journal.OpenCheckpoint(signed, v.keys)
	if err != nil {
		return damaged{fmt.Errorf("%s: %w", name, err)}
	}
	x := &found{What: "checkpoint", Source: name, Offer: c.Offer, Entries: c.Size, Root: fmt.Sprintf("%x", c.Root), title: name}
	x.ok("checkpoint of %s of %s up to %s", plural(int(c.Size), "entry", "entries"), c.Offer, journalTime(c.At))
	if err := v.compare(x, name, c, signed); err != nil {
		return err
	}
	x.open("the entries that it stands for: tender verify %s --checkpoint %s", c.Offer, name)
	return v.say(x)
}

func (v *verifying) verifyGrowth(name string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return cannot("read", name, err)
	}
	var g journal.Growth
	err = g.UnmarshalText(text)
	var old, late journal.Checkpoint
	if err == nil {
		old, late, err = g.Check(v.keys)
	}
	if err != nil {
		return damaged{fmt.Errorf("%s: consistency proof: %w", name, err)}
	}
	x := &found{What: "consistency", Source: name, Offer: late.Offer, Entries: late.Size, Root: fmt.Sprintf("%x", late.Root), title: name}
	x.ok("the journal of %s at %s begins with all %s of %s", plural(int(late.Size), "entry", "entries"), journalTime(late.At), plural(int(old.Size), "entry", "entries"), journalTime(old.At))
	if err := v.compare(x, name, late, g.New); err != nil {
		return err
	}
	return v.say(x)
}

// compare sets a checkpoint beside those given, and says whose it is.
func (v *verifying) compare(x *found, name string, c journal.Checkpoint, signed []byte) error {
	_, by, err := journal.OpenNote(signed, v.keys)
	if err != nil {
		return damaged{fmt.Errorf("%s: %w", name, err)}
	}
	v.signed(x, by)
	for _, k := range v.known {
		switch {
		case k.Offer != c.Offer:
			return damaged{fmt.Errorf("%s: of offer %q, the checkpoint given is of %q", name, c.Offer, k.Offer)}
		case k.Size == c.Size && k != c:
			return damaged{fmt.Errorf("%s: of %d entries two journals are signed for: root %x here, %x in the checkpoint given", name, c.Size, c.Root, k.Root)}
		case k.Size == c.Size:
			x.ok("the same as the checkpoint given")
		default:
			x.open("how it goes with the checkpoint of %d entries: that needs the journal, a bundle or a consistency proof", k.Size)
		}
	}
	return nil
}

// readKnown reads a checkpoint that was kept: as such, or the later one of a
// consistency proof, or that of a receipt.
func readKnown(name string, keys journal.Keys) (c journal.Checkpoint, signed []byte, err error) {
	signed, err = os.ReadFile(name)
	if err != nil {
		return c, nil, cannot("read", name, err)
	}
	kind, err := mustBe(name, aCheckpoint, aGrowth, aReceipt)
	if err != nil {
		return c, nil, err
	}
	switch kind {
	case aGrowth:
		var g journal.Growth
		if err = g.UnmarshalText(signed); err == nil {
			_, _, err = g.Check(keys)
		}
		signed = g.New
	case aReceipt:
		var all []kept
		if all, err = readReceipts(name); err == nil {
			_, err = all[0].Check(keys)
			signed = all[0].Checkpoint
		}
	}
	if err == nil {
		c, err = journal.OpenCheckpoint(signed, keys)
	}
	if err != nil {
		return c, nil, damaged{fmt.Errorf("%s: %w", name, err)}
	}
	return c, signed, nil
}
