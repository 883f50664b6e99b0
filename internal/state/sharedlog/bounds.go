package sharedlog

import (
	"fmt"
	"time"
)

// What records may ask of those who read them: each of these times is waited for, by
// everybody who shares the state, and whoever can write to the place can write any
// number into it. The configuration has the same bounds.
const (
	MostLease  = time.Hour // and a call is within its lease
	MostSettle = time.Hour
	MostLag    = 24 * time.Hour
	MostLeft   = MostLease + MostLag // of what a recovery asks for
)

// Beyond is why a time in a record can't be one that gdfctl asked for, or empty.
func Beyond(name string, ms int64, most time.Duration) string {
	if ms < 0 || ms > most.Milliseconds() {
		return fmt.Sprintf("its %s asks for %d ms, and gdfctl never asks for more than %d", name, ms, most.Milliseconds())
	}
	return ""
}

// beyond is why the record can't be one that gdfctl appended: it asks for too much.
func (r *Record) beyond() string {
	if reason := Beyond("left_ms", r.LeftMS, MostLeft); reason != "" {
		return reason
	}
	if r.Older < 0 || r.Older > 0 && r.Older >= r.N { // readers go from one to the other
		return "the snapshot before it is not before it"
	}
	if r.Terms == nil {
		return ""
	}
	for _, asked := range []struct {
		name string
		ms   int64
		most time.Duration
	}{{"lease_ms", r.Terms.LeaseMS, MostLease}, {"call_ms", r.Terms.CallMS, MostLease}, {"settle_ms", r.Terms.SettleMS, MostSettle}} {
		if reason := Beyond(asked.name, asked.ms, asked.most); reason != "" {
			return reason
		}
	}
	return ""
}
