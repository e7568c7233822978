package cli

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"lodestone/internal/app"
	"lodestone/internal/delivery"
	"lodestone/internal/report"
)

// target adds a target by the API and gives its id.
func (c *caller) target(address string) string {
	c.s.t.Helper()
	var t report.DeliveryTarget
	c.do("POST", "/api/v1/delivery-targets", fmt.Sprintf(`{"address":%q}`, address)).want(c.s.t, 200, &t)
	return t.ID
}

// tested has a target tested and waits for what comes of it.
func (c *caller) tested(target string) report.Delivery {
	c.s.t.Helper()
	c.do("POST", "/api/v1/delivery-targets/"+target+"/test", "").want(c.s.t, 200, nil)
	for range 500 {
		var p struct{ Items []report.Delivery }
		c.do("GET", "/api/v1/deliveries?target="+target, "").want(c.s.t, 200, &p)
		if len(p.Items) == 1 && p.Items[0].State == "given_up" {
			return p.Items[0]
		}
		time.Sleep(10 * time.Millisecond)
	}
	c.s.t.Fatal("nothing comes of the test")
	return report.Delivery{}
}

// Where nothing is said of it, a server sends no mail and nothing to the machine itself, and says so.
func TestAServerThatMaySendNothing(t *testing.T) {
	s := newServer(t)
	boss := s.administrator()
	asked := 0
	hook := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer hook.Close()
	var made report.DeliveryTarget
	boss.do("POST", "/api/v1/delivery-targets", fmt.Sprintf(`{"address":%q,"lang":"ko","kinds":["catalogue.failed"]}`, hook.URL)).want(t, 200, &made)
	if made.Kind != "webhook" || !strings.HasPrefix(made.Secret, "whsec_") || made.Lang != "ko" || !slices.Equal(made.Kinds, []string{"catalogue.failed"}) {
		t.Errorf("%+v", made)
	}
	for target, problem := range map[string]string{made.ID: "not_public", boss.target("officer@receiver.example"): "no_server"} {
		if d := boss.tested(target); d.Steps[len(d.Steps)-1].Problem != problem {
			t.Errorf("%+v, want %s", d, problem)
		}
	}
	if asked != 0 {
		t.Error("the machine itself was sent to")
	}
	var all []report.DeliveryTarget
	boss.do("GET", "/api/v1/delivery-targets", "").want(t, 200, &all)
	if len(all) != 2 || all[0].Secret+all[1].Secret != "" || !all[0].Failing || !all[1].Failing {
		t.Errorf("%+v", all)
	}
	figures := string(boss.do("GET", "/metrics", "").want(t, 200, nil).body)
	for _, line := range []string{`lodestone_delivery_targets{state="failing"} 2`, `lodestone_delivery_targets{state="active"} 0`, `lodestone_deliveries{state="given_up"} 2`} {
		if !strings.Contains(figures, line) {
			t.Errorf("the figures lack %s", line)
		}
	}
	boss.do("POST", "/api/v1/delivery-targets", `{"address":"a@b.example\r\nBcc: c@d.example"}`).want(t, 422, nil)
	boss.do("POST", "/api/v1/delivery-targets", `{"address":"officer@receiver.example"}`).want(t, 409, nil)
	id := made.ID
	made = report.DeliveryTarget{}
	boss.do("PUT", "/api/v1/delivery-targets/"+id, `{"state":"paused"}`).want(t, 200, &made)
	if made.State != "paused" || made.Secret != "" {
		t.Errorf("%+v", made)
	}
	boss.do("PUT", "/api/v1/delivery-targets/none", `{"state":"paused"}`).want(t, 404, nil)
	if log := s.log.String(); strings.Contains(log, "receiver.example") || strings.Contains(log, hook.URL) || !strings.Contains(log, "reason=not_public") {
		t.Errorf("logged: %s", log)
	}
	var audit struct {
		Items []struct{ Kind, Subject, Note string }
	}
	boss.do("GET", "/api/v1/audit?limit=500", "").want(t, 200, &audit)
	if text := fmt.Sprint(audit); strings.Contains(text, "receiver.example") || !strings.Contains(text, "delivery_target.active") || !strings.Contains(text, "delivery.given_up") {
		t.Error(text)
	}
}

// The description has what a webhook is sent: the headers that are sent, and every field of the document.
func TestTheDescriptionHasWebhooks(t *testing.T) {
	var doc struct {
		Webhooks map[string]struct {
			Post struct {
				Parameters  []struct{ Name string }
				RequestBody struct {
					Content map[string]struct {
						Schema struct {
							Ref string `json:"$ref"`
						}
					}
				}
			}
		}
		Components struct{ Schemas map[string]schema }
	}
	newServer(t).stranger().do("GET", "/api/v1/openapi.json", "").want(t, 200, &doc)
	post := doc.Webhooks["alerts"].Post
	var names []string
	for _, p := range post.Parameters {
		names = append(names, p.Name)
	}
	if !slices.Equal(names, []string{delivery.HeaderID, delivery.HeaderTimestamp, delivery.HeaderSignature}) {
		t.Errorf("headers %v", names)
	}
	fields := doc.Components.Schemas[strings.TrimPrefix(post.RequestBody.Content["application/json"].Schema.Ref, "#/components/schemas/")].Properties
	for _, name := range []string{"delivery", "kind", "queued_at", "alerts", "more", "page"} {
		if _, ok := fields[name]; !ok {
			t.Errorf("the document lacks %s: %v", name, fields)
		}
	}
}

