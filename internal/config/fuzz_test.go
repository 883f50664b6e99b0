package config_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/config"
)

// FuzzLoad: whatever a file holds, loading it and reading its tables comes to
// an end, in wishes or in errors that have a summary.
func FuzzLoad(f *testing.F) {
	cases, err := filepath.Glob("testdata/invalid/*.hcl")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range cases {
		src, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	dir := f.TempDir()
	files{"tables/shipments.csv": "Order,Tracking\n112-1,1Z1\n112-2\n", "tables/list.jsonl": "{\"order\":1}\n[]\n"}.in(f, dir)
	f.Fuzz(func(t *testing.T, src []byte) {
		if err := os.WriteFile(filepath.Join(dir, "main.hcl"), src, 0o600); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		cfg, diags := config.Load(dir, world{}.options())
		defer cfg.Close()
		wishes, more := cfg.Wishes(context.Background())
		diags = append(append(diags, more...), wishes.Diagnostics()...)
		if took := time.Since(start); took > soon {
			t.Fatalf("it took %v", took)
		}
		for _, d := range diags {
			if d.Summary == "" {
				t.Fatalf("an error says nothing: %+v", d)
			}
		}
		if !diags.HasErrors() && wishes.Hash == "" {
			t.Fatal("wishes without a hash")
		}
	})
}
