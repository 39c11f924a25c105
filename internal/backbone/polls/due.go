package polls

import (
	"slices"
	"time"

	"commontable/internal/backbone/due"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// DueItem is the kind of what is due: an answer to a poll.
const DueItem = "poll"

// Source tells who has not said which of several times suit them, while that helps: until
// they have answered, the poll is closed, or all its times are past.
type Source struct{}

// Kinds implements due.Source.
func (Source) Kinds() []string { return []string{DueItem} }

const dueText = `SELECT polls.id, polls.title, polls.place, polls.zone, polls.minutes, polls.times, polls.created_at, poll_people.told_at, poll_people.person_id FROM polls
	JOIN poll_people ON poll_people.collaborative_id = $1 AND poll_people.poll_id = polls.id AND poll_people.asked = TRUE AND poll_people.answered_at IS NULL
	JOIN people ON people.collaborative_id = $1 AND people.id = poll_people.person_id AND people.deleted_at IS NULL
	WHERE polls.collaborative_id = $1 AND polls.state = 'open' AND polls.deleted_at IS NULL`

func dueItem(c *operation.Call, fn func(due.Owner, due.Item)) func(store.Row) error {
	return func(row store.Row) error {
		var p Poll
		var who due.Owner
		var told time.Time
		if err := row.Scan(&p.ID, &p.Title, &p.Place, &p.Zone, &p.Minutes, store.ScanJSON(&p.Times), store.ScanTime(&p.CreatedAt), store.ScanTime(&told), &who.PersonID); err != nil {
			return err
		}
		ahead := slices.DeleteFunc(p.Times, func(text string) bool { return !p.At(text).After(c.Now) })
		if len(ahead) == 0 {
			return nil
		}
		since := p.CreatedAt
		if !told.IsZero() {
			since = told
		}
		fn(who, due.Item{Kind: DueItem, ID: due.ItemID(p.ID), Title: p.Title, Since: since.Format(time.DateOnly), On: ahead[0][:len(time.DateOnly)], Place: p.Place, Zone: p.Zone, Minutes: p.Minutes, Times: ahead,
			Answers: []string{due.AnswerTimes}})
		return nil
	}
}

// Of implements due.Source.
func (Source) Of(c *operation.Call, who due.Owner) (out []due.Item, err error) {
	if who.PersonID.IsZero() {
		return nil, nil
	}
	err = store.Each(c.Tx, dueItem(c, func(_ due.Owner, i due.Item) { out = append(out, i) }), dueText+` AND poll_people.person_id = $2`, who.PersonID)
	return out, err
}

// Each implements due.Source, of the newest 200 polls that are open.
func (Source) Each(c *operation.Call, fn func(due.Owner, due.Item)) error {
	open, err := store.Collect(c.Tx, func(row store.Row) (i ID, err error) { return i, row.Scan(&i) },
		`SELECT id FROM polls WHERE collaborative_id = $1 AND state = 'open' AND deleted_at IS NULL ORDER BY created_at DESC, id DESC LIMIT 200`)
	if err != nil || len(open) == 0 {
		return err
	}
	return store.Each(c.Tx, dueItem(c, fn), dueText+` AND polls.id IN ($2)`, store.In(open))
}

// Answer implements due.Source.
func (Source) Answer(c *operation.Call, who due.Owner, _ string, i due.ItemID, a due.Answer) error {
	if who.PersonID.IsZero() {
		return operation.Missing()
	}
	p, err := live(c, ID(i))
	if err != nil {
		return err
	}
	before, err := rowOf(c, p.ID, who.PersonID)
	switch {
	case err != nil:
		return err
	case before.id.IsZero() || !before.asked || before.gone || p.State != Open:
		return operation.Missing() // it is theirs no more, or settled meanwhile
	case a.Answer != due.AnswerTimes:
		return operation.InvalidField("answer", "errors.not_offered")
	case len(a.Times) == 0:
		return operation.InvalidField("times", "errors.required")
	}
	given := make([]TimeAnswer, len(a.Times))
	for k, t := range a.Times {
		given[k] = TimeAnswer(t)
	}
	_, err = answer(c, p, before, given, before.zone)
	return err
}
