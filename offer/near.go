package offer

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// quote shows what was typed, cut to a length that fits a line.
func quote(s string) string {
	const longest = 80
	if r := []rune(s); len(r) > longest {
		return fmt.Sprintf("%q", string(r[:longest])+"...")
	}
	return fmt.Sprintf("%q", s)
}

// Nearest is the known word that a misspelt one most likely stands for, or ""
// if none is near: at most a third of its letters wrong, and at least one. What
// is read beside an offer, such as a book or a command line, suggests by it too.
func Nearest(word string, known []string) string {
	plain := func(s string) string {
		return strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(s))
	}
	best, least := "", max(len(word)/3, 1)+1
	for _, k := range known {
		if d := distance(plain(word), plain(k)); d < least {
			best, least = k, d
		}
	}
	return best
}

// distance counts the letters to add, take out, change or swap with their
// neighbour to get from a to b (optimal string alignment).
func distance(a, b string) int {
	before, row := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next := make([]int, len(b)+1)
		next[0] = i
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			next[j] = min(row[j]+1, next[j-1]+1, row[j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, row = row, next
	}
	return row[len(b)]
}

func didYouMean(word string, known []string) string {
	if k := Nearest(word, known); k != "" {
		return fmt.Sprintf("did you mean %q?", k)
	}
	return ""
}

// oneOf lists words for a problem: "a", "b" or "c".
func oneOf(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = fmt.Sprintf("%q", w)
	}
	return joined(quoted, "or")
}

func joined(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	n := len(words) - 1
	return strings.Join(words[:n], ", ") + " " + last + " " + words[n]
}

func indexOf[T any](all []T, match func(*T) bool) int {
	for i := range all {
		if match(&all[i]) {
			return i
		}
	}
	return -1
}

func sortedKeys[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}
