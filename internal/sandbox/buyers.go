package sandbox

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strings"
)

// buyer is who an order is for. It is never part of the world: the buyer of a
// generated order follows from its id, that of an inserted order is kept in
// memory only.
type buyer struct {
	Email, Phone, FirstName, LastName string
	Company, Street1, Street2         string
	City, State, PostalCode, Country  string
	UserID, PaymentTransactionID      string
}

var (
	firstNames = []string{"Alex", "Sam", "Robin", "Chris", "Jamie", "Taylor", "Morgan", "Casey", "Jordan", "Zoë"}
	lastNames  = []string{"Example", "Sample", "Testman", "Placeholder", "Specimen", "O'Mock", "Dummy-Smith", "Fixture"}
	streets    = []string{"Fake Lane", "Example Street", "Sample Avenue", "Test Road", "Mockup Drive"}
	places     = []struct{ city, state, postal string }{
		{"Miami", "FL", "33172"},
		{"Providence", "RI", "02901"},
		{"Austin", "TX", "78701"},
		{"Portland", "OR", "97201"},
		{"Denver", "CO", "80202"},
		{"Columbus", "OH", "43085"},
		{"Boise", "ID", "83702"},
		{"Albany", "NY", "12207"},
	}
)

// buyerOf makes up the buyer of an order. The mail domain is reserved for
// examples and the telephone numbers for fiction.
func buyerOf(id string) buyer {
	h := fnv.New64a()
	h.Write([]byte(id))
	rng := rand.New(rand.NewPCG(h.Sum64(), 0))
	pick := func(list []string) string { return list[rng.IntN(len(list))] }
	place := places[rng.IntN(len(places))]
	b := buyer{
		Email:      strings.ToLower(identifier(rng)[:14]) + "@marketplace.example",
		Phone:      fmt.Sprintf("30555501%02d", rng.IntN(100)),
		FirstName:  pick(firstNames),
		LastName:   pick(lastNames),
		Street1:    fmt.Sprintf("%d %s", 1+rng.IntN(999), pick(streets)),
		City:       place.city,
		State:      place.state,
		PostalCode: place.postal,
		Country:    "US",
	}
	if rng.IntN(5) == 0 {
		b.Street2 = fmt.Sprintf("Apt %d", 1+rng.IntN(99))
	}
	return b
}

// BuyerMarks are pieces that the made-up buyers consist of and that are in
// nothing else, for those who look for buyers where none must be.
func BuyerMarks() []string {
	return []string{
		"@marketplace.example", "30555501", "Testman", "O'Mock", "Dummy-Smith",
		"Fake Lane", "Example Street", "Sample Avenue", "Test Road", "Mockup Drive",
	}
}

// buyer is the buyer of an order as it is served.
func (s *Sandbox) buyer(id string) buyer {
	if b, ok := s.buyers[id]; ok {
		return b
	}
	return buyerOf(id)
}
