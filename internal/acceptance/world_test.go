package acceptance

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// The secrets hold what escaping changes, so that a leak in any form is a leak
// in a form of its own.
const (
	consumerKey = `cK-canary+/=&"7Qw<9x>~Zz`
	tokenPrefix = `tOk-canary+/=&"5Rt<3v>~`
)

// unlimited is an account whose pacing is not the point of the test.
const unlimited = `
account "main" {
  page_size = 1000
  settle    = "1s"
  rate_limit {
    burst            = 100000
    limit_per_second = 100000
  }
}
`

// world is one user's machine: a configuration's directory, a home, a cache,
// and the API that it talks to.
type world struct {
	t     *testing.T
	api   *apiserver.Server
	dir   string // the configuration's
	root  string // of everything that the program may write
	extra []string

	program string // empty: the one that users get
	lost    bool   // with all its files

	secrets []string // beside key and token, that the program must not show

	mu       sync.Mutex
	outputs  []string // everything that was printed
	endpoint string
	key      string
}

// newWorld starts a server with these ways and makes an empty directory.
func newWorld(t *testing.T, o apiserver.Options) *world {
	t.Helper()
	machine()
	if err := dependOnSources(); err != nil {
		t.Fatal(err)
	}
	if o.ConsumerKey == "" {
		o.ConsumerKey = consumerKey
	}
	if o.TokenPrefix == "" {
		o.TokenPrefix = tokenPrefix
	}
	w := &world{t: t, api: apiserver.Start(o), root: t.TempDir(), key: o.ConsumerKey}
	w.endpoint = w.api.URL
	w.dir = filepath.Join(w.root, "config")
	for _, dir := range []string{w.dir, filepath.Join(w.root, "home"), filepath.Join(w.root, "cache"), filepath.Join(w.root, "tmp")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		w.api.Close()
		w.noLeaks()
		if complaints := w.api.Complaints(); len(complaints) > 0 {
			t.Errorf("%d calls were not as the API's documents say, the first: %s", len(complaints), complaints[0])
		}
	})
	return w
}

// env is the whole environment of the program.
func (w *world) env() []string {
	env := []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + filepath.Join(w.root, "home"), "GDF_CACHE_DIR=" + filepath.Join(w.root, "cache"),
		"XDG_CACHE_HOME=" + filepath.Join(w.root, "cache"), "TMPDIR=" + filepath.Join(w.root, "tmp"),
		"GDF_ENDPOINT=" + w.endpoint, "GDF_CONSUMER_KEY=" + w.key,
	}
	return append(env, w.extra...)
}

// write puts a file into the configuration's directory.
func (w *world) write(name, content string) {
	w.t.Helper()
	path := filepath.Join(w.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) read(name string) string {
	w.t.Helper()
	b, err := os.ReadFile(filepath.Join(w.dir, name))
	if err != nil {
		w.t.Fatal(err)
	}
	return string(b)
}

func (w *world) exists(name string) bool {
	_, err := os.Stat(filepath.Join(w.dir, name))
	return err == nil
}

// table writes a CSV file of rows, which are trusted to need no quotes beyond
// those that ids with odd characters get.
func (w *world) table(name string, header []string, rows [][]string) {
	w.t.Helper()
	var b strings.Builder
	for _, row := range append([][]string{header}, rows...) {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = cell
			if strings.ContainsAny(cell, "\",\n") {
				cells[i] = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
			}
		}
		b.WriteString(strings.Join(cells, ",") + "\r\n")
	}
	w.write(name, b.String())
}

var shipColumns = []string{"Store", "Order Number", "Our Number", "Tracking", "Carrier", "Shipped"}

// shipRow is a row of shipBatch's table. Parts that are empty are not wanted.
func shipRow(o apiserver.Order, ours, tracking, carrier, shipped string) []string {
	return []string{o.Source, o.SourceNumber, ours, tracking, carrier, shipped}
}

const shipBatch = `
batch "shipments" {
  rows            = csv("shipments/*.csv")
  find            = { source = row["Store"], source_order_number = row["Order Number"] }
  status          = "shipped"
  order_number    = row["Our Number"]
  tracking_number = row["Tracking"]
  carrier         = row["Carrier"]
  shipped_at      = row["Shipped"]
}
`

// shipAll is a configuration that ships all these orders with numbers of
// trackingOf, and a world that has it.
func shipAll(t *testing.T, account string, orders []apiserver.Order, o apiserver.Options) *world {
	t.Helper()
	o.Orders = orders
	w := newWorld(t, o)
	w.write("main.hcl", account+shipBatch)
	w.shipments(orders)
	return w
}

func (w *world) shipments(orders []apiserver.Order) {
	w.t.Helper()
	var rows [][]string
	for i, o := range orders {
		rows = append(rows, shipRow(o, "", trackingOf(i), "UPS", ""))
	}
	w.table("shipments/day.csv", shipColumns, rows)
}

func trackingOf(i int) string { return fmt.Sprintf("1ZTEST%09d", i+1) }

// seeded returns a source of choices whose seed is printed if the test fails.
func seeded(t *testing.T) *rand.Rand {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv("GDF_SOAK_SEED"); text != "" {
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatalf("GDF_SOAK_SEED: %s", err)
		}
		seed = n
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("to play this again: GDF_SOAK_SEED=%d", seed)
		}
	})
	return rand.New(rand.NewPCG(seed, 2))
}
