package rule

// Spec is a condition as a law file states it: exactly one of its fields is set. Compile turns it into a Node.
// The leaves are described one by one in docs/law-format.md; each stands in a file of its own here.
type Spec struct {
	All     []Spec     `yaml:"all"`
	Any     []Spec     `yaml:"any"`
	Not     *Spec      `yaml:"not"`
	AtLeast *CountSpec `yaml:"at_least"`

	Element     *ElementSpec `yaml:"element"`
	Kind        []string     `yaml:"kind"`
	About       []string     `yaml:"about"`
	Named       []string     `yaml:"named"`
	Form        []string     `yaml:"form"`
	Param       *ParamSpec   `yaml:"param"`
	HS          []string     `yaml:"hs"`
	HSElsewhere []string     `yaml:"hs_elsewhere"`
	ControlCode []string     `yaml:"control_code"`

	Exported    []string `yaml:"exported"`
	Leaving     []string `yaml:"leaving"`
	From        []string `yaml:"from"`
	Destination []string `yaml:"destination"`
	Origin      []string `yaml:"origin"`
	MadeIn      []string `yaml:"made_in"`
	TechOrigin  []string `yaml:"tech_origin"`
	Recipient   []string `yaml:"recipient_nationality"`

	EndUse      []string `yaml:"end_use"`
	EndUserKind []string `yaml:"end_user_kind"`
	Procedure   []string `yaml:"procedure"`
	Knowledge   []string `yaml:"knowledge"`
	USLicence   []string `yaml:"us_licence_required"`

	LineValue *ValueSpec `yaml:"line_value"`

	Party    *PartySpec `yaml:"party"`
	Share    *ShareSpec `yaml:"share"`
	Contains []string   `yaml:"contains"`
	Caught   []string   `yaml:"caught"`
}

// CountSpec is "at least n of these".
type CountSpec struct {
	N  int    `yaml:"n"`
	Of []Spec `yaml:"of"`
}

// Bounds are the limits of a number: one, or two for a range; decimals as text.
type Bounds struct {
	Over    string `yaml:"over"`
	AtLeast string `yaml:"at_least"`
	Under   string `yaml:"under"`
	AtMost  string `yaml:"at_most"`
	Equals  string `yaml:"equals"`
}

// ElementSpec is an element present (no bounds), or within bounds of mass percent. In a file it may be just the symbol.
type ElementSpec struct {
	Of     string `yaml:"of"`
	Bounds `yaml:",inline"`
}

// UnmarshalYAML takes the symbol alone as well.
func (e *ElementSpec) UnmarshalYAML(decode func(any) error) error {
	if decode(&e.Of) == nil {
		return nil
	}
	e.Of = ""
	type plain ElementSpec
	return decode((*plain)(e))
}

// ValueSpec bounds what a line is worth, in a currency.
type ValueSpec struct {
	Currency string `yaml:"currency"`
	Bounds   `yaml:",inline"`
}

// ParamSpec compares a technical parameter: a number with bounds, a word, or sizes that must each be reached, largest first.
type ParamSpec struct {
	Name   string   `yaml:"name"`
	Unit   string   `yaml:"unit"`
	Is     []string `yaml:"is"`
	Sizes  []string `yaml:"sizes"`
	Bounds `yaml:",inline"`
}

// PartySpec is a stated party that is listed; an empty Measure means any measure, Lists empty any list.
type PartySpec struct {
	Lists   []string `yaml:"lists"`
	Measure string   `yaml:"measure"`
}

// ShareSpec is the share of named content in the thing, in percent by value or by mass. The content is named by Of, by Where, or by both.
type ShareSpec struct {
	Of     []string `yaml:"of"`     // groups whose norms say what the content is; empty: anything
	Where  *Spec    `yaml:"where"`  // condition that a part also meets to be counted; nil: none
	By     string   `yaml:"by"`     // value, mass
	Origin []string `yaml:"origin"` // a part counts only with this origin; empty: any
	Bounds `yaml:",inline"`
}
