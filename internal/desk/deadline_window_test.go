package desk_test

import (
	"math/rand/v2"
	"sync"
	"time"
)

// A window is a clock that goes from 5 ms before the deadline to 5 ms after it
// while it is asked, and stands at its nanosecond for a while.
type window struct {
	mu     sync.Mutex
	random *rand.Rand
	now    time.Time
	latest time.Time
	stand  int  // how often it is asked still before it goes on
	jumps  bool // whether it goes back now and then
}

const half = 5 * time.Millisecond

// beside are the instants at which the window stands.
var beside = []time.Duration{-1, 0, 1}

func (w *window) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.now
	w.goOn()
	if w.jumps && w.stand == 0 && w.random.IntN(40) == 0 {
		return now.Add(-time.Duration(w.random.Int64N(int64(half))))
	}
	if now.After(w.latest) {
		w.latest = now
	}
	return now
}

func (w *window) goOn() {
	if w.stand > 0 {
		w.stand--
		return
	}
	next := w.now.Add(time.Duration(w.random.Int64N(int64(4*half) / (clients * each))))
	for _, d := range beside {
		if at := end.Add(d); w.now.Before(at) && !next.Before(at) {
			next, w.stand = at, 3
			break
		}
	}
	if next.After(end.Add(half)) {
		next = end.Add(half)
	}
	w.now = next
}

// peek is the latest time that anybody was told.
func (w *window) peek() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.latest
}

func (w *window) set(at time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now, w.latest, w.stand = at, at, 0
}

// stopAt sets the clock to where it stands before a race: it does not move.
func (w *window) stopAt(at time.Time) { w.set(at); w.stand = 1 << 30 }
