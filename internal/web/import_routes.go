package web

import "commontable/internal/backbone/imports"

// importUpload is the one page that takes a file.
const importUpload = "/c/{collaborative}/imports"

// importRoutes are the pages that bring files.
func (s *Server) importRoutes() []Route {
	const c = importUpload
	return []Route{
		{"GET", c, []string{"imports.list"}, s.importList},
		{"GET", c + "/new", []string{"imports.begin"}, s.importNew},
		{"POST", c, []string{"imports.begin", "imports.add-part"}, s.importCreate},
		{"GET", c + "/mappings", []string{"imports.mappings"}, s.importMappings},
		{"POST", c + "/mappings/{fingerprint}/forget", []string{"imports.forget-mapping"}, s.importForgetMapping},
		{"GET", c + "/{id}", []string{"imports.get"}, s.importPage},
		{"GET", c + "/{id}/progress", []string{"imports.get"}, s.importProgress},
		{"POST", c + "/{id}/tables", []string{"imports.get", "imports.choose"}, s.importChoose},
		{"POST", c + "/{id}/mapping", []string{"imports.get", "imports.map"}, s.importMap},
		{"POST", c + "/{id}/decisions", []string{"imports.get", "imports.decide"}, s.importDecide},
		{"POST", c + "/{id}/fixes", []string{"imports.get", "imports.fix"}, s.importFix},
		{"POST", c + "/{id}/start", []string{"imports.get", "imports.start"}, s.importStart},
		{"POST", c + "/{id}/cancel", []string{"imports.cancel"}, s.onImport(imports.Cancel)},
		{"POST", c + "/{id}/undo", []string{"imports.undo"}, s.onImport(imports.Undo)},
		{"POST", c + "/{id}/forget", []string{"imports.forget"}, s.importForget},
		{"GET", c + "/{id}/failures.csv", []string{"imports.get", "imports.failures"}, s.importFailures},
		{"GET", c + "/{id}/failures.xlsx", []string{"imports.get", "imports.failures"}, s.importFailures},
	}
}
