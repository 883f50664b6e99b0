package sandbox

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestFileSurvivesAKill opens the file anew without closing the first sandbox,
// in the middle of late writes.
func TestFileSurvivesAKill(t *testing.T) {
	file := filepath.Join(t.TempDir(), "new folder", "world.json")
	o := Options{File: file, ReadLag: time.Minute, ExecuteLate: func() time.Duration { return time.Minute }}
	a := inProcess(t, o)
	a.ship(Samples()[0].ID, "1Z")
	a.clock.pass(time.Minute)
	a.get("/feeds/count") // the ship takes effect, reads don't show it yet
	a.ship(Samples()[1].ID, "2Z")
	a.insert(phoneOrder())
	want := a.s.Truth()

	o.Now, o.Seed, o.Orders = a.clock.now, 9, 3 // the world that is there is not changed by these
	b := inProcess(t, o)
	got := b.s.Truth()
	want.Calls, want.CallCount = got.Calls, got.CallCount
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("truth after a kill (-before +after):\n%s", diff)
	}
	a.clock.pass(time.Minute)
	if n := len(b.s.Ledger()); n != 3 {
		t.Errorf("%d writes took effect after a kill, want 3", n)
	}
	if _, ok := b.s.Order("Amazon AMZ000003"); !ok {
		t.Error("the inserted order is lost")
	}
	id, err := b.s.Arrive()
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := a.s.Order(id); ok {
		t.Error("after a kill an id is given out again")
	}
}

func TestFileHoldsNoBuyerAndNoToken(t *testing.T) {
	file := filepath.Join(t.TempDir(), "world.json")
	a := inProcess(t, Options{File: file, ConsumerKey: "the-consumer-key"})
	order := phoneOrder()
	order["Street2"], order["ShipToCompanyName"] = "Second street", "The Company"
	if got := a.insert(order); !got.Success {
		t.Fatal(got.Message)
	}
	if err := a.s.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	secrets := []string{a.token, "the-consumer-key", "Second street", "The Company"}
	for _, o := range a.get("/Orders?page=1&pageSize=100&" + everything).Orders {
		for _, field := range []string{"BuyerEmailAddress", "BuyerPhoneNumber", "LastName", "Street1", "City"} {
			secrets = append(secrets, o[field].(string))
		}
	}
	for _, secret := range secrets {
		if strings.Contains(string(data), secret) {
			t.Errorf("the file holds %q", secret)
		}
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v, want 0600", info.Mode(), err)
	}
	if left, _ := os.ReadDir(filepath.Dir(file)); len(left) != 1 {
		t.Errorf("temporary files are left: %v", left)
	}
}

func TestDamagedFileIsRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "world.json")
	for _, content := range []string{"", "{", "[]", `{"version":3}`, `{"version":1,"orders":[null]}`} {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := New(Options{File: file}); err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("%q: got error %v, want one that names the file", content, err)
		}
	}
}

// TestFailedWriteOfTheFile: what can't be kept is not answered with success,
// and is kept as soon as it can be.
func TestFailedWriteOfTheFile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "d")
	a := inProcess(t, Options{File: filepath.Join(dir, "world.json")})
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir, nil, 0o600); err != nil { // a file in the place of the folder
		t.Fatal(err)
	}
	if got, err := a.ship(Samples()[0].ID, "1Z"); err != nil || got.Status != 500 {
		t.Errorf("got %d %v, want 500", got.Status, err)
	}
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	if err := a.s.Close(); err != nil {
		t.Error(err)
	}
	if w, _, err := loadWorld(filepath.Join(dir, "world.json")); err != nil || len(w.Ledger) != 1 {
		t.Errorf("the write is not in the file: %v", err)
	}
}
