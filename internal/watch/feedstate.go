package watch

// FeedState is the worst that the rules of all watches say of a feed.
type FeedState string

// The states of a feed.
const (
	FeedOK      FeedState = "ok"
	FeedFailing FeedState = "failing"
	FeedUnknown FeedState = "unknown"
)

// FeedStates is the state of each feed that a watch means, by account and ID.
func (r *Report) FeedStates() func(account, id string) FeedState {
	type feed struct{ account, id string }
	states := map[feed]FeedState{}
	for i := range r.Results {
		res := &r.Results[i]
		at := feed{res.Account, res.FeedID}
		switch {
		case res.Fails():
			states[at] = FeedFailing
		case res.Outcome == Unknown && states[at] == "":
			states[at] = FeedUnknown
		}
	}
	return func(account, id string) FeedState {
		if state, known := states[feed{account, id}]; known {
			return state
		}
		return FeedOK
	}
}
