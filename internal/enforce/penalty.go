package enforce

import (
	"math/big"
)

// Penalties is what the law says a breach costs.
type Penalties struct {
	AsOf        string        `yaml:"as_of"`
	Measures    []Measure     `yaml:"measures"`
	Laws        []PenaltyLaw  `yaml:"laws"`
	Provisions  []Provision   `yaml:"provisions"`
	Tiers       []Tier        `yaml:"tiers"`
	Observed    []Observed    `yaml:"observed"`
	Exempt      []Exempt      `yaml:"exempt"`
	Concurrence []Concurrence `yaml:"concurrence"`
	Limitation  []Limitation  `yaml:"limitation"`
	Disclosure  []Disclosure  `yaml:"voluntary_disclosure"`
	Collateral  []Collateral  `yaml:"collateral"`
	Criminal    []Offence     `yaml:"criminal"`
}

// Measure is what a multiple or a percentage is taken of.
type Measure struct {
	ID      string `yaml:"id"`
	Zh      string `yaml:"zh"`
	Meaning string `yaml:"meaning"`
}

// PenaltyLaw is a law that holds provisions.
type PenaltyLaw struct {
	ID      string `yaml:"id"`
	Zh      string `yaml:"zh"`
	En      string `yaml:"en"`
	InForce string `yaml:"in_force"`
}

// Provision is one article, paragraph or item that punishes one conduct.
type Provision struct {
	ID              string   `yaml:"id"`
	Law             string   `yaml:"law"`
	Article         int      `yaml:"article"`
	Paragraph       int      `yaml:"paragraph"`
	Item            int      `yaml:"item"`
	Grade           string   `yaml:"grade"`
	Actors          []string `yaml:"actors"`
	Tags            []string `yaml:"tags"`
	Conduct         string   `yaml:"conduct"`
	Warning         bool     `yaml:"warning"`
	Stop            bool     `yaml:"stop"`
	ConfiscateGains bool     `yaml:"confiscate_gains"`
	ConfiscateGoods bool     `yaml:"confiscate_goods"`
	Bands           []Band   `yaml:"bands"`
	Serious         []string `yaml:"serious"`
	Also            []string `yaml:"also"`
	Enforcers       []string `yaml:"enforcers"`
	Notes           string   `yaml:"notes"`
}

// Band is a range of fines and the case it is for. Empty limits mean none.
type Band struct {
	Measure  string `yaml:"measure"`
	AtLeast  int64  `yaml:"at_least"`
	Below    int64  `yaml:"below"`
	OrNone   bool   `yaml:"or_none"`
	Unit     string `yaml:"unit"` // multiple, percent, rmb
	Of       string `yaml:"of"`
	Low      int64  `yaml:"low"`
	High     int64  `yaml:"high"`
	Severity string `yaml:"severity"`
}

// Tier is a step of the discretion benchmark with the grounds that lead to it.
type Tier struct {
	ID      string   `yaml:"id"`
	Zh      string   `yaml:"zh"`
	Meaning string   `yaml:"meaning"`
	Grounds []Ground `yaml:"grounds"`
}

// Ground is a circumstance and the article that gives it weight.
type Ground struct {
	ID    string `yaml:"id" json:"ground"`
	Basis string `yaml:"basis" json:"basis"`
}

// Observed lists fine to value in decisions that cite a step of the benchmark.
type Observed struct {
	Provisions []string  `yaml:"provisions"`
	Tier       string    `yaml:"tier"`
	Item       string    `yaml:"item"`
	Percent    []float64 `yaml:"percent"`
}

// Exempt is a value below which a minor breach may go without a penalty.
type Exempt struct {
	Affects    string `yaml:"affects"`
	ValueBelow int64  `yaml:"value_below"`
	TaxBelow   int64  `yaml:"tax_below"`
}

// Concurrence says which of two provisions applies.
type Concurrence struct {
	Rule        string `yaml:"rule" json:"rule"`
	Basis       string `yaml:"basis" json:"basis"`
	Consequence string `yaml:"consequence" json:"consequence"`
}

// Limitation is a time after which no penalty is imposed.
type Limitation struct {
	Years  int    `yaml:"years" json:"years"`
	Basis  string `yaml:"basis" json:"basis"`
	Starts string `yaml:"starts" json:"starts,omitempty"`
	When   string `yaml:"when" json:"when,omitempty"`
	What   string `yaml:"what" json:"what,omitempty"`
}

// Disclosure is what an own report changes by law.
type Disclosure struct {
	Route  string `yaml:"route" json:"route"`
	Effect string `yaml:"effect" json:"effect"`
	Basis  string `yaml:"basis" json:"basis"`
}

// Collateral is a consequence beside the penalty.
type Collateral struct {
	Effect     string `yaml:"effect" json:"effect"`
	Basis      string `yaml:"basis" json:"basis,omitempty"`
	Confidence string `yaml:"confidence" json:"confidence,omitempty"`
}

// Offence is a crime that the same conduct can be.
type Offence struct {
	Article string `yaml:"article" json:"article"`
	Offence string `yaml:"offence" json:"offence"`
	Penalty string `yaml:"penalty" json:"penalty"`
}

func (p *Penalties) law(id string) PenaltyLaw {
	for _, l := range p.Laws {
		if l.ID == id {
			return l
		}
	}
	return PenaltyLaw{ID: id}
}

// provisionsOf lists the provisions of an article by the Chinese name of its law; item 0 means any.
func (t *Tables) provisionsOf(law string, article, item int) (found []*Provision) {
	for i := range t.Penalties.Provisions {
		p := &t.Penalties.Provisions[i]
		if t.Penalties.law(p.Law).Zh == law && p.Article == article && (item == 0 || p.Item == item || p.Item == 0) {
			found = append(found, p)
		}
	}
	return found
}

// fits says whether a band is for a value; a nil value is one that nobody stated.
func (b *Band) fits(value *Number) bool {
	if b.Measure == "" {
		return true
	}
	if value == nil {
		return b.OrNone
	}
	v := value.Rat()
	return (b.AtLeast == 0 || v.Cmp(whole(b.AtLeast)) >= 0) && (b.Below == 0 || v.Cmp(whole(b.Below)) < 0)
}

// amounts are the lowest and highest fine of a band in yuan, and false where it depends on a value that is not given.
func (b *Band) amounts(value *Number) (low, high *big.Rat, ok bool) {
	if b.Unit == "rmb" {
		return whole(b.Low), whole(b.High), true
	}
	if value == nil {
		return nil, nil, false
	}
	per := whole(1)
	if b.Unit == "percent" {
		per = big.NewRat(1, 100)
	}
	base := new(big.Rat).Mul(value.Rat(), per)
	return new(big.Rat).Mul(base, whole(b.Low)), new(big.Rat).Mul(base, whole(b.High)), true
}

// floor is the least fine of a provision for a value, without regard to graver cases.
func (p *Provision) floor(value *Number) (*big.Rat, bool) {
	for i := range p.Bands {
		if b := &p.Bands[i]; b.Severity == "" && b.fits(value) {
			low, _, ok := b.amounts(value)
			return low, ok
		}
	}
	return nil, false
}

func whole(n int64) *big.Rat { return new(big.Rat).SetInt64(n) }
