//go:build !race

package acceptance

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
)

// tenants are two sellers in one repository, and a machine that runs both.
type tenants struct {
	*world
	hook    *webhook
	checked string // the work tree in which sellers' configurations are changed
	env     string // the folder of the files with variables, outside of what may hold no key
	orders  []apiserver.Order
	pushed  *stores.Git
	counted int // messages about refused commits
}

func newTenants(t *testing.T) *tenants {
	t.Helper()
	orders := apiserver.Generate(901, 12, apiserver.New)
	s := &tenants{world: newWorld(t, apiserver.Options{Orders: orders}), orders: orders, env: t.TempDir(), checked: t.TempDir(), pushed: stores.NewGit(t)}
	s.hasten(hastenedBy)
	s.hook = s.told()
	if _, err := exec.LookPath("ssh-keygen"); err != nil {
		t.Skip(err)
	}
	for _, name := range []string{"known", "stranger"} {
		if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", filepath.Join(s.env, name)).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	public, err := os.ReadFile(filepath.Join(s.env, "known.pub"))
	if err != nil {
		t.Fatal(err)
	}
	s.put(s.env, "signers", "a@example.com "+string(public))
	s.put(s.env, "a.env", "GDF_ENDPOINT="+s.endpoint+"\nGDF_CONSUMER_KEY="+s.key+"\nOPS_WEBHOOK="+s.hook.URL+"/"+webhookPath+"\nOPS_SECRET="+webhookSecret+"\nGDF_ALLOWED_HOSTS=127.0.0.1\n")
	s.put(s.env, "b.env", "GDF_ENDPOINT="+s.endpoint+"\nKEY_OF_B="+s.key+"\n")
	for _, name := range []string{"a", "b"} {
		s.put(s.checked, name+"/backend.hcl", s.begin(name))
	}
	s.put(s.checked, "a/main.hcl", unlimited+notifyOps+s.schedule("acknowledge"))
	s.put(s.checked, "b/main.hcl", strings.Replace(unlimited, "page_size", "consumer_key = env.KEY_OF_B\n  page_size", 1)+s.schedule("acknowledge"))
	s.rows("a", orders[:2])
	s.rows("b", orders[2:4])
	s.git("init", "-q", "-b", "main")
	s.git("remote", "add", "origin", s.pushed.Dir)
	s.push("known")
	var file strings.Builder
	fmt.Fprintf(&file, "agent {\n  directory = %q\n}\n", s.dir)
	for _, name := range []string{"a", "b"} {
		fmt.Fprintf(&file, "workspace %q {\n  git      = %q\n  path     = %q\n  env_file = %q\n  signers  = %q\n}\n", name, s.pushed.URL(), name, filepath.Join(s.env, name+".env"), filepath.Join(s.env, "signers"))
	}
	s.write("agent.hcl", file.String())
	// What the agent's own process has is none of its workspaces' business.
	s.extra = append(s.extra, "GDF_CONSUMER_KEY=", "KEY_OF_A=of-the-process", "GDF_ALLOWED_KEY_HOSTS=evil.example")
	return s
}

func (s *tenants) put(dir, name, text string) {
	s.t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// begin begins the state of a seller.
func (s *tenants) begin(name string) (block string) {
	s.t.Helper()
	remote := stores.NewGit(s.t).URL()
	clone := "clone-of-" + name // in which a person works
	s.write(clone+"/main.hcl", fmt.Sprintf("gdfctl {\n  backend \"git\" {\n    remote = %q\n  }\n}\n", remote))
	begun := s.run("state", "init", "--json", "--chdir", clone).exits(0)
	var said struct{ State string }
	if err := json.Unmarshal([]byte(begun.stdout), &said); err != nil || said.State == "" {
		s.t.Fatal(err, begun.stdout)
	}
	return fmt.Sprintf("gdfctl {\n  backend \"git\" {\n    remote = %q\n    state  = %q\n  }\n}\n", remote, said.State)
}

func (s *tenants) schedule(status string) string {
	attributes := `status = "acknowledged"`
	if status == "ship" {
		attributes = "status = \"shipped\"\n  tracking_number = \"1Z999AA10123456784\"\n  carrier  = \"UPS\""
	}
	return `
batch "acks" {
  rows         = csv("acks.csv")
  find         = { source = row["Store"], source_order_number = row["Order Number"] }
  ` + attributes + `
  order_number = row["Our Number"]
}
schedule "acknowledge" {
  every  = "10s"
  run    = "apply"
  target = ["batch.acks"]
  limits {
    max_changes = 1000
  }
}
`
}

// rows says which orders a seller wants acknowledged.
func (s *tenants) rows(name string, orders []apiserver.Order) {
	s.t.Helper()
	text := "Store,Order Number,Our Number\n"
	for _, o := range orders {
		text += o.Source + "," + o.SourceNumber + ",SO-" + o.SourceNumber + "\n"
	}
	s.put(s.checked, name+"/acks.csv", text)
}

func (s *tenants) git(args ...string) string {
	s.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = s.checked
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
	out, err := cmd.CombinedOutput()
	if err != nil {
		s.t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// push commits everything, signs it with a key, and pushes with force.
func (s *tenants) push(key string) string {
	s.t.Helper()
	s.git("add", "-A")
	sign := []string{"commit", "-q", "--allow-empty", "-m", "x"}
	if key != "" {
		sign = append([]string{"-c", "gpg.format=ssh", "-c", "user.signingKey=" + filepath.Join(s.env, key)}, append(sign, "-S")...)
	}
	s.git(sign...)
	s.git("push", "-q", "--force", "origin", "HEAD:main")
	return s.git("rev-parse", "HEAD")
}

// acknowledged is how many of some orders were.
func (s *tenants) acknowledged(orders []apiserver.Order) (n int) {
	executed := s.api.Executed()
	for _, o := range orders {
		n += len(executed[o.ID])
	}
	return n
}

// What is wrong with a tip brings nothing of it about: neither its orders nor what it would
// allow. One seller's mistake is no other's, and no seller has another one's key.
func TestTenantsAndGit(t *testing.T) {
	t.Parallel()
	s := newTenants(t)
	p := s.start("agent", "--config", "agent.hcl", "--metrics-listen", "127.0.0.1:0")
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(p.stderr.String())
		}
	})
	until(t, "the agent has started", func() bool { return strings.Contains(p.stderr.String(), "msg=started") })
	until(t, "both sellers' orders are acknowledged", func() bool { return s.acknowledged(s.orders[:4]) == 4 })
	good := s.git("rev-parse", "HEAD")

	// Each of these would acknowledge one more order of a. None of them may.
	wrong := s.orders[8:9]
	for _, c := range []struct {
		name, why string
		push      func() string
	}{
		{"without a signature", "no good signature", func() string { return s.push("") }},
		{"by a stranger", "no good signature", func() string { return s.push("stranger") }},
		{"a mistake", "Unsupported argument", func() string {
			s.put(s.checked, "a/main.hcl", unlimited+notifyOps+strings.Replace(s.schedule("acknowledge"), "every ", "allow  = [\"ship\"]\n  every ", 1))
			s.put(s.checked, "b/main.hcl", "allow = [\"ship\"]\n")
			return s.push("known")
		}},
		{"a submodule", "tables is a submodule", func() string {
			for _, seller := range []string{"a", "b"} {
				s.git("update-index", "--add", "--cacheinfo", "160000,"+good+","+seller+"/tables")
				if err := os.MkdirAll(filepath.Join(s.checked, seller, "tables"), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			return s.push("known")
		}},
		{"a link", "is a symbolic link", func() string {
			for _, seller := range []string{"a", "b"} {
				path := filepath.Join(s.checked, seller, "acks.csv")
				if err := os.Remove(path); err != nil {
					t.Fatal(err)
				}
				if err := os.Symlink(filepath.Join(s.env, "b.env"), path); err != nil {
					t.Fatal(err)
				}
			}
			return s.push("known")
		}},
		{"another history", "was pushed with force", func() string {
			s.git("checkout", "-q", "--orphan", "forced")
			return s.push("known")
		}},
	} {
		s.git("checkout", "-q", "-f", "-B", "main", good)
		s.git("clean", "-q", "-d", "-f")
		s.rows("a", append(s.orders[:2:2], wrong...))
		s.rows("b", append(s.orders[2:4:4], wrong...))
		tip := c.push()
		until(t, c.name+" is refused for both", func() bool {
			refused := 0
			for line := range strings.Lines(p.stderr.String()) {
				if strings.Contains(line, "does not come into force") && strings.Contains(line, tip) && strings.Contains(line, c.why) {
					refused++
				}
			}
			return refused == 2
		})
	}
	// Nothing was in force meanwhile but the first commit, and a's people got a message for each.
	s.git("checkout", "-q", "-f", "-B", "main", good)
	s.git("clean", "-q", "-d", "-f")
	if n := s.acknowledged(s.orders[4:]); n > 0 {
		t.Errorf("%d writes of commits that were refused", n)
	}
	until(t, "people got a message for each commit", func() bool {
		messages, _ := s.hook.news()
		for _, m := range messages {
			s.counted += m.Counts["config_refused"]
		}
		return s.counted == 6
	})

	// a names b's key, and ships: it comes into force, and sends nothing.
	s.rows("a", s.orders[4:6])
	s.rows("b", s.orders[6:8])
	s.put(s.checked, "a/main.hcl", strings.Replace(unlimited, "page_size", "consumer_key = env.KEY_OF_B\n  page_size", 1)+notifyOps+s.schedule("acknowledge"))
	s.push("known")
	until(t, "b goes on", func() bool { return s.acknowledged(s.orders[6:8]) == 2 })
	until(t, "a fails", func() bool {
		return strings.Contains(p.stderr.String(), "account main has no credentials: what its consumer_key or token names is not set in the environment")
	})
	s.put(s.checked, "a/main.hcl", unlimited+notifyOps+s.schedule("ship"))
	s.push("known")
	until(t, "a ships nothing", func() bool {
		return strings.Contains(p.stderr.String(), "and an agent may only acknowledge. Nothing was sent")
	})
	if n := s.acknowledged(s.orders[4:6]); n > 0 {
		t.Errorf("%d writes of a", n)
	}
	s.put(s.checked, "a/main.hcl", unlimited+notifyOps+s.schedule("acknowledge"))
	last := s.push("known")
	until(t, "a goes on", func() bool { return s.acknowledged(s.orders[4:6]) == 2 })
	p.stops()
	s.acknowledgedOnce(s.orders[:8])

	// The audit log has the commit, and what is in force is read only.
	s.write("clone-of-a/main.hcl", s.file("a/backend.hcl"))
	s.run("audit", "list", "--json", "--chdir", "clone-of-a").exits(0).says(last, `"schedule":"acknowledge"`)
	s.run("audit", "verify", "--chdir", "clone-of-a").exits(0)
	tables, _ := filepath.Glob(filepath.Join(s.dir, "commits", "a.*", last, "acks.csv"))
	if len(tables) != 1 {
		t.Fatal(tables)
	}
	if info, err := os.Stat(tables[0]); err != nil || info.Mode().Perm() != 0o400 {
		t.Errorf("%v, %v", info, err)
	}
}

func (s *tenants) file(name string) string {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(s.checked, name))
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}
