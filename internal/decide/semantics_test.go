package decide_test

import (
	"slices"
	"strings"
	"testing"

	"lodestone/internal/decide"
	"lodestone/internal/fact"
	"lodestone/internal/law"
	"lodestone/internal/licence"
	"lodestone/internal/rule"
	"lodestone/internal/vocab"
	"lodestone/internal/when"
	"lodestone/lawdata/licensing"
)

// The tests of this file are named by the numbered points of what the law means for an engine; each asks of the embedded law what a
// careful exporter would, in rows as people write them.

// answer is a determination with what it rests on.
type answer struct {
	*decide.Result
	decide.Explanation
	book *law.Book
	it   fact.Item
}

// ask screens a row, "column=value | column=value", on a day, "DATE" or "DATE@KNOWN". A row that states its own days needs none.
func ask(t *testing.T, row, on string) *answer {
	t.Helper()
	columns := map[string]string{}
	for _, pair := range strings.Split(row, "|") {
		key, value, ok := strings.Cut(pair, "=")
		if !ok {
			t.Fatalf("%q is no column=value", pair)
		}
		columns[strings.TrimSpace(key)] = strings.TrimSpace(value)
	}
	a := &answer{book: realLaw()}
	a.it = read(a.book, columns)
	d := decide.New(a.book)
	at := when.At{}
	day, known, both := strings.Cut(on, "@")
	if both {
		at.KnownBy = date(t, known)
	}
	if day != "" {
		at.Effective = date(t, day)
	} else if at.Effective = d.Day(&a.it); at.Effective == 0 {
		t.Fatalf("%q states no day", row)
	}
	a.Result = d.Decide(at, &a.it)
	a.Explanation = *d.Explain(&a.it, false)
	return a
}

