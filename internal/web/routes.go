package web

// Routes is every page of the program. The permission matrix is tested from it:
// a page without its operations here fails that test.
func (s *Server) Routes() []Route {
	const c = "/c/{collaborative}"
	return []Route{
		{"GET", c + "/{$}", []string{"organizations.list"}, s.home},
		{"GET", c + "/search", []string{"search.find"}, s.searchPage},
		{"GET", c + "/search/suggest", []string{"search.find"}, s.searchSuggest},

		{"GET", c + "/organizations", []string{"organizations.list"}, s.organizationList},
		{"GET", c + "/organizations/new", []string{"organizations.create"}, s.organizationNew},
		{"GET", c + "/organizations/export.csv", []string{"organizations.export"}, s.organizationExport},
		{"GET", c + "/organizations/export.xlsx", []string{"organizations.export"}, s.organizationExport},
		{"POST", c + "/organizations", []string{"organizations.create"}, s.organizationCreate},
		{"POST", c + "/organizations/bulk", []string{"organizations.edit-several"}, s.organizationBulk},
		{"GET", c + "/organizations/{id}", []string{"organizations.get"}, s.organizationRecord},
		{"GET", c + "/organizations/{id}/edit", []string{"organizations.get", "organizations.edit"}, s.organizationEdit},
		{"POST", c + "/organizations/{id}", []string{"organizations.edit"}, s.organizationSave},
		{"POST", c + "/organizations/{id}/trash", []string{"organizations.trash"}, s.organizationTrash},
		{"POST", c + "/organizations/{id}/restore", []string{"organizations.restore"}, s.organizationRestore},

		{"GET", c + "/people", []string{"people.list"}, s.personList},
		{"GET", c + "/people/new", []string{"people.create"}, s.personNew},
		{"GET", c + "/people/export.csv", []string{"people.export"}, s.personExport},
		{"GET", c + "/people/export.xlsx", []string{"people.export"}, s.personExport},
		{"POST", c + "/people", []string{"people.create"}, s.personCreate},
		{"POST", c + "/people/bulk", []string{"people.edit-several"}, s.personBulk},
		{"GET", c + "/people/{id}", []string{"people.get"}, s.personRecord},
		{"GET", c + "/people/{id}/edit", []string{"people.get", "people.edit"}, s.personEdit},
		{"POST", c + "/people/{id}", []string{"people.edit"}, s.personSave},
		{"POST", c + "/people/{id}/trash", []string{"people.trash"}, s.personTrash},
		{"POST", c + "/people/{id}/restore", []string{"people.restore"}, s.personRestore},

		{"POST", c + "/history/{id}/undo", []string{"history.undo"}, s.historyUndo},
		{"GET", c + "/settings/history", []string{"history.list"}, s.historyList},
	}
}
