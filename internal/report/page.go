package report

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
)

//go:embed page/base.css
var baseStyle string

// contentPolicy lets a page use its own style and script and nothing else: no request leaves it.
func contentPolicy(style, script string) string {
	policy := "default-src 'none'; style-src " + digest(style) + "; base-uri 'none'; form-action 'none'"
	if script != "" {
		policy += "; script-src " + digest(script)
	}
	return policy
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// pageHead is the beginning of a page without script, with the style that all pages share.
type pageHead struct {
	Lang, Title string
	More        string // style of this page, after that of all; empty: none
}

func (h pageHead) Style() template.CSS { return template.CSS(baseStyle + h.More) }
func (h pageHead) Policy() string      { return contentPolicy(baseStyle+h.More, "") }

const headTemplate = `{{define "page"}}<!doctype html>
<html lang="{{.Lang}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{{.Policy}}"><title>{{.Title}}</title>
<style>{{.Style}}</style></head><body>{{end}}`
