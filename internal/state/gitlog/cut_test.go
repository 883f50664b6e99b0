package gitlog

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// begun was the moment of all records here.
var begun = time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)

func record(prev sharedlog.Position, text string) sharedlog.Raw {
	return sharedlog.Raw{
		N: prev.N + 1, Data: fmt.Appendf(nil, `{"n":%d,"prev":%q,"text":%q}`+"\n", prev.N+1, prev.Hash, text),
		Kind: "outcomes", At: begun.Add(time.Duration(prev.N+1) * time.Second),
	}
}

// add appends a record and returns where the log ends then.
func add(t *testing.T, p *Place, prev sharedlog.Position, text string) sharedlog.Position {
	t.Helper()
	r := record(prev, text)
	if err := p.Append(t.Context(), prev, r); err != nil {
		t.Fatal(err)
	}
	return r.Position()
}

// insist appends a record as whoever writes the log does: again and again, as long
// as it is not known whether it is there.
func insist(t *testing.T, p *Place, prev sharedlog.Position, r sharedlog.Raw) {
	t.Helper()
	for range 5 {
		err := p.Append(t.Context(), prev, r)
		if err == nil {
			return
		}
		wantUnknown(t, err)
	}
	t.Fatalf("record %d can't be appended", r.N)
}

// wantUnknown checks that an error claims neither that a record is there nor that
// it is not.
func wantUnknown(t *testing.T, err error) {
	t.Helper()
	var taken *sharedlog.TakenError
	var refused *sharedlog.RefusedError
	if err == nil || errors.As(err, &taken) || errors.As(err, &refused) {
		t.Fatalf("a push that was cut: error %v, expected one that leaves it open", err)
	}
}

// wantLog reads a log from its beginning, as another machine.
func wantLog(t *testing.T, remote string, want ...sharedlog.Raw) {
	t.Helper()
	page, err := place(t, t.TempDir(), map[string]string{"remote": remote}).Read(t.Context(), -1)
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Records) != len(want) {
		t.Fatalf("%d records, expected %d", len(page.Records), len(want))
	}
	for i, r := range page.Records {
		if r.Position() != want[i].Position() {
			t.Errorf("record %d is %s, expected %s", r.N, r.Data, want[i].Data)
		}
	}
}

func TestAPushThatIsCutAtAnyPacketEndsWithOneRecord(t *testing.T) {
	for _, who := range []string{"the same process", "another process"} {
		t.Run(who, func(t *testing.T) {
			g := stores.NewGit(t)
			h := g.Serve(t)
			remote := h.URL(stores.GitWriter)
			p := place(t, t.TempDir(), map[string]string{"remote": remote})
			records := []sharedlog.Raw{record(sharedlog.Before, "first")}
			if err := p.Append(t.Context(), sharedlog.Before, records[0]); err != nil {
				t.Fatal(err)
			}
			cuts := 0
			for _, cut := range []stores.GitCut{
				{Path: "/info/refs"},
				{Path: "/info/refs", Request: true},
				{Path: "/git-receive-pack"},
				{Path: "/git-receive-pack", Request: true},
			} {
				for ; ; cut.Packets++ {
					prev := records[len(records)-1].Position()
					r := record(prev, fmt.Sprintf("cut %+v", cut))
					records = append(records, r)
					h.Cut(cut)
					err := p.Append(t.Context(), prev, r)
					if !h.WasCut() {
						if err != nil {
							t.Fatal(err)
						}
						break
					}
					cuts++
					if err == nil && cut.Path == "/info/refs" { // nothing was sent yet, and git was run again
						continue
					}
					wantUnknown(t, err)
					if who == "another process" {
						p = place(t, t.TempDir(), map[string]string{"remote": remote})
					}
					insist(t, p, prev, r)
				}
			}
			h.Cut(stores.GitCut{Path: "/none"})
			if cuts < 12 {
				t.Errorf("only %d pushes were cut", cuts)
			}
			t.Logf("%d pushes were cut", cuts)
			wantLog(t, remote, records...)
			if n := g.Git("rev-list", "--count", "gdfctl-state/main"); n != fmt.Sprint(len(records)) {
				t.Errorf("%s commits for %d records", n, len(records))
			}
		})
	}
}

// Curl sends a request again that got no answer on a connection that it kept. The
// second one meets what the first one did.
func TestAPushThatGitSendsTwiceAddsOneRecord(t *testing.T) {
	h := stores.NewGit(t).Serve(t)
	remote := h.URL(stores.GitWriter)
	p := place(t, t.TempDir(), map[string]string{"remote": remote})
	prev := add(t, p, sharedlog.Before, "first")
	h.Requests()
	h.Cut(stores.GitCut{Path: "/git-receive-pack", Kept: true})
	r := record(prev, "sent twice")
	if err := p.Append(t.Context(), prev, r); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(strings.Join(h.Requests(), "\n"), "POST git-receive-pack"); n != 2 || !h.WasCut() {
		t.Errorf("it was sent %d times, expected 2", n)
	}
	wantLog(t, remote, record(sharedlog.Before, "first"), r)
}

