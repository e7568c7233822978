package cli

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"lodestone/internal/app"
)

// caseDoc is what the tests look at of a case.
type caseDoc struct {
	ID       string `json:"case"`
	N        int64
	Version  int64
	State    string
	Holds    bool
	WhyNot   string `json:"why_not"`
	Item     string
	Outcome  string
	Record   string
	Assignee string
	Decision *struct {
		Kind, Outcome, Until string
		Proposed             string `json:"proposed_by"`
		Approved             string `json:"approved_by"`
	}
	Steps      []struct{ Kind, State, Words, By string }
	Precedents []struct {
		Case     string
		Shares   []string
		Words    string
		Decision struct{ Kind string }
	}
}

func (c *caseDoc) kinds() string {
	var list []string
	for _, s := range c.Steps {
		list = append(list, s.Kind)
	}
	return strings.Join(list, " ")
}

// wafers is a question whose answer opens a case.
func wafers(id, more string) string {
	return fmt.Sprintf(`{"item":{"id":%q,"description":"gallium arsenide wafers","from":"CN","destination":"US"%s}}`, id, more)
}

// screened asks and gives the record.
func (c *caller) screened(question string) string {
	c.s.t.Helper()
	var r struct{ Record string }
	c.do("POST", "/api/v1/screen", question).want(c.s.t, 200, &r)
	return r.Record
}

// onlyCase is the one case of an item.
func (c *caller) onlyCase(item string) (one caseDoc) {
	c.s.t.Helper()
	var p struct{ Items []caseDoc }
	c.do("GET", "/api/v1/cases?item="+item, "").want(c.s.t, 200, &p)
	if len(p.Items) != 1 {
		c.s.t.Fatalf("%d cases of %s", len(p.Items), item)
	}
	c.do("GET", "/api/v1/cases/"+p.Items[0].ID, "").want(c.s.t, 200, &one)
	return one
}

// in does something in a case.
func (c *caller) in(id, what, body string) reply {
	return c.do("POST", "/api/v1/cases/"+id+"/"+what, body)
}

func TestACaseIsDecidedByTwo(t *testing.T) {
	s := newServer(t)
	boss := s.administrator()
	screener, approver := boss.invite(app.Screener), boss.invite(app.Approver)
	record := screener.screened(wafers("P-1", ""))
	screener.screened(wafers("P-1", ""))
	screener.screened(`{"item":{"id":"shirt","description":"cotton T-shirt","from":"CN","destination":"DE"}}`)
	c := screener.onlyCase("P-1")
	if c.State != "open" || c.Record != record || c.kinds() != "opened" || c.Holds {
		t.Fatalf("%+v", c)
	}
	screener.in(c.ID, "assign", `{"assignee":"me"}`).want(t, 200, &c)
	if c.State != "in_review" || c.Assignee == "" {
		t.Errorf("%+v", c)
	}
	screener.in(c.ID, "proposal", `{"kind":"release","words":""}`).want(t, 422, nil)
	screener.in(c.ID, "proposal", `{"kind":"release","outcome":"licence","words":"x"}`).want(t, 422, nil)
	screener.in(c.ID, "proposal", `{"kind":"release","until":"2020-01-01","words":"x"}`).want(t, 422, nil)
	screener.in(c.ID, "proposal", `{"kind":"release","words":"licence on file"}`).want(t, 200, &c)
	version := fmt.Sprintf(`{"version":%d,"words":"papers seen"}`, c.Version)
	screener.in(c.ID, "approval", version).want(t, 403, nil)
	approver.in(c.ID, "approval", `{"version":1,"words":"papers seen"}`).want(t, 409, nil)
	approver.in(c.ID, "approval", version).want(t, 200, &c)
	if c.State != "released" || !c.Holds || c.Decision.Outcome != c.Outcome || c.Decision.Proposed == c.Decision.Approved || c.Decision.Until == "" {
		t.Errorf("%+v", c)
	}
	screener.screened(wafers("P-1", "")) // asked again: nothing new
	if again := screener.onlyCase("P-1"); again.Version != c.Version || !again.Holds {
		t.Errorf("asking again: %+v", again)
	}
	screener.screened(wafers("P-1", `,"end_use":"military"`))
	c = screener.onlyCase("P-1")
	if c.State != "in_review" || c.Holds || c.Record == record || !strings.HasPrefix(c.Steps[len(c.Steps)-1].Words, "facts: ") {
		t.Errorf("other facts: %+v", c)
	}
	if got := c.kinds(); got != "opened assigned proposed approved reopened" {
		t.Errorf("steps: %s", got)
	}
	var v struct {
		Rows    int
		Altered string
	}
	if boss.do("POST", "/api/v1/verify", "").want(t, 200, &v); v.Altered != "" || v.Rows != 5 {
		t.Errorf("%+v", v)
	}
}

