package surveys

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"

	"commontable/internal/platform/access"
	"commontable/internal/platform/blind"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// HandIn hands in the answers of an anonymous wave, all at once.
type HandIn struct {
	Secret    string  `json:"secret" required:"true" text:"raw" doc:"Of the wave's address, the same for everybody."`
	Token     string  `json:"token" required:"true" text:"raw" maxLength:"100"`
	Signature string  `json:"signature" required:"true" text:"raw" maxLength:"400"`
	Answers   []Given `json:"answers,omitempty" maxItems:"200"`
}

// ballot is what one person answered.
type ballot map[string]Answer

// doorView is what the address shows at which slips are used. It knows nobody.
func doorView(c *operation.Call, secret string) (View, error) {
	link, err := access.TaskLinkOf(c, access.UseSlip, secret)
	if err != nil {
		return View{}, err
	}
	w, err := get(c, link.Record)
	if errors.Is(err, store.ErrNotFound) || err == nil && (w.DeletedAt != nil || w.State == Draft) {
		return View{State: Gone}, nil
	}
	if err != nil {
		return View{}, err
	}
	view := View{State: Over, Mode: w.Mode, Title: w.Title, Wave: w.ID.Short(), OpensOn: w.OpensOn, ClosesOn: w.ClosesOn, Languages: w.Languages, Instrument: w.content, Answers: map[string]Answer{}, wave: w}
	if w.takes(c.Today()) {
		view.State = Asking
		view.Roster, err = rosterOf(c, w.ID)
	}
	return view, err
}

// handIn takes answers for a slip that is the wave's and was not spent. Handing in twice
// is no fault: the first answers count, and the view says so.
func handIn(c *operation.Call, in HandIn) (View, error) {
	view, err := doorView(c, in.Secret)
	if err != nil || view.State != Asking {
		return view, err
	}
	key, _, err := slipKey(c, view.wave.ID)
	if err != nil {
		return view, operation.IgnoreMissing(err)
	}
	token, bad := base64.RawURLEncoding.DecodeString(in.Token)
	signature, worse := base64.RawURLEncoding.DecodeString(in.Signature)
	mark, err := key.Spend(token, signature)
	if bad != nil || worse != nil || errors.Is(err, blind.ErrToken) {
		return view, operation.Refuse(operation.Forbidden, "errors.survey_slip_unknown")
	}
	if err != nil {
		return view, err
	}
	n, err := store.Value[int64](c.Tx, `SELECT COUNT(*) FROM survey_tokens_spent WHERE collaborative_id = $1 AND wave_id = $2 AND token_hash = $3`, view.wave.ID, mark)
	if err != nil {
		return view, err
	}
	if view.Submitted = true; n > 0 {
		view.Spent = true
		return view, nil
	}
	if _, err := view.take(LinkSave{Do: Submit, Answers: in.Answers}, false); err != nil {
		return view, err
	}
	if _, err := c.Tx.Exec(`INSERT INTO survey_tokens_spent (collaborative_id, wave_id, token_hash) VALUES ($1, $2, $3)`, view.wave.ID, mark); err != nil {
		return view, err
	}
	return view, drop(c, view)
}

// drop puts answers into a box of the wave, any of them, among those that lie there.
func drop(c *operation.Call, view View) error {
	own := ballot{}
	view.Instrument.drop(view.Answers)
	for question, a := range view.Answers {
		if !a.Empty() {
			own[question] = a
		}
	}
	boxes, err := store.Value[int64](c.Tx, `SELECT COUNT(*) FROM survey_boxes WHERE collaborative_id = $1 AND wave_id = $2`, view.wave.ID)
	if err != nil {
		return err
	}
	if boxes == 0 {
		return operation.Missing()
	}
	return put(c, view.wave.ID, below(boxes), own)
}

// put adds ballots to a box, and shuffles it.
func put(c *operation.Call, w WaveID, number int64, more ...ballot) error {
	content, err := store.Value[[]byte](c.Tx, `SELECT content FROM survey_boxes WHERE collaborative_id = $1 AND wave_id = $2 AND number = $3`, w, number)
	if err != nil {
		return err
	}
	var list []ballot
	if err := json.Unmarshal(content, &list); err != nil {
		return err
	}
	list = append(list, more...)
	shuffle(list)
	if content, err = json.Marshal(list); err != nil {
		return err
	}
	_, err = c.Tx.Exec(`UPDATE survey_boxes SET content = $4 WHERE collaborative_id = $1 AND wave_id = $2 AND number = $3`, w, number, content)
	return err
}

