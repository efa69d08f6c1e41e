package cli

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/mod/sumdb/note"

	"tenderbook/internal/durable"
	"tenderbook/journal"
)

// A signing is how a command comes to the private key that it signs with: by the
// name of a file, never by its content.
type signing struct{ file string }

func (s *signing) flag(c *cobra.Command) {
	c.Flags().StringVar(&s.file, "sign-with", "", "`FILE` of the private key (default $TENDER_SIGNING_KEY)")
}

// signer reads the private key; nil where none is named.
func (s *signing) signer(env func(string) string) (note.Signer, error) {
	name := firstOf(s.file, env("TENDER_SIGNING_KEY"))
	if name == "" {
		return nil, nil
	}
	signer, _, err := readPrivateKey(name)
	return signer, err
}

// needed is signer where nothing can be done without one.
func (s *signing) needed(env func(string) string) (note.Signer, error) {
	signer, err := s.signer(env)
	if err == nil && signer == nil {
		return nil, usagef(`"tender admin key new NAME -o FILE" makes one`, "no private key is named: give --sign-with FILE, or set TENDER_SIGNING_KEY")
	}
	return signer, err
}

// readPrivateKey reads the file that writePrivateKey writes. One that others may
// read is refused: who has read it can sign.
func readPrivateKey(name string) (note.Signer, string, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, "", cannot("read", name, err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, "", refused{fmt.Errorf("%s: others may read or write this private key: its mode is %04o, needs 0600", name, info.Mode().Perm())}
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, "", cannot("read", name, err)
	}
	private, public, _ := strings.Cut(strings.TrimSuffix(string(data), "\n"), "\n")
	signer, err := note.NewSigner(private)
	if err != nil {
		return nil, "", refused{fmt.Errorf(`%s: no private key, needs what "tender admin key new" writes`, name)}
	}
	verifier, err := note.NewVerifier(public)
	if err != nil || journal.KeyName(verifier) != journal.KeyName(signer) {
		return nil, "", refused{fmt.Errorf("%s: the second line is not the public key of the first", name)}
	}
	return signer, public, nil
}

// A keySeed is what an Ed25519 key is made of. Who has it has the key.
type keySeed [ed25519.SeedSize]byte

func newKeySeed() (seed keySeed) {
	_, _ = rand.Read(seed[:]) // it never fails
	return seed
}

// keys are a private key and its public one, as package note writes them.
func (seed keySeed) keys(name string) (private, public string, err error) {
	public, err = note.NewEd25519VerifierKey(name, ed25519.NewKeyFromSeed(seed[:]).Public().(ed25519.PublicKey))
	if err != nil {
		return "", "", err
	}
	verifier, err := note.NewVerifier(public) // which looks at the name
	if err != nil {
		return "", "", err
	}
	const ed25519Key = "\x01" // the algorithm, before the seed
	return fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", name, verifier.KeyHash(), base64.StdEncoding.EncodeToString([]byte(ed25519Key+string(seed[:])))), public, nil
}

// writePrivateKey makes a pair of keys. The private one goes to a new file that
// nobody else may read, and is on disk before the public one is told.
func writePrivateKey(name, keyName string, seed keySeed) (public string, err error) {
	private, public, err := seed.keys(keyName)
	if err != nil {
		return "", usagef("", "a key cannot be named %q: needs a text without spaces and +, such as agent.example", keyName)
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return "", usagef("name a new file; no key is ever replaced", "%q is there already", name)
	}
	if err == nil {
		_, err = f.WriteString(private + "\n" + public + "\n")
		err = errors.Join(err, f.Sync(), f.Close())
	}
	if err == nil {
		err = durable.SyncFolder(filepath.Dir(name))
	}
	if err != nil {
		return "", cannot("write", name, err)
	}
	return public, nil
}

// publicKeys reads public keys, given as they are or as files with one a line.
// It gives nil for none.
func publicKeys(given []string) (journal.Keys, error) {
	if len(given) == 0 {
		return nil, nil
	}
	var keys []string
	for _, x := range given {
		data, err := os.ReadFile(x)
		if err != nil {
			if !strings.Contains(x, "+") {
				return nil, cannot("read", x, err)
			}
			data = []byte(x)
		}
		if strings.Contains(string(data), "PRIVATE+KEY") {
			return nil, usagef("give the public key: tender admin key show FILE", "%s holds a private key, which nobody else should have", x)
		}
		of := strings.Fields(string(data))
		if _, err := journal.NewKeys(of...); err != nil {
			return nil, refused{fmt.Errorf("%s: %w", x, err)}
		}
		keys = append(keys, of...)
	}
	known, err := journal.NewKeys(keys...)
	if err != nil {
		return nil, refused{fmt.Errorf("--key: %w", err)}
	}
	return known, nil
}

// onePublicKey reads a public key, given as it is or as a file.
func onePublicKey(given string) (string, error) {
	if _, err := publicKeys([]string{given}); err != nil {
		return "", err
	}
	text := given
	if data, err := os.ReadFile(given); err == nil {
		text = string(data)
	}
	keys := strings.Fields(text)
	if len(keys) != 1 {
		return "", refused{fmt.Errorf("%s holds %d keys, needs one", given, len(keys))}
	}
	return keys[0], nil
}
