package app

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"lodestone/internal/ingest/tables"
	"lodestone/internal/law"
	"lodestone/internal/report"
	"lodestone/internal/when"
)

// standings writes how each row of a table stands at a point in time, a JSON line a row (report.Standing; a row that cannot be read: report.Refused).
// Days that rows state are put aside, as impact puts them. Two such files of one table have the same rows in the same order.
func (s *Screening) standings(t *tables.Table, at when.At, w io.Writer) error {
	printer, err := report.NewImpactPrinter(report.JSONL, s.Lang)
	if err != nil {
		return err
	}
	desks := make([]*desk, s.Turns.atOnce())
	for i := range desks {
		if desks[i], err = s.desk(); err != nil {
			return err
		}
		desks[i].impact = &comparing{at: at, printer: printer}
		desks[i].Reader.DecimalComma = t.DecimalComma()
	}
	l, err := s.lineOf(t, printer, desks)
	if err != nil {
		return err
	}
	rows := 0
	err = l.run(w, true, func(j *job) {
		rows += j.rows + len(j.refused)
		if s.Progress != nil {
			s.Progress(rows)
		}
	})
	if err == nil && rows > 0 {
		_, err = io.WriteString(w, "\n")
	}
	return err
}

// standAlone prints how the desk's item stands.
func (d *desk) standAlone(j *job) error {
	doc := report.Standing{ID: strings.Clone(d.item.ID), Line: d.item.Line, Product: d.product()}
	doc.Stand, _ = d.stand(d.impact.at, &d.item)
	text, err := json.Marshal(&doc)
	j.out.Write(text)
	return err
}

// stood is a row of a file of standings.
type stood struct {
	report.Standing
	Problem *struct {
		Text string `json:"text"`
	} `json:"problem"` // nil: it could be read
}

// longestStanding bounds a line of a file of standings: a row with every norm there is stays far below.
const longestStanding = 16 << 20

// standingsOf calls each with the rows of a file of standings.
func standingsOf(r io.Reader, each func(*stood) error) error {
	in := bufio.NewScanner(r)
	in.Buffer(make([]byte, 1<<16), longestStanding)
	for in.Scan() {
		if len(bytes.TrimSpace(in.Bytes())) == 0 {
			continue
		}
		var x stood
		if err := json.Unmarshal(in.Bytes(), &x); err != nil {
			return err
		}
		if err := each(&x); err != nil {
			return err
		}
	}
	return in.Err()
}

// errUnlike says that two files of standings are not of one table.
var errUnlike = errors.New("the two screenings are not of the same rows")

// turnedStandings calls each with the rows that stand otherwise in a second file of standings than in a first one of the same table. What could be read
// in one only has no outcome in the other.
func turnedStandings(book *law.Book, before, after io.Reader, from, to when.At, each func(*report.Impact, *stood) error) error {
	maker := report.Maker{Book: book}
	x, y := book.At(from), book.At(to)
	old := bufio.NewScanner(before)
	old.Buffer(make([]byte, 1<<16), longestStanding)
	err := standingsOf(after, func(now *stood) error {
		if !old.Scan() {
			return errors.Join(errUnlike, old.Err())
		}
		var was stood
		if err := json.Unmarshal(old.Bytes(), &was); err != nil {
			return err
		}
		if was.Line != now.Line {
			return errUnlike
		}
		if was.Stand.Same(&now.Stand) {
			return nil
		}
		doc := report.Impact{ID: now.ID, Line: now.Line, Product: now.Product, Changed: true, Before: was.Stand, After: now.Stand, By: maker.By(&was.Stand, &now.Stand, x, y)}
		return each(&doc, now)
	})
	if err == nil && old.Scan() {
		err = errUnlike
	}
	if err != nil {
		return fmt.Errorf("comparing with the screening before: %w", err)
	}
	return nil
}
