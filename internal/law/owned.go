package law

import (
	"errors"
	"fmt"

	"lodestone/internal/quant"
	"lodestone/internal/vocab"
)

// OwnershipRule is one rule by which a listing reaches those whom listed parties own, or what is pointed out where no rule speaks of a list.
type OwnershipRule struct {
	*Owned
	Norm  int         // number of the norm; -1: no norm, and what is found is pointed out and no more
	Share quant.Range // share in percent from which it reaches
}

// OwnershipRules are the rules on ownership, in the order of the norms; the one for lists that none of them names comes last.
func (b *Book) OwnershipRules() []OwnershipRule {
	var rules []OwnershipRule
	for n := range b.Norms {
		if c := &b.Norms[n]; c.Owned != nil {
			rules = append(rules, OwnershipRule{c.Owned, n, c.Share})
		}
	}
	if b.Assessed.Owned != nil {
		rules = append(rules, OwnershipRule{b.Assessed.Owned, -1, b.pointedOut})
	}
	return rules
}

// share is the share from which an ownership rule reaches.
func (o *Owned) share(v *vocab.Vocab) (quant.Range, error) {
	r, ok, err := o.Bounds.Range()
	switch {
	case err != nil:
		return r, err
	case !ok || !r.HasLow:
		return r, errors.New("a lower bound is needed: at_least or over")
	}
	if _, known := v.Term("knowledge", o.Knowledge); o.Knowledge != "" && !known {
		return r, fmt.Errorf("knowledge %q is not in vocab/uses", o.Knowledge)
	}
	return r, nil
}
