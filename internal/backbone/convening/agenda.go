package convening

import (
	"time"

	"commontable/internal/backbone/directory"
	"commontable/internal/platform/id"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// ItemID names an agenda item.
type ItemID = id.Of[Item]

// Goals are what an item is on the agenda for, by catalogue key "agenda_goals.…".
var Goals = []string{"inform", "discuss", "decide"}

// The states of an agenda item.
const (
	ItemOpen    = "open"
	ItemDone    = "done"
	ItemCarried = "carried" // to a later meeting
)

// ItemStates lists them, by catalogue key "agenda_states.…".
var ItemStates = []string{ItemOpen, ItemDone, ItemCarried}

// Item is one point of a meeting's agenda.
type Item struct {
	ID        ItemID             `json:"id" audit:"-"`
	MeetingID MeetingID          `json:"meeting_id" audit:"-"`
	Position  int64              `json:"position" audit:"-" doc:"Its place in the order of the agenda."`
	Title     string             `json:"title"`
	Goal      string             `json:"goal" doc:"inform, discuss or decide."`
	Minutes   int64              `json:"minutes" doc:"How long it is meant to take; 0 when nobody said."`
	OwnerID   directory.PersonID `json:"owner_id,omitempty" audit:"-"`
	Owner     string             `json:"owner,omitempty" doc:"Who brings it; a name alone where they are not on record."`
	About     string             `json:"about,omitempty"`
	Interests string             `json:"interests,omitempty" doc:"Interests that were declared: who, and what."`
	State     string             `json:"state" doc:"open, done or carried."`
	// CarriedFrom is the item of an earlier meeting that this one goes on with.
	CarriedFrom ItemID     `json:"carried_from,omitempty" audit:"-"`
	Version     int64      `json:"version" audit:"-"`
	CreatedAt   time.Time  `json:"created_at" audit:"-"`
	UpdatedAt   time.Time  `json:"updated_at" audit:"-"`
	DeletedAt   *time.Time `json:"deleted_at,omitempty" audit:"-"`
}

// CurrentVersion is what REST makes an ETag of.
func (i Item) CurrentVersion() int64 { return i.Version }

// ItemInput is a new agenda item; it comes last.
type ItemInput struct {
	MeetingID MeetingID          `json:"meeting_id"`
	Title     string             `json:"title" required:"true" maxLength:"200"`
	Goal      string             `json:"goal,omitempty" enum:"inform,discuss,decide" doc:"discuss when absent."`
	Minutes   int64              `json:"minutes,omitempty" minimum:"0" maximum:"600"`
	OwnerID   directory.PersonID `json:"owner_id,omitempty"`
	Owner     string             `json:"owner,omitempty" maxLength:"200" doc:"Who brings it, where they are not on record."`
	About     string             `json:"about,omitempty" maxLength:"5000" text:"lines"`
	Interests string             `json:"interests,omitempty" maxLength:"2000" text:"lines"`
}

// ItemPatch changes the fields that are given and leaves the others.
type ItemPatch struct {
	MeetingID MeetingID           `json:"meeting_id"`
	ID        ItemID              `json:"id"`
	Version   int64               `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
	Title     *string             `json:"title,omitempty" maxLength:"200"`
	Goal      *string             `json:"goal,omitempty" enum:"inform,discuss,decide"`
	Minutes   *int64              `json:"minutes,omitempty" minimum:"0" maximum:"600"`
	OwnerID   *directory.PersonID `json:"owner_id,omitempty"`
	Owner     *string             `json:"owner,omitempty" maxLength:"200"`
	About     *string             `json:"about,omitempty" maxLength:"5000" text:"lines"`
	Interests *string             `json:"interests,omitempty" maxLength:"2000" text:"lines"`
	State     *string             `json:"state,omitempty" enum:"open,done,carried"`
}

// ItemVersion names one version of an agenda item.
type ItemVersion struct {
	MeetingID MeetingID `json:"meeting_id"`
	ID        ItemID    `json:"id"`
	Version   int64     `json:"version" required:"true" doc:"The version that was read; a newer one answers with a conflict."`
}

const itemColumns = `agenda_items.id, agenda_items.meeting_id, agenda_items.position, agenda_items.title, agenda_items.goal, agenda_items.minutes, agenda_items.owner_id, agenda_items.owner_name,
	people.given_name, people.family_name, agenda_items.about, agenda_items.interests, agenda_items.state, agenda_items.carried_from, agenda_items.version, agenda_items.created_at,
	agenda_items.updated_at, agenda_items.deleted_at`

const itemTables = ` FROM agenda_items LEFT JOIN people ON people.collaborative_id = $1 AND people.id = agenda_items.owner_id WHERE agenda_items.collaborative_id = $1`

func scanItem(row store.Row) (Item, error) {
	var i Item
	var name directory.Person
	var deleted time.Time
	err := row.Scan(&i.ID, &i.MeetingID, &i.Position, &i.Title, &i.Goal, &i.Minutes, &i.OwnerID, &i.Owner, store.ScanText(&name.GivenName), store.ScanText(&name.FamilyName),
		&i.About, &i.Interests, &i.State, &i.CarriedFrom, &i.Version, store.ScanTime(&i.CreatedAt), store.ScanTime(&i.UpdatedAt), store.ScanTime(&deleted))
	if !i.OwnerID.IsZero() {
		i.Owner = name.Name()
	}
	i.DeletedAt = operation.Instant(deleted)
	return i, err
}

func getItem(c *operation.Call, i ItemID) (Item, error) {
	return store.One(c.Tx, scanItem, `SELECT `+itemColumns+itemTables+` AND agenda_items.id = $2`, i)
}

// itemsOf are the items of a meeting in order.
func itemsOf(c *operation.Call, m MeetingID) ([]Item, error) {
	return store.Collect(c.Tx, scanItem, `SELECT `+itemColumns+itemTables+` AND agenda_items.meeting_id = $2 AND agenda_items.deleted_at IS NULL ORDER BY agenda_items.position, agenda_items.id`, m)
}

func insertItem(c *operation.Call, i Item) error {
	_, err := c.Tx.Exec(`INSERT INTO agenda_items (collaborative_id, id, meeting_id, position, title, goal, minutes, owner_id, owner_name, about, interests, state, carried_from, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15)`,
		i.ID, i.MeetingID, i.Position, i.Title, i.Goal, i.Minutes, i.OwnerID, i.nameAlone(), i.About, i.Interests, i.State, i.CarriedFrom, i.Version, store.Micros(i.CreatedAt))
	return err
}

// nameAlone is the owner's name where no record holds it.
func (i Item) nameAlone() string {
	if i.OwnerID.IsZero() {
		return i.Owner
	}
	return ""
}

func updateItem(c *operation.Call, _, i Item) error {
	return operation.Changed(c.Tx.Exec(`UPDATE agenda_items SET position = $3, title = $4, goal = $5, minutes = $6, owner_id = $7, owner_name = $8, about = $9, interests = $10, state = $11,
		version = $12, updated_at = $13, deleted_at = $14 WHERE collaborative_id = $1 AND id = $2 AND version = $12 - 1`,
		i.ID, i.Position, i.Title, i.Goal, i.Minutes, i.OwnerID, i.nameAlone(), i.About, i.Interests, i.State, i.Version, store.Micros(i.UpdatedAt), operation.DeletedMicros(i.DeletedAt)))
}
