// Package starter holds the example that a new configuration starts from: HCL
// that is formatted and runs on the built-in simulator, and a table of shipments
// for orders that every new simulator has. pipeline.go makes the pipelines of
// examples/ci fit a repository.
package starter
