package resemblance

import "strings"

func setOf(words string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		out[w] = true
	}
	return out
}

// publicMail are providers where everybody may have a mailbox: a domain of
// theirs says nothing about an organization.
var publicMail = setOf(`
aim.com alice.it aol.com att.net bell.net bellsouth.net bigpond.com bluewin.ch btinternet.com centurylink.net charter.net comcast.net cox.net
duck.com earthlink.net embarqmail.com fastmail.com fastmail.fm free.fr freenet.de frontier.com frontiernet.net gmail.com gmx.com gmx.de gmx.fr gmx.net googlemail.com
hey.com hotmail.co.uk hotmail.com hotmail.es hotmail.fr hotmail.it icloud.com inbox.com juno.com laposte.net libero.it live.ca live.com live.com.mx live.fr
mac.com mail.com mail.ru me.com mindspring.com msn.com naver.com netscape.net netzero.net numericable.fr optonline.net orange.fr outlook.com outlook.es outlook.fr
pm.me prodigy.net.mx proton.me protonmail.com q.com qq.com rediffmail.com rocketmail.com rogers.com roadrunner.com rr.com sbcglobal.net sfr.fr shaw.ca skynet.be
sympatico.ca t-online.de telefonica.net telenet.be telus.net terra.com terra.es tuta.com tutanota.com verizon.net videotron.ca voila.fr wanadoo.es wanadoo.fr
web.de windstream.net yahoo.ca yahoo.co.uk yahoo.com yahoo.com.ar yahoo.com.mx yahoo.de yahoo.es yahoo.fr ya.com yandex.com yandex.ru ymail.com zoho.com 163.com 126.com`)

// sharedHosts carry pages or letters of everybody and are no suffix in the
// public list.
var sharedHosts = setOf(`
about.me bit.ly campaign-archive.com canva.com carrd.co constantcontact.com eventbrite.com everyaction.com facebook.com fb.com flickr.com givebutter.com gofundme.com google.com
guidestar.org candid.org idealist.org instagram.com issuu.com linkedin.com linktr.ee list-manage.com mailchimp.com medium.com meetup.com mobilize.us nextdoor.com
onedrive.com paypal.com pinterest.com sharepoint.com squarespace.com substack.com surveymonkey.com tiktok.com tinyurl.com twitter.com vimeo.com volunteermatch.org
wixsite.com wordpress.com x.com yelp.com youtube.com zoom.us`)

// profileHosts give each customer a page whose first path segment is its name.
var profileHosts = setOf(`facebook.com instagram.com twitter.com linktr.ee givebutter.com tiktok.com`)

// genericPages are path segments that are no customer's name.
var genericPages = setOf(`pages groups people events profile.php login home share watch hashtag search`)

// roleMailboxes are read by an office, in English, Spanish and French.
var roleMailboxes = setOf(`
accounting accueil admin administracion administration administrator alcaldia board bonjour bureau coalition comms communications comunicacion consultas contact contacto contactus
coordination correo development development direccion direction director donate education email enquiries equipe escuela frontdesk general hello help hola hr info
information informacion informations inquiries jobs mail mairie marketing media membership ministry news newsletter noreply no-reply office oficina outreach parish
partnerships president presse press principal program programs reception recepcion rectory registrar rrhh sales school secretaria secretariat secretary services staff support
team training volunteer volunteers webmaster welcome yo youth`)
