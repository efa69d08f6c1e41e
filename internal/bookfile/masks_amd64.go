package bookfile

// masksOf is [masksInWords] for 16 bytes at a time, as every amd64 processor can.
// buf holds 64 bytes for each mask.
func masksOf(masks []uint64, buf []byte) {
	if len(masks) > 0 {
		_ = buf[64*len(masks)-1]
		masksOf16(masks, &buf[0])
	}
}

//go:noescape
func masksOf16(masks []uint64, from *byte)
