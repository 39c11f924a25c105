package cli

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"net/url"
	"os"
	"strings"
	"syscall"

	"commontable/internal/platform/i18n"
	"commontable/internal/platform/operation"
	"commontable/internal/platform/store"
)

// advice says, for the failures an operator meets, what they mean and what to
// do. The first that matches counts.
var advice = []struct {
	kind error
	text string
}{
	{store.ErrNotBackup, "This file is not a Commontable backup, or it was cut off. Use another copy of it."},
	{store.ErrBackupNewer, "This backup was made by a newer version of Commontable. Install that version or a later one and restore again."},
	{store.ErrBackupDamage, "This backup is damaged or was changed; nothing was restored. Use another copy of it."},
	{store.ErrHoldsRecords, "The target already holds records. Back it up first, then use --force to replace everything in it."},
	{store.ErrInUse, "Another program is using the database. Stop the server and try again."},
	{store.ErrNewer, "The database was written by a newer version of Commontable. Install that version or a later one."},
	{store.ErrChanged, "The database was made by another build of Commontable: one of its schema steps differs from this program's. Use the program it was made with."},
	{store.ErrForeign, "The database belongs to another program and is left alone. Choose another --data folder or --database."},
	{store.ErrCorrupt, "The database file is damaged. Keep a copy of it and restore the latest backup."},
	{store.ErrFull, "The disk is full. Make room and try again; nothing was lost."},
	{store.ErrBusy, "The database is locked by another program. Wait for it to finish or stop it, then try again."},
	{store.ErrUnavailable, "The database cannot be reached. Check that it runs, that the address is right, and that this user may open it."},
	{syscall.EADDRINUSE, "Another program already listens on this address. Stop it or choose another with --addr."},
	{fs.ErrPermission, "This user may not read or write what is needed."},
	{fs.ErrNotExist, "Something named on the command line is not there."},
}

// readable is an error as one sentence with what to do, followed by what
// exactly happened.
func readable(err error) string {
	var ours *operation.Error
	if errors.As(err, &ours) {
		return spoken(ours)
	}
	for _, a := range advice {
		if errors.Is(err, a.kind) {
			return a.text + " (" + detail(err) + ")"
		}
	}
	return detail(err)
}

// spoken is an operation's error in words of the catalogue.
func spoken(e *operation.Error) string {
	ctx := i18n.With(context.Background(), "en")
	text := i18n.T(ctx, e.Key, i18n.Args(e.Args))
	for _, f := range e.Faults {
		text += " " + f.Field + ": " + i18n.T(ctx, f.Key, i18n.Args(f.Args))
	}
	if e.Cause != nil {
		text += " (" + detail(e.Cause) + ")"
	}
	return text
}

// detail is the cause on one line, without the names of our packages.
func detail(err error) string {
	text := strings.Join(strings.Fields(err.Error()), " ")
	for _, prefix := range []string{"store: ", "access: ", "app: "} {
		text = strings.ReplaceAll(text, prefix, "")
	}
	const most = 400
	if letters := []rune(text); len(letters) > most {
		text = string(letters[:most]) + "…"
	}
	return text
}

// host is the part of an address before the port; "" means every interface.
func host(address string) (name, port string, err error) { return net.SplitHostPort(address) }

// passwordInArguments says whether a database address with a password was given
// as an argument.
func passwordInArguments(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User == nil {
		return false
	}
	_, has := u.User.Password()
	for _, arg := range os.Args[1:] {
		if has && strings.Contains(arg, address) {
			return true
		}
	}
	return false
}
