package materials_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"commontable/internal/app"
	"commontable/internal/backbone/convening"
	"commontable/internal/backbone/directory"
	"commontable/internal/backbone/materials"
	"commontable/internal/platform/files"
	"commontable/internal/platform/operation"
	"commontable/internal/testing/house"
)

// sent uploads a file for a meeting.
func sent(ctx context.Context, h *house.House, m convening.MeetingID, name, content string) (materials.UploadID, error) {
	u, err := h.App.Materials.Begin.Do(ctx, h.App.Door, materials.BeginInput{MeetingID: m, FileName: name})
	for part := int64(0); err == nil && !u.Complete; part++ {
		piece := content[:min(len(content), materials.PartBytes)]
		content = content[len(piece):]
		u, err = h.App.Materials.AddPart.Do(ctx, h.App.Door, materials.PartInput{MeetingID: m, ID: u.ID, Part: part, Content: []byte(piece), Last: content == ""})
	}
	return u.ID, err
}

// added adds a file to a meeting.
func added(ctx context.Context, h *house.House, m convening.MeetingID, name, content string) (materials.Material, error) {
	u, err := sent(ctx, h, m, name, content)
	if err != nil {
		return materials.Material{}, err
	}
	return h.App.Materials.Create.Do(ctx, h.App.Door, materials.Input{MeetingID: m, UploadID: u})
}

func meeting(t *testing.T, h *house.House) convening.Meeting {
	t.Helper()
	return house.Do(t, h, h.As(operation.Staff), convening.CreateMeeting, convening.MeetingInput{Title: "Table", On: "2026-06-01", Starts: "10:00"})
}

