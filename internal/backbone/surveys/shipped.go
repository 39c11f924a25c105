package surveys

import (
	"crypto/sha256"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"commontable/internal/platform/operation"
)

//go:embed instruments/*.json
var files embed.FS

// readShipped reads the instruments of a folder, in the order of their keys. A fault of
// any names its file.
func readShipped(folder fs.FS) ([]Instrument, error) {
	names, err := fs.Glob(folder, "instruments/*.json")
	if err != nil {
		return nil, err
	}
	var out []Instrument
	for _, name := range names {
		raw, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil, err
		}
		var faults operation.Faults
		i := parseJSON(string(raw), name, &faults)
		i.check(name, &faults)
		if err := faults.Err(); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if name != "instruments/"+i.Key+".json" || i.Version < 1 {
			return nil, fmt.Errorf("%s holds edition %d of %s", name, i.Version, i.Key)
		}
		out = append(out, i)
	}
	slices.SortFunc(out, func(a, b Instrument) int { return strings.Compare(a.Key, b.Key) })
	return out, nil
}

// shipped are the instruments that come with the program. A test reads them too, so that
// none with a fault is shipped.
var shipped = sync.OnceValues(func() ([]Instrument, error) { return readShipped(files) })

// shippedID is the id of a shipped instrument: the same in every installation.
func shippedID(i Instrument) InstrumentID {
	sum := sha256.Sum256(fmt.Appendf(nil, "instrument %s %d", i.Key, i.Version))
	out := InstrumentID(sum[:16])
	out[6], out[8] = out[6]&0x0f|0x80, out[8]&0x3f|0x80 // a UUID of version 8, RFC 9562
	return out
}
