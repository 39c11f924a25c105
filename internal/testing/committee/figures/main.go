// Command figures prints the figures of a file of attendance as JSON:
//
//	go run ./internal/testing/committee/figures ../shared/data/standards-committee/attendance.csv [AS-OF]
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"commontable/internal/testing/committee"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	if len(arguments) < 1 || len(arguments) > 2 {
		return fmt.Errorf("usage: figures FILE [YYYY-MM-DD]")
	}
	ledger, err := committee.ReadFile(arguments[0], committee.Rules{})
	if err != nil {
		return err
	}
	asOf := ledger.LastDay()
	if len(arguments) == 2 {
		if asOf, err = time.Parse(time.DateOnly, arguments[1]); err != nil {
			return err
		}
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", "  ")
	return encoder.Encode(ledger.Figures(asOf, 365))
}
