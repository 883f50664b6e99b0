package gitlog

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"time"

	"github.com/gdfctl/gdfctl/internal/checkout"
)

// command is one run of the git program, or of another one.
type command struct {
	program string // empty: git
	dir     string
	env     []string // all of it
	args    []string
	stdin   []byte
}

// failure is a run that did not end well.
type failure struct {
	verb           string // of the command
	stdout, stderr string
	late           bool // it took too long
	err            error
}

func (f *failure) Error() string {
	if f.late {
		return "git " + f.verb + " did not end in time"
	}
	if full := checkout.FullDisk(f.stderr); full != "" {
		return "git " + f.verb + ": " + full
	}
	if line := checkout.LastWords(f.stderr); line != "" {
		return "git " + f.verb + ": " + line
	}
	return fmt.Sprintf("git %s: %v", f.verb, f.err)
}

func (f *failure) Unwrap() error { return f.err }

// run runs a command. What it started ends with it: helpers and ssh are in its process
// group, which has no terminal that they could ask at.
func (p *Place) run(ctx context.Context, c command) ([]byte, error) {
	bounded, cancel := context.WithTimeout(ctx, p.limit)
	defer cancel()
	cmd := exec.CommandContext(bounded, cmp.Or(c.program, "git"), c.args...)
	cmd.Dir, cmd.Env = c.dir, c.env
	var stdout, stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(c.stdin), &stdout, &stderr
	cmd.WaitDelay = 2 * time.Second // for what stays behind on purpose, as a shared connection of ssh does
	checkout.InOwnGroup(cmd)
	err := cmd.Run()
	if err == nil || errors.Is(err, exec.ErrWaitDelay) && cmd.ProcessState.Success() {
		return stdout.Bytes(), nil
	}
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return stdout.Bytes(), &failure{
		verb: verb(c.args), stdout: stdout.String(), stderr: stderr.String(),
		late: ctx.Err() == nil && bounded.Err() != nil, err: err,
	}
}

// verb is the command among the arguments, behind the settings before it.
func verb(args []string) string {
	for len(args) > 2 && args[0] == "-c" {
		args = args[2:]
	}
	return args[0]
}

// setting is one value of a configuration.
type setting struct{ key, value string }

// configuration passes settings to a command through its environment: what is
// secret in them is on no disk, and in no list of processes.
func configuration(settings []setting) []string {
	env := []string{"GIT_CONFIG_COUNT=" + strconv.Itoa(len(settings))}
	for i, s := range settings {
		env = append(env, fmt.Sprintf("GIT_CONFIG_KEY_%d=%s", i, s.key), fmt.Sprintf("GIT_CONFIG_VALUE_%d=%s", i, s.value))
	}
	return env
}

// says is an error that names the place.
func (p *Place) says(format string, args ...any) error {
	return fmt.Errorf("%s: "+format, append([]any{p}, args...)...)
}
