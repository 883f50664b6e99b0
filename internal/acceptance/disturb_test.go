package acceptance

import (
	"fmt"
	"strings"
	"time"
)

// edit goes on to the configuration's next stage.
func (p *programme) edit() {
	p.note("the configuration is edited: stage %d", p.stage+1)
	p.plan = ""
	p.configure(p.stage + 1)
}

// disturb changes something between two runs, as people and machines do.
func (p *programme) disturb() {
	if p.random.IntN(6) == 0 && p.stage < stages-1 {
		p.edit() // though the stage before may not be done
	}
	for range 2 {
		p.befall()
	}
}

func (p *programme) befall() {
	switch p.random.IntN(9) {
	case 0, 1:
		p.rename([]string{"main", "shop", "store-7"}[p.random.IntN(3)])
	case 2:
		p.respell()
	case 3, 4:
		p.restore()
	case 5, 6:
		if !p.dated {
			break
		}
		p.clock = []time.Duration{0, 7 * time.Second, time.Hour, 26 * time.Hour, -10 * time.Second, -2 * time.Minute}[p.random.IntN(6)]
		p.note("the clock is wrong by %s", p.clock)
	}
}

// rename calls the account something else, at most once between runs that end
// well.
func (p *programme) rename(label string) {
	if p.renamed || label == p.label {
		return
	}
	p.note("account %s is called %s now", p.label, label)
	p.renamed, p.plan = true, ""
	p.account = settling
	p.was, p.label = p.label, label
	p.writeAccount()
}

// wayBack does what the refusal of a renamed account asks for.
func (p *programme) wayBack() {
	if p.random.IntN(2) == 0 {
		p.note("it is called %s again", p.was)
		p.label = p.was
	} else {
		p.note("it was formerly %s", p.was)
		p.account = fmt.Sprintf("  formerly = %q\n", p.was) + settling
	}
	p.writeAccount()
}

// respell writes the API's address in another way.
func (p *programme) respell() {
	_, port, _ := strings.Cut(strings.TrimPrefix(p.api.URL, "http://"), ":")
	spellings := []string{p.api.URL, p.api.URL + "/", "HTTP://127.0.0.1:" + port, "http://localhost:" + port, "http://LOCALHOST:" + port + "/"}
	p.endpoint = spellings[p.random.IntN(len(spellings))]
	p.note("the endpoint is %s", p.endpoint)
	p.plan = ""
}

// restore puts an older state back: what it does not know, calls with unknown
// outcomes among it, stands in the journal or the audit log.
func (p *programme) restore() {
	if len(p.copies) == 0 {
		return
	}
	i := p.random.IntN(len(p.copies) + 1)
	old := stateName + ".backup"
	if i == len(p.copies) && p.exists(old) {
		old = p.read(old)
	} else {
		old = p.copies[min(i, len(p.copies)-1)]
	}
	p.write(stateName, old)
	p.last = p.stateHolds()
	p.note("the state of serial %d is put back", p.last.Serial)
}
