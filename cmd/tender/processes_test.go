package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"tenderbook/internal/postgrestest"
)

// A process is one run of the program, as a process of its own.
type process struct {
	stdout, stderr string
	code           int
}

// program runs "tender" on a workspace while its offer is open.
func program(t *testing.T, db, stdin string, args ...string) process {
	t.Helper()
	cmd := exec.Command("tender", args...) // testscript.Main has put it into the path
	cmd.Env = append(os.Environ(), "TENDER_DB="+db, "TENDER_CLOCK=2004-11-01T15:00:00Z", "TENDER_USER=ann")
	cmd.Stdin = strings.NewReader(stdin)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		t.Error(err)
	}
	return process{out.String(), errs.String(), cmd.ProcessState.ExitCode()}
}

// launchedOffer has Level 3's offer launched on a workspace, and returns how many
// entries that took.
func launchedOffer(t *testing.T, db string) uint64 {
	t.Helper()
	evening := time.Date(2004, 10, 28, 22, 0, 0, 0, time.UTC)
	at(t, db, evening, "ann", "offer", "new", "../../examples/level3-2004/offer.yaml")
	at(t, db, evening, "ann", "admin", "user", "grant", "LVLT-2004", "bob", "approver")
	at(t, db, evening, "ann", "offer", "launch", "LVLT-2004")
	at(t, db, evening, "bob", "approve", "LVLT-2004", "P-3", "--confirm", "LVLT-2004")
	return 4
}

// receiptsOf reads what "tender submit --json" printed.
func receiptsOf(t *testing.T, p process) (seq uint64, existing bool) {
	t.Helper()
	var sum struct {
		Batches []struct {
			Seq      uint64
			Existing bool
		}
	}
	if err := json.Unmarshal([]byte(p.stdout), &sum); err != nil || p.code != 0 || len(sum.Batches) != 1 {
		t.Fatalf("exit code %d, %v, of\n%s%s", p.code, err, p.stdout, p.stderr)
	}
	return sum.Batches[0].Seq, sum.Batches[0].Existing
}

// Two processes of the program take commands for one offer of one database at the
// same time: books of their own, the same book under the same key, and the
// withdrawal of the same tender. There is one order without a gap, the same
// command is on record once, and a tender is withdrawn once.
func TestTwoProcessesTakeCommandsForOneOffer(t *testing.T) {
	db, err := postgrestest.Start(t).Database(t.Context(), "offers")
	if err != nil {
		t.Fatal(err)
	}
	entries := launchedOffer(t, db)
	const rounds = 6
	onRecord, withdrawn := map[uint64]string{}, 0
	note := func(seq uint64, what string) {
		t.Helper()
		if before, twice := onRecord[seq]; twice {
			t.Errorf("entry %d is the receipt of %s and of %s", seq, before, what)
		}
		onRecord[seq] = what
	}
	for round := range rounds {
		both := atOnce(func(i int) process {
			switch round % 3 {
			case 0:
				return program(t, db, book(fmt.Sprint(round, "-", i)), "submit", "LVLT-2004", "--json")
			case 1:
				return program(t, db, book(fmt.Sprint(round)), "submit", "LVLT-2004", "--json", "--key", fmt.Sprint("same-", round))
			}
			return program(t, db, "", "withdraw", "LVLT-2004", fmt.Sprint("T1-", round-1))
		})
		switch round % 3 {
		case 0:
			for i, p := range both {
				seq, _ := receiptsOf(t, p)
				note(seq, fmt.Sprintf("round %d, process %d", round, i))
			}
			entries += 2
		case 1:
			first, was := receiptsOf(t, both[0])
			second, wasToo := receiptsOf(t, both[1])
			if first != second || was == wasToo {
				t.Errorf("round %d: the same book under the same key is entry %d (existing %t) and %d (%t)", round, first, was, second, wasToo)
			}
			note(first, fmt.Sprint("round ", round))
			entries++
		default:
			for _, p := range both {
				switch {
				case p.code == 0:
					withdrawn++
				case p.code != 5 || !strings.Contains(p.stderr, "wrong-move"):
					t.Errorf("round %d: exit code %d: %s", round, p.code, p.stderr)
				}
			}
			entries += 2
		}
	}
	if withdrawn != rounds/3 {
		t.Errorf("%d withdrawals taken, want one of each pair: %d", withdrawn, rounds/3)
	}
	p := program(t, db, "", "admin", "verify")
	if want := fmt.Sprintf("%d entries ok | chain and times ok", entries); p.code != 0 || !strings.Contains(p.stdout, want) {
		t.Errorf("exit code %d, want %q of\n%s%s", p.code, want, p.stdout, p.stderr)
	}
	t.Logf("%d times two processes at once: %d entries, one order, no gap", rounds, entries)
}

// atOnce runs two processes at the same time.
func atOnce(run func(i int) process) (both [2]process) {
	var wg sync.WaitGroup
	for i := range both {
		wg.Go(func() { both[i] = run(i) })
	}
	wg.Wait()
	return both
}

// book has two tenders whose ids end in a name.
func book(name string) string {
	return fmt.Sprintf("instruction,series,principal,participant\nT1-%[1]s,11,5000,0443\nT2-%[1]s,10.5,7000,0161\n", name)
}
