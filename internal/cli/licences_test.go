package cli

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"

	"lodestone/internal/app"
)

// licenceDoc is what the tests look at of a licence.
type licenceDoc struct {
	ID                         string `json:"licence"`
	Version                    int64
	State, Used, Left, EndUser string
	Days                       int
	Warnings                   []struct{ Kind string }
	Draws                      []struct{ ID, Reverses, Quantity string }
}

const foundry = "Example Foundry Inc."

// generalLicence enters a general licence for wafers to a foundry in Germany.
func (c *caller) generalLicence(no, quantity, more string) (l licenceDoc) {
	c.s.t.Helper()
	c.do("POST", "/api/v1/licences", fmt.Sprintf(`{"kind":"general","no":%q,"items":["3C001.e"],"end_user":%q,"destination":"Germany","quantity":%q,"unit":"kg","from":"2026-01-01","to":"2028-12-31"%s}`,
		no, foundry, quantity, more)).want(c.s.t, 200, &l)
	return l
}

// shipped is a question on wafers to a foundry in Germany, whose answer is a licence and nothing worse.
func shipped(id, quantity, more string) string {
	return fmt.Sprintf(`{"item":{"id":%q,"description":"gallium arsenide wafers","from":"CN","destination":"DE","end_user":%q,"end_user_kind":"civil","end_use":"civil","hs":"3818009000","quantity":%s,"unit":"kg"%s},"on":"2026-06-01"}`,
		id, foundry, quantity, more)
}

func TestShipmentsDrawOnALicence(t *testing.T) {
	s := newServer(t)
	boss := s.administrator()
	manager := boss.invite(app.LicenceManager)
	l := manager.generalLicence("26-1", "10", "")
	fits := func(question string) (fit struct {
		Fits          bool
		Draws         string
		Misses        []string
		NewLicenceFor []string `json:"new_licence_for"`
		Rules         []struct{ ID string }
	}) {
		t.Helper()
		all := []any{&fit}
		manager.do("GET", "/api/v1/licences/fitting?record="+manager.screened(question), "").want(t, 200, &all)
		return fit
	}
	if f := fits(shipped("P-1", "4", "")); !f.Fits || f.Draws != "4 kg" || f.NewLicenceFor != nil {
		t.Errorf("%+v", f)
	}
	for _, c := range []struct {
		name, question, miss, key string
	}{
		{"too much", shipped("P-2", "11", ""), "its quantity is 10 kg, that of the line is 11 kg", ""},
		{"no quantity", strings.Replace(shipped("P-3", "1", ""), `"quantity":1,`, "", 1), "no exact amount", ""},
		{"another end user", strings.Replace(shipped("P-4", "1", ""), foundry, "Other Works GmbH", 1), "its end user is", "end_user"},
		{"another country", strings.Replace(shipped("P-5", "1", ""), `"DE"`, `"FR"`, 1), "destination: the licence says DE, the shipment FR", "destination"},
		{"another item", strings.Replace(shipped("P-6", "1", ""), "gallium arsenide wafers", "germanium metal ingots 99.999 %", 1), "its items are 3C001.e", "item_type"},
		{"before it was valid", strings.Replace(shipped("P-7", "1", ""), "2026-06-01", "2025-06-01", 1), "it is valid 2026-01-01..2028-12-31, the day is 2025-06-01", ""},
		{"nothing needs a licence", `{"item":{"description":"cotton T-shirt","from":"CN","destination":"DE","quantity":1,"unit":"kg"}}`, "no licence is required", ""},
		{"it may be worse", strings.Replace(strings.Replace(shipped("P-8", "1", ""), `"DE"`, `"US"`, 1), `"end_use":"civil",`, "", 1), "it is still open", "destination"},
	} {
		f := fits(c.question)
		if f.Fits || !strings.Contains(strings.Join(f.Misses, "; "), c.miss) || strings.Join(f.NewLicenceFor, " ") != c.key || (c.key != "") != (len(f.Rules) == 1 && f.Rules[0].ID == "new_licence") {
			t.Errorf("%s: %+v", c.name, f)
		}
	}
	record := manager.screened(shipped("P-1", "4000", `,"shipment":"S-1"`))
	draw := fmt.Sprintf(`{"record":%q}`, record)
	manager.do("POST", "/api/v1/licences/draws", draw).want(t, 409, nil)
	record = manager.screened(strings.Replace(shipped("P-1", "4000", `,"shipment":"S-1"`), `"kg"`, `"g"`, 1))
	draw = fmt.Sprintf(`{"record":%q}`, record)
	boss.invite(app.Approver).do("POST", "/api/v1/licences/draws", draw).want(t, 403, nil)
	var d struct{ Draw, Licence, Quantity string }
	manager.do("POST", "/api/v1/licences/draws", draw).want(t, 200, &d)
	if d.Quantity != "4" || d.Licence != l.ID {
		t.Errorf("%+v", d)
	}
	manager.do("POST", "/api/v1/licences/draws", draw).want(t, 409, nil) // drawn already
	manager.do("POST", "/api/v1/licences/draws", fmt.Sprintf(`{"record":%q}`, manager.screened(shipped("P-1", "7", "")))).want(t, 409, nil)
	manager.do("GET", "/api/v1/licences/"+l.ID, "").want(t, 200, &l)
	if l.Used != "4" || l.Left != "6" || len(l.Draws) != 1 {
		t.Errorf("%+v", l)
	}
	back := fmt.Sprintf("/api/v1/licences/%s/draws/%s/reversal", l.ID, d.Draw)
	manager.do("POST", back, `{"words":" "}`).want(t, 422, nil)
	manager.do("POST", back, `{"words":"the carrier was full"}`).want(t, 200, nil)
	manager.do("POST", back, `{"words":"once more"}`).want(t, 409, nil)
	manager.do("POST", "/api/v1/licences/draws", draw).want(t, 200, nil)
	var v struct {
		Rows    int
		Altered string
	}
	if boss.do("POST", "/api/v1/verify", "").want(t, 200, &v); v.Altered != "" {
		t.Errorf("%+v", v)
	}
}

