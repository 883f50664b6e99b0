package spec

// replaces takes out the wishes of blocks that another block's `replaces`
// names. A block replaces with whatever it says of the order, a bad row or a
// void one too; blocks that replace each other in a circle replace nothing.
func (c *combination) replaces() {
	by := map[string]*Wish{}     // the first wish of a block that replaces the named one
	named := map[string]string{} // what each block that says something replaces
	for _, w := range c.left {
		b := w.Origin.Combining
		if b == nil || b.Replaces == "" || b.Replaces == b.Address {
			continue
		}
		named[b.Address] = b.Replaces
	}
	if len(named) == 0 {
		return
	}
	for _, w := range c.left {
		if b := w.Origin.Combining; b != nil && named[b.Address] != "" && by[b.Replaces] == nil && !inCircle(named, b.Address) {
			by[b.Replaces] = w
		}
	}
	c.remove(StepReplaces, func(w *Wish) (*Wish, bool) {
		instead := by[w.Origin.address()]
		return instead, instead != nil
	})
}

// inCircle reports whether a block replaces one that, through whatever others,
// replaces it.
func inCircle(named map[string]string, address string) bool {
	at := address
	for range named {
		if at = named[at]; at == address {
			return true
		}
	}
	return false
}
