package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
)

// server is `gdfctl sandbox` in a process of its own.
type server struct {
	cmd *exec.Cmd
	url string
}

// serve starts a sandbox. Whoever asked for it stops it.
func (b *bench) serve(ctx context.Context, args ...string) (*server, error) {
	cmd := exec.CommandContext(ctx, b.gdfctl, append([]string{"sandbox", "--control", "--feeds", "0", "--seed", "7"}, args...)...)
	cmd.Dir = b.dir
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &server{cmd: cmd}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if url, ok := strings.CutPrefix(lines.Text(), "The sandbox answers on "); ok {
			s.url = url
		}
		if strings.HasPrefix(lines.Text(), "Ctrl-C") { // its last line
			return s, nil
		}
	}
	return nil, errors.Join(errors.New("the sandbox does not serve"), cmd.Wait())
}

func (s *server) stop() {
	_ = s.cmd.Process.Signal(os.Interrupt) // it may have ended by itself
	_ = s.cmd.Wait()
}

// ledger is what the sandbox counted since it began.
type ledger struct {
	Calls     map[string]int `json:"calls"` // by operation, refused ones too
	CallCount int            `json:"call_count"`
	Throttled int            `json:"throttled"`
}

func (l ledger) reads() int  { return l.CallCount - l.writes() }
func (l ledger) writes() int { return l.Calls["update_status"] + l.Calls["acknowledge"] }

// since is what was counted after an earlier look.
func (l ledger) since(before ledger) ledger {
	calls := map[string]int{}
	for op, n := range l.Calls {
		calls[op] = n - before.Calls[op]
	}
	return ledger{Calls: calls, CallCount: l.CallCount - before.CallCount, Throttled: l.Throttled - before.Throttled}
}

func (s *server) ledger(ctx context.Context) (ledger, error) {
	var l ledger
	body, err := s.get(ctx, "/_sandbox/calls")
	if err != nil {
		return l, err
	}
	defer body.Close()
	return l, json.NewDecoder(body).Decode(&l)
}

// liveOrder is an order of the sandbox.
type liveOrder struct {
	ID     string `json:"id"`
	Source string `json:"source"`
	Number string `json:"number"`
	Status string `json:"status"`

	WriteCount int `json:"write_count"` // that took effect
}

// orders visits the orders until it is told that this is enough. They are read
// as a stream: what this process holds itself would count as the memory of
// those that it starts.
func (s *server) orders(ctx context.Context, visit func(liveOrder) (more bool)) error {
	body, err := s.get(ctx, "/_sandbox/truth")
	if err != nil {
		return err
	}
	defer body.Close()
	d := json.NewDecoder(body)
	for token := json.Token(nil); token != "orders"; {
		if token, err = d.Token(); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil { // the bracket
		return err
	}
	for d.More() {
		var o liveOrder
		if err := d.Decode(&o); err != nil {
			return err
		}
		if !visit(o) {
			return nil
		}
	}
	return nil
}

// open visits so many orders that can be shipped.
func (s *server) open(ctx context.Context, want int, visit func(liveOrder)) error {
	n := 0
	err := s.orders(ctx, func(o liveOrder) bool {
		if o.Status == "New" || o.Status == "Processing" {
			visit(o)
			n++
		}
		return n < want
	})
	if err == nil && n < want {
		err = fmt.Errorf("the sandbox has only %d open orders, and %d are needed", n, want)
	}
	return err
}

// changedOnce is an error unless so many orders were written, each once.
func (s *server) changedOnce(ctx context.Context, want int) error {
	once, more := 0, 0
	err := s.orders(ctx, func(o liveOrder) bool {
		switch {
		case o.WriteCount == 1:
			once++
		case o.WriteCount > 1:
			more++
		}
		return true
	})
	if err == nil && (once != want || more > 0) {
		err = fmt.Errorf("%d orders were written once and %d more often, and %d were to be written", once, more, want)
	}
	return err
}

// worldFor is how many orders a sandbox needs to have so many open ones: 13 of
// 20 are.
func worldFor(open int) int { return (open*20+12)/13 + 20 }

func (s *server) get(ctx context.Context, path string) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+path, nil)
	if err != nil {
		return nil, err
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		resp.Body.Close()
		return nil, fmt.Errorf("the sandbox answers %s with %s", path, resp.Status)
	}
	return resp.Body, nil
}

var client = &http.Client{}
