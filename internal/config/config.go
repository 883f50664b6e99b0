package config

import (
	"os"

	"github.com/hashicorp/hcl/v2"

	"github.com/gdfctl/gdfctl/internal/diag"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// Config is what the files of one directory say, and the tables that they name,
// which are not read yet.
type Config struct {
	spec.Config

	// Files holds the sources by name, for the lines that are shown with
	// diagnostics.
	Files map[string]*diag.Source

	root     *os.Root
	base     *hcl.EvalContext // var, local and functions
	orders   spec.Pile        // what the order blocks wish
	batches  []*batchBlock
	standing []*standingBlock
	created  []*newOrdersBlock

	lookForBuyers func(file string) bool // nil: nowhere
	buyers        []spec.BuyerTable      // found by the reading that goes on
}

// Close releases the directory. The configuration's tables can't be read
// after that.
func (c *Config) Close() error {
	if c.root == nil {
		return nil
	}
	return c.root.Close()
}

// Empty reports whether the configuration wishes nothing of any order.
func (c *Config) Empty() bool {
	return c.orders.Len() == 0 && len(c.batches)+len(c.standing)+len(c.created) == 0
}
