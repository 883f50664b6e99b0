package reconcile

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/memory"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/local"
	"github.com/gdfctl/gdfctl/internal/state/shared"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// MigrateRequest asks for a state to move to where the backend block says.
type MigrateRequest struct {
	Source
	// From is a directory whose configuration names the former place. Empty: what this
	// machine remembers of this directory, or the files in it.
	From        string
	LockTimeout time.Duration // how long to wait for another run to end
	// Approve is asked before anything is changed. It is not asked where the state moved
	// already, and only has to arrive.
	Approve func(context.Context, *MigrateReport) (bool, error)
}

// MigrateReport is a state that moves.
type MigrateReport struct {
	From, To  string
	State     string // which state it is, for the backend block; empty for files
	Unnamed   bool   // the block does not say so yet
	Orders    int    // that are not closed
	Open      int    // calls whose outcome is not known
	Continued bool   // a move that was cut off was brought to its end
	Already   bool   // the state is there already: nothing was changed
	AuditHead audit.Head
}

// migration is a state on its way.
type migration struct {
	*workspace // where it goes
	req        MigrateRequest
	was        *home
	source     *state.Store
	target     backend.Target
	report     *MigrateReport
}

// target is a place that the state moves to, until it is there.
type target interface {
	backend.Target
	Close() error
}

// Migrate moves a state. Cut off anywhere, it goes on when it is asked again: until the
// former place says that the state moved, that is the live one; then none is, until the
// new one is active.
func Migrate(ctx context.Context, req MigrateRequest, d Deps, o Observer) (*MigrateReport, error) {
	o = o.inTurn()
	cfg, at, diags := d.loadUnnamed(req.Source, false, d.Now)
	if at == nil || diags.HasErrors() {
		return nil, unusable(cfg, diags)
	}
	w := d.workspace(req.Source, o, cfg, at, diags)
	defer w.close()
	if err := cmp.Or(w.unplaced, w.committed()); err != nil {
		return nil, err
	}
	was, err := w.former(ctx, req)
	if err != nil {
		return nil, err
	}
	to := at.where()
	m := &migration{workspace: w, req: req, was: was, report: &MigrateReport{To: to.Place, State: at.state, Unnamed: at.unnamed != nil}}
	if was == nil {
		return m.arrived(), nil
	}
	m.report.From = was.where().Place
	target, err := m.targetOf(at)
	if err != nil {
		return nil, err
	}
	m.target = target
	defer o.closing(target.Close)
	from, err := d.backendOf(was)
	if err != nil {
		return nil, err
	}
	m.source = d.storeOf(from)
	defer o.closing(m.source.Close)
	return m.report, m.run(ctx)
}

// arrived is the report of a state that is there.
func (m *migration) arrived() *MigrateReport {
	m.report.Already = true
	if was := m.home.readMarker(); was != nil {
		m.report.State = was.State
	}
	return m.report
}

// targetOf opens the place that the state moves to.
func (m *migration) targetOf(at *home) (target, error) {
	if files, ok := at.files.(*local.Backend); ok {
		return files, nil
	}
	place, err := at.place(sharedlog.State)
	if err != nil {
		return nil, err
	}
	return shared.New(place, shared.Options{Dir: at.dir}), nil
}

// former is where the state is. Nil: it is where the block says.
func (w *workspace) former(ctx context.Context, req MigrateRequest) (*home, error) {
	at := w.home
	if req.From != "" {
		cfg, was, diags := w.load(Source{Dir: req.From, Vars: req.Vars, VarFiles: req.VarFiles}, false, w.Now)
		if was == nil || was.unnamed != nil {
			return nil, unusable(cfg, diags)
		}
		cfg.Close()
		return was, w.another(was)
	}
	if m := at.readMarker(); m != nil {
		if m.Backend == at.label && m.Place == at.where().Place {
			return nil, nil
		}
		return w.reopened(*m)
	}
	if files, ok := at.files.(*local.Backend); ok {
		if from := files.ComesFrom(); from != nil { // cut off when the rest was done
			return w.reopened(*from)
		}
	}
	return w.formerFiles(ctx)
}

