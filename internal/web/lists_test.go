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
)

// sendList sends a party list as a browser does.
func (s *site) sendList(name, text string, smaller bool) answered {
	s.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	if smaller {
		m.WriteField("smaller", "yes")
	}
	w, err := m.CreateFormFile("file", name)
	if err == nil {
		_, err = io.WriteString(w, text)
	}
	if err == nil {
		err = m.Close()
	}
	if err != nil {
		s.t.Fatal(err)
	}
	r, err := http.NewRequest("POST", s.URL+"/parties/lists", &body)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", m.FormDataContentType())
	return s.send(r)
}

func TestAnAdministratorLoadsAPartyList(t *testing.T) {
	s := newSite(t)
	s.enter(app.Administrator)
	const list = "name,list\nExample Pump Works,OWN\nSecond Sample Works,OWN\nThird Sample Works,OWN\n"
	s.sendList("own_2026-01-02.csv", list, false).want(303)
	s.get("/parties?name=Example+Pump+Works").want(200, "OWN", "own_2026-01-02.csv", "SHA-256", "/parties/lists/end", "▲")
	s.get("/").want(200, "2026-01-02")
	s.get("/parties?format=json").want(200, "own_2026-01-02.csv", "sha256:")
	s.sendList("own_2026-01-02.csv", "name,list\nExample Pump Works,OWN\n", false).want(422, "suspiciously few")
	s.sendList("own_2026-01-02.csv", "name,list\nExample Pump Works,OWN\n", true).want(303)
	s.sendList("", list, false).want(422)
	s.sendList("<b>own.csv", "name,list\nFourth Sample Works,<i>OWN\n", false).want(303)
	if page := s.get("/parties?name=Fourth+Sample+Works").want(200, "&lt;b&gt;own.csv", "&lt;i&gt;OWN"); strings.Contains(page.body, "<b>own") || strings.Contains(page.body, "<i>OWN") {
		t.Error("what a list says is not escaped")
	}
	s.post("/parties/lists/end", url.Values{"name": {"none.csv"}}).want(404)
	s.post("/parties/lists/end", url.Values{"name": {"own_2026-01-02.csv"}}).want(303)
	if page := s.get("/parties").want(200); strings.Contains(page.body, "own_2026-01-02.csv") {
		t.Error("a list that was taken out is shown")
	}
	s.get("/records/log").want(200, "party_list.load", "party_list.end")
	for _, role := range []app.Role{app.Approver, app.LicenceManager} {
		s.enter(role)
		s.sendList("own.csv", list, false).want(403)
		s.post("/parties/lists/end", url.Values{"name": {"<b>own.csv"}}).want(403)
		if page := s.get("/parties"); strings.Contains(page.body, `action="/parties/lists`) {
			t.Error("a form is shown that may not be sent")
		}
	}
}
