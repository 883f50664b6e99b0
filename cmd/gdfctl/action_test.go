package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/forge"
)

// runner is a job of GitHub Actions in which the steps of action.yml run, and a
// server that has a release.
type runner struct {
	t        *testing.T
	dir      string // of the job
	env      []string
	path     string
	mu       sync.Mutex // guards requests
	requests []string
}

// newRunner releases a program of that text, which says it is gdfctl.
func newRunner(t *testing.T, program string, tampered bool) *runner {
	t.Helper()
	if _, err := exec.LookPath("bash"); err != nil || runtime.GOOS == "windows" {
		t.Skip("needs bash")
	}
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("needs curl")
	}
	r := &runner{t: t, dir: t.TempDir(), path: os.Getenv("PATH")}
	archive := archived(t, program)
	name := fmt.Sprintf("gdfctl_1.2.3_%s_%s.tar.gz", runtime.GOOS, runtime.GOARCH)
	checksums := fmt.Sprintf("# a comment\n%x  %s\n%x  gdfctl_1.2.3_plan9_amd64.tar.gz\n", sha256.Sum256(archive), name, sha256.Sum256(nil))
	if tampered {
		archive = archived(t, "#!/bin/sh\ntouch "+r.dir+"/tampered\n")
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		r.mu.Lock()
		r.requests = append(r.requests, q.URL.Path)
		r.mu.Unlock()
		if q.URL.Path != "/v1.2.3/"+name {
			http.NotFound(w, q)
			return
		}
		_, _ = w.Write(archive)
	}))
	t.Cleanup(server.Close)
	r.write("checksums.txt", checksums)
	r.write("event.json", `{"pull_request": {"number": 5, "head": {"sha": "0123456789012345678901234567890123456789"}}}`)
	for _, name := range []string{"output", "path", "summary"} {
		r.write(name, "")
	}
	r.env = []string{
		"HOME=" + r.dir, "RUNNER_TEMP=" + filepath.Join(r.dir, "temp"), "GITHUB_OUTPUT=" + filepath.Join(r.dir, "output"),
		"GITHUB_PATH=" + filepath.Join(r.dir, "path"), "GITHUB_STEP_SUMMARY=" + filepath.Join(r.dir, "summary"),
		"GDFCTL_CHECKSUMS=" + filepath.Join(r.dir, "checksums.txt"), "GDFCTL_DOWNLOAD=" + server.URL + "/",
		"GDF_CACHE_DIR=" + filepath.Join(r.dir, "cache"), "GORACE=atexit_sleep_ms=10",
	}
	return r
}

// archived is a release: gdfctl in an archive, beside other files.
func archived(t *testing.T, program string) []byte {
	var out bytes.Buffer
	packed := gzip.NewWriter(&out)
	files := tar.NewWriter(packed)
	for _, f := range []struct{ name, text string }{{"LICENSE", "whatever"}, {"gdfctl", program}} {
		if err := files.WriteHeader(&tar.Header{Name: f.name, Mode: 0o755, Size: int64(len(f.text))}); err != nil {
			t.Fatal(err)
		}
		_, _ = files.Write([]byte(f.text))
	}
	if err := files.Close(); err != nil {
		t.Fatal(err)
	}
	if err := packed.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func (r *runner) write(name, text string) {
	r.t.Helper()
	if err := os.MkdirAll(filepath.Dir(filepath.Join(r.dir, name)), 0o755); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(r.dir, name), []byte(text), 0o644); err != nil {
		r.t.Fatal(err)
	}
}

func (r *runner) read(name string) string {
	text, _ := os.ReadFile(filepath.Join(r.dir, name))
	return string(text)
}

// step is a script of the action, begun as the runner begins it, in the environment of
// the job and with more variables.
func (r *runner) step(script string, env ...string) *exec.Cmd {
	root, err := filepath.Abs("../..")
	if err != nil {
		r.t.Fatal(err)
	}
	path := strings.Join(append(strings.Fields(r.read("path")), r.path), ":")
	cmd := exec.Command("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", `exec bash "$GITHUB_ACTION_PATH/action/`+script+`"`)
	cmd.Dir = r.dir
	cmd.Env = append(append([]string{"PATH=" + path, "GITHUB_ACTION_PATH=" + root}, r.env...), env...)
	return cmd
}