// another refuses a former place that is the new one.
func (w *workspace) another(was *home) error {
	if !w.home.is(was) {
		return nil
	}
	return fmt.Errorf("the state is kept at %s already, and the backend block names that place\nChange the block to where the state is to go, and run `%s` then",
		was.where().Place, w.command("state", "migrate"))
}

// reopened is a former place that was noted.
func (w *workspace) reopened(from backend.Where) (*home, error) {
	was, diags := w.homeOf(w.home.dir, blockOf(from, w.configEnv))
	if was == nil || diags.HasErrors() {
		return nil, fmt.Errorf("%w\n%s", w.notNoted(from.Place), diags.Error())
	}
	if name := was.where().Place; name != from.Place {
		return nil, w.notNoted(from.Place)
	}
	return was, nil
}

// notNoted says that a former place can't be opened by what is known of it.
func (w *workspace) notNoted(place string) error {
	return fmt.Errorf("what this directory remembers does not lead back to %s, where the state is: nothing was moved\n"+
		"Name a directory with a configuration that does, such as a worktree of the commit before: %s --from DIR", place, w.command("state", "migrate"))
}

// formerFiles are the files of a state in the directory. Nil: the block names the only
// ones.
func (w *workspace) formerFiles(ctx context.Context) (*home, error) {
	at := w.home
	left, moved, err := at.otherFiles()
	if err != nil {
		return nil, err
	}
	if len(left) == 0 && !at.shared() {
		if err := w.store.Refresh(ctx); err != nil {
			return nil, err
		}
		if w.store.Left() != "" {
			return nil, nil
		}
	}
	if len(left) == 0 {
		left = moved // a move that was cut off
	}
	if len(left) != 1 {
		what := "there are several states"
		if len(left) == 0 {
			what = "no other state is known"
		}
		return nil, fmt.Errorf("nothing was moved: %s in this directory, so it is not certain which one is to move to %s\n"+
			"Run this where the state was used last, with the new backend block, or name a directory whose configuration names the former place: %s --from DIR",
			what, at.where().Place, w.command("state", "migrate"))
	}
	was, diags := w.homeOf(at.dir, blockOf(backend.Where{Backend: "local", Attributes: []backend.Attribute{{Name: "path", Value: left[0]}}}, w.configEnv))
	if was == nil {
		return nil, errors.New(diags.Error())
	}
	return was, nil
}

// run carries the state to where it goes.
func (m *migration) run(ctx context.Context) error {
	st, err := m.look(ctx)
	if moved, ok := errors.AsType[*backend.MovedError](err); ok && !moved.Incoming {
		return m.arrive(ctx, moved)
	}
	if err != nil {
		return err
	}
	m.report.Orders = st.Len()
	for range st.OpenIntents() {
		m.report.Open++
	}
	move := backend.Move{From: m.was.where(), To: m.home.where()}
	if host := m.Provenance.Host; !m.home.shared() && host != "" {
		move.To.Place += " on " + host // whoever reads that is elsewhere
	}
	if m.was.shared() && m.home.shared() { // it stays the same one
		if move.To.State != "" && move.To.State != m.was.state {
			return fmt.Errorf("the backend block names state %q, and the one that moves is %q: nothing was moved\nA state keeps its name: write state = %q", move.To.State, m.was.state, m.was.state)
		}
		move.To.State = m.was.state
	}
	if !m.was.shared() && m.home.state != "" {
		return fmt.Errorf("the backend block names state %q, and the files that move have no such name yet: nothing was moved\nRemove the line; this command prints the one that belongs there", m.home.state)
	}
	if err := approved(ctx, m.req.Approve, m.report); err != nil { // people take their time: no lease meanwhile
		return err
	}
	warnings, err := m.target.Ready(ctx, &move)
	m.observe.warnAll(warnings)
	if err != nil {
		return err
	}
	if !m.home.shared() { // as long as the former place can be read
		m.remember(m.memory)
	}
	if move, err = m.leave(ctx, move); err != nil {
		return err
	}
	return m.activate(ctx, move)
}

