// Package lang is the expression language of a configuration: the functions
// that expressions may call, and the evaluation of expressions, once or once for
// every row of a table.
//
// It promises three things about expressions and tables that others wrote: no
// evaluation takes the machine down (budget.go, nesting.go, bounds.go), no
// diagnostic quotes a cell of a table (scrub.go), and the functions have the
// names and meanings that Terraform's have. Nothing here reads the network, the
// environment or the clock, but for what Options hands in.
//
// Read functions.go first, then rowexpr.go.
package lang
