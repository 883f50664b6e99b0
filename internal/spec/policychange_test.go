package spec

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/rules"
)

// What a policy changes is listed, what loosens it first, in words that say by how much.
func TestCompareTo(t *testing.T) {
	base := DefaultPolicy
	base.Rules = []*PolicyRule{{Name: "a", Digest: "1"}, {Name: "b", Digest: "1"}, {Name: "same", Digest: "1"}}
	base.Raised = rules.Raised{"SHIP08": true, "SHIP12": false}
	base.ConfirmCancellations, base.MinApprovals = true, 2
	base.LimitBatch("batch.x", "max_held", 3, Place{})
	base.LimitBatch("batch.gone", "max_changes", 10, Place{})
	own := DefaultPolicy
	own.MaxCancellations, own.MaxCorrections, own.MaxCancellationRatio, own.MaxReviewAge, own.MaxShips = 500, 5, 0.5, 14*24*time.Hour, 1200
	own.EnvironmentApproves, own.MinApprovals = true, 1
	own.Rules = []*PolicyRule{{Name: "b", Digest: "2"}, {Name: "same", Digest: "1"}, {Name: "new", Digest: "1"}}
	own.Raised = rules.Raised{"SHIP09": true}
	own.LimitBatch("batch.x", "max_held", 20, Place{})
	own.LimitBatch("batch.x", "max_changes", 7, Place{})
	var got []string
	for _, c := range own.CompareTo(base) {
		if strings.HasPrefix(c.Text, "raises") && (c.From == "" || c.To == "" || !c.Loosens) {
			t.Errorf("%+v", c)
		}
		text := c.Text
		if c.Loosens {
			text = "! " + text
		}
		got = append(got, text)
	}
	want := []string{
		"! raises max_cancellations from 25 to 500", "! raises max_cancellation_ratio from 0.02 to 0.5", "! raises max_review_age from 7 d to 14 d",
		"! lowers min_approvals from 2 to 1", "! sets approvals to \"environment\"", "! sets confirm_cancellations to false", "! raises max_changes of batch.gone from 10 to no limit", "! raises max_held of batch.x from 3 to 20",
		"! removes the rule a", "! changes the rule b", "! makes SHIP08 a warning again",
		"lowers max_ships from no limit to 1,200", "lowers max_corrections from 25 to 5", "lowers max_changes of batch.x from no limit to 7",
		"adds the rule new", "makes SHIP09 an error",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if same := own.CompareTo(own); len(same) > 0 {
		t.Errorf("%+v", same)
	}

	// Of several, each thing once, and what loosens one of them before what tightens another.
	strict := DefaultPolicy
	strict.MaxHeld = 3
	own = DefaultPolicy
	own.MaxChanges = 7
	got = nil
	for _, c := range own.CompareTo(DefaultPolicy, strict) {
		got = append(got, c.Text)
	}
	if diff := cmp.Diff([]string{"raises max_held from 3 to 20", "lowers max_changes from 20,000 to 7"}, got); diff != "" {
		t.Error(diff)
	}
}

// No limit is left out of the comparison: a new one joins it.
func TestEveryLimitIsCompared(t *testing.T) {
	for _, field := range reflect.VisibleFields(reflect.TypeFor[Policy]()) {
		own := DefaultPolicy
		switch v := reflect.ValueOf(&own).Elem().FieldByIndex(field.Index); field.Type.Kind() {
		case reflect.Int, reflect.Int64:
			v.SetInt(v.Int() + 1)
		case reflect.Float64:
			v.SetFloat(v.Float() + 0.1)
		case reflect.Bool:
			v.SetBool(true)
		default:
			continue
		}
		if len(own.CompareTo(DefaultPolicy)) != 1 {
			t.Errorf("%s is not compared", field.Name)
		}
	}
}

// What is gone limits what is new, the strictest of all; what is in both is what it was.
func TestLimitRenamed(t *testing.T) {
	var p Policy
	p.LimitBatch("batch.a", "max_changes", 10, Place{})
	p.LimitBatch("batch.b", "max_changes", 5, Place{})
	p.LimitBatch("batch.b", "max_held", 1, Place{})
	p.LimitBatch("batch.kept", "max_changes", 2, Place{})
	p.LimitRenamed([]string{"batch.a", "batch.b", "batch.kept", "batch.free"}, []string{"batch.kept", "batch.free", "batch.new"})
	got := map[string]string{}
	for batch, l := range p.Batches {
		got[batch] = limitText(l.MaxChanges) + " " + limitText(l.MaxHeld)
	}
	want := map[string]string{"batch.a": "10 none", "batch.b": "5 1", "batch.kept": "2 none", "batch.new": "5 1"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
