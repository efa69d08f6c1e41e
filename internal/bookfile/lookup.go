package bookfile

import (
	"context"
	"hash/maphash"
)

// A sighting is a row whose id was looked for.
type sighting struct {
	block       *block
	row         int   // in the block
	line        int64 // in the block
	at, length  int64 // in the book
	id          string
	participant string
	facts       facts
	good        bool // the row could be read
}

// lookUp reads the book again and finds the rows whose ids have one of the
// hashes, in the order of the book.
func (j *job) lookUp(ctx context.Context, wanted map[uint64]bool) (map[uint64][]sighting, error) {
	var sieve [1 << 10]uint64 // a bit for each value of 16 bits of a hash
	for h := range wanted {
		sieve[h>>54] |= 1 << (h >> 48 & 63)
	}
	inBlock := make([][]sighting, len(j.blocks))
	index := make(map[*block]int, len(j.blocks))
	for i, b := range j.blocks {
		index[b] = i
	}
	err := j.parallel(ctx, j.opts.workers, func(int) func(*block) error {
		rows, reader := j.newRows(), j.newReader()
		return func(b *block) error {
			again := *b
			var found []sighting
			err := rows.each(&again, true, func(r *row) error {
				if r.why != noFlaw || len(r.ends) != j.layout.fields {
					return nil
				}
				id := unguard(r.field(j.layout.at[colInstruction]))
				h := maphash.Bytes(j.seed, id)
				if sieve[h>>54]>>(h>>48&63)&1 == 1 && wanted[h] {
					found = append(found, reader.sight(b, r))
				}
				return nil
			})
			if err == nil && again.rows != b.rows {
				err = ErrChanged
			}
			inBlock[index[b]] = found
			return err
		}
	})
	if err != nil {
		return nil, err
	}
	sightings := map[uint64][]sighting{}
	for _, found := range inBlock {
		for _, s := range found {
			h := maphash.String(j.seed, s.id)
			sightings[h] = append(sightings[h], s)
		}
	}
	return sightings, nil
}

func (r *reader) sight(b *block, at *row) sighting {
	s := sighting{block: b, row: at.index, line: at.line, at: at.at, length: at.next - at.at}
	s.good = r.read(&at.view, &s.facts)
	s.id, s.facts.id = string(unguard(at.field(r.layout.at[colInstruction]))), nil
	s.participant = string(unguard(at.field(r.layout.at[colParticipant])))
	return s
}

// loner makes the row that was seen stand by itself, and takes it out of its
// class. It is nil for a row that was refused.
func (j *job) lonerOf(s *sighting) *loner {
	b := s.block
	ref := b.refs[s.row]
	switch {
	case ref == refRefused:
		return nil
	case ref&refAlone != 0:
		return &b.loners[ref&^refAlone]
	}
	j.workers[b.worker].classes.uncount(ref)
	x := loner{
		facts: s.facts, row: s.row, line: s.line, at: s.at, length: s.length,
		id: s.id, participant: s.participant, left: s.facts.principal,
	}
	x.timing, x.standing = j.stand(x.series, x.received)
	b.refs[s.row] = refAlone | uint32(len(b.loners))
	b.loners = append(b.loners, x)
	return &b.loners[len(b.loners)-1]
}

// refuseRow refuses a row that was good by itself.
func (j *job) refuseRow(s *sighting, p Problem) {
	b := s.block
	p.Line = b.firstLine + s.line
	for i := range b.refused {
		if b.refused[i].row == s.row {
			b.refused[i].Problems = append(b.refused[i].Problems, p)
			return
		}
	}
	if x := j.lonerOf(s); x != nil {
		x.refused = true
		if x.isTender() && x.standing == counts {
			j.participation.tender(x.series, x.received, x.principal, -1)
		}
	}
	b.refs[s.row] = refRefused
	b.refused = append(b.refused, RefusedRow{Line: p.Line, Problems: []Problem{p}, row: s.row, at: s.at, length: s.length})
}
