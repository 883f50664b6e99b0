package json

import (
	"bytes"
	stdjson "encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type sampleObject struct {
	Name    string         `json:"name"`
	Nothing string         `json:"nothing,omitempty"`
	Object  map[string]int `json:"object"`
	Many    []sampleObject `json:"many"`
	Texts   []string       `json:"texts"`
	None    []int          `json:"none"`
	Null    []int          `json:"null"`
	Omitted []int          `json:"omitted,omitempty"`
	Pointer *int           `json:"pointer"`
}

// Programs see what encoding/json makes of the whole, to the letter.
func TestJSONIsThatOfTheWhole(t *testing.T) {
	one := sampleObject{Name: "<é>\u202e", Object: map[string]int{"a": 1, "b": 2}, Texts: []string{"x", "y\x7f"}, None: []int{}}
	for _, sample := range []sampleObject{{}, one, {Many: []sampleObject{one, {}}}} {
		var want, got bytes.Buffer
		e := stdjson.NewEncoder(text{&want})
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		if err := e.Encode(sample); err != nil {
			t.Fatal(err)
		}
		if err := Object(&got, &sample); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want.String(), got.String()); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
}

// largest remembers the most that was written at once.
type largest int

func (l *largest) Write(p []byte) (int, error) {
	*l = max(*l, largest(len(p)))
	return len(p), nil
}

func TestJSONOfALongListIsWrittenAsItComes(t *testing.T) {
	long := sampleObject{Texts: make([]string, 100_000)}
	var most largest
	if err := Object(&most, long); err != nil {
		t.Fatal(err)
	}
	if most == 0 || most > 1<<16 {
		t.Errorf("%d bytes were written at once", most)
	}
}

type broken struct{}

var errBroken = errors.New("broken")

func (broken) Write([]byte) (int, error) { return 0, errBroken }

func TestJSONTellsThatItCouldNotBeWritten(t *testing.T) {
	if err := Object(broken{}, sampleObject{}); !errors.Is(err, errBroken) {
		t.Errorf("short: %v", err)
	}
	if err := Object(broken{}, sampleObject{Texts: make([]string, 100_000)}); !errors.Is(err, errBroken) {
		t.Errorf("long: %v", err)
	}
}
