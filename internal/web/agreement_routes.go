package web

import "commontable/internal/platform/access"

// agreementRoutes are the pages of membership agreements, and the one that a
// link to sign leads to.
func (s *Server) agreementRoutes() []Route {
	const c = "/c/{collaborative}"
	get := []string{"agreements.get"}
	return []Route{
		{"GET", c + "/agreements", []string{"agreements.list"}, s.agreementList},
		{"GET", c + "/agreements/new", []string{"agreements.create"}, s.agreementNew},
		{"GET", c + "/agreements/export.csv", []string{"agreements.export"}, s.agreementExport},
		{"GET", c + "/agreements/export.xlsx", []string{"agreements.export"}, s.agreementExport},
		{"POST", c + "/agreements", []string{"agreements.create"}, s.agreementCreate},
		{"POST", c + "/agreements/bulk", []string{"agreements.edit-several"}, s.agreementBulk},
		{"GET", c + "/agreements/{id}", append(get, "principles.get"), s.agreementRecord},
		{"GET", c + "/agreements/{id}/edit", append(get, "agreements.edit"), s.agreementEdit},
		{"POST", c + "/agreements/{id}", append(get, "agreements.edit"), s.agreementSave},
		{"POST", c + "/agreements/{id}/send", append(get, "agreements.send"), s.agreementSend},
		{"POST", c + "/agreements/{id}/withdraw", []string{"agreements.withdraw"}, s.agreementWithdraw},
		{"GET", c + "/agreements/{id}/paper", append(get, "agreements.record-signature"), s.agreementPaper},
		{"POST", c + "/agreements/{id}/paper", append(get, "agreements.record-signature"), s.agreementPaperRecord},
		{"POST", c + "/agreements/{id}/remove-signature", []string{"agreements.remove-signature"}, s.agreementRemoveSignature},
		{"POST", c + "/agreements/{id}/renew", []string{"agreements.renew"}, s.agreementRenew},
		{"GET", c + "/agreements/{id}/end", append(get, "agreements.end"), s.agreementEnd},
		{"POST", c + "/agreements/{id}/end", append(get, "agreements.end"), s.agreementEnded},
		{"POST", c + "/agreements/{id}/resume", []string{"agreements.resume"}, s.agreementResume},
		{"POST", c + "/agreements/{id}/trash", []string{"agreements.trash"}, s.agreementTrash},
		{"POST", c + "/agreements/{id}/restore", []string{"agreements.restore"}, s.agreementRestore},

		{"GET", access.PathAgreement + "{secret}", []string{"agreement-links.open"}, s.agreementSign},
		{"POST", access.PathAgreement + "{secret}", []string{"agreement-links.sign"}, s.agreementSigned},
	}
}
