package config_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/config"
	"github.com/gdfctl/gdfctl/internal/diag"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// noon is what the clock shows in these tests.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// files are a configuration's directory: contents by slash-separated name.
type files map[string]string

// in writes the files below dir.
func (f files) in(t testing.TB, dir string) {
	t.Helper()
	for name, content := range f {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// world is what Options come from: variables of flags and environment.
type world struct {
	vars     map[string]string
	env      map[string]string
	varFiles []string
	version  string
	source   spec.Source
}

func (w world) options() config.Options {
	version := w.version
	if version == "" {
		version = "0.5.0"
	}
	return config.Options{
		Vars: w.vars, VarFiles: w.varFiles, Version: version, Source: w.source,
		Env: func(name string) string { return w.env[name] }, Now: func() time.Time { return noon },
	}
}

// loadDir loads a directory and closes it when the test ends.
func loadDir(t testing.TB, dir string, w world) (*config.Config, diag.List) {
	t.Helper()
	cfg, diags := config.Load(dir, w.options())
	t.Cleanup(func() { _ = cfg.Close() })
	return cfg, diags
}

func load(t testing.TB, f files, w world) (*config.Config, diag.List) {
	t.Helper()
	dir := t.TempDir()
	f.in(t, dir)
	return loadDir(t, dir, w)
}

// mustLoad is the configuration of files in which nothing may be wrong.
func mustLoad(t testing.TB, f files, w world) *config.Config {
	t.Helper()
	cfg, diags := load(t, f, w)
	if diags.HasErrors() {
		t.Fatal(said(diags))
	}
	return cfg
}

// mustWish is what the files wish, where nothing may be wrong.
func mustWish(t testing.TB, f files) *spec.Wishes {
	t.Helper()
	return wishesOf(t, mustLoad(t, f, world{}))
}

func wishesOf(t testing.TB, cfg *config.Config) *spec.Wishes {
	t.Helper()
	wishes, diags := cfg.Wishes(context.Background())
	if diags.HasErrors() {
		t.Fatal(said(diags))
	}
	return wishes
}

// said is diagnostics in full, one a line.
func said(diags diag.List) string {
	var b strings.Builder
	for _, d := range diags {
		b.WriteString(d.Error())
		b.WriteByte('\n')
	}
	return b.String()
}

// problems are the wishes' problems by address.
func problems(wishes *spec.Wishes) map[string]string {
	found := map[string]string{}
	for i := range wishes.Orders {
		if w := wishes.Orders[i]; w.Problem != nil {
			found[w.Address()] = w.Problem.Code + " " + w.Problem.Place.String() + " " + w.Problem.Message
		}
	}
	return found
}
