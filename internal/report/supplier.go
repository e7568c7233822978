package report

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// SupplierCount is how much there is to ask of a supplier.
type SupplierCount struct {
	Name  string `json:"name"` // empty: the lines name none
	Lines int    `json:"lines"`
	Asks  int    `json:"asks"`
}

// supplierCounts counts questions by supplier. Those who answer lines share it.
type supplierCounts struct {
	mu     sync.Mutex
	counts map[string]*SupplierCount
}

// maxSuppliers bounds the suppliers that are kept apart; further ones are counted with those that are not named.
const maxSuppliers = 10_000

func (c *supplierCounts) add(d *Determination) {
	if len(d.Asks) == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.counts == nil {
		c.counts = map[string]*SupplierCount{}
	}
	for i := range d.Asks {
		name := d.Asks[i].Supplier
		x := c.counts[name]
		if x == nil && len(c.counts) >= maxSuppliers {
			name = ""
			x = c.counts[name]
		}
		if x == nil {
			name = strings.Clone(name)
			x = &SupplierCount{Name: name}
			c.counts[name] = x
		}
		x.Asks++
		if !slices.ContainsFunc(d.Asks[:i], func(a Ask) bool { return a.Supplier == d.Asks[i].Supplier }) {
			x.Lines++
		}
	}
}

// list is the counts, the most lines first; what names no supplier comes last.
func (c *supplierCounts) list() []SupplierCount {
	var list []SupplierCount
	for _, x := range c.counts {
		list = append(list, *x)
	}
	slices.SortFunc(list, func(a, b SupplierCount) int {
		if (a.Name == "") != (b.Name == "") {
			return cmp.Compare(b.Name, a.Name)
		}
		return cmp.Or(cmp.Compare(b.Lines, a.Lines), cmp.Compare(a.Name, b.Name))
	})
	return list
}
