package directory

import (
	"errors"
	"strconv"

	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// The facts that are dated by periods: an organization's status, each part it
// plays, a body's state.
const (
	StatusFact = "status"
	StateFact  = "state"
)

// played is the value of a part while it is played; absent parts have none.
const played = "yes"

// Period is how long a fact held.
type Period struct {
	Fact  string `json:"fact"`
	Value string `json:"value"`
	From  string `json:"valid_from" doc:"First day, YYYY-MM-DD."`
	To    string `json:"valid_to,omitempty" doc:"First day it no longer held; absent while it does."`
}

const periodColumns = `periods.fact, periods.value, periods.valid_from, periods.valid_to`

func scanPeriod(row store.Row) (Period, error) {
	var p Period
	return p, row.Scan(&p.Fact, &p.Value, &p.From, store.ScanText(&p.To))
}

// periodsOf are all periods of a record, the oldest first.
func periodsOf(c *operation.Call, subject [16]byte) ([]Period, error) {
	return store.Collect(c.Tx, scanPeriod, `SELECT `+periodColumns+` FROM periods WHERE collaborative_id = $1 AND subject_id = $2 ORDER BY fact, valid_from`, subject[:])
}

// hold says that from a day on a fact has a value; "" ends it. What held until
// then ends that day. A change on the very day a value began corrects that day's
// entry, and a value that only goes on what held before it joins it again, so
// that taking a change back leaves no seam.
func hold(c *operation.Call, subject [16]byte, fact, value, from string) error {
	last, err := store.One(c.Tx, scanPeriod, `SELECT `+periodColumns+` FROM periods WHERE collaborative_id = $1 AND subject_id = $2 AND fact = $3 ORDER BY valid_from DESC LIMIT 1`, subject[:], fact)
	if errors.Is(err, store.ErrNotFound) {
		return begin(c, subject, fact, value, from)
	}
	if err != nil {
		return err
	}
	switch {
	case from < last.From:
		return operation.InvalidField("since", "errors.since_before", map[string]any{"Date": last.From})
	case from == last.From:
		if _, err := c.Tx.Exec(`DELETE FROM periods WHERE collaborative_id = $1 AND subject_id = $2 AND fact = $3 AND valid_from = $4`, subject[:], fact, from); err != nil {
			return err
		}
		joined, err := c.Tx.Exec(`UPDATE periods SET valid_to = NULL WHERE collaborative_id = $1 AND subject_id = $2 AND fact = $3 AND valid_to = $4 AND value = $5`, subject[:], fact, from, value)
		if err != nil || joined > 0 {
			return err
		}
	case last.To == "" && last.Value == value:
		return nil
	case last.To == "":
		if _, err := c.Tx.Exec(`UPDATE periods SET valid_to = $5 WHERE collaborative_id = $1 AND subject_id = $2 AND fact = $3 AND valid_from = $4`, subject[:], fact, last.From, from); err != nil {
			return err
		}
	case last.To == from && last.Value == value:
		_, err := c.Tx.Exec(`UPDATE periods SET valid_to = NULL WHERE collaborative_id = $1 AND subject_id = $2 AND fact = $3 AND valid_from = $4`, subject[:], fact, last.From)
		return err
	case from < last.To:
		return operation.InvalidField("since", "errors.since_before", map[string]any{"Date": last.To})
	}
	return begin(c, subject, fact, value, from)
}

func begin(c *operation.Call, subject [16]byte, fact, value, from string) error {
	if value == "" {
		return nil
	}
	_, err := c.Tx.Exec(`INSERT INTO periods (collaborative_id, subject_id, fact, valid_from, value) VALUES ($1, $2, $3, $4, $5)`, subject[:], fact, from, value)
	return err
}

// replacePeriods puts a whole history of one fact in the place of what was
// recorded. Each period ends where the next begins or earlier; none may overlap,
// and none lies ahead.
func replacePeriods(c *operation.Call, subject [16]byte, fact string, periods []Period) error {
	if _, err := c.Tx.Exec(`DELETE FROM periods WHERE collaborative_id = $1 AND subject_id = $2 AND fact = $3`, subject[:], fact); err != nil {
		return err
	}
	for _, p := range periods {
		if _, err := c.Tx.Exec(`INSERT INTO periods (collaborative_id, subject_id, fact, valid_from, value, valid_to) VALUES ($1, $2, $3, $4, $5, $6)`,
			subject[:], fact, p.From, p.Value, store.Text(p.To)); err != nil {
			return err
		}
	}
	return nil
}

// checkPeriods says what is wrong with a history: each period in order, without
// overlap, ending after it began, none in the future.
func checkPeriods(periods []Period, today string, faults *operation.Faults) {
	for i, p := range periods {
		field := "periods." + strconv.Itoa(i)
		switch {
		case p.From > today:
			faults.Add(field, "errors.day_ahead")
		case p.To != "" && p.To <= p.From:
			faults.Add(field, "errors.ends_before_it_begins")
		case i > 0 && (periods[i-1].To == "" || p.From < periods[i-1].To):
			faults.Add(field, "errors.overlaps", map[string]any{"Date": p.From})
		}
	}
}

// on says whether something with these first and past-the-end days holds on a day.
func on(day, from, to string) bool { return from <= day && (to == "" || to > day) }
