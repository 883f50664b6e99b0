// Package lang is the expression language of a configuration: the functions
// that expressions may call, and the evaluation of expressions, once or once for
// every row of a table.
//
// It promises three things about expressions and tables that others wrote: no
// evaluation exhausts the machine (budget.go, nesting.go, bounds.go), no
// diagnostic quotes a cell of a table (scrub.go), and the functions have the
// names and meanings that Terraform's have. Nothing here reads the network, the
// environment or the clock, except for what Options passes in.
//
// Read functions.go first, then rowexpr.go.
package lang
