package delivery

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"
)

var secret = []byte("0123456789abcdef0123456789abcdef")

// local are hooks that may send to the machine itself.
func local(s *httptest.Server) *Hooks {
	h := &Hooks{Networks: prefixes("127.0.0.0/8", "::1/128")}
	if s.Certificate() != nil {
		h.roots = x509.NewCertPool()
		h.roots.AddCert(s.Certificate())
	}
	return h
}

// verified is what a receiver does: it computes the signature from the secret in writing, as docs/server.md says.
func verified(r *http.Request, body []byte, written string, now time.Time) bool {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(written, "whsec_"))
	at, errAt := strconv.ParseInt(r.Header.Get("webhook-timestamp"), 10, 64)
	if err != nil || errAt != nil || now.Sub(time.Unix(at, 0)).Abs() > 5*time.Minute {
		return false
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(r.Header.Get("webhook-id") + "." + r.Header.Get("webhook-timestamp") + "."))
	mac.Write(body)
	for _, s := range strings.Fields(r.Header.Get("webhook-signature")) {
		given, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(s, "v1,"))
		if err == nil && hmac.Equal(given, mac.Sum(nil)) {
			return true
		}
	}
	return false
}

func TestAWebhookIsSignedAndTaken(t *testing.T) {
	body := []byte(`{"alerts":[]}`)
	for _, start := range []func(http.Handler) *httptest.Server{httptest.NewServer, httptest.NewTLSServer} {
		var seen *http.Request
		var got []byte
		s := start(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			seen, got = r, nil
			got, _ = io.ReadAll(r.Body)
			w.WriteHeader(http.StatusAccepted)
		}))
		if err := local(s).Post(t.Context(), s.URL+"/in?x=1", secret, "D1", moment, body); err != nil {
			t.Fatal(err)
		}
		if seen.Method != "POST" || seen.URL.String() != "/in?x=1" || seen.Header.Get("Content-Type") != "application/json" || string(got) != string(body) {
			t.Errorf("%+v %s", seen, got)
		}
		if !verified(seen, got, SecretText(secret), moment.Add(time.Minute)) {
			t.Error("the signature does not verify")
		}
		if verified(seen, append(got, ' '), SecretText(secret), moment) || verified(seen, got, SecretText([]byte("another")), moment) || verified(seen, got, SecretText(secret), moment.Add(time.Hour)) {
			t.Error("another body, another secret or a time long past verifies")
		}
		s.Close()
	}
}

// The example of the Standard Webhooks specification gives the signature that it prints.
func TestTheSignatureIsTheOneOfTheSpecification(t *testing.T) {
	key, err := base64.StdEncoding.DecodeString("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	if got := Signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`)); got != "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" {
		t.Error(got)
	}
}

func TestWebhooksThatAreNotTaken(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
		change func(*Hooks)
		want   Failure
	}{
		{"an error", func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "secret things", http.StatusServiceUnavailable)
		}, nil, Failure{Reason: Status, Code: 503}},
		{"not found", http.NotFound, nil, Failure{Reason: Status, Code: 404}},
		{"gone for good", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(410) }, nil, Failure{Reason: Status, Code: 410, Final: true}},
		{"a redirect", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254/", http.StatusTemporaryRedirect)
		}, nil, Failure{Reason: Redirect, Code: 307}},
		{"a header without end", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X", strings.Repeat("x", 2*mostHeader)) }, nil, Failure{Reason: Broken}},
		{"silence", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, nil, Failure{Reason: Timeout}},
		{"an address of the machine", func(http.ResponseWriter, *http.Request) {}, func(h *Hooks) { h.Networks = prefixes("10.0.0.0/8") }, Failure{Reason: NotPublic}},
	} {
		t.Run(c.name, func(t *testing.T) {
			asked := 0
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked++
				io.Copy(io.Discard, r.Body) // so that the server notices when nobody waits any more
				c.answer(w, r)
			}))
			h := local(s)
			if c.change != nil {
				c.change(h)
			}
			ctx, stop := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer stop()
			err := h.Post(ctx, s.URL, secret, "D1", moment, []byte("{}"))
			s.Close()
			if got := failed(t, err); got != c.want {
				t.Errorf("%+v, want %+v", got, c.want)
			}
			if strings.Contains(err.Error(), "127.0.0.1") || strings.Contains(err.Error(), "secret") {
				t.Errorf("%v says too much", err)
			}
			if asked > 1 || c.change != nil && asked > 0 {
				t.Errorf("asked %d times", asked)
			}
		})
	}
	s := httptest.NewTLSServer(http.NotFoundHandler())
	defer s.Close()
	if got := failed(t, (&Hooks{Networks: prefixes("127.0.0.0/8"), roots: x509.NewCertPool()}).Post(t.Context(), s.URL, secret, "D1", moment, nil)); got != (Failure{Reason: TLS}) {
		t.Errorf("a certificate that nobody trusts: %+v", got)
	}
	if got := failed(t, local(s).Post(t.Context(), "http://"+closedPort(), secret, "D1", moment, nil)); got != (Failure{Reason: Connect}) {
		t.Errorf("nobody there: %+v", got)
	}
}

