package surveys

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"

	"commontable/internal/platform/access"
	"commontable/internal/platform/blind"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// Who is invited to an anonymous wave is given one slip: a token that the browser draws
// and the wave's key signs unseen (see platform/blind). Of it the program notes that it
// was given, and not when. docs/decisions/0035-anonymous-answers.md says why each thing is
// written as it is.

const (
	// sheetSize is how many people stand on a sheet, and boxSize for how many people there
	// is a box: among so many the order is lost at every moment, and not at the end alone.
	sheetSize = 64
	boxSize   = 64

	slipPurpose = "survey slips"
)

// sheet is some of those invited, whose slips are written together.
type sheet struct{}

// Slip is a signed blinded token.
type Slip struct {
	Signed string `json:"signed" doc:"The blinded signature, base64url."`
}

// slipAsk asks for a slip.
type slipAsk struct {
	Secret  string `json:"secret" required:"true" text:"raw"`
	Blinded string `json:"blinded" required:"true" text:"raw" maxLength:"400" doc:"The blinded token, base64url."`
}

// slipKeys is what is sealed of a wave.
type slipKeys struct {
	Key  []byte `json:"key"`
	Door string `json:"door"` // where the slips are used; the same for all
}

// layOut makes the slips and boxes of an anonymous wave that has none.
func layOut(c *operation.Call, w Wave) error {
	n, err := store.Value[int64](c.Tx, `SELECT COUNT(*) FROM survey_boxes WHERE collaborative_id = $1 AND wave_id = $2`, w.ID)
	if err != nil || n > 0 {
		return err
	}
	people, err := invited(c, w.ID)
	if err != nil {
		return err
	}
	shuffle(people)
	var rows, boxes [][]any
	var at id.Of[sheet]
	for n, v := range people {
		if n%sheetSize == 0 {
			at = id.Random[sheet]()
		}
		rows = append(rows, []any{v.id, "", at, false, make([]byte, sha256.Size)})
	}
	if err := c.Tx.ExecRows(`INSERT INTO survey_tokens_issued (collaborative_id, invitee_id, issued_on, sheet, given, mark) VALUES ($1, $2, $3, $4, $5, $6)`, rows); err != nil {
		return err
	}
	for n := range (len(people) + boxSize - 1) / boxSize {
		boxes = append(boxes, []any{w.ID, int64(n), []byte("[]")})
	}
	return c.Tx.ExecRows(`INSERT INTO survey_boxes (collaborative_id, wave_id, number, content) VALUES ($1, $2, $3, $4)`, boxes)
}

// clearAway takes away what layOut made, and the key.
func clearAway(c *operation.Call, w Wave) error {
	for _, statement := range []struct{ text string }{
		{`DELETE FROM survey_tokens_issued WHERE collaborative_id = $1 AND invitee_id IN (SELECT id FROM survey_invitees WHERE collaborative_id = $1 AND wave_id = $2)`},
		{`DELETE FROM survey_boxes WHERE collaborative_id = $1 AND wave_id = $2`},
		{`DELETE FROM survey_keys WHERE collaborative_id = $1 AND id = $2`},
	} {
		if _, err := c.Tx.Exec(statement.text, w.ID); err != nil {
			return err
		}
	}
	return nil
}

// endSlips makes slips useless once a wave is released: the key and what was spent are
// deleted. Who was given one stays, for the counts.
func endSlips(c *operation.Call, w Wave) error {
	for _, statement := range []struct{ text string }{
		{`DELETE FROM survey_tokens_spent WHERE collaborative_id = $1 AND wave_id = $2`},
		{`DELETE FROM survey_boxes WHERE collaborative_id = $1 AND wave_id = $2`},
		{`DELETE FROM survey_keys WHERE collaborative_id = $1 AND id = $2`},
	} {
		if _, err := c.Tx.Exec(statement.text, w.ID); err != nil {
			return err
		}
	}
	return nil
}

// readySlips makes the key of an anonymous wave before anybody gets a link.
func (s *Service) readySlips(c *operation.Call, w Wave) error {
	if err := layOut(c, w); err != nil {
		return err
	}
	n, err := store.Value[int64](c.Tx, `SELECT COUNT(*) FROM survey_keys WHERE collaborative_id = $1 AND id = $2`, w.ID)
	if err != nil || n > 0 {
		return err
	}
	key, err := blind.NewKey()
	if err != nil {
		return err
	}
	var kept slipKeys
	if kept.Key, err = key.Marshal(); err != nil {
		return err
	}
	if kept.Door, err = s.access.NewLetterLink(c, access.UseSlip, access.PathSlip, w.ID, "", c.Now.Add(linkServes)); err != nil {
		return err
	}
	plain, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	sealed, err := c.Secrets().Seal(slipPurpose, plain)
	if err != nil {
		return err
	}
	_, err = c.Tx.Exec(`INSERT INTO survey_keys (collaborative_id, id, sealed) VALUES ($1, $2, $3)`, w.ID, sealed)
	return err
}

