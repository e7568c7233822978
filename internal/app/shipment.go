package app

import (
	"hash/fnv"
	"slices"

	"lodestone/internal/fact"
	"lodestone/internal/law"
	"lodestone/internal/party"
	"lodestone/internal/report"
	"lodestone/internal/when"
)

// maxShipments bounds the shipments that are kept apart, so that memory does not grow with the file.
const maxShipments = 50_000

// shipped is what a line tells of its shipment.
type shipped struct {
	shipment, id    string
	outcome, worst  law.Outcome
	goods           uint64 // digest of exporter, receiver, goods and day
	controlledGoods bool
}

func shippedOf(it *fact.Item, outcome, worst law.Outcome, day when.Date) shipped {
	return shipped{shipment: it.Shipment, id: it.ID, outcome: outcome, worst: worst, goods: goodsOf(it, day),
		controlledGoods: worst >= law.GoodsLicence}
}

// goodsOf tells the same goods from the same exporter to the same receiver on the same day.
func goodsOf(it *fact.Item, day when.Date) uint64 {
	receiver := it.EndUser
	if receiver == "" {
		receiver = it.Consignee
	}
	h := fnv.New64a()
	for _, s := range []string{party.Folded(it.Exporter), party.Folded(receiver), it.HS, party.Folded(it.Description), day.String()} {
		h.Write([]byte(s))
		h.Write([]byte{0})
	}
	return h.Sum64()
}

// shipments joins lines of one declaration: its outcome is that of its worst line, since one controlled line holds all of it.
type shipments struct {
	list  []report.Shipment
	byID  map[string]int
	goods map[uint64]int // shipment in which goods were met first
	more  bool           // there were more than are kept
}

func (s *shipments) add(x shipped) {
	if s.byID == nil {
		s.byID, s.goods = map[string]int{}, map[uint64]int{}
	}
	i, ok := s.byID[x.shipment]
	if !ok {
		if len(s.list) >= maxShipments {
			s.more = true
			return
		}
		i = len(s.list)
		s.list = append(s.list, report.Shipment{ID: x.shipment})
		s.byID[x.shipment] = i
	}
	s.list[i].Add(x.id, x.outcome, x.worst)
	if !x.controlledGoods {
		return
	}
	first, met := s.goods[x.goods]
	switch {
	case !met:
		s.goods[x.goods] = i
	case first != i:
		s.split(first, i)
	}
}

// split notes that the same goods stand in two declarations.
func (s *shipments) split(a, b int) {
	for _, x := range [][2]int{{a, b}, {b, a}} {
		to, other := &s.list[x[0]], s.list[x[1]].ID
		if len(to.SplitWith) < maxSplit && !slices.Contains(to.SplitWith, other) {
			to.SplitWith = append(to.SplitWith, other)
		}
	}
}

// maxSplit bounds the other declarations that one names.
const maxSplit = 8
