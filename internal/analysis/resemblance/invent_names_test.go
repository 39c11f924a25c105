package resemblance_test

import "strings"

// The names of the invented lists, the most frequent first. The order decides
// how frequent a name is: the n-th is borne about 1/n as often as the first,
// which is how real lists fall off (Zipf).
var inventedGiven = map[string][]string{
	"en": strings.Fields(`James Mary John Robert Michael Jennifer William Linda David Elizabeth Richard Barbara Joseph Susan Thomas Jessica Charles Sarah Christopher Karen
		Daniel Lisa Matthew Nancy Anthony Betty Mark Sandra Donald Margaret Steven Ashley Andrew Kimberly Paul Emily Joshua Donna Kenneth Michelle Kevin Carol Brian Amanda
		George Melissa Timothy Deborah Ronald Stephanie Edward Rebecca Jason Laura Jeffrey Sharon Ryan Cynthia Jacob Kathleen Nicholas Amy Gary Angela Eric Shirley Jonathan
		Anna Stephen Brenda Larry Pamela Justin Emma Scott Nicole Brandon Helen Benjamin Samantha Samuel Katherine Gregory Christine Alexander Debra Patrick Rachel Frank
		Carolyn Raymond Janet Jack Maria Dennis Olivia Jerry Heather Tyler Diane Aaron Julie Jose Joyce Adam Victoria Nathan Ruth Henry Kelly Zachary Lauren Douglas Joan
		Peter Evelyn Kyle Judith Noah Andrea Ethan Hannah Jeremy Jacqueline Christian Megan Walter Cheryl Keith Alice Austin Ann Roger Jean Terry Doris Sean Kathryn
		Kwame Latoya Darnell Keisha Malik Imani Wei Li Mei Hiro Priya Rahul Anjali Mohammed Fatima Omar Aisha Yusuf Olga Ivan Nadia Dmitri Thuy Minh Linh Tuan`),
	"es": strings.Fields(`María José Juan Ana Luis Carmen Carlos Guadalupe Francisco Josefina Antonio Rosa Jesús Laura Miguel Elena Manuel Isabel Pedro Teresa Alejandro
		Patricia Jorge Gloria Rafael Alicia Fernando Silvia Ricardo Leticia Eduardo Marta Javier Sofía Roberto Lucía Sergio Paula Daniel Andrea Raúl Claudia Alberto Beatriz
		Mario Dolores Enrique Pilar Ramón Consuelo Pablo Rocío Andrés Verónica Óscar Adriana Héctor Gabriela Diego Mercedes Álvaro Natalia Ignacio Inés Rubén Mónica Joaquín
		Ximena Gonzalo Noemí Emilio Graciela Agustín Araceli Ismael Fabiola Nicolás Yolanda Vicente Esperanza Gerardo Maribel Guillermo Concepción Jaime Rosario`),
	"fr": strings.Fields(`Jean Marie Pierre Nathalie Michel Isabelle André Sylvie Philippe Catherine Alain Martine Bernard Christine Jacques Françoise Daniel Valérie
		Nicolas Sandrine Christophe Véronique Patrick Céline Laurent Sophie Julien Stéphanie David Anne Frédéric Aurélie François Émilie Olivier Claire Éric Hélène Sébastien
		Camille Thomas Monique Emmanuel Brigitte Alexandre Nicole Guillaume Élise Benoît Chantal Thierry Danielle Pascal Geneviève Gérard Agnès Mathieu Mélanie Étienne Joëlle
		Maxime Thérèse Rémi Solène Cédric Zoé Ludovic Amélie Jérôme Béatrice Loïc Noémie Denis Denise Gaël Maëlle`),
}

