//go:build !linux

package sqlite

// datasync leaves syncing to SQLite's own file system.
func datasync() error { return nil }