// ends runs a step and checks how it ends and what it says.
func (r *runner) ends(code int, says, script string, env ...string) string {
	r.t.Helper()
	cmd := r.step(script, env...)
	out, _ := cmd.CombinedOutput()
	if got := cmd.ProcessState.ExitCode(); got != code || !strings.Contains(string(out), says) {
		r.t.Fatalf("%s ends with %d, want %d and %q:\n%s", script, got, code, says, out)
	}
	return string(out)
}

// The action installs what was released, and nothing else.
func TestTheActionInstallsTheReleaseOfItsCommit(t *testing.T) {
	r := newRunner(t, "#!/bin/sh\necho it runs\n", false)
	r.ends(0, "gdfctl 1.2.3 is installed", "install.sh")
	r.ends(0, "gdfctl 1.2.3 is installed", "install.sh") // as in a second step, which downloads nothing
	if len(r.requests) != 1 {
		t.Errorf("downloaded %d times: %v", len(r.requests), r.requests)
	}
	if got := r.read("output"); !strings.HasPrefix(got, "version=1.2.3\n") {
		t.Errorf("outputs: %q", got)
	}
	r.ends(0, "it runs", "run.sh", "GDFCTL_COMMAND=version")

	// A mirror that is gone, and a system that nothing was released for.
	r.ends(1, "::error title=gdfctl was not installed::gdfctl_1.2.3", "install.sh", "GDFCTL_DOWNLOAD=http://127.0.0.1:1", "RUNNER_TEMP="+r.dir+"/other")
	r.ends(1, "is no release for "+runtime.GOOS, "install.sh", "RUNNER_ARCH="+map[string]string{"amd64": "ARM64", "arm64": "X64"}[runtime.GOARCH])
	r.ends(1, "no gdfctl for this processor", "install.sh", "RUNNER_ARCH=X86")
}

func TestTheActionRunsNothingThatWasNotReleased(t *testing.T) {
	r := newRunner(t, "#!/bin/sh\necho it runs\n", true)
	r.ends(1, "is not the file that was released: its SHA-256 is ", "install.sh")
	r.ends(1, "is not the file that was released", "install.sh") // nothing of the first time is used
	if got := r.read("path") + r.read("output"); got != "" || r.read("tampered") != "" {
		t.Errorf("installed: %q", got)
	}
	if _, err := os.Stat(filepath.Join(r.dir, "temp/gdfctl-1.2.3/gdfctl")); err == nil {
		t.Error("the program was unpacked")
	}
}

// The tree of this commit has the checksums of one release, or of none.
func TestTheActionNamesOneReleaseAtMost(t *testing.T) {
	text, err := os.ReadFile("../../action/checksums.txt")
	if err != nil {
		t.Fatal(err)
	}
	versions := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		parts := strings.Split(name, "_")
		if len(sum) != 64 || len(parts) != 4 || parts[0] != "gdfctl" {
			t.Errorf("not a checksum of a release: %q", line)
			continue
		}
		versions[parts[1]] = true
	}
	if len(versions) > 1 {
		t.Errorf("several releases: %v", versions)
	}
}

const actionConfig = `account "main" {
  endpoint = "sandbox"
}
order "cancel" {
  find   = { source = "eBay", source_order_number = "06-08565-41227" }
  status = "cancelled"
  reason = "out of stock"
}
`

