// Package acceptance checks the promises that gdfctl makes to its users with
// the real program: the binary is built once and run as a process, against a
// server of the API that was written from the API's documents alone
// (package apiserver), with files, signals and a clock as they are.
//
// Each test is named for a promise. What happened is never taken from the
// program's own words but from the server's ledger; after every test, the
// server must have no complaint about an undocumented call, and no output and
// no file may hold a key, a token or anything of a buyer.
//
// A journey (course_test.go) is a world in which each order is to go through
// several changes, one after the other; the random kills (kill_test.go,
// programme_test.go, disturb_test.go) interrupt its runs. Read those first.
//
// A team (team_test.go) is several machines that share a state, in each kind of
// store, with a program whose leases are shorter. The stores are in team_homes_test.go,
// and what befalls them in team_ill_test.go.
//
// Agents (agent_test.go) are processes that run schedules by themselves. agent_runs_test.go reads
// their databases, and agent_market_test.go lets new orders come in. A fleet (fleet_test.go) is many
// workspaces on several machines over one PostgreSQL.
//
// These variables change a run:
//
//	GDF_SOAK_KILLS         how many runs the random kills interrupt (default 150; 25 with -short)
//	GDF_SOAK_SEED          the seed of the random choices (default: from the clock; it is printed)
//	GDF_SOAK_ROUNDS        how often each test of several machines is played (default 1 to 3)
//	GDF_SOAK_WORKSPACES    how many workspaces agents have (default 20; from 200 on all tests of agents have their whole sizes)
//	GDF_ACCEPTANCE_BINARY  the program to test, instead of building one
package acceptance