func TestDeliveryOnTheCommandLine(t *testing.T) {
	data := t.TempDir()
	instanceIn(t, data, func(i *app.Instance, by *app.Actor) {
		key, err := i.Invite(t.Context(), app.Viewer, by)
		if err == nil {
			_, err = i.Accept(t.Context(), key, "viewer", "", password)
		}
		if err != nil {
			t.Fatal(err)
		}
	})
	do := func(want int, args ...string) string {
		out, problems := ran(t, want, append(append([]string{"delivery"}, args...), "--data", data, "--output", "table")...)
		return out + problems
	}
	made := do(0, "add", "https://hooks.example/in", "--as", "officer", "--kind", "catalogue.failed", "--lang", "zh")
	for _, want := range []string{"https://hooks.example/in", "Webhook", "whsec_", "catalogue.failed", "仅显示这一次"} {
		if !strings.Contains(made, want) {
			t.Errorf("%q lacks %q", made, want)
		}
	}
	id, _, _ := strings.Cut(made, " ")
	do(1, "add", "https://hooks.example/in", "--as", "officer")
	do(1, "add", "officer@receiver.example", "--as", "viewer")
	do(2, "add", "no address", "--as", "officer")
	do(2, "add", "officer@receiver.example", "--as", "officer", "--kind", "catalog")
	do(0, "add", "officer@receiver.example", "--as", "officer")
	if out := do(0, "pause", id, "--as", "officer"); !strings.Contains(out, "paused") {
		t.Error(out)
	}
	if out := do(0, "list"); strings.Contains(out, "whsec_") || !strings.Contains(out, "officer@receiver.example  active") || !strings.Contains(out, "all alerts") {
		t.Error(out)
	}
	if out := do(0, "test", id, "--as", "officer"); !strings.Contains(out, "test  queued") {
		t.Error(out)
	}
	if out := do(0, "log", "--target", id); !strings.Contains(out, "test  queued") {
		t.Error(out)
	}
	do(0, "resume", id, "--as", "officer")
	if out := do(0, "end", id, "--as", "officer"); !strings.Contains(out, "ended") {
		t.Error(out)
	}
	do(1, "resume", id, "--as", "officer")
	do(2, "test", "none", "--as", "officer")
	if out := do(0, "list"); strings.Contains(out, "hooks.example") {
		t.Error(out)
	}
}

func TestOutwardFlags(t *testing.T) {
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte("of the file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("LODESTONE_SMTP_PASSWORD", "of the variable")
	good := outwardFlags{SMTP: "mail.example", SMTPEncryption: "starttls", SMTPFrom: "lodestone@sender.example", SMTPUser: "lodestone", WebhookNetwork: []string{"10.1.2.3/16"}}
	o, err := good.outward("https://lodestone.example/")
	if err != nil || *o.Mail != (delivery.MailServer{Address: "mail.example:587", Encryption: delivery.StartTLS, User: "lodestone", Password: "of the variable", From: "lodestone@sender.example"}) ||
		o.Base != "https://lodestone.example" || o.Networks[0].String() != "10.1.0.0/16" {
		t.Errorf("%+v %+v %v", o, o.Mail, err)
	}
	if o, err := (outwardFlags{}).outward(""); err != nil || o.Mail != nil || o.Base != "" || o.Networks != nil {
		t.Errorf("%+v %v", o, err)
	}
	for _, c := range []struct {
		change func(*outwardFlags)
		want   string // the address and the password, or what the error begins with
	}{
		{func(f *outwardFlags) { f.SMTP, f.SMTPPasswordFile = "mail.example:2525", file }, "mail.example:2525 of the file"},
		{func(f *outwardFlags) { f.SMTPEncryption = "tls" }, "mail.example:465 of the variable"},
		{func(f *outwardFlags) { f.SMTP = "2606:4700::1" }, "[2606:4700::1]:587 of the variable"},
		{func(f *outwardFlags) { f.SMTP = "" }, "--smtp: name"},
		{func(f *outwardFlags) { f.SMTPFrom = "" }, "--smtp: the sender"},
		{func(f *outwardFlags) { f.SMTPEncryption = "none" }, "--smtp: a user and a password"},
		{func(f *outwardFlags) { f.WebhookNetwork = []string{"10.1.2.3"} }, "--webhook-network"},
		{func(f *outwardFlags) { f.SMTPPasswordFile = file + " that is not there" }, "open "},
	} {
		f := good
		c.change(&f)
		o, err := f.outward("")
		got := fmt.Sprint(err)
		if err == nil {
			got = o.Mail.Address + " " + o.Mail.Password
		}
		if !strings.HasPrefix(got, c.want) {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
