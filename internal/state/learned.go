package state

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"
)

// Learned is what gdfctl found out about the API. It is a help and no fact of
// orders: nothing depends on it but the number of calls, and no plan grows stale
// when it changes.
type Learned struct {
	files    FS
	path     string
	accounts map[string]map[string]LearnedAccount
}

// LearnedAccount is what is known of the API as one account sees it. Zero
// values are not known.
type LearnedAccount struct {
	PageCap     int           `json:"page_cap,omitempty"`     // the most orders that a page holds, whatever is asked for
	ListOrder   ListOrder     `json:"list_order,omitempty"`   // how listings are sorted
	DateField   DateField     `json:"date_field,omitempty"`   // the date that listings are filtered by
	ClockOffset time.Duration `json:"clock_offset,omitempty"` // how much the API's clock is ahead of this machine's
	At          time.Time     `json:"at,omitzero"`            // when it was found out
}

// ListOrder is how listings of orders are sorted.
type ListOrder string

// The orders of listings, by the date that they are filtered by.
const (
	OldestFirst ListOrder = "oldest_first"
	NewestFirst ListOrder = "newest_first"
)

// DateField is one of an order's dates.
type DateField string

// The dates that listings may be filtered by: the API's reference doesn't say
// by which they are.
const (
	DateCreatedInSource      DateField = "created_in_source"
	DateCreatedInDestination DateField = "created_in_destination"
)

const learnedMember = "learned"

// LoadLearned reads what was learned. A file that is missing or can't be read is
// as good as an empty one; a Notice says so where it is there.
func LoadLearned(path string) (*Learned, []Notice) {
	l := &Learned{files: OS{}, path: path}
	var notices []Notice
	data, there, err := readAll(l.files, path)
	if err == nil && there {
		err = l.decode(data)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		notices = []Notice{{path, fmt.Sprintf("it can't be read and is left out of account: %v", err)}}
	}
	if l.accounts == nil {
		l.accounts = map[string]map[string]LearnedAccount{}
	}
	return l, notices
}

func (l *Learned) decode(data []byte) error {
	var members feedsMembers
	if err := json.Unmarshal(data, &members); err != nil {
		return err
	}
	if own, ok := members[learnedMember]; ok {
		return json.Unmarshal(own, &l.accounts)
	}
	return nil
}

// Account returns what is known of an account, if anything is.
func (l *Learned) Account(endpoint, account string) (LearnedAccount, bool) {
	a, ok := l.accounts[endpoint][account]
	return a, ok
}

// SetAccount replaces what is known of an account. Save keeps it.
func (l *Learned) SetAccount(endpoint, account string, a LearnedAccount) {
	if l.accounts[endpoint] == nil {
		l.accounts[endpoint] = map[string]LearnedAccount{}
	}
	a.At = utc(a.At)
	l.accounts[endpoint][account] = a
}

// Save keeps what was learned beside the file's other members.
func (l *Learned) Save() error {
	own, err := json.Marshal(l.accounts)
	if err != nil {
		return err
	}
	err = updateFeeds(l.files, l.path, func(members feedsMembers) error {
		members[learnedMember] = own
		return nil
	})
	if err != nil {
		return fmt.Errorf("saving what was learned of the API: %w", err)
	}
	return nil
}