// emptyBoxes takes everything out of the boxes of a wave that is closed, and makes
// responses of it, in no order. What was noted of slips is written anew too: PostgreSQL
// keeps with each row which transaction wrote it.
func emptyBoxes(c *operation.Call, w Wave) error {
	var list []ballot
	if err := store.Each(c.Tx, func(row store.Row) error {
		var content []byte
		var some []ballot
		err := row.Scan(&content)
		if err == nil {
			err = json.Unmarshal(content, &some)
		}
		list = append(list, some...)
		return err
	}, `SELECT content FROM survey_boxes WHERE collaborative_id = $1 AND wave_id = $2`, w.ID); err != nil {
		return err
	}
	shuffle(list)
	var responses, answers [][]any
	for _, b := range list {
		r := id.Random[Response]()
		responses = append(responses, []any{r, w.ID, true, c.Today()})
		for question, a := range b {
			answers = append(answers, []any{r, question, store.JSON(a)})
		}
	}
	shuffle(responses)
	shuffle(answers)
	if err := c.Tx.ExecRows(`INSERT INTO survey_responses (collaborative_id, id, wave_id, submitted, saved_on) VALUES ($1, $2, $3, $4, $5)`, responses); err != nil {
		return err
	}
	if err := c.Tx.ExecRows(`INSERT INTO survey_answers (collaborative_id, response_id, question, answer) VALUES ($1, $2, $3, $4)`, answers); err != nil {
		return err
	}
	if _, err := c.Tx.Exec(`UPDATE survey_boxes SET content = $3 WHERE collaborative_id = $1 AND wave_id = $2`, w.ID, []byte("[]")); err != nil {
		return err
	}
	return rewriteSlips(c, w)
}

// rewriteSlips writes anew, in no order, who was given a slip and which were spent.
func rewriteSlips(c *operation.Call, w Wave) error {
	issued, err := store.Collect(c.Tx, func(row store.Row) ([]any, error) {
		var i inviteeID
		var s slipRow
		err := row.Scan(&i, &s.sheet, &s.given, &s.mark)
		return []any{i, "", s.sheet, s.given, s.mark}, err
	}, `SELECT survey_tokens_issued.invitee_id, survey_tokens_issued.sheet, survey_tokens_issued.given, survey_tokens_issued.mark FROM survey_invitees
		JOIN survey_tokens_issued ON survey_tokens_issued.collaborative_id = $1 AND survey_tokens_issued.invitee_id = survey_invitees.id
		WHERE survey_invitees.collaborative_id = $1 AND survey_invitees.wave_id = $2`, w.ID)
	if err != nil {
		return err
	}
	spent, err := store.Collect(c.Tx, func(row store.Row) ([]any, error) {
		var mark []byte
		err := row.Scan(&mark)
		return []any{w.ID, mark}, err
	}, `SELECT token_hash FROM survey_tokens_spent WHERE collaborative_id = $1 AND wave_id = $2`, w.ID)
	if err != nil {
		return err
	}
	for _, statement := range []struct{ text string }{
		{`DELETE FROM survey_tokens_issued WHERE collaborative_id = $1 AND invitee_id IN (SELECT id FROM survey_invitees WHERE collaborative_id = $1 AND wave_id = $2)`},
		{`DELETE FROM survey_tokens_spent WHERE collaborative_id = $1 AND wave_id = $2`},
	} {
		if _, err := c.Tx.Exec(statement.text, w.ID); err != nil {
			return err
		}
	}
	shuffle(issued)
	shuffle(spent)
	if err := c.Tx.ExecRows(`INSERT INTO survey_tokens_issued (collaborative_id, invitee_id, issued_on, sheet, given, mark) VALUES ($1, $2, $3, $4, $5, $6)`, issued); err != nil {
		return err
	}
	return c.Tx.ExecRows(`INSERT INTO survey_tokens_spent (collaborative_id, wave_id, token_hash) VALUES ($1, $2, $3)`, spent)
}

// fillBoxes puts the responses of a wave that is opened again back into its boxes, so that
// those that come now are not told from those that came before.
func fillBoxes(c *operation.Call, w Wave) error {
	if err := layOut(c, w); err != nil {
		return err
	}
	list, err := handedIn(c, w)
	if err != nil || len(list) == 0 {
		return err
	}
	boxes, err := store.Value[int64](c.Tx, `SELECT COUNT(*) FROM survey_boxes WHERE collaborative_id = $1 AND wave_id = $2`, w.ID)
	if err != nil {
		return err
	}
	if boxes == 0 {
		return operation.Missing() // everybody who was invited is gone
	}
	parts := make([][]ballot, boxes)
	for _, r := range list {
		n := below(boxes)
		parts[n] = append(parts[n], r.Answers)
	}
	for n, some := range parts {
		if err := put(c, w.ID, int64(n), some...); err != nil {
			return err
		}
	}
	_, err = c.Tx.Exec(`DELETE FROM survey_responses WHERE collaborative_id = $1 AND wave_id = $2`, w.ID)
	return err
}

// below is a random number that is smaller than n.
func below(n int64) int64 {
	out, err := rand.Int(rand.Reader, big.NewInt(n))
	if err != nil {
		panic(err) // crypto/rand never fails: it ends the program instead
	}
	return out.Int64()
}

// shuffle puts a list in an order that nobody can guess.
func shuffle[A any](list []A) {
	for n := len(list) - 1; n > 0; n-- {
		k := below(int64(n) + 1)
		list[n], list[k] = list[k], list[n]
	}
}
