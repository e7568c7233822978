// Package mailtest is a mail server for tests: it speaks as much of SMTP as is needed to take a message, and keeps what it was given.
//
// Start with New.
package mailtest

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// Mail is a message as it came.
type Mail struct {
	From, To string // of the envelope
	Data     string // header and body, with lines that end in CR LF
	Secure   bool   // it came over TLS
	User     string // who signed in; empty: nobody
	Hello    string // as whom the other side greeted
}

// Server is a mail server that listens on a port of its own. Its fields are set before it is spoken to.
type Server struct {
	TLS      *tls.Config       // nil: STARTTLS is not offered
	Whole    bool              // TLS from the first byte on
	User     string            // who may sign in; empty: nobody need
	Password string            // of the user
	Answers  map[string]string // in the place of the usual ones, by the verb; each is given once, unless it begins with "always "
	Silent   bool              // it takes connections and says nothing

	listener net.Listener
	mu       sync.Mutex
	mails    []Mail
}

// Certificate is a certificate for 127.0.0.1, with what makes it trusted.
func Certificate(t testing.TB) *httptest.Server {
	s := httptest.NewTLSServer(nil)
	t.Cleanup(s.Close)
	return s
}

// New starts a server that ends with the test.
func New(t testing.TB) *Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{listener: l, Answers: map[string]string{}}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go s.serve(c)
		}
	}()
	return s
}

// Address is where the server listens.
func (s *Server) Address() string { return s.listener.Addr().String() }

// Mails are the messages that were taken, in order.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail(nil), s.mails...)
}

// Answer sets what is said to a verb in the place of the usual.
func (s *Server) Answer(verb, line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Answers[verb] = line
}

// special is the answer to a verb that is not the usual one.
func (s *Server) special(verb string) (line string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if line, ok = s.Answers[verb]; !ok {
		return "", false
	}
	always, stays := strings.CutPrefix(line, "always ")
	if !stays {
		delete(s.Answers, verb)
		return line, true
	}
	return always, true
}

// talk is one conversation.
type talk struct {
	s    *Server
	conn net.Conn
	in   *bufio.Reader
	mail Mail
}

func (s *Server) serve(c net.Conn) {
	defer c.Close()
	if s.Silent {
		io.Copy(io.Discard, c)
		return
	}
	t := &talk{s: s, conn: c}
	if s.Whole {
		t.secure()
	}
	t.in = bufio.NewReader(t.conn)
	t.say("220 test")
	for {
		line, err := t.in.ReadString('\n')
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(strings.TrimRight(line, "\r\n"), " ")
		if !t.hear(strings.ToUpper(verb), rest) {
			return
		}
	}
}

func (t *talk) secure() {
	t.conn = tls.Server(t.conn, t.s.TLS)
	t.mail.Secure = true
}

func (t *talk) say(lines ...string) { io.WriteString(t.conn, strings.Join(lines, "\r\n")+"\r\n") }

// hear answers one line; false: the conversation is over.
func (t *talk) hear(verb, rest string) bool {
	if line, ok := t.s.special(verb); ok {
		t.say(line)
		return true
	}
	switch verb {
	case "EHLO":
		t.mail.Hello = rest
		lines := []string{"250-test"}
		if t.s.TLS != nil && !t.mail.Secure {
			lines = append(lines, "250-STARTTLS")
		}
		t.say(append(lines, "250 AUTH PLAIN")...)
	case "STARTTLS":
		t.say("220 go on")
		t.secure()
		t.in = bufio.NewReader(t.conn)
	case "AUTH":
		_, word, _ := strings.Cut(rest, " ")
		b, _ := base64.StdEncoding.DecodeString(word)
		if string(b) != fmt.Sprintf("\x00%s\x00%s", t.s.User, t.s.Password) {
			t.say("535 no")
			return true
		}
		t.mail.User = t.s.User
		t.say("235 yes")
	case "MAIL":
		t.mail.From = address(rest)
		t.say("250 ok")
	case "RCPT":
		t.mail.To = address(rest)
		t.say("250 ok")
	case "DATA":
		return t.data()
	case "QUIT":
		t.say("221 bye")
		return false
	default:
		t.say("502 no")
	}
	return true
}

// data takes a message.
func (t *talk) data() bool {
	t.say("354 go on")
	var b strings.Builder
	for {
		line, err := t.in.ReadString('\n')
		if err != nil {
			return false
		}
		if line == ".\r\n" {
			break
		}
		b.WriteString(strings.TrimPrefix(line, "."))
	}
	if line, ok := t.s.special("TAKEN"); ok {
		t.say(line)
		return true
	}
	t.mail.Data = b.String()
	t.s.mu.Lock()
	t.s.mails = append(t.s.mails, t.mail)
	t.s.mu.Unlock()
	t.say("250 taken")
	return true
}

// address is what stands between the angles.
func address(s string) string {
	_, s, _ = strings.Cut(s, "<")
	s, _, _ = strings.Cut(s, ">")
	return s
}
