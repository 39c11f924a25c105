package sample

import "strings"

func words(s string) []string { return strings.Fields(s) }

// givenNames by language, as one hears them in a school yard or a meeting.
var givenNames = map[string][]string{
	"en": words(`Alice Amara Andre Angela Anthony Aisha Beth Brandon Brianna Caleb Carla Chloe Clarence Dana Darius Deborah Denise Derek Desiree Dwayne Ebony Edith
		Elena Elijah Ella Emily Ethan Evelyn Faith Frances Gloria Grace Greta Hannah Harold Hazel Imani Isaac Jada James Jasmine Jerome Joan Jordan Joshua Joyce
		Kareem Karen Kayla Keisha Kenneth Kwame Lamar Laura Leah Leroy Lillian Logan Lorraine Malik Marcus Maya Megan Melvin Mercy Miles Mina Monica Naomi Nathan
		Nicole Nora Olivia Omar Owen Paige Patrice Pearl Quinn Rachel Raymond Rebecca Reggie Rosa Russell Samir Sasha Shauna Sienna Simon Sonya Stella Tamika Terrence
		Theo Tiffany Travis Tyrone Uma Vernon Victor Violet Wendell Willa Xavier Yolanda Yusuf Zachary Zainab Zoe`),
	"es": words(`Adriana Agustín Alba Alejandra Alfonso Alma Álvaro Ana Andrés Ángela Antonia Araceli Arturo Beatriz Belén Benito Blanca Camila Carlos Carmen Catalina César
		Clara Consuelo Cristóbal Dalia Daniela Diego Dolores Eduardo Elisa Emilio Enrique Ernesto Esperanza Esteban Eva Felipe Fernanda Francisco Gabriela Gerardo Gloria
		Graciela Guadalupe Guillermo Héctor Hugo Ignacio Inés Irene Isabel Jaime Javier Jimena Joaquín Jorge José Josefina Juan Juana Julia Julio Laura Leonor Leticia
		Lorenzo Lourdes Luis Luz Magdalena Manuel Marcela Margarita María Mario Marta Mateo Mercedes Miguel Mónica Natalia Néstor Nicolás Noemí Norma Nuria Ofelia Óscar
		Pablo Paloma Patricia Pedro Pilar Rafael Ramón Raquel Raúl Rebeca Ricardo Rocío Rodrigo Rosario Rubén Salvador Sandra Santiago Sara Sergio Silvia Sofía Soledad
		Susana Teresa Tomás Valentina Verónica Vicente Víctor Ximena Yolanda`),
	"fr": words(`Adèle Agathe Alain Albert Alexandre Aline Amélie Anaïs André Angélique Antoine Ariane Armand Arnaud Arthur Aurélie Bastien Béatrice Benoît Bernadette Bertrand
		Blandine Brigitte Bruno Camille Carole Cécile Céline Charles Charlotte Chloé Christelle Christophe Claire Claude Clément Clotilde Colette Corinne Cyril Damien
		Delphine Denis Didier Dominique Édith Édouard Élise Élodie Émile Émilie Étienne Eugénie Fabien Fabrice Fatou Fernand Florence Florian Francine François Frédéric
		Gaëlle Geneviève Georges Gérard Ghislaine Gilles Guillaume Gustave Hélène Henri Hervé Honoré Huguette Isabelle Jacques Jean Jeanne Jérôme Joëlle Julien Juliette
		Laurence Laurent Léa Léon Loïc Louise Lucas Lucien Ludovic Madeleine Manon Marc Margaux Marguerite Mathilde Maurice Maxime Mélanie Michel Mireille Monique
		Nadège Nicole Noé Océane Odette Olivier Paul Pauline Philippe Pierre Quentin Raphaël Raymonde Rémi Renée Rose Sabine Sébastien Simone Solange Sylvain Sylvie
		Thérèse Thibault Thomas Valérie Véronique Victor Vincent Violette Yann Yves Yvette Zoé`),
}

