package mail

import "time"

// Template names one kind of message. Its words are in the catalogue under "mail." and its name.
type Template string

// The messages the product sends.
const (
	SignInLink         Template = "sign_in_link"         // Link, Expires
	Invitation         Template = "invitation"           // Collaborative, Sender, Link, Expires
	PasswordChanged    Template = "password_changed"     // At, Link to the account's security page
	EmailChangeConfirm Template = "email_change_confirm" // NewAddress, Link, Expires
	EmailChanged       Template = "email_changed"        // NewAddress, At, Link to the account's security page
	NewSignIn          Template = "new_sign_in"          // At, Device, Link to the account's sessions
	TestMessage        Template = "test_message"         // At
	AgreementSign      Template = "agreement_sign"       // Collaborative, Sender, Organization, Link, Expires
	AgreementSigned    Template = "agreement_signed"     // Collaborative, Sender (who signed), Organization, Principles, At, Until
	EvaluatorSign      Template = "evaluator_sign"       // Collaborative, Sender, Link, Expires
	EvaluatorSigned    Template = "evaluator_signed"     // Collaborative, Sender (who signed), At, Until, Destroy
	TakeoutReady       Template = "takeout_ready"        // Collaborative, At, Link to the page of takeouts

	// Of a meeting they all need Collaborative, Title, At and Ends; Place, Online and
	// Body are told where they are there.
	MeetingInvitation Template = "meeting_invitation" // Link to answer by
	MeetingChanged    Template = "meeting_changed"    // Link to answer by
	MeetingCancelled  Template = "meeting_cancelled"  // Body is the reason
	MeetingNotYours   Template = "meeting_not_yours"  // of which the reader is no longer expected
	MeetingRecap      Template = "meeting_recap"      // Body is the recap

	// Of what is due: Sections are told one by one.
	DueDigest      Template = "due_digest"      // Collaborative, Count, Sections, Link to the page
	DueNudge       Template = "due_nudge"       // Collaborative, Sender, Body, Sections, Link to the page
	ActionReminder Template = "action_reminder" // Collaborative, Count, Sections, Link to the page
	ReplyReminder  Template = "reply_reminder"  // a meeting's, with Link to answer by
	PollAsk        Template = "poll_ask"        // Collaborative, Sender, Title, Link to answer by
	PollRemind     Template = "poll_remind"     // Collaborative, Sender, Title, Link to answer by
	SurveyAsk      Template = "survey_ask"      // Collaborative, Sender, Title, Count of minutes, Link to answer by
	SurveyStill    Template = "survey_still"    // Collaborative, Sender, Title, Count of minutes, Link to answer by
	SurveyRemind   Template = "survey_remind"   // Collaborative, Sender, Title, Count of minutes, Link to answer by
)

// Templates lists all kinds of message.
func Templates() []Template {
	return []Template{SignInLink, Invitation, PasswordChanged, EmailChangeConfirm, EmailChanged, NewSignIn, TestMessage, AgreementSign, AgreementSigned, EvaluatorSign, EvaluatorSigned, TakeoutReady,
		MeetingInvitation, MeetingChanged, MeetingCancelled, MeetingNotYours, MeetingRecap, PollAsk, PollRemind, SurveyAsk, SurveyRemind, SurveyStill,
		DueDigest, DueNudge, ActionReminder, ReplyReminder}
}

// Data is all that a message may speak of. Beside each Template stands what it needs; Recipient is
// always optional and makes the greeting personal.
type Data struct {
	Collaborative string // name of the collaborative the message comes from
	Recipient     string // name of the person written to
	Sender        string // name of the person who caused the message
	NewAddress    string
	Organization  string
	Principles    int64  // number of a version of the guiding principles
	Until         string // a civil date, YYYY-MM-DD
	Destroy       string // a civil date: by when copies are destroyed
	Device        string // browser and system in words: "Firefox on Windows"
	Link          string // https or http address the button opens
	Expires       time.Time
	At            time.Time

	Title  string // of a meeting
	Ends   time.Time
	Place  string
	Online string // where to join
	Body   string // what somebody wrote, paragraph by paragraph
	Stop   string // address that ends such letters; always optional

	Count    int64     // of what is due
	Sections []Section // what is told one by one, after the text
}

// Section is a list under a heading, in the reader's language.
type Section struct {
	Heading string // none when empty
	Lines   []Line
}

// Line is one of its entries.
type Line struct {
	Text  string
	Links []Link
	// About names what it tells of, for whoever takes lines out again.
	About string
}

// Link leads to a page.
type Link struct{ Label, Address string }

// shape is what a kind of message is made of beside its subject, greeting and closing words.
type shape struct {
	words      string // beginning of its keys in the catalogue
	paragraphs int
	button     bool
	needs      func(Data) string // the name of a field that is missing, or ""
	meeting    bool              // whether when and where it is follow
	body       bool              // whether what somebody wrote follows, also of no meeting
}

