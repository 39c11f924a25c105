package resemblance

import "strings"

// legalForms say who answers for an organization, not what it is called; they
// are set aside at the end of a name. "Foundation" and "Association" stay: the
// hospital's foundation is not the hospital.
var legalForms = setOf(`
inc incorporated llc lc ltd limited corp corporation co company plc lp llp pllc pbc lllp 501c3 nfp npo pty
sa sac sab sas sasu sarl eurl snc scop scic sci sl slu slp srl cv rl ac iap sc spa asbl aisbl vzw
gmbh ggmbh ag kg ev eg bv nv oy oyj ab aps as ltda eirl ltee enr`)

// smallWords stand between the words of a name in English, Spanish and French.
var smallWords = setOf(`a an and at by e el en et for in l la las le les los of on the to u und y de del da do dos das des du d der die das para por pour con avec aux au`)

// canonicalWords gives the one form of words that are written short or that
// name the same thing in English, Spanish and French.
var canonicalWords = func() map[string]string {
	out := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(sameWords), "\n") {
		words := strings.Fields(line)
		for _, w := range words[1:] {
			out[w] = words[0]
		}
	}
	return out
}()

// One thing a line, the form it is compared in first. Plurals need no entry.
const sameWords = `
academy acad academia academie
administration admin admon administracion
agency agcy agencia agence
american amer
art arte artes
assembly assy asamblea assemblee
association assn asn assoc asoc asociacion
authority auth autoridad autorite
avenue ave
board bd
boulevard blvd
brother bros hermanos freres
building bldg
bureau bur
care cuidado soins
catholic cath catolica catolico catholique
center ctr cntr cent centre centro
charter chtr
child children childrens nino ninos enfant enfants kid kids
church ch iglesia eglise
city ciudad ville
clinic clinica clinique
coalition coalicion
college coll colegio
committee comite cmte cte
commission comn comision
community communities comunidad comunitaria comunitario communaute communautaire cmty
conference conf
cooperative coop cooperativa
council cncl consejo conseil
country ctry
county cty cnty condado comte
cultural cult culturel culturelle
department dept dpt dep depto departamento departement
development dev dvlp desarrollo developpement
district dist dst distrito
division div
east este
education educ ed educational educacion educativo educativa educativ educatif educative
elementary elem el
employment empl empleo emploi
family families fam familia familiar famille familial
federation fed federacion
fellowship flwshp
1 primera primero premiere premier
food alimento
foundation fdn fdtn fndn found fundacion fondation
fort ft
general gen
government govt gov gobierno gouvernement
group grp grupo groupe
habitat
health hlth salud sante
height hts
high hs
hospital hosp hopital
house casa maison
housing vivienda logement
independent indep
institute inst instituto institut
intermediate interm
international intl int internacional
junior jr
justice justicia
labor labour trabajo travail
lake lk
league lg liga ligue
learning aprendizaje apprentissage
legal leg
library lib libr biblioteca bibliotheque
management mgmt
medical med medico medica
memorial mem meml
middle ms
ministry min ministries ministerio ministere
mission mision
mount mt mtn monte mont
mountain montana montagne
municipal muni
museum mus museo musee
national natl nat nacional
neighborhood nbhd neighbourhood barrio quartier vecinal
network netwk reseau
north norte nord
office ofc oficina
opportunity opp oportunidad
organization org organisation organizacion
parents parent padre padres
parish parroquia paroisse
partnership ptnrshp partenariat alianza
preschool prek prescolar preescolar maternelle
primary prim primaria primaire
program pgm prog programa programme programs programmes
project proj proyecto projet
public pub publica publico publique
regional reg region
research rsch investigacion recherche
resource rsrc recurso ressource
saint st ste santa santo san sainte sts
school sch schl schol escuela ecole sc
science sci ciencia
secondary sec secundaria secondaire
senior sr
service svc svcs serv srvc servicio servicios
social soc sociaux
society socy sociedad societe
south sud
special spec especial
square sq
state estado etat
street str
superintendent supt
support apoyo soutien
teacher maestro
technical tech tecnico tecnica technique technology
theater theatre teatro thtr
town pueblo
township twp
training trng capacitacion formation
transportation transp transit
united unido unida uni
university univ uni universidad universite u
veterans vet veteran
village vlg
volunteer vol voluntario benevole
water agua eau
west oeste ouest
women woman womens mujer mujeres femme femmes
workforce wkfc
worker trabajador travailleur
young jovenes jeune
youth juventud jeunesse yth`

// genericWords are what half the names of a field are made of. They never weigh
// more than genericBits, however small the list.
var genericWords = setOf(`
academy action advocacy agency alliance art assembly association authority board care catholic center charter child church city clinic club coalition college
commission committee community company cooperative council county cultural department development district division early education elementary employment family
federation fellowship food foundation friend general group health high hospital house housing independent industry initiative institute intermediate international
junior justice labor learning legal library local medical memorial middle ministry mission municipal museum national neighborhood network north office opportunity
organization parents parish partner partnership preschool primary program project public regional research resource saint school science secondary senior service
social society south east west special state support team technical town township training trust union united university village volunteer water women worker workforce young youth`)

const genericBits = 3

// kind is a word that tells organizations of otherwise one name apart.
type kind struct{ group, value string }

// kinds are compared within their group: Lincoln Elementary is not Lincoln
// Middle, the city is not the county, north is not south.
var kinds = func() map[string]kind {
	out := map[string]kind{}
	for group, values := range map[string]string{
		"school":    "preschool elementary primary=elementary middle junior=middle intermediate high secondary=high college university",
		"direction": "north south east west northeast northwest southeast southwest central upper lower",
		"sex":       "boy girl women men man=men",
		"size":      "city county state town township village parish national",
		"body":      "foundation hospital church library union clinic museum",
	} {
		for v := range strings.FieldsSeq(values) {
			word, value, ok := strings.Cut(v, "=")
			if !ok {
				value = word
			}
			out[word] = kind{group, value}
		}
	}
	return out
}()

// numberWords are numbers that names spell out.
var numberWords = map[string]string{
	"first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "sixth": "6", "seventh": "7", "eighth": "8", "ninth": "9", "tenth": "10",
	"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "one": "1", "two": "2", "three": "3", "four": "4",
}
