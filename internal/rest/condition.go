package rest

import (
	"net/http"
	"strconv"
	"strings"

	"commontable/internal/platform/operation"
)

// versionOf reads the one version an If-Match header names; 0 when there is no
// header. A list of versions or "any" would say that the caller does not know
// what they are about to replace, which is what versions are there to prevent.
func versionOf(h http.Header) (int64, error) {
	lines := h["If-Match"]
	if len(lines) == 0 {
		return 0, nil
	}
	digits, ok := strings.CutPrefix(strings.TrimSpace(lines[0]), `"v`)
	digits, closed := strings.CutSuffix(digits, `"`)
	n, err := strconv.ParseInt(digits, 10, 64)
	if !ok || !closed || err != nil || n < 1 || len(lines) > 1 {
		return 0, operation.InvalidField("If-Match", "rest.want_version")
	}
	return n, nil
}

// settleVersion puts the version of the If-Match header into the input. One of
// header and input has to name it; if both do they have to agree.
func (rt *route) settleVersion(h http.Header, in *input) error {
	version, err := versionOf(h)
	if err != nil {
		return err
	}
	place := rt.version.into(in.value)
	switch {
	case version == 0 && !in.given[rt.version.number]:
		return &refusal{problem: versionProblem, key: "rest.version_needed"}
	case version != 0 && in.given[rt.version.number] && place.Int() != version:
		return operation.InvalidField("If-Match", "rest.versions_differ")
	case version != 0:
		place.SetInt(version)
	}
	return nil
}

// maxKey bounds an idempotency key.
const maxKey = 200

// idempotencyKey reads the Idempotency-Key header.
func idempotencyKey(h http.Header) (string, error) {
	lines := h["Idempotency-Key"]
	if len(lines) == 0 {
		return "", nil
	}
	key := lines[0]
	if len(lines) > 1 || key == "" || len(key) > maxKey {
		return "", operation.InvalidField("Idempotency-Key", "rest.want_key", map[string]any{"Most": maxKey})
	}
	for i := range len(key) {
		if key[i] < ' ' || key[i] > '~' {
			return "", operation.InvalidField("Idempotency-Key", "rest.want_key", map[string]any{"Most": maxKey})
		}
	}
	return key, nil
}
