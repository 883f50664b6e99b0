package acceptance

import (
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
	"github.com/gdfctl/gdfctl/internal/canary"
)

// Every test of this package ends with a search for keys, tokens and buyers in
// all that was printed and written. The tests here make the server tempt.

func TestKeysAndTokensThatTheServerEchoesAreMasked(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(20, 48, apiserver.New)
	echo := func(c apiserver.Call) string {
		return fmt.Sprintf("GET /v1/%s/Orders key=%s failed", c.Token, consumerKey)
	}
	html := func(c apiserver.Call) string {
		escaped := canary.Forms(c.Token)
		return "<html><body>" + strings.Join(escaped[:5], " ") + "</body></html>"
	}
	w := shipAll(t, unlimited, orders, apiserver.Options{Intercept: func(c apiserver.Call) *apiserver.Fault {
		if c.Op != apiserver.Ship {
			return nil
		}
		switch c.N % 6 {
		case 1:
			return &apiserver.Fault{Body: `{"Success": false, "Message": ` + quoted(echo(c)) + `}`}
		case 2:
			return &apiserver.Fault{Status: 404, ContentType: "text/html", Body: html(c)}
		case 3:
			return &apiserver.Fault{Status: 400, ContentType: "text/plain", Body: echo(c)}
		case 4:
			return &apiserver.Fault{Status: 410, Body: `{"Message": ` + quoted(strings.Repeat("x", 180)+c.Token) + `}`}
		}
		return nil
	}})
	w.run("apply", "--auto-approve").exits(3).says("[masked]")
	w.run("apply", "--auto-approve", "--json")
	w.run("plan", "--out", "p.plan")
	w.run("show", "p.plan", "--format", "json")
}

func TestBuyersThatTheServerEchoesReachNoOutput(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(21, 24, apiserver.New)
	w := shipAll(t, unlimited, orders, apiserver.Options{Intercept: func(c apiserver.Call) *apiserver.Fault {
		if c.Op != apiserver.Ship {
			return nil
		}
		b := orders[0].Buyer
		switch c.N % 4 {
		case 1:
			return &apiserver.Fault{Body: `{"Success": false, "Message": "refused for ` + b.Email + `"}`}
		case 2: // an order, by mistake, where a short answer belongs
			return &apiserver.Fault{Status: 400, Body: `{"OrderId": "x", "FirstName": "` + b.FirstName + `", "Street1": "` + b.Street + `"}`}
		}
		return nil
	}})
	w.run("apply", "--auto-approve").exits(3)
	w.run("plan", "--full")
}

func TestAMessageThatNamesABuyerIsNeitherShownNorKept(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(29, 12, apiserver.New)
	b := orders[0].Buyer
	w := shipAll(t, unlimited, orders, apiserver.Options{Intercept: func(c apiserver.Call) *apiserver.Fault {
		if c.Op != apiserver.Ship {
			return nil
		}
		switch c.N % 3 {
		case 1:
			return &apiserver.Fault{Body: `{"Success": false, "Message": "no parcel for ` + b.FirstName + " " + b.LastName + ", " + b.Street + ", phone " + b.Phone + `"}`}
		case 2:
			return &apiserver.Fault{Status: 404, ContentType: "text/html", Body: "<p>" + b.FirstName + " " + b.LastName + "</p>"}
		}
		return nil
	}})
	w.run("apply", "--auto-approve").exits(3)
}

func TestReadsThatFailTellNothingOfBuyersOrKeys(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]func(apiserver.Call) *apiserver.Fault{
		"half a page of orders": func(c apiserver.Call) *apiserver.Fault {
			return &apiserver.Fault{Half: true, Body: `{"Success": true, "Orders": [{"OrderId": "1", "FirstName": "Zyxelda1", "Street1": "1 Plumbago Crescent"`}
		},
		"a page of the wrong shape": func(c apiserver.Call) *apiserver.Fault {
			return &apiserver.Fault{Body: `{"Success": true, "Orders": {"OrderId": "1", "FirstName": "Zyxelda1"}}`}
		},
		"HTML with the address of the request": func(c apiserver.Call) *apiserver.Fault {
			return &apiserver.Fault{ContentType: "text/html", Body: "<p>https://api.godatafeed.com/v1/" + c.Token + "/Orders: " + consumerKey + "</p>"}
		},
		"a connection that is cut": func(c apiserver.Call) *apiserver.Fault { return &apiserver.Fault{Cut: true} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := shipAll(t, unlimited, apiserver.Generate(22, 5, apiserver.New), apiserver.Options{Intercept: func(c apiserver.Call) *apiserver.Fault {
				if c.Op == apiserver.List {
					return fault(c)
				}
				return nil
			}})
			w.run("plan").exits(1).says("list orders")
			w.run("apply", "--auto-approve").exits(1)
			w.untouched()
		})
	}
}

