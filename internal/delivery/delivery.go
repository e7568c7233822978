// Package delivery carries messages out of the house: mail through one SMTP server (mail.go), and webhooks, which are signed (hook.go).
//
// Start with MailServer.Send and Hooks.Post. Each makes one try within the time of its context; when to try again is for the caller to say. What goes wrong comes
// back as a Failure, which holds nothing of an address, of a secret or of what the other side answered, so that it may be logged and shown. Limits: mail is
// authenticated by PLAIN alone, over TLS; no proxy is used; no redirect is followed.
package delivery

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/textproto"
)

// Reason is why a try did not succeed.
type Reason string

// Reasons.
const (
	NoServer  Reason = "no_server"  // no mail server is configured
	Name      Reason = "name"       // the name of the server leads to no address
	NotPublic Reason = "not_public" // the address is none of the public network, and none that may be sent to all the same
	Plain     Reason = "plain"      // without TLS, where TLS is required
	Connect   Reason = "connect"    // nobody takes the connection
	TLS       Reason = "tls"        // the certificate or the conversation about it is not good
	Refused   Reason = "sign_in"    // the mail server does not take user and password
	Status    Reason = "status"     // the other side answers that it does not take the message
	Redirect  Reason = "redirect"   // the other side points elsewhere
	Timeout   Reason = "timeout"    // it took too long
	Broken    Reason = "broken"     // the conversation broke off or was not understood
)

// Reasons lists them.
func Reasons() []Reason {
	return []Reason{NoServer, Name, NotPublic, Plain, Connect, TLS, Refused, Status, Redirect, Timeout, Broken}
}

// Failure is why a try did not succeed.
type Failure struct {
	Reason Reason
	Code   int  // of the answer, SMTP or HTTP; zero: there was none
	Final  bool // the other side says that trying again does not help
}

func (f Failure) Error() string {
	if f.Code == 0 {
		return string(f.Reason)
	}
	return fmt.Sprintf("%s %d", f.Reason, f.Code)
}

// reduced is what may be said of an error of a try; nil: it succeeded.
func reduced(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	var (
		failure  Failure
		answer   *textproto.Error
		name     *net.DNSError
		network  net.Error
		dial     *net.OpError
		untrue   *tls.CertificateVerificationError
		alert    tls.AlertError
		header   tls.RecordHeaderError
		unknown  x509.UnknownAuthorityError
		otherone x509.HostnameError
	)
	switch {
	case errors.As(err, &failure):
		return failure
	case errors.As(err, &answer):
		return Failure{Reason: Status, Code: answer.Code, Final: answer.Code >= 500}
	case errors.As(err, &untrue), errors.As(err, &alert), errors.As(err, &header), errors.As(err, &unknown), errors.As(err, &otherone):
		return Failure{Reason: TLS}
	case ctx.Err() != nil, errors.As(err, &network) && network.Timeout():
		return Failure{Reason: Timeout}
	case errors.As(err, &name):
		return Failure{Reason: Name}
	case errors.As(err, &dial) && dial.Op == "dial":
		return Failure{Reason: Connect}
	}
	return Failure{Reason: Broken}
}
