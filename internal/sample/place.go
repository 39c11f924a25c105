package sample

import "commontable/internal/backbone/directory"

// hostName is the organization the backbone team works at.
const hostName = "Tamarack Community Foundation"

var towns = []string{"Northbend", "Millrace", "Harlan Crossing", "Saint-Aubin", "Las Lomas", "Tamarack City"}

var neighborhoods = []string{"Ferry Street", "East Bluff", "Cedar Row", "Old Mill", "Quarry Hill", "Bellevoir", "Los Álamos", "Riverside Flats", "Juniper Heights",
	"Station Park", "Coppergate", "Vieux Moulin", "La Esperanza", "Sycamore Square", "Orchard Terrace", "West Landing"}

var (
	saints   = []string{"St. Brigid", "Santa Rosa", "Saint-Étienne", "Holy Trinity", "San Martín", "Mount Zion", "Grace"}
	things   = []string{"Bridges", "Lantern", "Compass", "Good Harvest", "Open Door", "New Leaf", "Stepping Stones", "Bright Path", "Common Ground", "Kite", "Anchor", "Sunrise"}
	branches = []string{"North", "South", "Chapter", "Branch", "Center", "Annex"}
)

var since = []string{"Works in English and Spanish.", "Works in French and English.", "Open to every family, with interpreters on request.", "Run by eleven staff and many volunteers.",
	"Evening and weekend hours.", "Free of charge.", "Began around a kitchen table.", "Has shared its figures with the table from the first year."}

// founders are the organizations everybody in the valley knows.
var founders = []directory.OrganizationInput{
	{Name: hostName, Sector: "philanthropy", Place: "Tamarack City", Host: true, Funder: true, FiscalSponsor: true, OtherNames: []string{"TCF"},
		About: "Holds charitable funds for the valley and hosts the backbone team. It sits at the table as one partner among many."},
	{Name: "Tamarack Valley Public Schools", Sector: "education", Place: "Tamarack City", LeadOrganization: true, OtherNames: []string{"TVPS"},
		About: "Twenty-three schools, 18,400 students, four home languages in every tenth classroom."},
	{Name: "Valley Family Health Network", Sector: "health", Place: "Northbend", LeadOrganization: true, About: "Six clinics. Leads the work on prenatal care, developmental screening and school-based health."},
	{Name: "First Steps Early Learning", Sector: "education", Place: "Millrace", LeadOrganization: true, About: "Child care and preschool for 900 children, half of them with a subsidy."},
	{Name: "Centro de la Familia", Sector: "nonprofit", Place: "Las Lomas", OtherNames: []string{"Family Center of Las Lomas"},
		About: "Acompaña a familias recién llegadas: escuela, salud, papeles y trabajo. Helps newly arrived families with school, health, papers and work."},
	{Name: "Tamarack Public Library", Sector: "government", Place: "Tamarack City", About: "Five branches and a bookmobile. Home of the summer reading campaign."},
	{Name: "Prescott Family Foundation", Sector: "philanthropy", Place: "Harlan Crossing", Funder: true, About: "Gives to early childhood in the valley, usually for five years at a time."},
	{Name: "Millrace Parents United", Sector: "community", Place: "Millrace", About: "Four hundred parents, one Tuesday meeting, no office."},
	{Name: "Northbend State University", Sector: "education", Place: "Northbend", About: "Trains teachers and nurses; its school of education evaluates the collaborative's work."},
	{Name: "Réseau Grandir Ensemble", Sector: "nonprofit", Place: "Saint-Aubin", OtherNames: []string{"Growing Together Network"},
		About: "Brings the collaboratives of the region together: meetings between valleys, shared tools, measures that can be compared."},
	{Name: "City of Tamarack City", Sector: "government", Place: "Tamarack City", OtherNames: []string{"Office of Youth and Families"}, About: "Parks, after-school sites and the summer jobs program."},
	{Name: "Harlan Manufacturing", Sector: "business", Place: "Harlan Crossing", About: "Makes pumps. Takes thirty apprentices a year and opens its shop to eighth graders."},
	{Name: "Église Saint-Étienne", Sector: "faith", Place: "Saint-Aubin", About: "Paroisse, banque alimentaire et aide aux devoirs le mercredi."},
	{Name: "Radio Ribera 98.3", Sector: "media", Place: "Las Lomas", About: "La voz del valle: noticias, música y la hora de las escuelas cada jueves."},
}