// Four eyes are two persons, whatever roles, tokens and changes of role are between.
func TestFourEyesOverRoles(t *testing.T) {
	s := newServer(t)
	boss := s.administrator()
	screener := boss.invite(app.Screener)
	var me struct{ ID string }
	screener.do("GET", "/api/v1/session", "").want(t, 200, &me)
	screener.screened(wafers("P-1", ""))
	c := screener.onlyCase("P-1")
	screener.in(c.ID, "proposal", `{"kind":"override","outcome":"not_controlled","words":"test report"}`).want(t, 200, &c)
	seen := fmt.Sprintf(`{"version":%d,"words":"yes"}`, c.Version)
	boss.do("PUT", "/api/v1/people/"+me.ID, `{"role":"approver"}`).want(t, 200, nil)
	screener.in(c.ID, "approval", seen).want(t, 409, nil)
	var made struct{ Key string }
	screener.do("POST", "/api/v1/tokens", `{"name":"x","scopes":["approve"]}`).want(t, 200, &made)
	program := s.stranger()
	program.token = made.Key
	program.in(c.ID, "approval", seen).want(t, 409, nil)
	program.in(c.ID, "rejection", seen).want(t, 409, nil)
	boss.do("PUT", "/api/v1/people/"+me.ID, `{"role":"viewer"}`).want(t, 200, nil)
	program.in(c.ID, "approval", seen).want(t, 403, nil)
	boss.in(c.ID, "approval", seen).want(t, 409, nil) // who proposed may no longer screen
	boss.in(c.ID, "rejection", seen).want(t, 200, nil)
	if c = boss.onlyCase("P-1"); c.State != "open" || c.Decision != nil {
		t.Errorf("%+v", c)
	}
	// The administrator has every scope and is one person all the same.
	boss.in(c.ID, "proposal", `{"kind":"override","outcome":"not_controlled","words":"test report"}`).want(t, 200, &c)
	boss.in(c.ID, "approval", fmt.Sprintf(`{"version":%d,"words":"yes"}`, c.Version)).want(t, 409, nil)
	if got := boss.onlyCase("P-1"); got.State != "awaiting_approval" || got.Holds {
		t.Errorf("%+v", got)
	}
}

