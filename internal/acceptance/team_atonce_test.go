package acceptance

import (
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// Two machines apply the same configuration at the same moment: everything is done
// once, and both say how it ended.
func TestTwoMachinesApplyAtOnceAndEachOrderIsShippedOnce(t *testing.T) {
	t.Parallel()
	inEachHome(t, func(t *testing.T, fresh func() home) {
		rounds := soakOr(t, "GDF_SOAK_ROUNDS", 3)
		for round := range rounds {
			orders := apiserver.Generate(uint64(2000+round), 16, apiserver.New)
			m := shippingTeam(t, fresh(), orders, shortLag, apiserver.Options{WriteDelay: func() time.Duration { return 10 * time.Millisecond }})
			first, second := m.start(patient...), m.machine().start(patient...)
			first.finishes()
			second.finishes()
			m.shippedOnce(orders)
			m.auditShared()
		}
	})
}