func TestACallThatTimesOutTellsNoTokenAndIsLookedUp(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes a minute: the deadline of a call")
	}
	orders := apiserver.Generate(23, 3, apiserver.New)
	w := shipAll(t, unlimited, orders, apiserver.Options{Intercept: func(c apiserver.Call) *apiserver.Fault {
		if c.Op == apiserver.Ship && c.N == 1 {
			return &apiserver.Fault{Execute: true, Hang: 62 * time.Second}
		}
		return nil
	}})
	w.apply().says("unknown")
	w.shippedOnce(orders)
}

// listener stands in for the whole internet: the proxy that all calls beyond
// loopback would go through. It counts who comes.
func listener(t *testing.T) (address string, came *atomic.Int64) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	came = &atomic.Int64{}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			came.Add(1)
			conn.Close()
		}
	}()
	return "http://" + l.Addr().String(), came
}

func TestAChangedEndpointDoesNotGetTheKey(t *testing.T) {
	t.Parallel()
	for _, endpoint := range []string{
		"https://evil.example.invalid",
		"https://evil.example.invalid:443/v1",
		"https://127.0.0.1.evil.example.invalid",
		"https://localhost.evil.example.invalid",
		"https://api.godatafeed.com.evil.example.invalid",
		"https://evil.example.invalid/api.godatafeed.com",
		"https://api.godatafeed.com@evil.example.invalid",
		"https://127.0.0.1:1@evil.example.invalid",
		"http://evil.example.invalid",
		`https://evil.example.invalid\\@127.0.0.1`,
		"https://evil.example.invalid#.api.godatafeed.com",
		"https://evil.example.invalid?api.godatafeed.com",
		"//evil.example.invalid",
		"ftp://evil.example.invalid",
		"https://0x7f.evil.example.invalid",
	} {
		t.Run(endpoint, func(t *testing.T) {
			t.Parallel()
			proxy, came := listener(t)
			w := shipAll(t, fmt.Sprintf("account \"main\" {\n  endpoint = %q\n}\n", endpoint), apiserver.Generate(24, 2, apiserver.New), apiserver.Options{})
			w.extra = []string{"HTTPS_PROXY=" + proxy, "HTTP_PROXY=" + proxy}
			w.run("plan").exits(1)
			w.run("apply", "--auto-approve").exits(1)
			if n := came.Load() + int64(w.api.Total()); n > 0 {
				t.Errorf("%d calls were made", n)
			}
		})
	}
}

func TestAHostThatTheEnvironmentAllowsIsCalled(t *testing.T) {
	t.Parallel()
	proxy, came := listener(t)
	w := shipAll(t, "account \"main\" {\n  endpoint = \"https://other.example.invalid\"\n}\n", apiserver.Generate(25, 2, apiserver.New), apiserver.Options{})
	w.extra = []string{"HTTPS_PROXY=" + proxy}
	w.run("plan").exits(1).says("other.example.invalid", "GDF_ALLOWED_KEY_HOSTS")
	if came.Load() > 0 {
		t.Error("it was called before it was allowed")
	}
	// messages may go there: that is another list
	w.extra = append(w.extra, "GDF_ALLOWED_HOSTS=other.example.invalid")
	w.run("plan").exits(1).says("other.example.invalid", "GDF_ALLOWED_KEY_HOSTS")
	if came.Load() > 0 {
		t.Error("it was called because messages may go there")
	}
	w.extra = append(w.extra, "GDF_ALLOWED_KEY_HOSTS=one.example, other.example.invalid")
	w.run("plan").exits(1)
	if came.Load() == 0 {
		t.Error("it was not called after it was allowed")
	}
}

// plainKey could be a part of a host, of a path, of a number or of a name
// without being escaped.
const plainKey = "sekretcanary4711abcdef"

