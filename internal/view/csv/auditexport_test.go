package csv

import (
	stdcsv "encoding/csv"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/provenance"
	"github.com/gdfctl/gdfctl/internal/report"
)

var auditNoon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// fullRecord has something in every field.
func fullRecord() audit.Entry {
	return audit.Entry{
		Line: 7, Prev: "aa", At: auditNoon, RunID: "run-1", Seq: 3, SettledBy: "run-2",
		Provenance: provenance.Provenance{
			Who: "ann", Host: "build-7", CI: "github", Commit: "c0ffee", Author: "bob", Approver: "carl",
			PullRequest: "https://example.com/pull/7", RunURL: "https://example.com/runs/1",
			Approvers: []string{"carol", "dave"}, Merger: "bob", Head: "c1", Base: "b0", Merge: "m2",
		},
		PlanHash: "p1", Endpoint: "https://api.example.com", Account: "main", Address: `order["a"]`,
		Order:  &audit.Order{Ref: order.Ref{ID: "o1", Source: "Amazon", SourceNumber: "112-1"}, OrderNumber: "SO-1", Tracking: "1Z1"},
		Action: "correct", Reason: "label reprinted",
		Before: &order.Values{Status: order.Shipped, OrderNumber: "SO-1", Tracking: "1Z0", Carrier: "UPS", ShippedAt: auditNoon.Add(-time.Hour)},
		After:  &order.Values{Status: order.Shipped, OrderNumber: "SO-1", Tracking: "1Z1", Carrier: "FedEx", ShippedAt: auditNoon},
		Result: order.Done, Status: 200, Message: "ok", Repeated: true, ReadBack: true, Content: "cc", ErrorBefore: "ee", Resent: true, Hash: "bb",
	}
}

func exported(t *testing.T, records ...audit.Entry) string {
	t.Helper()
	var out strings.Builder
	a, err := NewAuditRecords(&out)
	if err != nil {
		t.Fatal(err)
	}
	for i := range records {
		if err := a.Write(&records[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.Flush(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestAuditRecordsAsCSV(t *testing.T) {
	hostile := fullRecord()
	hostile.Who, hostile.Reason, hostile.After.Tracking, hostile.Message = "@SUM(A1)", "-12.50", `=HYPERLINK("http://x/")`, "-1+1\x1b[2J"
	rows, err := stdcsv.NewReader(strings.NewReader(exported(t, fullRecord(), hostile, audit.Entry{Line: 9, Action: audit.Gap}))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		strings.Fields(`line at run_id seq settled_by who host ci commit author approver pull_request run_url plan_hash
			endpoint account address order_id source source_order_number order_number tracking_number action reason
			before_status before_order_number before_tracking_number before_carrier before_shipped_at
			after_status after_order_number after_tracking_number after_carrier after_shipped_at
			result http_status message attempt repeated_after_settle read_back
			approvers merger head_commit base_commit merge_commit content_hmac error_before resent schedule prev hash`),
		{
			"7", "2026-11-20T12:00:00Z", "run-1", "3", "run-2", "ann", "build-7", "github", "c0ffee", "bob", "carl",
			"https://example.com/pull/7", "https://example.com/runs/1", "p1", "https://api.example.com", "main", `order["a"]`,
			"o1", "Amazon", "112-1", "SO-1", "1Z1", "correct", "label reprinted",
			"shipped", "SO-1", "1Z0", "UPS", "2026-11-20T11:00:00Z", "shipped", "SO-1", "1Z1", "FedEx", "2026-11-20T12:00:00Z",
			"done", "200", "ok", "", "true", "true",
			"carol dave", "bob", "c1", "b0", "m2", "cc", "ee", "true", "", "aa", "bb",
		},
	}
	if diff := cmp.Diff(want, rows[:2]); diff != "" {
		t.Error(diff)
	}
	cell := func(row int, name string) string {
		for i, column := range rows[0] {
			if column == name {
				return rows[row][i]
			}
		}
		t.Fatalf("there is no column %s", name)
		return ""
	}
	for name, want := range map[string]string{
		"who": "'@SUM(A1)", "reason": "-12.50", "after_tracking_number": `'=HYPERLINK("http://x/")`, "message": `'-1+1\x1b[2J`,
	} {
		if got := cell(2, name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if line, status, before := cell(3, "line"), cell(3, "http_status"), cell(3, "before_status"); line != "9" || status != "" || before != "" {
		t.Errorf("a record about no order: %q %q %q", line, status, before)
	}
}

// A field that a record gains is not forgotten here.
func TestAuditRecordsHaveEveryField(t *testing.T) {
	columns := map[string]bool{}
	for _, f := range report.AuditFields(nil, &audit.Entry{}) {
		columns[f.Name] = true
	}
	var check func(t reflect.Type, prefix string)
	check = func(typ reflect.Type, prefix string) {
		for f := range typ.Fields() {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			switch {
			case f.Anonymous:
				check(f.Type, prefix)
			case name == "order":
				check(f.Type.Elem(), prefix)
			case name == "before", name == "after": // all of order.Values: see above
			case !columns[name] && !columns["order_"+name]:
				t.Errorf("the field %s has no column", name)
			}
		}
	}
	check(reflect.TypeFor[audit.Entry](), "")
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestAuditRecordsTellThatWritingFails(t *testing.T) {
	a, err := NewAuditRecords(fullDisk{})
	if err != nil {
		t.Fatal(err)
	}
	r := fullRecord()
	if err := a.Write(&r); err != nil {
		t.Fatal(err)
	}
	if err := a.Flush(); !errors.Is(err, io.ErrShortWrite) {
		t.Error(err)
	}
}
