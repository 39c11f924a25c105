package access

import (
	"net/http"
	"net/netip"
	"strings"
)

// ClientAddress is the address a request comes from. X-Forwarded-For is
// believed only when the peer is one of the trusted proxies, and read from the
// right: the first entry that is no trusted proxy is the last one a trusted
// party has seen; what stands left of it anybody can write. Forwarded,
// X-Real-IP and the like are not read at all. The address is invalid when the
// peer has none.
func ClientAddress(r *http.Request, trusted []netip.Prefix) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	address := plain(peer.Addr())
	if !contains(trusted, address) {
		return address
	}
	var hops []string
	for _, line := range r.Header.Values("X-Forwarded-For") {
		hops = append(hops, strings.Split(line, ",")...)
	}
	for i := len(hops) - 1; i >= 0; i-- {
		hop, ok := parseHop(hops[i])
		if !ok {
			break // whoever wrote this is not to be believed about what is before it
		}
		address = hop
		if !contains(trusted, address) {
			break
		}
	}
	return address
}

// parseHop reads an entry: an address, which some proxies write with a port.
func parseHop(text string) (netip.Addr, bool) {
	text = strings.TrimSpace(text)
	if address, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil {
		return plain(address), true
	}
	if both, err := netip.ParseAddrPort(text); err == nil {
		return plain(both.Addr()), true
	}
	return netip.Addr{}, false
}

func plain(a netip.Addr) netip.Addr { return a.Unmap().WithZone("") }

func contains(list []netip.Prefix, a netip.Addr) bool {
	for _, p := range list {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
