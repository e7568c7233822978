package app

import (
	"context"
	"fmt"
	"io"

	"lodestone/internal/ingest/tables"
	"lodestone/internal/party"
	"lodestone/internal/report"
	"lodestone/internal/when"
)

// SearchParties looks for names on the lists that the law carries, as they stand on a day; hits that were set aside here stand apart. Today is the day
// from which the age of lists counts.
func (i *Instance) SearchParties(ctx context.Context, queries []party.Query, on, today when.Date, lang string, asked NamesAsked) ([]report.PartyAnswer, error) {
	if asked.Threshold == 0 {
		asked.Threshold = party.DefaultThreshold
	}
	q, err := i.partyQuestion(ctx, on, today, lang, asked)
	if err != nil {
		return nil, err
	}
	if q.Cleared, err = i.cleared(ctx); err != nil {
		return nil, err
	}
	c := q.counter()
	docs := make([]report.PartyAnswer, len(queries))
	for n, query := range queries {
		docs[n] = c.answer(query)
		docs[n].ID = fmt.Sprint(n + 1)
	}
	return docs, nil
}

// PartyLists are the lists that names are looked for on: those of the law, and those that were loaded.
func (i *Instance) PartyLists(ctx context.Context, today when.Date, lang string) ([]report.PartyList, error) {
	all := i.lawLists().parties(today, lang).Lists()
	rows, err := i.store.PartyLists(ctx)
	for _, l := range standing(rows) {
		all = append(all, listOf(&l, today))
	}
	return all, err
}

// partyQuestion asks the lists of the law and those that are loaded now.
func (i *Instance) partyQuestion(ctx context.Context, on, today when.Date, lang string, asked NamesAsked) (*PartyQuestion, error) {
	loaded, err := i.listsNow(ctx)
	return i.questionOn(loaded, on, today, lang, asked), err
}

func (i *Instance) questionOn(loaded *loadedLists, on, today when.Date, lang string, asked NamesAsked) *PartyQuestion {
	p := i.lawLists().parties(today, lang)
	if loaded != nil {
		p.beside, p.notes = loaded.index, append(p.notes, loaded.notes(today, lang)...)
	}
	return &PartyQuestion{Parties: p, At: when.At{Effective: on, KnownBy: i.Book.Assessed.Horizon}, Threshold: asked.Threshold, Limit: asked.Limit}
}

// screenNames answers the names of an uploaded file.
func (i *Instance) screenNames(ctx context.Context, u *Upload, name string, in io.Reader, w io.Writer, progress func(int)) (PartySummary, error) {
	rows, done, err := tables.OpenNamed(name, in, PartyColumns, "name", "query")
	if err != nil {
		return PartySummary{}, inputError{err}
	}
	defer done()
	loaded, err := i.listsAt(ctx, u.Lists)
	if err != nil {
		return PartySummary{}, inputErrorIf(err, ErrOtherLists)
	}
	q := i.questionOn(loaded, u.On, u.On, u.Lang, *u.Names)
	q.At.KnownBy, q.Turns, q.Progress = u.KnownBy, i.turns(), progress
	sum, err := q.Screen(rows, w, nil)
	return sum, asInputError(err)
}