func TestNoAttributeOfAConfigurationCarriesTheKeyAway(t *testing.T) {
	t.Parallel()
	key := "${env.GDF_CONSUMER_KEY}"
	for name, config := range map[string]string{
		"endpoint's host":          "account \"main\" {\n  endpoint = \"https://" + key + ".evil.example.invalid\"\n}\n",
		"endpoint's path":          "account \"main\" {\n  endpoint = \"${env.GDF_ENDPOINT}/" + key + "\"\n}\n",
		"endpoint's query":         "account \"main\" {\n  endpoint = \"${env.GDF_ENDPOINT}?" + key + "\"\n}\n",
		"time zone":                "account \"main\" {\n  timezone = env.GDF_CONSUMER_KEY\n}\n",
		"lookback":                 "account \"main\" {\n  lookback = env.GDF_CONSUMER_KEY\n}\n",
		"settle":                   "account \"main\" {\n  settle = env.GDF_CONSUMER_KEY\n}\n",
		"page size":                "account \"main\" {\n  page_size = env.GDF_CONSUMER_KEY\n}\n",
		"default":                  "account \"main\" {\n  default = env.GDF_CONSUMER_KEY\n}\n",
		"burst":                    "account \"main\" {\n  rate_limit {\n    burst = env.GDF_CONSUMER_KEY\n  }\n}\n",
		"rate":                     "account \"main\" {\n  rate_limit {\n    limit_per_second = env.GDF_CONSUMER_KEY\n  }\n}\n",
		"state's path":             "gdfctl {\n  backend \"local\" {\n    path = \"" + key + ".state.json\"\n  }\n}\n",
		"required version":         "gdfctl {\n  required_version = env.GDF_CONSUMER_KEY\n}\n",
		"tracking number":          "order \"x\" {\n  status = \"shipped\"\n  tracking_number = env.GDF_CONSUMER_KEY\n}\n",
		"cancel's reason":          "order \"x\" {\n  status = \"cancelled\"\n  reason = \"" + key + "\"\n}\n",
		"release's reason":         "release \"x\" {\n  reason = env.GDF_CONSUMER_KEY\n}\n",
		"rule's message":           "policy {\n  rule \"r\" {\n    condition = false\n    message = env.GDF_CONSUMER_KEY\n  }\n}\n",
		"rule's message of a list": "policy {\n  rule \"r\" {\n    condition = false\n    message = join(\",\", [for k, v in env : v])\n  }\n}\n",
		"variable's default":       "variable \"v\" {\n  default = env.GDF_CONSUMER_KEY\n}\n",
		"local value":              "locals {\n  v = env.GDF_CONSUMER_KEY\n}\n",
		"function that fails":      "account \"main\" {\n  page_size = parseint(env.GDF_CONSUMER_KEY, 10)\n}\n",
		"file function":            "account \"main\" {\n  timezone = file(env.GDF_CONSUMER_KEY)\n}\n",
		"index that fails":         "account \"main\" {\n  timezone = {}[env.GDF_CONSUMER_KEY]\n}\n",
		"time function":            "account \"main\" {\n  timezone = parse_time(env.GDF_CONSUMER_KEY, \"x\")\n}\n",
		"pattern function":         "account \"main\" {\n  timezone = regex(\"(\" , env.GDF_CONSUMER_KEY)\n}\n",
		"broken pattern":           "account \"main\" {\n  timezone = regex(\"(${env.GDF_CONSUMER_KEY}\", \"x\")\n}\n",
		"reversed key":             "account \"main\" {\n  timezone = base64encode(env.GDF_CONSUMER_KEY)\n}\n",
		"error function":           "account \"main\" {\n  timezone = jsondecode(env.GDF_CONSUMER_KEY)\n}\n",
		"literal that is mistyped": "account \"main\" {\n  consumer_key = \"" + plainKey + "\"\n  nonsense = 1\n}\n",
		"literal on a broken line": "account \"main\" {\n  consumer_key = \"" + plainKey + "\n}\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			proxy, came := listener(t)
			orders := apiserver.Generate(26, 4, apiserver.New)
			w := newWorld(t, apiserver.Options{Orders: orders, ConsumerKey: plainKey, Prefix: plainKey})
			w.extra = []string{"HTTPS_PROXY=" + proxy}
			hcl := config + shipBatch
			if !strings.Contains(config, "account") {
				hcl += unlimited
			}
			w.shipments(orders)
			w.write("main.hcl", hcl)
			w.run("validate")
			w.run("plan", "--out", "p.plan", "--json")
			w.run("plan", "--full")
			w.run("apply", "--auto-approve", "--json")
			w.run("apply", "--auto-approve")
			if came.Load() > 0 {
				t.Error("a call left this machine")
			}
			// The configuration itself may hold a literal key: that is its
			// author's doing, and no output of the program.
			if strings.HasPrefix(name, "literal") {
				w.write("main.hcl", "")
			}
		})
	}
}

func TestALiteralKeyIsAWarningThatDoesNotShowIt(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(27, 2, apiserver.New)
	w := newWorld(t, apiserver.Options{Orders: orders, ConsumerKey: plainKey})
	w.write("main.hcl", "account \"main\" {\n  consumer_key = \""+plainKey+"\"\n  endpoint = \""+w.api.URL+"\"\n}\n"+shipBatch)
	w.shipments(orders)
	w.run("validate").exits(0).says("Warning", "main.hcl", "env.GDF_CONSUMER_KEY")
	w.write("main.hcl", "")
}

func TestFilesAreForTheirOwnerOnly(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(28, 4, apiserver.New)
	w := shipAll(t, unlimited, orders, apiserver.Options{})
	w.run("plan", "--out", "p.plan").exits(0)
	w.apply()
	w.private("p.plan", "gdfctl.state.json", "gdfctl.audit.jsonl", "gdfctl.state.json.lock")
}