// slipKey is the key of a wave, and where its slips are used. store.ErrNotFound stands for
// a wave that has none.
func slipKey(c *operation.Call, w WaveID) (key blind.Key, door string, err error) {
	sealed, err := store.Value[[]byte](c.Tx, `SELECT sealed FROM survey_keys WHERE collaborative_id = $1 AND id = $2`, w)
	if err != nil {
		return key, "", err
	}
	plain, err := c.Secrets().Open(slipPurpose, sealed)
	if err != nil {
		return key, "", err
	}
	var kept slipKeys
	if err := json.Unmarshal(plain, &kept); err != nil {
		return key, "", err
	}
	key, err = blind.Unmarshal(kept.Key)
	return key, kept.Door, err
}

// slipOf is what is noted of somebody's slip.
type slipRow struct {
	sheet id.Of[sheet]
	given bool
	mark  []byte
}

func slipOf(c *operation.Call, i inviteeID) (slipRow, error) {
	return store.One(c.Tx, func(row store.Row) (s slipRow, err error) { return s, row.Scan(&s.sheet, &s.given, &s.mark) },
		`SELECT sheet, given, mark FROM survey_tokens_issued WHERE collaborative_id = $1 AND invitee_id = $2`, i)
}

// slipView adds to what somebody invited to an anonymous wave sees.
func slipView(c *operation.Call, view *View) error {
	slip, err := slipOf(c, view.invitee)
	if errors.Is(err, store.ErrNotFound) {
		view.State = Gone // brought from another installation, and not invited anew
		return nil
	}
	if err != nil {
		return err
	}
	view.Taken = slip.given
	if view.State != Asking {
		return nil
	}
	key, door, err := slipKey(c, view.wave.ID)
	if errors.Is(err, store.ErrNotFound) {
		view.State = Gone
		return nil
	}
	if err != nil {
		return err
	}
	view.Key, view.Door = key.Public(), door
	return nil
}

// signedSlip is where the context holds what signSlip made.
type signedSlip struct{}

// signSlip signs a blinded token for the bearer of a link. It changes nothing, and nobody is
// given what it signs before giveSlip says so: signing takes milliseconds, for which no
// other writer should have to wait.
func signSlip(c *operation.Call, in slipAsk) (Slip, error) {
	view, err := look(c, in.Secret)
	if err != nil {
		return Slip{}, err
	}
	if view.Mode != Anonymous || view.State != Asking {
		return Slip{}, operation.Refuse(operation.Conflict, "errors.survey_slip_closed")
	}
	blinded, err := base64.RawURLEncoding.DecodeString(in.Blinded)
	if err != nil {
		return Slip{}, operation.InvalidField("blinded", "errors.bad_request")
	}
	key, _, err := slipKey(c, view.wave.ID)
	if err != nil {
		return Slip{}, err
	}
	signed, err := key.Sign(blinded)
	if errors.Is(err, blind.ErrToken) {
		return Slip{}, operation.InvalidField("blinded", "errors.bad_request")
	}
	return Slip{base64.RawURLEncoding.EncodeToString(signed)}, err
}

// giveSlip gives the bearer of a link the token that was signed for them, once. The same
// blinded token is given again, since its answer may have been lost on the way.
func giveSlip(c *operation.Call, in slipAsk) (Slip, error) {
	signed, ok := c.Context().Value(signedSlip{}).(Slip)
	if !ok {
		return Slip{}, operation.Missing()
	}
	view, err := look(c, in.Secret)
	if err != nil {
		return Slip{}, err
	}
	if view.Mode != Anonymous || view.State != Asking {
		return Slip{}, operation.Refuse(operation.Conflict, "errors.survey_slip_closed")
	}
	blinded, err := base64.RawURLEncoding.DecodeString(in.Blinded)
	if err != nil {
		return Slip{}, operation.InvalidField("blinded", "errors.bad_request")
	}
	mark := sha256.Sum256(blinded)
	slip, err := slipOf(c, view.invitee)
	if err != nil {
		return Slip{}, err
	}
	if slip.given && subtle.ConstantTimeCompare(slip.mark, mark[:]) == 0 {
		return Slip{}, operation.Refuse(operation.Conflict, "errors.survey_slip_taken")
	}
	if !slip.given {
		if err := markSlip(c, slip.sheet, view.invitee, mark[:]); err != nil {
			return Slip{}, err
		}
	}
	return signed, nil
}

// markSlip notes that somebody was given a slip, and writes all of their sheet anew.
func markSlip(c *operation.Call, on id.Of[sheet], to inviteeID, mark []byte) error {
	_, err := c.Tx.Exec(`UPDATE survey_tokens_issued SET given = CASE WHEN invitee_id = $3 THEN TRUE ELSE given END, mark = CASE WHEN invitee_id = $3 THEN $4 ELSE mark END
		WHERE collaborative_id = $1 AND sheet = $2`, on, to, mark)
	return err
}