var shapes = map[Template]shape{
	SignInLink:         {"mail.sign_in_link.", 2, true, needExpires, false, false},
	Invitation:         {"mail.invitation.", 2, true, needInvitation, false, false},
	PasswordChanged:    {"mail.password_changed.", 2, true, needAt, false, false},
	EmailChangeConfirm: {"mail.email_change_confirm.", 2, true, needNewAddress, false, false},
	EmailChanged:       {"mail.email_changed.", 2, true, needChange, false, false},
	NewSignIn:          {"mail.new_sign_in.", 2, true, needDevice, false, false},
	TestMessage:        {"mail.test_message.", 2, false, needAt, false, false},
	AgreementSign:      {"mail.agreement_sign.", 3, true, needAgreement, false, false},
	AgreementSigned:    {"mail.agreement_signed.", 3, false, needSigned, false, false},
	EvaluatorSign:      {"mail.evaluator_sign.", 3, true, needInvitation, false, false},
	EvaluatorSigned:    {"mail.evaluator_signed.", 3, false, needEvaluator, false, false},
	TakeoutReady:       {"mail.takeout_ready.", 2, true, needTakeout, false, false},
	MeetingInvitation:  {"mail.meeting_invitation.", 1, true, needMeeting, true, false},
	MeetingChanged:     {"mail.meeting_changed.", 1, true, needMeeting, true, false},
	MeetingCancelled:   {"mail.meeting_cancelled.", 1, false, needMeeting, true, false},
	MeetingNotYours:    {"mail.meeting_not_yours.", 1, false, needMeeting, true, false},
	MeetingRecap:       {"mail.meeting_recap.", 1, false, needMeeting, true, false},
	DueDigest:          {"mail.due_digest.", 1, true, needDue, false, false},
	DueNudge:           {"mail.due_nudge.", 1, true, needNudge, false, true},
	ActionReminder:     {"mail.action_reminder.", 1, true, needDue, false, false},
	ReplyReminder:      {"mail.reply_reminder.", 1, true, needMeeting, true, false},
	PollAsk:            {"mail.poll_ask.", 2, true, needPoll, false, false},
	PollRemind:         {"mail.poll_remind.", 2, true, needPoll, false, false},
	SurveyAsk:          {"mail.survey_ask.", 2, true, needSurvey, false, false},
	SurveyRemind:       {"mail.survey_remind.", 2, true, needSurvey, false, false},
	SurveyStill:        {"mail.survey_still.", 2, true, needSurvey, false, false},
}

func needExpires(d Data) string { return missing("Expires", d.Expires.IsZero()) }
func needAt(d Data) string      { return missing("At", d.At.IsZero()) }
func needDevice(d Data) string  { return missing("Device", d.Device == "") + needAt(d) }
func needNewAddress(d Data) string {
	return missing("NewAddress", d.NewAddress == "") + needExpires(d)
}
func needChange(d Data) string { return missing("NewAddress", d.NewAddress == "") + needAt(d) }
func needInvitation(d Data) string {
	return missing("Collaborative", d.Collaborative == "") + missing("Sender", d.Sender == "") + needExpires(d)
}

func needAgreement(d Data) string {
	return needInvitation(d) + missing("Organization", d.Organization == "")
}
func needSigned(d Data) string {
	return missing("Collaborative", d.Collaborative == "") + missing("Sender", d.Sender == "") + missing("Organization", d.Organization == "") +
		missing("Principles", d.Principles == 0) + missing("Until", d.Until == "") + needAt(d)
}

func needEvaluator(d Data) string {
	return missing("Collaborative", d.Collaborative == "") + missing("Sender", d.Sender == "") + missing("Until", d.Until == "") + missing("Destroy", d.Destroy == "") + needAt(d)
}

func needTakeout(d Data) string {
	return missing("Collaborative", d.Collaborative == "") + needAt(d)
}

func needMeeting(d Data) string {
	return missing("Collaborative", d.Collaborative == "") + missing("Title", d.Title == "") + needAt(d) + missing("Ends", d.Ends.IsZero())
}

func needDue(d Data) string {
	return missing("Collaborative", d.Collaborative == "") + missing("Count", d.Count == 0)
}

func needNudge(d Data) string {
	return missing("Collaborative", d.Collaborative == "") + missing("Sender", d.Sender == "")
}

func needPoll(d Data) string {
	return missing("Collaborative", d.Collaborative == "") + missing("Sender", d.Sender == "") + missing("Title", d.Title == "")
}

func needSurvey(d Data) string { return needPoll(d) + missing("Count", d.Count == 0) }

func missing(field string, absent bool) string {
	if absent {
		return field + " "
	}
	return ""
}
