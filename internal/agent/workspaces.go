package agent

import (
	"context"
	"fmt"
	"time"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/words"
)

// Workspace is what an agent runs the schedules of, as it is at one commit.
type Workspace struct {
	Name   string
	Source reconcile.Source
	Deps   reconcile.Deps // Env has the workspace's own variables
	Commit string         // empty: what the directory has

	// What the machine leaves open to the configuration. Nothing: what an agent may do anyway.
	Allow      []order.Action
	PolicyDirs []string
	MinEvery   time.Duration

	Stopped string // why none of its runs begins; empty: they do
}

// StoppedError says that a workspace's runs do not begin.
type StoppedError struct{ Why string }

func (e *StoppedError) Error() string { return e.Why }

// watching is what workspaces do beside the looks that come from elsewhere.
type watching interface {
	// Watch fetches until ctx ends.
	Watch(ctx context.Context, db *agentdb.DB)
}

// often refuses schedules that are due more often than the machine allows.
func (w *Workspace) often(schedules []*spec.Schedule) error {
	for _, s := range schedules {
		if every := s.Times.Closest(); every < w.MinEvery {
			return &OftenError{fmt.Sprintf("schedule %q is due every %s, and the machine's file allows it every %s: raise its interval, or lower min_every",
				s.Name, words.Duration(every), words.Duration(w.MinEvery))}
		}
	}
	return nil
}

// OftenError says that a schedule is due too often.
type OftenError struct{ Why string }

func (e *OftenError) Error() string { return e.Why }

// Version is what is in force of a workspace. Another one is read again.
type Version struct {
	Commit string // empty: what the directory has
	Files  string // what the files of a directory are like
}

// Workspaces are those that an agent has: one directory, or those of a machine's file.
type Workspaces interface {
	// Names are all of them. They don't change.
	Names() []string

	// Refresh says what is in force, by name. Every look asks it, so it does not wait for a
	// network: who fetches does that beside it. A workspace that has never had a version is
	// left out.
	Refresh(ctx context.Context, db *agentdb.DB, now time.Time) (map[string]Version, error)

	// At is a workspace at a commit, which a run may ask for on any machine: it is fetched
	// and exported if need be.
	At(ctx context.Context, name, commit string) (*Workspace, error)
}

// UnknownWorkspaceError says that an agent does not have a workspace.
type UnknownWorkspaceError struct{ Name string }

func (e *UnknownWorkspaceError) Error() string {
	return fmt.Sprintf("there is no workspace %q here", e.Name)
}
