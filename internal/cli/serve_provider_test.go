package cli

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"lodestone/internal/app"
	"lodestone/internal/gate"
	"lodestone/internal/meter"
)

// issuer is a provider of sign-in for tests: it keeps to the protocol, and signs with a key of its own.
type issuer struct {
	*httptest.Server
	t      *testing.T
	key    *rsa.PrivateKey
	mu     sync.Mutex
	asked  url.Values     // of the last visit to its page
	claims map[string]any // of whoever signs in next, over the usual ones
	signer *rsa.PrivateKey
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &issuer{t: t, key: key, signer: key}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(map[string]any{"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
			"id_token_signing_alg_values_supported": []string{"RS256"}})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &key.PublicKey, KeyID: "k1", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("POST /token", p.token)
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

// token gives tokens for a code, if whoever asks has the verifier of the challenge and the secret.
func (p *issuer) token(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	id, secret, _ := r.BasicAuth()
	if id == "" {
		id, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	if id != "lodestone" || secret != "secret of the client" || r.PostFormValue("code") != "the code" ||
		base64.RawURLEncoding.EncodeToString(sum[:]) != p.asked.Get("code_challenge") || p.asked.Get("code_challenge_method") != "S256" ||
		r.PostFormValue("redirect_uri") != p.asked.Get("redirect_uri") {
		w.WriteHeader(http.StatusBadRequest)
		io.WriteString(w, `{"error":"invalid_grant"}`)
		return
	}
	now := time.Now()
	claims := map[string]any{"iss": p.URL, "aud": "lodestone", "sub": "subject 1", "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(), "nonce": p.asked.Get("nonce")}
	for name, value := range p.claims {
		claims[name] = value
	}
	text, err := json.Marshal(claims)
	if err != nil {
		p.t.Error(err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: p.signer, KeyID: "k1"}}, nil)
	if err != nil {
		p.t.Error(err)
	}
	signed, err := signer.Sign(text)
	if err != nil {
		p.t.Error(err)
	}
	compact, err := signed.CompactSerialize()
	if err != nil {
		p.t.Error(err)
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": compact})
}

// withProvider is a server whose people may sign in with a provider.
func withProvider(t *testing.T, p *issuer) *server {
	t.Helper()
	s := newServer(t)
	s.serve(&gate.Provider{Issuer: p.URL, ClientID: "lodestone", Secret: "secret of the client", RoleClaim: "groups",
		Roles: map[string]app.Role{"export-control": app.Approver, "everybody": app.Viewer, "rulers": app.Administrator}})
	return s
}

// serve serves the same instance once more, with a provider.
func (s *server) serve(p *gate.Provider) {
	log := slog.New(meter.Log(slog.NewTextHandler(s.log, nil)))
	h := &house{i: s.instance, version: "test", log: log, provider: p}
	listening := httptest.NewUnstartedServer(nil)
	s.url = "http://" + listening.Listener.Addr().String()
	h.base, p.Base = s.url, s.url
	listening.Config.Handler = h.handler()
	listening.Start()
	s.t.Cleanup(listening.Close)
}

// travel goes to the provider and comes back as whoever the claims say.
func (c *caller) travel(p *issuer, key string, claims map[string]any) reply {
	c.s.t.Helper()
	path := "/sign-in/provider"
	if key != "" {
		path += "?key=" + url.QueryEscape(key)
	}
	away := c.do("GET", path, "").want(c.s.t, 303, nil)
	to, err := url.Parse(away.header.Get("Location"))
	if err != nil || !strings.HasPrefix(to.String(), p.URL+"/authorize") {
		c.s.t.Fatalf("sent to %s: %v", to, err)
	}
	p.mu.Lock()
	p.asked, p.claims = to.Query(), claims
	p.mu.Unlock()
	return c.do("GET", "/sign-in/provider/back?code=the+code&state="+url.QueryEscape(to.Query().Get("state")), "")
}

type person struct{ ID, Login, Name, Role string }

func TestSignInWithAProvider(t *testing.T) {
	p := newIssuer(t)
	s := withProvider(t, p)
	boss := s.administrator()
	if !strings.Contains(string(s.stranger().do("GET", "/sign-in", "").body), `href="/sign-in/provider"`) {
		t.Error("the page of the sign-in does not name the provider")
	}
	officer := s.stranger()
	officer.travel(p, "", map[string]any{"preferred_username": "officer.one", "name": "officer one", "groups": []string{"everybody", "export-control", "others"}}).want(t, 303, nil)
	var me, again person
	officer.do("GET", "/api/v1/session", "").want(t, 200, &me)
	if me.Login != "officer.one" || me.Role != "approver" || me.Name != "officer one" {
		t.Errorf("%+v", me)
	}
	// Somebody else with the same login becomes another person, and nobody's account is taken over.
	other := s.stranger()
	other.travel(p, "", map[string]any{"sub": "subject 2", "preferred_username": "administrator", "groups": "everybody"}).want(t, 303, nil)
	other.do("GET", "/api/v1/session", "").want(t, 200, &again)
	if again.Login == "administrator" || !strings.HasPrefix(again.Login, "sso-") || again.Role != "viewer" {
		t.Errorf("%+v", again)
	}
	// The next sign-in finds the same person, with the role that the provider grants by then.
	later := s.stranger()
	later.travel(p, "", map[string]any{"preferred_username": "officer.renamed", "groups": "everybody"}).want(t, 303, nil)
	later.do("GET", "/api/v1/session", "").want(t, 200, &again)
	if again.ID != me.ID || again.Role != "viewer" {
		t.Errorf("%+v, first %+v", again, me)
	}
	s.stranger().travel(p, "", map[string]any{"groups": []string{"others"}}).want(t, 403, nil)
	boss.do("PUT", "/api/v1/people/"+me.ID, `{"role":"viewer","disabled":true}`).want(t, 200, nil)
	s.stranger().travel(p, "", map[string]any{"groups": "everybody"}).want(t, 403, nil)
	// There is no password that fits, and those who have one here go on.
	s.stranger().do("POST", "/api/v1/session", `{"login":"officer.one","password":""}`).want(t, 401, nil)
	s.stranger().do("POST", "/api/v1/session", fmt.Sprintf(`{"login":"administrator","password":%q}`, password)).want(t, 200, nil)
	var v struct{ Altered string }
	if boss.do("POST", "/api/v1/verify", "").want(t, 200, &v); v.Altered != "" {
		t.Error(v.Altered)
	}
}

// A claim takes the last administrator's role away only once there is another.
func TestAClaimDoesNotTakeTheLastAdministrator(t *testing.T) {
	p := newIssuer(t)
	s := withProvider(t, p)
	boss := s.administrator()
	var chief, first person
	boss.do("GET", "/api/v1/session", "").want(t, 200, &first)
	come := func(groups ...string) (*caller, string) {
		t.Helper()
		c := s.stranger()
		c.travel(p, "", map[string]any{"preferred_username": "chief", "groups": groups}).want(t, 303, nil)
		c.do("GET", "/api/v1/session", "").want(t, 200, &chief)
		return c, chief.Role
	}
	told := func() (n int) {
		t.Helper()
		all, err := s.instance.Alerts(t.Context(), &app.Actor{}, app.AlertQuery{Kind: "person", Limit: 10, Lang: "en"})
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range all {
			if !strings.Contains(a.Text, "chief") {
				t.Errorf("%+v", a)
			}
		}
		return len(all)
	}
	c, role := come("rulers")
	if role != "administrator" {
		t.Fatal(role)
	}
	c.do("PUT", "/api/v1/people/"+first.ID, `{"role":"viewer"}`).want(t, 200, nil)
	if _, role := come("everybody"); role != "administrator" || told() != 1 {
		t.Errorf("the claim says viewer, and nobody else governs: %s, %d alerts", role, told())
	}
	if _, role := come(); role != "administrator" || told() != 2 {
		t.Errorf("the claim grants nothing, and nobody else governs: %s, %d alerts", role, told())
	}
	if _, role := come(); role != "administrator" || told() != 2 {
		t.Errorf("told twice: %d alerts", told())
	}
	c.do("PUT", "/api/v1/people/"+chief.ID, `{"role":"viewer"}`).want(t, 422, nil)
	c.do("PUT", "/api/v1/people/"+first.ID, `{"role":"administrator"}`).want(t, 200, nil)
	s.stranger().travel(p, "", map[string]any{"groups": []string{}}).want(t, 403, nil)
	if _, role := come("everybody"); role != "viewer" || told() != 2 {
		t.Errorf("there is another administrator, and the claim is not followed: %s", role)
	}
}

func TestALinkAndAProvider(t *testing.T) {
	p := newIssuer(t)
	s := withProvider(t, p)
	boss := s.administrator()
	var link struct{ Key string }
	boss.do("POST", "/api/v1/invitations", `{"role":"licence_manager"}`).want(t, 200, &link)
	if page := s.stranger().do("GET", "/set-up?key="+link.Key, "").want(t, 200, nil); !strings.Contains(string(page.body), "/sign-in/provider?key="+link.Key) {
		t.Error("the page of the link does not name the provider")
	}
	s.stranger().travel(p, "", nil).want(t, 403, nil)
	guest := s.stranger()
	guest.travel(p, link.Key, map[string]any{"email": "guest@example.com"}).want(t, 303, nil)
	var me, again person
	guest.do("GET", "/api/v1/session", "").want(t, 200, &me)
	if me.Role != "licence_manager" || me.Login != "guest@example.com" {
		t.Errorf("%+v", me)
	}
	later := s.stranger()
	later.travel(p, "", nil).want(t, 303, nil)
	later.do("GET", "/api/v1/session", "").want(t, 200, &again)
	if again != me {
		t.Errorf("%+v, first %+v", again, me)
	}
	s.stranger().travel(p, link.Key, map[string]any{"sub": "subject 3"}).want(t, 410, nil)
}

// Whatever is not proved is refused, with nobody signed in.
func TestForgedSignIns(t *testing.T) {
	p := newIssuer(t)
	s := withProvider(t, p)
	grants := func(more ...any) map[string]any {
		claims := map[string]any{"groups": "export-control"}
		for i := 0; i+1 < len(more); i += 2 {
			claims[more[i].(string)] = more[i+1]
		}
		return claims
	}
	refused := func(name string, c *caller, r reply) {
		t.Helper()
		if r.status != 403 && r.status != 502 || c.do("GET", "/api/v1/session", "").status != 401 {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	for name, claims := range map[string]map[string]any{
		"another nonce": grants("nonce", "x"), "another client": grants("aud", "other"), "another issuer": grants("iss", "https://elsewhere.example"),
		"too old": grants("exp", time.Now().Add(-time.Hour).Unix()), "no subject's role": grants("groups", []any{1, map[string]any{}}),
	} {
		c := s.stranger()
		refused(name, c, c.travel(p, "", claims))
	}
	s = withProvider(t, p) // one address may not fail too often
	for _, path := range []string{"?code=the+code&state=x", "?code=the+code", "?error=access_denied&state=x", ""} {
		c := s.stranger()
		refused("without having gone "+path, c, c.do("GET", "/sign-in/provider/back"+path, ""))
		c.do("GET", "/sign-in/provider", "").want(t, 303, nil)
		refused("with another state "+path, c, c.do("GET", "/sign-in/provider/back"+path, ""))
	}
	c := s.stranger()
	away := c.do("GET", "/sign-in/provider", "").want(t, 303, nil)
	to, _ := url.Parse(away.header.Get("Location"))
	back := "/sign-in/provider/back?code=the+code&state=" + to.Query().Get("state")
	thief := s.stranger()
	refused("in another browser", thief, thief.do("GET", back, ""))
	for range 5 {
		s.stranger().do("GET", back, "")
	}
	s.stranger().do("GET", back, "").want(t, 429, nil)
}

// A key that the provider does not have signs nothing.
func TestAnotherKey(t *testing.T) {
	p := newIssuer(t)
	s := withProvider(t, p)
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p.signer = other
	c := s.stranger()
	c.travel(p, "", map[string]any{"groups": "export-control"}).want(t, 403, nil)
	c.do("GET", "/api/v1/session", "").want(t, 401, nil)
	if text := s.log.String(); !strings.Contains(text, "signature") || strings.Contains(text, "secret of the client") {
		t.Errorf("logged: %s", text)
	}
}

// A provider that is not there keeps nobody from signing in here; it is asked again.
func TestAProviderThatIsAway(t *testing.T) {
	s := newServer(t)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	s.serve(&gate.Provider{Issuer: gone.URL, ClientID: "lodestone"})
	s.stranger().do("GET", "/sign-in/provider", "").want(t, 502, nil)
	s.administrator().do("GET", "/api/v1/session", "").want(t, 200, nil)
}

func TestProviderFlags(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("of the file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	good := providerFlags{OIDCIssuer: "https://id.example", OIDCClientID: "lodestone", OIDCSecretFile: secret, OIDCRoleClaim: "groups", OIDCRole: map[string]string{"staff": "viewer"}}
	if p, err := good.provider("https://lodestone.example/"); err != nil || p.Secret != "of the file" || p.Roles["staff"] != app.Viewer || p.Base != "https://lodestone.example" {
		t.Errorf("%+v %v", p, err)
	}
	if p, err := (providerFlags{}).provider(""); p != nil || err != nil {
		t.Errorf("no flags: %+v %v", p, err)
	}
	for name, change := range map[string]func(*providerFlags){
		"--oidc-issuer: name": func(f *providerFlags) { f.OIDCIssuer = "" }, "no https address": func(f *providerFlags) { f.OIDCIssuer = "http://id.example" },
		"--oidc-client-id": func(f *providerFlags) { f.OIDCClientID = "" }, "a role is one of": func(f *providerFlags) { f.OIDCRole = map[string]string{"staff": "king"} },
		"both or neither": func(f *providerFlags) { f.OIDCRole = nil },
	} {
		f := good
		change(&f)
		if _, err := f.provider("https://lodestone.example"); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("want %q: %v", name, err)
		}
	}
	if _, err := good.provider(""); err == nil || !strings.Contains(err.Error(), "--url") {
		t.Error(err)
	}
}
