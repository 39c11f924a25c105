package access

import "time"

// The limits. Signing in rightly costs nothing: a room full of people behind
// one address signs in at the beginning of a meeting.
var (
	// Attempts with a password, for one account, for one address, and for the
	// whole installation. A browser that has signed in to the account before
	// has attempts of its own.
	limitSignInAccount      = Rule{Name: "sign-in-account", Burst: 10, Every: 3 * time.Minute}
	limitSignInAddress      = Rule{Name: "sign-in-address", Burst: 60, Every: 10 * time.Second}
	limitSignInInstallation = Rule{Name: "sign-in-all", Burst: 2000, Every: 100 * time.Millisecond}

	// Links by mail: few for one mailbox, which a stranger could fill.
	limitLinkMailbox      = Rule{Name: "link-mailbox", Burst: 5, Every: 10 * time.Minute}
	limitLinkAddress      = Rule{Name: "link-address", Burst: 100, Every: 20 * time.Second}
	limitLinkInstallation = Rule{Name: "link-all", Burst: 2000, Every: 500 * time.Millisecond}

	// Opening links: they cannot be guessed, but trying must not be free.
	limitRedeemAddress = Rule{Name: "redeem-address", Burst: 100, Every: 5 * time.Second}
	// Codes of doors are short, and a hall full of people types them behind one
	// address, letter by letter of their names.
	limitCodeAddress  = Rule{Name: "code-address", Burst: 20_000, Every: 50 * time.Millisecond, Lease: 100}
	limitSetUpAddress = Rule{Name: "set-up-address", Burst: 10, Every: time.Minute}

	// A code has six digits and three are good at a time: five attempts, then
	// one every five minutes, make guessing one take years.
	limitCodeAccount     = Rule{Name: "code-account", Burst: 5, Every: 5 * time.Minute}
	limitRecoveryAccount = Rule{Name: "recovery-account", Burst: 5, Every: 30 * time.Minute}

	// Passkeys and providers: nothing to guess, but work to do.
	limitCeremonyAddress = Rule{Name: "ceremony-address", Burst: 100, Every: 5 * time.Second}

	limitInvitations = Rule{Name: "invitations", Burst: 300, Every: 20 * time.Second}
	limitMailOwn     = Rule{Name: "mail-own", Burst: 5, Every: 10 * time.Minute}
)

// Limits for what other packages guard.
var (
	LimitSearch     = Rule{Name: "search", Burst: 200, Every: 200 * time.Millisecond, Lease: 20}
	LimitExport     = Rule{Name: "export", Burst: 30, Every: time.Minute}
	LimitImport     = Rule{Name: "import", Burst: 30, Every: time.Minute}
	LimitLetterTest = Rule{Name: "letter-test", Burst: 20, Every: time.Minute}
	LimitUpload     = Rule{Name: "upload", Burst: 60, Every: 20 * time.Second}
	// LimitPublicForm is for forms that strangers fill, such as a public survey,
	// by address.
	LimitPublicForm = Rule{Name: "public-form", Burst: 60, Every: 5 * time.Second}
)