func TestAHostFetchesWhatWasDecided(t *testing.T) {
	s := newServer(t)
	boss := s.administrator()
	approver := boss.invite(app.Approver)
	var made struct{ Key string }
	boss.do("POST", "/api/v1/tokens", `{"name":"ERP","scopes":["read","screen"]}`).want(t, 200, &made)
	host := s.stranger()
	host.token = made.Key
	host.screened(wafers("P-1", ""))
	type changes struct {
		Items []struct {
			N    int64
			Kind string
			Case caseDoc
		}
		Next *int64
	}
	fetch := func(c *caller, query string) (kinds string, last changes) {
		c.do("GET", "/api/v1/cases/changes"+query, "").want(t, 200, &last)
		for _, x := range last.Items {
			kinds += x.Kind + " "
		}
		return strings.TrimSpace(kinds), last
	}
	kinds, got := fetch(host, "")
	if kinds != "opened" {
		t.Fatal(kinds)
	}
	host.do("POST", "/api/v1/cases/changes/ack", fmt.Sprintf(`{"n":%d}`, got.Items[0].N)).want(t, 200, nil)
	if kinds, _ := fetch(host, ""); kinds != "" {
		t.Errorf("acknowledged, and given again: %s", kinds)
	}
	if kinds, _ := fetch(boss, ""); kinds != "opened" {
		t.Errorf("another reader: %s", kinds)
	}
	c := boss.onlyCase("P-1")
	boss.in(c.ID, "comments", `{"words":"asked the maker"}`).want(t, 200, nil)
	boss.in(c.ID, "proposal", `{"kind":"override","outcome":"not_controlled","words":"test report"}`).want(t, 200, &c)
	approver.in(c.ID, "approval", fmt.Sprintf(`{"version":%d,"words":"agreed"}`, c.Version)).want(t, 200, nil)
	kinds, got = fetch(host, "")
	if kinds != "proposed approved" || !got.Items[1].Case.Holds || got.Items[1].Case.Decision.Outcome != "not_controlled" || got.Items[1].Case.Outcome == "not_controlled" {
		t.Errorf("%s: %+v", kinds, got)
	}
	for _, n := range []string{"-1", "1000000"} {
		host.do("POST", "/api/v1/cases/changes/ack", `{"n":`+n+`}`).want(t, 422, nil)
	}
	host.do("POST", "/api/v1/cases/changes/ack", `{"n":0}`).want(t, 200, nil) // going back does nothing
	if kinds, _ := fetch(host, ""); kinds != "proposed approved" {
		t.Errorf("after an older acknowledgement: %s", kinds)
	}
	if kinds, _ := fetch(host, fmt.Sprintf("?after=%d", got.Items[0].N)); kinds != "approved" {
		t.Errorf("after a place: %s", kinds)
	}
}

func TestPrecedentsAreShown(t *testing.T) {
	s := newServer(t)
	boss := s.administrator()
	approver := boss.invite(app.Approver)
	boss.screened(wafers("P-1", `,"end_user":"Example Foundry Inc."`))
	c := boss.onlyCase("P-1")
	boss.in(c.ID, "block", `{"words":"end user does not answer"}`).want(t, 200, &c)
	if c.State != "blocked" {
		t.Errorf("%+v", c)
	}
	boss.in(c.ID, "proposal", `{"kind":"release","words":"answered meanwhile"}`).want(t, 200, &c)
	approver.in(c.ID, "approval", fmt.Sprintf(`{"version":%d,"words":"letter seen"}`, c.Version)).want(t, 200, nil)
	boss.screened(wafers("P-2", `,"end_user":"EXAMPLE FOUNDRY, INC"`))
	p := boss.onlyCase("P-2").Precedents
	if len(p) != 2 || p[0].Decision.Kind != "release" || p[0].Words != "letter seen" || p[1].Decision.Kind != "block" || p[0].Shares[0] != "party" || len(p[0].Shares) < 2 {
		t.Errorf("%+v", p)
	}
}

