package app

import (
	"bytes"
	"context"
	"crypto/hmac"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"mime/quotedprintable"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"lodestone/internal/delivery"
	"lodestone/internal/delivery/mailtest"
	"lodestone/internal/report"
	"lodestone/internal/store"
	"lodestone/internal/when"
)

// posted is a try at a webhook as it came.
type posted struct {
	id     string
	header http.Header
	body   []byte
	notice report.AlertNotice
}

// receiver takes webhooks; answer says with which status, by how many tries came before.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	tries  []posted
	answer func(r *http.Request, before int) int
}

func newReceiver(t *testing.T, answer func(r *http.Request, before int) int) *receiver {
	x := &receiver{answer: answer}
	x.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := posted{id: r.Header.Get("webhook-id"), header: r.Header}
		p.body, _ = io.ReadAll(r.Body)
		if err := json.Unmarshal(p.body, &p.notice); err != nil {
			t.Errorf("%v: %s", err, p.body)
		}
		x.mu.Lock()
		before := len(x.tries)
		x.tries = append(x.tries, p)
		x.mu.Unlock()
		if status := answer(r, before); status != 0 {
			w.WriteHeader(status)
		}
	}))
	t.Cleanup(x.Close)
	return x
}

func (x *receiver) seen() []posted {
	x.mu.Lock()
	defer x.mu.Unlock()
	return slices.Clone(x.tries)
}

func always(status int) func(*http.Request, int) int {
	return func(*http.Request, int) int { return status }
}

// post is an instance that works, with an administrator, a mail server and leave to send webhooks to the machine itself.
type post struct {
	*Instance
	t    *testing.T
	by   *Actor
	mail *mailtest.Server
	log  bytes.Buffer
	stop func()
}

func newPost(t *testing.T) *post {
	t.Helper()
	i := instanceOn(t, when.Day(2026, 11, 5))
	key, err := i.FirstLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	by, err := i.Accept(t.Context(), key, "officer", "", "a password of the tests")
	if err != nil {
		t.Fatal(err)
	}
	p := &post{Instance: i, t: t, by: by, mail: mailtest.New(t)}
	i.Outward = Outward{Mail: &delivery.MailServer{Address: p.mail.Address(), Encryption: delivery.NoTLS, From: "lodestone@sender.example"},
		Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Base: "https://lodestone.example"}
	i.pace = deliveryPace{paused: time.Millisecond, waits: []time.Duration{time.Millisecond, time.Millisecond}}
	return p
}

// work lets the instance work until stop is called, or the test ends.
func (p *post) work() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- p.Work(ctx, slog.New(slog.NewTextHandler(&p.log, nil))) }()
	p.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			p.t.Error(err)
		}
	})
	p.t.Cleanup(p.stop)
}

func (p *post) add(address, lang string, kinds ...string) report.DeliveryTarget {
	p.t.Helper()
	t, err := p.AddTarget(p.t.Context(), p.by, address, lang, kinds)
	if err != nil {
		p.t.Fatal(err)
	}
	return t
}

// raise raises alerts of a kind, numbered from a number on.
func (p *post) raise(kind string, from, n int) {
	p.t.Helper()
	var all []store.Alert
	for k := from; k < from+n; k++ {
		all = append(all, newAlert(kind, "catalogue/c", fmt.Sprint("cause ", k), map[string]string{"catalogue": "our goods", "item": fmt.Sprint("P-", k), "line": "2", "on": "2026-11-10",
			"problem": "no\r\nBcc: x@y.example", "acts": "–", "was": "suspended", "is": "licence"}))
	}
	if err := p.Raise(p.t.Context(), all...); err != nil {
		p.t.Fatal(err)
	}
}

// await waits until something holds of the deliveries, and gives them.
func (p *post) await(what string, holds func([]report.Delivery) bool) []report.Delivery {
	p.t.Helper()
	var all []report.Delivery
	for range 1000 {
		var err error
		if all, err = p.Deliveries(p.t.Context(), "", 0, 100, "en"); err != nil {
			p.t.Fatal(err)
		}
		if holds(all) {
			return all
		}
		time.Sleep(10 * time.Millisecond)
	}
	p.t.Fatalf("%s: %+v\nthe log: %s", what, all, &p.log)
	return nil
}

// ended says that so many deliveries have ended, and nothing more is to come.
func ended(n int) func([]report.Delivery) bool {
	return func(all []report.Delivery) bool {
		return len(all) == n && !slices.ContainsFunc(all, func(d report.Delivery) bool {
			return !slices.Contains([]string{"delivered", "given_up", "cancelled"}, d.State)
		})
	}
}

func states(d report.Delivery) string {
	var list []string
	for _, s := range d.Steps {
		list = append(list, s.State)
	}
	return strings.Join(list, " ")
}

