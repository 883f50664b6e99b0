package acceptance

import (
	"bytes"
	"os"
	"testing"
)

// A program that can call methods by names which it gets while it runs keeps every
// exported method that it has. Of the SDKs for shared states that is 15 MB which
// nobody calls.
func TestMethodsThatNobodyCallsAreNotLinked(t *testing.T) {
	if err := dependOnSources(); err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	for name, linked := range map[string]bool{
		"text/template.(*state).evalField": false,
		"reflect.Value.MethodByName":       false,
		"reflect.Value.String":             true, // so names of functions are found
	} {
		if got := bytes.Contains(program, []byte(name)); got != linked {
			t.Errorf("%s is linked: %v, expected %v: `go build -ldflags=-dumpdep ./cmd/gdfctl 2>&1 | grep -a ReflectMethod` says by what", name, got, linked)
		}
	}
}
