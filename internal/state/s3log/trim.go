package s3log

import (
	"context"
	"fmt"
)

// floor is the lowest number behind 0 of which no record was ever removed: what
// Trim was called with most, or 0.
//
// Of those who trim, one that stopped for long can write a number that is lower
// than the newest one. So there is an object for each, and the highest one counts.
func (p *Place) floor(ctx context.Context) (int64, error) {
	floors, err := p.floors(ctx)
	if err != nil || len(floors) == 0 {
		return 0, err
	}
	return floors[len(floors)-1], nil
}

func (p *Place) floors(ctx context.Context) ([]int64, error) {
	objects, err := p.listAll(ctx, trimmedPrefix)
	var floors []int64
	for _, o := range objects {
		if n, ok := numberOfFloor(o.name); ok {
			floors = append(floors, n)
		}
	}
	return floors, err
}

// Trim implements sharedlog.Place.
func (p *Place) Trim(ctx context.Context, before int64) error {
	floor, err := p.floor(ctx)
	if err != nil {
		return err
	}
	if before <= 1 {
		return nil
	}
	if floor < before {
		kept, err := p.listRecords(ctx, before)
		if err != nil {
			return err
		}
		if len(kept) == 0 || kept[0].n != before {
			return fmt.Errorf("%s: records can't be removed before record %d, which is not there", p, before)
		}
		if err := p.write(ctx, floorKey(before), nil, requestTimeout); err != nil {
			return err // nothing is removed before everybody can know
		}
	}
	before = max(before, floor) // what an earlier Trim did not come to
	if err := p.removeRecords(ctx, before); err != nil {
		return err
	}
	return p.removeMarks(ctx, before)
}

// removeRecords removes the records 1 to before-1 one after the other, from the lowest
// number up. The first one that can't be removed ends it, so that those that are left
// have no gap. The next Trim begins with the lowest one again, and removes also what
// was created where records had been.
func (p *Place) removeRecords(ctx context.Context, before int64) error {
	for behind := numbered(0); ; {
		objects, err := p.list(ctx, logPrefix, behind, listPage)
		if err != nil || len(objects) == 0 {
			return err
		}
		for _, o := range objects {
			n, ok := numberOfRecord(o.name)
			if n >= before {
				return nil
			}
			if !ok {
				continue
			}
			if err := p.remove(ctx, recordKey(n)); err != nil {
				return err
			}
		}
		behind = objects[len(objects)-1].name
	}
}

// removeMarks removes what speaks of records that are gone. The number before the
// newest one stays, for a listing that began before that was written.
func (p *Place) removeMarks(ctx context.Context, before int64) error {
	markers, err := p.listAll(ctx, snapshotPrefix)
	if err != nil {
		return err
	}
	for _, m := range markers {
		if at, ok := positionOfMarker(m.name); ok && at.N < before {
			if err := p.remove(ctx, snapshotPrefix+m.name); err != nil {
				return err
			}
		}
	}
	floors, err := p.floors(ctx)
	for i := 0; err == nil && i < len(floors)-2; i++ {
		err = p.remove(ctx, floorKey(floors[i]))
	}
	return err
}
