package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/screen"
	"github.com/gdfctl/gdfctl/internal/state/local"
)

// longRecord is a record of n lines, of a usual length. Their hashes are not
// those of a chain: listing doesn't ask.
func longRecord(t *testing.T, n int) *program {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.hcl"), []byte("account \"main\" {\n  endpoint = \"sandbox\"\n}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(local.PathsFor(filepath.Join(dir, "gdfctl.state.json")).Audit)
	if err != nil {
		t.Fatal(err)
	}
	hash := strings.Repeat("ab", 32)
	out := bufio.NewWriter(f)
	for i := range n {
		fmt.Fprintf(out, `{"line":%d,"prev":%q,"at":"2026-11-20T12:00:00Z","run_id":"run-1","seq":%[1]d,"who":"ann","host":"build-7","plan_hash":%[2]q,`+
			`"endpoint":"https://api.godatafeed.com","account":"main","address":"batch.shipments[\"Amazon/112-%[1]d\"]",`+
			`"order":{"id":"o%[1]d","source":"Amazon","source_order_number":"112-%[1]d","order_number":"SO-%[1]d","tracking_number":"1Z%[1]d"},"action":"ship",`+
			`"before":{"status":"new","order_number":null,"tracking_number":null,"carrier":null,"shipped_at":null},`+
			`"after":{"status":"shipped","order_number":"SO-%[1]d","tracking_number":"1Z%[1]d","carrier":"UPS","shipped_at":"2026-11-20T12:00:00Z"},`+
			`"result":"done","http_status":200,"repeated_after_settle":false,"read_back":false,"hash":%[2]q}`+"\n", i+1, hash)
	}
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return &program{Screen: screen.Screen{Dir: dir, Out: io.Discard, Err: t.Output(), Env: func(string) string { return "" }, Now: time.Now}}
}

func TestAuditExportIsInterrupted(t *testing.T) {
	p := longRecord(t, 10)
	path := filepath.Join(t.TempDir(), "out.csv")
	if err := os.WriteFile(path, []byte("before"), 0o640); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.exportAudit(ctx, reconcile.AuditRequest{Source: reconcile.Source{Dir: p.Dir}, Out: path}, report.CSV); err == nil || !strings.Contains(err.Error(), "was not written: interrupted") {
		t.Error(err)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "before" {
		t.Errorf("what was there is %q, %v", text, err)
	}
}

// A new export is its owner's alone, and one that others may read stays so.
func TestAuditExportKeepsTheMode(t *testing.T) {
	p := longRecord(t, 1)
	path := filepath.Join(t.TempDir(), "out.csv")
	for _, want := range []os.FileMode{0o600, 0o644} {
		if _, err := p.exportAudit(t.Context(), reconcile.AuditRequest{Source: reconcile.Source{Dir: p.Dir}, Out: path}, report.CSV); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("its mode is %v, want %v (%v)", info.Mode(), want, err)
		}
		if err := os.Chmod(path, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
