package access

import (
	"context"
	"net/netip"
	"strings"

	"commontable/internal/platform/i18n"
)

// Client is what is known of the browser or program behind a request.
type Client struct {
	Address netip.Addr
	Agent   string // the User-Agent header
	Device  string // what the device cookie says
}

type clientKey struct{}

// WithClient notes the client of a request.
func WithClient(ctx context.Context, c Client) context.Context {
	return context.WithValue(ctx, clientKey{}, c)
}

// ClientFrom is the client of the request, or the zero Client.
func ClientFrom(ctx context.Context) Client {
	c, _ := ctx.Value(clientKey{}).(Client)
	return c
}

// network is the part of the address that rate limits count: an IPv4 address,
// or the /64 an IPv6 customer is given.
func (c Client) network() string {
	if !c.Address.IsValid() {
		return "unknown"
	}
	address := c.Address.Unmap().WithZone("")
	if address.Is6() {
		network, _ := address.Prefix(64) // 64 bits always fit
		return network.String()
	}
	return address.String()
}

// maxAgent bounds what is stored of a User-Agent header.
const maxAgent = 300

func (c Client) agent() string {
	agent := i18n.CleanLine(c.Agent)
	if len(agent) > maxAgent {
		agent = strings.ToValidUTF8(agent[:maxAgent], "")
	}
	return agent
}

func (c Client) address() string {
	if !c.Address.IsValid() {
		return ""
	}
	return c.Address.Unmap().String()
}

var browsers = [][2]string{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung Internet"}, {"Firefox", "Firefox"}, {"FxiOS", "Firefox"},
	{"CriOS", "Chrome"}, {"Chrome", "Chrome"}, {"Safari", "Safari"}}

var systems = [][2]string{{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"CrOS", "ChromeOS"},
	{"Mac OS", "macOS"}, {"Linux", "Linux"}}

// DeviceName says in the language of ctx what an agent is, as in "Firefox on
// Windows". The order of the lists matters: most browsers claim to be several.
func DeviceName(ctx context.Context, agent string) string {
	browser, system := first(browsers, agent), first(systems, agent)
	switch {
	case browser != "" && system != "":
		return i18n.T(ctx, "access.device", i18n.Args{"Browser": browser, "System": system})
	case browser+system != "":
		return browser + system
	}
	return i18n.T(ctx, "access.device_unknown")
}

func first(names [][2]string, agent string) string {
	for _, name := range names {
		if strings.Contains(agent, name[0]) {
			return name[1]
		}
	}
	return ""
}
