// Command bench measures the program as its users run it, and writes what it
// found into docs/performance.md, and what agents cost into docs/scale.md,
// between two marks; the prose around them stays.
//
//	go run ./internal/bench [-long] [-quick] [-run REGEXP]
//
// It builds gdfctl, makes up tables, blocks and orders, and runs gdfctl as a
// process against `gdfctl sandbox` in another one, or against the acceptance
// tests' server. Wall time, CPU time and peak memory are the kernel's (Rusage),
// calls are those of the server's ledger. The measurements are compared with the
// goals; a goal that is missed is marked, and fails nothing: the machine may
// have been busy. A command that fails, or a ledger that shows another number
// of changes than were wanted, ends it with 1.
//
// With -quick everything has a hundredth of its size, stores are near, nothing is judged and
// nothing is written: that the measuring itself still works is seen within
// seconds.
//
// With -long it measures what takes more than half an hour, and has its own place in
// the document.
//
// main.go lists what is measured; place.go and server.go are the two sides of a
// run; report.go writes.
package main
