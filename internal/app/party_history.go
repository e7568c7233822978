package app

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"

	"lodestone/internal/party"
	"lodestone/internal/report"
	"lodestone/internal/when"
)

// historyFile keeps, in a folder of lists, what each refresh changed. Its name begins with a dot, so that it is not taken for a list.
const historyFile = ".history.jsonl"

// listingKey tells the listings of a file apart: by the list's own number, else by the primary name.
type listingKey struct{ list, id string }

func keyOf(p *party.Party) listingKey {
	if p.ID != "" {
		return listingKey{p.List, "#" + p.ID}
	}
	return listingKey{p.List, party.Folded(p.Names[0].Text)}
}

// changesBetween compares two states of a list, in the order of the names.
func changesBetween(old, fresh []party.Party, file string, on when.Date) []report.PartyChange {
	before := map[listingKey]*party.Party{}
	for i := range old {
		before[keyOf(&old[i])] = &old[i]
	}
	var changes []report.PartyChange
	say := func(change string, p *party.Party, what []string) {
		changes = append(changes, report.PartyChange{On: on, File: file, Change: change, List: p.List, EntryID: p.ID, Name: p.Names[0].Text, What: what})
	}
	seen := map[listingKey]bool{}
	for i := range fresh {
		p := &fresh[i]
		key := keyOf(p)
		was := before[key]
		switch {
		case seen[key]: // another row of the same listing
		case was == nil:
			say("added", p, nil)
		default:
			if what := fieldsThatDiffer(was, p); what != nil {
				say("changed", p, what)
			}
		}
		seen[key] = true
	}
	for i := range old {
		if key := keyOf(&old[i]); !seen[key] {
			seen[key] = true
			say("removed", &old[i], nil)
		}
	}
	slices.SortStableFunc(changes, func(a, b report.PartyChange) int {
		return cmp.Or(cmp.Compare(a.Change, b.Change), cmp.Compare(a.Name, b.Name), cmp.Compare(a.EntryID, b.EntryID))
	})
	return changes
}

func fieldsThatDiffer(a, b *party.Party) (what []string) {
	for _, x := range []struct {
		name string
		a, b any
	}{
		{"names", a.Names, b.Names}, {"type", a.Type, b.Type}, {"countries", a.Countries, b.Countries}, {"born", a.Born, b.Born}, {"identifiers", a.Identifiers, b.Identifiers},
		{"measure", a.Measure, b.Measure}, {"listed", a.Listed, b.Listed}, {"ended", a.Ended, b.Ended},
	} {
		if !reflect.DeepEqual(x.a, x.b) {
			what = append(what, x.name)
		}
	}
	return what
}

// appendHistory adds changes to the history of a folder.
func appendHistory(dir string, changes []report.PartyChange) (err error) {
	if len(changes) == 0 {
		return nil
	}
	f, err := os.OpenFile(filepath.Join(dir, historyFile), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for i := range changes {
		if err = e.Encode(&changes[i]); err != nil {
			break
		}
	}
	return errors.Join(err, w.Flush(), f.Sync(), f.Close())
}

// PartyHistory calls each with the changes that a folder of lists has seen, oldest first; with a name only those of listings whose primary name it may
// be. The error names the line that cannot be read.
func PartyHistory(dir, name string, threshold float64, each func(*report.PartyChange) error) error {
	path := filepath.Join(dir, historyFile)
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%s: no refresh has changed a list in this folder", dir)
	}
	if err != nil {
		return err
	}
	defer f.Close()
	var c party.Comparer
	in := bufio.NewReader(f)
	for line := 1; ; line++ {
		text, err := in.ReadBytes('\n')
		if err == io.EOF && len(text) == 0 {
			return nil
		}
		if err != nil && err != io.EOF {
			return err
		}
		var change report.PartyChange
		if err := json.Unmarshal(text, &change); err != nil {
			return fmt.Errorf("%s: line %d: %w; mend the line or take it out", path, line, err)
		}
		if name != "" {
			if score, _ := c.Compare(name, change.Name); score < threshold {
				continue
			}
		}
		if err := each(&change); err != nil {
			return err
		}
	}
}
