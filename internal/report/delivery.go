package report

import (
	"fmt"
	"io"
	"strings"
	"unicode"
)

// AlertNotice is what is sent to a target: the JSON of a webhook, or the text of a mail.
type AlertNotice struct {
	Delivery string         `json:"delivery" doc:"Its id, the same on every try."`
	Kind     string         `json:"kind" enum:"alerts,test"`
	QueuedAt string         `json:"queued_at"`
	Alerts   []NoticedAlert `json:"alerts" doc:"Oldest first; none in a test."`
	More     int            `json:"more,omitempty" doc:"How many more there are than stand here."`
	Page     string         `json:"page,omitempty" doc:"Where people look at alerts; left out where the server does not know its own address."`
}

// NoticedAlert is an alert without who has seen it.
type NoticedAlert struct {
	ID         string            `json:"id"`
	N          int64             `json:"n" doc:"Its place in the log."`
	Kind       string            `json:"kind"`
	Subject    string            `json:"subject"`
	Facts      map[string]string `json:"facts"`
	Text       string            `json:"text" doc:"In words."`
	RecordedAt string            `json:"recorded_at"`
}

// Noticed is an alert as it is sent.
func (a *Alert) Noticed() NoticedAlert {
	return NoticedAlert{ID: a.ID, N: a.N, Kind: a.Kind, Subject: a.Subject, Facts: a.Facts, Text: a.Text, RecordedAt: a.RecordedAt}
}

// Mail is the notice as a mail: what stands in names and cells is put on one line each, so that nobody can write lines of their own.
func (x *AlertNotice) Mail(lang string) (subject, text string) {
	if x.Kind == "test" {
		return Say(lang, "notice.test.subject"), Say(lang, "notice.test") + "\n" + x.end(lang)
	}
	var b strings.Builder
	for i := range x.Alerts {
		fmt.Fprintf(&b, "- %s\n  %s\n", onOneLine(x.Alerts[i].Text), minuteUTC(x.Alerts[i].RecordedAt))
	}
	if x.More > 0 {
		fmt.Fprintf(&b, "%s\n", Say(lang, "notice.more", "n", fmt.Sprint(x.More)))
	}
	return Say(lang, "notice.subject", "n", fmt.Sprint(len(x.Alerts)+x.More)), b.String() + x.end(lang)
}

func (x *AlertNotice) end(lang string) string {
	text := "\n"
	if x.Page != "" {
		text += Say(lang, "notice.page", "page", x.Page) + "\n"
	}
	return text + Say(lang, "notice.why") + "\n"
}

func onOneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s)
}

// minuteUTC is a time of the store to the minute.
func minuteUTC(s string) string {
	if len(s) < 16 {
		return s
	}
	return s[:10] + " " + s[11:16] + " UTC"
}

// DeliveryTarget is where alerts go.
type DeliveryTarget struct {
	ID          string   `json:"id"`
	Kind        string   `json:"kind" enum:"mail,webhook"`
	Address     string   `json:"address"`
	Lang        string   `json:"lang" doc:"Of what is sent."`
	Kinds       []string `json:"kinds" doc:"Of alerts: these, and those that begin with one of them and a point; empty: all."`
	State       string   `json:"state" enum:"active,paused,ended"`
	Failing     bool     `json:"failing,omitempty" doc:"A delivery was given up, or three tries failed, since the last that was delivered."`
	Failures    int      `json:"failures,omitempty" doc:"Tries that failed since the last delivery."`
	DeliveredAt string   `json:"delivered_at,omitempty" doc:"The last delivery; left out: there was none."`
	Secret      string   `json:"secret,omitempty" doc:"With which webhooks are signed; shown once, when the target is made."`
	RecordedAt  string   `json:"recorded_at"`
	RecordedBy  string   `json:"recorded_by" doc:"Id of a person."`
}

// WriteText prints a target for people.
func (t *DeliveryTarget) WriteText(w io.Writer, lang string) error {
	p := &printer{w: w}
	kinds := Say(lang, "target.all_kinds")
	if len(t.Kinds) > 0 {
		kinds = strings.Join(t.Kinds, ", ")
	}
	state := Say(lang, "target."+t.State)
	if t.Failing {
		state += ", " + Say(lang, "target.failing", "n", fmt.Sprint(t.Failures))
	}
	p.f("%s  %s  %s\n  %s  %s  %s\n", t.ID, t.Address, state, Say(lang, "target."+t.Kind), t.Lang, kinds)
	if t.DeliveredAt != "" {
		p.f("  %s\n", Say(lang, "target.delivered", "at", minuteUTC(t.DeliveredAt)))
	}
	if t.Secret != "" {
		p.f("  %s\n  %s\n", Say(lang, "target.secret"), t.Secret)
	}
	return p.err
}

// Delivery is one message to a target, as it stands.
type Delivery struct {
	ID     string         `json:"id" doc:"The receiver gets it as well, the same on every try."`
	N      int64          `json:"n" doc:"Place of its newest step in the log."`
	Target string         `json:"target"`
	Kind   string         `json:"kind" enum:"alerts,test"`
	State  string         `json:"state" enum:"queued,sending,retrying,delivered,given_up,cancelled"`
	Alerts int            `json:"alerts,omitempty" doc:"How many it holds; left out while it gathers them, and for a test."`
	Steps  []DeliveryStep `json:"steps" doc:"Oldest first."`
}

// DeliveryStep is what happened to a delivery.
type DeliveryStep struct {
	State   string `json:"state"`
	At      string `json:"at"`
	Try     int    `json:"try,omitempty" doc:"Which try it was."`
	Problem string `json:"problem,omitempty" doc:"Why it failed, in one word."`
	Code    int    `json:"code,omitempty" doc:"Of the answer of the other side."`
	Text    string `json:"text,omitempty" doc:"The problem in words."`
}

// DeliveryProblem says in words why a try failed; empty: there was nothing.
func DeliveryProblem(lang, problem string, code int) string {
	if problem == "" {
		return ""
	}
	text := Say(lang, "delivery.problem."+problem)
	if code != 0 {
		text += fmt.Sprintf(" (%d)", code)
	}
	return text
}

// WriteText prints a delivery for people, with its steps.
func (d *Delivery) WriteText(w io.Writer, lang string) error {
	p := &printer{w: w}
	p.f("%s  %s  %s  %s\n", d.ID, Say(lang, "delivery."+d.Kind, "n", fmt.Sprint(d.Alerts)), Say(lang, "delivery."+d.State), d.Target)
	for _, s := range d.Steps {
		p.f("  %s  %s  %s\n", minuteUTC(s.At), Say(lang, "delivery."+s.State), s.Text)
	}
	return p.err
}
