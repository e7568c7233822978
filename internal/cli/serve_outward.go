package cli

import (
	"net"
	"net/netip"
	"os"
	"strings"

	"lodestone/internal/app"
	"lodestone/internal/delivery"
)

// outwardFlags say how alerts leave the house. Where they go is for administrators to say; through which server, and into which networks, for whoever starts
// the program.
type outwardFlags struct {
	SMTP             string   `name:"smtp" help:"Mail server that alerts are sent through: HOST or HOST:PORT (default port: 587, or 465 with --smtp-encryption tls)." placeholder:"HOST:PORT" env:"LODESTONE_SMTP"`
	SMTPEncryption   string   `name:"smtp-encryption" help:"How it is spoken to: starttls, tls from the first byte on, or none." enum:"starttls,tls,none" default:"starttls" env:"LODESTONE_SMTP_ENCRYPTION"`
	SMTPFrom         string   `name:"smtp-from" help:"Address of the sender." placeholder:"ADDRESS" env:"LODESTONE_SMTP_FROM"`
	SMTPUser         string   `name:"smtp-user" help:"User at the mail server, if it asks for one." placeholder:"USER" env:"LODESTONE_SMTP_USER"`
	SMTPPasswordFile string   `name:"smtp-password-file" help:"File with the password of that user; else the variable LODESTONE_SMTP_PASSWORD." placeholder:"FILE" type:"existingfile"`
	WebhookNetwork   []string `name:"webhook-network" help:"Network that is not public and may be sent webhooks all the same, also without TLS, like 10.1.0.0/16; may be repeated." placeholder:"NETWORK" env:"LODESTONE_WEBHOOK_NETWORK"`
}

// outward is what the flags say. Base is the address under which people reach the server; empty: not known.
func (f outwardFlags) outward(base string) (app.Outward, error) {
	o := app.Outward{Base: strings.TrimSuffix(base, "/")}
	for _, text := range f.WebhookNetwork {
		n, err := netip.ParsePrefix(text)
		if err != nil {
			return o, use("--webhook-network: %q is no network like 10.1.0.0/16 or fd00::/8", text)
		}
		o.Networks = append(o.Networks, n.Masked())
	}
	if f.SMTP == "" {
		if f.SMTPFrom+f.SMTPUser+f.SMTPPasswordFile != "" {
			return o, use("--smtp: name the mail server that the other --smtp flags are about")
		}
		return o, nil
	}
	m := &delivery.MailServer{Address: f.SMTP, Encryption: delivery.Encryption(f.SMTPEncryption), User: f.SMTPUser, From: f.SMTPFrom}
	if _, _, err := net.SplitHostPort(m.Address); err != nil {
		port := "587"
		if m.Encryption == delivery.WholeTLS {
			port = "465"
		}
		m.Address = net.JoinHostPort(strings.Trim(m.Address, "[]"), port)
	}
	if m.User != "" {
		var err error
		if m.Password, err = secretOf(f.SMTPPasswordFile, "LODESTONE_SMTP_PASSWORD"); err != nil {
			return o, err
		}
	}
	if err := m.Check(); err != nil {
		return o, use("--smtp: %v", err)
	}
	o.Mail = m
	return o, nil
}

// secretOf is a secret from a file, or where none is named from a variable: flags are seen by everybody on the machine.
func secretOf(file, variable string) (string, error) {
	if file == "" {
		return os.Getenv(variable), nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", exit{exitUse, err}
	}
	return strings.TrimSpace(string(text)), nil
}
