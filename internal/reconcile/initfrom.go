package reconcile

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/config"
	"github.com/gdfctl/gdfctl/internal/diag"
	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/preset"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/starter"
)

// InitFromRequest asks for a batch that reads an export.
type InitFromRequest struct {
	Source
	File     string // the export, as a person names it
	Out      string // a folder of the configuration for a copy with the needed columns; empty: none
	Preset   string // empty: recognized by the header
	Timezone string // for a new account; empty: it has to be set
}

// InitFromReport is what was found in an export, and what was written for it.
type InitFromReport struct {
	InitReport
	File   string // the export, as it was asked for
	Table  string // what the batch reads, from the configuration
	Export *config.Export
	Tried  []config.Tried
	Copied *config.Copied // nil: no copy was asked for
	Copy   string         // its path, from the configuration

	Batch  string // the address of the batch that was written, or that there is already
	There  bool   // it was there already
	Counts *spec.BatchCount
	Stores []starter.Store

	Sources   []string // of live orders
	NoSources string   // why they are not known; empty: they are

	Diagnostics diag.List // of the configuration, as validate finds them
	Files       map[string]*diag.Source
}

// Unreadable reports whether a batch was written that `plan` refuses, because its table
// can't be read: Diagnostics say why. Single rows that can't be used are not that.
func (r *InitFromReport) Unreadable() bool { return r.Batch != "" && !r.There && r.Counts == nil }

// Presets are the names that InitFromRequest.Preset can have.
func Presets() []string { return preset.Names() }

// initFrom is a run of InitFrom.
type initFrom struct {
	Deps
	req    InitFromRequest
	root   *os.Root // of the configuration
	outer  *os.Root // of the folder with the export
	base   string   // its name there
	within string   // its path from the configuration; empty: it is elsewhere
	copy   string   // the path of the copy; empty: none
	fresh  bool     // there was no configuration
	r      *InitFromReport
}

// InitFrom recognizes an export, writes a batch that reads it into a new file, and, with
// Out, a copy of the export with the columns that the batch needs. Nothing that is there
// is changed. If a batch reads the export already, only the copy is written.
func InitFrom(ctx context.Context, req InitFromRequest, d Deps, o Observer) (*InitFromReport, error) {
	if err := os.MkdirAll(req.dir(), 0o755); err != nil {
		return nil, fmt.Errorf("the directory %s can't be created: %w", req.dir(), disk.Cause(err))
	}
	i := &initFrom{Deps: d, req: req, r: &InitFromReport{File: filepath.ToSlash(req.File)}}
	defer i.close()
	if err := i.open(); err != nil {
		return nil, err
	}
	cfg, _, diags := d.load(req.Source, true, d.Now)
	defer cfg.Close()
	if diags.HasErrors() {
		return nil, &ConfigError{Diagnostics: diags, Files: cfg.Files}
	}
	if use := cfg.Use(i.within); use != nil && i.within != "" {
		return i.r, i.copyOnly(use)
	}
	if use := cfg.Use(i.copy); use != nil && i.copy != "" {
		return i.r, i.copyAgain(use)
	}
	if i.within == "" && i.copy == "" {
		return nil, requestf("from", "is outside of the configuration, and only files in it are read: add --out DIR for a copy with the columns that are needed, or put the file into %s", req.dir())
	}
	export, err := config.LookAt(i.outer, i.base, req.Preset)
	if err != nil {
		return nil, err
	}
	i.r.Export = export
	o = o.inTurn()
	i.sources(ctx, o)
	if err := i.write(cfg); err != nil {
		return i.r, err
	}
	return i.r, i.check(ctx)
}

func (i *initFrom) close() {
	for _, root := range []*os.Root{i.root, i.outer} {
		if root != nil {
			root.Close()
		}
	}
}

// open finds the export and the configuration.
func (i *initFrom) open() error {
	var err error
	if i.root, err = os.OpenRoot(i.req.dir()); err != nil {
		return fmt.Errorf("the directory %s can't be opened: %w", i.req.dir(), disk.Cause(err))
	}
	folder, base := filepath.Split(i.req.File)
	i.base = base
	if i.outer, err = os.OpenRoot(filepath.Clean(filepath.Join(folder, "."))); err != nil {
		return fmt.Errorf("%s can't be opened: %w", safetext.Line(i.req.File), disk.Cause(err))
	}
	if i.within, err = pathWithin(i.req.dir(), i.req.File); err != nil {
		return err
	}
	if i.req.Out != "" {
		out := path.Clean(filepath.ToSlash(i.req.Out))
		if !filepath.IsLocal(out) {
			return requestf("out", "must be a folder in the configuration's directory")
		}
		i.copy = path.Join(out, base)
		if _, err := i.root.Lstat(i.copy); err == nil {
			return fmt.Errorf("%s is there already, and nothing was written: remove it, or choose another folder with --out", safetext.Line(i.copy))
		}
	}
	return nil
}

