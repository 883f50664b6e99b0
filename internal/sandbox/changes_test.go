package sandbox

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestTheFileIsTheWorldAtAnyTime does things at random and holds the file
// against the world after each of them.
func TestTheFileIsTheWorldAtAnyTime(t *testing.T) {
	for seed := range uint64(6) {
		rng := rand.New(rand.NewPCG(seed, 0))
		file := filepath.Join(t.TempDir(), "world.json")
		late := func() time.Duration { return time.Duration(rng.IntN(3)) * time.Minute }
		a := inProcess(t, Options{File: file, Seed: seed, ReadLag: time.Duration(seed%2) * time.Minute, SourceLag: time.Minute, ExecuteLate: late})
		for step := range 150 {
			id := a.s.world.Orders[rng.IntN(len(a.s.world.Orders))].ID
			switch rng.IntN(7) {
			case 0, 1:
				if _, err := a.ship(id, fmt.Sprintf("1Z%d", step)); err != nil {
					t.Fatal(err)
				}
			case 2:
				a.insert(phoneOrder())
			case 3:
				if _, err := a.s.Arrive(); err != nil {
					t.Fatal(err)
				}
			case 4:
				tracking := fmt.Sprintf("D%d", step)
				if err := a.s.Drift(Drift{Order: id, Tracking: &tracking}); err != nil {
					t.Fatal(err)
				}
			default:
				a.clock.pass(30 * time.Second)
				a.get("/feeds/count")
			}
			got, f, err := loadWorld(file)
			if err != nil || f.all {
				t.Fatalf("seed %d, step %d: whole: %v, error %v", seed, step, !f.all, err)
			}
			if inMemory, inFile := encodedWorld(t, a.s.world), encodedWorld(t, got); inMemory != inFile {
				t.Fatalf("seed %d, step %d (-world +file):\n%s", seed, step, cmp.Diff(inMemory, inFile))
			}
		}
	}
}

func encodedWorld(t *testing.T, w *world) string {
	t.Helper()
	var text strings.Builder
	if err := w.encode(&text); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// TestACutLineIsNotGoneOnWith: what was not written to its end was never
// answered for; the file is made anew at the next write.
func TestACutLineIsNotGoneOnWith(t *testing.T) {
	file := filepath.Join(t.TempDir(), "world.json")
	a := inProcess(t, Options{File: file})
	a.ship(Samples()[0].ID, "1Z")
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	a.ship(Samples()[1].ID, "2Z")
	after, err := os.ReadFile(file)
	if err != nil || len(after)-len(before) > 2000 {
		t.Fatalf("a ship added %d bytes to the file, %v", len(after)-len(before), err)
	}
	if err := os.WriteFile(file, after[:len(after)-20], 0o600); err != nil {
		t.Fatal(err)
	}
	b := inProcess(t, Options{File: file, Now: a.clock.now})
	if ledger := b.s.Ledger(); len(ledger) != 1 || ledger[0].Tracking != "1Z" {
		t.Errorf("the ledger is %v, want the first ship", ledger)
	}
	b.ship(Samples()[2].ID, "3Z")
	w, f, err := loadWorld(file)
	if err != nil || f.all || len(w.Ledger) != 2 || w.Ledger[1].Tracking != "3Z" {
		t.Errorf("whole: %v, error %v, ledger %v", !f.all, err, w.Ledger)
	}
}

// TestAWorldOfOneObject reads a file as it was written once.
func TestAWorldOfOneObject(t *testing.T) {
	file := filepath.Join(t.TempDir(), "world.json")
	once := generateWorld(0, 20, 2, start)
	once.Version = worldVersionOnce
	data, err := json.MarshalIndent(once, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	a := inProcess(t, Options{File: file})
	a.ship(Samples()[0].ID, "1Z")
	w, f, err := loadWorld(file)
	if err != nil || f.all || len(w.Orders) != 20 || len(w.Feeds) != 2 || len(w.Ledger) != 1 {
		t.Errorf("whole: %v, error %v, world %+v", !f.all, err, w)
	}
}

func BenchmarkAWriteToAFileOf100000(b *testing.B) {
	s, err := New(Options{File: filepath.Join(b.TempDir(), "world.json"), Orders: 100_000, Burst: -1})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		err := s.locked(func(now time.Time) {
			s.receive(Write{Order: s.world.Orders[i%100_000].ID, Op: OpUpdateStatus, ReceivedAt: now, Status: "Shipped", Tracking: "1Z"}, nil)
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
