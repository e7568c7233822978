package licence

import (
	"fmt"
	"slices"

	"lodestone/internal/when"
)

// Calendar says on which days the authority of a country works.
type Calendar struct {
	Country    string    `yaml:"country"`
	From       when.Date `yaml:"from"`
	KnownUntil when.Date `yaml:"known_until"` // last day of which anything is known
	Years      []Year    `yaml:"years"`
}

// Year is what was announced for a year.
type Year struct {
	Year   int         `yaml:"year"`
	Source YearSource  `yaml:"source"`
	Off    []Days      `yaml:"off"`
	Worked []when.Date `yaml:"worked"` // Saturdays and Sundays that are worked
}

// YearSource is where a year's days were read.
type YearSource struct {
	Name  string `yaml:"name"`
	Grade string `yaml:"grade"`
}

// Days is a run of days off, both ends included.
type Days struct {
	From when.Date `yaml:"from"`
	To   when.Date `yaml:"to"`
	Name string    `yaml:"name"`
}

// Check says what is wrong with a calendar: a year without its source, a day off outside its year, a worked day that is no weekend.
func (c *Calendar) Check() error {
	if len(c.Country) != 2 || c.From == 0 || c.KnownUntil < c.From {
		return fmt.Errorf("country, from or known_until is missing")
	}
	for y := c.From.Year(); y <= c.KnownUntil.Year(); y++ {
		if !slices.ContainsFunc(c.Years, func(x Year) bool { return x.Year == y }) {
			return fmt.Errorf("%d lies between from and known_until and is missing", y)
		}
	}
	for _, y := range c.Years {
		if y.Source.Name == "" || !slices.Contains(Grades, y.Source.Grade) {
			return fmt.Errorf("%d: source is missing, or its grade is none of %v", y.Year, Grades)
		}
		for _, d := range y.Off {
			if d.To < d.From || d.From.Year() != y.Year || d.To.Year() != y.Year || d.Name == "" {
				return fmt.Errorf("%d: off: %s to %s is no run of days of that year with a name", y.Year, d.From, d.To)
			}
		}
		for _, d := range y.Worked {
			if !weekend(d) || d.Year() != y.Year {
				return fmt.Errorf("%d: worked: %s is no Saturday or Sunday of that year", y.Year, d)
			}
		}
	}
	return nil
}

// weekend says whether a day is a Saturday or a Sunday. Day 1 is Thursday, 1 January 1970.
func weekend(d when.Date) bool { return (d+3)%7 == 6 || (d+3)%7 == 0 }

// Works says whether the authority works on a day; known is false where nothing is known of the day.
func (c *Calendar) Works(d when.Date) (works, known bool) {
	if d < c.From || d > c.KnownUntil {
		return false, false
	}
	for i := range c.Years {
		y := &c.Years[i]
		if y.Year != d.Year() {
			continue
		}
		if slices.Contains(y.Worked, d) {
			return true, true
		}
		if slices.ContainsFunc(y.Off, func(x Days) bool { return x.From <= d && d <= x.To }) {
			return false, true
		}
	}
	return !weekend(d), true
}

// Due is the end of a clock.
type Due struct {
	On      when.Date // last day of the limit; zero: it lies past what is known, or the clock stands still
	Left    int       // working days still to count after Counted
	Counted when.Date // day up to which days were counted
	Stands  bool      // the clock stands still
}

// Count finds the last of a number of working days after a day. Days of stretches in which the clock stood still do not count; a stretch without
// an end stands still. Nothing is guessed of days past what is known.
func (c *Calendar) Count(after when.Date, days int, still []when.Interval) Due {
	d := Due{Left: days, Counted: after}
	for d.Left > 0 {
		next := d.Counted + 1
		works, known := c.Works(next)
		if i := slices.IndexFunc(still, func(s when.Interval) bool { return s.Has(next) }); i >= 0 {
			if still[i].Until == 0 {
				d.Stands = true
				return d
			}
			d.Counted = next
			continue
		}
		if !known {
			return d
		}
		if d.Counted = next; works {
			d.Left--
		}
	}
	d.On = d.Counted
	return d
}
