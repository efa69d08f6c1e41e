//go:build unix

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"tenderbook/offer"
)

// peerTerms are the terms as the peers read them: everything that does not
// depend on a row is worked out for them.
type peerTerms struct {
	Cap         int64        `json:"cap"` // whole units
	CapName     string       `json:"capName"`
	EarlyBefore string       `json:"earlyBefore"`
	ExpiresBy   string       `json:"expiresBy"`
	Series      []peerSeries `json:"series"`
}

type peerSeries struct {
	ID          string `json:"id"`
	Currency    string `json:"currency"`
	Digits      int    `json:"digits"`
	Rate10000   int64  `json:"rate10000"` // dollars for 10,000 units
	Early       string `json:"early"`     // price per 1,000
	Late        string `json:"late"`
	EarlyMinor  int64  `json:"earlyMinor"` // the same in minor units
	LateMinor   int64  `json:"lateMinor"`
	InterestNum int64  `json:"interestNum"` // minor units on one unit of principal, as a fraction
	InterestDen int64  `json:"interestDen"`
}

func writePeerTerms(w io.Writer, offerFile string) error {
	data, err := os.ReadFile(offerFile)
	if err != nil {
		return err
	}
	file, err := offer.Read(offerFile, data)
	if err != nil {
		return err
	}
	t := file.Terms
	alloc, err := t.Allocation(t.Settlements())
	if err != nil {
		return err
	}
	out := peerTerms{
		Cap: t.Caps[0].Amount.Minor / 100, CapName: t.Caps[0].Name,
		EarlyBefore: t.Dates.EarlyTender.At.Format(time.RFC3339), ExpiresBy: t.Dates.Expiration.At.Format(time.RFC3339),
	}
	for i, s := range t.Series {
		unit := new(big.Rat).SetInt64(1)
		for range s.Currency.Digits {
			unit.Mul(unit, big.NewRat(10, 1))
		}
		interest := new(big.Rat).Mul(alloc.Series[i].Interest[0], unit)
		rate := big.NewRat(10000, 1)
		for _, r := range t.Rates {
			if r.From == s.Currency {
				rate.Mul(rate, r.Value.Rat())
			}
		}
		out.Series = append(out.Series, peerSeries{
			ID: s.ID, Currency: s.Currency.Code, Digits: s.Currency.Digits, Rate10000: rate.Num().Int64(),
			Early: s.Price.Total.String(), Late: s.Price.TenderOffer.String(),
			EarlyMinor:  new(big.Rat).Mul(s.Price.Total.Rat(), unit).Num().Int64(),
			LateMinor:   new(big.Rat).Mul(s.Price.TenderOffer.Rat(), unit).Num().Int64(),
			InterestNum: interest.Num().Int64(), InterestDen: interest.Denom().Int64(),
		})
	}
	return json.NewEncoder(w).Encode(out)
}

// machine says on what the figures were taken.
func machine(withPeers bool, peers string) string {
	parts := []string{
		fmt.Sprintf("%s, %d processors (%s)", time.Now().UTC().Format(time.DateOnly), runtime.NumCPU(), processor()),
		runtime.GOOS + " " + runtime.GOARCH, runtime.Version(),
	}
	if withPeers {
		parts = append(parts, "DuckDB "+version(peers, "@duckdb/node-api"), "nodejs-polars "+version(peers, "nodejs-polars"))
		if out, err := exec.Command("node", "--version").Output(); err == nil {
			parts = append(parts, "Node "+strings.TrimSpace(string(out)))
		}
	}
	return strings.Join(parts, "; ") + "."
}

func version(peers, module string) string {
	var m struct{ Version string }
	data, err := os.ReadFile(filepath.Join(peers, "node_modules", module, "package.json"))
	if err != nil || json.Unmarshal(data, &m) != nil {
		return "of unknown version"
	}
	return m.Version
}

func processor() string {
	f, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return "unknown"
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if name, ok := strings.CutPrefix(lines.Text(), "model name"); ok {
			return strings.Trim(name, "\t :")
		}
	}
	return "unknown"
}
