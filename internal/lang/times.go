package lang

import (
	"errors"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

func timeFunctions(o Options) map[string]function.Function {
	return map[string]function.Function{
		"formatdate": bounded(stdlib.FormatDateFunc, nil),
		"timeadd":    bounded(stdlib.TimeAddFunc, nil),
		"timecmp":    timeCmp,
		"parse_time": parseTimeFunction(o.Location),
		"duration":   durationSeconds,
		"age":        ageFunction(o.Now),
	}
}

// parse_time(format, text[, zone]) is the moment that text names, in UTC and
// whole seconds, as RFC 3339 text. The letters are strptime's. Blank or null
// text is null: an export leaves a time empty for what has not happened.
func parseTimeFunction(fallback *time.Location) function.Function {
	var zones zoneCache
	return function.New(&function.Spec{
		Description: "Reads a time by strptime's letters; the result is RFC 3339, UTC.",
		Params: []function.Parameter{
			{Name: "format", Type: cty.String},
			{Name: "text", Type: cty.String, AllowNull: true},
		},
		VarParam: &function.Parameter{Name: "zone", Type: cty.String},
		Type: func(args []cty.Value) (cty.Type, error) {
			if len(args) > 3 {
				return cty.NilType, errors.New("parse_time takes a format, a text and at most one zone")
			}
			return cty.String, nil
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if args[1].IsNull() {
				return cty.NullVal(cty.String), nil
			}
			text := strings.TrimSpace(args[1].AsString())
			if text == "" {
				return cty.NullVal(cty.String), nil
			}
			zone := fallback
			if len(args) == 3 {
				var err error
				if zone, err = zones.get(args[2].AsString()); err != nil {
					return cty.NilVal, function.NewArgError(2, err)
				}
			}
			t, err := parseTime(args[0].AsString(), text, zone)
			if err != nil {
				return cty.NilVal, err
			}
			return cty.StringVal(t.UTC().Format(time.RFC3339)), nil
		},
	})
}

// duration("26h") is the number of seconds, to compare with age.
var durationSeconds = function.New(&function.Spec{
	Description: `The seconds of a duration like "30d", "1d12h" or "26h".`,
	Params:      []function.Parameter{{Name: "duration", Type: cty.String}},
	Type:        function.StaticReturnType(cty.Number),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		d, err := ParseDuration(args[0].AsString())
		if err != nil {
			return cty.NilVal, function.NewArgError(0, err)
		}
		return cty.NumberIntVal(int64(d / time.Second)), nil
	},
})

// age(time) is the number of whole seconds from an RFC 3339 time until now,
// negative for times to come.
func ageFunction(now func() time.Time) function.Function {
	return function.New(&function.Spec{
		Description: "The seconds since an RFC 3339 time.",
		Params:      []function.Parameter{{Name: "time", Type: cty.String}},
		Type:        function.StaticReturnType(cty.Number),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if now == nil {
				return cty.NilVal, errors.New("age can't be used here: there is no clock")
			}
			t, err := rfc3339(args, 0)
			if err != nil {
				return cty.NilVal, err
			}
			return cty.NumberIntVal(int64(now().Sub(t) / time.Second)), nil
		},
	})
}

var timeCmp = function.New(&function.Spec{
	Description: "Compares two RFC 3339 times: -1, 0 or 1.",
	Params:      []function.Parameter{{Name: "timestamp_a", Type: cty.String}, {Name: "timestamp_b", Type: cty.String}},
	Type:        function.StaticReturnType(cty.Number),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		a, err := rfc3339(args, 0)
		if err != nil {
			return cty.NilVal, err
		}
		b, err := rfc3339(args, 1)
		if err != nil {
			return cty.NilVal, err
		}
		return cty.NumberIntVal(int64(a.Compare(b))), nil
	},
})

func rfc3339(args []cty.Value, i int) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, args[i].AsString())
	if err != nil {
		return t, function.NewArgErrorf(i, "not an RFC 3339 time like 2026-11-20T16:28:00Z; parse_time makes one of other texts")
	}
	return t, nil
}
