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
	idsAtOnce = 1 << 13
)

type idChunk [idsAChunk]uint64

// An idSet holds the hashes of the ids that one worker has seen.
//
// Hashes are sorted by part some thousands at a time, by counting, and then
// copied to the parts in runs: putting each hash where it belongs as its row is
// read takes three times as long, as hardly one of these places is near.
type idSet struct {
	fresh  [idsAtOnce]uint64 // not sorted yet
	n      int               // of fresh
	sorted [idsAtOnce]uint64
	full   [idParts][]*idChunk
	last   [idParts]*idChunk
	count  [idParts]int // in last
}

func (s *idSet) add(hash uint64) {
	if s.n == len(s.fresh) {
		s.sort()
	}
	s.fresh[s.n] = hash
	s.n++
}

// sort puts what is fresh into the parts.
func (s *idSet) sort() {
	var ends [idParts]int // of each part in sorted; first where it begins
	for _, h := range s.fresh[:s.n] {
		ends[h>>56]++
	}
	total := 0
	for part, n := range ends {
		ends[part] = total
		total += n
	}
	for _, h := range s.fresh[:s.n] {
		s.sorted[ends[h>>56]&(idsAtOnce-1)] = h
		ends[h>>56]++
	}
	from := 0
	for part, to := range ends {
		s.put(part, s.sorted[from:to])
		from = to
	}
	s.n = 0
}

// put appends hashes of one part to its chunks.
func (s *idSet) put(part int, hashes []uint64) {
	for len(hashes) > 0 {
		if s.last[part] == nil || s.count[part] == idsAChunk {
			s.nextChunk(part)
		}
		n := copy(s.last[part][s.count[part]:], hashes)
		s.count[part] += n
		hashes = hashes[n:]
	}
}

func (s *idSet) nextChunk(part int) {
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
	for _, s := range sets {
		s.sort()
	}
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
