//go:build unix

package main

import (
	"fmt"
	"io"
	"os/exec"
	"strings"
)

// engineBenchmarks are those whose figures the page shows beside the comparison.
const engineBenchmarks = "^Benchmark(WhatIf|PriceOfThirtyYears|ConsiderationOfThirtyYears|DecideWide)$"

// engine runs the benchmarks of the packages and writes what they print.
func engine(w io.Writer) error {
	out, err := exec.Command("go", "test", "-run", "^$", "-bench", engineBenchmarks,
		"./internal/cli", "./bond", "./allocation").CombinedOutput()
	if err != nil {
		return fmt.Errorf("benchmarks: %w\n%s", err, out)
	}
	fmt.Fprint(w, "\nBenchmarks of the packages, as `go test -bench` prints them\n\n```\n")
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(line, "Benchmark") {
			fmt.Fprint(w, line)
		}
	}
	fmt.Fprint(w, "```\n")
	return nil
}