// look reads the state where it is, and verifies what is to go along.
func (m *migration) look(ctx context.Context) (*state.State, error) {
	st, err := m.observe.readNow(ctx, m.source)
	if err != nil {
		return nil, err
	}
	if m.source.Left() == "" && !m.was.shared() {
		return nil, fmt.Errorf("there is no state at %s: nothing was moved", m.source.Name())
	}
	if _, err := m.source.VerifyAudit(""); err != nil {
		return nil, fmt.Errorf("nothing was moved, because the audit log is not as it was written: %w", err)
	}
	return st, nil
}

// leave copies the state, and has the former place say that it moved.
func (m *migration) leave(ctx context.Context, move backend.Move) (_ backend.Move, err error) {
	signer, err := m.signer()
	if err != nil {
		return move, err
	}
	session, err := m.source.Signing(signer).Lock(ctx, m.leaseFor(state.LockRequest{Operation: "state migrate", Wait: m.req.LockTimeout, Reason: "the state moves to " + move.To.Place}))
	if err != nil {
		return move, m.interrupted(ctx, err)
	}
	defer func() { err = errors.Join(err, session.Close()) }()
	m.notices(session.Notices())
	o := state.MoveOptions{Waiting: func(until time.Time) {
		m.warnf("calls of former runs can still take effect: waiting until %s before the state moves to files, which keep no such time", until.UTC().Format("15:04:05Z"))
	}}
	for _, account := range m.cfg.Accounts {
		o.ReadLag = max(o.ReadLag, account.ReadLag)
	}
	move, err = session.Leave(ctx, m.target, move, o)
	m.report.AuditHead = session.AuditHead()
	if err != nil {
		err = fmt.Errorf("%w\nUnless it says otherwise, the state is still at %s. Run `%s` again to go on", m.interrupted(ctx, err), move.From.Place, m.command("state", "migrate"))
	}
	return move, err
}

// interrupted is the error of a move that was stopped before it changed anything that
// counts.
func (m *migration) interrupted(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return ErrInterrupted
	}
	return err
}

// arrive ends a move of which the former place says that the state left.
func (m *migration) arrive(ctx context.Context, moved *backend.MovedError) error {
	m.report.Continued = true
	err := m.activate(ctx, moved.Move)
	if _, ok := errors.AsType[*backend.OccupiedError](err); ok {
		return moved // it went elsewhere
	}
	return err
}

// activate makes the new place the live one, and remembers it.
func (m *migration) activate(ctx context.Context, move backend.Move) error {
	by := m.source.Holding("state migrate")
	if !m.home.shared() {
		// Until they are the state, the files say themselves where they come from.
		if err := m.target.Activate(ctx, move, by, m.home.unmark); err != nil {
			return err
		}
		return m.mark()
	}
	if err := m.target.Activate(ctx, move, by, nil); err != nil {
		return err
	}
	m.home.state, m.report.State = move.To.State, move.To.State
	m.preparePlans(ctx)
	if err := m.mark(); err != nil {
		return err
	}
	if !m.was.shared() { // what machines share came with the orders
		m.rememberThere(ctx)
	}
	return nil
}

// remember takes along what was learned and no order depends on: without it, the next
// check of feeds has nothing to compare with.
func (m *migration) remember(there memory.Memory) {
	here := ownMemory(m.was)
	if notes, ok := m.source.Notes(); ok {
		here = memory.Log(m.was.name(), noted{notes})
	}
	if here.String() == there.String() {
		return
	}
	if err := there.Take(here); err != nil {
		m.staysBehind(err)
	}
}

func (m *migration) staysBehind(err error) {
	m.warnf("what was remembered of feeds stays behind: %s", err)
}

// rememberThere is remember for a place that machines share, once it is the live one.
func (m *migration) rememberThere(ctx context.Context) {
	place, err := m.backendOf(m.home)
	if err != nil {
		m.staysBehind(err)
		return
	}
	store := m.storeOf(place)
	defer m.observe.closing(store.Close)
	notes, _ := store.Notes()
	if err := store.Refresh(ctx); err != nil {
		m.staysBehind(err)
		return
	}
	m.remember(memory.Log(m.home.name(), noted{notes}))
}