// sisters are the organizations of the second collaborative.
var sisters = []directory.OrganizationInput{
	{Name: "Centro de la Familia", Sector: "nonprofit", Place: "Río Claro", Host: true, LeadOrganization: true, About: "Casa anfitriona del equipo de coordinación."},
	{Name: "Distrito Escolar de Río Claro", Sector: "education", Place: "Río Claro", About: "Tres escuelas primarias y un centro preescolar."},
	{Name: "Clínica Santa Rosa", Sector: "health", Place: "Río Claro", About: "Salud materna e infantil."},
	{Name: "Prescott Family Foundation", Sector: "philanthropy", Place: "Harlan Crossing", Funder: true, About: "Apoya los primeros tres años del trabajo."},
	{Name: "Biblioteca Municipal", Sector: "government", Place: "Río Claro", About: "Cuentos los sábados."},
	{Name: "Madres y Padres de Río Claro", Sector: "community", Place: "Río Claro", About: "Reunión abierta el primer lunes."},
}

// organizationKind is a sort of organization chance can invent; the earlier in
// the list, the commoner.
type organizationKind struct {
	sector string
	names  []string
	about  []string
}

var organizationKinds = []organizationKind{
	{"nonprofit", []string{"{thing} Youth Alliance", "{thing} Family Services", "{hood} Boys and Girls Club", "Asociación {thing}", "Collectif {hood}", "{town} Mentoring Project", "{hood} Tutors"},
		[]string{"Mentors teenagers in {town} through the last two years of high school.", "Supports families with home visits and a food shelf.", "Runs homework rooms in three buildings.", "Helps young parents finish school."}},
	{"education", []string{"{hood} Elementary School", "{town} Middle School", "{hood} Preschool", "École du {hood}", "Escuela Primaria {hood}", "{town} Technical College", "{family} Early Learning Center"},
		[]string{"Public school with a family room.", "Teaches in two languages from the first grade.", "Small classes, long waiting list.", "Prepares for work in care, trades and computing."}},
	{"community", []string{"{hood} Residents' Association", "Association des familles de {hood}", "Vecinos de {hood}", "{hood} Block Club", "{town} Youth Council", "Abuelas de {hood}"},
		[]string{"Neighbors who look after their streets and one another.", "Meets every second Thursday; children welcome.", "Speaks for the people of {hood} at the table."}},
	{"health", []string{"{town} Family Clinic", "Clínica {saint}", "{hood} Dental Project", "{family} Pediatrics", "Centre de santé {hood}", "{town} Counseling Collective"},
		[]string{"Primary care on a sliding scale.", "Screens every two-year-old and follows up.", "Counselors in four schools."}},
	{"government", []string{"City of {town}", "{town} Parks and Recreation", "{town} Housing Authority", "{town} Public Works Youth Corps", "{town} Police Youth Division", "{town} Transit"},
		[]string{"Public office; sits at the table with a vote like everyone.", "Opens its buildings after school.", "Keeps the figures on housing moves."}},
	{"business", []string{"{family} and Daughters", "{town} Credit Union", "{family} Hardware", "Boulangerie {famille}", "Panadería {familia}", "{thing} Logistics", "{family} Engineering"},
		[]string{"Employs 60 people, many of them young.", "Offers internships and paid time for school visits.", "Gives space for evening classes."}},
	{"faith", []string{"{saint} Church", "Iglesia {saint}", "Paroisse {saint}", "{town} Interfaith Council", "{town} Islamic Center", "{hood} Friends Meeting"},
		[]string{"Congregation with a Saturday breakfast for all.", "Lends rooms, vans and volunteers."}},
	{"philanthropy", []string{"{family} Foundation", "Fondation {famille}", "Fundación {familia}", "{town} Rotary Fund", "United Giving of {town}"},
		[]string{"Gives to education in the valley.", "Pools small gifts for families in a hard month."}},
	{"media", []string{"The {town} Courier", "Radio {hood}", "La Gazette de {hood}", "El Eco de {town}"}, []string{"Reports on schools and families every week."}},
	{"other", []string{"{town} Chess Society", "{town} Museum", "{hood} Theatre", "Orchestre des jeunes de {town}"}, []string{"Gives young people a stage, a table or a workshop."}},
}
