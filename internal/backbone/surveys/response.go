package surveys

import (
	"errors"
	"maps"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Response is what somebody answered in a wave, with what was known of them when it was
// opened. It is for release rules, and leaves this package through them alone. One of an
// anonymous wave has none of the attributes.
type Response struct {
	Answers        map[string]Answer // of the questions that were asked, and answered
	OrganizationID directory.OrganizationID
	Organization   string
	Sector         string
	Bodies         []InBody
	Kinds          []string
	MemberBand     string

	id     id.Of[Response]
	person directory.PersonID // zero in an anonymous wave, and after somebody was erased
}

type responseID = id.Of[Response]

// responseOf is the response of somebody invited; zero while there is none.
func responseOf(c *operation.Call, invitee id.Of[inviteeRow]) (r responseID, submitted bool, err error) {
	type found struct {
		id        responseID
		submitted bool
	}
	f, err := store.One(c.Tx, func(row store.Row) (f found, err error) { return f, row.Scan(&f.id, &f.submitted) },
		`SELECT survey_responses.id, survey_responses.submitted FROM survey_identities JOIN survey_responses ON survey_responses.collaborative_id = $1 AND survey_responses.id = survey_identities.response_id
		WHERE survey_identities.collaborative_id = $1 AND survey_identities.invitee_id = $2`, invitee)
	if errors.Is(err, store.ErrNotFound) {
		return responseID{}, false, nil
	}
	return f.id, f.submitted, err
}

// newResponse begins a response. invitee is zero in an anonymous wave: then nothing says
// whose it is. Its id is random, so that neither it nor the order of the rows tells when
// it was made.
func newResponse(c *operation.Call, w Wave, invitee id.Of[inviteeRow]) (responseID, error) {
	r := id.Random[Response]()
	if _, err := c.Tx.Exec(`INSERT INTO survey_responses (collaborative_id, id, wave_id, submitted, saved_on) VALUES ($1, $2, $3, FALSE, $4)`, r, w.ID, c.Today()); err != nil {
		return r, err
	}
	if invitee.IsZero() {
		return r, nil
	}
	_, err := c.Tx.Exec(`INSERT INTO survey_identities (collaborative_id, invitee_id, response_id) VALUES ($1, $2, $3)`, invitee, r)
	return r, err
}

// answersOf are the answers of a response by question.
func answersOf(c *operation.Call, r responseID) (map[string]Answer, error) {
	out := map[string]Answer{}
	return out, store.Each(c.Tx, func(row store.Row) error {
		var question string
		var a Answer
		err := row.Scan(&question, store.ScanJSON(&a))
		out[question] = a
		return err
	}, `SELECT question, answer FROM survey_answers WHERE collaborative_id = $1 AND response_id = $2`, r)
}

// keepAnswer puts an answer in place of the one before.
func keepAnswer(c *operation.Call, r responseID, question string, a Answer) error {
	if a.Empty() {
		_, err := c.Tx.Exec(`DELETE FROM survey_answers WHERE collaborative_id = $1 AND response_id = $2 AND question = $3`, r, question)
		return err
	}
	_, err := c.Tx.Exec(`INSERT INTO survey_answers (collaborative_id, response_id, question, answer) VALUES ($1, $2, $3, $4)
		ON CONFLICT (collaborative_id, response_id, question) DO UPDATE SET answer = excluded.answer`, r, question, store.JSON(a))
	return err
}

// forget takes a response away with its answers.
func forget(c *operation.Call, r responseID) error {
	for _, statement := range []struct{ text string }{
		{`DELETE FROM survey_identities WHERE collaborative_id = $1 AND response_id = $2`},
		{`DELETE FROM survey_answers WHERE collaborative_id = $1 AND response_id = $2`},
		{`DELETE FROM survey_responses WHERE collaborative_id = $1 AND id = $2`},
	} {
		if _, err := c.Tx.Exec(statement.text, r); err != nil {
			return err
		}
	}
	return nil
}

// responses are the answers that were handed in to a wave that is closed, with the
// attributes of whoever gave them as they were when it was opened. While a wave takes
// answers there are none: figures that grow answer by answer would tell of each. It
// checks no permission, and the order of what it returns means nothing.
func responses(c *operation.Call, w Wave) ([]Response, error) {
	if w.State != Closed && w.State != Released {
		return nil, operation.InvalidField("wave_id", "errors.survey_state")
	}
	return handedIn(c, w)
}

// handedIn are the answers that were handed in to a wave, in whatever state it is.
func handedIn(c *operation.Call, w Wave) ([]Response, error) {
	at := map[responseID]*Response{}
	var out []*Response
	if err := store.Each(c.Tx, func(row store.Row) error {
		r := &Response{Answers: map[string]Answer{}}
		err := row.Scan(&r.id, &r.person, &r.OrganizationID, store.ScanText(&r.Organization), store.ScanText(&r.Sector), store.ScanJSON(&r.Bodies), store.ScanJSON(&r.Kinds), store.ScanText(&r.MemberBand))
		at[r.id], out = r, append(out, r)
		return err
	}, `SELECT survey_responses.id, survey_invitees.person_id, survey_invitees.organization_id, survey_invitees.organization, survey_invitees.sector, survey_invitees.bodies, survey_invitees.kinds, survey_invitees.member_band FROM survey_responses
		LEFT JOIN survey_identities ON survey_identities.collaborative_id = $1 AND survey_identities.response_id = survey_responses.id
		LEFT JOIN survey_invitees ON survey_invitees.collaborative_id = $1 AND survey_invitees.id = survey_identities.invitee_id
		WHERE survey_responses.collaborative_id = $1 AND survey_responses.wave_id = $2 AND survey_responses.submitted = TRUE`, w.ID); err != nil {
		return nil, err
	}
	if err := store.Each(c.Tx, func(row store.Row) error {
		var r responseID
		var question string
		var a Answer
		err := row.Scan(&r, &question, store.ScanJSON(&a))
		if one := at[r]; one != nil {
			one.Answers[question] = a
		}
		return err
	}, `SELECT survey_answers.response_id, survey_answers.question, survey_answers.answer FROM survey_responses
		JOIN survey_answers ON survey_answers.collaborative_id = $1 AND survey_answers.response_id = survey_responses.id
		WHERE survey_responses.collaborative_id = $1 AND survey_responses.wave_id = $2 AND survey_responses.submitted = TRUE`, w.ID); err != nil {
		return nil, err
	}
	list := make([]Response, len(out))
	for k, r := range out {
		w.content.drop(r.Answers)
		list[k] = *r
	}
	return list, nil
}

// drop takes out the answers to questions that are not asked after the others.
func (i *Instrument) drop(answers map[string]Answer) {
	shown := i.Visible(answers)
	maps.DeleteFunc(answers, func(question string, _ Answer) bool { return !shown[question] })
}

// Signed is what one person answered in a named wave.
type Signed struct {
	PersonID     directory.PersonID `json:"person_id"`
	Person       string             `json:"person"`
	Organization string             `json:"organization,omitempty"`
	Answers      map[string]Answer  `json:"answers" doc:"By question."`
}

// SignedPage is what everybody answered in a named wave.
type SignedPage struct {
	operation.Page[Signed]

	wave   Wave
	roster []Entry
}

// View is what somebody answered, with the questions and the roster they were asked.
func (p SignedPage) View(one Signed) View {
	return View{Instrument: p.wave.content, Languages: p.wave.Languages, Roster: p.roster, Answers: one.Answers}
}

// NamedAnswers reads who answered what, in a named wave alone.
var NamedAnswers = operation.Define(operation.Operation[Ref, SignedPage]{
	Definition: operation.Definition{ID: "survey-waves.answers", Summary: "Reads who answered what in a named survey wave; of any other wave nobody can", ReadOnly: true, Sensitive: true, Method: "GET", Path: "/survey-waves/{id}/answers"},
	Run: func(c *operation.Call, in Ref) (out SignedPage, err error) {
		out.Page = operation.Page[Signed]{Items: []Signed{}, Total: -1}
		if out.wave, err = waves.Read(c, in.ID); err != nil {
			return out, err
		}
		if out.wave.Mode != Named {
			return out, operation.Refuse(operation.Forbidden, "errors.survey_confidential")
		}
		if out.roster, err = rosterOf(c, in.ID); err != nil {
			return out, err
		}
		list, err := handedIn(c, out.wave)
		if err != nil {
			return out, err
		}
		answers := map[directory.PersonID]map[string]Answer{}
		for _, r := range list {
			answers[r.person] = r.Answers
		}
		people, err := invited(c, in.ID)
		if err != nil {
			return out, err
		}
		for _, v := range people {
			if theirs, any := answers[v.PersonID]; any && !v.gone {
				out.Items = append(out.Items, Signed{PersonID: v.PersonID, Person: v.Person, Organization: v.Organization, Answers: theirs})
			}
		}
		c.Changed(out.wave.Subject(), out.wave.Name(), out.wave.Version, nil, nil)
		return out, nil
	},
})
