package materials

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
)

// The bounds of the packed files that office programs write.
const (
	// mostDirectory is how much is read to learn what is in one: some ten thousand
	// entries. A presentation of a thousand slides has half as many.
	mostDirectory = 2 << 20
	mostEntries   = 20_000
	// mostUnpacked and mostRatio are what one may come to when whoever opens it unpacks
	// it; sheets full of equal cells pack to a hundredth.
	mostUnpacked = 1 << 30
	mostRatio    = 200
	// ratioFloor is a size from which the ratio counts.
	ratioFloor = 64 << 20
	mostTypes  = 1 << 20
)

var errAllowance = errors.New("materials: the list of entries is too long")

// allowance reads a bounded number of bytes, so that a false list of entries costs
// little.
type allowance struct {
	io.ReaderAt
	left int64
}

func (a *allowance) ReadAt(p []byte, off int64) (int, error) {
	if a.left -= int64(len(p)); a.left < 0 {
		return 0, errAllowance
	}
	return a.ReaderAt.ReadAt(p, off)
}

// unpack reads what is in a packed file; wrong names what no honest program makes.
func unpack(c content) (z *zip.Reader, wrong string) {
	if !bytes.HasPrefix(c.head, []byte("PK\x03\x04")) {
		return nil, ""
	}
	bounded := &allowance{c, mostDirectory}
	z, err := zip.NewReader(bounded, c.size)
	if errors.Is(err, errAllowance) {
		return nil, "errors.material_bomb"
	}
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, ""
	}
	bounded.left = mostTypes * 4
	var unpacked uint64
	seen := map[string]bool{}
	for _, f := range z.File {
		name := strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))
		unpacked += f.UncompressedSize64
		switch {
		case len(z.File) > mostEntries, f.UncompressedSize64 > mostUnpacked, unpacked > mostUnpacked:
			return nil, "errors.material_bomb"
		case seen[name], strings.HasPrefix(name, "/"), slices.Contains(strings.Split(name, "/"), ".."), f.Mode()&0o170000 == 0o120000, f.Flags&1 != 0:
			return nil, "errors.material_damaged"
		}
		seen[name] = true
	}
	if unpacked > ratioFloor && unpacked/uint64(c.size) > mostRatio { // #nosec G115 -- the size of a file is not negative
		return nil, "errors.material_bomb"
	}
	return z, ""
}

func has(z *zip.Reader, name string) bool {
	return slices.ContainsFunc(z.File, func(f *zip.File) bool { return strings.EqualFold(f.Name, name) })
}

// entry reads the beginning of one entry in small letters.
func entry(z *zip.Reader, name string, most int64) string {
	for _, f := range z.File {
		if !strings.EqualFold(f.Name, name) {
			continue
		}
		in, err := f.Open()
		if err != nil {
			return ""
		}
		raw, err := io.ReadAll(io.LimitReader(in, most))
		_ = in.Close()
		if err != nil {
			return ""
		}
		return strings.ToLower(string(raw))
	}
	return ""
}

// office is a file of the office programs since 2007, without programs in it.
func office(main string) func(content) (bool, string) {
	return func(c content) (bool, string) {
		z, wrong := unpack(c)
		if z == nil {
			return false, wrong
		}
		if !has(z, "[Content_Types].xml") || !has(z, main) {
			return false, ""
		}
		for _, f := range z.File {
			name := strings.ToLower(f.Name)
			if strings.HasSuffix(name, "vbaproject.bin") || strings.HasSuffix(name, "vbadata.xml") || strings.Contains(name, "/activex/") || strings.Contains(name, "/macrosheets/") {
				return true, "errors.material_macros"
			}
		}
		// A part may have any name; what it is stands here.
		if types := entry(z, "[Content_Types].xml", mostTypes); types == "" || strings.Contains(types, "macroenabled") || strings.Contains(types, "vbaproject") {
			return true, "errors.material_macros"
		}
		return true, ""
	}
}

// openDocument is a file of the OpenDocument formats, without programs in it.
func openDocument(media string) func(content) (bool, string) {
	return func(c content) (bool, string) {
		z, wrong := unpack(c)
		if z == nil {
			return false, wrong
		}
		if strings.TrimSpace(entry(z, "mimetype", 200)) != media || !has(z, "content.xml") {
			return false, ""
		}
		for _, f := range z.File {
			if name := strings.ToLower(f.Name); strings.HasPrefix(name, "basic/") || strings.HasPrefix(name, "scripts/") {
				return true, "errors.material_macros"
			}
		}
		return true, ""
	}
}
