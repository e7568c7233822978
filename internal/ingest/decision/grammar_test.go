package decision

import (
	"encoding/json"
	"testing"
)

// Texts of our own, each for a turn of phrase that decisions use. A value that is not there is null.
func TestReadsTheGrammar(t *testing.T) {
	type want map[string]string
	r := testReader(t)
	for name, c := range map[string]struct {
		text string
		want want
	}{
		"lists behind 分别为, two parties by role, an office in brackets": {
			"经查,当事人某某国际货运代理有限公司作为申报单位、某某电子材料有限公司作为境内发货人,以一般贸易方式向宁波海关(北仑海关)申报出口钼粉、含镓靶材至日本,申报商品编码分别为8102100000、8112991000," +
				"申报数量分别为300千克、2.5吨,申报总价合计91,200美元。当事人未按规定向海关提交出口许可证。经海关计核,货物价值人民币陆拾伍万元整。决定对当事人科处罚款人民币6万元。",
			want{"declared.0.goods": `"钼粉"`, "declared.1.goods": `"含镓靶材"`, "declared.0.hs": `"8102100000"`, "declared.1.hs": `"8112991000"`, "declared.0.quantity": `300`, "declared.1.unit": `"吨"`,
				"declared.0.value": `null`, "declared.1.value": `null`, // one total for both
				"parties.0.kind": `"agent"`, "parties.1.name": `"某某电子材料有限公司"`, "parties.1.kind": `"exporter"`,
				"issuing_customs": `"北仑海关"`, "supervising_customs": `"宁波海关"`, "port": `"北仑"`, "conduct": `["no_licence"]`}},
		"goods in pairs behind 发现, straight quotes": {
			`2025年5月,厦门海关在对一批申报品名为"五金件"的出口货物实施查验时,发现钨棒40根、钼板15片。目前,该案已移交缉私部门处理。`,
			want{"declared.0.goods": `"五金件"`, "declared.0.quantity": `null`, "actual.0.goods": `"钨棒"`, "actual.0.quantity": `40`, "actual.1.goods": `"钼板"`, "actual.1.quantity": `15`,
				"actual.2.goods": `null`, "issuing_customs": `"厦门海关"`, "record_type": `"seizure_notice"`}},
		"a long list is one line without a quantity": {
			"当事人出口货物一批,查获未申报货物:石墨板10块、石墨棒20根、石墨管30根、石墨环40个、石墨粉50千克。决定对当事人科处罚款人民币1万元。",
			want{"actual.0.goods": `"石墨板"`, "actual.0.quantity": `null`, "actual.1.goods": `null`}},
		"found where nothing is told to be goods": {
			"2025年5月,海关查验一批申报为“五金件”的货物,发现图像异常。决定对当事人科处罚款人民币1万元。",
			want{"declared.0.goods": `"五金件"`, "actual.0.goods": `null`}},
		"gross and net weight, items that share 第": {
			"当事人于2025年4月2日向海关申报出口氟化钨1票,申报毛重800公斤,净重640公斤,总价EUR 21,000,运抵国(地区)德国。出口须提交许可证件,当事人未能提交出口许可证。" +
				"依照《中华人民共和国海关行政处罚实施条例》第十五条第(二)、(三)项、《中华人民共和国行政处罚法》第三十二条第一、五项之规定,决定对当事人科处罚款人民币2万元。",
			want{"declared.0.quantity": `640`, "declared.0.unit": `"千克"`, "declared.1.goods": `null`, "destination": `"德国"`,
				"legal_basis.0.item": `2`, "legal_basis.1.item": `3`, "legal_basis.1.article": `15`, "legal_basis.2.item": `1`, "legal_basis.3.item": `5`, "legal_basis.4": `null`}},
		"a digest below a headline": {
			"【海关】伪报品名出口锗被罚\n来源:某某发布 2026-04-18\n2025年11月5日,当事人向海关申报出口“铝件”一批,申报税号7616999000。经查验,实际货物为锗锭20千克,税号8112921010,货物价值4.6万余元。" +
				"当事人未申领两用物项出口许可证。依据《中华人民共和国出口管制法》第三十四条,对当事人处罚款23万元。",
			want{"text_kind": `"summary_full"`, "declared.0.hs": `"7616999000"`, "actual.0.hs": `"8112921010"`, "actual.0.quantity": `20`}},
		"another name and another code, though no word blames the name": {
			"當事人於2025年7月2日向海關申報出口磁鐵1批,申報品名:鐵氧體磁鐵,商品編號:8505190090。經化驗,該批貨物為釤鈷永磁體,商品編號應為8505119000,當事人無許可證件。對當事人罰款人民幣伍仟元。",
			want{"conduct": `["misdeclared_name","misdeclared_hs","no_licence"]`}},
		"several parties under one label, a prefix that is the name of the office": {
			"横琴关缉违字〔2026〕8号\n当事人:某某贸易有限公司\n地址:某市\n当事人:某某报关有限公司\n2025年7月2日,当事人申报出口钨粉5千克。决定对当事人科处罚款人民币1万元。",
			want{"parties.0.name": `"某某贸易有限公司"`, "parties.1.name": `"某某报关有限公司"`, "parties.1.kind": `"agent"`, "parties.2": `null`, "issuing_customs": `"横琴海关"`, "supervising_customs": `"拱北海关"`}},
		"a licence obtained afterwards was not missing": {
			"2025年7月2日,当事人如实申报出口货物一批,案发后未补办出许可证。决定对当事人科处罚款人民币1万元。",
			want{"conduct": `["other"]`, "licence_later_obtained": `false`}},
	} {
		record := r.Read(name, c.text)
		checkSpans(t, r, &record, c.text)
		b, _ := json.Marshal(record)
		var doc any
		_ = json.Unmarshal(b, &doc)
		for path, want := range c.want {
			got, _ := at(doc, path)
			if b, _ := json.Marshal(got); unescaped(b) != want {
				t.Errorf("%s: %s is %s, want %s", name, path, unescaped(b), want)
			}
		}
	}
}

func TestElementsOfEitherScript(t *testing.T) {
	for text, want := range map[string]string{"釤鈷永磁體含鏑": "镝钐", "钐钴": "钐", "铁氧体": ""} {
		if got := Elements(text); got != want {
			t.Errorf("%s names %q, want %q", text, got, want)
		}
	}
}
