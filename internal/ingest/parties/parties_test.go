package parties

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
)

func text(name, content string) File {
	return File{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil }}
}

// samples are small lists in every format, of companies and ships.
var samples = map[string]string{
	"csl.jsonl": `{"source": "Entity List (EL) - Bureau of Industry and Security", "list": "EL", "name": "Example Works Co., Ltd.", "alt_names": ["Example Werke"], "countries": ["CN"], "license_requirement": "For all items", "license_policy": "Presumption of denial"}` + "\n",
	"csl.json":  `{"total": 1, "results": [{"source": "Entity List (EL) - BIS", "name": "Example Works Co., Ltd.", "alt_names": ["Example Werke"], "addresses": [{"country": "CN"}], "start_date": "2020-01-02"}]}`,
	"csl.csv": "_id,source,entity_number,type,programs,name,addresses,start_date,end_date,license_requirement,license_policy,source_list_url,alt_names,dates_of_birth,ids\n" +
		"1,Entity List (EL) - Bureau of Industry and Security,,,,\"Example Works Co., Ltd.\",\"1 Road, Harbin, CN\",2020-01-02,,For all items,Presumption of denial,https://example.org,Example Werke,,\"Registration Number, 1234567\"\n",
	"sdn.csv": "101,\"EXAMPLE WORKS CO., LTD.\",-0- ,\"TEST] [PILOT\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"Registration Number 1234567 (China); a.k.a. 'EXAMPLE WERKE'.\"\r\n\x1a",
	"sdn.xml": `<?xml version="1.0"?><sdnList xmlns="http://tempuri.org/sdnList.xsd"><publshInformation><Publish_Date>05/03/2024</Publish_Date><Record_Count>1</Record_Count></publshInformation>` +
		`<sdnEntry><uid>101</uid><lastName>EXAMPLE WORKS CO., LTD.</lastName><sdnType>Entity</sdnType><programList><program>TEST</program></programList><akaList><aka><uid>2</uid><category>weak</category><lastName>EXAMPLE WERKE</lastName></aka></akaList></sdnEntry></sdnList>`,
	"advanced.xml": `<Sanctions xmlns="http://www.un.org/sanctions/1.0"><DateOfIssue CalendarTypeID="1"><Year>2026</Year><Month>7</Month><Day>31</Day></DateOfIssue>` +
		`<ReferenceValueSets><CountryValues><Country ID="11033" ISO2="CN">China</Country></CountryValues><FeatureTypeValues><FeatureType ID="8">Birthdate</FeatureType><FeatureType ID="25">Location</FeatureType></FeatureTypeValues>` +
		`<IDRegDocTypeValues><IDRegDocType ID="1588">Registration Number</IDRegDocType></IDRegDocTypeValues><ListValues><List ID="1550">SDN List</List></ListValues>` +
		`<NamePartTypeValues><NamePartType ID="1520">Last Name</NamePartType><NamePartType ID="1525">Entity Name</NamePartType></NamePartTypeValues>` +
		`<PartySubTypeValues><PartySubType ID="3" PartyTypeID="2">Unknown</PartySubType></PartySubTypeValues><PartyTypeValues><PartyType ID="2">Entity</PartyType></PartyTypeValues>` +
		`<SanctionsTypeValues><SanctionsType ID="1">Program</SanctionsType></SanctionsTypeValues></ReferenceValueSets>` +
		`<Locations><Location ID="100"><LocationCountry CountryID="11033"/></Location></Locations>` +
		`<IDRegDocuments><IDRegDocument ID="1" IDRegDocTypeID="1588" IdentityID="7"><IDRegistrationNo>1234567</IDRegistrationNo></IDRegDocument></IDRegDocuments>` +
		`<DistinctParties><DistinctParty FixedRef="101"><Profile ID="101" PartySubTypeID="3"><Identity ID="7">` +
		`<Alias AliasTypeID="1400" Primary="false" LowQuality="true"><DocumentedName><DocumentedNamePart><NamePartValue NamePartGroupID="9">EXAMPLE WERKE</NamePartValue></DocumentedNamePart></DocumentedName></Alias>` +
		`<Alias AliasTypeID="1403" Primary="true" LowQuality="false"><DocumentedName><DocumentedNamePart><NamePartValue NamePartGroupID="9">EXAMPLE WORKS CO., LTD.</NamePartValue></DocumentedNamePart></DocumentedName></Alias>` +
		`<NamePartGroups><MasterNamePartGroup><NamePartGroup ID="9" NamePartTypeID="1525"/></MasterNamePartGroup></NamePartGroups></Identity>` +
		`<Feature FeatureTypeID="25"><FeatureVersion><VersionLocation LocationID="100"/></FeatureVersion></Feature></Profile></DistinctParty></DistinctParties>` +
		`<SanctionsEntries><SanctionsEntry ID="1" ProfileID="101" ListID="1550"><EntryEvent><Date><Year>2020</Year><Month>1</Month><Day>2</Day></Date></EntryEvent>` +
		`<SanctionsMeasure SanctionsTypeID="1"><Comment>TEST</Comment></SanctionsMeasure></SanctionsEntry></SanctionsEntries></Sanctions>`,
	"un.xml": `<CONSOLIDATED_LIST dateGenerated="2026-02-27T00:00:09.554Z"><ENTITIES><ENTITY><FIRST_NAME>EXAMPLE WORKS</FIRST_NAME><UN_LIST_TYPE>TEST</UN_LIST_TYPE><REFERENCE_NUMBER>TEe.001</REFERENCE_NUMBER><LISTED_ON>2012-12-31</LISTED_ON>` +
		`<ENTITY_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>EXAMPLE WERKE</ALIAS_NAME></ENTITY_ALIAS></ENTITY></ENTITIES></CONSOLIDATED_LIST>`,
	"eu.xml": `<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-05-01T10:00:00"><sanctionEntity euReferenceNumber="EU.1.1"><regulation numberTitle="1/2020" programme="TEST" publicationDate="2020-01-02"><publicationUrl>https://example.org</publicationUrl></regulation>` +
		`<subjectType code="enterprise"/><nameAlias wholeName="Example Works" strong="true"/><nameAlias wholeName="Example Werke" strong="false"/><citizenship countryIso2Code="CN"/></sanctionEntity></export>`,
	"eu.csv": "fileGenerationDate;Entity_LogicalId;Entity_EU_ReferenceNumber;Entity_SubjectType;Entity_Regulation_Programme;NameAlias_WholeName\n" +
		"01/05/2026;1;EU.1.1;enterprise;TEST;Example Works\n01/05/2026;1;EU.1.1;enterprise;TEST;Example Werke\n",
	"uk.xml": `<Designations><DateGenerated>22/08/2026</DateGenerated><Designation><UniqueID>TST0001</UniqueID><Names><Name><Name6>Example Werke</Name6><NameType>Alias</NameType></Name><Name><Name6>Example Works</Name6><NameType>Primary Name</NameType></Name></Names>` +
		`<RegimeName>Test</RegimeName><IndividualEntityShip>Ship</IndividualEntityShip><DateDesignated>02/01/2020</DateDesignated><ShipDetails><Ship><IMONumbers><IMONumber>9187629</IMONumber></IMONumbers></Ship></ShipDetails></Designation></Designations>`,
	"uk.csv": "Report Date: 22-Aug-2026\nUnique ID,Name 6,Name 1,Name type,Alias strength,Name non-latin script,Regime Name,Designation Type,Date Designated,IMO number\n" +
		"TST0001,Example Werke,,Alias,,,Test,Ship,02/01/2020,\nTST0001,Example Works,,Primary Name,,例子,Test,Ship,02/01/2020,9187629\n",
	"entities.ftm.json": `{"id": "t-1", "schema": "Company", "caption": "Example Works", "properties": {"name": ["Example Works"], "alias": ["Example Werke"], "country": ["cn"], "leiCode": ["5299000J2N45DDNE4Y28"]}}` + "\n" +
		`{"id": "t-2", "schema": "Ownership", "caption": "a link", "properties": {}}` + "\n",
	"own.csv":     "id,name,aliases,country,type,listed\n7,Example Works,Example Werke,CN,organization,2020-01-02\n",
	"notices.csv": "id,list_id,entity_name,aliases,entity_type,addresses,reason,date_added,source_url\nx-1,x-list,Example Works,Example Werke ; 例子,organization,,reason,2020-01-02,https://example.org\n",
	"eu.jsonl":    `{"list": "EU", "id": "EU.1.1", "type": "enterprise", "names": [{"name": "Example Works"}, {"name": "Example Werke", "weak": true}], "programmes": ["TEST"], "countries": ["CN"]}` + "\n",
	"dpl.txt":     "\"Name\"\t\"Street_Address\"\t\"Country\"\t\"Effective_Date\"\t\"Expiration_Date\"\t\"FR_Citation\"\n\"EXAMPLE WORKS\"\t\"\"\t\"CN\"\t\"01/02/2020\"\t\"01/02/2030\"\t\"85 F.R. 1\"\n",
}

