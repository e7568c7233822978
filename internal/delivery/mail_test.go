package delivery

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"testing"
	"time"

	"lodestone/internal/delivery/mailtest"
)

var moment = time.Date(2026, 11, 10, 8, 0, 0, 0, time.UTC)

// trusted gives a server a certificate, and what trusts it.
func trusted(t *testing.T, s *mailtest.Server) *x509.CertPool {
	t.Helper()
	c := mailtest.Certificate(t)
	s.TLS = &tls.Config{Certificates: c.TLS.Certificates}
	roots := x509.NewCertPool()
	roots.AddCert(c.Certificate())
	return roots
}

// failed is what a try came to; the zero value: it succeeded.
func failed(t *testing.T, err error) Failure {
	t.Helper()
	var f Failure
	if err != nil && !errors.As(err, &f) {
		t.Fatalf("%v is no Failure", err)
	}
	return f
}

func TestMailIsTaken(t *testing.T) {
	for _, c := range []struct {
		name       string
		encryption Encryption
		user       string
	}{{"STARTTLS", StartTLS, "lodestone"}, {"TLS", WholeTLS, "lodestone"}, {"STARTTLS without a user", StartTLS, ""}, {"plain", NoTLS, ""}} {
		t.Run(c.name, func(t *testing.T) {
			server := mailtest.New(t)
			roots := trusted(t, server)
			server.Whole, server.User, server.Password = c.encryption == WholeTLS, "lodestone", "a password"
			from := &MailServer{Address: server.Address(), Encryption: c.encryption, User: c.user, Password: "a password", From: "lodestone@sender.example", roots: roots}
			if err := from.Check(); err != nil {
				t.Fatal(err)
			}
			text := "镝 dysprosium: licence\n.\n" + strings.Repeat("long ", 300) + "\nend"
			m := Message{ID: "D1", Subject: "新提醒：3 새 알림 " + strings.Repeat("提醒", 40), Text: text, At: moment}
			if err := from.Send(t.Context(), "officer@receiver.example", m); err != nil {
				t.Fatal(err)
			}
			got := server.Mails()
			if len(got) != 1 || got[0].From != "lodestone@sender.example" || got[0].To != "officer@receiver.example" || got[0].User != c.user || got[0].Secure != (c.encryption != NoTLS) ||
				got[0].Hello != "sender.example" {
				t.Fatalf("%+v", got)
			}
			for line := range strings.SplitSeq(got[0].Data, "\r\n") {
				if len(line) > 78 || strings.ContainsAny(line, "\r\n") {
					t.Errorf("a line of %d bytes: %q", len(line), line)
				}
			}
			read(t, got[0].Data, m.Subject, text)
		})
	}
}

// read reads a message as the program of a receiver does.
func read(t *testing.T, data, subject, text string) {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil || got != subject {
		t.Errorf("subject %q %v", got, err)
	}
	for name, want := range map[string]string{"From": "<lodestone@sender.example>", "To": "<officer@receiver.example>", "Message-Id": "<D1@sender.example>", "Date": "Tue, 10 Nov 2026 08:00:00 +0000",
		"Content-Type": "text/plain; charset=utf-8", "Auto-Submitted": "auto-generated", "Mime-Version": "1.0"} {
		if got := m.Header[name]; len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if got := strings.TrimSuffix(strings.ReplaceAll(string(body), "\r\n", "\n"), "\n"); err != nil || got != text {
		t.Errorf("body %.200q %v, %d bytes of %d", got, err, len(got), len(text))
	}
}

func TestMailThatIsNotTaken(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*mailtest.Server, *MailServer)
		want   Failure
	}{
		{"no STARTTLS is offered", func(s *mailtest.Server, _ *MailServer) { s.TLS = nil }, Failure{Reason: Plain}},
		{"a certificate that nobody trusts", func(_ *mailtest.Server, m *MailServer) { m.roots = x509.NewCertPool() }, Failure{Reason: TLS}},
		{"a plain server where TLS is asked for", func(_ *mailtest.Server, m *MailServer) { m.Encryption = WholeTLS }, Failure{Reason: TLS}},
		{"a wrong password", func(_ *mailtest.Server, m *MailServer) { m.Password = "another" }, Failure{Reason: Refused, Code: 535}},
		{"a receiver that is not known", func(s *mailtest.Server, _ *MailServer) { s.Answer("RCPT", "550 officer@receiver.example is unknown") }, Failure{Reason: Status, Code: 550, Final: true}},
		{"a receiver who is to be tried later", func(s *mailtest.Server, _ *MailServer) { s.Answer("RCPT", "451 greylisted") }, Failure{Reason: Status, Code: 451}},
		{"a message that is not wanted", func(s *mailtest.Server, _ *MailServer) { s.Answer("TAKEN", "554 no") }, Failure{Reason: Status, Code: 554, Final: true}},
		{"an answer without end", func(s *mailtest.Server, _ *MailServer) { s.Answer("EHLO", "250-"+strings.Repeat("x", mostAnswered)) }, Failure{Reason: Broken}},
		{"nonsense", func(s *mailtest.Server, _ *MailServer) {
			s.Answer("EHLO", "no SMTP at all")
			s.Answer("HELO", "no SMTP at all")
		}, Failure{Reason: Broken}},
		{"silence", func(s *mailtest.Server, _ *MailServer) { s.Silent = true }, Failure{Reason: Timeout}},
		{"nobody there", func(_ *mailtest.Server, m *MailServer) { m.Address = closedPort() }, Failure{Reason: Connect}},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := mailtest.New(t)
			from := &MailServer{Encryption: StartTLS, User: "lodestone", Password: "a password", From: "lodestone@sender.example", Address: server.Address(), roots: trusted(t, server)}
			server.User, server.Password = "lodestone", "a password"
			c.change(server, from)
			ctx, stop := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer stop()
			err := from.Send(ctx, "officer@receiver.example", Message{ID: "D1", Subject: "x", Text: "x", At: moment})
			if got := failed(t, err); got != c.want {
				t.Errorf("%+v, want %+v", got, c.want)
			}
			if strings.Contains(err.Error(), "@") || strings.Contains(err.Error(), "127.0.0.1") {
				t.Errorf("%v says too much", err)
			}
			if n := len(server.Mails()); n != 0 {
				t.Errorf("%d mails were taken", n)
			}
		})
	}
}

