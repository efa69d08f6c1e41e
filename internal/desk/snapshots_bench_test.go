package desk_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"tenderbook/book"
	"tenderbook/internal/desk"
	"tenderbook/internal/sqlite"
)

// BenchmarkOpen opens an offer of 1,000,000 tenders in one SQLite file: folded
// from its first entry, every hash and chain checked, and from a snapshot. The
// aims are five seconds and one.
func BenchmarkOpen(b *testing.B) {
	const rows, size = 1_000_000, 1000
	store := crowded(b, rows, size)
	view := func(b *testing.B, s desk.Snapshots) {
		b.Helper()
		d := desk.Open(store)
		defer d.Close()
		if s != nil {
			d.KeepSnapshots(s, 50_000)
		}
		err := d.View(context.Background(), id, func(s *book.State) error {
			if s.Len() != rows {
				return fmt.Errorf("%d instructions, want %d", s.Len(), rows)
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.Run("journal", func(b *testing.B) {
		for b.Loop() {
			view(b, nil)
		}
	})
	b.Run("snapshot", func(b *testing.B) {
		folder := desk.Folder(b.TempDir())
		view(b, folder)
		for b.Loop() {
			view(b, folder)
		}
	})
}

// crowded is an offer with many tenders, in batches.
func crowded(b *testing.B, rows, size int) *sqlite.Store {
	b.Helper()
	c := &clock{now: time.Date(2004, 10, 28, 20, 0, 0, 0, time.UTC)}
	store, err := sqlite.Open(b.Context(), b.TempDir()+"/offers.db", sqlite.Options{Clock: c.Now})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { store.Close() })
	d := desk.Open(store)
	defer d.Close()
	launch(b, d)
	c.set(time.Date(2004, 11, 1, 15, 0, 0, 0, time.UTC))
	for from := 0; from < rows; from += size {
		batch := &book.Instructions{Channel: "api"}
		for i := from; i < from+size; i++ {
			batch.Rows = append(batch.Rows, book.Row{
				Action: book.Tender, ID: fmt.Sprintf("I-%08d", i), Series: []string{"9.125", "11", "10.5", "10.75"}[i%4], Participant: "0443",
				Account: fmt.Sprintf("A%06d", i%50000), Holder: fmt.Sprint("holder ", i), Principal: int64(i%250+1) * 1000_00,
			})
		}
		must(b, d, "ann", batch)
	}
	return store
}
