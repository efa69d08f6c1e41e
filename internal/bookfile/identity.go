package bookfile

import (
	"sync"
	"sync/atomic"
)

// Ids are kept as 64-bit hashes only, parted by their 8 highest bits, so that
// each part fits the processor's cache when it is searched for equal ones.
const (
	idParts   = 256
	idsAChunk = 512
)

type idChunk [idsAChunk]uint64

// An idSet holds the hashes of the ids that one worker has seen.
type idSet struct {
	full  [idParts][]*idChunk
	last  [idParts]*idChunk
	count [idParts]int // in last
}

func (s *idSet) add(hash uint64) {
	part := hash >> 56
	if s.last[part] == nil || s.count[part] == idsAChunk {
		s.nextChunk(part)
	}
	s.last[part][s.count[part]] = hash
	s.count[part]++
}

func (s *idSet) nextChunk(part uint64) {
	if s.last[part] != nil {
		s.full[part] = append(s.full[part], s.last[part])
	}
	s.last[part], s.count[part] = new(idChunk), 0
}

// each calls f with the hashes of one part.
func (s *idSet) each(part int, f func([]uint64)) {
	for _, chunk := range s.full[part] {
		f(chunk[:])
	}
	if s.last[part] != nil {
		f(s.last[part][:s.count[part]])
	}
}

func (s *idSet) size(part int) int { return len(s.full[part])*idsAChunk + s.count[part] }

// twice finds the hashes that the sets hold more than once. The rows they come
// from may still have different ids.
func twice(sets []*idSet, workers int) map[uint64]bool {
	var (
		found = map[uint64]bool{}
		mu    sync.Mutex
		next  atomic.Int64
		wg    sync.WaitGroup
	)
	for range workers {
		wg.Go(func() {
			var table []uint64
			for part := int(next.Add(1)) - 1; part < idParts; part = int(next.Add(1)) - 1 {
				var again []uint64
				table, again = twiceInPart(sets, part, table)
				mu.Lock()
				for _, h := range again {
					found[h] = true
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return found
}

// twiceInPart uses table's memory for an open-addressing set, and gives it back.
func twiceInPart(sets []*idSet, part int, table []uint64) (_, again []uint64) {
	total, zeros := 0, 0
	for _, s := range sets {
		total += s.size(part)
	}
	size := 64
	for size < 2*total {
		size *= 2
	}
	if cap(table) < size {
		table = make([]uint64, size)
	}
	table = table[:size]
	clear(table)
	mask := uint64(size - 1)
	for _, s := range sets {
		s.each(part, func(hashes []uint64) {
			for _, h := range hashes {
				if h == 0 { // 0 marks a free place
					if zeros++; zeros > 1 {
						again = append(again, 0)
					}
					continue
				}
				at := h & mask
				for table[at] != 0 && table[at] != h {
					at = (at + 1) & mask
				}
				if table[at] == h {
					again = append(again, h)
				}
				table[at] = h
			}
		})
	}
	return table, again
}
