//go:build !amd64

package bookfile

func masksOf(masks []uint64, buf []byte) { masksInWords(masks, buf) }