func TestEveryFormat(t *testing.T) {
	for name, content := range samples {
		lists, err := Read([]File{text(name, content)})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		p := lists[0].Parties[0]
		if len(lists[0].Parties) != 1 || !strings.HasPrefix(strings.ToLower(p.Names[0].Text), "example works") || p.List == "" || !strings.HasPrefix(lists[0].Digest, "sha256:") {
			t.Errorf("%s: %+v", name, lists[0])
		}
		if name != "dpl.txt" && (len(p.Names) < 2 || !strings.EqualFold(p.Names[1].Text, "example werke")) {
			t.Errorf("%s: names %+v", name, p.Names)
		}
	}
}

func TestFactsOfListings(t *testing.T) {
	for name, want := range map[string]string{
		"csl.csv": "2020-01-02", "csl.json": "2020-01-02", "advanced.xml": "2020-01-02", "un.xml": "2012-12-31", "eu.xml": "2020-01-02", "uk.xml": "2020-01-02", "uk.csv": "2020-01-02", "dpl.txt": "2020-01-02", "own.csv": "2020-01-02",
	} {
		lists, err := Read([]File{text(name, samples[name])})
		if err != nil {
			t.Fatal(err)
		}
		if got := lists[0].Parties[0].Listed.String(); got != want {
			t.Errorf("%s: listed on %s, should be %s", name, got, want)
		}
	}
	for name, want := range map[string]string{"csl.csv": "1234567", "sdn.csv": "1234567", "advanced.xml": "1234567", "uk.xml": "9187629", "uk.csv": "9187629", "entities.ftm.json": "5299000J2N45DDNE4Y28"} {
		lists, _ := Read([]File{text(name, samples[name])})
		if ids := lists[0].Parties[0].Identifiers; len(ids) != 1 || ids[0].Value != want {
			t.Errorf("%s: identifiers %v, should be %s", name, ids, want)
		}
	}
	for _, name := range []string{"sdn.csv", "sdn.xml", "advanced.xml", "un.xml", "eu.xml", "eu.jsonl"} {
		lists, _ := Read([]File{text(name, samples[name])})
		if !lists[0].Parties[0].Names[1].Weak {
			t.Errorf("%s: the alias is weak", name)
		}
	}
}

