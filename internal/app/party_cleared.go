package app

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"

	"lodestone/internal/ingest/parties"
	"lodestone/internal/party"
	"lodestone/internal/report"
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