func read(t *testing.T, ctx context.Context, h *house.House, ref materials.FileRef) string {
	t.Helper()
	o := house.Do(t, h, ctx, h.App.Materials.Read, ref)
	defer func() { _ = o.Content.Close() }()
	raw, err := io.ReadAll(o.Content)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func fault(err error) string {
	var e *operation.Error
	if errors.As(err, &e) && len(e.Faults) > 0 {
		return e.Faults[0].Key
	}
	if e != nil {
		return e.Key
	}
	return fmt.Sprint(err)
}

// Versions come and go, and each is read as it was brought; what was withdrawn is read
// by nobody; and every step can be taken back.
func TestVersions(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		ana := h.Person(t, "Ana", directory.OrganizationID{})
		staff, member := h.AsPerson(operation.Staff, ana), h.As(operation.Funder)
		m := meeting(t, h)
		item := house.Do(t, h, staff, convening.AddItem, convening.ItemInput{MeetingID: m.ID, Title: "Budget"})
		first, second := "%PDF-1.4 "+strings.Repeat("one", 300_000), "%PDF-1.4 two"
		u, err := sent(staff, h, m.ID, "../the\u202e budget.pdf", first)
		if err != nil {
			t.Fatal(err)
		}
		a, err := h.App.Materials.Create.Do(staff, h.App.Door, materials.Input{MeetingID: m.ID, ItemID: item.ID, UploadID: u, Note: "draft"})
		if err != nil || a.Title != "the budget" || a.FileName != "the budget.pdf" || a.Item != "Budget" || a.MediaType != "application/pdf" || a.Size != int64(len(first)) || a.Files[0].ByID != ana {
			t.Fatalf("%+v %v", a, err)
		}
		if _, err := h.App.Materials.Create.Do(staff, h.App.Door, materials.Input{MeetingID: m.ID, UploadID: u}); fault(err) != "errors.material_no_upload" {
			t.Errorf("an upload served twice: %v", err)
		}
		u, err = sent(staff, h, m.ID, "budget final.pdf", second)
		if err != nil {
			t.Fatal(err)
		}
		var receipt operation.Receipt
		b, err := h.App.Materials.AddVersion.Do(operation.WithReceipt(staff, &receipt), h.App.Door, materials.VersionInput{MeetingID: m.ID, ID: a.ID, Version: a.Version, UploadID: u, Note: "as decided"})
		if err != nil || b.Number != 2 || len(b.Files) != 2 || b.FileName != "budget final.pdf" {
			t.Fatalf("%+v %v", b, err)
		}
		for number, want := range map[int64]string{0: second, 1: first, 2: second} {
			if got := read(t, member, h, materials.FileRef{MeetingID: m.ID, ID: a.ID, Number: number}); got != want {
				t.Errorf("version %d has %d bytes", number, len(got))
			}
		}
		var whole []byte
		for after := ""; ; {
			page := house.Do(t, h, member, h.App.Materials.Download, materials.DownloadInput{MeetingID: m.ID, ID: a.ID, Number: 1, After: after})
			whole = append(whole, page.Items[0].Content...)
			if after = page.Next; after == "" {
				break
			}
		}
		if string(whole) != first {
			t.Errorf("%d bytes came in parts", len(whole))
		}

		h.Undo(t, receipt) // withdraws the second
		now := house.Do(t, h, member, materials.Get, materials.Ref{MeetingID: m.ID, ID: a.ID})
		if now.Number != 1 || len(now.Files) != 2 || now.Files[0].WithdrawnAt == nil {
			t.Errorf("%+v", now)
		}
		if _, err := h.App.Materials.Read.Do(member, h.App.Door, materials.FileRef{MeetingID: m.ID, ID: a.ID, Number: 2}); operation.KindOf(err) != operation.NotFound {
			t.Errorf("what was withdrawn is read: %v", err)
		}
		now = house.Do(t, h, operation.WithReceipt(staff, &receipt), materials.Withdraw, materials.NumberInput{MeetingID: m.ID, ID: a.ID, Version: now.Version, Number: 1})
		if !now.Withdrawn() {
			t.Errorf("%+v", now)
		}
		h.Undo(t, receipt)
		now = house.Do(t, h, staff, materials.Get, materials.Ref{MeetingID: m.ID, ID: a.ID})
		now = house.Do(t, h, staff, materials.Reinstate, materials.NumberInput{MeetingID: m.ID, ID: a.ID, Version: now.Version, Number: 2})
		if now.Number != 2 {
			t.Errorf("%+v", now)
		}

		title, none := "Budget of 2027", convening.ItemID{}
		now = house.Do(t, h, operation.WithReceipt(staff, &receipt), materials.Edit, materials.Patch{MeetingID: m.ID, ID: a.ID, Version: now.Version, Title: &title, ItemID: &none})
		if now.Title != title || now.Item != "" || len(now.Files) != 2 {
			t.Errorf("%+v", now)
		}
		h.Undo(t, receipt)
		now = house.Do(t, h, staff, materials.Get, materials.Ref{MeetingID: m.ID, ID: a.ID})
		if now.Title != "the budget" || now.Item != "Budget" {
			t.Errorf("%+v", now)
		}
		house.Do(t, h, operation.WithReceipt(staff, &receipt), materials.Trash, materials.AtVersion{MeetingID: m.ID, ID: a.ID, Version: now.Version})
		if _, err := h.App.Materials.Read.Do(member, h.App.Door, materials.FileRef{MeetingID: m.ID, ID: a.ID}); operation.KindOf(err) != operation.NotFound {
			t.Errorf("from the trash: %v", err)
		}
		if all := house.Do(t, h, member, materials.List, convening.MeetingPart{MeetingID: m.ID}); len(all.Items) != 0 {
			t.Errorf("%+v", all.Items)
		}
		h.Undo(t, receipt)
		if all := house.Do(t, h, member, materials.List, convening.MeetingPart{MeetingID: m.ID}); len(all.Items) != 1 {
			t.Errorf("%+v", all.Items)
		}

		// Another meeting does not have it, and members add nothing.
		other := meeting(t, h)
		if _, err := materials.Get.Do(staff, h.App.Door, materials.Ref{MeetingID: other.ID, ID: a.ID}); operation.KindOf(err) != operation.NotFound {
			t.Errorf("through another meeting: %v", err)
		}
		if _, err := sent(member, h, m.ID, "a.pdf", second); operation.KindOf(err) != operation.Forbidden {
			t.Errorf("a member adds: %v", err)
		}
	})
}

func TestLinks(t *testing.T) {
	h := house.New(t, "")
	staff, m := h.As(operation.Staff), meeting(t, h)
	for link, want := range map[string]string{"http://plain.example": "errors.material_https", "": "errors.material_nothing", "javascript:alert(1)": "", "https://": ""} {
		_, err := h.App.Materials.Create.Do(staff, h.App.Door, materials.Input{MeetingID: m.ID, Link: link})
		if operation.KindOf(err) != operation.Invalid || want != "" && fault(err) != want {
			t.Errorf("%q: %v", link, err)
		}
	}
	a, err := h.App.Materials.Create.Do(staff, h.App.Door, materials.Input{MeetingID: m.ID, Link: "https://data.example/report"})
	if err != nil || a.Title != "data.example/report" || !a.IsLink() {
		t.Errorf("%+v %v", a, err)
	}
}

