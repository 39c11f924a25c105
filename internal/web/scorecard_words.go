package web

import (
	"context"
	"math"
	"net/url"

	"commontable/internal/backbone/scorecard"
	"commontable/internal/platform/i18n"
	"commontable/internal/web/ui"
)

// evidenceTitle is what a piece of evidence is called.
func evidenceTitle(ctx context.Context, e scorecard.Evidence) string {
	told := e.Told
	switch {
	case e.Kind == scorecard.SurveyItem && told != nil && told.Survey != nil:
		return told.Survey.Text
	case e.Kind == scorecard.Count && e.Measure != "":
		return i18n.T(ctx, "scorecard_measures."+e.Measure) + " · " + periodText(ctx, e.Period)
	case e.Title != "":
		return e.Title
	case e.Kind == scorecard.Document && told != nil && told.Material != nil:
		return told.Material.Title
	case e.Link != "":
		if u, err := url.Parse(e.Link); err == nil {
			return u.Host
		}
	case e.Kind == scorecard.Story && e.Note != "":
		return shortened(firstLine(e.Note), 90)
	}
	return i18n.T(ctx, "scorecard_kinds."+e.Kind)
}

// periodText is a year or a quarter in words.
func periodText(ctx context.Context, period string) string {
	if len(period) != len("2026-Q2") {
		return period
	}
	return i18n.T(ctx, "together.quarter_of", i18n.Args{"Quarter": int(whole(period[6:])), "Year": period[:4]})
}

// evidenceValue is what a piece of evidence tells now, or why it tells nothing.
func evidenceValue(ctx context.Context, e scorecard.Evidence) string {
	told := e.Told
	switch {
	case told != nil && told.Gone != "":
		return i18n.T(ctx, "scorecard_gone."+told.Gone)
	case told != nil && told.Survey != nil:
		return surveyValue(ctx, *told.Survey)
	case told != nil && told.Count != nil:
		return countValue(ctx, e, *told.Count)
	case e.Amount != "":
		return dotted(e.Amount, cardText(ctx, "from_source", i18n.Args{"Source": e.Source}))
	case e.Kind == scorecard.Story:
		return dotted(cardText(ctx, "told_by", i18n.Args{"Name": named(ctx, e.Teller)}), cardText(ctx, "alongside", i18n.Args{"Names": e.Alongside}))
	}
	return ""
}

// surveyValue is what was released of a survey item, with n and the response rate.
func surveyValue(ctx context.Context, f scorecard.SurveyFigure) string {
	about := dotted(f.Wave, responseRate(ctx, f.Answered, f.Invited))
	switch {
	case f.Why != "":
		return dotted(why(ctx, f.Why), about)
	case f.N == 0:
		return dotted(cardText(ctx, "no_answers"), about)
	}
	value := i18n.Decimal(ctx, f.Value, 2)
	if f.Share {
		value = percent(ctx, int64(math.Round(f.Value*100)))
	}
	switch {
	case f.AtMost && f.AtLeast:
		value = surveyText(ctx, "about", i18n.Args{"Value": value})
	case f.AtMost:
		value = surveyText(ctx, "at_most", i18n.Args{"Value": value})
	case f.AtLeast:
		value = surveyText(ctx, "at_least", i18n.Args{"Value": value})
	}
	key := "mean_of"
	switch {
	case f.Share:
		key = "share_of"
	case f.From == f.To:
		key = "mean_plain"
	}
	return dotted(cardText(ctx, key, i18n.Args{"Value": value, "From": i18n.Decimal(ctx, f.From, 0), "To": i18n.Decimal(ctx, f.To, 0), "N": i18n.Number(ctx, f.N)}), about)
}

// countValue is a figure of the program with its period and what it is of.
func countValue(ctx context.Context, e scorecard.Evidence, f scorecard.CountFigure) string {
	span := cardText(ctx, "days", i18n.Args{"From": i18n.ShortCivilDate(ctx, f.From), "To": i18n.ShortCivilDate(ctx, f.To)})
	if f.Partial {
		span = dotted(span, cardText(ctx, "not_over"))
	}
	switch {
	case e.Measure == scorecard.Meetings || e.Measure == scorecard.AtTable:
		return dotted(i18n.Number(ctx, f.Number), span)
	case f.Share == nil || f.Share.All == 0:
		return dotted(i18n.T(ctx, "together.nothing"), span)
	case e.Measure == scorecard.TimeGiven:
		return dotted(percent(ctx, int64(math.Round(f.Followed*100))), cardText(ctx, "hours_of", i18n.Args{"Some": i18n.Decimal(ctx, float64(f.Share.Some)/100, 0), "All": i18n.Decimal(ctx, float64(f.Share.All)/100, 0)}),
			cardText(ctx, "organizations", i18n.Args{"Count": f.N}), span)
	}
	return dotted(rate(ctx, *f.Share), ofHowMany(ctx, *f.Share), cardText(ctx, "organizations", i18n.Args{"Count": f.N}), span)
}

// evidenceRow is a piece of evidence on one line.
func (s *Server) evidenceRow(ctx context.Context, e scorecard.Evidence) ui.Row {
	return ui.Row{When: i18n.T(ctx, "scorecard_kinds."+e.Kind), Title: evidenceTitle(ctx, e), Href: place(ctx, "scorecard/evidence/"+e.ID.Short()), Detail: dotted(evidenceValue(ctx, e), evidenceDay(ctx, e))}
}

// evidenceDay is the day a piece of evidence is of, where its figure does not say so.
func evidenceDay(ctx context.Context, e scorecard.Evidence) string {
	if e.Measure != "" {
		return ""
	}
	return i18n.ShortCivilDate(ctx, e.HappenedOn)
}
