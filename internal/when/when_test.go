package when

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseDate(t *testing.T) {
	for _, s := range []string{"1970-01-01", "2024-02-29", "2025-04-04", "2026-12-31", "9999-12-31"} {
		d, err := ParseDate(s)
		if err != nil || d.String() != s {
			t.Errorf("%s: %s, %v", s, d, err)
		}
	}
	for s, want := range map[string]string{
		"2026-02-29": "not in the calendar", "2026-13-01": "not in the calendar", "2026-00-10": "not in the calendar",
		"2026-04-31": "not in the calendar", "2026-04-00": "not in the calendar", "1969-12-31": "before 1970", "0000-01-01": "not in the calendar",
		"2026-4-1": "YYYY-MM-DD", "2026/04/01": "YYYY-MM-DD", "20a6-04-01": "YYYY-MM-DD", "": "YYYY-MM-DD", "+026-04-01": "YYYY-MM-DD",
		strings.Repeat("9", 1000): "YYYY-MM-DD",
	} {
		if d, err := ParseDate(s); err == nil || !strings.Contains(err.Error(), want) || d != 0 {
			t.Errorf("%q: %s, %v", s, d, err)
		}
	}
}

// Every day has one name, and days follow one another as their names do.
func TestDateRoundTrip(t *testing.T) {
	last := Day(9999, 12, 31)
	rapid.Check(t, func(t *rapid.T) {
		d := Date(rapid.IntRange(int(Day(1970, 1, 1)), int(last)).Draw(t, "day"))
		back, err := ParseDate(d.String())
		if err != nil || back != d {
			t.Fatalf("%s reads back as %s, %v", d, back, err)
		}
		if next := d + 1; next <= last && next.String() <= d.String() {
			t.Fatalf("%s comes before %s", next, d)
		}
	})
}

func TestDatesArePrintedAsThePackageTimeDoes(t *testing.T) {
	for _, d := range []Date{Day(1, 1, 1), Day(987, 6, 5), Day(1969, 12, 30), Day(2024, 2, 29), Day(2026, 10, 9), Day(9999, 12, 31), Day(10000, 1, 1)} {
		if want := time.Unix(int64(d-1)*24*60*60, 0).UTC().Format(time.DateOnly); d.String() != want {
			t.Errorf("%s, want %s", d, want)
		}
	}
}

func TestZeroDate(t *testing.T) {
	var d Date
	if d.String() != "" || d.Year() != 0 {
		t.Errorf("no day prints %q", d.String())
	}
	if err := d.UnmarshalText(nil); err != nil || d != 0 {
		t.Error(d, err)
	}
	if err := d.UnmarshalText([]byte("2026-03-01")); err != nil || d != Day(2026, 3, 1) || d.Year() != 2026 {
		t.Error(d, err)
	}
	if err := d.UnmarshalText([]byte("March")); err == nil || d != Day(2026, 3, 1) {
		t.Error(d, err)
	}
}

func TestBeijingDay(t *testing.T) {
	at := time.Date(2026, 2, 28, 16, 0, 0, 0, time.UTC) // midnight in Beijing
	if d := Of(at); d != Day(2026, 3, 1) {
		t.Error(d)
	}
	if d := Of(at.Add(-time.Second)); d != Day(2026, 2, 28) {
		t.Error(d)
	}
}

func TestInterval(t *testing.T) {
	d := Day(2026, 1, 1)
	for _, c := range []struct {
		i    Interval
		has  bool
		text string
	}{
		{Interval{}, true, "always"},
		{Interval{From: d}, true, "from the day on"},
		{Interval{Until: d}, false, "up to the day before"},
		{Interval{From: d, Until: d + 1}, true, "the day alone"},
		{Interval{From: d + 1}, false, "from the next day"},
	} {
		if c.i.Has(d) != c.has {
			t.Errorf("%s: %v", c.text, !c.has)
		}
	}
}

// Two intervals meet exactly where some day lies in both.
func TestIntervalMeets(t *testing.T) {
	draw := rapid.Custom(func(t *rapid.T) Interval {
		i := Interval{From: Date(rapid.IntRange(0, 12).Draw(t, "from"))}
		if rapid.Bool().Draw(t, "ends") {
			i.Until = i.From + Date(rapid.IntRange(1, 6).Draw(t, "days"))
		}
		return i
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw.Draw(t, "a"), draw.Draw(t, "b")
		shared := false
		for d := Date(0); d < 30; d++ {
			shared = shared || a.Has(d) && b.Has(d)
		}
		if a.Meets(b) != shared || b.Meets(a) != shared {
			t.Fatalf("%v and %v: meets %v, share a day %v", a, b, a.Meets(b), shared)
		}
	})
}

func TestAt(t *testing.T) {
	at := At{Effective: Day(2026, 3, 1), KnownBy: Day(2026, 10, 9)}
	if at.String() != "2026-03-01@2026-10-09" {
		t.Error(at)
	}
}

func TestMonths(t *testing.T) {
	for _, c := range []struct {
		from string
		n    int
		want string
	}{{"2026-01-01", 12, "2027-01-01"}, {"2026-01-31", 1, "2026-03-03"}, {"2026-11-25", 36, "2029-11-25"}, {"2026-03-15", 0, "2026-03-15"}} {
		d, err := ParseDate(c.from)
		if got := d.Months(c.n); err != nil || got.String() != c.want {
			t.Errorf("%s and %d months: %s %v, want %s", c.from, c.n, got, err, c.want)
		}
	}
}
