package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// good is a sort of thing that a trading company ships. Its texts are in English, Chinese and Korean, in this order.
type good struct {
	weight      int // of 100 lines
	names       [3][]string
	hs          []string
	form        string
	composition func(*rand.Rand) string
	params      func(*rand.Rand) string
	unit        string
}

// goods is what the lines are made of: most of it plain, the rest around the limits of the law.
var goods = []good{
	{
		weight: 18,
		names: [3][]string{
			{"hex bolt M8x40, stainless steel A2-70", "carbon steel flange DN50 PN16", "steel bracket, zinc plated"},
			{"不锈钢六角螺栓 M8×40", "碳钢法兰 DN50, PN16", "镀锌钢支架"},
			{"스테인리스 육각 볼트 M8x40", "탄소강 플랜지 DN50", "아연도금 강철 브래킷"},
		},
		hs: []string{"7318151090", "7307910000", "7326901900"}, unit: "pcs",
	},
	{
		weight: 14,
		names: [3][]string{
			{"men's cotton T-shirt, knitted", "women's T-shirt, 95% cotton 5% elastane"},
			{"男式棉制针织T恤衫", "女式T恤衫, 95%棉5%氨纶"},
			{"남성용 면 티셔츠", "여성용 면 티셔츠, 편물"},
		},
		hs: []string{"6109100021", "6109.10.0010"}, unit: "pcs",
	},
	{
		weight: 14,
		names: [3][]string{
			{"citric acid monohydrate, food grade", "sodium carbonate, dense", "polypropylene resin, injection grade"},
			{"一水柠檬酸 食品级", "重质纯碱", "聚丙烯树脂, 注塑级"},
			{"구연산 일수화물 식품용", "탄산나트륨", "폴리프로필렌 수지"},
		},
		hs: []string{"2918140000", "2836200000", "3902100090"}, unit: "kg",
	},
	{
		weight: 12,
		names: [3][]string{
			{"brushless DC motor 48 V 750 W", "servo motor 400 W with encoder", "stepper motor NEMA 23"},
			{"无刷直流电机 48V 750W", "伺服电机 400W, 带编码器", "步进电机 57系列"},
			{"브러시리스 DC 모터 48V 750W", "서보 모터 400W", "스테핑 모터"},
		},
		hs: []string{"8501310000", "8501.52.00.00", "8501109990"}, form: "finished_product", unit: "pcs",
	},
	{
		weight: 9,
		names: [3][]string{
			{"sintered NdFeB magnet, block 40x20x10", "NdFeB magnet ring", "neodymium magnet for loudspeaker"},
			{"烧结钕铁硼 方块 40×20×10", "钕铁硼磁体 圆环", "烧结钕铁硼磁钢, 扬声器用"},
			{"소결 네오디뮴 자석 블록", "네오디뮴 자석 링", "NdFeB 자석, 스피커용"},
		},
		hs: []string{"8505111000", "8505.11.10.00"}, form: "magnet", composition: magnet, unit: "kg",
	},
	{
		weight: 9,
		names: [3][]string{
			{"isostatic graphite block", "artificial graphite block, moulded", "natural flake graphite -195", "graphite electrode UHP 600"},
			{"等静压石墨块", "人造石墨块", "天然鳞片石墨 -195", "石墨电极 超高功率"},
			{"등방성 흑연 블록", "인조흑연 블록", "천연 인상흑연", "흑연 전극"},
		},
		hs: []string{"3801100090", "3801909010", "2504109100", "8545110000"}, params: graphite, unit: "kg",
	},
	{
		weight: 5,
		names: [3][]string{
			{"GaAs wafer, 4 inch, semi-insulating", "gallium arsenide single crystal", "germanium ingot"},
			{"砷化镓晶片 4英寸", "砷化镓单晶", "区熔锗锭"},
			{"갈륨비소 웨이퍼 4인치", "갈륨비소 단결정", "게르마늄 잉곳"},
		},
		hs: []string{"3818009020", "2853904030", "8112921010"}, unit: "kg",
	},
	{
		weight: 5,
		names: [3][]string{
			{"antimony oxide", "antimony trioxide, flame retardant grade", "antimony ingot"},
			{"氧化锑", "三氧化二锑, 阻燃级", "锑锭"},
			{"산화안티몬", "삼산화안티몬 난연제용", "안티몬 잉곳"},
		},
		hs: []string{"2825800010", "8110101000"}, params: purity, unit: "kg",
	},
	{
		weight: 4,
		names: [3][]string{
			{"silver bar 99.99 %", "silver powder for paste", "silver jewellery, ring"},
			{"银锭 99.99%", "银粉 导电浆料用", "银首饰 戒指"},
			{"은괴", "은 분말", "은 장신구 반지"},
		},
		hs: []string{"7106911000", "7106101100", "7113119090"}, unit: "g",
	},
	{
		weight: 10,
		names: [3][]string{
			{"lithium-ion battery pack 48 V 20 Ah", "bearing 6204-2RS", "LED panel light 60x60", "PCB assembly, control board"},
			{"锂离子电池组 48V 20Ah", "深沟球轴承 6204", "LED面板灯", "控制板组件, 含元器件"},
			{"리튬이온 배터리 팩 48V", "볼 베어링 6204", "LED 패널 조명", "제어 기판 어셈블리"},
		},
		hs: []string{"8507600090", "8482102000", "9405119000", "8537101990"}, unit: "pcs",
	},
}

