package acceptance

import "testing"

// tableCases are exports as shipping software and marketplaces write them.
var tableCases = []heldCase{}

func TestTablesAsTheyAreExported(t *testing.T) { runCases(t, tableCases) }