// Nothing of one collaborative is reached from another, even of content both have.
func TestNothingOfOthers(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		staff, m := h.As(operation.Staff), meeting(t, h)
		a, err := added(staff, h, m.ID, "secret.txt", "the same words")
		if err != nil {
			t.Fatal(err)
		}
		there := operation.WithCollaborative(staff, h.Found(t, "Oak Hill"))
		if _, err := h.App.Materials.Read.Do(there, h.App.Door, materials.FileRef{MeetingID: m.ID, ID: a.ID}); operation.KindOf(err) != operation.NotFound {
			t.Errorf("%v", err)
		}
		if _, err := sent(there, h, m.ID, "a.txt", "x"); operation.KindOf(err) != operation.NotFound {
			t.Errorf("%v", err)
		}
		u, err := sent(staff, h, m.ID, "b.txt", "theirs")
		if err != nil {
			t.Fatal(err)
		}
		// An upload is that of who sent it.
		if _, err := h.App.Materials.Create.Do(h.As(operation.Staff), h.App.Door, materials.Input{MeetingID: m.ID, UploadID: u}); fault(err) != "errors.material_no_upload" {
			t.Errorf("%v", err)
		}
	})
}

func TestHostileUploads(t *testing.T) {
	h := house.New(t, "")
	staff, m := h.As(operation.Staff), meeting(t, h)
	for name, want := range map[string]string{"run.exe": "errors.material_kind", "x.docm": "errors.material_macros", "x.svg": "errors.material_kind", "x.zip": "errors.material_kind"} {
		if _, err := sent(staff, h, m.ID, name, "x"); fault(err) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := added(staff, h, m.ID, "page.pdf", "<html><script>alert(1)</script>"); fault(err) != "errors.material_not_what" {
		t.Errorf("%v", err)
	}
	if all := house.Do(t, h, staff, materials.List, convening.MeetingPart{MeetingID: m.ID}); len(all.Items) != 0 {
		t.Errorf("%+v", all.Items)
	}
	if _, err := h.App.Materials.Begin.Do(staff, h.App.Door, materials.BeginInput{MeetingID: m.ID, FileName: "a.pdf", Size: materials.DefaultFile + 1}); fault(err) != "errors.material_too_large" {
		t.Errorf("%v", err)
	}
	u := house.Do(t, h, staff, h.App.Materials.Begin, materials.BeginInput{MeetingID: m.ID, FileName: "a.pdf"})
	part := materials.PartInput{MeetingID: m.ID, ID: u.ID, Part: 1, Content: make([]byte, materials.PartBytes)}
	if _, err := h.App.Materials.AddPart.Do(staff, h.App.Door, part); fault(err) != "errors.material_part_order" {
		t.Errorf("a part too early: %v", err)
	}
	part.Part = 0
	house.Do(t, h, staff, h.App.Materials.AddPart, part)
	if again := house.Do(t, h, staff, h.App.Materials.AddPart, part); again.Parts != 1 {
		t.Errorf("a part counted twice: %+v", again)
	}
	if _, err := h.App.Materials.Create.Do(staff, h.App.Door, materials.Input{MeetingID: m.ID, UploadID: u.ID}); fault(err) != "errors.material_incomplete" {
		t.Errorf("half a file: %v", err)
	}
	// It grows beyond what is allowed while it comes.
	var err error
	for part.Part = 1; err == nil && part.Part < 100; part.Part++ {
		_, err = h.App.Materials.AddPart.Do(staff, h.App.Door, part)
	}
	if fault(err) != "errors.material_too_large" || part.Part != materials.DefaultFile/materials.PartBytes+1 {
		t.Errorf("at part %d: %v", part.Part, err)
	}
}

// Of several who fill the last room at once, as many succeed as there is room for.
func TestTheRoomIsKeptByThoseWhoHurry(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		m := meeting(t, h)
		h.App.Materials.Limit(materials.DefaultFile, 1000)
		var all sync.WaitGroup
		results := make([]error, 8)
		for k := range results {
			all.Go(func() {
				_, results[k] = added(h.As(operation.Staff), h, m.ID, "a.txt", strings.Repeat("x", 300)+fmt.Sprint(k))
			})
		}
		all.Wait()
		done := 0
		for _, err := range results {
			switch {
			case err == nil:
				done++
			case fault(err) != "errors.material_no_room":
				t.Errorf("%v", err)
			}
		}
		if done != 3 {
			t.Errorf("%d of 301 bytes each fit into 1000", done)
		}
	})
}

