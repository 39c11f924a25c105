package polls

import (
	"cmp"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

const columns = `polls.id, polls.body_id, bodies.name, polls.title, polls.purpose, polls.mode, polls.place, polls.link, polls.zone, polls.minutes, polls.times, polls.names_shown, polls.state,
	polls.chosen, polls.meeting_id, polls.version, polls.created_at, polls.updated_at, polls.deleted_at`

const tables = ` FROM polls LEFT JOIN bodies ON bodies.collaborative_id = $1 AND bodies.id = polls.body_id WHERE polls.collaborative_id = $1`

func scan(row store.Row) (Poll, error) {
	var p Poll
	var deleted time.Time
	err := row.Scan(&p.ID, &p.BodyID, store.ScanText(&p.Body), &p.Title, &p.Purpose, &p.Mode, &p.Place, &p.Link, &p.Zone, &p.Minutes, store.ScanJSON(&p.Times), &p.NamesShown, &p.State,
		&p.Chosen, &p.MeetingID, &p.Version, store.ScanTime(&p.CreatedAt), store.ScanTime(&p.UpdatedAt), store.ScanTime(&deleted))
	p.DeletedAt = operation.Instant(deleted)
	return p, err
}

func get(c *operation.Call, i ID) (Poll, error) {
	return store.One(c.Tx, scan, `SELECT `+columns+tables+` AND polls.id = $2`, i)
}

func insert(c *operation.Call, p Poll) error {
	_, err := c.Tx.Exec(`INSERT INTO polls (collaborative_id, id, body_id, title, purpose, mode, place, link, zone, minutes, times, names_shown, state, chosen, meeting_id, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17)`,
		p.ID, p.BodyID, p.Title, p.Purpose, p.Mode, p.Place, p.Link, p.Zone, p.Minutes, store.JSON(p.Times), p.NamesShown, p.State, p.Chosen, p.MeetingID, p.Version, store.Micros(p.CreatedAt))
	return err
}

func update(c *operation.Call, _, p Poll) error {
	return operation.Changed(c.Tx.Exec(`UPDATE polls SET body_id = $3, title = $4, purpose = $5, mode = $6, place = $7, link = $8, zone = $9, minutes = $10, times = $11, names_shown = $12, state = $13,
		chosen = $14, meeting_id = $15, version = $16, updated_at = $17, deleted_at = $18 WHERE collaborative_id = $1 AND id = $2 AND version = $16 - 1`,
		p.ID, p.BodyID, p.Title, p.Purpose, p.Mode, p.Place, p.Link, p.Zone, p.Minutes, store.JSON(p.Times), p.NamesShown, p.State, p.Chosen, p.MeetingID, p.Version,
		store.Micros(p.UpdatedAt), operation.DeletedMicros(p.DeletedAt)))
}

const peopleText = `SELECT poll_people.id, poll_people.person_id, people.given_name, people.family_name, people.deleted_at, poll_people.asked, poll_people.required, poll_people.answers,
	poll_people.answered_at, poll_people.zone, poll_people.letters, poll_people.told_at FROM poll_people
	JOIN people ON people.collaborative_id = $1 AND people.id = poll_people.person_id WHERE poll_people.collaborative_id = $1`

func scanAsked(row store.Row) (Asked, error) {
	var a Asked
	var name directory.Person
	var gone, answered, told time.Time
	err := row.Scan(&a.id, &a.PersonID, &name.GivenName, &name.FamilyName, store.ScanTime(&gone), &a.asked, &a.Required, store.ScanJSON(&a.Answers),
		store.ScanTime(&answered), &a.zone, &a.letters, store.ScanTime(&told))
	a.Person, a.given, a.gone, a.AnsweredAt, a.ToldAt = name.Name(), cmp.Or(name.GivenName, name.FamilyName), !gone.IsZero(), operation.Instant(answered), operation.Instant(told)
	return a, err
}

// peopleOf are those asked, as they were asked.
func peopleOf(c *operation.Call, p Poll) ([]Asked, error) {
	all, err := store.Collect(c.Tx, scanAsked, peopleText+` AND poll_people.poll_id = $2 AND poll_people.asked = TRUE AND people.deleted_at IS NULL ORDER BY poll_people.id`, p.ID)
	for k := range all {
		all[k].keep(p.Times)
	}
	return all, err
}

// keep leaves out what was answered to times that are not proposed any more.
func (a *Asked) keep(times []string) {
	left := map[string]string{}
	for _, text := range times {
		if answer := a.Answers[text]; answer != "" {
			left[text] = answer
		}
	}
	a.Answers = left
}

// rowOf is what is on record about somebody and a poll; zero when nothing is.
func rowOf(c *operation.Call, p ID, person directory.PersonID) (Asked, error) {
	found, err := store.Collect(c.Tx, scanAsked, peopleText+` AND poll_people.poll_id = $2 AND poll_people.person_id = $3`, p, person)
	if err != nil || len(found) == 0 {
		return Asked{}, err
	}
	return found[0], nil
}

func put(c *operation.Call, p ID, a Asked) error {
	if a.Answers == nil {
		a.Answers = map[string]string{}
	}
	_, err := c.Tx.Exec(`INSERT INTO poll_people (collaborative_id, id, poll_id, person_id, asked, required, answers, answered_at, zone, letters, told_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (collaborative_id, poll_id, person_id) DO UPDATE SET asked = excluded.asked, required = excluded.required, answers = excluded.answers, answered_at = excluded.answered_at,
		zone = excluded.zone, letters = excluded.letters, told_at = excluded.told_at`,
		a.id, p, a.PersonID, a.asked, a.Required, store.JSON(a.Answers), operation.DeletedMicros(a.AnsweredAt), a.zone, a.letters, operation.DeletedMicros(a.ToldAt))
	return err
}

// count fills in how many are asked and have answered.
func count(c *operation.Call, list []Poll) error {
	at := map[ID]int{}
	ids := make([]ID, len(list))
	for k, p := range list {
		at[p.ID], ids[k] = k, p.ID
	}
	if len(ids) == 0 {
		return nil
	}
	return store.Each(c.Tx, func(row store.Row) error {
		var i ID
		var asked, answered int64
		err := row.Scan(&i, &asked, &answered)
		list[at[i]].Asked, list[at[i]].Answered = asked, answered
		return err
	}, `SELECT poll_people.poll_id, COUNT(*), COUNT(poll_people.answered_at) FROM poll_people JOIN people ON people.collaborative_id = $1 AND people.id = poll_people.person_id AND people.deleted_at IS NULL
		WHERE poll_people.collaborative_id = $1 AND poll_people.poll_id IN ($2) AND poll_people.asked = TRUE GROUP BY poll_people.poll_id`, store.In(ids))
}
