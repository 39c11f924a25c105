package app

import (
	"context"
	"net/url"
	"slices"
	"time"

	"commontable/internal/backbone/actions"
	"commontable/internal/backbone/agreements"
	"commontable/internal/backbone/attendance"
	"commontable/internal/backbone/calendars"
	"commontable/internal/backbone/collaborative"
	"commontable/internal/backbone/commitments"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/evaluation"
	"commontable/internal/backbone/imports"
	"commontable/internal/backbone/letters"
	"commontable/internal/backbone/materials"
	"commontable/internal/backbone/network"
	"commontable/internal/backbone/polls"
	"commontable/internal/backbone/post"
	"commontable/internal/backbone/scorecard"
	"commontable/internal/backbone/surveys"
	"commontable/internal/backbone/takeout"
	"commontable/internal/platform/access"
	"commontable/internal/platform/archive"
	"commontable/internal/platform/operation"
)

// Carried is everything that leaves an installation with a collaborative, parents
// before children. A capability adds its own in one line.
func Carried() []archive.Entity {
	return slices.Concat(
		collaborative.Carried(),
		directory.Carried(),
		agreements.Carried(),
		network.Carried(),
		convening.Carried(),
		attendance.Carried(),
		actions.Carried(),
		commitments.Carried(),
		calendars.Carried(),
		polls.Carried(),
		surveys.Carried(),
		evaluation.Carried(),
		materials.Carried(),
		scorecard.Carried(),
		letters.Carried(),
		imports.Carried(),
		post.Carried(),
		access.Carried(),
	)
}

// NotCarried are the tables of collaboratives that stay behind, each with the
// reason. Whatever is neither here nor carried fails a test.
var NotCarried = map[string]string{
	"idempotency_keys":       "answers to repeated requests, kept for a week",
	"record_counts":          "counted anew",
	"search_documents":       "the search index is made anew",
	"search_words":           "the search index is made anew",
	"resemblance_runs":       "duplicates are looked for anew",
	"imports":                "files on their way are working state",
	"import_parts":           "files on their way are working state",
	"import_rows":            "files on their way are working state",
	"import_records":         "files on their way are working state",
	"import_changes":         "what an import can be taken back with serves where it was made",
	"material_uploads":       "files on their way are working state",
	"material_parts":         "files on their way are working state",
	"import_mappings":        "how files are read is learnt anew",
	"import_decisions":       "who a doubtful name was is asked anew",
	"meeting_doors":          "a code is made anew",
	"personal_codes":         "a code is made anew",
	"participation_numbers":  "counted anew",
	"participation_periods":  "counted anew",
	"participation_meetings": "counted anew",
	"participation_seats":    "counted anew",
	"participation_actions":  "counted anew",
	"calendar_feeds":         "secret addresses serve where they were made",
	"followed_calendars":     "secret addresses, read by the right of an account",
	"followed_events":        "what a calendar holds is read anew",
	"pledge_links":           "a link serves where it was made",
	"due_links":              "a link serves where it was made",
	"survey_places":          "for each organization's own people alone; whoever opens an archive could read all",
	"survey_files":           "goes to nobody but an evaluator who signed, and whoever opens an archive has not",
	"survey_tokens_issued":   "a token serves where it was made",
	"survey_tokens_spent":    "a token serves where it was made",
	"survey_keys":            "a token serves where it was made",
	"survey_boxes":           "anonymous answers stay where they were given, as confidential ones do",
	"takeouts":               "archives do not hold archives",
	"takeout_parts":          "archives do not hold archives",
	"takeout_schedules":      "a matter of the installation, made by the right of an account",
}

func (a *App) takeouts() *takeout.Service {
	return takeout.New(takeout.Config{
		Store: a.Store, Now: a.Config.Clock.Now, Secrets: a.Access.Sealer(), Entities: Carried(), Files: a.Files, Folder: a.Config.DataDir,
		Permissions: func() operation.Permissions { return a.Door.Permissions },
		Link: func(slug string) string {
			return a.Config.BaseURL.JoinPath("c", url.PathEscape(slug), "settings", "takeouts").String()
		},
	})
}

// sweepTakeouts deletes takeouts that were kept long enough and begins those that
// are due, in every collaborative.
func (a *App) sweepTakeouts(ctx context.Context, now time.Time) error {
	return a.eachPlace(ctx, func(place operation.Collaborative) error { return a.Takeouts.Sweep(ctx, place.ID, now) })
}
