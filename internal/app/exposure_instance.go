package app

import (
	"bytes"
	"context"
	"io"

	"lodestone/internal/law"
	"lodestone/internal/report"
	"lodestone/internal/sentence"
)

// tradeDesk answers questions of dependence for everybody, one at a time: what was read for one question serves the next.
type tradeDesk struct {
	turn     chan struct{} // held by whoever asks
	exposure *Exposure     // nil: nobody has asked yet
}

// maxFlowsKept bounds what is kept of the flows that were read; beyond it all is read again.
const maxFlowsKept = 1_000_000

func newTradeDesk() *tradeDesk { return &tradeDesk{turn: make(chan struct{}, 1)} }

// Exposure has a question of dependence answered from the carried data, with sentences in a language.
func (i *Instance) Exposure(ctx context.Context, lang string, ask func(*Exposure) error) error {
	select {
	case i.trade.turn <- struct{}{}:
		defer func() { <-i.trade.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	return i.trade.ask(i.Book, lang, ask)
}

// MaxTable bounds a supplier table, in bytes.
const MaxTable = 64 << 20

// ErrTable says that a supplier table is too large.
var ErrTable = sentence.Error("the table is larger than %d MB", MaxTable>>20)

// Company answers item by item for a supplier table that was sent.
func (i *Instance) Company(ctx context.Context, lang, name string, table io.Reader, q CompanyQuestion) (doc report.Company, err error) {
	b, err := io.ReadAll(io.LimitReader(table, MaxTable+1)) // before others wait: a sender may be slow
	if err != nil {
		return doc, err
	}
	if len(b) > MaxTable {
		return doc, ErrTable
	}
	err = i.Exposure(ctx, lang, func(e *Exposure) error {
		if doc, err = e.Company(name, bytes.NewReader(b), q); err != nil {
			return InvalidBy("table", err)
		}
		return nil
	})
	return doc, err
}

func (d *tradeDesk) ask(book *law.Book, lang string, ask func(*Exposure) error) (err error) {
	if d.exposure == nil || d.exposure.kept() > maxFlowsKept {
		if d.exposure, err = NewExposure("", book.Vocab, lang); err != nil {
			return err
		}
	}
	d.exposure.Lang = lang
	return ask(d.exposure)
}

// kept counts the flows that are held.
func (e *Exposure) kept() (n int) {
	for _, t := range e.tradeRead {
		n += len(t.All())
	}
	for _, f := range e.comextRead {
		n += len(f)
	}
	return n
}
