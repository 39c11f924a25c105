package outbound

import "net/netip"

// within6 is the part of IPv6 that is given out for use on the internet; everything
// else is local, reserved or an address of IPv4 in other clothes.
var within6 = netip.MustParsePrefix("2000::/3")

// notPublic are the addresses that lead to this machine, to the network it stands in, or to
// nobody, from the registries of special-purpose addresses (RFC 6890 and its updates).
var notPublic = prefixes(
	"0.0.0.0/8",         // this network
	"10.0.0.0/8",        // private
	"100.64.0.0/10",     // shared behind a provider's translation
	"127.0.0.0/8",       // this machine
	"169.254.0.0/16",    // link-local, where clouds tell machines their secrets
	"172.16.0.0/12",     // private
	"192.0.0.0/24",      // protocols
	"192.0.2.0/24",      // documentation
	"192.31.196.0/24",   // AS112
	"192.52.193.0/24",   // multicast tunnels
	"192.88.99.0/24",    // the relay of 6to4
	"192.168.0.0/16",    // private
	"192.175.48.0/24",   // AS112
	"198.18.0.0/15",     // measuring
	"198.51.100.0/24",   // documentation
	"203.0.113.0/24",    // documentation
	"224.0.0.0/4",       // multicast
	"240.0.0.0/4",       // reserved, and everybody at once
	"2001::/23",         // protocols, among them Teredo, which holds an address of IPv4
	"2001:db8::/32",     // documentation
	"2002::/16",         // 6to4, which holds an address of IPv4
	"2620:4f:8000::/48", // AS112
	"3fff::/20",         // documentation
)

// translated holds an address of IPv4 in its last 32 bits (RFC 6052).
var translated = netip.MustParsePrefix("64:ff9b::/96")

func prefixes(texts ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		out[i] = netip.MustParsePrefix(text)
	}
	return out
}

// Public says whether an address is one of the internet at large, and neither of this
// machine nor of the network it stands in.
func Public(a netip.Addr) bool {
	a = a.Unmap()
	if a.Zone() != "" || !a.IsValid() {
		return false
	}
	if translated.Contains(a) {
		b := a.As16()
		return Public(netip.AddrFrom4([4]byte(b[12:])))
	}
	return (a.Is4() || within6.Contains(a)) && !within(notPublic, a)
}

func within(list []netip.Prefix, a netip.Addr) bool {
	for _, p := range list {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
