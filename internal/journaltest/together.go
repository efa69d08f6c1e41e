package journaltest

import "testing"

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
