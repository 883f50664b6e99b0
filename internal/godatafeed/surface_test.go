package godatafeed

import (
	"errors"
	"io/fs"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// surface is the page that says where everything of the API is reached.
func surface(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile("../../docs/api-surface.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

// wireNames are the names of all fields that are sent and read.
func wireNames() []string {
	var names []string
	var of func(typ reflect.Type)
	of = func(typ reflect.Type) {
		switch typ.Kind() {
		case reflect.Pointer, reflect.Slice:
			of(typ.Elem())
		case reflect.Struct:
			if typ == reflect.TypeFor[moment]() || typ == reflect.TypeFor[money]() || typ.PkgPath() != reflect.TypeFor[envelope]().PkgPath() && typ.Name() != "" {
				return
			}
			for f := range typ.Fields() {
				if !f.IsExported() && !f.Anonymous {
					continue
				}
				if !f.Anonymous {
					name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
					if name == "" {
						name = f.Name
					}
					names = append(names, name)
				}
				of(f.Type)
			}
		}
	}
	for _, v := range []any{
		wireBuyerOrder{},
		ordersAnswer[wireBuyerOrder, *wireBuyerOrder]{},
		feedsAnswer{},
		countAnswer{},
		tokenAnswer{},
		acceptance{},
		statusUpdate{},
		struct{ ConsumerKey string }{},
	} {
		of(reflect.TypeOf(v))
	}
	return names
}

// Every field that the client sends or reads is on the page.
func TestThePageOfTheAPIHasEveryField(t *testing.T) {
	page, names := surface(t), wireNames()
	for _, name := range []string{"BuyerEmailAddress", "Sku", "Score", "Token", "DateShipped", "Success"} {
		if !slices.Contains(names, name) {
			t.Errorf("%s is not found in the wire's structs", name)
		}
	}
	for _, name := range names {
		if !strings.Contains(page, "`"+name+"`") {
			t.Errorf("docs/api-surface.md does not have `%s`", name)
		}
	}
}

var (
	quotedField = regexp.MustCompile("`([A-Z][A-Za-z0-9]+)`")
	statusWords = []string{"Shipped", "CANCELLED"}
)

// Every field on the page is one that the client sends or reads, or that a row of
// new_orders has.
func TestThePageOfTheAPIHasNoOtherField(t *testing.T) {
	names := wireNames()
	for _, m := range quotedField.FindAllStringSubmatch(surface(t), -1) {
		if name := m[1]; !slices.Contains(names, name) && !slices.Contains(statusWords, name) {
			t.Errorf("the page has `%s`, which nothing sends or reads", name)
		}
	}
}

// Whatever the API's documents show is on the page: fields, parameters, endpoints and
// error codes.
func TestThePageOfTheAPIHasWhatItsDocumentsShow(t *testing.T) {
	var text []byte
	for _, near := range []string{"../shared/seeds", "../../shared/seeds"} { // of a worktree, too
		data, err := os.ReadFile("../../" + near + "/api-reference.txt")
		if err == nil {
			text = data
		} else if !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	if text == nil {
		t.Skip("the API's documents are not there: ../shared/seeds/api-reference.txt")
	}
	page := surface(t)
	lower := strings.ToLower(page)
	for _, pattern := range []string{`"([A-Z][A-Za-z0-9]+)":`, `(?m)^([A-Z][A-Za-z0-9]+|[a-z]+[A-Z][A-Za-z]+) (?:true|false) `, `OrderItems - (\w+) `, `[?&](\w+)=`} {
		found := regexp.MustCompile(pattern).FindAllStringSubmatch(string(text), -1)
		if len(found) < 4 {
			t.Errorf("%s finds %d names", pattern, len(found))
		}
		for _, m := range found {
			if !strings.Contains(page, "`"+m[1]+"`") {
				t.Errorf("docs/api-surface.md does not have `%s`", m[1])
			}
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^(GET|PUT) https://\S*?/(?:api/)?v1/(?:\{token\}/)?([^?\s]*?)/?(?:\?\S*)?$`).FindAllStringSubmatch(string(text), -1) {
		if endpoint := "`" + strings.ToLower(m[1]+" /v1/{token}/"+m[2]) + "`"; !strings.Contains(lower, endpoint) {
			t.Errorf("docs/api-surface.md does not have %s", endpoint)
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^(\d{3}) `).FindAllStringSubmatch(string(text), -1) {
		if !regexp.MustCompile(`(?m)^\| [\d, ]*\b` + m[1] + `\b`).MatchString(page) {
			t.Errorf("docs/api-surface.md does not have the error %s", m[1])
		}
	}
}
