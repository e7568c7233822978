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
	q := i.partyQuestion(on, today, lang, asked)
	var err error
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

// PartyLists are the lists that names are looked for on.
func (i *Instance) PartyLists(today when.Date, lang string) []report.PartyList {
	return i.lists().parties(today, lang).Lists()
}

func (i *Instance) partyQuestion(on, today when.Date, lang string, asked NamesAsked) *PartyQuestion {
	return &PartyQuestion{Parties: i.lists().parties(today, lang), At: when.At{Effective: on, KnownBy: i.Book.Assessed.Horizon}, Threshold: asked.Threshold, Limit: asked.Limit}
}

// screenNames answers the names of an uploaded file.
func (i *Instance) screenNames(u *Upload, name string, in io.Reader, w io.Writer, progress func(int)) (PartySummary, error) {
	rows, done, err := tables.OpenNamed(name, in, PartyColumns, "name", "query")
	if err != nil {
		return PartySummary{}, err
	}
	defer done()
	q := i.partyQuestion(u.On, u.On, u.Lang, *u.Names)
	q.At.KnownBy, q.Turns, q.Progress = u.KnownBy, i.turns(), progress
	return q.Screen(rows, w, nil)
}