var inventedFamily = map[string][]string{
	"en": strings.Fields(`Smith Johnson Williams Brown Jones Davis Miller Wilson Moore Taylor Anderson Thomas Jackson White Harris Martin Thompson Robinson Clark Lewis Lee
		Walker Hall Allen Young King Wright Hill Scott Green Adams Baker Nelson Carter Mitchell Roberts Turner Phillips Campbell Parker Evans Edwards Collins Stewart Morris
		Murphy Cook Rogers Morgan Cooper Peterson Reed Bailey Bell Kelly Howard Ward Cox Richardson Wood Watson Brooks Bennett Gray Hughes Price Myers Long Foster Sanders
		Ross Powell Sullivan Russell Fisher Henderson Cole West Jordan Reynolds Hamilton Graham Kim Wallace Ford Woods Hayes Burns Ellis Marshall Owens McDonald Tucker
		Porter Hunter Hicks Crawford Boyd Mason Kennedy Warren Dixon Ramos Burke Gordon Shaw Holmes Rice Robertson Hunt Black Daniels Palmer Mills Nichols Grant Knight
		Ferguson Rose Stone Hawkins Dunn Perkins Hudson Spencer Gardner Stephens Payne Pierce Berry Matthews Arnold Wagner Willis Ray Watkins Olson Carroll Duncan Snyder
		Hart Cunningham Bradley Lane Andrews Fox Riley Armstrong Carpenter Weaver Greene Lawrence Elliott Sims Austin Peters Kelley Franklin Lawson O'Brien O'Connor Nguyen
		Patel Chen Wang Singh Khan Tran Pham Okafor Mensah Haddad Cohen Schmidt Schneider Kowalski Novak Petrov Ivanova Jensen Larsen MacLeod Fitzgerald`),
	"es": strings.Fields(`García Rodríguez Martínez Hernández López González Pérez Sánchez Ramírez Torres Flores Rivera Gómez Díaz Reyes Cruz Morales Ortiz Gutiérrez Chávez
		Ramos Ruiz Mendoza Álvarez Castillo Jiménez Vásquez Romero Moreno Herrera Medina Aguilar Vargas Castro Guzmán Fernández Muñoz Méndez Salazar Soto Peña Delgado Rojas
		Contreras Guerrero Ortega Estrada Núñez Ríos Vega Cortez Luna Ávila Juárez Domínguez Valdez Navarro Mejía Ayala Trujillo Zúñiga Villarreal Quiñones Ibáñez Benítez
		Calderón Maldonado Figueroa Cárdenas Espinoza Velázquez Cervantes Barrera Carrillo Pacheco Sandoval Valenzuela Zamora Salinas Bautista Cabrera Ochoa Solís`),
	"fr": strings.Fields(`Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent Lefebvre Michel Roux Fournier Girard Bonnet Dupont Lambert
		Fontaine Rousseau Vincent Muller Lefèvre Faure Mercier Blanc Guérin Boyer Garnier Chevalier Legrand Gauthier Perrin Robin Clément Morin Nicolas Henry Roussel
		Mathieu Gautier Masson Marchand Duval Denis Dumont Lemaire Noël Meyer Dufour Meunier Brun Blanchard Giraud Joly Rivière Lucas Brunet Gaillard Barbier Arnaud
		Renard Roche Schmitt Colin Vidal Caron Picard Roger Fabre Aubert Lemoine Renaud Dumas Lacroix Olivier Philippe Bourgeois Tremblay Gagnon Côté Bouchard Gagné Bélanger`),
}

// inventedNicknames are those a list maker is likely to meet.
var inventedNicknames = map[string][]string{
	"James": {"Jim", "Jimmy"}, "John": {"Jack", "Johnny"}, "Robert": {"Bob", "Rob", "Bobby"}, "Michael": {"Mike", "Mick"}, "William": {"Bill", "Will", "Billy"},
	"David": {"Dave"}, "Elizabeth": {"Liz", "Beth", "Betsy"}, "Richard": {"Rick", "Dick", "Rich"}, "Barbara": {"Barb"}, "Joseph": {"Joe"}, "Susan": {"Sue"},
	"Thomas": {"Tom"}, "Charles": {"Chuck", "Charlie"}, "Christopher": {"Chris"}, "Daniel": {"Dan", "Danny"}, "Matthew": {"Matt"}, "Anthony": {"Tony"},
	"Margaret": {"Peggy", "Maggie", "Meg"}, "Steven": {"Steve"}, "Andrew": {"Andy", "Drew"}, "Kimberly": {"Kim"}, "Kenneth": {"Ken"}, "Timothy": {"Tim"},
	"Deborah": {"Deb", "Debbie"}, "Edward": {"Ed", "Ted"}, "Rebecca": {"Becky"}, "Jeffrey": {"Jeff"}, "Kathleen": {"Kathy"}, "Katherine": {"Kate", "Katie"},
	"Benjamin": {"Ben"}, "Samuel": {"Sam"}, "Gregory": {"Greg"}, "Alexander": {"Alex"}, "Patrick": {"Pat"}, "Victoria": {"Vicky"}, "Nathan": {"Nate"},
	"José": {"Pepe"}, "Francisco": {"Paco", "Pancho"}, "Guadalupe": {"Lupe", "Lupita"}, "Jesús": {"Chuy"}, "Dolores": {"Lola"}, "Josefina": {"Pepa"},
	"Rosario": {"Charo"}, "Concepción": {"Concha"}, "Enrique": {"Quique"}, "Manuel": {"Manolo"}, "Ignacio": {"Nacho"}, "Roberto": {"Beto"}, "Isabel": {"Chabela"},
	"Emmanuel": {"Manu"}, "Frédéric": {"Fred"}, "Alexandre": {"Alex"}, "Christophe": {"Chris"}, "Nathalie": {"Nath"}, "Sébastien": {"Seb"}, "Philippe": {"Phil"},
}

var (
	inventedTowns = strings.Fields(`Riverbend Millbrook Fairview Ashford Cedarville Lakeside Hartwell Northfield Eastport Kingsley Marlow Redstone Clearwater Stonebridge Harmony
		Pinecrest Oakdale Westbrook Greenville Summerset Larkspur Brookhaven Winfield Granger Hollister Fernwood Dunmore Ridgeway Alton Bellmont Carver Dalton Edgemont`)
	inventedPatrons = strings.Fields(`Lincoln Washington Jefferson Roosevelt Kennedy Madison Jackson Franklin Garfield Wilson Hamilton Douglass Tubman Parks Chavez Marshall Adams
		Monroe Cleveland Grant Emerson Whittier Longfellow Hawthorne Edison Carver`)
	inventedThings = strings.Fields(`Hope Bridge Harbor Horizon Promise Lantern Compass Anchor Beacon Meadow Gateway Journey Crossroads Foundry Orchard Haven Pathway Catalyst Summit
		Mosaic Willow Ember Thrive Keystone Canopy Tapestry`)
	inventedSaints = strings.Fields(`Mary Joseph Paul Peter Anthony Luke Mark Vincent Clare Francis Anne Patrick Martin Thomas`)
)
