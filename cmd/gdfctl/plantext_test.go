package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/carrier"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/sandbox"
	"github.com/gdfctl/gdfctl/internal/screen"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

// week is a shop in the week of Black Friday: 800 rows of an export with 566
// orders of three marketplaces, nearly all of them ordinary, and acknowledgements
// of Walmart's new orders. Some need a person.
type week struct {
	t   *testing.T
	dir string
	now time.Time
	api *sandbox.Sandbox
	csv strings.Builder
}

func newWeek(t *testing.T) *week {
	t.Helper()
	w := &week{t: t, dir: t.TempDir(), now: time.Date(2026, 11, 27, 15, 0, 0, 0, time.UTC)}
	if err := os.MkdirAll(filepath.Join(w.dir, ".gdfctl"), 0o700); err != nil {
		t.Fatal(err)
	}
	var err error
	w.api, err = sandbox.New(sandbox.Options{
		ConsumerKey: reconcile.InsideKey, File: filepath.Join(w.dir, ".gdfctl", "sandbox.json"), Orders: -1, Feeds: -1, Burst: -1, Now: func() time.Time { return w.now },
	})
	if err != nil {
		t.Fatal(err)
	}
	w.csv.WriteString("Store,Order Number,Carrier,Tracking,Ship Date,Void\n")
	w.fill()
	if err := w.api.Close(); err != nil {
		t.Fatal(err)
	}
	w.write("shipments/2026-11-27.csv", w.csv.String())
	w.write("main.hcl", `
account "main" {
  endpoint = "sandbox"
  timezone = "America/New_York"
}
batch "shipments" {
  rows            = csv("shipments/*.csv")
  where           = row["Void"] != "Y"
  find            = { source = row["Store"], source_order_number = row["Order Number"] }
  status          = "shipped"
  tracking_number = row["Tracking"]
  carrier         = row["Carrier"]
  shipped_at      = parse_time("%m/%d/%Y %I:%M:%S %p", row["Ship Date"])
}
batch "pickups" {
  rows       = csv("pickups.csv")
  find       = { source = "eBay", source_order_number = row["Order Number"] }
  status     = "shipped"
  shipped_on = row["Ship Day"]
  carrier    = "USPS"
  tracking_number = row["Tracking"]
}
order "stop" {
  find   = { source = "eBay", source_order_number = "07-00000-00400" }
  status = "cancelled"
  reason = "the buyer called: wrong address"
}
release "by_phone" {
  find   = { source = "Amazon", source_order_number = "111-0000000-0000021" }
  reason = "settled by phone"
}
`)
	return w
}

