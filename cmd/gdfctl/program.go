package main

import (
	"errors"
	"io"
	"log"
	"os"
	"os/signal"
	"syscall"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/console"
	"github.com/gdfctl/gdfctl/internal/machine"
	"github.com/gdfctl/gdfctl/internal/pglimit"
	"github.com/gdfctl/gdfctl/internal/provenance"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/screen"
)

// program is what the commands know of the world outside.
type program struct {
	screen.Screen
	noColor bool
	limits  *pglimit.Limits // that machines share; nil before it is needed, and without a database
}

// ofProcess is the program with the streams and the environment of this process.
func ofProcess() *program {
	return &program{Screen: screen.New(os.Stdin, os.Stdout, os.Stderr, os.Getenv)}
}

// deps is the world of the use cases. With a database, its machines share the call limits.
func (p *program) deps() reconcile.Deps {
	const database = "GDF_DATABASE_URL"
	return p.depsWith(p.Env(database), database)
}

// depsOf is deps for agents, whose database the machine's file names.
func (p *program) depsOf(m *machine.Machine) reconcile.Deps {
	if m.Database != "" {
		d := p.depsWith(m.Database, "agent.hcl")
		p.limits.Expect() // an agent has asked it before it does a run
		return d
	}
	return p.deps()
}

// depsWith is deps for a database that a url names, and what people call that.
func (p *program) depsWith(url, named string) reconcile.Deps {
	d := reconcile.Deps{Env: p.Env, Now: p.Now, Version: version, Provenance: provenance.Detect(provenance.Process()), Command: p.Command}
	if url != "" && p.limits == nil {
		p.limits = pglimit.Open(url, named)
	}
	if p.limits != nil {
		d.Limits = p.limits
	}
	return d
}

// beginCI checks the flags before anything is read or changed.
func (p *program) beginCI(f commandline.CI) error {
	summary, err := f.SummaryFile(p.Env)
	if err == nil {
		p.ShowInCI(f.Annotate != "", summary)
	}
	return err
}

// run executes one command line and returns its exit code.
func run(p *program, args []string) int {
	// A closed pipe, as of `gdfctl plan | head`, is an error of one write and
	// must not kill an apply half way.
	signal.Ignore(syscall.SIGPIPE)
	console.OwnersKeep()
	// net/http quotes what a server sent unasked to the standard logger.
	log.SetOutput(io.Discard)
	p.Args = args
	out := &console.Counted{Writer: p.Out}
	p.Out = out
	root := newRoot(p)
	root.SetArgs(args)
	root.SetIn(p.In)
	root.SetOut(p.Out)
	root.SetErr(p.Err)
	ctx, stop := console.Interruptible(func() { os.Exit(exitInterrupted) })
	defer stop()
	err := root.ExecuteContext(ctx)
	if p.limits != nil {
		_ = p.limits.Close() // what is kept there is committed
	}
	code := exitCode(ctx, err)
	p.Colors(p.noColor) // also where the flags were not understood
	untold := err
	if _, said := errors.AsType[*saidError](err); said || code == exitDone {
		untold = nil
	}
	if untold != nil {
		p.Error(untold)
	}
	p.EndCI(untold, failureCode(code), code)
	if code != exitDone {
		p.tellPrograms(out, err, code)
	}
	return code
}