var header = []string{
	"id", "description", "hs", "composition", "form", "params", "quantity", "unit", "value", "currency", "origin", "from", "destination",
	"consignee", "end_user", "end_user_kind", "end_use", "ship_date", "order",
}

// magnet states a composition with dysprosium, without it, or not at all.
func magnet(r *rand.Rand) string {
	switch r.IntN(4) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("Nd %d.%d%%; Fe balance; B 1%%", 28+r.IntN(4), r.IntN(10))
	case 2:
		return "Nd 30%; Fe 69%; B 1%; rest none"
	}
	return fmt.Sprintf("Nd 29.5%%; Dy %d.%d%%; Fe 65%%; B 1%%", r.IntN(4), 1+r.IntN(9))
}

// graphite states the three properties of the law on both sides of their limits and on them; one in six lines leaves one out.
func graphite(r *rand.Rand) string {
	purity := [...]string{"99.5", "99.9", "99.91", "99.95", "99.99"}[r.IntN(5)]
	strength := [...]string{"12", "30", "30.1", "45", "60"}[r.IntN(5)]
	density := [...]string{"1.70", "1.73", "1.731", "1.80", "1.85"}[r.IntN(5)]
	if r.IntN(6) == 0 {
		return fmt.Sprintf("purity=%s %%; density=%s g/cm3", purity, density)
	}
	return fmt.Sprintf("purity=%s %%; flexural_strength=%s MPa; density=%s g/cm3", purity, strength, density)
}

func purity(r *rand.Rand) string {
	return [...]string{"", "purity=99.8 %", "purity=99.99 %", "purity=99.999 %"}[r.IntN(4)]
}

var (
	destinations = []string{"KR", "US", "DE", "JP", "VN", "TW", "IN", "NL", "MX", "BR", "TH", "AE", "HK", "GB", "PL"}
	firms        = [3][]string{
		{"Hanbit Precision Materials Co., Ltd.", "Rheintal Werkstoffe GmbH", "Blue Harbor Photonics LLC", "Northgate Fasteners Inc."},
		{"苏州清河进出口有限公司", "香港明远贸易有限公司"},
		{"한빛정밀소재", "대한모터스 주식회사"},
	}
	firstDay = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
)

// sort is a sort of lines.
type sort string

const (
	repeated  sort = "realistic" // goods repeat, as in a ledger
	distinct  sort = "distinct"  // no two lines describe the same thing
	described sort = "described" // what the columns composition, form and params say stands in the description; no two are the same
)

// days is how long the ledger runs that the lines are taken from.
const days = 600

// writeLines writes n lines of a shipment ledger as CSV. The same n and sort give the same bytes.
func writeLines(w io.Writer, n int, of sort) error {
	r := rand.New(rand.NewPCG(1, 2))
	out := csv.NewWriter(w)
	if err := out.Write(header); err != nil {
		return err
	}
	record := make([]string, 0, len(header))
	for i := range n {
		record = line(record[:0], r, i, n)
		of.change(record, i)
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// change makes a line one of the sort.
func (of sort) change(record []string, i int) {
	const description, composition, form, params = 1, 3, 4, 5
	switch of {
	case distinct:
		record[description] += ", item " + strconv.Itoa(i)
	case described:
		for _, column := range [...]int{composition, params, form} {
			if record[column] != "" {
				record[description] += "; " + strings.ReplaceAll(record[column], "=", " ")
			}
			record[column] = ""
		}
		record[description] += "; art. " + strconv.Itoa(i)
	}
}

// line appends the cells of line i of n. A ledger is kept by the day: the dates go up, within a fortnight.
func line(record []string, r *rand.Rand, i, n int) []string {
	g := pick(r)
	lang := [...]int{0, 0, 1, 1, 2}[r.IntN(5)]
	text := r.IntN(len(g.names[lang]))
	day := firstDay.AddDate(0, 0, i*(days-14)/n+r.IntN(14))
	firm := one(r, firms[[...]int{0, 0, 0, 1, 2}[r.IntN(5)]])
	composition, params := "", ""
	if g.composition != nil {
		composition = g.composition(r)
	}
	if g.params != nil {
		params = g.params(r)
	}
	kind, use := "civil", "civil"
	switch r.IntN(20) {
	case 0:
		kind, use = "", ""
	case 1:
		kind, use = "military", "military"
	}
	return append(record,
		"P-"+strconv.Itoa(100_000+i), g.names[lang][text], g.hs[text%len(g.hs)], composition, g.form, params,
		strconv.Itoa(1+r.IntN(5000)), g.unit, fmt.Sprintf("%d.%02d", 10+r.IntN(100_000), r.IntN(100)), one(r, []string{"USD", "CNY", "EUR"}),
		one(r, []string{"CN", "CN", "CN", "JP", "DE"}), one(r, []string{"CN", "CN", "CN", "CN", "JP"}), one(r, destinations),
		firm, firm, kind, use, day.Format(time.DateOnly), "PO-"+strconv.Itoa(r.IntN(90_000)),
	)
}

func pick(r *rand.Rand) *good {
	n := r.IntN(100)
	for i := range goods {
		if n -= goods[i].weight; n < 0 {
			return &goods[i]
		}
	}
	panic("the weights of goods do not make a hundred")
}

func one(r *rand.Rand, of []string) string { return of[r.IntN(len(of))] }
