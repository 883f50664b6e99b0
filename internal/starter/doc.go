// Package starter holds the example that a new configuration starts from: HCL
// that is formatted and runs on the built-in sandbox, and a table of shipments
// for orders that every new sandbox has. pipeline.go makes the pipelines of
// examples/ci fit a repository.
package starter
