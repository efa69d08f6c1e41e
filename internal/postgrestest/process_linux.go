package postgrestest

import "syscall"

// processAttributes: own process group, so that an interrupt from the terminal
// goes to us alone; and an end when the thread that started it ends.
func processAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGQUIT}
}
