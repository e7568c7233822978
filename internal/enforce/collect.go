package enforce

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"lodestone/internal/problem"
	"lodestone/internal/when"
)

// Collected says how a record came into a collection. Records of two frames cannot be compared over time.
type Collected struct {
	Frame     string     `json:"frame"` // office, months searched and method, by the name of the collection
	FirstSeen when.Date  `json:"first_seen"`
	LastSeen  when.Date  `json:"last_seen"`
	Withdrawn *when.Date `json:"withdrawn"`
}

// Known says whether a record stood in the collection on a day; the zero day means now. A record of no collection always does.
func (r *Record) Known(by when.Date) bool {
	c := r.Collected
	if c == nil || by == 0 {
		return c == nil || c.Withdrawn == nil
	}
	return c.FirstSeen <= by && (c.Withdrawn == nil || *c.Withdrawn > by)
}

// ReadRecord reads a record as the labelled set and enforcement read print it. An unknown key, or a word that is in no list, is refused.
func ReadRecord(line []byte) (Record, error) {
	var r Record
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return r, err
	}
	if r.ID == "" {
		return r, fmt.Errorf("the record has no id")
	}
	return r, r.checkWords()
}

// checkWords refuses a word that is in no list, with what was probably meant.
func (r *Record) checkWords() error {
	type word struct {
		field, value string
		list         []string
	}
	words := []word{{"record_type", r.RecordType, RecordTypes}, {"direction", r.Direction, Directions}, {"item_class", r.ItemClass, Classes}}
	for _, c := range r.Conduct {
		words = append(words, word{"conduct", c, Conducts})
	}
	if r.Leniency != nil {
		words = append(words, word{"leniency", *r.Leniency, Leniencies})
	}
	for _, w := range words {
		if slices.Contains(w.list, w.value) {
			continue
		}
		if meant := problem.Nearest(w.value, w.list); meant != "" {
			return fmt.Errorf("%s: %q is none of %s; %s was probably meant", w.field, w.value, strings.Join(w.list, ", "), meant)
		}
		return fmt.Errorf("%s: %q is none of %s", w.field, w.value, strings.Join(w.list, ", "))
	}
	return nil
}

// Mask replaces the names of natural persons by 某, as records enter a collection.
func (r *Record) Mask() {
	masked := "某"
	for i := range r.Parties {
		if p := &r.Parties[i]; p.Kind == "individual" && p.Name != nil {
			p.Name = &masked
		}
	}
}

// Case is one case with the pages that tell it. The record is the fullest page, with what it lacks filled in from the others.
type Case struct {
	Record
	Pages []string `json:"pages"`        // ids of the records, the fullest first
	By    string   `json:"by,omitempty"` // what made them one: "number", "fine, value and goods"; empty for a single page
}

// Merge joins pages about one case: by the number of the decision, else by fine, value and shelf of goods. Records named in apart stay alone.
// The order of the cases is that of their first pages.
func Merge(records []Record, apart []string) []Case {
	var cases []Case
	at := map[string]int{}
	for _, r := range records {
		keys := caseKeys(&r)
		if slices.Contains(apart, r.ID) {
			keys = nil
		}
		found, by := -1, ""
		for _, k := range keys {
			if i, ok := at[k.key]; ok {
				found, by = i, k.by
				break
			}
		}
		if found < 0 {
			found = len(cases)
			cases = append(cases, Case{Record: r, Pages: []string{r.ID}})
		} else {
			cases[found].join(r, by)
		}
		for _, k := range keys {
			if _, ok := at[k.key]; !ok {
				at[k.key] = found
			}
		}
	}
	return cases
}

type caseKey struct{ key, by string }

// caseKeys are what a page of a case can be known by. Two numbers never meet by fine and value: different numbers are different cases.
func caseKeys(r *Record) (keys []caseKey) {
	if n := r.DecisionNumber; n != nil {
		plain := strings.NewReplacer("[", "〔", "]", "〕", "【", "〔", "】", "〕", "(", "〔", ")", "〕").Replace(*n)
		if head, serial, ok := strings.Cut(plain, "〕"); ok {
			plain = head + "〕" + strings.TrimLeft(serial, "0")
		}
		return []caseKey{{"number " + plain, "number"}}
	}
	if fine := r.Fine(); r.Decision() && fine != nil && r.ViolationValue != nil && r.GoodsCategory != nil {
		keys = append(keys, caseKey{fmt.Sprintf("fine %s value %s goods %s", fine, r.ViolationValue, *r.GoodsCategory), "fine, value and goods"})
	}
	return keys
}

// join adds a page to a case.
func (c *Case) join(r Record, by string) {
	c.By = by
	if fullness(&r) > fullness(&c.Record) {
		c.Pages = append([]string{r.ID}, c.Pages...)
		c.Record, r = r, c.Record
	} else {
		c.Pages = append(c.Pages, r.ID)
	}
	fill(&c.DecisionNumber, r.DecisionNumber)
	fill(&c.IssuingCustoms, r.IssuingCustoms)
	fill(&c.SupervisingCustoms, r.SupervisingCustoms)
	fill(&c.DecisionDate, r.DecisionDate)
	fill(&c.PublicationDate, r.PublicationDate)
	fill(&c.ViolationValue, r.ViolationValue)
	fill(&c.LicenceLaterObtained, r.LicenceLaterObtained)
	if len(c.LegalBasis) == 0 {
		c.LegalBasis = r.LegalBasis
	}
	if c.Leniency == nil || *c.Leniency == Unstated {
		fill(&r.Leniency, c.Leniency)
		c.Leniency, c.LeniencyEvidence = r.Leniency, r.LeniencyEvidence
	}
	if len(c.DeclarationDates) == 0 {
		c.DeclarationDates = r.DeclarationDates
	}
	if c.Penalty.Fines == nil {
		c.Penalty = r.Penalty
	}
	c.Sources = append(slices.Clone(c.Sources), r.Sources...)
}

func fill[T any](into **T, from *T) {
	if *into == nil {
		*into = from
	}
}

// fullness counts what a page tells of those things that statistics use.
func fullness(r *Record) int {
	n := len(r.LegalBasis) + len(r.DeclarationDates)
	for _, has := range []bool{r.DecisionNumber != nil, r.IssuingCustoms != nil, r.DecisionDate != nil, r.ViolationValue != nil, r.Penalty.Fines != nil, r.Leniency != nil} {
		if has {
			n += 2
		}
	}
	return n
}
