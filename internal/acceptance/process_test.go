package acceptance

import (
	"bytes"
	"cmp"
	"io"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// result is how one run of the program ended.
type result struct {
	t       *testing.T
	args    []string
	code    int // -1 if it was killed
	stdout  string
	stderr  string
	started time.Time
	elapsed time.Duration
	shorter bool // with shorter leases
}

// all is everything that was printed.
func (r result) all() string { return r.stdout + r.stderr }

// unwrapped is all in one line, however it was wrapped.
func (r result) unwrapped() string { return strings.Join(strings.Fields(r.all()), " ") }

// exits fails the test unless the program ended with that code.
func (r result) exits(code int) result {
	r.t.Helper()
	if r.code != code {
		r.t.Fatalf("gdfctl %s: exit %d, want %d\n%s", strings.Join(r.args, " "), r.code, code, r.all())
	}
	return r
}

// says fails the test unless everything of that is in what was printed,
// however it is wrapped.
func (r result) says(parts ...string) result {
	r.t.Helper()
	text := r.unwrapped()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			r.t.Errorf("gdfctl %s does not say %q:\n%s", strings.Join(r.args, " "), part, r.all())
		}
	}
	return r
}

// process is the program while it runs.
type process struct {
	w       *world
	cmd     *exec.Cmd
	stdout  lockedBuffer
	stderr  lockedBuffer
	started time.Time
	ended   chan struct{}
}

// most is longer than any run of these tests takes; a program that hangs is
// killed then.
const most = 5 * time.Minute

// start runs the program in the configuration's directory.
func (w *world) start(args ...string) *process {
	w.t.Helper()
	return w.startWith(func(*exec.Cmd) {}, args...)
}

// startWith starts the program after adjust has seen the command.
func (w *world) startWith(adjust func(*exec.Cmd), args ...string) *process {
	w.t.Helper()
	p := &process{w: w, cmd: exec.Command(cmp.Or(w.program, binary), args...), started: time.Now(), ended: make(chan struct{})}
	p.cmd.Dir, p.cmd.Env = w.dir, w.env()
	p.cmd.Stdout, p.cmd.Stderr = &p.stdout, &p.stderr
	adjust(p.cmd)
	if err := p.cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	go func() {
		_ = p.cmd.Wait() // the exit code tells
		close(p.ended)
	}()
	w.t.Cleanup(func() {
		select {
		case <-p.ended:
		default:
			_ = p.cmd.Process.Kill() // it may have ended by now
			<-p.ended
		}
	})
	return p
}

// wait returns how the program ended, and looks for a crash in what it said.
func (p *process) wait() result {
	p.w.t.Helper()
	select {
	case <-p.ended:
	case <-time.After(most):
		_ = p.cmd.Process.Kill()
		<-p.ended
		p.w.t.Errorf("gdfctl %s did not end within %s", strings.Join(p.cmd.Args[1:], " "), most)
	}
	r := result{t: p.w.t, args: p.cmd.Args[1:], code: p.cmd.ProcessState.ExitCode(), stdout: p.stdout.String(), stderr: p.stderr.String(), started: p.started, elapsed: time.Since(p.started), shorter: p.w.program != ""}
	for _, word := range []string{"panic", "goroutine ", "runtime error", "%!"} {
		if strings.Contains(r.all(), word) {
			p.w.t.Errorf("gdfctl %s says %q:\n%s", strings.Join(r.args, " "), word, r.all())
		}
	}
	p.w.mu.Lock()
	p.w.outputs = append(p.w.outputs, r.stdout, r.stderr)
	p.w.mu.Unlock()
	return r
}

// within fails the test if the program took longer, without what the machine kept waiting.
func (r result) within(most time.Duration) {
	r.t.Helper()
	tookAtMost(r.t, "gdfctl "+strings.Join(r.args, " "), r.started, r.started.Add(r.elapsed), most)
}

// run is start and wait.
func (w *world) run(args ...string) result {
	w.t.Helper()
	return w.start(args...).wait()
}

// runWithInput gives the program these lines to read.
func (w *world) runWithInput(input io.Reader, args ...string) result {
	w.t.Helper()
	return w.startWith(func(cmd *exec.Cmd) { cmd.Stdin = input }, args...).wait()
}

// apply is the apply of CI, which must end well.
func (w *world) apply(more ...string) result {
	w.t.Helper()
	return w.start(append([]string{"apply", "--auto-approve"}, more...)...).finishes()
}

// finishes waits until the run ends, which must be well. Where the leases are shorter, a busy machine
// can't keep each of them: then the same command goes on, as it says, and both are one result.
func (p *process) finishes() result {
	p.w.t.Helper()
	all := p.wait()
	for last := all; last.lostItsLease() && time.Since(all.started) < most; {
		p.w.t.Logf("the machine is too busy for leases of %s: again, after\n%s", lease, last.end())
		last = p.w.run(slices.Concat(all.args, patiently)...)
		all.code, all.stdout, all.stderr, all.elapsed = last.code, all.stdout+last.stdout, all.stderr+last.stderr, time.Since(all.started)
	}
	return all.exits(0)
}

// lostItsLease reports whether a run with shorter leases ended because one of its own was over before
// its place took the next record. Another machine can have taken over only after that time.
func (r result) lostItsLease() bool {
	text := r.unwrapped()
	return r.shorter && r.code == 1 && (strings.Contains(text, "no answer came for as long as the lease lasts") ||
		strings.Contains(text, "it is not certain that this run still holds the state") ||
		r.elapsed >= lease && strings.Contains(text, "the lock on the state is lost"))
}

// until waits for a condition, by asking again and again.
func until(t *testing.T, what string, condition func() bool) {
	t.Helper()
	deadline := time.Now().Add(most)
	for !condition() {
		if time.Now().After(deadline) {
			t.Fatalf("it did not come to this within %s: %s", most, what)
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// lockedBuffer can be read while the program still writes.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
