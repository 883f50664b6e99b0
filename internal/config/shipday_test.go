package config_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A batch reads days as they stand in the export. An empty cell is no day; a
// time is a bad row.
func TestShipDays(t *testing.T) {
	wishes := mustWish(t, files{"main.hcl": `
account "main" {
  endpoint = "sandbox"
  timezone = "America/New_York"
}
order "plain" {
  status     = "shipped"
  shipped_on = "2026-11-26"
}
batch "b" {
  rows       = [{ id = "read", on = "11/26/2026" }, { id = "none", on = " " }, { id = "time", on = "11/26/2026 4:28:00 PM" }]
  find       = { id = row.id }
  status     = "shipped"
  shipped_on = try(parse_time("%m/%d/%Y", row.on), parse_time("%m/%d/%Y %I:%M:%S %p", row.on))
}`})
	got := map[string]string{}
	for _, w := range wishes.Orders {
		got[w.Find.ID] = w.ShippedOn.String()
		if !w.Want.ShippedAt.IsZero() || w.DateOnly {
			t.Errorf("%s has a time: %s", w.Find.ID, w.Want.ShippedAt)
		}
	}
	if diff := cmp.Diff(map[string]string{"plain": "2026-11-26", "read": "2026-11-26", "none": "", "time": ""}, got); diff != "" {
		t.Error(diff)
	}
	if found := problems(wishes); len(found) != 1 || found[`batch.b["time"]`] == "" {
		t.Errorf("problems: %v", found)
	}
}

// Two days are two wishes, and the hash tells them apart.
func TestShipDaysDiffer(t *testing.T) {
	of := func(day string) files {
		return files{"main.hcl": "account \"main\" {\n  endpoint = \"sandbox\"\n  timezone = \"UTC\"\n}\norder \"a\" {\n  status = \"shipped\"\n  shipped_on = \"" + day + "\"\n}\n"}
	}
	if mustWish(t, of("2026-11-26")).Hash == mustWish(t, of("2026-11-27")).Hash {
		t.Error("two days have one hash")
	}
}
