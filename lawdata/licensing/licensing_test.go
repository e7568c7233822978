package licensing

import (
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"lodestone/internal/licence"
	"lodestone/internal/vocab"
	"lodestone/lawdata/enforcement"
)

func TestEmbeddedRulesLoad(t *testing.T) {
	r, err := Rules()
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Types) != 3 || len(r.Clocks) != 16 || len(r.Papers) != 12 || len(r.Duties) != 9 {
		t.Errorf("%d types, %d clocks, %d papers, %d duties", len(r.Types), len(r.Clocks), len(r.Papers), len(r.Duties))
	}
	review, ok := r.Clock("review")
	if !ok || review.Limit != 45 || review.Unit != "working_day" || !slices.ContainsFunc(review.Excluded, func(x vocab.Text) bool { return x.En == "expert opinion" }) {
		t.Errorf("review: %+v", review)
	}
	if c, _ := r.Clock("temporary_control"); c.Limit != 24 || c.Extensions != 2 || c.MaxMonths != 72 {
		t.Errorf("temporary control: %+v", c)
	}
	if _, ok := r.Clock("none"); ok {
		t.Error("a clock that is not there is found")
	}
}

func TestPenaltiesOfDutiesAreInTheLawData(t *testing.T) {
	r, err := Rules()
	if err != nil {
		t.Fatal(err)
	}
	tables, err := enforcement.Tables()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range r.Duties {
		for _, p := range d.Penalties {
			known := false
			for i := range tables.Penalties.Provisions {
				known = known || tables.Penalties.Provisions[i].ID == p || strings.HasPrefix(tables.Penalties.Provisions[i].ID, p+"-")
			}
			if !known {
				t.Errorf("%s: %s is no penal provision", d.ID, p)
			}
		}
	}
}

func TestWrongRulesAreRefusedWithTheirPlace(t *testing.T) {
	good, err := text.ReadFile("cn.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct{ from, to, want string }{
		{"unit: working_day", "unit: workday", `clocks: review: unit: "workday" is none of`},
		{"event: application accepted", "evnt: application accepted", "evnt"},
		{"sources: [dual_use_regs, practice]", "sources: [regs]", `"regs" is no source of this file`},
		{"papers: [application_form, ", "papers: [form, ", `"form" is no paper of this file`},
		{"grade: text_read", "grade: read", `grade: "read" is none of`},
		{`as_of: "2026-11-23"`, "", "as_of is missing"},
		{"who: [agent]", "who: [bank]", `who: "bank" is none of`},
	} {
		bad := strings.Replace(string(good), x.from, x.to, 1)
		r := &licence.Rules{}
		err := yaml.UnmarshalWithOptions([]byte(bad), r, yaml.Strict())
		if err == nil {
			err = r.Check()
		}
		if err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s: %v, want %s", x.to, err, x.want)
		}
	}
}
