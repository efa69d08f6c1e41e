package postgres_test

import (
	"errors"
	"net"
	"strings"
	"testing"

	"tenderbook/internal/postgres"
	"tenderbook/internal/postgrestest"
	"tenderbook/journal"
)

// What stops us from connecting is said with what was tried, and without the
// password.
func TestConnectingSaysWhatWasTried(t *testing.T) {
	server := postgrestest.Start(t)
	silent := silence(t)
	for _, c := range []struct{ url, want string }{
		{"postgres://ann:secret@127.0.0.1:1/offers", `database "offers" at 127.0.0.1:1, user "ann": nobody listens there`},
		{"postgres://ann:secret@127.0.0.1:1,127.0.0.1:2/offers", `database "offers" at 127.0.0.1:1, 127.0.0.1:2, user "ann": nobody listens there`},
		{"postgres://ann:secret@/offers?host=/nowhere", `database "offers" at socket /nowhere/.s.PGSQL.5432, user "ann": nobody listens there`},
		{"postgres://ann:secret@nowhere.invalid/offers", `no host "nowhere.invalid" is known`},
		{"postgres://ann:secret@" + silent + "/offers?connect_timeout=1", `database "offers" at ` + silent + `, user "ann": no answer in time`},
		{"postgres://ann:secret@h:port/offers", "the URL cannot be read: invalid port; it needs the form postgres://USER:PASSWORD@HOST:PORT/DATABASE"},
		{"postgres://ann:se%zzcret@h/offers", "the URL cannot be read"},
		{server.URL("missing"), `the server has no such database` + "\n    createdb makes one"},
		{strings.Replace(database(t, server), "tenderbook@", "zoe@", 1), `user "zoe": the server says "role \"zoe\" does not exist" (28000)` + "\n    the user has to exist there"},
	} {
		s, err := postgres.Open(t.Context(), c.url, postgres.Options{})
		if err == nil {
			t.Errorf("%s opened", c.url)
			_ = s.Close()
			continue
		}
		if !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "cret") {
			t.Errorf("%s: %v\nwant %s, without the password", c.url, err, c.want)
		}
	}
}

// silence is an address where connections are taken and nothing is said.
func silence(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l.Addr().String()
}

// A server that goes away is named too, and an append that found nobody is not in
// doubt.
func TestALostServerIsNamed(t *testing.T) {
	server := postgrestest.Start(t)
	s := open(t, database(t, server), postgres.Options{})
	d := journal.Draft{Kind: journal.KindNote, Version: 1, Actor: "ann", Key: "1", Body: []byte("x")}
	if _, err := s.Append(t.Context(), "o", d); err != nil {
		t.Fatal(err)
	}
	if err := server.Crash(); err != nil {
		t.Fatal(err)
	}
	const want = "nobody listens there"
	var err error
	for range 20 { // connections of before fail in their own way
		d.Key = "2"
		if _, err = s.Append(t.Context(), "o", d); err != nil && strings.Contains(err.Error(), want) {
			break
		}
		t.Logf("append: %v", err)
	}
	if err == nil || !strings.Contains(err.Error(), want) || errors.Is(err, journal.ErrUnknown) {
		t.Errorf("append: %v, want %q and no doubt", err, want)
	}
	for call, read := range map[string]func() error{
		"head":   func() error { _, err := s.Head(t.Context(), "o"); return err },
		"offers": func() error { _, err := s.Offers(t.Context()); return err },
		"read": func() error {
			return s.Read(t.Context(), "o", 1, func(*journal.Entry) error { return nil })
		},
	} {
		if err := read(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", call, err, want)
		}
	}
}
