package agent

import (
	"fmt"
	"strconv"
	"time"

	"github.com/gdfctl/gdfctl/internal/report"
)

// hastened is by how much the times of an agent are shorter than what is promised. Only
// tests build the program so: -ldflags '-X …/internal/agent.hastened=60'. Neither the
// environment nor a flag can do it.
var hastened string

// timing is how long an agent takes, and waits.
type timing struct {
	look    time.Duration // between two looks at what is due
	slice   time.Duration // of a run
	job     time.Duration // longer: a slice, one call, and a margin
	rescue  time.Duration // longer: a slice that takes so long is lost
	lock    time.Duration // that a slice waits for another run to end
	place   time.Duration // that a job waits for a place here, before others may take it
	turn    time.Duration // that a slice sends, before it gives way to others that get no place
	aside   time.Duration // that it leaves its place to them then
	late    time.Duration // more than that after its time, a run is caught up
	retries [2]time.Duration
	soft    time.Duration // that slices have to end
	poll    time.Duration
	away    time.Duration // an agent that was not seen for so long is not running
	dead    time.Duration // and then others do what it was doing

	fetch time.Duration // between two looks at a repository
	again time.Duration // a refused commit is looked at again: a key can be added to the file of signers
	stale time.Duration // without a fetch for longer, people should know
}

func newTiming() timing {
	by := time.Duration(1)
	if hastened != "" {
		n, err := strconv.Atoi(hastened)
		if err != nil || n < 1 {
			panic(fmt.Sprintf("built with hastened=%s: not a factor", hastened))
		}
		by = time.Duration(n)
	}
	return timing{
		look: 5 * time.Second / by, slice: 5 * time.Minute / by, job: 7 * time.Minute / by, rescue: 8 * time.Minute / by, lock: 4 * time.Minute / by, place: 2 * time.Second / by, turn: 2 * time.Minute / by, aside: 10 * time.Second / by,
		late: time.Minute / by, retries: [2]time.Duration{30 * time.Second / by, 2 * time.Minute / by}, soft: 12 * time.Second, poll: time.Second / by, away: 30 * time.Second / by,
		fetch: time.Minute / by, again: 10 * time.Minute / by, stale: report.ConfigStale / by,
		dead: time.Minute / by,
	}
}

// attempts is how often a run is tried.
const attempts = 3