func (p *post) target(id string) report.DeliveryTarget {
	p.t.Helper()
	all, err := p.Targets(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	for _, t := range all {
		if t.ID == id {
			return t
		}
	}
	p.t.Fatalf("no target %s", id)
	return report.DeliveryTarget{}
}

// Several alerts go out in one mail in the language of the receiver and in one webhook, which is tried again under one id until it is taken.
func TestAlertsGoOutByMailAndWebhook(t *testing.T) {
	p := newPost(t)
	hook := newReceiver(t, func(_ *http.Request, before int) int { return []int{500, 302, 204}[min(before, 2)] })
	target := p.add(hook.URL+"/in", "en")
	p.add("officer@receiver.example", "ko")
	p.add("other@receiver.example", "zh", "catalogue.failed")
	p.raise("catalogue.outcome", 1, 3)
	p.raise("catalogue.failed", 4, 1)  // goes with the others
	p.raise("catalogue.outcome", 1, 2) // is noticed again
	p.work()
	all := p.await("three deliveries", ended(3))
	tries := hook.seen()
	if len(tries) != 3 {
		t.Fatalf("%d tries", len(tries))
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(target.Secret, "whsec_"))
	if err != nil || len(key) != 32 {
		t.Fatalf("secret %q %v", target.Secret, err)
	}
	for _, x := range tries {
		if x.id != tries[0].id || !bytes.Equal(x.body, tries[0].body) || x.notice.Delivery != x.id {
			t.Errorf("a try says something else: %s %s", x.id, x.body)
		}
		seconds, _ := strconv.ParseInt(x.header.Get("webhook-timestamp"), 10, 64)
		if want := delivery.Signature(key, x.id, time.Unix(seconds, 0), x.body); !hmac.Equal([]byte(want), []byte(x.header.Get("webhook-signature"))) {
			t.Errorf("signed %s, want %s", x.header.Get("webhook-signature"), want)
		}
	}
	if n := tries[0].notice; n.Kind != "alerts" || len(n.Alerts) != 4 || n.Page != "https://lodestone.example/alerts" || n.Alerts[0].Facts["item"] != "P-1" || n.Alerts[3].Kind != "catalogue.failed" || !strings.Contains(n.Alerts[0].Text, "P-1 (line 2)") {
		t.Errorf("%+v", n)
	}
	at := slices.IndexFunc(all, func(d report.Delivery) bool { return d.Target == target.ID })
	if d := all[at]; states(d) != "queued sending retrying retrying delivered" || d.Steps[2].Code != 500 || d.Steps[3].Problem != "redirect" || d.Steps[3].Text == "" || d.Steps[4].Try != 3 || d.Alerts != 4 {
		t.Errorf("%+v", d)
	}
	mails := p.mail.Mails()
	if len(mails) != 2 {
		t.Fatalf("%+v", mails)
	}
	for _, m := range mails {
		subject, body := readMail(t, m.Data)
		switch m.To {
		case "officer@receiver.example":
			if subject != "새 알림 4건" || !strings.Contains(body, "P-3(2행)") || !strings.Contains(body, "전체 알림: https://lodestone.example/alerts") || strings.Contains(body, "\nBcc:") {
				t.Errorf("%s\n%s", subject, body)
			}
		default:
			if subject != "新提醒：1 条" || strings.Contains(body, "P-") || !strings.Contains(body, "our goods") {
				t.Errorf("%s\n%s", subject, body)
			}
		}
	}
	for _, secret := range []string{"receiver.example", hook.URL, target.Secret} {
		if strings.Contains(p.log.String(), secret) {
			t.Errorf("the log tells of %s: %s", secret, &p.log)
		}
	}
	p.proved()
}

// proved says that the log verifies, and tells of no address.
func (p *post) proved() {
	p.t.Helper()
	v, err := p.Verify(p.t.Context())
	if err != nil || v.Altered != "" || v.Rows == 0 {
		p.t.Errorf("%+v %v", v, err)
	}
	log, err := p.Log(p.t.Context(), 0, 1000)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, l := range log {
		if strings.Contains(fmt.Sprint(l), "receiver.example") || strings.Contains(fmt.Sprint(l), "127.0.0.1") {
			p.t.Errorf("the transparency log holds an address: %+v", l)
		}
	}
}

func readMail(t *testing.T, data string) (subject, body string) {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || len(m.Header["Bcc"]) != 0 {
		t.Fatal(err, m.Header)
	}
	text, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil {
		t.Fatal(err)
	}
	return subject, strings.ReplaceAll(string(text), "\r\n", "\n")
}

// What is too much for one message goes on in the next webhook; a mail says how much more there is.
func TestManyAlertsAtOnce(t *testing.T) {
	p := newPost(t)
	hook := newReceiver(t, always(200))
	p.add(hook.URL, "en")
	p.add("officer@receiver.example", "en")
	p.raise("catalogue.outcome", 1, 230)
	p.work()
	p.await("four deliveries", ended(4))
	items := map[string]bool{}
	var sizes []int
	for _, x := range hook.seen() {
		sizes = append(sizes, len(x.notice.Alerts))
		for _, a := range x.notice.Alerts {
			items[a.Facts["item"]] = true
		}
	}
	if slices.Sort(sizes); !slices.Equal(sizes, []int{30, 100, 100}) || len(items) != 230 {
		t.Errorf("webhooks of %v alerts, %d different", sizes, len(items))
	}
	subject, body := readMail(t, p.mail.Mails()[0].Data)
	if subject != "New alerts: 230" || strings.Count(body, "\n- ")+1 != mailAlerts || !strings.Contains(body, "And 180 more.") {
		t.Errorf("%s\n%s", subject, body)
	}
}

// As many alerts as a transaction takes leave room in it for a delivery to as many targets as there may be.
func TestAlertsForAllTargetsFitIntoATransaction(t *testing.T) {
	p := newPost(t)
	for n := range mostTargets {
		p.add(fmt.Sprintf("officer-%d@receiver.example", n), "en")
	}
	if _, err := p.AddTarget(t.Context(), p.by, "more@receiver.example", "en", nil); !errors.As(err, new(Conflict)) {
		t.Errorf("one target more than there may be: %v", err)
	}
	p.raise("catalogue.outcome", 1, 3*alertsAtOnce)
	if all, err := p.Deliveries(t.Context(), "", 0, 100, "en"); err != nil || len(all) != mostTargets {
		t.Errorf("%d deliveries, %v", len(all), err)
	}
}

// What comes while a target is paused waits, and goes out as one when it goes on; nothing goes to one that has ended.
func TestATargetIsPausedGoesOnAndEnds(t *testing.T) {
	p := newPost(t)
	hook := newReceiver(t, always(200))
	target := p.add(hook.URL, "en")
	set := func(state string) {
		t.Helper()
		if got, err := p.SetTarget(t.Context(), p.by, target.ID, state); err != nil || got.State != state {
			t.Fatal(got, err)
		}
	}
	set("paused")
	p.work()
	p.raise("catalogue.outcome", 1, 2)
	if _, err := p.TestTarget(t.Context(), p.by, target.ID, "en"); err != nil { // goes out all the same
		t.Fatal(err)
	}
	p.await("the test", func(all []report.Delivery) bool {
		return slices.ContainsFunc(all, func(d report.Delivery) bool { return d.Kind == "test" && d.State == "delivered" })
	})
	p.raise("catalogue.outcome", 3, 1)
	if tries := hook.seen(); len(tries) != 1 || tries[0].notice.Kind != "test" || len(tries[0].notice.Alerts) != 0 {
		t.Errorf("%+v", tries)
	}
	set("active")
	p.await("the alerts", ended(2))
	if tries := hook.seen(); len(tries) != 2 || len(tries[1].notice.Alerts) != 3 {
		t.Errorf("%+v", tries)
	}
	set("paused")
	p.raise("catalogue.outcome", 4, 1)
	set("ended")
	all := p.await("what was queued is cancelled", ended(3))
	if states(all[0]) != "queued cancelled" {
		t.Errorf("%+v", all[0])
	}
	p.raise("catalogue.outcome", 5, 1)
	if all, err := p.Deliveries(t.Context(), target.ID, 0, 100, "en"); err != nil || len(all) != 3 {
		t.Errorf("%+v %v", all, err)
	}
	for _, state := range []string{"active", "paused"} {
		if _, err := p.SetTarget(t.Context(), p.by, target.ID, state); !errors.As(err, new(Conflict)) {
			t.Errorf("an ended target is %s: %v", state, err)
		}
	}
	if _, err := p.TestTarget(t.Context(), p.by, target.ID, "en"); !errors.As(err, new(Conflict)) {
		t.Error(err)
	}
	p.proved()
}

// Who keeps failing is given up after the last try, at once where the other side says that it is for good, and shown as failing until something arrives.
func TestATargetThatFails(t *testing.T) {
	p := newPost(t)
	status := 503
	hook := newReceiver(t, func(*http.Request, int) int { return status })
	target := p.add(hook.URL, "en")
	gone := p.add("gone@receiver.example", "en")
	p.mail.Answer("RCPT", "always 550 no such user here")
	p.raise("catalogue.outcome", 1, 1)
	p.work()
	all := p.await("both are given up", ended(2))
	for _, d := range all {
		want := map[string]string{target.ID: "queued sending retrying retrying given_up", gone.ID: "queued sending given_up"}[d.Target]
		if states(d) != want {
			t.Errorf("%s, want %s", states(d), want)
		}
	}
	if x := p.target(target.ID); !x.Failing || x.Failures != 3 || x.DeliveredAt != "" {
		t.Errorf("%+v", x)
	}
	if x := p.target(gone.ID); !x.Failing || x.Failures != 1 {
		t.Errorf("%+v", x)
	}
	c, err := p.Condition(t.Context())
	if err != nil || c.Targets["failing"] != 2 || c.Targets["active"] != 0 || c.Deliveries["given_up"] != 2 {
		t.Errorf("%+v %v", c, err)
	}
	status = 200
	if _, err := p.TestTarget(t.Context(), p.by, target.ID, "en"); err != nil {
		t.Fatal(err)
	}
	p.await("the test", ended(3))
	if x := p.target(target.ID); x.Failing || x.Failures != 0 || x.DeliveredAt == "" {
		t.Errorf("after a test that arrived: %+v", x)
	}
	p.Outward.Networks = nil
	if _, err := p.TestTarget(t.Context(), p.by, target.ID, "en"); err != nil {
		t.Fatal(err)
	}
	all = p.await("a test to the machine itself", ended(4))
	if s := all[0].Steps[len(all[0].Steps)-1]; s.Problem != "not_public" || s.State != "given_up" || !strings.Contains(s.Text, "public network") {
		t.Errorf("%+v", s)
	}
	if strings.Contains(p.log.String(), "no such user") {
		t.Error("the log says what the other side answered")
	}
}

// A process that ends while a try is made makes it again, under the same id.
func TestATryOutlivesTheProcess(t *testing.T) {
	p := newPost(t)
	begun := make(chan struct{}, 2)
	hook := newReceiver(t, func(r *http.Request, before int) int {
		if before == 0 {
			begun <- struct{}{}
			<-r.Context().Done()
		}
		return 200
	})
	p.add(hook.URL, "en")
	p.raise("catalogue.outcome", 1, 1)
	p.work()
	<-begun
	p.stop()
	p.work()
	all := p.await("the delivery", ended(1))
	if tries := hook.seen(); len(tries) != 2 || tries[0].id != tries[1].id || !bytes.Equal(tries[0].body, tries[1].body) || states(all[0]) != "queued sending delivered" {
		t.Errorf("%d tries, %s", len(tries), states(all[0]))
	}
}

func TestTargetsThatAreRefused(t *testing.T) {
	p := newPost(t)
	p.add("officer@receiver.example", "en")
	for _, c := range []struct {
		address, lang string
		kinds         []string
		field         string // empty: a conflict
	}{
		{"officer@receiver.example", "en", nil, ""},
		{"", "en", nil, "address"},
		{"a@b.example\r\nBcc: c@d.example", "en", nil, "address"},
		{"https://user:word@hooks.example", "en", nil, "address"},
		{"ftp://hooks.example", "en", nil, "address"},
		{"a@b.example", "fr", nil, "lang"},
		{"a@b.example", "en", []string{"catalogue.outcom"}, "kinds"},
		{"a@b.example", "en", []string{"cat"}, "kinds"},
	} {
		_, err := p.AddTarget(t.Context(), p.by, c.address, c.lang, c.kinds)
		var invalid Invalid
		if errors.As(err, &invalid); invalid.Field != c.field || c.field == "" && !errors.As(err, new(Conflict)) {
			t.Errorf("%+v: %v", c, err)
		}
	}
	key, err := p.Invite(t.Context(), Approver, p.by)
	if err != nil {
		t.Fatal(err)
	}
	approver, err := p.Accept(t.Context(), key, "approver", "", "a password of the tests")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.AddTarget(t.Context(), approver, "a@b.example", "en", nil); !errors.As(err, new(Conflict)) {
		t.Errorf("an approver adds a target: %v", err)
	}
	if _, err := p.SetTarget(t.Context(), p.by, "none", "paused"); !errors.Is(err, ErrUnknown) {
		t.Error(err)
	}
	if _, err := p.TestTarget(t.Context(), p.by, "none", "en"); !errors.Is(err, ErrUnknown) {
		t.Error(err)
	}
}

// Every reason for which a try can fail, and every kind that a target can choose, has its words.
func TestReasonsAndKindsHaveWords(t *testing.T) {
	for _, r := range delivery.Reasons() {
		if !report.Has("delivery.problem." + string(r)) {
			t.Errorf("%s is said nowhere", r)
		}
	}
	for _, k := range []string{"catalogue.outcome", "catalogue.failed", "catalogue.coming_outcome"} {
		if !slices.Contains(report.AlertKinds(), k) {
			t.Errorf("%s is no kind", k)
		}
	}
	if slices.Contains(report.AlertKinds(), "seen") {
		t.Error("a word about alerts counts as a kind")
	}
}
