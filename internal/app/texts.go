package app

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"lodestone/internal/report"
	"lodestone/internal/store"
	"lodestone/lawdata/licensing"
)

// TextKinds are the texts that can be made from a recorded answer.
func TextKinds() []string { return []string{"declaration", "notice"} }

// Text makes a text for people outside from a recorded answer, as it was given: on its day and as was known then, in a language.
func (i *Instance) Text(ctx context.Context, record, kind, lang string) (report.TextDocument, error) {
	if !slices.Contains(TextKinds(), kind) {
		return report.TextDocument{}, invalid("kind", "%q is none of %v", kind, TextKinds())
	}
	d, err := i.determination(ctx, record)
	if err != nil {
		return report.TextDocument{}, unknownIf(err)
	}
	if d.Revision != i.Book.Revision {
		return report.TextDocument{}, conflict("the answer rests on another revision of the law; ask again, and make the text from the new answer")
	}
	rested, err := restedOn(&d)
	if err != nil {
		return report.TextDocument{}, err
	}
	loaded, err := i.listsAt(ctx, rested)
	if errors.Is(err, ErrOtherLists) {
		err = conflictBy(err)
	}
	if err != nil {
		return report.TextDocument{}, err
	}
	var q Question
	if err := json.Unmarshal([]byte(d.Question), &q); err != nil {
		return report.TextDocument{}, err
	}
	q.Lang = lang
	again, _, err := i.answerer.answer(&q, loaded)
	if err != nil {
		return report.TextDocument{}, err
	}
	var doc report.Determination
	if err := json.Unmarshal([]byte(again.Answer), &doc); err != nil {
		return report.TextDocument{}, err
	}
	goods, _ := i.answerer.goods(&q)
	rules, err := licensing.Rules()
	if err != nil {
		return report.TextDocument{}, err
	}
	var text report.TextDocument
	if kind == "declaration" {
		numbers, err := i.drawnOn(ctx, record)
		if err != nil {
			return text, err
		}
		text = report.Declaration(lang, &doc, goods, numbers)
	} else {
		var undertakings []string
		for _, u := range rules.Undertakings {
			undertakings = append(undertakings, u.In(lang))
		}
		text = report.Notice(lang, &doc, goods, undertakings, licenceRules(rules, lang, "within_the_licence", "new_licence"))
	}
	text.Record = record
	return text, nil
}

// drawnOn lists the numbers of the licences on which a recorded shipment is drawn.
func (i *Instance) drawnOn(ctx context.Context, record string) (numbers []string, err error) {
	of, err := i.store.DrawsOf(ctx, record)
	if err != nil {
		return nil, err
	}
	for _, x := range of {
		if x.Reverses != "" || slices.ContainsFunc(of, func(y store.Draw) bool { return y.Reverses == x.ID }) {
			continue
		}
		row, err := i.store.Licence(ctx, x.Licence)
		if err != nil {
			return nil, err
		}
		numbers = append(numbers, row.No)
	}
	return numbers, nil
}
