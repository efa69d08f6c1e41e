package journal

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Keys are public keys whose signatures count. Nil looks at no signature.
type Keys = note.Verifiers

// NewKeys reads public keys in their text form, "agent.example+8c1ac4b2+AZ...".
// None is a list by which nothing is signed.
func NewKeys(keys ...string) (Keys, error) {
	var list []note.Verifier
	seen := map[string]bool{}
	for _, key := range keys {
		v, err := note.NewVerifier(key)
		if err != nil {
			return nil, fmt.Errorf("public key %q, needs a name, a hash and the key, joined by +", key)
		}
		if name := KeyName(v); !seen[name] {
			seen[name] = true
			list = append(list, v)
		}
	}
	return note.VerifierList(list...), nil
}

// KeyName is how people name a key: "agent.example+8c1ac4b2".
func KeyName(k interface {
	Name() string
	KeyHash() uint32
},
) string {
	return fmt.Sprintf("%s+%08x", k.Name(), k.KeyHash())
}

// OpenNote reads a signed note: its text, and the names of the keys that signed
// it. At least one signature must be by a known key, and none by a known key may
// be wrong. Where keys is nil no signature is looked at, and the names are what
// the note says.
func OpenNote(signed []byte, keys Keys) (text string, by []string, err error) {
	anyone := keys == nil
	if anyone {
		keys = note.VerifierList()
	}
	n, err := note.Open(signed, keys)
	var unverified *note.UnverifiedNoteError
	switch {
	case errors.As(err, &unverified):
		n = unverified.Note
		if !anyone {
			return "", nil, fmt.Errorf("signed by %s, which is no key that is trusted here", strings.Join(signers(n.UnverifiedSigs), " and "))
		}
	case err != nil:
		return "", nil, err
	}
	if err := checkSignatureLines(string(signed[len(n.Text)+1:])); err != nil {
		return "", nil, err
	}
	if anyone {
		return n.Text, signers(n.UnverifiedSigs), nil
	}
	return n.Text, signers(n.Sigs), nil
}

func signers(signatures []note.Signature) (names []string) {
	for _, s := range signatures {
		names = append(names, fmt.Sprintf("%s+%08x", s.Name, s.Hash))
	}
	return names
}

// checkSignatureLines refuses signatures written in another than the one form of
// their base64, which the note package lets pass.
func checkSignatureLines(lines string) error {
	for line := range strings.Lines(lines) {
		line = strings.TrimSuffix(line, "\n")
		sig := line[strings.LastIndexByte(line, ' ')+1:]
		if b, err := base64.StdEncoding.Strict().DecodeString(sig); err != nil || base64.StdEncoding.EncodeToString(b) != sig {
			return fmt.Errorf("signature %q is not in the one form of its base64", sig)
		}
	}
	return nil
}
