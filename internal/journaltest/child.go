package journaltest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"tenderbook/internal/desk"
	"tenderbook/journal"
)

// A Child is a process of its own that appends to a store until it is killed,
// and prints a line for each receipt once it has it. Clients number their
// commands; after a kill the next child goes on where the receipts end, so that
// commands whose outcome is unknown are sent again under the same key.
type Child struct {
	Where string // path or URL of the store
	Name  string // of the process; part of the actors' names
	Next  []int  // the number of each client's next command
	Stop  int    // a client ends before this command; 0: never
	Limit int    // bytes of the largest body
	Dies  int    // it kills itself where it would print this receipt; 0: it does not
}

const childVariable = "JOURNALTEST_CHILD"

// childOffer is the one offer that all children append to.
const childOffer = "o"

// IsChild says whether this process was started by [Child.Command]. TestMain
// then opens the store that it names and calls [Child.Run].
func IsChild() (*Child, bool) {
	text, is := os.LookupEnv(childVariable)
	if !is {
		return nil, false
	}
	c := &Child{}
	var next string
	if _, err := fmt.Sscanf(text, "%q %q %q %d %d %d", &c.Where, &c.Name, &next, &c.Stop, &c.Limit, &c.Dies); err != nil {
		panic(fmt.Sprintf("%s=%q: %v", childVariable, text, err))
	}
	for n := range strings.SplitSeq(next, ",") {
		i, err := strconv.Atoi(n)
		if err != nil {
			panic(fmt.Sprintf("%s=%q: %v", childVariable, text, err))
		}
		c.Next = append(c.Next, i)
	}
	return c, true
}

// Command starts this test program as the child; before is a program that runs
// it, such as strace with its arguments.
func (c *Child) Command(before ...string) *exec.Cmd {
	args := append(slices.Clone(before), os.Args[0])
	cmd := exec.Command(args[0], args[1:]...)
	var next []string
	for _, n := range c.Next {
		next = append(next, strconv.Itoa(n))
	}
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%q %q %q %d %d %d", childVariable, c.Where, c.Name, strings.Join(next, ","), c.Stop, c.Limit, c.Dies))
	cmd.Stderr = os.Stderr
	return cmd
}

// Dying starts the child so that it kills itself when it would print its nth
// receipt.
func (c *Child) Dying(n int) *exec.Cmd {
	dying := *c
	dying.Dies = n
	return dying.Command()
}

// Run appends as the clients and prints what they are answered. It returns when
// every client has reached Stop or an error, which is printed too.
func (c *Child) Run(ctx context.Context, s desk.Journal, out io.Writer) {
	var mu sync.Mutex
	var receipts atomic.Int64
	say := func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		_, _ = out.Write(fmt.Appendf(nil, format+"\n", args...)) // one write a line, so that a kill leaves whole lines
	}
	callers(len(c.Next), func(client int) {
		for i := c.Next[client]; c.Stop == 0 || i < c.Stop; i++ {
			d := c.draft(client, i)
			r, err := s.Append(ctx, childOffer, d, c.draft(client, max(0, i-7))) // and an old one again
			if err != nil {
				say("error %s %d %q", d.Actor, i, err)
				return
			}
			if receipts.Add(1) == int64(c.Dies) {
				Die()
			}
			for k, number := range []int{i, max(0, i-7)} {
				say("ack %s %d %d %x", d.Actor, number, r[k].Seq, r[k].Hash)
			}
		}
	})
	n := 0
	err := s.Read(ctx, childOffer, 1, func(*journal.Entry) error { n++; return nil })
	say("read %d %q", n, fmt.Sprint(err))
}

// Die ends this process at once, as kill -9 does.
func Die() {
	if p, err := os.FindProcess(os.Getpid()); err == nil {
		_ = p.Kill()
	}
	select {} // until it strikes
}

func (c *Child) actor(client int) string { return fmt.Sprintf("%s%d", c.Name, client) }

// draft is the client's command of that number, always the same.
func (c *Child) draft(client, number int) journal.Draft {
	size := 20
	if c.Limit > 0 {
		size += (number*7919 + client*104729) % c.Limit
	}
	d := draft(c.actor(client), strconv.Itoa(number), "")
	d.Body = bytes.Repeat([]byte{byte(number), byte(client)}, size/2)
	return d
}

// An Ack is a receipt that a child printed.
type Ack struct {
	Actor  string
	Number int
	Seq    uint64
	Hash   [32]byte
}

// ParseAck reads a line of a child; other lines are not acks.
func ParseAck(line string) (a Ack, ok bool) {
	var hash string
	if n, _ := fmt.Sscanf(line, "ack %s %d %d %s", &a.Actor, &a.Number, &a.Seq, &hash); n != 4 {
		return a, false
	}
	b, err := hex.DecodeString(hash)
	if err != nil || len(b) != 32 {
		return a, false
	}
	a.Hash = [32]byte(b)
	return a, true
}

// Listen calls each for the lines of a child until it ends.
func Listen(r io.Reader, each func(line string)) error {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		each(lines.Text())
	}
	return lines.Err()
}

// Acks are the receipts of many children.
type Acks struct {
	all    map[string]map[int]Ack // by actor and number
	n      int                    // commands
	again  int                    // answers to commands that had one before
	differ int                    // of these, how many were another one
}

// Add notes a receipt. One that differs from an earlier one for the same command
// fails the test.
func (a *Acks) Add(t testing.TB, ack Ack) {
	t.Helper()
	if a.all == nil {
		a.all = map[string]map[int]Ack{}
	}
	if a.all[ack.Actor] == nil {
		a.all[ack.Actor] = map[int]Ack{}
	}
	before, twice := a.all[ack.Actor][ack.Number]
	switch {
	case !twice:
		a.n++
	case before == ack:
		a.again++
	default:
		a.again, a.differ = a.again+1, a.differ+1
		t.Errorf("two answers for one command: %v and %v", before, ack)
	}
	a.all[ack.Actor][ack.Number] = ack
}

// Len is how many commands have receipts.
func (a *Acks) Len() int { return a.n }

// Lost counts the receipts whose entry is not on record as they say.
func (a *Acks) Lost(entries []*journal.Entry) int {
	lost := 0
	for _, numbers := range a.all {
		for _, ack := range numbers {
			if ack.Seq == 0 || ack.Seq > uint64(len(entries)) {
				lost++
				continue
			}
			e := entries[ack.Seq-1]
			if e.Hash() != ack.Hash || e.Actor != ack.Actor || e.Key != strconv.Itoa(ack.Number) {
				lost++
			}
		}
	}
	return lost
}