// Two bring the same content at once: it is kept once, and both rows read it.
func TestTheSameContentAtOnce(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		m := meeting(t, h)
		content := strings.Repeat("alike ", 200_000)
		var all sync.WaitGroup
		var made [4]materials.Material
		for k := range made {
			all.Go(func() {
				var err error
				if made[k], err = added(h.As(operation.Staff), h, m.ID, "a.txt", content); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		for _, a := range made {
			if got := read(t, h.As(operation.Staff), h, materials.FileRef{MeetingID: m.ID, ID: a.ID}); got != content {
				t.Errorf("%d bytes", len(got))
			}
		}
		kept, err := filepath.Glob(filepath.Join(h.App.Config.DataDir, app.FilesFolder, "*", "??", "*"))
		if err != nil || len(kept) != 1 {
			t.Errorf("%v %v", kept, err)
		}
	})
}

// Bytes that are lost or changed on the disk are never handed out, and what that is
// called says so.
func TestDamageIsNotHandedOut(t *testing.T) {
	h := house.New(t, "")
	staff, m := h.As(operation.Staff), meeting(t, h)
	a, err := added(staff, h, m.ID, "a.txt", "exactly this")
	if err != nil {
		t.Fatal(err)
	}
	kept, err := filepath.Glob(filepath.Join(h.App.Config.DataDir, app.FilesFolder, "*", "??", "*"))
	if err != nil || len(kept) != 1 {
		t.Fatal(kept, err)
	}
	if err := os.WriteFile(kept[0], []byte("exactly That"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := h.App.Materials.Read.Do(staff, h.App.Door, materials.FileRef{MeetingID: m.ID, ID: a.ID}); fault(err) != "errors.material_lost" {
		t.Errorf("%v", err)
	}
	if err := os.Remove(kept[0]); err != nil {
		t.Fatal(err)
	}
	if _, err := h.App.Materials.Read.Do(staff, h.App.Door, materials.FileRef{MeetingID: m.ID, ID: a.ID}); fault(err) != "errors.material_lost" {
		t.Errorf("%v", err)
	}
}

// broken takes no bytes.
type broken struct{ files.Store }

func (broken) Put(context.Context, files.Place, io.Reader, int64) (files.Stored, error) {
	return files.Stored{}, errors.New("the disk is gone")
}

// forgetful says that it kept what it did not.
type forgetful struct{ files.Store }

func (f forgetful) Has(context.Context, files.Place, files.Hash) (bool, error) { return false, nil }

// Where the bytes are not safe there is no row, and no content that anybody wants is
// swept, and what nobody wants is after a day.
func TestNoRowWithoutItsBytes(t *testing.T) {
	h := house.New(t, "")
	staff, m := h.As(operation.Staff), meeting(t, h)
	whole := h.App.Files
	for _, store := range []files.Store{broken{whole}, forgetful{whole}} {
		h.App.Materials.Keep(store)
		if _, err := added(staff, h, m.ID, "a.txt", "words"); err == nil {
			t.Error("it was added")
		}
	}
	h.App.Materials.Keep(whole)
	if all := house.Do(t, h, staff, materials.List, convening.MeetingPart{MeetingID: m.ID}); len(all.Items) != 0 {
		t.Errorf("%+v", all.Items)
	}
	a, err := added(staff, h, m.ID, "b.txt", "wanted")
	if err != nil {
		t.Fatal(err)
	}
	house.Do(t, h, staff, materials.Trash, materials.AtVersion{MeetingID: m.ID, ID: a.ID, Version: a.Version})
	sweep := func() (n int) {
		for _, c := range h.App.Worker.Chores {
			if c.Name == "files that nothing names any more" {
				if err := c.Do(context.Background(), h.Clock.Now()); err != nil {
					t.Fatal(err)
				}
			}
		}
		kept, err := filepath.Glob(filepath.Join(h.App.Config.DataDir, app.FilesFolder, "*", "??", "*"))
		if err != nil {
			t.Fatal(err)
		}
		return len(kept)
	}
	if n := sweep(); n != 2 {
		t.Errorf("%d are there at once", n) // "words" was kept before the row failed
	}
	h.Clock.Advance(25 * time.Hour)
	if n := sweep(); n != 1 {
		t.Errorf("%d are there after a day", n)
	}
	house.Do(t, h, staff, materials.Restore, materials.AtVersion{MeetingID: m.ID, ID: a.ID, Version: a.Version + 1})
	if got := read(t, staff, h, materials.FileRef{MeetingID: m.ID, ID: a.ID}); got != "wanted" {
		t.Error(got)
	}
}
