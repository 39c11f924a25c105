package browser

import (
	"context"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// Authenticator is a virtual device that keeps passkeys and answers at once.
// Passkeys need a name, not an address of numbers: visit http://localhost:….
type Authenticator struct {
	page *Page
	id   webauthn.AuthenticatorID
}

// Authenticator plugs a device into the page that confirms who the person is,
// as a phone or laptop with a fingerprint reader does.
func (p *Page) Authenticator() *Authenticator {
	p.t.Helper()
	p.run("turn on passkeys", do(webauthn.Enable, webauthn.EnableParams{}))
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	added, err := chromedp.Call(ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{
		Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol:                    webauthn.AuthenticatorProtocolCtap2,
			Transport:                   webauthn.AuthenticatorTransportInternal,
			HasResidentKey:              true,
			HasUserVerification:         true,
			IsUserVerified:              true,
			AutomaticPresenceSimulation: true,
		},
	})
	if err != nil {
		p.t.Fatalf("browser: plug in an authenticator: %v", err)
	}
	return &Authenticator{page: p, id: added.AuthenticatorID}
}

// Verifies sets whether the device recognizes the person from now on.
func (a *Authenticator) Verifies(yes bool) {
	a.page.t.Helper()
	a.page.run("set verification", do(webauthn.SetUserVerified, webauthn.SetUserVerifiedParams{AuthenticatorID: a.id, IsUserVerified: yes}))
}

// Count returns how many passkeys the device keeps.
func (a *Authenticator) Count() int {
	a.page.t.Helper()
	ctx, cancel := context.WithTimeout(a.page.ctx, patience)
	defer cancel()
	kept, err := chromedp.Call(ctx, webauthn.GetCredentials, webauthn.GetCredentialsParams{AuthenticatorID: a.id})
	if err != nil {
		a.page.t.Fatalf("browser: count passkeys: %v", err)
	}
	return len(kept.Credentials)
}

// Forget deletes every passkey the device keeps.
func (a *Authenticator) Forget() {
	a.page.t.Helper()
	a.page.run("forget passkeys", do(webauthn.ClearCredentials, webauthn.ClearCredentialsParams{AuthenticatorID: a.id}))
}

// Remove unplugs the device.
func (a *Authenticator) Remove() {
	a.page.t.Helper()
	a.page.run("unplug the authenticator", do(webauthn.RemoveVirtualAuthenticator, webauthn.RemoveVirtualAuthenticatorParams{AuthenticatorID: a.id}))
}
