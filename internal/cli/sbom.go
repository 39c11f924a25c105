package cli

import (
	"net/url"
	"runtime/debug"
	"strings"
)

// bom is a bill of materials in the form of CycloneDX 1.5, as far as a program
// can tell it of itself.
type bom struct {
	Format       string       `json:"bomFormat"`
	Spec         string       `json:"specVersion"`
	Version      int          `json:"version"`
	Metadata     bomMetadata  `json:"metadata"`
	Components   []component  `json:"components"`
	Dependencies []dependency `json:"dependencies"`
}

type bomMetadata struct {
	// Timestamp is when the source was committed, so that one source gives one
	// bill.
	Timestamp string    `json:"timestamp,omitempty"`
	Component component `json:"component"`
}

type component struct {
	Type       string     `json:"type"`
	Ref        string     `json:"bom-ref"`
	Name       string     `json:"name"`
	Version    string     `json:"version"`
	URL        string     `json:"purl"`
	Properties []property `json:"properties,omitempty"`
}

type property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type dependency struct {
	Ref string   `json:"ref"`
	On  []string `json:"dependsOn,omitempty"`
}

// billOf lists the modules the compiler linked, and the compiler's own library.
// Which of them asked for which is not recorded in a program, so that all are
// told as the program's own.
func billOf(info *debug.BuildInfo, b build) bom {
	program := golang("application", info.Main.Path, b.Version)
	program.Properties = append(program.Properties, property{"commontable:platform", b.Platform})
	if b.Revision != "" {
		program.Properties = append(program.Properties, property{"commontable:revision", b.Revision})
	}
	out := bom{Format: "CycloneDX", Spec: "1.5", Version: 1, Metadata: bomMetadata{Timestamp: b.Built, Component: program}}
	out.Components = []component{golang("library", "stdlib", strings.TrimPrefix(info.GoVersion, "go"))}
	for _, module := range info.Deps {
		if module.Replace != nil {
			module = module.Replace
		}
		c := golang("library", module.Path, module.Version)
		if module.Sum != "" {
			c.Properties = []property{{"commontable:go.sum", module.Sum}}
		}
		out.Components = append(out.Components, c)
	}
	all := dependency{Ref: program.Ref}
	for _, c := range out.Components {
		all.On = append(all.On, c.Ref)
		out.Dependencies = append(out.Dependencies, dependency{Ref: c.Ref})
	}
	out.Dependencies = append([]dependency{all}, out.Dependencies...)
	return out
}

// golang is a component with its package URL.
func golang(kind, path, version string) component {
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		segments[i] = url.PathEscape(segment)
	}
	address := "pkg:golang/" + strings.Join(segments, "/") + "@" + strings.ReplaceAll(url.PathEscape(version), "+", "%2B")
	return component{Type: kind, Ref: address, Name: path, Version: version, URL: address}
}
