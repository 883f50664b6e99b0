package machine

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/gocty"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/lang"
	"github.com/gdfctl/gdfctl/internal/words"
)

// constant is a value that is written as it is.
func (r *reader) constant(attr *hcl.Attribute) (cty.Value, bool) {
	if names := attr.Expr.Variables(); len(names) > 0 && names[0].RootName() == "env" {
		r.mistake(names[0].SourceRange(), `"env" can't be used here`, "Only database is taken from the environment, as env.NAME. Write the value of %s itself.", attr.Name)
		return cty.NilVal, false
	}
	v, diags := attr.Expr.Value(nil)
	if diags.HasErrors() {
		r.mistake(attr.Expr.Range(), "Not a constant", "Nothing is computed in this file. Write the value of %s itself.", attr.Name)
		return cty.NilVal, false
	}
	return v, true
}

// text is a string that is not empty; "" if it was a mistake.
func (r *reader) text(attr *hcl.Attribute) string {
	v, ok := r.constant(attr)
	if !ok {
		return ""
	}
	if v.IsNull() || v.Type() != cty.String {
		r.mistake(attr.Expr.Range(), attr.Name+" must be a string", "Write it in quotes, or remove the attribute.")
		return ""
	}
	text := strings.TrimSpace(v.AsString())
	if text == "" {
		r.mistake(attr.Expr.Range(), attr.Name+" is empty", "Write a value, or remove the attribute.")
	}
	return text
}

// list is strings; empty if it was a mistake.
func (r *reader) list(attr *hcl.Attribute, example string) []string {
	v, ok := r.constant(attr)
	if !ok {
		return nil
	}
	var all []string
	if !v.IsNull() && v.Type().IsTupleType() {
		for it := v.ElementIterator(); it.Next(); {
			_, element := it.Element()
			if element.IsNull() || element.Type() != cty.String {
				all = nil
				break
			}
			all = append(all, strings.TrimSpace(element.AsString()))
		}
	}
	if len(all) == 0 {
		r.mistake(attr.Expr.Range(), attr.Name+" must be a list of words", "Write %s.", example)
	}
	return all
}

// duration is at least least and at most most; 0 if it was a mistake.
func (r *reader) duration(attr *hcl.Attribute, least, most time.Duration) time.Duration {
	text := r.text(attr)
	if text == "" {
		return 0
	}
	d, err := lang.ParseDuration(text)
	switch {
	case err != nil:
		r.mistake(attr.Expr.Range(), attr.Name+" must be a duration", `Write a number and a unit, like "24h", "5m" or "120s".`)
		return 0
	case d < least || d > most:
		r.mistake(attr.Expr.Range(), attr.Name+" is out of range", "Write a duration from %s to %s.", words.Duration(least), words.Duration(most))
		return 0
	}
	return d
}

// whole is a whole number that is at least least and at most most; 0 if it was a mistake.
func (r *reader) whole(attr *hcl.Attribute, least, most int64) int64 {
	v, ok := r.constant(attr)
	if !ok {
		return 0
	}
	var n int64
	if err := gocty.FromCtyValue(v, &n); err != nil || v.Type() != cty.Number || n < least || n > most {
		r.mistake(attr.Expr.Range(), attr.Name+" is out of range", "Write a whole number from %d to %d.", least, most)
		return 0
	}
	return n
}

// kind is what a path leads to.
type kind string

const (
	folder kind = "directory"
	plain  kind = "file"
)

// path is that of something on this machine; "" if it was a mistake.
func (r *reader) path(attr *hcl.Attribute, is kind) string {
	text := r.text(attr)
	if text == "" {
		return ""
	}
	at := attr.Expr.Range()
	if !filepath.IsAbs(text) {
		r.mistake(at, attr.Name+" is a relative path", "An agent is started in any directory. Write the whole path, like %q.", filepath.Join(r.machine.Directory, text))
		return ""
	}
	info, err := os.Stat(text)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		r.mistake(at, "No such "+string(is), "%q does not exist. Make it, or correct the path.", text)
	case err != nil:
		r.mistake(at, attr.Name+" can't be used", "%q can't be read: %s.", text, disk.Cause(err))
	case is == folder && !info.IsDir(), is == plain && !info.Mode().IsRegular():
		r.mistake(at, attr.Name+" can't be used", "%q is not a %s.", text, is)
	case is == plain && writableByAll(info):
		r.mistake(at, "Everybody can change "+attr.Name, "Run: chmod o-w %s", text)
	default:
		return filepath.Clean(text)
	}
	return ""
}

// writableByAll reports whether other users than those of the file's group can change it.
// Windows has other ways to say so.
func writableByAll(info fs.FileInfo) bool {
	return runtime.GOOS != "windows" && info.Mode().Perm()&0o002 != 0
}
