package book

import (
	"math/rand"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"tenderbook/journal"
)

// signingKey makes the key of a name and number.
func signingKey(t testing.TB, name string, seed int64) (note.Signer, string) {
	t.Helper()
	private, public, err := note.GenerateKey(rand.New(rand.NewSource(seed)), name)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	return signer, public
}

// checkpointed signs the entries so far.
func (p *play) checkpointed(key note.Signer) string {
	p.Helper()
	v, err := journal.NewVerifier(p.s.Offer())
	if err != nil {
		p.Fatal(err)
	}
	for _, e := range p.entries {
		if _, err := v.Add(e.AppendBinary(nil), journal.Place{}); err != nil {
			p.Fatal(err)
		}
	}
	signed, err := v.Sign(key)
	if err != nil {
		p.Fatal(err)
	}
	return string(signed)
}

func TestKeysAndCheckpointsOnRecord(t *testing.T) {
	p := open(t)
	key, public := signingKey(t, "agent.example", 1)
	next, nextPublic := signingKey(t, "agent.example", 2)
	other := open(t)
	other.must(ann, &Key{Public: public})
	other.must(ann, &Note{Text: "another journal of the same offer"})
	ahead := other.checkpointed(key)

	p.refuses(ann, &Checkpoint{Signed: p.checkpointed(key)}, BadSignature) // the key is not on record
	p.refuses(bob, &Key{Public: public}, NotAllowed)                       // who approves keeps no keys
	p.refuses(ann, &Key{Public: public, Retire: true}, BadSignature)
	p.must(ann, &Key{Public: public})
	p.refuses(ann, &Key{Public: public}, AlreadyDone)
	signed := p.checkpointed(key)
	p.must(bob, &Checkpoint{Signed: signed})
	p.refuses(ann, &Checkpoint{Signed: strings.Replace(signed, "LVLT-2004", "LVLT-2005", 1)}, BadSignature)
	p.refuses("nobody", &Checkpoint{Signed: signed}, NotAllowed)
	for len(p.entries) < 5 {
		p.must(ann, &Note{Text: "time passes"})
	}
	if o := open(t).send(ann, &Checkpoint{Signed: ahead}); o.Code() != BadSignature {
		t.Errorf("a checkpoint of entries to come: %v", o.Refusal)
	}

	// The key goes out of use: what it signed stays, and it signs no more.
	p.must(ann, &Key{Public: nextPublic})
	p.must(ann, &Key{Public: public, Retire: true})
	p.refuses(ann, &Key{Public: public, Retire: true}, AlreadyDone)
	p.refuses(ann, &Checkpoint{Signed: p.checkpointed(key)}, BadSignature)
	p.must(ann, &Checkpoint{Signed: p.checkpointed(next)})

	keys, kept := p.s.Keys(), p.s.Checkpoints()
	if len(keys) != 2 || keys[0].Retired == 0 || keys[1].Retired != 0 || len(kept) != 2 || string(kept[0].Signed) != signed {
		t.Errorf("on record: %+v, %+v", keys, kept)
	}
	again, err := Restore(snapshot(t, p.s), p.s.Head())
	if err != nil || again.Digest() != p.s.Digest() || len(again.Keys()) != 2 || len(again.Checkpoints()) != 2 {
		t.Errorf("restored: %v", err)
	}
}

// refuses applies a command that has to be refused.
func (p *play) refuses(actor string, c Command, want Code) {
	p.Helper()
	if o := p.send(actor, c); o.Code() != want {
		p.Errorf("%T of %s: %v, needs %v", c, actor, o.Refusal, want)
	}
}