// familyNames by language.
var familyNames = map[string][]string{
	"en": words(`Abbott Achebe Adeyinka Ainsworth Alder Arkwright Ashby Atwater Bancroft Barlow Bassett Beckford Bell Birch Blackwood Boateng Bowman Bradshaw Brightman
		Brooks Burke Caldwell Calloway Carver Chandler Chowdhury Clarke Coleman Cooper Corbett Cross Crowder Dalton Danso Dawes Delaney Dixon Drummond Eastman Edison
		Ekwueme Ellery Everett Fairbanks Farrow Fields Finch Fletcher Foster Frost Gaines Garrison Gibbs Goodwin Grady Granger Hadley Haines Hale Halloran Hammond Harker
		Hawkins Hayes Hobbs Holloway Hooper Hussain Ingram Iyer Jefferson Jensen Jewell Joyner Keating Kendrick Khan Kilgore Lacey Landry Langston Larkin Lindqvist
		Lockhart Mabry Mackenzie Malloy Marsh Mbeki Mercer Merritt Monroe Moss Nakamura Nash Nguyen Norris Novak Oakley Odom Okoro Osei Osgood Paddock Parrish Patel
		Pemberton Pham Pickett Pike Porter Quarles Quimby Rainey Ramsey Redmond Rhodes Ridley Rowe Rutledge Sandoval Sawyer Sewell Shah Sheffield Sinclair Singh Slater
		Stanton Sterling Stokes Sutton Tate Thatcher Thorne Tillman Townsend Tran Tucker Underhill Vance Vaughn Voss Wade Walcott Ward Watkins Weatherly Whitaker Wilkes
		Winslow Woodruff Wynn Yang Yates York Zeller`),
	"es": words(`Acevedo Aguilar Alarcón Alcántara Almeida Alvarado Amador Aragón Arce Arellano Arroyo Ávila Ayala Barrera Barrios Becerra Beltrán Benítez Bermúdez Blanco
		Bravo Cabrera Calderón Camacho Campos Cárdenas Carranza Carrillo Castañeda Castillo Cervantes Cisneros Colón Contreras Córdova Cortés Cruz Delgado Domínguez
		Durán Echeverría Escobar Espinoza Estrada Fajardo Figueroa Flores Fonseca Fuentes Galindo Gallegos Garza Gil Godínez Gómez Guerrero Gutiérrez Guzmán Hernández
		Herrera Hidalgo Huerta Ibarra Iglesias Jáuregui Jiménez Juárez Lara Leal Leyva Linares Lozano Luna Macías Maldonado Marín Márquez Medina Méndez Mendoza Meza
		Molina Montoya Morales Moreno Munguía Muñoz Narváez Navarro Núñez Ochoa Olivares Olmos Ordóñez Orozco Ortega Pacheco Padilla Palacios Paredes Peña Pineda Ponce
		Quiñones Quiroga Ramírez Rangel Rentería Reyes Ríos Rivas Robles Rojas Rosales Ruiz Salazar Salinas Sandoval Santana Sepúlveda Serrano Solís Soto Suárez Tapia
		Téllez Toledo Torres Trejo Trujillo Urbina Uribe Valdez Valencia Varela Vargas Vázquez Velasco Vera Villalobos Yáñez Zamora Zapata Zavala Zúñiga`),
	"fr": words(`Allard Archambault Arsenault Aubert Aubry Auclair Bailly Barbeau Baril Bastien Baudouin Bazin Beauchamp Beaumont Bédard Bélanger Bellerose Benoît Bergeron Bernier
		Bertin Besson Bilodeau Blanchet Boisvert Bonnard Bouchard Boucher Boudreau Boulanger Bourdon Bourgeois Breton Brisson Brodeur Caron Carpentier Castonguay Champagne
		Charbonneau Charpentier Chartrand Chauvin Chevalier Clément Cloutier Collet Cormier Côté Courtois Couture Daigle Dallaire Dandurand Delacroix Delisle Demers
		Deschamps Desjardins Diallo Dubois Duchesne Dufour Dumas Dumont Dupont Dupuis Durocher Duval Fabre Faucher Favreau Ferland Fillion Fleury Fontaine Forget Fortier
		Fournier Gagnon Garnier Gaudet Gauthier Germain Gervais Giroux Godbout Goulet Grenier Guérin Guillot Hamel Hébert Huard Hubert Jacquet Joly Labelle Lachance
		Lacroix Lafleur Laforge Lamarche Lambert Langlois Lapointe Larivière Laurent Lavallée Leblanc Leclerc Lefebvre Legrand Lemieux Lévesque Loiseau Maillard Marchand
		Martel Mercier Michaud Morin Moulin Nadeau Noël Olivier Paquette Paradis Parent Pelletier Perrault Petit Picard Poirier Poulin Prévost Proulx Quesnel Rancourt
		Renaud Richard Rivard Robichaud Rousseau Roy Sauvage Savard Simard Tanguay Tardif Tessier Thibault Tremblay Trudeau Vachon Vaillant Valois Vasseur Verdier Vigneault Villeneuve`),
}

// titles by sector.
var titles = map[string][]string{
	"education":    {"Principal", "Assistant principal", "Teacher", "School counselor", "Family liaison", "Director of early learning", "Dean", "Data coordinator", "Preschool lead"},
	"government":   {"Council member", "Program manager", "Deputy director", "Librarian", "Youth services officer", "Planner", "Clerk"},
	"health":       {"Pediatrician", "Nurse practitioner", "Community health worker", "Clinic manager", "Dental hygienist", "Counselor"},
	"nonprofit":    {"Executive director", "Program director", "Case worker", "Volunteer coordinator", "Development manager", "Home visitor", "Tutor"},
	"business":     {"Owner", "Human resources lead", "Plant manager", "Apprenticeship coordinator", "Accountant"},
	"philanthropy": {"Program officer", "Executive director", "Trustee", "Grants manager"},
	"faith":        {"Pastor", "Youth minister", "Food shelf coordinator", "Rabbi", "Deacon"},
	"community":    {"Parent leader", "Organizer", "President", "Treasurer", "Youth representative", "Block captain"},
	"media":        {"Editor", "Reporter", "Host", "Producer"},
	"other":        {"Director", "Coach", "Curator", "Volunteer"},
}

// notes are what a backbone writes down for itself.
var notes = []string{
	"Prefers a call to a mail.", "Met at the spring gathering; interested in early reading.", "Needs interpretation in Spanish for long meetings.", "Back from leave in September.",
	"Would host a site visit.", "Asked for the figures by neighborhood.", "Cannot come on Thursdays.", "Knows everyone at the county.", "Was part of the first workgroup on attendance.",
}
