package reconcile

import (
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/forge"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/provenance"
)

// Deps is the world outside, as the use cases need it. Env, Now and Version
// are required; the zero value of the others is the real thing.
type Deps struct {
	Env     func(name string) string
	Now     func() time.Time
	Version string // of this program

	// Environ is Env as NAME=VALUE, for the places of a state: nothing else of this process
	// is theirs. Nil: what the process has, as for the tools of these places.
	Environ []string

	// Premises is the machine's folder with what tenants brought: no state is kept in it.
	// Empty: there is none.
	Premises string

	Provenance provenance.Provenance // who runs this, for the audit log
	// Transport carries calls of the API and messages to webhooks. Nil: the
	// network. Accounts of the built-in simulator need none.
	Transport godatafeed.Transport
	// Limits is where all machines keep the levels of call limits. Nil: each keeps its own.
	Limits Limits
	// Command is a command line to go on with, for messages, as a person would
	// type it here. Nil: the bare words.
	Command func(words ...string) string
	// NewRunID names a run. Nil: the function of this name.
	NewRunID func(now time.Time) string

	meter *meter // of a scheduled run; nil otherwise
}

// Limits has the levels of accounts: see godatafeed.BucketID.
type Limits interface {
	Of(account string) godatafeed.Place
}

// Source is a configuration: its directory, and what gives its variables their
// values.
type Source struct {
	Dir      string // empty: the current one
	Home     string // where this machine keeps what it knows of it; empty: in Dir
	Vars     map[string]string
	VarFiles []string
}

func (s Source) dir() string { return cmp.Or(s.Dir, ".") }

func (s Source) home() string { return cmp.Or(s.Home, s.dir()) }

func (d Deps) command(words ...string) string {
	if d.Command != nil {
		return d.Command(words...)
	}
	return "gdfctl " + strings.Join(words, " ")
}

func (d Deps) runID() string {
	now := d.Now()
	if d.NewRunID != nil {
		return d.NewRunID(now)
	}
	return NewRunID(now)
}

// NewRunID names a run that begins now: the time, for people, and chance, against two runs
// in one second.
func NewRunID(now time.Time) string {
	var b [4]byte
	rand.Read(b[:])
	return now.UTC().Format("20060102T150405Z") + "-" + hex.EncodeToString(b[:])
}

// cacheDir is where the levels of call limits are kept for all processes of
// the machine.
func (d Deps) cacheDir() (string, error) {
	if dir := d.Env("GDF_CACHE_DIR"); dir != "" {
		return dir, nil
	}
	return os.UserCacheDir()
}

// configEnv is the environment as a configuration may see it. The key that
// signs and the forge's tokens are not in it: as an account's key or a webhook
// they would be sent.
func (d Deps) configEnv(name string) string {
	if name == AuditKeyVariable || slices.Contains(forge.TokenVariables, name) {
		return ""
	}
	return d.Env(name)
}
