package state

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/state/local"
)

// imageOf is the file of a state.
func imageOf(t testing.TB, s *State) []byte {
	t.Helper()
	var data bytes.Buffer
	serial, checksum := s.serial, s.checksum
	s.serial, s.checksum = s.serial-1, ""
	_, err := s.encodeStateLocked(&data, "0.1.0")
	s.serial, s.checksum = serial, checksum
	must(t, err)
	return data.Bytes()
}

func decoded(data []byte) (*State, error) {
	return decodeState(bytes.NewReader(data), int64(len(data)), &closedOrders{})
}

func sampleState() *State {
	s := newState(&closedOrders{})
	s.lineage, s.serial = "lineage-1", 7
	s.plans = []donePlan{{"p1", noon, "r1", PlanCounts{Ship: 540, Held: 4}}}
	s.folded, s.recorded = journalMark{"j1", 3}, audit.Position{Head: audit.Head{Hash: "abc", Lines: 2}}
	s.putLocked(&Entry{Key: testKey(1), Ref: testRef(1), Created: noon, Intents: []Intent{shipping(1)}})
	s.putLocked(&Entry{Key: Key{"sandbox", `a "quoted" <name>: {`, "x\\"}, Ref: order.Ref{ID: "x\\"}, Observed: &Observed{At: noon}})
	return s
}

// Every state comes back from its file as it was, and the file is JSON that any
// program can read.
func TestStateFileRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawState(t)
		data := imageOf(&rapidTB{T: t}, s)
		got, err := decoded(data)
		if err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		if diff := cmp.Diff(s.entries, got.entries); diff != "" {
			t.Fatal(diff)
		}
		if diff := cmp.Diff(s.open, got.open); diff != "" {
			t.Fatal(diff)
		}
		var file struct {
			Orders map[string]map[string]map[string]json.RawMessage `json:"orders"`
		}
		if err := json.Unmarshal(data, &file); err != nil {
			t.Fatal(err)
		}
		for k := range s.entries {
			if file.Orders[k.Endpoint][k.Account][k.ID] == nil {
				t.Fatalf("%+v is not in the JSON", k)
			}
		}
		if again := imageOf(&rapidTB{T: t}, got); !bytes.Equal(data, again) {
			t.Fatal("written again, it differs")
		}
	})
}

// rapidTB lets helpers for tests serve properties.
type rapidTB struct {
	testing.TB
	T *rapid.T
}

func (r *rapidTB) Helper()           {}
func (r *rapidTB) Fatal(args ...any) { r.T.Fatal(args...) }

func drawState(t *rapid.T) *State {
	s := newState(&closedOrders{})
	s.lineage, s.serial = "lineage-1", rapid.Uint64Max(1<<40).Draw(t, "serial")
	text := rapid.StringN(1, 12, -1)
	moment := rapid.Custom(func(t *rapid.T) time.Time {
		return noon.Add(time.Duration(rapid.Int64Range(-1<<50, 1<<50).Draw(t, "ns")))
	})
	values := rapid.Custom(func(t *rapid.T) order.Values {
		return plain(order.Values{
			Status:   rapid.SampledFrom([]order.Status{"", order.New, order.Shipped, order.ParseStatus("odd")}).Draw(t, "status"),
			Tracking: rapid.StringN(0, 8, -1).Draw(t, "tracking"), ShippedAt: moment.Draw(t, "shipped"),
		})
	})
	names := rapid.SampledFrom([]string{"a", `"`, "\\", "é", "https://x", "}", " "})
	for i := range rapid.IntRange(0, 12).Draw(t, "orders") {
		e := &Entry{Key: Key{names.Draw(t, "endpoint"), names.Draw(t, "account"), text.Draw(t, "id")}}
		e.Ref = order.Ref{ID: e.ID, Source: text.Draw(t, "source"), SourceNumber: text.Draw(t, "number")}
		if rapid.Bool().Draw(t, "applied") {
			change := rapid.Custom(func(t *rapid.T) Applied {
				return Applied{order.Ship, values.Draw(t, "before"), values.Draw(t, "values"), moment.Draw(t, "at"), "run", uint64(i), 1, uint64(i), rapid.SampledFrom([]string{"", "hash"}).Draw(t, "error before"), moment.Draw(t, "shown")}
			})
			last := change.Draw(t, "last")
			e.Applied, e.Verified = &last, moment.Draw(t, "verified")
			if rapid.Bool().Draw(t, "several") {
				e.Earlier = rapid.SliceOfN(change, 1, 3).Draw(t, "earlier")
				e.Replaced = rapid.SliceOfN(text, 1, 3).Draw(t, "replaced")
			}
		}
		if rapid.Bool().Draw(t, "taken up again") {
			e.Closed = &ClosedEntry{Key: e.Key, Ref: e.Ref, Wanted: values.Draw(t, "wanted"), Sent: []string{text.Draw(t, "sent")}, ClosedAt: moment.Draw(t, "closed")}
		}
		if rapid.Bool().Draw(t, "observed") {
			e.Observed = &Observed{values.Draw(t, "seen"), order.Shipped, moment.Draw(t, "at"), Marketplace{}}
			if rapid.Bool().Draw(t, "an error") {
				e.Observed.Marketplace = Marketplace{"delivered", "hash", moment.Draw(t, "since"), true, true}
			}
		}
		if rapid.Bool().Draw(t, "open") {
			in := shipping(i)
			in.Key, in.Ref, in.RunID, in.Seq = e.Key, e.Ref, "run", uint64(100+i)
			in.Before, in.Attempt, in.Sending = values.Draw(t, "before"), 1, 2
			e.Intents = []Intent{in}
		}
		s.putLocked(e)
	}
	return s
}