func date(t *testing.T, s string) when.Date {
	t.Helper()
	d, err := when.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// is asks a row and expects an outcome, or "outcome/may_be".
func is(t *testing.T, row, on, want string) *answer {
	t.Helper()
	a := ask(t, row, on)
	if a.word() != want {
		t.Errorf("%s\non %s: %s, want %s\nrequired by %v, missing %v", row, on, a.word(), want, a.norms(), a.needs())
	}
	return a
}

// neverFree asks a row and expects that it is not called not controlled and that the answer says what was not read.
func neverFree(t *testing.T, row, on string) *answer {
	t.Helper()
	a := ask(t, row, on)
	if a.Outcome == law.NotControlled {
		t.Errorf("%s on %s: not_controlled", row, on)
	}
	if !a.saysUnread() {
		t.Errorf("%s on %s: %s, and nothing says what was not read", row, on, a.Outcome)
	}
	return a
}

// saysUnread says that the answer names a layer or an act that was not read.
func (a *answer) saysUnread() bool {
	return len(a.Unread) > 0 || a.Early >= 0 || slices.ContainsFunc(a.Gaps, func(g decide.Gap) bool { return g.Norm >= 0 })
}

func (a *answer) norms() []string {
	var refs []string
	for i := range a.Requirements {
		q := &a.Requirements[i]
		refs = append(refs, a.book.Norms[q.Norm].Ref+":"+q.Truth.String()+":"+q.State.String())
	}
	return refs
}

func (a *answer) needs() []string {
	var needs []string
	for _, g := range a.Gaps {
		needs = append(needs, g.Layer+":"+g.Need)
	}
	return needs
}

// rests finds the requirement of a norm, or fails.
func (a *answer) rests(t *testing.T, ref string) decide.Requirement {
	t.Helper()
	for i := range a.Requirements {
		if a.book.Norms[a.Requirements[i].Norm].Ref == ref {
			return a.Requirements[i]
		}
	}
	t.Errorf("%s is not among %v", ref, a.norms())
	return decide.Requirement{}
}

func (a *answer) without(t *testing.T, ref string) {
	t.Helper()
	for i := range a.Requirements {
		if a.book.Norms[a.Requirements[i].Norm].Ref == ref {
			t.Errorf("%s is among %v", ref, a.norms())
		}
	}
}

// codes are the control codes that the requirements have on the day.
func (a *answer) codes() []string {
	var codes []string
	for i := range a.Requirements {
		if code, _ := a.book.Norms[a.Requirements[i].Norm].CodeOn(a.book, a.At); code != "" {
			codes = append(codes, code)
		}
	}
	return codes
}

func (a *answer) asks(t *testing.T, fact string) {
	t.Helper()
	if !slices.ContainsFunc(a.Asks, func(x decide.Ask) bool { return x.Fact == fact }) {
		t.Errorf("nothing asks for %s", fact)
	}
}

func (a *answer) layers() []string {
	var layers []string
	for i := range a.Requirements {
		q := &a.Requirements[i]
		if l := a.book.Norms[q.Norm].Layer; q.Truth == rule.Yes && q.State == law.InForce && !slices.Contains(layers, l) {
			layers = append(layers, l)
		}
	}
	slices.Sort(layers)
	return layers
}

func norm(t *testing.T, ref string) *law.Compiled {
	t.Helper()
	n, ok := realLaw().NormNumber(ref)
	if !ok {
		t.Fatalf("%s is not in the law data", ref)
	}
	return &realLaw().Norms[n]
}

// civil ends a row that goes to a civil user in a country without a rule of its own.
const civil = " | from=CN | destination=DE | end_user=Muster Technik GmbH | end_user_kind=civil | end_use=civil"

func TestSemanticsCodes(t *testing.T) {
	t.Run("1 the code only looks like a Wassenaar number", func(t *testing.T) {
		for prefix, group := range map[string]string{"3C001": "gallium", "3C002": "germanium", "1C905": "rare_earth_18", "3A001": "battery"} {
			g, _ := realLaw().Vocab.Group(group)
			met := false
			for n := range realLaw().Norms {
				c := &realLaw().Norms[n]
				if code, _ := c.CodeOn(realLaw(), when.At{Effective: when.Day(2026, 3, 2), KnownBy: when.Day(2026, 10, 9)}); strings.HasPrefix(code, prefix) {
					met = true
					if !slices.Contains(c.Groups, g) {
						t.Errorf("%s has code %s and is not of %s", c.Ref, code, group)
					}
				}
			}
			if !met {
				t.Errorf("no norm has code %s", prefix)
			}
		}
		is(t, "description=gallium metal | control_code=3C001.a"+civil, "2026-03-02", "licence").rests(t, "CN-2023-23/gallium_metal")
	})
	t.Run("2 no code before the unified list", func(t *testing.T) {
		row := "description=gallium arsenide wafer" + civil
		if codes := is(t, row, "2024-01-15", "licence").codes(); len(codes) != 0 {
			t.Errorf("in January 2024 it has the code %v", codes)
		}
		if codes := is(t, row, "2024-12-01", "licence").codes(); !slices.Equal(codes, []string{"3C001.e"}) {
			t.Errorf("from December 2024 it has the code %v", codes)
		}
	})
	t.Run("3 codes grow", func(t *testing.T) {
		press := norm(t, "CN-2024-33/mpcvd_equipment")
		for day, want := range map[string]string{"2024-10-01": "", "2025-06-01": "2B005", "2025-11-08": "2B005.a"} {
			if code, _ := press.CodeOn(realLaw(), when.At{Effective: date(t, day), KnownBy: when.Day(2026, 10, 9)}); code != want {
				t.Errorf("on %s its code is %q, not %q", day, code, want)
			}
		}
		for _, words := range []string{"tungsten carbide production technology", "molybdenum powder production technology"} {
			is(t, "description="+words+" | form=technology"+civil, "2026-03-02", "licence").rests(t, "CN-2025-10/1E101.b")
		}
	})
	t.Run("4 places kept free match nothing", func(t *testing.T) {
		act := realLaw().Act("CN-2025-57")
		if len(act.Reserved) != 7 {
			t.Errorf("%d places are kept free in No. 57, not 7", len(act.Reserved))
		}
		for _, r := range act.Reserved {
			for n := range realLaw().Norms {
				if realLaw().Norms[n].Code == r.Code {
					t.Errorf("%s is a norm at a place kept free", realLaw().Norms[n].Ref)
				}
			}
		}
		is(t, "description=erbium copper alloy | form=alloy | composition=Er 10%; Cu 90%; rest none"+civil, "2025-12-01@2025-10-20", "cannot_tell/licence").without(t, "CN-2025-57/1C910.a.2.a") // it may be a target
	})
	t.Run("5 exclusion chains decide the code, not the outcome", func(t *testing.T) {
		is(t, "description=tungsten rod | composition=W 99.9% | params=shape=cylinder; diameter=150 mm; length=80 mm"+civil, "2026-03-02", "licence").
			rests(t, "CN-2025-10/1C117.c.1.a")
		is(t, "description=tungsten trioxide | hs=2825901200 | params=state_trading_exporter=yes"+civil, "2026-03-02", "licence").rests(t, "CN-2025-10/1C117.d.2")
		is(t, "description=bismuth metal"+civil, "2026-03-02", "licence").rests(t, "CN-2025-10/6C001.a")
	})
}

func TestSemanticsCustomsCodes(t *testing.T) {
	t.Run("6 a customs code never decides a dual-use control", func(t *testing.T) {
		for _, basket := range []string{"2805301910", "3824999922", "8486909110", "9013200093"} {
			is(t, "hs="+basket+civil, "2026-03-02", "cannot_tell/licence")
		}
		is(t, "description=Sm-Co magnet"+civil, "2026-03-02", "licence") // no code is printed for it
		is(t, "description=mobile phone | hs=8517130000"+civil, "2026-03-02", "not_covered")
	})
	t.Run("7 one code, many items", func(t *testing.T) {
		var refs []string
		for n := range realLaw().Norms {
			c := &realLaw().Norms[n]
			if slices.ContainsFunc(c.HS, func(h law.HS) bool { return h.Code == "2931900032" }) {
				refs = append(refs, c.Ref)
			}
		}
		if len(refs) != 5 {
			t.Errorf("2931900032 serves %v, not five items", refs)
		}
	})
	t.Run("8 codes are renumbered each January", func(t *testing.T) {
		replaced, tariffLines := 0, 0
		for n := range realLaw().Norms {
			c := &realLaw().Norms[n]
			for _, h := range c.HS {
				if h.To != 0 {
					replaced++
				}
				if c.Act.ID == "CN-2025-57" && len(h.Code) == 8 {
					tariffLines++
				}
			}
		}
		if replaced == 0 || tariffLines == 0 {
			t.Errorf("%d codes end, %d are tariff lines of eight digits in No. 57", replaced, tariffLines)
		}
	})
	t.Run("9 helium: the code decides", func(t *testing.T) {
		is(t, "description=liquid helium | hs=2804290010"+civil, "2026-07-09", "not_controlled")
		is(t, "description=liquid helium | hs=2804290010"+civil, "2026-07-10", "prohibited")
		is(t, "hs=2804.29.0010 | from=CN | destination=KR", "2026-08-01", "prohibited")
	})
}

func TestSemanticsLimits(t *testing.T) {
	t.Run("10 all limits joined, over is not at least", func(t *testing.T) {
		graphite := func(purity, strength, density string) string {
			return "description=isostatic graphite block | composition=C 99.9%; rest none | params=purity=" + purity + " %; flexural_strength=" + strength + " MPa; density=" + density + " g/cm3" + civil
		}
		is(t, graphite("99.95", "35", "1.80"), "2024-03-01", "licence")
		is(t, graphite("99.9", "35", "1.80"), "2024-03-01", "not_controlled")
		is(t, graphite("99.95", "30", "1.80"), "2024-03-01", "not_controlled")
		is(t, graphite("99.95", "35", "1.73"), "2024-03-01", "not_controlled")
		is(t, "description=antimony trioxide | params=purity=99.99 %"+civil, "2024-10-01", "licence")
		is(t, "description=trimethylantimony | hs=2931900032 | params=purity_inorganic_element_basis=99.999 %"+civil, "2026-03-01", "not_controlled")
		lfp := func(density, capacity string) string {
			return "description=lithium iron phosphate | params=compaction_density=" + density + " g/cm3; specific_capacity=" + capacity + " mAh/g" + civil
		}
		is(t, lfp("2.5", "156"), "2025-12-01@2025-10-20", "licence")
		is(t, "description=lithium-ion battery pack | params=energy_density=300 Wh/kg"+civil, "2025-12-01@2025-10-20", "licence")
	})
	t.Run("11 purity on inorganic elements", func(t *testing.T) {
		is(t, "description=trimethylantimony | params=purity_inorganic_element_basis=99.9999 %"+civil, "2026-03-01", "licence")
		is(t, "description=trimethylantimony | params=purity=99.9999 %"+civil, "2026-03-01", "cannot_tell/licence").asks(t, "params.purity_inorganic_element_basis")
	})
	t.Run("12 indium antimonide by its crystal form", func(t *testing.T) {
		is(t, "description=indium antimonide single crystal wafer | params=dislocation_density_single_crystal=30 per_cm2"+civil, "2026-03-01", "licence")
		is(t, "description=锑化铟多晶锭 | params=purity_polycrystal=99.999995 %"+civil, "2026-03-01", "licence")
	})
	t.Run("13 no least content for alloys, targets and mixtures", func(t *testing.T) {
		is(t, "description=Al-Sc alloy powder | form=alloy | composition=Al 99%; Sc 1%; rest none"+civil, "2025-05-01", "licence")
		is(t, "description=aluminium scandium sputtering target | composition=Al 98%; Sc 2%; rest none"+civil, "2025-05-01", "licence")
		is(t, "form=mixture | composition=Dy 0.13%; Si 30%; Al 20%"+civil, "2025-05-01", "licence")
		is(t, "form=mixture | composition=Y 0.4%; Si 30%; Al 20%"+civil, "2025-05-01", "licence")
	})
	t.Run("14 reacted goods are no mixtures", func(t *testing.T) {
		is(t, "description=LYSO scintillation crystal | composition=Lu 71%; Y 4%; Si 6%; O 18%; Ce 1%; rest none | hs=9001909090"+civil, "2026-03-01", "not_controlled")
	})
	t.Run("15 alloys are closed lists of names, an unlisted element beside does not free", func(t *testing.T) {
		is(t, "description=镁合金锭 | form=alloy | composition=Mg 85%; Gd 12%; Zn 3%; rest none"+civil, "2025-05-01", "licence").rests(t, "CN-2025-18/1C903.a.2.a")
		tbfe := "description=terbium-iron alloy powder | form=powder | composition=Tb 60%; Fe 40%; rest none | hs=7202991900"
		is(t, tbfe+civil, "2026-03-01", "goods_licence").without(t, "CN-2025-18/1C904.a.1")
		is(t, tbfe+" | origin=CN | made_in=CN | from=JP | destination=KR | end_user=Hanbit Precision Materials Co., Ltd. | end_user_kind=civil | end_use=civil", "2025-10-20", "licence").
			rests(t, "CN-2025-61/limb-3")
	})
	t.Run("16 magnets: primary shapes in, built in out", func(t *testing.T) {
		is(t, "description=烧结钕铁硼磁体 | composition=Nd 29.5%; Dy 3%; Fe 66%; B 1%; rest none"+civil, "2025-05-01", "licence")
		is(t, "description=servo motor with NdFeB magnets | composition=Dy 0.3% | form=finished_product | hs=8501310000"+civil, "2026-03-01", "not_controlled")
	})
	t.Run("17 the piece is tested as exported", func(t *testing.T) {
		is(t, "description=tungsten rod | composition=W 99.9% | params=shape=cylinder; diameter=150 mm; length=50 mm"+civil, "2026-03-02", "licence")
		is(t, "description=tungsten rod | composition=W 99.9% | hs=8101991090 | params=shape=cylinder; diameter=119 mm; length=50 mm"+civil, "2026-03-02", "not_controlled")
	})
	t.Run("18 used goods count, built-in goods where they can be taken out", func(t *testing.T) {
		is(t, "description=used gallium arsenide wafers"+civil, "2026-03-02", "licence")
		a := is(t, "description=loudspeaker with NdFeB magnets | composition=Dy 0.3% | form=finished_product | hs=8518210000"+civil, "2026-03-01", "not_controlled")
		if !a.Holds {
			t.Error("nothing says that the magnet would be judged for itself where it is the principal component")
		}
		rotor := "description=rotor with NdFeB magnets, Dy 0.3% | form=component"
		is(t, rotor+" | params=built_in=principal and removable"+civil, "2026-03-01", "licence").rests(t, "CN-2025-18/1C905.a.4")
		if a := ask(t, rotor+" | params=built_in=fixed"+civil, "2026-03-01"); a.Outcome == law.Licence {
			t.Errorf("fixed in: %s", a.word())
		}
		is(t, "description=磷化铟外延片装入的模块 | form=assembly | params=built_in=主要组成且可拆出"+civil, "2026-03-02", "licence")
	})
	t.Run("19 indium and molybdenum metal are goods-licence matters", func(t *testing.T) {
		is(t, "description=indium phosphide wafer"+civil, "2026-03-02", "licence")
		is(t, "description=trimethylindium"+civil, "2026-03-02", "licence")
		is(t, "description=indium ingot | hs=8112923090 | composition=In 99.99%; rest none"+civil, "2026-03-02", "goods_licence").without(t, "CN-2025-10/3C004.a")
		is(t, "description=molybdenum powder | hs=8102100000 | composition=Mo 99.9%; rest none | params=particle_size=100 um"+civil, "2026-03-02", "not_controlled")
		bars := is(t, "description=molybdenum bars | hs=8102940000 | form=metal | composition=Mo 99.95%; rest none | params=use=none"+civil, "2026-03-02", "goods_licence")
		bars.without(t, "CN-2025-10/1C117.b")
	})
}

// word is the answer as is expects it.
func (a *answer) word() string {
	if a.Open {
		return a.Outcome.String() + "/" + a.MayBe.String()
	}
	return a.Outcome.String()
}

func TestSemanticsLayers(t *testing.T) {
	t.Run("20 layers add up", func(t *testing.T) {
		a := is(t, "description=antimony ingot | hs=8110101000 | params=state_trading_exporter=yes"+civil, "2026-03-02", "licence")
		if got := a.layers(); !slices.Equal(got, []string{"dual_use", "goods_licence"}) {
			t.Errorf("antimony ingot needs %v", got)
		}
		silver := is(t, "description=silver powder | hs=7106101100 | params=state_trading_exporter=yes"+civil, "2026-03-02", "goods_licence")
		if got := silver.layers(); !slices.Equal(got, []string{"goods_licence"}) {
			t.Errorf("silver needs %v", got)
		}
	})
	t.Run("21 the suspension does not open rare-earth technology", func(t *testing.T) {
		a := is(t, "description=rare earth separation technology"+civil, "2026-03-02", "cannot_tell/prohibited")
		if a.rests(t, "CN-2025-62/1E902.a").State != law.Sleeping || a.rests(t, "CN-2023-57/rare-earth-core").State != law.InForce {
			t.Errorf("stands as %v", a.norms())
		}
	})
	t.Run("21 nor technology that is told by what it is about", func(t *testing.T) {
		for _, words := range []string{"sintering technology for NdFeB magnets", "稀土永磁制备工艺 技术资料", "dysprosium alloy technology", "희토류 자석 소결 기술"} {
			for _, form := range []string{"", " | form=technology"} {
				a := neverFree(t, "description="+words+form+civil, "2026-03-02")
				a.rests(t, "CN-2023-57/rare-earth-core")
				if a.asks(t, "description"); a.Holds {
					t.Errorf("%s: know-how is said to hold stuff", words+form)
				}
			}
		}
		a := is(t, "description=flight control software | form=software"+civil, "2026-03-02", "not_covered")
		if !slices.ContainsFunc(a.Gaps, func(g decide.Gap) bool { return g.Layer == "technology" && g.Norm >= 0 }) || slices.Contains(a.needs(), "goods_licence:hs") {
			t.Errorf("missing: %v", a.needs())
		}
	})
	t.Run("61 humanitarian goods need no licence and a report", func(t *testing.T) {
		relief := is(t, "description=dysprosium oxide | origin=CN | from=VN | destination=KR | end_use=humanitarian | end_user=Example Relief", "2025-10-20", "not_controlled")
		if !slices.ContainsFunc(relief.Duties, func(n int) bool { return relief.book.Norms[n].Ref == "CN-2025-61/5-report" }) {
			t.Error("the duty to report is not among the duties")
		}
		if relief.Next == nil || relief.Next.On != date(t, "2025-11-07") || relief.Next.Outcome != law.Suspended {
			t.Errorf("changes next: %+v, and limb 3 sleeps from 2025-11-07", relief.Next)
		}
	})
	t.Run("22 the first clause and the third paragraph stay", func(t *testing.T) {
		us := "description=gallium arsenide wafer | from=CN | destination=US | end_user=Muster Corp. | "
		is(t, us+"end_user_kind=military | end_use=military", "2026-03-02", "prohibited")
		is(t, us+"end_user_kind=civil | end_use=civil", "2025-11-08", "deny")
		is(t, us+"end_user_kind=civil | end_use=civil", "2025-11-09", "licence")
		is(t, us+"end_user_kind=civil | end_use=civil", "2026-11-27", "licence")
		is(t, us+"end_user_kind=civil | end_use=civil", "2026-11-28", "licence/deny")
		third := "description=gallium arsenide wafer | from=JP | origin=CN | destination=US | end_user=Muster Corp. | "
		is(t, third+"end_user_kind=military | end_use=military", "2026-03-02", "prohibited")
		is(t, third+"end_user_kind=civil | end_use=civil", "2026-03-02", "suspended")
		is(t, third+"end_user_kind=civil | end_use=civil", "2025-03-02", "prohibited")
	})
	t.Run("23 listings bind third countries, the watch list wants single licences, ownership is a flag", func(t *testing.T) {
		wafer := "description=gallium arsenide wafer | end_use=civil | end_user_kind=civil | "
		watch := is(t, wafer+"from=CN | destination=JP | end_user=SUBARU Corporation", "2026-03-02", "licence")
		if watch.Policy != law.PolicySingleOnly {
			t.Errorf("policy %s", watch.Policy)
		}
		is(t, wafer+"from=KR | origin=CN | destination=JP | end_user=Mitsubishi Heavy Industries Aero Engines, Ltd.", "2026-03-02", "prohibited")
		owned := is(t, wafer+"from=CN | destination=DE | end_user=Muster Technik GmbH | knowledge=owned_50_by_listed", "2026-03-02", "licence")
		if owned.Flags&decide.FlagOwnership == 0 {
			t.Error("ownership raises no flag")
		}
	})
	t.Run("24 the limb without an edge is a matter for review", func(t *testing.T) {
		a := is(t, "description=indium phosphide wafer | from=CN | destination=JP | end_user=Muster KK | end_user_kind=military_supplier | end_use=civil", "2026-03-02", "licence/prohibited")
		if a.rests(t, "CN-2026-1/1-strength").Effect != law.Review {
			t.Error("the third limb is no review")
		}
	})
	t.Run("25 a general licence is a fact of the case", func(t *testing.T) {
		a := is(t, "description=gallium arsenide wafer | quantity=5 | unit=kg | licence_held=kind=general; no=G-1; items=3C001; end_user=Muster Technik GmbH; quantity=50 kg; valid=2026-01-01..2026-12-31"+civil, "2026-03-02", "licence")
		if a.Held == nil || len(a.Held.Misses) != 0 || a.Held.Policy != law.PolicyGeneral {
			t.Errorf("held: %+v", a.Held)
		}
	})
}

func TestSemanticsTime(t *testing.T) {
	t.Run("26 the day of the act decides", func(t *testing.T) {
		is(t, "description=indium phosphide wafer"+civil, "2025-02-03", "not_covered")
		is(t, "description=indium phosphide wafer"+civil, "2025-02-04", "licence")
		late := ask(t, "description=indium phosphide wafer | quantity=1 | unit=kg | licence_held=kind=individual; no=9; items=3C004; end_user=Muster Technik GmbH; quantity=5 kg; valid=2026-03-05..2026-12-31"+civil, "2026-03-02")
		if late.Held == nil || !missed(late.Held, "valid") {
			t.Errorf("a licence obtained after the declaration: %+v", late.Held)
		}
	})
	t.Run("27 what never operated, and what did for four weeks", func(t *testing.T) {
		state := func(ref, day string) law.State {
			n, ok := realLaw().NormNumber(ref)
			if !ok {
				t.Fatalf("%s is not in the law data", ref)
			}
			return realLaw().Standing(n, when.At{Effective: date(t, day), KnownBy: when.Day(2026, 10, 9)}).State
		}
		for _, ref := range []string{"CN-2025-55/2C902.a", "CN-2025-56/2B902.a", "CN-2025-57/1C909.a.1", "CN-2025-58/3C901.a.1", "CN-2025-61/limb-1", "CN-2025-61/limb-2"} {
			for _, day := range []string{"2025-11-07", "2025-11-08", "2025-12-01", "2026-06-01"} {
				if state(ref, day) == law.InForce {
					t.Errorf("%s was in force on %s", ref, day)
				}
			}
		}
		for _, ref := range []string{"CN-2025-61/limb-3", "CN-2025-62/1E902.a"} {
			for day, want := range map[string]law.State{"2025-10-08": law.NotYet, "2025-10-09": law.InForce, "2025-11-06": law.InForce, "2025-11-07": law.Sleeping} {
				if got := state(ref, day); got != want {
					t.Errorf("%s on %s: %s, want %s", ref, day, got, want)
				}
			}
		}
	})
	t.Run("28 when a suspension ends the text applies again by itself", func(t *testing.T) {
		a := is(t, "description=erbium-doped fiber | hs=9001100001"+civil, "2026-12-01", "not_established/licence")
		branches := a.Snapshot.Standings[a.Requirements[0].Norm].Branches
		if len(branches) < 2 || branches[0].Standing != "in_force" {
			t.Errorf("branches: %+v", branches)
		}
	})
	t.Run("29 the clock runs from acceptance", func(t *testing.T) {
		c := clock(t, "review")
		if c.Limit != 45 || c.Unit != "working_day" || c.Event != "application accepted" || len(c.Excluded) == 0 {
			t.Errorf("review: %+v", c)
		}
	})
	t.Run("30 temporary controls", func(t *testing.T) {
		if c := clock(t, "temporary_control"); c.Limit != 24 || c.Unit != "month" || c.Extensions != 2 {
			t.Errorf("temporary control: %+v", c)
		}
		is(t, "description=consumer drone | params=endurance=40 min; takeoff_mass=8 kg; one_of_six_features=yes"+civil, "2024-08-31", "cannot_tell/licence").
			rests(t, "CN-2023-28/consumer_drone")
		is(t, "description=consumer drone | params=endurance=40 min; takeoff_mass=8 kg; one_of_six_features=yes"+civil, "2024-09-01", "cannot_tell/licence").
			without(t, "CN-2023-28/consumer_drone")
	})
	t.Run("31 goods close to the limits are declared with their parameters", func(t *testing.T) {
		a := is(t, "description=dysprosium oxide"+civil, "2026-03-02", "licence")
		if !slices.ContainsFunc(a.Duties, func(n int) bool { return a.book.Norms[n].Duty == "declaration_remark" }) {
			t.Errorf("no duty to remark on the declaration among %d duties", len(a.Duties))
		}
	})
}

func clock(t *testing.T, id string) licence.Clock {
	t.Helper()
	rules, err := licensing.Rules()
	if err != nil {
		t.Fatal(err)
	}
	c, ok := rules.Clock(id)
	if !ok {
		t.Fatalf("no clock %s", id)
	}
	return c
}

func missed(h *decide.Held, what string) bool {
	return slices.ContainsFunc(h.Misses, func(m decide.Miss) bool { return m.What == what })
}

func TestSemanticsCoverage(t *testing.T) {
	t.Run("32 no directory code is free on the code alone", func(t *testing.T) {
		list := directory(t)
		if len(list.Codes) != 636 || len(list.Unread) != 458 {
			t.Fatalf("%d codes, %d unread", len(list.Codes), len(list.Unread))
		}
		for _, code := range list.Codes {
			for _, day := range []string{"2024-06-01", "2025-06-01", "2026-03-02", "2027-03-02"} {
				for _, row := range []string{"hs=" + code, "hs=" + code + civil} {
					if a := ask(t, row, day); a.Outcome == law.NotControlled {
						t.Errorf("%s on %s: %s", row, day, a.word())
					}
				}
			}
			if a := ask(t, "hs="+code+civil, "2026-03-02"); slices.Contains(list.Unread, code) && (a.Outcome != law.CannotTell || a.MayBe != law.Licence) && a.Outcome != law.GoodsLicence {
				t.Errorf("%s: %s", code, a.word())
			}
		}
		is(t, "description=stainless steel flange | hs=7307210000 | form=finished_product"+civil, "2026-03-02", "not_controlled")
		is(t, "hs=7307210000"+civil, "2026-03-02", "not_covered")
	})
	t.Run("33 a norm that was not read is unknown", func(t *testing.T) {
		for n := range realLaw().Norms {
			c := &realLaw().Norms[n]
			for _, facts := range c.Fails {
				if c.State == "unread" || c.State == "partial" {
					it := read(realLaw(), facts)
					d := decide.New(realLaw())
					d.Decide(when.At{Effective: when.Day(2026, 3, 2)}, &it)
					if d.Answer(n) == rule.Yes {
						t.Errorf("%s answers yes", c.Ref)
					}
				}
			}
		}
		is(t, "description=quadcopter | params=endurance=40 min; gust_speed_takeoff_and_stable_flight=50 km/h; controllable_beyond_natural_sight=yes"+civil, "2026-03-02", "cannot_tell/licence")
		// an exclusion that points at a norm that was not read defeats nothing
		is(t, "description=bismuth metal | composition=Bi 99.99%; rest none"+civil, "2026-03-02", "licence")
	})
	t.Run("34 a day before the first assessed act", func(t *testing.T) {
		a := neverFree(t, "description=natural flake graphite"+civil, "2023-11-30")
		if !slices.ContainsFunc(a.Gaps, func(g decide.Gap) bool { return g.Norm >= 0 && a.book.Norms[g.Norm].Act.ID == "CN-2006-50" }) {
			t.Error("the older act on graphite is not named")
		}
		neverFree(t, "description=gallium arsenide wafer"+civil, "2023-07-31")
		neverFree(t, "description=氧化镝"+civil, "2025-04-03")
		if a := neverFree(t, "description=drone"+civil, "2015-08-14"); a.Early < 0 || a.book.Norms[a.Early].Act.ID != "CN-2015-31" {
			t.Error("the older act on aircraft is not named")
		}
		is(t, "description=gallium arsenide wafer"+civil, "2023-07-31", "not_covered")
		// the first day by the text, not that of the suspension which came a day before it
		if a := neverFree(t, "description=europium oxide"+civil, "2025-10-20"); a.Early < 0 || a.book.Begins(a.Early) != date(t, "2025-11-08") {
			t.Error("the first control on europium is not said to begin on 2025-11-08")
		}
	})
	t.Run("35 goods catalogue", func(t *testing.T) {
		is(t, "description=silver bar 99.9%"+civil, "2026-03-02", "cannot_tell/deny").asks(t, "hs")
		neverFree(t, "description=silver bar 99.9% | hs=7106919090"+civil, "2026-03-02")
		for _, row := range []string{"description=silver powder | hs=7106101100", "description=银锭", "description=은괴 | hs=7106919090"} {
			neverFree(t, row+civil, "2025-06-01")
			neverFree(t, row+civil, "2027-03-01")
		}
		is(t, "description=silver powder | hs=7106101100"+civil, "2025-06-01", "cannot_tell/goods_licence")
		is(t, "description=silver powder | hs=7106101100 | params=state_trading_exporter=yes"+civil, "2027-03-01", "not_established/goods_licence")
		is(t, "description=silver powder | hs=7106101100 | params=state_trading_exporter=no"+civil, "2026-03-02", "deny")
		is(t, "description=silver powder | hs=7106101100"+civil, "2026-03-02", "goods_licence/deny").asks(t, "params.state_trading_exporter")
		for _, kind := range []string{"fluorspar | hs=2529210000", "fused magnesia | hs=2519903000", "green silicon carbide | hs=2849200000", "metallurgical coke | hs=2704001000"} {
			is(t, "description="+kind+civil, "2026-03-02", "cannot_tell/goods_licence")
			neverFree(t, "description="+kind+civil, "2026-03-02")
		}
		if e := norm(t, "CN-GOODS-EARLIER/freed-under-dual-use"); e.Kind != "exception" || !e.Unread() {
			t.Error("the release of goods under a dual-use licence in earlier catalogues is not kept as an exception to be confirmed")
		}
	})
	t.Run("36 other authorities and lists", func(t *testing.T) {
		for row, authority := range map[string]string{
			"description=armoured vehicle":                   "National Defence",
			"description=uranium hexafluoride":               "Atomic Energy",
			"hs=2844200000":                                  "Atomic Energy",
			"description=phosgene":                           "Industry and Information",
			"description=VPN encryption machine":             "Cryptography",
			"description=ephedrine":                          "precursor",
			"description=ammonium chloride | destination=MM": "precursor",
		} {
			a := neverFree(t, row+strings.Replace(civil, " | destination=DE", "", 1), "2025-06-01")
			named := slices.ContainsFunc(a.Gaps, func(g decide.Gap) bool {
				return g.Norm >= 0 && strings.Contains(a.book.Norms[g.Norm].Authority.En, authority)
			})
			if a.Outcome != law.NotCovered || !named {
				t.Errorf("%s: %s, %v", row, a.word(), a.needs())
			}
		}
	})
	t.Run("37 party bans are about parties", func(t *testing.T) {
		shirt := "description=cotton T-shirts | hs=6109100010 | form=finished_product | from=CN | destination=US | end_user="
		is(t, shirt+"TechInsights Inc.", "2026-03-02", "prohibited")
		is(t, shirt+"Lockheed Martin Ventures", "2026-03-02", "prohibited")
		is(t, shirt+"General Dynamics", "2026-03-02", "cannot_tell/prohibited")
		is(t, "description=industrial goods | from=CN | destination=US | end_user=General Dynamics", "2026-03-02", "cannot_tell/prohibited")
		is(t, "description=gallium arsenide wafer | from=KR | origin=CN | destination=US | end_user=General Dynamics | end_user_kind=civil | end_use=civil", "2026-03-02", "review/prohibited")
		if a := ask(t, shirt+"TechInsights Inc.", "2026-03-02"); a.Flags&decide.FlagParty == 0 {
			t.Error("a party hit raises no flag")
		}
	})
}

// The technology catalogue was read in part, and its control points by name at most: no technology is free of it.
func TestNoTechnologyIsFree(t *testing.T) {
	book := realLaw()
	technology, _ := book.Vocab.FormsOf([]string{"technology", "software"})
	d, at := decide.New(book), when.At{Effective: when.Day(2026, 3, 2)}
	points := map[string]bool{}
	for i := range book.Vocab.Kinds {
		name := book.Vocab.Kinds[i].Names.First().In("en")
		row := map[string]string{"description": name, "from": "CN", "destination": "DE", "end_use": "civil", "end_user_kind": "civil"}
		if book.Vocab.KindForms(vocab.KindID(i+1))&technology == 0 {
			row["description"] += " production technology"
			row["form"] = "technology"
		}
		it := read(book, row)
		if r := d.Decide(at, &it); r.Outcome == law.NotControlled {
			t.Errorf("%v: not_controlled", row)
		}
		for _, q := range d.Explain(&it, false).Requirements {
			if c := &book.Norms[q.Norm]; c.Act.ID == "CN-2025-28T" && q.Truth == rule.Unknown {
				points[c.ID] = true
			}
		}
	}
	if len(points) < 8 {
		t.Errorf("only the control points %v are ever asked about", points)
	}
}

func directory(t *testing.T) *law.Tariff {
	t.Helper()
	for i := range realLaw().Tariffs {
		if x := &realLaw().Tariffs[i]; x.Use == "directory" && x.Valid.From.Year() == 2026 {
			return x
		}
	}
	t.Fatal("the directory of 2026 is not in the law data")
	return nil
}

func TestSemanticsCase(t *testing.T) {
	t.Run("38 the day of a case", func(t *testing.T) {
		days := func(row string) string {
			return ask(t, row+" | declaration_date=2025-02-03 | ship_date=2025-02-06", "").At.Effective.String()
		}
		for row, want := range map[string]string{
			"description=indium phosphide wafer | from=CN":                                   "2025-02-03",
			"description=indium phosphide wafer | from=KR | origin=CN":                       "2025-02-06",
			"description=tungsten carbide production technology | form=technology | from=CN": "2025-02-06",
			"description=indium phosphide wafer | from=CN | procedure=intangible":            "2025-02-06",
		} {
			if got := days(row); got != want {
				t.Errorf("%s: %s, want %s", row, got, want)
			}
		}
		shirt := "description=cotton T-shirts | hs=6109100010 | form=finished_product | from=CN | destination=US | end_user=Hanwha Shipping LLC | end_user_kind=civil | end_use=civil"
		is(t, shirt+" | declaration_date=2025-10-10 | ship_date=2025-10-13", "", "not_covered")
		between := is(t, shirt+" | declaration_date=2025-10-10 | ship_date=2025-10-16", "", "review/prohibited")
		if !between.rests(t, "CN-AFSL-2021/6").BeforeExit {
			t.Error("the ban is not said to begin before the goods leave")
		}
		is(t, shirt+" | ship_date=2025-10-16", "", "prohibited")
		// where a licence is required on the day of the declaration it stays required, and the answer may be the ban
		wafer := "description=gallium arsenide wafer | from=CN | destination=US | end_user=Leidos | end_user_kind=civil | end_use=civil"
		is(t, wafer+" | declaration_date=2025-12-01 | ship_date=2025-12-05", "", "licence")
		is(t, "description=indium phosphide wafer | from=CN | destination=US | end_user=Leidos | end_user_kind=civil | end_use=civil | declaration_date=2025-03-03 | ship_date=2025-03-06", "", "licence/prohibited")
	})
	t.Run("39 Hong Kong, Macao and Taiwan are destinations", func(t *testing.T) {
		for _, to := range []string{"HK", "MO", "TW"} {
			is(t, "description=gallium arsenide wafer | from=CN | end_user=Example Ltd. | end_user_kind=civil | end_use=civil | destination="+to, "2025-06-01", "licence").
				without(t, "CN-2024-46/2a")
		}
		is(t, "description=gallium arsenide wafer | from=CN | destination=HK | end_user_kind=civil | end_use=civil", "2026-03-02", "licence").asks(t, "end_user")
		is(t, "description=gallium arsenide wafer | from=HK | origin=CN | destination=JP | end_user=Example KK | end_user_kind=military | end_use=military", "2026-03-02", "prohibited")
	})
	t.Run("40 any origin, any procedure", func(t *testing.T) {
		for _, p := range []string{"general", "processing", "border", "exhibition", "repair", "return", "sample", "express", "ecommerce", "hand_carry", "transit", "transhipment", "bonded", "donation", "intangible"} {
			a := is(t, "description=gallium arsenide wafer | origin=JP | procedure="+p+civil, "2026-03-02", "licence")
			switch p {
			case "transit", "transhipment":
				a.rests(t, "CN-ECL-2020/45")
			case "repair", "exhibition":
				if a.Policy != law.PolicyRegistration {
					t.Errorf("%s: policy %s", p, a.Policy)
				}
			}
		}
		barred := is(t, "description=gallium arsenide wafer | procedure=repair | from=CN | destination=JP | end_user=SUBARU Corporation | end_user_kind=civil | end_use=civil", "2026-03-02", "licence")
		if barred.Policy != law.PolicySingleOnly {
			t.Errorf("policy %s for a watch-listed party", barred.Policy)
		}
		is(t, "description=tungsten carbide production technology | form=technology | from=CN | destination=CN | recipient_nationality=DE | end_user=Example | end_user_kind=civil | end_use=civil", "2026-03-02", "licence")
	})
	t.Run("40 supply inside the country", func(t *testing.T) {
		// to a foreign person it is export, to a national none; of whom the nationality is unknown it stays open
		inside := func(thing, recipient string) string {
			return "description=" + thing + " | from=CN | destination=CN | recipient_nationality=" + recipient + " | end_user=Example | end_user_kind=civil | end_use=civil"
		}
		magnets := "NdFeB magnet making technology | form=technology"
		for _, c := range []struct{ thing, foreign, national, unknown string }{
			{"gallium arsenide wafer", "licence", "not_controlled", "cannot_tell/licence"},
			{"tungsten carbide production technology | form=technology", "licence", "not_controlled", "cannot_tell/licence"},
			{magnets, "cannot_tell/prohibited", "not_covered", "cannot_tell/prohibited"},
			{"indium ingot | hs=8112923090 | composition=In 99.99%; rest none", "not_controlled", "not_controlled", "not_controlled"}, // customs never sees it
			{"liquid helium | hs=2804290010", "not_controlled", "not_controlled", "not_controlled"},
		} {
			is(t, inside(c.thing, "DE"), "2026-08-03", c.foreign)
			if !is(t, inside(c.thing, "CN"), "2026-08-03", c.national).Domestic {
				t.Errorf("%s: nothing says that it is no export", c.thing)
			}
			if a := is(t, inside(c.thing, ""), "2026-08-03", c.unknown); a.Open {
				a.asks(t, "recipient_nationality")
			}
		}
		is(t, inside("gallium arsenide wafer | procedure=repair", "CN"), "2026-08-03", "not_controlled")
		is(t, inside("gallium arsenide wafer | knowledge=wmd_suspected", "CN"), "2026-08-03", "not_controlled")
		is(t, inside(magnets, "US"), "2025-10-20", "licence/prohibited").rests(t, "CN-2025-62/1E902.a")
		is(t, inside(magnets, "CN"), "2025-10-20", "not_covered").without(t, "CN-2025-62/1E902.a")
		is(t, "description=gallium arsenide wafer | from=CN | recipient_nationality=CN | end_user_kind=civil | end_use=civil", "2025-12-01", "cannot_tell/licence").asks(t, "destination")
		if !is(t, "description=gallium arsenide wafer | from=CN | end_user_kind=civil | end_use=civil", "2025-12-01", "licence").Abroad {
			t.Error("nothing says that a destination abroad was taken")
		}
	})
	t.Run("41 no floor for dual-use, samples and border trade for the goods licence", func(t *testing.T) {
		is(t, "description=铋块 | hs=8106101091 | value=26 | currency=CNY | procedure=ecommerce"+civil, "2026-03-02", "licence")
		indium := "description=indium ingot | hs=8112923090 | composition=In 99.99%; rest none"
		is(t, indium+civil, "2026-03-02", "goods_licence")
		is(t, indium+" | procedure=sample | value=20000 | currency=CNY"+civil, "2026-03-02", "review/goods_licence")
		is(t, indium+" | procedure=sample | value=30000 | currency=CNY"+civil, "2026-03-02", "review/goods_licence")
		is(t, indium+" | procedure=sample | value=30000.01 | currency=CNY"+civil, "2026-03-02", "goods_licence")
		is(t, indium+" | procedure=sample | unit_value=400 | quantity=80 | unit=kg | currency=CNY"+civil, "2026-03-02", "goods_licence")
		is(t, indium+" | procedure=sample | value=20000 | currency=CNY | shipment=7"+civil, "2026-03-02", "cannot_tell/goods_licence") // there may be more of it
		is(t, indium+" | procedure=sample"+civil, "2026-03-02", "cannot_tell/goods_licence").asks(t, "value")
		is(t, indium+" | procedure=border"+civil, "2026-03-02", "review/goods_licence")
		is(t, "description=platinum powder | hs=7110110000 | composition=Pt 99.9%; rest none | procedure=processing"+civil, "2026-03-02", "goods_licence")
		is(t, "description=platinum powder | hs=7110110000 | composition=Pt 99.9%; rest none | procedure=general"+civil, "2026-03-02", "not_controlled")
	})
	t.Run("42 a held licence", func(t *testing.T) {
		row := func(licence string) string {
			return "description=gallium arsenide wafer | quantity=5 | unit=kg | licence_held=" + licence + civil
		}
		fits := is(t, row("kind=individual; no=26-1; items=3C001.e; end_user=MUSTER Technik GmbH; quantity=6 kg; valid=2026-01-01..2026-12-31"), "2026-03-02", "licence")
		if fits.Held == nil || len(fits.Held.Misses) != 0 || fits.Held.No != "26-1" {
			t.Errorf("held: %+v", fits.Held)
		}
		for licence, what := range map[string]string{
			"kind=individual; no=1; items=3C002; end_user=Muster Technik GmbH; quantity=6 kg; valid=2026-01-01..2026-12-31":     "items",
			"kind=individual; no=1; items=3C001.e; end_user=Another GmbH; quantity=6 kg; valid=2026-01-01..2026-12-31":          "end_user",
			"kind=individual; no=1; items=3C001.e; end_user=Muster Technik GmbH; quantity=4.9 kg; valid=2026-01-01..2026-12-31": "quantity",
			"kind=individual; no=1; items=3C001.e; end_user=Muster Technik GmbH; quantity=6 kg; valid=2025-01-01..2025-12-31":   "valid",
			"kind=goods; no=1; items=3C001.e; end_user=Muster Technik GmbH; quantity=6 kg; valid=2026-01-01..2026-12-31":        "layer",
			"no=1; items=3C001.e; end_user=Muster Technik GmbH; quantity=6 kg; valid=2026-01-01..2026-12-31":                    "kind",
		} {
			a := is(t, row(licence), "2026-03-02", "licence")
			if a.Held == nil || len(a.Held.Misses) != 1 || !missed(a.Held, what) {
				t.Errorf("%s: %+v, want it to miss %s", licence, a.Held, what)
			}
		}
		if a := ask(t, "description=stainless steel flange | hs=7307210000 | form=finished_product | licence_held=kind=individual; no=1"+civil, "2026-03-02"); a.Held != nil {
			t.Error("a licence is compared where none is required")
		}
	})
	t.Run("43 red flags", func(t *testing.T) {
		near := "description=isostatic graphite block | composition=C 99.9%; rest none | params=purity=99.9 %; flexural_strength=35 MPa; density=1.80 g/cm3; tensile_failure_strain=0.3 %; thermal_expansion=0.0000045 per_C | from=CN | end_user=Example Ltd. | "
		plain := "description=stainless steel flange | hs=7307210000 | form=finished_product | from=CN | end_user=Example Ltd. | "
		is(t, near+"destination=DE | end_user_kind=civil | end_use=civil", "2026-03-02", "not_controlled")
		for facts, flag := range map[string]decide.Flags{
			"destination=HK | end_user_kind=civil | end_use=civil":       decide.FlagHub,
			"destination=DE | end_user_kind=military | end_use=military": decide.FlagMilitary,
			"destination=DE | end_user_kind=military | end_use=medical":  decide.FlagMilitary | decide.FlagMismatch,
		} {
			if a := is(t, near+facts, "2026-03-02", "not_controlled/licence"); a.Flags != flag {
				t.Errorf("%s: flags %v", facts, a.Flags.Words())
			}
			if a := is(t, plain+facts, "2026-03-02", "not_controlled"); a.Flags != flag {
				t.Errorf("%s: flags %v", facts, a.Flags.Words())
			}
		}
		if a := is(t, near+"destination=DE | end_user_kind=civil | end_use=artificial_intelligence", "2026-03-02", "not_controlled/licence"); a.Flags != decide.FlagUnfit {
			t.Errorf("graphite for artificial intelligence: flags %v", a.Flags.Words())
		}
		if a := is(t, plain+"destination=DE | end_user_kind=civil | end_use=artificial_intelligence", "2026-03-02", "not_controlled"); a.Flags != 0 {
			t.Errorf("flanges for artificial intelligence: flags %v", a.Flags.Words())
		}
		if a := ask(t, near+"destination=DE | end_user_kind=civil | end_use=semiconductor", "2026-03-02"); a.Flags != 0 {
			t.Errorf("graphite for semiconductors: flags %v", a.Flags.Words())
		}
		is(t, near+"destination=HK | end_user_kind=civil | end_use=civil | knowledge=none_suspected", "2026-03-02", "not_controlled")
		is(t, plain+"destination=DE | end_user_kind=civil | end_use=civil | knowledge=wmd_suspected", "2026-03-02", "licence")
		for _, use := range []string{"wmd", "terrorism"} { // who states such a use knows of it
			is(t, plain+"destination=DE | end_use="+use, "2026-03-02", "licence").rests(t, "CN-ECL-2020/12-3")
		}
		if a := ask(t, strings.Replace(plain, " | end_user=Example Ltd.", "", 1)+"destination=DE", "2026-03-02"); a.Flags != 0 {
			t.Errorf("an empty end user raises %v", a.Flags.Words())
		}
		agents := 0
		for _, n := range is(t, "description=gallium arsenide wafer"+civil, "2026-03-02", "licence").Duties {
			if realLaw().Norms[n].Role == "agent" {
				agents++
			}
		}
		if agents != 2 {
			t.Errorf("agents have %d duties, not 2", agents)
		}
	})
}
