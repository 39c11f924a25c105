package security_test

import (
	"context"
	"testing"

	"commontable/internal/backbone/imports"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/outbound"
)

// brought is a file as far on its way as a test needs it: one row that can be
// taken, one with a bad cell, one in doubt.
func (s *site) brought(t *testing.T, town town, name, state string) imports.Import {
	t.Helper()
	ctx := town.context
	raw := []byte("First name,Last name,E-mail,Organization\n" + name + ",Brought," + name + "@brought.example,\nBad,Cell,no address,\n" + town.person.GivenName + "," + town.person.FamilyName + ",,\n")
	i := do(t, ctx, s.app, imports.Begin, imports.BeginInput{FileName: name + ".csv", Size: int64(len(raw)), Kind: "people"})
	i = do(t, ctx, s.app, imports.AddPart, imports.PartInput{ID: i.ID, Content: raw})
	work := func() {
		if err := imports.Work(ctx, s.app.Door, i.ID); err != nil {
			t.Fatal(err)
		}
		i = do(t, ctx, s.app, imports.Get, imports.Ref{ID: i.ID})
	}
	if work(); state == imports.Mapping {
		return i
	}
	do(t, ctx, s.app, imports.Map, imports.MapInput{ID: i.ID, Version: i.Version, Kind: i.Kind, Fields: i.Plan.Fields, Mapping: name})
	if work(); state == imports.Preview {
		return i
	}
	do(t, ctx, s.app, imports.Start, imports.VersionRef{ID: i.ID, Version: i.Version})
	if work(); i.State != imports.Done {
		t.Fatalf("the import is %s: %+v", i.State, i.Problem)
	}
	return i
}

// calendarSays answers with a calendar, whatever address is asked for.
type calendarSays string

