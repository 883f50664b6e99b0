package sandbox

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseFault(t *testing.T) {
	for text, want := range map[string]Fault{
		"update_status:status=500:p=0.1":         {Op: OpUpdateStatus, Kind: FaultStatus, Status: 500, Probability: 0.1},
		"update_status:status=503:effect:nth=3":  {Op: OpUpdateStatus, Kind: FaultStatus, Status: 503, Effect: true, Nth: 3},
		"list_orders:cut_before:nth=2:times=3":   {Op: OpListOrders, Kind: FaultCutBefore, Nth: 2, Times: 3},
		"acknowledge:hang=90s:effect":            {Op: OpAcknowledge, Kind: FaultHang, Delay: 90 * time.Second, Effect: true},
		"any:status=429:times=5:retry_after=30":  {Op: OpAny, Kind: FaultStatus, Status: 429, Times: 5, RetryAfter: "30"},
		"download:slow_body=2m":                  {Op: OpDownload, Kind: FaultSlowBody, Delay: 2 * time.Minute},
		"any:html=502:p=0.01":                    {Op: OpAny, Kind: FaultHTML, Status: 502, Probability: 0.01},
		"insert:status":                          {Op: OpInsert, Kind: FaultStatus, Status: 500},
		"insert:redirect:delay=1s":               {Op: OpInsert, Kind: FaultRedirect, Status: 302, Delay: time.Second},
		" authorize:success_false:effect=false ": {Op: OpAuthorize, Kind: FaultSuccessFalse, Status: 200},
		"any:status=429:retry_after=Wed, 21 Oct 2026 07:28:00 GMT": {
			Op: OpAny, Kind: FaultStatus, Status: 429, RetryAfter: "Wed, 21 Oct 2026 07:28:00 GMT",
		},
	} {
		got, err := ParseFault(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
		if again, err := ParseFault(got.String()); err != nil || again != got {
			t.Errorf("%s comes back from %s as %+v, %v", text, got, again, err)
		}
	}
}

func TestParseFaultErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                                  "want OPERATION:KIND",
		"update_status":                     "want OPERATION:KIND",
		"ship:hang":                         `unknown operation "ship"`,
		"any:boom":                          `unknown kind "boom"`,
		"any:boom=1":                        `unknown kind "boom"`,
		"any:status=abc":                    "want a status",
		"any:status=99":                     "want 200 to 599",
		"any:redirect=200":                  "want 300 to 399",
		"any:cut_before=1":                  "takes no value",
		"any:cut_before:effect":             "takes no effect",
		"any:hang=soon":                     "want a duration",
		"any:hang=-1s":                      "want 0 or more",
		"any:hang:p=2":                      "want a share",
		"any:hang:p=0":                      "want a share",
		"any:hang:p=NaN":                    "want a share",
		"any:hang:nth=0":                    "want a number from 1 on",
		"any:hang:times=x":                  "want a number from 1 on",
		"any:hang:nth=1:p=0.5":              "exclude each other",
		"any:hang:effect=maybe":             "want true or false",
		"any:hang:colour=red":               `unknown key "colour"`,
		"any:hang:":                         `unknown key ""`,
		"any:status=429:retry_after=1\r\n2": "want plain text",
	} {
		_, err := ParseFault(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got error %v, want one with %q", text, err, want)
		}
	}
}

func FuzzParseFault(f *testing.F) {
	for _, seed := range []string{"update_status:status=500:p=0.1", "any:hang=1s:effect", "any:status=429:retry_after=a:b", "x:y", "::", "any:hang:p=1e-300"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		fault, err := ParseFault(text)
		if err != nil {
			return
		}
		if again, err := ParseFault(fault.String()); err != nil || again != fault {
			t.Errorf("%q → %s → %+v, %v", text, fault, again, err)
		}
	})
}

