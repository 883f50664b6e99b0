package agent

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

// PauseFile pauses every schedule while it is beside the database.
const PauseFile = "gdfctl.pause"

// All is the name of a pause of every schedule. It is a file beside the database, so that
// it works where the database does not, and anybody can make or remove it. A database that
// machines share has it instead, if it answers: so any of them can end it.
const All = ""

// Pause keeps a schedule, those of a workspace, or All, from running, until it is resumed.
// Runs under way stop within a look of their agents, as at a first Ctrl-C.
func Pause(ctx context.Context, o Options, name, reason string) (*report.AgentPause, error) {
	p := &report.AgentPause{Reason: safetext.Line(strings.TrimSpace(reason)), Who: o.Deps.Provenance.Who, At: o.Deps.Now().UTC().Truncate(time.Second)}
	if name != All {
		a, t, err := openFor(ctx, o, name)
		if err != nil {
			return nil, err
		}
		defer a.close()
		p.Workspace, p.Schedule, p.At = t.workspace, t.schedule, a.now().UTC().Truncate(time.Second)
		return p, a.db.Pause(ctx, kept(p))
	}
	text, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	if err := disk.ReplaceFile(o.pauseFile(), 0o600, func(f *os.File) error {
		disk.LikeFolder(f)
		_, err := f.Write(append(text, '\n'))
		return err
	}); err != nil || o.Database == "" {
		return p, err
	}
	a, err := open(ctx, o)
	if err == nil {
		defer a.close()
		err = a.db.Pause(ctx, kept(p))
	}
	if err != nil {
		return nil, fmt.Errorf("the agents of this machine are paused, and those of others are not: %w", err)
	}
	return p, disk.RemoveIfThere(disk.OS{}, o.pauseFile())
}

func kept(p *report.AgentPause) *agentdb.Pause {
	return &agentdb.Pause{Workspace: p.Workspace, Schedule: p.Schedule, Reason: p.Reason, Who: p.Who, At: p.At}
}

func (o *Options) pauseFile() string { return filepath.Join(o.Directory, PauseFile) }

// Resume ends a pause, and reports whether there was one. A wider one, which still keeps
// from running what was named, is not ended: it is returned.
func Resume(ctx context.Context, o Options, name string) (was bool, still *report.AgentPause, err error) {
	if name != All {
		a, t, err := openFor(ctx, o, name)
		if err != nil {
			return false, nil, err
		}
		defer a.close()
		if was, err = a.db.Resume(ctx, t.workspace, t.schedule); err != nil {
			return was, nil, err
		}
		left, err := a.pauses(ctx)
		if err != nil {
			return was, nil, err
		}
		return was, left.of(t.workspace, t.schedule), nil
	}
	_, there, err := disk.ReadAll(disk.OS{}.Open(o.pauseFile()))
	was = there || err != nil // one that can't be read is a pause too
	if err := disk.RemoveIfThere(disk.OS{}, o.pauseFile()); err != nil || o.Database == "" {
		return was, nil, err
	}
	a, err := open(ctx, o)
	if err != nil {
		return was, nil, err
	}
	defer a.close()
	others, err := a.db.Resume(ctx, "", "")
	return was || others, nil, err
}

// pauses are all that keep schedules from running.
type pauses struct {
	all    *report.AgentPause // by the file
	single agentdb.Pauses
}

func (a *agent) pauses(ctx context.Context) (*pauses, error) {
	single, err := a.db.Pauses(ctx)
	return &pauses{a.pausedAll(), single}, err
}

// of is what keeps a schedule from running; nil: nothing.
func (p *pauses) of(workspace, schedule string) *report.AgentPause {
	if p.all != nil {
		return p.all
	}
	return shownPause(p.single.Of(workspace, schedule))
}

// shownPause is a pause as reports have it.
func shownPause(p *agentdb.Pause) *report.AgentPause {
	if p == nil {
		return nil
	}
	return &report.AgentPause{Workspace: p.Workspace, Schedule: p.Schedule, Reason: p.Reason, Who: p.Who, At: p.At}
}

// pausedAll is the pause of everything; nil: there is none. A file that can't be read is a
// pause too: somebody meant to stop the agent.
func (a *agent) pausedAll() *report.AgentPause {
	text, there, err := disk.ReadAll(disk.OS{}.Open(a.pauseFile()))
	if err == nil && !there {
		return nil
	}
	p := &report.AgentPause{}
	if err != nil || json.Unmarshal(text, p) != nil {
		*p = report.AgentPause{Reason: "there is a file " + PauseFile}
	}
	p.Workspace, p.Schedule, p.Reason, p.Who = "", "", safetext.Line(p.Reason), safetext.Line(p.Who)
	return p
}

// heed stops the slices of schedules that were paused meanwhile.
func (a *agent) heed(pauses *pauses) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for s := range a.slices {
		if pauses.of(s.run.Workspace, s.run.Schedule) != nil {
			s.stop(errPaused)
		}
	}
}
