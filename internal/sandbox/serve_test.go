package sandbox

import (
	"context"
	"net"
	"net/http"
	"sync"
	"testing"
)

func TestServeStopsWhileRequestsHang(t *testing.T) {
	a := newAPI(t, Options{Faults: []Fault{{Op: OpCountFeeds, Kind: FaultHang}}, Token: "t"})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- Serve(ctx, l, a.s) }()
	a.base, a.http = "http://"+l.Addr().String(), &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	a.authorize()
	if a.token == "" {
		t.Fatal("no token")
	}
	hung := make(chan error, 1)
	go func() {
		_, err := a.call("GET", "/v1/t/feeds/count", "")
		hung <- err
	}()
	for {
		if byOp, _ := a.s.Calls(); byOp[OpCountFeeds] == 1 {
			break
		}
	}
	stop()
	if err := <-hung; err == nil {
		t.Error("a hanging request was answered")
	}
	if err := <-served; err != nil {
		t.Errorf("Serve: %v", err)
	}
}

func TestServeReportsItsListener(t *testing.T) {
	a := newAPI(t, Options{})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	if err := Serve(t.Context(), l, a.s); err == nil {
		t.Error("Serve on a closed listener returned nil")
	}
}

// TestManyClients is for the race detector.
func TestManyClients(t *testing.T) {
	a := inProcess(t, Options{Orders: 20, Arrivals: 3})
	var clients sync.WaitGroup
	for n := range 4 {
		clients.Go(func() {
			for i := range 10 {
				a.get("/Orders?page=1&pageSize=5&" + everything)
				if _, err := a.ship(Samples()[(n+i)%8].ID, "1Z"); err != nil {
					t.Error(err)
				}
				a.s.Truth()
			}
		})
	}
	clients.Wait()
	if n := len(a.s.Ledger()); n != 40 {
		t.Errorf("%d writes took effect, want 40", n)
	}
}

func TestOnLoopback(t *testing.T) {
	for address, want := range map[string]bool{
		"127.0.0.1:0": true, "127.8.9.1:80": true, "[::1]:0": true, "localhost:8080": true, "LOCALHOST:1": true,
		"": false, ":80": false, "0.0.0.0:80": false, "[::]:80": false, "10.0.0.1:80": false, "example.com:80": false,
		"127.0.0.1": false, "localhost.example.com:80": false,
	} {
		if OnLoopback(address) != want {
			t.Errorf("OnLoopback(%q) is %t", address, !want)
		}
	}
}
