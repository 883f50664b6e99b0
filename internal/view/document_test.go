package view_test

import (
	"encoding"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/notify"
	"github.com/gdfctl/gdfctl/internal/report"
)

// Every member that programs are shown is on the page of JSON.
func TestEveryMemberIsDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/json.md")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[reflect.Type]bool{}
	var check func(typ reflect.Type, path string)
	check = func(typ reflect.Type, path string) {
		switch typ.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map:
			check(typ.Elem(), path)
			return
		case reflect.Struct:
		default:
			return
		}
		if seen[typ] || typ.Implements(reflect.TypeFor[encoding.TextMarshaler]()) {
			return
		}
		seen[typ] = true
		for f := range typ.Fields() {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "-" || strings.HasPrefix(name, "no_") { // how an absent count is kept
				continue
			}
			if name != "" && !strings.Contains(string(page), "`"+name+"`") {
				t.Errorf("docs/json.md does not have `%s` of %s", name, path)
			}
			check(f.Type, path+"."+name)
		}
	}
	for _, document := range []any{
		report.Plan{},
		report.Apply{},
		apply.Event{},
		report.Validation{},
		report.State{},
		report.OrderList{},
		report.SingleOrder{},
		report.FeedList{},
		report.SingleFeed{},
		report.Doctor{},
		report.FeedsCheck{},
		report.FeedHistory{},
		report.AuditVerification{},
		report.Failure{},
		report.Count{},
		notify.Event{},
	} {
		check(reflect.TypeOf(document), reflect.TypeOf(document).String())
	}
}