func TestThePolicyOfCases(t *testing.T) {
	s := newServer(t)
	boss := s.administrator()
	boss.do("PUT", "/api/v1/cases/policy", `{"open_at":"not_controlled","days":30}`).want(t, 422, nil)
	boss.do("PUT", "/api/v1/cases/policy", `{"open_at":"licence","days":0}`).want(t, 422, nil)
	boss.do("PUT", "/api/v1/cases/policy", `{"open_at":"never","days":30}`).want(t, 200, nil)
	record := boss.screened(wafers("P-1", ""))
	var p struct{ Items []caseDoc }
	if boss.do("GET", "/api/v1/cases", "").want(t, 200, &p); len(p.Items) != 0 {
		t.Errorf("%+v", p)
	}
	var c caseDoc
	boss.do("POST", "/api/v1/cases", fmt.Sprintf(`{"record":%q,"words":"customer asks"}`, record)).want(t, 200, &c)
	if c.kinds() != "opened" || c.Steps[0].Words != "customer asks" {
		t.Errorf("%+v", c)
	}
	boss.in(c.ID, "close", `{"words":"order cancelled"}`).want(t, 200, nil)
	boss.do("POST", "/api/v1/cases", fmt.Sprintf(`{"record":%q,"words":"order is back"}`, record)).want(t, 200, &c)
	if c.kinds() != "opened closed reopened" || c.State != "open" {
		t.Errorf("%+v", c)
	}
	boss.do("POST", "/api/v1/cases", `{"record":"none"}`).want(t, 404, nil)
	boss.do("GET", "/api/v1/cases?state=open,odd", "").want(t, 422, nil)
}

// Every text that a person enters comes back as it was, whatever it holds; what is too long or no text is refused.
func TestHostileWordsInCases(t *testing.T) {
	s := newServer(t)
	boss := s.administrator()
	boss.screened(wafers("P-1", ""))
	c := boss.onlyCase("P-1")
	for _, words := range hostileTexts {
		body := fmt.Sprintf(`{"words":%s}`, quoted(t, words))
		for _, what := range []string{"comments", "block", "reopen", "close", "reopen"} {
			var got caseDoc
			boss.in(c.ID, what, body).want(t, 200, &got)
			if last := got.Steps[len(got.Steps)-1]; last.Words != strings.TrimSpace(words) {
				t.Errorf("%s: %q came back as %q", what, words, last.Words)
			}
		}
		boss.in(c.ID, "assign", fmt.Sprintf(`{"assignee":%s}`, quoted(t, words))).want(t, 422, nil)
		boss.in(c.ID, "proposal", fmt.Sprintf(`{"kind":%s,"words":"x"}`, quoted(t, words))).want(t, 422, nil)
		boss.in(c.ID, "proposal", fmt.Sprintf(`{"kind":"override","outcome":%s,"words":"x"}`, quoted(t, words))).want(t, 422, nil)
		boss.in(c.ID, "proposal", fmt.Sprintf(`{"kind":"release","until":%s,"words":"x"}`, quoted(t, words))).want(t, 422, nil)
		boss.do("POST", "/api/v1/cases", fmt.Sprintf(`{"record":%s}`, quoted(t, words))).want(t, 404, nil)
		boss.do("PUT", "/api/v1/cases/policy", fmt.Sprintf(`{"open_at":%s,"days":3}`, quoted(t, words))).want(t, 422, nil)
	}
	for _, what := range []string{"comments", "block", "close", "reopen", "withdrawal"} {
		boss.in(c.ID, what, fmt.Sprintf(`{"words":%q}`, strings.Repeat("x", 4001))).want(t, 422, nil)
		boss.in(c.ID, what, `{"words":7}`).want(t, 422, nil)
		boss.in(c.ID, what, `{"words":"a\u0000b"}`).want(t, 422, nil)
	}
	for _, path := range []string{"/api/v1/cases?limit=1000", "/api/v1/cases?before=x", "/api/v1/cases/changes?after=-2", "/api/v1/cases?assignee=" + strings.Repeat("x", 100)} {
		boss.do("GET", path, "").want(t, 422, nil)
	}
	boss.do("GET", "/api/v1/cases?item=%27%20OR%201=1%20--", "").want(t, 200, nil)
	if text := s.log.String(); text != "" {
		t.Errorf("logged: %.500s", text)
	}
}

