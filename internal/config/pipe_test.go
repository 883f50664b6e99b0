//go:build unix

package config_test

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Opening a named pipe would wait for somebody to write into it.
func TestANamedPipeIsNoConfiguration(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, "main.hcl"), 0o600); err != nil {
		t.Skip(err)
	}
	_, diags := loadDir(t, dir, world{})
	if !strings.Contains(said(diags), "not a regular file") {
		t.Errorf("got %s", said(diags))
	}
}
