package bookfile

import "bytes"

// A spreadsheet runs a cell that begins with one of these as a formula (ASVS
// 1.2.10). In what this package writes, text that begins so is put behind a
// single quote, which is not part of the value: it is taken off again when such
// a file is read. Plain numbers, such as -12.50, stay as they are.
var runsAsFormula = [256]bool{'=': true, '+': true, '-': true, '@': true, '\t': true, '\r': true}

// unguard takes the single quote off text that was put behind one. What does
// not need one keeps it, so that guarding the result gives the text again.
func unguard(text []byte) []byte {
	if len(text) > 1 && text[0] == '\'' && guarded(text[1:]) {
		return text[1:]
	}
	return text
}

// guarded reports whether text must be put behind a single quote.
func guarded(text []byte) bool {
	return len(text) > 0 && runsAsFormula[text[0]] && !plainNumber(text)
}

func plainNumber(text []byte) bool {
	if text[0] == '-' || text[0] == '+' {
		text = text[1:]
	}
	digits, point := 0, 0
	for _, c := range text {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c == '.':
			point++
		default:
			return false
		}
	}
	return digits > 0 && point <= 1
}

// appendField writes text as a CSV field, guarded and in quotes where needed.
func appendField(out, text []byte) []byte {
	guard := guarded(text)
	if bytes.IndexByte(text, '"') < 0 && bytes.IndexByte(text, ',') < 0 &&
		bytes.IndexByte(text, '\n') < 0 && bytes.IndexByte(text, '\r') < 0 {
		if guard {
			out = append(out, '\'')
		}
		return append(out, text...)
	}
	out = append(out, '"')
	if guard {
		out = append(out, '\'')
	}
	for _, c := range text {
		if c == '"' {
			out = append(out, '"')
		}
		out = append(out, c)
	}
	return append(out, '"')
}
