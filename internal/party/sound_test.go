package party

import (
	"testing"

	"pgregory.net/rapid"
)

// plainEdits counts edits without any shortcut.
func plainEdits(a, b string) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range len(b) + 1 {
		d[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			d[i][j] = d[i-1][j-1]
			if a[i-1] != b[j-1] {
				d[i][j] = 1 + min(d[i-1][j-1], d[i-1][j], d[i][j-1])
				if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
					d[i][j] = min(d[i][j], d[i-2][j-2]+1)
				}
			}
		}
	}
	return d[len(a)][len(b)]
}

func TestEditsAgreeWithThePlainCount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[abc]{0,9}`)
		a, b, worst := word.Draw(t, "a"), word.Draw(t, "b"), rapid.IntRange(0, 9).Draw(t, "worst")
		if got, want := edits(a, b, worst), plainEdits(a, b); got != want && (want <= worst || got <= worst) {
			t.Errorf("%q to %q within %d: %d, should be %d", a, b, worst, got, want)
		}
	})
}

func TestSounds(t *testing.T) {
	for _, c := range []struct {
		a, b  string
		alike float32 // at least
		other bool    // less than that instead
	}{
		{"kowaltschuk", "kovalchuk", 1, false},
		{"kovaltchouk", "kovalchuk", 1, false},
		{"mohammed", "muhammad", 0.85, false},
		{"yusuf", "jousef", 0.8, false},
		{"hassan", "hossein", 0.85, true},
		{"beijing", "harbin", 0.6, true},
	} {
		got := likeness(sound(c.a), sound(c.b), 0)
		if (got < c.alike) != c.other {
			t.Errorf("%s and %s: %.2f", c.a, c.b, got)
		}
	}
}

// plainSoundDistance counts weighted edits without any shortcut.
func plainSoundDistance(a, b string) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		if i > 0 {
			d[i][0] = d[i-1][0] + int(losesCost[a[i-1]])
		}
	}
	for j := range len(b) {
		d[0][j+1] = d[0][j] + int(losesCost[b[j]])
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			d[i][j] = min(d[i-1][j-1]+int(changeCost[a[i-1]][b[j-1]]), d[i-1][j]+int(losesCost[a[i-1]]), d[i][j-1]+int(losesCost[b[j-1]]))
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+costSwap)
			}
		}
	}
	return d[len(a)][len(b)]
}

// TestSoundDistanceAgreesWithThePlainCount: what is cut short is only what costs more than matters. Taking off like ends first may differ from the plain
// count where swaps meet them, so both start from the same middles.
func TestSoundDistanceAgreesWithThePlainCount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[aeiSstdbJ]{0,10}`)
		a, b := trim(word.Draw(t, "a"), word.Draw(t, "b"))
		worst := rapid.IntRange(0, 900).Draw(t, "worst")
		if got, want := soundDistance(a, b, worst), plainSoundDistance(a, b); got != want && (want <= worst || got <= worst) {
			t.Errorf("%q to %q within %d: %d, should be %d", a, b, worst, got, want)
		}
	})
}

func TestMoraic(t *testing.T) {
	for word, want := range map[string]bool{
		"suzuki": true, "kyoto": true, "tsuchiya": true, "honda": true, "shimbashi": true, "ohno": true, "itoh": true, "ryuunosuke": true, "shinkansen": true, "hattori": true,
		"jaworski": false, "beijing": false, "steel": false, "turco": false, "ahmed": false, "ivanov": false,
	} {
		if moraic(sound(word)) != want {
			t.Errorf("%s (%s): %v", word, sound(word), !want)
		}
	}
}
