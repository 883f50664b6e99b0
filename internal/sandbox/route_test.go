package sandbox

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

func TestPathsAndMethods(t *testing.T) {
	id := Samples()[0].ID
	bothWays(t, Options{}, func(t *testing.T, a *api) {
		feed := a.get("/feeds?page=1&pageSize=1").Feeds[0]["FeedId"].(string)
		for _, test := range []struct {
			method, path string // T stands for the token
			want         int
		}{
			{"GET", "/V1/T/ORDERS/COUNT?" + everything, 200},
			{"GET", "/v1/T/orders/?page=1&pageSize=1&" + everything, 200},
			{"GET", "/v1/T/Orders/" + id, 200},
			{"GET", "/v1/T/Orders/" + strings.ToLower(id), 404},
			{"GET", "/v1/T/Orders/%2e%2e%2fauthorization", 404},
			{"GET", "/v1/T/Orders/..", 404},
			{"GET", "/v1/T/Orders/a%3Fb%23c", 404},
			{"PUT", "/v1/T/Orders/%2e%2e%2fauthorization/UpdateStatus", 404},
			{"GET", "/v1/T/feeds/" + feed, 200},
			{"GET", "/v1/T/feeds/" + strings.ReplaceAll(feed, "=", "%3D"), 200},
			{"GET", "/v1/T/feeds/" + feed + "x", 404},
			{"GET", "/v1/T/feeds/" + feed + "x/download", 404},
			{"GET", "/", 404},
			{"GET", "/v2/T/Orders/count?" + everything, 404},
			{"GET", "/api/v1/orders/count?" + everything, 404},
			{"GET", "/v1/T/Customers", 404},
			{"GET", "/v1/T/Orders/a/b/c", 404},
			{"GET", "/_sandbox/truth", 404},
			{"POST", "/v1/T/Orders/count?" + everything, 405},
			{"GET", "/v1/Authorization", 405},
			{"GET", "/v1/T/Orders/" + id + "/UpdateStatus", 405},
			{"POST", "/v1/T/Orders/InsertOrder", 405},
			{"PUT", "/v1/T/feeds/count", 405},
		} {
			path := strings.Replace(test.path, "/T/", "/"+a.token+"/", 1)
			if got := a.must(test.method, path, ""); got.Status != test.want {
				t.Errorf("%s %s: got %d, want %d", test.method, test.path, got.Status, test.want)
			} else if got.Success != (test.want == 200) || (got.Message == "") != got.Success {
				t.Errorf("%s %s: status %d with Success %v, Message %q", test.method, test.path, got.Status, got.Success, got.Message)
			}
		}
		if writes := a.s.Ledger(); len(writes) != 0 {
			t.Errorf("reads and refusals wrote: %v", writes)
		}
	})
}

func TestRequiredParameters(t *testing.T) {
	most := strconv.Itoa(math.MaxInt)
	a := inProcess(t, Options{})
	for path, want := range map[string]int{
		"/Orders/count": 400,
		"/Orders/count?fromDate=2026-11-01T00:00:00":                                     400,
		"/Orders/count?fromDate=2026-11-01T00:00:00&toDate=yesterday":                    400,
		"/Orders/count?fromDate=2026-11-01&toDate=2026-11-20":                            400,
		"/Orders/count?fromdate=2026-11-01T00:00:00Z&TODATE=2026-11-20T00:00:00%2B02:00": 200,
		"/Orders/count?status=&" + everything:                                            200,
		"/Orders/count?status=canceled&" + everything:                                    200,
		"/Orders/count?status=CANCELLED&" + everything:                                   400,
		"/Orders/count?status=open&" + everything:                                        400,
		"/Orders?" + everything:                                                          400,
		"/Orders?page=1&" + everything:                                                   400,
		"/Orders?page=0&pageSize=10&" + everything:                                       400,
		"/Orders?page=1&pageSize=-1&" + everything:                                       400,
		"/Orders?page=" + most + "&pageSize=" + most + "&" + everything:                  200,
		"/Orders?page=1&pageSize=10":                                                     400,
		"/feeds":                                                                         400,
		"/feeds?page=1":                                                                  400,
		"/feeds?page=1&pageSize=100":                                                     200,
		"/feeds?page=1&pageSize=100&filterQuery=shoes":                                   200,
		"/feeds/count?filterQuery=":                                                      200,
	} {
		if got := a.get(path); got.Status != want {
			t.Errorf("%s: got %d %s, want %d", path, got.Status, got.Message, want)
		}
	}
}

func TestAcceptHeader(t *testing.T) {
	a := inProcess(t, Options{})
	feed := a.get("/feeds?page=1&pageSize=1").Feeds[0]["FeedId"].(string)
	for _, test := range []struct {
		path, accept string
		want         int
	}{
		{"/feeds/count", "application/json", 200},
		{"/feeds/count", "text/html, */*;q=0.1", 200},
		{"/feeds/count", "application/json; charset=utf-8", 200},
		{"/feeds/count", "application/xml", 406},
		{"/feeds/count", "application/xml, application/json;q=0", 406},
		{"/feeds/" + feed + "/download", "text/csv", 200},
	} {
		req, err := http.NewRequest("GET", a.base+"/v1/"+a.token+test.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept", test.accept)
		got, err := a.do(req)
		if err != nil || got.Status != test.want {
			t.Errorf("%s with Accept %q: got %d %v, want %d", test.path, test.accept, got.Status, err, test.want)
		}
	}
}

func TestLargeBodyIsRefused(t *testing.T) {
	bothWays(t, Options{}, func(t *testing.T, a *api) {
		got := a.put("/Orders/InsertOrder", strings.Repeat(" ", maxBody+1))
		if got.Status != 400 || got.Success {
			t.Errorf("got %d, want 400", got.Status)
		}
	})
}
