package materials

import (
	"context"

	"commontable/internal/platform/access"
	"commontable/internal/platform/files"
	"commontable/internal/platform/operation"
)

// Config is what the rest of the program gives.
type Config struct {
	Files  files.Store
	Access *access.Service
	// MostFile is how large a file may be, and MostRoom how large all files of a
	// collaborative may be together, in bytes; the defaults when 0.
	MostFile, MostRoom int64
}

// Service holds what needs the bytes of files.
type Service struct {
	cfg Config

	// Begin begins an upload.
	Begin *operation.Operation[BeginInput, Upload]
	// AddPart takes in its next part.
	AddPart *operation.Operation[PartInput, Upload]
	// Create adds a material.
	Create gathering[Input, Material]
	// AddVersion adds a version of its file.
	AddVersion gathering[VersionInput, Material]
	// Read opens a version, for pages.
	Read *operation.Operation[FileRef, Opened]
	// Download reads a version part by part.
	Download *operation.Operation[DownloadInput, operation.Page[Part]]

	// BeginEvidence begins the upload of a file that shows what was given.
	BeginEvidence *operation.Operation[BeginEvidence, Upload]
	// AddEvidencePart takes in its next part.
	AddEvidencePart *operation.Operation[EvidencePart, Upload]
	// AddEvidence adds it, or an address.
	AddEvidence gathering[EvidenceInput, Evidence]
	// ReadEvidence opens such a file, for pages.
	ReadEvidence *operation.Operation[EvidenceRef, Opened]
	// DownloadEvidence reads it part by part.
	DownloadEvidence *operation.Operation[EvidenceDownload, operation.Page[Part]]

	gatherEvidence *operation.Operation[gatherEvidence, gathered]

	gather *operation.Operation[gatherInput, gathered]
	look   *operation.Operation[linkInput, Shown]
	open   *operation.Operation[linkFile, Opened]
}

// New defines the operations.
func New(cfg Config) *Service {
	if cfg.MostFile == 0 {
		cfg.MostFile = DefaultFile
	}
	if cfg.MostRoom == 0 {
		cfg.MostRoom = DefaultRoom
	}
	s := &Service{cfg: cfg}
	s.defineUploads()
	s.defineAdding()
	s.defineReading()
	s.defineLinks()
	s.defineEvidence()
	return s
}

// MostFile is how large a file may be, in bytes.
func (s *Service) MostFile() int64 { return s.cfg.MostFile }

// Operations lists everything this package can do.
func (s *Service) Operations() []operation.Any {
	return []operation.Any{List, Get, s.Create, Edit, Trash, Restore, s.AddVersion, Withdraw, Reinstate, s.Begin, s.AddPart, s.gather, s.Read, s.Download, s.look, s.open,
		ListEvidence, GetEvidence, s.AddEvidence, TrashEvidence, RestoreEvidence, s.BeginEvidence, s.AddEvidencePart, s.gatherEvidence, s.ReadEvidence, s.DownloadEvidence}
}

// gathering is an operation whose bytes are brought together before it begins, so that
// they are safe when its transaction commits and nobody waits for the disk meanwhile.
type gathering[In, Out any] struct {
	*operation.Operation[In, Out]
	before func(ctx context.Context, door *operation.Door, in In) (gathered, error)
}

// gatheredKey is where what was brought together travels to the operation.
type gatheredKey struct{}

// Do brings the bytes together and runs the operation.
func (g gathering[In, Out]) Do(ctx context.Context, door *operation.Door, in In) (Out, error) {
	got, err := g.before(ctx, door, in)
	if err != nil {
		var none Out
		return none, err
	}
	return g.Operation.Do(context.WithValue(ctx, gatheredKey{}, got), door, in)
}

// DoAny is Do on a *In.
func (g gathering[In, Out]) DoAny(ctx context.Context, door *operation.Door, in any) (any, error) {
	return g.Do(ctx, door, *in.(*In))
}
