package web

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"lodestone/internal/app"
	"lodestone/internal/report"
)

var targetForm = regexp.MustCompile(`action="(/alerts/delivery/[A-Z0-9]+)"`)

func TestAlertsAreAddressedByPage(t *testing.T) {
	s := newSite(t)
	s.enter(app.Administrator)
	s.get("/alerts").want(200, deliveriesPath)
	for _, lang := range report.Languages {
		s.get(deliveriesPath+"?lang="+lang).want(200, "--smtp")
	}
	empty := s.get(deliveriesPath+"?lang=en").want(200, "Alerts are sent nowhere", "Nothing was sent yet")
	for _, kind := range report.AlertKinds() {
		if !strings.Contains(empty.body, `value="`+kind+`"> `+say("en", "alerts.kind."+kind)) || say("en", "alerts.kind."+kind) == "alerts.kind."+kind {
			t.Errorf("%s cannot be chosen, or has no words", kind)
		}
	}
	made := s.post(deliveriesPath, url.Values{"address": {"https://127.0.0.1:9/<b>in"}, "speaks": {"ko"}, "kind": {"catalogue.failed", "catalogue.more"}}).
		want(200, "whsec_", "shown this once", "https://127.0.0.1:9/&lt;b&gt;in", "screening failed, more than the list holds", "Korean")
	if strings.Contains(made.body, "<b>in") || strings.Contains(s.get(deliveriesPath).want(200).body, "whsec_") {
		t.Error("an address is taken for markup, or a secret is shown again")
	}
	s.post(deliveriesPath, url.Values{"address": {"officer@receiver.example\r\nBcc: x@y.example"}, "speaks": {"en"}}).want(422, "address")
	s.post(deliveriesPath+"?lang=zh", url.Values{"address": {"https://user:word@hooks.example"}, "speaks": {"en"}}).want(422, "签名已能证明发送方")
	s.post(deliveriesPath+"?lang=en", url.Values{"address": {"officer@receiver.example"}, "speaks": {"en"}}).want(303)
	s.post(deliveriesPath, url.Values{"address": {"officer@receiver.example"}, "speaks": {"en"}}).want(409, "go there already")
	forms := targetForm.FindAllStringSubmatch(s.get(deliveriesPath).want(200, "officer@receiver.example", "all alerts").body, -1)
	if len(forms) != 2 {
		t.Fatal(forms)
	}
	hook := forms[0][1]
	s.post(hook, url.Values{"do": {"test"}}).want(303)
	for range 300 {
		if strings.Contains(s.get(deliveriesPath).want(200).body, "not in the public network") {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	s.get(deliveriesPath).want(200, "not in the public network", "failing (failed tries: 1)", "s-given_up")
	s.get(deliveriesPath+"?format=json").want(200, `"not_public"`)
	s.get(deliveriesPath+"?format=csv").want(200, ",given_up,1,")
	s.get(deliveriesPath+"?target=none").want(200, "Nothing was sent yet")
	s.post(hook, url.Values{"do": {"paused"}}).want(303)
	s.get(deliveriesPath).want(200, "s-paused", `value="active"`)
	s.post(hook, url.Values{"do": {"active"}}).want(303)
	s.post(hook, url.Values{"do": {"explode"}}).want(422)
	s.post(hook, url.Values{"do": {"ended"}}).want(303)
	if strings.Contains(s.get(deliveriesPath).want(200).body, "127.0.0.1") {
		t.Error("a target that has ended is listed")
	}
	s.post(hook, url.Values{"do": {"test"}}).want(409)
	s.post(deliveriesPath+"/none", url.Values{"do": {"paused"}}).want(404)
	for _, role := range []app.Role{app.Viewer, app.Screener, app.Approver, app.LicenceManager} {
		s.enter(role)
		s.get(deliveriesPath).want(403)
		s.post(deliveriesPath, url.Values{"address": {"a@b.example"}, "speaks": {"en"}}).want(403)
		s.post(hook, url.Values{"do": {"ended"}}).want(403)
		if strings.Contains(s.get("/alerts").want(200).body, deliveriesPath) {
			t.Errorf("a %s is shown the way to where alerts are sent", role)
		}
	}
}
