package sandbox

import "time"

// Sample is one of the fixed orders of the world of seed 0.
type Sample struct {
	ID          string
	Source      string
	Number      string        // the marketplace's
	Status      string        // StatusNew or StatusProcessing
	OrderNumber string        // the seller's; empty while the order is new
	Age         time.Duration // since the marketplace took it, when the world is created
}

// Samples are the first orders of the world of seed 0, in the order of their
// age. Examples may rely on them.
func Samples() []Sample {
	return []Sample{
		{"tHbuSCBLMHNXP0VIYiycumodmWyfG6pj", "Amazon", "112-1234567-1234567", StatusNew, "", 2 * hour},
		{"Qm7xKd2RvZ0aTnW5yHc9LsEu3BfJ8gPi", "Amazon", "112-7654321-7654321", StatusNew, "", 3 * hour},
		{"w4NfYb8LqJt1XoS6mRkD0zGv7PcA5hEu", "Amazon", "113-2468013-5791357", StatusProcessing, "SO-10001", 5 * hour},
		{"Z9cTgV3iMxB6eHpK1nQy8WdR5sLa2uFo", "Walmart", "200011223344556", StatusNew, "", 6 * hour},
		{"aD5rUj0PzLw7SvC2kXt4NqGy9EhM6bIf", "Walmart", "200012233445567", StatusProcessing, "SO-10002", 9 * hour},
		{"H2oWn6FsRk8YbQe3TiVm1ZxJ7gLp0uCd", "eBay", "07-11223-34455", StatusNew, "", 11 * hour},
		{"e7XvLq4GyTa9NcKz2MwPj6RhB0sUd5Fi", "eBay", "07-22334-45566", StatusProcessing, "SO-10003", 14 * hour},
		{"L1pHs8ZuEo5VxDb3CtQn0JkY6mWg7RfA", "Amazon", "114-1357913-2468024", StatusProcessing, "SO-10004", 20 * hour},
		{"yB6kTf2NwXr0GzPa9MvSe4LhQ7cJi1Uo", "Walmart", "200013344556678", StatusProcessing, "SO-10005", 26 * hour},
		{"R3jCm9VdIq1KsWb5FxYt7ZpHu0EnL8gA", "eBay", "07-33445-56677", StatusNew, "", 30 * hour},
	}
}

func (g generator) sample(serial uint64, s Sample, now time.Time) *order {
	rng := g.rng(streamOrder, serial)
	o := &order{ID: s.ID, Serial: serial, Source: s.Source, Number: s.Number}
	g.goods(rng, o)
	g.dates(rng, o, now.Add(-s.Age))
	o.Actual = values{Status: s.Status, SourceStatus: s.Status, OrderNumber: s.OrderNumber}
	return o
}
