package delivery

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"syscall"
	"time"

	"lodestone/internal/sentence"
)

// Headers of a webhook, as the Standard Webhooks specification names them.
const (
	HeaderID        = "Webhook-Id"        // of the delivery; the same on every try
	HeaderTimestamp = "Webhook-Timestamp" // of the try, in seconds since 1970
	HeaderSignature = "Webhook-Signature" // v1, and a comma before the MAC
)

// secretMark begins a secret in writing.
const secretMark = "whsec_"

// SecretText is a secret as it is shown to whoever checks signatures.
func SecretText(secret []byte) string { return secretMark + base64.StdEncoding.EncodeToString(secret) }

// Signature is the signature of a webhook: HMAC-SHA256 over id, time stamp and body, with points between them.
func Signature(secret []byte, id string, at time.Time, body []byte) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(id + "." + strconv.FormatInt(at.Unix(), 10) + "."))
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

const maxURL = 2000 // bytes

// CheckHook says what is wrong with the address of a webhook; nil: it can be sent to, if the network lets it.
func CheckHook(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || len(address) > maxURL || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.Opaque != "":
		return sentence.Error("give a web address like https://host.example/path")
	case u.User != nil:
		return sentence.Error("put no user and no password into the address; the signature proves who sends")
	case u.Fragment != "":
		return sentence.Error("leave out what stands behind #; it is never sent")
	}
	return nil
}

// Hooks sends webhooks.
type Hooks struct {
	Networks []netip.Prefix // that are not public and may be sent to all the same, also without TLS

	roots *x509.CertPool // nil: those of the machine
}

// Bounds on what the other side may answer.
const (
	mostHeader = 64 << 10 // bytes
	mostBody   = 64 << 10 // bytes that are taken of a body, so that the other side is not cut off while it says that all is well
)

// Post makes one try to send a webhook: at is the moment of the try, id that of the delivery. The error is a Failure.
func (h *Hooks) Post(ctx context.Context, address string, secret []byte, id string, at time.Time, body []byte) error {
	return reduced(ctx, h.post(ctx, address, secret, id, at, body))
}

func (h *Hooks) post(ctx context.Context, address string, secret []byte, id string, at time.Time, body []byte) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "lodestone")
	r.Header.Set(HeaderID, id)
	r.Header.Set(HeaderTimestamp, strconv.FormatInt(at.Unix(), 10))
	r.Header.Set(HeaderSignature, Signature(secret, id, at, body))
	answer, err := h.client(r.URL.Scheme == "http").Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	io.CopyN(io.Discard, answer.Body, mostBody) // what it says does not matter
	switch code := answer.StatusCode; {
	case code >= 200 && code < 300:
		return nil
	case code >= 300 && code < 400:
		return Failure{Reason: Redirect, Code: code}
	default:
		return Failure{Reason: Status, Code: code, Final: code == http.StatusGone}
	}
}

// client sends one request: every try looks the name up anew, and the address that it leads to is judged when it is dialled.
func (h *Hooks) client(plain bool) *http.Client {
	d := &net.Dialer{Control: func(_, address string, _ syscall.RawConn) error { return h.judge(address, plain) }}
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{DialContext: d.DialContext, DisableKeepAlives: true, MaxResponseHeaderBytes: mostHeader,
			TLSClientConfig: &tls.Config{RootCAs: h.roots, MinVersion: tls.VersionTLS12}},
	}
}

// judge says whether an address may be sent to.
func (h *Hooks) judge(address string, plain bool) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	ip := at.Addr().WithZone("").Unmap()
	switch {
	case slices.ContainsFunc(h.Networks, func(n netip.Prefix) bool { return n.Contains(ip) }):
		return nil
	case !public(ip):
		return Failure{Reason: NotPublic}
	case plain:
		return Failure{Reason: Plain}
	}
	return nil
}

// global is the part of IPv6 that is given out to hosts of the public network.
var global = netip.MustParsePrefix("2000::/3")

// special are the networks that do not lead to one host of the public network (the special-purpose registries of IPv4 and IPv6), among them those that
// carry another address within.
var special = prefixes("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
	"192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")

func prefixes(texts ...string) (list []netip.Prefix) {
	for _, s := range texts {
		list = append(list, netip.MustParsePrefix(s))
	}
	return list
}

// public says that an address may be that of a host of the public network.
func public(ip netip.Addr) bool {
	if ip.Is6() && !global.Contains(ip) {
		return false
	}
	return !slices.ContainsFunc(special, func(n netip.Prefix) bool { return n.Contains(ip) })
}
