package enforce

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Published is a file of figures that others have published.
type Published struct {
	About   string            `json:"about"`
	Reports []PublishedReport `json:"reports"`
	Others  json.RawMessage   `json:"other_reports"` // figures that make no claims of this layout; not audited
}

// PublishedReport is one publication with its claims.
type PublishedReport struct {
	ID     string  `json:"id"`
	Claims []Claim `json:"claims"`
}

// Claim is one printed figure and what it relates to.
type Claim struct {
	ID         string   `json:"id"`
	Period     string   `json:"period"`
	Measure    string   `json:"measure"` // decisions, share, growth, fine_to_value
	Value      Number   `json:"value"`
	Unit       string   `json:"unit"`
	Group      string   `json:"group"`
	PartOf     string   `json:"part_of"`
	Partial    bool     `json:"partial"`
	Of         Names    `json:"of"`
	Over       string   `json:"over"`
	OverPeriod string   `json:"over_period"`
	Decimals   int      `json:"decimals"`
	MeanOf     []string `json:"mean_of"`
	Note       string   `json:"note"`
}

// Names is one name or several.
type Names []string

// UnmarshalJSON reads a text, a list of texts, or null.
func (n *Names) UnmarshalJSON(b []byte) error {
	var one *string
	if err := json.Unmarshal(b, &one); err == nil {
		if one != nil {
			*n = Names{*one}
		}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(n))
}

// mostDecisions bounds the counts of a file: the audit tries numbers one by one.
const mostDecisions = 100000

// CheckPublished refuses a file whose claims refer to claims that are not there, or that are counts without being whole.
func (p *Published) CheckPublished() error {
	for _, r := range p.Reports {
		ids := map[string]string{} // measure by id
		for _, c := range r.Claims {
			if _, twice := ids[c.ID]; twice || c.ID == "" {
				return fmt.Errorf("report %s: claim %q is there twice, or has no id", r.ID, c.ID)
			}
			ids[c.ID] = c.Measure
		}
		for _, c := range r.Claims {
			if c.Measure == "decisions" && (c.Value.Sign() < 0 || !c.Value.Rat().IsInt()) {
				return fmt.Errorf("report %s, claim %s: %s is no number of decisions", r.ID, c.ID, c.Value)
			}
			if c.Measure == "decisions" && c.Value.Rat().Cmp(whole(mostDecisions)) > 0 {
				return fmt.Errorf("report %s, claim %s: %s decisions; at most %d are audited", r.ID, c.ID, c.Value, mostDecisions)
			}
			if c.Decimals < 0 || c.Decimals > 3 {
				return fmt.Errorf("report %s, claim %s: %d decimals; 0 to 3 are read", r.ID, c.ID, c.Decimals)
			}
			for i, ref := range slices.Concat([]string{c.PartOf, c.Over}, c.MeanOf) {
				measure, ok := ids[ref]
				if !ok && (ref != "" || i > 1) {
					return fmt.Errorf("report %s, claim %s refers to %q, which is no claim of the report", r.ID, c.ID, ref)
				}
				if i == 0 && ref != "" && measure != "decisions" {
					return fmt.Errorf("report %s, claim %s is part of %s, which is no number of decisions", r.ID, c.ID, ref)
				}
			}
		}
	}
	return nil
}
