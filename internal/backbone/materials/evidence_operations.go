package materials

import (
	"context"

	"commontable/internal/backbone/commitments"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// EvidenceRef names evidence of something given towards a commitment.
type EvidenceRef struct {
	CommitmentID commitments.ID `json:"commitment_id"`
	ID           ID             `json:"id"`
}

// EvidenceVersion names one version of the record of evidence.
type EvidenceVersion struct {
	CommitmentID commitments.ID `json:"commitment_id"`
	ID           ID             `json:"id"`
	Version      int64          `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
}

// EvidenceInput is new evidence: a file that was uploaded, or an address.
type EvidenceInput struct {
	CommitmentID commitments.ID         `json:"commitment_id"`
	DeliveryID   commitments.DeliveryID `json:"delivery_id"`
	Title        string                 `json:"title,omitempty" maxLength:"200" doc:"What it shows; the file's name or the address when absent."`
	UploadID     UploadID               `json:"upload_id,omitempty" doc:"The file, once all its parts are here."`
	Link         string                 `json:"link,omitempty" maxLength:"1000" format:"url" doc:"An address with https, instead of a file."`
}

// BeginEvidence is a file about to come.
type BeginEvidence struct {
	CommitmentID commitments.ID `json:"commitment_id"`
	FileName     string         `json:"file_name" required:"true" maxLength:"1000" text:"raw"`
	Size         int64          `json:"size,omitempty" minimum:"0" maximum:"9007199254740991" doc:"In bytes; 0 when it is not known."`
}

// EvidencePart is one part of the file.
type EvidencePart struct {
	CommitmentID commitments.ID `json:"commitment_id"`
	ID           UploadID       `json:"id"`
	Part         int64          `json:"part" minimum:"0" maximum:"1000000" doc:"Its place, from 0."`
	Content      []byte         `json:"content" maxItems:"524288" doc:"Base64 of up to 524,288 bytes; every part but the last has exactly as many."`
	Last         bool           `json:"last,omitempty" doc:"Says that no further part comes."`
}

// EvidenceDownload names evidence and where to go on.
type EvidenceDownload struct {
	CommitmentID commitments.ID `json:"commitment_id"`
	ID           ID             `json:"id"`
	After        string         `json:"after,omitempty" text:"raw" maxLength:"2000" doc:"Where to go on, from the part before."`
}

type gatherEvidence struct {
	CommitmentID commitments.ID `json:"commitment_id"`
	UploadID     UploadID       `json:"upload_id"`
}

// ListEvidence lists the evidence of what was given towards a commitment. Whoever sees
// the deliveries sees it, and nobody else.
var ListEvidence = operation.Define(operation.Operation[commitments.CommitmentPart, operation.Page[Evidence]]{
	Definition: operation.Definition{ID: "delivery-evidence.list", Summary: "Lists the evidence of what was given towards a commitment: files and addresses", ReadOnly: true, Method: "GET", Path: "/commitments/{commitment_id}/evidence"},
	About:      func(in commitments.CommitmentPart) operation.Subject { return commitments.Subject(in.CommitmentID) },
	Run: func(c *operation.Call, in commitments.CommitmentPart) (operation.Page[Evidence], error) {
		if _, err := commitments.Get.Within(c, commitments.Ref{ID: in.CommitmentID}); err != nil {
			return operation.Page[Evidence]{}, err
		}
		all, err := evidenceOf(c, in.CommitmentID)
		return operation.Whole(all), err
	},
})

// GetEvidence reads one, also from the trash.
var GetEvidence = operation.Define(operation.Operation[EvidenceRef, Evidence]{
	Definition: operation.Definition{ID: "delivery-evidence.get", Summary: "Reads one piece of evidence of what was given", ReadOnly: true, Method: "GET", Path: "/commitments/{commitment_id}/evidence/{id}"},
	About:      func(in EvidenceRef) operation.Subject { return commitments.Subject(in.CommitmentID) },
	Run: func(c *operation.Call, in EvidenceRef) (Evidence, error) {
		if _, err := commitments.Get.Within(c, commitments.Ref{ID: in.CommitmentID}); err != nil {
			return Evidence{}, err
		}
		e, err := evidence.Read(c, in.ID)
		if err != nil {
			return e, err
		}
		if _, err := commitments.DeliveryFor(c, in.CommitmentID, e.DeliveryID); err != nil {
			return Evidence{}, err
		}
		return e, nil
	},
})

func (s *Service) defineEvidence() {
	s.BeginEvidence = operation.Define(operation.Operation[BeginEvidence, Upload]{
		Definition: operation.Definition{ID: "delivery-evidence.begin-upload", Summary: "Begins the upload of a file that shows what was given; its parts follow", Method: "POST", Path: "/commitments/{commitment_id}/uploads"},
		About:      func(in BeginEvidence) operation.Subject { return commitments.Subject(in.CommitmentID) },
		Limit:      func(BeginEvidence) string { return UploadLimit },
		Run: func(c *operation.Call, in BeginEvidence) (Upload, error) {
			k, err := commitments.Get.Within(c, commitments.Ref{ID: in.CommitmentID})
			if err == nil && k.DeletedAt != nil {
				err = operation.Missing()
			}
			if err != nil {
				return Upload{}, err
			}
			return s.begin(c, holder{commitment: in.CommitmentID}, in.FileName, in.Size)
		},
	})
	s.AddEvidencePart = operation.Define(operation.Operation[EvidencePart, Upload]{
		Definition: operation.Definition{ID: "delivery-evidence.add-part", Summary: "Takes in the next part of such an upload", Secret: true, Method: "POST", Path: "/commitments/{commitment_id}/uploads/{id}/parts"},
		About:      func(in EvidencePart) operation.Subject { return commitments.Subject(in.CommitmentID) },
		Run: func(c *operation.Call, in EvidencePart) (Upload, error) {
			return s.addPart(c, holder{commitment: in.CommitmentID}, in.ID, part{in.Part, in.Content, in.Last})
		},
	})
	s.gatherEvidence = operation.Define(operation.Operation[gatherEvidence, gathered]{
		Definition: operation.Definition{ID: "delivery-evidence.gather", Summary: "Brings the parts of such an upload together", ReadOnly: true, Secret: true, BrowserOnly: "adding evidence does this first"},
		About:      func(in gatherEvidence) operation.Subject { return commitments.Subject(in.CommitmentID) },
		Run: func(c *operation.Call, in gatherEvidence) (gathered, error) {
			return s.bringTogether(c, holder{commitment: in.CommitmentID}, in.UploadID)
		},
	})
	s.AddEvidence = gathering[EvidenceInput, Evidence]{operation.Define(operation.Operation[EvidenceInput, Evidence]{
		Definition: operation.Definition{ID: "delivery-evidence.add", Summary: "Adds a file or an address that shows what was given", Method: "POST", Path: "/commitments/{commitment_id}/deliveries/{delivery_id}/evidence"},
		About:      func(in EvidenceInput) operation.Subject { return commitments.Subject(in.CommitmentID) },
		Run:        s.addEvidence,
	}), func(ctx context.Context, door *operation.Door, in EvidenceInput) (gathered, error) {
		return gatherFor(ctx, door, s.gatherEvidence, in.UploadID, gatherEvidence{in.CommitmentID, in.UploadID})
	}}
	s.ReadEvidence = operation.Define(operation.Operation[EvidenceRef, Opened]{
		Definition: operation.Definition{ID: "delivery-evidence.read", Summary: "Opens a file that shows what was given", ReadOnly: true, Secret: true, BrowserOnly: "pages send the file itself; delivery-evidence.download gives it in parts"},
		About:      func(in EvidenceRef) operation.Subject { return commitments.Subject(in.CommitmentID) },
		Run:        s.readEvidence,
	})
	s.DownloadEvidence = operation.Define(operation.Operation[EvidenceDownload, operation.Page[Part]]{
		Definition: operation.Definition{ID: "delivery-evidence.download", Summary: "Reads a file that shows what was given, half a megabyte at a time", ReadOnly: true, Method: "GET", Path: "/commitments/{commitment_id}/evidence/{id}/file"},
		About:      func(in EvidenceDownload) operation.Subject { return commitments.Subject(in.CommitmentID) },
		Run: func(c *operation.Call, in EvidenceDownload) (operation.Page[Part], error) {
			return s.partOf(c, in.After, func() (Opened, error) { return s.readEvidence(c, EvidenceRef{in.CommitmentID, in.ID}) })
		},
	})
}

func (s *Service) readEvidence(c *operation.Call, in EvidenceRef) (Opened, error) {
	e, err := GetEvidence.Within(c, in)
	if err == nil && (e.IsLink() || e.DeletedAt != nil) {
		err = operation.Missing() // an address is no file, and what is in the trash is brought back first
	}
	if err != nil {
		return Opened{}, err
	}
	return s.openFile(c, e.file)
}

func (s *Service) addEvidence(c *operation.Call, in EvidenceInput) (Evidence, error) {
	e := Evidence{ID: id.New[Material](), CommitmentID: in.CommitmentID, DeliveryID: in.DeliveryID, Title: in.Title, Link: in.Link, Version: 1, CreatedAt: c.Now, UpdatedAt: c.Now}
	if _, err := commitments.DeliveryFor(c, in.CommitmentID, in.DeliveryID); err != nil {
		return e, err
	}
	if err := fileOrLink(in.UploadID, in.Link, "errors.evidence_both"); err != nil {
		return e, err
	}
	n, err := store.Value[int64](c.Tx, `SELECT COUNT(*) FROM materials WHERE collaborative_id = $1 AND delivery_id = $2 AND deleted_at IS NULL`, in.DeliveryID)
	if err != nil {
		return e, err
	}
	if n >= mostEvidence {
		return e, operation.InvalidField("file", "errors.too_many_items", map[string]any{"Maximum": mostEvidence})
	}
	var f File
	if !in.UploadID.IsZero() {
		if f, err = s.take(c, holder{commitment: in.CommitmentID}, in.UploadID); err != nil {
			return e, err
		}
		f.Number, f.material = 1, e.ID
	}
	e.Title = titled(e.Title, f.FileName, e.Link)
	if err := insertEvidence(c, e); err != nil {
		return e, err
	}
	if f.Number > 0 {
		if err := insertFile(c, f); err != nil {
			return e, err
		}
	}
	if e, err = getEvidence(c, e.ID); err != nil {
		return e, err
	}
	return evidence.Added(c, e)
}

// Attach adds the address of what shows that something was given, in the operation that
// recorded it: taking that back takes the address along.
func (s *Service) Attach(c *operation.Call, d commitments.Delivery, link string) error {
	_, err := s.AddEvidence.Within(c, EvidenceInput{CommitmentID: d.CommitmentID, DeliveryID: d.ID, Link: link})
	c.UndoWith("deliveries.trash", commitments.DeliveryVersion{CommitmentID: d.CommitmentID, ID: d.ID, Version: d.Version})
	return err
}

// evidenceFor reads evidence about to be taken away or brought back. What is confirmed
// counts, and what it rests on is the backbone's to take away.
func evidenceFor(c *operation.Call, in EvidenceVersion) error {
	e, err := getEvidence(c, in.ID)
	if err != nil {
		return err
	}
	d, err := commitments.DeliveryFor(c, in.CommitmentID, e.DeliveryID)
	if err == nil && d.ConfirmedAt != nil && !c.Can("deliveries.edit") {
		err = operation.Refuse(operation.Forbidden, "errors.evidence_confirmed")
	}
	return err
}

// TrashEvidence puts evidence in the trash.
var TrashEvidence = operation.Define(operation.Operation[EvidenceVersion, Evidence]{
	Definition: operation.Definition{ID: "delivery-evidence.trash", Summary: "Puts evidence of what was given in the trash; once it is confirmed the backbone alone does", Method: "DELETE", Path: "/commitments/{commitment_id}/evidence/{id}"},
	About:      func(in EvidenceVersion) operation.Subject { return commitments.Subject(in.CommitmentID) },
	Run: func(c *operation.Call, in EvidenceVersion) (Evidence, error) {
		if err := evidenceFor(c, in); err != nil {
			return Evidence{}, err
		}
		return evidence.Trash(c, in.ID, in.Version)
	},
})

// RestoreEvidence takes evidence out of the trash.
var RestoreEvidence = operation.Define(operation.Operation[EvidenceVersion, Evidence]{
	Definition: operation.Definition{ID: "delivery-evidence.restore", Summary: "Takes evidence of what was given out of the trash", Method: "POST", Path: "/commitments/{commitment_id}/evidence/{id}/restore"},
	About:      func(in EvidenceVersion) operation.Subject { return commitments.Subject(in.CommitmentID) },
	Run: func(c *operation.Call, in EvidenceVersion) (Evidence, error) {
		if err := evidenceFor(c, in); err != nil {
			return Evidence{}, err
		}
		return evidence.Restore(c, in.ID, in.Version)
	},
})
