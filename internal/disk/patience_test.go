package disk

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// Windows does not replace a file that a virus scanner has open. That passes.
func TestAFileInUseIsWaitedFor(t *testing.T) {
	errUse, errOther := errors.New("in use"), errors.New("no such folder")
	for name, c := range map[string]struct {
		fails []error
		want  error
		most  time.Duration
	}{
		"at once":       {nil, nil, 0},
		"after a while": {[]error{errUse, errUse, errUse}, nil, patience},
		"another error": {[]error{errOther}, errOther, 0},
		"for good":      {make([]error, 1000), errUse, patience + 200*time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began, tries := time.Now(), 0
				err := patiently(func(err error) bool { return errors.Is(err, errUse) }, func() error {
					if tries++; tries > len(c.fails) {
						return nil
					}
					if err := c.fails[tries-1]; err != nil {
						return err
					}
					return errUse
				})
				if took := time.Since(began); !errors.Is(err, c.want) || took > c.most {
					t.Errorf("%v after %s, in %d tries", err, took, tries)
				}
			})
		})
	}
}