// Many draw at once: what is drawn never comes to more than the licence holds.
func TestDrawsAtOnce(t *testing.T) {
	s := newServer(t)
	manager := s.administrator().invite(app.LicenceManager)
	l := manager.generalLicence("26-1", "5", "")
	records := make([]string, 12)
	for n := range records {
		records[n] = manager.screened(shipped(fmt.Sprintf("P-%d", n), "1", ""))
	}
	var wait sync.WaitGroup
	status := make([]int, len(records))
	for n, record := range records {
		wait.Go(func() {
			status[n] = manager.do("POST", "/api/v1/licences/draws", fmt.Sprintf(`{"record":%q,"licence":%q}`, record, l.ID)).status
		})
	}
	wait.Wait()
	drawn := 0
	for _, x := range status {
		switch x {
		case 200:
			drawn++
		case 409:
		default:
			t.Errorf("status %d", x)
		}
	}
	manager.do("GET", "/api/v1/licences/"+l.ID, "").want(t, 200, &l)
	if drawn != 5 || l.Left != "0" || len(l.Draws) != 5 {
		t.Errorf("%d drawn, %+v", drawn, l)
	}
}

// What may still be worse than a licence is drawn once two persons have released it, and no longer when that is taken back.
func TestADrawOnAReleasedCase(t *testing.T) {
	s := newServer(t)
	boss := s.administrator()
	approver := boss.invite(app.Approver)
	boss.do("POST", "/api/v1/licences", fmt.Sprintf(`{"kind":"general","no":"26-1","items":["3C001.e"],"end_user":%q,"destination":"US","quantity":"5","unit":"kg","from":"2026-01-01","to":"2028-12-31"}`, foundry)).want(t, 200, nil)
	record := boss.screened(strings.NewReplacer(`"DE"`, `"US"`, `"end_use":"civil",`, "", `"end_user_kind":"civil",`, "").Replace(shipped("P-1", "1", "")))
	fits := func() (bool, string) {
		var fit []struct {
			Fits   bool
			Misses []string
		}
		boss.do("GET", "/api/v1/licences/fitting?record="+record, "").want(t, 200, &fit)
		return fit[0].Fits, strings.Join(fit[0].Misses, "; ")
	}
	c := boss.onlyCase("P-1")
	if ok, why := fits(); ok || !strings.HasPrefix(why, "it is still open and may be: prohibited") {
		t.Fatalf("%v %s", ok, why)
	}
	boss.in(c.ID, "proposal", `{"kind":"release","words":"end use visited"}`).want(t, 200, &c)
	approver.in(c.ID, "approval", fmt.Sprintf(`{"version":%d,"words":"report read"}`, c.Version)).want(t, 200, nil)
	if ok, why := fits(); !ok {
		t.Errorf("released: %s", why)
	}
	boss.in(c.ID, "block", `{"words":"news of the end user"}`).want(t, 200, nil)
	boss.do("POST", "/api/v1/licences/draws", fmt.Sprintf(`{"record":%q}`, record)).want(t, 409, nil)
}

