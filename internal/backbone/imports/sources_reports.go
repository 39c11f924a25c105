package imports

import (
	"context"
	"slices"
	"strings"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/intake"
)

// What the reports of programs for meetings call their columns, in the languages
// in which they write them, folded.
var (
	teamsNames  = []string{"name", "full name", "nom", "nom complet", "nombre", "nombre completo", "vollstandiger name"}
	teamsJoins  = append(append([]string{}, joinHeads...), firstHeads...)
	teamsLeaves = append(append([]string{}, leaveHeads...), lastHeads...)

	joinHeads  = []string{"join time", "heure de participation", "heure d arrivee", "heure de connexion", "hora de union", "hora de entrada", "hora de incorporacion", "beitrittszeit", "beitrittszeitpunkt", "zeitpunkt des beitritts"}
	leaveHeads = []string{"leave time", "heure de depart", "heure de sortie", "heure de deconnexion", "hora de salida", "zeitpunkt des verlassens", "zeit des verlassens", "verlassen um", "austrittszeit"}
	firstHeads = []string{"first join", "first join time", "premiere participation", "premier acces", "premiere connexion", "primera union", "primera entrada", "primera incorporacion", "erster beitritt", "erste teilnahme"}
	lastHeads  = []string{"last leave", "last leave time", "dernier depart", "derniere sortie", "ultima salida", "letztes verlassen", "letzter austritt"}
	totalHeads = []string{"in meeting duration", "total duration minutes", "total duration", "duree de la reunion", "duree en reunion", "duree dans la reunion", "duracion de la reunion", "duracion en la reunion", "besprechungsdauer", "dauer in der besprechung", "dauer in besprechung"}
	spentHeads = []string{"duration", "duration minutes", "duree", "duracion", "dauer"}
	stampHeads = []string{"timestamp", "horodatage", "horodateur", "marca de tiempo", "zeitstempel"}
	doneHeads  = []string{"user action", "action de l utilisateur", "accion del usuario", "benutzeraktion"}
	upnHeads   = []string{"participant id upn", "id du participant upn", "id de participante upn", "teilnehmer id upn"}
	roleHeads  = []string{"role", "rol", "rolle", "funcion", "guest", "invite", "invitado", "gast", "recording consent", "in waiting room", "recording disclaimer response", "country region name"}
)

// reported are the columns of a report. How long somebody stayed in one go follows
// from when they joined and left, so that what overlaps counts once.
var reported = func() map[string]string {
	out := map[string]string{}
	for field, heads := range map[string][]string{
		"person": append([]string{"name original name"}, teamsNames...), "join": joinHeads, "leave": leaveHeads, "first": firstHeads, "last": lastHeads, "minutes": totalHeads, "spent": spentHeads,
		"at": stampHeads, "action": doneHeads, "email": {"user email", "email", "e mail", "adresse e mail", "correo electronico"}, "upn": upnHeads, "": roleHeads,
	} {
		for _, head := range heads {
			out[head] = field
		}
	}
	return out
}()

// ordered are the columns of a list of tickets.
var ordered = map[string]string{
	"order": "", "order id": "", "order date": "", "first name": "given_name", "last name": "family_name", "email": "email", "attendee email": "email", "quantity": "", "price tier": "", "ticket type": "", "attendee": "", "group": "",
	"order type": "", "currency": "", "total paid": "", "fees paid": "", "eventbrite fees": "", "eventbrite payment processing": "", "attendee status": "status", "company": "organization", "organization": "organization",
	"attendee first name": "given_name", "attendee last name": "family_name", "buyer first name": "", "buyer last name": "", "buyer email": "", "event name": "title", "event start date": "date", "event start time": "start", "job title": "",
}

// headLabels are what reports call what they say of the meeting, by field.
var headLabels = map[string][]string{
	"title": {"meeting title", "topic", "titre de la reunion", "titulo de la reunion", "besprechungstitel", "titel der besprechung", "sujet", "tema", "thema"},
	"start": {"start time", "meeting start time", "heure de debut", "heure de debut de la reunion", "hora de inicio", "hora de inicio de la reunion", "startzeit", "startzeit der besprechung", "beginn"},
	"end":   {"end time", "meeting end time", "heure de fin", "heure de fin de la reunion", "hora de finalizacion", "hora de finalizacion de la reunion", "endzeit", "endzeit der besprechung", "ende"},
}

// mostHeadRows is how many rows of a table beside the chosen ones are looked at.
const mostHeadRows = 20

// headOf is what tables that were not chosen say of all rows: below headings, as one
// program writes it, or beside labels, as another does.
func headOf(ctx context.Context, file *intake.File, chosen []int) (map[string]string, error) {
	out := map[string]string{}
	for at, t := range file.Tables {
		if slices.Contains(chosen, at) {
			continue
		}
		rows := [][]string{t.Header}
		for row, err := range t.Rows(ctx) {
			if err != nil {
				return nil, err
			}
			if rows = append(rows, row.Cells); len(rows) > mostHeadRows {
				break
			}
		}
		if len(rows) == 2 {
			for k, name := range t.Header {
				if k < len(rows[1]) {
					putHead(out, name, rows[1][k])
				}
			}
		}
		for _, cells := range rows {
			if len(cells) == 2 || len(cells) > 2 && strings.Join(cells[2:], "") == "" {
				putHead(out, cells[0], cells[1])
			}
		}
	}
	if len(out) == 0 {
		return nil, nil
	}
	return out, nil
}

func putHead(out map[string]string, label, text string) {
	label, text = i18n.FoldKey(label), i18n.CleanLine(text)
	for field, labels := range headLabels {
		if out[field] == "" && text != "" && len(text) <= 200 && slices.Contains(labels, label) {
			out[field] = text
		}
	}
}
