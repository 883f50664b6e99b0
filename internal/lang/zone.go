package lang

import (
	"errors"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // zones must not depend on what the machine has installed
)

// ParseZone reads a time zone: a name of the IANA database ("America/New_York"),
// "UTC", or an offset ("+02:00"). Abbreviations like EST are not taken for
// zones unless the database has them.
func ParseZone(name string) (*time.Location, error) {
	if name == "UTC" || name == "Z" {
		return time.UTC, nil
	}
	if strings.HasPrefix(name, "+") || strings.HasPrefix(name, "-") {
		t, err := time.Parse("-07:00", name)
		if err != nil {
			return nil, errZone
		}
		_, offset := t.Zone()
		return time.FixedZone(name, offset), nil
	}
	if name == "" || name == "Local" { // both mean something to the time package
		return nil, errZone
	}
	location, err := time.LoadLocation(name)
	if err != nil {
		return nil, errZone
	}
	return location, nil
}

var errZone = errors.New(`not a time zone: write a name like "America/New_York", "UTC", or an offset like "+02:00"`)

// zoneCache keeps the zones that were read: a name that comes with every row
// must not cost a search of the database. It holds valid names only, of which
// there are few.
type zoneCache struct {
	zones sync.Map // string → *time.Location
}

func (c *zoneCache) get(name string) (*time.Location, error) {
	if zone, ok := c.zones.Load(name); ok {
		return zone.(*time.Location), nil
	}
	zone, err := ParseZone(name)
	if err == nil {
		c.zones.Store(name, zone)
	}
	return zone, err
}

// resolveLocal is the moment at which a clock in zone shows what t shows in UTC.
// Where the clock shows it twice, as it is set back, it is the first of the two;
// where it never does, as it is set forward, it is an error.
func resolveLocal(t time.Time, zone *time.Location) (time.Time, error) {
	// The offsets a day before and after are the only ones that can apply: no
	// zone changes its clock twice within two days.
	var found time.Time
	for _, near := range []time.Time{t.Add(-24 * time.Hour), t.Add(24 * time.Hour)} {
		_, offset := near.In(zone).Zone()
		candidate := t.Add(-time.Duration(offset) * time.Second)
		if _, actual := candidate.In(zone).Zone(); actual != offset {
			continue
		}
		if found.IsZero() || candidate.Before(found) {
			found = candidate
		}
	}
	if found.IsZero() {
		return time.Time{}, errors.New("the time does not exist in its zone: the clock was set forward (daylight saving time)")
	}
	return found, nil
}
