package directory

import (
	"slices"
	"time"

	"commontable/internal/analysis/resemblance"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// The decisions about two records that resemble each other.
const (
	OpenDecision      = "open"
	SameDecision      = "same"
	DifferentDecision = "different"
)

// RecordID names an organization or a person, as Kind says.
type RecordID = operation.EntryID

// Alike is one of two records that resemble each other.
type Alike struct {
	ID     RecordID `json:"id"`
	Name   string   `json:"name"`
	Detail string   `json:"detail,omitempty"`
}

// AlikeReason is one thing that speaks for or against two records being the same.
type AlikeReason struct {
	Code string   `json:"code"`
	Args []string `json:"args,omitempty" doc:"Words of the two records, the first record's first."`
}

// Resemblance is two records that are, or look like, the same.
type Resemblance struct {
	Kind      string        `json:"kind"`
	First     Alike         `json:"first"`
	Second    Alike         `json:"second"`
	Score     int64         `json:"score" doc:"How likely they are the same, in thousandths."`
	Certain   bool          `json:"certain" doc:"Whether nobody needs to be asked."`
	Reasons   []AlikeReason `json:"reasons"`
	Decision  string        `json:"decision"`
	DecidedAt *time.Time    `json:"decided_at,omitempty"`
}

// scoreUnit is what a score is stored in: thousandths.
const scoreUnit = 1000

// telling are the reasons whose words are contact details of a person, or tell
// some of them. They are for those who may see contact details.
var telling = []string{resemblance.SameEmail, resemblance.SameMailbox, resemblance.SamePhone, resemblance.SameDomain, resemblance.SameBirthYear,
	resemblance.DifferentBirthYear, resemblance.DifferentDomain, resemblance.OtherMailbox, resemblance.SharedContact}

// visibleTo is the resemblance with only the reasons the actor may know.
func (r Resemblance) visibleTo(c *operation.Call) Resemblance {
	if r.Kind == PersonKind && !c.Can(SeeContacts) {
		r.Reasons = slices.DeleteFunc(slices.Clone(r.Reasons), func(a AlikeReason) bool { return slices.Contains(telling, a.Code) })
	}
	return r
}

func reasonsOf(m resemblance.Match) []AlikeReason {
	out := make([]AlikeReason, len(m.Reasons))
	for i, r := range m.Reasons {
		out[i] = AlikeReason{r.Code, r.Args}
	}
	return out
}

func scored(score float64) int64 { return int64(score*scoreUnit + 0.5) }

func certain(score int64) bool {
	return resemblance.BandOf(float64(score)/scoreUnit) == resemblance.Certain
}

const resemblanceColumns = `resemblances.first_id, resemblances.second_id, resemblances.score, resemblances.reasons, resemblances.decision, resemblances.decided_at`

func scanResemblance(kind string) func(store.Row) (Resemblance, error) {
	return func(row store.Row) (Resemblance, error) {
		r := Resemblance{Kind: kind, Reasons: []AlikeReason{}}
		var decided time.Time
		err := row.Scan(&r.First.ID, &r.Second.ID, &r.Score, store.ScanJSON(&r.Reasons), &r.Decision, store.ScanTime(&decided))
		r.DecidedAt, r.Certain = operation.Instant(decided), certain(r.Score)
		return r, err
	}
}

// nameAlike fills in what the records of a kind are called.
func nameAlike(c *operation.Call, kind string, items []Resemblance) error {
	if len(items) == 0 {
		return nil
	}
	var ids []RecordID
	for _, r := range items {
		ids = append(ids, r.First.ID, r.Second.ID)
	}
	names := map[RecordID]Alike{}
	if kind == PersonKind {
		people, err := store.Collect(c.Tx, scanPerson, `SELECT `+personColumns+` FROM people WHERE collaborative_id = $1 AND id IN ($2)`, store.In(ids))
		if err != nil {
			return err
		}
		if err := attachAffiliations(c, people, c.Today()); err != nil {
			return err
		}
		for _, p := range people {
			names[RecordID(p.ID)] = alikePerson(p)
		}
	} else {
		all, err := store.Collect(c.Tx, scanOrganization, `SELECT `+organizationColumns+` FROM organizations WHERE collaborative_id = $1 AND id IN ($2)`, store.In(ids))
		if err != nil {
			return err
		}
		for _, o := range all {
			names[RecordID(o.ID)] = alikeOrganization(o)
		}
	}
	for i := range items {
		items[i].First, items[i].Second = names[items[i].First.ID], names[items[i].Second.ID]
	}
	return nil
}

func alikePerson(p Person) Alike {
	a := Alike{ID: RecordID(p.ID), Name: p.Name()}
	if p.Affiliation != nil {
		a.Detail = p.Affiliation.Organization
	}
	return a
}

func alikeOrganization(o Organization) Alike {
	return Alike{ID: RecordID(o.ID), Name: o.Name, Detail: o.Place}
}

// comparedPerson is what is compared of a person.
func comparedPerson(p Person, otherEmails []string, organizations []string) resemblance.Person {
	return resemblance.Person{Key: resemblance.Key(p.ID), Given: p.GivenName, Family: p.FamilyName, Emails: given(append([]string{p.Email}, otherEmails...)), Phones: given([]string{p.Phone}), Organizations: organizations}
}

// comparedOrganization is what is compared of an organization.
func comparedOrganization(o Organization) resemblance.Organization {
	return resemblance.Organization{Key: resemblance.Key(o.ID), Names: append([]string{o.Name}, o.OtherNames...), Websites: given([]string{o.Website}), Emails: given([]string{o.Email}), Phones: given([]string{o.Phone}), Place: o.Place}
}

// given are the texts that say something.
func given(texts []string) []string {
	return slices.DeleteFunc(texts, func(text string) bool { return text == "" })
}
