package config

import (
	"regexp"
	"strconv"
)

// Dates is how the dates of an export are written, if that is not the way of its
// preset: with the day and the month in numbers, of which either may come first.
type Dates struct {
	Column    string
	Attribute string   // shipped_at, or shipped_on for days without a time
	Formats   []string // for the order that the dates show; empty: they don't show it
	DayFirst  []string // for both orders
	MonthDay  []string
}

// dateOrder looks at a column of dates. Only a day after the 12th shows which number is
// the day.
type dateOrder struct {
	column         int
	monthFirst     bool // the preset reads these dates, the month first
	cells, read    int
	days, months   bool // the first, the second number is a day for certain
	timed, untimed bool
	separator      string
	year           string
	clock          []string
	mixed          bool // they are written in several ways
}

var numericDate = regexp.MustCompile(`^([0-9]{1,2})([/.-])([0-9]{1,2})[/.-]([0-9]{4}|[0-9]{2})(?:[ T]+([0-9]{1,2}:[0-9]{2})(:[0-9]{2})?( ?[AaPp][Mm])?)?$`)

func (d *dateOrder) look(cell string) {
	if cell == "" {
		return
	}
	d.cells++
	m := numericDate.FindStringSubmatch(cell)
	if m == nil {
		return
	}
	d.read++
	first, _ := strconv.Atoi(m[1])
	second, _ := strconv.Atoi(m[3])
	d.days, d.months = d.days || first > 12, d.months || second > 12
	year := map[int]string{2: "%y", 4: "%Y"}[len(m[4])]
	d.mixed = d.mixed || d.separator != "" && (d.separator != m[2] || d.year != year)
	d.separator, d.year = m[2], year
	if m[5] == "" {
		d.untimed = true
		return
	}
	clock := " %H:%M"
	switch {
	case m[7] != "" && m[6] != "":
		clock = " %I:%M:%S %p"
	case m[7] != "":
		clock = " %I:%M %p"
	case m[6] != "":
		clock = " %H:%M:%S"
	}
	if d.timed = true; len(d.clock) == 0 || d.clock[len(d.clock)-1] != clock {
		d.clock = append(d.clock, clock)
	}
	d.mixed = d.mixed || len(d.clock) > 2
}

// dates is what the column shows; nil if the preset reads it, or if it is not written
// in one way. A few other cells, as totals have them, do not count: their rows are held
// back.
func (d *dateOrder) dates(column string) *Dates {
	known := d.separator == "." || d.monthFirst && !d.days // days come first before dots
	if d.read*2 <= d.cells || d.mixed || d.timed && d.untimed || d.days && d.months || known {
		return nil
	}
	clocks, attribute := d.clock, "shipped_at"
	if d.untimed {
		clocks, attribute = []string{""}, "shipped_on"
	}
	found := &Dates{Column: column, Attribute: attribute}
	for _, clock := range clocks {
		found.DayFirst = append(found.DayFirst, "%d"+d.separator+"%m"+d.separator+d.year+clock)
		found.MonthDay = append(found.MonthDay, "%m"+d.separator+"%d"+d.separator+d.year+clock)
	}
	switch {
	case d.days:
		found.Formats = found.DayFirst
	case d.months:
		found.Formats = found.MonthDay
	}
	return found
}
