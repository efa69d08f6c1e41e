package groupcommit_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tenderbook/internal/groupcommit"
	"tenderbook/journal"
)

func draft(key string, size int) journal.Draft {
	return journal.Draft{Kind: journal.KindNote, Actor: "ann", Key: key, Body: make([]byte, size)}
}

// A gate is a commit that waits to be let through.
type gate struct {
	open   chan struct{}
	groups chan []*groupcommit.Request // those at the gate
}

func newGate() *gate {
	return &gate{make(chan struct{}), make(chan []*groupcommit.Request, 100)}
}

func (g *gate) commit(group []*groupcommit.Request) (answer func()) {
	g.groups <- group
	<-g.open
	return func() {
		for _, r := range group {
			r.Answer(make([]journal.Receipt, len(r.Drafts)), nil)
		}
	}
}

func TestThoseWhoComeDuringACommitShareTheNext(t *testing.T) {
	g := newGate()
	l := groupcommit.New(g.commit)
	var all sync.WaitGroup
	appends := func(n int, size int) {
		for i := range n {
			all.Go(func() {
				if _, err := l.Append(t.Context(), "o", []journal.Draft{draft(fmt.Sprint(i), size)}); err != nil {
					t.Error(err)
				}
			})
		}
	}
	appends(1, 0)
	if n := len(<-g.groups); n != 1 {
		t.Fatalf("first group of %d, want the one who was alone", n)
	}
	appends(20, 1<<20)
	for l.Waiting() < 20 {
		time.Sleep(time.Millisecond)
	}
	close(g.open)
	if n := len(<-g.groups); n != 8 {
		t.Errorf("second group of %d, want 8: as many as 8 MiB hold", n)
	}
	all.Wait()
}

// While one group is answered the next is made durable; answers keep the order of
// the groups.
func TestOneGroupIsAnsweredWhileTheNextIsCommitted(t *testing.T) {
	groups, second := 0, make(chan struct{})
	var order []int
	l := groupcommit.New(func(group []*groupcommit.Request) (answer func()) {
		groups++
		number := groups
		if number == 2 {
			close(second)
		}
		return func() {
			if number == 1 {
				select {
				case <-second:
				case <-time.After(10 * time.Second):
					t.Error("the second group waits for the answers of the first")
				}
			}
			order = append(order, number) // answers run one group at a time
			for _, r := range group {
				r.Answer(make([]journal.Receipt, len(r.Drafts)), nil)
			}
		}
	})
	var all sync.WaitGroup
	for i := range 3 {
		all.Go(func() {
			time.Sleep(time.Duration(i) * 20 * time.Millisecond)
			if _, err := l.Append(t.Context(), "o", []journal.Draft{draft(fmt.Sprint(i), 0)}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	l.Close(nil)
	if !slices.IsSorted(order) || len(order) != groups {
		t.Errorf("%d groups, answered in the order %d", groups, order)
	}
}

func TestWhoLeavesBeforeTheCommitIsNotOnRecord(t *testing.T) {
	g := newGate()
	l := groupcommit.New(g.commit)
	atCommit, leaveCommit := context.WithCancel(t.Context())
	inLine, leaveLine := context.WithCancel(t.Context())
	told := make(chan error)
	go func() {
		_, err := l.Append(atCommit, "o", []journal.Draft{draft("1", 0)})
		told <- err
	}()
	<-g.groups
	go func() {
		_, err := l.Append(inLine, "o", []journal.Draft{draft("2", 0)})
		told <- err
	}()
	time.Sleep(10 * time.Millisecond)
	leaveLine()
	if err := <-told; !errors.Is(err, context.Canceled) || errors.Is(err, journal.ErrUnknown) {
		t.Errorf("left the line: %v, want the context's error alone", err)
	}
	leaveCommit()
	if err := <-told; !errors.Is(err, context.Canceled) || !errors.Is(err, journal.ErrUnknown) {
		t.Errorf("left at the commit: %v, want journal.ErrUnknown", err)
	}
	close(g.open)
	l.Close(nil)
	if len(g.groups) != 0 {
		t.Error("a command was committed whose caller had been told that it was not")
	}
}

func TestCloseAnswersAll(t *testing.T) {
	g := newGate()
	l := groupcommit.New(g.commit)
	told := make(chan error, 2)
	for i := range 2 {
		go func() {
			_, err := l.Append(t.Context(), "o", []journal.Draft{draft(fmt.Sprint(i), 0)})
			told <- err
		}()
		if i == 0 {
			<-g.groups
		}
	}
	time.Sleep(10 * time.Millisecond)
	reason := errors.New("no more")
	go l.Close(reason)
	if err := <-told; err != reason {
		t.Errorf("in line at the close: %v, want %v", err, reason)
	}
	close(g.open)
	if err := <-told; err != nil {
		t.Errorf("at the commit at the close: %v, want its receipt", err)
	}
	if _, err := l.Append(t.Context(), "o", []journal.Draft{draft("3", 0)}); err != reason {
		t.Errorf("after the close: %v, want %v", err, reason)
	}
}

func TestNamesThatMakeTooLongAKey(t *testing.T) {
	l := groupcommit.New(func([]*groupcommit.Request) func() { t.Error("committed"); return func() {} })
	d := draft(strings.Repeat("k", 1000), 0)
	d.Actor = strings.Repeat("a", 1000)
	_, err := l.Append(t.Context(), strings.Repeat("o", 100), []journal.Draft{draft("1", 0), d})
	if err == nil || !strings.Contains(err.Error(), "draft 2 of 2") || !strings.Contains(err.Error(), "2100 bytes") {
		t.Errorf("error %v, want one that names the draft and the bytes", err)
	}
}
