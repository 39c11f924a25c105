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

//go:embed instruments/*.json instruments/earlier/*.json
var files embed.FS

// readShipped reads the instruments of a folder, in the order of their keys. A fault of
// any names its file. Of earlier editions the name ends in their number.
func readShipped(folder fs.FS, pattern string, name func(Instrument) string) ([]Instrument, error) {
	names, err := fs.Glob(folder, pattern)
	if err != nil {
		return nil, err
	}
	var out []Instrument
	for _, file := range names {
		raw, err := fs.ReadFile(folder, file)
		if err != nil {
			return nil, err
		}
		var faults operation.Faults
		i := parseJSON(string(raw), file, &faults)
		i.check(file, &faults)
		if err := faults.Err(); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if file != name(i) || i.Version < 1 {
			return nil, fmt.Errorf("%s holds edition %d of %s", file, i.Version, i.Key)
		}
		out = append(out, i)
	}
	slices.SortFunc(out, func(a, b Instrument) int { return strings.Compare(a.Key, b.Key) })
	return out, nil
}

// shipped are the instruments that come with the program. A test reads them too, so that
// none with a fault is shipped.
var shipped = sync.OnceValues(func() ([]Instrument, error) {
	return readShipped(files, "instruments/*.json", func(i Instrument) string { return "instruments/" + i.Key + ".json" })
})

// shippedEarlier are the editions that came with earlier versions of the program. They are
// not listed, but can still be asked by whoever knows their id.
var shippedEarlier = sync.OnceValues(func() ([]Instrument, error) {
	return readShipped(files, "instruments/earlier/*.json", func(i Instrument) string { return fmt.Sprintf("instruments/earlier/%s-%d.json", i.Key, i.Version) })
})

// ShippedEdition is the id of an edition of an instrument that comes with the program, or
// came with an earlier version of it.
func ShippedEdition(key string, edition int64) InstrumentID {
	return shippedID(Instrument{Key: key, Version: edition})
}

// shippedID is the id of a shipped instrument: the same in every installation.
func shippedID(i Instrument) InstrumentID {
	sum := sha256.Sum256(fmt.Appendf(nil, "instrument %s %d", i.Key, i.Version))
	out := InstrumentID(sum[:16])
	out[6], out[8] = out[6]&0x0f|0x80, out[8]&0x3f|0x80 // a UUID of version 8, RFC 9562
	return out
}
