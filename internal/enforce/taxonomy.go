package enforce

import (
	"fmt"
	"slices"
	"strings"

	"lodestone/internal/when"
)

// Kinds of record.
const (
	PenaltyDecision   = "penalty_decision"
	NoPenaltyDecision = "no_penalty_decision"
	SeizureNotice     = "seizure_notice"
	Criminal          = "criminal"
)

// Measures of a penalty against the band of the law.
const (
	None              = "none"
	Mitigated         = "mitigated"
	Lighter           = "lighter"
	LighterOrMitigate = "lighter_or_mitigated"
	Heavier           = "heavier"
	Unstated          = "unstated"
)

// The closed lists of words, mildest or most usual first.
var (
	RecordTypes = []string{PenaltyDecision, NoPenaltyDecision, SeizureNotice, Criminal}
	TextKinds   = []string{"decision_full", "decision_partial", "summary_full", "summary_partial", "not_a_decision"}
	Directions  = []string{"export", "import", "other"}
	Conducts    = []string{"no_licence_declared_truthfully", "no_licence", "misdeclared_name", "misdeclared_hs", "misdeclared_content",
		"misdeclared_quantity", "misdeclared_value", "misdeclared_other", "concealed", "smuggling", "licence_misuse", "prohibited_goods",
		"inspection_evasion", "bonded_violation", "other"}
	Classes    = []string{"dual_use", "military", "restricted_or_prohibited", "other"}
	Leniencies = []string{None, Mitigated, Lighter, LighterOrMitigate, Heavier, Unstated}
)

// Tables are what reading, statistics and estimate must know beyond the records. They are data; lawdata/enforcement holds them.
type Tables struct {
	AsOf       when.Date
	Laws       []LawName
	Leniency   []Article // Means is set
	Smuggling  []Article
	Floor      Article // the article whose floor a fine is compared with
	Categories []Category
	Crosswalk  Crosswalk
	Offices    Offices
	Penalties  Penalties

	ConductTags map[string][]string // tags of the provisions that a kind of conduct can fall under
	LawClasses  map[string][]string // classes of goods that a law is for; a law that is not named is for all
}

// LawName is a law as records name it, and other names under which decisions cite it.
type LawName struct {
	Name string   `yaml:"name"`
	Also []string `yaml:"also"`
}

// Article is an article of a law; Paragraph 0 means any.
type Article struct {
	Law       string `yaml:"law"`
	Article   int    `yaml:"article"`
	Paragraph int    `yaml:"paragraph"`
	Means     string `yaml:"means"`
}

func (a Article) cited(b Basis) bool {
	return a.Law == b.Law && a.Article == b.Article && (a.Paragraph == 0 || b.Paragraph != nil && *b.Paragraph == a.Paragraph)
}

// Category is a shelf of goods: the class it usually belongs to and the words by which it is known.
type Category struct {
	ID    string   `yaml:"id"`
	Class string   `yaml:"class"`
	Words []string `yaml:"words"`
}

// Crosswalk lays our classes and categories beside those of published counts.
type Crosswalk struct {
	Classes map[string]string `yaml:"classes"`
	Goods   map[string]string `yaml:"goods"`
}

// Offices says which office is supervised by which, and which prefix stands in whose numbers.
type Offices struct {
	Source      string              `yaml:"source"`
	Grade       string              `yaml:"grade"`
	Supervising map[string][]string `yaml:"supervising"`
	Aliases     map[string]string   `yaml:"aliases"`
	Prefixes    map[string]string   `yaml:"prefixes"`
}

// Canonical is the name of an office as the table has it, and false where the table does not know it.
func (o *Offices) Canonical(name string) (string, bool) {
	if to, ok := o.Aliases[name]; ok {
		return to, true
	}
	if _, ok := o.Supervising[name]; ok {
		return name, true
	}
	return name, o.Above(name) != ""
}

