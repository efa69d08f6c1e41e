//go:build !race

package reference

const defaultOffers = 20_000
