package postgres_test

import (
	"net"
	"strings"
	"testing"

	"tenderbook/internal/postgres"
	"tenderbook/internal/postgrestest"
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
