package acceptance

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

const (
	auditName   = "gdfctl.audit.jsonl"
	journalName = stateName + ".journal"
	backupName  = stateName + ".backup"
)

// beyond is what people are told of a state that is older than the audit log.
const beyond = "the audit log holds changes that the state did not know"

// Reads show none of what was applied: only files can say what was sent. A
// state that is older than the audit log must not forget what the log has.
func TestAStateThatIsOlderThanTheAuditLogForgetsNothing(t *testing.T) {
	t.Parallel()
	for name, takeBack := range map[string]func(j *journey, old string){
		"a copy":           func(j *journey, old string) { j.write(stateName, old) },
		"gdfctl's own":     func(j *journey, _ string) { j.write(stateName, j.read(backupName)) },
		"a copy, after rm": func(j *journey, old string) { j.remove(stateName, backupName); j.write(stateName, old) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := newJourney(t, 8, 1, apiserver.Options{Behind: func(string) int { return 2 }})
			j.account = quickAccount
			j.configure(0)
			j.apply("--first", "3")
			old := j.read(stateName)
			j.apply()
			j.eachOnce(false)

			takeBack(j, old)
			j.run("plan").exits(0).says(stateName, beyond)
			j.wantsNothing()
			j.apply().says(stateName, beyond)
			j.eachOnce(false)
			for stage := 1; stage < stages; stage++ {
				j.configure(stage)
				j.apply()
				j.eachOnce(false)
				takeBack(j, old)
				j.apply().says(stateName, beyond)
				j.eachOnce(false)
			}
			j.auditIsLedger()
			j.auditHolds()
		})
	}
}

// Lines of the audit log are lost, and what is put back later is a state from
// before that: the log does not hold the last change that such a state knows.
func TestAStateFromBeforeTheAuditLogLostLinesForgetsNothing(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(j *journey){
		"deleted": func(j *journey) { j.remove(auditName) },
		"emptied": func(j *journey) { j.truncate(auditName, 0) },
		"cut":     func(j *journey) { j.write(auditName, firstLines(j.read(auditName), 4)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := newJourney(t, 18, 1, apiserver.Options{Behind: func(string) int { return 3 }})
			j.account = quickAccount
			j.configure(0)
			j.apply()
			old := j.read(stateName)
			lose(j)
			j.configure(1)
			j.apply().says(auditName, "lines were lost or removed")
			j.write(stateName, old)
			for stage := 1; stage < stages; stage++ {
				j.configure(stage)
				j.apply()
				j.eachOnce(false)
				j.wantsNothing()
			}
		})
	}
}

func firstLines(text string, n int) string {
	return strings.Join(strings.SplitAfter(text, "\n")[:n], "")
}

// A run that goes on with a state that is older than the audit log can be
// killed like every other.
func TestAStateThatWasPutBackIsReadAgainAfterAKill(t *testing.T) {
	t.Parallel()
	s := &striker{}
	j := newJourney(t, 9, 1, apiserver.Options{Intercept: s.intercept, ReadLag: 300 * time.Millisecond})
	j.account = quickAccount
	j.configure(0)
	j.apply("--first", "3")
	old := j.read(stateName)
	j.apply()
	j.write(stateName, old)
	j.configure(1)
	s.arm(3, func(p *process, _ string) *apiserver.Fault {
		p.hit(kill, 0)
		<-p.ended
		return nil
	})
	p := j.start("apply", "--auto-approve")
	s.aim(p)
	p.wait().exits(-1)
	j.write(stateName, old) // and once more
	j.apply()
	j.eachOnce(false)
	j.auditIsLedger()
}

// Whoever put back too old a copy puts back a newer one: its serial is higher
// than that of the state which the killed run went on from, and it does not
// contain that run all the same.
func TestANewerCopyDoesNotHideTheJournalOfARunOnAnOlderOne(t *testing.T) {
	t.Parallel()
	s := &striker{}
	open, killed := "", time.Time{}
	var mu sync.Mutex
	j := newJourney(t, 16, 1, apiserver.Options{
		Intercept: s.intercept,
		Behind: func(id string) int {
			mu.Lock()
			defer mu.Unlock()
			if id == open && time.Since(killed) > 600*time.Millisecond {
				return 0
			}
			return 3
		},
	})
	j.account = quickAccount
	var copies []string
	for stage := range 2 {
		j.configure(stage)
		j.apply("--first", "4")
		j.apply()
		copies = append(copies, j.read(stateName))
	}
	j.configure(2)
	j.write(stateName, copies[0])
	s.arm(2, func(p *process, id string) *apiserver.Fault {
		p.hit(kill, 0)
		<-p.ended
		mu.Lock()
		defer mu.Unlock()
		open, killed = id, time.Now()
		return nil
	})
	p := j.start("apply", "--auto-approve", "--parallelism", "1")
	s.aim(p)
	p.wait().exits(-1)
	j.write(stateName, copies[1])
	j.apply()
	j.eachOnce(false)
	j.auditIsLedger()
}