// A plan with changes is a success, with what it changes in the outputs. Arguments go
// to gdfctl as they are, whatever a shell would make of them.
func TestTheActionRunsACommand(t *testing.T) {
	gdfctl, err := exec.LookPath("gdfctl")
	if err != nil {
		t.Fatal(err)
	}
	r := newRunner(t, "#!/bin/sh\nexec "+gdfctl+` "$@"`+"\n", false)
	r.write("shop/main.hcl", actionConfig)
	r.ends(0, "", "install.sh")
	r.write("output", "")

	out := r.ends(0, "Plan: 1 to cancel", "run.sh", "GDFCTL_COMMAND=plan", "GDFCTL_CHDIR=shop", "GDFCTL_ARGS=\n--target\n"+`order["cancel"]`+"\n", "GDFCTL_COMMENT=true")
	if !strings.Contains(out, "Warning: not commented") && !strings.Contains(out, "::warning title=The report is not in the pull request::") {
		t.Errorf("a comment that fails is no warning:\n%s", out)
	}
	outputs := r.read("output")
	for _, want := range []string{"exit-code=2\n", "changes=true\n", "plan-hash=", "markdown=" + r.dir + "/temp/gdfctl-reports/plan.md\n", "html=" + r.dir + "/temp/gdfctl-reports/gdfctl-plan.html\n"} {
		if !strings.Contains(outputs, want) {
			t.Errorf("no %q in the outputs:\n%s", want, outputs)
		}
	}
	if !strings.Contains(r.read("temp/gdfctl-reports/plan.md"), "### Plan for shop") || !strings.Contains(r.read("summary"), "### Plan for shop") {
		t.Error("no report, or no summary")
	}

	r.write("output", "")
	r.ends(0, "Apply done: 1 applied", "run.sh", "GDFCTL_COMMAND=apply", "GDFCTL_CHDIR=shop", "GDFCTL_ARGS=--auto-approve\n")
	r.ends(0, "No changes", "run.sh", "GDFCTL_COMMAND=plan", "GDFCTL_CHDIR=shop")
	if outputs := r.read("output"); !strings.Contains(outputs, "exit-code=0\nmarkdown=") || !strings.Contains(outputs, "exit-code=0\nchanges=false\n") {
		t.Errorf("outputs:\n%s", outputs)
	}
	r.ends(0, "is valid", "run.sh", "GDFCTL_COMMAND=validate", "GDFCTL_CHDIR=shop")
	r.ends(1, "::error title=No such directory::", "run.sh", "GDFCTL_COMMAND=validate", "GDFCTL_CHDIR=none")

	r.ends(64, "unknown flag", "run.sh", "GDFCTL_COMMAND=plan", "GDFCTL_CHDIR=shop", "GDFCTL_ARGS=--no-such=$(touch hacked)`touch hacked`; touch hacked")
	for _, command := range []string{"plan; touch hacked", "plan --out x", "$(touch hacked)", "../x", "plan\ntouch hacked"} {
		r.ends(64, "", "run.sh", "GDFCTL_COMMAND="+command, "GDFCTL_CHDIR=shop")
	}
	r.ends(1, "", "run.sh", "GDFCTL_COMMAND=validate", "GDFCTL_CHDIR=shop; touch hacked")
	if _, err := os.Stat(filepath.Join(r.dir, "hacked")); err == nil {
		t.Error("an input was run by the shell")
	}
	noLeaks(t, r.dir)
}