// Above is the directly subordinate customs that an office belongs to, or "".
func (o *Offices) Above(name string) string {
	for above, offices := range o.Supervising {
		if slices.Contains(offices, name) {
			return above
		}
	}
	return ""
}

// Top says whether an office is itself a directly subordinate customs (直属海关).
func (o *Offices) Top(name string) bool { _, ok := o.Supervising[name]; return ok }

// ByArticle is what the cited articles say about the measure of the penalty: the strongest word, with the place of its citation, or "".
// No penalty is stronger than a named direction, and a named direction stronger than an article that leaves it open.
func (t *Tables) ByArticle(cited []Basis) (word string, at int) {
	for _, w := range []string{None, Mitigated, Lighter, Heavier, LighterOrMitigate} {
		for i, b := range cited {
			for _, a := range t.Leniency {
				if a.Means == w && a.cited(b) {
					return w, i
				}
			}
		}
	}
	return "", -1
}

// SmugglingCited is the place of a citation that qualifies the conduct as smuggling, or -1.
func (t *Tables) SmugglingCited(cited []Basis) int {
	return slices.IndexFunc(cited, func(b Basis) bool {
		return slices.ContainsFunc(t.Smuggling, func(a Article) bool { return a.cited(b) })
	})
}

// Check refuses tables that contradict themselves: a name that refers to nothing, a word outside its list, an office twice.
func (t *Tables) Check() error {
	laws := map[string]bool{}
	for _, l := range t.Laws {
		laws[l.Name] = true
	}
	for _, a := range slices.Concat(t.Leniency, t.Smuggling, []Article{t.Floor}) {
		if !laws[a.Law] {
			return fmt.Errorf("article %d of %s: the law is not in the list of laws", a.Article, a.Law)
		}
		if a.Means != "" && !slices.Contains(Leniencies, a.Means) {
			return fmt.Errorf("article %d of %s means %q, which is none of %s", a.Article, a.Law, a.Means, strings.Join(Leniencies, ", "))
		}
	}
	for _, c := range t.Categories {
		if !slices.Contains(Classes, c.Class) || len(c.Words) == 0 {
			return fmt.Errorf("category %s: class %q is none of %s, or it has no words", c.ID, c.Class, strings.Join(Classes, ", "))
		}
	}
	for _, c := range Conducts {
		if _, ok := t.ConductTags[c]; !ok {
			return fmt.Errorf("conduct_tags: %s is not named", c)
		}
	}
	if err := t.Offices.check(); err != nil {
		return err
	}
	return t.Penalties.check()
}

func (o *Offices) check() error {
	seen := map[string]string{}
	for above, offices := range o.Supervising {
		for _, name := range offices {
			if was, twice := seen[name]; twice {
				return fmt.Errorf("office %s stands under %s and under %s", name, was, above)
			}
			seen[name] = above
		}
	}
	for from, to := range o.Aliases {
		if seen[to] == "" && !o.Top(to) {
			return fmt.Errorf("alias %s: there is no office %s", from, to)
		}
	}
	for prefix, to := range o.Prefixes {
		if seen[to] == "" && !o.Top(to) {
			return fmt.Errorf("prefix %s: there is no office %s", prefix, to)
		}
	}
	return nil
}

func (p *Penalties) check() error {
	measures := map[string]bool{"": true}
	for _, m := range p.Measures {
		measures[m.ID] = true
	}
	for _, v := range p.Provisions {
		if p.law(v.Law).Zh == "" {
			return fmt.Errorf("provision %s: there is no law %s", v.ID, v.Law)
		}
		for _, b := range v.Bands {
			units := []string{"multiple", "percent", "rmb"}
			if !slices.Contains(units, b.Unit) || !measures[b.Measure] || !measures[b.Of] || b.High < b.Low {
				return fmt.Errorf("provision %s: a band has an unknown unit or measure, or ends below its start", v.ID)
			}
		}
	}
	return nil
}
