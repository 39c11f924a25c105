package materials

import "commontable/internal/platform/files"

// Limit changes the sizes, for tests.
func (s *Service) Limit(file, room int64) { s.cfg.MostFile, s.cfg.MostRoom = file, room }

// Keep changes where bytes are kept, for tests.
func (s *Service) Keep(store files.Store) { s.cfg.Files = store }
