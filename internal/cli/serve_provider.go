package cli

import (
	"net/url"
	"strings"

	"lodestone/internal/app"
	"lodestone/internal/gate"
)

// providerFlags say which provider people may sign in with by OpenID Connect.
type providerFlags struct {
	OIDCIssuer     string            `name:"oidc-issuer" help:"Provider that people may sign in with (OpenID Connect); needs --url." placeholder:"URL" env:"LODESTONE_OIDC_ISSUER"`
	OIDCClientID   string            `name:"oidc-client-id" help:"What the provider calls this server." placeholder:"ID" env:"LODESTONE_OIDC_CLIENT_ID"`
	OIDCSecretFile string            `name:"oidc-secret-file" help:"File with the secret of this server at the provider; else the variable LODESTONE_OIDC_SECRET." placeholder:"FILE" type:"existingfile"`
	OIDCRoleClaim  string            `name:"oidc-role-claim" help:"Claim that grants roles; without it people come in by one-time links." placeholder:"NAME" env:"LODESTONE_OIDC_ROLE_CLAIM"`
	OIDCRole       map[string]string `name:"oidc-role" help:"Which role a value of the claim grants: VALUE=ROLE; may be repeated." placeholder:"VALUE=ROLE"`
}

// provider is the provider that the flags name; nil: none.
func (f providerFlags) provider(base string) (*gate.Provider, error) {
	if f.OIDCIssuer == "" {
		if f.OIDCClientID+f.OIDCSecretFile+f.OIDCRoleClaim != "" || len(f.OIDCRole) > 0 {
			return nil, use("--oidc-issuer: name the provider that the other --oidc flags are about")
		}
		return nil, nil
	}
	issuer, err := url.Parse(f.OIDCIssuer)
	switch {
	case err != nil || issuer.Host == "" || issuer.Scheme != "https" && issuer.Hostname() != "127.0.0.1" && issuer.Hostname() != "localhost":
		return nil, use("--oidc-issuer: %q is no https address", f.OIDCIssuer)
	case f.OIDCClientID == "":
		return nil, use("--oidc-client-id: say what the provider calls this server")
	case base == "":
		return nil, use("--url: give the address under which people reach this server; the provider sends them back there")
	case (f.OIDCRoleClaim == "") != (len(f.OIDCRole) == 0):
		return nil, use("--oidc-role-claim names the claim, and --oidc-role VALUE=ROLE what its values grant; give both or neither")
	}
	p := &gate.Provider{Issuer: f.OIDCIssuer, ClientID: f.OIDCClientID, Base: strings.TrimSuffix(base, "/"),
		RoleClaim: f.OIDCRoleClaim, Roles: map[string]app.Role{}}
	for value, role := range f.OIDCRole {
		if app.Role(role).Scopes() == nil {
			return nil, use("--oidc-role %s=%s: a role is one of %v", value, role, app.Roles())
		}
		p.Roles[value] = app.Role(role)
	}
	p.Secret, err = secretOf(f.OIDCSecretFile, "LODESTONE_OIDC_SECRET")
	return p, err
}
