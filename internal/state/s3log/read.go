package s3log

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// Read implements sharedlog.Place. It lists the log from the record after, which must
// still be there, and gets those behind it, many at once. Whoever has read all of
// it needs one request.
func (p *Place) Read(ctx context.Context, after int64) (sharedlog.Page, error) {
	after = max(after, -1)
	listed, err := p.listRecords(ctx, after)
	if err != nil {
		return sharedlog.Page{}, err
	}
	if len(listed) == 0 {
		return sharedlog.Page{}, p.begun(ctx, after)
	}
	if after >= 0 && listed[0].n == after {
		listed = listed[1:]
	}
	run := contiguous(listed, after+1)
	all := len(listed) < listPage-1 && len(run) == len(listed)
	if after < 0 {
		run = run[:min(len(run), atOnce)] // who asks for the first one seldom needs the others
		all = all && len(run) == len(listed)
	}
	switch {
	case len(run) == 0 && len(listed) > 0:
		return sharedlog.Page{}, p.gone(ctx, after)
	case len(run) == 1 && len(listed) == 1:
		// The last one, as often as somebody looks whether it still is.
		if r, ok := p.remembered(run[0].n, run[0].etag); ok {
			return sharedlog.Page{Records: []sharedlog.Raw{r}, End: all}, nil
		}
	}
	if after < 0 && !all {
		p.startSoon(ctx)
	}
	page, err := p.fetch(ctx, after, run)
	page.End = all && len(page.Records) == len(run)
	return page, err
}

// listedRecord is a record as a listing shows it.
type listedRecord struct {
	n    int64
	etag string
}

// listRecords lists the record after, if it is there, and those behind it.
func (p *Place) listRecords(ctx context.Context, after int64) ([]listedRecord, error) {
	behind := ""
	if after >= 1 {
		behind = numbered(after - 1)
	}
	objects, err := p.list(ctx, logPrefix, behind, listPage)
	var listed []listedRecord
	for _, o := range objects {
		if n, ok := numberOfRecord(o.name); ok {
			listed = append(listed, listedRecord{n, o.etag})
		}
	}
	return listed, err
}

// contiguous are the first of the records that are listed, if they begin with next.
func contiguous(listed []listedRecord, next int64) []listedRecord {
	for i, r := range listed {
		if r.n != next+int64(i) {
			return listed[:i]
		}
	}
	return listed
}

// begun is the error for a log in which nothing is listed from the record after on:
// nil if it is shorter.
func (p *Place) begun(ctx context.Context, after int64) error {
	if after >= 1 {
		first, err := p.list(ctx, logPrefix, "", 1)
		if err != nil || len(first) > 0 {
			return err
		}
	}
	return sharedlog.ErrNoLog
}

// gone is the error where later records are there and the next one is not.
func (p *Place) gone(ctx context.Context, after int64) error {
	floor, err := p.floor(ctx)
	if err != nil {
		return err
	}
	if after+1 < floor && after >= 0 {
		return sharedlog.ErrTrimmed
	}
	return fmt.Errorf("%s: record %d is missing, and later ones are there", p, after+1)
}

// fetch gets the records that were listed. What counts is what is not trimmed once
// all of them were read: what was read then is not an object that was created where a
// record had been removed.
func (p *Place) fetch(ctx context.Context, after int64, run []listedRecord) (sharedlog.Page, error) {
	if len(run) == 0 {
		return sharedlog.Page{}, nil
	}
	records, etags, err := p.getRecords(ctx, run)
	switch {
	case errors.Is(err, errMissing) && len(records) == 0:
		return sharedlog.Page{}, p.gone(ctx, after)
	case len(records) == 0:
		return sharedlog.Page{}, err
	}
	floor, err := p.floor(ctx)
	if err != nil {
		return sharedlog.Page{}, err
	}
	if floor > 1 && records[0].N == 0 {
		records = records[:1] // those behind it are gone, or going
	}
	if n := records[0].N; 0 < n && n < floor {
		return sharedlog.Page{}, sharedlog.ErrTrimmed
	}
	last := len(records) - 1
	p.saw(records[last], etags[last])
	return sharedlog.Page{Records: records}, nil
}

// getRecords gets the first of the records, up to one that can't be got: that one is
// the first of the next page, or there is none.
func (p *Place) getRecords(ctx context.Context, run []listedRecord) (records []sharedlog.Raw, etags []string, err error) {
	records, etags = make([]sharedlog.Raw, len(run)), make([]string, len(run))
	errs := make([]error, len(run))
	failed := len(run) // the first one that failed
	var mu sync.Mutex
	var wg sync.WaitGroup
	room := make(chan struct{}, atOnce)
	for i, r := range run {
		etags[i] = r.etag
		var known bool
		if records[i], known = p.remembered(r.n, r.etag); known {
			continue
		}
		room <- struct{}{}
		mu.Lock()
		stop := failed < i
		mu.Unlock()
		if stop {
			break
		}
		wg.Go(func() {
			defer func() { <-room }()
			data, etag, err := p.get(ctx, recordKey(r.n), requestTimeout)
			records[i], etags[i], errs[i] = sharedlog.Raw{N: r.n, Data: data}, etag, err
			if err != nil {
				mu.Lock()
				failed = min(failed, i)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if failed < len(run) {
		err = errs[failed]
	}
	return records[:failed], etags[:failed], err
}
