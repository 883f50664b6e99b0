package acceptance

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// doctorReport is what these tests read of doctor --json.
type doctorReport struct {
	said     result
	Accounts []struct {
		Calls  int
		Checks []struct{ Check, Result string }
		Known  struct {
			PageCap     int     `json:"page_cap"`
			ListOrder   string  `json:"list_order"`
			DateField   string  `json:"date_field"`
			ClockOffset float64 `json:"clock_offset_seconds"`
		}
	}
}

// doctor runs it, with its exit code, and holds the calls that it tells of
// against the server's own count.
func (w *world) doctor(code int) doctorReport {
	w.t.Helper()
	before := w.api.Total()
	r := w.run("doctor", "--json").exits(code)
	report := doctorReport{said: r}
	decoded(w.t, r.stdout, &report)
	if n := w.api.Total() - before; n > 12 || len(report.Accounts) != 1 || (n > 0 && n != report.Accounts[0].Calls) {
		w.t.Errorf("%d calls arrived:\n%s", n, r.stdout)
	}
	w.untouched()
	return report
}

// results are the checks that did not end well, with how they ended.
func (r doctorReport) results() []string {
	var all []string
	for _, c := range r.Accounts[0].Checks {
		if c.Result != "ok" {
			all = append(all, c.Check+" "+c.Result)
		}
	}
	return all
}

// laterBySome lets orders come in after they were placed, some long after.
func laterBySome(o apiserver.Order) time.Time {
	return o.Created.Add(time.Duration(10+o.Created.Unix()%100_000) * time.Second)
}

func TestDoctorLearnsHowTheAPIBehaves(t *testing.T) {
	t.Parallel()
	const placed, arrived = "created_in_source", "created_in_destination"
	orders := apiserver.Generate(120, 600, apiserver.New, apiserver.Shipped, apiserver.Processing, apiserver.Canceled)
	for name, c := range map[string]struct {
		o           apiserver.Options
		cap         int
		order, date string
		offset      float64
		not         []string
	}{
		"as the examples show":         {apiserver.Options{}, 0, "oldest_first", placed, 0, []string{"pages unknown"}},
		"pages of 100":                 {apiserver.Options{PageCap: 100}, 100, "oldest_first", placed, 0, nil},
		"pages of one order":           {apiserver.Options{PageCap: 1}, 1, "", placed, 0, []string{"list_order unknown"}},
		"the newest first":             {apiserver.Options{PageCap: 250, NewestFirst: true}, 250, "newest_first", placed, 0, nil},
		"filtered by arrival":          {apiserver.Options{PageCap: 250, ByArrival: true}, 250, "", arrived, 0, nil},
		"the other style":              {apiserver.Options{PageCap: 50, OtherStyle: true}, 50, "", arrived, 0, nil},
		"orders arrive meanwhile":      {apiserver.Options{PageCap: 100, NewestFirst: true, Arrivals: 3}, 100, "newest_first", placed, 0, nil},
		"a clock ten minutes ahead":    {apiserver.Options{PageCap: 100, ClockOffset: 10 * time.Minute}, 100, "oldest_first", placed, 600, []string{"clock warning"}},
		"a clock that is an hour slow": {apiserver.Options{PageCap: 100, ClockOffset: -time.Hour}, 100, "oldest_first", placed, -3600, []string{"clock warning"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.o.Orders, c.o.Arrived = orders, laterBySome
			w := newWorld(t, c.o)
			w.write("main.hcl", unlimited)
			report := w.doctor(0)
			known := report.Accounts[0].Known
			if known.PageCap != c.cap || known.ListOrder != c.order || known.DateField != c.date {
				t.Errorf("known is %+v", known)
			}
			if off := known.ClockOffset - c.offset; off < -2 || off > 2 {
				t.Errorf("the clock is said to be %g s off", known.ClockOffset)
			}
			if got := report.results(); !slices.Equal(got, c.not) {
				t.Errorf("not well are %q, want %q", got, c.not)
			}
			if again := w.doctor(0); again.Accounts[0].Known.DateField != c.date || again.Accounts[0].Known.PageCap != c.cap {
				t.Errorf("the second time, known is %+v", again.Accounts[0].Known)
			}
			w.run("plan").exits(0)
		})
	}
}

func TestDoctorLearnsNothingWhereNothingIsToBeSeen(t *testing.T) {
	t.Parallel()
	same := apiserver.Generate(121, 300, apiserver.New)
	for i := range same {
		same[i].Created = same[0].Created
	}
	placed := func(o apiserver.Order) time.Time { return o.Created }
	nothing := []string{"pages unknown", "list_order unknown", "date_field unknown"}
	for name, c := range map[string]struct {
		o   apiserver.Options
		not []string
	}{
		"no orders":                    {apiserver.Options{}, append(slices.Clone(nothing), "status_filter unknown", "source_words unknown")},
		"three orders":                 {apiserver.Options{Orders: apiserver.Generate(122, 3, apiserver.New), Arrived: placed}, nothing},
		"orders that all came at once": {apiserver.Options{Orders: same, Arrived: placed}, nothing},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, c.o)
			report := w.doctor(0) // without a configuration
			if got := report.results(); !slices.Equal(got, c.not) {
				t.Errorf("not well are %q, want %q", got, c.not)
			}
		})
	}
}

func TestDoctorOfAHugeAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t, apiserver.Options{Orders: apiserver.Generate(123, 20_000, apiserver.Shipped, apiserver.New), Arrived: laterBySome})
	report := w.doctor(0)
	if known := report.Accounts[0].Known; known.PageCap != 0 || known.ListOrder != "oldest_first" || known.DateField != "created_in_source" {
		t.Errorf("known is %+v", known)
	}
	if got := report.results(); len(got) > 0 {
		t.Errorf("not well are %q", got)
	}
}

func TestDoctorTellsWhatKeepsGdfctlFromWorking(t *testing.T) {
	t.Parallel()
	forbidden := func(op string) func(apiserver.Call) *apiserver.Fault {
		return func(c apiserver.Call) *apiserver.Fault {
			if c.Op == op {
				return &apiserver.Fault{Status: 403, Body: `{"Success": false, "Message": "forbidden"}`}
			}
			return nil
		}
	}
	orders := apiserver.Generate(124, 40, apiserver.New)
	for name, c := range map[string]struct {
		o     apiserver.Options
		env   []string
		code  int
		check string
		says  []string
	}{
		"a wrong key":           {apiserver.Options{}, []string{"GDF_CONSUMER_KEY=another"}, 1, "credentials problem", []string{"the consumer key was refused", "GDF_CONSUMER_KEY"}},
		"no key":                {apiserver.Options{}, []string{"GDF_CONSUMER_KEY="}, 1, "credentials problem", []string{"no credentials"}},
		"a wrong token":         {apiserver.Options{}, []string{"GDF_CONSUMER_KEY=", "GDF_TOKEN=another"}, 1, "credentials problem", []string{"the token was refused"}},
		"no API there":          {apiserver.Options{}, []string{"GDF_ENDPOINT=http://127.0.0.1:1"}, 1, "endpoint problem", []string{"no connection"}},
		"orders not permitted":  {apiserver.Options{Intercept: forbidden(apiserver.Count)}, nil, 1, "orders problem", []string{"does not permit"}},
		"feeds not permitted":   {apiserver.Options{Intercept: forbidden(apiserver.CountFeeds)}, nil, 0, "feeds warning", []string{"does not permit"}},
		"a limit that is lower": {apiserver.Options{Burst: 3, PerSecond: 0.1}, nil, 0, "call_limit warning", []string{"429", "Another client"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.o.Orders = orders
			w := newWorld(t, c.o)
			w.extra = c.env
			report := w.doctor(c.code)
			if got := report.results(); !slices.Contains(got, c.check) {
				t.Errorf("not well are %q, want %s among them", got, c.check)
			}
			report.said.says(c.says...)
		})
	}
}

// Accounts are examined side by side: each answer takes its time, and all of
// them together no longer than a few accounts one after the other.
func TestDoctorOfManyAccounts(t *testing.T) {
	t.Parallel()
	const takes = 300 * time.Millisecond
	var mu sync.Mutex
	var arrived []time.Time
	w := newWorld(t, apiserver.Options{
		Orders: apiserver.Generate(125, 400, apiserver.New), PageCap: 100, Arrived: laterBySome,
		Intercept: func(apiserver.Call) *apiserver.Fault {
			mu.Lock()
			defer mu.Unlock()
			arrived = append(arrived, time.Now())
			return &apiserver.Fault{Hang: takes, Then: true}
		},
	})
	var hcl string
	for i := range 20 {
		hcl += strings.Replace(unlimited, "main", fmt.Sprintf("a%02d", i), 1)
	}
	w.write("main.hcl", hcl)
	w.run("doctor").exits(0).says("Account a00 at", "Account a19 at", "0 problems, 0 warnings")
	if n := w.api.Total(); n > 20*12 {
		t.Errorf("%d calls arrived", n)
	}
	most := 0 // calls that were under way at the same moment: a clock would judge the machine too
	for i, first := range arrived {
		n := sort.Search(len(arrived)-i, func(n int) bool { return arrived[i+n].Sub(first) >= takes })
		most = max(most, n)
	}
	if most < 5 {
		t.Errorf("%d calls at once at most", most)
	}
	var file struct {
		Learned map[string]map[string]struct {
			PageCap int `json:"page_cap"`
		}
	}
	decoded(t, w.read("gdfctl.feeds.json"), &file)
	if got := file.Learned[w.endpoint]; len(got) != 20 || got["a07"].PageCap != 100 {
		t.Errorf("kept is %v", file.Learned)
	}
}
