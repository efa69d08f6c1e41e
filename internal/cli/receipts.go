package cli

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"tenderbook/internal/desk"
	"tenderbook/journal"
)

// A receiptJSON is what commands that go on record print as JSON, and what the
// sender keeps. With proof and checkpoint it can be checked without the journal.
type receiptJSON struct {
	Offer    string    `json:"offer"`
	Seq      uint64    `json:"seq"`
	At       time.Time `json:"at"`
	Hash     string    `json:"hash"` // of the entry
	Body     string    `json:"body"` // of what was sent
	Existing bool      `json:"existing"`
	Key      string    `json:"key,omitempty"`
	Digest   string    `json:"digest,omitempty"`  // of a proposal
	Expires  string    `json:"expires,omitempty"` // of a proposal

	Encoding   string   `json:"encoding,omitempty"` // of the entry, where it is shown
	Proof      []string `json:"proof,omitempty"`
	Checkpoint string   `json:"checkpoint,omitempty"`
}

func (w *workspace) receiptJSON(a desk.Answer) receiptJSON {
	r := receiptOf(a.Receipt)
	r.Existing, r.Key = a.Receipt.Existing, w.key
	return r
}

func receiptOf(r journal.Receipt) receiptJSON {
	return receiptJSON{Offer: r.Offer, Seq: r.Seq, At: r.At.UTC(), Hash: hex.EncodeToString(r.Hash[:]), Body: hex.EncodeToString(r.Body[:])}
}

// proved is the receipt with its proof.
func proved(e *journal.Evidence) receiptJSON {
	r := receiptOf(e.Receipt)
	r.Encoding, r.Checkpoint = hex.EncodeToString(e.Entry), string(e.Checkpoint)
	for _, h := range e.Proof {
		r.Proof = append(r.Proof, hex.EncodeToString(h[:]))
	}
	return r
}

// A kept receipt is one that somebody brings to be checked.
type kept struct {
	journal.Evidence        // Proof and Checkpoint may be missing
	file             string // where it was read
}

// proves reports whether the receipt can be checked without the journal.
func (k *kept) proves() bool { return k.Checkpoint != nil }

// readReceipts reads a file of receipts: one that proves itself, or what a
// command printed as JSON, be it one or those of a book.
func readReceipts(name string) ([]kept, error) {
	data, err := readKind(name, aReceipt)
	if err != nil {
		return nil, err
	}
	if len(bytes.TrimSpace(data)) == 0 || bytes.TrimSpace(data)[0] != '{' {
		k := kept{file: name}
		if err := k.UnmarshalText(data); err != nil {
			return nil, damaged{fmt.Errorf("%s: receipt: %w", name, err)}
		}
		return []kept{k}, nil
	}
	var book struct {
		Batches []receiptJSON `json:"batches"`
		receiptJSON
	}
	if err := json.Unmarshal(data, &book); err != nil {
		return nil, damaged{fmt.Errorf("%s: no receipt: %w", name, err)}
	}
	all := book.Batches
	if len(all) == 0 {
		all = []receiptJSON{book.receiptJSON}
	}
	var receipts []kept
	for i := range all {
		k, err := all[i].kept(name)
		if err != nil {
			return nil, damaged{fmt.Errorf("%s: receipt of entry %d: %w", name, all[i].Seq, err)}
		}
		receipts = append(receipts, k)
	}
	return receipts, nil
}

func (r *receiptJSON) kept(file string) (kept, error) {
	k := kept{file: file}
	k.Receipt = journal.Receipt{Offer: r.Offer, Seq: r.Seq, At: r.At.UTC()}
	for _, x := range []struct {
		name, text string
		to         *[32]byte
	}{{"hash", r.Hash, &k.Receipt.Hash}, {"body", r.Body, &k.Receipt.Body}} {
		if err := readHash(x.text, x.to); err != nil {
			return k, fmt.Errorf("%s %w", x.name, err)
		}
	}
	for _, text := range r.Proof {
		var h tlog.Hash
		if err := readHash(text, (*[32]byte)(&h)); err != nil {
			return k, fmt.Errorf("proof: %w", err)
		}
		k.Proof = append(k.Proof, h)
	}
	if r.Encoding != "" {
		b, err := hex.DecodeString(r.Encoding)
		if err != nil {
			return k, fmt.Errorf("encoding: %w", err)
		}
		k.Entry = b
	}
	if r.Checkpoint != "" {
		k.Checkpoint = []byte(r.Checkpoint)
	}
	if r.Offer == "" || r.Seq == 0 {
		return k, fmt.Errorf("offer %q, entry %d: needs both", r.Offer, r.Seq)
	}
	return k, nil
}

func readHash(text string, to *[32]byte) error {
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != 32 || hex.EncodeToString(b) != text {
		return fmt.Errorf("%q is not 64 hexadecimal digits", text)
	}
	*to = [32]byte(b)
	return nil
}
