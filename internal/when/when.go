// Package when holds calendar days, half-open intervals of days, and At: the two times that every question of law carries.
//
// Days are Beijing days, counted from 00:00; there is no clock here and no time zone. Start with Date and At.
package when

import (
	"strings"
	"time"

	"lodestone/internal/sentence"
)

// Date is a calendar day as the number of days since 1970-01-01, plus one; the zero Date means that no day is given.
type Date int32

const day = 24 * time.Hour

// Day makes a Date of a year, month and day that exist in the calendar.
func Day(year, month, dayOfMonth int) Date {
	t := time.Date(year, time.Month(month), dayOfMonth, 0, 0, 0, 0, time.UTC)
	return Date(t.Unix()/int64(day/time.Second)) + 1
}

// Of returns the Beijing day of an instant.
func Of(t time.Time) Date {
	t = t.In(time.FixedZone("Asia/Shanghai", 8*60*60))
	return Day(t.Year(), int(t.Month()), t.Day())
}

// ParseDate reads YYYY-MM-DD, from 1970 on. A day that is not in the calendar is an error that says so.
func ParseDate(s string) (Date, error) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return 0, wrong("%q is not a day written YYYY-MM-DD", clip(s))
	}
	year, okY := digits(s[:4])
	month, okM := digits(s[5:7])
	dom, okD := digits(s[8:])
	if !okY || !okM || !okD {
		return 0, wrong("%q is not a day written YYYY-MM-DD", s)
	}
	t := time.Date(year, time.Month(month), dom, 0, 0, 0, 0, time.UTC)
	if year == 0 || int(t.Month()) != month || t.Day() != dom { // time.Date carries the 30th of February over into March
		return 0, wrong("%s is not in the calendar", s)
	}
	if year < 1970 {
		return 0, wrong("%s lies before 1970, where days begin here", s)
	}
	return Day(year, month, dom), nil
}

// wrong says what is wrong with a text, which may lie in memory that is used again.
func wrong(format, text string) error { return sentence.Of(format, strings.Clone(text)) }

func digits(s string) (int, bool) {
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

func clip(s string) string {
	if len(s) > 40 {
		return s[:40] + "…"
	}
	return s
}

// String prints YYYY-MM-DD, or "" where no day is given.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	return string(d.Append(nil))
}

// Append adds YYYY-MM-DD to b, or nothing where no day is given.
func (d Date) Append(b []byte) []byte {
	if d == 0 {
		return b
	}
	t := time.Unix(int64(d-1)*int64(day/time.Second), 0).UTC()
	y, m, n := t.Date()
	if y < 0 || y > 9999 {
		return t.AppendFormat(b, time.DateOnly)
	}
	digit := func(n int) byte { return byte('0' + n%10) }
	return append(b, digit(y/1000), digit(y/100), digit(y/10), digit(y), '-', digit(int(m)/10), digit(int(m)), '-', digit(n/10), digit(n))
}

// Year returns the year of the day, or 0 where no day is given.
func (d Date) Year() int {
	if d == 0 {
		return 0
	}
	return time.Unix(int64(d-1)*int64(day/time.Second), 0).UTC().Year()
}

// Begins is the instant at which the day begins in Beijing.
func (d Date) Begins() time.Time {
	return time.Unix(int64(d-1)*int64(day/time.Second), 0).UTC().Add(-8 * time.Hour)
}

// Months is the same day so many months later; where that month is too short, as many days into the next.
func (d Date) Months(n int) Date {
	t := time.Unix(int64(d-1)*int64(day/time.Second), 0).UTC().AddDate(0, n, 0)
	return Day(t.Year(), int(t.Month()), t.Day())
}

// MarshalText prints as String does.
func (d Date) MarshalText() ([]byte, error) { return d.Append(nil), nil }

// UnmarshalText reads as ParseDate does; empty text is no day.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = 0
		return nil
	}
	v, err := ParseDate(string(b))
	if err != nil {
		return err
	}
	*d = v
	return nil
}

// Interval is the days from From up to, not including, Until. A zero From is open to the past, a zero Until open to the future.
type Interval struct {
	From, Until Date
}

// Has says whether d lies in the interval.
func (i Interval) Has(d Date) bool {
	return d >= i.From && (i.Until == 0 || d < i.Until)
}

// Meets says whether the two intervals share a day.
func (i Interval) Meets(j Interval) bool {
	return (j.Until == 0 || i.From < j.Until) && (i.Until == 0 || j.From < i.Until)
}

// At is the two times of a question: the day on which the rule is to be applied, and the day up to whose end one knew of rules.
type At struct {
	Effective Date `json:"effective"`
	KnownBy   Date `json:"known_by"`
}

func (a At) String() string { return a.Effective.String() + "@" + a.KnownBy.String() }
