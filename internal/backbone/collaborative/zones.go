package collaborative

import (
	_ "embed"
	"strings"
	"time"
	_ "time/tzdata" // so that every zone is known on machines without a zone database
)

//go:embed zones.txt
var zoneNames string

// Zones are the time zones offered, by their names in the IANA database: one for
// every place its table of countries lists.
var Zones = strings.Fields(zoneNames)

// knownZone says whether a name is a time zone. Other spellings of a zone in
// Zones, which browsers still report, are zones too; "Local" is whatever the
// machine is set to and is none.
func knownZone(name string) bool {
	if name == "" || name == "Local" {
		return false
	}
	_, err := time.LoadLocation(name)
	return err == nil
}
