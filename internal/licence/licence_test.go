package licence_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lodestone/internal/licence"
	"lodestone/internal/quant"
	"lodestone/internal/when"
	"lodestone/lawdata/licensing"
)

func date(t testing.TB, s string) when.Date {
	t.Helper()
	d, err := when.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func rules(t testing.TB) *licence.Rules {
	t.Helper()
	r, err := licensing.Rules()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func calendar(t testing.TB) *licence.Calendar {
	t.Helper()
	c, err := licensing.Calendar()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestWorkingDays(t *testing.T) {
	c := calendar(t)
	for day, want := range map[string][2]bool{ // works, known
		"2026-03-02": {true, true}, "2026-03-01": {false, true}, "2026-02-28": {true, true}, // a Saturday that is worked
		"2026-02-23": {false, true}, "2026-10-07": {false, true}, "2026-10-08": {true, true}, "2026-10-10": {true, true},
		"2025-10-08": {false, true}, "2027-01-04": {false, false}, "2023-12-29": {false, false},
	} {
		if works, known := c.Works(date(t, day)); works != want[0] || known != want[1] {
			t.Errorf("%s: works %v, known %v", day, works, known)
		}
	}
}

// Outside holidays a day is worked as its place in the week says.
func TestWeeks(t *testing.T) {
	c := licence.Calendar{From: when.Day(1990, 1, 1), KnownUntil: when.Day(2050, 1, 1)}
	rapid.Check(t, func(t *rapid.T) {
		d := when.Date(rapid.IntRange(int(c.From), int(c.KnownUntil)).Draw(t, "day"))
		at, err := time.Parse(time.DateOnly, d.String())
		if err != nil {
			t.Fatal(err)
		}
		free := at.Weekday() == time.Saturday || at.Weekday() == time.Sunday
		if works, known := c.Works(d); works == free || !known {
			t.Fatalf("%s is a %s: works %v", d, at.Weekday(), works)
		}
	})
}

func TestClocks(t *testing.T) {
	c := calendar(t)
	span := func(from, until string) when.Interval {
		i := when.Interval{From: date(t, from)}
		if until != "" {
			i.Until = date(t, until)
		}
		return i
	}
	for _, x := range []struct {
		name, from string
		days       int
		still      []when.Interval
		want       string // last day; empty: none
		left       int
	}{
		{"a week", "2026-03-02", 5, nil, "2026-03-09", 0},
		{"over the Spring Festival", "2026-02-11", 7, nil, "2026-02-27", 0},
		{"the Saturday after it is worked", "2026-02-11", 8, nil, "2026-02-28", 0},
		{"45 days over the National Day, two Saturdays and Sundays worked", "2026-08-03", 45, nil, "2026-10-10", 0},
		{"45 days to the last that is known", "2026-10-28", 45, nil, "2026-12-30", 0},
		{"past what is known", "2026-11-25", 45, nil, "", 45 - 26},
		{"the clock stood still for a week", "2026-03-02", 5, []when.Interval{span("2026-03-04", "2026-03-11")}, "2026-03-16", 0},
		{"the clock stands still", "2026-03-02", 5, []when.Interval{span("2026-03-04", "")}, "", 4},
		{"stood still past what is known", "2026-12-28", 3, []when.Interval{span("2026-12-29", "2027-01-05")}, "", 3},
		{"from before what is known", "2023-12-01", 3, nil, "", 3},
	} {
		d := c.Count(date(t, x.from), x.days, x.still)
		if d.On.String() != x.want || d.Left != x.left {
			t.Errorf("%s: %s, %d left after %s; want %s, %d", x.name, d.On, d.Left, d.Counted, x.want, x.left)
		}
	}
}

func held(quantity string) *licence.Held {
	return &licence.Held{Kind: "general", No: "26-1", Items: []string{"3C001.e"}, EndUser: "Example Foundry Inc.", Quantity: quant.MustDecimal(quantity), Unit: "kg",
		From: when.Day(2026, 1, 1), To: when.Day(2028, 12, 31)}
}

func TestWhatALicenceCannotBe(t *testing.T) {
	kinds := []string{"individual", "general"}
	for field, change := range map[string]func(*licence.Held){
		"":         func(*licence.Held) {},
		"kind":     func(h *licence.Held) { h.Kind = "royal" },
		"no":       func(h *licence.Held) { h.No = "1; kind=general" },
		"items":    func(h *licence.Held) { h.Items = []string{"3C001.e; valid=2020-01-01.."} },
		"end_user": func(h *licence.Held) { h.EndUser = " " },
		"quantity": func(h *licence.Held) { h.Quantity = quant.Int(0) },
		"unit":     func(h *licence.Held) { h.Unit = "" },
		"to":       func(h *licence.Held) { h.To = h.From - 1 },
		"batches":  func(h *licence.Held) { h.Batches = -1 },
	} {
		h := held("10")
		change(h)
		err := h.Check(kinds)
		var wrong licence.Wrong
		if errors.As(err, &wrong) != (field != "") || wrong.Field != field {
			t.Errorf("%q: %v", field, err)
		}
	}
	h := held("10")
	if h.To = h.From.Months(36) - 1; h.TooLong(rules(t)) != 0 {
		t.Error("36 months are no more than 36")
	}
	if h.To++; h.TooLong(rules(t)) != 36 {
		t.Error("a general licence of more than 36 months")
	}
}

func TestExportsOfALicence(t *testing.T) {
	r := rules(t)
	one := held("10")
	one.Kind = "individual"
	first := licence.Draw{ID: "a", Quantity: quant.Int(1)}
	if err := one.MayDraw(r, licence.InHand, []licence.Draw{first}, quant.Int(1)); !errors.Is(err, licence.ErrExports) {
		t.Errorf("a second export on an individual licence: %v", err)
	}
	back := licence.Draw{ID: "b", Reverses: "a", Quantity: quant.Int(1)}
	if err := one.MayDraw(r, licence.InHand, []licence.Draw{first, back}, quant.Int(1)); err != nil {
		t.Errorf("the first was taken back: %v", err)
	}
	one.Batches = 12
	if err := one.MayDraw(r, licence.InHand, []licence.Draw{first}, quant.Int(9)); err != nil {
		t.Errorf("the second of twelve: %v", err)
	}
	if err := one.MayDraw(r, licence.Amending, nil, quant.Int(1)); !errors.Is(err, licence.ErrEnded) {
		t.Errorf("while an amendment is decided: %v", err)
	}
}

// Whatever is drawn and taken back in whatever order, as far as it is allowed: what is left is never below zero, and left and used make the whole.
func TestABalanceIsNeverBelowZero(t *testing.T) {
	r := rules(t)
	rapid.Check(t, func(t *rapid.T) {
		amounts := rapid.Custom(func(t *rapid.T) quant.Decimal {
			return quant.MustDecimal(fmt.Sprintf("%d.%03d", rapid.IntRange(0, 9).Draw(t, "whole"), rapid.IntRange(0, 999).Draw(t, "thousandths")))
		})
		h := held("12.345")
		h.Batches = rapid.IntRange(0, 6).Draw(t, "batches")
		var draws []licence.Draw
		used := quant.Int(0)
		for n := range rapid.IntRange(1, 30).Draw(t, "steps") {
			id := fmt.Sprint(n)
			if rapid.Bool().Draw(t, "draw") {
				amount := amounts.Draw(t, "amount")
				if h.MayDraw(r, licence.InHand, draws, amount) == nil {
					draws = append(draws, licence.Draw{ID: id, Quantity: amount})
					used, _ = used.Add(amount)
				}
			} else if back, err := licence.Reversal(draws, fmt.Sprint(rapid.IntRange(0, n).Draw(t, "of"))); err == nil {
				back.ID = id
				draws = append(draws, back)
				used, _ = used.Sub(back.Quantity)
			}
			b, err := h.Balance(r, draws)
			whole, _ := b.Used.Add(b.Left)
			if err != nil || b.Left.Sign() < 0 || b.Used.Sign() < 0 || whole.Cmp(h.Quantity) != 0 || b.Used.Cmp(used) != 0 {
				t.Fatalf("%+v of %s, reckoned %s: %v", b, h.Quantity, used, err)
			}
			if h.Batches > 0 && b.Exports > h.Batches {
				t.Fatalf("%d exports of %d", b.Exports, h.Batches)
			}
		}
		smaller := *h
		smaller.Quantity, _ = used.Sub(quant.MustDecimal("0.001"))
		if used.Sign() > 0 && smaller.MayChange(r, draws) == nil {
			t.Fatalf("a licence became smaller than the %s drawn on it", used)
		}
	})
}