// closedPort is an address where nobody listens.
func closedPort() string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func TestMailServersThatDoNotFit(t *testing.T) {
	good := MailServer{Address: "mail.example:587", Encryption: StartTLS, User: "u", Password: "p", From: "a@b.example"}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	for _, change := range []func(*MailServer){
		func(s *MailServer) { s.Address = "mail.example" }, func(s *MailServer) { s.Address = ":25" }, func(s *MailServer) { s.Encryption = "ssl" }, func(s *MailServer) { s.Encryption = NoTLS },
		func(s *MailServer) { s.Password = "" }, func(s *MailServer) { s.From = "Lodestone <a@b.example>" },
	} {
		s := good
		change(&s)
		if s.Check() == nil {
			t.Errorf("%+v passes", s)
		}
	}
}

// injections are what somebody may try to smuggle into a header.
var injections = []string{"\r\nBcc: all@elsewhere.example", "\nBcc: all@elsewhere.example", "\rBcc: all@elsewhere.example", "\r\n\r\nanother body", "\x00", "\u0085Bcc: x@y.example", "> RCPT TO:<x@y.example",
	"\r\n.\r\nMAIL FROM:<x@y.example>", " ", ",x@y.example", ";x@y.example", "\u2028x", "%0d%0aBcc:x", "(comment)", "\"quoted\"", "é"}

func TestNothingIsSmuggledIntoAHeader(t *testing.T) {
	for _, bad := range injections {
		for _, address := range []string{"officer@receiver.example" + bad, bad + "officer@receiver.example", "officer" + bad + "@receiver.example"} {
			if CheckMail(address) == nil && !plainAddress.MatchString(address) || strings.ContainsAny(bad, "\r\n\x00") && CheckMail(address) == nil {
				t.Errorf("%q passes for an address", address)
			}
		}
		m := Message{ID: "D1" + bad, Subject: "three alerts" + bad, Text: "text" + bad, At: moment}
		text, err := m.bytes("lodestone@sender.example", "officer@receiver.example")
		if err != nil {
			t.Fatal(err)
		}
		head, _, _ := strings.Cut(string(text), "\r\n\r\n")
		if names := headerNames(head); names != "From To Subject Date Message-ID Auto-Submitted MIME-Version Content-Type Content-Transfer-Encoding" {
			t.Errorf("%q adds headers: %s", bad, names)
		}
	}
}

// headerNames are the names of the header lines, those that go on left out.
func headerNames(head string) string {
	var names []string
	for line := range strings.SplitSeq(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(head), "\n") {
		if name, _, ok := strings.Cut(line, ":"); ok && !strings.HasPrefix(line, " ") {
			names = append(names, name)
		}
	}
	return strings.Join(names, " ")
}

func TestMailAddresses(t *testing.T) {
	for address, good := range map[string]bool{"a@b.example": true, "first.last+tag@sub.host.example": true, "a@b": true, "": false, "a": false, "@b.example": false, "a@": false, "a@b.": false, "a@b@c.example": false,
		"A B <a@b.example>": false, "<a@b.example>": false, "a b@c.example": false, ".a@b.example": false, "a@[127.0.0.1]": false, "officer@수출.example": false, strings.Repeat("a", 300) + "@b.example": false} {
		if (CheckMail(address) == nil) != good {
			t.Errorf("%q: %v, want good %v", address, CheckMail(address), good)
		}
	}
}

// Whatever passes for an address stands alone in its header and in the envelope.
func FuzzMailAddress(f *testing.F) {
	for _, bad := range injections {
		f.Add("officer@receiver.example"+bad, "subject"+bad)
	}
	f.Fuzz(func(t *testing.T, address, subject string) {
		if CheckMail(address) != nil {
			return
		}
		text, err := Message{ID: "D1", Subject: subject, Text: subject, At: moment}.bytes("lodestone@sender.example", address)
		if err != nil {
			t.Fatal(err)
		}
		m, err := mail.ReadMessage(strings.NewReader(string(text)))
		if err != nil {
			t.Fatal(err)
		}
		if len(m.Header) != 9 || m.Header.Get("To") != fmt.Sprintf("<%s>", address) {
			t.Errorf("%q", m.Header)
		}
		if list, err := m.Header.AddressList("To"); err != nil || len(list) != 1 || list[0].Address != address {
			t.Errorf("%v %v", list, err)
		}
	})
}
