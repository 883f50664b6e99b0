package reconcile

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/plan"
)

// ShowPlanRequest asks for a saved plan.
type ShowPlanRequest struct {
	Source
	File string
}

// ShowPlan opens a saved plan. It makes no call.
func ShowPlan(_ context.Context, req ShowPlanRequest, d Deps, _ Observer) (*PlanReport, error) {
	pl, hash, err := d.openPlan(req.File)
	if err != nil {
		return nil, err
	}
	report := &PlanReport{Plan: pl, Hash: hash}
	// The file holds times in UTC, and no zone. Where there is no configuration,
	// or none that can be loaded, people see UTC.
	cfg, _, _ := d.load(req.Source, true, d.Now)
	defer cfg.Close()
	report.Zones = zonesOf(cfg)
	return report, nil
}

// savePlan writes a plan that its owner alone can read, whoever could read the
// file that it replaces: a plan names orders.
func savePlan(path string, p *plan.Plan) error {
	err := disk.Swap(path, 0o600, func(f *os.File) error {
		if err := disk.SetMode(f, 0o600); err != nil {
			return err
		}
		_, err := p.Encode(f)
		return err
	})
	if err != nil {
		return fmt.Errorf("the plan can't be saved to %s: %w", path, disk.Cause(err))
	}
	return nil
}

func (d Deps) openPlan(path string) (*plan.Plan, string, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, "", fmt.Errorf("there is no plan file %s: make one with `%s`", path, d.command("plan", "--out", path))
	}
	if err != nil {
		return nil, "", fmt.Errorf("the plan file %s can't be opened: %w", path, disk.Cause(err))
	}
	defer f.Close()
	pl, hash, err := plan.Decode(f)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", path, err)
	}
	return pl, hash, nil
}
