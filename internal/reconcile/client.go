package reconcile

import (
	"fmt"
	"path/filepath"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/sandbox"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// client returns the client of an account. Its key is only asked for here, so
// that accounts which are not used need none.
func (w *workspace) client(a *spec.Account) (*godatafeed.Client, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if c, ok := w.clients[a.Name]; ok {
		return c, nil
	}
	options, err := w.clientOptionsLocked(a)
	if err != nil {
		return nil, err
	}
	c, err := godatafeed.New(options)
	if err != nil {
		return nil, fmt.Errorf("account %s: %w", a.Name, err)
	}
	w.clients[a.Name] = c
	return c, nil
}

// clientOptionsLocked is how an account's client is made.
func (w *workspace) clientOptionsLocked(a *spec.Account) (godatafeed.Options, error) {
	options := godatafeed.Options{
		Endpoint: a.Endpoint, ConsumerKey: godatafeed.Secret(a.ConsumerKey), Token: godatafeed.Secret(a.Token),
		UserAgent: "gdfctl/" + w.Version, Now: w.Now, Account: a.Name, Transport: w.Transport, Timeout: callTime,
		OnCall: func(c godatafeed.Call) {
			w.meter.called(a.Name, c)
			if c.Op != godatafeed.OpAuthorize {
				w.calls.Add(1)
			}
		},
	}
	bucketKey := a.ConsumerKey + a.Token
	if a.Sandbox() {
		s, err := w.sandboxLocked(a)
		if err != nil {
			return options, err
		}
		options.Endpoint, options.Transport = "http://localhost", s.Transport()
		options.ConsumerKey, options.Token = InsideKey, ""
		dir, _ := filepath.Abs(w.source.home()) // only to tell sandboxes apart
		bucketKey = dir
	} else if err := w.keyUsable(a); err != nil {
		return options, err
	}
	limiter := godatafeed.LimiterOptions{Burst: a.Burst, PerSecond: a.PerSecond, Account: a.Name}
	if w.Limits != nil && !a.Sandbox() {
		limiter.Shared = w.Limits.Of(godatafeed.BucketID(a.Endpoint, bucketKey))
	}
	if dir, err := w.cacheDir(); err == nil {
		limiter.Path = godatafeed.BucketPath(dir, a.Endpoint, bucketKey)
	}
	options.Limiter = godatafeed.NewLimiter(limiter)
	w.meter.limited(a.Name, options.Limiter.Level)
	w.limiters[a.Name] = options.Limiter
	return options, nil
}

// sized tells the accounts' limits how many calls the run makes. Reads before the plan count
// as few.
func (w *workspace) sized(pl *plan.Plan) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range pl.Accounts {
		calls := pl.Accounts[i].Calls
		w.limiters[pl.Accounts[i].Name].Large(calls.Write+calls.Check > backend.FewCalls)
	}
}

func (w *workspace) keyUsable(a *spec.Account) error {
	if a.ConsumerKey == "" && a.Token == "" {
		if a.KeyNamed {
			return fmt.Errorf("account %s has no credentials: what its consumer_key or token names is not set in the environment", a.Name)
		}
		return fmt.Errorf("account %s has no credentials: set GDF_CONSUMER_KEY (or GDF_TOKEN) in the environment", a.Name)
	}
	if err := godatafeed.KeyAllowed(a.Endpoint, a.KeyFromOutside, w.Env); err != nil {
		return fmt.Errorf("account %s: %w", a.Name, err)
	}
	return nil
}

// InsideKey is the consumer key between the client and the simulator inside the
// process: any value that no message could hold by chance.
const InsideKey = "gdfctl-simulator-in-process"

// sandboxLocked runs the simulator inside the process. Its world is kept beside
// the configuration, so that an apply and the next plan see the same one.
func (w *workspace) sandboxLocked(a *spec.Account) (*sandbox.Sandbox, error) {
	name := "sandbox.json"
	if len(w.cfg.Accounts) > 1 {
		name = "sandbox-" + a.Name + ".json"
	}
	s, err := sandbox.New(sandbox.Options{ConsumerKey: InsideKey, File: filepath.Join(w.source.home(), hiddenFolder, name), Now: w.Now, Burst: -1})
	if err != nil {
		return nil, fmt.Errorf("account %s: the simulator can't be opened: %w", a.Name, err)
	}
	w.sandboxes = append(w.sandboxes, s)
	return s, nil
}
