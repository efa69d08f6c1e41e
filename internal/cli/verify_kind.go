package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
)

// A fileKind is what a file is that "tender verify" is given.
type fileKind string

const (
	noFile      fileKind = "" // there is none of the name
	unknown     fileKind = "unknown"
	aBundle     fileKind = "a bundle"
	aReceipt    fileKind = "a receipt"
	aGrowth     fileKind = "a consistency proof"
	aCheckpoint fileKind = "a checkpoint"
	aResultNote fileKind = "a result's signature"
	aResult     fileKind = "a result"
	aRow        fileKind = "a tender's row"
	aWorkspace  fileKind = "a workspace"
)

// marks are what the files of each kind begin with. docs/verify.md has the table.
var marks = []struct {
	text string
	kind fileKind
}{
	{"tenderbook bundle ", aBundle},
	{"tenderbook receipt ", aReceipt},
	{"tenderbook consistency ", aGrowth},
	{"tenderbook/journal/", aCheckpoint},
	{"tenderbook/result/", aResultNote},
	{"{\n \"format\": \"tenderbook result ", aResult},
	{"{\n \"format\": \"tenderbook row ", aRow},
	{"SQLite format 3\x00", aWorkspace},
}

// receiptMembers stand in a receipt as JSON, which has no mark: any three of them
// make it one.
var receiptMembers = [...]string{`"offer":`, `"seq":`, `"hash":`, `"body":`}

const (
	markWrong = 2       // bytes of a mark may be wrong: the file is ours, and damaged
	markCut   = 8       // bytes are left at least of a mark where the file breaks off
	headBytes = 1 << 16 // are looked at
)

// kindOf tells a file by its first bytes. Damage does not hide what a file is: a
// mark with a few wrong bytes, or one that breaks off, is still a mark.
func kindOf(head []byte) fileKind {
	for _, m := range marks {
		if len(head) >= len(m.text) && wrongBytes(head, m.text) <= markWrong {
			return m.kind
		}
		if len(head) >= markCut && strings.HasPrefix(m.text, string(head)) {
			return m.kind
		}
	}
	members := 0
	for _, name := range receiptMembers {
		if bytes.Contains(head, []byte(name)) {
			members++
		}
	}
	if members >= len(receiptMembers)-1 {
		return aReceipt
	}
	return unknown
}

// wrongBytes counts in how many bytes a file that is long enough departs from a
// mark.
func wrongBytes(head []byte, mark string) (n int) {
	for i := range len(mark) {
		if head[i] != mark[i] {
			n++
		}
	}
	return n
}

// kindOfFile tells what a file is. A folder is no file.
func kindOfFile(name string) (fileKind, error) {
	info, err := os.Stat(name)
	switch {
	case err != nil || info.IsDir():
		return noFile, nil
	case !info.Mode().IsRegular():
		return noFile, refused{fmt.Errorf("%s is no regular file: it is read more than once, write it to a file first", name)}
	}
	f, err := os.Open(name)
	if err != nil {
		return noFile, cannot("read", name, err)
	}
	defer f.Close()
	head, err := io.ReadAll(io.LimitReader(f, headBytes))
	if err != nil {
		return noFile, cannot("read", name, err)
	}
	return kindOf(head), nil
}

// mustBe gives the kind of a file, which must be one of those wanted.
func mustBe(name string, wanted ...fileKind) (fileKind, error) {
	kind, err := kindOfFile(name)
	if err != nil {
		return noFile, err
	}
	for _, want := range wanted {
		if kind == want {
			return kind, nil
		}
	}
	if kind == noFile {
		_, err := os.ReadFile(name) // says why there is none
		return noFile, cannot("read", name, err)
	}
	return noFile, notThis(name, kind, wanted...)
}

// readKind reads a file, which must be of a kind.
func readKind(name string, wanted fileKind) ([]byte, error) {
	if _, err := mustBe(name, wanted); err != nil {
		return nil, err
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, cannot("read", name, err)
	}
	return data, nil
}

// notThis refuses a file of another kind.
func notThis(name string, kind fileKind, wanted ...fileKind) error {
	texts := make([]string, len(wanted))
	for i, want := range wanted {
		texts[i] = string(want)
	}
	needs := strings.Join(texts, " or ")
	if kind == unknown {
		return refused{fmt.Errorf("%s is nothing that was written by Tenderbook to be checked, needs %s", name, needs)}
	}
	return refused{fmt.Errorf("%s is %s, needs %s", name, kind, needs)}
}

// nothingOfOurs refuses what no kind of file begins with.
func nothingOfOurs(name string) error {
	return refused{fmt.Errorf("%s is nothing that was written by Tenderbook to be checked, needs a result, a receipt, a checkpoint, a consistency proof or a bundle\n"+
		"    an offer file is judged by \"tender check\", a book by \"tender allocate\"", name)}
}
