package schedule

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"
	"time"
)

// cron is a parsed expression: a bit for each value that matches.
type cron struct {
	minutes, hours, days, months, weekdays uint64

	anyDay, anyWeekday bool // they begin with *, and so don't widen one another
	steps              bool // the minutes are steps: every real minute counts
}

// field is one of the five of an expression.
type field struct {
	name        string
	least, most int
	names       []string // of its values, from least on
}

var fields = [5]field{
	{name: "minute", most: 59},
	{name: "hour", most: 23},
	{name: "day of the month", least: 1, most: 31},
	{name: "month", least: 1, most: 12, names: []string{"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"}},
	{name: "day of the week", most: 7, names: []string{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"}},
}

// parse reads an expression of five fields: minute, hour, day of the month, month and
// day of the week, with lists, ranges and steps. If both days are restricted, one of
// them is enough, as in every cron.
func parse(expression string) (*cron, error) {
	words := strings.Fields(expression)
	if len(words) != len(fields) {
		return nil, fmt.Errorf("it has %d fields, and must have 5: minute, hour, day of the month, month, day of the week", len(words))
	}
	var sets [5]uint64
	for i, word := range words {
		var err error
		if sets[i], err = fields[i].parse(word); err != nil {
			return nil, err
		}
	}
	c := &cron{minutes: sets[0], hours: sets[1], days: sets[2], months: sets[3], weekdays: sets[4]}
	c.weekdays |= c.weekdays >> 7 & 1 // 7 is a Sunday too
	c.anyDay, c.anyWeekday = strings.HasPrefix(words[2], "*"), strings.HasPrefix(words[4], "*")
	c.steps = strings.ContainsAny(words[0], "*/")
	if !c.anyDay && c.anyWeekday && !c.hasDay() {
		return nil, fmt.Errorf("no month that it names has such a day, so it would never be due")
	}
	return c, nil
}

func (f field) parse(word string) (set uint64, err error) {
	for part := range strings.SplitSeq(word, ",") {
		span, stepText, stepped := strings.Cut(part, "/")
		step := 1
		if stepped {
			if step, err = strconv.Atoi(stepText); err != nil || step < 1 || step > f.most {
				return 0, fmt.Errorf("the step of the %s must be a number from 1 to %d", f.name, f.most)
			}
		}
		first, last := f.least, f.most
		if span != "*" {
			from, to, isRange := strings.Cut(span, "-")
			if first, err = f.value(from); err != nil {
				return 0, err
			}
			switch {
			case isRange:
				if last, err = f.value(to); err != nil {
					return 0, err
				}
			case !stepped:
				last = first
			}
			if last < first {
				return 0, fmt.Errorf("the range of the %s ends before it begins", f.name)
			}
		}
		for v := first; v <= last; v += step {
			set |= 1 << v
		}
	}
	return set, nil
}

func (f field) value(word string) (int, error) {
	for i, name := range f.names {
		if strings.EqualFold(word, name) {
			return f.least + i, nil
		}
	}
	n, err := strconv.Atoi(word)
	if err != nil || n < f.least || n > f.most {
		return 0, fmt.Errorf("the %s must be a number from %d to %d, a range such as %d-%d, a list, * or a step such as */%d", f.name, f.least, f.most, f.least, f.least+1, f.least+2)
	}
	return n, nil
}

// hasDay reports whether a month of the expression has a day of it.
func (c *cron) hasDay() bool {
	first := bits.TrailingZeros64(c.days)
	for month := time.January; month <= time.December; month++ {
		longest := time.Date(2024, month+1, 0, 0, 0, 0, 0, time.UTC).Day() // of a leap year
		if has(c.months, int(month)) && first <= longest {
			return true
		}
	}
	return false
}

func has(set uint64, v int) bool { return set>>v&1 == 1 }

// on reports whether a date matches.
func (c *cron) on(date time.Time) bool {
	day, weekday := has(c.days, date.Day()), has(c.weekdays, int(date.Weekday()))
	either := day && weekday
	if !c.anyDay && !c.anyWeekday {
		either = day || weekday
	}
	return either && has(c.months, int(date.Month()))
}

// everyHour reports whether no hour is left out.
func (c *cron) everyHour() bool { return c.hours == 1<<24-1 }
