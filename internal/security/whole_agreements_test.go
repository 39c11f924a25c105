package security_test

import (
	"testing"

	"commontable/internal/backbone/agreements"
	"commontable/internal/backbone/directory"
)

// agreementChanges are the changes of membership agreements, in an order in which
// each can be done.
func (s *site) agreementChanges(t *testing.T) []change {
	t.Helper()
	ctx, door := s.here.context, s.app.Door
	other := do(t, ctx, s.app, directory.CreateOrganization, directory.OrganizationInput{Name: "Signing House"})
	var a agreements.Agreement
	keep := func(now agreements.Agreement, err error) error {
		if err == nil {
			a = now
		}
		return err
	}
	at := func() agreements.AtVersion { return agreements.AtVersion{ID: a.ID, Version: a.Version} }
	return []change{
		{"agreements.create", func() error {
			return keep(agreements.Create.Do(ctx, door, agreements.Input{OrganizationID: other.ID, SignatoryName: "Ana Ruiz", SignatoryEmail: "ana@mail.example"}))
		}},
		{"agreements.edit", func() error {
			return keep(agreements.Edit.Do(ctx, door, agreements.Patch{ID: a.ID, Version: a.Version, TermMonths: ptr(int64(24))}))
		}},
		{"agreements.send", func() error { return keep(s.app.Agreements.Send.Do(ctx, door, at())) }},
		{"agreements.withdraw", func() error { return keep(agreements.Withdraw.Do(ctx, door, at())) }},
		{"agreements.trash", func() error { return keep(agreements.Trash.Do(ctx, door, at())) }},
		{"agreements.restore", func() error { return keep(agreements.Restore.Do(ctx, door, at())) }},
		{"agreements.edit-several", func() error {
			page, err := s.app.Agreements.EditSeveral.Do(ctx, door, agreements.SeveralInput{Items: []agreements.AtVersion{at()}, TermMonths: ptr(int64(12))})
			if err == nil {
				a = page.Items[0]
			}
			return err
		}},
		{"agreements.record-signature", func() error {
			return keep(agreements.RecordSignature.Do(ctx, door, agreements.RecordInput{ID: a.ID, Version: a.Version, Name: "Ana Ruiz"}))
		}},
		{"agreements.remove-signature", func() error { return keep(agreements.RemoveSignature.Do(ctx, door, at())) }},
		{"agreements.record-signature", func() error {
			return keep(agreements.RecordSignature.Do(ctx, door, agreements.RecordInput{ID: a.ID, Version: a.Version, Name: "Ana Ruiz"}))
		}},
		{"agreements.end", func() error {
			return keep(agreements.End.Do(ctx, door, agreements.EndInput{ID: a.ID, Version: a.Version, Note: "moved away"}))
		}},
		{"agreements.resume", func() error { return keep(agreements.Resume.Do(ctx, door, at())) }},
		{"agreements.renew", func() error { return keep(agreements.Renew.Do(ctx, door, agreements.Ref{ID: a.ID})) }},
	}
}