// Whether there are changes is what the plan says, whatever else is wrong with it. Where
// no report says it, the exit code does, if it can.
func TestTheActionSaysWhetherThereAreChanges(t *testing.T) {
	r := newRunner(t, "#!/bin/sh\n[ -z \"$MARK\" ] || echo \"$MARK\" >\"$6\"\nexit \"$CODE\"\n", false)
	r.ends(0, "", "install.sh")
	marked := func(s forge.Shown) string {
		s.Changes = "9c1d"
		return forge.Mark{Kind: forge.Plan, Workspace: "shop", Number: 8412345678, Hash: strings.Repeat("3", 64), Shown: s}.String()
	}
	for _, c := range []struct {
		code int
		mark string
		want string
	}{
		{2, marked(forge.Shown{Ship: 540}), "changes=true\n"},
		{0, marked(forge.Shown{}), "changes=false\n"},
		{3, marked(forge.Shown{Ship: 540}), "changes=true\n"}, // a batch is stopped, or an account was left out
		{3, marked(forge.Shown{Insert: 1}), "changes=true\n"},
		{3, marked(forge.Shown{}), "changes=false\n"},
		{1, marked(forge.Shown{Cancel: 20}), "changes=true\n"}, // a limit is exceeded
		{1, "", ""},
		{3, "", ""},
		{2, "", "changes=true\n"},
		{0, "", "changes=false\n"},
	} {
		r.write("output", "")
		ends := c.code
		if ends == exitChanges {
			ends = exitDone
		}
		r.ends(ends, "", "run.sh", "GDFCTL_COMMAND=plan", "MARK="+c.mark, fmt.Sprintf("CODE=%d", c.code))
		if got := changesOutput.FindString(r.read("output")); got != c.want {
			t.Errorf("exit %d after %q: %q, want %q", c.code, c.mark, got, c.want)
		}
	}
}

var changesOutput = regexp.MustCompile(`(?m)^changes=.*\n`)

// That something waits fails no step; that a person is needed does.
func TestTheActionAfterVerifyAndStatus(t *testing.T) {
	for code, ends := range map[string]map[string]int{
		"2": {"verify": 0, "status": 0, "plan": 0, "apply": 2, "feeds check": 2},
		"3": {"verify": 3, "status": 3},
		"1": {"status": 1},
	} {
		r := newRunner(t, "#!/bin/sh\necho \"$@\"\nexit "+code+"\n", false)
		r.ends(0, "", "install.sh")
		for command, want := range ends {
			out := r.ends(want, command+" --chdir .", "run.sh", "GDFCTL_COMMAND="+command)
			if command == "status" && !strings.Contains(out, " --check --markdown "+r.dir+"/temp/gdfctl-reports/status.md --summary") {
				t.Errorf("the flags of a status: %s", out)
			}
		}
		if got := r.read("output"); !strings.Contains(got, "exit-code="+code+"\n") {
			t.Errorf("outputs: %q", got)
		}
	}
}

// When a job is cancelled, its signal reaches gdfctl, and the step waits for its end.
func TestTheActionPassesSignalsOn(t *testing.T) {
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		r := newRunner(t, "#!/bin/sh\ntrap 'sleep 0.3; echo saved; exit 130' TERM\necho started\nfor n in $(seq 200); do sleep 0.05; done\necho nobody stopped it\n", false)
		r.ends(0, "", "install.sh")
		cmd := r.step("run.sh", "GDFCTL_COMMAND=apply", "GDFCTL_COMMENT=true")
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		stuck := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
		said := make([]byte, len("started\n"))
		if _, err := out.Read(said); err != nil || string(said) != "started\n" {
			t.Fatalf("%v %q", err, said)
		}
		if err := cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		rest := make([]byte, 100)
		n, _ := out.Read(rest)
		_ = cmd.Wait()
		stuck.Stop()
		if code := cmd.ProcessState.ExitCode(); code != 130 || string(rest[:n]) != "saved\n" {
			t.Errorf("%v: exit %d, and it said %q", signal, code, rest[:n])
		}
		if got := r.read("output"); !strings.Contains(got, "exit-code=130\n") {
			t.Errorf("outputs: %q", got)
		}
	}
}

// Inputs reach the shell only through the environment: an expression within a script
// would be text that the shell runs.
func TestNoInputIsWrittenIntoAScript(t *testing.T) {
	text, err := os.ReadFile("../../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	scripts := 0
	for line := range strings.Lines(string(text)) {
		if _, script, found := strings.Cut(line, " run: "); found && strings.TrimSpace(script) != "" {
			scripts++
			if !strings.HasPrefix(script, `exec bash "$GITHUB_ACTION_PATH/action/`) {
				t.Errorf("a step does not run a script of the action: %s", line)
			}
		}
	}
	if scripts != 2 {
		t.Errorf("%d scripts", scripts)
	}
}
