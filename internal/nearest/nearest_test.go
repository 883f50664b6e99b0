package nearest_test

import (
	"math/rand/v2"
	"testing"

	"github.com/gdfctl/gdfctl/internal/nearest"
)

func TestName(t *testing.T) {
	functions := []string{"upper", "lower", "log", "max", "min", "trim", "trimspace", "formatlist", "formatdate"}
	for word, want := range map[string]string{
		"uper":       "upper",
		"UPPER":      "upper",
		"tirm":       "trim",
		"trim_space": "trimspace",
		"formatlst":  "formatlist",
		"formatdtae": "formatdate",
		"lo":         "log",
		"m":          "", // nothing of it would be left
		"timestamp":  "",
		"":           "",
	} {
		if got := nearest.Name(word, functions); got != want {
			t.Errorf("%q: got %q, want %q", word, got, want)
		}
	}
	if got := nearest.Name("upper", nil); got != "" {
		t.Errorf("of no names: %q", got)
	}
}

// Names come out of maps: their order must not decide between equally near ones.
func TestNameInAnyOrder(t *testing.T) {
	names := []string{"min", "max", "map", "sum", "mix"}
	for range 50 {
		rand.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		if got := nearest.Name("mxx", names); got != "max" {
			t.Fatalf("%v: got %q", names, got)
		}
	}
}
