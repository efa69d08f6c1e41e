package journaltest

import (
	"math/rand/v2"
	"testing"
	"time"
)

// Kill kills children that append at random moments, as many times as told, and
// starts the next one each time; between runs after each kill. In the end all
// that was acknowledged must be on record, and nothing twice.
func Kill(t *testing.T, where string, kills int, between func(kill int), open func() Store) {
	t.Helper()
	random := rand.New(rand.NewPCG(uint64(kills), 4)) // moments are the machine's anyway
	child := &Child{Where: where, Name: "c", Next: make([]int, 8), Limit: 3000}
	var acks Acks
	for kill := range kills {
		before := acks.Len()
		killOnce(t, child, &acks, time.Duration(random.Int64N(int64(40*time.Millisecond))))
		if acks.Len() == before {
			t.Fatalf("kill %d: the child acknowledged nothing before it", kill)
		}
		between(kill)
	}
	s := open()
	entries := Check(t, s, childOffer)
	if lost := acks.Lost(entries); lost > 0 {
		t.Errorf("%d of %d acknowledged commands are lost", lost, acks.Len())
	}
	// Each client asks once more for what it last sent, whose outcome it does
	// not know: it is on record once, whatever became of it.
	for client, next := range child.Next {
		d := child.draft(client, next)
		first := mustAppend(t, s, childOffer, d)[0]
		if again := mustAppend(t, s, childOffer, d)[0]; !again.Existing || again.Seq != first.Seq {
			t.Errorf("client %d: command %d has entries %d and %d", client, next, first.Seq, again.Seq)
		}
	}
	t.Logf("H1: %d kills, %d acknowledged, %d on record, 0 lost, 0 doubled", kills, acks.Len(), len(Check(t, s, childOffer)))
}

// killOnce runs the child until a while after its first receipt.
func killOnce(t *testing.T, child *Child, acks *Acks, after time.Duration) {
	t.Helper()
	cmd := child.Command()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	armed := false
	err = Listen(out, func(line string) {
		ack, ok := ParseAck(line)
		if !ok {
			t.Errorf("the child says %q", line)
			return
		}
		acks.Add(t, ack)
		for client := range child.Next {
			if child.actor(client) == ack.Actor {
				child.Next[client] = max(child.Next[client], ack.Number+1)
			}
		}
		if !armed {
			armed = true
			time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
		}
	})
	if err != nil {
		t.Error(err)
	}
	_ = cmd.Wait() // killed
}

// Together runs several processes on one store at the same time, each with
// several clients for the same offer, until each has sent its commands. The entries
// must pass from one process to another at least as often as turns says.
func Together(t *testing.T, where string, processes, commands, turns int, open func() Store) {
	t.Helper()
	lines := make([][]string, processes)
	callers(processes, func(p int) {
		child := &Child{Where: where, Name: string(rune('a' + p)), Next: make([]int, 6), Stop: commands, Limit: 300}
		cmd := child.Command()
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Error(err)
			return
		}
		if err := cmd.Start(); err != nil {
			t.Error(err)
			return
		}
		if err := Listen(out, func(line string) { lines[p] = append(lines[p], line) }); err != nil {
			t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("process %d: %v", p, err)
		}
	})
	var acks Acks
	for _, of := range lines {
		for _, line := range of {
			if ack, ok := ParseAck(line); ok {
				acks.Add(t, ack)
			} else if len(line) < 4 || line[:4] != "read" {
				t.Errorf("a process says %q", line)
			}
		}
	}
	s := open()
	entries := Check(t, s, childOffer)
	want := processes * 6 * commands
	if acks.Len() != want || len(entries) != want || acks.Lost(entries) > 0 {
		t.Errorf("%d acknowledged, %d on record, %d lost; want %d, %d and 0", acks.Len(), len(entries), acks.Lost(entries), want, want)
	}
	took := 0
	for i := 1; i < len(entries); i++ {
		if entries[i].Actor[0] != entries[i-1].Actor[0] {
			took++
		}
	}
	if took < turns {
		t.Errorf("the processes took turns %d times only: they did not run at the same time", took)
	}
	t.Logf("%d processes, %d entries, one order, no gap; the next entry came from another process %d times", processes, len(entries), took)
}
