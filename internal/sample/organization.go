package sample

import (
	"fmt"
	"strings"
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
)

// organization is what the story remembers of one.
type organization struct {
	id      directory.OrganizationID
	version int64
	name    string
	sector  string
	domain  string
	status  string
	fixed   bool // one of those the story names; chance leaves it alone
}

// addOrganization puts an organization on record.
func (t *teller) addOrganization(in directory.OrganizationInput) error {
	o := organization{name: in.Name, sector: in.Sector, domain: domain(in.Name), fixed: in.Host || in.Funder || in.LeadOrganization}
	if in.Website == "" {
		in.Website = "https://" + o.domain
	}
	if in.Email == "" {
		in.Email = "office@" + o.domain
	}
	if in.Phone == "" {
		in.Phone = fmt.Sprintf("555-01%02d", t.random.IntN(100))
	}
	made, err := directory.CreateOrganization.Do(t.as(operation.Director), &t.door, in)
	if err != nil {
		return fmt.Errorf("%s: %w", in.Name, err)
	}
	o.id, o.version, o.status = made.ID, made.Version, made.Status
	t.organizations = append(t.organizations, o)
	t.taken[in.Name] = true
	return nil
}

// organizationNamed is the id of an organization of the story, zero for "".
func (t *teller) organizationNamed(name string) directory.OrganizationID {
	for _, o := range t.organizations {
		if o.name == name {
			return o.id
		}
	}
	return directory.OrganizationID{}
}

// growOrganizations adds chance acquaintances until there are n.
func (t *teller) growOrganizations(n int) error {
	for missing := n - len(t.organizations); missing > 0; missing-- {
		if err := t.addOrganization(t.inventOrganization()); err != nil {
			return err
		}
		t.later(min(20*time.Hour, 40*24*time.Hour/time.Duration(n)))
	}
	return nil
}

// standing is how an organization comes on record: most as members, the later
// ones more often still being won.
var standing = []string{"member", "member", "member", "member", "member", "member", "member", "invited", "prospect"}

func (t *teller) inventOrganization() directory.OrganizationInput {
	for tries := 1; ; tries++ {
		k := weighted(t.random, organizationKinds)
		town := pick(t.random, towns)
		values := strings.NewReplacer("{town}", town, "{hood}", pick(t.random, neighborhoods), "{family}", pick(t.random, familyNames["en"]),
			"{famille}", pick(t.random, familyNames["fr"]), "{familia}", pick(t.random, familyNames["es"]), "{thing}", pick(t.random, things), "{saint}", pick(t.random, saints))
		name := values.Replace(pick(t.random, k.names))
		if t.taken[name] {
			// In a large valley one organization has branches in several towns.
			if name += ", " + town + " " + pick(t.random, branches); tries < 6 || t.taken[name] {
				continue
			}
		}
		about := pick(t.random, k.about)
		return directory.OrganizationInput{Name: name, Sector: k.sector, Status: pick(t.random, standing), Place: town,
			About: values.Replace(about) + " " + pick(t.random, since), Funder: k.sector == "philanthropy" && t.random.IntN(2) == 0}
	}
}

// hardWinter is the year in which some leave and some fall silent.
func (t *teller) hardWinter() error {
	for i := range t.organizations {
		o := &t.organizations[i]
		if o.fixed || t.random.IntN(100) >= 9 {
			continue
		}
		if err := t.standAs(o, pick(t.random, []string{"dormant", "dormant", "left"})); err != nil {
			return err
		}
	}
	return nil
}

// standAs gives an organization another status today.
func (t *teller) standAs(o *organization, status string) error {
	after, err := directory.EditOrganization.Do(t.as(operation.Staff), &t.door, directory.OrganizationPatch{ID: o.id, Version: o.version, Status: &status})
	if err != nil {
		return err
	}
	o.version, o.status = after.Version, after.Status
	t.later(time.Hour)
	return nil
}

// moods is an ordinary spring: some who were asked say yes, a few fall silent,
// and of those who did some come back and some are gone for good.
func (t *teller) moods() error {
	next := map[string][]string{
		"prospect": {"invited", "invited", "member", "", "", ""},
		"invited":  {"member", "member", "member", "prospect", ""},
		"member":   append(make([]string, 60), "dormant", "dormant", "left"),
		"dormant":  {"member", "left", "", "", "", ""},
	}
	for i := range t.organizations {
		o := &t.organizations[i]
		choices := next[o.status]
		if o.fixed || len(choices) == 0 {
			continue
		}
		if to := pick(t.random, choices); to != "" {
			if err := t.standAs(o, to); err != nil {
				return err
			}
		}
	}
	return nil
}

// domain is the invented address of an organization.
func domain(name string) string {
	words := i18n.Words(name)
	short := strings.Join(words[:min(3, len(words))], "")
	var out strings.Builder
	for _, r := range short {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			out.WriteRune(r)
		}
	}
	return out.String() + ".example"
}
