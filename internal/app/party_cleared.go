package app

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"lodestone/internal/ingest/parties"
	"lodestone/internal/party"
	"lodestone/internal/report"
	"lodestone/internal/store"
	"lodestone/internal/when"
)

// Cleared are hits that were looked into and set aside, by what they are about. A hit comes back when the name asked for, a name of the
// listing or its measure changes, and after the last day.
type Cleared map[clearedPair]clearance

// clearedPair is what a clearance is about. Names are folded.
type clearedPair struct{ query, list, name, matched, measure string }

type clearance struct {
	reason, by string
	until      when.Date
}

// ClearedColumns are the columns of a file of cleared hits; the values are those of the answer that was looked into.
var ClearedColumns = map[string][]string{
	"query": {"query"}, "list": {"list"}, "name": {"name"}, "matched_name": {"matched_name"}, "measure": {"measure"}, "reason": {"reason"}, "by": {"by"}, "until": {"until"},
}

// ReadCleared reads a file of cleared hits. Every row must say what it clears, why, by whom and until when; the error names the row that does not.
func ReadCleared(rows *parties.Rows) (Cleared, error) {
	all := Cleared{}
	for {
		row, err := rows.Next()
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		if row.Problem != nil {
			return nil, row.Problem
		}
		for _, column := range []string{"query", "list", "name", "matched_name", "reason", "by", "until"} {
			if row.Cells[column] == "" {
				return nil, fmt.Errorf("line %d: %s is empty; a hit is cleared by query, list, name, matched_name, reason, by and until", row.Line, column)
			}
		}
		until, err := when.ParseDate(row.Cells["until"])
		if err != nil {
			return nil, fmt.Errorf("line %d: until: %w", row.Line, err)
		}
		key := clearedPair{party.Folded(row.Cells["query"]), row.Cells["list"], party.Folded(row.Cells["name"]), party.Folded(row.Cells["matched_name"]), party.Folded(row.Cells["measure"])}
		all[key] = clearance{row.Cells["reason"], row.Cells["by"], until}
	}
}

// Clearing is a hit to be set aside, as the answer that was looked into has it.
type Clearing struct {
	Query, List, Name, MatchedName, Measure string
	Reason                                  string
	Until                                   when.Date
}

// maxReason bounds the reason of a clearance, in bytes.
const maxReason = 2000

// ClearHit sets a hit aside until a day, for a reason. To take that back, clear it again with a last day that has gone by.
func (i *Instance) ClearHit(ctx context.Context, by *Actor, c Clearing) error {
	switch reason := strings.TrimSpace(c.Reason); {
	case reason == "" || len(reason) > maxReason:
		return invalid("reason", "say in up to %d bytes why the hit is set aside", maxReason)
	case c.Query == "" || c.List == "" || c.Name == "" || c.MatchedName == "":
		return invalid("hit", "name query, list, name and matched name as the answer has them")
	case c.Until == 0:
		return invalid("until", "give the last day on which the hit stays set aside")
	}
	row := store.Clearance{Query: c.Query, List: c.List, Name: c.Name, MatchedName: c.MatchedName, Measure: c.Measure, Reason: strings.TrimSpace(c.Reason), Until: c.Until.String(), RecordedBy: by.Person}
	return i.store.Write(ctx, func(tx *store.Tx) error { return tx.PutClearance(&row) })
}

// cleared are the hits that were set aside here; of several clearances of one hit the newest counts.
func (i *Instance) cleared(ctx context.Context) (Cleared, error) {
	list, err := i.store.Clearances(ctx)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	people, err := i.store.People(ctx)
	if err != nil {
		return nil, err
	}
	login := map[string]string{}
	for _, p := range people {
		login[p.ID] = p.Login
	}
	all := Cleared{}
	for _, c := range list {
		until, err := when.ParseDate(c.Until)
		if err != nil {
			return nil, fmt.Errorf("clearance %s: %w", c.ID, err)
		}
		key := clearedPair{party.Folded(c.Query), c.List, party.Folded(c.Name), party.Folded(c.MatchedName), party.Folded(c.Measure)}
		all[key] = clearance{c.Reason, cmp.Or(login[c.RecordedBy], c.RecordedBy), until}
	}
	return all, nil
}

// sortOut moves the cleared hits of an answer out of its matches.
func (c Cleared) sortOut(a *report.PartyAnswer, day when.Date) {
	if len(c) == 0 {
		return
	}
	kept := a.Matches[:0]
	for _, m := range a.Matches {
		key := clearedPair{party.Folded(a.Query), m.List, party.Folded(m.Name), party.Folded(m.MatchedName), party.Folded(m.Measure)}
		x, ok := c[key]
		if !ok || day > x.until {
			kept = append(kept, m)
			continue
		}
		a.Cleared = append(a.Cleared, report.PartyCleared{List: m.List, EntryID: m.EntryID, Name: m.Name, Score: m.Score, Reason: x.reason, By: x.by, Until: x.until})
	}
	a.Matches = kept
}

// Expired counts the clearances whose last day lies before a day: those hits are back.
func (c Cleared) Expired(day when.Date) (n int) {
	for _, x := range c {
		if day > x.until {
			n++
		}
	}
	return n
}

// clearedHeading is the order in which cleared hits are written.
var clearedHeading = []string{"query", "list", "name", "matched_name", "measure", "reason", "by", "until"}

// ClearHits writes the hits of answers as cleared hits, for one reason: those under a score, or all where it is 0. It says how many.
func ClearHits(name string, answers io.Reader, w io.Writer, reason, by string, until when.Date, under float64) (n int, err error) {
	out := csv.NewWriter(w)
	if err := out.Write(clearedHeading); err != nil {
		return 0, err
	}
	in := bufio.NewReader(answers)
	for line := 1; ; line++ {
		text, readErr := in.ReadBytes('\n')
		if len(bytes.TrimSpace(text)) > 0 {
			var a report.PartyAnswer
			if err := json.Unmarshal(text, &a); err != nil {
				return n, fmt.Errorf("%s: line %d: no answer of party search or screen: %w", name, line, err)
			}
			for _, m := range a.Matches {
				if under > 0 && m.Score >= under {
					continue
				}
				if err := out.Write([]string{a.Query, m.List, m.Name, m.MatchedName, m.Measure, reason, by, until.String()}); err != nil {
					return n, err
				}
				n++
			}
		}
		if readErr == io.EOF {
			out.Flush()
			return n, out.Error()
		}
		if readErr != nil {
			return n, readErr
		}
	}
}
