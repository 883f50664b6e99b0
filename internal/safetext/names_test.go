package safetext_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/safetext"
)

func TestQuoted(t *testing.T) {
	names := []string{"a", "b\x1b", "c"}
	for most, want := range map[int][]string{
		3: {`"a"`, `"b\\x1b"`, `"c"`},
		2: {`"a"`, `"b\\x1b"`, "and 1 more"},
	} {
		if diff := cmp.Diff(want, safetext.Quoted(names, most)); diff != "" {
			t.Errorf("%d of %q (-want +got):\n%s", most, names, diff)
		}
	}
	if got := safetext.Quoted(nil, 2); got != nil {
		t.Errorf("of no names: %q", got)
	}
}