// Questions go to the supplier in a workbook, and the answers come back to their cases.
func TestAnswersOfASupplierComeBack(t *testing.T) {
	s := newServer(t)
	boss := s.administrator()
	boss.screened(`{"item":{"id":"M-1","description":"sintered NdFeB magnets","from":"CN","destination":"DE","supplier":"west works"}}`)
	boss.screened(`{"item":{"id":"M-2","description":"sintered NdFeB magnets","from":"CN","destination":"DE","supplier":"east works"}}`)
	before := boss.onlyCase("M-1")
	if boss.do("GET", "/api/v1/cases/asks?output=html", "").want(t, 200, nil); before.State != "open" {
		t.Fatalf("%+v", before)
	}
	book := boss.do("GET", "/api/v1/cases/asks?supplier=west%20works", "").want(t, 200, nil)
	if kind := book.header.Get("Content-Type"); !strings.Contains(kind, "spreadsheetml") {
		t.Errorf("sent as %s", kind)
	}
	f, err := excelize.OpenReader(bytes.NewReader(book.body))
	if err != nil {
		t.Fatal(err)
	}
	filled, asked := 0, ""
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for n, row := range rows {
			if len(row) > 2 && row[0] == before.ID {
				asked += row[1] + " "
				if strings.HasPrefix(row[1], "composition.") {
					cell, _ := excelize.CoordinatesToCellName(7, n+1)
					if err := f.SetCellValue(sheet, cell, "none"); err != nil {
						t.Fatal(err)
					}
					filled++
				}
			}
			if strings.Contains(strings.Join(row, " "), "east works") {
				t.Errorf("west is asked what east has to answer: %v", row)
			}
		}
	}
	if filled == 0 {
		t.Fatalf("no composition is asked of %s: %s", before.ID, asked)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Cases []struct {
			Case, Record, Before, After, State string
			Taken                              int
			Problems                           []string
		}
		Problems []string
	}
	boss.invite(app.Viewer).do("POST", "/api/v1/cases/answers?name=a.xlsx", b.String()).want(t, 403, nil)
	boss.do("POST", "/api/v1/cases/answers?name=a.xlsx", b.String()).want(t, 200, &got)
	after := boss.onlyCase("M-1")
	if len(got.Cases) != 1 || got.Cases[0].Taken != filled || got.Cases[0].Record != after.Record || after.Record == before.Record || after.kinds() != "opened updated" {
		t.Errorf("%+v: %+v", got, after)
	}
	boss.screened(`{"item":{"id":"M-1","description":"sintered NdFeB magnets","from":"CN","destination":"DE","supplier":"west works"}}`)
	boss.do("POST", "/api/v1/cases/answers?name=a.xlsx", b.String()).want(t, 200, &got)
	if again := boss.onlyCase("M-1"); again.Version != after.Version {
		t.Errorf("asked again without the answers, or answered twice: %s", again.kinds())
	}
	var v struct {
		Altered  string
		Replayed int
	}
	if boss.do("POST", "/api/v1/verify", "").want(t, 200, &v); v.Altered != "" || v.Replayed != 4 {
		t.Errorf("%+v", v)
	}
	boss.do("POST", "/api/v1/cases/answers?name=a.xlsx", "id,answer\n1,none\n").want(t, 422, nil)
}

