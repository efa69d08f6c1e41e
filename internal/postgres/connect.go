package postgres

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// urlForm is what a URL of a database looks like.
const urlForm = "postgres://USER:PASSWORD@HOST:PORT/DATABASE"

// parse reads a URL. Its errors hold nothing of it: it may have a password in it.
func parse(url string) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(url)
	if err == nil {
		return config, nil
	}
	why := err.Error()
	if quoted := strings.LastIndex(why, "`: "); quoted >= 0 {
		why = why[quoted+len("`: "):]
	}
	return nil, fmt.Errorf("the URL cannot be read: %s; it needs the form %s", why, urlForm)
}

// A connectError says what was tried, what was found and what to do about it, where
// the driver says it all at once.
type connectError struct {
	text string
	err  error // the driver's
}

func (e *connectError) Error() string { return e.text }
func (e *connectError) Unwrap() error { return e.err }

// explain puts an error of connecting into words. Other errors are returned as
// they are.
func (s *Store) explain(err error) error { return explain(s.pool.Config(), err) }

func explain(config *pgxpool.Config, err error) error {
	var connecting *pgconn.ConnectError
	if !errors.As(err, &connecting) {
		return err
	}
	c := config.ConnConfig
	found, hint := findings(&c.Config, connecting)
	text := fmt.Sprintf("database %q at %s, user %q: %s", c.Database, strings.Join(hosts(&c.Config), ", "), c.User, found)
	if hint != "" {
		text += "\n    " + hint
	}
	return &connectError{text, err}
}

// hosts lists the servers that are tried, each once.
func hosts(c *pgconn.Config) []string {
	all := []string{place(c.Host, c.Port)}
	for _, f := range c.Fallbacks {
		if p := place(f.Host, f.Port); !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	return all
}

// place is a host and port, or the socket in a folder.
func place(host string, port uint16) string {
	network, address := pgconn.NetworkAddress(host, port)
	if network == "unix" {
		return "socket " + address
	}
	return address
}

// answers of a server that does not take a connection, by SQLSTATE; found is empty
// where its own words say more
// (https://www.postgresql.org/docs/current/errcodes-appendix.html).
var answers = map[string]struct{ found, hint string }{
	"28P01": {"the server does not take the password", "it is taken from the URL, PGPASSWORD or ~/.pgpass"},
	"28000": {"", "the user has to exist there, and pg_hba.conf to let it in from here"},
	"3D000": {"the server has no such database", "createdb makes one; tender makes the tables in it"},
	"42501": {"the user may not connect to this database", "GRANT CONNECT lets it"},
	"53300": {"the server has as many connections as it takes", "raise its max_connections, or close some"},
	"57P03": {"the server is starting up or shutting down", "try again in a moment"},
}

// findings says why a connection could not be made, and what to do.
func findings(c *pgconn.Config, err error) (found, hint string) {
	var server *pgconn.PgError
	if errors.As(err, &server) {
		a := answers[server.Code]
		if a.found == "" {
			a.found = fmt.Sprintf("the server says %q (%s)", server.Message, server.Code)
		}
		return a.found, a.hint
	}
	var name *net.DNSError
	var timeout net.Error
	switch {
	case errors.As(err, &name) && name.IsNotFound:
		return fmt.Sprintf("no host %q is known", name.Name), "is it spelled right?"
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, os.ErrNotExist):
		return "nobody listens there", "is the server running, and does it listen on this address?"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "no answer in time", "is the server reachable from here?"
	case c.TLSConfig != nil && strings.Contains(err.Error(), "refused TLS"):
		return "the server takes no encrypted connections", "its setting ssl has to be on, or sslmode=disable in the URL"
	}
	return lastLine(err), ""
}

// lastLine is what the driver says of the last server that it tried.
func lastLine(err error) string {
	text := strings.TrimSpace(err.Error())
	return strings.TrimSpace(text[strings.LastIndexByte(text, '\n')+1:])
}
