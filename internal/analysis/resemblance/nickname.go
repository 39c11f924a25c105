package resemblance

import "strings"

// nickID numbers a family of nicknames. A nickname may belong to several: Alex
// is short for Alexander and for Alejandra, which are two names nevertheless.
type nickID uint16

// nicknames gives the families of a folded given name.
var nicknames = func() map[string][]nickID {
	out := map[string][]nickID{}
	for i, line := range strings.Split(strings.TrimSpace(nicknameFamilies), "\n") {
		for name := range strings.FieldsSeq(line) {
			out[name] = append(out[name], nickID(i))
		}
	}
	return out
}()

// nickInitials are the initials of the full names.
var nickInitials = func() map[nickID]string {
	out := map[nickID]string{}
	for i, line := range strings.Split(strings.TrimSpace(nicknameFamilies), "\n") {
		out[nickID(i)] = line[:1]
	}
	return out
}()

// One family a line: the full name first, with its spellings, then what its
// bearers are called. Full names that merely correspond in two languages (John,
// Juan, Jean) are no nicknames and stand in no line together.
const nicknameFamilies = `
abigail abby abbie gail
abraham abe bram
adelaide addie
adrian ade
agnes aggie
albert al bert bertie
alberto beto tito
alejandra alex ale jandra sandra
alejandro alex ale jandro
alexander alex al xander sandy lex sasha
alexandra alex sandra sandy lexi sasha alexa
alexandre alex
alfonso poncho fonso
alfred al fred alf
alfredo fredo alf fredi
alice allie
amanda mandy
ana anita anna
andrea andie drea
andrew andy drew
angela angie
angelica angie lica
anne ann annie nan nancy
anthony tony ant
antoine toine tonio
antonia tona tonia
antonio tono tony tonio
archibald archie
arnold arnie
arthur art artie
arturo turo
augustin gus
barbara barb barbie babs
bartholomew bart
beatrice bea trixie
beatriz bety bea
benito beni
benjamin ben benny benji
bernard bernie
bertrand bert
bradley brad
brigitte gigi
calvin cal
cameron cam
camille cam
carlos charly carlitos calin
carmen menchu carmela
caroline carrie caro
carolyn carrie lyn
catalina cata
catherine cathy cath kate katie cat
cecilia ceci cece
celestino tino
charles charlie chuck chas chip
charlotte charlie lottie
christian chris
christina chris tina chrissy
christine chris tina chrissy
christopher chris kit topher
christophe chris tophe
clifford cliff
concepcion concha conchita
consuelo chelo
cristina cris tina
cristobal cris tobal
cynthia cindy
daniel dan danny dani
daniela dani
danielle dani
david dave davy
deborah debra deb debbie
debra deborah deb debbie
dennis denny
dominic dom nick
dominique dom
dolores lola loli
donald don donnie
dorothy dot dottie dolly
douglas doug
eduardo lalo edu
edward ed eddie ted teddy ned
edwin ed eddie
eleanor ellie nell nora
elena nena
elizabeth elisabeth liz lizzie beth betty betsy eliza libby lisa bess
emily em emmy
emilio milo
emmanuel manu manny manolo
emmanuelle manu
enrique quique kike
ernest ernie
ernesto neto
esperanza espe lancha
esteban teban
eugene gene
evelyn evie
federico fede fico
felicia licha
felipe pipe lipe
fernanda fer nanda
fernando fer nando
florence flo florrie
frances fran francie fanny
francis frank fran
franklin frank
francisca paca paquita pancha
francisco paco pancho kiko curro paquito cisco frank
francois fanfan
francoise soizic
frederick frederic fred freddie rick
frederic fred
gabriel gabe gabo gaby
gabriela gaby gabi
genevieve gen viv
geoffrey jeff geoff
gerald gerry jerry
gerardo gera
gerard gege
gertrude gert trudy
gilbert gil bert
gilberto beto gil
gloria glo
gonzalo gon chalo
graciela chela grace
gregory greg gregg
guadalupe lupe lupita
guillaume guy gui
guillermo memo guille willy
gustavo gus tavo
harold hal harry
harriet hattie
hector tito
helen nell nellie
henry hank harry hal
herbert herb bert
hortensia tencha
hugo huguito
humberto beto
ignacio nacho
ines nesa
isaac ike zac
isabel isa chabela chava isabelita
isabella bella izzy isa
isabelle isa belle zabou
isidro chilo
jacob jake
jacqueline jackie
jacques jacquot
jaime jimmy
james jim jimmy jamie
janet jan
jason jay
javier javi
jean jeannot
jeffrey jeff
jennifer jen jenny jenn
jeremy jerry jem
jerome jerry
jessica jess jessie
jesus chuy chucho suso
joan joanie
joaquin quino chimo
jonathan jon jonny nathan
john jack johnny jon
jorge coque
jose pepe chepe pepito
joseph joe joey jo
josefa pepa pepita chepa
josefina pepa fina josie
josephine jo josie
joshua josh
juan juanito juancho
juana juanita
judith judy judi
julian jules
julie jules
julien juju
justin jus
katherine katharine kathryn kate katie kathy kay kit
kathleen kathy kath
kenneth ken kenny
kimberly kim kimmy
lawrence larry laurie
laurent lolo
leonard leo len lenny
leonardo leo
leonor leo nori
leticia lety
lillian lily lil
louis lou louie
louise lou lulu
lourdes lulu
lucia lucy
luis lucho luisito
magdalena magda lena malena
manuel manolo manny manu manolito
manuela manoli manola
marcus marc
margaret maggie meg peggy peg marge margie rita greta madge
margarita rita marga mago
marguerite margot
maria mari mariquita mia
maribel mari
mario mayito
martha marty mattie
martin marty
mary molly polly mamie
matthew matt matty
mateo teo
mathieu mat
maureen mo
maurice mo maury
maximilian max
maxime max
maxwell max
melissa missy mel
mercedes meche merche
michael mike mikey mick mickey mitch
michel mimi
michelle shelly mich
miguel migue mike miki
mildred millie
mitchell mitch
mohammed mohamed mohammad muhammad mo
monica moni
nancy nan
natalia nati talia
natalie nat
nathalie nath
nathan nate nat
nathaniel nate nat nathan
nicholas nick nicky nico
nicolas nico nick
nicole nikki nicky
oliver ollie
olivier oli
oscar ozzie
pamela pam
patricia pat patty patsy tricia trish pati
patrick pat paddy
pascal pasca
paul paulie
paula pau
pedro perico
penelope penny
peter pete
philip phillip phil pip
philippe phil
pilar pili
rachel rae
rafael rafa rafi
ramon moncho
randolph randy
raquel raque
raul rul
raymond ray
rebecca becky becca
refugio cuca cuco
reginald reggie
ricardo rica richi ricky cayo
richard rick rich dick richie ricky
robert rob bob robbie bobby bert
roberto beto robert rober
rodolfo rudy fito
rodrigo rodri
roger rodge
ronald ron ronnie
rosalinda rosa linda
rosario chayo charo
rosa rosita
rose rosie
russell russ
salvador chava salva
samantha sam sammy
samuel sam sammy
sandra sandy
santiago santi chago
sarah sara sally
sebastian seb bas
sebastien seb
sergio checo
sharon shari
shirley shirl
silvia chiva
sofia sofi
socorro coco
soledad sole chole
sophie soso
stanley stan
stephanie steph stef
stephen steven steve stevie
steven stephen steve stevie
susan sue susie suzy
susana susi
sylvester sly
teresa tere teresita maite
theodore ted teddy theo
theresa teresa terry tess tessa
thomas tom tommy
timothy tim timmy
tomas tomasito tomi
ulises uli
valentina vale tina
valerie val
veronica vero ronnie
veronique vero
vicente chente
victor vic
victoria vicky tori vic
vincent vince vinny
virginia ginny ginger
walter walt wally
wilfred will fred
william will bill billy willie liam
yolanda yoli
zachary zach zack zac
alexei alexey alyosha lyosha
anastasia nastya stasia
dmitri dmitry dima mitya
ekaterina katya katia
ivan vanya
mikhail misha
natalya natalia natasha
nikolai nikolay kolya
olga olya
sergei sergey seryozha
tatiana tanya
vladimir vova volodya
yevgeny evgeny zhenya
`