func TestADamagedStateIsRefused(t *testing.T) {
	whole := imageOf(t, sampleState())
	if _, err := decoded(whole); err != nil {
		t.Fatal(err)
	}
	for i := range whole {
		if _, err := decoded(whole[:i]); err == nil {
			t.Fatalf("cut to %d bytes, it was read", i)
		}
		for bit := range 8 {
			damaged := bytes.Clone(whole)
			damaged[i] ^= 1 << bit
			if _, err := decoded(damaged); err == nil {
				t.Fatalf("with bit %d of byte %d flipped, it was read", bit, i)
			}
		}
	}
}

func TestTheWayBackFromADamagedState(t *testing.T) {
	s := newTestStore(t.TempDir(), disk.OS{})
	x := mustLock(t, s)
	applied(t, x, 1)
	must(t, x.Commit())
	applied(t, x, 2)
	must(t, x.Commit())
	must(t, x.Close())
	must(t, os.Truncate(files(s).State, 100))

	for name, refuse := range map[string]func() error{
		"Read": func() error { _, _, err := s.Read(); return err },
		"Lock": func() error { _, err := s.Lock(t.Context(), LockRequest{Operation: "apply"}); return err },
	} {
		var damaged *disk.DamagedError
		if err := refuse(); !errors.As(err, &damaged) || damaged.Path != files(s).State || damaged.Backup != files(s).Backup() ||
			!strings.Contains(err.Error(), "cp "+files(s).Backup()) {
			t.Errorf("%s: %v", name, err)
		}
	}
	backup, err := os.ReadFile(files(s).Backup())
	must(t, err)
	must(t, os.WriteFile(files(s).State, backup, 0o600))
	got, notices, err := s.Read()
	must(t, err)
	if got.Serial() != 1 || got.Len() != 2 {
		t.Errorf("the backup has serial %d and %d entries", got.Serial(), got.Len())
	}
	if len(notices) != 1 || !strings.Contains(notices[0].Text, "did not know (1)") {
		t.Errorf("notices: %v", notices)
	}
}

func TestAMissingStateIsNoNewOne(t *testing.T) {
	s := newTestStore(t.TempDir(), disk.OS{})
	x := mustLock(t, s)
	applied(t, x, 1)
	must(t, x.Commit())
	applied(t, x, 2)
	must(t, x.Commit())
	must(t, x.Close())
	must(t, os.Remove(files(s).State))
	must(t, os.Remove(files(s).Audit)) // which would be reason enough
	var damaged *disk.DamagedError
	if _, _, err := s.Read(); !errors.As(err, &damaged) {
		t.Errorf("with its backup there: %v", err)
	}
}

func TestAnEmptyStateFileIsRefused(t *testing.T) {
	s := newTestStore(t.TempDir(), disk.OS{})
	must(t, os.WriteFile(files(s).State, nil, 0o600))
	if _, _, err := s.Read(); err == nil || !strings.Contains(err.Error(), "it is empty") {
		t.Error(err)
	}
}

func TestAStateFromTheFuture(t *testing.T) {
	for name, data := range map[string]string{
		"of another layout": `{"version": 5, "things": []}`,
		"of this layout":    strings.Replace(string(imageOf(t, sampleState())), `"version": 4`, `"version": 5`, 1),
	} {
		s := newTestStore(t.TempDir(), disk.OS{})
		must(t, os.WriteFile(files(s).State, []byte(data), 0o600))
		var newer *NewerError
		if _, _, err := s.Read(); !errors.As(err, &newer) || newer.Path != files(s).State || !strings.Contains(err.Error(), "written by a newer gdfctl") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNoLinkIsFollowed(t *testing.T) {
	named := func(p local.Paths) map[string]string {
		return map[string]string{"state": p.State, "journal": p.Journal, "audit": p.Audit, "closed": p.Closed, "lock": p.Lockfile}
	}
	for name := range named(local.Paths{}) {
		dir := t.TempDir()
		s := newTestStore(dir, disk.OS{})
		target := filepath.Join(dir, "elsewhere")
		must(t, os.WriteFile(target, []byte("not ours"), 0o644))
		must(t, os.Symlink(target, named(files(s))[name]))
		if _, err := s.Lock(t.Context(), LockRequest{Operation: "apply"}); !errors.Is(err, disk.ErrLink) {
			t.Errorf("%s: %v", name, err)
		}
		if data, err := os.ReadFile(target); string(data) != "not ours" {
			t.Errorf("%s: the target holds %q, %v", name, data, err)
		}
	}
}

func TestFilesAreTheirOwnersAlone(t *testing.T) {
	s := newTestStore(t.TempDir(), disk.OS{})
	must(t, os.WriteFile(files(s).Audit, nil, 0o666)) // made by somebody else
	x := mustLock(t, s)
	applied(t, x, 1)
	wanted := shippedValues(1)
	x.Observe(Observation{
		Key: testKey(1), Ref: testRef(1), Created: noon, Observed: Observed{Values: wanted, At: noon},
		Verified: true, Closed: &wanted,
	})
	modes := map[string]os.FileMode{}
	look := func(paths ...string) {
		for _, path := range paths {
			info, err := os.Stat(path)
			must(t, err)
			modes[filepath.Base(path)] = info.Mode()
		}
	}
	look(files(s).Journal, files(s).Lockfile)
	must(t, x.Commit())
	applied(t, x, 2)
	must(t, x.Commit())
	look(files(s).State, files(s).Backup(), files(s).Closed, files(s).Audit)
	for _, name := range slices.Sorted(maps.Keys(modes)) {
		if modes[name] != 0o600 {
			t.Errorf("%s: %v", name, modes[name])
		}
	}
}
