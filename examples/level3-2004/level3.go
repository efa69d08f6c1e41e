// Package level3 is Level 3's cash tender offers of 2004 as files: the offer,
// its amendment, a made-up book that adds up to what was published.
package level3

import _ "embed"

// Offer is offer.yaml: the terms as announced on 29 October 2004.
//
//go:embed offer.yaml
var Offer []byte

// Amendment is amendment-2004-11-17.yaml: the cap raised to 1,105,000,000.
//
//go:embed amendment-2004-11-17.yaml
var Amendment []byte

// Book is book.csv: instructions that are invented but for their totals.
//
//go:embed book.csv
var Book []byte