// A name is judged by the address that it leads to when it is dialled, so one that led elsewhere before does not help.
func TestANameOfTheMachineIsJudgedByItsAddress(t *testing.T) {
	s := httptest.NewServer(http.NotFoundHandler())
	defer s.Close()
	_, port, _ := strings.Cut(strings.TrimPrefix(s.URL, "http://"), ":")
	if got := failed(t, new(Hooks).Post(t.Context(), "http://localhost:"+port, secret, "D1", moment, nil)); got.Reason != NotPublic && got.Reason != Name {
		t.Errorf("%+v", got)
	}
}

func TestWhichAddressesAreJudgedPublic(t *testing.T) {
	for text, want := range map[string]bool{
		"8.8.8.8": true, "1.1.1.1": true, "100.63.255.255": true, "172.15.0.1": true, "172.32.0.1": true, "2606:4700::1111": true, "2a00:1450::1": true, "::ffff:8.8.8.8": true,
		"0.0.0.0": false, "0.1.2.3": false, "127.0.0.1": false, "127.255.0.1": false, "10.0.0.1": false, "172.16.0.1": false, "172.31.255.255": false, "192.168.1.1": false, "169.254.169.254": false,
		"100.64.0.1": false, "192.0.0.8": false, "192.0.2.1": false, "198.18.0.1": false, "198.51.100.1": false, "203.0.113.1": false, "224.0.0.1": false, "240.0.0.1": false, "255.255.255.255": false,
		"::": false, "::1": false, "fe80::1": false, "fe80::1%eth0": false, "fc00::1": false, "fd12:3456::1": false, "fec0::1": false, "ff02::1": false, "::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false,
		"::127.0.0.1": false, "64:ff9b::7f00:1": false, "64:ff9b:1::1": false, "2002:7f00:1::": false, "2001:0:7f00:1::": false, "2001:db8::1": false, "3fff::1": false, "100::1": false,
	} {
		address := netip.AddrPortFrom(netip.MustParseAddr(text), 443).String()
		err := new(Hooks).judge(address, false)
		if (err == nil) != want {
			t.Errorf("%s: %v, want public %v", text, err, want)
		}
		if err := new(Hooks).judge(address, true); err == nil {
			t.Errorf("%s is sent to without TLS", text)
		}
	}
	h := Hooks{Networks: prefixes("10.1.0.0/16", "fd00::/8")}
	for text, want := range map[string]bool{"10.1.2.3": true, "::ffff:10.1.2.3": true, "10.2.0.1": false, "fd00::1": true, "127.0.0.1": false} {
		for _, plain := range []bool{false, true} {
			if err := h.judge(netip.AddrPortFrom(netip.MustParseAddr(text), 80).String(), plain); (err == nil) != want {
				t.Errorf("%s, plain %v: %v, want %v", text, plain, err, want)
			}
		}
	}
}

func TestWebhookAddresses(t *testing.T) {
	for address, good := range map[string]bool{"https://hooks.example/in": true, "http://10.0.0.1:8080/in?x=1": true, "https://[2606:4700::1]/": true, "": false, "hooks.example": false, "ftp://hooks.example": false,
		"https://": false, "https:///in": false, "https://user:word@hooks.example/": false, "https://hooks.example/#x": false, "https:hooks.example": false, "javascript:alert(1)": false, "file:///etc/hosts": false,
		"https://hooks.example/\r\nX: y": false, "https://hooks.example/" + strings.Repeat("x", 3000): false} {
		if (CheckHook(address) == nil) != good {
			t.Errorf("%q: %v, want good %v", address, CheckHook(address), good)
		}
	}
}

// Whatever passes for the address of a webhook can be asked, and asks for nothing but what it says.
func FuzzWebhookAddress(f *testing.F) {
	for _, s := range []string{"https://hooks.example/in", "http://[::1]:80/", "https://a@b/", "https://x/\r\nY: z", "https://%31/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, address string) {
		if CheckHook(address) != nil {
			return
		}
		r, err := http.NewRequest("POST", address, nil)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		if err := r.Write(&b); err == nil && strings.Count(strings.SplitN(b.String(), "\r\n\r\n", 2)[0], "\r\n") > 3 {
			t.Errorf("%q asks for more: %q", address, b.String())
		}
	})
}
