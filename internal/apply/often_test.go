//go:build !race

package apply_test

const (
	// faultSeeds is with how many seeds each kind of fault at many calls is tested.
	faultSeeds = 4
	// courses is how many courses are played, if that is not as rapid has it.
	courses = ""
	// accounts is how many accounts are worked through side by side.
	accounts = 50
	// manyOrders is how many orders are shipped with a store that is far away.
	manyOrders = 4000
)
