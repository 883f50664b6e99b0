package reconcile

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/memory"
	"github.com/gdfctl/gdfctl/internal/notify"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// interruptedTell is how long telling may go on when somebody wants the command
// to end.
const interruptedTell = 5 * time.Second

// tell tells the configuration's notify blocks what is new in the looks. What
// goes wrong makes warnings: no command fails for it, and it is called when
// everything else is done.
func (w *workspace) tell(ctx context.Context, looks ...notify.Look) {
	if len(w.cfg.Notify) == 0 {
		return
	}
	if ctx.Err() != nil {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), interruptedTell)
		defer cancel()
	}
	transport, release := w.toOthers()
	defer release()
	teller := notify.Notifier{
		Store:  notifyStore{w.memory},
		Sender: notify.Sender{Transport: transport, Now: w.Now, Version: w.Version},
	}
	for _, n := range w.cfg.Notify {
		teller.Targets = append(teller.Targets, w.target(n))
	}
	for _, problem := range teller.Notify(ctx, looks...) {
		w.warnf("%s", problem)
	}
}

// toOthers carries what is sent to others than the API, until it is released.
func (w *workspace) toOthers() (transport godatafeed.Transport, release func()) {
	if w.Transport != nil {
		return w.Transport, func() {}
	}
	network := godatafeed.NewTransport()
	return network, network.CloseIdleConnections
}

// target checks the webhook of a notify block.
func (w *workspace) target(n *spec.Notify) notify.Target {
	t := notify.Target{Name: n.Name, Format: notify.Format(n.Format), Secret: n.Secret}
	for _, event := range n.On {
		t.On = append(t.On, notify.Kind(event))
	}
	switch {
	case n.Webhook == "":
		t.Problem = fmt.Errorf("%s is not set in the environment", n.WebhookFrom)
	case n.SecretFrom != "" && n.Secret == "":
		t.Problem = fmt.Errorf("%s, which signs the messages, is not set in the environment", n.SecretFrom)
	default:
		var err error
		if t.URL, err = godatafeed.Destination(n.Webhook, w.Env); err != nil {
			t.Problem = fmt.Errorf("%s: %w", cmp.Or(n.WebhookFrom, "webhook"), err)
		}
	}
	return t
}

// notifyStore keeps what was told beside what is known of feeds.
type notifyStore struct{ memory memory.Memory }

// Update implements notify.Store. What can't be read is forgotten: then messages
// about what is wrong are sent once more.
func (s notifyStore) Update(change func(notify.Memory)) error {
	changed := false
	err := s.memory.UpdateNotified(func(was json.RawMessage) (json.RawMessage, error) {
		m := remembered(was)
		change(m)
		changed = true
		if len(m) == 0 {
			return nil, nil
		}
		return json.Marshal(m)
	})
	if !changed { // it can't be locked or read; to tell twice is better than never
		change(remembered(s.memory.Notified()))
	}
	return err
}

func remembered(was json.RawMessage) notify.Memory {
	m := notify.Memory{}
	if json.Unmarshal(was, &m) != nil || m == nil {
		return notify.Memory{}
	}
	return m
}
