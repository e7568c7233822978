package vocab

// Phrase is a word of language, as against a name of the vocabulary: it says how what stands beside it is meant.
type Phrase uint16

const (
	Lacks      Phrase = iota + 1 // "free of", 不含: what follows is not contained
	Free                         // "-free", 없음: what stands before is not contained
	IsNot                        // "non-", 非: the kind that follows is not meant
	Undetected                   // "not detected", 未检出: nothing is known of what stands before
	Holds                        // "contains", 含: what follows is contained
	Filler                       // "content", 含量: may stand between an element and its share
	Compare                      // "at least", 不低于: makes a bound of the number that follows
	Purpose                      // "used for", 用于: what follows is what the thing is for
	RareEarths                   // "rare earths", 稀土, after a negation
	HeavyRareEarths
	SpecLabel // heads a field that says what the thing consists of: 成分
	UseLabel  // heads a field that says what it is for, who made it, how it is sold: 用途
	SomeLabel // heads another field
	Balance   // "balance", 余量: takes the remainder
	EndOf     // of a list: "and others", 等
	Article   // "goods of", 制品: what the stuff was made into
)

// phrases are read in running text, without regard to capitals and width.
var phrases = [...][]string{
	Lacks: {"不含", "不含有", "不包含", "不包括", "未含", "未含有", "没有", "无", "零添加", "未添加", "不添加", "free of", "free from", "without", "no", "without any", "containing no", "contains no",
		"not containing", "does not contain", "do not contain", "devoid of"},
	Free: {"-free", "free", "none", "absent", "nil", "없음", "없는", "불포함", "미포함", "미함유", "비함유", "무첨가", "미첨가", "함유하지 않", "포함하지 않", "함유하지않", "포함하지않",
		"not contained", "not present", "not included"},
	IsNot:      {"非", "不是", "并非", "non", "non-", "not", "아닌", "비-"},
	Undetected: {"未检出", "不检出", "not detected", "n.d.", "불검출"},
	Holds: {"含", "含有", "包含", "内含", "掺", "掺杂", "添加", "contains", "containing", "contain", "with", "doped with", "bearing", "doped", "함유", "포함", "함유한", "포함한", "첨가",
		"consisting of", "composed of", "made of"},
	Filler: {"含量", "元素", "占比", "占", "比例", "质量分数", "重量比", "约", "大约", "为", "是", "约为", "的含量", "元素含量", "content", "contents", "about", "approx.", "approx", "함량", "원소", "약", "的"},
	Compare: {"at least", "at most", "not less than", "not more than", "no less than", "no more than", "less than", "more than", "up to", "under", "below", "over",
		"above", "min.", "min", "max.", "max", "不小于", "不少于", "不低于", "大于等于", "至少", "不大于", "不超过", "不高于", "小于等于", "至多", "大于", "高于", "超过", "小于", "低于", "少于", "최소", "최대"},
	Purpose:         {"用于", "适用于", "用来", "for", "for use in", "used for", "used in", "suitable for"},
	RareEarths:      {"稀土", "稀土元素", "稀土金属", "rare earth", "rare earths", "rare-earth", "rare earth elements", "희토류", "희토류 원소"},
	HeavyRareEarths: {"重稀土", "中重稀土", "重稀土元素", "中重稀土元素", "heavy rare earth", "heavy rare earths", "heavy rare-earth", "heavy rare earth elements", "중희토류", "중희토류 원소"},
	SpecLabel: {"成分", "成份", "成分含量", "材质", "成分及含量", "化学成分", "材料成分", "规格成分", "主要成分", "성분", "조성", "재질", "composition", "ingredients", "chemical composition",
		"material composition"},
	UseLabel: {"用途", "品牌", "品牌类型", "生产厂家", "生产商", "制造商", "厂家", "出口享惠情况", "签约日期", "용도", "브랜드", "제조사", "use", "usage", "application", "applications",
		"brand", "manufacturer"},
	SomeLabel: {"型号", "牌号", "모델", "모델명", "model", "品名", "规格", "外观", "形状", "状态", "加工方法", "制作方法", "包装", "包装规格", "其他", "来源", "名称", "原理", "功能", "种类", "品目", "품명", "규격", "형태", "기타", "name", "specification", "form", "packing", "appearance", "other", "grade"},
	Balance:   {"余量", "其余", "剩余", "余", "balance", "bal.", "bal", "remainder", "잔부", "잔량", "나머지"},
	EndOf:     {"等", "及其", "以及", "其他", "etc.", "etc", "and", "or", "및", "와", "과", "和", "或", "与", "及", "还有"},
	Article:   {"制品", "制", "制成", "材质", "材料", "质", "product", "products", "article", "articles", "제품"},
}