func TestCasesOfAJob(t *testing.T) {
	s := newServer(t)
	boss := s.administrator()
	j := boss.upload("name=shipment.csv", uploaded+"4,gallium arsenide wafers,CN,JP\n")
	var got struct{ Rows, Opened, Met, Refused, Next int }
	open := func(query string) {
		t.Helper()
		got.Rows, got.Opened, got.Met, got.Refused, got.Next = 0, 0, 0, 0, 0
		boss.do("POST", "/api/v1/jobs/"+j.ID+"/cases"+query, "").want(t, 200, &got)
	}
	if open(""); got.Rows != 4 || got.Opened != 2 || got.Met != 0 || got.Refused != 1 || got.Next != 0 {
		t.Errorf("%+v", got)
	}
	if open(""); got.Opened != 0 || got.Met != 2 {
		t.Errorf("again: %+v", got)
	}
	if open("?from=3"); got.Rows != 1 || got.Met != 1 {
		t.Errorf("from a row: %+v", got)
	}
	if c := boss.onlyCase("4"); !strings.Contains(c.Steps[0].Words, j.ID) || c.Outcome != "licence" {
		t.Errorf("%+v", c)
	}
	boss.do("POST", "/api/v1/jobs/"+j.ID+"/cases?at=suspended", "").want(t, 422, nil)
	boss.do("POST", "/api/v1/jobs/none/cases", "").want(t, 404, nil)
	tree := boss.upload("name=bom.csv", "id,parent,description\nA,,assembly\nB,A,gallium arsenide wafers\n")
	boss.do("POST", "/api/v1/jobs/"+tree.ID+"/cases", "").want(t, 409, nil)
	comma := boss.upload("name=comma.csv", "id;description;from;destination;quantity;unit\nW;gallium arsenide wafers;CN;JP;1,5;kg\n")
	boss.do("POST", "/api/v1/jobs/"+comma.ID+"/cases", "").want(t, 200, &got)
	if c := boss.onlyCase("W"); c.State != "open" {
		t.Errorf("%+v", c)
	}
	var v struct{ Altered string }
	if boss.do("POST", "/api/v1/verify", "").want(t, 200, &v); v.Altered != "" {
		t.Errorf("%+v", v)
	}
}

func TestTextsForPeopleOutside(t *testing.T) {
	s := newServer(t)
	boss := s.administrator()
	type text struct {
		Fit  bool
		Text string
	}
	made := func(record, kind, lang string) (x text) {
		t.Helper()
		boss.do("GET", "/api/v1/records/"+record+"/texts/"+kind+"?lang="+lang, "").want(t, 200, &x)
		return x
	}
	record := boss.screened(shipped("P-1", "1", ""))
	if x := made(record, "declaration", "zh"); x.Fit || !strings.Contains(x.Text, "3C001.e") || !strings.Contains(x.Text, "尚未核销") {
		t.Errorf("controlled, without a licence: %+v", x)
	}
	boss.generalLicence("26-000042", "10", "")
	boss.do("POST", "/api/v1/licences/draws", fmt.Sprintf(`{"record":%q}`, record)).want(t, 200, nil)
	if x := made(record, "declaration", "zh"); !x.Fit || !strings.Contains(x.Text, "26-000042") {
		t.Errorf("with a licence: %+v", x)
	}
	for lang, words := range map[string]string{"en": "no transfer to a third party", "zh": "未经许可不向第三方转让", "ko": "제3자에게 이전하지"} {
		if x := made(record, "notice", lang); !x.Fit || !strings.Contains(x.Text, words) || strings.Contains(x.Text, "{") {
			t.Errorf("%s: %+v", lang, x)
		}
	}
	open := boss.screened(wafers("P-2", ""))
	if x := made(open, "declaration", "en"); x.Fit || !strings.Contains(x.Text, "To be settled first") || !strings.Contains(x.Text, "?") {
		t.Errorf("open: %+v", x)
	}
	plain := boss.screened(`{"item":{"description":"cotton T-shirt","from":"CN","destination":"DE","hs":"6109100000","end_user":"x","end_user_kind":"civil","end_use":"civil"}}`)
	d, n := made(plain, "declaration", "ko"), made(plain, "notice", "ko")
	if !strings.Contains(d.Text, "통제 품목이 아닙니다") && d.Fit || n.Fit {
		t.Errorf("plain goods: %+v %+v", d, n)
	}
	boss.do("GET", "/api/v1/records/"+plain+"/texts/poem", "").want(t, 422, nil)
	boss.do("GET", "/api/v1/records/none/texts/notice", "").want(t, 404, nil)
}