func TestTheRegisterOfLicences(t *testing.T) {
	s := newServer(t)
	manager := s.administrator().invite(app.LicenceManager)
	l := manager.generalLicence("26-1", "10", "")
	manager.do("POST", "/api/v1/licences", `{"kind":"general","no":"26-1","items":["3C001.e"],"end_user":"x","quantity":"1","unit":"kg","from":"2026-01-01","to":"2026-12-31"}`).want(t, 409, nil)
	put := func(version int64, state, quantity, to string, status int) {
		t.Helper()
		manager.do("PUT", "/api/v1/licences/"+l.ID, fmt.Sprintf(`{"version":%d,"state":%q,"kind":"general","no":"26-1","items":["3C001.e"],"end_user":%q,"destination":"DE","quantity":%q,"unit":"kg","from":"2026-01-01","to":%q,"words":"amended"}`,
			version, state, foundry, quantity, to)).want(t, status, nil)
	}
	manager.do("POST", "/api/v1/licences/draws", fmt.Sprintf(`{"record":%q}`, manager.screened(shipped("P-1", "4", "")))).want(t, 200, nil)
	put(1, "held", "3", "2028-12-31", 422) // less than is drawn
	put(1, "amending", "10", "2028-12-31", 200)
	manager.do("POST", "/api/v1/licences/draws", fmt.Sprintf(`{"record":%q}`, manager.screened(shipped("P-2", "4", "")))).want(t, 409, nil)
	put(1, "held", "10", "2028-12-31", 409) // seen before the amendment
	put(2, "held", "4.3", "2026-12-01", 200)
	manager.do("GET", "/api/v1/licences/"+l.ID, "").want(t, 200, &l)
	if l.Version != 3 || l.Left != "0.3" || len(l.Warnings) != 2 && l.Days >= 0 {
		t.Errorf("%+v", l)
	}
	var p struct{ Items []licenceDoc }
	if manager.do("GET", "/api/v1/licences?within=4000", "").want(t, 200, &p); len(p.Items) != 1 {
		t.Errorf("%+v", p)
	}
}

