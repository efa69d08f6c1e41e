package desk_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
	"time"

	"tenderbook/book"
	"tenderbook/internal/desk"
	"tenderbook/internal/journaltest"
)

// moments is how often the clock jumps, and restartEvery how often the store is
// closed and opened in between.
const moments, restartEvery = 1000 / underRace, 40

// jump is by how much the wall clock jumps before a moment: an hour and a day, to
// and fro, so that the time on record gains 36 seconds in five moments; later fro
// and to, so that the wall clock goes back over the deadline again and again.
func jump(moment int) time.Duration {
	jumps := [...]time.Duration{-time.Hour, time.Hour, -24 * time.Hour, 24 * time.Hour, underRace * 36 * time.Second}
	if moment >= moments*3/4 {
		jumps = [...]time.Duration{time.Hour, -time.Hour, 24 * time.Hour, -24 * time.Hour, underRace * 36 * time.Second}
	}
	return jumps[moment%len(jumps)]
}

// A jumping is an offer whose clock jumps, with what was answered so far.
type jumping struct {
	*testing.T
	at    place
	wall  time.Time
	store journaltest.Store
	desk  *desk.Desk
	first []desk.Answer
}

func (j *jumping) now() time.Time { return j.wall }

// open opens the store, again or for the first time, with a desk that knows
// nothing.
func (j *jumping) open() {
	j.Helper()
	if j.store != nil {
		if err := j.store.(io.Closer).Close(); err != nil {
			j.Fatal(err)
		}
	}
	j.store = j.at(j.T, j.now)
	j.desk = desk.Open(j.store)
}

// ask sends the command of a moment.
func (j *jumping) ask(moment int) desk.Answer {
	j.Helper()
	a, err := j.desk.Do(j.Context(), id, "ann", fmt.Sprint("moment ", moment), tender(fmt.Sprint("T", moment), 1000_00))
	if err != nil {
		j.Fatal(err)
	}
	return a
}

// repeated asks again what was asked at a moment.
func (j *jumping) repeated(moment int) {
	j.Helper()
	was, is := j.first[moment], j.ask(moment)
	if !is.Receipt.Existing || is.Receipt.Seq != was.Receipt.Seq || is.Receipt.Hash != was.Receipt.Hash || !is.Receipt.At.Equal(was.Receipt.At) || codeOf(is) != codeOf(was) {
		j.Fatalf("moment %d was answered %+v, and is answered %+v", moment, was, is)
	}
}

// unchanged holds what is on record to all that was answered.
func (j *jumping) unchanged() {
	j.Helper()
	lives := map[book.Code]book.Life{book.Taken: book.Received, book.Late: book.LateReceived}
	err := j.desk.View(j.Context(), id, func(s *book.State) error {
		for moment, was := range j.first {
			x, _ := s.Instruction(fmt.Sprint("T", moment))
			if x.Life != lives[codeOf(was)] || !x.Received.Equal(was.Receipt.At) {
				j.Fatalf("moment %d was answered %s, received %s; the tender is %s, received %s", moment, codeOf(was), was.Receipt.At, x.Life, x.Received)
			}
		}
		return nil
	})
	if err != nil {
		j.Fatal(err)
	}
}

func (j *jumping) digest() (sum [32]byte) {
	j.Helper()
	if err := j.desk.View(j.Context(), id, func(s *book.State) error { sum = s.Digest(); return nil }); err != nil {
		j.Fatal(err)
	}
	return sum
}

// TestClockJumps is reliability goal H8: the wall clock jumps by an hour and a
// day at 1,000 moments around a deadline, and the store is closed and opened in
// between. Receipt times never go back, each tender is judged by its own, and no
// earlier decision changes.
func TestClockJumps(t *testing.T) {
	onEachStore(t, func(t *testing.T, fresh func(testing.TB) place) {
		j := &jumping{T: t, at: fresh(t)}
		j.open()
		c := &clock{}
		people(t, desk.Open(j.at(t, c.Now)), id, c)
		random := rand.New(rand.NewPCG(8, 9))
		j.wall = end.Add(-time.Hour)
		last, late, tooEarlyAgain, restarts := j.wall.AddDate(0, -1, 0), 0, 0, 0
		for moment := range moments {
			j.wall = j.wall.Add(jump(moment))
			if moment%restartEvery == restartEvery-1 {
				before := j.digest()
				j.open()
				restarts++
				j.unchanged()
				if j.digest() != before {
					t.Fatalf("moment %d: the state is another after opening anew", moment)
				}
			}
			a := j.ask(moment)
			want := j.wall
			if want.Before(last) {
				want = last
			}
			inTime := deadline{end, true}.met(want)
			if moment > 0 && !a.Receipt.At.Equal(want) || (codeOf(a) == book.Taken) != inTime {
				t.Fatalf("moment %d, the wall clock at %s, after a receipt of %s: received %s, %s", moment, j.wall, last, a.Receipt.At, codeOf(a))
			}
			last = a.Receipt.At
			j.first = append(j.first, a)
			if !inTime {
				late++
				if j.wall.Before(end) {
					tooEarlyAgain++
				}
			}
			if moment%4 == 0 {
				j.repeated(random.IntN(len(j.first)))
			}
		}
		j.open()
		j.unchanged()
		if late < moments/10 || late > moments*9/10 || tooEarlyAgain == 0 {
			t.Errorf("the jumps prove nothing: %d late, %d of them while the wall clock stood before the deadline", late, tooEarlyAgain)
		}
		t.Logf("H8: %d jumps of the clock by an hour or a day, %d restarts: receipt times never back, 0 decisions changed, %d late, %d of them while the wall clock stood before the deadline again",
			moments, restarts, late, tooEarlyAgain)
	})
}
