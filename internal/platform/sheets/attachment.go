package sheets

import (
	"net/url"
	"regexp"
	"strings"

	"commontable/internal/platform/i18n"
)

// maxFileName bounds the name of a download in bytes, without its ending: file systems allow 255 for the
// whole, and a browser may add to it.
const maxFileName = 120

// AttachmentName returns a value of the header Content-Disposition that offers a download under name with
// the ending ext ("csv", without a dot), by RFC 6266: first in ASCII for old programs, then exactly.
// Whatever could leave the folder of downloads, end the header, hide the true ending or is refused by a
// file system is taken out of the name.
func AttachmentName(name, ext string) string {
	ext = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(ext))
	ext = ext[:min(len(ext), 10)]
	exact := fileName(name)
	simple := fileName(asciiName(exact))
	if ext != "" {
		exact, simple = exact+"."+ext, simple+"."+ext
	}
	return `attachment; filename="` + simple + `"; filename*=UTF-8''` + strings.ReplaceAll(url.QueryEscape(exact), "+", "%20")
}

// device are names that Windows takes for machines, whatever their ending.
var device = regexp.MustCompile(`(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)`)

func fileName(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|%;`, r) {
			return '-'
		}
		return r
	}, i18n.CleanLine(name))
	for len(name) > maxFileName {
		runes := []rune(name)
		name = string(runes[:len(runes)-1-(len(name)-maxFileName)/4])
	}
	// A dot in front hides a file, one at the end is dropped by Windows and so are spaces.
	name = strings.TrimSpace(strings.Trim(name, ".- \u00a0\u202f"))
	if name == "" || device.MatchString(name) {
		return "export" + strings.TrimSuffix("-"+name, "-")
	}
	return name
}

// asciiName spells name in ASCII as far as that is possible.
func asciiName(name string) string {
	var out strings.Builder
	for _, r := range name {
		if r >= ' ' && r <= '~' {
			out.WriteRune(r)
			continue
		}
		folded := i18n.FoldKey(string(r))
		if folded == "" || strings.ContainsFunc(folded, func(r rune) bool { return r > '~' }) {
			folded = "_"
		}
		out.WriteString(folded)
	}
	return out.String()
}
