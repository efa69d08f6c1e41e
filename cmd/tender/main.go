// Command tender decides bond tender offers from files.
package main

import (
	"os"

	"tenderbook/internal/cli"
)

func main() { os.Exit(cli.Run(os.Args[1:], cli.Standard())) }