// pathWithin is the path of a file from a directory, with slashes; empty if the file is
// not in it.
func pathWithin(dir, file string) (string, error) {
	var real [2]string
	for n, name := range []string{dir, filepath.Dir(file)} {
		abs, err := filepath.Abs(name)
		if err == nil {
			abs, err = filepath.EvalSymlinks(abs)
		}
		if err != nil {
			return "", fmt.Errorf("%s can't be found: %w", safetext.Line(name), disk.Cause(err))
		}
		real[n] = abs
	}
	rel, err := filepath.Rel(real[0], filepath.Join(real[1], filepath.Base(file)))
	if err != nil || !filepath.IsLocal(rel) {
		return "", nil
	}
	return filepath.ToSlash(rel), nil
}

// copyOnly writes the copy of an export that batches read already.
func (i *initFrom) copyOnly(use *config.FileUse) error {
	i.r.There, i.r.Table, i.r.Batch = true, i.within, strings.Join(use.Batches, ", ")
	if i.copy == "" {
		return fmt.Errorf("%s is read by %s already, and nothing was written: `%s` shows how. With --out DIR, init writes a copy with only the columns that it needs",
			safetext.Line(i.within), i.r.Batch, i.command("validate"))
	}
	if err := i.writeCopy(use); err != nil {
		return err
	}
	i.r.Next = append(i.r.Next, fmt.Sprintf("Let %s read %s instead of %s, and remove that file from version control", i.r.Batch, i.copy, i.within))
	return nil
}

// copyAgain writes the copy of another export for a batch that there is already.
func (i *initFrom) copyAgain(use *config.FileUse) error {
	i.r.There, i.r.Table, i.r.Batch = true, i.copy, strings.Join(use.Batches, ", ")
	if err := i.writeCopy(use); err != nil {
		return err
	}
	i.r.Next = append(i.r.Next, fmt.Sprintf("%s reads it: `%s` shows what it would change", i.r.Batch, i.command("plan")))
	return nil
}

func (i *initFrom) writeCopy(use *config.FileUse) error {
	if err := i.root.MkdirAll(path.Dir(i.copy), 0o755); err != nil {
		return fmt.Errorf("%s can't be created: %w", path.Dir(i.copy), disk.Cause(err))
	}
	file, err := i.root.OpenFile(i.copy, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("%s can't be written: %w", i.copy, disk.Cause(err))
	}
	copied, err := use.Copy(i.outer, i.base, file, i.doubtful()...)
	if err = errors.Join(err, file.Close()); err != nil {
		return errors.Join(err, i.root.Remove(i.copy))
	}
	i.r.Copied, i.r.Copy = &copied, i.copy
	i.r.Written = append(i.r.Written, i.copy)
	return nil
}

// doubtful are columns that the batch may need once a person has decided: that of stores,
// when they are mapped, and those of labels that may be void.
func (i *initFrom) doubtful() []string {
	e := i.r.Export
	if e == nil {
		return nil
	}
	columns := slices.Clone(e.Voiding)
	if e.StoreColumn != "" && e.StoresHidden == "" {
		columns = append(columns, e.StoreColumn)
	}
	return columns
}

// sources asks for the marketplaces of live orders, if there are credentials, and takes
// stores to be the marketplace whose name they hold.
func (i *initFrom) sources(ctx context.Context, o Observer) {
	const newest = 250
	found, err := ListOrders(ctx, OrdersRequest{Source: i.req.Source, Limit: newest}, i.Deps, o)
	if err != nil {
		i.r.NoSources, _, _ = strings.Cut(err.Error(), "\n")
	} else {
		for _, order := range found.Orders {
			if source := order.Source; source != "" && !slices.Contains(i.r.Sources, source) {
				i.r.Sources = append(i.r.Sources, source)
			}
		}
		slices.Sort(i.r.Sources)
	}
	for _, s := range i.r.Export.Stores {
		if safetext.Printable(s.Name) {
			i.r.Stores = append(i.r.Stores, starter.Store{Name: s.Name, Rows: s.Rows, Source: sourceOf(s.Name, i.r.Sources)})
		}
	}
}

// sourceOf is the one source whose name a store's name holds; empty: it is not clear.
func sourceOf(store string, sources []string) string {
	found := ""
	for _, source := range sources {
		switch {
		case strings.EqualFold(store, source):
			return source
		case strings.Contains(strings.ToLower(store), strings.ToLower(source)):
			if found != "" {
				return ""
			}
			found = source
		}
	}
	return found
}

