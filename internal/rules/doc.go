// Package rules is the catalog of fulfillment rules: what marketplaces refuse
// or punish, as pure functions from the values of a planned change to
// findings. It does no I/O and reads no clock; the caller says what time it
// is. What is known of carriers comes from package carrier.
//
// Each rule has an identifier that never changes, because people put
// it into policies and searches. docs/rules.md lists them with their reasons.
// Read shipping.go first, number.go and damage.go for tracking numbers.
package rules
