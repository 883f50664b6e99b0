package spec

import (
	"maps"
	"path"
	"slices"
	"strconv"

	"github.com/gdfctl/gdfctl/internal/rules"
)

// Source is where a policy was read, if not in the configuration that is carried out.
type Source struct {
	Dir string // another directory
	Ref string // another commit, by the name that people gave
}

// Put notes where something of the policy is written.
func (p *Policy) Put(name string, at Place) {
	if p.Places == nil {
		p.Places = map[string]Place{}
	}
	p.Places[name] = at
}

// Where says where a limit stands.
func (p *Policy) Where(limit string) string {
	at, written := p.Places[limit]
	at.File, at.Column = path.Join(p.Source.Dir, at.File), 0
	where := at.String()
	switch {
	case written && p.Source.Ref != "":
		return where + " at " + p.Source.Ref
	case written:
		return where
	case p.Source.Ref != "":
		return "the default at " + p.Source.Ref
	case p.Source.Dir != "":
		return "the default in " + p.Source.Dir
	}
	return "the default"
}

// Here is the place of a limit in the configuration that is carried out; nil if it
// stands elsewhere.
func (p *Policy) Here(limit string) *Place {
	if at, written := p.Places[limit]; written && p.Source == (Source{}) {
		return &at
	}
	return nil
}

// Raise says who may raise a limit, and how.
func (p *Policy) Raise(limit string) string {
	at, written := p.Places[limit]
	switch {
	case p.Source.Ref != "":
		return "It counts until another one is merged into " + p.Source.Ref + ": whoever may merge there can raise it, in a change of its own."
	case p.Source.Dir != "":
		return "Whoever keeps " + p.Source.Dir + " can raise it."
	case written:
		return "Whoever may change " + at.File + " can raise it, in review."
	}
	return "Whoever may change the configuration can set " + limit + " in its policy block, in review."
}

// Limit is a limit that somebody wrote: how much it allows, where it stands, and who
// may raise it.
type Limit struct {
	Most         int
	Where, Raise string
	Here         *Place // as of a policy
}

// BatchLimits bound what one batch may do: one that is beyond them sends nothing. Nil
// means that the batch has no limit of its own.
type BatchLimits struct{ MaxChanges, MaxHeld *Limit }

// LimitBatch notes a limit of a batch, which is written there.
func (p *Policy) LimitBatch(batch, limit string, most int, at Place) {
	if p.Batches == nil {
		p.Batches = map[string]BatchLimits{}
	}
	name := batch + "." + limit
	p.Put(name, at)
	l, all := &Limit{most, p.Where(name), p.Raise(name), p.Here(name)}, p.Batches[batch]
	if limit == "max_changes" {
		all.MaxChanges = l
	} else {
		all.MaxHeld = l
	}
	p.Batches[batch] = all
}

// LimitRenamed limits batches that this policy's configuration does not have like those
// of its own that another one has no more: each may be one of them under another name.
func (p *Policy) LimitRenamed(own, others []string) {
	for _, gone := range own {
		limits, limited := p.Batches[gone]
		if !limited || slices.Contains(others, gone) {
			continue
		}
		for _, batch := range others {
			if !slices.Contains(own, batch) {
				before := p.Batches[batch]
				p.Batches[batch] = BatchLimits{stricter(before.MaxChanges, limits.MaxChanges), stricter(before.MaxHeld, limits.MaxHeld)}
			}
		}
	}
}

// Strictest is the policy that is as strict as each of some, apart from limits of the
// whole plan: each of those says where it stands.
func Strictest(policies []Policy) Policy {
	all := policies[0]
	all.Rules, all.Raised, all.Batches = nil, rules.Raised{}, map[string]BatchLimits{}
	told := map[string]bool{}
	for _, p := range policies {
		all.ConfirmCancellations = all.ConfirmCancellations || p.ConfirmCancellations
		maps.Copy(all.Raised, p.Raised)
		for _, rule := range p.Rules {
			if key := rule.Name + " " + rule.Digest; !told[key] {
				told[key] = true
				all.Rules = append(all.Rules, rule)
			}
		}
		for batch, own := range p.Batches {
			before := all.Batches[batch]
			all.Batches[batch] = BatchLimits{stricter(before.MaxChanges, own.MaxChanges), stricter(before.MaxHeld, own.MaxHeld)}
		}
	}
	return all
}

func stricter(a, b *Limit) *Limit {
	if a == nil || b != nil && b.Most < a.Most {
		return b
	}
	return a
}

func limitText(l *Limit) string {
	if l == nil {
		return "none"
	}
	return strconv.Itoa(l.Most)
}
