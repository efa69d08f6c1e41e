package journaltest

import (
	"errors"
	"math/rand/v2"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Kill kills children that append at random moments, as many times as told, and
// starts the next one each time; between runs after each kill. In the end all
// that was acknowledged must be on record, and nothing twice.
func Kill(t *testing.T, where string, kills int, between func(kill int), open func() Store) {
	t.Helper()
	random := rand.New(rand.NewPCG(uint64(kills), 4)) // moments are the machine's anyway
	v := newVictim(where)
	for kill := range kills {
		before := v.acks.Len()
		after := time.Duration(random.Int64N(int64(40 * time.Millisecond)))
		v.run(t, v.Command(), func(kill func()) { time.AfterFunc(after, kill) })
		if v.acks.Len() == before {
			t.Fatalf("kill %d: the child acknowledged nothing before it", kill)
		}
		between(kill)
	}
	v.settle(t, kills, open)
}

// A Point is a place that a process passes, where it can be killed: on a
// command's way to the disk and back, or while a store is opened.
type Point struct {
	Name  string
	Among int  // it is killed when it comes there for a time between the first and this one
	Clean bool // the store is closed before, so that opening it finds nothing to recover
	// Command is the child, to be killed when it comes there for the nth time.
	Command func(child *Child, n int) *exec.Cmd
	// Struck, where it is not the child that is killed, says when the child has
	// ended whether anything was.
	Struck func() bool
}

// KillAt is [Kill] at points rather than moments: a child is killed as many times
// as told at each.
func KillAt(t *testing.T, where string, points []Point, times int, open func() Store) {
	t.Helper()
	random := rand.New(rand.NewPCG(uint64(times), 6))
	v, kills := newVictim(where), 0
	for _, p := range points {
		reached := 0
		for range 4 * times { // a child may end before it comes there for the nth time
			if reached == times {
				break
			}
			if v.at(t, p, 1+random.IntN(p.Among)) {
				reached++
			}
		}
		if reached < times {
			t.Errorf("%s: killed there %d times, want %d", p.Name, reached, times)
		}
		t.Logf("H1: killed %d times: %s", reached, p.Name)
		kills += reached
	}
	v.settle(t, kills, open)
}

// A victim is a child that is killed again and again, with all that it was
// answered.
type victim struct {
	*Child
	refused bool // it may be told that a command failed or that its outcome is unknown
	acks    Acks
	failed  int // how often it was
}

// newVictim makes the child of a store; it has 8 clients.
func newVictim(where string) *victim {
	return &victim{Child: &Child{Where: where, Name: "c", Next: make([]int, 8), Limit: 3000}}
}

// at runs the child and says whether it, or what the point names, was killed when
// it came there for the nth time.
func (v *victim) at(t *testing.T, p Point, n int) bool {
	t.Helper()
	if p.Clean {
		v.Stop = -1
		v.run(t, v.Command(), nil)
	}
	v.Stop, v.refused = slices.Max(v.Next)+80, p.Struck != nil
	killed := v.run(t, p.Command(v.Child, n), nil)
	if p.Struck != nil {
		return p.Struck()
	}
	return killed
}

// run runs the child to its end and says whether that was a kill. If armed is
// not nil it is called once, at the first line, with what kills the child.
func (v *victim) run(t *testing.T, cmd *exec.Cmd, armed func(kill func())) (killed bool) {
	t.Helper()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	err = Listen(out, func(line string) {
		v.hear(t, line)
		if armed != nil {
			armed(func() { _ = cmd.Process.Kill() })
			armed = nil
		}
	})
	if err != nil {
		t.Error(err)
	}
	var exit *exec.ExitError
	if !errors.As(cmd.Wait(), &exit) {
		return false
	}
	status, is := exit.Sys().(syscall.WaitStatus)
	return is && status.Signaled() && status.Signal() == syscall.SIGKILL
}

// hear takes a line of the child.
func (v *victim) hear(t *testing.T, line string) {
	t.Helper()
	ack, ok := ParseAck(line)
	switch {
	case ok:
	case strings.HasPrefix(line, "error ") && v.refused:
		v.failed++
		return
	case strings.HasPrefix(line, "read ") && v.Stop != 0:
		return
	default:
		t.Errorf("the child says %q", line)
		return
	}
	v.acks.Add(t, ack)
	for client := range v.Next {
		if v.actor(client) == ack.Actor {
			v.Next[client] = max(v.Next[client], ack.Number+1)
		}
	}
}

// settle holds the store to what the child was answered: nothing acknowledged is
// lost, nothing is there twice, and no command had two answers.
func (v *victim) settle(t *testing.T, kills int, open func() Store) {
	t.Helper()
	s := open()
	if lost := v.acks.Lost(Check(t, s, childOffer)); lost > 0 {
		t.Errorf("%d of %d acknowledged commands are lost", lost, v.acks.Len())
	}
	// Each client asks once more for what it last sent, whose outcome it does
	// not know: it is on record once, whatever became of it.
	for client, next := range v.Next {
		d := v.draft(client, next)
		first := mustAppend(t, s, childOffer, d)[0]
		if again := mustAppend(t, s, childOffer, d)[0]; !again.Existing || again.Seq != first.Seq {
			t.Errorf("client %d: command %d has entries %d and %d", client, next, first.Seq, again.Seq)
		}
	}
	t.Logf("H1: %d kills, %d acknowledged, %d on record, 0 lost, 0 doubled; %d asked for again, %d answered differently; %d answers other than a receipt",
		kills, v.acks.Len(), len(Check(t, s, childOffer)), v.acks.again, v.acks.differ, v.failed)
}
