package config_test

import (
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/diag"
	"github.com/gdfctl/gdfctl/internal/order"
)

// The earlier name of an attribute works for one more release, and says so.
func TestEarlierNames(t *testing.T) {
	limit := func(lines string) files {
		return files{"main.hcl": "account \"main\" {\n  rate_limit {\n" + lines + "  }\n}\n"}
	}
	for name, c := range map[string]struct {
		lines     string
		perSecond float64
		severity  diag.Severity
		said      string
	}{
		"the present name": {"    limit_per_second = 5\n", 5, "", ""},
		"the earlier name": {"    per_second = 5\n", 5, diag.Warning, "per_second is now called limit_per_second"},
		"both":             {"    per_second = 5\n    limit_per_second = 6\n", 6, diag.Error, "per_second is the earlier name of limit_per_second"},
		"a wrong value":    {"    per_second = 0\n", 2, diag.Error, "limit_per_second is out of range"},
		"a typo":           {"    per_secnd = 5\n", 2, diag.Error, "Unsupported argument"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, diags := load(t, limit(c.lines), world{})
			if a := cfg.Accounts[0]; a.PerSecond != c.perSecond {
				t.Errorf("%v calls per second, want %v", a.PerSecond, c.perSecond)
			}
			if c.said == "" && len(diags) > 0 || !strings.Contains(said(diags), c.said) {
				t.Errorf("said: %s", said(diags))
			}
			if got := diags.HasErrors(); got != (c.severity == diag.Error) {
				t.Errorf("errors: %v: %s", got, said(diags))
			}
			if strings.Contains(said(diags), `"per_second"`) {
				t.Errorf("the earlier name is suggested: %s", said(diags))
			}
		})
	}
}

// Both spellings of a cancelled order are accepted.
func TestCanceledIsCancelled(t *testing.T) {
	for _, status := range []string{"cancelled", "canceled"} {
		wishes := mustWish(t, files{"main.hcl": "order \"a\" {\n  status = \"" + status + "\"\n  reason = \"r\"\n}\n"})
		if got := wishes.Orders[0].Want.Status; got != order.Cancelled {
			t.Errorf("%s is %q", status, got)
		}
	}
}
