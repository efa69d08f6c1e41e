package bookfile

import (
	"fmt"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// Each half of eight digits is made apart, so all halves are all there is.
func TestEightDigitsOfEveryHalf(t *testing.T) {
	for half := range uint32(10_000) {
		for _, v := range []uint32{half, half * 10_000, half*10_000 + 9_999 - half} {
			digits, want := eightDigits(v), fmt.Sprintf("%08d", v)
			for i := range 8 {
				if got := byte('0' + digits>>(8*i)&0xff); got != want[i] {
					t.Fatalf("digit %d of %s is %q", i+1, want, got)
				}
			}
		}
	}
}

func TestAppendDigitsWritesWhatStrconvDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Uint64().Draw(t, "number") >> rapid.IntRange(0, 63).Draw(t, "shorter by")
		room := rapid.IntRange(0, 40).Draw(t, "room")
		got := string(appendDigits(make([]byte, 0, room), v))
		if want := strconv.FormatUint(v, 10); got != want {
			t.Fatalf("with room for %d: got %s, want %s", room, got, want)
		}
	})
}

func TestAppendMinor(t *testing.T) {
	for _, c := range []struct {
		minor  int64
		digits int
		want   string
	}{
		{0, 2, "0.00"},
		{7, 2, "0.07"},
		{-1234567, 2, "-12345.67"},
		{99_999_999_99, 2, "99999999.99"},
		{100_000_000_00, 2, "100000000.00"},
		{1<<62 - 1, 2, "46116860184273879.03"},
		{1500, 0, "1500"},
		{1500, 3, "1.500"},
		{90001, 4, "9.0001"},
	} {
		if got := string(appendMinor(make([]byte, 0, 64), c.minor, c.digits)); got != c.want {
			t.Errorf("%d with %d decimals is %s, want %s", c.minor, c.digits, got, c.want)
		}
	}
}

func BenchmarkAppendMinor(b *testing.B) {
	out := make([]byte, 0, 64)
	for i := 0; b.Loop(); i++ {
		out = appendMinor(out[:0], int64(i)*7919%100_000_000, 2)
	}
}
