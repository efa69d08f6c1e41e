package proof

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"tenderbook/journal"
)

// Both files are JSON that ends with the SHA-256 of all that stands before it:
//
//	...,
//	 "sha256": "5f0c..."
//	}
//
// A broken copy shows without any further check, and the digest of a result is
// what rows, journals and announcements name it by.
const (
	closing    = ",\n \"sha256\": \""
	closingEnd = "\"\n}\n"
)

// seal writes a value as a file and gives the digest it ends with.
func seal(v any) ([]byte, Hash, error) {
	body, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return nil, Hash{}, err
	}
	body = bytes.TrimSuffix(body, []byte("\n}"))
	digest := Hash(sha256.Sum256(body))
	return append(body, closing+digest.String()+closingEnd...), digest, nil
}

// newestFormat is the number of the newest format of results and rows.
const newestFormat = 2

// unseal reads what seal writes and nothing else. The kind is what formats begin
// with.
func unseal(file []byte, kind string, v any) (Hash, error) {
	end := len(file) - len(closing) - 64 - len(closingEnd)
	if end < 0 || string(file[end:end+len(closing)]) != closing || string(file[len(file)-len(closingEnd):]) != closingEnd {
		return Hash{}, errors.New("the file does not end with its checksum: it was cut off or changed")
	}
	var stated Hash
	if err := stated.UnmarshalText(file[end+len(closing) : end+len(closing)+64]); err != nil {
		return Hash{}, err
	}
	if got := Hash(sha256.Sum256(file[:end])); got != stated {
		return Hash{}, fmt.Errorf("the file was changed: its checksum is %s, needs %s", got, stated)
	}
	body := append(bytes.Clone(file[:end]), "\n}"...)
	if err := checkFormat(body, kind); err != nil {
		return Hash{}, err
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return Hash{}, err
	}
	if again, _, err := seal(v); err != nil || !bytes.Equal(again, file) {
		return Hash{}, errors.New("the file is not in the one form that it has")
	}
	return stated, nil
}

// checkFormat refuses other formats than this version knows.
func checkFormat(body []byte, kind string) error {
	var head struct{ Format string }
	if err := json.Unmarshal(body, &head); err != nil {
		return err
	}
	number, ok := strings.CutPrefix(head.Format, kind)
	n, err := strconv.Atoi(number)
	switch {
	case !ok || err != nil || n < 1:
		return fmt.Errorf("format %q, needs %q", head.Format, kind+"1")
	case n > newestFormat:
		return fmt.Errorf("format %q: %w", head.Format, journal.ErrNewer)
	}
	return nil
}

// Encode gives the file of a result, and sets its checksum.
func (r *Result) Encode() ([]byte, error) {
	file, digest, err := seal(r)
	r.Checksum = digest
	return file, err
}

// ParseResult reads the file of a result. It does not check the figures: see
// [Result.Check].
func ParseResult(file []byte) (*Result, error) {
	var r Result
	digest, err := unseal(file, "tenderbook result ", &r)
	if err != nil {
		return nil, fmt.Errorf("result: %w", err)
	}
	r.Checksum = digest
	return &r, nil
}

// Encode gives the file of a row.
func (r *Row) Encode() ([]byte, error) {
	file, _, err := seal(r)
	return file, err
}

// ParseRow reads the file of a row. It does not check it: see [Result.CheckRow].
func ParseRow(file []byte) (*Row, error) {
	var r Row
	if _, err := unseal(file, "tenderbook row ", &r); err != nil {
		return nil, fmt.Errorf("row: %w", err)
	}
	return &r, nil
}
