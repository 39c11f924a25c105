package web

import (
	"context"
	"io"
	"mime"
	"net/http"
	"net/url"

	"commontable/internal/backbone/commitments"
	"commontable/internal/backbone/materials"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/web/ui"
)

// evidenceSent reads a form that may bring files, and the files, which wait until it is
// known what they show. A form without files may come in the plain way too.
func (s *Server) evidenceSent(w http.ResponseWriter, r *http.Request, k commitments.Commitment) (url.Values, []materials.UploadID, error) {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "multipart/form-data" {
		return r.PostForm, nil, nil
	}
	var brought []materials.UploadID
	v, err := s.upload(w, r, s.receiver(r.Context(), k.ID), func(_ url.Values, u materials.UploadID) error {
		if len(brought) >= mostAtOnce {
			return operation.InvalidField("file", "errors.too_many_items", map[string]any{"Maximum": mostAtOnce})
		}
		brought = append(brought, u)
		return nil
	})
	return v, brought, err
}

// receiver passes on the files that show what was given towards a commitment.
func (s *Server) receiver(ctx context.Context, k commitments.ID) func(name string, file io.Reader) (materials.UploadID, error) {
	return func(name string, file io.Reader) (materials.UploadID, error) {
		u, err := s.app.Materials.BeginEvidence.Do(ctx, s.app.Door, materials.BeginEvidence{CommitmentID: k, FileName: name})
		if err != nil {
			return u.ID, err
		}
		return u.ID, inParts(file, func(number int64, content []byte, last bool) error {
			_, err := s.app.Materials.AddEvidencePart.Do(ctx, s.app.Door, materials.EvidencePart{CommitmentID: k, ID: u.ID, Part: number, Content: content, Last: last})
			return err
		})
	}
}

// attachEvidence adds files and an address to a delivery, each as evidence of its own, and says
// how many were taken before one was not.
func (s *Server) attachEvidence(ctx context.Context, d commitments.Delivery, v url.Values, brought []materials.UploadID, receipt *operation.Receipt) (added int, err error) {
	add := func(title string, u materials.UploadID, link string) error {
		_, err := s.app.Materials.AddEvidence.Do(operation.WithReceipt(ctx, receipt), s.app.Door, materials.EvidenceInput{CommitmentID: d.CommitmentID, DeliveryID: d.ID, Title: title, UploadID: u, Link: link})
		if err == nil {
			added++
		}
		return err
	}
	title, link := v.Get("title"), v.Get("link")
	// The address first: what is wrong with it is mended without choosing files again.
	if link != "" {
		if err := add(title, materials.UploadID{}, link); err != nil {
			return added, err
		}
	}
	if link != "" || len(brought) > 1 {
		title = "" // several files keep their own names
	}
	for _, u := range brought {
		if err := add(title, u, ""); err != nil {
			return added, err
		}
	}
	return added, nil
}

// deliveryAdd is POST …/commitments/{id}/deliveries: what was given, perhaps with what
// shows it.
func (s *Server) deliveryAdd(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	k, err := s.commitment(r) // what is not there is missing, before a file is
	if err != nil {
		return err
	}
	var receipt operation.Receipt
	v, brought, err := s.evidenceSent(w, r, k)
	var amount int64
	if err == nil {
		amount, err = hundredths(v.Get("amount"), "amount")
	}
	var d commitments.Delivery
	if err == nil {
		d, err = commitments.AddDelivery.Do(operation.WithReceipt(ctx, &receipt), s.app.Door, commitments.DeliveryInput{CommitmentID: k.ID, On: v.Get("on"), Amount: amount, Evidence: v.Get("evidence")})
	}
	if f, ok := faultsOf(ctx, err); ok {
		return s.commitmentPage(w, r, http.StatusUnprocessableEntity, k, v, f)
	}
	if err != nil {
		return err
	}
	var ignored operation.Receipt // taking back what was given takes its evidence along
	_, err = s.attachEvidence(ctx, d, v, brought, &ignored)
	if f, ok := faultsOf(ctx, err); ok {
		said := []ui.NoticeProps{{Kind: ui.Good, Text: i18n.T(ctx, "done.deliveries.add")}, {Kind: ui.Warn, Text: i18n.T(ctx, "evidence.not_taken")}}
		return s.deliveryPage(w, r, http.StatusUnprocessableEntity, k, d, v, f, said)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, commitmentAddress(ctx, k.ID, ""), "deliveries.add", receipt)
}

// evidenceAdd is POST …/commitments/{id}/deliveries/{delivery}/evidence.
func (s *Server) evidenceAdd(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	k, err := s.commitment(r)
	if err != nil {
		return err
	}
	d, err := s.delivery(r, k)
	if err != nil {
		return err
	}
	v, brought, err := s.evidenceSent(w, r, k)
	var receipt operation.Receipt
	added := 0
	switch {
	case err != nil:
	case len(brought) == 0 && v.Get("link") == "":
		err = operation.InvalidField("file", "errors.material_nothing")
	default:
		added, err = s.attachEvidence(ctx, d, v, brought, &receipt)
	}
	if f, ok := faultsOf(ctx, err); ok {
		var said []ui.NoticeProps
		if added > 0 {
			v.Del("link")
			said = append(said, ui.NoticeProps{Kind: ui.Good, Text: i18n.T(ctx, "evidence.some_added", i18n.Args{"Count": added})})
		}
		return s.deliveryPage(w, r, http.StatusUnprocessableEntity, k, d, v, f, said)
	}
	if err != nil {
		return err
	}
	if added > 1 {
		receipt = operation.Receipt{} // one step would take only the last away
	}
	return s.done(w, r, commitmentAddress(ctx, k.ID, "/deliveries/"+d.ID.Short()), "delivery-evidence.add", receipt)
}
