package delivery

import (
	"bytes"
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
	"net/smtp"
	"net/textproto"
	"regexp"
	"strings"
	"time"
	"unicode"

	"lodestone/internal/sentence"
)

// Encryption is how a mail server is spoken to.
type Encryption string

// How a mail server is spoken to.
const (
	StartTLS Encryption = "starttls" // TLS after a plain greeting; a server that does not offer it is not used
	WholeTLS Encryption = "tls"      // TLS from the first byte on
	NoTLS    Encryption = "none"
)

// MailServer is the server that mail is sent through.
type MailServer struct {
	Address    string // HOST:PORT
	Encryption Encryption
	User       string // empty: it asks for none
	Password   string
	From       string // address of the sender

	roots *x509.CertPool // nil: those of the machine
}

// Check says what is missing or does not fit.
func (s *MailServer) Check() error {
	host, port, err := net.SplitHostPort(s.Address)
	switch {
	case err != nil || host == "" || port == "":
		return fmt.Errorf("%q is no HOST:PORT of a mail server", s.Address)
	case s.Encryption != StartTLS && s.Encryption != WholeTLS && s.Encryption != NoTLS:
		return fmt.Errorf("%q is none of %s, %s, %s", s.Encryption, StartTLS, WholeTLS, NoTLS)
	case s.User != "" && s.Encryption == NoTLS:
		return errors.New("a user and a password are not sent without TLS")
	case s.User != "" && s.Password == "":
		return errors.New("the mail user has no password")
	}
	if err := CheckMail(s.From); err != nil {
		return fmt.Errorf("the sender: %w", err)
	}
	return nil
}

const maxAddress = 254 // bytes of a mail address (RFC 5321)

// plainAddress is an address as it goes over the wire: no name, no quotes, no comment, no blank.
var plainAddress = regexp.MustCompile("^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*$")

// CheckMail says what is wrong with a mail address; nil: mail can be sent to it.
func CheckMail(address string) error {
	if len(address) > maxAddress || !plainAddress.MatchString(address) {
		return sentence.Error("give a mail address like name@host.example, without a name around it and in Latin letters")
	}
	if a, err := mail.ParseAddress(address); err != nil || a.Address != address {
		return sentence.Error("this is no mail address")
	}
	return nil
}

// Message is one mail of plain text.
type Message struct {
	ID      string // the same on every try, so that receivers can tell doubles
	Subject string
	Text    string
	At      time.Time
}

// bytes gives the message as it goes over the wire, with lines that end in CR LF.
func (m Message) bytes(from, to string) ([]byte, error) {
	var b bytes.Buffer
	_, host, _ := strings.Cut(from, "@")
	for _, h := range [][2]string{{"From", "<" + from + ">"}, {"To", "<" + to + ">"}, {"Subject", subjectWords(m.Subject)}, {"Date", m.At.Format(time.RFC1123Z)},
		{"Message-ID", "<" + oneLine(m.ID) + "@" + host + ">"}, {"Auto-Submitted", "auto-generated"}, {"MIME-Version", "1.0"}, {"Content-Type", "text/plain; charset=utf-8"},
		{"Content-Transfer-Encoding", "quoted-printable"}} {
		fmt.Fprintf(&b, "%s: %s\r\n", h[0], h[1])
	}
	b.WriteString("\r\n")
	w := quotedprintable.NewWriter(&b)
	_, err := io.WriteString(w, strings.ReplaceAll(m.Text, "\n", "\r\n"))
	err = errors.Join(err, w.Close())
	return b.Bytes(), err
}

// subjectWords is a subject in encoded words where it needs them, each on a line of its own, since lines are bounded.
func subjectWords(s string) string {
	return strings.TrimPrefix(strings.ReplaceAll(" "+mime.BEncoding.Encode("utf-8", oneLine(s)), " =?", "\r\n =?"), " ")
}

// oneLine is a text without line ends and other signs that steer.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}

// mostAnswered bounds what a mail server may say in one conversation, in bytes.
const mostAnswered = 1 << 20

// bounded is a connection that gives so many bytes and then no more.
type bounded struct {
	net.Conn
	left int
}

func (c *bounded) Read(b []byte) (int, error) {
	if c.left <= 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n, err := c.Conn.Read(b[:min(len(b), c.left)])
	c.left -= n
	return n, err
}

// Send makes one try to send a message. The error is a Failure.
func (s *MailServer) Send(ctx context.Context, to string, m Message) error {
	return reduced(ctx, s.send(ctx, to, m))
}

func (s *MailServer) send(ctx context.Context, to string, m Message) error {
	text, err := m.bytes(s.From, to)
	if err != nil {
		return err
	}
	c, end, err := s.connect(ctx)
	if err != nil {
		return err
	}
	defer end()
	if s.User != "" {
		host, _, _ := net.SplitHostPort(s.Address)
		if err := c.Auth(smtp.PlainAuth("", s.User, s.Password, host)); err != nil {
			return signIn(err)
		}
	}
	if err := c.Mail(s.From); err != nil {
		return err
	}
	if err := c.Rcpt(to); err != nil {
		return err
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(text); err != nil {
		return err
	}
	if err := w.Close(); err != nil { // this is where the server takes the message or does not
		return err
	}
	c.Quit() // it has been taken, whatever comes of saying good-bye
	return nil
}

// connect opens a conversation, with TLS unless the configuration says none.
func (s *MailServer) connect(ctx context.Context) (c *smtp.Client, end func(), err error) {
	host, _, err := net.SplitHostPort(s.Address)
	if err != nil {
		return nil, nil, err
	}
	raw, err := new(net.Dialer).DialContext(ctx, "tcp", s.Address)
	if err != nil {
		return nil, nil, err
	}
	stop := context.AfterFunc(ctx, func() { raw.Close() })
	end = func() {
		stop()
		raw.Close()
	}
	var conn net.Conn = &bounded{raw, mostAnswered}
	secure := &tls.Config{ServerName: host, RootCAs: s.roots, MinVersion: tls.VersionTLS12}
	if s.Encryption == WholeTLS {
		conn = tls.Client(conn, secure)
	}
	if c, err = smtp.NewClient(conn, host); err == nil {
		_, own, _ := strings.Cut(s.From, "@")
		err = c.Hello(own)
	}
	if err == nil && s.Encryption == StartTLS {
		if offered, _ := c.Extension("STARTTLS"); !offered {
			err = Failure{Reason: Plain}
		} else {
			err = c.StartTLS(secure)
		}
	}
	if err != nil {
		end()
		return nil, nil, err
	}
	return c, end, nil
}

// signIn says that a server does not take user and password. It may do so tomorrow.
func signIn(err error) error {
	var answer *textproto.Error
	if errors.As(err, &answer) {
		return Failure{Reason: Refused, Code: answer.Code}
	}
	return err
}
