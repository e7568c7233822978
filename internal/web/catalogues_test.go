package web

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"lodestone/internal/app"
	"lodestone/internal/report"
	"lodestone/internal/store"
)

// putCatalogue sends a file by the form of catalogues.
func (s *site) putCatalogue(name, text string) answered {
	s.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	m.WriteField("name", name) // to memory: it cannot fail
	w, _ := m.CreateFormFile("file", "items.csv")
	io.WriteString(w, text)
	m.Close()
	r, err := http.NewRequest("POST", s.URL+"/catalogues", &body)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", m.FormDataContentType())
	return s.send(r)
}

// keep keeps a file that was looked at as a catalogue; it gives the page of the catalogue.
func (s *site) keep(look string, more url.Values) string {
	s.t.Helper()
	u, err := url.Parse(look)
	if err != nil {
		s.t.Fatal(err)
	}
	values := url.Values{"do": {"start"}}
	for _, field := range []string{"f", "name", "catalogue"} {
		values.Set(field, u.Query().Get(field))
	}
	for k, v := range more {
		values[k] = v
	}
	return s.post("/screen/file", values).want(303).header.Get("Location")
}

func TestColumnsOfACatalogueAreMapped(t *testing.T) {
	s := newSite(t)
	s.enter(app.Screener)
	look := s.putCatalogue("Odd headings", "nummer,what it is\nP-1,Gallium arsenide wafers\n").want(303).header.Get("Location")
	s.get(look).want(422, "what it is") // no heading is known
	said := url.Values{"column0": {"id"}, "heading0": {"nummer"}, "column1": {"description"}, "heading1": {"what it is"}, "destination": {"US"}}
	again := s.post("/screen/file", url.Values{"do": {"look"}, "f": {query(t, look, "f")}, "name": {"items.csv"}, "catalogue": {"Odd headings"}, "column1": {"description"}, "heading1": {"what it is"}}).want(303).header.Get("Location")
	if query(t, again, "catalogue") != "Odd headings" || query(t, again, "m") != "description=what it is" {
		t.Errorf("looking again forgets what was said: %s", again)
	}
	page := s.keep(again, said)
	s.get(page).want(200, "Odd headings")
	s.get(page+"?format=json").want(200, "description=what it is")
}

// query is a value of an address.
func query(t *testing.T, address, name string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get(name)
}

func TestACatalogueIsKeptLookedAtAndEnded(t *testing.T) {
	s := newSite(t)
	s.enter(app.Administrator)
	look := s.putCatalogue("Spare parts", shipment).want(303).header.Get("Location")
	s.get(look).want(200, `name="catalogue" value="Spare parts"`, "Keep a file as a catalogue", "items.csv")
	page := s.keep(look, nil)
	s.get("/catalogues").want(200, "Spare parts", page)
	s.get("/catalogues?format=csv").want(200, "Spare parts,1,no")
	s.get("/").want(200, page)
	if strings.Contains(s.get("/screen").want(200).body, "Spare parts") {
		t.Error("a screening that came by itself stands among the files that people gave")
	}
	for _, lang := range report.Languages {
		s.get(page+"?lang="+lang).want(200, "Spare parts", "2026-11-20")
	}
	s.get(page + "?job=nothing").want(404)
	s.post("/catalogues", url.Values{"name": {"no file"}}).want(422)
	s.enter(app.Viewer)
	s.putCatalogue("Mine", shipment).want(403)
	s.post(page+"/end", nil).want(403)
	if strings.Contains(s.get(page).want(200).body, page+"/end") {
		t.Error("who may not end a catalogue is offered to")
	}
	s.enter(app.Screener)
	s.post(page+"/end", nil).want(303)
	s.get(page+"?lang=en").want(200, "no longer screened")
}

func TestAnAlertIsReadAndAcknowledged(t *testing.T) {
	s := newSite(t)
	s.enter(app.Administrator)
	x := store.Alert{Kind: "catalogue.failed", Subject: "catalogue/c1", Cause: "job/1", Facts: `{"catalogue":"Spare parts","on":"2026-11-20","problem":"it is cut off"}`, RecordedBy: store.Instance}
	if err := s.instance.Raise(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	for _, lang := range report.Languages {
		s.get("/?lang="+lang).want(200, "it is cut off", "/alerts?unseen=yes")
		s.get("/alerts?lang="+lang).want(200, "Spare parts", "/catalogues/c1")
	}
	s.get("/alerts?format=csv").want(200, "catalogue.failed")
	if strings.Contains(s.get("/alerts?kind=catalogue.more").want(200).body, "it is cut off") {
		t.Error("the kind does not select")
	}
	all, err := s.instance.Alerts(t.Context(), &app.Actor{}, app.AlertQuery{Limit: 1, Lang: "en"})
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	if to := s.post("/alerts/"+all[0].ID+"?unseen=yes", url.Values{"note": {"sent again"}}).want(303).header.Get("Location"); to != "/alerts?unseen=yes" {
		t.Errorf("acknowledging leads to %s", to)
	}
	s.get("/alerts").want(200, "sent again")
	if strings.Contains(s.get("/alerts?unseen=yes").want(200).body, "it is cut off") {
		t.Error("an alert that was acknowledged counts as unseen")
	}
	s.post("/alerts/nothing", nil).want(404)
}
