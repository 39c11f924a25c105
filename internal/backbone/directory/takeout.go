package directory

import (
	"slices"
	"strings"

	"commontable/internal/platform/archive"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Carried is how this package's records leave an installation and enter another,
// each kind after those it refers to. Version counters and the moment of the last
// change are bookkeeping of the installation and stay behind, as does whatever can
// be worked out anew: sort keys, counts, the search index.
func Carried() []archive.Entity {
	return []archive.Entity{
		archive.Of(carriedFields), archive.Of(carriedOrganizations), archive.Of(carriedPeople),
		archive.Of(carriedBodies), archive.Of(carriedSeats), archive.Of(carriedFunctions), archive.Of(carriedHoldings),
		archive.Of(carriedTouches), archive.Of(carriedTargets), archive.Of(carriedViews),
		archive.Of(carriedMerges), archive.Of(carriedDecisions), archive.Of(carriedErasures),
	}
}

// carriedPeriod is how long a fact of the record above it held.
type carriedPeriod struct {
	Fact  string `json:"fact" required:"true" maxLength:"60" doc:"What held: an organization's status or a part it plays, a body's state."`
	Value string `json:"value" required:"true" maxLength:"60"`
	From  string `json:"valid_from" required:"true" format:"date"`
	To    string `json:"valid_to,omitempty" format:"date"`
}

// span is the first and the last id of a page, whose rows below it are read by the
// range of their key: a list of ids would cost more, above all on an engine that
// has not yet counted what a transaction put in.
func span[T, N any](rows []T, id func(T) id.Of[N]) (first, last id.Of[N]) {
	if len(rows) == 0 {
		return first, last
	}
	return id(rows[0]), id(rows[len(rows)-1])
}

// periodsBelow are the periods of the records from one to another, by record, the
// oldest first.
func periodsBelow[N any](c *operation.Call, first, last id.Of[N]) (map[id.Of[N]][]carriedPeriod, error) {
	out := map[id.Of[N]][]carriedPeriod{}
	err := store.Each(c.Tx, func(row store.Row) error {
		var i id.Of[N]
		var p carriedPeriod
		err := row.Scan(&i, &p.Fact, &p.Value, &p.From, store.ScanText(&p.To))
		out[i] = append(out[i], p)
		return err
	}, `SELECT subject_id, fact, value, valid_from, valid_to FROM periods WHERE collaborative_id = $1 AND subject_id >= $2 AND subject_id <= $3 ORDER BY subject_id, fact, valid_from`, first[:], last[:])
	return out, err
}

// tagsBelow are the tags of the records of a kind from one to another, by record,
// in the one order they are carried in.
func tagsBelow[N any](c *operation.Call, kind string, first, last id.Of[N]) (map[id.Of[N]][]string, error) {
	out := map[id.Of[N]][]string{}
	err := store.Each(c.Tx, func(row store.Row) error {
		var i id.Of[N]
		var tag string
		err := row.Scan(&i, &tag)
		out[i] = append(out[i], tag)
		return err
	}, `SELECT record_id, tag FROM tags WHERE collaborative_id = $1 AND kind = $2 AND record_id >= $3 AND record_id <= $4`, kind, first[:], last[:])
	for _, tags := range out {
		slices.SortFunc(tags, func(a, b string) int { return strings.Compare(i18n.FoldKey(a), i18n.FoldKey(b)) })
	}
	return out, err
}

func insertPeriods(c *operation.Call, rows [][]any) error {
	return c.Tx.ExecRows(`INSERT INTO periods (collaborative_id, subject_id, fact, value, valid_from, valid_to) VALUES ($1, $2, $3, $4, $5, $6)`, rows)
}

func periodRows(subject any, periods []carriedPeriod) (rows [][]any) {
	for _, p := range periods {
		rows = append(rows, []any{subject, p.Fact, p.Value, p.From, store.Text(p.To)})
	}
	return rows
}

func insertTags(c *operation.Call, rows [][]any) error {
	return c.Tx.ExecRows(`INSERT INTO tags (collaborative_id, kind, tag_key, record_sort_key, record_id, tag) VALUES ($1, $2, $3, $4, $5, $6)`, rows)
}

func tagRows(kind string, key []byte, record any, tags []string) (rows [][]any) {
	for _, tag := range tags {
		rows = append(rows, []any{kind, i18n.FoldKey(tag), key, record, tag})
	}
	return rows
}

// checkOwn judges the values of own fields: each must be one that its field could
// have, or have had.
func checkOwn[T any](l *archive.Loading, kind string, rows []T, values func(T) map[string]string) error {
	fields, err := fieldsOf(l.Call, kind)
	if err != nil {
		return err
	}
	for i, row := range rows {
		for key, value := range values(row) {
			at := slices.IndexFunc(fields, func(f Field) bool { return f.Key == key })
			if at < 0 {
				return &archive.RowFault{Row: i, Field: "custom." + key, Reason: "errors.no_such_field"}
			}
			if _, fault := fields[at].settle(value, value); fault != "" {
				return &archive.RowFault{Row: i, Field: "custom." + key, Reason: fault}
			}
		}
	}
	return nil
}
