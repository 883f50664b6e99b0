package gitlog

import (
	"cmp"
	"context"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/gdfctl/gdfctl/internal/checkout"
	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// Attributes are what a block of this backend can say.
var Attributes = []string{"remote", "name", "public"}

// refs are where the branches of each log are.
var refs = map[sharedlog.Log]string{
	sharedlog.State: "refs/heads/gdfctl-state/",
	sharedlog.Plans: "refs/heads/gdfctl-plans/",
}

// BranchAtOrigin is the branch of the state that a block's attributes name, if it is in
// the repository that the configuration was cloned from; otherwise it is empty.
func BranchAtOrigin(attributes map[string]string) string {
	if remote, said := attributes["remote"]; said && remote != defaultRemote {
		return ""
	}
	return strings.TrimPrefix(refs[sharedlog.State], "refs/heads/") + cmp.Or(attributes["name"], defaultName)
}

// What a block means that does not say it.
const defaultName, defaultRemote = "main", "origin"

// pace keeps to the six pushes a minute to one repository that GitHub advises.
const pace = 10 * time.Second

// commandLimit is how long one git command can take.
const commandLimit = 30 * time.Second

// Place is one branch of a repository.
type Place struct {
	dir    string // that of the configuration
	remote string // a remote's name, or a URL
	ref    string
	public bool // strangers may read it

	premises string // no repository in it is used

	environ []string // of the commands
	now     func() time.Time
	limit   time.Duration // for one command
	page    int           // so many records are read at once
	loose   int           // so many loose objects in one of 256 folders are packed

	mu      sync.Mutex // guards what follows, and everything that changes the store
	closed  bool
	target  *target // nil before the first use
	store   *store
	tip     *tip     // as last seen; nil before the first look
	pending *pending // the append that was begun last and is not known to be done
	removed removals // to go with the next append
	looked  look     // when record 0 was read last

	staging sync.Mutex // guards what follows; held while no command runs
	staged  map[string]stagedValue
	puts    int
}

// nameRule leaves out what git refuses in a reference, what differs only by case
// handling on some disks, and the dot, which probes use.
var nameRule = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,63}$`)

// Configured returns the place that a block names. It touches nothing: git runs at
// the first use.
func Configured(b sharedlog.Block) (sharedlog.Place, *backend.Mistake) {
	p, mistake := configured(b)
	if mistake != nil {
		return nil, mistake
	}
	return p, nil
}

func configured(b sharedlog.Block) (*Place, *backend.Mistake) {
	value := func(key, fallback string) string {
		if v, said := b.Attributes[key]; said {
			return v
		}
		return fallback
	}
	name, remote := value("name", defaultName), value("remote", defaultRemote)
	if !nameRule.MatchString(name) {
		return nil, &backend.Mistake{
			Attribute: "name", Summary: "The name of the state can't be that of a branch",
			Detail: `Write up to 64 lower-case letters, digits, "-" and "_", like "main" or "shop-eu".`,
		}
	}
	if remote == "" || strings.HasPrefix(remote, "-") || strings.ContainsFunc(remote, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return nil, &backend.Mistake{
			Attribute: "remote", Summary: "The remote is neither the name of a remote nor a URL",
			Detail: `Write the name of a remote of this repository, like "origin", or a URL, like "https://github.com/OWNER/REPOSITORY.git".`,
		}
	}
	if checkout.Transport(remote) == "" {
		return nil, &backend.Mistake{
			Attribute: "remote", Summary: "The remote's protocol is not supported",
			Detail: "Write an https:// or ssh:// URL, or a path. http:// and git:// are not encrypted: http:// is for this machine alone.",
		}
	}
	public := value("public", "false")
	if public != "true" && public != "false" {
		return nil, &backend.Mistake{
			Attribute: "public", Summary: "public is neither true nor false",
			Detail: "Write public = true if everybody may read order numbers and tracking numbers. Otherwise remove it.",
		}
	}
	return &Place{
		dir: b.Dir, premises: b.Premises, remote: remote, ref: refs[b.Log] + name, public: public == "true",
		environ: environment(b), now: time.Now, limit: commandLimit, page: 200, loose: 12,
		staged: map[string]stagedValue{}, removed: removals{values: map[string]bool{}},
	}, nil
}

// String implements sharedlog.Place.
func (p *Place) String() string {
	return "branch " + strings.TrimPrefix(p.ref, "refs/heads/") + " of " + checkout.Shown(p.remote)
}

// Pace implements sharedlog.Place.
func (p *Place) Pace() time.Duration { return pace }

// Prepare implements sharedlog.Place. A branch begins with its first record: only
// what is needed on this machine is made.
func (p *Place) Prepare(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.open(ctx)
}

// Close implements sharedlog.Place. What was fetched stays for the next process.
func (p *Place) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	if p.store == nil {
		return nil
	}
	s := p.store
	p.store, p.target, p.tip, p.pending, p.looked = nil, nil, nil, nil, look{}
	return s.close()
}

// open finds the repository and makes the store at the first use.
func (p *Place) open(ctx context.Context) error {
	if p.closed {
		return p.says("it was closed")
	}
	if p.store != nil {
		return nil
	}
	dir, err := filepath.Abs(p.dir)
	if err != nil {
		return err
	}
	to, err := p.resolve(ctx, dir)
	if err != nil {
		return err
	}
	s, err := openStore(dir, to.url, p.ref)
	if err != nil {
		return p.says("%w", err)
	}
	p.target, p.store = to, s
	if s.crowded(p.loose) {
		p.pack(ctx)
	}
	return nil
}

var _ sharedlog.Place = (*Place)(nil)
