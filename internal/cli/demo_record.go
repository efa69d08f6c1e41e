package cli

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"time"
)

// record signs for the record, publishes the result, and shows what verifying
// both found.
func (s *story) record(ctx context.Context) error {
	s.chapter(6, "Does the record hold?")
	if err := s.playPublished(); err != nil {
		return err
	}
	key, result := s.path("agent.pub"), s.path("public", "result.json")
	s.say("ann put the agent's key on record, signed a checkpoint of the record (kept.note) and published the result under the same key. bob reads the record again from its first entry:")
	fmt.Fprintln(s)
	if err := s.verified("verify", demoOffer, "--key", key, "--checkpoint", s.path("kept.note")); err != nil {
		return err
	}
	fmt.Fprintln(s)
	s.say("The holder of %s has no access to any of it, and needs none: the result, its signature, the agent's key and one file of its own.", demoInstruction)
	fmt.Fprintln(s)
	return s.verified("verify", result, "--row", s.path("public", "rows", demoInstruction+".json"), "--key", key)
}

// verified runs a check and prints what it came to.
func (s *story) verified(line ...string) error {
	out, err := s.tender("bob", line...)
	s.WriteString(s.plainPaths(out))
	return err
}

// playPublished signs a checkpoint of the record and publishes the result. Key and
// secret are made from what everybody can read here, so that every play publishes
// the same bytes.
func (y *play) playPublished() error {
	madeUp := func(what string) [32]byte { return sha256.Sum256([]byte(demoOffer + ", made up: " + what)) }
	y.at = y.at.Add(time.Hour)
	public, err := writePrivateKey(y.path("agent.key"), "agent.example", madeUp("a key that everybody has"))
	if err != nil {
		return err
	}
	secret := madeUp("a secret that everybody knows")
	for name, data := range map[string][]byte{"secret": secret[:], "agent.pub": []byte(public + "\n")} {
		if err := os.WriteFile(y.path(name), data, 0o600); err != nil {
			return cannot("write", y.path(name), err)
		}
	}
	if err := y.puts("ann", "admin", "key", "add", demoOffer, y.path("agent.pub")); err != nil {
		return err
	}
	if err := y.puts("ann", "admin", "checkpoint", demoOffer, "--sign-with", y.path("agent.key"), "-o", y.path("kept.note")); err != nil {
		return err
	}
	_, err = y.tender("ann", "publish", demoOffer, "-o", y.path("public"), "--secret", y.path("secret"), "--sign-with", y.path("agent.key"))
	return err
}
