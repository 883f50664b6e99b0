package reconcile

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestAFileIsContinuedOnlyIfItIsTheSame(t *testing.T) {
	cut := errors.New("cut off")
	begin := func(c *continued) {
		t.Helper()
		if err := c.copy(io.MultiReader(strings.NewReader("id\n1\n"), iotest.ErrReader(cut))); !errors.Is(err, cut) {
			t.Fatal(err)
		}
	}
	for again, want := range map[string]string{"id\n1\n2\n": "id\n1\n2\n", "id\n1\n": "id\n1\n", "id\n7\n2\n": "", "id\n": "", "": ""} {
		var out bytes.Buffer
		c := newContinued(&out)
		begin(c)
		begin(c)
		err := c.copy(strings.NewReader(again))
		if want != "" && (err != nil || out.String() != want) {
			t.Errorf("%q: %q, %v, want %q", again, out.String(), err, want)
		}
		if want == "" && (!errors.Is(err, errOtherFile) || out.String() != "id\n1\n") {
			t.Errorf("%q: %q, %v, want an error and no more", again, out.String(), err)
		}
	}
}
