//go:build race

package reference

// defaultOffers is fewer under the race detector, which is about eight times
// slower; everything listed is still reached.
const defaultOffers = 5_000
