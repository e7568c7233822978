package sheets

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// form is how a number format shows a number.
type form struct {
	kind  kind
	zeros int // least digits, for kind zeros
}

type kind uint8

const (
	plain kind = iota
	percent
	day   // with or without a time of day
	clock // a time of day alone
	zeros // a code with leading zeros
)

// builtIn are the number formats that files name by number only. Those of 27 and above are dates in Chinese, Japanese and Korean settings.
func builtIn(id int) form {
	switch {
	case id == 9 || id == 10:
		return form{kind: percent}
	case 14 <= id && id <= 17, id == 22, 27 <= id && id <= 31, id == 36, 50 <= id && id <= 54, id == 57, id == 58:
		return form{kind: day}
	case 18 <= id && id <= 21, 32 <= id && id <= 35, 45 <= id && id <= 47, id == 55, id == 56:
		return form{kind: clock}
	}
	return form{}
}

// formOf reads a number format as it is written: yyyy"年"m"月", 0.00%, 0000000000.
func formOf(code string) form {
	code = bare(code)
	switch {
	case code == "" || strings.Contains(code, "general") || strings.Contains(code, "@"):
		return form{}
	case strings.Contains(code, "%"):
		return form{kind: percent}
	case len(code) > 1 && strings.Trim(code, "0") == "":
		return form{kind: zeros, zeros: len(code)}
	case strings.ContainsAny(code, "#?") || strings.Contains(code, "0") && !strings.ContainsAny(code, "yh"):
		return form{}
	case strings.ContainsAny(code, "ydg") || strings.Contains(code, "aaa"):
		return form{kind: day}
	case strings.ContainsAny(code, "hs"):
		return form{kind: clock}
	case strings.Contains(code, "m"):
		return form{kind: day}
	}
	return form{}
}

// bare is the first section of a number format without what it only prints: texts in quotes, escaped signs, colours and conditions.
func bare(code string) string {
	var b strings.Builder
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case ';':
			return strings.ToLower(b.String())
		case '"':
			for i++; i < len(code) && code[i] != '"'; i++ {
			}
		case '\\', '_', '*':
			i++
		case '[':
			end := strings.IndexByte(code[i:], ']')
			if end < 0 {
				return strings.ToLower(b.String())
			}
			if inside := strings.ToLower(code[i+1 : i+end]); strings.Trim(inside, "hms") == "" {
				b.WriteString(inside) // a length of time
			}
			i += end
		default:
			b.WriteByte(c)
		}
	}
	return strings.ToLower(b.String())
}

// text prints a number as its cell shows it, but with all the digits that were typed.
func (f form) text(v float64, since1904 bool) string {
	switch f.kind {
	case day, clock:
		if s, ok := moment(v, f.kind, since1904); ok {
			return s
		}
	case percent:
		return hundredfold(decimal(v)) + "%"
	case zeros:
		if s := decimal(v); len(s) < f.zeros && strings.Trim(s, "0123456789") == "" {
			return strings.Repeat("0", f.zeros-len(s)) + s
		}
	}
	return decimal(v)
}

// decimal prints a number with the fifteen digits that spreadsheets keep: 0.295 is stored as 0.29499999999999998.
func decimal(v float64) string {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 15, 64), 64)
	if err != nil || math.Abs(rounded) >= 1e21 {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	if rounded == 0 {
		return "0"
	}
	if math.Abs(rounded) < 1e-15 {
		return strconv.FormatFloat(rounded, 'g', -1, 64)
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

// hundredfold moves the decimal point of a number two places to the right.
func hundredfold(s string) string {
	if strings.ContainsAny(s, "eEIN") {
		return s
	}
	sign := ""
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		sign, s = "-", rest
	}
	whole, fraction, _ := strings.Cut(s, ".")
	fraction += "00"
	whole, fraction = strings.TrimLeft(whole+fraction[:2], "0"), strings.TrimRight(fraction[2:], "0")
	if whole == "" {
		whole = "0"
	}
	if fraction != "" {
		whole += "." + fraction
	}
	return sign + whole
}

// moment prints the day or the time of day that a number stands for; ok is false where it stands for none.
func moment(v float64, k kind, since1904 bool) (s string, ok bool) {
	if !(v >= 0 && v < 2_958_466) { // 9999-12-31
		return "", false
	}
	if k == clock {
		seconds := int(math.Round((v - math.Floor(v)) * 86_400))
		return time.Unix(int64(seconds), 0).UTC().Format("15:04:05"), v < 1
	}
	days := int(v)
	first := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case since1904:
		first = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days < 1 || days == 60: // 29 February 1900, which never was
		return "", false
	case days < 60:
		days++
	}
	return first.AddDate(0, 0, days).Format("2006-01-02"), true
}