func TestAnApplicationIsMadeReadyAndFiled(t *testing.T) {
	s := newServer(t)
	manager := s.administrator().invite(app.LicenceManager)
	type doc struct {
		ID      string `json:"application"`
		Version int64
		State   string
		Ready   bool
		Missing int
		Differ  []struct{ Statement string } `json:"differences"`
		Due     *struct {
			On, Note string
			Left     int
		}
		Papers []struct {
			Paper    string
			Required bool
			Checks   []struct{ Check string }
		}
		Licence string
	}
	var a doc
	manager.do("POST", "/api/v1/applications", `{"type":"individual","states":{"end_user":"Example Foundry Inc.","quantity":"500 kg"}}`).want(t, 200, &a)
	event := func(body string, status int) {
		t.Helper()
		fresh := doc{}
		r := manager.do("POST", "/api/v1/applications/"+a.ID+"/events", fmt.Sprintf(`{"version":%d,%s}`, a.Version, body))
		if r.want(t, status, nil); status == 200 {
			r.want(t, 200, &fresh)
			a = fresh
		}
	}
	event(`"state":"filed","on":"2026-03-02"`, 422) // nothing is ready
	for _, p := range a.Papers {
		state, states, checks := "ready", `{}`, []string{}
		if !p.Required {
			state = "not_needed"
		}
		if p.Paper == "contract" {
			states = `{"quantity":"0.5 t","end_user":"Example Foundry, Inc."}`
		}
		for _, c := range p.Checks {
			checks = append(checks, quoted(t, c.Check))
		}
		fresh := doc{}
		manager.do("PUT", "/api/v1/applications/"+a.ID+"/papers/"+p.Paper, fmt.Sprintf(`{"version":%d,"state":%q,"confirmed":[%s],"states":%s}`, a.Version, state, strings.Join(checks, ","), states)).want(t, 200, &fresh)
		a.Version, a.Ready, a.Missing, a.Differ = fresh.Version, fresh.Ready, fresh.Missing, fresh.Differ
	}
	if a.Ready || a.Missing != 0 || len(a.Differ) != 1 || a.Differ[0].Statement != "end_user" {
		t.Errorf("%+v", a)
	}
	event(`"state":"filed","on":"2026-03-02"`, 422)
	event(`"state":"filed","on":"2026-03-02","words":"the comma is in the contract only"`, 200)
	manager.do("PUT", "/api/v1/applications/"+a.ID+"/papers/contract", fmt.Sprintf(`{"version":%d,"state":"ready"}`, a.Version)).want(t, 409, nil)
	event(`"state":"accepted","on":"2026-03-05"`, 200)
	if a.Due == nil || a.Due.On != "2026-05-12" {
		t.Errorf("%+v", a.Due)
	}
	event(`"state":"granted","on":"2026-05-07"`, 422) // a grant names its licence
	event(`"state":"granted","on":"2026-05-07","licence":"26-000007"`, 200)
	if a.State != "granted" || a.Licence != "26-000007" || a.Due != nil {
		t.Errorf("%+v", a)
	}
	var late doc
	manager.do("POST", "/api/v1/applications", `{"type":"general"}`).want(t, 200, &late)
	a = late
	event(`"state":"filed","on":"2026-11-20","words":"by courier"`, 200)
	event(`"state":"accepted","on":"2026-11-24"`, 200)
	if a.Due == nil || a.Due.On != "" || a.Due.Left == 0 || !strings.Contains(a.Due.Note, "2026-12-31") {
		t.Errorf("past what is known: %+v", a.Due)
	}
}

