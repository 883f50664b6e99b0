package order

import "strings"

// SourceKey is the form in which names of marketplaces are compared: without
// case and outer space.
func SourceKey(source string) string { return strings.ToLower(strings.TrimSpace(source)) }
