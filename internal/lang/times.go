package lang

import (
	"cmp"
	"errors"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/gdfctl/gdfctl/internal/calendar"
)

func timeFunctions(o Options) map[string]function.Function {
	return map[string]function.Function{
		// formatdate shows UTC: in another zone a day could be shown as the one before.
		"formatdate": withDays(bounded(stdlib.FormatDateFunc, nil), 1, time.UTC),
		"timeadd":    withDays(bounded(stdlib.TimeAddFunc, nil), 0, o.Location),
		"timecmp":    timeCmpFunction(o.Location),
		"parse_time": parseTimeFunction(o.Location),
		"duration":   durationSeconds,
		"age":        ageFunction(o.Now, o.Location),
	}
}

// zoneQuestion is a format that no configuration can write: parse_time answers with its
// zone.
type zoneQuestion struct {
	zone     *time.Location
	answered bool
}

var zoneQuestionType = cty.Capsule("zone", reflect.TypeFor[zoneQuestion]())

// parse_time(format, text[, zone]) is the moment that text names, in UTC and
// whole seconds, as RFC 3339 text, or the day, like 2026-11-26, if the format
// reads no hour. The letters are strptime's. Of several formats, the first that
// the text matches counts. Blank or null text is null: an export leaves a time
// empty for what has not happened.
func parseTimeFunction(fallback *time.Location) function.Function {
	var zones zoneCache
	return function.New(&function.Spec{
		Description: "Reads a time in a strptime format. The result is in RFC 3339 and UTC, or a day if the format has no hour.",
		Params: []function.Parameter{
			{Name: "format", Type: cty.DynamicPseudoType},
			{Name: "text", Type: cty.String, AllowNull: true},
		},
		VarParam: &function.Parameter{Name: "zone", Type: cty.String},
		Type: func(args []cty.Value) (cty.Type, error) {
			if args[0].Type() == zoneQuestionType {
				return cty.String, nil
			}
			if len(args) > 3 {
				return cty.NilType, errors.New("parse_time takes a format, a text and at most one zone")
			}
			if _, err := formatsOf(args[0]); err != nil {
				return cty.NilType, function.NewArgError(0, err)
			}
			return cty.String, nil
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if args[0].Type() == zoneQuestionType {
				*args[0].EncapsulatedValue().(*zoneQuestion) = zoneQuestion{fallback, true}
				return cty.StringVal(""), nil
			}
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
			formats, err := formatsOf(args[0])
			if err != nil {
				return cty.NilVal, function.NewArgError(0, err)
			}
			read, err := parseFirst(formats, text, zone)
			if err != nil {
				return cty.NilVal, err
			}
			return cty.StringVal(read), nil
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

// age(time) is the number of whole seconds from a time or the beginning of a
// day until now, negative for times to come.
func ageFunction(now func() time.Time, zone *time.Location) function.Function {
	return function.New(&function.Spec{
		Description: "The seconds since an RFC 3339 time, or since the beginning of a day.",
		Params:      []function.Parameter{{Name: "time", Type: cty.String}},
		Type:        function.StaticReturnType(cty.Number),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if now == nil {
				return cty.NilVal, errors.New("age can't be used here: there is no clock")
			}
			t, err := moment(args, 0, zone)
			if err != nil {
				return cty.NilVal, err
			}
			return cty.NumberIntVal(int64(now().Sub(t) / time.Second)), nil
		},
	})
}

func timeCmpFunction(zone *time.Location) function.Function {
	return function.New(&function.Spec{
		Description: "Compares two RFC 3339 times or days: -1, 0 or 1.",
		Params:      []function.Parameter{{Name: "timestamp_a", Type: cty.String}, {Name: "timestamp_b", Type: cty.String}},
		Type:        function.StaticReturnType(cty.Number),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			// Days follow each other in the same order in every zone.
			if a, err := calendar.Parse(args[0].AsString()); err == nil {
				if b, err := calendar.Parse(args[1].AsString()); err == nil {
					return cty.NumberIntVal(int64(cmp.Compare(a, b))), nil
				}
			}
			a, err := moment(args, 0, zone)
			if err != nil {
				return cty.NilVal, err
			}
			b, err := moment(args, 1, zone)
			if err != nil {
				return cty.NilVal, err
			}
			return cty.NumberIntVal(int64(a.Compare(b))), nil
		},
	})
}

// moment is an argument's time: a day means its beginning in zone.
func moment(args []cty.Value, i int, zone *time.Location) (time.Time, error) {
	text := args[i].AsString()
	if day, err := calendar.Parse(text); err == nil {
		if zone == nil {
			return time.Time{}, function.NewArgErrorf(i, "when a day begins depends on the time zone: set timezone in the account, or add a time of day")
		}
		return day.Start(zone), nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, function.NewArgErrorf(i, "not an RFC 3339 time like 2026-11-20T16:28:00Z or a day like 2026-11-20; use parse_time for other formats")
	}
	return t, nil
}

// withDays is f, with a day taken for its beginning in one argument.
func withDays(f function.Function, i int, zone *time.Location) function.Function {
	return function.New(&function.Spec{
		Description: f.Description(),
		Params:      f.Params(),
		Type:        f.ReturnTypeForValues,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if _, err := calendar.Parse(args[i].AsString()); err == nil {
				t, err := moment(args, i, zone)
				if err != nil {
					return cty.NilVal, err
				}
				args = slices.Clone(args)
				args[i] = cty.StringVal(t.UTC().Format(time.RFC3339))
			}
			return f.Call(args)
		},
	})
}
