package reconcile

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/checkout"
	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/forge"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
)

// commentTime is how long a comment may take, with the forge's limits waited for.
const commentTime = 3 * time.Minute

// CommentRequest asks to show a report in the pull request of this CI job, or a
// table of several.
type CommentRequest struct {
	Reports []string   // Markdown, as gdfctl writes it; at least one
	Kind    forge.Kind // empty: as the report's first line says
	Dir     string     // of the configuration, for a report without such a line
}

// CommentReport says how the report was shown. Failed is why it was not: the
// forge's fault, or the token's, and not the caller's.
type CommentReport struct {
	Mark forge.Mark
	forge.Commented
	Failed error
}

// Comment shows a report in the pull request of this CI job. What the forge can't
// or may not do is in the report: a comment is not worth a failed job.
func Comment(ctx context.Context, req CommentRequest, d Deps, o Observer) (*CommentReport, error) {
	o = o.inTurn()
	r, err := d.reportOf(req)
	if err != nil {
		return nil, err
	}
	job, err := d.job()
	if err != nil && !errors.Is(err, forge.ErrNoToken) {
		return nil, err
	}
	out := &CommentReport{Mark: r.mark}
	if err != nil {
		out.Result, out.Failed = forge.Failed, err
		return out, nil
	}
	limited, cancel := context.WithTimeout(ctx, commentTime)
	defer cancel()
	done, err := d.forge(job, o).Comment(limited, r.mark, r.body)
	switch {
	case ctx.Err() != nil:
		return nil, errors.New("interrupted; the comment may have been written")
	case errors.Is(err, forge.ErrTooLong):
		return nil, err
	case forge.IsDenied(err):
		out.Result, out.Failed = forge.NotPermitted, err
	case err != nil:
		out.Result, out.Failed = forge.Failed, err
	default:
		out.Commented = *done
	}
	return out, nil
}

// reportOf is what is shown.
func (d Deps) reportOf(req CommentRequest) (markedReport, error) {
	if req.Kind != "" && !slices.Contains(forge.Kinds, req.Kind) {
		return markedReport{}, requestf("kind", "must be %s", forge.KindNames(", ", " or "))
	}
	var all []markedReport
	for _, text := range req.Reports {
		r, err := d.marked(req, text)
		if err != nil {
			return r, err
		}
		all = append(all, r)
	}
	if len(all) > 1 {
		return tableOf(all)
	}
	return all[0], nil
}

// marked separates a report from its mark, or makes one for a report that has
// none.
func (d Deps) marked(req CommentRequest, text string) (r markedReport, err error) {
	m, marked := forge.ParseMark(text)
	switch {
	case strings.TrimSpace(text) == "":
		return r, errors.New("the report is empty: was it written? Nothing was commented")
	case marked && req.Kind != "" && req.Kind != m.Kind:
		return r, requestf("kind", "%s is for another report: this one is of the kind %s", req.Kind, m.Kind)
	case !marked && (req.Kind == "" || len(req.Reports) > 1):
		return r, requestf("kind", "is needed, and one report at a time, because the first line of the report does not say its kind: write the report with gdfctl and --format markdown")
	case !marked:
		return markedReport{forge.Mark{Kind: req.Kind, Workspace: forge.WorkspaceOf(checkout.NameInJob(req.Dir, d.Env)), Number: forge.RunNumber(d.Env)}, text}, nil
	}
	_, body, _ := strings.Cut(text, "\n")
	if m.Number == 0 {
		m.Number = forge.RunNumber(d.Env) // the report was made outside CI
	}
	return markedReport{m, body}, nil
}

// job is what the environment says of the forge.
func (d Deps) job() (*forge.Job, error) {
	return forge.Detect(forge.World{Env: d.Env, ReadFile: readBounded})
}

// noForge reports whether there is no forge to ask, and no mistake in that.
func noForge(err error) bool {
	return errors.Is(err, forge.ErrNoForge) || errors.Is(err, forge.ErrNoToken)
}

// forge is a client for the forge of a job.
func (d Deps) forge(job *forge.Job, o Observer) *forge.Client {
	transport := d.Transport
	if transport == nil {
		transport = godatafeed.NewTransport()
	}
	return forge.New(job, forge.Options{
		Transport: transport, Now: d.Now, UserAgent: "gdfctl/" + d.Version,
		OnWait: func(wait time.Duration) {
			o.warnf("the forge's limit of calls is reached; gdfctl waits %s", wait.Round(time.Second))
		},
	})
}

// readBounded reads a file of at most so many bytes.
func readBounded(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, disk.Cause(err)
	}
	defer func() { _ = f.Close() }()
	text, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(text)) > most {
		err = errors.New("it is too large")
	}
	return text, err
}

// Shown is what the plan would do, for the comment about it.
func (r *PlanReport) Shown() forge.Shown {
	s := r.Plan.Summary()
	return forge.Shown{Changes: r.Plan.ChangesHash(), Acknowledge: s.Acknowledge, Ship: s.Ship, Correct: s.Correct, Cancel: s.Cancel, Insert: s.Insert}
}