func TestAnAuditLogWithoutItsStateIsRefusedWithTheWayBack(t *testing.T) {
	t.Parallel()
	for name, back := range map[string]func(j *journey, copied string){
		"a copy":  func(j *journey, copied string) { j.write(stateName, copied) },
		"rebuild": func(j *journey, _ string) { j.run("state", "rebuild").exits(0).says(stateName) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := newJourney(t, 10, 1, apiserver.Options{Behind: func(string) int { return 3 }})
			j.account = quickAccount
			j.configure(0)
			j.apply()
			copied := j.read(stateName)
			for stage := 1; stage < stages; stage++ {
				j.configure(stage)
				j.apply()
			}
			writes := j.api.Writes()
			j.remove(stateName, backupName, journalName)
			for range 2 {
				j.run("apply", "--auto-approve").exits(1).says(auditName, stateName, "state rebuild")
			}
			j.run("plan").exits(1).says(auditName)
			if n := j.api.Writes() - writes; n > 0 {
				t.Errorf("%d writes were sent by a run that had lost its memory", n)
			}
			back(j, copied)
			j.wantsNothing()
			j.apply()
			j.eachOnce(false)
			j.auditIsLedger()
			j.auditHolds()
		})
	}
}

// deletesTheJournal starts a run of one call at a time, and takes its journal
// away while the fourth call is under way.
func deletesTheJournal(t *testing.T, first string, then func(p *process)) *journey {
	s := &striker{}
	fourth := ""
	j := newJourney(t, 11, 1, apiserver.Options{Intercept: s.intercept})
	j.account = quickAccount
	j.configure(0)
	if first != "" {
		j.apply("--first", first)
	}
	before := j.api.Writes()
	s.arm(4, func(p *process, id string) *apiserver.Fault {
		fourth = id
		j.remove(journalName)
		then(p)
		return nil
	})
	p := j.start("apply", "--auto-approve", "--parallelism", "1")
	s.aim(p)
	r := p.wait()
	if fourth == "" {
		t.Fatalf("it did not come to the fourth write\n%s", r.end())
	}
	if n := j.api.Writes() - before; n != 4 {
		t.Errorf("%d writes were sent, want 4: none without a journal", n)
	}
	if r.code != -1 {
		r.exits(1).says(journalName)
	}
	// All but the one that was under way are still as they were, for reads.
	j.api.Configure(func(o *apiserver.Options) {
		o.Behind = func(id string) int {
			if id == fourth {
				return 0
			}
			return 2
		}
	})
	return j
}

func TestAJournalThatIsDeletedUnderARunStopsIt(t *testing.T) {
	t.Parallel()
	j := deletesTheJournal(t, "", func(*process) {})
	j.apply()
	j.eachOnce(false)
	j.auditIsLedger()
	j.auditHolds()
}

func TestAJournalThatIsDeletedUnderARunThatIsKilledIsMadeUpForByTheAuditLog(t *testing.T) {
	t.Parallel()
	die := func(p *process) {
		p.hit(kill, 0)
		<-p.ended
	}
	t.Run("with a state", func(t *testing.T) {
		t.Parallel()
		j := deletesTheJournal(t, "2", die)
		j.apply().says(beyond)
		j.eachOnce(false)
		j.auditHolds()
	})
	t.Run("without one yet", func(t *testing.T) {
		t.Parallel()
		j := deletesTheJournal(t, "", die)
		j.run("apply", "--auto-approve").exits(1).says(auditName, "state rebuild")
		j.run("state", "rebuild").exits(0)
		j.apply()
		j.eachOnce(false)
		j.auditHolds()
	})
}

func TestAnAuditLogThatIsCutUnderARunIsNoticed(t *testing.T) {
	t.Parallel()
	for name, cut := range map[string]func(j *journey){
		"cut":     func(j *journey) { j.truncate(auditName, 0.5) },
		"emptied": func(j *journey) { j.truncate(auditName, 0) },
		"deleted": func(j *journey) { j.remove(auditName) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &striker{}
			j := newJourney(t, 12, 1, apiserver.Options{Intercept: s.intercept})
			j.account = quickAccount
			j.configure(0)
			s.arm(8, func(*process, string) *apiserver.Fault {
				cut(j)
				return nil
			})
			p := j.start("apply", "--auto-approve", "--parallelism", "1")
			s.aim(p)
			r := p.wait()
			if r.code == 0 || r.code == -1 {
				t.Errorf("exit %d though the audit log was cut under the run", r.code)
			}
			r.says(auditName)
		})
	}
}

// truncate keeps the beginning of a file.
func (w *world) truncate(name string, part float64) {
	w.t.Helper()
	path := filepath.Join(w.dir, name)
	if err := os.Truncate(path, int64(part*float64(len(w.read(name))))); err != nil {
		w.t.Error(err)
	}
}
