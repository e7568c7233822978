package fact

import (
	"testing"

	"lodestone/internal/quant"
	"lodestone/internal/vocab"
)

func names(en, zh, ko string) vocab.Names {
	n := vocab.Names{}
	for to, s := range map[*[]string]string{&n.En: en, &n.Zh: zh, &n.Ko: ko} {
		if s != "" {
			*to = append(*to, s)
		}
	}
	return n
}

func term(id, en, zh, ko string) vocab.Term { return vocab.Term{ID: id, Names: names(en, zh, ko)} }

// testVocab is a small vocabulary with a word of each kind.
func testVocab(t testing.TB) *vocab.Vocab {
	t.Helper()
	one := quant.Int(1)
	factor := quant.MustDecimal
	v, err := vocab.Compile(vocab.Data{
		Forms: []vocab.Form{
			{ID: "metal", Names: names("metal", "金属", "금속")},
			{ID: "powder", Names: names("powder", "粉末", "분말"), Column: []string{"粉"}, With: []string{"metal"}},
			{ID: "compound", Names: names("compound", "化合物", "화합물"), With: []string{"powder"}},
			{ID: "magnet", Names: names("magnet", "磁体", "자석")},
			{ID: "finished_product", Names: names("finished product", "成品", "완제품")},
		},
		Kinds: []vocab.Kind{
			{ID: "ndfeb", Names: names("neodymium iron boron", "钕铁硼", "네오디뮴 자석"), Formulas: []string{"NdFeB"}, Elements: []string{"Nd", "Fe", "B"}},
			{ID: "gaas", Names: names("gallium arsenide", "砷化镓", "갈륨비소"), Formulas: []string{"GaAs"}, Elements: []string{"Ga", "As"}, Pure: true},
			{ID: "magnet", Names: names("permanent magnet", "磁铁", "자석"), Generic: true},
		},
		Countries: []vocab.CountryDef{
			{Code: "CN", Names: names("China", "中国", "중국")}, {Code: "KR", Names: names("South Korea", "韩国", "한국")},
			{Code: "US", Names: names("United States", "美国", "미국")}, {Code: "JP", Names: names("Japan", "日本", "일본")},
		},
		Elements: []vocab.ElementNames{
			{Symbol: "Nd", Names: names("neodymium", "钕", "네오디뮴")}, {Symbol: "Dy", Names: names("dysprosium", "镝", "디스프로슘")},
			{Symbol: "Tb", Names: names("terbium", "铽", "터븀")}, {Symbol: "Fe", Names: names("iron", "铁", "철"), Ambiguous: []string{"iron", "铁", "철"}},
			{Symbol: "O", Names: names("oxygen", "氧", "산소")}, {Symbol: "Co", Names: names("cobalt", "钴", "코발트")},
			{Symbol: "W", Names: names("tungsten", "钨", "텅스텐"), WordOnly: true},
		},
		Families: []vocab.Family{
			{ID: "rare_earths", Names: names("rare earths", "稀土", "희토류"), Elements: []string{"Nd", "Dy", "Tb"}},
			{ID: "rare_earth_oxides", Names: names("rare earth oxides", "稀土氧化物", ""), Elements: []string{"Nd", "Dy", "Tb"}, Loose: true},
			{ID: "didymium", Names: names("didymium", "钕镨", ""), Elements: []string{"Pr", "Nd"}, Loose: true},
		},
		Params: []vocab.ParamDef{
			{ID: "purity", Kind: "number", Dimension: "fraction", Units: []string{"percent"}, Names: names("purity", "纯度", "순도"), Grades: true},
			{ID: "W_content", Kind: "number", Dimension: "fraction", Units: []string{"wt_percent"}, Names: names("tungsten content", "钨含量", ""), Element: "W"},
			{ID: "density", Kind: "number", Dimension: "density", Units: []string{"g/cm3"}, Names: names("density", "密度", "밀도")},
			{ID: "specific_energy", Kind: "number", Dimension: "specific_energy", Units: []string{"Wh/kg"}, Names: names("energy density", "", ""), ByUnit: true},
			{ID: "flexural_strength", Kind: "number", Dimension: "pressure", Units: []string{"MPa"}, Names: names("flexural strength", "抗折强度", "")},
			{ID: "dimensions", Kind: "sizes", Dimension: "length", Units: []string{"mm"}, Names: names("size", "尺寸", "치수")},
			{ID: "length", Kind: "number", Dimension: "length", Units: []string{"mm"}, Names: names("length", "长度", "길이")},
			{ID: "width", Kind: "number", Dimension: "length", Units: []string{"mm"}, Names: names("width", "宽度", "너비")},
			{ID: "height", Kind: "number", Dimension: "length", Units: []string{"mm"}, Names: names("height", "高度", "높이")},
			{ID: "thickness", Kind: "number", Dimension: "length", Units: []string{"mm"}, Names: names("thickness", "厚度", "두께")},
			{ID: "endurance", Kind: "number", Dimension: "time", Units: []string{"min"}, Names: names("endurance", "续航时间", "")},
			{ID: "working_temperature", Kind: "number", Dimension: "temperature", Units: []string{"C"}, Names: names("working temperature", "", "")},
			{ID: "Hf_to_Zr_ratio", Kind: "number", Dimension: "fraction", Units: []string{"ratio"}, Names: names("Hf:Zr ratio", "", "")},
			{ID: "dislocation_density", Kind: "number", Dimension: "number_density", Units: []string{"per_cm2"}, Names: names("EPD", "", "")},
			{ID: "magnetic_flux_density", Kind: "number", Dimension: "magnetic_flux_density", Units: []string{"T"}, Names: names("flux density", "", "")},
			{ID: "shape", Kind: "words", Names: names("shape", "形状", ""), Words: []vocab.Term{term("cylinder", "rod", "圆柱", ""), term("block", "cuboid", "", "")}},
			{ID: "lining", Kind: "words", Names: names("lining", "", "")},
			{ID: "beyond_sight", Kind: "flag", Names: names("BVLOS", "", "")},
		},
		Units: []vocab.UnitDef{
			{ID: "percent", Dimension: "fraction", Factor: one, Spellings: []string{"%", "pct"}},
			{ID: "wt_percent", Dimension: "fraction", Factor: one, Spellings: []string{"wt%", "wt.%", "% wt", "重量%", "质量%"}},
			{ID: "ppm", Dimension: "fraction", Factor: factor("0.0001"), Spellings: []string{"mg/kg"}},
			{ID: "ratio", Dimension: "fraction", Factor: factor("100")},
			{ID: "at_percent", Dimension: "atomic_fraction", Factor: one, Spellings: []string{"at%"}},
			{ID: "g/cm3", Dimension: "density", Factor: one, Spellings: []string{"g/cm³", "g/cc"}},
			{ID: "Wh/kg", Dimension: "specific_energy", Factor: one},
			{ID: "kg/m3", Dimension: "density", Factor: factor("0.001")},
			{ID: "MPa", Dimension: "pressure", Factor: factor("1000000"), Spellings: []string{"兆帕"}},
			{ID: "GPa", Dimension: "pressure", Factor: factor("1000000000")},
			{ID: "mm", Dimension: "length", Factor: one}, {ID: "cm", Dimension: "length", Factor: factor("10")},
			{ID: "inch", Dimension: "length", Factor: factor("25.4")},
			{ID: "s", Dimension: "time", Factor: one}, {ID: "min", Dimension: "time", Factor: factor("60")},
			{ID: "C", Dimension: "temperature", Factor: one, Spellings: []string{"℃", "°C"}},
			{ID: "per_cm2", Dimension: "number_density", Factor: one, Spellings: []string{"/cm2", "cm-2"}},
			{ID: "T", Dimension: "magnetic_flux_density", Factor: one}, {ID: "G", Dimension: "magnetic_flux_density", Factor: factor("0.0001")},
			{ID: "t", Dimension: "mass", Factor: factor("1000"), Spellings: []string{"T"}}, {ID: "g", Dimension: "mass", Factor: factor("0.001"), Spellings: []string{"G"}},
		},
		EndUses:      []vocab.Term{term("civil", "civilian", "民用", "민수"), term("military", "defence", "军事", "군사"), term("unknown", "not known", "", "")},
		EndUserKinds: []vocab.Term{term("civil", "company", "企业", ""), term("military", "armed forces", "军队", "")},
		Procedures:   []vocab.Term{term("general", "general trade", "一般贸易", ""), term("hand_carry", "hand carried", "", ""), term("repair", "repair", "修理", "")},
		Knowledge:    []vocab.Term{term("wmd_suspected", "", "", ""), term("informed_by_authority", "", "", "")},
		LicenceKinds: []vocab.Term{term("individual", "individual licence", "单项许可", ""), term("general", "", "", "")},
		Columns: []vocab.Column{
			{ID: "id", Names: names("item number", "序号", "번호")}, {ID: "description", Names: names("product", "品名", "품명")},
			{ID: "hs", Names: names("hs code", "商品编码", "품목번호")}, {ID: "destination", Names: names("ship to country", "目的国", "목적국")},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return v
}
