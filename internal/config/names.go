package config

import "slices"

// Blocks lists the addresses of the blocks that want something of orders, sorted.
func (c *Config) Blocks() []string {
	blocks := make([]string, 0, c.orders.Len()+len(c.batches)+len(c.standing))
	for w := range c.orders.All() {
		blocks = append(blocks, w.Origin.String())
	}
	for _, b := range c.batches {
		blocks = append(blocks, b.origin.String())
	}
	for _, s := range c.standing {
		blocks = append(blocks, s.Origin.String())
	}
	for _, b := range c.created {
		blocks = append(blocks, b.origin.String())
	}
	slices.Sort(blocks)
	return blocks
}

// Variables lists the variables that are declared, sorted.
func (c *Config) Variables() []string {
	if c.base == nil {
		return nil
	}
	declared, ok := c.base.Variables["var"]
	if !ok || !declared.Type().IsObjectType() {
		return nil
	}
	return sortedKeys(declared.Type().AttributeTypes())
}