func (w *week) write(name, text string) {
	w.t.Helper()
	path := filepath.Join(w.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

func (w *week) order(source, number string, age time.Duration, change func(*sandbox.NewOrder)) {
	w.t.Helper()
	o := sandbox.NewOrder{Source: source, Number: number, Status: sandbox.StatusNew, CreatedInSource: w.now.Add(-age)}
	if source == "Walmart" {
		o.Status, o.OrderNumber = sandbox.StatusProcessing, "SO-"+number[len(number)-4:]
	}
	if change != nil {
		change(&o)
	}
	if _, err := w.api.AddOrder(o); err != nil {
		w.t.Fatal(err)
	}
}

// fill makes the orders and the rows of the export.
func (w *week) fill() {
	shops := []struct {
		source, number string
		carriers       []string
		count          int
	}{
		{"Amazon", "111-0000000-%07d", []string{"UPS", "USPS", "UPS"}, 300},
		{"Walmart", "20000000000%04d", []string{"FedEx"}, 160},
		{"eBay", "07-00000-%05d", []string{"USPS", "UPS"}, 106},
	}
	rows, n := 0, 0
	row := func(source, number, by, tracking string, at time.Time, void string) {
		rows++
		zone, _ := time.LoadLocation("America/New_York")
		fmt.Fprintf(&w.csv, "%s,%s,%s,%s,%s,%s\n", source, number, by, tracking, at.In(zone).Format("01/02/2006 03:04:05 PM"), void)
	}
	for _, shop := range shops {
		for i := range shop.count {
			n++
			number := fmt.Sprintf(shop.number, i+1)
			age := time.Duration(20+n%30) * time.Hour
			shippedAt := w.now.Add(-time.Duration(2+n%18)*time.Hour - time.Duration(n%60)*time.Minute).Truncate(time.Minute)
			carrier := shop.carriers[i%len(shop.carriers)]
			tracking := w.parcel(carrier, n)
			var change func(*sandbox.NewOrder)
			key := fmt.Sprintf("%s %d", shop.source, i+1)
			switch key {
			case "Amazon 21": // released
			case "Amazon 40", "Walmart 7": // cancelled meanwhile
				change = func(o *sandbox.NewOrder) { o.Status = sandbox.StatusCanceled }
			case "Amazon 77": // the clock of the label printer was wrong
				shippedAt = w.now.Add(-age - 3*time.Hour)
			case "eBay 5", "eBay 6": // a new label
				change = func(o *sandbox.NewOrder) {
					o.Status, o.Tracking, o.Carrier, o.ShippedAt = sandbox.StatusShipped, w.parcel("USPS", 9000+n), "USPS", shippedAt
				}
				carrier, tracking = "USPS", w.parcel("USPS", n)
			case "Amazon 101", "Amazon 102", "Amazon 103":
				tracking = ""
			default:
				if n%16 == 0 { // shipped by the last plan
					change = func(o *sandbox.NewOrder) {
						o.Status, o.Tracking, o.Carrier, o.ShippedAt = sandbox.StatusShipped, tracking, carrier, shippedAt
					}
				} else if n%50 == 0 {
					age, shippedAt = 70*time.Hour, w.now.Add(-26*time.Hour)
				}
			}
			if key != "eBay 106" { // that one is nowhere
				w.order(shop.source, number, age, change)
			}
			row(shop.source, number, carrier, tracking, shippedAt, "")
			if n <= 228 {
				row(shop.source, number, carrier, tracking, shippedAt, "") // one more item
			}
		}
	}
	for i := range 6 {
		row("Amazon", fmt.Sprintf("111-0000000-%07d", i+1), "UPS", w.parcel("UPS", 9000+i), w.now, "Y")
	}
	if rows != 800 {
		w.t.Fatalf("%d rows", rows)
	}
	var pickups strings.Builder
	pickups.WriteString("Order Number,Ship Day,Tracking\n")
	for i := range 5 {
		number := fmt.Sprintf("08-00000-%05d", i+1)
		w.order("eBay", number, 30*time.Hour, nil)
		fmt.Fprintf(&pickups, "%s,2026-11-%d,%s\n", number, 26+i, w.parcel("USPS", 8000+i))
	}
	w.write("pickups.csv", pickups.String())
	w.order("eBay", "07-00000-00400", 3*time.Hour, nil)
	for i := range 37 { // nobody wants anything of these yet
		w.order("Amazon", fmt.Sprintf("111-9999999-%07d", i+1), time.Duration(76-2*i)*time.Hour, nil)
	}
}

// parcel is a number of that carrier whose check digit is right.
func (w *week) parcel(name string, n int) string {
	w.t.Helper()
	form := map[string]string{"UPS": "1Z999AA101%07d", "USPS": "9400111899223%08d", "FedEx": "7712%07d"}[name]
	by, _ := carrier.Find(name)
	for digit := range 10 {
		if number := fmt.Sprintf(form+"%d", n, digit); by.Fit(number) == carrier.Fits {
			return number
		}
	}
	w.t.Fatalf("no check digit is right for %s %d", name, n)
	return ""
}

// run runs a command on a terminal of so many columns.
func (w *week) run(width int, args ...string) string {
	w.t.Helper()
	var out, errs bytes.Buffer
	p := &program{Screen: screen.Screen{
		In: strings.NewReader(""), Out: &out, Err: &errs, Now: func() time.Time { return w.now },
		Env: func(name string) string {
			return map[string]string{"GDF_CACHE_DIR": filepath.Join(w.dir, "cache"), "NO_COLOR": "1"}[name]
		},
		StyleOut: text.Style{Width: width}, StyleErr: text.Style{Width: width},
	}}
	if code := run(p, append(args, "--chdir", w.dir)); code != exitDone {
		w.t.Fatalf("exit %d: %s%s", code, out.String(), errs.String())
	}
	return strings.ReplaceAll(out.String(), " --chdir "+w.dir, "")
}

// A plan of 566 orders is read on one screen of 80 columns, what is odd first;
// on a telephone no line is cut off.
func TestAPlanIsReadOnOneScreen(t *testing.T) {
	w := newWeek(t)
	for _, width := range []int{80, 48} {
		text := w.run(width, "plan")
		golden := fmt.Sprintf("testdata/plantext/%d.txt", width)
		text = regexp.MustCompile(`Plan hash: [0-9a-f]{12}`).ReplaceAllString(text, "Plan hash: 0123456789ab")
		if os.Getenv("GDFCTL_UPDATE_SCRIPTS") != "" {
			if err := os.WriteFile(golden, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), text); diff != "" {
			t.Errorf("%d columns (-want +got):\n%s", width, diff)
		}
		lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
		if width == 80 && len(lines) > 40 {
			t.Errorf("%d lines", len(lines))
		}
		for _, line := range lines {
			if n := utf8.RuneCountInString(line); n > width {
				t.Errorf("%d columns for %d: %s", n, width, line)
			}
		}
	}
}

// The counts of the summary add up to the orders, in the text as in the JSON.
func TestTheSummaryAddsUp(t *testing.T) {
	w := newWeek(t)
	text := strings.Join(strings.Fields(w.run(80, "plan")), " ")
	found := regexp.MustCompile(`Plan: (.*?)\. ([\d,]+) orders in all`).FindStringSubmatch(text)
	if found == nil {
		t.Fatalf("no summary in %s", text)
	}
	sum := 0
	aside := regexp.MustCompile(`\([^)]*\)`)
	for _, digits := range regexp.MustCompile(`[\d,]*\d`).FindAllString(aside.ReplaceAllString(found[1], ""), -1) {
		n, err := strconv.Atoi(strings.ReplaceAll(digits, ",", ""))
		if err != nil {
			t.Fatal(err)
		}
		sum += n
	}
	if got := strconv.Itoa(sum); got != strings.ReplaceAll(found[2], ",", "") {
		t.Errorf("%s adds up to %d, and %s orders are in all", found[1], sum, found[2])
	}
	var doc struct {
		Summary map[string]int   `json:"summary"`
		Batches []map[string]any `json:"batches"`
		Short   string           `json:"plan_hash_short"`
		Hash    string           `json:"plan_hash"`
	}
	if err := json.Unmarshal([]byte(w.run(80, "plan", "--json")), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Summary["orders"] != sum || !strings.HasPrefix(doc.Hash, doc.Short) || !strings.Contains(text, "Plan hash: "+doc.Short) {
		t.Errorf("%+v", doc)
	}
	for _, b := range doc.Batches {
		rows := 0.0
		for name, n := range b {
			if n, ok := n.(float64); ok && name != "rows" && name != "files" {
				rows += n
			}
		}
		if rows != b["rows"] {
			t.Errorf("%v rows are accounted for: %v", rows, b)
		}
	}
}

// In which zone people see times changes nothing of a plan: what was approved in
// one is applied in another.
func TestThePlanHashDoesNotDependOnTheZone(t *testing.T) {
	w := newWeek(t)
	hashes := map[string]bool{}
	for zone, shown := range map[string]string{"America/New_York": "Nov 26 16:28 EST", "Europe/Berlin": "Nov 26 22:28 CET", "UTC": "Nov 26 21:28 UTC"} {
		w.write("main.hcl", "account \"main\" {\n  endpoint = \"sandbox\"\n  timezone = \""+zone+`"
}
order "one" {
  find            = { source = "Amazon", source_order_number = "111-0000000-0000001" }
  status          = "shipped"
  tracking_number = "1Z999AA10123456784"
  shipped_at      = "2026-11-26T21:28:00Z"
}
`)
		text := w.run(80, "plan", "--out", filepath.Join(w.dir, "one.plan"))
		if !strings.Contains(text, shown) {
			t.Errorf("%s: %s", zone, text)
		}
		hash := regexp.MustCompile(`Plan hash: ([0-9a-f]{12})\n`).FindStringSubmatch(text)
		if hash == nil {
			t.Fatalf("no hash in %s", text)
		}
		hashes[hash[1]] = true
		if saved := w.run(80, "show", filepath.Join(w.dir, "one.plan")); !strings.Contains(saved, shown) || !strings.Contains(saved, hash[0]) {
			t.Errorf("%s: show says %s", zone, saved)
		}
		if full := w.run(80, "show", "--full", filepath.Join(w.dir, "one.plan")); !strings.Contains(full, "shipped_at       – → 2026-11-26 ") {
			t.Errorf("%s: show --full says %s", zone, full)
		}
	}
	if len(hashes) != 1 {
		t.Errorf("%d hashes: %v", len(hashes), hashes)
	}
}
