package access

import (
	"io"
	"net/http"
	"time"
)

// maxProviderAnswer bounds what is read of a provider's answer: its documents
// are a few kilobytes.
const maxProviderAnswer = 1 << 20

// providerClient talks to sign-in providers: in good time, without following
// redirects to wherever they lead, and without reading for ever.
func providerClient() *http.Client {
	return &http.Client{
		Timeout:       10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     bounded{http.DefaultTransport},
	}
}

type bounded struct{ http.RoundTripper }

// RoundTrip cuts the answer off at maxProviderAnswer.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		response.Body = cutOff{io.LimitReader(response.Body, maxProviderAnswer), response.Body}
	}
	return response, err
}

type cutOff struct {
	io.Reader
	io.Closer
}
