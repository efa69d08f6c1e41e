package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"tenderbook/journal"
)

// channel is where processes tell each other which offers have grown.
const channel = "tenderbook_journal"

// pollEvery is how often a follower looks for entries that no notification told
// of: the server may have none (behind a pooler), or was just replaced.
const pollEvery = time.Second

// Follow implements desk.Follower.
func (s *Store) Follow(ctx context.Context, offer string, from uint64, each func(*journal.Entry) error) error {
	return s.hub.Follow(ctx, s.Read, offer, from, pollEvery, each)
}

// grew wakes followers here and has the others told.
func (s *Store) grew(offer string) {
	s.hub.Wake(offer)
	s.mu.Lock()
	s.grownOffers[offer] = struct{}{}
	s.mu.Unlock()
	select {
	case s.toNotify <- struct{}{}:
	default: // the notifier has yet to look
	}
}

// notify tells other processes. It does so after the commit, beside the
// appends: a notification within a transaction makes all commits of the database
// wait for each other. One that is lost costs a follower pollEvery.
func (s *Store) notify(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.toNotify:
		}
		s.mu.Lock()
		var grown []string
		for offer := range s.grownOffers {
			grown = append(grown, offer)
		}
		clear(s.grownOffers)
		s.mu.Unlock()
		_, _ = s.pool.Exec(ctx, "SELECT pg_notify($1, offer) FROM unnest($2::text[]) AS offer", channel, grown)
	}
}

// listen hears what other processes tell, on a connection of its own, and
// connects again where that breaks.
func (s *Store) listen(ctx context.Context) {
	for ctx.Err() == nil {
		_ = s.hear(ctx)
		select {
		case <-ctx.Done():
		case <-time.After(s.reconnecting):
		}
	}
}

func (s *Store) hear(ctx context.Context) error {
	conn, err := pgx.ConnectConfig(ctx, s.pool.Config().ConnConfig)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "LISTEN "+channel); err != nil {
		return err
	}
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		s.hub.Wake(n.Payload)
	}
}