func (c calendarSays) Get(context.Context, string, outbound.Known) (outbound.Answer, error) {
	return outbound.Answer{Content: []byte("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + string(c) + "END:VCALENDAR\r\n")}, nil
}

// follow reads the followed calendar with an event, and again without it.
func (s *site) follow(t *testing.T) {
	t.Helper()
	ctx, i := s.here.context, s.here.followed.ID
	read := func(from calendarSays) imports.Import {
		t.Helper()
		if err := imports.Follow(ctx, s.app.Door, from, i); err != nil {
			t.Fatal(err)
		}
		f := do(t, ctx, s.app, imports.GetFollowed, imports.FollowedRef{ID: i})
		if err := imports.Work(ctx, s.app.Door, f.ImportID); err != nil && operation.KindOf(err) != operation.NotFound {
			t.Fatal(err)
		}
		found, _ := imports.Get.Do(ctx, s.app.Door, imports.Ref{ID: f.ImportID}) // forgotten, when it says nothing new
		return found
	}
	first := read("BEGIN:VEVENT\r\nUID:held\r\nSUMMARY:Held\r\nDTSTART:20990105T100000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\n")
	do(t, ctx, s.app, imports.Start, imports.VersionRef{ID: first.ID, Version: first.Version})
	if err := imports.Work(ctx, s.app.Door, first.ID); err != nil {
		t.Fatal(err)
	}
	read("")
	if f := do(t, ctx, s.app, imports.GetFollowed, imports.FollowedRef{ID: i}); len(f.Gone) != 1 {
		t.Fatalf("an event is gone, and it says %+v", f)
	}
}

// importChanges are the steps of an import that somebody takes.
func (s *site) importChanges(t *testing.T) []change {
	t.Helper()
	ctx, door := s.here.context, s.app.Door
	open := do(t, ctx, s.app, imports.Begin, imports.BeginInput{FileName: "open.csv", Size: 4})
	chosen, mapped, stopped := s.brought(t, s.here, "chosen", imports.Mapping), s.brought(t, s.here, "mapped", imports.Mapping), s.brought(t, s.here, "stopped", imports.Mapping)
	decided, fixed, started := s.brought(t, s.here, "decided", imports.Preview), s.brought(t, s.here, "fixed", imports.Preview), s.brought(t, s.here, "started", imports.Preview)
	done := s.brought(t, s.here, "done", imports.Done)
	mapping := do(t, ctx, s.app, imports.ListMappings, operation.None{}).Items[0]
	doubts := do(t, ctx, s.app, imports.ListRecords, imports.ListRecordsInput{ID: decided.ID, Action: imports.Doubt}).Items
	bad := do(t, ctx, s.app, imports.ListRows, imports.ListRowsInput{ID: fixed.ID, Bad: true}).Items
	if len(doubts) == 0 || len(bad) == 0 {
		t.Fatalf("%d doubts, %d bad rows", len(doubts), len(bad))
	}
	s.follow(t)
	elsewhere := func(name string) imports.Followed {
		return do(t, ctx, s.app, imports.FollowCalendar, imports.FollowedInput{Name: name, Address: "https://calendar.example/a.ics"})
	}
	edited, ended := elsewhere("edited"), elsewhere("ended")
	return []change{
		{"imports.begin", func() error {
			_, err := imports.Begin.Do(ctx, door, imports.BeginInput{FileName: "new.csv", Size: 10})
			return err
		}},
		{"imports.add-part", func() error {
			_, err := imports.AddPart.Do(ctx, door, imports.PartInput{ID: open.ID, Content: []byte("a\nb\n")})
			return err
		}},
		{"imports.choose", func() error {
			_, err := imports.Choose.Do(ctx, door, imports.ChooseInput{ID: chosen.ID, Version: chosen.Version, Tables: []int{0}})
			return err
		}},
		{"imports.map", func() error {
			_, err := imports.Map.Do(ctx, door, imports.MapInput{ID: mapped.ID, Version: mapped.Version, Kind: mapped.Kind, Fields: mapped.Plan.Fields})
			return err
		}},
		{"imports.decide", func() error {
			_, err := imports.Decide.Do(ctx, door, imports.DecideInput{ID: decided.ID, Items: []imports.Decision{{Record: doubts[0].Number, Is: imports.DecidedNew}}})
			return err
		}},
		{"imports.fix", func() error {
			_, err := imports.Fix.Do(ctx, door, imports.FixInput{ID: fixed.ID, Items: []imports.Cell{{Line: bad[0].Key, Column: 2, Value: "cell@brought.example"}}})
			return err
		}},
		{"imports.start", func() error {
			_, err := imports.Start.Do(ctx, door, imports.VersionRef{ID: started.ID, Version: started.Version})
			return err
		}},
		{"imports.cancel", func() error {
			_, err := imports.Cancel.Do(ctx, door, imports.Ref{ID: stopped.ID})
			return err
		}},
		{"imports.forget", func() error {
			_, err := imports.Forget.Do(ctx, door, imports.Ref{ID: stopped.ID})
			return err
		}},
		{"imports.undo", func() error {
			_, err := imports.Undo.Do(ctx, door, imports.Ref{ID: done.ID})
			return err
		}},
		{"imports.forget-mapping", func() error {
			_, err := imports.ForgetMapping.Do(ctx, door, imports.MappingRef{Fingerprint: mapping.Fingerprint})
			return err
		}},
		{"followed-calendars.follow", func() error {
			_, err := imports.FollowCalendar.Do(ctx, door, imports.FollowedInput{Name: "Elsewhere", Address: "https://calendar.example/a.ics"})
			return err
		}},
		{"followed-calendars.edit", func() error {
			_, err := imports.EditFollowed.Do(ctx, door, imports.FollowedPatch{ID: edited.ID, Version: edited.Version, BySelf: ptr(true)})
			return err
		}},
		{"followed-calendars.read", func() error {
			_, err := imports.ReadFollowed.Do(ctx, door, imports.FollowedRef{ID: s.here.followed.ID})
			return err
		}},
		{"followed-calendars.keep", func() error {
			_, err := imports.KeepGone.Do(ctx, door, imports.GoneInput{ID: s.here.followed.ID, UID: "held"})
			return err
		}},
		{"followed-calendars.end", func() error {
			_, err := imports.EndFollowed.Do(ctx, door, imports.FollowedVersion{ID: ended.ID, Version: ended.Version})
			return err
		}},
	}
}