// TestFaults strikes a ship with every kind and looks at the answer and at
// whether the write took effect.
func TestFaults(t *testing.T) {
	id := Samples()[0].ID
	noSleep := func(context.Context, time.Duration) error { return nil }
	for _, test := range []struct {
		fault    string
		status   int // 0 is no whole answer
		contains string
		effect   int
	}{
		{"update_status:status=500", 500, "Internal Server Error", 0},
		{"update_status:status=503:effect", 503, "Service Unavailable", 1},
		{"update_status:status=418", 418, "teapot", 0},
		{"any:html", 200, "<html>", 0},
		{"any:html=502:effect", 502, "<html>", 1},
		{"update_status:cut_before", 0, "", 0},
		{"update_status:cut_after", 0, "", 1},
		{"update_status:hang=1s", 0, "", 0},
		{"update_status:hang=1s:effect", 0, "", 1},
		{"update_status:half_body", 0, "", 1},
		{"update_status:slow_body", 200, `"Success":true`, 1},
		{"update_status:success_false", 200, `"Success":false`, 0},
		{"update_status:success_false:effect", 200, `"Success":false`, 1},
		{"update_status:redirect=307", 307, "", 0},
		{"update_status:empty", 200, "", 0},
		{"update_status:empty=204:effect", 204, "", 1},
		{"update_status:delay=3s", 200, `"Success":true`, 1},
		{"acknowledge:status=500", 200, `"Success":true`, 1},
	} {
		t.Run(test.fault, func(t *testing.T) {
			bothWays(t, Options{Sleep: noSleep}, func(t *testing.T, a *api) {
				f, err := ParseFault(test.fault)
				if err != nil {
					t.Fatal(err)
				}
				if err := a.s.AddFault(f); err != nil {
					t.Fatal(err)
				}
				got, err := a.ship(id, "1Z")
				if (err != nil) != (test.status == 0) {
					t.Fatalf("got %d %q, %v", got.Status, got.Raw, err)
				}
				if err == nil && (got.Status != test.status || !strings.Contains(got.Raw, test.contains)) {
					t.Errorf("got %d %q, want %d with %q", got.Status, got.Raw, test.status, test.contains)
				}
				if n := len(a.s.Ledger()); n != test.effect {
					t.Errorf("%d writes took effect, want %d", n, test.effect)
				}
				if a.s.ClearFaults(); len(a.s.Faults()) != 0 {
					t.Error("faults are left after ClearFaults")
				}
			})
		})
	}
}

func TestCutIsAnIOError(t *testing.T) {
	a := inProcess(t, Options{Faults: []Fault{{Op: OpGetOrder, Kind: FaultCutBefore}, {Op: OpCountOrders, Kind: FaultHalfBody}}})
	for _, path := range []string{"/Orders/x", "/Orders/count?" + everything} {
		if _, err := a.call("GET", "/v1/"+a.token+path, ""); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: got %v, want io.ErrUnexpectedEOF", path, err)
		}
	}
}

func TestFaultSchedule(t *testing.T) {
	strikes := func(fault string) (pattern string) {
		t.Helper()
		f, err := ParseFault(fault)
		if err != nil {
			t.Fatal(err)
		}
		a := inProcess(t, Options{Seed: 3, Faults: []Fault{f}})
		for range 8 {
			if a.get("/feeds/count").Status == 200 {
				pattern += "."
			} else {
				pattern += "x"
			}
		}
		return pattern
	}
	for fault, want := range map[string]string{
		"count_feeds:status":               "xxxxxxxx",
		"count_feeds:status:times=2":       "xx......",
		"count_feeds:status:nth=3":         "..x.....",
		"count_feeds:status:nth=3:times=2": "..xx....",
		"count_feeds:status:p=1:times=1":   "x.......",
		"list_feeds:status":                "........",
	} {
		if got := strikes(fault); got != want {
			t.Errorf("%s strikes %s, want %s", fault, got, want)
		}
	}
	if one, two := strikes("count_feeds:status:p=0.5"), strikes("count_feeds:status:p=0.5"); one != two || !strings.Contains(one, "x") || !strings.Contains(one, ".") {
		t.Errorf("the same seed strikes %s, then %s", one, two)
	}
}

func TestRetryAfterIsSentAsItIs(t *testing.T) {
	for _, wait := range []string{"0", "-1", "1e9", "Wed, 21 Oct 2026 07:28:00 GMT"} {
		a := inProcess(t, Options{Faults: []Fault{{Op: OpCountFeeds, Kind: FaultStatus, Status: 429, RetryAfter: wait}}})
		if got := a.get("/feeds/count"); got.Status != 429 || got.Header.Get("Retry-After") != wait {
			t.Errorf("got %d with Retry-After %q, want 429 with %q", got.Status, got.Header.Get("Retry-After"), wait)
		}
	}
}

// TestFollowedRedirectLooksLikeSuccess: that is what makes the fault worth
// having.
func TestFollowedRedirectLooksLikeSuccess(t *testing.T) {
	a := overSocket(t, Options{Faults: []Fault{{Op: OpUpdateStatus, Kind: FaultRedirect, Times: 1}, {Op: OpInsert, Kind: FaultRedirect}}})
	for _, path := range []string{"/Orders/" + Samples()[0].ID + "/UpdateStatus", "/Orders/InsertOrder"} {
		req, err := http.NewRequest("PUT", a.base+"/v1/"+a.token+path, strings.NewReader(`{"OrderStatus":"SHIPPED"}`))
		if err != nil {
			t.Fatal(err)
		}
		res, err := a.http.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != 200 || !strings.Contains(string(body), `"Success":true`) {
			t.Errorf("%s: got %d %s", path, res.StatusCode, body)
		}
	}
	if n := len(a.s.Ledger()); n != 0 {
		t.Errorf("%d writes took effect", n)
	}
}
