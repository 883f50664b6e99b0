// Package stores starts real servers in which a state can be kept, for tests: one
// file per server. A server starts once per test program, on loopback, over a
// temporary folder, and ends with the program, however that ends. Each test gets a
// store of its own on it.
//
// `make prepare` builds or installs the servers. A test is skipped where its server
// is missing, and fails if GDF_REQUIRE_STORES is set, as make check does.
//
// Read server.go first.
package stores
