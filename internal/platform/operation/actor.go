package operation

import (
	"context"
	"slices"
	"time"

	"commontable/internal/platform/id"
)

// The nouns the door itself needs to know.
type (
	accountNoun       struct{}
	personNoun        struct{}
	collaborativeNoun struct{}
)

// AccountID names an account of the installation.
type AccountID = id.Of[accountNoun]

// PersonID names a person of a collaborative.
type PersonID = id.Of[personNoun]

// NewAccountID makes an id for an account.
func NewAccountID() AccountID { return id.New[accountNoun]() }

// NewPersonID makes an id for a person.
func NewPersonID() PersonID { return id.New[personNoun]() }

// NewCollaborativeID makes an id for a collaborative.
func NewCollaborativeID() CollaborativeID { return id.New[collaborativeNoun]() }

// CollaborativeID names a collaborative.
type CollaborativeID = id.Of[collaborativeNoun]

// Role is a fixed type of part someone plays; its label can be renamed in each
// collaborative.
type Role string

// The role types, in the order the permission table shows them.
const (
	Director        Role = "backbone_director"
	Staff           Role = "backbone_staff"
	TableChair      Role = "table_chair"
	TableMember     Role = "table_member"
	GroupChair      Role = "group_chair"
	GroupMember     Role = "group_member"
	Representative  Role = "organization_representative"
	Funder          Role = "funder"
	CommunityMember Role = "community_member"
	Evaluator       Role = "evaluator"
	Convener        Role = "network_convener"
	Administrator   Role = "installation_administrator"
	Public          Role = "public"
)

// Roles lists every role type in table order.
var Roles = []Role{Director, Staff, TableChair, TableMember, GroupChair, GroupMember, Representative, Funder, CommunityMember, Evaluator, Convener, Administrator, Public}

// MembershipRoles are the roles a person can be given within a collaborative.
var MembershipRoles = Roles[:11]

// Via says how an actor reached the door.
type Via string

// The ways in.
const (
	ViaSession Via = "session"
	ViaToken   Via = "token"
	ViaLink    Via = "link"
	ViaSystem  Via = "system" // background work and the command line
)

// Actor is whoever asks. The zero Actor is the public.
type Actor struct {
	Account  AccountID
	Person   PersonID // who they are in the collaborative of the context
	Name     string
	Email    string
	Roles    []Role // in the collaborative of the context, plus Administrator
	Via      Via
	ReadOnly bool      // a token without the write scope
	Verified time.Time // when they last proved who they are, for re-authentication
	// Credential identifies the session or token, hashed, so that "sign out
	// everywhere else" knows which one to keep.
	Credential []byte
}

// SignedIn says whether the actor is known.
func (a Actor) SignedIn() bool { return !a.Account.IsZero() || a.Via == ViaSystem }

// Has says whether the actor holds any of the roles.
func (a Actor) Has(roles ...Role) bool {
	for _, r := range roles {
		if slices.Contains(a.Roles, r) {
			return true
		}
	}
	return false
}

// Backbone says whether the actor belongs to the backbone team.
func (a Actor) Backbone() bool { return a.Has(Director, Staff) }

// Collaborative is what the door and the pages need to know of the
// collaborative of a request.
type Collaborative struct {
	ID       CollaborativeID
	Slug     string
	Name     string
	Zone     *time.Location
	Language string
	// Labels holds this place's own words by label key; see Label.
	Labels map[string]string
}

type (
	actorKey         struct{}
	collaborativeKey struct{}
	idempotencyKey   struct{}
	receiptKey       struct{}
	requestKey       struct{}
)

// WithActor puts whoever asks into the context.
func WithActor(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// ActorFrom finds whoever asks; the public when nobody was put there.
func ActorFrom(ctx context.Context) Actor {
	a, _ := ctx.Value(actorKey{}).(Actor)
	return a
}

// WithCollaborative scopes the context to a collaborative.
func WithCollaborative(ctx context.Context, c Collaborative) context.Context {
	return context.WithValue(ctx, collaborativeKey{}, c)
}

// CollaborativeFrom finds the collaborative of the context; its ID is zero when
// there is none.
func CollaborativeFrom(ctx context.Context) Collaborative {
	c, _ := ctx.Value(collaborativeKey{}).(Collaborative)
	return c
}

// WithIdempotencyKey makes the next write run at most once for this key.
func WithIdempotencyKey(ctx context.Context, key string) context.Context {
	return context.WithValue(ctx, idempotencyKey{}, key)
}

// Receipt tells the caller which audit entry a write made, so that a page can
// offer to take it back.
type Receipt struct {
	Entry    EntryID
	Undoable bool
}

// WithReceipt asks for a receipt of the next write.
func WithReceipt(ctx context.Context, r *Receipt) context.Context {
	return context.WithValue(ctx, receiptKey{}, r)
}

// WithRequest notes the request's id for audit and logs.
func WithRequest(ctx context.Context, request string) context.Context {
	return context.WithValue(ctx, requestKey{}, request)
}

// RequestFrom is the request's id, or "".
func RequestFrom(ctx context.Context) string {
	r, _ := ctx.Value(requestKey{}).(string)
	return r
}

// System is the actor of background work and of the command line.
func System() Actor { return Actor{Via: ViaSystem, Name: "Commontable"} }
