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

func TestACatalogueIsKeptLookedAtAndEnded(t *testing.T) {
	s := newSite(t)
	s.enter(app.Administrator)
	page := s.putCatalogue("Spare parts", shipment).want(303).header.Get("Location")
	s.get("/catalogues").want(200, "Spare parts", page)
	s.get("/catalogues?format=csv").want(200, "Spare parts,1,no")
	s.get("/screen").want(200, page)
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