// A request that is carried out long after its sender gave up must not add its
// record behind another one, nor a second time.
func TestAPushThatIsCarriedOutLate(t *testing.T) {
	for _, again := range []string{"before it is repeated", "after it was repeated", "after another one came first"} {
		t.Run(again, func(t *testing.T) {
			h := stores.NewGit(t).Serve(t)
			remote := h.URL(stores.GitWriter)
			p := place(t, t.TempDir(), map[string]string{"remote": remote})
			first := record(sharedlog.Before, "first")
			prev := add(t, p, sharedlog.Before, "first")
			r := record(prev, "late")
			h.Cut(stores.GitCut{Path: "/git-receive-pack", Late: true})
			wantUnknown(t, p.Append(t.Context(), prev, r))
			switch again {
			case "before it is repeated":
				h.Late()
				insist(t, p, prev, r)
				wantLog(t, remote, first, r)
			case "after it was repeated":
				insist(t, p, prev, r)
				h.Late()
				wantLog(t, remote, first, r)
			default:
				other := place(t, t.TempDir(), map[string]string{"remote": remote})
				o := record(prev, "another")
				insist(t, other, prev, o)
				h.Late()
				var taken *sharedlog.TakenError
				if err := p.Append(t.Context(), prev, r); !errors.As(err, &taken) {
					t.Errorf("error %v, expected a TakenError", err)
				}
				wantLog(t, remote, first, o)
			}
		})
	}
}

// The server of a folder is a process of this machine, which can be killed between
// any two steps.
func TestAServerThatIsKilledAtAnyStep(t *testing.T) {
	g := stores.NewGit(t)
	p := place(t, t.TempDir(), map[string]string{"remote": g.URL()})
	records := []sharedlog.Raw{record(sharedlog.Before, "first")}
	prev := add(t, p, sharedlog.Before, "first")
	const kill = "kill -9 $PPID"
	for _, step := range []struct{ hook, script string }{
		{"pre-receive", kill},
		{"update", kill},
		{"reference-transaction", `test "$1" != prepared || ` + kill},
		{"reference-transaction", `test "$1" != committed || ` + kill},
		{"post-receive", kill}, // then the answer was sent already
	} {
		r := record(prev, step.hook+step.script)
		records = append(records, r)
		g.Hook(step.hook, step.script)
		if err := p.Append(t.Context(), prev, r); err != nil || step.hook != "post-receive" {
			wantUnknown(t, err)
		}
		g.RemoveHook(step.hook)
		g.Unlock()
		insist(t, p, prev, r)
		prev = r.Position()
	}
	wantLog(t, g.URL(), records...)
}

func TestTheSameRecordMakesTheSameCommit(t *testing.T) {
	commits := map[string]bool{}
	for range 2 {
		g := stores.NewGit(t)
		p := place(t, t.TempDir(), map[string]string{"remote": g.URL()})
		p.environ = append(p.environ, "GIT_AUTHOR_NAME=Ann", "GIT_COMMITTER_DATE=1000000000 +0200", "TZ=Asia/Tokyo")
		prev := add(t, p, sharedlog.Before, "first")
		add(t, p, prev, "second")
		commits[g.Git("rev-parse", "gdfctl-state/main")] = true
		if got := g.Git("log", "-1", "--format=%an <%ae> %ad|%cn <%ce> %cd|%s", "--date=iso", "gdfctl-state/main"); got !=
			"gdfctl <gdfctl@localhost> 2026-11-27 09:00:01 +0000|gdfctl <gdfctl@localhost> 2026-11-27 09:00:01 +0000|record 1: outcomes [skip ci]" {
			t.Error(got)
		}
	}
	if len(commits) != 1 {
		t.Errorf("the same records made the commits %v", commits)
	}
}

func TestEveryCommandEndsInTime(t *testing.T) {
	g := stores.NewGit(t)
	p := place(t, t.TempDir(), map[string]string{"remote": g.URL()})
	prev := add(t, p, sharedlog.Before, "first")
	// The hook and what it starts go on for a minute, and hold all streams open.
	number := filepath.Join(t.TempDir(), "process")
	g.Hook("pre-receive", "sleep 60 & echo $! >"+number+"; sleep 60")
	p.limit = 2 * time.Second
	start := time.Now()
	err := p.Append(t.Context(), prev, record(prev, "slow"))
	wantUnknown(t, err)
	if !strings.Contains(err.Error(), "did not end in time") {
		t.Error(err)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("it took %s", took)
	}
	process, err := os.ReadFile(number)
	if err != nil {
		t.Fatal(err)
	}
	if !ends(strings.TrimSpace(string(process))) {
		t.Error("what the command started goes on")
	}
}

// ends waits for a process that was killed. Where there is no /proc, it is believed.
func ends(process string) bool {
	for deadline := time.After(10 * time.Second); ; {
		stat, err := os.ReadFile("/proc/" + process + "/stat")
		if err != nil || strings.Contains(string(stat), ") Z ") {
			return true
		}
		select {
		case <-deadline:
			return false
		case <-time.After(50 * time.Millisecond):
		}
	}
}
