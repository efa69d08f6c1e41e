//go:build unix

package sqlite_test

import (
	"os"
	"syscall"
)

// noMoreFiles lets this process open no more files than it has now.
func noMoreFiles() error {
	f, err := os.Open(os.DevNull) // gets the lowest number that is free
	if err != nil {
		return err
	}
	defer f.Close()
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return err
	}
	limit.Cur = uint64(f.Fd())
	return syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit)
}
