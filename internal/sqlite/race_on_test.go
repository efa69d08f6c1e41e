//go:build race

package sqlite_test

// underRace: SQLite, translated to Go, is many times slower there, and the tests
// that count are about other processes and the disk.
const underRace = 10
