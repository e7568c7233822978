package fact

import (
	"strings"
	"testing"

	"lodestone/internal/vocab"
)

// An entry that cannot be read costs itself only; the rest of the composition stands, and nothing closes the list.
func TestUnreadEntries(t *testing.T) {
	r := NewReader(testVocab(t), Defaults{})
	for _, c := range []struct {
		text, want string
		unread     bool
		warnings   int
	}{
		{"Fe 65%; resin 5%; Nd 30%", "Fe 65%; Nd 30%", true, 1},
		{"Fe 65%; resin 5%; rest none", "Fe 65%", true, 1},
		{"Fe 65%; rest none; 树脂 5%", "Fe 65%", true, 1},
		{"resin 5%; Nd 30 furlongs; Dy 3%", "Nd <=100%; Dy 3%", true, 2},
		{"Nd 30 at%; Nd 25%", "Nd 25%", true, 1},
		{"neodimium 30%; Fe 70%", "Nd <=100%; Fe 70%", true, 1},
		{"不含镝 3%", "Dy <=100%", true, 1},
		{"balance", "", true, 1},

		{"稀土 30%; Fe 69%", "Nd <=30%; Dy <=30%; Tb <=30%; Fe 69%", false, 1},
		{"稀土 30%; Dy 3%; Tb none", "Nd <=30%; Dy 3%; Tb none", false, 1},
		{"Dy 3%; Tb none; rare earths <31%", "Dy 3%; Tb none; Nd <31%", false, 1},
		{"rare earths >=29%; rest none", "Nd <=100%; Dy <=100%; Tb <=100%; rest none", false, 1},
		{"Rare Earths 30 furlongs", "Nd <=100%; Dy <=100%; Tb <=100%", true, 1},
		{"other rare earths 0.5%; Nd 30%", "Dy <=0.5%; Tb <=0.5%; Nd 30%", false, 1},
		{"희토류 30%; Dy2O3 present", "Nd <=30%; Tb <=30%; O present; Dy present", false, 1},
		{"不含稀土; Fe 99%", "Nd none; Dy none; Tb none; Fe 99%", false, 0},
		{"稀土氧化物 none", "", false, 1},
		{"钕镨 30%", "Pr <=30%; Nd <=30%", false, 1},
		{"neodymium iron boron 95%", "B present; Fe present; Nd present", false, 1},
	} {
		var it Item
		var warned []string
		p := r.Set(&it, colComposition, c.text)
		for ; p != nil; p = nil {
			warned = append(warned, p.Error())
			if !p.Warning {
				t.Errorf("%s is refused: %s", c.text, p.Error())
			}
		}
		for _, p := range it.pending {
			warned = append(warned, p.Error())
		}
		if got := string(AppendComposition(nil, &it)); sorted(got) != sorted(c.want) || it.Unread != c.unread || len(warned) != c.warnings {
			t.Errorf("%s:\n got %s, unread %v\nwant %s\n%s", c.text, got, it.Unread, c.want, strings.Join(warned, "\n"))
		}
	}
}

func sorted(composition string) string {
	parts := strings.Split(composition, "; ")
	for i := range parts {
		for j := i + 1; j < len(parts); j++ {
			if parts[j] < parts[i] {
				parts[i], parts[j] = parts[j], parts[i]
			}
		}
	}
	return strings.Join(parts, "; ")
}

// What contradicts itself refuses the row, as before: no part of it is better than another.
func TestContradictionsRefuse(t *testing.T) {
	r := NewReader(testVocab(t), Defaults{})
	for _, text := range []string{"Nd 30; Nd 31", "balance Fe; balance Co", "不含稀土; Dy 3%", "Nd 70; Fe 34.2"} {
		var it Item
		if p := r.Set(&it, colComposition, text); p == nil || p.Warning {
			t.Errorf("%s is not refused", text)
		}
	}
}

// A name that rules out other elements does not, where an entry of the composition could not be read.
func TestUnreadKeepsTheListOpen(t *testing.T) {
	v := testVocab(t)
	dy, _ := vocab.ElementOf("Dy")
	for text, lacks := range map[string]bool{"Ga 48%; As 52%": true, "Ga 48%; As 47%; resin 5%": false} {
		it, problems := NewReader(v, Defaults{}).ReadFacts(map[string]string{"description": "gallium arsenide", "composition": text})
		if problems.Refusals() > 0 {
			t.Fatal(problems)
		}
		var k Known
		if k.Prepare(v, &it); k.Lacks(dy) != lacks {
			t.Errorf("%s: Dy known to be none is %v", text, k.Lacks(dy))
		}
	}
}
