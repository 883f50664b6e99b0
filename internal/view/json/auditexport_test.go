package json

import (
	stdjson "encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/provenance"
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
		Result: order.Done, Status: 200, Message: "ok", Repeated: true, ReadBack: true, Hash: "bb",
	}
}

func exported(t *testing.T, records ...audit.Entry) string {
	t.Helper()
	var out strings.Builder
	a := NewAuditRecords(&out)
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

func TestAuditRecordsAsJSON(t *testing.T) {
	r := fullRecord()
	r.Reason, r.Message = "a < b & c", "\u009b2J"
	line, err := stdjson.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	// As the record holds it, but for what a terminal would act on.
	want := strings.ReplaceAll(string(line), "\u009b", `\u009b`) + "\n"
	if diff := cmp.Diff(want+want, exported(t, r, r)); diff != "" {
		t.Error(diff)
	}
	if got := exported(t); got != "" {
		t.Errorf("no records: %q", got)
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestAuditRecordsTellThatWritingFails(t *testing.T) {
	a := NewAuditRecords(fullDisk{})
	r := fullRecord()
	if err := a.Write(&r); err != nil {
		t.Fatal(err)
	}
	if err := a.Flush(); !errors.Is(err, io.ErrShortWrite) {
		t.Error(err)
	}
}
