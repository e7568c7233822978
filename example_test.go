package lodestone_test

import (
	"fmt"
	"log"
	"strings"

	"lodestone"
)

// A first question: the law that the package carries, a desk, an item as columns, and the two times.
func Example() {
	law, _, err := lodestone.Open(nil)
	if err != nil {
		log.Fatal(err)
	}
	desk := lodestone.NewDesk(law, lodestone.Defaults{})
	item, problems := desk.Item(map[string]string{"description": "gallium arsenide wafers", "from": "CN", "destination": "US", "end_use": "civil", "end_user_kind": "civil"})
	if problems.Refusals() > 0 {
		log.Fatal(problems)
	}
	for _, day := range []lodestone.Date{lodestone.Day(2024, 6, 1), lodestone.Day(2025, 6, 1), lodestone.Day(2026, 6, 1), lodestone.Day(2026, 12, 1)} {
		r := desk.Determine(lodestone.At{Effective: day}, item)
		fmt.Printf("%s: %s", r.At.Effective, r.Outcome)
		if r.Open {
			fmt.Printf(", may be %s", r.MayBe)
		}
		fmt.Println()
	}
	// Output:
	// 2024-06-01: licence
	// 2025-06-01: deny
	// 2026-06-01: licence
	// 2026-12-01: licence, may be deny
}

// Open questions name the fact that is missing and the norms that its answer settles.
func ExampleDesk_Explain() {
	law, _, err := lodestone.Open(nil)
	if err != nil {
		log.Fatal(err)
	}
	desk := lodestone.NewDesk(law, lodestone.Defaults{})
	item, _ := desk.Item(map[string]string{"description": "sintered NdFeB magnets", "composition": "Nd 29%; Dy 3%", "form": "magnet", "from": "CN", "destination": "DE"})
	at := lodestone.At{Effective: lodestone.Day(2026, 3, 2), KnownBy: lodestone.Day(2026, 10, 9)}
	r, why := desk.Explain(at, item, false)
	fmt.Println(r.Outcome)
	first := why.Requirements[0]
	fmt.Println(law.Norms[first.Norm].Ref)
	for _, x := range first.Because {
		fmt.Printf("  %s %s (%s): %s\n", x.Fact, x.Found.Value, x.Found.Source, x.Truth)
	}
	for _, ask := range why.Asks {
		if ask.Fact == "composition.Tb" {
			fmt.Println("asks for", ask.Fact, "to settle", law.Norms[ask.Settles[0]].Ref)
		}
	}
	// Output:
	// licence
	// CN-2025-18/1C905.a.4
	//   form magnet (column): yes
	//   composition.Nd 29 % (column): yes
	//   composition.Fe present (description): yes
	//   composition.B present (description): yes
	//   composition.Dy 3 % (column): yes
	//   from CN (column): yes
	// asks for composition.Tb to settle CN-2025-18/1C904.a.4
}

// A part is judged with what the structure says of it: the motor is worth 100 and holds magnets worth 8, so that up to 8 % of its value may be stuff
// that a content rule counts.
func ExampleDesk_ExplainPart() {
	law, _, err := lodestone.Open(nil)
	if err != nil {
		log.Fatal(err)
	}
	desk := lodestone.NewDesk(law, lodestone.Defaults{})
	structure, problems := desk.Structure([]map[string]string{
		{"id": "MOTOR", "description": "servo motor", "form": "finished_product", "value": "100", "currency": "CNY", "from": "DE", "made_in": "DE", "destination": "US"},
		{"id": "MAGNET", "parent": "MOTOR", "quantity": "4", "description": "sintered NdFeB magnets", "composition": "Nd 29%; Dy 3%", "form": "magnet", "origin": "CN", "unit_value": "2", "currency": "CNY"},
	}, nil)
	if problems.Refusals() > 0 {
		log.Fatal(problems)
	}
	r, why, err := desk.ExplainPart(lodestone.At{Effective: lodestone.Day(2026, 12, 1)}, structure, "MOTOR", false)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(r.At.Effective, r.Outcome, "may be", r.MayBe)
	for _, q := range why.Requirements {
		for _, x := range q.Because {
			if strings.HasPrefix(x.Fact, "shares.") {
				fmt.Println(law.Norms[q.Norm].Ref, x.Test, "is", x.Truth, "at", x.Found.Value)
			}
		}
	}
	// Output:
	// 2026-12-01 cannot_tell may be prohibited
	// CN-2025-61/limb-1 >= 0.1 % by value is unknown at 0-8 %
}

// Names are looked up among the lists that the law carries; the standing is that of the time asked about.
func ExampleDesk_Names() {
	law, _, err := lodestone.Open(nil)
	if err != nil {
		log.Fatal(err)
	}
	desk := lodestone.NewDesk(law, lodestone.Defaults{})
	for _, on := range []lodestone.Date{lodestone.Day(2024, 12, 1), lodestone.Day(2026, 6, 1)} {
		for _, hit := range desk.Names(lodestone.At{Effective: on}, "General Dynamics Land Systems") {
			fmt.Printf("%s: %s, %.2f, %s %s\n", on, hit.Party.Names[hit.Name].Text, hit.Score, hit.Party.List, hit.Standing)
		}
	}
	// Output:
	// 2024-12-01: General Dynamics Land Systems, 1.00, cn_control_list not_yet
	// 2024-12-01: General Dynamics Land Systems, 1.00, cn_unreliable_entity_list in_force
	// 2024-12-01: General Dynamics, 0.72, cn_control_list not_yet
	// 2026-06-01: General Dynamics Land Systems, 1.00, cn_control_list ended
	// 2026-06-01: General Dynamics Land Systems, 1.00, cn_unreliable_entity_list in_force
	// 2026-06-01: General Dynamics, 0.72, cn_control_list in_force
}