// write writes the configuration of the batch, and what a new configuration needs.
func (i *initFrom) write(cfg *config.Config) error {
	e := i.r.Export
	name, err := i.freeName(cfg)
	if err != nil {
		return err
	}
	read := i.within
	if i.copy != "" {
		read = i.copy
	}
	made := starter.Export{
		Batch: name, Preset: e.Preset.Name, Title: e.Preset.Title, Table: read, Status: e.Preset.Statuses[0], Note: e.Preset.Note,
		Lines: string(e.Preset.Batch), StoreColumn: e.StoreColumn, Stores: i.r.Stores,
	}
	if e.Told {
		made.Encoding = e.Encoding
	}
	made.Date = i.dates(name)
	if ext := path.Ext(read); ext != "" {
		made.Glob = path.Join(path.Dir(read), "*"+ext)
	}
	if made.Glob != "" && i.copy != "" && i.empty(path.Dir(i.copy)) {
		made.Table, made.Glob = made.Glob, "" // for the copies of later exports
	}
	var files []starter.File
	there, err := config.ConfigFiles(i.root)
	if err != nil {
		return fmt.Errorf("the directory %s can't be read: %w", i.req.dir(), disk.Cause(err))
	}
	if i.fresh = len(there) == 0; i.fresh {
		sandbox := i.Env("GDF_CONSUMER_KEY") == "" && i.Env("GDF_TOKEN") == ""
		files = append(starter.GitFiles(), starter.AccountFile(sandbox, i.req.Timezone))
		if i.req.Timezone == "" {
			i.r.Next = append(i.r.Next, "Set timezone in main.hcl to the zone of the times in the export")
		}
	}
	if len(e.Buyers) > 0 && i.copy == "" {
		i.r.Next = append(i.r.Next, "The export names buyers: keep it out of version control, or add --out DIR for a copy with only the columns that the batch needs")
	}
	if e.DateColumn == "" && e.Preset.Date != "" && e.Preset.Statuses[0] == string(order.Shipped) {
		i.r.Next = append(i.r.Next, "No column of the export is known to be the ship date, so orders get the time of sending: if one is, set shipped_on or shipped_at in the batch")
	}
	for _, f := range append(files, made.BatchFile()) {
		if err := i.r.write(i.root, f, false); err != nil {
			return fmt.Errorf("%s can't be written: %w", f.Name, disk.Cause(err))
		}
	}
	i.r.Batch, i.r.Table = "batch."+name, read
	return nil
}

// dates is how the dates are read, if the preset can't. What they don't show is for
// people to say.
func (i *initFrom) dates(name string) *starter.Date {
	d := i.r.Export.Dates
	if d == nil {
		return nil
	}
	if len(d.Formats) > 0 {
		return &starter.Date{Attribute: d.Attribute, Column: d.Column, Choices: [][]string{d.Formats}}
	}
	i.r.Next = append(i.r.Next, fmt.Sprintf("Choose %s in %s.hcl: the dates don't show whether the day or the month comes first", d.Attribute, name))
	return &starter.Date{Attribute: d.Attribute, Column: d.Column, Choices: [][]string{d.DayFirst, d.MonthDay}}
}

// empty reports whether there is nothing in a folder, or no such folder.
func (i *initFrom) empty(folder string) bool {
	entries, err := fs.ReadDir(i.root.FS(), folder)
	return errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0
}

// freeName is a name for the batch that no block and no file has.
func (i *initFrom) freeName(cfg *config.Config) (string, error) {
	base := i.r.Export.Preset.Name
	for n := 1; n < 1000; n++ {
		name := base
		if n > 1 {
			name = fmt.Sprintf("%s_%d", base, n)
		}
		if _, err := i.root.Lstat(name + ".hcl"); errors.Is(err, fs.ErrNotExist) && !slices.Contains(cfg.Blocks(), "batch."+name) {
			return name, nil
		}
	}
	return "", fmt.Errorf("there are too many batches called %s", base)
}

// check reads what was written as any other command would.
func (i *initFrom) check(ctx context.Context) error {
	cfg, _, diags := i.load(i.req.Source, false, i.Now)
	defer cfg.Close()
	i.r.Diagnostics, i.r.Files = diags, cfg.Files
	use := cfg.Use(i.r.Table)
	if i.copy != "" && use != nil {
		if err := i.writeCopy(use); err != nil {
			return err
		}
	}
	if diags.HasErrors() {
		return nil
	}
	wishes, more := cfg.Wishes(ctx)
	if ctx.Err() != nil {
		return ErrInterrupted
	}
	i.r.Diagnostics = append(append(i.r.Diagnostics, more...), wishes.Diagnostics()...)
	for _, n := range wishes.Batches {
		if n.Address == i.r.Batch && n.Complete() {
			i.r.Counts = n
		}
	}
	if i.fresh && (i.r.Counts != nil || len(wishes.Orders) > 0) && len(cfg.Accounts) == 1 && cfg.Accounts[0].Sandbox() {
		if err := i.seed(&cfg.Config, wishes); err != nil {
			return err
		}
	}
	i.r.Diagnostics = append(i.r.Diagnostics, wishes.NumberDiagnostics(cfg.Policy.Raised, func(*spec.Wish) bool { return false })...)
	if use == nil || i.r.Counts == nil {
		return nil
	}
	tried, err := use.Try(shownRows)
	i.r.Tried = tried
	return err
}

// shownRows is how many rows show how the export is read.
const shownRows = 2
