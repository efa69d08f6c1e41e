package cli

import "testing"

func TestADatabaseIsShownWithoutItsPasswords(t *testing.T) {
	for _, c := range []struct{ db, want string }{
		{"./offers.db", "./offers.db"},
		{"odd?password=x.db", "odd?password=x.db"}, // a file
		{"postgres://h/d", "postgres://h/d"},
		{"postgres://ann:secret@h/d", "postgres://...@h/d"},
		{"postgres://ann:sec@ret@h/d", "postgres://...@h/d"},
		{"postgres://h/d?user=ann&password=secret&sslmode=disable", "postgres://h/d?user=ann&password=...&sslmode=disable"},
		{"postgres://ann@h/d?sslpassword=secret", "postgres://...@h/d?sslpassword=..."},
	} {
		if got := shownDatabase(c.db); got != c.want {
			t.Errorf("%q is shown as %q, want %q", c.db, got, c.want)
		}
	}
}
