package screen

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/mattn/go-isatty"
	"golang.org/x/term"

	"github.com/gdfctl/gdfctl/internal/console"
	"github.com/gdfctl/gdfctl/internal/present"
	"github.com/gdfctl/gdfctl/internal/provenance"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/view/annotate"
	"github.com/gdfctl/gdfctl/internal/view/text"
	"github.com/gdfctl/gdfctl/internal/words"
)

// Screen is what a command line shows to, and whom it asks.
type Screen struct {
	In       io.Reader
	Out, Err io.Writer
	Asks     bool // a person can be asked: In and Out are terminals
	StyleOut text.Style
	StyleErr text.Style
	Env      func(string) string
	Now      func() time.Time

	Args []string // the command line, which errors quote
	Dir  string   // of the configuration, as it was given

	annotations *annotate.List // nil: nobody asked for them
	summary     string         // the file of the job's summary; empty: nobody asked
}

// New returns the screen on the streams and in the environment of a process.
func New(in, out, err *os.File, env func(string) string) Screen {
	return Screen{
		In: in, Out: console.Output{Writer: out}, Err: err,
		Asks:     isatty.IsTerminal(in.Fd()) && isatty.IsTerminal(out.Fd()),
		StyleOut: styleOf(out), StyleErr: styleOf(err),
		Env: env, Now: time.Now,
	}
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

// Colors decides where colors are used, unless nobody wants any.
func (s *Screen) Colors(none bool) {
	off := none || s.Env("NO_COLOR") != ""
	forced := s.Env("CLICOLOR_FORCE") != "" && s.Env("CLICOLOR_FORCE") != "0"
	for _, style := range []*text.Style{&s.StyleOut, &s.StyleErr} {
		style.Color = !off && (forced || style.Terminal && s.Env("TERM") != "dumb")
	}
}

// Command is a command line to go on with, as it is to be typed: with the
// directory that this one was given.
func (s *Screen) Command(words ...string) string {
	words = append([]string{"gdfctl"}, words...)
	if s.Dir != "." {
		words = append(words, "--chdir", filepath.ToSlash(s.Dir)) // which every shell of Windows reads
	}
	return console.CommandLine(words...)
}

// Job is the CI job that this command runs in.
func (s *Screen) Job() present.Job {
	return present.Job{Env: s.Env, Dir: s.Dir, RunURL: provenance.Detect(provenance.Process()).RunURL}
}

// Observe shows the events that all commands show alike.
func (s *Screen) Observe(e reconcile.Event) {
	switch e := e.(type) {
	case reconcile.Diagnosed:
		text.Diagnostics(s.Err, s.StyleErr, e.Diagnostics, e.Files)
		s.annotations.Diagnostics(report.Diagnostics(e.Diagnostics))
	case reconcile.Warned:
		s.Warn(e.Text)
	case reconcile.Waited:
		text.Waiting(s.Err, s.StyleErr, fmt.Sprintf("account %s: %s", e.Account, e.Wait))
	case reconcile.WaitingForLease:
		text.Waiting(s.Err, s.StyleErr, s.waiting(e).Message)
	case reconcile.VerifyWaits:
		text.Waiting(s.Err, s.StyleErr, fmt.Sprintf("%s: the next read that can say more is at %s", words.Count(e.Waiting, "change waits", "changes wait"), e.Until.UTC().Format("15:04 MST")))
	case reconcile.CheckedTooSoon:
		text.CheckedTooSoon(s.Err, s.StyleErr, e.Since)
	case reconcile.Stopping:
		fmt.Fprintln(s.Err, "\nStopping: no more calls are sent, and those under way have a few seconds to finish. Press Ctrl-C again to stop at once.")
	}
}

// waiting is why a run waits for the state.
func (s *Screen) waiting(e reconcile.WaitingForLease) *report.Waiting {
	return report.NewWaiting(present.LockHolder(e.Holder), e.Holder.String(), e.Until, s.Now())
}

// Warn shows a warning.
func (s *Screen) Warn(message string) { text.Warning(s.Err, s.StyleErr, message) }
