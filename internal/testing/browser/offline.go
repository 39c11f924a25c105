package browser

import (
	"github.com/chromedp/cdproto/network"
)

// Offline takes the connection away while something is done. What the browser says
// about requests that fail meanwhile is no fault.
func (p *Page) Offline(act func()) {
	p.t.Helper()
	p.Tolerate("ERR_INTERNET_DISCONNECTED")
	p.connect(false)
	act()
	p.connect(true)
}

func (p *Page) connect(yes bool) {
	p.t.Helper()
	p.run("take or give the connection",
		do(network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{{Offline: !yes, DownloadThroughput: -1, UploadThroughput: -1}}}),
		do(network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: !yes, DownloadThroughput: -1, UploadThroughput: -1}))
}
