package main

import (
	"errors"
	"io"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/mattn/go-isatty"
	"golang.org/x/term"

	"github.com/gdfctl/gdfctl/internal/console"
	"github.com/gdfctl/gdfctl/internal/view/annotate"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

// program is what the commands know of the world outside.
type program struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	env            func(string) string
	now            func() time.Time
	terminal       bool // a person can be asked: stdin and stdout are terminals
	styleOut       text.Style
	styleErr       text.Style

	annotations *annotate.List // nil: nobody asked for them
	summary     string         // the file of the job's summary; empty: nobody asked

	args    []string // the command line
	chdir   string
	noColor bool
}

// system is the real world.
func system() *program {
	p := &program{
		stdin: os.Stdin, stdout: console.Output{Writer: os.Stdout}, stderr: os.Stderr,
		env: os.Getenv, now: time.Now,
	}
	p.terminal = isatty.IsTerminal(os.Stdin.Fd()) && isatty.IsTerminal(os.Stdout.Fd())
	p.styleOut, p.styleErr = styleOf(os.Stdout), styleOf(os.Stderr)
	return p
}

func styleOf(f *os.File) text.Style {
	style := text.Style{Width: text.DefaultWidth}
	if isatty.IsTerminal(f.Fd()) {
		style.Terminal = console.UnderstandsEscapes(f)
		if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 0 {
			style.Width = w
		}
	}
	return style
}

// command is a command line to go on with, as it is to be typed: with the
// directory that this one was given.
func (p *program) command(words ...string) string {
	words = append([]string{"gdfctl"}, words...)
	if p.chdir != "." {
		words = append(words, "--chdir", filepath.ToSlash(p.chdir)) // which every shell of Windows reads
	}
	return console.CommandLine(words...)
}

// colours decides, once the flags are known, where colours are used.
func (p *program) colours() {
	off := p.noColor || p.env("NO_COLOR") != ""
	forced := p.env("CLICOLOR_FORCE") != "" && p.env("CLICOLOR_FORCE") != "0"
	for _, style := range []*text.Style{&p.styleOut, &p.styleErr} {
		style.Color = !off && (forced || style.Terminal && p.env("TERM") != "dumb")
	}
}

// run executes one command line and returns its exit code.
func run(p *program, args []string) int {
	// A closed pipe, as of `gdfctl plan | head`, is an error of one write and
	// must not kill an apply half way.
	signal.Ignore(syscall.SIGPIPE)
	console.OwnersKeep()
	// net/http quotes what a server sent unasked to the standard logger.
	log.SetOutput(io.Discard)
	p.args = args
	out := &console.Counted{Writer: p.stdout}
	p.stdout = out
	root := newRoot(p)
	root.SetArgs(args)
	root.SetIn(p.stdin)
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	ctx, stop := console.Interruptible(func() { os.Exit(exitInterrupted) })
	defer stop()
	err := root.ExecuteContext(ctx)
	code := exitCode(ctx, err)
	p.colours() // also where the flags were not understood
	var said *saidError
	if code != exitDone && !errors.As(err, &said) {
		p.tellError(err)
	}
	p.endCI(err, code, said != nil)
	if code != exitDone {
		p.tellPrograms(out, err, code)
	}
	return code
}
