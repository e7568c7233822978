package fact

import (
	"strings"
	"testing"

	"lodestone/internal/quant"
)

// showParams prints the parameters of an item: name, operator and value, one after the other.
func showParams(r *Reader, it *Item) string {
	var parts []string
	for _, p := range it.Params {
		def := r.v.ParamDef(p.ID)
		value := p.Text
		switch {
		case p.None:
			value = "none"
		case p.Sizes != nil:
			var sides []string
			for _, s := range p.Sizes {
				sides = append(sides, s.String())
			}
			value = strings.Join(sides, "x")
		case p.Value != (quant.Range{}):
			value = p.Value.String()
		}
		parts = append(parts, def.ID+"="+value)
	}
	return strings.Join(parts, "; ")
}

func TestParams(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"purity=99.95 %; density=1.75 g/cm3; flexural_strength=35 MPa", "purity=99.95; density=1.75; flexural_strength=35"},
		{"purity >= 99.95%; density: 1750 kg/m3", "purity=>=99.95; density=1.75"},
		{"纯度99.95%；密度：１.７５ g/cm³，抗折强度≥35兆帕", "purity=99.95; density=1.75; flexural_strength=>=35"},
		{"순도 99.9% 이상; 밀도 1.7-1.8 g/cc", "purity=>=99.9; density=1.7-1.8"},
		{"purity 99.95", "purity=99.95"},
		{"purity=4N5", "purity=>=99.995"},
		{"purity=2N", "purity=>=99"},
		{"flexural strength=none", "flexural_strength=none"},
		{"flexural_strength: 0.035-0.04 GPa", "flexural_strength=35-40"},
		{"flexural_strength=35±5 MPa", "flexural_strength=30-40"},
		{"flexural_strength >30 <=35 MPa", "flexural_strength=>30 <=35"},
		{"working temperature=-40~80 ℃", "working_temperature=-40-80"},
		{"endurance=30 min", "endurance=30"},
		{"endurance=30 min min", "endurance=>=30"},
		{"endurance=1800 s", "endurance=30"},
		{"EPD=5e3 cm-2", "dislocation_density=5000"},
		{"flux density=14000 G", "magnetic_flux_density=1.4"},
		{"flux density=1.4 T", "magnetic_flux_density=1.4"},
		{"Hf:Zr ratio=0.002", "Hf_to_Zr_ratio=0.002"},
		{"Hf:Zr ratio < 0.2 %", "Hf_to_Zr_ratio=<0.002"},
		{"shape=Rod", "shape=cylinder"},
		{"lining=PTFE", "lining=PTFE"},
		{"BVLOS=是", "beyond_sight=yes"},
		{"dimensions=120x130x50 mm", "dimensions=120x130x50"},
		{"尺寸：120×13 cm×50mm", "dimensions=1200x130x50"},
		{"尺寸 12*13*5cm", "dimensions=120x130x50"},
		{"length=120 mm; width=13 cm; height=2 inch", "length=120; width=130; height=50.8; dimensions=120x130x50.8"},
		{"length=120 mm; width=13 cm; thickness=5 mm", "length=120; width=130; thickness=5; dimensions=120x130x5"},
		{"length=120 mm; width=13 cm; height>5 mm", "length=120; width=130; height=>5"},
		{"W_content=97%", "W_content=97"},
		{"purity=unknown", ""},
	} {
		r := NewReader(testVocab(t), Defaults{})
		var it Item
		p := r.Set(&it, colParams, c.text)
		list := r.Finish(&it)
		if got := showParams(r, &it); got != c.want || p != nil || list != nil {
			t.Errorf("%s:\n got %s\nwant %s\n%v %v", c.text, got, c.want, p, list)
		}
	}
}

func TestParamProblems(t *testing.T) {
	for _, c := range []struct {
		text, want string
		warning    bool
		stays      string // what is read besides
	}{
		{"purty=99.9%; density=1.7 g/cm3", `"purty" is no parameter; left unknown (purity)`, true, "density=1.7"},
		{"density=1750", "density=1750: has no unit; left unknown (1750 g/cm3)", true, ""},
		{"purity=0.9995", "has no unit; left unknown", true, ""},
		{"dimensions=120x130x50", "has no unit; left unknown", true, ""},
		{"purity~99.9%", "about is no amount; left unknown", true, ""},
		{"shape=cylindr", "\"cylindr\" is not known; left unknown (cylinder)", true, ""},
		{"density=1.7 MPa", "MPa is a unit of pressure, density is wanted", false, ""},
		{"density=1.7 g/cm4", `unit "g/cm4" is not known (g/cm3)`, false, ""},
		{"purity=high", `"high" does not begin with a number`, false, ""},
		{"purity=99.9%; purity=99.99%", "purity stands twice", false, ""},
		{"density=1,234 g/cm3", "1,234 can be 1234 or 1.234", false, ""},
		{"density=1.8-1.7 g/cm3", "ends before it begins", false, ""},
		{"dimensions=120x0x50 mm", "a side of zero", false, ""},
		{"BVLOS=maybe", `"maybe" (yes or no)`, false, ""},
	} {
		r := NewReader(testVocab(t), Defaults{})
		var it Item
		p := r.Set(&it, colParams, c.text)
		if p == nil || !strings.Contains(p.Error(), c.want) || p.Warning != c.warning {
			t.Errorf("%s:\n got %v\nwant %s", c.text, p, c.want)
		}
		if got := showParams(r, &it); got != c.stays {
			t.Errorf("%s: %q stays, want %q", c.text, got, c.stays)
		}
	}
}

// A composition answers the parameter that is a mass fraction, and the parameter the composition.
func TestShareParameters(t *testing.T) {
	it, problems := read(t, Defaults{}, map[string]string{"composition": "W 97%; Co 3%"})
	r := NewReader(testVocab(t), Defaults{})
	if got := showParams(r, &it); got != "W_content=97" || problems != "" {
		t.Error(got, problems)
	}
	it, _ = read(t, Defaults{}, map[string]string{"params": "W_content>=97 wt%"})
	if got := string(AppendComposition(nil, &it)); got != "W >=97%" {
		t.Error(got)
	}
}

func FuzzParams(f *testing.F) {
	for _, s := range []string{
		"purity=99.95 %; density=1.75 g/cm3; flexural_strength=35 MPa", "纯度99.95%；密度：１.７５ g/cm³", "dimensions=120x130x50 mm", "length=1 mm, width=2mm",
		"flexural_strength >30 <=35 MPa", "EPD=5e3 cm-2", "Hf:Zr ratio < 0.2 %", "shape=rod", "purity=4N5", "BVLOS=no", "working_temperature=-40--20 C",
	} {
		f.Add(s)
	}
	v := testVocab(f)
	f.Fuzz(func(t *testing.T, text string) {
		r := NewReader(v, Defaults{})
		var it Item
		if p := r.Set(&it, colParams, text); p != nil && !p.Warning && len(it.Params) > 0 {
			t.Fatalf("%q was refused and left %s", text, showParams(r, &it))
		}
		for _, p := range it.Params {
			if p.Value.Empty() || !strings.Contains(text, p.Words) {
				t.Fatalf("%q: %s of words %q", text, showParams(r, &it), p.Words)
			}
		}
		r.Finish(&it)
	})
}