// Whatever stands in a field of a licence or an application, it is taken as it is or refused by its field; the server stays well.
func TestHostileFieldsOfLicences(t *testing.T) {
	s := newServer(t)
	boss := s.administrator()
	l := boss.generalLicence("26-1", "10", "")
	var a struct{ Application string }
	boss.do("POST", "/api/v1/applications", `{"type":"individual"}`).want(t, 200, &a)
	fields := map[string]string{"kind": `"general"`, "no": `"26-2"`, "items": `["3C001.e"]`, "exporter": `"x"`, "end_user": `"x"`, "end_use": `"civil"`, "destination": `"DE"`, "quantity": `"1"`, "unit": `"kg"`,
		"from": `"2026-01-01"`, "to": `"2026-12-31"`, "batches": "1", "application": `"x"`, "words": `"x"`}
	body := func(changed, value string) string {
		var b bytes.Buffer
		for field, usual := range fields {
			if field == changed {
				usual = value
			}
			fmt.Fprintf(&b, ",%q:%s", field, usual)
		}
		return "{" + b.String()[1:] + "}"
	}
	taken := 0
	values := []string{quoted(t, strings.Repeat("x", 5000)), `"a\u0000b"`, "null", "-1", `{"a":[]}`, `[["x"]]`, `"1e999999"`, `"2026-02-30"`, `["3C001.e; valid=1990-01-01..2090-01-01"]`}
	for _, text := range hostileTexts {
		values = append(values, quoted(t, text))
	}
	for field := range fields {
		for _, value := range values {
			r := boss.do("POST", "/api/v1/licences", body(field, value))
			switch r.status {
			case 200:
				taken++
				fields["no"] = fmt.Sprintf(`"free %d"`, taken)
			case 422, 409, 400:
			default:
				t.Errorf("licence %s=%s: %d %s", field, value, r.status, r.body)
			}
		}
	}
	for _, value := range values {
		for _, body := range []string{`{"type":%s}`, `{"type":"individual","amends":%s}`, `{"type":"individual","clock":%s}`, `{"type":"individual","reference":%s}`, `{"type":"individual","states":{"item":%s}}`, `{"type":"individual","states":{%s:"x"}}`} {
			if r := boss.do("POST", "/api/v1/applications", fmt.Sprintf(body, value)); r.status >= 500 || r.status == 404 {
				t.Errorf("application %s %s: %d %s", body, value, r.status, r.body)
			}
		}
		for _, body := range []string{`{"version":1,"state":%s}`, `{"version":1,"state":"ready","confirmed":[%s]}`, `{"version":1,"state":"ready","states":{"item":%s}}`, `{"version":%s,"state":"ready"}`, `{"version":99,"state":"ready","words":%s}`} {
			if r := boss.do("PUT", "/api/v1/applications/"+a.Application+"/papers/contract", fmt.Sprintf(body, value)); r.status >= 500 {
				t.Errorf("paper %s %s: %d %s", body, value, r.status, r.body)
			}
		}
		for _, body := range []string{`{"version":1,"state":%s,"on":"2026-01-01"}`, `{"version":1,"state":"filed","on":%s}`, `{"version":99,"state":"filed","on":"2026-01-01","words":%s}`, `{"version":1,"state":"granted","on":"2026-01-01","licence":%s}`} {
			if r := boss.do("POST", "/api/v1/applications/"+a.Application+"/events", fmt.Sprintf(body, value)); r.status < 400 || r.status >= 500 {
				t.Errorf("event %s %s: %d %s", body, value, r.status, r.body)
			}
		}
		for _, body := range []string{`{"record":%s}`, `{"record":"x","licence":%s}`, `{"record":"x","words":%s}`} {
			if r := boss.do("POST", "/api/v1/licences/draws", fmt.Sprintf(body, value)); r.status < 400 || r.status >= 500 {
				t.Errorf("draw %s %s: %d %s", body, value, r.status, r.body)
			}
		}
		if r := boss.do("POST", "/api/v1/licences/"+l.ID+"/draws/none/reversal", fmt.Sprintf(`{"words":%s}`, value)); r.status < 400 || r.status >= 500 {
			t.Errorf("reversal %s: %d %s", value, r.status, r.body)
		}
	}
	for _, path := range []string{"/api/v1/licences?within=-1", "/api/v1/licences/fitting", "/api/v1/licences?limit=0", "/api/v1/applications?before=x", "/api/v1/licences/x?lang=fr"} {
		boss.do("GET", path, "").want(t, 422, nil)
	}
	if text := s.log.String(); text != "" {
		t.Errorf("logged: %.500s", text)
	}
}