func TestOFACAliasesAreJoined(t *testing.T) {
	lists, err := Read([]File{text("alt.csv", "101,1,\"aka\",\"BEISPIELWERKE\",-0- \r\n\x1a"), text("sdn.csv", samples["sdn.csv"]), text("add.csv", "101,1,-0- ,\"Harbin\",\"China\",-0- \r\n\x1a")})
	if err != nil {
		t.Fatal(err)
	}
	if p := lists[0].Parties[0]; len(lists) != 1 || len(p.Names) != 3 || len(p.Countries) != 1 || lists[0].Names != 3 {
		t.Errorf("%+v", lists)
	}
}

// TestBrokenListsAreRefused holds every way in which a list may answer as if whole.
func TestBrokenListsAreRefused(t *testing.T) {
	for what, c := range map[string]struct{ name, content, say string }{
		"empty":                   {"a.csv", "", "empty"},
		"blank":                   {"a.csv", " \n\n", "empty"},
		"no party":                {"own.csv", "id,name\n", "no party"},
		"second heading":          {"own.csv", "id,name\n1,Example Works\nid,name\n", "second heading"},
		"cut in a row":            {"csl.csv", samples["csl.csv"][:len(samples["csl.csv"])-60], "cut off"},
		"cut in the last cells":   {"own.csv", "id,name,country\n1,Example Works,CN\n2,Exam", "cut off"},
		"cut JSON line":           {"csl.jsonl", samples["csl.jsonl"] + samples["csl.jsonl"][:90], "cut off"},
		"cut JSON":                {"csl.json", samples["csl.json"][:len(samples["csl.json"])-3], "cut off"},
		"fewer than it says":      {"csl.json", strings.Replace(samples["csl.json"], `"total": 1`, `"total": 2`, 1), "cut off"},
		"no end mark":             {"sdn.csv", strings.TrimSuffix(samples["sdn.csv"], "\x1a"), "end mark"},
		"cut XML":                 {"un.xml", samples["un.xml"][:len(samples["un.xml"])-30], "cut off"},
		"fewer records":           {"sdn.xml", strings.Replace(samples["sdn.xml"], "<Record_Count>1", "<Record_Count>9", 1), "cut off"},
		"no list":                 {"a.txt", "hello\nworld\n", "no list"},
		"not UTF-8":               {"own.csv", "id,name\n1,Ex\xe4mple\n", "UTF-8"},
		"aliases without parties": {"alt.csv", "101,1,\"aka\",\"BEISPIEL\",-0- \r\n\x1a", "without the list"},
		"cut gzip":                {"csl.jsonl.gz", packed(samples["csl.jsonl"])[:60], "cut off"},
	} {
		_, err := Read([]File{text(c.name, c.content)})
		if err == nil || !strings.Contains(err.Error(), c.say) || !strings.Contains(err.Error(), c.name) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func packed(content string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(content)) // into memory
	z.Close()
	return b.String()
}

func TestGzip(t *testing.T) {
	if _, err := Read([]File{text("csl.jsonl.gz", packed(samples["csl.jsonl"]))}); err != nil {
		t.Error(err)
	}
}

var nameColumns = map[string][]string{"id": {"id"}, "name": {"name", "이름"}, "country": {"country"}}

func TestRows(t *testing.T) {
	for what, content := range map[string]string{
		"comma":      "id,name,country,note\n1,\"Example Works, Inc.\",CN,x\n2,Example Werke,,\n",
		"semicolon":  "\ufeffid;이름;country\n1;Example Works, Inc.;CN\n2;Example Werke;\n",
		"JSON Lines": `{"id": 1, "name": "Example Works, Inc.", "country": "CN"}` + "\n\n" + `{"id": "2", "name": "Example Werke"}`,
	} {
		rows, err := OpenRows("a", strings.NewReader(content), nameColumns, "name")
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		one, _ := rows.Next()
		two, _ := rows.Next()
		_, err = rows.Next()
		if one.Cells["name"] != "Example Works, Inc." || one.Cells["id"] != "1" || one.Cells["country"] != "CN" || two.Cells["name"] != "Example Werke" || err != io.EOF {
			t.Errorf("%s: %v, %v, %v", what, one, two, err)
		}
	}
	if _, err := OpenRows("a.csv", strings.NewReader("id,nmae\n1,x\n"), nameColumns, "name"); err == nil || !strings.Contains(err.Error(), "nmae") {
		t.Errorf("a misspelt heading: %v", err)
	}
	rows, err := OpenRows("a.csv", strings.NewReader("id,name\n1,a,b,c\n2,Example\n"), nameColumns, "name")
	if err != nil {
		t.Fatal(err)
	}
	bad, _ := rows.Next()
	good, _ := rows.Next()
	if bad.Problem == nil || bad.Line != 2 || good.Cells["name"] != "Example" {
		t.Errorf("%+v, %+v", bad, good)
	}
}

func FuzzRead(f *testing.F) {
	for _, content := range samples {
		f.Add([]byte(content))
	}
	f.Add([]byte("101,1,\"aka\",\"X\",-0- \r\n\x1a"))
	f.Fuzz(func(t *testing.T, content []byte) {
		lists, err := Read([]File{text("fuzz", string(content))})
		if err == nil && (len(lists) != 1 || len(lists[0].Parties) == 0 || len(lists[0].Parties[0].Names) == 0) {
			t.Errorf("read without error: %+v", lists)
		}
	})
}

func FuzzRows(f *testing.F) {
	f.Add([]byte("id,name\n1,x\n"))
	f.Add([]byte(`{"id": 1, "name": ["x", {"y": 1}]}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		rows, err := OpenRows("fuzz", bytes.NewReader(content), nameColumns, "name")
		if err != nil {
			return
		}
		for range 1000 {
			if _, err := rows.Next(); err != nil {
				return
			}
		}
	})
}

// TestVersion keeps indexes that were made of lists read otherwise from being used.
func TestVersion(t *testing.T) {
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(samples)) {
		lists, err := Read([]File{text(name, samples[name])})
		if err != nil {
			t.Fatal(err)
		}
		lists[0].Digest = ""
		fmt.Fprintf(sum, "%+v\n", lists)
	}
	if got := fmt.Sprintf("%x", sum.Sum(nil)); got != samplesRead {
		t.Errorf("lists are read otherwise than by version %d: raise Version and set samplesRead to %s", Version, got)
	}
}

const samplesRead = "ee4bbfcac4fe73e2c6b24a3e1a7f460d69f31aa36c06786c5cad987897384014"

func TestOFACAdvanced(t *testing.T) {
	lists, err := Read([]File{text("advanced.xml", samples["advanced.xml"])})
	if err != nil {
		t.Fatal(err)
	}
	if p := lists[0].Parties[0]; lists[0].Date.String() != "2026-07-31" || p.List != "SDN" || p.ID != "101" || p.Type != "organization" || p.Measure != "TEST" || !slices.Equal(p.Countries, []string{"CN"}) {
		t.Errorf("%s: %+v", lists[0].Date, p)
	}
	for what, c := range map[string]struct{ from, to, say string }{
		"without its listing":   {"<SanctionsEntries>", "<Other>", "syntax error"},
		"listing of nobody":     {`ProfileID="101"`, `ProfileID="102"`, "not in the file"},
		"no listing of a party": {"<SanctionsEntry ID=", "<Other ID=", ""},
	} {
		if _, err := Read([]File{text("a.xml", strings.Replace(samples["advanced.xml"], c.from, c.to, 1))}); err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%s: %v", what, err)
		}
	}
	cut := samples["advanced.xml"][:strings.Index(samples["advanced.xml"], "<SanctionsEntries>")] + "</Sanctions>"
	if _, err := Read([]File{text("a.xml", cut)}); err == nil || !strings.Contains(err.Error(), "stands on no list") {
		t.Errorf("parties without listings: %v", err)
	}
}

// TestEntityBombs: entities that a document defines for itself are not expanded.
func TestEntityBombs(t *testing.T) {
	for name, content := range samples {
		if !strings.HasSuffix(name, ".xml") {
			continue
		}
		content = strings.TrimPrefix(content, `<?xml version="1.0"?>`)
		bomb := `<!DOCTYPE x [<!ENTITY a "boom"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>` + strings.ReplaceAll(strings.ReplaceAll(content, "Example Works", "&b;"), "EXAMPLE WORKS", "&b;")
		if _, err := Read([]File{text(name, bomb)}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNamesInTwoScripts(t *testing.T) {
	lists, err := Read([]File{text("own.csv", "id,name\n1,Example Institute (例子研究所)\n2,Пример （Primer）\n3,Example (Harbin) Works\n4,Example (EXW)\n")})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"Example Institute (例子研究所)|Example Institute|例子研究所", "Пример （Primer）|Пример|Primer", "Example (Harbin) Works", "Example (EXW)"} {
		var got []string
		for _, n := range lists[0].Parties[i].Names {
			got = append(got, n.Text)
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%q, should be %q", got, want)
		}
	}
}
